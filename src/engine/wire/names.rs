//! Which endpoint a segment comes from and goes to, by place and addresses.
//!
//! A SYN leaves before its socket's address is known to anybody, so a connect announces itself first; a SYN,ACK
//! leaves before anybody has accepted, so it speaks for the listener.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use crate::journal::Host;
use crate::tcp::{Flags, Packet};

/// Where a socket lives: a host of the lab, or this machine.
pub(in crate::engine) type Place = Option<Host>;

type Name = Arc<str>;

/// Shared by the engine's tasks, which know names, and by whoever sees segments and their addresses.
#[derive(Debug, Default)]
pub(in crate::engine) struct Names {
    connections: HashMap<(Place, SocketAddr, SocketAddr), Holder>,
    listeners: HashMap<(Place, SocketAddr), Name>,
    /// Connects that were announced and whose SYN has not been seen, oldest first.
    dials: Vec<(Place, SocketAddr, Name)>,
}

/// One end of a connection of ours.
#[derive(Debug)]
struct Holder {
    name: Name,
    /// The kernel has no such socket any more. What the other end says to it still bears its name.
    over: bool,
}

impl Names {
    pub fn connection(&mut self, place: Place, local: SocketAddr, peer: SocketAddr, name: Name) {
        self.dials.retain(|(_, _, dialling)| *dialling != name);
        let over = false;
        self.connections
            .insert((place, plain(local), plain(peer)), Holder { name, over });
    }

    pub fn listener(&mut self, place: Place, local: SocketAddr, name: Name) {
        self.listeners.insert((place, plain(local)), name);
    }

    pub fn dial(&mut self, place: Place, peer: SocketAddr, name: Name) {
        self.dials.push((place, plain(peer), name));
    }

    /// The kernel has no such socket any more. Its addresses are forgotten once the other end, if it is ours, is over
    /// too: then whoever gets them next is somebody else. True: they are forgotten now.
    pub fn over(&mut self, place: Place, local: SocketAddr, peer: SocketAddr, name: &str) -> bool {
        let (local, peer) = (plain(local), plain(peer));
        let here = (place, local, peer);
        match self.connections.get_mut(&here) {
            Some(holder) if *holder.name == *name => holder.over = true,
            // Another endpoint has these addresses by now.
            Some(_) | None => return false,
        }
        let there = (across(place), peer, local);
        let both = self.connections.get(&there).is_none_or(|other| other.over);
        if both {
            self.connections.remove(&here);
            self.connections.remove(&there);
        }
        both
    }

    pub fn listener_over(&mut self, place: Place, local: SocketAddr, name: &str) {
        let here = (place, plain(local));
        if self.listeners.get(&here).is_some_and(|n| **n == *name) {
            self.listeners.remove(&here);
        }
    }

    /// The names of both ends of a segment that was sent in this place; addresses where no name is known.
    pub fn of(&mut self, place: Place, packet: &Packet) -> (Name, Name) {
        let opens = packet.flags.has(Flags::SYN) && !packet.flags.has(Flags::ACK);
        let here = (place, packet.src, packet.dst);
        if opens && !self.connections.contains_key(&here) {
            let announced = self
                .dials
                .iter()
                .position(|(there, peer, _)| *there == place && *peer == packet.dst);
            if let Some(at) = announced {
                let (_, _, name) = self.dials.remove(at);
                let over = false;
                self.connections.insert(here, Holder { name, over });
            }
        }
        let [from, to] = self.ends(place, packet);
        (or_address(from, packet.src), or_address(to, packet.dst))
    }

    /// The same, if one end at least is ours: `None` is other people's.
    pub fn of_ours(&self, place: Place, packet: &Packet) -> Option<(Name, Name)> {
        match self.ends(place, packet) {
            [None, None] => None,
            [from, to] => Some((or_address(from, packet.src), or_address(to, packet.dst))),
        }
    }

