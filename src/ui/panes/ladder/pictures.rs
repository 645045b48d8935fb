//! Pictures of the ladder: what crossed, what was held, what went with what; and what drawing costs.

use std::cell::Cell;

use proptest::prelude::*;
use ratatui::layout::Rect;

use super::{Ladder, Pace, Pair, Place, Stand, View, draw, furthest, segment_at, showing};
use crate::journal::{Micros, Note, Op, ShutdownHow, Signal};
use crate::locale::Locale;
use crate::tcp::{Errno, State};
use crate::ui::panes::story::{PLAIN_ASCII, Story, UTF8, picture, same};
use crate::ui::theme::Skin;

thread_local! {
    /// Lines that were made into text.
    static TOUCHED: Cell<usize> = const { Cell::new(0) };
}

/// A line is made into text.
pub(super) fn touched() {
    TOUCHED.with(|count| count.set(count.get() + 1));
}

pub(super) fn ladder(story: &Story, this: &str, limit: usize) -> (Ladder, bool) {
    let mut ladder = Ladder::new(limit);
    let id = story.world().by_name(this).map(|e| e.id);
    let pair = id.and_then(|id| Pair::of(story.world(), id));
    ladder.look_at(pair);
    for event in &story.events() {
        ladder.apply(event);
    }
    let left = id.is_some_and(|id| ladder.pair().left.ids.contains(&id));
    (ladder, left)
}

#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub size: (u16, u16),
    pub skin: Skin,
    pub stand: Stand,
    pub wire: Option<&'a str>,
    pub limit: usize,
    /// Milliseconds after the last event.
    pub later: u64,
}

pub(super) const LOOK: Look<'static> = Look {
    size: (120, 20),
    skin: UTF8,
    stand: Stand {
        from_end: 0,
        selected: None,
        pace: Pace::Compact,
        details: false,
    },
    wire: None,
    limit: 10_000,
    later: 0,
};

fn with_view<T>(story: &Story, look: &Look<'_>, then: impl FnOnce(&View<'_>) -> T) -> T {
    let (ladder, selected_left) = ladder(story, "client", look.limit);
    let locale = Locale::english();
    let view = View {
        ladder: &ladder,
        stand: look.stand,
        selected_left,
        wire: look.wire.map(Into::into),
        now: Micros(story.now().0 + look.later * 1000),
        skin: look.skin,
        locale: &locale,
    };
    then(&view)
}

pub(super) fn drawn(story: &Story, look: &Look<'_>) -> String {
    with_view(story, look, |view| {
        picture(look.size.0, look.size.1, |frame, area| {
            draw(frame, area, view);
        })
    })
}

/// The number of the segment's row.
fn row_of(story: &Story, id: u64) -> Option<Place> {
    let (ladder, _) = ladder(story, "client", LOOK.limit);
    ladder.lines().iter().find_map(|line| {
        let place = line.wire?;
        (ladder.flight(place)?.fact.id == id).then(|| ladder.departure(place))
    })
}

/// Half-close in slow motion: FIN passed, ACK passed, data under way, the server's FIN held and repeated.
fn half_close() -> Story {
    let mut story = Story::pair();
    story
        .shutdown("client", ShutdownHow::Send)
        .wire("#1 client > server FA seq 1025 ack 1 passed")
        .state("client", State::Established, State::FinWait1)
        .state("server", State::Established, State::CloseWait)
        .recv("server", b"")
        .wait(40)
        .wire("#2 server > client A seq 1 ack 1026 ack-of-fin passed")
        .state("client", State::FinWait1, State::FinWait2)
        .wait(700)
        .send("server", &[0; 4096])
        .wire("#3 server > client PA seq 1 ack 1026 len 4096 held due 300")
        .wait(120)
        .shutdown("server", ShutdownHow::Send)
        .wire("#4 server > client FA seq 4097 ack 1026 held")
        .state("server", State::CloseWait, State::LastAck)
        .wait(30)
        .wire("#4 server > client FA seq 4097 ack 1026 held repeats 2");
    story
}

