//! The World: what all events so far add up to. `apply` is the only way to change it, and it is deterministic.
//!
//! It answers questions about endpoints; the rules by which facts change them stand in `fold`, `calls`, `readings`
//! and `evidence`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::event::{EndpointId, Event, HalfChange, Hold, Host, Micros, Source, Tuple, Who};
use super::evidence::Evidence;
use super::pairing::{Addresses, Pairing, Place};
use super::wire::WireState;
use crate::tcp::{Ending, Errno, Forecast, RecvHalf, Sample, SendHalf, Situation, State};

/// Which part an endpoint plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Not yet known: a socket that neither listens nor connects.
    #[default]
    Fresh,
    /// The active opener.
    Client,
    /// Accepted from a listener.
    Server,
    /// The listening socket itself.
    Listener,
}

/// One end of a connection, as the journal tells it.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub id: EndpointId,
    /// Empty for a number that no event has named yet (a gap in a recording).
    pub name: Arc<str>,
    pub role: Role,
    pub hold: Hold,
    /// When an event first named it.
    pub created: Micros,
    /// Its descriptor is open: ours, or that of the process which `hold` names.
    pub descriptor: bool,
    /// The kernel has no such socket any more.
    pub gone: bool,
    /// The host of the lab whose kernel has the socket; `None`: this machine's own.
    pub host: Option<Host>,
    pub local: Option<SocketAddr>,
    pub peer: Option<SocketAddr>,
    pub cookie: Option<u64>,
    /// CLOSED until a reading says otherwise.
    pub state: State,
    pub state_source: Source,
    pub state_since: Micros,
    /// What the segments say instead, where they and the kernel disagree about the state.
    pub disputed: Option<State>,
    /// A listener has no halves: these stay `open`.
    pub send: SendHalf,
    pub send_since: Micros,
    pub receive: RecvHalf,
    pub receive_since: Micros,
    /// recv returned 0 because of the peer's FIN. Stays true when a RST breaks the half afterwards.
    pub eof: bool,
    /// Application bytes that send() took.
    pub sent: u64,
    /// Application bytes that recv() returned.
    pub received: u64,
    /// Bytes that wait in finspect because the kernel's buffer is full.
    pub waiting: u64,
    /// Bytes that never reached the kernel.
    pub abandoned: u64,
    /// Reading: `None` off, `Some(None)` on, `Some(Some(n))` n bytes more.
    pub reading: Option<Option<u64>>,
    /// A listener accepts.
    pub accepting: bool,
    /// SO_LINGER as it was set.
    pub linger: Option<u32>,
    /// The last reading and when it was taken.
    pub sample: Option<(Micros, Sample)>,
    /// How it ended: from the moment when both directions are over, better known as evidence comes in.
    pub ending: Option<Ending>,
    /// What the fold has seen that bears on the ending.
    pub(super) evidence: Evidence,
    /// The last failed call: errno, when, and the name of the call.
    pub last_error: Option<(Micros, Errno, &'static str)>,
    /// When the last event about this endpoint happened.
    pub touched: Micros,
    /// A listener: connections accepted so far. A connection: the endpoint that listens.
    pub accepted: u32,
    pub listener: Option<EndpointId>,
    /// Endpoints that share this kernel socket through dup(2) or fork(2), this one not among them.
    pub twins: Vec<EndpointId>,
}

impl Endpoint {
    pub(super) fn new(id: EndpointId, at: Micros) -> Endpoint {
        Endpoint {
            id,
            name: "".into(),
            role: Role::Fresh,
            hold: Hold::Owned,
            created: at,
            descriptor: false,
            gone: false,
            host: None,
            local: None,
            peer: None,
            cookie: None,
            state: State::Closed,
            state_source: Source::Inferred,
            state_since: at,
            disputed: None,
            send: SendHalf::Open,
            send_since: at,
            receive: RecvHalf::Open,
            receive_since: at,
            eof: false,
            sent: 0,
            received: 0,
            waiting: 0,
            abandoned: 0,
            reading: Some(None),
            accepting: true,
            linger: None,
            sample: None,
            ending: None,
            evidence: Evidence::default(),
            last_error: None,
            touched: at,
            accepted: 0,
            listener: None,
            twins: Vec::new(),
        }
    }

    /// Under which addresses it is found, once both are known.
    fn addresses(&self) -> Option<Addresses> {
        let (local, peer) = (self.local?, self.peer?);
        Some((Place::of(self.host, local), local, peer))
    }

    /// There is a connection to have halves of: not on a listener, and not before the first SYN.
    pub fn has_halves(&self) -> bool {
        match self.role {
            Role::Listener => false,
            Role::Fresh => self.state != State::Closed || self.peer.is_some(),
            Role::Client | Role::Server => true,
        }
    }

