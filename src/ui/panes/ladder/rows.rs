//! The rows of the ladder: a bounded fold of the journal, and the lines of the one connection that is looked at.
//!
//! Rows of every connection are kept, so that another selection has its past at once. Lines are made as rows arrive;
//! only another selection makes them anew. Telling a segment again changes its row in place.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::line::Line;
use super::pair::{Pair, Toward};
use super::placing::LOOK_BACK;
use super::row::{Flight, Place, Row, What};
use crate::journal::{
    Event, Fact, Fate, HalfChange, Kept, LabChange, Micros, Note, Who, Window, WireFact,
};
use crate::tcp::{Direction, RecvHalf};

/// How far back the recv of an EOF is looked for: the fold tells the change right behind its call.
const AFTERMATH: usize = 4;

/// The fold.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    rows: Window<Numbered>,
    /// Rows made so far.
    next: u64,
    /// Rows that have left the memory.
    left: u64,
    /// Rows that are kept at most, but for [`Ladder::slack`].
    limit: usize,
    /// Where each numbered segment stands.
    segments: HashMap<u64, Place>,
    /// Segments that are held or under way.
    on_the_wire: BTreeSet<Place>,
    pair: Pair,
    pub(super) lines: VecDeque<Line>,
    /// Lines made since the selection, those that have left included.
    pub(super) made: u64,
}

/// A row in its place.
#[derive(Clone, Debug)]
pub(super) struct Numbered {
    place: Place,
    row: Row,
}

impl Kept for Numbered {
    fn number(&self) -> u64 {
        self.place.0
    }

    fn is_plain(&self) -> bool {
        matches!(&self.row.what, What::Segment(flight) if flight.fact.is_plain())
    }
}

impl Ladder {
    pub fn new(limit: usize) -> Ladder {
        Ladder {
            limit: limit.max(1),
            ..Ladder::default()
        }
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &Event) {
        match (&event.fact, &event.who) {
            (Fact::Wire(fact), _) => self.segment(event.at, fact),
            (Fact::Half(change), Some(who)) => self.eof(who, change),
            (
                Fact::Note(Note::Lab {
                    change: LabChange::Reset,
                    failed: None,
                }),
                _,
            ) => self.vanish(),
            _ => {
                if let Some(row) = Row::of(event) {
                    self.push(row);
                }
            }
        }
    }

    /// Looks at this connection from now on; says whether it is another one.
    pub fn look_at(&mut self, pair: Option<Pair>) -> bool {
        let pair = pair.unwrap_or_default();
        if self.pair == pair {
            return false;
        }
        // The same ends, better known (the server was accepted): the place in the past is kept.
        let same = |a: &Pair, b: &Pair| {
            let ends = [(&a.left, &b.left), (&a.right, &b.right)];
            ends.iter()
                .any(|(a, b)| !a.ids.is_empty() && a.ids.first() == b.ids.first())
        };
        let other = !same(&self.pair, &pair);
        self.pair = pair;
        self.lines.clear();
        let places: Vec<Place> = self.rows.iter().map(|numbered| numbered.place).collect();
        for place in places {
            self.place_line(place);
        }
        other
    }

    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// The lines of the connection, oldest first.
    pub fn lines(&self) -> &VecDeque<Line> {
        &self.lines
    }

    /// Rows, of all connections, that have left the memory.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// The newest row on the line that stands so many above the last one.
    pub fn row_from_end(&self, lines: usize) -> Option<Place> {
        self.lines.iter().nth_back(lines)?.newest()
    }

    /// Lines behind the one of this row, where it is or was.
    pub fn lines_after(&self, place: Place) -> usize {
        let behind = self.lines.partition_point(|l| l.newest() <= Some(place));
        self.lines.len() - behind
    }

    /// The row of this number, while it is kept.
    pub fn row(&self, place: Place) -> Option<&Row> {
        self.rows.get(place.0).map(|numbered| &numbered.row)
    }

    /// The segment of a row, or of the row whose arrival it is.
    pub fn flight(&self, place: Place) -> Option<&Flight> {
        match &self.row(place)?.what {
            What::Segment(flight) => Some(flight),
            What::Arrival(of) => match &self.row(*of)?.what {
                What::Segment(flight) => Some(flight),
                _ => None,
            },
            _ => None,
        }
    }

    /// The row of the segment itself, where `place` is its arrival.
    pub fn departure(&self, place: Place) -> Place {
        match self.row(place).map(|row| &row.what) {
            Some(What::Arrival(of)) => *of,
            _ => place,
        }
    }

    /// The way of a segment between the rails.
    pub fn toward(&self, flight: &Flight) -> Option<Toward> {
        self.pair.toward(&flight.fact.from, &flight.fact.to)
    }

    /// Segments of this connection that are held or under way, newest first, with their ways.
    pub fn on_the_wire(&self) -> impl Iterator<Item = (&Flight, Toward)> {
        self.on_the_wire
            .iter()
            .rev()
            .filter_map(|place| self.flight(*place))
            .filter_map(|flight| Some((flight, self.toward(flight)?)))
    }

