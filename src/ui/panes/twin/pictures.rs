//! Pictures of the twin pane: one story for each shape that a half can have.

use proptest::prelude::*;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{Keys, View, draw, draw_with_keys, height};
use crate::journal::{Micros, Note, Op, ShutdownHow};
use crate::locale::Locale;
use crate::tcp::{Counters, Errno, Sample, State, Timer, TimerKind};
use crate::ui::calls::Spelling;
use crate::ui::panes::story::{PLAIN_ASCII, Story, UTF8, picture, reading, same};
use crate::ui::theme::Skin;

fn with_view<T>(story: &Story, this: &str, skin: Skin, then: impl FnOnce(&View<'_>) -> T) -> T {
    let locale = Locale::english();
    let this = story
        .world()
        .by_name(this)
        .map(|e| e.id)
        .expect("the story names it");
    then(&View {
        world: story.world(),
        this,
        now: story.now(),
        skin,
        locale: &locale,
        spelling: Spelling::Posix,
        passing: None,
    })
}

/// The pane in the height that it would like to have.
fn twin(story: &Story, this: &str, width: u16, skin: Skin) -> String {
    with_view(story, this, skin, |view| {
        picture(width, height(width, view), |frame, area| {
            draw(frame, area, view)
        })
    })
}

fn at_80(story: &Story, this: &str) -> String {
    twin(story, this, 80, UTF8)
}

fn timer(kind: TimerKind, expires_ms: u32, retries: u8) -> Option<Timer> {
    Some(Timer {
        kind,
        expires_ms,
        retries,
    })
}

fn unread(state: State, bytes: u32) -> Sample {
    let fin = u32::from(state.fin_received());
    Sample {
        inq: Some(bytes),
        rqueue: Some(bytes + fin),
        ..reading(state)
    }
}

/// The client has shut its sending half down; the server has read EOF and sends on.
fn half_closed() -> Story {
    let mut story = Story::pair();
    story
        .send("client", &[b'x'; 1024])
        .recv("server", &[b'x'; 1024])
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .state("server", State::Established, State::CloseWait)
        .recv("server", b"")
        .state("client", State::FinWait1, State::FinWait2)
        .send("server", &[b'y'; 4096])
        .recv("client", &[b'y'; 4096])
        .wait(3000);
    story
}

/// The server does not read, its buffer is full, and the client has asked for the end.
fn fin_behind_zero_window() -> Story {
    let mut story = Story::pair();
    story
        .note("server", Note::Reading { mode: None })
        .send("client", &[0; 61440])
        .reading("server", None, unread(State::Established, 20480))
        .shutdown("client", ShutdownHow::Send);
    let queued = Sample {
        outq: Some(40961),
        counters: Some(Counters {
            notsent: 40961,
            bytes_sent: 20480,
            ..Counters::default()
        }),
        timer: timer(TimerKind::Persist, 600, 1),
        ..reading(State::FinWait1)
    };
    story
        .reading(
            "client",
            Some((State::Established, State::FinWait1)),
            queued,
        )
        .wait(200);
    story
}

/// The client did not read what the server sent, and closed.
fn reset_by_unread() -> Story {
    let mut story = unread_at_client();
    story.close("client").gone("client", State::Established);
    story.state("server", State::Established, State::Closed);
    let recv = Op::Recv {
        asked: 65536,
        data: Default::default(),
    };
    story
        .call("server", recv, Err(Errno::ECONNRESET))
        .wait(2000);
    story
}

fn unread_at_client() -> Story {
    let mut story = Story::pair();
    story
        .note("client", Note::Reading { mode: None })
        .send("server", b"hello!")
        .reading("client", None, unread(State::Established, 6));
    story
}

fn time_wait() -> Story {
    let mut story = half_closed();
    story
        .close("server")
        .state("server", State::CloseWait, State::LastAck)
        .recv("client", b"")
        .close("client")
        .gone("server", State::LastAck);
    let waits = Sample {
        timer: timer(TimerKind::TimeWait, 60_000, 0),
        counters: None,
        ..reading(State::TimeWait)
    };
    story
        .reading("client", Some((State::FinWait2, State::TimeWait)), waits)
        .wait(18_000);
    story
}

#[test]
fn half_closed_at_120_columns() {
    same(
        &twin(&half_closed(), "client", 120, UTF8),
        r#"
 ─ client ⇄ server ───────────────────────────────────────────────────────────────────────────────────────────── posix ─
▸ client  127.0.0.1:43210                                                                       127.0.0.1:6000  server
  FIN-WAIT-2                                                                                                CLOSE-WAIT

  send        FIN acked ■──────────────────────────────────────────────────────────────────────■ EOF read      receive
  1024 bytes sent, all acknowledged, seq +2: SYN, FIN                                   1024 read, then EOF (recv = 0)

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  4096 received, 0 unread                                                            4096 bytes sent, all acknowledged

  If now
  s shutdown send     no segment: the FIN is queued or sent already                              shutdown(fd, SHUT_WR)
  r shutdown receive  no segment; new data from server gets a RST from then on                   shutdown(fd, SHUT_RD)
  b shutdown both     no segment; new data from server gets a RST from then on                 shutdown(fd, SHUT_RDWR)
  c close             no segment; new data from server gets a RST, else tcp_fin_timeout ends the orphan (default 60 s)
  x abort             RST                                     setsockopt(fd, SOL_SOCKET, SO_LINGER, {1, 0}); close(fd)
"#,
    );
    same(
        &twin(&half_closed(), "server", 120, PLAIN_ASCII),
        r#"
 - client <=> server ------------------------------------------------------------------------------------------- posix -
  client  127.0.0.1:43210                                                                       127.0.0.1:6000  server <
  FIN-WAIT-2                                                                                                CLOSE-WAIT

  send        FIN acked #----------------------------------------------------------------------# EOF read      receive
  1024 bytes sent, all acknowledged, seq +2: SYN, FIN                                   1024 read, then EOF (recv = 0)

  receive          open <======================================================================< open             send
  4096 received, 0 unread                                                            4096 bytes sent, all acknowledged

  If now
  s shutdown send     FIN; client has ended too, so its ACK is the last segment                  shutdown(fd, SHUT_WR)
  r shutdown receive  nothing crosses the wire; the peer has ended already                       shutdown(fd, SHUT_RD)
  b shutdown both     FIN; client has ended too, so its ACK is the last segment                shutdown(fd, SHUT_RDWR)
  c close             FIN; client has ended too, so its ACK is the last segment                              close(fd)
  x abort             RST                                     setsockopt(fd, SOL_SOCKET, SO_LINGER, {1, 0}); close(fd)
"#,
    );
}

#[test]
fn half_closed_in_less_and_less_room() {
    same(
        &at_80(&half_closed(), "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  FIN-WAIT-2                                                        CLOSE-WAIT
  send        FIN acked ■──────────────────────────────■ EOF read      receive
  1024 bytes sent, all acknowledged             1024 read, then EOF (recv = 0)

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  4096 received, 0 unread                    4096 bytes sent, all acknowledged

  c close: no segment; new data from server gets a RST, else tcp_fin_timeout
    ends the orphan (default 60 s)
"#,
    );
    same(
        &twin(&half_closed(), "client", 40, UTF8),
        r#"
 ─ client ⇄ server ─────────────────────
▸ client                        server
  127.0.0.1:43210       127.0.0.1:6000
  FIN-WAIT-2                CLOSE-WAIT
      FIN acked ■──────■ EOF read
  1024 bytes sent, all acknowledged
        1024 read, then EOF (recv = 0)
           open ◀━━━━━━◀ open
     4096 bytes sent, all acknowledged
  4096 received, 0 unread

  c close: no segment; new data from
    server gets a RST, else tcp_fin_tim…
"#,
    );
    same(
        &twin(&half_closed(), "client", 24, PLAIN_ASCII),
        r#"
 - client <=> server ---
> client
FIN-WAIT-2
> send FIN acked
< receive open

  c close: no segment;..
"#,
    );
}

#[test]
fn what_matters_most_stays_in_few_rows() {
    let rows = |this: &'static str, width, rows| {
        with_view(&half_closed(), this, UTF8, |view| {
            picture(width, rows, |frame, area| draw(frame, area, view))
        })
    };
    same(
        &rows("server", 20, 5),
        r#"
▸ server
CLOSE-WAIT
▶ send open
◀ receive EOF read
  c close: FIN; cli…
"#,
    );
    same(
        &rows("server", 80, 6),
        r#"
  client  127.0.0.1:43210                               127.0.0.1:6000  server ◂
  FIN-WAIT-2                                                        CLOSE-WAIT
  send        FIN acked ■──────────────────────────────■ EOF read      receive
  1024 bytes sent, all acknowledged             1024 read, then EOF (recv = 0)
  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  c close: FIN; client has ended too, so its ACK is the last segment
"#,
    );
    same(
        &rows("server", 80, 2),
        r#"
  send        FIN acked ■──────────────────────────────■ EOF read      receive
  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
"#,
    );
}

#[test]
fn open() {
    same(
        &at_80(&Story::pair(), "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  ESTABLISHED                                                      ESTABLISHED
  send             open ▶━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶ open          receive
  nothing sent                                                nothing received

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  nothing received                                                nothing sent

  c close: FIN; new data from server would be answered with RST

"#,
    );
}

#[test]
fn the_other_end_unseen() {
    same(
        &at_80(&Story::client_alone(), "client"),
        r#"
 ─ client ⇄ 127.0.0.1:6000 ─────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                                 127.0.0.1:6000  peer
  ESTABLISHED                                                         not seen
  send             open ▶━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━? not seen      receive
  nothing sent

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━? not seen         send
  nothing received

  c close: FIN; new data from the peer would be answered with RST

"#,
    );
    let mut story = Story::client_alone();
    story
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .state("client", State::FinWait1, State::FinWait2);
    same(
        &at_80(&story, "client"),
        r#"
 ─ client ⇄ 127.0.0.1:6000 ─────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                                 127.0.0.1:6000  peer
  FIN-WAIT-2                                                          not seen
  send        FIN acked ■───────────────────────────FIN? ~FIN received receive
  nothing sent, seq +2: SYN, FIN

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━? not seen         send
  nothing received

  c close: no segment; new data from the peer gets a RST, else tcp_fin_timeout
    ends the orphan (default 60 s)
"#,
    );
}

#[test]
fn a_fin_queued_behind_data() {
    same(
        &twin(&fin_behind_zero_window(), "client", 120, UTF8),
        r#"
 ─ client ⇄ server ───────────────────────────────────────────────────────────────────────────────────────────── posix ─
▸ client  127.0.0.1:43210                                                                       127.0.0.1:6000  server
  FIN-WAIT-1, window probe 2 in 0.4 s                                                                      ESTABLISHED

  send       FIN queued FIN│▒▒▒▒▒▒▒▒━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━▒▒▒▒▒▒▒▒▶ open          receive
  40960 bytes before the FIN, 61440 sent                                      0 received, 20480 unread, reading is off

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  nothing received                                                                                        nothing sent

  If now
  s shutdown send     no segment: the FIN is queued or sent already                              shutdown(fd, SHUT_WR)
  r shutdown receive  no segment; new data from server gets a RST from then on                   shutdown(fd, SHUT_RD)
  b shutdown both     no segment; new data from server gets a RST from then on                 shutdown(fd, SHUT_RDWR)
  c close             no segment; new data from server gets a RST, else tcp_fin_timeout ends the orphan (default 60 s)
  x abort             RST; 40960 bytes may never reach server
"#,
    );
    same(
        &twin(&fin_behind_zero_window(), "client", 80, PLAIN_ASCII),
        r#"
 - client <=> server -----------------------------------------------------------
> client  127.0.0.1:43210                               127.0.0.1:6000  server
  FIN-WAIT-1, window probe 2 in 0.4 s                              ESTABLISHED
  send       FIN queued FIN|%%%%%%%%===========%%%%%%%%> open          receive
  40960 bytes before the FIN, 61440 sent              0 received, 20480 unread

  receive          open <==============================< open             send
  nothing received                                                nothing sent

  c close: no segment; new data from server gets a RST, else tcp_fin_timeout
    ends the orphan (default 60 s)
"#,
    );
    same(
        &twin(&fin_behind_zero_window(), "client", 40, UTF8),
        r#"
 ─ client ⇄ server ─────────────────────
▸ client                        server
  127.0.0.1:43210       127.0.0.1:6000
  FIN-WAIT-1, window pro…  ESTABLISHED
     FIN queued FIN│▒▒▒▶ open
  40960 bytes before the FIN
              0 received, 20480 unread
           open ◀━━━━━━◀ open
                          nothing sent
  nothing received

  c close: no segment; new data from
    server gets a RST, else tcp_fin_tim…
"#,
    );
}

#[test]
fn a_fin_under_way() {
    let mut story = Story::pair();
    story
        .send("server", b"hello!")
        .shutdown("server", ShutdownHow::Send);
    let sent = Sample {
        outq: Some(7),
        timer: timer(TimerKind::Retransmit, 400, 1),
        ..reading(State::FinWait1)
    };
    story.reading("server", Some((State::Established, State::FinWait1)), sent);
    same(
        &at_80(&story, "server"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
  client  127.0.0.1:43210                               127.0.0.1:6000  server ◂
  ESTABLISHED                            FIN-WAIT-1, retransmission 2 in 0.4 s
  send             open ▶━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶ open          receive
  nothing sent                                                nothing received

  receive          open ◀━━━━━━━━━━━━━◀FIN─────────────■ FIN sent         send
  nothing received                  6 sent, 6 unacknowledged, seq +2: SYN, FIN

  c close: no segment; new data from client gets a RST, else tcp_fin_timeout
    ends the orphan (default 60 s)
"#,
    );
}

#[test]
fn a_fin_that_nobody_read_yet() {
    let mut story = Story::pair();
    story
        .note("server", Note::Reading { mode: None })
        .send("client", b"hello!")
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .state("client", State::FinWait1, State::FinWait2)
        .reading(
            "server",
            Some((State::Established, State::CloseWait)),
            unread(State::CloseWait, 6),
        );
    same(
        &at_80(&story, "server"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
  client  127.0.0.1:43210                               127.0.0.1:6000  server ◂
  FIN-WAIT-2                                                        CLOSE-WAIT
  send        FIN acked ■─────────────────────────FIN▒▒▶ FIN received  receive
  6 bytes sent, all acknowledged                0 read, 6 unread, then the FIN

  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  nothing received                                                nothing sent

  c close: 6 unread bytes, so RST instead of FIN; they are lost

"#,
    );
}

#[test]
fn a_receiving_half_shut_here() {
    let mut story = Story::pair();
    story.shutdown("client", ShutdownHow::Receive);
    same(
        &at_80(&story, "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  ESTABLISHED                                                      ESTABLISHED
  send             open ▶━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶ open          receive
  nothing sent                                                nothing received

  receive          shut ├━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  0 read, shut here; data may still come                          nothing sent

  c close: FIN; new data from server would be answered with RST

"#,
    );
}

#[test]
fn unread_bytes_turn_close_into_a_reset() {
    same(
        &at_80(&unread_at_client(), "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  ESTABLISHED                                                      ESTABLISHED
  send             open ▶━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶ open          receive
  nothing sent                                                nothing received

  receive          open ◀▒▒━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
  0 received, 6 unread, reading is off          6 bytes sent, all acknowledged

  c close: 6 unread bytes, so RST instead of FIN; they are lost

"#,
    );
    same(
        &at_80(&reset_by_unread(), "server"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
  client  127.0.0.1:43210                               127.0.0.1:6000  server ◂
  CLOSED, gone                                                          CLOSED
  send            reset ━━━━━━━━━━━━━╳ RST ╳━━━━━━━━━━━━ reset         receive
  nothing sent                                                nothing received

  receive         reset ━━━━━━━━━━━━╳ RST ╳━━━━━━━━━━━━━ reset            send
  nothing received, 6 lost unread           6 bytes sent, 6 never acknowledged
  ~ended by RST, client closed first            ended by RST, recv: ECONNRESET
  c close: no segment: there is no connection

"#,
    );
    same(
        &twin(&reset_by_unread(), "server", 120, PLAIN_ASCII),
        r#"
 - client <=> server ------------------------------------------------------------------------------------------- posix -
  client  127.0.0.1:43210                                                                       127.0.0.1:6000  server <
  CLOSED, gone                                                                                                  CLOSED

  send            reset =================================X RST X================================ reset         receive
  nothing sent                                                                                        nothing received

  receive         reset ================================X RST X================================= reset            send
  nothing received, 6 lost unread                                                   6 bytes sent, 6 never acknowledged
  ~ended by RST, client closed first                               ended by RST, recv: ECONNRESET, client closed first
  If now
  s shutdown send     fails with ENOTCONN                                                        shutdown(fd, SHUT_WR)
  r shutdown receive  fails with ENOTCONN                                                        shutdown(fd, SHUT_RD)
  b shutdown both     fails with ENOTCONN                                                      shutdown(fd, SHUT_RDWR)
  c close             no segment: there is no connection                                                     close(fd)
  x abort             no segment: there is no connection      setsockopt(fd, SOL_SOCKET, SO_LINGER, {1, 0}); close(fd)
"#,
    );
}

#[test]
fn time_wait_counts_down_beside_an_end_that_is_gone() {
    same(
        &at_80(&time_wait(), "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  TIME-WAIT, 42 s left                                            CLOSED, gone
  send        FIN acked ■───────────────················ gone          receive
  1024 bytes sent, all acknowledged             1024 read, then EOF (recv = 0)

  receive      EOF read ■───────────────················ gone             send
  4096 read, then EOF (recv = 0)             4096 bytes sent, all acknowledged
  ended by FIN, client closed first         ~ended by FIN, client closed first
  c close: no descriptor any more: the kernel finishes alone

"#,
    );
    let mut story = time_wait();
    story.gone("client", State::TimeWait).wait(2000);
    same(
        &at_80(&story, "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  CLOSED, gone                                                    CLOSED, gone
  send             gone ································ gone          receive
  1024 bytes sent, all acknowledged             1024 read, then EOF (recv = 0)

  receive          gone ································ gone             send
  4096 read, then EOF (recv = 0)             4096 bytes sent, all acknowledged
  ended by FIN, client closed first         ~ended by FIN, client closed first
  c close: no descriptor any more, and nothing left to close

"#,
    );
}

#[test]
fn an_inference_and_an_orphan_are_marked() {
    let mut story = half_closed();
    story.close("client");
    let waits = Sample {
        timer: timer(TimerKind::TimeWait, 58_000, 0),
        ..reading(State::FinWait2)
    };
    story
        .reading("client", None, waits)
        .inferred("server", State::CloseWait, State::LastAck);
    same(
        &at_80(&story, "client"),
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  FIN-WAIT-2, orphan, 58 s left                             ~LAST-ACK inferred
  send        FIN acked ■──────────────────────────────■ EOF read      receive
  1024 bytes sent, all acknowledged             1024 read, then EOF (recv = 0)

  receive          shut ├━━━━━━━━━━━━━◀FIN─────────────■ FIN sent         send
  4096 read, closed here   4096 bytes sent, all acknowledged, seq +2: SYN, FIN

  c close: no descriptor any more: the kernel finishes alone

"#,
    );
}

#[test]
fn connecting_and_listening() {
    let mut story = Story::empty();
    story.call("client", Op::Socket { v6: false }, Ok(5)).state(
        "client",
        State::Closed,
        State::SynSent,
    );
    same(
        &at_80(&story, "client"),
        r#"
 ─ client ⇄ peer ───────────────────────────────────────────────────────────────
▸ client                                                                  peer
  SYN-SENT                                                            not seen
  send     not yet open ································ not seen      receive
  nothing sent

  receive  not yet open ································ not seen         send
  nothing received

  c close: gives up connecting, without a segment

"#,
    );
    let mut story = Story::pair();
    story.call("server.listen", Op::Listen { backlog: 128 }, Ok(0));
    let queue = Sample {
        rqueue: Some(2),
        wqueue: Some(128),
        ..Sample::bare(State::Listen)
    };
    story.reading("server.listen", Some((State::Closed, State::Listen)), queue);
    same(
        &at_80(&story, "server.listen"),
        r#"
 ─ server.listen ───────────────────────────────────────────────────────────────
▸ server.listen
  LISTEN
  1 connection accepted, 2 waiting in the queue of 128
  c close: stops listening; connections that nobody accepted get a RST

"#,
    );
}

#[test]
fn a_zoomed_pane_draws_thick_pipes() {
    let zoomed = with_view(&half_closed(), "client", UTF8, |view| {
        picture(80, 24, |frame, area| draw(frame, area, view))
    });
    same(
        &zoomed,
        r#"
 ─ client ⇄ server ─────────────────────────────────────────────────────────────
▸ client  127.0.0.1:43210                               127.0.0.1:6000  server
  FIN-WAIT-2                                                        CLOSE-WAIT
                        ■──────────────────────────────■
  send        FIN acked ■──────────────────────────────■ EOF read      receive
                        ■──────────────────────────────■
  1024 bytes sent, all acknowledged             1024 read, then EOF (recv = 0)

                        ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀
  receive          open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
                        ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀
  4096 received, 0 unread                    4096 bytes sent, all acknowledged

  c close: no segment; new data from server gets a RST, else tcp_fin_timeout
    ends the orphan (default 60 s)









"#,
    );
}

#[test]
fn keys_of_the_users_own_keymap_stand_before_the_forecasts() {
    let keys = Keys(["w", "r", "b", "F8", "x"]);
    let drawn = with_view(&half_closed(), "client", UTF8, |view| {
        picture(80, 12, |frame, area| {
            draw_with_keys(frame, area, view, &keys)
        })
    });
    assert!(drawn.contains("F8 close: no segment"), "{drawn}");
}

#[test]
fn what_changed_glows_for_a_second() {
    let glows = |story: &Story, later: u64| {
        with_view(story, "client", UTF8, |view| {
            let now = Micros(view.now.0 + later);
            let view = View {
                now,
                passing: None,
                ..*view
            };
            let mut reversed = false;
            picture(80, height(80, &view), |frame, area| {
                draw(frame, area, &view);
                reversed = frame
                    .buffer_mut()
                    .content()
                    .iter()
                    .any(|c| c.modifier.contains(Modifier::REVERSED));
            });
            reversed
        })
    };
    let mut story = Story::pair();
    story.wait(1000).shutdown("client", ShutdownHow::Receive);
    assert!(glows(&story, 0));
    assert!(glows(&story, 999_999));
    assert!(!glows(&story, 1_000_000));
}

#[test]
fn a_name_from_outside_is_shown_and_not_obeyed() {
    let mut story = Story::empty();
    story.call("\x1b[31mred", Op::Socket { v6: false }, Ok(5));
    let drawn = at_80(&story, "\x1b[31mred");
    assert!(drawn.contains("␛[31mred"), "{drawn}");
    assert!(!drawn.contains('\x1b'));
}

fn stories() -> Vec<Story> {
    vec![
        half_closed(),
        fin_behind_zero_window(),
        reset_by_unread(),
        time_wait(),
        Story::client_alone(),
    ]
}

proptest! {
    #[test]
    fn no_area_is_too_small(width in 0u16..140, height in 0u16..30, x in 0u16..20, y in 0u16..20, which in 0usize..5) {
        let story = &stories()[which];
        for skin in [UTF8, PLAIN_ASCII] {
            for this in ["client", "server"] {
                if story.world().by_name(this).is_none() {
                    continue;
                }
                with_view(story, this, skin, |view| {
                    let draw_there = |frame: &mut Frame<'_>, _: Rect| draw(frame, Rect { x, y, width, height }, view);
                    picture(100, 20, draw_there);
                });
            }
        }
    }
}
