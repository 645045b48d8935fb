//! What is told by chance in one order within a moment, and shown in the order of cause and effect.

use proptest::prelude::*;

use super::pictures::{LOOK, Look, drawn, ladder};
use super::row::What;
use super::{Place, Stand};
use crate::journal::{Op, ShutdownHow};
use crate::tcp::State;
use crate::ui::panes::story::{Story, same};

/// As the lab told it: the wire before the call that sent, the kernel's states behind both.
fn race() -> Story {
    let mut story = Story::client_alone();
    let (server, peer) = (story.who("server"), Some(([127, 0, 0, 1], 43210).into()));
    let accept = Op::Accept {
        accepted: Some(server),
        peer,
    };
    story
        .wire("#1 client > server S seq 0 passed")
        .wire("#2 server > client SA seq 0 ack 1 passed")
        .wire("#3 client > server A seq 1 ack 1 passed ack-of-syn")
        .call("server.listen", accept, Ok(8));
    story.tuple("server", 6000, 43210);
    story
        .inferred("server", State::Closed, State::SynReceived)
        .state("server", State::SynReceived, State::Established)
        .wait(300)
        .wire("#4 client > server FA seq 1 ack 1 passed")
        .wait(1)
        .state("server", State::Established, State::CloseWait)
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .recv("server", b"")
        .wait(40)
        .state("client", State::FinWait1, State::FinWait2)
        .wire("#5 server > client A seq 1 ack 2 passed ack-of-fin")
        .wait(100)
        .wire("#6 server > client PA seq 1 ack 2 len 4 passed")
        .wire("#7 server > client FA seq 5 ack 2 passed")
        .send("server", b"late")
        .close("server")
        .state("server", State::CloseWait, State::LastAck)
        .wire("#8 client > server A seq 2 ack 6 passed ack-of-fin")
        .gone("server", State::LastAck)
        .state("client", State::FinWait2, State::TimeWait);
    story
}

#[test]
fn cause_stands_above_its_effect_and_states_beside_what_moved_them() {
    let look = Look {
        size: (100, 20),
        ..LOOK
    };
    same(
        &drawn(&race(), &look),
        r#"
 ─ ladder of client ⇄ server ───────────────────────────────────────────────────────────────────────
 client  127.0.0.1:43210                                             127.0.0.1:6000  server
      socket(IPv4) = 5 │                                           │                          12.000
connect(127.0.0.1:600… │                                           │                          12.000
           ESTABLISHED │                                           │                          12.000
                       │─────────── SYN seq 0 win 64240 ──────────▶│ ~SYN-RECEIVED            12.000
                       │◀───── SYN,ACK seq 0 ack 1 win 64240 ──────│                          12.000
                       │───────────── ACK 1 win 64240 ────────────▶│ ESTABLISHED              12.000
    shutdown(send) = 0 │                                           │                          12.300
            FIN-WAIT-1 │────── FIN,ACK seq 1 ack 1 win 64240 ─────▶│ CLOSE-WAIT               12.300
                       │                                           │ recv() = 0 EOF           12.301
            FIN-WAIT-2 │◀────── ACK 2 of the FIN win 64240 ────────│                          12.341
                       │                                           │ send(4) = 4              12.441
                       │◀── PSH,ACK seq 1 ack 2 len 4 win 64240 ───│                          12.441
                       │                                           │ close() = 0              12.441
             TIME-WAIT │◀───── FIN,ACK seq 5 ack 2 win 64240 ──────│ LAST-ACK                 12.441
                       │─────── ACK 6 of the FIN win 64240 ───────▶│ CLOSED gone              12.441
  j and k select a segment: what it says, and what caused it


"#,
    );
}

#[test]
fn what_is_further_apart_than_a_moment_stays_where_it_was_told() {
    let mut story = Story::pair();
    story
        .wire("#1 client > server FA seq 1 ack 1 passed")
        .wait(50)
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1);
    let look = Look {
        size: (80, 12),
        ..LOOK
    };
    let picture = drawn(&story, &look);
    let at = |text: &str| picture.lines().position(|line| line.contains(text));
    assert!(at("FIN,ACK") < at("shutdown"), "{picture}");
    assert!(at("shutdown") < at("FIN-WAIT-1"), "{picture}");
}

fn told() -> impl Strategy<Value = (u8, bool, u64)> {
    (
        0..7u8,
        any::<bool>(),
        prop_oneof![4 => 0..3u64, 1 => 0..40u64],
    )
}

proptest! {
    /// Whatever is told, and however fast: each row stands on one line, its line is found, and neither calls of one end
    /// nor segments of one end change their order.
    #[test]
    fn rows_stand_once_and_keep_their_order(story in prop::collection::vec(told(), 0..80)) {
        let mut tale = Story::pair();
        for (n, (what, client, later)) in story.into_iter().enumerate() {
            let (who, peer) = match client {
                true => ("client", "server"),
                false => ("server", "client"),
            };
            let n = n + 1;
            tale.wait(later);
            match what {
                0 => tale.wire(&format!("#{n} {who} > {peer} FA seq {n} ack 1 passed")),
                1 => tale.wire(&format!("#{n} {who} > {peer} PA seq {n} ack 1 len 1 passed")),
                2 => tale.wire(&format!("#{n} {who} > {peer} A seq {n} ack 1 passed ack-of-fin")),
                3 => tale.send(who, b"x"),
                4 => tale.shutdown(who, ShutdownHow::Send),
                5 => tale.state(who, State::Established, State::FinWait1),
                _ => tale.state(who, State::Established, State::CloseWait),
            };
        }
        let (ladder, _) = ladder(&tale, "client", LOOK.limit);
        let rows: Vec<Place> = ladder.lines().iter().flat_map(|line| line.rows()).collect();
        let mut sorted = rows.clone();
        sorted.sort();
        sorted.dedup();
        prop_assert_eq!(sorted.len(), rows.len(), "a row stands twice");
        let mut last = [[None; 2]; 2];
        for place in rows {
            let line = ladder.line_of(place).and_then(|at| ladder.lines().get(at));
            prop_assert!(line.is_some_and(|line| line.rows().any(|p| p == place)));
            let row = ladder.row(place).expect("it is kept");
            let key = match &row.what {
                What::Segment(flight) => [0, usize::from(&*flight.fact.from == "client")],
                What::Call { .. } => [1, usize::from(row.who.as_ref().is_some_and(|w| &*w.name == "client"))],
                _ => continue,
            };
            let before = &mut last[key[0]][key[1]];
            prop_assert!(*before < Some(place), "{:?} stands above {:?}", before, place);
            *before = Some(place);
        }
    }

    /// The selection and its explanation find their way in any story.
    #[test]
    fn any_row_may_be_selected(selected in 0..60u64, details: bool) {
        let stand = Stand { selected: Some(Place(selected)), details, ..LOOK.stand };
        let picture = drawn(&race(), &Look { stand, ..LOOK });
        prop_assert!(picture.contains("ladder of client"));
    }
}
