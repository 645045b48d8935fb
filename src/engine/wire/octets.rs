//! Which octets of the sequence space were sent, and which arrived: ranges that wrap at 2^32.
//!
//! It knows no states. Both lists are bounded; what they forget is only ever not proven.

use std::collections::VecDeque;

use crate::tcp::Seq;

/// Ranges kept of what the peer has not acknowledged.
const UNACKED: usize = 4096;
/// Ranges kept of what it has: a repeat may cross with the acknowledgement.
const ACKED: usize = 32;
/// Islands kept beyond a hole.
const ISLANDS: usize = 1024;

/// What one side has sent, in order of sequence numbers.
#[derive(Debug, Default)]
pub(super) struct SentOctets {
    ranges: VecDeque<SentRange>,
}

#[derive(Debug)]
struct SentRange {
    from: Seq,
    to: Seq,
    /// The segment that carried it first.
    id: u64,
    /// How often it came again.
    again: u32,
}

/// A segment that carries octets once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    /// The segment that carried them first, where it is still known.
    pub of: Option<u64>,
    pub n: u32,
    /// Where the first segment began.
    pub at: Seq,
}

impl SentOctets {
    /// `max`: the end of what was sent before. A segment may repeat old octets and carry new ones behind them.
    pub(super) fn send(&mut self, id: u64, from: Seq, to: Seq, max: Option<Seq>) -> Option<Repeat> {
        let repeats = max.is_some_and(|max| from < max);
        let repeat = repeats.then(|| self.repeat(from, to));
        let fresh = max.filter(|max| from < *max).unwrap_or(from);
        if fresh < to {
            self.ranges.push_back(SentRange {
                from: fresh,
                to,
                id,
                again: 0,
            });
            if self.ranges.len() > UNACKED {
                self.ranges.pop_front();
            }
        }
        repeat
    }

    fn repeat(&mut self, from: Seq, to: Seq) -> Repeat {
        let at = self.ranges.partition_point(|range| range.to <= from);
        match self.ranges.get_mut(at).filter(|range| range.from < to) {
            Some(range) => {
                range.again += 1;
                Repeat {
                    of: Some(range.id),
                    n: range.again,
                    at: range.from,
                }
            }
            None => Repeat {
                of: None,
                n: 1,
                at: from,
            },
        }
    }

    pub(super) fn acked(&mut self, up_to: Seq) {
        let done = |range: Option<&SentRange>| range.is_some_and(|range| range.to <= up_to);
        while done(self.ranges.get(ACKED)) {
            self.ranges.pop_front();
        }
    }
}

/// What has arrived at one side.
#[derive(Debug)]
pub(super) struct ArrivedOctets {
    /// RCV.NXT: everything before it is here.
    pub next: Seq,
    /// Beyond a hole, in order, apart from each other.
    islands: Vec<(Seq, Seq)>,
}

/// How a segment stands to what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It goes on where the rest ended, or fills a hole.
    Next,
    /// There is a hole before it.
    Beyond,
    /// All of it was there.
    Old,
}

impl ArrivedOctets {
    pub(super) fn at(next: Seq) -> ArrivedOctets {
        ArrivedOctets {
            next,
            islands: Vec::new(),
        }
    }

    pub(super) fn arrive(&mut self, from: Seq, to: Seq) -> Fit {
        if to <= self.next {
            return Fit::Old;
        }
        if from > self.next {
            self.keep(from, to);
            return Fit::Beyond;
        }
        self.reach(to);
        Fit::Next
    }

    /// Everything before `to` is here, whatever was seen of it.
    pub(super) fn reach(&mut self, to: Seq) {
        if to > self.next {
            self.next = to;
        }
        while let Some((from, to)) = self.islands.first().copied()
            && from <= self.next
        {
            self.islands.remove(0);
            if to > self.next {
                self.next = to;
            }
        }
    }

