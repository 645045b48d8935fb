//! One event of the ladder, kept without what the ladder does not show. No order, no drawing.

use crate::journal::{Call, Event, Fact, Fate, Micros, Note, Op, Payload, Source, Who, WireFact};
use crate::tcp::State;

/// The number of a row: counts from 0 through the whole journal, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(pub u64);

/// One event.
#[derive(Clone, Debug)]
pub struct Row {
    pub at: Micros,
    pub who: Option<Who>,
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// A system call. `eof`: it is the recv that returned 0 because of the peer's FIN.
    Call { call: Call, eof: bool },
    /// The kernel's state, or that it has no such socket any more.
    State {
        to: Option<State>,
        source: Source,
        gone: bool,
    },
    /// The segments say this state, and the kernel another; `None`: they agree again.
    Disputed(Option<State>),
    /// The rules of the wire from now on; `None`: none.
    Rules(Option<String>),
    /// A segment on its way, as the wire told it last.
    Segment(Flight),
    /// The segment of that row, which had been delayed or held, was let through now.
    Arrival(Place),
}

/// A segment and when the wire last spoke of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    pub fact: WireFact,
    pub told: Micros,
    /// It vanished with the lab that it was in.
    pub vanished: bool,
    /// Its arrival stands on a line of its own, below that of its departure.
    pub apart: bool,
}

/// How far a segment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Under way: so many thousandths of the way.
    Flying(u32),
    /// Held.
    Standing,
    Landed,
    Lost,
}

impl Flight {
    pub fn progress(&self, now: Micros) -> Progress {
        match (self.fact.fate, self.fact.due) {
            _ if self.vanished => Progress::Lost,
            (Fate::Passed | Fate::Duplicated, _) => Progress::Landed,
            (Fate::Dropped, _) => Progress::Lost,
            (Fate::Held, None) => Progress::Standing,
            (Fate::Held, Some(due)) => Progress::Flying(thousandths(self.fact.left, due, now)),
        }
    }

    /// Held or under way.
    pub fn on_the_wire(&self) -> bool {
        self.fact.fate == Fate::Held && !self.vanished
    }

    /// Two of it came out of the wire, and no other row tells of the second.
    pub fn came_twice(&self) -> bool {
        self.fact.fate == Fate::Duplicated && self.fact.copy_of.is_none()
    }

    /// When it arrives, while that lies ahead.
    pub fn due_after(&self, now: Micros) -> Option<Micros> {
        self.fact.due.filter(|due| self.on_the_wire() && *due > now)
    }

    /// It was seen on its way between two ends, and no wire of ours lies there: it arrived as it left.
    pub fn seen(&self) -> bool {
        self.fact.host.is_none() && self.fact.fate == Fate::Passed
    }

    /// When it was let through.
    pub fn landed(&self) -> Option<Micros> {
        match self.fact.fate {
            Fate::Passed if self.seen() => Some(self.fact.left),
            Fate::Passed | Fate::Duplicated => Some(self.told),
            Fate::Held | Fate::Dropped => None,
        }
    }
}

/// How much of the time from `left` to `due` has passed. A segment that is late waits at the end of its way.
fn thousandths(left: Micros, due: Micros, now: Micros) -> u32 {
    let whole = due.0.saturating_sub(left.0);
    let passed = now.0.saturating_sub(left.0).min(whole);
    match whole {
        0 => 1000,
        // Below 1000 by the clamp above; a product that would not fit is a time of centuries.
        whole => u32::try_from(passed.saturating_mul(1000) / whole).unwrap_or(1000),
    }
}

impl Row {
    /// The row of an event that is no segment; `None` where the ladder has none for it.
    pub fn of(event: &Event) -> Option<Row> {
        let what = match &event.fact {
            Fact::App(call) => What::Call {
                call: without_bytes(call),
                eof: false,
            },
            Fact::Kernel(fact) if fact.change.is_some() || fact.gone => What::State {
                to: fact.change.map(|(_, to)| to),
                source: fact.source,
                gone: fact.gone,
            },
            Fact::Note(Note::Disagreement { segments, .. }) => What::Disputed(Some(*segments)),
            Fact::Note(Note::Agreement { .. }) => What::Disputed(None),
            Fact::Note(Note::Wire { rule }) => What::Rules((rule != "clear").then(|| rule.clone())),
            Fact::Kernel(_)
            | Fact::Wire(_)
            | Fact::Half(_)
            | Fact::Script { .. }
            | Fact::Note(_) => return None,
        };
        Some(Row {
            at: event.at,
            who: event.who.clone(),
            what,
        })
    }
}

/// The bytes of a call stand in the data pane.
fn without_bytes(call: &Call) -> Call {
    let op = match &call.op {
        Op::Send { asked, oob, .. } => Op::Send {
            asked: *asked,
            oob: *oob,
            data: Payload::default(),
        },
        Op::Recv { asked, .. } => Op::Recv {
            asked: *asked,
            data: Payload::default(),
        },
        other => other.clone(),
    };
    Call {
        op,
        result: call.result,
        by: call.by,
        blocked_us: call.blocked_us,
    }
}
