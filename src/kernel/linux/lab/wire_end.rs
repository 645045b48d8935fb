//! One end of the wire: two AF_PACKET sockets (packet(7)). What the host sends is read at its own interface; what is
//! written at the far side of the link the host receives. It knows no TCP and decides nothing.
//!
//! The host is heard where it sends, and not at the far side, for the order: a packet tap at the interface is called by
//! whoever sends, with the TCP socket locked, so a connection's segments come in the order in which TCP made them.
//! Through the link each processor has a queue of its own (netif_rx), and a busy machine swaps a FIN with the delayed
//! ACK before it.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::time::{Duration, Instant, SystemTime};

use socket2::{Domain, SockFilter, SockRef, Socket, Type};

use super::call::bind_packet;
use super::frames::Frames;
use crate::kernel::lab::{Frame, LabRefused, LabStep};
use crate::kernel::linux::call::{Control, errno, getsockopt, receive, setsockopt};
use crate::kernel::linux::rights::Messages;
use crate::tcp::Errno;

/// uapi/linux/if_packet.h.
const PACKET_OUTGOING: u32 = 4;
const PACKET_STATISTICS: i32 = 6;

/// uapi/linux/filter.h: where a filter finds what the packet is to this host.
const SKF_AD_PKTTYPE: u32 = (-0x1000_i32 + 4).cast_unsigned();
/// As much of a packet as there is.
const ALL: u32 = u32::MAX;

/// Asked for; the kernel cuts it at net.core.rmem_max. The default holds 93 full frames, and then drops.
const RECEIVE_BUFFER: i32 = 4 << 20;

/// One end of the wire, non-blocking. It lives as long as it is held, with or without its lab.
///
/// Dropping it takes some 20 ms (packet_release waits until no CPU uses the socket, synchronize_net): let go of it on
/// the thread that reads it.
#[derive(Debug)]
pub struct WireEnd {
    ear: OwnedFd,
    mouth: OwnedFd,
}

/// Hears what is sent on this interface of the network namespace that this thread is in, and nothing that comes there.
pub(super) fn ear(index: i32) -> Result<OwnedFd, LabRefused> {
    let socket = packet_socket()?;
    let options = [(libc::SO_TIMESTAMPNS, 1), (libc::SO_RCVBUF, RECEIVE_BUFFER)];
    for (name, value) in options {
        setsockopt(socket.as_fd(), libc::SOL_SOCKET, name, &[value])
            .map_err(LabRefused::at(LabStep::PacketOption))?;
    }
    let [load, jump, give] = [
        libc::BPF_LD | libc::BPF_W | libc::BPF_ABS,
        libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
        libc::BPF_RET | libc::BPF_K,
    ]
    .map(|code| code as u16);
    let sent_here = [
        SockFilter::new(load, 0, 0, SKF_AD_PKTTYPE),
        SockFilter::new(jump, 0, 1, PACKET_OUTGOING),
        SockFilter::new(give, 0, 0, ALL),
        SockFilter::new(give, 0, 0, 0),
    ];
    socket
        .attach_filter(&sent_here)
        .map_err(errno)
        .map_err(LabRefused::at(LabStep::PacketOption))?;
    bind_packet(socket.as_fd(), libc::ETH_P_ALL, index)
        .map_err(LabRefused::at(LabStep::PacketBind))?;
    Ok(socket.into())
}

/// Speaks on this interface of the network namespace that this thread is in, and hears nothing (protocol 0).
pub(super) fn mouth(index: i32) -> Result<OwnedFd, LabRefused> {
    let socket = packet_socket()?;
    bind_packet(socket.as_fd(), 0, index).map_err(LabRefused::at(LabStep::PacketBind))?;
    Ok(socket.into())
}

/// Protocol 0: until it is bound it receives nothing, so no other link's frames.
fn packet_socket() -> Result<Socket, LabRefused> {
    let kind = Type::RAW.nonblocking().cloexec();
    Socket::new_raw(Domain::PACKET, kind, None)
        .map_err(errno)
        .map_err(LabRefused::at(LabStep::Packet))
}

impl WireEnd {
    /// The two sockets as [`ear`] and [`mouth`] made them.
    pub(super) fn of(ear: OwnedFd, mouth: OwnedFd) -> WireEnd {
        WireEnd { ear, mouth }
    }

    /// Room for frames beyond net.core.rmem_max, which is small on most machines: only root of this machine may have it
    /// (SO_RCVBUFFORCE), and asks outside the lab's user namespace. Refused, everything is as it was.
    pub(super) fn widen(&self) {
        let (level, name) = (libc::SOL_SOCKET, libc::SO_RCVBUFFORCE);
        let _ = setsockopt(self.ear.as_fd(), level, name, &[RECEIVE_BUFFER]);
    }