    /// Received bytes that the application has not read: the last reading, less what recv took since.
    /// `None`: no reading told. Nothing once the socket is gone; what was lost stands in the ending.
    pub fn unread(&self) -> Option<u64> {
        if self.gone {
            return Some(0);
        }
        self.evidence.unread_after(self.received)
    }

    /// Bytes given to finspect that were never sent: those that wait here, and those in the kernel's queue
    /// at the last reading.
    pub fn unsent(&self) -> u64 {
        self.waiting.saturating_add(self.queued().unwrap_or(0))
    }

    /// Bytes sent and not acknowledged at the last reading. `None`: no reading told.
    pub fn unacked(&self) -> Option<u64> {
        if self.emptied() {
            return Some(0);
        }
        self.sample.as_ref().and_then(|(_, s)| s.unacked())
    }

    /// Bytes in the kernel's queue that were never sent, at the last reading.
    fn queued(&self) -> Option<u64> {
        if self.emptied() {
            return Some(0);
        }
        self.sample.as_ref().and_then(|(_, s)| s.unsent())
    }

    /// The kernel sends nothing more for this socket, so the last reading of its queue is stale.
    fn emptied(&self) -> bool {
        self.gone || matches!(self.state, State::Closed | State::TimeWait)
    }
}

/// What one event changed, for whoever keeps a second record (the journal's derived half lane, the screen's glow).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// At most one for each half, of the event's endpoint.
    pub halves: [Option<HalfChange>; 2],
    /// Halves of other descriptors of the same socket (dup) that moved with it. Nearly always empty.
    pub twins: Vec<(EndpointId, HalfChange)>,
}

/// Everything that is known.
#[derive(Clone, Debug, Default)]
pub struct World {
    endpoints: Vec<Endpoint>,
    by_name: HashMap<Arc<str>, EndpointId>,
    pairing: Pairing,
    /// What stands on the lab's wire, and what has passed over it.
    pub wire: WireState,
    /// Endpoints that are not gone, by state.
    counts: [usize; State::ALL.len()],
    /// The time of the latest event.
    pub now: Micros,
    /// The number of the last event.
    pub last: u64,
}

impl World {
    /// All endpoints in order of creation.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    pub fn get(&self, id: EndpointId) -> Option<&Endpoint> {
        self.endpoints.get(id.index())
    }

    pub fn by_name(&self, name: &str) -> Option<&Endpoint> {
        self.get(*self.by_name.get(name)?)
    }

    /// The endpoints whose socket the kernel still has (TIME-WAIT included), in order of creation.
    pub fn alive(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(|e| !e.gone)
    }

    /// How many endpoints that are not gone are in this state.
    pub fn count(&self, state: State) -> usize {
        self.counts[state as usize]
    }

    /// The other end of a connection, where it is visible too.
    ///
    /// Both are in the lab, or neither is: an address of the lab may be this machine's own too.
    /// Mirrored addresses alone do not tell: a later connection may use them again while this one is still in
    /// TIME-WAIT. The two ends of one connection learn their addresses at about the same time, so each end faces the
    /// holder of the mirrored addresses that began nearest to it, and only when that one's nearest is this end in turn.
    /// Among descriptors of one socket (dup), an open one comes first, then the oldest. A socket connected to itself
    /// has no other end.
    pub fn facing(&self, id: EndpointId) -> Option<&Endpoint> {
        let e = self.get(id)?;
        let other = self.nearest(e)?;
        let back = self.nearest(other)?;
        (back.id == id || e.twins.contains(&back.id)).then_some(other)
    }

    /// Whose addresses these are, as a segment carries them: the youngest endpoint that had them, else the listener at
    /// the local one. `host`: the host of the lab that sent the segment.
    pub fn holder(
        &self,
        host: Option<Host>,
        local: SocketAddr,
        peer: SocketAddr,
    ) -> Option<&Endpoint> {
        let addresses = (Place::of(host, local), local, peer);
        let holders = self.pairing.nearest(addresses, Micros(u64::MAX));
        let youngest = holders
            .filter_map(|id| self.get(id))
            .min_by_key(|e| (!e.descriptor, e.id));
        let listens = |e: &&Endpoint| {
            e.role == Role::Listener
                && !e.gone
                && e.host == host
                && e.local.is_some_and(|at| {
                    at.port() == local.port() && (at.ip() == local.ip() || at.ip().is_unspecified())
                })
        };
        youngest.or_else(|| self.endpoints.iter().rfind(listens))
    }

    fn nearest(&self, e: &Endpoint) -> Option<&Endpoint> {
        let (local, peer) = (e.local?, e.peer?);
        let began = e.evidence.paired_since?;
        self.pairing
            .nearest((Place::of(e.host, local), peer, local), began)
            .filter_map(|id| self.get(id))
            .filter(|other| other.id != e.id && !e.twins.contains(&other.id))
            .min_by_key(|other| (!other.descriptor, other.id))
    }

    /// What the rules of [`Forecast`] need to know about an endpoint now.
    pub fn situation(&self, id: EndpointId) -> Option<Situation> {
        let e = self.get(id)?;
        Some(Situation {
            state: e.state,
            send: e.send,
            receive: e.receive,
            unread: e.unread().unwrap_or(0),
            unacked: e.queued().unwrap_or(0) + e.unacked().unwrap_or(0),
            waiting: e.waiting,
            linger: e.linger,
            shared: e
                .twins
                .iter()
                .any(|t| self.get(*t).is_some_and(|t| t.descriptor)),
            descriptor: e.descriptor,
        })
    }

    /// What each closing verb would do to this endpoint now.
    pub fn forecast(&self, id: EndpointId) -> Option<Forecast> {
        Some(Forecast::of(&self.situation(id)?))
    }

    /// Folds one event. The lanes `half`, `script` and `wire` change no endpoint; `wire` changes [`World::wire`].
    pub fn apply(&mut self, event: &Event) -> Applied {
        super::fold::apply(self, event)
    }
}

