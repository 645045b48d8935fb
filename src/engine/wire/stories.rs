//! Stories of the queue: a line for each moment, with everything that came out of the wire in it.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::{Act, Arrival, Counts, Sent, WireQueue, WireRefusal, WireTelling};
use crate::command::{SegmentKind, Selector, WireCommand};
use crate::journal::{Fate, Host, Micros};
use crate::tcp::{Explanation, Flags, Packet, Segment, Seq};

const A: Host = Host::A;
const B: Host = Host::B;

fn packet(host: Host, flags: &str, seq: u32, len: u32) -> Packet {
    let (a, b) = ("198.51.100.1:40000", "198.51.100.2:6000");
    let (src, dst) = match host {
        A => (a, b),
        B => (b, a),
    };
    Packet {
        src: src.parse().expect("an address"),
        dst: dst.parse().expect("an address"),
        flags: Flags::parse(flags).expect("letters"),
        seq: Seq(seq),
        ack: Seq(1),
        window: 500,
        len,
        mss: None,
        window_shift: None,
        sack_permitted: false,
        sack: Default::default(),
        timestamps: None,
    }
}

/// The wire at one moment, told in words: `12 held`, `12 x2 held`, `12 due 500`, `12 > b` (passed), `13 = 12 > b`
/// (a copy of 12 passed), `12 dropped by loss`.
struct Tale {
    queue: WireQueue<Vec<u8>>,
    now: u64,
}

impl Tale {
    fn begin() -> Tale {
        Tale {
            queue: WireQueue::default(),
            now: 0,
        }
    }

    fn at(&mut self, now: u64) -> &mut Tale {
        self.now = now;
        self
    }

    fn arrives(&mut self, host: Host, flags: &str, seq: u32, len: u32) -> String {
        self.sent_by(None, host, flags, seq, len)
    }

    fn sent_by(
        &mut self,
        from: Option<&str>,
        host: Host,
        flags: &str,
        seq: u32,
        len: u32,
    ) -> String {
        let packet = packet(host, flags, seq, len);
        let from = from.map(Arc::from);
        let arrival = Arrival {
            packet: &packet,
            segment: segment(&packet),
            from: from.as_ref(),
            left: Micros(self.now),
            repeats_of: None,
            why: Explanation::Ack,
        };
        let frame = self.queue.next_id().to_be_bytes().to_vec();
        let acts = self
            .queue
            .arrive(Micros(self.now), host, Some(arrival), frame);
        words(&acts)
    }

    fn due(&mut self) -> String {
        words(&self.queue.due(Micros(self.now)))
    }

    fn says(&mut self, command: WireCommand) -> String {
        match self.queue.command(Micros(self.now), &command) {
            Ok(acts) => words(&acts),
            Err(refusal) => format!("no: {refusal}"),
        }
    }
}

fn segment(packet: &Packet) -> Segment {
    Segment {
        flags: packet.flags,
        seq: packet.seq,
        ack: packet.ack,
        len: packet.len,
        win: packet.window.into(),
    }
}

fn words(acts: &[Act<Vec<u8>>]) -> String {
    let told: Vec<String> = acts.iter().map(word).collect();
    told.join(", ")
}

fn word(act: &Act<Vec<u8>>) -> String {
    let (to, t) = match act {
        Act::Pass { to, told: None, .. } => return format!("> {}", to.word()),
        Act::Pass { to, told, .. } => (Some(to), told.as_ref().expect("told")),
        Act::Told(told) => (None, told),
    };
    // Nobody sent a copy, so there is no reason why.
    assert_eq!(t.why.is_none(), t.copy_of.is_some());
    let repeats = match t.repeats {
        0 => String::new(),
        n => format!(" x{}", n + 1),
    };
    let of = match t.fate {
        Fate::Duplicated => format!(" = {}", t.copy_of.expect("whose copy it is")),
        _ => String::new(),
    };
    let how = match (to, t.fate, t.due, t.reason) {
        (Some(to), Fate::Passed | Fate::Duplicated, None, None) => format!("> {}", to.word()),
        (None, Fate::Held, None, None) => "held".into(),
        (None, Fate::Held, Some(due), None) => format!("due {}", due.0),
        (None, Fate::Dropped, None, Some(reason)) => format!("dropped by {}", reason.word()),
        other => panic!("no such act: {other:?}"),
    };
    format!("{}{repeats}{of} {how}", t.id)
}

