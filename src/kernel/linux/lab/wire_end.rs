//! One end of the wire: two AF_PACKET sockets (packet(7)). What the host sends is read at its own interface; what is
//! written at the far side of the link the host receives. It knows no TCP and decides nothing.
//!
//! The host is heard where it sends, and not at the far side, for the order: a packet tap at the interface is called by
//! whoever sends, with the TCP socket locked, so a connection's segments come in the order in which TCP made them.
//! Through the link each processor has a queue of its own (netif_rx), and a busy machine swaps a FIN with the delayed
//! ACK before it.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use socket2::SockRef;

use super::frames::Frames;
use crate::kernel::lab::{Frame, LabRefused, LabStep};
use crate::kernel::linux::call::errno;
use crate::kernel::linux::filter;
use crate::kernel::linux::packet::PacketSocket;
use crate::kernel::linux::stamp::Clocks;
use crate::tcp::Errno;

/// One end of the wire, non-blocking. It lives as long as it is held, with or without its lab.
///
/// Dropping it takes some 20 ms: let go of it on the thread that reads it.
#[derive(Debug)]
pub struct WireEnd {
    ear: PacketSocket,
    mouth: PacketSocket,
}

/// Hears what is sent on this interface of the network namespace that this thread is in, and nothing that comes there.
pub(super) fn ear(index: i32) -> Result<OwnedFd, LabRefused> {
    let socket = PacketSocket::new().map_err(LabRefused::at(LabStep::Packet))?;
    socket
        .prepare()
        .and_then(|()| socket.filter(&mut filter::of_sent()))
        .map_err(LabRefused::at(LabStep::PacketOption))?;
    socket
        .bind(index)
        .map_err(LabRefused::at(LabStep::PacketBind))?;
    Ok(socket.into())
}

/// Speaks on this interface of the network namespace that this thread is in, and hears nothing.
pub(super) fn mouth(index: i32) -> Result<OwnedFd, LabRefused> {
    let socket = PacketSocket::new().map_err(LabRefused::at(LabStep::Packet))?;
    socket
        .bind_deaf(index)
        .map_err(LabRefused::at(LabStep::PacketBind))?;
    Ok(socket.into())
}

impl WireEnd {
    /// The two sockets as [`ear`] and [`mouth`] made them.
    pub(super) fn of(ear: OwnedFd, mouth: OwnedFd) -> WireEnd {
        WireEnd {
            ear: ear.into(),
            mouth: mouth.into(),
        }
    }

    /// Room for frames beyond net.core.rmem_max, which is small on most machines: only root of this machine may have it
    /// (SO_RCVBUFFORCE), and asks outside the lab's user namespace. Refused, everything is as it was.
    pub(super) fn widen(&self) {
        self.ear.widen();
    }

    /// The next frame that the host sent, whole, in the order of sending. EAGAIN: none waits. EMSGSIZE: it was longer
    /// than `buf` ([`LONGEST_FRAME`](crate::kernel::LONGEST_FRAME) holds any) and is lost.
    ///
    /// Frames wait in a bounded buffer, and the sender does not notice when it is full: read on a thread that waits for
    /// nothing else, and ask [`WireEnd::lost`].
    pub fn read(&self, buf: &mut [u8]) -> Result<Frame, Errno> {
        let message = self.ear.receive(buf)?;
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
        SockRef::from(&self.mouth)
            .send_with_flags(frame, libc::MSG_DONTWAIT)
            .map(drop)
            .map_err(errno)
    }

    /// The next frames that the host sent, as many as wait and fit, as [`WireEnd::read`] would one by one. Returns how
    /// many were longer than any may be, and are lost. EAGAIN: none waits.
    pub fn read_many(&self, into: &mut Frames) -> Result<usize, Errno> {
        into.receive(self.ear.as_fd())
    }

    /// Hands frames to the host from this one on, as [`WireEnd::write`] would one by one. Returns how many were taken,
    /// at least one; an error is about the first of them.
    pub fn write_many(&self, frames: &Frames, from: usize) -> Result<usize, Errno> {
        frames.send(self.mouth.as_fd(), from)
    }

    /// Frames that the kernel dropped here since last asked, because nobody read them in time (PACKET_STATISTICS). TCP
    /// sees them as lost, and no rule of the wire dropped them.
    pub fn lost(&self) -> Result<u32, Errno> {
        self.ear.lost()
    }
}

/// Readable when a frame waits.
impl AsFd for WireEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.ear.as_fd()
    }
}

impl AsRawFd for WireEnd {
    fn as_raw_fd(&self) -> RawFd {
        self.as_fd().as_raw_fd()
    }
}
