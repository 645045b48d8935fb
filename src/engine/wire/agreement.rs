//! Do the segments and the kernel say the same about an end? The rule, and when it may be decided.
//!
//! The two never speak at the same moment, so a difference counts only when it is **settled**: both have said the same
//! for [`SETTLED`], and no segment of the connection left a host or was delivered meanwhile. That is longer than the
//! longest delayed ACK (200 ms, TCP_DELACK_MAX), before which nothing on the wire shows that a FIN behind data was taken.
//! Whoever tells of it makes sure before that the wire has read all that the hosts had said (`Cable::catch_up`). What
//! is held or under way matters to neither: it counts for its receiver when it is delivered. A socket that is gone says
//! nothing else any more, so that is decided at once.
//!
//! These differ and are no disagreement, because segments cannot show them:
//!
//! ```text
//!   segments            the kernel
//!   ESTABLISHED         FIN-WAIT-1      the FIN waits behind data (and CLOSE-WAIT with LAST-ACK or CLOSING)
//!   anything            CLOSED          a timer gave up, an orphan timed out, TIME-WAIT is over, SOCK_DESTROY
//!   undecided           anything        the handshake was not seen, a RST may or may not count, the host was rebooted
//! ```
//!
//! CLOSED is one nevertheless where no timer can have been the reason: [`SHORT_OF_TIME_WAIT`], or [`AT_ONCE`] after a
//! RST that should not have counted.

use crate::journal::Micros;
use crate::tcp::State;

/// Microseconds.
const SETTLED: u64 = 500_000;
/// The kernel went to CLOSED without TIME-WAIT, which lasts 60 s, and was alive so short a time ago.
const SHORT_OF_TIME_WAIT: u64 = 30_000_000;
/// A RST works when it is delivered.
const AT_ONCE: u64 = 100_000;

/// What the segments prove about an end, and how fresh that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// `None`: they cannot tell.
    pub state: Option<State>,
    /// Another number after each segment of the connection that left or was delivered.
    pub stamp: u64,
    /// When the last RST was delivered that, by its number, must not count.
    pub refused_reset: Option<Micros>,
}

/// What both say at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub segments: Evidence,
    pub kernel: State,
    /// The kernel has no such socket any more.
    pub gone: bool,
}

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Nothing,
    /// They differ, and will not come together by themselves.
    Disagree {
        segments: State,
        kernel: State,
    },
    /// They had differed, and do not any more.
    AgreeAgain(State),
}

/// The story of one end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Agreement {
    /// What differed when it was looked at last, and since when.
    differs: Option<(Pair, Micros)>,
    told: Option<(State, State)>,
    /// The last state that the kernel was read in before CLOSED.
    alive: Option<(State, Micros)>,
    closed: Option<Micros>,
}

impl Agreement {
    /// Both were asked now. What it decides stands until [`Agreement::tell`].
    pub fn look(&mut self, now: Micros, pair: Pair) -> Verdict {
        match pair.kernel {
            State::Closed => {
                self.closed.get_or_insert(now);
            }
            state => (self.alive, self.closed) = (Some((state, now)), None),
        }
        let Some((segments, kernel)) = self.difference(&pair) else {
            self.differs = None;
            return match (self.told, pair.segments.state) {
                (Some(_), Some(state)) if state == pair.kernel => Verdict::AgreeAgain(state),
                _ => Verdict::Nothing,
            };
        };
        let since = match self.differs {
            Some((before, since)) if before == pair => since,
            Some(_) | None => now,
        };
        self.differs = Some((pair, since));
        let settled = pair.gone || now.0.saturating_sub(since.0) >= SETTLED;
        match settled && self.told != Some((segments, kernel)) {
            true => Verdict::Disagree { segments, kernel },
            false => Verdict::Nothing,
        }
    }

    /// When to look again although nothing happens.
    pub fn due(&self) -> Option<Micros> {
        let (pair, since) = self.differs?;
        let known = self.told == self.difference(&pair);
        (!known).then_some(Micros(since.0.saturating_add(SETTLED)))
    }

    /// They cannot both be asked any more.
    pub fn forget(&mut self) {
        self.differs = None;
    }

