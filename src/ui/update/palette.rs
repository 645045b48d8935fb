//! The command line: typing, completion by Tab, history by Up and Down, and the caret under a mistake.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use super::statement;
use crate::command::{self, CompletionContext, Origin, parse_line};
use crate::ui::effect::{Book, Effect};
use crate::ui::model::Model;
use crate::ui::overlay::{Overlay, Palette};

/// Stands in a keymap's line for a name that no endpoint has had yet.
const NEW: &str = "{new}";
/// Names that completion offers; nobody walks through more by Tab.
const ACTORS: usize = 200;

pub(super) fn open(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = if text.contains(NEW) {
        text.replace(NEW, &model.new_name())
    } else {
        text.to_owned()
    };
    model.overlay = Some(Overlay::Palette(Box::new(Palette {
        input: Input::new(text),
        ..Palette::default()
    })));
    complete(model);
    Vec::new()
}

pub(super) fn key(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Palette(palette)) = &mut model.overlay else {
        return Vec::new();
    };
    match (event.code, event.modifiers) {
        (KeyCode::Enter, _) => return enter(model),
        (KeyCode::Tab, KeyModifiers::SHIFT) | (KeyCode::BackTab, _) => take(palette, -1),
        (KeyCode::Tab, _) => take(palette, 1),
        (KeyCode::Up, _) => {
            if let Some(line) = palette
                .walk
                .up(&model.palette_history, palette.input.value())
            {
                palette.input = Input::new(line.to_owned());
            }
            complete(model);
        }
        (KeyCode::Down, _) => {
            if let Some(line) = palette.walk.down(&model.palette_history) {
                palette.input = Input::new(line);
            }
            complete(model);
        }
        _ => {
            palette.walk.stop();
            palette.input.handle_event(&Event::Key(event));
            complete(model);
        }
    }
    Vec::new()
}

/// A line has no line ends: those of a pasted text become spaces.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(Overlay::Palette(palette)) = &mut model.overlay {
        for c in text.trim_end().chars() {
            let c = if c.is_control() { ' ' } else { c };
            palette.input.handle(InputRequest::InsertChar(c));
        }
        palette.walk.stop();
    }
    complete(model);
    Vec::new()
}

/// What could stand at the cursor now.
fn complete(model: &mut Model) {
    let Some(Overlay::Palette(palette)) = &model.overlay else {
        return;
    };
    let (line, cursor) = (palette.input.value(), octets(&palette.input));
    let actors: Vec<&str> = model
        .world
        .endpoints()
        .iter()
        .map(|e| &*e.name)
        .take(ACTORS)
        .collect();
    let completion = command::complete(
        line,
        cursor,
        &CompletionContext {
            actors: &actors,
            for_screen: true,
        },
    );
    if let Some(Overlay::Palette(palette)) = &mut model.overlay {
        palette.error = None;
        palette.taken = None;
        palette.replace = completion.replace;
        palette.candidates = completion.candidates;
    }
}

/// The cursor in octets; the input counts characters.
fn octets(input: &Input) -> usize {
    input
        .value()
        .char_indices()
        .nth(input.cursor())
        .map_or(input.value().len(), |(at, _)| at)
}

/// Puts the next candidate (or the previous one) into the line.
fn take(palette: &mut Palette, step: isize) {
    let count = palette.candidates.len();
    if count == 0 {
        return;
    }
    let at = match (palette.taken, step < 0) {
        (None, false) => 0,
        (None, true) | (Some(0), true) => count - 1,
        (Some(at), true) => at - 1,
        (Some(at), false) => (at + 1) % count,
    };
    let line = palette.input.value();
    let end = palette.replace.end.min(line.len());
    let start = palette.replace.start.min(end);
    let (Some(head), Some(tail)) = (line.get(..start), line.get(end..)) else {
        return;
    };
    let text = &palette.candidates[at].text;
    let written = format!("{head}{text}{tail}");
    let cursor = head.chars().count() + text.chars().count();
    palette.replace = start..start + text.len();
    palette.taken = Some(at);
    palette.error = None;
    palette.input = Input::new(written).with_cursor(cursor);
}

fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Palette(palette)) = &mut model.overlay else {
        return Vec::new();
    };
    let line = palette.input.value().to_owned();
    match parse_line(&line, Origin::Screen) {
        Err(error) => {
            palette.error = Some(error);
            Vec::new()
        }
        Ok(parsed) => {
            model.overlay = None;
            let mut effects = parsed
                .map(|s| statement::run(model, &s, &line))
                .unwrap_or_default();
            if model.palette_history.push(line.clone()) {
                effects.push(Effect::Remember {
                    book: Book::Palette,
                    line,
                });
            }
            effects
        }
    }
}
