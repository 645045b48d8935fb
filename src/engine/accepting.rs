//! The listening half of a driver: accept while accepting is on; every accepted socket gets a task of its own.

use std::time::Duration;

use super::driver::{Birth, Driver, Moved};
use super::order::{Answer, Outcome, Refusal};
use crate::journal::{By, Note, Op};
use crate::kernel::raise_descriptors;
use crate::tcp::{Errno, State};

/// Accepts in one turn.
const TURN: usize = 64;
/// How soon a listener tries again that found no free descriptor.
const RETRY: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Accepting {
    /// Accepted connections are named after it.
    base: String,
    on: bool,
    /// There may be a connection in the queue.
    ready: bool,
    /// Out of descriptors: told once, tried again.
    starved: bool,
    count: u32,
}

impl Accepting {
    pub(super) const fn new(base: String) -> Accepting {
        Accepting {
            base,
            on: true,
            ready: true,
            starved: false,
            count: 0,
        }
    }

    pub(super) const fn edge(&mut self) {
        self.ready = true;
    }

    /// No edge comes for a connection that stands in the queue already.
    pub(super) fn retry(&self) -> Option<Duration> {
        (self.starved && self.on).then_some(RETRY)
    }

    pub(super) const fn retry_now(&mut self) {
        self.ready |= self.starved;
    }
}

impl Driver {
    pub(super) fn accept(&mut self, on: bool, reply: &mut Answer) {
        match &mut self.accepting {
            Some(accepting) => {
                accepting.on = on;
                self.room.note(&self.who, Note::Accepting { on });
            }
            None => reply.give(Outcome::Refused(Refusal::WrongKind {
                actor: self.who.name.to_string(),
                verb: "accept",
            })),
        }
    }

    pub(super) fn pump_accept(&mut self) -> Moved {
        let mut moved = Moved::default();
        let Some(mut accepting) = self.accepting.take() else {
            return moved;
        };
        // A connection that is not accepted still changes the queue that is shown.
        moved.any = accepting.ready;
        let mut turns = 0..TURN;
        while accepting.on && accepting.ready && turns.next().is_some() {
            self.accept_one(&mut accepting);
        }
        moved.more = accepting.on && accepting.ready;
        self.accepting = Some(accepting);
        moved
    }

    fn accept_one(&mut self, accepting: &mut Accepting) {
        let Some(listener) = &self.socket else {
            accepting.ready = false;
            return;
        };
        match listener.accept() {
            Ok((socket, peer)) => {
                accepting.starved = false;
                // Its handshake is told before the call that it made possible.
                self.room.catch_up();
                let (who, count) = self.room.mint_accepted(&accepting.base, accepting.count);
                accepting.count = count;
                let fd = u64::try_from(socket.fd()).unwrap_or(0);
                self.call(
                    Op::Accept {
                        accepted: Some(who.clone()),
                        peer: Some(peer),
                    },
                    Ok(fd),
                    By::Asked,
                );
                let local = socket.local().ok();
                self.room.enter(
                    who,
                    Birth::Connected {
                        socket,
                        local,
                        peer: Some(peer),
                        opener: false,
                        state: State::Closed,
                        place: self.known.host,
                        twin: false,
                    },
                );
            }
            Err(Errno::EAGAIN) => accepting.ready = false,
            Err(errno) => self.accept_failed(accepting, errno),
        }
    }

    fn accept_failed(&mut self, accepting: &mut Accepting, errno: Errno) {
        let starved = matches!(
            errno,
            Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM | Errno::ENOBUFS
        );
        // ECONNABORTED: that one connection is gone, the next may be well.
        accepting.ready = errno == Errno::ECONNABORTED;
        if starved && accepting.starved {
            return;
        }
        accepting.starved = starved;
        let op = Op::Accept {
            accepted: None,
            peer: None,
        };
        self.call(op, Err(errno), By::Asked);
        if starved {
            let limit = raise_descriptors().map_or(0, |d| d.soft);
            self.room.note(&self.who, Note::OutOfDescriptors { limit });
        }
    }
}
