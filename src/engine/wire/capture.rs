//! Every connection that crosses the wire, followed by sequence number: what its segments prove, and why each was sent.
//!
//! A segment counts for its sender when it leaves, and for its receiver only when it is delivered: one that is held or
//! lost moves nobody on. The capture decides nothing and reads no clock: time is an argument.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use super::agreement::Evidence;
use super::names::plain;
use super::side::{Outgoing, Proven, Side, Step};
use crate::journal::Micros;
use crate::tcp::{Cause, Explanation, Packet, Segment, State};

/// Connections that are remembered.
const CONNECTIONS: usize = 4096;

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct End {
    pub local: SocketAddr,
    pub peer: SocketAddr,
}

impl End {
    /// As packets carry these addresses.
    pub fn of(local: SocketAddr, peer: SocketAddr) -> End {
        End {
            local: plain(local),
            peer: plain(peer),
        }
    }
}

/// A segment as its sender's side of the connection explains it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Relative to the initial sequence numbers; 1 is the first octet seen where the SYNs were not.
    pub segment: Segment,
    /// It carries octets that this earlier segment carried first.
    pub repeats_of: Option<u64>,
    pub why: Explanation,
    pub moves: Vec<Moved>,
}

/// A state change that a segment proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub end: End,
    pub from: State,
    pub to: State,
    pub cause: Cause,
}

/// Whose FIN came first, as an end's own kernel had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Its FIN was queued before it took the peer's.
    First,
    Second,
}

/// All connections on the wire.
#[derive(Debug)]
pub struct Capture {
    limit: usize,
    connections: HashMap<(SocketAddr, SocketAddr), Connection>,
    clock: u64,
}

/// The two ends, the lower address first.
#[derive(Debug, Default)]
struct Connection {
    sides: [Side; 2],
    touched: u64,
}

impl Capture {
    /// `limit`: how many connections are remembered; closed ones are forgotten first.
    pub fn new(limit: usize) -> Capture {
        Capture {
            limit: limit.max(1),
            connections: HashMap::new(),
            clock: 0,
        }
    }

    /// A kernel handed this segment to the wire, at the moment `left`. `id` is its number there; numbers only rise.
    pub fn sent(&mut self, left: Micros, id: u64, packet: &Packet) -> Sent {
        let end = End {
            local: packet.src,
            peer: packet.dst,
        };
        let (sender, receiver) = self.remember(end).sides_of(end);
        let Outgoing {
            segment,
            repeat,
            why,
            steps,
        } = sender.sends(left, id, packet, receiver);
        Sent {
            segment,
            repeats_of: repeat.and_then(|repeat| repeat.of),
            why,
            moves: moves(end, steps),
        }
    }

    /// The wire wrote this segment to its receiver, and was about to at the moment `at`. A copy that the wire made counts
    /// like any other.
    pub fn delivered(&mut self, at: Micros, packet: &Packet) -> Vec<Moved> {
        let end = End {
            local: packet.dst,
            peer: packet.src,
        };
        let (receiver, sender) = self.remember(end).sides_of(end);
        let steps = receiver.takes(at, packet, sender);
        moves(end, steps)
    }

    /// This end called shutdown(SHUT_WR) or close. Its state moves with the call although the FIN may leave much later;
    /// no segment shows that, nor which of two FINs was queued first, so whoever made the call says it here. Nothing is
    /// told: the kernel's reading does.
    pub fn queues_fin(&mut self, end: End, turn: Turn) {
        if self.connections.contains_key(&key(end)) {
            self.remember(end).sides_of(end).0.queues_fin(turn);
        }
    }

    /// Both ends of this connection are over: what comes with these addresses is another one.
    pub fn forget(&mut self, end: End) {
        self.connections.remove(&key(end));
    }

    /// A host has forgotten everything: its ends are in no state any more. The other hosts' ends do not know it yet.
    pub fn rebooted(&mut self, host: &[IpAddr]) {
        for ((low, high), connection) in &mut self.connections {
            for (local, side) in [low, high].into_iter().zip(&mut connection.sides) {
                if host.contains(&local.ip()) {
                    side.state = None;
                    side.proven = Proven::default();
                }
            }
        }
    }

    /// What the segments prove of this end.
    pub fn proven(&self, end: End) -> Option<Proven> {
        self.side(end).map(|side| side.proven)
    }

    /// The segments seen prove that this end passed this state.
    pub fn proves(&self, end: End, state: State) -> bool {
        let Some(proven) = self.proven(end) else {
            return false;
        };
        match state {
            State::SynSent => proven.syn_sent,
            State::SynReceived => proven.syn_received,
            State::Established => proven.syn_sent || proven.syn_received,
            State::FinWait1 => proven.fin_sent,
            State::FinWait2 => proven.fin_acked,
            State::CloseWait => proven.fin_received,
            State::Closing | State::LastAck => proven.fin_sent && proven.fin_received,
            State::TimeWait => proven.fin_acked && proven.fin_received,
            State::Listen | State::Closed => false,
        }
    }

    /// The state that the segments proved last, and how fresh that is. A timer that ended it since is not seen here:
    /// TIME-WAIT stays TIME-WAIT. `None`: unknown end.
    pub fn evidence(&self, end: End) -> Option<Evidence> {
        let connection = self.connections.get(&key(end))?;
        let side = self.side(end)?;
        Some(Evidence {
            state: side.state,
            stamp: connection.touched,
            refused_reset: side.refused_reset,
        })
    }

    #[cfg(test)]
    pub fn state(&self, end: End) -> Option<State> {
        self.evidence(end)?.state
    }

    fn side(&self, end: End) -> Option<&Side> {
        let connection = self.connections.get(&key(end))?;
        connection.sides.get(usize::from(end.local > end.peer))
    }

    fn remember(&mut self, end: End) -> &mut Connection {
        self.clock += 1;
        let key = key(end);
        if self.connections.len() >= self.limit && !self.connections.contains_key(&key) {
            self.forget_one();
        }
        let connection = self.connections.entry(key).or_default();
        connection.touched = self.clock;
        connection
    }

    /// The one of least use: closed before open, and the longest silent of those.
    fn forget_one(&mut self) {
        let oldest = self
            .connections
            .iter()
            .min_by_key(|(_, connection)| (!connection.is_over(), connection.touched))
            .map(|(key, _)| *key);
        if let Some(key) = oldest {
            self.connections.remove(&key);
        }
    }
}

impl Default for Capture {
    fn default() -> Capture {
        Capture::new(CONNECTIONS)
    }
}

impl Connection {
    /// The end's own side, then the other one.
    fn sides_of(&mut self, end: End) -> (&mut Side, &mut Side) {
        let [low, high] = &mut self.sides;
        match end.local > end.peer {
            true => (high, low),
            false => (low, high),
        }
    }

    fn is_over(&self) -> bool {
        let over = |side: &Side| {
            side.proven.reset || matches!(side.state, Some(State::Closed | State::TimeWait))
        };
        self.sides.iter().any(over)
    }
}

fn key(end: End) -> (SocketAddr, SocketAddr) {
    (end.local.min(end.peer), end.local.max(end.peer))
}

fn moves(end: End, steps: Vec<Step>) -> Vec<Moved> {
    let moved = |step: Step| Moved {
        end,
        from: step.from,
        to: step.to,
        cause: step.cause,
    };
    steps.into_iter().map(moved).collect()
}
