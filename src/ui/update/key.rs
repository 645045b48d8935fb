//! A key press: to the prompt that is open, or through the keymap.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use super::{ask, compose, filter, lesson, palette, screen, statement};
use crate::command::{Screen, Statement};
use crate::ui::effect::Effect;
use crate::ui::keymap::{Lookup, Place};
use crate::ui::keys::Chord;
use crate::ui::model::{Freeze, Model};
use crate::ui::overlay::Overlay;

pub(super) fn press(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    model.dirty = true;
    model.notice = None;
    let chord = Chord::from(event);
    if model.presenting {
        model.pressed = Some(chord.to_string());
    }
    if model.freeze != Freeze::Moving && !ends(model, chord) {
        // Nobody would see what the key does: it lets the picture move, and nothing else.
        return lesson::freeze(model);
    }
    match &model.overlay {
        None | Some(Overlay::Help { .. } | Overlay::Lessons(_)) => by_table(model, chord),
        Some(Overlay::Confirm { .. }) => confirm(model, event.code, chord),
        Some(Overlay::Palette(_) | Overlay::Filter { .. } | Overlay::Compose(_)) => {
            if let Some(statement) = leaves_prompt(model, chord) {
                return statement::run(model, &statement, "");
            }
            match &model.overlay {
                Some(Overlay::Palette(_)) => palette::key(model, event),
                Some(Overlay::Compose(_)) => compose::key(model, event),
                _ => filter::key(model, event),
            }
        }
    }
}

/// The key ends the program or gives the terminal back.
fn ends(model: &Model, chord: Chord) -> bool {
    let Lookup::Run(row) = find(model, &[chord], &[Place::Everywhere]) else {
        return false;
    };
    matches!(
        row.statement,
        Some(Statement::Screen(Screen::Quit | Screen::Suspend))
    )
}

/// While text is typed only these rows of the table hold, and only on keys that are no text.
fn leaves_prompt(model: &Model, chord: Chord) -> Option<Statement> {
    if chord.is_text() {
        return None;
    }
    let Lookup::Run(row) = find(model, &[chord], &[Place::Everywhere]) else {
        return None;
    };
    match &row.statement {
        Some(Statement::Screen(Screen::Quit | Screen::Suspend | Screen::Back)) => {
            row.statement.clone()
        }
        _ => None,
    }
}

fn by_table(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let places = model.places();
    let mut pressed = std::mem::take(&mut model.pending);
    pressed.push(chord);
    let mut found = find(model, &pressed, &places);
    if found == Lookup::Nothing && pressed.len() > 1 {
        // The sequence led nowhere: the key stands for itself.
        pressed = vec![chord];
        found = find(model, &pressed, &places);
    }
    match found {
        Lookup::Pending => {
            model.pending = pressed;
            Vec::new()
        }
        Lookup::Run(row) => {
            let (statement, run) = (row.statement.clone(), row.run.clone());
            statement
                .map(|s| statement::run(model, &s, &run))
                .unwrap_or_default()
        }
        Lookup::Nothing => Vec::new(),
    }
}

/// The row of these presses; letters of a Russian layout also count as the keys that they stand on.
fn find<'a>(model: &'a Model, pressed: &[Chord], places: &[Place]) -> Lookup<'a> {
    match model.settings.keymap.lookup(pressed, places) {
        Lookup::Nothing => {
            let qwerty: Vec<Chord> = pressed
                .iter()
                .map(|c| c.as_qwerty().unwrap_or(*c))
                .collect();
            model.settings.keymap.lookup(&qwerty, places)
        }
        found => found,
    }
}

fn confirm(model: &mut Model, code: KeyCode, chord: Chord) -> Vec<Effect> {
    let meant = chord.as_qwerty().unwrap_or(chord);
    let yes = code == KeyCode::Enter || meant == Chord::from(KeyEvent::from(KeyCode::Char('y')));
    let no = meant == Chord::from(KeyEvent::from(KeyCode::Char('n')));
    match model.overlay.take() {
        Some(Overlay::Confirm { actor, command }) if yes => ask::now(model, actor, command),
        Some(_) if no => screen::back(model),
        overlay => {
            model.overlay = overlay;
            by_table(model, chord)
        }
    }
}
