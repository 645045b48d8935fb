//! The tap on loopback: an AF_PACKET socket on `lo` that is handed the headers of the TCP packets of some ports, each
//! packet once. It follows no connection and carries nothing.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Instant;

use super::packet::PacketSocket;
use super::stamp::Clocks;
use super::{call, filter};
use crate::tcp::{Errno, Unavailable};

/// `struct virtio_net_hdr` (uapi/linux/virtio_net.h): flags, the kind of super-packet, lengths.
const DESCRIPTION: usize = 10;
const ETHERNET: usize = 14;

/// What was seen of a packet.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse<'a> {
    /// It, from its IP header on and without its payload.
    pub ip: &'a [u8],
    /// How long it is, payload included.
    pub whole: usize,
    /// When its sender's kernel put it onto loopback.
    pub left: Instant,
    /// It stands for several segments, which the kernel would cut it into further on (generic segmentation offload).
    pub gso: bool,
}

/// The tap, non-blocking. Nothing passes it until it is told what to watch.
///
/// Dropping it takes some 10 ms.
#[derive(Debug)]
pub struct Tap(PacketSocket);

impl Tap {
    /// On the loopback of the network namespace that this thread is in. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// The step that was refused, and the remedy.
    pub fn loopback() -> Result<Tap, Unavailable> {
        let socket = PacketSocket::new().map_err(refused("socket(AF_PACKET)"))?;
        socket
            .prepare()
            .and_then(|()| socket.only_received())
            .and_then(|()| socket.describe())
            .map_err(refused("setsockopt on the AF_PACKET socket"))?;
        socket.widen();
        let tap = Tap(socket);
        // Before the bind: until then nothing comes, and then nothing that was not asked for.
        tap.watch(&[]).map_err(refused("SO_ATTACH_FILTER"))?;
        let lo = call::interface(c"lo").map_err(refused("if_nametoindex(lo)"))?;
        tap.0.bind(lo).map_err(refused("bind(AF_PACKET, lo)"))?;
        Ok(tap)
    }

    /// From now on, packets that come from or go to one of these ports pass, and no others. There may be packets of
    /// further ports too where they are many.
    pub fn watch(&self, ports: &[u16]) -> Result<(), Errno> {
        self.0.filter(&mut filter::of_ports(ports))
    }

    /// Takes what waits, at most so many, in the order in which they crossed loopback. How many it was.
    pub fn drain(&self, most: usize, mut take: impl FnMut(Glimpse<'_>)) -> usize {
        let mut buf = [0; DESCRIPTION + filter::LONGEST];
        let mut clocks = None;
        for n in 0..most {
            let Ok(message) = self.0.receive(&mut buf) else {
                return n;
            };
            let clocks = clocks.get_or_insert_with(Clocks::read);
            let seen = &buf[..message.len.min(buf.len())];
            let Some(ip) = seen.get(DESCRIPTION + ETHERNET..) else {
                continue;
            };
            take(Glimpse {
                ip,
                whole: message
                    .whole
                    .map_or(ip.len(), |whole| whole.saturating_sub(ETHERNET)),
                left: message.left(clocks),
                gso: seen.get(1).is_some_and(|kind| *kind != 0),
            });
        }
        most
    }

    /// Packets that the kernel dropped before we saw them, since last asked: they were not lost on their way.
    pub fn lost(&self) -> Result<u32, Errno> {
        self.0.lost()
    }
}

impl AsFd for Tap {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn refused(step: &'static str) -> impl FnOnce(Errno) -> Unavailable {
    move |errno| Unavailable {
        why: format!("{step}: {errno}"),
        remedy: match errno {
            Errno::EPERM | Errno::EACCES => {
                "run as root, or give the program CAP_NET_RAW: setcap cap_net_raw+ep finspect"
            }
            Errno::EAFNOSUPPORT => "load the module af_packet: modprobe af_packet",
            Errno::EMFILE | Errno::ENFILE => "raise the limit on descriptors: ulimit -n",
            Errno::ENOMEM | Errno::ENOBUFS => "free memory, then try again",
            Errno::ENODEV => "make the loopback interface: it is called lo",
            _ => "run on Linux 4.20 or later",
        }
        .to_owned(),
    }
}
