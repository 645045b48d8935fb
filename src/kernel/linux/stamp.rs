//! Time stamps of packets (SO_TIMESTAMPNS): the wall clock's, made moments of the monotonic one.

use std::time::{Duration, Instant, SystemTime};

/// `struct timespec` of CLOCK_REALTIME; its two words are as wide as a `long`.
pub fn since_epoch(bytes: &[u8]) -> Option<Duration> {
    let (seconds, nanoseconds) = bytes.split_at_checked(bytes.len() / 2)?;
    let word = |bytes: &[u8]| match bytes.len() {
        8 => Some(u64::from_ne_bytes(*bytes.first_chunk()?)),
        4 => Some(u64::from(u32::from_ne_bytes(*bytes.first_chunk()?))),
        _ => None,
    };
    Some(Duration::from_secs(word(seconds)?) + Duration::from_nanos(word(nanoseconds)?))
}

/// Both clocks at one moment. Stamps that are read by the same pair keep their order and distance.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    now: Instant,
    /// Since its epoch.
    wall: Duration,
}

impl Clocks {
    /// Whoever is interrupted between the two readings gets two moments, so a reading that took long is made again.
    pub fn read() -> Clocks {
        const PROMPT: Duration = Duration::from_micros(5);
        const ATTEMPTS: usize = 8;
        let reading = || {
            let now = Instant::now();
            let wall = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            (now.elapsed(), Clocks { now, wall })
        };
        let mut best = reading();
        for _ in 1..ATTEMPTS {
            if best.0 <= PROMPT {
                break;
            }
            let next = reading();
            if next.0 < best.0 {
                best = next;
            }
        }
        best.1
    }

    /// The monotonic moment of a stamp. A wall clock that was set since then can make it wrong, but not later than now.
    pub fn moment(&self, stamp: Duration) -> Instant {
        let moment = match stamp.checked_sub(self.wall) {
            Some(later) => self.now.checked_add(later),
            None => self.now.checked_sub(self.wall.saturating_sub(stamp)),
        };
        let now = Instant::now();
        moment.map_or(now, |moment| moment.min(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_a_moment_before_now() {
        let epoch = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&epoch.as_secs().to_ne_bytes());
        bytes.extend_from_slice(&u64::from(epoch.subsec_nanos()).to_ne_bytes());
        assert_eq!(since_epoch(&bytes), Some(epoch));
        assert_eq!(since_epoch(&bytes[..3]), None);
        let (second, clocks) = (Duration::from_secs(1), Clocks::read());
        assert_eq!(clocks.moment(epoch) - clocks.moment(epoch - second), second);
        let back = Clocks::read().moment(epoch);
        let gap = back.max(clocks.moment(epoch)) - back.min(clocks.moment(epoch));
        assert!(gap < Duration::from_millis(500), "{gap:?}");
        assert!(clocks.moment(epoch + 1000 * second) <= Instant::now());
    }
}
