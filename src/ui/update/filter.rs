//! The filter prompt: rows (or lines of the log, when that is focused) follow while words are typed.

use crossterm::event::{Event, KeyCode, KeyEvent};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use super::screen::reselect;
use crate::journal::Role;
use crate::ui::effect::Effect;
use crate::ui::layout::Pane;
use crate::ui::model::Model;
use crate::ui::overlay::Overlay;
use crate::ui::rows::Filter;

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let before = match (
        model.focus,
        model.log.only.and_then(|id| model.world.get(id)),
    ) {
        (Pane::Log, Some(endpoint)) => endpoint.name.to_string(),
        (Pane::Log, None) => String::new(),
        _ => model.filter.clone(),
    };
    model.overlay = Some(Overlay::Filter {
        input: Input::new(before.clone()),
        before,
    });
    Vec::new()
}

pub(super) fn key(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    if event.code == KeyCode::Enter {
        model.overlay = None;
        return Vec::new();
    }
    edit(model, |input| {
        input.handle_event(&Event::Key(event));
    })
}

pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    edit(model, |input| {
        for c in text.chars().filter(|c| !c.is_control()) {
            input.handle(InputRequest::InsertChar(c));
        }
    })
}

fn edit(model: &mut Model, change: impl FnOnce(&mut Input)) -> Vec<Effect> {
    let Some(Overlay::Filter { input, .. }) = &mut model.overlay else {
        return Vec::new();
    };
    change(input);
    let text = input.value().to_owned();
    apply(model, &text)
}

/// Takes these words as the filter of the focused pane.
pub(super) fn apply(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.focus == Pane::Log {
        log(model, text);
        return Vec::new();
    }
    rows(model, text)
}

/// The log about one endpoint: the one with this name, else the first whose name begins like it.
fn log(model: &mut Model, text: &str) {
    // `ser` means the connection; its listener is asked for by its whole name.
    let begins = || {
        let named = model
            .world
            .endpoints()
            .iter()
            .filter(|e| e.name.starts_with(text));
        named.min_by_key(|e| (e.role == Role::Listener, e.id))
    };
    let found = if text.is_empty() {
        None
    } else {
        model.world.by_name(text).or_else(begins)
    };
    model.log.only = found.map(|e| e.id);
    model.log.from_end = 0;
}

/// All rows again.
pub(super) fn clear(model: &mut Model) -> Vec<Effect> {
    rows(model, "")
}

fn rows(model: &mut Model, text: &str) -> Vec<Effect> {
    let row = model.selected.and_then(|id| model.rows.position(id));
    text.clone_into(&mut model.filter);
    model.rows.filter = Filter::of(text);
    model.rows.rebuild(&model.world);
    reselect(model, row);
    Vec::new()
}
