//! The application lane of the fold: what a system call and its result tell about an endpoint.
//!
//! A closing call never moves the sending half: where the FIN is, only the kernel's reading after it knows.

use std::net::SocketAddr;

use super::event::{Call, EndpointId, Hold, Micros, Op, ShutdownHow, Tuple, Who};
use super::halves;
use super::world::{Endpoint, Role, World};
use crate::tcp::{Errno, Forecast, Outlook, Situation, State};

pub(super) fn apply(world: &mut World, id: EndpointId, at: Micros, call: &Call) {
    let done = call.result.is_ok();
    match &call.op {
        Op::Accept {
            accepted: Some(who),
            peer,
        } if done => accept(world, id, who, *peer, at),
        Op::Dup { twin: Some(who) } if done => {
            dup(world, id, who, at);
        }
        Op::Fork {
            twin: Some(who),
            pid,
        } if done => fork(world, id, who, *pid, at),
        Op::Kill { pid, .. } if done => ended(world, id, *pid, at),
        Op::Connect { to: Some(to) } if call.result != Err(Errno::EISCONN) => {
            let again = |e: &Endpoint| e.evidence.opened_by_call && e.evidence.closed.is_some();
            if done && world.get(id).is_some_and(again) {
                world.begin_again(id, at);
            }
            if world.get(id).is_some_and(|e| !e.state.synchronised()) {
                world.set_tuple(id, &towards(Some(*to)), at);
            }
        }
        Op::Connect { to: None } if done => disconnect(world, id, at),
        Op::Close if call.result != Err(Errno::EBADF) => close(world, id, at),
        _ => {}
    }
    if let Some(e) = world.at(id) {
        endpoint(e, at, call);
    }
}

/// The peer's address is all that these calls tell.
fn towards(peer: Option<SocketAddr>) -> Tuple {
    Tuple {
        local: None,
        peer,
        cookie: None,
        host: None,
    }
}

/// What the call says about its own endpoint alone.
fn endpoint(e: &mut Endpoint, at: Micros, call: &Call) {
    if let Err(errno) = call.result {
        e.last_error = Some((at, errno, word(&call.op)));
    }
    let errnos = e.evidence.errnos;
    match (&call.op, call.result) {
        (Op::Socket { .. }, result) => {
            e.hold = Hold::Owned;
            e.descriptor = result.is_ok();
            e.evidence.whole_life = true;
        }
        (Op::Listen { .. }, Ok(_)) => {
            e.role = Role::Listener;
            e.descriptor = true;
        }
        (Op::Connect { to: Some(_) }, result) => connect(e, result),
        (Op::Send { .. }, Ok(n)) => {
            e.sent = e.sent.saturating_add(n);
            e.waiting -= n.min(e.waiting);
            e.evidence.synchronised |= n > 0;
        }
        (Op::Recv { asked, .. }, Ok(n)) => receive(e, at, *asked, n),
        (Op::Send { .. } | Op::Recv { .. }, Err(errno)) => {
            let send_closed = e.evidence.shut_send || e.evidence.fin_given;
            e.evidence.errnos.transfer(errno, send_closed);
        }
        (Op::Shutdown(how), Ok(_)) => shutdown(e, *how, at),
        (Op::Bind { .. } | Op::Accept { .. } | Op::SetSockOpt { .. }, _) => {}
        (Op::Dup { .. } | Op::Fork { .. } | Op::Kill { .. }, _) => {}
        (Op::Close | Op::Connect { to: None }, _) => {}
        (Op::Listen { .. } | Op::Shutdown(_), Err(_)) => {}
    }
    let over = e.ending.is_some() || e.evidence.closed.is_some();
    if over || errnos != e.evidence.errnos {
        halves::settle(e, at);
    }
}

fn connect(e: &mut Endpoint, result: Result<u64, Errno>) {
    if e.role == Role::Fresh {
        e.role = Role::Client;
    }
    match result {
        Ok(_) => {
            e.descriptor = true;
            e.evidence.synchronised = true;
            e.evidence.opened_by_call = true;
        }
        Err(errno) => e.evidence.errnos.connect(errno),
    }
}

fn receive(e: &mut Endpoint, at: Micros, asked: u64, n: u64) {
    e.received = e.received.saturating_add(n);
    e.evidence.synchronised = true;
    if let Some(Some(more)) = e.reading {
        let more = more.saturating_sub(n);
        e.reading = (more > 0).then_some(Some(more));
    }
    if n == 0 && asked > 0 {
        halves::zero_read(e, at);
    }
}

fn shutdown(e: &mut Endpoint, how: ShutdownHow, at: Micros) {
    match (e.role, e.state) {
        // SHUT_WR does nothing there, SHUT_RD stops the listening: the kernel's reading tells.
        (Role::Listener, _) => return,
        // inet_shutdown: any `how` gives the attempt up.
        (_, State::SynSent) => {
            e.evidence.gave_up = true;
            return;
        }
        _ => {}
    }
    e.evidence.synchronised = true;
    e.evidence.shut_send |= how.sends();
    if how.receives() {
        e.evidence.shut_receive = true;
        halves::shut(e, at);
    }
}

