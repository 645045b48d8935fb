//! Which endpoint a segment comes from and goes to, by place and addresses.
//!
//! A SYN leaves before its socket's address is known to anybody, so a connect announces itself first; a SYN,ACK
//! leaves before anybody has accepted, so it speaks for the listener. Addresses are used again: the initial sequence
//! number tells another connection from a segment that is sent once more.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use crate::journal::Host;
use crate::tcp::{Flags, Packet, Seq};

/// Where a socket lives: a host of the lab, or this machine.
pub(in crate::engine) type Place = Option<Host>;

type Name = Arc<str>;

/// One end of a pair of addresses: where it is, its own address, the other one.
type Key = (Place, SocketAddr, SocketAddr);

/// Initial sequence numbers of one end that are remembered: its connection's, and those before, whose segments may
/// still be on their way.
const NUMBERS: usize = 4;

/// Shared by the engine's tasks, which know names, and by whoever sees segments and their addresses.
#[derive(Debug, Default)]
pub(in crate::engine) struct Names {
    connections: HashMap<Key, Holder>,
    listeners: HashMap<(Place, SocketAddr), Name>,
    /// Connects that were announced and whose SYN has not been seen, oldest first.
    dials: Vec<(Place, SocketAddr, Name)>,
    /// The initial sequence numbers that were seen of ends of ours and of those that they talk to, oldest first.
    numbers: HashMap<Key, Vec<Seq>>,
}

/// One end of a connection of ours.
#[derive(Debug)]
struct Holder {
    name: Name,
    /// The kernel has no such socket any more. What the other end says to it still bears its name.
    over: bool,
    /// It was named before its SYN or SYN,ACK was seen.
    unheard: bool,
}

impl Holder {
    fn new(name: Name, unheard: bool) -> Holder {
        let over = false;
        Holder {
            name,
            over,
            unheard,
        }
    }
}

impl Names {
    /// The addresses of an endpoint's connection, as often as they are asked for.
    pub fn connection(&mut self, place: Place, local: SocketAddr, peer: SocketAddr, name: Name) {
        let key = (place, plain(local), plain(peer));
        let announced = self.give_up(&name);
        let before = self.connections.get(&key);
        if !announced && before.is_some_and(|holder| holder.name == name && !holder.over) {
            return;
        }
        let unheard = announced || before.is_some() || !self.numbers.contains_key(&key);
        self.connections.insert(key, Holder::new(name, unheard));
    }

    pub fn listener(&mut self, place: Place, local: SocketAddr, name: Name) {
        self.listeners.insert((place, plain(local)), name);
    }

    pub fn dial(&mut self, place: Place, peer: SocketAddr, name: Name) {
        self.give_up(&name);
        self.dials.push((place, plain(peer), name));
    }

    /// No SYN of an announced connect will come. True: one was announced.
    pub fn give_up(&mut self, name: &str) -> bool {
        let before = self.dials.len();
        self.dials.retain(|(_, _, dialling)| **dialling != *name);
        self.dials.len() < before
    }

    /// Whose connection this is now.
    pub fn connected(&self, place: Place, local: SocketAddr, peer: SocketAddr) -> Option<Name> {
        let holder = self.connections.get(&(place, plain(local), plain(peer)))?;
        Some(Arc::clone(&holder.name))
    }

    /// The kernel has no such socket any more. What is still on its way bears its name, until its addresses are used
    /// again. True: the other end, if it is ours, is over too.
    pub fn over(&mut self, place: Place, local: SocketAddr, peer: SocketAddr, name: &str) -> bool {
        let (local, peer) = (plain(local), plain(peer));
        match self.connections.get_mut(&(place, local, peer)) {
            Some(holder) if *holder.name == *name => holder.over = true,
            // Another endpoint has these addresses by now.
            Some(_) | None => return false,
        }
        let there = (across(place), peer, local);
        self.connections.get(&there).is_none_or(|other| other.over)
    }

    /// Whoever gets these addresses next is somebody else.
    pub fn forget(&mut self, place: Place, local: SocketAddr, peer: SocketAddr) {
        let (local, peer) = (plain(local), plain(peer));
        for key in [(place, local, peer), (across(place), peer, local)] {
            self.connections.remove(&key);
            self.numbers.remove(&key);
        }
    }

