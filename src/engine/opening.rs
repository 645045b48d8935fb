//! listen and connect: names to addresses, the socket, and how a pending connect ends.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::accepting::Accepting;
use super::driver::Driver;
use super::lab::LabWorld;
use super::order::{Answer, Outcome, Refusal};
use super::start::Family;
use super::wire::Place;
use crate::command::{Connect, HostPort, Listen, Setting, Target};
use crate::journal::{By, EndpointId, Host, Note, Op};
use crate::kernel::lab_address;
use crate::tcp::{Errno, State};

/// After this time a connect that is not decided stays pending, and the script goes on.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);
/// listen(2) without a number: what `std` and most programs ask for.
const BACKLOG: u32 = 128;

/// What the addresses will be used for.
#[derive(Debug)]
enum Purpose {
    Listen { backlog: u32, on: Place },
    Connect { from: Option<HostPort>, on: Place },
}

/// A name under way.
#[derive(Debug)]
struct Lookup {
    host: String,
    purpose: Purpose,
    task: JoinHandle<io::Result<Vec<SocketAddr>>>,
}

/// The part of a driver that opens.
#[derive(Debug, Default)]
pub(super) struct Opening {
    lookup: Option<Lookup>,
    /// connect() was called and has not been decided.
    pending: Option<SocketAddr>,
    /// Further addresses of the same name.
    rest: VecDeque<SocketAddr>,
    from: Option<HostPort>,
    reply: Option<Answer>,
    /// Options that were set before there was a socket; each socket of this endpoint gets them.
    kept: Vec<Setting>,
}

impl Opening {
    pub(super) const fn connecting(&self) -> bool {
        self.pending.is_some()
    }

    /// A blocking program would still be inside connect.
    pub(super) fn blocks(&self) -> bool {
        self.lookup.is_some() || self.reply.is_some()
    }

    /// The resolver's answer; for ever pending while nothing is looked up. Cancel-safe.
    pub(super) async fn lookup(&mut self) -> io::Result<Vec<SocketAddr>> {
        match &mut self.lookup {
            Some(lookup) => match (&mut lookup.task).await {
                Ok(found) => found,
                Err(lost) => Err(io::Error::other(lost)),
            },
            None => std::future::pending().await,
        }
    }
}

impl Driver {
    pub(super) fn listen(&mut self, listen: Listen, reply: Answer) {
        let purpose = Purpose::Listen {
            backlog: listen.backlog.unwrap_or(BACKLOG),
            on: listen.on,
        };
        self.opening.reply = Some(reply);
        self.resolve(listen.at, listen.on, purpose);
    }

    pub(super) fn connect(&mut self, connect: Connect, mut reply: Answer) {
        let purpose = Purpose::Connect {
            from: connect.from,
            on: connect.on,
        };
        let at = match connect.target {
            Target::Address(at) => Ok(at),
            Target::Actor(actor) => match self.room.listening(&actor) {
                Some((_, at)) => Err(at),
                None => {
                    self.over = self.socket.is_none();
                    return reply.give(Outcome::Refused(Refusal::NotListening { actor }));
                }
            },
        };
        if connect.nowait {
            reply.give(Outcome::Pending);
        }
        self.opening.reply = Some(reply);
        match at {
            Ok(named) => self.resolve(named, connect.on, purpose),
            Err(at) => self.use_addresses(vec![at], purpose),
        }
    }

    /// An address is used as it is; a name is looked up on a thread of its own, and that is seen.
    fn resolve(&mut self, at: HostPort, on: Place, purpose: Purpose) {
        if let Some(addr) = self.literal(&at, on) {
            return self.use_addresses(vec![addr], purpose);
        }
        let host = at.host.unwrap_or_default();
        self.room
            .note(&self.who, Note::Resolving { host: host.clone() });
        let name = (host.clone(), at.port);
        let task = tokio::task::spawn_blocking(move || Ok(name.to_socket_addrs()?.collect()));
        self.opening.lookup = Some(Lookup {
            host,
            purpose,
            task,
        });
    }

    fn literal(&self, at: &HostPort, on: Place) -> Option<SocketAddr> {
        let v6 = self.room.family == Family::V6;
        let ip = match at.host.as_deref() {
            // In the lab a bare port is host b's.
            None if self.room.has_lab() => lab_address(on.unwrap_or(Host::B), v6),
            Some(_) if self.room.has_lab() && at.lab_host().is_some() => {
                lab_address(at.lab_host()?, v6)
            }
            None => self.room.family.loopback(),
            Some(host) => host.parse::<IpAddr>().ok()?,
        };
        Some(SocketAddr::new(ip, at.port))
    }

    pub(super) fn resolved(&mut self, found: io::Result<Vec<SocketAddr>>) {
        let Some(lookup) = self.opening.lookup.take() else {
            return;
        };
        let host = lookup.host;
        match found {
            Ok(addrs) if !addrs.is_empty() => {
                let mut addrs = self.room.family.sorted(addrs);
                addrs.dedup();
                let note = Note::Resolved {
                    host,
                    addrs: addrs.clone(),
                };
                self.room.note(&self.who, note);
                self.use_addresses(addrs, lookup.purpose);
            }
            Ok(_) => self.unresolved(host, "no address".to_owned()),
            Err(error) => self.unresolved(host, error.to_string()),
        }
    }