    /// This was told now.
    pub fn tell(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Nothing => {}
            Verdict::Disagree { segments, kernel } => self.told = Some((segments, kernel)),
            Verdict::AgreeAgain(_) => self.told = None,
        }
    }

    fn difference(&self, pair: &Pair) -> Option<(State, State)> {
        use State::{CloseWait, Closed, Closing, Established, FinWait1, LastAck, Listen};
        let segments = pair.segments.state?;
        let differs = match (segments, pair.kernel) {
            (a, b) if a == b => false,
            (_, Listen) | (Listen, _) => false,
            (Established | State::SynReceived, FinWait1) => false,
            (CloseWait, LastAck | Closing) => false,
            (state, Closed) => self.ended_for_no_reason(state, pair.segments.refused_reset),
            _ => true,
        };
        differs.then_some((segments, pair.kernel))
    }

    /// CLOSED, although the segments do not say so, and so soon that no timer can have been the reason.
    fn ended_for_no_reason(&self, segments: State, refused_reset: Option<Micros>) -> bool {
        let Some(closed) = self.closed else {
            return false;
        };
        let within = |from: Micros, time| closed.0.saturating_sub(from.0) < time;
        match (segments, self.alive) {
            (State::TimeWait, Some((before, at))) => {
                before != State::TimeWait && within(at, SHORT_OF_TIME_WAIT)
            }
            (State::TimeWait, None) => false,
            _ => refused_reset.is_some_and(|at| within(at, AT_ONCE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::State::*;
    use super::*;

    /// Time in milliseconds, what the segments say, what the kernel says.
    struct Story {
        agreement: Agreement,
        stamp: u64,
        refused_reset: Option<Micros>,
    }

    impl Story {
        fn begin() -> Story {
            Story {
                agreement: Agreement::default(),
                stamp: 1,
                refused_reset: None,
            }
        }

        fn at(&mut self, ms: u64, segments: impl Into<Option<State>>, kernel: State) -> Verdict {
            self.asked(ms, segments.into(), kernel, false)
        }

        fn gone(&mut self, ms: u64, segments: State) -> Verdict {
            self.asked(ms, Some(segments), Closed, true)
        }

        fn asked(&mut self, ms: u64, state: Option<State>, kernel: State, gone: bool) -> Verdict {
            let segments = Evidence {
                state,
                stamp: self.stamp,
                refused_reset: self.refused_reset,
            };
            let pair = Pair {
                segments,
                kernel,
                gone,
            };
            let verdict = self.agreement.look(Micros(ms * 1000), pair);
            self.agreement.tell(verdict);
            verdict
        }
    }

    fn disagree(segments: State, kernel: State) -> Verdict {
        Verdict::Disagree { segments, kernel }
    }

    #[test]
    fn a_difference_counts_when_it_has_settled_and_is_told_once() {
        let mut story = Story::begin();
        assert_eq!(story.at(0, Closed, Established), Verdict::Nothing);
        assert_eq!(story.agreement.due(), Some(Micros(500_000)));
        assert_eq!(story.at(499, Closed, Established), Verdict::Nothing);
        assert_eq!(
            story.at(500, Closed, Established),
            disagree(Closed, Established)
        );
        assert_eq!(story.agreement.due(), None);
        assert_eq!(story.at(2000, Closed, Established), Verdict::Nothing);
        assert_eq!(story.at(3000, Closed, CloseWait), Verdict::Nothing);
        assert_eq!(
            story.at(3500, Closed, CloseWait),
            disagree(Closed, CloseWait),
            "it has changed"
        );
        assert_eq!(story.at(3600, Closed, Closed), Verdict::AgreeAgain(Closed));
        assert_eq!(story.at(3700, Closed, Closed), Verdict::Nothing);
    }

    #[test]
    fn a_segment_that_leaves_or_is_delivered_begins_it_anew() {
        let mut story = Story::begin();
        for ms in (0..5000).step_by(400) {
            story.stamp += 1;
            assert_eq!(story.at(ms, FinWait1, FinWait2), Verdict::Nothing);
        }
    }

    #[test]
    fn what_segments_cannot_show_is_no_disagreement() {
        for (segments, kernel) in [
            (Some(Established), FinWait1),
            (Some(CloseWait), LastAck),
            (Some(CloseWait), Closing),
            (Some(Established), Closed),
            (Some(FinWait2), Closed),
            (Some(LastAck), Closed),
            (None, Established),
        ] {
            let mut story = Story::begin();
            for ms in [0, 600, 1200] {
                let verdict = story.at(ms, segments, kernel);
                assert_eq!(verdict, Verdict::Nothing, "{segments:?} {kernel}");
            }
            assert_eq!(story.agreement.due(), None, "{segments:?} {kernel}");
        }
    }

    #[test]
    fn states_that_only_a_segment_moves_are() {
        for (segments, kernel) in [
            (FinWait1, Established),
            (CloseWait, Established),
            (Established, CloseWait),
            (FinWait2, FinWait1),
            (FinWait1, FinWait2),
            (Closing, TimeWait),
            (Closed, LastAck),
            (TimeWait, FinWait2),
        ] {
            let mut story = Story::begin();
            story.at(0, segments, kernel);
            assert_eq!(story.at(500, segments, kernel), disagree(segments, kernel));
        }
    }

    #[test]
    fn time_wait_may_run_out_and_may_not_be_left_out() {
        let mut story = Story::begin();
        story.at(0, TimeWait, TimeWait);
        assert_eq!(story.gone(1000, TimeWait), Verdict::Nothing, "it was there");
        let mut story = Story::begin();
        story.at(0, FinWait2, FinWait2);
        assert_eq!(
            story.gone(10, TimeWait),
            disagree(TimeWait, Closed),
            "nothing follows, so nothing is waited for"
        );
        let mut story = Story::begin();
        story.at(0, FinWait2, FinWait2);
        assert_eq!(story.gone(61_000, TimeWait), Verdict::Nothing, "not looked");
        assert_eq!(Story::begin().gone(0, TimeWait), Verdict::Nothing);
    }

    #[test]
    fn a_reset_that_should_not_count_and_did() {
        let reset = |closed: u64| {
            let mut story = Story::begin();
            story.at(0, Established, Established);
            story.refused_reset = Some(Micros(1_000_000));
            story.at(closed, Established, Closed);
            story.at(closed + 500, Established, Closed)
        };
        assert_eq!(reset(1001), disagree(Established, Closed));
        assert_eq!(reset(9000), Verdict::Nothing, "a timer gave up later");
    }
}
