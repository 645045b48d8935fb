//! Where a row stands among the lines: on one of them, between two, or below all.
//!
//! Three tell the journal, each when it comes to it: the task that called, the task that reads the kernel, the wire. So
//! within one moment the order of telling is chance, and cause comes before effect here instead:
//!
//! ```text
//!   told                                  shown
//!     FIN ───▶   12.301                     shutdown(send) = 0
//!     shutdown(send) = 0   12.302           FIN-WAIT-1  FIN ───▶  CLOSE-WAIT
//!     recv() = 0 EOF                                              recv() = 0 EOF
//!     FIN-WAIT-1, CLOSE-WAIT
//! ```
//!
//! A call stands above the segments that it brought forth, a change of state beside the segment that moved it, a segment
//! where its time is. Nothing is moved further than a moment, and no call above an earlier one of its own.

use super::line::{self, Line, MOMENT, Slot};
use super::pair::Toward;
use super::row::{Flight, Place, Row, What};
use super::rows::Ladder;
use crate::journal::{Call, Micros};

/// Lines that a row may be put above or onto, counted from the last.
pub(super) const LOOK_BACK: usize = 24;

/// Where a row goes.
enum Spot {
    /// What it tells stands there already.
    Nowhere,
    On(usize),
    Above(usize),
}

impl Ladder {
    /// Puts a row onto a line, or onto a new one.
    pub(super) fn place_line(&mut self, place: Place) {
        let Some(row) = self.row(place) else { return };
        let way = |of| self.flight(of).and_then(|flight| self.toward(flight));
        let Some(slot) = line::slot(self.pair(), row, way) else {
            return;
        };
        let at = row.at;
        let spot = match &row.what {
            What::Segment(flight) => self.spot_of_segment(flight),
            What::Arrival(of) => self.spot_of_arrival(*of, at),
            What::State { to, .. } => match to {
                Some(to) => self.spot_of_state(
                    |flight, own| line::moves_to(*to, &flight.fact, own),
                    slot,
                    at,
                ),
                None => self.spot_of_state(|_, _| false, slot, at),
            },
            What::Call { call, .. } => self.spot_of_call(call, slot, at),
            What::Disputed(_) | What::Rules(_) => Spot::Above(self.lines.len()),
        };
        let arrives = match row.what {
            What::Arrival(of) => Some(of),
            _ => None,
        };
        match spot {
            Spot::Nowhere => {}
            Spot::On(index) => {
                if let Some(line) = self.lines.get_mut(index) {
                    line.put(slot, place);
                }
            }
            Spot::Above(index) => {
                if let Some(flight) = arrives.and_then(|of| self.flight_mut(of)) {
                    flight.apart = true;
                }
                self.insert(index, Line::new(slot, place, at));
            }
        }
    }

    fn insert(&mut self, index: usize, mut line: Line) {
        if let Some(below) = self.lines.get_mut(index) {
            // It was told later, and happened before.
            line.at = line.at.min(below.at);
            below.gap = below.at.0.saturating_sub(line.at.0);
        }
        let above = index.checked_sub(1).and_then(|above| self.lines.get(above));
        line.gap = above.map_or(0, |above| line.at.0.saturating_sub(above.at.0));
        self.lines.insert(index, line);
        self.made += 1;
    }

    /// The last lines, the newest first.
    fn recent(&self) -> impl Iterator<Item = (usize, &Line)> {
        let from = self.lines.len().saturating_sub(LOOK_BACK);
        self.lines
            .range(from..)
            .enumerate()
            .rev()
            .map(move |(at, line)| (from + at, line))
    }

