//! The keyboard in force: the built-in rows and the user's own over them.

use super::exit::{Exit, Failure};
use super::folders;
use super::output;
use crate::ui::Keymap;
use crate::ui::keymap::{KeymapError, KeymapFault};

/// # Errors
/// A row that is wrong, with file, line and caret. A file that cannot be read is a note.
pub fn keymap(notes: &mut Vec<String>) -> Result<Keymap, Failure> {
    let path = folders::config("keymap.toml");
    let name = path
        .as_ref()
        .map(|p| p.display().to_string())
        .unwrap_or_default();
    let own = folders::text(path).unwrap_or_else(|note| {
        notes.push(note);
        None
    });
    Keymap::load(own.as_deref().map(|text| (name.as_str(), text)))
        .map_err(|error| Failure::usage(report(&error)))
}

/// `finspect keymap --print`
pub fn print() -> Result<Exit, Failure> {
    let mut notes = Vec::new();
    let keymap = keymap(&mut notes)?;
    for note in notes {
        output::say(&note);
    }
    output::page(&keymap.to_toml())
}

/// `FILE:LINE:COLUMN: what is wrong`, the line, and a caret under the place.
fn report(error: &KeymapError) -> String {
    let why = match &error.fault {
        KeymapFault::Toml(words) => words.clone(),
        KeymapFault::Key(key) => format!("no key is called {key}"),
        KeymapFault::Place(place) => format!("no part of the screen is called {place}"),
        KeymapFault::Command(wrong) => wrong.to_string(),
        KeymapFault::Twice { keys, other } => format!("{keys} already runs {other} here"),
    };
    let (indent, caret) = (" ".repeat(error.column - 1), "^".repeat(error.length));
    format!(
        "{}:{}:{}: {why}\n  {}\n  {indent}{caret}",
        error.file, error.line, error.column, error.text
    )
}
