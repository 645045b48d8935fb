//! An event as its line.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::object::Object;
use super::{reading, why, words};
use crate::journal::calls;
use crate::journal::event::{
    By, Call, Event, Fact, HalfChange, KernelFact, LabChange, Micros, Note, Op, Payload, WireFact,
};

/// So many bytes of a send or recv stand in a line at most.
pub const DATA_LIMIT: usize = 16 * 1024;

/// The event's line, without its end.
pub fn to_line(event: &Event) -> String {
    let mut line = String::with_capacity(160);
    let mut o = Object::begin(&mut line);
    o.plain("n", event.n);
    o.plain("t_us", event.at.0);
    if let Some(who) = &event.who {
        o.text("who", &who.name);
    }
    match &event.fact {
        Fact::App(call) => app(&mut o, call),
        Fact::Kernel(fact) => kernel(&mut o, fact),
        Fact::Wire(fact) => wire(&mut o, fact, event.at),
        Fact::Half(change) => half(&mut o, change),
        Fact::Script { expect, line, held } => {
            o.text("lane", "script");
            o.text("expect", expect);
            o.plain("line", line);
            o.plain("held", held);
        }
        Fact::Note(note) => remark(&mut o, note),
    }
    o.end();
    line
}

/// Writes the event's line and its end.
///
/// # Errors
/// Those of the writer.
pub fn write_line(event: &Event, out: &mut impl io::Write) -> io::Result<()> {
    let mut line = to_line(event);
    line.push('\n');
    out.write_all(line.as_bytes())
}

fn app(o: &mut Object<'_>, call: &Call) {
    o.text("lane", "app");
    o.text("call", calls::word(&call.op));
    arguments(o, &call.op);
    match call.result {
        Ok(ret) => o.plain("ret", ret),
        Err(errno) => {
            o.plain("ret", -1);
            o.shown("errno", errno);
        }
    }
    match &call.op {
        Op::Send { asked, oob, data } => {
            o.plain("asked", asked);
            if *oob {
                o.plain("oob", true);
            }
            payload(o, data);
        }
        Op::Recv { asked, data } => {
            o.plain("asked", asked);
            payload(o, data);
        }
        _ => {}
    }
    match call.by {
        By::Asked => {}
        By::End => o.text("by", "end"),
    }
    if let Some(us) = call.blocked_us {
        o.plain("blocked_us", us);
    }
}

/// What stands before `ret`.
fn arguments(o: &mut Object<'_>, op: &Op) {
    match op {
        Op::Socket { v6 } => o.text("family", if *v6 { "inet6" } else { "inet" }),
        Op::Bind { addr } => o.shown("addr", addr),
        Op::Listen { backlog } => o.plain("backlog", backlog),
        Op::Accept { accepted, peer } => {
            if let Some(who) = accepted {
                o.text("accepted", &who.name);
            }
            if let Some(peer) = peer {
                o.shown("peer", peer);
            }
        }
        Op::Connect { to: Some(to) } => o.shown("to", to),
        Op::Connect { to: None } => o.text("to", "AF_UNSPEC"),
        Op::Shutdown(how) => o.text("how", how.word()),
        Op::SetSockOpt { option, value } => {
            o.text("option", option);
            o.text("value", value);
        }
        Op::Dup { twin } => {
            if let Some(who) = twin {
                o.text("as", &who.name);
            }
        }
        Op::Fork { twin, pid } => {
            if let Some(who) = twin {
                o.text("as", &who.name);
            }
            o.plain("pid", pid);
        }
        Op::Kill { pid, signal } => {
            o.plain("pid", pid);
            o.text("signal", signal.word());
        }
        Op::Send { .. } | Op::Recv { .. } | Op::Close => {}
    }
}

fn payload(o: &mut Object<'_>, data: &Payload) {
    let bytes = data.bytes();
    if bytes.is_empty() {
        return;
    }
    let kept = &bytes[..bytes.len().min(DATA_LIMIT)];
    o.shown("data", STANDARD.encode(kept));
    if kept.len() < bytes.len() {
        o.plain("cut", true);
    }
}

