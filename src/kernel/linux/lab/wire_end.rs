//! One end of the wire: an AF_PACKET socket (packet(7)) on the far side of a host's interface. What the host sends is
//! read here; what is written here the host receives. It knows no TCP and decides nothing.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::time::{Duration, Instant, SystemTime};

use socket2::{Domain, SockRef, Socket, Type};

use super::call::bind_packet;
use crate::kernel::lab::{Frame, LabRefused, LabStep};
use crate::kernel::linux::call::{Control, errno, getsockopt, receive, setsockopt};
use crate::kernel::linux::rights::Messages;
use crate::tcp::Errno;

/// uapi/linux/if_packet.h.
const PACKET_STATISTICS: i32 = 6;
const PACKET_IGNORE_OUTGOING: i32 = 23;

/// Asked for; the kernel cuts it at net.core.rmem_max. The default holds 93 full frames, and then drops.
const RECEIVE_BUFFER: i32 = 4 << 20;

/// One end of the wire, non-blocking. It lives as long as it is held, with or without its lab.
///
/// Dropping it takes some 10 ms (packet_release waits until no CPU uses the socket, synchronize_net): let go of it on
/// the thread that reads it.
#[derive(Debug)]
pub struct WireEnd(OwnedFd);

impl WireEnd {
    /// On this interface of the network namespace that this thread is in.
    pub(super) fn open(index: i32) -> Result<WireEnd, LabRefused> {
        let kind = Type::RAW.nonblocking().cloexec();
        // Protocol 0: until it is bound it receives nothing, so no other link's frames.
        let socket = Socket::new_raw(Domain::PACKET, kind, None)
            .map_err(errno)
            .map_err(LabRefused::at(LabStep::Packet))?;
        let options = [
            (libc::SOL_PACKET, PACKET_IGNORE_OUTGOING, 1),
            (libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, 1),
            (libc::SOL_SOCKET, libc::SO_RCVBUF, RECEIVE_BUFFER),
        ];
        for (level, name, value) in options {
            setsockopt(socket.as_fd(), level, name, &[value])
                .map_err(LabRefused::at(LabStep::PacketOption))?;
        }
        bind_packet(socket.as_fd(), index).map_err(LabRefused::at(LabStep::PacketBind))?;
        Ok(WireEnd(socket.into()))
    }

    /// The next frame that the host sent, whole, in the order of sending. EAGAIN: none waits. EMSGSIZE: it was longer
    /// than `buf` ([`LONGEST_FRAME`](crate::kernel::LONGEST_FRAME) holds any) and is lost.
    ///
    /// Frames wait in a bounded buffer, and the sender does not notice when it is full: read on a thread that waits for
    /// nothing else, and ask [`WireEnd::lost`].
    pub fn read(&self, buf: &mut [u8]) -> Result<Frame, Errno> {
        let mut control = Control([0; 64]);
        let received = receive(self.0.as_fd(), buf, &mut control, libc::MSG_TRUNC)?;
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
        SockRef::from(&self.0)
            .send_with_flags(frame, libc::MSG_DONTWAIT)
            .map(drop)
            .map_err(errno)
    }

    /// Frames that the kernel dropped here since last asked, because nobody read them in time (PACKET_STATISTICS). TCP
    /// sees them as lost, and no rule of the wire dropped them.
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

impl AsFd for WireEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for WireEnd {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl From<OwnedFd> for WireEnd {
    fn from(socket: OwnedFd) -> WireEnd {
        WireEnd(socket)
    }
}

impl From<WireEnd> for OwnedFd {
    fn from(end: WireEnd) -> OwnedFd {
        end.0
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
