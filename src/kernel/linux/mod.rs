//! The calls on Linux.
//!
//! ```text
//! call.rs         system calls that neither std nor socket2 wraps: nearly all `unsafe` of the house
//! tcp_info.rs     struct tcp_info by offset, from getsockopt or from sock_diag
//! socket.rs       one owned TCP socket           setsockopt.rs   its options
//! edges.rs        the epoll set                  alarm.rs        a moment to be woken at
//! packet.rs       one AF_PACKET socket           control.rs, stamp.rs   what comes with its packets
//! tap.rs          what crosses loopback          filter.rs       which packets of it
//! diag/           NETLINK_SOCK_DIAG
//! descriptors.rs  RLIMIT_NOFILE
//! terminal.rs     Ctrl-Z and hangup
//! again.rs        this program as a process of its own, and rights.rs: descriptors that travel to it and back
//! holder.rs       such a process, which holds a descriptor
//! lab/            two hosts and the wire between them
//! probe/          what this machine grants
//! ```

mod again;
mod alarm;
mod call;
mod control;
mod descriptors;
mod diag;
mod edges;
mod filter;
mod holder;
mod lab;
mod packet;
mod probe;
mod rights;
mod setsockopt;
mod socket;
mod stamp;
mod tap;
mod tcp_info;
mod terminal;
mod wait;

#[cfg(test)]
mod tests;

pub use again::become_child_if_asked;
pub use alarm::Alarm;
pub use descriptors::{Descriptors, raise_descriptors};
pub use diag::Diag;
pub use edges::Edges;
pub use holder::Holder;
pub use lab::{Frames, Lab, LabParts, WireEnd};
pub use probe::probe;
pub use setsockopt::OptCall;
pub use socket::Socket;
pub use tap::{Glimpse, Tap};
pub use terminal::{stop_ourselves, wait_for_hangup};
pub use wait::wait_readable;