fn any() -> Selector {
    Selector::default()
}

fn of(kind: SegmentKind) -> Selector {
    Selector { kind, from: None }
}

fn from(kind: SegmentKind, from: &str) -> Selector {
    Selector {
        kind,
        from: Some(from.into()),
    }
}

fn drops(count: Option<u32>, what: Selector) -> WireCommand {
    WireCommand::Drop { count, what }
}

fn duplicates(count: Option<u32>, what: Selector) -> WireCommand {
    WireCommand::Duplicate { count, what }
}

fn delays(us: u64, what: Selector) -> WireCommand {
    WireCommand::Delay {
        time: Duration::from_micros(us),
        what,
    }
}

use SegmentKind::{Ack, Data, Fin, Rst, Syn};
use WireCommand::{Clear, Cut, Discard, Hold, Loss, Mend, Release, Reorder, Stack, Step};

#[test]
fn without_a_rule_everything_passes_at_once() {
    let mut wire = Tale::begin();
    assert_eq!(wire.arrives(A, "S", 0, 0), "1 > b");
    assert_eq!(wire.arrives(B, "SA", 0, 0), "2 > a");
    assert_eq!(wire.queue.next_due(), None);
    let none: [String; 0] = [];
    assert_eq!(wire.queue.rules(), none);
}

#[test]
fn hold_and_step_take_one_segment_at_a_time_from_either_side() {
    let mut wire = Tale::begin();
    assert_eq!(wire.says(Hold(any())), "");
    assert_eq!(wire.arrives(A, "FA", 1, 0), "1 held");
    assert_eq!(wire.arrives(B, "FA", 1, 0), "2 held");
    assert_eq!(wire.arrives(A, "A", 2, 0), "3 held");
    assert_eq!(wire.says(Step(1)), "1 > b");
    assert_eq!(wire.arrives(B, "A", 2, 0), "4 held", "the hold stays");
    assert_eq!(wire.says(Step(9)), "2 > a, 3 > b, 4 > a");
    assert_eq!(wire.queue.rules(), ["hold"]);
    assert_eq!(wire.says(Release), "");
    assert_eq!(wire.arrives(A, "A", 2, 0), "5 > b");
}

#[test]
fn a_repeat_of_a_held_segment_is_counted_and_the_newest_passes() {
    let mut wire = Tale::begin();
    wire.says(Hold(of(Fin)));
    assert_eq!(wire.arrives(A, "FA", 9, 0), "1 held");
    assert_eq!(
        wire.arrives(A, "FPA", 9, 0),
        "1 x2 held",
        "PSH is no matter"
    );
    assert_eq!(wire.arrives(B, "FA", 9, 0), "3 held", "the other direction");
    assert_eq!(wire.arrives(A, "FA", 9, 0), "1 x3 held");
    assert_eq!(
        wire.arrives(A, "FA", 8, 1),
        "5 held",
        "merged with data it is another segment"
    );
    let acts = wire
        .queue
        .command(Micros(0), &Step(1))
        .expect("one is held");
    assert!(
        matches!(&acts[..], [Act::Pass { frame, .. }] if *frame == 4u64.to_be_bytes()),
        "the newest frame"
    );
    assert_eq!(
        wire.arrives(A, "FA", 9, 0),
        "6 held",
        "the first one is gone"
    );
    let counts = wire.queue.counts();
    assert_eq!((counts.held, counts.counted, counts.passed), (3, 2, 1));
}

#[test]
fn acks_and_resets_are_not_repeats_of_each_other() {
    let mut wire = Tale::begin();
    wire.says(Hold(any()));
    for (flags, told) in [
        ("A", "1 held"),
        ("A", "2 held"),
        ("RA", "3 held"),
        ("RA", "4 held"),
    ] {
        assert_eq!(wire.arrives(A, flags, 5, 0), told);
    }
}

#[test]
fn release_passes_in_order_of_arrival() {
    let mut wire = Tale::begin();
    wire.says(Hold(of(Data)));
    assert_eq!(wire.arrives(A, "PA", 1, 10), "1 held");
    assert_eq!(wire.arrives(A, "A", 11, 0), "2 > b", "an ACK is not held");
    assert_eq!(wire.arrives(A, "PA", 11, 10), "3 held");
    assert_eq!(wire.says(Release), "1 > b, 3 > b");
}

