//! The World: what all events so far add up to. `apply` is the only way to change it, and it is deterministic.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::event::{EndpointId, Event, HalfChange, Hold, Micros, Source};
use crate::tcp::{Ending, RecvHalf, Sample, SendHalf, State};

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
    pub name: Arc<str>,
    pub role: Role,
    pub hold: Hold,
    /// Our descriptor is open.
    pub descriptor: bool,
    /// The kernel has no such socket any more.
    pub gone: bool,
    pub local: Option<SocketAddr>,
    pub peer: Option<SocketAddr>,
    pub cookie: Option<u64>,
    /// CLOSED until a reading says otherwise.
    pub state: State,
    pub state_source: Source,
    pub state_since: Micros,
    pub send: SendHalf,
    pub send_since: Micros,
    pub receive: RecvHalf,
    pub receive_since: Micros,
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
    pub ending: Option<Ending>,
    /// Received bytes lost at a closing call, as known before it.
    pub(super) closer: super::fold::CloserTrace,
    /// The last failed call: errno, when, and the name of the call.
    pub last_error: Option<(Micros, crate::tcp::Errno, &'static str)>,
    /// When the last event about this endpoint happened.
    pub touched: Micros,
    /// A listener: connections accepted so far. A connection: the endpoint that listens.
    pub accepted: u32,
    pub listener: Option<EndpointId>,
    /// Endpoints that share this kernel socket through dup(2), this one not among them.
    pub twins: Vec<EndpointId>,
}

/// What one event changed, for whoever keeps a second record (the journal's derived half lane, the screen's glow).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// At most one for each half, of the event's endpoint.
    pub halves: [Option<HalfChange>; 2],
}

/// Everything that is known.
#[derive(Clone, Debug, Default)]
pub struct World {
    endpoints: Vec<Endpoint>,
    by_name: HashMap<Arc<str>, EndpointId>,
    by_tuple: HashMap<(SocketAddr, SocketAddr), EndpointId>,
    /// The time of the last event.
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

    /// The other end of a connection, where it is visible too: mirrored addresses, the newest holder of them.
    pub fn facing(&self, id: EndpointId) -> Option<&Endpoint> {
        let e = self.get(id)?;
        self.get(*self.by_tuple.get(&(e.peer?, e.local?))?)
    }

    /// Folds one event. Derived `half`, `script` lanes change nothing.
    pub fn apply(&mut self, event: &Event) -> Applied {
        super::fold::apply(self, event)
    }
}
