//! The one place that reads the clock.

use std::time::{Duration, Instant};

use crate::journal::Micros;

/// Monotonic time since the journal began.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    pub fn start() -> Clock {
        Clock {
            start: Instant::now(),
        }
    }

    /// The moment that all stamps count from.
    pub fn started(self) -> Instant {
        self.start
    }

    pub fn now(self) -> Micros {
        Micros(u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    /// When it is that late.
    pub fn moment(self, at: Micros) -> Instant {
        self.start + Duration::from_micros(at.0)
    }

    /// A moment that was stamped elsewhere on the same monotonic clock; one before the journal began is its beginning.
    pub fn at(self, moment: Instant) -> Micros {
        let since = moment.saturating_duration_since(self.start);
        Micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }
}