    fn unresolved(&mut self, host: String, why: String) {
        self.room.note(&self.who, Note::Unresolved { host, why });
        self.over = self.socket.is_none();
        self.opened(Outcome::Done);
    }

    fn use_addresses(&mut self, addrs: Vec<SocketAddr>, purpose: Purpose) {
        match purpose {
            Purpose::Listen { backlog, on } => {
                if let Some(at) = addrs.first() {
                    self.settle_in(self.place_of(*at, on));
                    self.listen_at(*at, backlog);
                }
                self.opened(Outcome::Done);
            }
            Purpose::Connect { from, on } => {
                // A connect into the lab leaves from host a; one to any other address leaves this machine.
                let place = addrs.first().and_then(|to| self.place_of(*to, on));
                self.settle_in(on.or(place.map(|_| Host::A)));
                self.opening.rest = addrs.into();
                if self.socket.is_some() {
                    // Another call on the socket that is there: one address, and its answer is what there is to learn.
                    self.opening.rest.truncate(1);
                }
                self.opening.from = from;
                self.dial();
            }
        }
    }

    fn opened(&mut self, outcome: Outcome) {
        if let Some(mut reply) = self.opening.reply.take() {
            reply.give(outcome);
        }
    }

    /// The host whose address it is, or where it was asked for.
    fn place_of(&self, at: SocketAddr, on: Place) -> Place {
        if !self.room.has_lab() {
            return None;
        }
        on.or_else(|| LabWorld::host_of(at.ip()))
    }

    fn settle_in(&mut self, place: Place) {
        if self.socket.is_none() {
            self.known.host = place.filter(|_| self.room.has_lab());
            self.room.lives(&self.who, self.known.host);
        }
    }

    /// socket(2), once, with the options that were set before.
    fn open_socket(&mut self, v6: bool) -> bool {
        if self.socket.is_some() {
            return true;
        }
        let made = self.room.socket(self.known.host, v6);
        let result = match &made {
            Ok(socket) => Ok(u64::try_from(socket.fd()).unwrap_or(0)),
            Err(errno) => Err(*errno),
        };
        self.call(Op::Socket { v6 }, result, By::Asked);
        self.socket = made.ok();
        self.socket.is_some()
    }

    fn apply_kept(&mut self) -> Vec<Setting> {
        self.opening.kept.extend(self.room.kept(&self.actor));
        let kept = self.opening.kept.clone();
        for setting in &kept {
            self.set(*setting, By::Asked);
        }
        kept
    }

    // --- listen --------------------------------------------------------------------------------------------------

    fn listen_at(&mut self, at: SocketAddr, backlog: u32) {
        if self.socket.is_none() {
            if !self.open_socket(at.is_ipv6()) {
                return;
            }
            let kept = self.apply_kept();
            if !kept.iter().any(|s| matches!(s, Setting::ReuseAddr(_))) {
                self.set(Setting::ReuseAddr(true), By::Asked);
            }
        }
        if !self.bind(at) {
            return;
        }
        let Some(socket) = &self.socket else { return };
        if let Ok(at) = socket.local() {
            self.room.will_listen(&self.who, self.known.host, at);
        }
        let result = socket.listen(backlog);
        self.call(Op::Listen { backlog }, result.map(|()| 0), By::Asked);
        if result.is_ok() {
            self.accepting = Some(Accepting::new(self.actor.clone()));
            self.identify();
            self.enter_readiness();
            let at = self.known.local.map(|at| (self.known.host, at));
            self.room.listens(&self.who, at);
            self.observe();
        }
    }

    fn bind(&mut self, at: SocketAddr) -> bool {
        let Some(socket) = &self.socket else {
            return false;
        };
        let result = socket.bind(at);
        self.call(Op::Bind { addr: at }, result.map(|()| 0), By::Asked);
        result.is_ok()
    }

    // --- connect -------------------------------------------------------------------------------------------------

    /// Tries the next address.
    fn dial(&mut self) {
        let Some(to) = self.opening.rest.pop_front() else {
            return self.opened(Outcome::Done);
        };
        if self.socket.is_none() {
            if !self.open_socket(to.is_ipv6()) {
                self.over = true;
                return self.opened(Outcome::Done);
            }
            self.apply_kept();
        }
        if let Some(from) = self.opening.from.clone() {
            let Some(at) = source(&from, to, self.room.has_lab()) else {
                let host = from.host.unwrap_or_default();
                let why = "after `from` stands an address of this machine, not a name".to_owned();
                return self.unresolved(host, why);
            };
            // A bind that fails is told; connect is asked for all the same and chooses its own port.
            self.bind(at);
        }
        self.room.dials(&self.who, self.known.host, to);
        let Some(socket) = &self.socket else { return };
        let result = socket.connect(to);
        match result {
            Ok(()) | Err(Errno::EINPROGRESS) => self.dialled(to),
            Err(errno) if self.opening.pending.is_some() => {
                // EALREADY: the attempt that is under way goes on.
                self.call(Op::Connect { to: Some(to) }, Err(errno), By::Asked);
                self.opened(Outcome::Done);
            }
            Err(errno) => self.connect_failed(to, errno),
        }
    }

