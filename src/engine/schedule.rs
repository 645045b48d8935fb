//! When to look again although no edge came. Pure: it knows no clock.
//!
//! Edges never tell that a queued FIN was sent, that data were acknowledged, how an orphan goes on, or that TIME-WAIT
//! is over. For these, and only while one of them is under way, the socket is read again at growing intervals.

use std::time::Duration;

use crate::tcp::{Sample, State, TimerKind};

const FIRST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_millis(500);
const SECOND: Duration = Duration::from_secs(1);
/// The kernel's own timer granularity (HZ=250) and a little more.
const AFTER_EXPIRY: Duration = Duration::from_millis(6);

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing that an edge would not tell.
    Nothing,
    /// Something queued, unacknowledged or orphaned.
    Progress,
    /// A countdown that is shown, and what is left of it.
    Countdown { left: Duration },
}

impl Need {
    /// `descriptor`: ours is open. `keepalive`: the option is set, so probes may be going out unseen.
    pub(super) fn of(sample: &Sample, descriptor: bool, keepalive: bool) -> Need {
        let left = sample
            .timer
            .map(|t| Duration::from_millis(t.expires_ms.into()));
        match sample.state {
            State::TimeWait => Need::Countdown {
                left: left.unwrap_or(SECOND),
            },
            State::Closed => Need::Nothing,
            State::Listen => Need::Nothing,
            _ if !descriptor => Need::Progress,
            s if s.fin_outstanding() || s == State::SynSent => Need::Progress,
            _ if sample.unsent() > Some(0) || sample.unacked() > Some(0) => Need::Progress,
            _ if keepalive && sample.timer.is_some_and(|t| t.kind == TimerKind::Keepalive) => {
                Need::Countdown { left: SECOND }
            }
            _ => Need::Nothing,
        }
    }
}

/// The intervals of one socket.
#[derive(Debug)]
pub(super) struct Schedule {
    step: Duration,
}

impl Schedule {
    pub(super) const fn new() -> Schedule {
        Schedule { step: FIRST }
    }

    /// Something changed: look closely again.
    pub(super) const fn restart(&mut self) {
        self.step = FIRST;
    }

    /// The time until the next reading. `None`: wait for an edge.
    pub(super) fn next(&mut self, need: Need) -> Option<Duration> {
        match need {
            Need::Nothing => None,
            Need::Progress => {
                let now = self.step;
                self.step = (now * 3 / 2).min(LONGEST);
                Some(now)
            }
            Need::Countdown { left } => Some(SECOND.min(left + AFTER_EXPIRY)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::Timer;

    #[test]
    fn it_backs_off_and_starts_again() {
        let mut schedule = Schedule::new();
        let first = schedule.next(Need::Progress);
        let second = schedule.next(Need::Progress);
        assert_eq!(first, Some(FIRST));
        assert!(second > first);
        for _ in 0..30 {
            schedule.next(Need::Progress);
        }
        assert_eq!(schedule.next(Need::Progress), Some(LONGEST));
        schedule.restart();
        assert_eq!(schedule.next(Need::Progress), first);
    }

    #[test]
    fn an_idle_connection_is_left_alone_and_a_countdown_ticks_by_the_second() {
        let idle = Sample::bare(State::Established);
        assert_eq!(Need::of(&idle, true, false), Need::Nothing);
        let mut ghost = Sample::bare(State::TimeWait);
        ghost.timer = Some(Timer {
            kind: TimerKind::TimeWait,
            expires_ms: 300,
            retries: 0,
        });
        let left = Duration::from_millis(300);
        assert_eq!(Need::of(&ghost, false, false), Need::Countdown { left });
        assert_eq!(
            Schedule::new().next(Need::Countdown { left }),
            Some(left + AFTER_EXPIRY)
        );
        assert_eq!(
            Schedule::new().next(Need::Countdown { left: SECOND * 40 }),
            Some(SECOND)
        );
    }
}