#[test]
fn what_is_in_flight_goes_on_when_a_hold_begins() {
    let mut wire = Tale::begin();
    wire.says(delays(100, any()));
    assert_eq!(wire.arrives(A, "PA", 1, 1), "1 due 100");
    wire.says(Hold(any()));
    assert_eq!(wire.at(50).arrives(A, "PA", 2, 1), "2 held");
    assert_eq!(wire.at(100).due(), "1 > b");
    assert_eq!(
        wire.at(130).says(Step(1)),
        "2 due 230",
        "its way begins now"
    );
    assert_eq!(wire.queue.next_due(), Some(Micros(230)));
    assert_eq!(wire.at(229).due(), "");
    assert_eq!(wire.at(400).due(), "2 > b");
}

#[test]
fn repeats_are_counted_on_what_is_held_unless_each_shall_stand() {
    let mut wire = Tale::begin();
    wire.says(Hold(any()));
    assert_eq!(wire.arrives(A, "FA", 1, 0), "1 held");
    assert_eq!(wire.at(200).arrives(A, "FA", 1, 0), "1 x2 held");
    assert_eq!(wire.says(Stack), "");
    assert_eq!(wire.at(600).arrives(A, "FA", 1, 0), "3 held");
    assert_eq!(wire.queue.rules(), ["stack", "hold"]);
    assert_eq!(wire.says(Clear), "1 x2 > b, 3 > b");
    assert!(wire.queue.rules().is_empty());
}

#[test]
fn drop_and_duplicate_use_their_count_up() {
    let mut wire = Tale::begin();
    wire.says(drops(Some(1), of(Fin)));
    wire.says(duplicates(Some(1), of(Fin)));
    assert_eq!(wire.queue.rules(), ["drop 1 fin", "duplicate 1 fin"]);
    assert_eq!(wire.arrives(A, "FA", 1, 0), "1 dropped by rule");
    assert_eq!(wire.arrives(A, "FA", 1, 0), "2 > b, 3 = 2 > b");
    assert_eq!(wire.arrives(A, "FA", 1, 0), "4 > b");
    wire.says(drops(Some(1), of(Rst)));
    wire.says(drops(Some(2), of(Rst)));
    assert_eq!(wire.queue.rules(), ["drop 3 rst"]);
    wire.says(drops(None, of(Rst)));
    for id in 5..20 {
        assert_eq!(wire.arrives(B, "R", 1, 0), format!("{id} dropped by rule"));
    }
    assert_eq!(wire.says(Clear), "");
    assert_eq!(wire.arrives(B, "R", 1, 0), "20 > a");
}

#[test]
fn a_copy_is_held_beside_its_original_and_repeats_count_on_the_original() {
    let mut wire = Tale::begin();
    wire.says(duplicates(None, of(Fin)));
    wire.says(Hold(of(Fin)));
    assert_eq!(wire.arrives(A, "FA", 1, 0), "1 held, 2 held");
    assert_eq!(wire.arrives(A, "FA", 1, 0), "1 x2 held");
    assert_eq!(wire.says(Step(2)), "1 x2 > b, 2 = 1 > b");
}

#[test]
fn selectors_by_kind_and_sender() {
    // What each selector takes of: SYN, SYN,ACK, ACK, data, FIN with data, RST.
    let segments = [
        ("S", 0),
        ("SA", 0),
        ("A", 0),
        ("PA", 5),
        ("FPA", 5),
        ("RA", 0),
    ];
    for (kind, taken) in [
        (SegmentKind::Any, "yyyyyy"),
        (Syn, "yy...."),
        (Fin, "....y."),
        (Rst, ".....y"),
        (Ack, "..y..."),
        (Data, "...yy."),
    ] {
        let mut wire = Tale::begin();
        wire.says(drops(None, of(kind)));
        let told: String = segments
            .iter()
            .map(|(flags, len)| wire.arrives(A, flags, 1, *len))
            .map(|told| if told.contains("dropped") { 'y' } else { '.' })
            .collect();
        assert_eq!(told, taken, "{kind:?}");
    }
}

