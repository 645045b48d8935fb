//! One moment to be woken at, as a descriptor among others (timerfd_create(2)).
//!
//! A time limit of poll(2) sets a timer anew for each wait, however short the wait is; this one is set once.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use super::call::{check, take};
use crate::tcp::Errno;

/// Readable when its moment has come.
#[derive(Debug)]
pub struct Alarm {
    timer: OwnedFd,
    set: Option<Instant>,
}

impl Alarm {
    pub fn new() -> Result<Alarm, Errno> {
        let flags = libc::TFD_NONBLOCK | libc::TFD_CLOEXEC;
        // SAFETY: takes no pointer.
        let timer = take(unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, flags) })?;
        Ok(Alarm { timer, set: None })
    }

    /// To be called at each waking, and before each wait with the moment that is waited for, if any.
    ///
    /// It rings at that moment or before: one that was set sooner stays, and whoever is woken too early looks and calls
    /// this once more.
    pub fn at_latest(&mut self, moment: Option<Instant>) {
        let now = Instant::now();
        if self.set.is_some_and(|set| set <= now) {
            self.set = None;
            // Setting it below silences it as well.
            if moment.is_none() {
                self.arm(Duration::ZERO);
            }
        }
        if let Some(moment) = moment
            && self.set.is_none_or(|set| moment < set)
        {
            self.set = Some(moment);
            // 0 would disarm it.
            self.arm(
                moment
                    .saturating_duration_since(now)
                    .max(Duration::from_nanos(1)),
            );
        }
    }

    fn arm(&self, time: Duration) {
        let never = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let value = libc::timespec {
            tv_sec: time.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: time.subsec_nanos() as libc::c_long,
        };
        let time = libc::itimerspec {
            it_interval: never,
            it_value: value,
        };
        // SAFETY: `time` lives through the call, which only reads it; the old value is not asked for.
        let set = check(unsafe {
            libc::timerfd_settime(
                self.timer.as_raw_fd(),
                0,
                &raw const time,
                std::ptr::null_mut(),
            )
        });
        debug_assert!(set.is_ok(), "a sound time on a timer of ours: {set:?}");
    }
}

impl AsFd for Alarm {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.timer.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::super::wait::wait_readable;
    use super::*;

    const SOON: Duration = Duration::from_millis(3);
    const LATE: Duration = Duration::from_secs(60);

    fn rings(alarm: &Alarm, within: Duration) -> bool {
        let [rings] = wait_readable([alarm.as_fd()], Some(within));
        rings
    }

    #[test]
    fn it_rings_at_its_moment_and_is_silent_once_that_is_over() {
        let mut alarm = Alarm::new().expect("timerfd");
        assert!(!rings(&alarm, Duration::ZERO), "nothing was set");
        let begun = Instant::now();
        alarm.at_latest(Some(begun + SOON));
        assert!(rings(&alarm, LATE) && begun.elapsed() >= SOON);
        alarm.at_latest(None);
        assert!(!rings(&alarm, Duration::ZERO));
    }

    #[test]
    fn a_sooner_moment_stands_before_a_later_one() {
        let mut alarm = Alarm::new().expect("timerfd");
        let begun = Instant::now();
        alarm.at_latest(Some(begun + LATE));
        alarm.at_latest(Some(begun + SOON));
        alarm.at_latest(Some(begun + LATE));
        alarm.at_latest(None);
        assert!(rings(&alarm, LATE) && begun.elapsed() < LATE / 2);
        alarm.at_latest(Some(begun + LATE));
        assert!(!rings(&alarm, Duration::ZERO), "the later one is set anew");
        alarm.at_latest(Some(begun));
        assert!(rings(&alarm, LATE), "a moment that is over rings at once");
    }
}