#[test]
fn half_close_in_slow_motion() {
    same(
        &drawn(&half_close(), &LOOK),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────────────────────────────────────────────
 client  127.0.0.1:43210                                                                 127.0.0.1:6000  server
          socket(IPv4) = 5 │                                                       │                              12.000
connect(127.0.0.1:6000) =… │                                                       │                              12.000
               ESTABLISHED │                                                       │                              12.000
                           │                                                       │ ESTABLISHED                  12.000
        shutdown(send) = 0 │                                                       │                              12.300
                FIN-WAIT-1 │────────── FIN,ACK seq 1025 ack 1 win 64240 ──────────▶│ CLOSE-WAIT                   12.300
                           │                                                       │ recv() = 0 EOF               12.300
                FIN-WAIT-2 │◀─────────── ACK 1026 of the FIN win 64240 ────────────│                              12.340
                           │                                                       │ send(4096) = 4096            13.040
                           │······ PSH,ACK seq 1 ack 1026 len 4096 in flight ◀─────│                              13.040
                           │                                                       │ shutdown(send) = 0           13.160
                           │    ■ HELD ×3 FIN,ACK seq 4097 ack 1026 win 64240 ─────│ LAST-ACK                     13.160



  j and k select a segment: what it says, and what caused it


"#,
    );
}