    /// The next frame that the host sent, whole, in the order of sending. EAGAIN: none waits. EMSGSIZE: it was longer
    /// than `buf` ([`LONGEST_FRAME`](crate::kernel::LONGEST_FRAME) holds any) and is lost.
    ///
    /// Frames wait in a bounded buffer, and the sender does not notice when it is full: read on a thread that waits for
    /// nothing else, and ask [`WireEnd::lost`].
    pub fn read(&self, buf: &mut [u8]) -> Result<Frame, Errno> {
        let mut control = Control([0; 64]);
        let received = receive(self.ear.as_fd(), buf, &mut control, libc::MSG_TRUNC)?;
        if received.len > buf.len() {
            return Err(Errno::EMSGSIZE);
        }
        let stamp = Messages(&control.0[..received.control])
            .find(|(level, kind, _)| (*level, *kind) == (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS))
            .and_then(|(.., bytes)| since_epoch(bytes));
        Ok(Frame {
            len: received.len,
            left: stamp.map_or_else(Instant::now, moment),
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
        into.receive(self.ear.as_fd(), since_epoch, both_clocks)
    }

    /// Hands frames to the host from this one on, as [`WireEnd::write`] would one by one. Returns how many were taken,
    /// at least one; an error is about the first of them.
    pub fn write_many(&self, frames: &Frames, from: usize) -> Result<usize, Errno> {
        frames.send(self.mouth.as_fd(), from)
    }

    /// Frames that the kernel dropped here since last asked, because nobody read them in time (PACKET_STATISTICS). TCP
    /// sees them as lost, and no rule of the wire dropped them.
    pub fn lost(&self) -> Result<u32, Errno> {
        // struct tpacket_stats: packets, drops.
        let mut counts = [0; 8];
        getsockopt(
            self.ear.as_fd(),
            libc::SOL_PACKET,
            PACKET_STATISTICS,
            &mut counts,
        )?;
        let [_, _, _, _, drops @ ..] = counts;
        Ok(u32::from_ne_bytes(drops))
    }
}

/// `struct timespec` of CLOCK_REALTIME; its two words are as wide as a `long`.
fn since_epoch(bytes: &[u8]) -> Option<Duration> {
    let (seconds, nanoseconds) = bytes.split_at_checked(bytes.len() / 2)?;
    let word = |bytes: &[u8]| match bytes.len() {
        8 => Some(u64::from_ne_bytes(*bytes.first_chunk()?)),
        4 => Some(u64::from(u32::from_ne_bytes(*bytes.first_chunk()?))),
        _ => None,
    };
    Some(Duration::from_secs(word(seconds)?) + Duration::from_nanos(word(nanoseconds)?))
}

/// The monotonic moment of a stamp, from its age. A wall clock that was set since then can make it wrong, but not
/// later than now.
fn moment(since_epoch: Duration) -> Instant {
    let (now, wall) = both_clocks();
    now.checked_sub(wall.saturating_sub(since_epoch))
        .unwrap_or(now)
}

/// Both clocks at one moment, the wall's since its epoch. Whoever is interrupted between the two readings gets two
/// moments, so a reading that took long is made again.
fn both_clocks() -> (Instant, Duration) {
    const PROMPT: Duration = Duration::from_micros(5);
    const ATTEMPTS: usize = 8;
    let reading = || {
        let now = Instant::now();
        let wall = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        (now.elapsed(), now, wall)
    };
    let mut best = reading();
    for _ in 1..ATTEMPTS {
        if best.0 <= PROMPT {
            break;
        }
        let next = reading();
        if next.0 < best.0 {
            best = next;
        }
    }
    (best.1, best.2)
}

/// Readable when a frame waits.
impl AsFd for WireEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.ear.as_fd()
    }
}

impl AsRawFd for WireEnd {
    fn as_raw_fd(&self) -> RawFd {
        self.ear.as_raw_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_a_moment_before_now() {
        let epoch = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&epoch.as_secs().to_ne_bytes());
        bytes.extend_from_slice(&u64::from(epoch.subsec_nanos()).to_ne_bytes());
        assert_eq!(since_epoch(&bytes), Some(epoch));
        assert_eq!(since_epoch(&bytes[..3]), None);
        let second = Duration::from_secs(1);
        let gap = moment(epoch) - moment(epoch - second);
        assert!(gap.abs_diff(second) < Duration::from_millis(500), "{gap:?}");
        assert!(moment(epoch + 1000 * second) <= Instant::now());
    }
}
