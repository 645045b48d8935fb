//! Pictures of the log: three lanes, what calls mean, what is left out.

use proptest::prelude::*;
use ratatui::layout::Rect;

use super::{View, draw, event_at, is_line, lines};
use crate::journal::{Fact, Fate, Micros, Note, Op, ShutdownHow, WireFact};
use crate::locale::Locale;
use crate::tcp::{Errno, Flags, Segment, Seq, State};
use crate::ui::panes::story::{PLAIN_ASCII, Story, UTF8, picture, reading, same};
use crate::ui::theme::Skin;

#[derive(Clone, Copy)]
struct Look<'a> {
    size: (u16, u16),
    skin: Skin,
    only: Option<&'a str>,
    offset: usize,
    dropped: u64,
    wire: Option<&'a str>,
}

const WIDE: Look<'static> = Look {
    size: (120, 20),
    skin: UTF8,
    only: None,
    offset: 0,
    dropped: 0,
    wire: None,
};

fn log(story: &Story, look: &Look<'_>) -> String {
    with_view(story, look, |view| {
        picture(look.size.0, look.size.1, |frame, area| {
            draw(frame, area, view)
        })
    })
}

fn with_view<T>(story: &Story, look: &Look<'_>, then: impl FnOnce(&View<'_>) -> T) -> T {
    let locale = Locale::english();
    let events = story.events();
    let only = look
        .only
        .and_then(|name| story.world().by_name(name))
        .map(|e| e.id);
    let view = View {
        events: &events,
        dropped: look.dropped,
        only,
        offset_from_end: look.offset,
        selected: None,
        wire: look.wire,
        now: story.now(),
        skin: look.skin,
        locale: &locale,
        world: story.world(),
    };
    then(&view)
}

fn half_close() -> Story {
    let mut story = Story::pair();
    story
        .send("client", b"Thank you\n")
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .wait(1)
        .fact(None, fin())
        .recv("server", b"Thank you\n")
        .state("server", State::Established, State::CloseWait)
        .recv("server", b"")
        .wait(40)
        .inferred("client", State::FinWait1, State::FinWait2)
        .call(
            "client",
            Op::Send {
                asked: 10,
                oob: false,
                data: Default::default(),
            },
            Err(Errno::EPIPE),
        )
        .note("server", Note::Abandoned { bytes: 40960 })
        .fact(
            Some("server"),
            Fact::Script {
                expect: "received \"Thank you\"".into(),
                line: 23,
                held: true,
            },
        )
        .fact(
            Some("server"),
            Fact::Script {
                expect: "state LAST-ACK".into(),
                line: 24,
                held: false,
            },
        )
        .shutdown("server", ShutdownHow::Receive)
        .gone("client", State::FinWait2);
    story
}

fn fin() -> Fact {
    let flags = Flags::FIN.with(Flags::ACK);
    let segment = Segment {
        flags,
        seq: Seq(11),
        ack: Seq(1),
        len: 0,
        win: 64240,
    };
    Fact::Wire(WireFact {
        id: 1,
        from: "client".into(),
        to: "server".into(),
        host: None,
        segment,
        fate: Fate::Passed,
        left: Micros(0),
        due: None,
        repeats: 0,
        repeats_of: None,
        copy_of: None,
        why: None,
        dropped_by: None,
        gso: false,
    })
}

#[test]
fn three_lanes_and_what_the_calls_mean() {
    same(
        &log(&half_close(), &WIDE),
        r#"
 ─ log ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
   12.000  client         app     socket(IPv4) = 5
   12.000  client         app     connect(127.0.0.1:6000) = 0
   12.000  client         kernel  SYN-SENT → ESTABLISHED
   12.000  server.listen  app     accept() = 8                             server, from 127.0.0.1:43210
   12.000  server         kernel  CLOSED → ESTABLISHED
   12.300  client         app     send(10) = 10                            "Thank you␊"
   12.300  client         app     shutdown(send) = 0                       client sends no more
   12.300  client         kernel  ESTABLISHED → FIN-WAIT-1
   12.301                 wire    client ──FIN,ACK seq 11──▶ server
   12.301  server         app     recv() = 10                              "Thank you␊"
   12.301  server         kernel  ESTABLISHED → CLOSE-WAIT
   12.301  server         app     recv() = 0                               EOF: client will send no more
   12.341  client         kernel  ~FIN-WAIT-1 → FIN-WAIT-2                 inferred
   12.341  client         app     send(10) = -1 EPIPE                      nothing can be sent any more
   12.341  server         note    40,960 bytes never reached the kernel
   12.341  server         script  ✓ expect received "Thank you"            line 23
   12.341  server         script  ✗ expect state LAST-ACK                  line 24
   12.341  server         app     shutdown(receive) = 0                    server reads no more; the wire stays silent
   12.341  client         kernel  FIN-WAIT-2 → CLOSED                      the socket is gone
"#,
    );
}