#[test]
fn a_name_is_looked_up_when_the_segment_arrives() {
    let mut wire = Tale::begin();
    wire.says(drops(None, from(Syn, "server")));
    wire.says(drops(None, from(Data, "b")));
    assert_eq!(
        wire.arrives(B, "SA", 0, 0),
        "1 > a",
        "nobody has that name yet"
    );
    let taken = "2 dropped by rule";
    assert_eq!(wire.sent_by(Some("server.listen"), B, "SA", 0, 0), taken);
    assert_eq!(wire.sent_by(Some("server.2"), B, "SA", 0, 0), "3 > a");
    assert_eq!(
        wire.sent_by(Some("server"), B, "SA", 0, 0),
        "4 dropped by rule"
    );
    assert_eq!(wire.sent_by(Some("a"), A, "PA", 0, 1), "5 > b");
    assert_eq!(
        wire.sent_by(Some("server"), B, "PA", 0, 1),
        "6 dropped by rule"
    );
}

#[test]
fn a_direction_keeps_its_order_under_any_delay() {
    let mut wire = Tale::begin();
    wire.says(delays(100, any()));
    wire.says(delays(500, of(Fin)));
    assert_eq!(wire.queue.rules(), ["delay 100us", "delay 500us fin"]);
    assert_eq!(wire.arrives(A, "FA", 1, 0), "1 due 500");
    assert_eq!(wire.arrives(B, "A", 1, 0), "2 due 100");
    assert_eq!(wire.arrives(A, "A", 2, 0), "3 due 500", "behind the FIN");
    wire.says(delays(0, any()));
    assert_eq!(wire.at(50).arrives(A, "A", 2, 0), "4 due 500");
    assert_eq!(wire.at(50).arrives(B, "A", 1, 0), "5 due 100");
    // Arriving after its time, but before anybody asked what is due.
    assert_eq!(
        wire.at(600).arrives(A, "A", 2, 0),
        "2 > a, 5 > a, 1 > b, 3 > b, 4 > b, 6 > b"
    );
    assert_eq!(wire.arrives(B, "A", 1, 0), "7 > a");
}

#[test]
fn a_delay_of_nothing_is_an_exception_or_takes_the_rule_back() {
    let mut wire = Tale::begin();
    wire.says(delays(100, any()));
    wire.says(delays(0, of(Syn)));
    assert_eq!(wire.queue.rules(), ["delay 100us", "delay 0s syn"]);
    assert_eq!(wire.arrives(A, "S", 0, 0), "1 > b");
    assert_eq!(wire.arrives(A, "A", 1, 0), "2 due 100");
    wire.says(delays(0, any()));
    let none: [String; 0] = [];
    assert_eq!(wire.queue.rules(), none);
}

#[test]
fn reorder_turns_the_next_segments_of_one_direction_round() {
    let mut wire = Tale::begin();
    wire.says(Reorder(3));
    assert_eq!(wire.arrives(A, "PA", 1, 1), "1 held");
    assert_eq!(wire.arrives(B, "A", 1, 0), "2 > a", "the other direction");
    assert_eq!(
        wire.arrives(A, "PA", 1, 1),
        "1 x2 held",
        "a repeat is not the next one"
    );
    assert_eq!(wire.arrives(A, "PA", 2, 1), "4 held");
    assert_eq!(wire.queue.rules(), ["reorder 3"]);
    assert_eq!(
        wire.arrives(A, "PA", 3, 1),
        "5 held, 5 > b, 4 > b, 1 x2 > b"
    );
    assert_eq!(wire.arrives(A, "PA", 4, 1), "6 > b", "once only");
}

#[test]
fn an_unfinished_reorder_can_be_stepped_released_or_taken_back() {
    for (command, told) in [
        (Step(1), "1 > b"),
        (Clear, "2 > b, 1 > b"),
        (Reorder(2), "2 > b, 1 > b"),
        (Reorder(0), "2 > b, 1 > b"),
    ] {
        let mut wire = Tale::begin();
        wire.says(Reorder(5));
        wire.arrives(A, "PA", 1, 1);
        wire.arrives(A, "PA", 2, 1);
        assert_eq!(wire.says(command.clone()), told, "{command:?}");
    }
    let mut wire = Tale::begin();
    wire.says(Hold(any()));
    for seq in 1..4 {
        wire.arrives(A, "PA", seq, 1);
    }
    wire.says(Reorder(2));
    assert_eq!(wire.says(Step(1)), "", "it waits for another one");
    assert_eq!(wire.says(Release), "2 > b, 1 > b, 3 > b");
}

