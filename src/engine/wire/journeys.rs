//! Queue and capture together, as the engine joins them: what is held moves nobody on until it is stepped.

use proptest::prelude::*;

use super::{Act, Arrival, Capture, End, WireQueue};
use crate::command::{SegmentKind, Selector, WireCommand};
use crate::journal::{Host, Micros};
use crate::tcp::{Flags, Packet, Seq, State, TRANSITIONS};

struct Lab {
    queue: WireQueue<Vec<u8>>,
    capture: Capture,
}

fn end(host: Host) -> End {
    let (a, b) = ("[2001:db8::1]:40000", "[2001:db8::2]:6000");
    let (local, peer) = match host {
        Host::A => (a, b),
        Host::B => (b, a),
    };
    End {
        local: local.parse().expect("an address"),
        peer: peer.parse().expect("an address"),
    }
}

fn packet(host: Host, flags: &str, seq: u32, ack: u32, len: u32) -> Packet {
    let end = end(host);
    Packet {
        src: end.local,
        dst: end.peer,
        flags: Flags::parse(flags).expect("letters"),
        seq: Seq(seq),
        ack: Seq(ack),
        window: 1000,
        len,
        mss: None,
        window_shift: None,
        sack_permitted: false,
        sack: Default::default(),
        timestamps: None,
    }
}

impl Lab {
    fn open() -> Lab {
        let mut lab = Lab {
            queue: WireQueue::default(),
            capture: Capture::default(),
        };
        lab.leaves(&packet(Host::A, "S", 100, 0, 0));
        lab.leaves(&packet(Host::B, "SA", 500, 101, 0));
        lab.leaves(&packet(Host::A, "A", 101, 501, 0));
        lab
    }

    /// The way of a frame; what it proves is checked against the table of transitions.
    fn leaves(&mut self, packet: &Packet) {
        let host = match packet.src == end(Host::A).local {
            true => Host::A,
            false => Host::B,
        };
        let sent = self.capture.sent(Micros(0), self.queue.next_id(), packet);
        check(&sent.moves);
        let arrival = Arrival {
            packet,
            segment: sent.segment,
            from: None,
            left: Micros(0),
            repeats_of: sent.repeats_of,
            why: sent.why,
        };
        let acts = self
            .queue
            .arrive(Micros(0), host, Some(arrival), vec![0; 60]);
        self.act(acts);
    }

    fn says(&mut self, command: &WireCommand) {
        let acts = self.queue.command(Micros(0), command).unwrap_or_default();
        self.act(acts);
    }

    fn act(&mut self, acts: Vec<Act<Vec<u8>>>) {
        for act in acts {
            if let Act::Pass {
                told: Some(told), ..
            } = act
            {
                check(&self.capture.delivered(Micros(0), &told.packet));
            }
        }
    }

    fn states(&self) -> [Option<State>; 2] {
        Host::ALL.map(|host| self.capture.state(end(host)))
    }
}

fn check(moves: &[super::Moved]) {
    for moved in moves {
        let row = TRANSITIONS
            .iter()
            .any(|row| (row.from, row.cause, row.to) == (moved.from, moved.cause, moved.to));
        assert!(row, "{moved:?} is no row of the table");
    }
}

#[test]
fn both_ends_stand_in_closing_as_long_as_the_acks_are_held() {
    use State::{Closing, Established, FinWait1, TimeWait};
    let mut lab = Lab::open();
    lab.says(&WireCommand::Hold(Selector::default()));
    assert_eq!(lab.states(), [Some(Established); 2]);
    lab.leaves(&packet(Host::A, "FA", 101, 501, 0));
    lab.leaves(&packet(Host::B, "FA", 501, 101, 0));
    assert_eq!(lab.states(), [Some(FinWait1); 2]);
    lab.leaves(&packet(Host::A, "FA", 101, 501, 0));
    assert_eq!(lab.queue.counts().counted, 1, "the repeat is no step");
    lab.says(&WireCommand::Step(2));
    assert_eq!(lab.states(), [Some(Closing); 2]);
    lab.leaves(&packet(Host::A, "A", 102, 502, 0));
    lab.leaves(&packet(Host::B, "A", 502, 102, 0));
    assert_eq!(lab.states(), [Some(Closing); 2]);
    lab.says(&WireCommand::Release);
    assert_eq!(lab.states(), [Some(TimeWait); 2]);
}

#[test]
fn a_dropped_fin_leaves_the_peer_established() {
    let mut lab = Lab::open();
    lab.says(&WireCommand::Drop {
        count: Some(1),
        what: Selector {
            kind: SegmentKind::Fin,
            from: None,
        },
    });
    let fin = packet(Host::A, "FA", 101, 501, 0);
    lab.leaves(&fin);
    let state = |lab: &Lab| lab.states()[1];
    assert_eq!(state(&lab), Some(State::Established));
    lab.leaves(&fin);
    assert_eq!(state(&lab), Some(State::CloseWait));
}

proptest! {
    /// Whatever the two hosts send, and in whichever order it arrives: no panic, and states move by the table.
    #[test]
    fn any_exchange_moves_by_the_table(
        start: u32,
        segments in prop::collection::vec(
            (any::<bool>(), 0..64u8, 0..12u32, 0..12u32, 0..4u32, prop::option::of(0..6usize)),
            0..80,
        ),
    ) {
        let mut capture = Capture::new(2);
        let mut sent: Vec<Packet> = Vec::new();
        for (id, (from_a, flags, seq, ack, len, deliver)) in segments.into_iter().enumerate() {
            let host = if from_a { Host::A } else { Host::B };
            let mut packet = packet(host, "", start.wrapping_add(seq), start.wrapping_add(ack), len);
            packet.flags = Flags::from_octet(flags);
            check(&capture.sent(Micros(0), id as u64, &packet).moves);
            sent.push(packet);
            if let Some(back) = deliver
                && let Some(late) = sent.iter().rev().nth(back)
            {
                check(&capture.delivered(Micros(0), late));
            }
        }
    }
}
