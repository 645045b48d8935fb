//! Asking: one netlink socket, one buffer. It never waits, because the kernel answers inside the send.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use socket2::{Domain, Protocol, Type};

use super::answer::{self, Content, Messages};
use super::request::Request;
use crate::kernel::linux::call::{self, errno};
use crate::kernel::reading::{Found, StateMask, same_address};
use crate::tcp::{Errno, State};

/// uapi/linux/netlink.h.
const NETLINK_SOCK_DIAG: i32 = 4;

/// The kernel makes batches as large as the largest buffer it has seen on this socket, up to 32 KiB, and cuts what
/// does not fit without a word. So the buffer has that size and never another.
const BUFFER: usize = 32 * 1024;

/// A dump that the kernel calls interrupted is repeated so often at most.
const DUMP_ATTEMPTS: usize = 3;

/// A NETLINK_SOCK_DIAG socket. It sees the network namespace in which it was opened.
#[derive(Debug)]
pub struct Diag {
    socket: socket2::Socket,
    seq: u32,
    buffer: Box<[u8]>,
}

impl Diag {
    /// Opens the socket and asks for nothing once: a kernel without tcp_diag says ENOENT here, not later, where ENOENT
    /// means that there is no such socket.
    pub fn open() -> Result<Diag, Errno> {
        let kind = Type::RAW.nonblocking().cloexec();
        let domain = Domain::from(libc::AF_NETLINK);
        let protocol = Some(Protocol::from(NETLINK_SOCK_DIAG));
        let socket = socket2::Socket::new_raw(domain, kind, protocol).map_err(errno)?;
        let mut diag = Diag::over(socket);
        diag.dump(false, StateMask::NONE, |_| ())?;
        Ok(diag)
    }

    /// Over a socket that another process has opened, and that only this one will use.
    pub(in crate::kernel::linux) fn opened(fd: OwnedFd) -> Diag {
        Diag::over(fd.into())
    }

    fn over(socket: socket2::Socket) -> Diag {
        Diag {
            socket,
            seq: 0,
            buffer: vec![0; BUFFER].into_boxed_slice(),
        }
    }

    /// The connection at exactly these addresses, also an orphan's or in TIME-WAIT; with a cookie, that socket only.
    /// `None`: there is none.
    ///
    /// Where only a listener has the local port the kernel answers with the listener; that is `None` too.
    pub fn find(
        &mut self,
        local: SocketAddr,
        peer: SocketAddr,
        cookie: Option<u64>,
    ) -> Result<Option<Found>, Errno> {
        let found = self.ask(Request::exact(local, peer, cookie))?;
        Ok(found.filter(|found| {
            found.joins(local, peer) && cookie.is_none_or(|cookie| cookie == found.cookie)
        }))
    }

    /// The listener bound to exactly this address; with a cookie, that socket only.
    pub fn listener(
        &mut self,
        local: SocketAddr,
        cookie: Option<u64>,
    ) -> Result<Option<Found>, Errno> {
        let nobody = match local.ip().to_canonical() {
            IpAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            IpAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
        };
        let found = self.ask(Request::exact(local, nobody, cookie))?;
        Ok(found.filter(|found| {
            found.sample.state == State::Listen
                && same_address(found.local, local)
                && cookie.is_none_or(|cookie| cookie == found.cookie)
        }))
    }

    /// Tells each socket of one family in these states. IPv4 connections of IPv6 sockets (mapped addresses) are rows of
    /// the IPv6 family only.
    ///
    /// The tables live while they are read: a socket may be told twice, or not at all if it was made meanwhile. A dump
    /// that the kernel calls interrupted is repeated, up to three times, and then taken as it is.
    pub fn dump(
        &mut self,
        v6: bool,
        states: StateMask,
        mut each: impl FnMut(Found),
    ) -> Result<(), Errno> {
        for _ in 0..DUMP_ATTEMPTS {
            if !self.dump_once(v6, states, &mut each)? {
                break;
            }
        }
        Ok(())
    }

    /// SOCK_DESTROY. ENOENT: no such socket, or another cookie.
    pub(in crate::kernel::linux) fn destroy(
        &mut self,
        local: SocketAddr,
        peer: SocketAddr,
        cookie: u64,
    ) -> Result<(), Errno> {
        self.send(Request::destroy(local, peer, cookie))?;
        self.single().map(drop)
    }

    fn ask(&mut self, request: Request) -> Result<Option<Found>, Errno> {
        self.send(request)?;
        match self.single() {
            Err(Errno::ENOENT) => Ok(None),
            answer => answer,
        }
    }

    /// The answer to a single question: a row, or the kernel's result (`None` for 0). EPROTO: a row that this program
    /// cannot read.
    fn single(&mut self) -> Result<Option<Found>, Errno> {
        loop {
            let len = self.receive()?;
            for message in Messages(&self.buffer[..len]).filter(|message| message.seq == self.seq) {
                match message.content {
                    Content::Row(row) => return answer::found(row).map(Some).ok_or(Errno::EPROTO),
                    Content::End(result) => return result.map(|()| None),
                    Content::Other => {}
                }
            }
        }
    }

    /// Whether the kernel called the dump interrupted. Read to its end in any case: a dump left unfinished would make
    /// the next one fail with EBUSY.
    fn dump_once(
        &mut self,
        v6: bool,
        states: StateMask,
        each: &mut impl FnMut(Found),
    ) -> Result<bool, Errno> {
        self.send(Request::dump(v6, states))?;
        let mut interrupted = false;
        let mut cut = Ok(());
        loop {
            let len = match self.receive() {
                Err(Errno::EMSGSIZE) => {
                    cut = Err(Errno::EMSGSIZE);
                    BUFFER
                }
                received => received?,
            };
            for message in Messages(&self.buffer[..len]).filter(|message| message.seq == self.seq) {
                interrupted |= message.interrupted;
                match message.content {
                    Content::Row(row) => answer::found(row).into_iter().for_each(&mut *each),
                    Content::End(result) => return result.and(cut).map(|()| interrupted),
                    Content::Other => {}
                }
            }
        }
    }

    fn send(&mut self, mut request: Request) -> Result<(), Errno> {
        self.seq = self.seq.wrapping_add(1);
        self.socket
            .send(request.numbered(self.seq))
            .map(drop)
            .map_err(errno)
    }

    /// EMSGSIZE: the answer is larger than the buffer and was cut (MSG_TRUNC); the buffer is full of its beginning.
    fn receive(&mut self) -> Result<usize, Errno> {
        let flags = libc::MSG_DONTWAIT | libc::MSG_TRUNC;
        let len = call::recv(self.socket.as_fd(), &mut self.buffer, flags)?;
        if len > BUFFER {
            Err(Errno::EMSGSIZE)
        } else {
            Ok(len)
        }
    }
}

impl AsFd for Diag {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
