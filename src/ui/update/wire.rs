//! The keys of the wire and of the ladder: what a toggle means now, which segment is meant, how slow the wire is.

use std::time::Duration;

use super::scroll;
use super::statement;
use super::turn::say_word;
use crate::command::{Selector, Statement, WireCommand};
use crate::locale::Screen as Words;
use crate::ui::effect::Effect;
use crate::ui::message::Severity;
use crate::ui::model::Model;
use crate::ui::panes::ladder::{self, Pace};
use crate::ui::wire::{Rules, rules};

/// The delay that the first press asks for, and each further step.
const FIRST: Duration = Duration::from_millis(300);
const STEP: Duration = Duration::from_millis(100);

/// `segment next|previous|first|last|discard`
pub(super) fn segment(model: &mut Model, which: &str) -> Vec<Effect> {
    if which == "discard" {
        return discard(model);
    }
    let lines = model.ladder.lines();
    let is_segment = |index: &usize| {
        lines
            .get(*index)
            .is_some_and(|l| !l.arrives && l.wire.is_some_and(|p| model.ladder.flight(p).is_some()))
    };
    let at = model
        .on_ladder
        .selected
        .and_then(|place| model.ladder.line_of(place));
    let found = match (which, at) {
        ("first", _) => (0..lines.len()).find(is_segment),
        ("last", _) | (_, None) => (0..lines.len()).rev().find(is_segment),
        ("next", Some(at)) => (at + 1..lines.len()).find(is_segment),
        (_, Some(at)) => (0..at).rev().find(is_segment),
    };
    match found {
        Some(index) => choose(model, index),
        // No segment to go to: the lines are what there is to walk through.
        None if at.is_none() => {
            return scroll::by_word(model, if which == "next" { "down" } else { "up" });
        }
        None => {}
    }
    Vec::new()
}

/// Selects the segment on a line and brings it into sight.
fn choose(model: &mut Model, index: usize) {
    let Some(place) = model.ladder.lines().get(index).and_then(|l| l.wire) else {
        return;
    };
    let room = scroll::line_room(model);
    let stand = &mut model.on_ladder;
    stand.selected = Some(place);
    stand.from_end = ladder::showing(
        model.ladder.lines(),
        index,
        room,
        stand.from_end,
        stand.pace,
    );
}

fn discard(model: &mut Model) -> Vec<Effect> {
    match discarding(model) {
        Ok(command) => run(model, command),
        Err(why) => say_word(model, Severity::Failed, why),
    }
}

/// What `segment discard` asks for, or why it asks for nothing.
pub(in crate::ui) fn discarding(model: &Model) -> Result<WireCommand, Words> {
    let selected = model
        .on_ladder
        .selected
        .and_then(|p| model.ladder.flight(p));
    match selected {
        None => Err(Words::WhyNoSegmentSelected),
        Some(flight) if flight.on_the_wire() && flight.fact.id != 0 => {
            Ok(WireCommand::Discard(flight.fact.id))
        }
        Some(_) => Err(Words::WhySegmentOver),
    }
}

/// `time next|compact|spread`
pub(super) fn time(model: &mut Model, word: &str) -> Vec<Effect> {
    model.on_ladder.pace = match (word, model.on_ladder.pace) {
        ("compact", _) | ("next", Pace::Spread) => Pace::Compact,
        _ => Pace::Spread,
    };
    Vec::new()
}

/// `toggle hold|cut`
pub(super) fn toggle(model: &mut Model, what: &str) -> Vec<Effect> {
    let command = toggled(rules(&model.world), what);
    run(model, command)
}

/// The verb that changes something.
pub(in crate::ui) fn toggled(now: Rules, what: &str) -> WireCommand {
    match what {
        "cut" if now.cut => WireCommand::Mend,
        "cut" => WireCommand::Cut,
        _ if now.holding.is_some() => WireCommand::Release,
        _ => WireCommand::Hold(Selector::default()),
    }
}

/// `motion slower|faster`
pub(super) fn motion(model: &mut Model, way: &str) -> Vec<Effect> {
    let now = rules(&model.world).delay;
    let time = match (way, now) {
        ("faster", now) => now.unwrap_or_default().saturating_sub(STEP),
        (_, None) => FIRST,
        (_, Some(now)) => now + STEP,
    };
    let what = Selector::default();
    run(model, WireCommand::Delay { time, what })
}

/// Runs the verb as if its line had been entered.
fn run(model: &mut Model, command: WireCommand) -> Vec<Effect> {
    let statement = Statement::Wire(command);
    let line = statement.to_string();
    statement::run(model, &statement, &line)
}
