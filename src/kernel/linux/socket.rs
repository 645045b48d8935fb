//! One owned TCP socket: each method is one system call, its result is what the kernel returned.
//! It never waits (save [`Socket::close`]) and never decides what a result means.

use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use socket2::{Domain, Protocol, SockAddr, Type};

use super::call::{self, errno};
use super::setsockopt::OptCall;
use super::tcp_info::{self, TcpInfo};
use crate::kernel::{How, SockOption};
use crate::tcp::{Edge, Errno, Sample, State};

/// A SIGPIPE is never wanted: EPIPE says the same. The socket is non-blocking; MSG_DONTWAIT holds even if whoever
/// shares the file description cleared that.
const SEND_FLAGS: i32 = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;

/// An owned TCP socket, non-blocking and close-on-exec.
///
/// Dropping it closes it too, but says nothing of it: whoever lets go of a socket calls [`Socket::close`].
#[derive(Debug)]
pub struct Socket(socket2::Socket);

impl Socket {
    /// socket(AF_INET or AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP).
    pub fn tcp(v6: bool) -> Result<Socket, Errno> {
        let domain = if v6 { Domain::IPV6 } else { Domain::IPV4 };
        let kind = Type::STREAM.nonblocking().cloexec();
        socket2::Socket::new_raw(domain, kind, Some(Protocol::TCP))
            .map(Socket)
            .map_err(errno)
    }

    /// A TCP socket that another process made, non-blocking and close-on-exec as [`Socket::tcp`] makes them.
    pub(super) fn made(fd: OwnedFd) -> Socket {
        Socket(fd.into())
    }

    /// The descriptor's number, as the journal tells it.
    pub fn fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    pub fn bind(&self, addr: SocketAddr) -> Result<(), Errno> {
        self.0.bind(&addr.into()).map_err(errno)
    }

    /// listen(2). The kernel admits `backlog + 1` connections, and cuts `backlog` at net.core.somaxconn without a word.
    pub fn listen(&self, backlog: u32) -> Result<(), Errno> {
        self.0
            .listen(i32::try_from(backlog).unwrap_or(i32::MAX))
            .map_err(errno)
    }

    /// accept4(SOCK_NONBLOCK | SOCK_CLOEXEC); EAGAIN when no connection waits.
    pub fn accept(&self) -> Result<(Socket, SocketAddr), Errno> {
        let flags = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
        let (socket, peer) = self.0.accept4(flags).map_err(errno)?;
        Ok((Socket(socket), inet(&peer)?))
    }

    /// connect(2). A connect that has begun and not ended comes back as EINPROGRESS; an edge tells its end, and
    /// [`Socket::connect_result`] how it ended.
    pub fn connect(&self, to: SocketAddr) -> Result<(), Errno> {
        self.0.connect(&to.into()).map_err(errno)
    }

    /// connect(AF_UNSPEC): sends a RST if there is a connection; the descriptor stays open and can be used again.
    pub fn connect_unspec(&self) -> Result<(), Errno> {
        call::connect_unspec(self.as_fd())
    }

    /// How a pending connect ended: reads SO_ERROR, which the kernel clears by that. `Ok` says that no error is
    /// pending, also while the connect still goes on: ask after an edge.
    ///
    /// Only for a connect. Later it would eat the one ECONNRESET that a recv or send should return.
    pub fn connect_result(&self) -> Result<(), Errno> {
        match self.0.take_error().map_err(errno)? {
            Some(pending) => Err(errno(pending)),
            None => Ok(()),
        }
    }

    /// Sends what fits; EAGAIN when nothing does.
    pub fn send(&self, bytes: &[u8]) -> Result<usize, Errno> {
        self.0.send_with_flags(bytes, SEND_FLAGS).map_err(errno)
    }

    /// send(MSG_OOB).
    pub fn send_oob(&self, byte: u8) -> Result<usize, Errno> {
        self.0
            .send_with_flags(&[byte], SEND_FLAGS | libc::MSG_OOB)
            .map_err(errno)
    }

    /// recv(2): 0 is the end of the stream, or our own SHUT_RD; EAGAIN when nothing waits.
    pub fn recv(&self, buf: &mut [u8]) -> Result<usize, Errno> {
        call::recv(self.as_fd(), buf, libc::MSG_DONTWAIT)
    }

