//! Which endpoint a segment comes from and goes to, by host and addresses.
//!
//! A SYN leaves before its socket's address is known to anybody, so a connect announces itself first; a SYN,ACK
//! leaves before anybody has accepted, so it speaks for the listener.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::journal::Host;
use crate::tcp::{Flags, Packet};

/// Shared by the engine's tasks, which know names, and the cable, which sees addresses.
#[derive(Debug, Default)]
pub struct Names {
    connections: HashMap<(Host, SocketAddr, SocketAddr), Arc<str>>,
    listeners: HashMap<(Host, SocketAddr), Arc<str>>,
    /// Connects that were announced and whose SYN has not been seen, oldest first.
    dials: Vec<(Host, SocketAddr, Arc<str>)>,
}

impl Names {
    pub fn connection(&mut self, host: Host, local: SocketAddr, peer: SocketAddr, name: Arc<str>) {
        self.dials.retain(|(_, _, n)| *n != name);
        self.connections.insert((host, local, peer), name);
    }

    pub fn listener(&mut self, host: Host, local: SocketAddr, name: Arc<str>) {
        self.listeners.insert((host, local), name);
    }

    pub fn dial(&mut self, host: Host, peer: SocketAddr, name: Arc<str>) {
        self.dials.push((host, peer, name));
    }

    /// Whose connection this is now.
    pub fn connected(&self, host: Host, local: SocketAddr, peer: SocketAddr) -> Option<Arc<str>> {
        self.connections.get(&(host, local, peer)).cloned()
    }

    /// The names of both ends of a segment that `host` sent; addresses where no name is known.
    pub fn of(&mut self, host: Host, packet: &Packet) -> (Arc<str>, Arc<str>) {
        let opens = packet.flags.has(Flags::SYN) && !packet.flags.has(Flags::ACK);
        if opens
            && !self
                .connections
                .contains_key(&(host, packet.src, packet.dst))
        {
            let announced = self
                .dials
                .iter()
                .position(|(h, peer, _)| *h == host && *peer == packet.dst);
            if let Some(at) = announced {
                let (_, _, name) = self.dials.remove(at);
                self.connections
                    .insert((host, packet.src, packet.dst), name);
            }
        }
        (
            self.end(host, packet.src, packet.dst),
            self.end(host.other(), packet.dst, packet.src),
        )
    }

    fn end(&self, host: Host, local: SocketAddr, peer: SocketAddr) -> Arc<str> {
        let everywhere = SocketAddr::new(
            match local {
                SocketAddr::V4(_) => std::net::Ipv4Addr::UNSPECIFIED.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
            },
            local.port(),
        );
        let found = self
            .connections
            .get(&(host, local, peer))
            .or_else(|| self.listeners.get(&(host, local)))
            .or_else(|| self.listeners.get(&(host, everywhere)));
        found.cloned().unwrap_or_else(|| local.to_string().into())
    }
}
