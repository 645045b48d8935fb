//! The kernel lane of the fold: what a reading, or a fact that follows from readings, tells about an endpoint.

use super::event::{EndpointId, KernelFact, Micros, Source};
use super::evidence::opener;
use super::halves;
use super::world::{Endpoint, World};
use crate::tcp::{Closer, Counters, Sample, SendHalf, State};

pub(super) fn apply(world: &mut World, id: EndpointId, at: Micros, fact: &KernelFact) {
    let Some(e) = world.get(id) else { return };
    let to = match fact.change {
        Some((_, to)) => to,
        // The engine says CLOSED with it; a socket that is not there has no other state.
        None if fact.gone => State::Closed,
        None => e.state,
    };
    if opens(to) && e.state == State::Closed && e.evidence.closed.is_some() {
        world.begin_again(id, at);
    }
    if let Some(tuple) = &fact.tuple {
        world.set_tuple(id, tuple, at);
    }
    let socket = Socket::of(world, id);
    if let Some(e) = world.at(id)
        && (fact.change.is_some() || fact.gone)
    {
        if e.state == State::Closed && to == State::Closed {
            // A gap before: the fact itself says what the state was.
            let told = fact
                .change
                .map(|(from, _)| from)
                .filter(|from| *from != State::Closed);
            e.evidence.before_closed = e.evidence.before_closed.or(told);
        }
        passed(e, to, at, fact, socket.held);
        let gone = e.gone || fact.gone;
        world.set_state(id, to, fact.source, at, gone);
    }
    if let Some(e) = world.at(id) {
        conclude(e, at, fact, socket);
    }
}

/// What the descriptors of one socket add up to.
#[derive(Clone, Copy)]
struct Socket {
    held: bool,
    sent: u64,
    received: u64,
}

impl Socket {
    fn of(world: &World, id: EndpointId) -> Socket {
        let mut all = Socket {
            held: false,
            sent: 0,
            received: 0,
        };
        let Some(e) = world.get(id) else { return all };
        for e in e.twins.iter().filter_map(|t| world.get(*t)).chain([e]) {
            all.held |= e.descriptor;
            all.sent = all.sent.saturating_add(e.sent);
            all.received = all.received.saturating_add(e.received);
        }
        all
    }
}

/// A new connection begins on a socket whose last one is over.
const fn opens(state: State) -> bool {
    matches!(
        state,
        State::SynSent | State::SynReceived | State::Established
    )
}

/// Evidence that lies in the state itself.
fn passed(e: &mut Endpoint, to: State, at: Micros, fact: &KernelFact, held: bool) {
    let v = &mut e.evidence;
    v.synchronised |= to.synchronised() || to == State::SynReceived;
    v.peer_fin |= to.fin_received();
    v.fin_given |= to.fin_outstanding() || matches!(to, State::FinWait2 | State::TimeWait);
    v.first_fin = match (to, v.first_fin) {
        // The FINs crossed, whatever was thought before (RFC 9293, section 3.6, case 3).
        (State::Closing, _) => Some(Closer::Both),
        (_, Some(first)) => Some(first),
        (State::FinWait1 | State::FinWait2 | State::TimeWait, None) => Some(Closer::This),
        (State::CloseWait | State::LastAck, None) => Some(Closer::Peer),
        (_, None) => None,
    };
    if matches!(to, State::FinWait2 | State::TimeWait) {
        v.queued = 0;
    }
    if to == State::TimeWait && v.time_wait != Some(Source::Measured) {
        v.time_wait = Some(fact.source);
    }
    if to != State::Closed {
        v.before_closed = Some(to);
        v.closed = None;
        v.own_abort = false;
    } else if v.closed.is_none() && (v.before_closed.is_some() || fact.gone) {
        v.closed = Some(at);
        v.closed_while_held = held;
    }
}

/// Evidence that lies in the numbers; then the halves and the ending.
fn conclude(e: &mut Endpoint, at: Micros, fact: &KernelFact, socket: Socket) {
    if let Some(sample) = &fact.sample {
        e.evidence.read(sample, at, e.received);
        if sample.state == State::Closed && e.state == State::Closed && e.evidence.closed.is_some()
        {
            closed_reading(e, sample, socket);
        }
        e.sample = Some((at, sample.clone()));
    }
    let sampled = fact.sample.as_ref().and_then(Sample::send_half);
    if let Some(half) = sampled.or_else(|| fin_by_state(fact)) {
        halves::lower_send(e, half, at);
    }
    if e.state.fin_received() || e.state == State::Closed && e.evidence.peer_fin {
        halves::fin_received(e, at);
    }
    if e.gone || matches!(e.state, State::TimeWait | State::Closed) {
        halves::settle(e, at);
    }
}

/// Where our FIN is when only the state was told.
fn fin_by_state(fact: &KernelFact) -> Option<SendHalf> {
    let (_, to) = fact.change?;
    match (to, fact.source) {
        (State::FinWait2 | State::TimeWait, _) => Some(SendHalf::FinAcked),
        // An inferred state lies between two readings, and a captured one follows from a FIN that was seen.
        (s, Source::Inferred | Source::Captured) if s.fin_outstanding() => Some(SendHalf::FinSent),
        // FIN-WAIT-1 does not mean a FIN on the wire; without the counters only the call is sure.
        (s, Source::Measured) if s.fin_outstanding() => Some(SendHalf::FinQueued { ahead: 0 }),
        _ => None,
    }
}

/// A reading of CLOSED: the counters survive there, the queues are stale.
fn closed_reading(e: &mut Endpoint, sample: &Sample, socket: Socket) {
    e.evidence.pending_error |= sample.edge.error;
    let Some(counters) = sample.counters.filter(|c| comparable(e, c)) else {
        return;
    };
    let fin_acked = sample.fin_acked_by_count(opener(e));
    let acked = sample
        .acked_payload(opener(e), fin_acked == Some(true))
        .unwrap_or(0);
    let v = &mut e.evidence;
    v.fin_acked = fin_acked;
    v.unacknowledged = Some(socket.sent.saturating_sub(acked));
    // What the peer sent beyond all that was read or stands unread is its FIN.
    if let Some(unread) = sample.unread() {
        v.peer_fin |= counters
            .bytes_received
            .saturating_sub(socket.received.saturating_add(unread))
            == 1;
    }
}

/// The counters are those of this connection, and our calls are all that moved them.
fn comparable(e: &Endpoint, counters: &Counters) -> bool {
    let v = &e.evidence;
    v.whole_life && v.synchronised && !v.disconnected && counters.bytes_acked >= v.acked
}