    fn ends(&self, place: Place, packet: &Packet) -> [Option<Name>; 2] {
        [
            self.end(place, packet.src, packet.dst),
            self.end(across(place), packet.dst, packet.src),
        ]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::{Sack, Seq};

    const CLIENT: &str = "127.0.0.1:40000";
    const SERVER: &str = "127.0.0.1:6000";

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn packet(src: &str, dst: &str, flags: Flags) -> Packet {
        Packet {
            src: at(src),
            dst: at(dst),
            flags,
            seq: Seq(1),
            ack: Seq(1),
            window: 1,
            len: 0,
            mss: None,
            window_shift: None,
            sack_permitted: false,
            sack: Sack::default(),
            timestamps: None,
        }
    }

    /// `from > to`, or `-` for other people's.
    fn ours(names: &Names, src: &str, dst: &str) -> String {
        match names.of_ours(None, &packet(src, dst, Flags::ACK)) {
            Some((from, to)) => format!("{from} > {to}"),
            None => "-".to_owned(),
        }
    }

    #[test]
    fn a_listener_answers_until_somebody_has_accepted() {
        let mut names = Names::default();
        assert_eq!(ours(&names, CLIENT, SERVER), "-");
        names.listener(None, at("[::]:6000"), "server.listen".into());
        names.connection(None, at(CLIENT), at(SERVER), "client".into());
        assert_eq!(ours(&names, CLIENT, SERVER), "client > server.listen");
        let mapped = (
            at("[::ffff:127.0.0.1]:6000"),
            at("[::ffff:127.0.0.1]:40000"),
        );
        names.connection(None, mapped.0, mapped.1, "server".into());
        assert_eq!(ours(&names, SERVER, CLIENT), "server > client");
        // Another port, and another address of the same port where the listener is not on all of them.
        assert_eq!(ours(&names, CLIENT, "127.0.0.1:6001"), "-");
        names.listener(None, at("127.0.0.1:7000"), "other.listen".into());
        assert_eq!(ours(&names, CLIENT, "127.0.0.2:7000"), "-");
        names.listener_over(None, at("127.0.0.1:7000"), "server.listen");
        assert_eq!(
            ours(&names, CLIENT, "127.0.0.1:7000"),
            format!("{CLIENT} > other.listen")
        );
        names.listener_over(None, at("127.0.0.1:7000"), "other.listen");
        assert_eq!(ours(&names, CLIENT, "127.0.0.1:7000"), "-");
    }

    #[test]
    fn a_connection_is_ours_until_both_its_ends_are_over() {
        let mut names = Names::default();
        names.connection(None, at(CLIENT), at(SERVER), "client".into());
        names.connection(None, at(SERVER), at(CLIENT), "server".into());
        assert!(!names.over(None, at(CLIENT), at(SERVER), "client"));
        assert_eq!(ours(&names, SERVER, CLIENT), "server > client");
        // Its addresses, in use again.
        names.connection(None, at(CLIENT), at(SERVER), "second".into());
        assert!(!names.over(None, at(CLIENT), at(SERVER), "client"));
        assert!(!names.over(None, at(SERVER), at(CLIENT), "server"));
        assert_eq!(ours(&names, CLIENT, SERVER), "second > server");
        assert!(names.over(None, at(CLIENT), at(SERVER), "second"));
        assert_eq!(ours(&names, CLIENT, SERVER), "-");
        // A peer that is not ours.
        names.connection(None, at(CLIENT), at(SERVER), "third".into());
        assert_eq!(ours(&names, SERVER, CLIENT), format!("{SERVER} > third"));
        assert!(names.over(None, at(CLIENT), at(SERVER), "third"));
        assert_eq!(ours(&names, SERVER, CLIENT), "-");
    }

    #[test]
    fn in_the_lab_an_announced_connect_claims_the_first_syn_to_its_target() {
        let mut names = Names::default();
        let (a, b) = (Some(Host::A), Some(Host::B));
        names.listener(b, at(SERVER), "server.listen".into());
        names.dial(a, at(SERVER), "client".into());
        let mut told = |src, dst, place, flags| {
            let (from, to) = names.of(place, &packet(src, dst, flags));
            format!("{from} > {to}")
        };
        assert_eq!(
            told(CLIENT, "127.0.0.1:9", a, Flags::SYN),
            format!("{CLIENT} > 127.0.0.1:9")
        );
        assert_eq!(
            told(CLIENT, SERVER, b, Flags::SYN),
            format!("{CLIENT} > {SERVER}"),
            "from the other host"
        );
        assert_eq!(
            told(CLIENT, SERVER, a, Flags::SYN),
            "client > server.listen"
        );
        let answer = Flags::SYN.with(Flags::ACK);
        assert_eq!(told(SERVER, CLIENT, b, answer), "server.listen > client");
        assert_eq!(
            told("127.0.0.1:40001", SERVER, a, Flags::SYN),
            "127.0.0.1:40001 > server.listen",
            "announced once"
        );
    }
}
