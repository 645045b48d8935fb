//! Stories of expectations about the wire: segments in, a verdict out. Tests only.
//!
//! ```text
//! 7 client > server FA           segment 7 passed
//! 7 client > server FA held x2   told again: held, two retransmissions counted on it
//! 8 client > server FA of 7      it repeats segment 7
//! ```
//! A name or an address stands for each end; what `client` and 198.51.100.1 send, host `a` sends.

use std::net::SocketAddr;

use super::*;
use crate::journal::{
    By, Call, EndpointId, Event, Fact, Fate, Host, KernelFact, LabChange, Micros, Note, Op, Source,
    Tuple, Who, WireFact, World,
};
use crate::tcp::{Flags, Segment, Seq, State};

#[derive(Default)]
struct Story {
    world: World,
    evidence: Evidence,
    events: Vec<Event>,
    mark: (World, usize),
}

fn expect(line: &str) -> Expect {
    match parse_line(line, Origin::Script) {
        Ok(Some(Statement::Expect(expect))) => expect,
        other => panic!("{line}: {other:?}"),
    }
}

fn who(name: &str) -> Who {
    let id = match name {
        "server.listen" => 0,
        "client" => 1,
        _ => 2,
    };
    Who {
        id: EndpointId(id),
        name: name.into(),
    }
}

fn segment(line: &str) -> WireFact {
    let words: Vec<&str> = line.split(' ').collect();
    let after = |word| words.iter().position(|w| *w == word).map(|i| words[i + 1]);
    let fates = [Fate::Held, Fate::Dropped, Fate::Duplicated];
    let repeats = words.iter().find_map(|w| w.strip_prefix('x')?.parse().ok());
    let from = words[1];
    let host = match from == "client" || from.starts_with("198.51.100.1:") {
        true => Host::A,
        false => Host::B,
    };
    WireFact {
        id: words[0].parse().expect("a number"),
        from: from.into(),
        to: words[3].into(),
        host: Some(host),
        segment: Segment {
            flags: Flags::parse(words[4]).expect("flags"),
            seq: Seq(1),
            ack: Seq(1),
            len: after("len").map_or(0, |n| n.parse().expect("a length")),
            win: 64240,
        },
        fate: fates
            .into_iter()
            .find(|fate| words.contains(&fate.word()))
            .unwrap_or(Fate::Passed),
        left: Micros(0),
        due: after("due").map(|n| Micros(n.parse().expect("a time"))),
        repeats: repeats.unwrap_or(0),
        copy_of: None,
        why: None,
        dropped_by: None,
        repeats_of: after("of").map(|n| n.parse().expect("a number")),
        gso: false,
    }
}

impl Story {
    fn tell(&mut self, who: Option<Who>, fact: Fact) {
        let n = self.events.len() as u64 + 1;
        let event = Event {
            n,
            at: Micros(n * 10),
            who,
            fact,
        };
        self.world.apply(&event);
        self.evidence.feed(&event);
        self.events.push(event);
    }

    fn segments(&mut self, lines: &[&str]) {
        for line in lines {
            self.tell(None, Fact::Wire(segment(line)));
        }
    }

    /// An endpoint of the lab learns its addresses.
    fn endpoint(&mut self, name: &str, state: State, host: Host, local: &str, peer: &str) {
        let address = |at: &str| at.parse::<SocketAddr>().ok();
        let fact = KernelFact {
            source: Source::Measured,
            change: Some((State::Closed, state)),
            sample: None,
            tuple: Some(Tuple {
                local: address(local),
                peer: address(peer),
                cookie: None,
                host: Some(host),
            }),
            gone: false,
        };
        self.tell(Some(who(name)), Fact::Kernel(Box::new(fact)));
    }

    fn line(&mut self) {
        self.mark = (self.world.clone(), self.events.len());
    }

