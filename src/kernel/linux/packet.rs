//! One AF_PACKET socket (packet(7)): what the lab's wire and the tap on loopback have in common. It knows no TCP.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::call::{self, errno, getsockopt, setsockopt};
use super::control::{Control, Messages};
use super::stamp::{Clocks, since_epoch};
use crate::tcp::Errno;

/// uapi/linux/if_packet.h.
const PACKET_STATISTICS: i32 = 6;
const PACKET_AUXDATA: i32 = 8;
const PACKET_VNET_HDR: i32 = 15;
const PACKET_IGNORE_OUTGOING: i32 = 23;

/// Asked for; the kernel cuts it at net.core.rmem_max. The default holds 93 full frames, and then drops.
const RECEIVE_BUFFER: i32 = 4 << 20;

/// Non-blocking and close-on-exec. Dropping it takes some 10 ms (packet_release waits until no CPU uses the socket,
/// synchronize_net).
#[derive(Debug)]
pub struct PacketSocket(OwnedFd);

/// One message of it.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// Its length; also where it was cut because the buffer is shorter.
    pub len: usize,
    /// When the kernel put it on the wire, since the wall clock's epoch.
    pub stamp: Option<Duration>,
    /// The packet's length before a filter cut it; only after [`PacketSocket::describe`].
    pub whole: Option<usize>,
}

impl Message {
    /// When it left; now, where the kernel did not say.
    pub fn left(&self, clocks: &Clocks) -> Instant {
        self.stamp
            .map_or_else(Instant::now, |stamp| clocks.moment(stamp))
    }
}

impl PacketSocket {
    /// socket(AF_PACKET, SOCK_RAW). Protocol 0: until it is bound it receives nothing, so no other link's frames.
    pub fn new() -> Result<PacketSocket, Errno> {
        let kind = Type::RAW.nonblocking().cloexec();
        Socket::new_raw(Domain::PACKET, kind, None)
            .map(|socket| PacketSocket(socket.into()))
            .map_err(errno)
    }

    /// Frames come stamped, and there is room for many.
    pub fn prepare(&self) -> Result<(), Errno> {
        [(libc::SO_TIMESTAMPNS, 1), (libc::SO_RCVBUF, RECEIVE_BUFFER)]
            .into_iter()
            .try_for_each(|(name, value)| {
                setsockopt(self.0.as_fd(), libc::SOL_SOCKET, name, &[value])
            })
    }

    /// What is sent on the interface does not come, so on loopback each frame comes once: when it is received.
    pub fn only_received(&self) -> Result<(), Errno> {
        let (level, name) = (libc::SOL_PACKET, PACKET_IGNORE_OUTGOING);
        setsockopt(self.0.as_fd(), level, name, &[1])
    }

    /// The same room whatever net.core.rmem_max is, which is small on most machines. Only root of this machine may have
    /// it (SO_RCVBUFFORCE); refused, everything is as it was.
    pub fn widen(&self) {
        let (level, name) = (libc::SOL_SOCKET, libc::SO_RCVBUFFORCE);
        let _ = setsockopt(self.0.as_fd(), level, name, &[RECEIVE_BUFFER]);
    }

    /// From now on each message opens with a `struct virtio_net_hdr`, and is told with its whole length.
    pub fn describe(&self) -> Result<(), Errno> {
        [PACKET_VNET_HDR, PACKET_AUXDATA]
            .into_iter()
            .try_for_each(|name| setsockopt(self.0.as_fd(), libc::SOL_PACKET, name, &[1]))
    }

    pub fn filter(&self, program: &mut [libc::sock_filter]) -> Result<(), Errno> {
        call::attach_filter(self.0.as_fd(), program)
    }

    /// From now on it receives.
    pub fn bind(&self, interface: i32) -> Result<(), Errno> {
        call::bind_packet(self.0.as_fd(), libc::ETH_P_ALL, interface)
    }

    /// From now on what is written goes out there. Nothing is received (protocol 0).
    pub fn bind_deaf(&self, interface: i32) -> Result<(), Errno> {
        call::bind_packet(self.0.as_fd(), 0, interface)
    }

    /// The next message; EAGAIN: none waits.
    pub fn receive(&self, buf: &mut [u8]) -> Result<Message, Errno> {
        let mut control = Control::default();
        let received = call::receive(self.0.as_fd(), buf, &mut control, libc::MSG_TRUNC)?;
        let mut message = Message {
            len: received.len,
            stamp: None,
            whole: None,
        };
        for (level, kind, bytes) in Messages(&control.0[..received.control]) {
            match (level, kind) {
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) => message.stamp = since_epoch(bytes),
                (libc::SOL_PACKET, PACKET_AUXDATA) => message.whole = whole(bytes),
                _ => {}
            }
        }
        Ok(message)
    }

    /// Frames that the kernel dropped here since last asked, because nobody read them in time (PACKET_STATISTICS).
    pub fn lost(&self) -> Result<u32, Errno> {
        // struct tpacket_stats: packets, drops.
        let mut counts = [0; 8];
        getsockopt(
            self.0.as_fd(),
            libc::SOL_PACKET,
            PACKET_STATISTICS,
            &mut counts,
        )?;
        let [_, _, _, _, drops @ ..] = counts;
        Ok(u32::from_ne_bytes(drops))
    }
}

/// struct tpacket_auxdata: status, whole length, ...
fn whole(bytes: &[u8]) -> Option<usize> {
    let len = u32::from_ne_bytes(*bytes.get(4..)?.first_chunk()?);
    usize::try_from(len).ok()
}

impl AsFd for PacketSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl From<OwnedFd> for PacketSocket {
    fn from(socket: OwnedFd) -> PacketSocket {
        PacketSocket(socket)
    }
}

impl From<PacketSocket> for OwnedFd {
    fn from(socket: PacketSocket) -> OwnedFd {
        socket.0
    }
}
