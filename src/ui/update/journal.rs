//! Events come in: the World, the bytes, the counts, the rows and the log follow, each touched endpoint once.

use super::turn::say;
use crate::journal::{By, Call, EndpointId, Event, Fact, Op, Payload, Role};
use crate::locale::Fault;
use crate::ui::effect::Effect;
use crate::ui::glow::Value;
use crate::ui::message::Severity;
use crate::ui::model::{Model, Wanted};
use crate::ui::visible;

/// Bytes of a send or recv that an event keeps for the log; the data pane has its own window.
const LOG_BYTES: usize = 64;

/// Folds a batch.
pub(super) fn fold(model: &mut Model, events: Vec<Event>) -> Vec<Effect> {
    if events.is_empty() {
        return Vec::new();
    }
    let known = model.world.endpoints().len();
    let scrolled_back = model.log.from_end > 0;
    let on_ladder = &model.on_ladder;
    let climbed_to = (on_ladder.from_end > 0)
        .then(|| model.ladder.row_from_end(on_ladder.from_end))
        .flatten();
    let read_to = model.log_line_read().filter(|_| scrolled_back);
    let mut touched: Vec<EndpointId> = Vec::new();
    for event in events {
        one(model, &event, &mut touched);
        keep(model, event);
    }
    touched.extend(model.world.endpoints()[known..].iter().map(|e| e.id));
    touched.sort_unstable();
    touched.dedup();
    for id in &touched {
        model.census.refresh(&model.world, *id);
    }
    let at = model.selected.and_then(|id| model.rows.position(id));
    model.rows.refresh(&model.world, &touched);
    follow_selection(model, at);
    if let Some(n) = read_to {
        // The lines that are being read stay where they are, whatever left above or below them.
        model.log.from_end = model.log_lines_after(n);
    }
    if let Some(place) = climbed_to {
        model.on_ladder.from_end = model.ladder.lines_after(place);
    }
    model.dirty = true;
    Vec::new()
}

/// One event: the folds, and what glows by it.
fn one(model: &mut Model, event: &Event, touched: &mut Vec<EndpointId>) {
    let applied = model.world.apply(event);
    model.streams.apply(event);
    model.ladder.apply(event);
    model.paths.apply(event);
    let now = model.now.max(event.at);
    if let Some(course) = &mut model.course {
        course.runner.feed(event, &model.world, now);
    }
    model.now = model.now.max(event.at);
    if applied.halves.iter().any(Option::is_some) {
        model.glow.mark(event.at);
    }
    if matches!(event.fact, Fact::Wire(_)) {
        model.glow.mark(event.at);
    }
    let Some(who) = &event.who else { return };
    touched.push(who.id);
    match &event.fact {
        Fact::App(call) => called(model, event, call, touched),
        Fact::Kernel(fact) if fact.change.is_some() => model.glow.mark(event.at),
        Fact::Kernel(_) | Fact::Wire(_) | Fact::Half(_) | Fact::Script { .. } | Fact::Note(_) => {}
    }
}

fn called(model: &mut Model, event: &Event, call: &Call, touched: &mut Vec<EndpointId>) {
    let Some(who) = &event.who else { return };
    match (&call.op, call.result) {
        (Op::Send { .. }, Ok(1..)) => model.glow.mark_value(who.id, Value::Sent, event.at),
        (Op::Recv { .. }, Ok(1..)) => model.glow.mark_value(who.id, Value::Received, event.at),
        (
            Op::Accept {
                accepted: Some(other),
                ..
            }
            | Op::Dup { twin: Some(other) }
            | Op::Fork {
                twin: Some(other), ..
            },
            _,
        ) => touched.push(other.id),
        _ => {}
    }
    if let (Err(errno), By::Asked) = (call.result, call.by) {
        let name = visible::text(&who.name, model.settings.glyphs.ascii).into_owned();
        let text = failed(model, &name, &call.op, &errno.to_string());
        say(model, Severity::Failed, text);
    }
}

/// `client: connect 127.0.0.1:6000: ECONNREFUSED, nobody listens there`.
fn failed(model: &Model, name: &str, op: &Op, errno: &str) -> String {
    let (call, address) = match op {
        Op::Socket { .. } => ("socket", None),
        Op::Bind { addr } => ("bind", Some(*addr)),
        Op::Listen { .. } => ("listen", None),
        Op::Accept { .. } => ("accept", None),
        Op::Connect { to } => ("connect", *to),
        Op::Send { .. } => ("send", None),
        Op::Recv { .. } => ("recv", None),
        Op::Shutdown(_) => ("shutdown", None),
        Op::Close => ("close", None),
        Op::SetSockOpt { .. } => ("setsockopt", None),
        Op::Dup { .. } => ("dup", None),
        Op::Fork { .. } => ("fork", None),
        Op::Kill { .. } => ("kill", None),
    };
    let call = address.map_or_else(|| call.to_owned(), |a| format!("{call} {a}"));
    let locale = &model.settings.locale;
    let sentence = Fault::of(errno)
        .map(|word| locale.say(word).into_owned())
        .unwrap_or_default();
    let args = [
        ("name", name.into()),
        ("call", call.into()),
        ("errno", errno.into()),
        ("sentence", sentence.into()),
    ];
    locale.with(Fault::Failed, &args).trim_end().to_owned()
}

/// Keeps an event for the log, its payload cut to what a line shows.
fn keep(model: &mut Model, mut event: Event) {
    if let Fact::App(Call {
        op: Op::Send { data, .. } | Op::Recv { data, .. },
        ..
    }) = &mut event.fact
        && data.bytes().len() > LOG_BYTES
    {
        *data = Payload::of(&data.bytes()[..LOG_BYTES]);
    }
    model.log.events.push(event);
    while model
        .log
        .events
        .let_go(model.settings.log_events.max(1))
        .is_some()
    {
        model.log.left += 1;
    }
}

/// The journal let its oldest events go; the log does the same, so that both tell one story.
pub(super) fn forget(model: &mut Model, count: u64) -> Vec<Effect> {
    let log = &mut model.log;
    while log.left < count
        && let Some(one_less) = log.events.len().checked_sub(1)
        && log.events.let_go(one_less).is_some()
    {
        log.left += 1;
        model.dirty = true;
    }
    if model.log.left < count {
        model.log.left = count;
        model.dirty = true;
    }
    Vec::new()
}

/// Selects what was waited for; else keeps the selected row, or the one that took its place.
pub(super) fn follow_selection(model: &mut Model, row_before: Option<usize>) {
    if let Some(id) = arrived(model) {
        model.wanted = None;
        model.selected = Some(id);
        model.chosen = true;
        return;
    }
    let has_row = model
        .selected
        .is_some_and(|id| model.rows.position(id).is_some());
    if !model.chosen {
        model.selected = model.rows.at(0);
    } else if !has_row {
        let row = row_before
            .unwrap_or(0)
            .min(model.rows.len().saturating_sub(1));
        model.selected = model.rows.at(row);
    }
}

fn arrived(model: &Model) -> Option<EndpointId> {
    let found = match model.wanted.as_ref()? {
        Wanted::Named(name) => model.world.by_name(name),
        Wanted::FreshClient { from } => model
            .world
            .endpoints()
            .iter()
            .skip(*from)
            .find(|e| e.role == Role::Client),
    };
    found
        .map(|e| e.id)
        .filter(|id| model.rows.position(*id).is_some())
}