#[test]
fn cut_loses_what_is_under_way_and_keeps_what_stands_still() {
    let mut wire = Tale::begin();
    wire.says(Hold(of(Fin)));
    wire.says(delays(100, any()));
    wire.arrives(A, "FA", 1, 0);
    wire.arrives(A, "PA", 1, 1);
    assert_eq!(wire.says(Cut), "2 dropped by cut");
    assert_eq!(wire.arrives(B, "FA", 1, 0), "3 dropped by cut");
    assert_eq!(wire.queue.rules(), ["cut", "hold fin", "delay 100us"]);
    let refused = wire.queue.command(Micros(0), &Step(1));
    assert_eq!(refused, Err(WireRefusal::Cut));
    assert_eq!(
        wire.queue.command(Micros(0), &Release),
        Err(WireRefusal::Cut)
    );
    wire.says(Mend);
    assert_eq!(wire.says(Release), "1 due 100");
    wire.says(Cut);
    wire.says(Clear);
    assert_eq!(wire.arrives(A, "A", 1, 0), "4 > b", "clear mends");
}

#[test]
fn on_a_cut_cable_a_step_waits_for_nothing() {
    let mut wire = Tale::begin();
    wire.says(Hold(any()));
    wire.says(Cut);
    let refused = wire.queue.command(Micros(0), &Step(1));
    assert_eq!(refused, Err(WireRefusal::Cut));
    assert_eq!(wire.says(Release), "", "the hold alone can be let go");
}

#[test]
fn a_rule_that_no_segment_met_is_known() {
    let mut wire = Tale::begin();
    let unmet = |wire: &Tale| -> Vec<String> {
        let rules = wire.queue.unmet();
        rules.iter().map(WireCommand::to_string).collect()
    };
    wire.says(drops(Some(2), of(Fin)));
    wire.says(duplicates(Some(1), of(Rst)));
    wire.says(Hold(of(Data)));
    wire.says(delays(100, of(Ack)));
    assert_eq!(
        unmet(&wire),
        [
            "drop 2 fin",
            "duplicate 1 rst",
            "hold data",
            "delay 100us ack"
        ]
    );
    wire.arrives(A, "FA", 1, 0);
    assert_eq!(unmet(&wire)[0], "duplicate 1 rst", "one of two is enough");
    wire.arrives(A, "R", 1, 0);
    wire.arrives(A, "PA", 1, 9);
    assert_eq!(unmet(&wire), ["delay 100us ack"]);
    wire.says(Cut);
    wire.arrives(A, "A", 1, 0);
    assert_eq!(unmet(&wire), ["delay 100us ack"], "the cut came first");
    wire.says(Mend);
    wire.arrives(A, "A", 1, 0);
    assert_eq!(unmet(&wire), [""; 0]);
}

#[test]
fn what_is_no_tcp_passes_a_cut_cable_untold() {
    let mut wire = Tale::begin();
    wire.says(Cut);
    wire.says(Hold(any()));
    let acts = wire.queue.arrive(Micros(0), A, None, vec![1, 2]);
    assert_eq!(words(&acts), "> b");
    assert_eq!(wire.queue.counts(), Counts::default());
}

#[test]
fn discard_takes_one_segment_wherever_it_stands() {
    let mut wire = Tale::begin();
    wire.says(Hold(of(Fin)));
    wire.says(delays(100, any()));
    wire.arrives(A, "FA", 1, 0);
    wire.arrives(A, "PA", 1, 1);
    assert_eq!(wire.says(Discard(1)), "1 dropped by discarded");
    assert_eq!(wire.says(Discard(2)), "2 dropped by discarded");
    wire.says(delays(50, any()));
    assert_eq!(
        wire.arrives(A, "PA", 2, 1),
        "3 due 50",
        "nothing waits behind what is gone"
    );
    wire.says(Reorder(2));
    assert_eq!(wire.arrives(B, "PA", 2, 1), "4 held");
    assert_eq!(wire.says(Discard(4)), "4 dropped by discarded");
    assert_eq!(
        wire.arrives(A, "FA", 1, 0),
        "5 held",
        "no repeat of the discarded one"
    );
    for id in [0, 1, 4, 99] {
        assert_eq!(
            wire.queue.command(Micros(0), &Discard(id)),
            Err(WireRefusal::NoSuchSegment { id })
        );
    }
}

