//! One end of the wire: an AF_PACKET socket (packet(7)) on the far side of a host's interface. What the host sends is
//! read here; what is written here the host receives. It knows no TCP and decides nothing.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use socket2::SockRef;

use super::frames::Frames;
use crate::kernel::lab::{Frame, LabRefused, LabStep};
use crate::kernel::linux::call::errno;
use crate::kernel::linux::packet::PacketSocket;
use crate::kernel::linux::stamp::Clocks;
use crate::tcp::Errno;

/// One end of the wire, non-blocking. It lives as long as it is held, with or without its lab.
///
/// Dropping it takes some 10 ms: let go of it on the thread that reads it.
#[derive(Debug)]
pub struct WireEnd(PacketSocket);

impl WireEnd {
    /// On this interface of the network namespace that this thread is in.
    pub(super) fn open(index: i32) -> Result<WireEnd, LabRefused> {
        let socket = PacketSocket::new().map_err(LabRefused::at(LabStep::Packet))?;
        socket
            .prepare()
            .map_err(LabRefused::at(LabStep::PacketOption))?;
        socket
            .bind(index)
            .map_err(LabRefused::at(LabStep::PacketBind))?;
        Ok(WireEnd(socket))
    }

    /// Room for frames beyond net.core.rmem_max, which is small on most machines: only root of this machine may have it
    /// (SO_RCVBUFFORCE), and asks outside the lab's user namespace. Refused, everything is as it was.
    pub(super) fn widen(&self) {
        self.0.widen();
    }

    /// The next frame that the host sent, whole, in the order of sending. EAGAIN: none waits. EMSGSIZE: it was longer
    /// than `buf` ([`LONGEST_FRAME`](crate::kernel::LONGEST_FRAME) holds any) and is lost.
    ///
    /// Frames wait in a bounded buffer, and the sender does not notice when it is full: read on a thread that waits for
    /// nothing else, and ask [`WireEnd::lost`].
    pub fn read(&self, buf: &mut [u8]) -> Result<Frame, Errno> {
        let message = self.0.receive(buf)?;
        if message.len > buf.len() {
            return Err(Errno::EMSGSIZE);
        }
        Ok(Frame {
            len: message.len,
            left: message.left(&Clocks::read()),
        })
    }

    /// Hands a frame to the host, as [`WireEnd::read`] gave it at the other end. EMSGSIZE: longer than the MTU. ENOBUFS,
    /// EAGAIN: not taken, send it again.
    pub fn write(&self, frame: &[u8]) -> Result<(), Errno> {
        SockRef::from(&self.0)
            .send_with_flags(frame, libc::MSG_DONTWAIT)
            .map(drop)
            .map_err(errno)
    }

    /// The next frames that the host sent, as many as wait and fit, as [`WireEnd::read`] would one by one. Returns how
    /// many were longer than any may be, and are lost. EAGAIN: none waits.
    pub fn read_many(&self, into: &mut Frames) -> Result<usize, Errno> {
        into.receive(self.0.as_fd())
    }

    /// Hands frames to the host from this one on, as [`WireEnd::write`] would one by one. Returns how many were taken,
    /// at least one; an error is about the first of them.
    pub fn write_many(&self, frames: &Frames, from: usize) -> Result<usize, Errno> {
        frames.send(self.0.as_fd(), from)
    }

    /// Frames that the kernel dropped here since last asked, because nobody read them in time (PACKET_STATISTICS). TCP
    /// sees them as lost, and no rule of the wire dropped them.
    pub fn lost(&self) -> Result<u32, Errno> {
        self.0.lost()
    }
}

impl AsFd for WireEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for WireEnd {
    fn as_raw_fd(&self) -> RawFd {
        self.as_fd().as_raw_fd()
    }
}

impl From<OwnedFd> for WireEnd {
    fn from(socket: OwnedFd) -> WireEnd {
        WireEnd(socket.into())
    }
}

impl From<WireEnd> for OwnedFd {
    fn from(end: WireEnd) -> OwnedFd {
        end.0.into()
    }
}
