//! The table of probes, and how a refusal is told.

use std::fmt;

use super::{limits, namespaces, others, sockets};
use crate::tcp::{Errno, Grant, Power, Unavailable};

/// Tries a power. `Ok`: what was found; `Err`: the step that was refused with its errno, and what to do about it.
///
/// Takes some milliseconds at most: [`Power::Namespaces`] starts a child process and waits for it.
pub fn probe(power: Power) -> Grant {
    match power {
        Power::TcpInfo => sockets::tcp_info(),
        Power::SockDiag => sockets::sock_diag(),
        Power::Ipv6 => sockets::ipv6(),
        Power::Destroy => sockets::destroy(),
        Power::Descriptors => limits::descriptors(),
        Power::Namespaces => namespaces::namespaces(),
        Power::Capture => others::capture(),
        Power::Borrow => others::borrow(),
        Power::Tracefs => others::tracefs(),
    }
}

/// A step that failed, as `why`.
pub(super) fn refused(step: &str, errno: Errno, remedy: &str) -> Unavailable {
    unavailable(format_args!("{step}: {errno}"), remedy)
}

pub(super) fn unavailable(why: impl fmt::Display, remedy: &str) -> Unavailable {
    Unavailable {
        why: why.to_string(),
        remedy: remedy.to_owned(),
    }
}