#[test]
fn what_cannot_be_done_is_said_with_its_remedy() {
    let mut wire = Tale::begin();
    assert!(
        wire.says(Step(1))
            .ends_with("`wire: hold` keeps what arrives from then on")
    );
    assert!(
        wire.says(Release)
            .ends_with("`wire: hold` keeps what arrives from then on")
    );
    wire.says(Hold(any()));
    assert!(
        wire.says(Step(1))
            .ends_with("let an end send something first")
    );
    assert_eq!(wire.says(Release), "", "the hold is taken back");
    assert!(
        wire.says(Discard(3))
            .starts_with("no: segment 3 is neither held nor under way")
    );
    assert_eq!(wire.says(Mend), "");
}

#[test]
fn loss_is_the_same_for_the_same_seed_however_the_directions_interleave() {
    let lost = |seed: u64, order: &[Host]| {
        let mut wire = Tale::begin();
        wire.says(Loss {
            basis_points: 3_000,
            seed,
        });
        let mut lost = [String::new(), String::new()];
        for (n, host) in order.iter().enumerate() {
            let told = wire.arrives(*host, "PA", n as u32, 1);
            lost[*host as usize].push(if told.contains("by loss") { 'x' } else { '.' });
        }
        lost
    };
    let turns: Vec<Host> = (0..120).map(|n| Host::ALL[n % 2]).collect();
    let blocks: Vec<Host> = (0..120).map(|n| Host::ALL[n / 60]).collect();
    assert_eq!(lost(7, &turns), lost(7, &blocks));
    assert_ne!(lost(7, &turns), lost(8, &turns));
    let [a, b] = lost(7, &turns);
    assert_ne!(a, b, "each direction has its own luck");
    assert!((8..30).contains(&a.matches('x').count()), "{a}");
}

#[test]
fn the_rules_are_told_in_the_order_in_which_they_are_asked() {
    let mut wire = Tale::begin();
    for command in [
        delays(2_000, any()),
        Reorder(2),
        Hold(from(Data, "client")),
        duplicates(None, of(Ack)),
        Loss {
            basis_points: 500,
            seed: 3,
        },
        drops(Some(2), from(Fin, "b")),
        Cut,
        Hold(from(Data, "client")),
    ] {
        wire.says(command);
    }
    assert_eq!(
        wire.queue.rules(),
        [
            "cut",
            "drop 2 fin from b",
            "loss 5% seed 3",
            "duplicate ack",
            "hold data from client",
            "reorder",
            "delay 2ms"
        ]
    );
    wire.says(Mend);
    wire.says(Hold(any()));
    assert!(
        wire.queue.rules().contains(&"hold".to_owned()),
        "one hold for all"
    );
    wire.says(Clear);
    assert!(wire.queue.rules().is_empty());
}

#[test]
fn what_the_wire_cannot_take_is_dropped_and_told() {
    let mut wire = Tale::begin();
    wire.queue = WireQueue::new(2000);
    wire.says(Hold(any()));
    let mut told = Vec::new();
    for seq in 0..20 {
        told.push(wire.arrives(A, "PA", seq, 1));
    }
    let held = told.iter().filter(|t| t.ends_with("held")).count();
    assert!((2..10).contains(&held), "{told:?}");
    assert!(told[held..].iter().all(|t| t.ends_with("dropped by full")));
    assert_eq!(wire.queue.counts().overflowed, 20 - held as u64);
    wire.says(Step(1));
    assert!(
        wire.arrives(A, "PA", 99, 1).ends_with("held"),
        "there is room again"
    );
    wire.says(Release);
    assert_eq!(
        wire.arrives(A, "PA", 100, 1),
        "22 > b",
        "passing needs no room"
    );
}