    /// A watch that was there from the mark on, and what it says if the time ends now.
    fn watch(&self, line: &str) -> (Watch, Verdict) {
        let (mark, at) = &self.mark;
        let mut watch = Watch::since(expect(line), mark, &self.events[*at..], &self.evidence);
        let verdict = watch.expire(&self.world, &self.evidence);
        (watch, verdict)
    }

    fn is(&self, line: &str, holds: bool) {
        let (watch, verdict) = self.watch(line);
        let wanted = if holds {
            Verdict::Held
        } else {
            Verdict::Failed
        };
        assert_eq!(verdict, wanted, "{line}: {}", watch.seen(&self.world));
    }
}

#[test]
fn a_segment_came_whatever_became_of_it() {
    let mut story = Story::default();
    story.segments(&[
        "1 client > server S",
        "2 server > client SA",
        "3 client > server A",
        "4 client > server PA len 10",
        "5 client > server FA dropped",
        "6 server > client A held",
    ]);
    for (fact, holds) in [
        ("any", true),
        ("syn", true),
        ("syn from server", true),
        ("fin", true),
        ("fin from client", true),
        ("fin from a", true),
        ("fin from server", false),
        ("fin from b", false),
        ("rst", false),
        ("ack from server", true),
        ("data from client", true),
        ("data from b", false),
        ("1 dropped", true),
        ("2 dropped", false),
        ("1 held", true),
        ("0 held", false),
        ("2 held", false),
    ] {
        story.is(&format!("expect wire {fact}"), holds);
        story.is(&format!("expect no wire {fact} within 1s"), !holds);
    }
}

#[test]
fn only_what_came_since_the_last_line_counts() {
    let mut story = Story::default();
    story.segments(&["1 client > server FA held", "2 client > server A dropped"]);
    story.line();
    story.is("expect no wire any within 1s", true);
    story.is("expect no wire 1 dropped within 1s", true);
    story.is("expect wire 1 held", true);
    // Told again, it is no other segment.
    story.segments(&["1 client > server FA"]);
    story.is("expect no wire fin within 1s", true);
    story.is("expect wire 0 held", true);
    story.segments(&["3 client > server FA"]);
    story.is("expect wire fin", true);
}

#[test]
fn retransmissions_have_a_place_of_their_own_or_are_counted_on_a_held_one() {
    let mut story = Story::default();
    story.segments(&[
        "1 client > server FA dropped",
        "2 client > server FA dropped of 1",
        "3 client > server FA held of 1",
        "3 client > server FA held x1 of 1",
        "3 client > server FA held x2 of 1",
        "3 client > server FA x2 of 1",
        "4 server > client FA",
    ]);
    story.is("expect wire 4 retransmissions of fin", true);
    story.is("expect wire 4 retransmissions of fin from client", true);
    story.is("expect wire 5 retransmissions of fin", false);
    story.is("expect wire 1 retransmissions of fin from server", false);
    story.is("expect wire 1 retransmissions of syn", false);
    story.line();
    story.is("expect wire 1 retransmissions of fin", false);
}

#[test]
fn a_retransmission_counted_on_a_segment_that_was_held_before_came_now() {
    let mut story = Story::default();
    story.segments(&["1 client > server FA held x3"]);
    story.line();
    story.segments(&["1 client > server FA held x5"]);
    story.is("expect wire 2 retransmissions of fin", true);
    story.is("expect wire 3 retransmissions of fin", false);
    story.is("expect wire fin from client", true);
}

#[test]
fn what_is_delayed_is_not_held() {
    let mut story = Story::default();
    story.segments(&[
        "1 client > server FA held due 900",
        "2 client > server A held",
    ]);
    story.is("expect wire 1 held", true);
    assert_eq!(
        story
            .watch("expect wire rst")
            .0
            .seen(&story.world)
            .to_string(),
        "client sent 1 fin, 1 ack; 1 held, 1 in flight, 0 dropped, 0 retransmissions"
    );
}