fn kernel(o: &mut Object<'_>, fact: &KernelFact) {
    o.text("lane", "kernel");
    if let Some((from, to)) = fact.change {
        o.text("from", from.name());
        o.text("to", to.name());
    }
    o.text("source", fact.source.word());
    if let Some(sample) = &fact.sample {
        o.object("reading", |o| reading::write(o, sample));
    }
    if let Some(tuple) = &fact.tuple {
        if let Some(local) = tuple.local {
            o.shown("local", local);
        }
        if let Some(peer) = tuple.peer {
            o.shown("peer", peer);
        }
        if let Some(cookie) = tuple.cookie {
            o.plain("cookie", cookie);
        }
        if let Some(host) = tuple.host {
            o.text("host", host.word());
        }
    }
    if fact.gone {
        o.plain("gone", true);
    }
}

/// What says nothing is left out: no number, sent at the moment of telling, no repeats.
fn wire(o: &mut Object<'_>, fact: &WireFact, told: Micros) {
    o.text("lane", "wire");
    o.text("from", &fact.from);
    o.text("to", &fact.to);
    o.shown("flags", fact.segment.flags);
    o.plain("seq", fact.segment.seq.0);
    o.plain("ack", fact.segment.ack.0);
    o.plain("len", fact.segment.len);
    o.plain("win", fact.segment.win);
    o.text("fate", fact.fate.word());
    if fact.id != 0 {
        o.plain("id", fact.id);
    }
    if let Some(host) = fact.host {
        o.text("host", host.word());
    }
    if fact.left != told {
        o.plain("left_us", fact.left.0);
    }
    if let Some(due) = fact.due {
        o.plain("due_us", due.0);
    }
    if fact.repeats > 0 {
        o.plain("repeats", fact.repeats);
    }
    if let Some(id) = fact.repeats_of {
        o.plain("repeats_of", id);
    }
    if let Some(id) = fact.copy_of {
        o.plain("copy_of", id);
    }
    if let Some(explanation) = fact.why {
        why::write(o, explanation);
    }
    if let Some(reason) = fact.dropped_by {
        o.text("dropped_by", reason.word());
    }
    if fact.gso {
        o.plain("gso", true);
    }
}

fn half(o: &mut Object<'_>, change: &HalfChange) {
    o.text("lane", "half");
    o.text("half", change.half.word());
    o.text("from", change.from);
    o.text("to", change.to);
    o.plain("derived", true);
    if let Some(ahead) = change.ahead {
        o.plain("ahead", ahead);
    }
    if change.shut {
        o.plain("shut", true);
    }
}

fn remark(o: &mut Object<'_>, note: &Note) {
    o.text("lane", "note");
    o.text("note", words::note(note));
    match note {
        Note::Waiting { bytes } | Note::Abandoned { bytes } => o.plain("bytes", bytes),
        Note::Resolving { host } => o.text("host", host),
        Note::Resolved { host, addrs } => {
            o.text("host", host);
            o.texts("addrs", addrs.iter().map(ToString::to_string));
        }
        Note::Unresolved { host, why } => {
            o.text("host", host);
            o.text("why", why);
        }
        Note::Saving { path } => o.text("path", path),
        Note::FileFailed { path, why } => {
            o.text("path", path);
            o.text("why", why);
        }
        Note::Reading { mode } => match mode {
            None => o.text("mode", "off"),
            Some(None) => o.text("mode", "on"),
            Some(Some(bytes)) => o.plain("mode", bytes),
        },
        Note::Accepting { on } => o.plain("on", on),
        Note::OutOfDescriptors { limit } => o.plain("limit", limit),
        Note::Linger { seconds } => match seconds {
            Some(seconds) => o.plain("seconds", seconds),
            None => o.plain("seconds", "null"),
        },
        Note::Disagreement { segments, kernel } => {
            o.text("segments", segments.name());
            o.text("kernel", kernel.name());
        }
        Note::Agreement { state } => o.text("state", state.name()),
        Note::Wire { rule } | Note::WireUnmet { rule } => o.text("rule", rule),
        Note::WireLost { frames } => o.plain("frames", frames),
        Note::Lab { change, failed } => {
            lab(o, change);
            if let Some(why) = failed {
                o.text("failed", why);
            }
        }
        Note::Ended { pid, how } => {
            o.plain("pid", pid);
            o.text("how", how);
        }
        Note::Text(text) => o.text("text", text),
    }
}

fn lab(o: &mut Object<'_>, change: &LabChange) {
    o.text("change", change.word());
    match change {
        LabChange::Set { sysctl, value } => {
            o.text("sysctl", sysctl);
            o.text("value", value);
        }
        LabChange::Reset => {}
        LabChange::Reboot(host) => o.text("host", host.word()),
    }
}