#[test]
fn a_segment_that_stands_for_several_says_so() {
    let mut story = Story::pair();
    story.wire("#1 client > server A seq 1 ack 1 len 65482 seen gso");
    let look = Look {
        size: (100, 3),
        ..WIDE
    };
    same(
        &log(&story, &look),
        r#"
 ─ log ─────────────────────────────────────────────────────────────────────────────────────────────
   12.000  server       kernel  CLOSED → ESTABLISHED
   12.300               wire    client ──ACK seq 1 65482 bytes──▶ server  GSO: several in one
"#,
    );
}

#[test]
fn why_a_segment_was_sent_stands_beside_it_where_its_flags_do_not_say() {
    let mut story = Story::pair();
    story
        .wire("#1 client > server PA seq 1 ack 1 len 9 dropped cut")
        .wire("#2 client > server PA seq 1 ack 1 len 9 passed of 1 nth 1 1")
        .wire("#3 server > client A seq 1 ack 10 passed answers 1")
        .wire("#4 client > server A seq 9 ack 1 passed keepalive-probe")
        .wire("#5 client > server FA seq 10 ack 1 held")
        .wire("#5 client > server FA seq 10 ack 1 held repeats 2")
        .wire("#6 client > server FA seq 10 ack 1 duplicated copy 5")
        .wire("#7 server > client A seq 1 ack 11 passed ack-of-fin")
        .wire("#8 server > client R seq 1 passed resets 11");
    let look = Look {
        size: (110, 10),
        ..WIDE
    };
    same(
        &log(&story, &look),
        r#"
 ─ log ───────────────────────────────────────────────────────────────────────────────────────────────────────
   12.300                 wire    client ──PSH,ACK seq 1 9 bytes──▶ server dropped: the cable is cut
   12.300                 wire    client ──PSH,ACK seq 1 9 bytes──▶ server retransmission 1 of seq 1
   12.300                 wire    server ──ACK 10──▶ client
   12.300                 wire    client ──ACK 1──▶ server                 keepalive probe
   12.300                 wire    client ──FIN,ACK seq 10──▶ server        held
   12.300                 wire    client ──FIN,ACK seq 10──▶ server        held ×3
   12.300                 wire    client ──FIN,ACK seq 10──▶ server        copy of segment 5, made by the wire
   12.300                 wire    server ──ACK 11──▶ client                ACK of the FIN
   12.300                 wire    server ──RST seq 1──▶ client             answers seq 11
"#,
    );
}

#[test]
fn narrower_and_in_ascii() {
    same(
        &log(
            &half_close(),
            &Look {
                size: (80, 21),
                skin: PLAIN_ASCII,
                ..WIDE
            },
        ),
        r#"
 - log -------------------------------------------------------------------------
   12.000  client     app     socket(IPv4) = 5
   12.000  client     app     connect(127.0.0.1:6000) = 0
   12.000  client     kernel  SYN-SENT -> ESTABLISHED
   12.000  server.l.. app     accept() = 8  server, from 127.0.0.1:43210
   12.000  server     kernel  CLOSED -> ESTABLISHED
   12.300  client     app     send(10) = 10  "Thank you^J"
   12.300  client     app     shutdown(send) = 0  client sends no more
   12.300  client     kernel  ESTABLISHED -> FIN-WAIT-1
   12.301             wire    client --FIN,ACK seq 11--> server
   12.301  server     app     recv() = 10  "Thank you^J"
   12.301  server     kernel  ESTABLISHED -> CLOSE-WAIT
   12.301  server     app     recv() = 0  EOF: client will send no more
   12.341  client     kernel  ~FIN-WAIT-1 -> FIN-WAIT-2  inferred
   12.341  client     app     send(10) = -1 EPIPE  nothing can be sent any more
   12.341  server     note    40,960 bytes never reached the kernel
   12.341  server     script  ok expect received "Thank you"  line 23
   12.341  server     script  FAILED expect state LAST-ACK  line 24
   12.341  server     app     shutdown(receive) = 0  server reads no more; the..
   12.341  client     kernel  FIN-WAIT-2 -> CLOSED  the socket is gone

"#,
    );
    same(
        &log(
            &half_close(),
            &Look {
                size: (40, 8),
                ..WIDE
            },
        ),
        r#"
 ─ log ─────────────────────────────────
  12.341  client   ~FIN-WAIT-1 → FIN-WA…
  12.341  client   send(10) = -1 EPIPE …
  12.341  server   40,960 bytes never r…
  12.341  server   ✓ expect received "T…
  12.341  server   ✗ expect state LAST-…
  12.341  server   shutdown(receive) = …
  12.341  client   FIN-WAIT-2 → CLOSED …
"#,
    );
}

