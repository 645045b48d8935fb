//! What the kernel's tables say about one socket, and joining it with what the descriptor says. Values, no calls.

use std::net::{IpAddr, SocketAddr};
use std::ops::BitOr;

use crate::tcp::{Sample, State};

/// The address family of a socket. A socket of family V6 may speak IPv4 through mapped addresses (`::ffff:a.b.c.d`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    V4,
    V6,
}

/// One socket as NETLINK_SOCK_DIAG tells it. Needs no descriptor: it finds other processes' sockets, orphans and
/// TIME-WAIT as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// With `by_descriptor` false. TIME-WAIT and an orphan in FIN-WAIT-2 have neither counters nor SHUTDOWN attribute.
    pub sample: Sample,
    /// Equal to SO_COOKIE.
    pub cookie: u64,
    /// 0: no descriptor refers to it (orphans, TIME-WAIT, SYN-RECEIVED, connections not yet accepted).
    pub inode: u32,
    pub uid: u32,
    /// As getsockname(2) spells it: mapped addresses stay mapped.
    pub local: SocketAddr,
    /// Unspecified, port 0, on a listener.
    pub peer: SocketAddr,
    pub family: Family,
}

impl Found {
    /// Whether this is the connection between these addresses. Mapped and plain IPv4 addresses are the same here.
    pub(super) fn joins(&self, local: SocketAddr, peer: SocketAddr) -> bool {
        same_address(self.local, local) && same_address(self.peer, peer)
    }
}

/// The same address and port, whether IPv4 is written plain or mapped into IPv6. Scopes are not compared.
pub(super) fn same_address(a: SocketAddr, b: SocketAddr) -> bool {
    let plain =
        |address: SocketAddr| -> (IpAddr, u16) { (address.ip().to_canonical(), address.port()) };
    plain(a) == plain(b)
}

/// A set of states, as `idiag_states` takes it: bit n is the kernel's state number n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateMask(pub(super) u32);

impl StateMask {
    /// Every state, sockets that are bound and neither connected nor listening (CLOSED) among them.
    pub const ALL: StateMask = StateMask(0x3fff);

    /// No state at all: asks whether sock_diag answers.
    pub(super) const NONE: StateMask = StateMask(0);

    /// These states.
    pub fn of(states: &[State]) -> StateMask {
        states
            .iter()
            .fold(StateMask::NONE, |mask, state| mask | StateMask::one(*state))
    }

    /// Numbers of include/net/tcp_states.h. SYN-RECEIVED is two numbers there (3 and 12), CLOSED too (7, and 13 for a
    /// socket that is bound only).
    const fn one(state: State) -> StateMask {
        StateMask(match state {
            State::Established => 1 << 1,
            State::SynSent => 1 << 2,
            State::SynReceived => 1 << 3 | 1 << 12,
            State::FinWait1 => 1 << 4,
            State::FinWait2 => 1 << 5,
            State::TimeWait => 1 << 6,
            State::Closed => 1 << 7 | 1 << 13,
            State::CloseWait => 1 << 8,
            State::LastAck => 1 << 9,
            State::Listen => 1 << 10,
            State::Closing => 1 << 11,
        })
    }
}

impl BitOr for StateMask {
    type Output = StateMask;

    fn bitor(self, other: StateMask) -> StateMask {
        StateMask(self.0 | other.0)
    }
}

/// The full reading of a socket that we hold: what the descriptor says (`descriptor`, read first: SIOCINQ, SIOCOUTQ,
/// edge) joined with what the tables say about the same socket (`table`, read after it, by cookie: queues with the
/// FIN counted, SHUTDOWN attribute, timer).
///
/// The state and the counters are taken together from the later reading, so that they belong to each other. Two cases
/// are special, because TIME-WAIT is not a state of the descriptor's socket (it became a small one of its own, and our
/// descriptor says CLOSED): from it come state and timer only, the numbers stay the descriptor's last.
/// CLOSED on the descriptor with anything else in the table is another connection on the same addresses: left out.
pub fn merge(descriptor: Sample, table: &Sample) -> Sample {
    match (descriptor.state, table.state) {
        (_, State::TimeWait) => Sample {
            state: State::TimeWait,
            timer: table.timer,
            ..descriptor
        },
        (State::Closed, _) => descriptor,
        _ => Sample {
            state: table.state,
            by_descriptor: descriptor.by_descriptor,
            inq: descriptor.inq,
            outq: descriptor.outq,
            rqueue: table.rqueue,
            wqueue: table.wqueue,
            shutdown: table.shutdown,
            timer: table.timer,
            edge: descriptor.edge,
            counters: table.counters.or(descriptor.counters),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::{Counters, Edge, ShutdownFlags, Timer, TimerKind};

    fn held(state: State) -> Sample {
        Sample {
            by_descriptor: true,
            inq: Some(5),
            outq: Some(9),
            edge: Edge {
                readable: true,
                ..Edge::default()
            },
            counters: Some(Counters {
                bytes_received: 5,
                ..Counters::default()
            }),
            ..Sample::bare(state)
        }
    }

    fn table(state: State) -> Sample {
        Sample {
            rqueue: Some(6),
            wqueue: Some(9),
            shutdown: Some(ShutdownFlags {
                receive: true,
                send: false,
            }),
            timer: Some(Timer {
                kind: TimerKind::Persist,
                expires_ms: 400,
                retries: 1,
            }),
            counters: Some(Counters {
                bytes_received: 6,
                ..Counters::default()
            }),
            ..Sample::bare(state)
        }
    }

    #[test]
    fn the_tables_add_what_the_descriptor_cannot_say() {
        let both = merge(held(State::CloseWait), &table(State::CloseWait));
        assert!(both.by_descriptor && both.edge.readable);
        assert_eq!((both.inq, both.rqueue), (Some(5), Some(6)));
        assert_eq!(both.timer, table(State::CloseWait).timer);
        assert!(both.shutdown.is_some_and(|flags| flags.receive));
        assert_eq!(both.unread(), Some(5), "the unread FIN is no byte");
    }

    #[test]
    fn state_and_counters_come_from_the_later_reading() {
        let both = merge(held(State::Established), &table(State::CloseWait));
        assert_eq!(both.state, State::CloseWait);
        assert_eq!(both.counters.map(|c| c.bytes_received), Some(6));
    }

    #[test]
    fn time_wait_gives_state_and_timer_and_keeps_the_last_numbers() {
        let minisock = Sample {
            rqueue: Some(0),
            wqueue: Some(0),
            timer: Some(Timer {
                kind: TimerKind::TimeWait,
                expires_ms: 59_000,
                retries: 0,
            }),
            ..Sample::bare(State::TimeWait)
        };
        let both = merge(held(State::Closed), &minisock);
        assert_eq!(both.state, State::TimeWait);
        assert_eq!(both.timer, minisock.timer);
        assert_eq!(both.unread(), Some(5));
        assert_eq!(both.counters, held(State::Closed).counters);
    }

    #[test]
    fn a_closed_descriptor_is_not_mixed_with_the_next_connection_on_its_addresses() {
        assert_eq!(
            merge(held(State::Closed), &table(State::Established)),
            held(State::Closed)
        );
    }

    #[test]
    fn masks_hold_every_number_of_a_state() {
        assert_eq!(StateMask::of(&[State::SynReceived]), StateMask(0x1008));
        assert_eq!(StateMask::of(&[]), StateMask::NONE);
        assert_eq!(StateMask::of(&State::ALL) | StateMask(1), StateMask::ALL);
    }
}
