//! How rows become lines: a segment stands on one line with the changes of state that go with it.
//!
//! A call stands alone. A change of state joins a segment that left from its rail, or arrived at it, at the same
//! moment; so does a segment a change. What is further apart than [`MOMENT`] never shares a line.

use super::pair::{Pair, Toward};
use super::row::{Flight, Place, Row, What};
use crate::journal::Micros;

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
        [self.left, self.right, self.wire]
            .into_iter()
            .flatten()
            .max()
    }

    fn side(&self, slot: Slot) -> Option<Place> {
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

/// Whether a segment goes with the changes of state that stand on this line.
pub(super) fn segment_joins(line: &Line, only_states: bool, left: Micros) -> bool {
    line.wire.is_none() && only_states && line.at.0.abs_diff(left.0) < MOMENT
}