    /// The end of the last island: the right edge of the highest SACK block.
    pub(super) fn last_edge(&self) -> Option<Seq> {
        self.islands.last().map(|(_, to)| *to)
    }

    fn keep(&mut self, mut from: Seq, mut to: Seq) {
        let first = self.islands.partition_point(|island| island.1 < from);
        let behind = (self.islands.partition_point(|island| island.0 <= to)).max(first);
        if let (Some(low), Some(high)) = (
            self.islands.get(first),
            behind.checked_sub(1).and_then(|at| self.islands.get(at)),
        ) && first < behind
        {
            from = if low.0 < from { low.0 } else { from };
            to = if high.1 > to { high.1 } else { to };
        } else if self.islands.len() >= ISLANDS {
            return;
        }
        self.islands.splice(first..behind, [(from, to)]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repeat(of: u64, n: u32, at: u32) -> Option<Repeat> {
        Some(Repeat {
            of: Some(of),
            n,
            at: Seq(at),
        })
    }

    /// The kernel may cut what it repeats anew: P.100, P.50 and F come again as one FP.150.
    #[test]
    fn a_merged_repeat_counts_on_the_first_of_them() {
        let mut sent = SentOctets::default();
        assert_eq!(sent.send(1, Seq(1), Seq(101), None), None);
        assert_eq!(sent.send(2, Seq(101), Seq(151), Some(Seq(101))), None);
        assert_eq!(
            sent.send(3, Seq(1), Seq(152), Some(Seq(151))),
            repeat(1, 1, 1)
        );
        assert_eq!(
            sent.send(4, Seq(1), Seq(152), Some(Seq(152))),
            repeat(1, 2, 1)
        );
        assert_eq!(
            sent.send(5, Seq(120), Seq(152), Some(Seq(152))),
            repeat(2, 1, 101)
        );
        assert_eq!(
            sent.send(6, Seq(151), Seq(152), Some(Seq(152))),
            repeat(3, 1, 151),
            "the FIN was new in the merged one"
        );
    }

    #[test]
    fn what_was_acknowledged_long_ago_is_forgotten() {
        let mut sent = SentOctets::default();
        for n in 0..100u32 {
            let max = (n > 0).then_some(Seq(n * 10));
            sent.send(n.into(), Seq(n * 10), Seq(n * 10 + 10), max);
        }
        sent.acked(Seq(1000));
        let max = Some(Seq(1000));
        assert_eq!(sent.send(200, Seq(990), Seq(1000), max), repeat(99, 1, 990));
        assert_eq!(
            sent.send(201, Seq(0), Seq(10), max).map(|r| r.of),
            Some(None)
        );
    }

    proptest! {
        /// Against the plain picture: a set of octets, with the start anywhere on the circle.
        #[test]
        fn arrivals_reach_as_far_as_the_octets_do(
            start: u32,
            segments in prop::collection::vec((0..60u32, 1..12u32), 0..40),
        ) {
            let mut arrived = ArrivedOctets::at(Seq(start));
            let mut octets = [false; 80];
            for (from, len) in segments {
                let before = octets.iter().position(|here| !here).unwrap_or(80) as u32;
                let fit = arrived.arrive(Seq(start) + from, Seq(start) + from + len);
                let expected = match () {
                    () if from + len <= before => Fit::Old,
                    () if from > before => Fit::Beyond,
                    () => Fit::Next,
                };
                prop_assert_eq!(fit, expected);
                octets[from as usize..(from + len) as usize].fill(true);
                let reached = octets.iter().position(|here| !here).unwrap_or(80) as u32;
                prop_assert_eq!(arrived.next, Seq(start) + reached);
                let last = octets.iter().rposition(|here| *here).map_or(0, |at| at as u32 + 1);
                let edge = (last > reached).then(|| Seq(start) + last);
                prop_assert_eq!(arrived.last_edge(), edge);
            }
        }
    }
}