    /// Beside the change of state that it brought, else below everything that was there when it left.
    fn spot_of_segment(&self, flight: &Flight) -> Spot {
        let left = flight.fact.left;
        let Some(way) = self.toward(flight) else {
            return Spot::Above(self.lines.len());
        };
        let moves = |place: Option<Place>, own: bool| match place.and_then(|p| self.row(p)) {
            Some(Row {
                what: What::State { to: Some(to), .. },
                ..
            }) => line::moves_to(*to, &flight.fact, own),
            _ => false,
        };
        let goes_with = |line: &Line| {
            line.at.0.abs_diff(left.0) < MOMENT
                && (moves(line.left, way == Toward::Right)
                    || moves(line.right, way == Toward::Left))
                && line.rows().all(|p| self.is_state(p))
        };
        // Never above a segment that left before.
        let free = |line: &Line| line.wire.is_none();
        let mut above = self.recent().take_while(|(_, line)| free(line));
        if let Some((index, _)) = above.find(|(_, line)| goes_with(line)) {
            return Spot::On(index);
        }
        let own = match way {
            Toward::Right => Slot::Left,
            Toward::Left => Slot::Right,
        };
        let later = |line: &Line| {
            line.at > left && line.at.0.abs_diff(left.0) < MOMENT && !self.calls(line, own)
        };
        let above = self.recent().take_while(|(_, line)| later(line)).last();
        Spot::Above(above.map_or(self.lines.len(), |(index, _)| index))
    }

    /// An arrival that completes an arrow at once needs no line of its own.
    fn spot_of_arrival(&self, of: Place, at: Micros) -> Spot {
        let left = self.flight(of).map_or(at, |flight| flight.fact.left);
        let last = self.lines.len().saturating_sub(1);
        let soon = |index| index == last || at.0.abs_diff(left.0) < MOMENT;
        let completes = |(index, line): (usize, &Line)| line.wire == Some(of) && soon(index);
        match self.recent().any(completes) {
            true => Spot::Nowhere,
            false => Spot::Above(self.lines.len()),
        }
    }

    /// Beside the segment that moved it, else beside the last one.
    fn spot_of_state(
        &self,
        moved_by: impl Fn(&Flight, bool) -> bool,
        slot: Slot,
        at: Micros,
    ) -> Spot {
        let joins = |line: &Line, meant: &dyn Fn(&Flight, bool) -> bool| {
            let segment = line.wire.and_then(|p| self.flight(p));
            segment
                .and_then(|flight| Some((flight, self.toward(flight)?)))
                .is_some_and(|(flight, way)| {
                    let own = (slot == Slot::Left) == (way == Toward::Right);
                    line::state_joins(line, slot, at, flight, way) && meant(flight, own)
                })
        };
        let cause = self.recent().find(|(_, line)| joins(line, &moved_by));
        let last = || {
            self.recent()
                .next()
                .filter(|(_, line)| joins(line, &|_, _| true))
        };
        match cause.or_else(last) {
            Some((index, _)) => Spot::On(index),
            None => Spot::Above(self.lines.len()),
        }
    }

    /// Above the segments that it brought forth. It is told when it has returned.
    fn spot_of_call(&self, call: &Call, slot: Slot, at: Micros) -> Spot {
        let end = self.lines.len();
        if call.result.is_err() {
            return Spot::Above(end);
        }
        let brings = |line: &Line| {
            let flight = line
                .wire
                .filter(|_| !line.arrives)
                .and_then(|p| self.flight(p));
            flight.is_some_and(|flight| {
                let own = matches!(
                    (slot, self.toward(flight)),
                    (Slot::Left, Some(Toward::Right)) | (Slot::Right, Some(Toward::Left))
                );
                own && line::caused_by(&call.op, &flight.fact)
            })
        };
        let above = self
            .recent()
            .take_while(|(_, line)| {
                at.0.saturating_sub(line.at.0) < MOMENT && !self.calls(line, slot)
            })
            .filter(|(_, line)| brings(line))
            .last();
        Spot::Above(above.map_or(end, |(index, _)| index))
    }

    /// A call of this side stands on the line.
    fn calls(&self, line: &Line, slot: Slot) -> bool {
        line.side(slot)
            .and_then(|p| self.row(p))
            .is_some_and(|row| matches!(row.what, What::Call { .. }))
    }

    fn is_state(&self, place: Place) -> bool {
        self.row(place)
            .is_some_and(|row| matches!(row.what, What::State { .. }))
    }
}