    /// The line on which a row stands.
    pub fn line_of(&self, place: Place) -> Option<usize> {
        // Lines are in order of their newest rows, but for a few that were put in between.
        let about = self.lines.partition_point(|l| l.newest() < Some(place));
        let from = about.saturating_sub(2 * LOOK_BACK);
        let near = self.lines.range(from..).take(4 * LOOK_BACK);
        let holds = |line: &Line| line.rows().any(|p| p == place);
        near.enumerate()
            .find(|(_, line)| holds(line) && !(line.arrives && line.wire == Some(place)))
            .map(|(at, _)| from + at)
    }

    /// Rows of the connection on the lines above that of this one, newest first.
    pub fn before(&self, place: Place) -> impl Iterator<Item = (Place, &Row)> {
        let end = self.line_of(place).unwrap_or(0);
        self.lines
            .range(..end)
            .rev()
            .flat_map(|l| [l.wire.filter(|_| !l.arrives), l.right, l.left])
            .flatten()
            .filter_map(|p| Some((p, self.row(p)?)))
    }

    /// Rows of the connection on the lines from that of this one on, oldest first.
    pub fn after(&self, place: Place) -> impl Iterator<Item = (Place, &Row)> {
        let start = self.line_of(place).unwrap_or(self.lines.len());
        self.lines
            .range(start..)
            .flat_map(|l| [l.left, l.right, l.wire.filter(|_| !l.arrives)])
            .flatten()
            .filter(move |p| *p != place)
            .filter_map(|p| Some((p, self.row(p)?)))
    }

    fn segment(&mut self, at: Micros, fact: &WireFact) {
        let known = (fact.id != 0)
            .then(|| self.segments.get(&fact.id).copied())
            .flatten();
        let Some(place) = known else {
            return self.new_segment(at, fact);
        };
        let mut arrived = false;
        if let Some(flight) = self.flight_mut(place) {
            arrived = flight.on_the_wire() && matches!(fact.fate, Fate::Passed | Fate::Duplicated);
            flight.fact = fact.clone();
            flight.told = at;
        }
        if fact.fate != Fate::Held {
            self.on_the_wire.remove(&place);
        }
        if arrived {
            self.push(Row {
                at,
                who: None,
                what: What::Arrival(place),
            });
        }
    }

    fn new_segment(&mut self, at: Micros, fact: &WireFact) {
        let place = self.push(Row {
            at: fact.left,
            who: None,
            what: What::Segment(Flight {
                fact: fact.clone(),
                told: at,
                vanished: false,
                apart: false,
            }),
        });
        if fact.id != 0 {
            self.segments.insert(fact.id, place);
        }
        if fact.fate == Fate::Held {
            self.on_the_wire.insert(place);
        }
    }

    /// A fresh lab: what was on the wire of the old one is nowhere any more, and is not told again. A recording of an
    /// older version counts its segments from the beginning there.
    fn vanish(&mut self) {
        self.segments.clear();
        for place in std::mem::take(&mut self.on_the_wire) {
            if let Some(flight) = self.flight_mut(place) {
                flight.vanished = true;
            }
        }
    }

    /// The fold says that a recv of 0 was the peer's FIN and no shutdown of our own.
    fn eof(&mut self, who: &Who, change: &HalfChange) {
        if change.half != Direction::Receive || change.to != RecvHalf::EofRead.word() {
            return;
        }
        let last = self.rows.other_from(0).rev().take(AFTERMATH);
        for Numbered { row, .. } in last {
            if row.who.as_ref().is_some_and(|w| w.id == who.id)
                && let What::Call { eof, .. } = &mut row.what
            {
                *eof = true;
                return;
            }
        }
    }

    fn push(&mut self, row: Row) -> Place {
        let place = Place(self.next);
        self.next += 1;
        self.rows.push(Numbered { place, row });
        self.place_line(place);
        if self.rows.len() > self.limit + self.slack() {
            self.forget();
        }
        place
    }

    /// So many rows leave together: the lines, which they leave in their middle, are gone through once for all.
    fn slack(&self) -> usize {
        self.limit / 16
    }

    fn forget(&mut self) {
        while let Some(Numbered { place, row }) = self.rows.let_go(self.limit) {
            if let What::Segment(flight) = row.what
                && self.segments.get(&flight.fact.id) == Some(&place)
            {
                self.segments.remove(&flight.fact.id);
            }
            self.on_the_wire.remove(&place);
            self.left += 1;
        }
        let rows = &self.rows;
        self.lines.retain(|line| {
            let mut places = [line.left, line.right, line.wire].into_iter().flatten();
            places.any(|place| rows.get(place.0).is_some())
        });
        let mut before: Option<Micros> = None;
        for line in &mut self.lines {
            if let Some(before) = before.replace(line.at) {
                line.gap = line.at.0.saturating_sub(before.0);
            }
        }
    }

    /// The segment of a row, to be changed.
    pub(super) fn flight_mut(&mut self, place: Place) -> Option<&mut Flight> {
        match &mut self.rows.get_mut(place.0)?.row.what {
            What::Segment(flight) => Some(flight),
            _ => None,
        }
    }
}
