//! What came onto the wire in the span of an expectation, counted by sender and kind. It keeps numbers, no segments.
//!
//! A segment came when it was first told, whatever became of it: a dropped one did come onto the wire. A retransmission
//! that was counted on a held segment came too, although it never had a place of its own. What had left its sender before
//! the span began came before it, however late the wire's thread tells it.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use super::ask::{SegmentKind, Selector};
use crate::journal::{Event, Fact, Fate, Host, Micros, WireEnd, WireFact, WireState, World};

/// One number for each kind, in the order of [`SegmentKind::ALL`]. A FIN with payload counts as `fin` and as `data`.
type Kinds = [u64; SegmentKind::ALL.len()];

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic {
    /// The wire as it is after the last event, to know what is told for the first time.
    wire: WireState,
    flows: BTreeMap<Flow, Tally>,
    /// When the span began.
    from: Micros,
}

/// One direction of one connection, as the segments name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Flow {
    from: WireEnd,
    to: WireEnd,
    host: Option<Host>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    came: Kinds,
    repeated: Kinds,
    dropped: u64,
}

impl Traffic {
    /// Nothing has come yet; `mark` is the wire at the beginning of the span.
    pub fn since(mark: &WireState, from: Micros) -> Traffic {
        Traffic {
            wire: mark.clone(),
            flows: BTreeMap::new(),
            from,
        }
    }

    pub fn feed(&mut self, event: &Event) {
        match &event.fact {
            Fact::Wire(fact) => self.segment(fact),
            Fact::Note(note) => {
                self.wire.remark(note);
            }
            Fact::App(_) | Fact::Kernel(_) | Fact::Half(_) | Fact::Script { .. } => {}
        }
    }

    fn segment(&mut self, fact: &WireFact) {
        let new = self.wire.is_new(fact);
        let counted = u64::from(self.wire.newly_counted(fact));
        self.wire.tell(fact);
        if new && fact.left < self.from {
            return;
        }
        let flow = Flow {
            from: WireEnd::clone(&fact.from),
            to: WireEnd::clone(&fact.to),
            host: fact.host,
        };
        let tally = self.flows.entry(flow).or_default();
        let came = u64::from(new) + counted;
        let repeated = u64::from(new && fact.repeats_of.is_some()) + counted;
        for kind in SegmentKind::ALL {
            if kind.matches(&fact.segment) {
                tally.came[kind as usize] += came;
                tally.repeated[kind as usize] += repeated;
            }
        }
        tally.dropped += u64::from(fact.fate == Fate::Dropped);
    }

    /// So many such segments came.
    pub fn came(&self, what: &Selector, world: &World) -> u64 {
        self.sum(what, world, |tally| tally.came)
    }

    /// So many of them repeated an earlier one.
    pub fn repeated(&self, what: &Selector, world: &World) -> u64 {
        self.sum(what, world, |tally| tally.repeated)
    }

    pub fn dropped(&self) -> u64 {
        self.flows.values().map(|tally| tally.dropped).sum()
    }

    fn sum(&self, what: &Selector, world: &World, count: impl Fn(&Tally) -> Kinds) -> u64 {
        let flows = self.flows.iter();
        // What is none of its kind needs no look at who sent it.
        let numbers = flows.map(|(flow, tally)| (flow, count(tally)[what.kind as usize]));
        numbers
            .filter(|(flow, n)| *n > 0 && flow.is_from(what, world))
            .map(|(_, n)| n)
            .sum()
    }

    /// For the report.
    pub fn seen(&self, world: &World) -> SeenWire {
        let mut senders: BTreeMap<String, Kinds> = BTreeMap::new();
        for (flow, tally) in &self.flows {
            let all = senders.entry(flow.sender(world).to_owned()).or_default();
            for (sum, n) in all.iter_mut().zip(tally.came) {
                *sum += n;
            }
        }
        let repeated = |tally: &Tally| tally.repeated[SegmentKind::Any as usize];
        SeenWire {
            senders: senders.into_iter().collect(),
            retransmissions: self.flows.values().map(repeated).sum(),
            dropped: self.dropped(),
            held: world.wire.held().len(),
            in_flight: world.wire.in_flight().len(),
        }
    }
}

impl Flow {
    fn is_from(&self, what: &Selector, world: &World) -> bool {
        match (&what.from, what.host()) {
            (None, _) => true,
            (Some(_), Some(host)) => self.host == Some(host),
            (Some(name), None) => {
                let sender = self.sender(world);
                // What a listener sends (SYN,ACK) belongs to the connection that it becomes.
                sender == name || sender.strip_suffix(".listen") == Some(name)
            }
        }
    }

    /// The sender's name. A segment may be told before its endpoint is known; then the addresses say whose it was.
    fn sender<'a>(&'a self, world: &'a World) -> &'a str {
        let holder = || {
            let (from, to) = (self.from.parse().ok()?, address(&self.to, world)?);
            world.holder(self.host, from, to)
        };
        holder().map_or(&self.from, |endpoint| &endpoint.name)
    }
}

fn address(end: &str, world: &World) -> Option<SocketAddr> {
    match end.parse() {
        Ok(address) => Some(address),
        Err(_) => world.by_name(end)?.local,
    }
}

/// What was on the wire instead of what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenWire {
    /// Who sent how many segments of each kind since the last line, by name or address.
    pub senders: Vec<(String, [u64; SegmentKind::ALL.len()])>,
    /// Since the last line.
    pub retransmissions: u64,
    /// Since the last line.
    pub dropped: u64,
    /// Now.
    pub held: usize,
    /// Now.
    pub in_flight: usize,
}

/// More senders than these would hide the rest.
const SENDERS_TOLD: usize = 6;

/// "client sent 1 syn, 2 ack; server sent 1 syn; 0 held, 0 in flight, 0 dropped, 0 retransmissions".
impl fmt::Display for SeenWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.senders.is_empty() {
            f.write_str("no segment; ")?;
        }
        for (sender, kinds) in self.senders.iter().take(SENDERS_TOLD) {
            write!(f, "{sender} sent")?;
            let named = SegmentKind::ALL.into_iter().zip(kinds).skip(1);
            let mut between = " ";
            for (kind, n) in named.filter(|(_, n)| **n > 0) {
                write!(f, "{between}{n} {kind}")?;
                between = ", ";
            }
            f.write_str(if between == " " { " nothing; " } else { "; " })?;
        }
        match self.senders.len().saturating_sub(SENDERS_TOLD) {
            0 => {}
            more => write!(f, "{more} more sent; ")?,
        }
        write!(
            f,
            "{} held, {} in flight, {} dropped, {} retransmissions",
            self.held, self.in_flight, self.dropped, self.retransmissions
        )
    }
}