/// The accepted connection is a new endpoint.
fn accept(
    world: &mut World,
    listener: EndpointId,
    who: &Who,
    peer: Option<SocketAddr>,
    at: Micros,
) {
    if who.id == listener || world.named(who, at).is_none() {
        return;
    }
    if let Some(e) = world.at(who.id) {
        e.role = Role::Server;
        e.hold = Hold::Owned;
        e.descriptor = true;
        e.listener = Some(listener);
        e.touched = at;
        e.evidence.synchronised = true;
        e.evidence.opened_by_call = true;
        e.evidence.whole_life = true;
    }
    // An accepted socket is in the listener's network namespace.
    let tuple = Tuple {
        host: world.get(listener).and_then(|l| l.host),
        ..towards(peer)
    };
    world.set_tuple(who.id, &tuple, at);
    if let Some(l) = world.at(listener) {
        l.accepted = l.accepted.saturating_add(1);
    }
}

/// A second descriptor of the same socket: all of the socket's state is shared, the counting of calls is not. False:
/// there is none.
fn dup(world: &mut World, id: EndpointId, who: &Who, at: Micros) -> bool {
    // A name is never used again: whoever has one already is no new descriptor.
    let taken = world.get(who.id).is_some_and(|e| !e.name.is_empty());
    if who.id == id || taken || world.named(who, at).is_none() {
        return false;
    }
    let Some(original) = world.get(id).cloned() else {
        return false;
    };
    let mut family = original.twins.clone();
    family.push(id);
    if let Some(twin) = world.at(who.id) {
        let unread = original.unread();
        twin.role = original.role;
        twin.hold = original.hold;
        twin.descriptor = true;
        twin.send = original.send;
        twin.send_since = original.send_since;
        twin.receive = original.receive;
        twin.receive_since = original.receive_since;
        twin.eof = original.eof;
        twin.linger = original.linger;
        twin.sample = original.sample;
        twin.ending = original.ending;
        twin.listener = original.listener;
        twin.touched = at;
        twin.twins = family.clone();
        twin.evidence = original.evidence.for_twin(unread);
    }
    world.set_state(
        who.id,
        original.state,
        original.state_source,
        at,
        original.gone,
    );
    let tuple = Tuple {
        local: original.local,
        peer: original.peer,
        cookie: original.cookie,
        host: original.host,
    };
    world.set_tuple(who.id, &tuple, original.evidence.paired_since.unwrap_or(at));
    for sibling in family {
        if let Some(e) = world.at(sibling) {
            e.twins.push(who.id);
        }
    }
    true
}

/// A second descriptor in a process that makes no call with it.
fn fork(world: &mut World, id: EndpointId, who: &Who, pid: u32, at: Micros) {
    if dup(world, id, who, at)
        && let Some(twin) = world.at(who.id)
    {
        twin.hold = Hold::Process { pid };
        twin.reading = None;
    }
}

/// The process is sent to its end, or has come to it: the kernel closes its descriptor.
pub(super) fn ended(world: &mut World, id: EndpointId, pid: u32, at: Micros) {
    let holds = |e: &Endpoint| e.descriptor && e.hold == Hold::Process { pid };
    if world.get(id).is_some_and(holds) {
        close(world, id, at);
    }
}

fn close(world: &mut World, id: EndpointId, at: Micros) {
    let situation = world.situation(id);
    let forecast = world.forecast(id);
    let Some(e) = world.at(id) else { return };
    e.descriptor = false;
    if situation.is_some_and(|s| s.shared) {
        return;
    }
    e.evidence
        .unread_lost
        .get_or_insert(e.evidence.unread_after(e.received).unwrap_or(0));
    e.evidence.gave_up |= e.state == State::SynSent;
    e.evidence.own_abort |= forecast.is_some_and(|f| matches!(f.close, Outlook::Rst { .. }));
    if e.evidence.synchronised && e.state != State::Closed && !e.evidence.own_abort {
        // tcp_close sets RCV_SHUTDOWN and SEND_SHUTDOWN alike: nobody reads any more.
        halves::shut(e, at);
    }
}

/// connect(AF_UNSPEC) ends the socket's connection whoever else holds a descriptor (tcp_disconnect).
fn disconnect(world: &mut World, id: EndpointId, at: Micros) {
    let Some(situation) = world.situation(id) else {
        return;
    };
    // Unlike close, it asks nobody about unread data or other descriptors.
    let alone = Situation {
        shared: false,
        descriptor: true,
        unread: 0,
        ..situation
    };
    let aborts = matches!(Forecast::of(&alone).abort, Outlook::Rst { .. });
    let Some(e) = world.at(id) else { return };
    e.touched = at;
    e.evidence.gave_up |= e.state == State::SynSent;
    if e.state != State::Closed {
        e.evidence.disconnected = true;
        e.evidence.own_abort |= aborts;
        e.evidence
            .unread_lost
            .get_or_insert(e.evidence.unread_after(e.received).unwrap_or(0));
    }
}

/// The call's word in JSON and on the screen.
pub(super) const fn word(op: &Op) -> &'static str {
    match op {
        Op::Socket { .. } => "socket",
        Op::Bind { .. } => "bind",
        Op::Listen { .. } => "listen",
        Op::Accept { .. } => "accept",
        Op::Connect { .. } => "connect",
        Op::Send { .. } => "send",
        Op::Recv { .. } => "recv",
        Op::Shutdown(_) => "shutdown",
        Op::Close => "close",
        Op::SetSockOpt { .. } => "setsockopt",
        Op::Dup { .. } => "dup",
        Op::Fork { .. } => "fork",
        Op::Kill { .. } => "kill",
    }
}
