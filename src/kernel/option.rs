//! What can be set on a socket and how it can be shut down: values and their spelling, no calls.

use std::time::Duration;

/// The second argument of shutdown(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// SHUT_WR.
    Send,
    /// SHUT_RD.
    Receive,
    /// SHUT_RDWR.
    Both,
}

/// A socket option with its value (socket(7), tcp(7)).
///
/// Where the kernel's unit is coarser than the duration asked for, it is rounded up, and [`SockOption::value`] says
/// what is really set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SockOption {
    /// SO_LINGER, seconds. `Some(0)`: close sends a RST. `Some(n)`: close blocks for up to n seconds.
    Linger(Option<u32>),
    /// TCP_NODELAY.
    NoDelay(bool),
    /// SO_REUSEADDR.
    ReuseAddr(bool),
    /// Idle time before the first probe, time between probes (both whole seconds), probes before giving up.
    /// Four calls: TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, SO_KEEPALIVE. `None` is SO_KEEPALIVE off alone.
    Keepalive(Option<(Duration, Duration, u32)>),
    /// TCP_USER_TIMEOUT, milliseconds; 0: the system's default.
    UserTimeout(Duration),
    /// TCP_LINGER2, whole seconds: how long an orphan stays in FIN-WAIT-2; 0: the system's default.
    TcpLinger2(Duration),
    /// SO_RCVBUF, bytes; the kernel doubles it (socket(7)).
    RcvBuf(u32),
    /// SO_SNDBUF, bytes; the kernel doubles it.
    SndBuf(u32),
}

impl SockOption {
    /// The name as the man pages spell it. Keepalive is named after its switch.
    pub fn name(&self) -> &'static str {
        match self {
            SockOption::Linger(_) => "SO_LINGER",
            SockOption::NoDelay(_) => "TCP_NODELAY",
            SockOption::ReuseAddr(_) => "SO_REUSEADDR",
            SockOption::Keepalive(_) => "SO_KEEPALIVE",
            SockOption::UserTimeout(_) => "TCP_USER_TIMEOUT",
            SockOption::TcpLinger2(_) => "TCP_LINGER2",
            SockOption::RcvBuf(_) => "SO_RCVBUF",
            SockOption::SndBuf(_) => "SO_SNDBUF",
        }
    }

    /// The value in the command language's spelling, so that a reader can type it again.
    pub fn value(&self) -> String {
        match *self {
            SockOption::Linger(None) | SockOption::Keepalive(None) => "off".to_owned(),
            SockOption::Linger(Some(seconds)) => seconds.to_string(),
            SockOption::NoDelay(on) | SockOption::ReuseAddr(on) => on_off(on).to_owned(),
            SockOption::Keepalive(Some((idle, interval, count))) => {
                format!("{}s {}s {count}", seconds(idle), seconds(interval))
            }
            SockOption::UserTimeout(time) => format!("{}ms", milliseconds(time)),
            SockOption::TcpLinger2(time) => format!("{}s", seconds(time)),
            SockOption::RcvBuf(bytes) | SockOption::SndBuf(bytes) => bytes.to_string(),
        }
    }
}

pub(super) const fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Whole seconds, rounded up; what does not fit is the largest `int`, which the kernel judges.
pub(super) fn seconds(time: Duration) -> i32 {
    let up = u64::from(time.subsec_nanos() > 0);
    i32::try_from(time.as_secs().saturating_add(up)).unwrap_or(i32::MAX)
}

/// Whole milliseconds, rounded up.
pub(super) fn milliseconds(time: Duration) -> i32 {
    i32::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelled_like_the_command_language_and_say_what_is_set() {
        let time = Duration::from_millis;
        let rows = [
            (SockOption::Linger(None), "off"),
            (SockOption::Linger(Some(0)), "0"),
            (SockOption::NoDelay(true), "on"),
            (SockOption::Keepalive(None), "off"),
            (
                SockOption::Keepalive(Some((time(1500), time(2000), 3))),
                "2s 2s 3",
            ),
            (SockOption::UserTimeout(Duration::from_micros(1500)), "2ms"),
            (SockOption::UserTimeout(Duration::MAX), "2147483647ms"),
            (SockOption::TcpLinger2(time(2000)), "2s"),
            (SockOption::RcvBuf(4096), "4096"),
        ];
        for (option, value) in rows {
            assert_eq!(option.value(), value, "{option:?}");
        }
    }
}
