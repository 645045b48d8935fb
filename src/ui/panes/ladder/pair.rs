//! Which events and segments belong to the selected connection, and who stands on which rail.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::journal::{Endpoint, EndpointId, Role, World};
use crate::ui::panes::sides::stands_left;

/// One rail: an endpoint, or the address of one that is not seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The endpoint and the other descriptors of its socket.
    pub ids: Vec<EndpointId>,
    /// `None`: nobody is seen there.
    pub name: Option<Arc<str>>,
    pub address: Option<SocketAddr>,
    /// Names under which the wire may tell this end and no other.
    own: Vec<String>,
    /// The listener: what the wire knows at this address until the connection is accepted.
    listener: Option<Arc<str>>,
}

/// Both rails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    pub left: Side,
    pub right: Side,
}

/// The way a segment goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    Right,
    Left,
}

impl Pair {
    /// The rails of an endpoint's connection. The client stands at the left; of two clients, the older one.
    pub fn of(world: &World, this: EndpointId) -> Option<Pair> {
        let e = world.get(this)?;
        let here = Side::seen(world, e);
        let other = world.facing(this);
        let there = match other {
            Some(other) => Side::seen(world, other),
            None => Side::unseen(world, e),
        };
        let at_left = stands_left(e, other);
        Some(if at_left {
            Pair {
                left: here,
                right: there,
            }
        } else {
            Pair {
                left: there,
                right: here,
            }
        })
    }

    /// The way of a segment between these two ends; `None`: it belongs to another connection.
    ///
    /// One of its ends must be known for sure. The other may be told as the listener, which is all that stands at that
    /// address before the connection is accepted.
    pub fn toward(&self, from: &str, to: &str) -> Option<Toward> {
        let (left, right) = (&self.left, &self.right);
        let goes = |a: &Side, b: &Side| {
            (a.is(from) && (b.is(to) || b.listens_as(to))) || (a.listens_as(from) && b.is(to))
        };
        match (goes(left, right), goes(right, left)) {
            (true, _) => Some(Toward::Right),
            (false, true) => Some(Toward::Left),
            (false, false) => None,
        }
    }
}

impl Side {
    fn seen(world: &World, e: &Endpoint) -> Side {
        let mut ids = vec![e.id];
        ids.extend(&e.twins);
        let names = ids
            .iter()
            .filter_map(|id| world.get(*id))
            .map(|e| e.name.to_string());
        let own = names.chain(e.local.map(|a| a.to_string())).collect();
        let listener = e.listener.and_then(|id| world.get(id));
        Side {
            ids,
            name: Some(Arc::clone(&e.name)),
            address: e.local,
            own,
            listener: listener.map(|l| Arc::clone(&l.name)),
        }
    }

    /// The peer that nobody sees (yet): its address, and the listener that waits there.
    fn unseen(world: &World, e: &Endpoint) -> Side {
        let Some(address) = e.peer else {
            return Side::default();
        };
        let listens = |l: &&Endpoint| {
            l.role == Role::Listener
                && !l.gone
                && l.local.is_some_and(|a| a.port() == address.port())
        };
        Side {
            own: vec![address.to_string()],
            address: Some(address),
            listener: world
                .endpoints()
                .iter()
                .find(listens)
                .map(|l| Arc::clone(&l.name)),
            ..Side::default()
        }
    }

    fn is(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name)
    }

    fn listens_as(&self, name: &str) -> bool {
        self.listener.as_deref() == Some(name)
    }
}
