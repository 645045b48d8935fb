//! The fold: which rule reads which fact, and what has moved when it is done.
//!
//! Facts are told for one endpoint. What belongs to the socket and not to the descriptor (an errno that was taken,
//! a shutdown, SO_LINGER) reaches the endpoints that share it through dup(2) or fork(2) from here.

use super::event::{EndpointId, Event, Fact, Hold, LabChange, Micros, Note, Who};
use super::world::{Applied, Endpoint, World};
use super::{calls, evidence, halves, readings};
use crate::tcp::{RecvHalf, SendHalf};

pub(super) fn apply(world: &mut World, event: &Event) -> Applied {
    world.now = world.now.max(event.at);
    world.last = event.n;
    match &event.fact {
        Fact::Wire(fact) => {
            world.wire.tell(fact);
            return Applied::default();
        }
        Fact::Note(note) if world.wire.remark(note) => {
            if let Note::Lab { change, failed } = note {
                start_anew(world, change, failed.is_none());
            }
            return Applied::default();
        }
        Fact::App(_) | Fact::Kernel(_) | Fact::Note(_) | Fact::Half(_) | Fact::Script { .. } => {}
    }
    let Some(who) = &event.who else {
        return Applied::default();
    };
    match &event.fact {
        Fact::App(call) => about(world, who, event.at, |world, id| {
            calls::apply(world, id, event.at, call);
            share(world, id, event.at);
        }),
        Fact::Kernel(fact) => {
            let known = world.get(who.id).is_some_and(|e| !e.name.is_empty());
            about(world, who, event.at, |world, id| {
                if !known && let Some(e) = world.at(id) {
                    // No call of ours made it: the kernel's tables did.
                    e.hold = Hold::Seen;
                }
                readings::apply(world, id, event.at, fact);
            })
        }
        Fact::Note(note) => about(world, who, event.at, |world, id| {
            if let Some(e) = world.at(id) {
                remark(e, note, event.at);
            }
            match note {
                Note::Linger { .. } => share(world, id, event.at),
                Note::Ended { pid, .. } => {
                    calls::ended(world, id, *pid, event.at);
                    share(world, id, event.at);
                }
                _ => {}
            }
        }),
        Fact::Wire(_) | Fact::Half(_) | Fact::Script { .. } => Applied::default(),
    }
}

/// Runs a rule on the endpoint that the event names, and tells which halves it moved.
fn about(
    world: &mut World,
    who: &Who,
    at: Micros,
    rule: impl FnOnce(&mut World, EndpointId),
) -> Applied {
    let Some(e) = world.named(who, at) else {
        return Applied::default();
    };
    e.touched = at;
    let before = look(e);
    let twins: Vec<(EndpointId, Halves)> = match e.twins.as_slice() {
        [] => Vec::new(),
        twins => {
            let twins = twins.to_vec();
            twins
                .iter()
                .filter_map(|t| Some((*t, look(world.get(*t)?))))
                .collect()
        }
    };
    rule(world, who.id);
    let mut applied = Applied::default();
    if let Some(e) = world.get(who.id) {
        applied.halves = halves::moves(before, e);
    }
    for (id, before) in twins {
        let moved = world
            .get(id)
            .map(|e| halves::moves(before, e))
            .into_iter()
            .flatten()
            .flatten();
        applied.twins.extend(moved.map(|change| (id, change)));
    }
    applied
}

type Halves = (SendHalf, RecvHalf);

fn look(e: &Endpoint) -> Halves {
    (e.send, e.receive)
}

fn remark(e: &mut Endpoint, note: &Note, at: Micros) {
    match note {
        Note::Waiting { bytes } => e.waiting = *bytes,
        Note::Abandoned { bytes } => {
            e.abandoned = e.abandoned.saturating_add(*bytes);
            e.waiting = 0;
        }
        Note::Reading { mode } => e.reading = *mode,
        Note::Accepting { on } => e.accepting = *on,
        Note::Linger { seconds } => e.linger = *seconds,
        Note::Disagreement { segments, .. } => e.disputed = Some(*segments),
        Note::Agreement { .. } => e.disputed = None,
        Note::Resolving { .. }
        | Note::Resolved { .. }
        | Note::Unresolved { .. }
        | Note::Saving { .. }
        | Note::FileFailed { .. }
        | Note::OutOfDescriptors { .. }
        // The wire has taken them.
        | Note::Wire { .. }
        | Note::WireLost { .. }
        | Note::WireUnmet { .. }
        | Note::Lab { .. }
        // It closes a descriptor, as a call does.
        | Note::Ended { .. }
        | Note::Text(_) => return,
    }
    if e.ending.is_some() {
        halves::settle(e, at);
    }
}

/// Hosts of the lab forget what they had. What ends by it ends without a segment.
fn start_anew(world: &mut World, change: &LabChange, done: bool) {
    let host = match change {
        LabChange::Set { .. } => return,
        // Refused, it has thrown nothing away.
        LabChange::Reset if !done => return,
        LabChange::Reset => None,
        LabChange::Reboot(host) => Some(*host),
    };
    for e in world.all() {
        if e.host.is_some() && (host.is_none() || e.host == host) {
            evidence::erase(e, done);
        }
    }
}

/// Tells the other descriptors of the socket what this one learned.
fn share(world: &mut World, id: EndpointId, at: Micros) {
    let Some(e) = world.get(id).filter(|e| !e.twins.is_empty()) else {
        return;
    };
    let (learned, linger, twins) = (e.evidence.clone(), e.linger, e.twins.clone());
    for twin in twins {
        let Some(twin) = world.at(twin) else { continue };
        let news = twin.evidence.learn(&learned);
        twin.linger = linger;
        if news && twin.evidence.shut_receive {
            halves::shut(twin, at);
        }
        if news || twin.evidence.closed.is_some() {
            halves::settle(twin, at);
        }
    }
}