/// How far a number may run ahead of those known. Numbers are dense; a recording that lost events may skip some.
const WIDEST_GAP: usize = 1 << 16;

/// The hands of the fold.
impl World {
    pub(super) fn at(&mut self, id: EndpointId) -> Option<&mut Endpoint> {
        self.endpoints.get_mut(id.index())
    }

    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Endpoint> {
        self.endpoints.iter_mut()
    }

    /// The endpoint of this number; made now when no event named it before. `None` for a number out of all reach.
    pub(super) fn named(&mut self, who: &Who, at: Micros) -> Option<&mut Endpoint> {
        let known = self.endpoints.len();
        if who.id.index() >= known {
            if who.id.index() - known > WIDEST_GAP {
                return None;
            }
            for index in known..=who.id.index() {
                self.endpoints
                    .push(Endpoint::new(EndpointId(index as u32), at));
                self.counts[State::Closed as usize] += 1;
            }
        }
        let e = self.endpoints.get_mut(who.id.index())?;
        if e.name.is_empty() {
            e.name = Arc::clone(&who.name);
            e.created = at;
            self.by_name.insert(Arc::clone(&who.name), who.id);
        }
        Some(e)
    }

    /// Every change of state, and of being there at all, goes through here.
    pub(super) fn set_state(
        &mut self,
        id: EndpointId,
        state: State,
        source: Source,
        at: Micros,
        gone: bool,
    ) {
        let Some(e) = self.endpoints.get_mut(id.index()) else {
            return;
        };
        if !e.gone {
            self.counts[e.state as usize] -= 1;
        }
        if e.state != state {
            e.state = state;
            e.state_since = at;
        }
        e.state_source = source;
        e.gone = gone;
        if !gone {
            self.counts[state as usize] += 1;
        }
    }

    /// A new connection on a socket whose last one is over (connect after connect(AF_UNSPEC)): the endpoint stays,
    /// its connection begins anew. This is the one way back to open halves.
    pub(super) fn begin_again(&mut self, id: EndpointId, at: Micros) {
        let Some(e) = self.endpoints.get_mut(id.index()) else {
            return;
        };
        let whole_life = e.evidence.whole_life;
        let old = std::mem::take(&mut e.evidence);
        e.evidence.whole_life = whole_life;
        if let (Some(addresses), Some(since)) = (e.addresses(), old.paired_since) {
            self.pairing.leave(addresses, since, id);
        }
        (e.local, e.peer, e.cookie) = (None, None, None);
        (e.send, e.send_since) = (SendHalf::Open, at);
        (e.receive, e.receive_since) = (RecvHalf::Open, at);
        (e.sent, e.received, e.abandoned, e.eof) = (0, 0, 0, false);
        (e.sample, e.ending, e.disputed) = (None, None, None);
        let (state, source) = (e.state, e.state_source);
        self.set_state(id, state, source, at, false);
    }

    /// Notes addresses as they become known; what the new tuple leaves out stays as it was.
    pub(super) fn set_tuple(&mut self, id: EndpointId, told: &Tuple, since: Micros) {
        let Some(e) = self.endpoints.get_mut(id.index()) else {
            return;
        };
        let before = (e.host, e.local, e.peer);
        let left = e.addresses();
        e.host = told.host.or(e.host);
        e.local = told.local.or(e.local);
        e.peer = told.peer.or(e.peer);
        e.cookie = told.cookie.or(e.cookie);
        if (e.host, e.local, e.peer) == before && e.evidence.paired_since.is_some() {
            return;
        }
        if let (Some(left), Some(since)) = (left, e.evidence.paired_since) {
            self.pairing.leave(left, since, id);
        }
        e.evidence.paired_since = None;
        if let Some(addresses) = e.addresses() {
            e.evidence.paired_since = Some(since);
            self.pairing.join(addresses, since, id);
        }
    }
}
