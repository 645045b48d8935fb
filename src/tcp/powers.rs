//! What a machine may grant or refuse. A missing power is a value with a reason and a remedy.

use std::fmt;

/// Something that finspect can do only where the system lets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Power {
    /// getsockopt(TCP_INFO) on our own sockets.
    TcpInfo,
    /// NETLINK_SOCK_DIAG queries: queues, SHUTDOWN attribute, timers, TIME-WAIT.
    SockDiag,
    /// AF_PACKET capture (CAP_NET_RAW).
    Capture,
    /// Own user and network namespaces.
    Namespaces,
    /// pidfd_getfd on another process's descriptor.
    Borrow,
    /// SOCK_DESTROY through sock_diag (CAP_NET_ADMIN).
    Destroy,
    /// IPv6 loopback.
    Ipv6,
    /// Enough file descriptors (RLIMIT_NOFILE).
    Descriptors,
    /// Every state transition from tracefs (root).
    Tracefs,
}

impl Power {
    pub const ALL: [Power; 9] = [
        Power::TcpInfo,
        Power::SockDiag,
        Power::Ipv6,
        Power::Descriptors,
        Power::Capture,
        Power::Namespaces,
        Power::Borrow,
        Power::Destroy,
        Power::Tracefs,
    ];

    /// The word in JSON and in `FINSPECT_REQUIRE`.
    pub const fn word(self) -> &'static str {
        match self {
            Power::TcpInfo => "tcp_info",
            Power::SockDiag => "sock_diag",
            Power::Capture => "capture",
            Power::Namespaces => "namespaces",
            Power::Borrow => "borrow",
            Power::Destroy => "destroy",
            Power::Ipv6 => "ipv6",
            Power::Descriptors => "descriptors",
            Power::Tracefs => "tracefs",
        }
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A power that this machine does not grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// The step that was refused and its errno, as measured: "socket(AF_PACKET): EPERM".
    pub why: String,
    /// What a person can do about it.
    pub remedy: String,
}

/// `Ok(detail)`: granted, with what was found (a limit, a version); `Err`: why not.
pub type Grant = Result<String, Unavailable>;
