//! The events that are kept: a window that slides with what comes, and that a flood of segments does not sweep clean.
//!
//! ```text
//!   other     |##########   #  ## #   #    calls, states, notes, and each segment that has a story
//!   plain     |      ||||||||||||||||||    segments like thousands of others
//!             oldest                newest
//! ```
//!
//! Each lane is sure of half the window. As long as there is room for all, nothing leaves; then the oldest leave, plain
//! segments first where these have more than their half. It folds nothing, and counts nothing that has left.

use std::collections::VecDeque;
use std::collections::vec_deque::Iter;
use std::iter::FusedIterator;

use super::event::{Event, Fact};

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub struct Window {
    other: VecDeque<Event>,
    plain: VecDeque<Event>,
}

impl Window {
    /// A newer event than all that are kept.
    pub fn push(&mut self, event: Event) {
        debug_assert!(self.last().is_none_or(|last| last.n < event.n));
        match &event.fact {
            Fact::Wire(fact) if fact.is_plain() => self.plain.push_back(event),
            _ => self.other.push_back(event),
        }
    }

    /// How many events are kept.
    pub fn len(&self) -> usize {
        self.other.len() + self.plain.len()
    }

    pub fn is_empty(&self) -> bool {
        self.other.is_empty() && self.plain.is_empty()
    }

    /// The oldest event.
    pub fn first(&self) -> Option<&Event> {
        self.iter().next()
    }

    /// The newest event.
    pub fn last(&self) -> Option<&Event> {
        self.iter().next_back()
    }

    /// The event of this number, while it is kept.
    pub fn get(&self, n: u64) -> Option<&Event> {
        [&self.other, &self.plain]
            .into_iter()
            .find_map(|lane| lane.get(at(lane, n)).filter(|event| event.n == n))
    }

    /// All that are kept, oldest first.
    pub fn iter(&self) -> Events<'_> {
        Events {
            other: self.other.iter(),
            plain: self.plain.iter(),
        }
    }

    /// Those from this number on.
    pub fn from(&self, n: u64) -> Events<'_> {
        Events {
            other: self.other.range(at(&self.other, n)..),
            plain: self.plain.range(at(&self.plain, n)..),
        }
    }

    /// Those that are no plain segments, from this number on.
    pub(super) fn other_from(&mut self, n: u64) -> impl Iterator<Item = &mut Event> {
        let at = at(&self.other, n);
        self.other.range_mut(at..)
    }

    /// The event that has to leave so that no more than `limit` are kept.
    pub fn leaving(&self, limit: usize) -> Option<&Event> {
        if self.len() <= limit {
            return None;
        }
        match self.plain.front() {
            Some(plain) if self.plain.len() > limit / 2 => Some(plain),
            _ => self.first(),
        }
    }

    /// Lets that event go.
    pub fn let_go(&mut self, limit: usize) -> Option<Event> {
        let n = self.leaving(limit)?.n;
        match self.plain.front() {
            Some(plain) if plain.n == n => self.plain.pop_front(),
            _ => self.other.pop_front(),
        }
    }
}

/// Where the events of a lane from this number on begin.
fn at(lane: &VecDeque<Event>, n: u64) -> usize {
    lane.partition_point(|event| event.n < n)
}

impl FromIterator<Event> for Window {
    fn from_iter<I: IntoIterator<Item = Event>>(events: I) -> Window {
        let mut window = Window::default();
        for event in events {
            window.push(event);
        }
        window
    }
}

impl<'a> IntoIterator for &'a Window {
    type Item = &'a Event;
    type IntoIter = Events<'a>;

    fn into_iter(self) -> Events<'a> {
        self.iter()
    }
}

/// Both lanes as one, by number.
#[derive(Clone, Debug)]
pub struct Events<'a> {
    other: Iter<'a, Event>,
    plain: Iter<'a, Event>,
}

impl<'a> Iterator for Events<'a> {
    type Item = &'a Event;

    fn next(&mut self) -> Option<&'a Event> {
        match (self.other.clone().next(), self.plain.clone().next()) {
            (Some(other), Some(plain)) if plain.n < other.n => self.plain.next(),
            (None, Some(_)) => self.plain.next(),
            _ => self.other.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.other.len() + self.plain.len();
        (len, Some(len))
    }
}

impl DoubleEndedIterator for Events<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match (
            self.other.clone().next_back(),
            self.plain.clone().next_back(),
        ) {
            (Some(other), Some(plain)) if plain.n > other.n => self.plain.next_back(),
            (None, Some(_)) => self.plain.next_back(),
            _ => self.other.next_back(),
        }
    }
}

impl ExactSizeIterator for Events<'_> {}
impl FusedIterator for Events<'_> {}

