//! What the room tells whoever sees segments (the lab's cable, or the tap on loopback), and what segments prove.
//!
//! Each is told before the call that it is about: a segment may be seen before the call has returned.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use super::edges::EdgeCell;
use super::room::Room;
use super::tap::Tap;
use super::wire::{End, Place, Turn};
use crate::journal::Who;
use crate::tcp::State;

impl Room {
    fn with_tap<T>(&self, ask: impl FnOnce(&mut Tap) -> T) -> Option<T> {
        self.tap.borrow_mut().as_mut().map(ask)
    }

    /// Tells the segments that have crossed loopback so far. True: there may be more.
    ///
    /// While a reader of the journal is behind they wait in the kernel's queue, which has an end, and counts what it
    /// drops.
    pub(super) fn catch_up(&self) -> bool {
        !self.tape.is_behind() && self.tell_the_rest()
    }

    /// The same, whoever is behind.
    pub(super) fn tell_the_rest(&self) -> bool {
        self.with_tap(|tap| tap.catch_up(&self.tape, self.clock))
            .unwrap_or(false)
    }

    /// Tells what comes by itself, for ever: a delayed ACK, a probe, a segment of a peer that is not ours.
    pub(super) async fn watch_loopback(self: Rc<Self>) {
        let cell = Rc::new(EdgeCell::default());
        let watched = self.with_tap(|tap| self.readiness.add(tap.socket(), &cell).is_ok());
        if watched != Some(true) {
            // Nobody taps, or the kernel has no room for one more descriptor in the set: then it is read beside calls.
            return;
        }
        loop {
            cell.wake().await;
            self.tape.caught_up().await;
            if self.catch_up() {
                cell.poke();
                tokio::task::yield_now().await;
            }
        }
    }

    /// listen is about to be called on a socket that is bound here.
    pub(super) fn will_listen(&self, who: &Who, place: Place, at: SocketAddr) {
        let name = Arc::clone(&who.name);
        match place {
            Some(_) => self.with_lab(|lab| lab.names().listener(place, at, name)),
            None => self.with_tap(|tap| {
                tap.watch(who.id, at.port());
                tap.names.listener(None, at, name);
            }),
        };
    }

    /// connect is about to be called: the cable may meet this connection's SYN before anybody knows its address.
    pub(super) fn dials(&self, who: &Who, place: Place, to: SocketAddr) {
        match place {
            Some(_) => self.with_lab(|lab| lab.names().dial(place, to, Arc::clone(&who.name))),
            None => {
                // What an earlier connection with the same addresses has said still bears its name.
                self.catch_up();
                self.with_tap(|tap| {
                    tap.watch(who.id, to.port());
                    tap.names.dial(None, to, Arc::clone(&who.name));
                })
            }
        };
    }

    /// Its addresses are known. On loopback nothing of it has been read so far.
    pub(super) fn is_connection(
        &self,
        who: &Who,
        place: Place,
        opener: bool,
        local: SocketAddr,
        peer: SocketAddr,
    ) {
        let name = Arc::clone(&who.name);
        match place {
            Some(_) => self.with_lab(|lab| lab.names().connection(place, local, peer, name)),
            None => self.with_tap(|tap| {
                if !opener {
                    tap.watch(who.id, local.port());
                }
                tap.names.connection(None, local, peer, name);
            }),
        };
    }

    /// connect has failed: if its SYN has not left, none will.
    pub(super) fn dials_no_more(&self, who: &Who, place: Place) {
        match place {
            Some(_) => self.with_lab(|lab| lab.names().give_up(&who.name)),
            None => self.with_tap(|tap| tap.names.give_up(&who.name)),
        };
    }

    /// The kernel has no such socket any more. A lab's wire may still hold what it said, so there its name stays.
    pub(super) fn is_no_more(
        &self,
        who: &Who,
        place: Place,
        local: Option<SocketAddr>,
        peer: Option<SocketAddr>,
    ) {
        self.dials_no_more(who, place);
        if let (Some(_), Some(local), Some(peer)) = (place, local, peer) {
            self.with_lab(|lab| lab.names().over(place, local, peer, &who.name));
        }
        if place.is_some() {
            return;
        }
        self.catch_up();
        self.with_tap(|tap| {
            match (local, peer) {
                (Some(local), Some(peer)) => {
                    if tap.names.over(None, local, peer, &who.name) {
                        tap.names.forget(None, local, peer);
                        tap.capture.forget(End::of(local, peer));
                    }
                }
                (Some(local), None) => tap.names.listener_over(None, local, &who.name),
                (None, _) => {}
            }
            tap.watch_no_more(who.id);
        });
    }

    /// close or shutdown was called: a FIN that waits behind data cannot be seen yet.
    pub(super) fn queues_fin(&self, place: Place, local: SocketAddr, peer: SocketAddr, turn: Turn) {
        let end = End::of(local, peer);
        match place {
            Some(_) => self.with_lab(|lab| lab.queues_fin(end, turn)),
            None => self.with_tap(|tap| tap.capture.queues_fin(end, turn)),
        };
    }

    /// Segments prove that this end passed this state.
    pub(super) fn proves(
        &self,
        place: Place,
        local: Option<SocketAddr>,
        peer: Option<SocketAddr>,
        state: State,
    ) -> bool {
        let (Some(local), Some(peer)) = (local, peer) else {
            return false;
        };
        let end = End::of(local, peer);
        let proven = match place {
            Some(_) => self.with_lab(|lab| lab.proves(end, state)),
            None => {
                self.catch_up();
                self.with_tap(|tap| tap.capture.proves(end, state))
            }
        };
        proven.unwrap_or(false)
    }
}
