//! NETLINK_SOCK_DIAG: what the kernel's tables say about TCP sockets, ours, orphaned or another process's
//! (sock_diag(7), uapi/linux/inet_diag.h). Needs no privilege, except to destroy.
//!
//! ```text
//! request.rs   the bytes of a question
//! answer.rs    the bytes of an answer, as `Found`
//! session.rs   asking: one netlink socket, one buffer
//! ```

mod answer;
mod request;
mod session;

pub use session::Diag;