/// One step of a random story.
#[derive(Clone, Debug)]
enum Move {
    Arrives(Host, &'static str, u32, u32),
    Says(WireCommand),
    Later(u64),
}

fn moves() -> impl Strategy<Value = Move> {
    let host = prop_oneof![Just(A), Just(B)];
    let kind = prop_oneof![Just(SegmentKind::Any), Just(Fin), Just(Data), Just(Ack)];
    let selector =
        (kind, prop::option::of(prop_oneof![Just("a"), Just("b")])).prop_map(|(kind, from)| {
            Selector {
                kind,
                from: from.map(Into::into),
            }
        });
    let count = prop::option::of(1..3u32);
    let commands = prop_oneof![
        selector.clone().prop_map(Hold),
        (0..4u32).prop_map(Step),
        Just(Release),
        (count.clone(), selector.clone()).prop_map(|(count, what)| drops(count, what)),
        (count, selector.clone()).prop_map(|(count, what)| duplicates(count, what)),
        (0..300u64, selector).prop_map(|(us, what)| delays(us, what)),
        (0..5u32).prop_map(Reorder),
        (0..5_000u32, any_seed()).prop_map(|(basis_points, seed)| Loss { basis_points, seed }),
        Just(Cut),
        Just(Mend),
        Just(Stack),
        Just(Clear),
        (0..40u64).prop_map(Discard),
    ];
    let flags = prop_oneof![
        Just(("A", 0)),
        Just(("PA", 3)),
        Just(("FA", 0)),
        Just(("R", 0))
    ];
    prop_oneof![
        6 => (host, flags, 0..6u32).prop_map(|(h, (f, len), seq)| Move::Arrives(h, f, seq, len)),
        3 => commands.prop_map(Move::Says),
        1 => (1..400u64).prop_map(Move::Later),
    ]
}

fn any_seed() -> impl Strategy<Value = u64> {
    0..1000u64
}

/// What a reader of the tellings knows of each segment: the last word about it.
#[derive(Default)]
struct Ledger {
    last: std::collections::BTreeMap<u64, (Fate, Option<Micros>)>,
    passed: Vec<(Host, u64)>,
}

impl Ledger {
    fn take(&mut self, acts: &[Act<Vec<u8>>]) {
        for act in acts {
            let told = match act {
                Act::Pass { told, .. } => told.as_ref().expect("all is TCP"),
                Act::Told(told) => told,
            };
            if let Some((fate, _)) = self.last.insert(told.id, (told.fate, told.due)) {
                assert_eq!(fate, Fate::Held, "{} was told to be done", told.id);
            }
            if let Act::Pass { to, frame, .. } = act {
                assert_eq!(*to, told.host.other());
                assert!(matches!(told.fate, Fate::Passed | Fate::Duplicated));
                let number: [u8; 8] = frame[..].try_into().expect("eight octets");
                self.passed.push((told.host, u64::from_be_bytes(number)));
            }
        }
    }