    /// recv(MSG_OOB): EINVAL without an urgent byte; `None` when it returned 0, because the stream ended before the
    /// announced byte came.
    pub fn recv_oob(&self) -> Result<Option<u8>, Errno> {
        let mut byte = [0];
        let count = call::recv(self.as_fd(), &mut byte, libc::MSG_OOB | libc::MSG_DONTWAIT)?;
        Ok((count > 0).then_some(byte[0]))
    }

    pub fn shutdown(&self, how: How) -> Result<(), Errno> {
        let how = match how {
            How::Send => Shutdown::Write,
            How::Receive => Shutdown::Read,
            How::Both => Shutdown::Both,
        };
        self.0.shutdown(how).map_err(errno)
    }

    /// close(2) itself. Blocks for up to the linger time if SO_LINGER is set to more than 0, non-blocking or not: then
    /// call it on a thread of its own. The descriptor is gone whatever it returns.
    pub fn close(self) -> Result<(), Errno> {
        call::close(OwnedFd::from(self.0))
    }

    /// A second descriptor of the same socket (F_DUPFD_CLOEXEC). No close sends a FIN while the other is open.
    pub fn dup(&self) -> Result<Socket, Errno> {
        self.0.try_clone().map(Socket).map_err(errno)
    }

    pub fn local(&self) -> Result<SocketAddr, Errno> {
        inet(&self.0.local_addr().map_err(errno)?)
    }

    pub fn peer(&self) -> Result<SocketAddr, Errno> {
        inet(&self.0.peer_addr().map_err(errno)?)
    }

    /// SO_COOKIE: the kernel's own name for this socket. Ask early: it is made when first asked for, and TIME-WAIT
    /// inherits only one that exists.
    pub fn cookie(&self) -> Result<u64, Errno> {
        self.0.cookie().map_err(errno)
    }

    /// Sets an option: all its calls in order, up to the first that fails. To tell each call, go through
    /// [`SockOption::calls`] and [`Socket::apply`].
    pub fn set(&self, option: SockOption) -> Result<(), Errno> {
        option.calls().iter().try_for_each(|call| self.apply(call))
    }

    /// One setsockopt(2).
    pub fn apply(&self, option: &OptCall) -> Result<(), Errno> {
        option.make(self.as_fd())
    }

    /// TCP_INFO, SIOCINQ and SIOCOUTQ. `edge` is what the last edge said and rides along.
    ///
    /// The queues are read first: an acknowledgement that comes between leaves a number too high, which the next
    /// reading corrects, never an outstanding byte unseen; bytes that arrive between make an edge of their own.
    pub fn sample(&self, edge: Edge) -> Result<Sample, Errno> {
        // EINVAL on a listener, which has no such queues.
        let inq = call::inq(self.as_fd()).ok();
        let outq = call::outq(self.as_fd()).ok();
        let info = self.info::<{ tcp_info::ROOM }>()?;
        Ok(Sample {
            by_descriptor: true,
            inq,
            outq,
            rqueue: info.backlog.map(|(waiting, _)| waiting),
            wqueue: info.backlog.map(|(_, length)| length),
            edge,
            counters: info.counters,
            ..Sample::bare(info.state)
        })
    }

    /// SO_LINGER as it is now: it belongs to the socket, whichever descriptor set it.
    pub fn linger(&self) -> Result<Option<u32>, Errno> {
        let linger = socket2::SockRef::from(self).linger().map_err(call::errno)?;
        Ok(linger.map(|time| u32::try_from(time.as_secs()).unwrap_or(u32::MAX)))
    }

    /// The poll flags now. An edge that was handed out earlier may be stale.
    pub fn poll(&self) -> Result<Edge, Errno> {
        call::poll_now(self.as_fd()).map(super::edges::edge)
    }

    /// TCP_INFO's state alone. TIME-WAIT is never seen here: the descriptor says CLOSED then.
    pub fn state(&self) -> Result<State, Errno> {
        // The kernel copies no more than there is room for, so one byte is the state.
        self.info::<1>().map(|info| info.state)
    }

    /// EPROTO: the kernel answered with a state that this program does not know. No kernel so far does.
    fn info<const ROOM: usize>(&self) -> Result<TcpInfo, Errno> {
        let mut buf = [0; ROOM];
        let len = call::getsockopt(self.as_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, &mut buf)?;
        TcpInfo::parse(&buf[..len.min(ROOM)]).ok_or(Errno::EPROTO)
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// An AF_INET or AF_INET6 address. EAFNOSUPPORT for any other family, which no socket made here has.
fn inet(address: &SockAddr) -> Result<SocketAddr, Errno> {
    address.as_socket().ok_or(Errno::EAFNOSUPPORT)
}