#[cfg(test)]
mod tests {
    use super::super::event::{Fate, Micros, Note, WireFact};
    use super::*;
    use crate::tcp::{Flags, Segment, Seq};

    fn event(n: u64, fact: Fact) -> Event {
        Event {
            n,
            at: Micros(n),
            who: None,
            fact,
        }
    }

    fn plain(n: u64) -> Event {
        let segment = Segment {
            flags: Flags::ACK,
            seq: Seq(1),
            ack: Seq(1),
            len: 1460,
            win: 1,
        };
        event(
            n,
            Fact::Wire(WireFact {
                id: n,
                from: "client".into(),
                to: "server".into(),
                host: None,
                segment,
                fate: Fate::Passed,
                left: Micros(n),
                due: None,
                repeats: 0,
                repeats_of: None,
            }),
        )
    }

    fn other(n: u64) -> Event {
        event(n, Fact::Note(Note::Text("a note".into())))
    }

    fn numbers(window: &Window) -> Vec<u64> {
        window.iter().map(|event| event.n).collect()
    }

    fn slide(window: &mut Window, limit: usize, event: Event) -> Vec<u64> {
        window.push(event);
        std::iter::from_fn(|| window.let_go(limit))
            .map(|event| event.n)
            .collect()
    }

    #[test]
    fn a_flood_of_plain_segments_leaves_half_the_window_to_the_rest() {
        let mut window = Window::default();
        for n in 1..=4 {
            assert!(slide(&mut window, 10, other(n)).is_empty());
        }
        for n in 5..=10 {
            assert!(
                slide(&mut window, 10, plain(n)).is_empty(),
                "there is room for all"
            );
        }
        assert_eq!(slide(&mut window, 10, plain(11)), [5]);
        assert_eq!(slide(&mut window, 10, other(12)), [6]);
        assert_eq!(numbers(&window), [1, 2, 3, 4, 7, 8, 9, 10, 11, 12]);
        assert_eq!(
            slide(&mut window, 10, other(13)),
            [1],
            "the segments have their half"
        );
        assert_eq!(slide(&mut window, 10, plain(14)), [7]);
        for n in 15..=30 {
            slide(&mut window, 10, other(n));
        }
        assert_eq!(
            numbers(&window),
            (21..=30).collect::<Vec<_>>(),
            "in the end age decides"
        );
    }

    #[test]
    fn both_lanes_are_read_as_one() {
        let window: Window = [other(3), plain(4), plain(7), other(8), plain(9)]
            .into_iter()
            .collect();
        assert_eq!(numbers(&window), [3, 4, 7, 8, 9]);
        let back: Vec<_> = window.iter().rev().map(|event| event.n).collect();
        assert_eq!(back, [9, 8, 7, 4, 3]);
        let mut both = window.iter();
        let ends = [
            both.next(),
            both.next_back(),
            both.next(),
            both.next_back(),
            both.next(),
        ];
        assert_eq!(
            ends.map(|event| event.map(|e| e.n)),
            [3, 9, 4, 8, 7].map(Some)
        );
        assert!(both.next().is_none() && both.next_back().is_none());
        assert_eq!(window.from(5).map(|e| e.n).collect::<Vec<_>>(), [7, 8, 9]);
        assert_eq!(window.from(5).len(), 3);
        let found: Vec<_> = (0..12).filter(|n| window.get(*n).is_some()).collect();
        assert_eq!(found, [3, 4, 7, 8, 9]);
        assert_eq!(
            (window.first().map(|e| e.n), window.last().map(|e| e.n)),
            (Some(3), Some(9))
        );
    }

    #[test]
    fn a_segment_with_a_story_is_not_plain() {
        let fact = |change: fn(&mut WireFact)| {
            let Fact::Wire(mut fact) = plain(1).fact else {
                panic!("a segment");
            };
            change(&mut fact);
            fact.is_plain()
        };
        assert!(fact(|_| ()));
        assert!(fact(|f| f.segment.len = 0));
        assert!(
            fact(|f| (f.fate, f.due) = (Fate::Held, Some(Micros(9)))),
            "delayed as all are"
        );
        assert!(!fact(|f| f.segment.flags = Flags::SYN));
        assert!(!fact(|f| f.segment.flags = Flags::FIN.with(Flags::ACK)));
        assert!(!fact(|f| f.segment.flags = Flags::RST));
        assert!(!fact(|f| f.fate = Fate::Held));
        assert!(!fact(|f| f.fate = Fate::Dropped));
        assert!(!fact(|f| f.fate = Fate::Duplicated));
        assert!(!fact(|f| f.repeats = 1));
        assert!(!fact(|f| f.repeats_of = Some(1)));
    }
}