    fn count(&self, wanted: impl Fn(Fate, Option<Micros>) -> bool) -> u64 {
        let hits = self.last.values().filter(|(fate, due)| wanted(*fate, *due));
        hits.count() as u64
    }
}

fn play(moves: &[Move], limit: usize) -> (WireQueue<Vec<u8>>, Ledger) {
    play_by(moves, limit, |queue, now, host, arrival, frame| {
        queue.arrive(now, host, Some(arrival), frame)
    })
}

/// As the cable does it: while the wire is clear, a frame is written first and told afterwards.
fn past_a_clear_wire(
    queue: &mut WireQueue<Vec<u8>>,
    now: Micros,
    host: Host,
    arrival: Arrival<'_>,
    frame: Vec<u8>,
) -> Vec<Act<Vec<u8>>> {
    if !queue.is_clear() {
        return queue.arrive(now, host, Some(arrival), frame);
    }
    let sent = Sent {
        segment: arrival.segment,
        repeats_of: arrival.repeats_of,
        why: arrival.why,
        moves: Vec::new(),
    };
    let id = queue.passes_by();
    let told = WireTelling::passed(id, host, arrival.packet.clone(), &sent, arrival.left);
    vec![Act::Pass {
        to: host.other(),
        frame,
        told: Some(Box::new(told)),
    }]
}

type Arrive = fn(&mut WireQueue<Vec<u8>>, Micros, Host, Arrival<'_>, Vec<u8>) -> Vec<Act<Vec<u8>>>;

fn play_by(moves: &[Move], limit: usize, arrive: Arrive) -> (WireQueue<Vec<u8>>, Ledger) {
    let mut wire = Tale::begin();
    wire.queue = WireQueue::new(limit);
    let mut ledger = Ledger::default();
    for step in moves {
        let now = Micros(wire.now);
        let acts = match step {
            Move::Arrives(host, flags, seq, len) => {
                let packet = packet(*host, flags, *seq, *len);
                let arrival = Arrival {
                    packet: &packet,
                    segment: segment(&packet),
                    from: None,
                    left: now,
                    repeats_of: None,
                    why: Explanation::Ack,
                };
                let frame = wire.queue.next_id().to_be_bytes().to_vec();
                arrive(&mut wire.queue, now, *host, arrival, frame)
            }
            Move::Says(command) => wire.queue.command(now, command).unwrap_or_default(),
            Move::Later(us) => {
                wire.now += us;
                wire.queue.due(Micros(wire.now))
            }
        };
        ledger.take(&acts);
    }
    (wire.queue, ledger)
}

proptest! {
    /// Every segment is told, and stands, passed or dropped exactly once; the numbers say the same.
    #[test]
    fn nothing_is_lost_and_nothing_invented(
        moves in prop::collection::vec(moves(), 0..80),
        limit in prop_oneof![Just(1 << 20), Just(1500usize)],
    ) {
        let (mut queue, mut ledger) = play(&moves, limit);
        let counts = queue.counts();
        let arrived = moves.iter().filter(|m| matches!(m, Move::Arrives(..))).count() as u64;
        prop_assert_eq!(counts.arrived, arrived);
        let standing = (counts.held + counts.in_flight) as u64;
        prop_assert_eq!(
            counts.arrived + counts.duplicated,
            counts.passed + counts.dropped + counts.counted + standing
        );
        prop_assert_eq!(ledger.count(|f, _| matches!(f, Fate::Passed | Fate::Duplicated)), counts.passed);
        prop_assert_eq!(ledger.count(|f, _| f == Fate::Dropped), counts.dropped);
        prop_assert_eq!(ledger.count(|f, due| f == Fate::Held && due.is_none()), counts.held as u64);
        prop_assert_eq!(ledger.count(|f, due| f == Fate::Held && due.is_some()), counts.in_flight as u64);
        // Once all rules are gone, all that stood passes, and the wire is empty to the last octet.
        ledger.take(&queue.command(Micros(u64::MAX), &Clear).expect("never refused"));
        ledger.take(&queue.due(Micros(u64::MAX)));
        let after = queue.counts();
        prop_assert_eq!((after.held, after.in_flight), (0, 0));
        prop_assert_eq!(after.passed, counts.passed + standing);
        prop_assert!(queue.is_empty());
    }

    /// Without hold, reorder and repeats nothing overtakes anything in its direction.
    #[test]
    fn a_direction_keeps_its_order(moves in prop::collection::vec(moves(), 0..80)) {
        let calm: Vec<Move> = moves
            .into_iter()
            .filter(|m| !matches!(m, Move::Says(Hold(_) | Reorder(_) | WireCommand::Duplicate { .. })))
            .collect();
        let (mut queue, mut ledger) = play(&calm, 1 << 20);
        ledger.take(&queue.due(Micros(u64::MAX)));
        for host in Host::ALL {
            let passed: Vec<u64> = ledger.passed.iter().filter(|(h, _)| *h == host).map(|(_, n)| *n).collect();
            prop_assert!(passed.is_sorted(), "{passed:?}");
        }
    }

    /// What passes a clear wire by leaves the queue as if it had been through it.
    #[test]
    fn a_clear_wire_is_passed_by_as_it_would_be_passed(
        moves in prop::collection::vec(moves(), 0..60),
        limit in prop_oneof![Just(1 << 20), Just(1500usize)],
    ) {
        let (one, two) = (play(&moves, limit), play_by(&moves, limit, past_a_clear_wire));
        prop_assert_eq!(one.1.passed, two.1.passed);
        prop_assert_eq!(one.1.last, two.1.last);
        prop_assert_eq!(one.0.counts(), two.0.counts());
        prop_assert_eq!((one.0.rules(), one.0.next_id()), (two.0.rules(), two.0.next_id()));
    }

    /// The same story is told the same way twice.
    #[test]
    fn the_wire_repeats_itself(moves in prop::collection::vec(moves(), 0..60)) {
        let (one, two) = (play(&moves, 1 << 20), play(&moves, 1 << 20));
        prop_assert_eq!(one.1.passed, two.1.passed);
        prop_assert_eq!(one.0.counts(), two.0.counts());
        prop_assert_eq!(one.0.rules(), two.0.rules());
    }
}
