//! The events that are kept (and the rows that are made of them): a window that slides with what comes, and that a flood
//! of segments does not sweep clean.
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
use std::collections::vec_deque::{Iter, IterMut};
use std::iter::FusedIterator;

use super::event::{Event, Fact};

/// What a window keeps.
pub trait Kept {
    /// Rises from each to the next.
    fn number(&self) -> u64;
    /// One of thousands; asked when it comes.
    fn is_plain(&self) -> bool;
}

impl Kept for Event {
    fn number(&self) -> u64 {
        self.n
    }

    fn is_plain(&self) -> bool {
        matches!(&self.fact, Fact::Wire(fact) if fact.is_plain())
    }
}

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct Window<T = Event> {
    other: VecDeque<T>,
    plain: VecDeque<T>,
}

impl<T> Default for Window<T> {
    fn default() -> Window<T> {
        Window {
            other: VecDeque::new(),
            plain: VecDeque::new(),
        }
    }
}

impl<T: Kept> Window<T> {
    /// A newer one than all that are kept.
    pub fn push(&mut self, new: T) {
        debug_assert!(self.last().is_none_or(|last| last.number() < new.number()));
        match new.is_plain() {
            true => self.plain.push_back(new),
            false => self.other.push_back(new),
        }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.other.len() + self.plain.len()
    }

    pub fn is_empty(&self) -> bool {
        self.other.is_empty() && self.plain.is_empty()
    }

    /// The oldest one.
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }

    /// The newest one.
    pub fn last(&self) -> Option<&T> {
        self.iter().next_back()
    }

    /// The one of this number, while it is kept.
    pub fn get(&self, n: u64) -> Option<&T> {
        let found = |lane: &'_ VecDeque<T>| at(lane, n);
        let (other, plain) = (found(&self.other), found(&self.plain));
        let is_it = |one: &&T| one.number() == n;
        let other = self.other.get(other).filter(is_it);
        other.or_else(|| self.plain.get(plain).filter(is_it))
    }

    pub fn get_mut(&mut self, n: u64) -> Option<&mut T> {
        let (other, plain) = (at(&self.other, n), at(&self.plain, n));
        let is_it = |one: &&mut T| one.number() == n;
        let other = self.other.get_mut(other).filter(is_it);
        other.or_else(|| self.plain.get_mut(plain).filter(is_it))
    }

    /// All that are kept, oldest first.
    pub fn iter(&self) -> Events<'_, T> {
        Events {
            other: self.other.iter(),
            plain: self.plain.iter(),
        }
    }

    /// Those from this number on.
    pub fn from(&self, n: u64) -> Events<'_, T> {
        Events {
            other: self.other.range(at(&self.other, n)..),
            plain: self.plain.range(at(&self.plain, n)..),
        }
    }

    /// Those that are not plain, from this number on.
    pub fn other_from(&mut self, n: u64) -> IterMut<'_, T> {
        let at = at(&self.other, n);
        self.other.range_mut(at..)
    }

    /// The one that has to leave so that no more than `limit` are kept.
    pub fn leaving(&self, limit: usize) -> Option<&T> {
        if self.len() <= limit {
            return None;
        }
        match self.plain.front() {
            Some(plain) if self.plain.len() > limit / 2 => Some(plain),
            _ => self.first(),
        }
    }

    /// Lets that one go.
    pub fn let_go(&mut self, limit: usize) -> Option<T> {
        let n = self.leaving(limit)?.number();
        match self.plain.front() {
            Some(plain) if plain.number() == n => self.plain.pop_front(),
            _ => self.other.pop_front(),
        }
    }
}

/// Where those of a lane from this number on begin.
fn at<T: Kept>(lane: &VecDeque<T>, n: u64) -> usize {
    lane.partition_point(|one| one.number() < n)
}

impl<T: Kept> FromIterator<T> for Window<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Window<T> {
        let mut window = Window::default();
        for one in all {
            window.push(one);
        }
        window
    }
}

impl<'a, T: Kept> IntoIterator for &'a Window<T> {
    type Item = &'a T;
    type IntoIter = Events<'a, T>;

    fn into_iter(self) -> Events<'a, T> {
        self.iter()
    }
}

/// Both lanes as one, by number.
#[derive(Clone, Debug)]
pub struct Events<'a, T = Event> {
    other: Iter<'a, T>,
    plain: Iter<'a, T>,
}

impl<'a, T: Kept> Iterator for Events<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        match (self.other.clone().next(), self.plain.clone().next()) {
            (Some(other), Some(plain)) if plain.number() < other.number() => self.plain.next(),
            (None, Some(_)) => self.plain.next(),
            _ => self.other.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.other.len() + self.plain.len();
        (len, Some(len))
    }
}

impl<T: Kept> DoubleEndedIterator for Events<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match (
            self.other.clone().next_back(),
            self.plain.clone().next_back(),
        ) {
            (Some(other), Some(plain)) if plain.number() > other.number() => self.plain.next_back(),
            (None, Some(_)) => self.plain.next_back(),
            _ => self.other.next_back(),
        }
    }
}

impl<T: Kept> ExactSizeIterator for Events<'_, T> {}
impl<T: Kept> FusedIterator for Events<'_, T> {}

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
                gso: false,
                copy_of: None,
                why: None,
                dropped_by: None,
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
