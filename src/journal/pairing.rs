//! Which endpoints have held which pair of addresses, and since when. It finds candidates for the other end of a
//! connection; which of them it is, the World decides.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::event::{EndpointId, Host, Micros};

/// Where they are, the local address, and the peer's.
pub(super) type Addresses = (Place, SocketAddr, SocketAddr);

/// Where a pair of addresses means one connection: the same addresses elsewhere are another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// This machine's own network.
    Here,
    /// The lab's, which its hosts share.
    Lab,
    /// Inside one host of the lab: each has a loopback of its own.
    Inside(Host),
}

impl Place {
    pub fn of(host: Option<Host>, local: SocketAddr) -> Place {
        match host {
            None => Place::Here,
            Some(host) if local.ip().to_canonical().is_loopback() => Place::Inside(host),
            Some(Host::A | Host::B) => Place::Lab,
        }
    }
}

/// The holders of every pair of addresses, each list in order of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing(HashMap<Addresses, Vec<(Micros, EndpointId)>>);

impl Pairing {
    pub fn join(&mut self, addresses: Addresses, since: Micros, id: EndpointId) {
        let holders = self.0.entry(addresses).or_default();
        let at = holders.partition_point(|held| *held <= (since, id));
        holders.insert(at, (since, id));
    }

    pub fn leave(&mut self, addresses: Addresses, since: Micros, id: EndpointId) {
        if let Some(holders) = self.0.get_mut(&addresses) {
            holders.retain(|held| *held != (since, id));
            if holders.is_empty() {
                self.0.remove(&addresses);
            }
        }
    }

    /// The holders whose time is nearest to `began`: more than one when they began at the same moment.
    pub fn nearest(&self, addresses: Addresses, began: Micros) -> impl Iterator<Item = EndpointId> {
        let holders = self.0.get(&addresses).map_or(&[][..], Vec::as_slice);
        let after = holders.partition_point(|(since, _)| *since < began);
        let later = holders.get(after).map(|(since, _)| *since);
        let earlier = after
            .checked_sub(1)
            .and_then(|i| holders.get(i))
            .map(|(since, _)| *since);
        let nearest = match (earlier, later) {
            (Some(e), Some(l)) if began.0 - e.0 < l.0 - began.0 => Some(e),
            (_, Some(l)) => Some(l),
            (e, None) => e,
        };
        let from = holders.partition_point(|(since, _)| Some(*since) < nearest);
        holders[from..]
            .iter()
            .take_while(move |(since, _)| Some(*since) == nearest)
            .map(|(_, id)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let at = |port| SocketAddr::from(([198, 51, 100, 1], port));
        (Place::Here, at(1), at(2))
    }

    #[test]
    fn the_nearest_in_time_are_found_on_either_side() {
        let mut pairing = Pairing::default();
        for (since, id) in [(100, 0), (100, 1), (500, 2)] {
            pairing.join(addresses(), Micros(since), EndpointId(id));
        }
        let near = |t| {
            pairing
                .nearest(addresses(), Micros(t))
                .map(|id| id.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(near(0), [0, 1]);
        assert_eq!(near(299), [0, 1]);
        assert_eq!(near(300), [2], "at equal distance the later one");
        assert_eq!(near(900), [2]);
    }

    #[test]
    fn the_same_addresses_elsewhere_are_another_connection() {
        let own: SocketAddr = ([198, 51, 100, 1], 1).into();
        let loopback: SocketAddr = ([127, 0, 0, 1], 1).into();
        let inside: SocketAddr = "[::1]:1".parse().unwrap();
        assert_eq!(Place::of(Some(Host::A), own), Place::of(Some(Host::B), own));
        assert_ne!(Place::of(Some(Host::A), own), Place::of(None, own));
        for address in [loopback, inside] {
            let places = [None, Some(Host::A), Some(Host::B)].map(|h| Place::of(h, address));
            assert!(places[0] != places[1] && places[1] != places[2] && places[0] != places[2]);
        }
    }

    #[test]
    fn who_left_is_not_found() {
        let mut pairing = Pairing::default();
        pairing.join(addresses(), Micros(1), EndpointId(0));
        pairing.leave(addresses(), Micros(1), EndpointId(0));
        assert_eq!(pairing.nearest(addresses(), Micros(1)).count(), 0);
    }
}
