//! What an expectation sees of an endpoint at one moment, and says when it fails.

use std::fmt;

use super::traffic::SeenWire;
use crate::journal::{Endpoint, Role, Source, World};
use crate::tcp::{Closer, Errno, How, RecvHalf, SendHalf, State};

/// What stands under an actor's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No endpoint has the name. `listening`: its listener exists, and has accepted no connection yet.
    Nothing {
        listening: bool,
    },
    Endpoint(SeenEndpoint),
    /// The expectation is about the wire.
    Wire(SeenWire),
}

/// The part of an endpoint that expectations are about. Counts in bytes of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenEndpoint {
    pub state: State,
    pub source: Source,
    pub send: SendHalf,
    pub receive: RecvHalf,
    /// recv returned 0 because of the peer's FIN, even if a RST broke the half afterwards.
    pub eof: bool,
    /// The half moved together with a state that is only inferred.
    pub send_inferred: bool,
    pub receive_inferred: bool,
    pub received: u64,
    pub sent: u64,
    /// The queues as last read; `None` where the kernel did not say, and where it has no socket any more.
    pub unread: Option<u64>,
    /// With the bytes that wait in finspect because the kernel's buffer is full.
    pub unsent: Option<u64>,
    pub unacked: Option<u64>,
    pub gone: bool,
    pub ending: Option<How>,
    /// The names and roles of the end that closed first; empty while nobody did, and if both did at once.
    pub first: Vec<String>,
    /// The last call that failed.
    pub error: Option<(Errno, &'static str)>,
}

impl Seen {
    /// What stands under a name now.
    pub fn of(world: &World, actor: &str) -> Seen {
        match world.by_name(actor) {
            Some(endpoint) => Seen::Endpoint(SeenEndpoint::of(world, endpoint)),
            None => Seen::Nothing {
                listening: world.by_name(&format!("{actor}.listen")).is_some(),
            },
        }
    }
}

impl SeenEndpoint {
    fn of(world: &World, e: &Endpoint) -> SeenEndpoint {
        // Without a reading nobody knows the queues, and the last one of a socket that is gone says nothing about now.
        let queues = e.sample.is_some() && !e.gone;
        let inferred = e.state_source == Source::Inferred;
        SeenEndpoint {
            state: e.state,
            source: e.state_source,
            send: e.send,
            receive: e.receive,
            eof: e.eof,
            send_inferred: inferred && e.send_since == e.state_since,
            receive_inferred: inferred && e.receive_since == e.state_since,
            received: e.received,
            sent: e.sent,
            unread: e.unread().filter(|_| queues),
            unsent: queues.then(|| e.unsent()),
            unacked: e.unacked().filter(|_| queues),
            gone: e.gone,
            ending: e.ending.map(|ending| ending.how),
            first: first(world, e),
            error: e.last_error.map(|(_, errno, call)| (errno, call)),
        }
    }
}

fn first(world: &World, e: &Endpoint) -> Vec<String> {
    let closer = e.ending.and_then(|ending| ending.first);
    let (name, role) = match closer {
        Some(Closer::This) => (Some(&e.name), role_word(e.role)),
        Some(Closer::Peer) => (
            world.facing(e.id).map(|peer| &peer.name),
            role_word(opposite(e.role)),
        ),
        Some(Closer::Both) | None => (None, None),
    };
    let mut names: Vec<String> = name.map(|n| n.to_string()).into_iter().collect();
    names.extend(
        role.filter(|role| names.iter().all(|n| n != role))
            .map(str::to_owned),
    );
    names
}

fn role_word(role: Role) -> Option<&'static str> {
    match role {
        Role::Client => Some("client"),
        Role::Server => Some("server"),
        Role::Fresh | Role::Listener => None,
    }
}

fn opposite(role: Role) -> Role {
    match role {
        Role::Client => Role::Server,
        Role::Server => Role::Client,
        Role::Fresh | Role::Listener => role,
    }
}

/// "state ESTABLISHED, send open, receive eof-read, received 4096, sent 0".
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seen::Nothing { listening: true } => f.write_str("no connection accepted yet"),
            Seen::Nothing { listening: false } => f.write_str("no such endpoint"),
            Seen::Endpoint(endpoint) => endpoint.fmt(f),
            Seen::Wire(wire) => wire.fmt(f),
        }
    }
}

impl fmt::Display for SeenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = |inferred: bool| if inferred { " (inferred)" } else { "" };
        write!(
            f,
            "state {}{}",
            self.state,
            mark(self.source == Source::Inferred)
        )?;
        write!(f, ", send {}{}", self.send, mark(self.send_inferred))?;
        write!(
            f,
            ", receive {}{}",
            self.receive,
            mark(self.receive_inferred)
        )?;
        if self.eof && self.receive != RecvHalf::EofRead {
            f.write_str(" after EOF")?;
        }
        write!(f, ", received {}, sent {}", self.received, self.sent)?;
        for (word, queue) in [
            ("unread", self.unread),
            ("unsent", self.unsent),
            ("unacked", self.unacked),
        ] {
            if let Some(n) = queue.filter(|n| *n > 0) {
                write!(f, ", {word} {n}")?;
            }
        }
        if let Some(how) = self.ending {
            write!(f, ", ending {how}")?;
        }
        if let Some(name) = self.first.first() {
            write!(f, ", first {name}")?;
        }
        if let Some((errno, call)) = self.error {
            write!(f, ", {call} failed with {errno}")?;
        }
        Ok(())
    }
}