    pub fn listener_over(&mut self, place: Place, local: SocketAddr, name: &str) {
        let here = (place, plain(local));
        if self.listeners.get(&here).is_some_and(|n| **n == *name) {
            self.listeners.remove(&here);
        }
    }

    /// The names of both ends of a segment that was sent in this place; addresses where no name is known.
    pub fn of(&mut self, place: Place, packet: &Packet) -> (Name, Name) {
        let [from, to] = self.ends_now(place, packet);
        (or_address(from, packet.src), or_address(to, packet.dst))
    }

    /// The same, if one end at least is ours: `None` is other people's.
    pub fn of_ours(&mut self, place: Place, packet: &Packet) -> Option<(Name, Name)> {
        match self.ends_now(place, packet) {
            [None, None] => None,
            [from, to] => Some((or_address(from, packet.src), or_address(to, packet.dst))),
        }
    }

    fn ends_now(&mut self, place: Place, packet: &Packet) -> [Option<Name>; 2] {
        let here = (place, packet.src, packet.dst);
        let opens = packet.flags.has(Flags::SYN);
        let known = self
            .numbers
            .get(&here)
            .is_some_and(|n| n.contains(&packet.seq));
        if opens && !known {
            self.opens(here, !packet.flags.has(Flags::ACK));
        }
        let ends = [
            self.end(place, packet.src, packet.dst),
            self.end(across(place), packet.dst, packet.src),
        ];
        if opens && !known && ends.iter().any(Option::is_some) {
            let numbers = self.numbers.entry(here).or_default();
            if numbers.len() >= NUMBERS {
                numbers.remove(0);
            }
            numbers.push(packet.seq);
        }
        ends
    }

    /// A SYN, or a SYN,ACK, with a number that was not seen from here: a connection begins, whoever had these addresses.
    fn opens(&mut self, here: Key, first: bool) {
        let (place, local, peer) = here;
        let held = self.connections.get_mut(&here);
        if let Some(holder) = held.filter(|holder| holder.unheard) {
            holder.unheard = false;
        } else {
            let wanted = |(there, to, _): &(Place, SocketAddr, Name)| {
                first && *there == place && *to == peer
            };
            match self.dials.iter().position(wanted) {
                Some(at) => {
                    let (_, _, name) = self.dials.remove(at);
                    self.connections.insert(here, Holder::new(name, false));
                }
                None => drop(self.connections.remove(&here)),
            }
        }
        let there = (across(place), peer, local);
        // One that is alive gets this segment itself: it may challenge it, or wait in TIME-WAIT and let it through.
        if first && self.connections.get(&there).is_some_and(|h| h.over) {
            self.connections.remove(&there);
        }
    }

    fn end(&self, place: Place, local: SocketAddr, peer: SocketAddr) -> Option<Name> {
        if let Some(holder) = self.connections.get(&(place, local, peer)) {
            return Some(Arc::clone(&holder.name));
        }
        let everywhere = |ip: IpAddr| SocketAddr::new(ip, local.port());
        let v6 = everywhere(Ipv6Addr::UNSPECIFIED.into());
        let v4 = everywhere(Ipv4Addr::UNSPECIFIED.into());
        // A listener on every IPv6 address takes IPv4 connections too (ipv6(7), IPV6_V6ONLY).
        let places = [Some(local), local.is_ipv4().then_some(v4), Some(v6)];
        let mut listeners = places
            .into_iter()
            .flatten()
            .filter_map(|at| self.listeners.get(&(place, at)));
        listeners.next().map(Arc::clone)
    }
}

fn or_address(name: Option<Name>, at: SocketAddr) -> Name {
    name.unwrap_or_else(|| at.to_string().into())
}

/// Where the other end of a connection lives.
fn across(place: Place) -> Place {
    place.map(Host::other)
}

/// As a packet carries it: an IPv6 socket may call an IPv4 address ::ffff:a.b.c.d, and has a scope beside it.
pub(in crate::engine) fn plain(at: SocketAddr) -> SocketAddr {
    SocketAddr::new(at.ip().to_canonical(), at.port())
}
