//! Asking the system: sockets, TCP_INFO, sock_diag, epoll edges, packets, limits and what this machine grants.
//!
//! The only folder with `unsafe` and with `cfg(target_os)`. Everything here is synchronous and does not block, save
//! what says so ([`Socket::close`], [`probe`], [`Lab::create`], [`Holder::start`]). It knows `tcp` and no other part of the house: no journal, no runtime.
//!
//! ```text
//! option.rs    what can be set on a socket, and how to shut it down: values
//! reading.rs   what the kernel's tables say about one socket, and joining it with what the descriptor says
//! lab.rs       addresses of a lab, why there is none, a frame: values
//! linux/       the calls
//! ```

mod lab;
mod option;
mod reading;

#[cfg(target_os = "linux")]
mod linux;

pub use lab::{ETHERNET, Frame, LONGEST_FRAME, LabRefused, LabStep, SysctlRefused, lab_address};
pub use option::{How, SockOption};
pub use reading::{Family, Found, StateMask, merge};

#[cfg(target_os = "linux")]
pub use linux::{
    Alarm, Descriptors, Diag, Edges, Frames, Glimpse, Holder, Lab, LabParts, OptCall, Socket, Tap,
    WireEnd, become_child_if_asked, probe, raise_descriptors, stop_ourselves, wait_for_hangup,
    wait_readable,
};

#[cfg(not(target_os = "linux"))]
compile_error!(
    "finspect asks the Linux kernel (TCP_INFO, sock_diag, epoll); no other system is built yet."
);