#[test]
fn what_left_the_memory_is_said_at_the_top() {
    let look = Look {
        size: (80, 5),
        dropped: 12345,
        wire: Some("socket(AF_PACKET): EPERM"),
        ..WIDE
    };
    same(
        &log(&half_close(), &look),
        r#"
 ─ log ──────────────────────────────── no wire lane: socket(AF_PACKET): EPERM ─
   12.341  server     script  ✓ expect received "Thank you"  line 23
   12.341  server     script  ✗ expect state LAST-ACK  line 24
   12.341  server     app     shutdown(receive) = 0  server reads no more; the …
   12.341  client     kernel  FIN-WAIT-2 → CLOSED  the socket is gone
"#,
    );
    same(
        &log(&half_close(), &Look { offset: 16, ..look }),
        r#"
 ─ log ──────────────────────────────── no wire lane: socket(AF_PACKET): EPERM ─
  12,345 older events have left the memory
   12.000  client     app     socket(IPv4) = 5
   12.000  client     app     connect(127.0.0.1:6000) = 0
   12.000  client     kernel  SYN-SENT → ESTABLISHED
"#,
    );
    same(
        &log(&half_close(), &Look { offset: 15, ..look }),
        r#"
 ─ log ──────────────────────────────── no wire lane: socket(AF_PACKET): EPERM ─
  12,345 older events have left the memory
   12.000  client     app     socket(IPv4) = 5
   12.000  client     app     connect(127.0.0.1:6000) = 0
   12.000  client     kernel  SYN-SENT → ESTABLISHED
"#,
    );
}

#[test]
fn one_endpoint_alone() {
    same(
        &log(
            &half_close(),
            &Look {
                size: (80, 12),
                only: Some("server"),
                ..WIDE
            },
        ),
        r#"
 ─ log of server ───────────────────────────────────────────────────────────────
   12.000  server     kernel  CLOSED → ESTABLISHED
   12.301             wire    client ──FIN,ACK seq 11──▶ server
   12.301  server     app     recv() = 10  "Thank you␊"
   12.301  server     kernel  ESTABLISHED → CLOSE-WAIT
   12.301  server     app     recv() = 0  EOF: client will send no more
   12.341  server     note    40,960 bytes never reached the kernel
   12.341  server     script  ✓ expect received "Thank you"  line 23
   12.341  server     script  ✗ expect state LAST-ACK  line 24
   12.341  server     app     shutdown(receive) = 0  server reads no more; the …


"#,
    );
}

#[test]
fn a_recv_of_0_after_our_own_shutdown_is_no_eof() {
    let mut story = Story::pair();
    story
        .shutdown("client", ShutdownHow::Receive)
        .recv("client", b"");
    let drawn = log(&story, &WIDE);
    assert!(
        drawn.contains("no EOF: this end is shut for receiving"),
        "{drawn}"
    );
    assert!(!drawn.contains("will send no more"), "{drawn}");
}

#[test]
fn notes_are_sentences() {
    let mut story = Story::pair();
    story
        .note(
            "client",
            Note::Resolving {
                host: "host\x1b]0;x".into(),
            },
        )
        .note("client", Note::Waiting { bytes: 59040 })
        .note("client", Note::Linger { seconds: Some(0) })
        .note("server", Note::Reading { mode: None })
        .note(
            "server",
            Note::Saving {
                path: "out.bin".into(),
            },
        );
    same(
        &log(
            &story,
            &Look {
                size: (80, 6),
                ..WIDE
            },
        ),
        r#"
 ─ log ─────────────────────────────────────────────────────────────────────────
   12.300  client     note    looking up host␛]0;x
   12.300  client     note    59,040 bytes wait here: the kernel's buffer is fu…
   12.300  client     note    linger is 0: close will send a RST
   12.300  server     note    reading is off: what arrives stays in the kernel
   12.300  server     note    what is received goes to out.bin too
"#,
    );
}

#[test]
fn pure_numbers_and_derived_moves_are_no_lines() {
    let mut story = half_close();
    let before = lines(story.events().iter(), None);
    let told = story
        .events()
        .iter()
        .filter(|event| is_line(event, None))
        .count();
    assert_eq!(before, told);
    assert!(
        before < story.events().len(),
        "the story holds derived moves"
    );
    story.reading("server", None, reading(State::CloseWait));
    assert_eq!(lines(story.events().iter(), None), before);
}

#[test]
fn the_mouse_finds_the_event_under_it() {
    let story = half_close();
    let look = Look {
        size: (80, 4),
        ..WIDE
    };
    let area = Rect::new(0, 10, 80, 4);
    let last = story
        .events()
        .iter()
        .rev()
        .find(|event| is_line(event, None))
        .map(|event| event.n);
    with_view(&story, &look, |view| {
        assert_eq!(event_at(area, 10, view), None, "the title");
        assert_eq!(event_at(area, 13, view), last);
        assert_eq!(event_at(area, 14, view), None);
    });
}

proptest! {
    #[test]
    fn no_area_is_too_small(
        (width, height) in (0u16..130, 0u16..30),
        (x, y) in (0u16..20, 0u16..20),
        offset in 0usize..40,
        dropped in 0u64..2,
        n in 0u64..30,
    ) {
        let story = half_close();
        let look = Look { offset, dropped, ..WIDE };
        with_view(&story, &look, |view| {
            let view = View { selected: Some(n), ..*view };
            picture(100, 20, |frame, _| draw(frame, Rect { x, y, width, height }, &view));
        });
    }
}
