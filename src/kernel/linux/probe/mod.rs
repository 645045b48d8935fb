//! What this machine grants. Each probe really tries: it opens, asks, and closes again, and leaves nothing behind.
//!
//! ```text
//! grant.rs        the table of probes
//! sockets.rs      TCP_INFO, sock_diag, IPv6, destroying a socket
//! limits.rs       descriptors
//! namespaces.rs   a user and network namespace of our own
//! others.rs       capture, borrowing another process's descriptor, tracefs
//! ```

mod grant;
mod limits;
mod namespaces;
mod others;
mod sockets;

pub use grant::probe;