    fn dialled(&mut self, to: SocketAddr) {
        self.known.opener = true;
        self.known.peer = Some(to);
        self.opening.pending = Some(to);
        self.identify();
        self.enter_readiness();
        self.observe();
        self.check_connect();
        if self.opening.pending.is_some() {
            self.await_decision();
        }
    }

    /// Asks the kernel whether the pending connect has been decided.
    pub(super) fn check_connect(&mut self) {
        let (Some(to), Some(socket)) = (self.opening.pending, &self.socket) else {
            return;
        };
        match socket.state() {
            Ok(State::SynSent | State::SynReceived) | Err(_) => {}
            Ok(State::Closed) => match socket.connect_result() {
                Err(errno) => {
                    self.observe();
                    self.connect_failed(to, errno);
                }
                // CLOSED without an error: the peer has come and gone already, or our own call ended the attempt.
                Ok(()) => self.connected(to),
            },
            Ok(_) => match socket.connect_result() {
                Ok(()) => self.connected(to),
                Err(errno) => self.connect_failed(to, errno),
            },
        }
    }

    fn connected(&mut self, to: SocketAddr) {
        self.opening.pending = None;
        self.opening.rest.clear();
        self.identify();
        self.observe();
        self.call(Op::Connect { to: Some(to) }, Ok(0), By::Asked);
        self.incoming.begin();
        self.outgoing.begin();
        self.await_decision();
    }

    fn connect_failed(&mut self, to: SocketAddr, errno: Errno) {
        self.opening.pending = None;
        self.room.dials_no_more(&self.who, self.known.host);
        self.attempt_ended(errno);
        self.call(Op::Connect { to: Some(to) }, Err(errno), By::Asked);
        if self.opening.rest.is_empty() {
            return self.opened(Outcome::Done);
        }
        // The next address of the same name needs a socket of its own.
        if let Some(socket) = self.socket.take() {
            self.leave_readiness(&socket);
            let result = socket.close();
            self.call(Op::Close, result.map(|()| 0), By::Asked);
        }
        self.is_no_more();
        self.known = super::observe::Known {
            host: self.known.host,
            ..super::observe::Known::default()
        };
        self.dial();
    }

    /// The answer came before any reading showed the attempt: a RST or a timeout answers nothing but a SYN.
    fn attempt_ended(&mut self, errno: Errno) {
        let answered = matches!(errno, Errno::ECONNREFUSED | Errno::ETIMEDOUT);
        if answered && self.known.state == State::Closed && !self.known.told {
            self.tell_inferred(State::SynSent);
            self.observe();
        }
    }

    /// Answers when the connect is done: failed, or ESTABLISHED, and accepted where the other end is ours.
    fn await_decision(&mut self) {
        let ours = self
            .known
            .peer
            .is_some_and(|p| self.room.listens_at(self.known.host, p));
        if self.opening.pending.is_none() && !ours {
            return self.opened(Outcome::Done);
        }
        let Some(reply) = self.opening.reply.take() else {
            return;
        };
        let tape = std::sync::Arc::clone(&self.room.tape);
        let id = self.who.id;
        tokio::task::spawn_local(async move {
            let mut reply = reply;
            let mut bell = tape.bell();
            let decided =
                async { while !decided(&tape, id, ours) && bell.changed().await.is_ok() {} };
            match tokio::time::timeout(CONNECT_PATIENCE, decided).await {
                Ok(()) => reply.give(Outcome::Done),
                Err(_) => reply.give(Outcome::Pending),
            }
        });
    }
}

fn decided(tape: &super::tape::Tape, id: EndpointId, ours: bool) -> bool {
    let journal = tape.journal();
    let world = journal.world();
    let Some(this) = world.get(id) else {
        return false;
    };
    match this.state {
        State::SynSent | State::SynReceived => false,
        State::Closed => this.last_error.is_some() || this.gone || !this.descriptor,
        _ => !ours || world.facing(id).is_some(),
    }
}

/// The address that a connect leaves from: any of the target's family, unless one is named.
fn source(from: &HostPort, to: SocketAddr, lab: bool) -> Option<SocketAddr> {
    let ip = match (from.host.as_deref(), to) {
        (None, SocketAddr::V4(_)) => Ipv4Addr::UNSPECIFIED.into(),
        (None, SocketAddr::V6(_)) => Ipv6Addr::UNSPECIFIED.into(),
        (Some("localhost"), SocketAddr::V4(_)) => Ipv4Addr::LOCALHOST.into(),
        (Some("localhost"), SocketAddr::V6(_)) => Ipv6Addr::LOCALHOST.into(),
        (Some(_), _) if lab && from.lab_host().is_some() => {
            lab_address(from.lab_host()?, to.is_ipv6())
        }
        (Some(host), _) => host.parse().ok()?,
    };
    Some(SocketAddr::new(ip, from.port))
}
