//! One raw epoll set of all owned descriptors, edge-triggered. It tells edges and keeps no state of its own.
//!
//! tokio's readiness cannot do this: it never forgets a closed half, so a wait in CLOSE-WAIT returns at once for ever,
//! and the edge "our FIN was acknowledged" (FIN-WAIT-1 to FIN-WAIT-2 makes EPOLLOUT anew) is lost in it. The set's own
//! descriptor is level-triggered readable while edges wait, so a runtime can watch that one.

use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use super::Socket;
use super::call;
use crate::tcp::{Edge, Errno};

const WANTED: i32 =
    libc::EPOLLET | libc::EPOLLIN | libc::EPOLLOUT | libc::EPOLLRDHUP | libc::EPOLLPRI;

/// The epoll set.
#[derive(Debug)]
pub struct Edges(OwnedFd);

impl Edges {
    /// Edges taken by one epoll_wait(2).
    pub const AT_ONCE: usize = 64;

    pub fn new() -> Result<Edges, Errno> {
        call::epoll_create().map(Edges)
    }

    /// Watches a socket; its first edge comes at once and tells how it stands. EEXIST: it is watched already.
    pub fn add(&self, socket: &impl AsFd, token: u64) -> Result<(), Errno> {
        let fd = socket.as_fd().as_raw_fd();
        call::epoll_add(self.0.as_fd(), fd, WANTED.cast_unsigned(), token)
    }

    /// Stops watching; to be called before the close. A close removes the socket only if it was the last descriptor:
    /// after [`Socket::dup`] its edges would go on coming, and nothing could stop them.
    pub fn remove(&self, socket: &Socket) -> Result<(), Errno> {
        call::epoll_remove(self.0.as_fd(), socket.fd())
    }

    /// Appends the edges that have come, at most [`Edges::AT_ONCE`], and says how many; never waits. Fewer: none is left,
    /// and the set's descriptor becomes readable again with the next one.
    pub fn wait(&self, into: &mut Vec<(u64, Edge)>) -> Result<usize, Errno> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; Edges::AT_ONCE];
        let count = call::epoll_wait(self.0.as_fd(), &mut events)?;
        into.extend(
            events[..count]
                .iter()
                .map(|event| (event.u64, edge(event.events))),
        );
        Ok(count)
    }
}

impl AsRawFd for Edges {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Poll flags as a value.
pub(super) fn edge(events: u32) -> Edge {
    let has = |flag: i32| events & flag.cast_unsigned() != 0;
    Edge {
        readable: has(libc::EPOLLIN),
        writable: has(libc::EPOLLOUT),
        read_hup: has(libc::EPOLLRDHUP),
        hup: has(libc::EPOLLHUP),
        error: has(libc::EPOLLERR),
        urgent: has(libc::EPOLLPRI),
    }
}