#[test]
fn half_close_on_a_small_screen() {
    let look = Look {
        size: (80, 17),
        ..LOOK
    };
    same(
        &drawn(&half_close(), &look),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────
 client  127.0.0.1:43210                          127.0.0.1:6000  server
   socket(IPv4) = 5 │                              │                      12.000
connect(127.0.0.1:… │                              │                      12.000
        ESTABLISHED │                              │                      12.000
                    │                              │ ESTABLISHED          12.000
 shutdown(send) = 0 │                              │                      12.300
         FIN-WAIT-1 │─── FIN,ACK seq 1025 ack 1 ──▶│ CLOSE-WAIT           12.300
                    │                              │ recv() = 0 EOF       12.300
         FIN-WAIT-2 │◀─── ACK 1026 of the FIN ─────│                      12.340
                    │                              │ send(4096) = 4096    13.040
                    │··· PSH,ACK seq 1 len 4096 ◀──│                      13.040
                    │                              │ shutdown(send) = 0   13.160
                    │ ■ HELD ×3 FIN,ACK seq 4097 ──│ LAST-ACK             13.160
  j and k select a segment: what it says, and what caused it


"#,
    );
}

#[test]
fn half_close_in_ascii() {
    let look = Look {
        size: (80, 17),
        skin: PLAIN_ASCII,
        ..LOOK
    };
    let picture = drawn(&half_close(), &look);
    assert!(picture.is_ascii(), "{picture}");
    same(
        &picture,
        r#"
 - ladder of client <=> server -------------------------------------------------
 client  127.0.0.1:43210                          127.0.0.1:6000  server
   socket(IPv4) = 5 |                              |                      12.000
connect(127.0.0.1.. |                              |                      12.000
        ESTABLISHED |                              |                      12.000
                    |                              | ESTABLISHED          12.000
 shutdown(send) = 0 |                              |                      12.300
         FIN-WAIT-1 |--- FIN,ACK seq 1025 ack 1 -->| CLOSE-WAIT           12.300
                    |                              | recv() = 0 EOF       12.300
         FIN-WAIT-2 |<--- ACK 1026 of the FIN -----|                      12.340
                    |                              | send(4096) = 4096    13.040
                    |... PSH,ACK seq 1 len 4096 <--|                      13.040
                    |                              | shutdown(send) = 0   13.160
                    | # HELD x3 FIN,ACK seq 4097 --| LAST-ACK             13.160
  j and k select a segment: what it says, and what caused it


"#,
    );
}

/// The client's FIN is lost, comes again, is reset by nobody; then the server's RST.
fn losses() -> Story {
    let mut story = Story::pair();
    story
        .wire("#1 client > server FA seq 1 ack 1 dropped")
        .wait(207)
        .wire("#2 client > server FA seq 1 ack 1 dropped cut of 1 nth 1 1")
        .wait(420)
        .wire("#3 client > server FA seq 1 ack 1 passed of 1 nth 2 1")
        .wire("#4 client > server FA seq 1 ack 1 duplicated copy 3")
        .wire("#5 server > client A seq 1 ack 2 passed ack-of-fin")
        .wait(80)
        .call("server", Op::Close, Ok(0))
        .wire("#6 server > client RA seq 1 ack 2 passed");
    story
}

#[test]
fn what_was_lost_came_again_or_came_twice_stands_out() {
    let look = Look {
        size: (90, 16),
        stand: Stand {
            selected: row_of(&losses(), 3),
            ..LOOK.stand
        },
        ..LOOK
    };
    same(
        &drawn(&losses(), &look),
        r#"
 ─ ladder of client ⇄ server ─────────────────────────────────────────────────────────────
 client  127.0.0.1:43210                                   127.0.0.1:6000  server
      socket(IPv4) = 5 │                                 │                          12.000
connect(127.0.0.1:600… │                                 │                          12.000
           ESTABLISHED │                                 │                          12.000
                       │                                 │ ESTABLISHED              12.000
                       │── FIN,ACK seq 1 ack 1 dropped ─╳│                          12.300
                       │── FIN,ACK seq 1 again dropped ─╳│                          12.507
                       │──── FIN,ACK seq 1 again ×2 ────▶│                          12.927
                       │─── FIN,ACK seq 1 ack 1 copy ───▶│                          12.927
                       │◀─ ACK 2 of the FIN win 64240 ───│                          12.927
                       │                                 │ close() = 0              13.007
                       │◀───── RST,ACK seq 1 ack 2 ──────│                          13.007
  FIN,ACK seq 1 ack 1 win 64240, passed after 0 us
  retransmission 2 of seq 1, 420 ms after the one before; no answer came, so a timer
  sent it again; the FIN of client: it will send no more, and still receives
"#,
    );
}

#[test]
fn a_held_segment_that_is_released_arrives_on_a_line_of_its_own() {
    let mut story = Story::pair();
    story
        .note(
            "client",
            Note::Wire {
                rule: "hold fin".into(),
            },
        )
        .shutdown("client", ShutdownHow::Send)
        .wire("#1 client > server FA seq 1 ack 1 held")
        .state("client", State::Established, State::FinWait1)
        .wait(1500)
        .send("server", b"late")
        .wire("#2 server > client PA seq 1 ack 1 len 4 passed")
        .wait(500)
        .wire("#1 client > server FA seq 1 ack 1 passed")
        .inferred("server", State::Established, State::CloseWait)
        .note(
            "client",
            Note::Wire {
                rule: "clear".into(),
            },
        );
    same(
        &drawn(
            &story,
            &Look {
                size: (100, 18),
                ..LOOK
            },
        ),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────────────────────────
 client  127.0.0.1:43210                                             127.0.0.1:6000  server
      socket(IPv4) = 5 │                                           │                          12.000
connect(127.0.0.1:600… │                                           │                          12.000
           ESTABLISHED │                                           │                          12.000
                       │                                           │ ESTABLISHED              12.000
                       │              wire: hold fin               │                          12.300
    shutdown(send) = 0 │                                           │                          12.300
            FIN-WAIT-1 │─── FIN,ACK seq 1 ack 1 win 64240 +2 s ····│                          12.300
                       │                                           │ send(4) = 4              13.800
                       │◀── PSH,ACK seq 1 ack 1 len 4 win 64240 ───│                          13.800
                       │    FIN,ACK seq 1 ack 1 win 64240 +2 s ───▶│ ~CLOSE-WAIT              14.300
                       │          wire: no rule any more           │                          14.300


  j and k select a segment: what it says, and what caused it


"#,
    );
}

#[test]
fn a_segment_moves_while_time_passes() {
    let mut story = Story::pair();
    story.wire("#1 client > server PA seq 1 ack 1 len 5 held due 300");
    let frames: Vec<String> = [0, 100, 200, 299, 900]
        .into_iter()
        .map(|later| {
            let look = Look {
                size: (80, 12),
                later,
                ..LOOK
            };
            let picture = drawn(&story, &look);
            let line = picture.lines().find(|l| l.contains("PSH"));
            line.unwrap_or_default().trim().to_owned()
        })
        .collect();
    same(
        &(frames.join("\n") + "\n"),
        r#"
│▶··· PSH,ACK seq 1 len 5 ·····│                      12.300
│──▶· PSH,ACK seq 1 len 5 ·····│                      12.300
│──── PSH,ACK seq 1 len 5 ─▶···│                      12.300
│──── PSH,ACK seq 1 len 5 ───▶·│                      12.300
│──── PSH,ACK seq 1 len 5 ────▶│                      12.300
"#,
    );
    let wakes = |later| {
        with_view(&story, &Look { later, ..LOOK }, |view| {
            let area = Rect::new(0, 0, 80, 12);
            view.next_move(area).map(|at| (at.0 - story.now().0) / 1000)
        })
    };
    assert_eq!(
        [0, 100, 250, 300, 900].map(wakes),
        [Some(100), Some(200), Some(300), None, None],
        "it wakes while something moves, and then never again"
    );
}

#[test]
fn without_a_wire_calls_and_states_are_told_all_the_same() {
    let mut story = Story::pair();
    story
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .state("server", State::Established, State::CloseWait)
        .inferred("client", State::FinWait1, State::FinWait2)
        .call(
            "client",
            Op::Send {
                asked: 5,
                oob: false,
                data: Default::default(),
            },
            Err(Errno::EPIPE),
        );
    let look = Look {
        size: (80, 17),
        wire: Some("loopback is not captured"),
        ..LOOK
    };
    same(
        &drawn(&story, &look),
        r#"
 ─ ladder of client ⇄ server ────────── no wire lane: loopback is not captured ─
 client  127.0.0.1:43210                          127.0.0.1:6000  server
   socket(IPv4) = 5 │                              │                      12.000
connect(127.0.0.1:… │                              │                      12.000
        ESTABLISHED │                              │                      12.000
                    │                              │ ESTABLISHED          12.000
 shutdown(send) = 0 │                              │                      12.300
         FIN-WAIT-1 │                              │                      12.300
                    │                              │ CLOSE-WAIT           12.300
        ~FIN-WAIT-2 │                              │                      12.300
 send(5) = -1 EPIPE │                              │                      12.300
  No segments are seen here: loopback is not captured. Calls and states are.


  j and k select a segment: what it says, and what caused it


"#,
    );
}

#[test]
fn another_descriptor_of_the_socket_says_its_name_in_any_script() {
    let mut story = Story::pair();
    let twin = story.who("客户端");
    story
        .call("client", Op::Dup { twin: Some(twin) }, Ok(9))
        .call("客户端", Op::Close, Ok(0))
        .wire("#1 客户端 > server FA seq 1 ack 1 passed");
    let look = Look {
        size: (80, 14),
        ..LOOK
    };
    same(
        &drawn(&story, &look),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────
 client  127.0.0.1:43210                          127.0.0.1:6000  server
   socket(IPv4) = 5 │                              │                      12.000
connect(127.0.0.1:… │                              │                      12.000
        ESTABLISHED │                              │                      12.000
                    │                              │ ESTABLISHED          12.000
          dup() = 9 │                              │                      12.300
客户端: close() = 0 │                              │                      12.300
                    │──── FIN,ACK seq 1 ack 1 ────▶│                      12.300


  j and k select a segment: what it says, and what caused it


"#,
    );
}

#[test]
fn time_may_be_spread() {
    let stand = Stand {
        pace: Pace::Spread,
        ..LOOK.stand
    };
    same(
        &drawn(
            &losses(),
            &Look {
                size: (80, 24),
                stand,
                ..LOOK
            },
        ),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────── time spread ─
 client  127.0.0.1:43210                          127.0.0.1:6000  server
   socket(IPv4) = 5 │                              │                      12.000
connect(127.0.0.1:… │                              │                      12.000
        ESTABLISHED │                              │                      12.000
                    │                              │ ESTABLISHED          12.000
                    │           ⋮ 300 ms           │
                    │─── FIN,ACK seq 1 dropped ──╳ │                      12.300
                    │           ⋮ 207 ms           │
                    │──── FIN,ACK seq 1 again ──╳  │                      12.507
                    │           ⋮ 420 ms           │
                    │─── FIN,ACK seq 1 again ×2 ──▶│                      12.927
                    │── FIN,ACK seq 1 ack 1 copy ─▶│                      12.927
                    │◀───── ACK 2 of the FIN ──────│                      12.927
                    │                              │
                    │                              │
                    │                              │
                    │                              │
                    │                              │ close() = 0          13.007
                    │◀─── RST,ACK seq 1 ack 2 ─────│                      13.007

  j and k select a segment: what it says, and what caused it


"#,
    );
}

/// On loopback no wire of ours lies between the ends: a segment has arrived as it left, however late it was read.
#[test]
fn a_segment_that_was_seen_on_loopback_has_arrived_and_one_that_stands_for_several_says_so() {
    let mut story = Story::pair();
    story
        .send("client", &[0; 65_482])
        .wire("#1 client > server PA seq 1 ack 1 len 65482 seen gso")
        .wire("#2 server > client A seq 1 ack 65483 seen");
    let stand = Stand {
        selected: row_of(&story, 1),
        ..LOOK.stand
    };
    let look = Look {
        size: (80, 13),
        stand,
        ..LOOK
    };
    same(
        &drawn(&story, &look),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────
 client  127.0.0.1:43210                          127.0.0.1:6000  server
   socket(IPv4) = 5 │                              │                      12.000
connect(127.0.0.1:… │                              │                      12.000
        ESTABLISHED │                              │                      12.000
                    │                              │ ESTABLISHED          12.000
send(65482) = 65482 │                              │                      12.300
                    │─── PSH,ACK len 65482 GSO ───▶│                      12.299
                    │◀─── ACK 65483 win 64240 ─────│                      12.299

  PSH,ACK seq 1 ack 1 len 65482 win 64240, seen as it passed
  65482 bytes, numbers 1 to 65482; a GSO super-packet: the kernel would have
  cut it into segments behind this point; caused by send(65482) = 65482
"#,
    );
    let full = Look {
        size: (120, 16),
        stand: Stand {
            details: true,
            ..stand
        },
        ..LOOK
    };
    same(
        &drawn(&story, &full),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────────────────────────────────────────────
 client  127.0.0.1:43210                          127.0.0.1:6000  server         65482 bytes, numbers 1 to 65482
   socket(IPv4) = 5 │                              │                      12.000 a GSO super-packet: the kernel would
connect(127.0.0.1:… │                              │                      12.000 have cut it into segments behind this
        ESTABLISHED │                              │                      12.000 point
                    │                              │ ESTABLISHED          12.000 caused by send(65482) = 65482
send(65482) = 65482 │                              │                      12.300
                    │─── PSH,ACK len 65482 GSO ───▶│                      12.299 flags         PSH,ACK
                    │◀─── ACK 65483 win 64240 ─────│                      12.299 sequence      1, next 65483
                                                                                 acknowledges  1
                                                                                 carries       65482 bytes
                                                                                 window        64240 bytes
                                                                                 left at       00:12.299
                                                                                 fate          seen as it passed
                                                                                 segment       1

"#,
    );
}

#[test]
fn the_header_of_a_segment_stands_beside_a_wide_ladder_and_below_a_narrow_one() {
    let story = half_close();
    let stand = Stand {
        selected: row_of(&story, 2),
        details: true,
        ..LOOK.stand
    };
    same(
        &drawn(&story, &Look { stand, ..LOOK }),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────────────────────────────────────────────
 client  127.0.0.1:43210                          127.0.0.1:6000  server         ACK of the FIN: server has received
   socket(IPv4) = 5 │                              │                      12.000 that client sends no more
connect(127.0.0.1:… │                              │                      12.000
        ESTABLISHED │                              │                      12.000 flags         ACK
                    │                              │ ESTABLISHED          12.000 sequence      1, next 1
 shutdown(send) = 0 │                              │                      12.300 acknowledges  1026
         FIN-WAIT-1 │─── FIN,ACK seq 1025 ack 1 ──▶│ CLOSE-WAIT           12.300 carries       0 bytes
                    │                              │ recv() = 0 EOF       12.300 window        64240 bytes
         FIN-WAIT-2 │◀─── ACK 1026 of the FIN ─────│                      12.340 left at       00:12.340
                    │                              │ send(4096) = 4096    13.040 passed at     00:12.340 (+0 us)
                    │··· PSH,ACK seq 1 len 4096 ◀──│                      13.040 fate          passed after 0 us
                    │                              │ shutdown(send) = 0   13.160 segment       2
                    │ ■ HELD ×3 FIN,ACK seq 4097 ──│ LAST-ACK             13.160 from host     b






"#,
    );
    let narrow = drawn(
        &story,
        &Look {
            size: (80, 24),
            stand,
            ..LOOK
        },
    );
    same(
        &narrow,
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────
 client  127.0.0.1:43210                          127.0.0.1:6000  server
        ESTABLISHED │                              │                      12.000
                    │                              │ ESTABLISHED          12.000
 shutdown(send) = 0 │                              │                      12.300
         FIN-WAIT-1 │─── FIN,ACK seq 1025 ack 1 ──▶│ CLOSE-WAIT           12.300
                    │                              │ recv() = 0 EOF       12.300
         FIN-WAIT-2 │◀─── ACK 1026 of the FIN ─────│                      12.340
                    │                              │ send(4096) = 4096    13.040
                    │··· PSH,ACK seq 1 len 4096 ◀──│                      13.040
                    │                              │ shutdown(send) = 0   13.160
                    │ ■ HELD ×3 FIN,ACK seq 4097 ──│ LAST-ACK             13.160
 ─ segment ─────────────────────────────────────────────────────────────────────
 ACK of the FIN: server has received that client sends no more

 flags         ACK                       left at       00:12.340
 sequence      1, next 1                 passed at     00:12.340 (+0 us)
 acknowledges  1026                      fate          passed after 0 us
 carries       0 bytes                   segment       2
 window        64240 bytes               from host     b




"#,
    );
}

#[test]
fn the_handshake_belongs_to_the_connection_before_its_server_has_a_name() {
    let mut story = Story::client_alone();
    story
        .wire("#1 client > 127.0.0.1:6000 S seq 0 passed")
        .wire("#2 127.0.0.1:6000 > client SA seq 0 ack 1 passed")
        .wire("#3 client > 127.0.0.1:6000 A seq 1 ack 1 passed")
        .wire("#4 127.0.0.1:9 > 127.0.0.1:6000 S seq 0 passed");
    let (ladder, _) = ladder(&story, "client", 100);
    let told: Vec<u64> = ladder
        .lines()
        .iter()
        .filter_map(|l| Some(ladder.flight(l.wire?)?.fact.id))
        .collect();
    assert_eq!(told, [1, 2, 3]);
}

#[test]
fn the_end_of_a_process_causes_a_fin_and_the_close_beside_it_does_not() {
    let said = |story: &Story| {
        let place = row_of(story, 1).expect("the story tells it");
        let (ladder, _) = ladder(story, "client", LOOK.limit);
        let locale = Locale::english();
        let case = super::explain::Case::of(&ladder, place, &locale, UTF8).expect("a segment");
        case.sentences().pop().expect("a sentence")
    };
    let shared = || {
        let mut story = Story::pair();
        let (twin, pid) = (Some(story.who("worker")), 1234);
        story.call("server", Op::Fork { twin, pid }, Ok(1234));
        story.close("server").wait(500);
        story
    };
    let fin = "#1 server > client FA seq 1 ack 1 passed";
    let kill = || Op::Kill {
        pid: 1234,
        signal: Signal::Kill,
    };
    let mut killed = shared();
    killed.call("worker", kill(), Ok(0)).wire(fin);
    assert_eq!(said(&killed), "caused by kill(1234, SIGKILL) = 0");
    let mut told_late = shared();
    told_late.wire(fin).call("worker", kill(), Ok(0));
    assert_eq!(said(&told_late), "caused by kill(1234, SIGKILL) = 0");
    let mut by_another = shared();
    by_another.wire(fin);
    assert_eq!(
        said(&by_another),
        "the FIN of worker: it will send no more, and still receives"
    );
}

#[test]
fn what_segments_are_and_what_caused_them() {
    let said = |story: &Story, id: u64| {
        let place = row_of(story, id).expect("the story tells it");
        let (ladder, _) = ladder(story, "client", LOOK.limit);
        let locale = Locale::english();
        let case = super::explain::Case::of(&ladder, place, &locale, UTF8).expect("a segment");
        case.sentences().join("; ")
    };
    let mut story = Story::client_alone();
    story
        .wire("#1 client > server S seq 0 passed")
        .wire("#2 server > client SA seq 0 ack 1 passed")
        .wire("#3 client > server A seq 1 ack 1 passed");
    let mut pair = Story::pair();
    pair.wire("#1 client > server S seq 0 passed")
        .wire("#2 server > client SA seq 0 ack 1 passed")
        .wire("#3 client > server A seq 1 ack 1 passed ack-of-syn")
        .wait(1000)
        .send("client", b"0123456789")
        .wire("#4 client > server PA seq 1 ack 1 len 10 passed")
        .wire("#5 server > client A seq 1 ack 11 win 0 passed answers 1")
        .wire("#6 server > client A seq 1 ack 11 win 500 passed duplicate-ack")
        .wait(200)
        .wire("#7 client > server A seq 10 ack 1 passed window-probe")
        .wire("#8 server > client A seq 1 ack 11 passed answers-probe")
        .wait(9000)
        .recv("server", b"0123456789")
        .wire("#9 server > client A seq 1 ack 11 win 500 passed window-update")
        .wire("#10 client > server A seq 10 ack 1 passed keepalive-probe")
        .shutdown("client", ShutdownHow::Send)
        .wire("#11 client > server FA seq 11 ack 1 passed")
        .wait(20)
        .shutdown("server", ShutdownHow::Send)
        .wire("#12 server > client FA seq 1 ack 12 win 500 passed fin+ack")
        .wire("#13 client > server A seq 12 ack 2 passed ack-of-fin")
        .wait(100)
        .wire("#14 client > server PA seq 12 ack 2 len 1 passed")
        .wire("#15 server > client R seq 2 passed resets 12")
        .wire("#16 client > server A seq 12 ack 2 passed challenge-ack")
        .wire("#17 client > server A seq 12 ack 2 passed");
    let expected = [
        (1, "the SYN of client: it asks server for a connection"),
        (2, "the SYN of server, which acknowledges that of client"),
        (3, "ACK of the SYN of server"),
        (4, "10 bytes, numbers 1 to 10; caused by send(10) = 10"),
        (
            5,
            "answers seq 1: all of it has arrived; window 0: server has no room for more",
        ),
        (
            6,
            "duplicate ACK, says 11 once more: what came was old, has a hole before it, or found no room",
        ),
        (
            7,
            "probe of a zero window: the persist timer of client asks whether server has room again",
        ),
        (8, "answers the probe"),
        (
            9,
            "window update: 500 bytes of room now; caused by recv() = 10",
        ),
        (
            10,
            "keepalive probe: the keepalive timer of client asks whether server is still there",
        ),
        (
            11,
            "the FIN of client: it will send no more, and still receives; caused by shutdown(send) = 0",
        ),
        (
            12,
            "the FIN of server: it will send no more, and still receives; it acknowledges the FIN of client too; \
              caused by shutdown(send) = 0",
        ),
        (
            13,
            "ACK of the FIN: client has received that server sends no more",
        ),
        (
            15,
            "a reset: server ends the connection at once, both halves; answers seq 12",
        ),
        (
            16,
            "challenge ACK: what came does not fit, and client says what would (RFC 5961)",
        ),
        (17, "acknowledges everything before 2"),
    ];
    for (id, sentence) in expected {
        assert_eq!(said(&pair, id), sentence, "segment {id}");
    }
    let losses = losses();
    assert_eq!(
        said(&losses, 3),
        "retransmission 2 of seq 1, 420 ms after the one before; no answer came, so a timer sent it again; \
         the FIN of client: it will send no more, and still receives"
    );
    assert_eq!(
        said(&losses, 4),
        "a copy that the wire made of segment 3: client sent it once; \
         the FIN of client: it will send no more, and still receives"
    );
    assert_eq!(
        said(&losses, 6),
        "a reset: server ends the connection at once, both halves; caused by close() = 0"
    );
    let mut hole = Story::pair();
    hole.wire("#1 client > server PA seq 1 ack 1 len 10 dropped")
        .wire("#2 client > server PA seq 11 ack 1 len 10 passed")
        .wire("#3 server > client A seq 1 ack 1 passed duplicate-ack")
        .wait(3)
        .wire("#4 client > server PA seq 1 ack 1 len 10 passed of 1 nth 1 1");
    assert_eq!(
        said(&hole, 4),
        "retransmission 1 of seq 1, 3 ms after the one before; 1 duplicate ACK asked for it; \
         10 bytes, numbers 1 to 10"
    );
}

#[test]
fn what_left_the_memory_is_counted_and_said() {
    let mut story = Story::pair();
    for n in 0..100 {
        story.wait(10).wire(&format!(
            "#{} client > server PA seq {n} ack 1 len 1 passed",
            n + 1
        ));
    }
    let look = Look {
        size: (80, 14),
        limit: 12,
        ..LOOK
    };
    let picture = drawn(&story, &look);
    assert!(!picture.contains("left the memory"), "{picture}");
    let stand = Stand {
        from_end: 50,
        ..LOOK.stand
    };
    let picture = drawn(&story, &Look { stand, ..look });
    assert!(
        picture.contains("93 older events have left the memory"),
        "{picture}"
    );
}

#[test]
fn drawing_touches_the_lines_that_are_seen() {
    let mut story = Story::pair();
    for n in 0..50_000 {
        story.wait(1).wire(&format!(
            "#{} client > server PA seq {n} ack 1 len 1 passed",
            n + 1
        ));
    }
    for from_end in [0, 25_000, 49_000] {
        let stand = Stand {
            from_end,
            ..LOOK.stand
        };
        let look = Look {
            size: (120, 40),
            stand,
            limit: 60_000,
            ..LOOK
        };
        with_view(&story, &look, |view| {
            assert!(view.ladder.lines().len() >= 50_000);
            TOUCHED.with(|count| count.set(0));
            picture(120, 40, |frame, area| draw(frame, area, view));
            let touched = TOUCHED.with(Cell::get);
            assert!((30..=40).contains(&touched), "{touched} lines were touched");
        });
    }
}

#[test]
fn a_click_finds_the_segment_under_it() {
    let story = half_close();
    with_view(&story, &LOOK, |view| {
        let area = Rect::new(0, 0, 120, 20);
        let picture = picture(120, 20, |frame, area| draw(frame, area, view));
        let row = picture
            .lines()
            .position(|l| l.contains("ACK 1026"))
            .expect("it is drawn");
        let found = segment_at(area, u16::try_from(row).expect("on the screen"), view);
        assert_eq!(found, row_of(&story, 2));
        assert_eq!(segment_at(area, 0, view), None);
        assert_eq!(segment_at(area, 300, view), None);
    });
}

fn told() -> impl Strategy<Value = String> {
    let ends =
        proptest::sample::select(vec!["client > server", "server > client", "中文 > client"]);
    let flags = proptest::sample::select(vec!["S", "SA", "A", "PA", "FA", "RA", "R"]);
    let fate = proptest::sample::select(vec![
        "passed",
        "held",
        "held due 300",
        "dropped",
        "duplicated",
        "held repeats 3",
    ]);
    (0..12_u64, ends, flags, any::<u32>(), any::<u32>(), fate).prop_map(
        |(id, ends, flags, seq, len, fate)| {
            format!("#{id} {ends} {flags} seq {seq} len {len} {fate}")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_size_and_any_story_can_be_drawn(
        width in 0..180_u16,
        height in 0..50_u16,
        (ascii, details, spread) in any::<(bool, bool, bool)>(),
        (from_end, selected) in (0..80_usize, prop::option::of(0..40_u64)),
        segments in prop::collection::vec((told(), 0..500_u64), 0..40),
        limit in 1..60_usize,
    ) {
        let mut story = Story::pair();
        for (told, later) in &segments {
            story.wait(*later).wire(told);
        }
        let look = Look {
            size: (width, height),
            skin: if ascii { PLAIN_ASCII } else { UTF8 },
            stand: Stand {
                from_end,
                selected: selected.map(Place),
                pace: if spread { Pace::Spread } else { Pace::Compact },
                details,
            },
            limit,
            ..LOOK
        };
        let picture = drawn(&story, &look);
        prop_assert!(!ascii || picture.is_ascii(), "{picture}");
    }

    #[test]
    fn a_line_that_is_gone_to_is_seen(
        height in 1..30_usize,
        from_end in 0..80_usize,
        spread: bool,
        waits in prop::collection::vec(0..300_u64, 1..60),
        at in any::<prop::sample::Index>(),
    ) {
        let mut story = Story::pair();
        for (n, later) in waits.iter().enumerate() {
            story.wait(*later).wire(&format!("#{} client > server A ack {n} passed", n + 1));
        }
        let pace = if spread { Pace::Spread } else { Pace::Compact };
        let (ladder, _) = ladder(&story, "client", 1000);
        let lines = ladder.lines();
        let index = at.index(lines.len());
        let from_end = from_end.min(furthest(lines, height, pace));
        let moved = showing(lines, index, height, from_end, pace);
        let seen = super::window::window(lines, height, moved, pace);
        prop_assert!(seen.contains(&super::window::Shown::Line(index)));
        prop_assert!(moved <= furthest(lines, height, pace).max(lines.len() - 1));
    }
}
