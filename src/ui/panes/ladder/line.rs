//! How rows become lines: a segment stands on one line with the changes of state that go with it.
//!
//! A call stands alone. A change of state joins the segment that moved it, where that left from its rail or arrived at it
//! at the same moment; so does a segment the change. What is further apart than [`MOMENT`] never shares a line.

use super::pair::{Pair, Toward};
use super::row::{Flight, Place, Row, What};
use crate::journal::{Micros, Op, WireFact};
use crate::tcp::{Explanation, Flags, State};

/// What is nearer than this is one moment: a system call and the task that reads its effect lie that far apart.
pub(super) const MOMENT: u64 = 5_000;

/// One line between and beside the rails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub at: Micros,
    /// Microseconds since the line before.
    pub gap: u64,
    pub left: Option<Place>,
    pub right: Option<Place>,
    pub wire: Option<Place>,
    /// It is the arrival of a segment that left on an earlier line.
    pub arrives: bool,
}

/// Where a row stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Left,
    Right,
    Wire,
    Arrival,
}

/// The slot of a row; `None`: it belongs to another connection.
pub(super) fn slot(
    pair: &Pair,
    row: &Row,
    segment: impl Fn(Place) -> Option<Toward>,
) -> Option<Slot> {
    match &row.what {
        What::Segment(flight) => pair
            .toward(&flight.fact.from, &flight.fact.to)
            .map(|_| Slot::Wire),
        What::Rules(_) => Some(Slot::Wire),
        What::Arrival(of) => segment(*of).map(|_| Slot::Arrival),
        What::Call { .. } | What::State { .. } | What::Disputed(_) => {
            let id = row.who.as_ref()?.id;
            if pair.left.ids.contains(&id) {
                Some(Slot::Left)
            } else {
                pair.right.ids.contains(&id).then_some(Slot::Right)
            }
        }
    }
}

impl Line {
    pub(super) fn new(slot: Slot, place: Place, at: Micros) -> Line {
        let mut line = Line {
            at,
            ..Line::default()
        };
        line.put(slot, place);
        line
    }

    pub(super) fn put(&mut self, slot: Slot, place: Place) {
        match slot {
            Slot::Left => self.left = Some(place),
            Slot::Right => self.right = Some(place),
            Slot::Wire => self.wire = Some(place),
            Slot::Arrival => {
                self.wire = Some(place);
                self.arrives = true;
            }
        }
    }

    /// The newest row on it.
    pub fn newest(&self) -> Option<Place> {
        self.rows().max()
    }

    /// All rows on it.
    pub fn rows(&self) -> impl Iterator<Item = Place> + use<> {
        [self.left, self.right, self.wire].into_iter().flatten()
    }

    pub(super) fn side(&self, slot: Slot) -> Option<Place> {
        match slot {
            Slot::Left => self.left,
            Slot::Right => self.right,
            Slot::Wire | Slot::Arrival => self.wire,
        }
    }
}

/// Whether a change of state at `at` goes with the segment of this line.
pub(super) fn state_joins(
    line: &Line,
    slot: Slot,
    at: Micros,
    flight: &Flight,
    way: Toward,
) -> bool {
    let sends = matches!(
        (slot, way),
        (Slot::Left, Toward::Right) | (Slot::Right, Toward::Left)
    );
    let moment = match (sends, line.arrives) {
        // The arrival is told far below the departure: nothing of the sender belongs there.
        (true, true) => None,
        (true, false) => Some(flight.fact.left),
        (false, _) => flight.landed(),
    };
    line.side(slot).is_none() && moment.is_some_and(|m| m.0.abs_diff(at.0) < MOMENT)
}

/// Whether this segment is one that moves an end to this state. `own`: that end sent it.
pub(super) fn moves_to(to: State, fact: &WireFact, own: bool) -> bool {
    let has = |flag| fact.segment.flags.has(flag);
    let (syn, fin, ack) = (has(Flags::SYN), has(Flags::FIN), has(Flags::ACK));
    let explained = |meant: fn(Explanation) -> bool| fact.why.is_none_or(meant);
    match (to, own) {
        (State::SynSent, true) => syn && !ack,
        (State::SynReceived, false) => syn && !ack,
        (State::Established, false) => {
            ack && explained(|why| matches!(why, Explanation::SynAck | Explanation::AckOfSyn))
        }
        (State::FinWait1 | State::LastAck, true) => fin,
        (State::CloseWait | State::Closing, false) => fin,
        (State::FinWait2, false) => {
            ack && explained(|why| match why {
                Explanation::AckOfFin { .. } => true,
                Explanation::Data { acks_fin } | Explanation::Fin { acks_fin } => acks_fin,
                _ => false,
            })
        }
        (State::TimeWait, false) => fin || ack,
        (State::Closed, false) => ack || has(Flags::RST),
        (State::Closed, true) => has(Flags::RST),
        (State::Listen, _)
        | (State::SynSent | State::CloseWait | State::Closing, _)
        | (State::SynReceived | State::Established | State::FinWait2 | State::TimeWait, true)
        | (State::FinWait1 | State::LastAck, false) => false,
    }
}

/// Whether this segment is one that such a call of its sender brings forth.
pub(super) fn caused_by(op: &Op, fact: &WireFact) -> bool {
    let has = |flag| fact.segment.flags.has(flag);
    let again = matches!(fact.why, Some(Explanation::Retransmission { .. }));
    if again || fact.copy_of.is_some() {
        return false;
    }
    match op {
        Op::Send { .. } => fact.segment.len > 0,
        Op::Shutdown(how) => how.sends() && has(Flags::FIN),
        Op::Close | Op::Kill { .. } => has(Flags::FIN) || has(Flags::RST),
        Op::Connect { to: None } => has(Flags::RST),
        Op::Recv { .. } => fact.why == Some(Explanation::WindowUpdate),
        // It returns when the handshake is over.
        Op::Connect { to: Some(_) } => false,
        Op::Socket { .. }
        | Op::Bind { .. }
        | Op::Listen { .. }
        | Op::Accept { .. }
        | Op::SetSockOpt { .. }
        | Op::Dup { .. }
        | Op::Fork { .. } => false,
    }
}
