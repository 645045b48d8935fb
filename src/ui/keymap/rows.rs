//! Reading rows out of TOML, each checked by the command language's own parser.

use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use super::{Binding, KeymapError, KeymapFault, Place};
use crate::command::{Origin, Statement, parse_line};
use crate::ui::keys::Chord;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    keys: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    on: Spanned<On>,
    #[serde(rename = "in")]
    place: Spanned<String>,
    run: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum On {
    One(String),
    Sequence(Vec<String>),
}

/// All rows of one file.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Binding>, KeymapError> {
    let at = |span: Range<usize>, fault| KeymapError::at(file, text, span, fault);
    let parsed: File = toml::from_str(text).map_err(|e| {
        at(
            e.span().unwrap_or(0..0),
            KeymapFault::Toml(e.message().to_owned()),
        )
    })?;
    let mut rows: Vec<Binding> = Vec::with_capacity(parsed.keys.len());
    for row in &parsed.keys {
        let binding = Binding {
            on: chords(row.on.get_ref()).map_err(|fault| at(row.on.span(), fault))?,
            place: place(row.place.get_ref()).map_err(|fault| at(row.place.span(), fault))?,
            run: row.run.get_ref().clone(),
            statement: statement(row.run.get_ref()).map_err(|fault| at(row.run.span(), fault))?,
        };
        if let Some(other) = rows.iter().find(|other| collide(other, &binding)) {
            let fault = KeymapFault::Twice {
                keys: binding.keys(),
                other: other.run.clone(),
            };
            return Err(at(row.on.span(), fault));
        }
        rows.push(binding);
    }
    Ok(rows)
}

/// The same keys in the same place, or one the beginning of the other: the longer one could never be typed.
fn collide(a: &Binding, b: &Binding) -> bool {
    a.place == b.place && (a.on.starts_with(&b.on) || b.on.starts_with(&a.on))
}

fn chords(on: &On) -> Result<Vec<Chord>, KeymapFault> {
    let words = match on {
        On::One(word) => std::slice::from_ref(word),
        On::Sequence(words) => words.as_slice(),
    };
    if words.is_empty() {
        return Err(KeymapFault::Key(String::new()));
    }
    words
        .iter()
        .map(|word| Chord::from_str(word).map_err(|e| KeymapFault::Key(e.0)))
        .collect()
}

fn place(word: &str) -> Result<Place, KeymapFault> {
    Place::ALL
        .into_iter()
        .find(|p| p.word() == word)
        .ok_or_else(|| KeymapFault::Place(word.to_owned()))
}

/// An empty line takes the key away.
fn statement(line: &str) -> Result<Option<Statement>, KeymapFault> {
    parse_line(line, Origin::Screen).map_err(|error| KeymapFault::Command(Box::new(error)))
}

/// A TOML basic string.
pub(super) fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
