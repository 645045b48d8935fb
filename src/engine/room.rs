//! What all tasks of the engine share: the clock, the tape, readiness, sock_diag, and who is who.
//!
//! Everything here lives on the engine's one thread. No task keeps a borrow across a wait.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::driver::{Birth, Driver};
use super::edges::{EdgeCell, Readiness};
use super::lab::{Deliveries, LabWorld};
use super::order::{Answer, Job, Order, Outcome, Pace, Refusal};
use super::start::Family;
use super::tap::Tap;
use super::tape::Tape;
use super::wire::Place;
use crate::command::{Command, Setting};
use crate::journal::{By, Call, EndpointId, Fact, KernelFact, Note, Op, Who};
use crate::kernel::{Diag, Found, lab_address};
use crate::tcp::Errno;
use crate::tcp::Host;

/// One endpoint's place in the room.
pub(super) struct Post {
    pub who: Who,
    mailbox: mpsc::UnboundedSender<Job>,
    cell: Rc<EdgeCell>,
}

pub(super) struct Room {
    pub clock: Clock,
    pub tape: Arc<Tape>,
    pub readiness: Rc<Readiness>,
    pub family: Family,
    diag: RefCell<Option<Diag>>,
    pub(super) lab: RefCell<Option<LabWorld>>,
    /// What sees the segments on loopback, where there is no lab and this machine grants it.
    pub(super) tap: RefCell<Option<Tap>>,
    /// For the cable of the next lab.
    pub(super) deliveries: Deliveries,
    posts: RefCell<HashMap<String, Rc<Post>>>,
    by_id: RefCell<BTreeMap<EndpointId, Rc<Post>>>,
    /// Who listens, and where. Every connect asks, and listeners are few among many.
    listening: RefCell<BTreeMap<EndpointId, (Place, SocketAddr)>>,
    /// The hosts of sockets that live in the lab.
    places: RefCell<HashMap<EndpointId, Host>>,
    /// What recv fills, one call at a time: a buffer for each socket would be most of what ten thousand of them occupy.
    pub buffer: RefCell<Vec<u8>>,
    /// Options set before there is a socket, in order.
    kept: RefCell<HashMap<String, Vec<Setting>>>,
    /// Script lines for a connection that nobody has made yet.
    parked: RefCell<Vec<Order>>,
}

impl Room {
    pub(super) fn new(
        tape: Arc<Tape>,
        readiness: Rc<Readiness>,
        family: Family,
        clock: Clock,
        lab: Option<LabWorld>,
        tap: Option<Tap>,
        deliveries: Deliveries,
    ) -> Rc<Room> {
        Rc::new(Room {
            clock,
            tape,
            readiness,
            family,
            diag: RefCell::new(Diag::open().ok()),
            lab: RefCell::new(lab),
            tap: RefCell::new(tap),
            deliveries,
            posts: RefCell::default(),
            by_id: RefCell::default(),
            listening: RefCell::default(),
            places: RefCell::default(),
            buffer: RefCell::default(),
            kept: RefCell::default(),
            parked: RefCell::default(),
        })
    }

    // --- writing the journal -------------------------------------------------------------------------------------

    pub(super) fn log(&self, who: &Who, fact: Fact) {
        self.tape.append(self.clock.now(), Some(who), fact);
    }

    pub(super) fn call(&self, who: &Who, op: Op, result: Result<u64, Errno>, by: By) {
        self.log(
            who,
            Fact::App(Call {
                op,
                result,
                by,
                blocked_us: None,
            }),
        );
    }

    /// A fact from outside the engine, about an endpoint by name where there is one.
    pub(super) fn tell(&self, who: Option<&str>, fact: Fact) {
        let who = who.and_then(|name| self.post(name)).map(|p| p.who.clone());
        self.tape.append(self.clock.now(), who.as_ref(), fact);
    }

    pub(super) fn note(&self, who: &Who, note: Note) {
        self.log(who, Fact::Note(note));
    }

    /// Told behind the segments that led to it.
    pub(super) fn kernel(&self, who: &Who, fact: KernelFact) {
        self.catch_up();
        self.log(who, Fact::Kernel(Box::new(fact)));
    }

    // --- asking the kernel's tables ------------------------------------------------------------------------------

    /// `None`: sock_diag cannot be asked here. `Some(None)`: the kernel has no such socket.
    pub(super) fn find(
        &self,
        place: Place,
        local: SocketAddr,
        peer: SocketAddr,
        cookie: Option<u64>,
    ) -> Option<Option<Found>> {
        if let Some(host) = place {
            let mut lab = self.lab.borrow_mut();
            return lab.as_mut()?.find(host, local, peer, cookie);
        }
        self.diag
            .borrow_mut()
            .as_mut()?
            .find(local, peer, cookie)
            .ok()
    }

