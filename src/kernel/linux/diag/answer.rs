//! The bytes of an answer: netlink messages, and `inet_diag_msg` with its attributes as [`Found`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use crate::kernel::linux::tcp_info::{self, TcpInfo};
use crate::kernel::reading::{Family, Found};
use crate::tcp::{Errno, Sample, ShutdownFlags, State, Timer, TimerKind};

use super::request::SOCK_DIAG_BY_FAMILY;

const HEADER: usize = 16;
/// `struct inet_diag_msg`; attributes follow.
const ROW: usize = 72;
const INET_DIAG_INFO: u16 = 2;
const INET_DIAG_SHUTDOWN: u16 = 8;

/// One netlink message.
pub struct Message<'a> {
    pub seq: u32,
    /// NLM_F_DUMP_INTR: the tables changed in a way that may have hidden rows from this dump.
    pub interrupted: bool,
    pub content: Content<'a>,
}

pub enum Content<'a> {
    /// The bytes of an `inet_diag_msg`.
    Row(&'a [u8]),
    /// NLMSG_DONE ends a dump, NLMSG_ERROR is the result of a single question; `Ok`: 0.
    End(Result<(), Errno>),
    /// Nothing for us.
    Other,
}

/// The messages in what one recv returned.
pub struct Messages<'a>(pub &'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Message<'a>> {
        let len = u32_at(self.0, 0)? as usize;
        let message = self
            .0
            .get(..len)
            .filter(|message| message.len() >= HEADER)?;
        self.0 = self.0.get(aligned(len)..).unwrap_or_default();
        let payload = &message[HEADER..];
        let content = match i32::from(u16_at(message, 4)?) {
            libc::NLMSG_DONE | libc::NLMSG_ERROR => Content::End(result(payload)),
            kind if kind == i32::from(SOCK_DIAG_BY_FAMILY) => Content::Row(payload),
            _ => Content::Other,
        };
        let interrupted = i32::from(u16_at(message, 6)?) & libc::NLM_F_DUMP_INTR != 0;
        Some(Message {
            seq: u32_at(message, 8)?,
            interrupted,
            content,
        })
    }
}

/// The kernel's result: 0 or an errno, negated.
fn result(payload: &[u8]) -> Result<(), Errno> {
    match u32_at(payload, 0).map_or(0, u32::cast_signed) {
        0 => Ok(()),
        number => Err(Errno(-number)),
    }
}

/// Reads one row. `None`: a family or state that this program does not know, or a message cut short.
pub fn found(row: &[u8]) -> Option<Found> {
    let attributes = Attributes(row.get(ROW..)?);
    let family = match i32::from(*row.first()?) {
        libc::AF_INET => Family::V4,
        libc::AF_INET6 => Family::V6,
        _ => return None,
    };
    let state = tcp_info::state(*row.get(1)?)?;
    let interface = u32_at(row, 40)?;
    Some(Found {
        sample: sample(row, state, attributes)?,
        cookie: u64::from(u32_at(row, 44)?) | u64::from(u32_at(row, 48)?) << 32,
        inode: u32_at(row, 68)?,
        uid: u32_at(row, 64)?,
        local: address(row, family, 8, 4, interface)?,
        peer: address(row, family, 24, 6, interface)?,
        family,
    })
}

fn sample(row: &[u8], state: State, attributes: Attributes<'_>) -> Option<Sample> {
    let mut sample = Sample {
        rqueue: u32_at(row, 56),
        wqueue: u32_at(row, 60),
        timer: timer(*row.get(2)?, *row.get(3)?, u32_at(row, 52)?),
        ..Sample::bare(state)
    };
    for (kind, bytes) in attributes {
        match kind {
            INET_DIAG_INFO => {
                if let Some(info) = TcpInfo::parse(bytes) {
                    // Read under the socket's lock, a moment after the header: this state fits these counters.
                    sample.state = info.state;
                    sample.counters = info.counters;
                }
            }
            INET_DIAG_SHUTDOWN => sample.shutdown = bytes.first().map(|flags| shutdown(*flags)),
            _ => {}
        }
    }
    Some(sample)
}

/// RCV_SHUTDOWN is 1, SEND_SHUTDOWN is 2 (include/net/sock.h).
fn shutdown(flags: u8) -> ShutdownFlags {
    ShutdownFlags {
        receive: flags & 1 != 0,
        send: flags & 2 != 0,
    }
}

fn timer(number: u8, retries: u8, expires_ms: u32) -> Option<Timer> {
    let kind = match number {
        1 => TimerKind::Retransmit,
        2 => TimerKind::Keepalive,
        3 => TimerKind::TimeWait,
        4 => TimerKind::Persist,
        _ => return None,
    };
    Some(Timer {
        kind,
        expires_ms,
        retries,
    })
}

/// The address at `at`, its port at `port` (both in network order), as getsockname(2) would spell it.
fn address(
    row: &[u8],
    family: Family,
    at: usize,
    port: usize,
    interface: u32,
) -> Option<SocketAddr> {
    let port = u16::from_be_bytes(array(row, port)?);
    Some(match family {
        Family::V4 => SocketAddr::new(IpAddr::V4(Ipv4Addr::from(array::<4>(row, at)?)), port),
        Family::V6 => {
            let ip = Ipv6Addr::from(array::<16>(row, at)?);
            // Only a link-local address has a scope; another may be bound to an interface and has none.
            let scope = if ip.is_unicast_link_local() {
                interface
            } else {
                0
            };
            SocketAddr::V6(SocketAddrV6::new(ip, port, 0, scope))
        }
    })
}

/// `nlattr` by `nlattr`: kind and bytes.
struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let len = usize::from(u16_at(self.0, 0)?);
        let kind = u16_at(self.0, 2)?;
        let bytes = self.0.get(4..len)?;
        self.0 = self.0.get(aligned(len)..).unwrap_or_default();
        Some((kind, bytes))
    }
}

/// Messages and attributes begin at multiples of four.
const fn aligned(len: usize) -> usize {
    len.saturating_add(3) & !3
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_ne_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_ne_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(Messages(&bytes).count() <= bytes.len() / HEADER);
            prop_assert!(Attributes(&bytes).count() <= bytes.len() / 4);
            let known = bytes.len() >= ROW && [2, 10].contains(&bytes[0]) && (1..=13).contains(&bytes[1]);
            prop_assert_eq!(found(&bytes).is_some(), known);
        }
    }

    #[test]
    fn a_message_of_no_length_ends_the_reading() {
        assert_eq!(Messages(&[0; 64]).count(), 0);
        assert_eq!(Attributes(&[0; 64]).count(), 0);
    }
}