#[test]
fn what_is_held_is_about_now() {
    let mut story = Story::default();
    story.segments(&["1 client > server FA held"]);
    story.line();
    story.segments(&["1 client > server FA"]);
    let (mark, at) = &story.mark;
    let line = expect("expect wire 1 held");
    let mut watch = Watch::since(line, mark, &story.events[*at..], &story.evidence);
    assert_eq!(
        watch.verdict(),
        Verdict::Open,
        "it was held, and is no more"
    );
    story.segments(&["2 client > server FA held of 1"]);
    let last = story.events.last().expect("told").clone();
    assert_eq!(
        watch.feed(&last, &story.world, &story.evidence),
        Verdict::Held
    );
}

const CLIENT: &str = "198.51.100.1:43210";
const SERVER: &str = "198.51.100.2:6000";

#[test]
fn a_segment_that_was_told_before_its_endpoint_is_known_by_its_addresses() {
    let mut story = Story::default();
    story.endpoint("server.listen", State::Listen, Host::B, SERVER, "0.0.0.0:0");
    let call = Call {
        op: Op::Listen { backlog: 1 },
        result: Ok(0),
        by: By::Asked,
        blocked_us: None,
    };
    story.tell(Some(who("server.listen")), Fact::App(call));
    story.line();
    story.segments(&[
        &format!("1 {CLIENT} > {SERVER} S"),
        &format!("2 {SERVER} > {CLIENT} SA"),
    ]);
    story.is("expect wire syn from client", false);
    story.is("expect wire syn from server", true);
    story.endpoint("client", State::Established, Host::A, CLIENT, SERVER);
    story.is("expect wire syn from client", true);
    story.endpoint("server", State::Established, Host::B, SERVER, CLIENT);
    story.is("expect wire syn from server", true);
    story.segments(&[&format!("3 {CLIENT} > server FA")]);
    story.is("expect wire fin from client", true);
    story.is("expect wire fin from server", false);
    let (watch, _) = story.watch("expect wire rst from client");
    assert_eq!(
        watch.seen(&story.world).to_string(),
        "client sent 1 syn, 1 fin; server sent 1 syn; 0 held, 0 in flight, 0 dropped, 0 retransmissions"
    );
}

#[test]
fn nothing_on_the_wire_is_said_as_such() {
    let story = Story::default();
    let (watch, verdict) = story.watch("expect wire fin");
    assert_eq!(verdict, Verdict::Failed);
    assert_eq!(
        watch.seen(&story.world).to_string(),
        "no segment; 0 held, 0 in flight, 0 dropped, 0 retransmissions"
    );
}

#[test]
fn a_fresh_wire_counts_its_segments_from_the_beginning() {
    let mut story = Story::default();
    story.segments(&["1 client > server S", "2 server > client SA"]);
    story.line();
    let change = LabChange::Reset;
    let failed = None;
    story.tell(None, Fact::Note(Note::Lab { change, failed }));
    story.segments(&["1 client > server S"]);
    story.is("expect wire syn from client", true);
}

#[test]
fn what_had_left_before_the_span_began_came_before_it_however_late_it_is_told() {
    let mut story = Story::default();
    story.line();
    let left = |line: &str, left: u64| {
        Fact::Wire(WireFact {
            left: Micros(left),
            ..segment(line)
        })
    };
    story.tell(None, left("1 client > server A", 90));
    story.tell(None, left("2 server > client FA", 110));
    let since = |line: &str, from: u64| {
        let mut watch = Watch::new(expect(line)).from(Micros(from));
        watch.begin(&story.mark.0, &story.evidence);
        for event in &story.events {
            watch.feed(event, &story.world, &story.evidence);
        }
        watch.expire(&story.world, &story.evidence)
    };
    assert_eq!(since("expect no wire ack within 1s", 100), Verdict::Held);
    assert_eq!(since("expect wire fin", 100), Verdict::Held);
    assert_eq!(since("expect no wire ack within 1s", 80), Verdict::Failed);
}