    /// The same for a listening socket.
    pub(super) fn find_listener(
        &self,
        place: Place,
        local: SocketAddr,
        cookie: Option<u64>,
    ) -> Option<Option<Found>> {
        if let Some(host) = place {
            let mut lab = self.lab.borrow_mut();
            return lab.as_mut()?.find_listener(host, local, cookie);
        }
        self.diag
            .borrow_mut()
            .as_mut()?
            .listener(local, cookie)
            .ok()
    }

    // --- who is who ----------------------------------------------------------------------------------------------

    /// A new name. `None`: it has been used.
    pub(super) fn mint(&self, name: &str) -> Option<Who> {
        self.tape.journal().mint(name).ok()
    }

    /// A name for a connection accepted by `base`: `base`, then `base.2`, `base.3`.
    pub(super) fn mint_accepted(&self, base: &str, count: u32) -> (Who, u32) {
        let mut count = count;
        loop {
            count += 1;
            let name = match count {
                1 => base.to_owned(),
                n => format!("{base}.{n}"),
            };
            if let Some(who) = self.mint(&name) {
                return (who, count);
            }
        }
    }

    pub(super) fn enter(self: &Rc<Self>, who: Who, birth: Birth) -> Rc<Post> {
        let (mailbox, jobs) = mpsc::unbounded_channel();
        let cell = Rc::new(EdgeCell::default());
        let post = Rc::new(Post {
            who: who.clone(),
            mailbox,
            cell: Rc::clone(&cell),
        });
        self.posts
            .borrow_mut()
            .insert(who.name.to_string(), Rc::clone(&post));
        self.by_id.borrow_mut().insert(who.id, Rc::clone(&post));
        tokio::task::spawn_local(Driver::new(Rc::clone(self), who, cell, jobs, birth).run());
        self.unpark();
        post
    }

    fn post(&self, name: &str) -> Option<Rc<Post>> {
        self.posts.borrow().get(name).cloned()
    }

    /// The options that were set before there was a socket.
    pub(super) fn kept(&self, actor: &str) -> Vec<Setting> {
        self.kept.borrow_mut().remove(actor).unwrap_or_default()
    }

    pub(super) fn lives(&self, who: &Who, place: Place) {
        if let Some(host) = place {
            self.places.borrow_mut().insert(who.id, host);
        }
    }

    pub(super) fn listens(&self, who: &Who, at: Option<(Place, SocketAddr)>) {
        let mut listening = self.listening.borrow_mut();
        match at {
            Some(at) => listening.insert(who.id, at),
            None => listening.remove(&who.id),
        };
    }

    /// Where an actor listens, as an address to connect to.
    pub(super) fn listening(&self, actor: &str) -> Option<(Place, SocketAddr)> {
        let post = self
            .post(&listener_name(actor))
            .or_else(|| self.post(actor))?;
        let (place, at) = *self.listening.borrow().get(&post.who.id)?;
        Some((place, reachable(place, at)))
    }

    /// Some listener of ours takes connections to this address.
    pub(super) fn listens_at(&self, place: Place, peer: SocketAddr) -> bool {
        self.listening.borrow().values().any(|(there, at)| {
            there.is_some() == place.is_some()
                && at.port() == peer.port()
                && (at.ip() == peer.ip() || at.ip().is_unspecified())
        })
    }

    /// Wakes one task: something was done to its socket that no edge tells.
    pub(super) fn poke(&self, name: &str) {
        if let Some(post) = self.post(name) {
            post.cell.poke();
        }
    }

    /// Wakes every task: the world around them has changed.
    pub(super) fn poke_all(&self) {
        for post in self.by_id.borrow().values() {
            post.cell.poke();
        }
    }

    /// Wakes the other end of a connection, where it is ours: what was done here may show there without an edge.
    pub(super) fn poke_facing(&self, who: &Who) {
        let mut others: Vec<EndpointId> = Vec::new();
        {
            let journal = self.tape.journal();
            let world = journal.world();
            others.extend(world.facing(who.id).map(|e| e.id));
            // Other descriptors of the same socket: a closed one has no edges of its own.
            others.extend(world.get(who.id).iter().flat_map(|e| &e.twins));
        }
        let posts = self.by_id.borrow();
        for post in others.iter().filter_map(|id| posts.get(id)) {
            post.cell.poke();
        }
    }

    // --- orders --------------------------------------------------------------------------------------------------

    pub(super) fn route(self: &Rc<Self>, mut order: Order) {
        match self.addressee(&order) {
            Ok(Some(post)) => {
                let actor = order.actor;
                let job = Job::Do {
                    command: order.command,
                    pace: order.pace,
                    reply: order.reply,
                };
                if let Err(mpsc::error::SendError(Job::Do {
                    command, mut reply, ..
                })) = post.mailbox.send(job)
                {
                    reply.give(Outcome::Refused(match command {
                        Command::Listen(_) | Command::Connect(_) => {
                            Refusal::NameTaken { name: actor }
                        }
                        _ => Refusal::NoDescriptor { actor },
                    }));
                }
            }
            Ok(None) => self.parked.borrow_mut().push(order),
            Err(Some(refusal)) => order.reply.give(Outcome::Refused(refusal)),
            Err(None) => order.reply.give(Outcome::Done),
        }
    }

    /// Who does it. `Ok(None)`: not there yet, wait. `Err(None)`: it is done already.
    fn addressee(self: &Rc<Self>, order: &Order) -> Result<Option<Rc<Post>>, Option<Refusal>> {
        let actor = order.actor.as_str();
        let listener = listener_name(actor);
        match &order.command {
            Command::Listen(_) => self.post_or_birth(&listener, actor).map(Some),
            Command::Connect(_) => self.post_or_birth(actor, actor).map(Some),
            Command::Accept(_) => match self.post(&listener).or_else(|| self.post(actor)) {
                Some(post) => Ok(Some(post)),
                None => Err(Some(no_such(actor))),
            },
            Command::Set(setting)
                if self.post(actor).is_none() && self.post(&listener).is_none() =>
            {
                let mut kept = self.kept.borrow_mut();
                kept.entry(actor.to_owned()).or_default().push(*setting);
                Err(None)
            }
            _ => match self.post(actor) {
                Some(post) => Ok(Some(post)),
                None if self.post(&listener).is_none() => Err(Some(no_such(actor))),
                // No connection will ever come.
                None if self.listening(actor).is_none() => Err(Some(Refusal::NotListening {
                    actor: actor.to_owned(),
                })),
                None if order.pace == Pace::Script => Ok(None),
                None => Err(Some(Refusal::NoConnectionYet {
                    actor: actor.to_owned(),
                })),
            },
        }
    }

    fn post_or_birth(
        self: &Rc<Self>,
        name: &str,
        actor: &str,
    ) -> Result<Rc<Post>, Option<Refusal>> {
        if let Some(post) = self.post(name) {
            return Ok(post);
        }
        let who = self.mint(name).ok_or_else(|| Refusal::NameTaken {
            name: name.to_owned(),
        })?;
        Ok(self.enter(
            who,
            Birth::Fresh {
                actor: actor.to_owned(),
            },
        ))
    }

    /// A new endpoint may be the one that parked lines wait for.
    fn unpark(self: &Rc<Self>) {
        let parked = self.parked.take();
        for order in parked {
            self.route(order);
        }
    }

    /// Closes what is open, in order of creation.
    pub(super) async fn close_all(&self) {
        self.parked.borrow_mut().clear();
        self.close_where(|_| true).await;
    }

    pub(super) async fn close_where(&self, lives: impl Fn(Place) -> bool) {
        let mut next = EndpointId(0);
        loop {
            let found = self
                .by_id
                .borrow()
                .range(next..)
                .next()
                .map(|(id, post)| (*id, Rc::clone(post)));
            let Some((id, post)) = found else { return };
            next = EndpointId(id.0 + 1);
            if !lives(self.places.borrow().get(&id).copied()) {
                continue;
            }
            let (reply, done) = Answer::new();
            if post.mailbox.send(Job::End { reply }).is_ok() {
                // A dropped answer means that the task had nothing left to close.
                let _ = done.await;
            }
        }
    }
}

fn no_such(actor: &str) -> Refusal {
    Refusal::NoSuchActor {
        actor: actor.to_owned(),
    }
}

/// The name of an actor's listening socket.
pub(super) fn listener_name(actor: &str) -> String {
    format!("{actor}.listen")
}

/// A listener on every address is reached at its host's own, or at loopback.
fn reachable(place: Place, at: SocketAddr) -> SocketAddr {
    if let (Some(host), true) = (place, at.ip().is_unspecified()) {
        return SocketAddr::new(lab_address(host, at.is_ipv6()), at.port());
    }
    let ip = match at.ip() {
        IpAddr::V4(v4) if v4.is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(v6) if v6.is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}
