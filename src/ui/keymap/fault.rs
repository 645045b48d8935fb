//! What is wrong with a row of a keymap, and where.

use std::ops::Range;

use crate::command::ParseError;

/// A bad row: the file, the place in it, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct KeymapError {
    pub file: String,
    /// Counts from 1.
    pub line: usize,
    /// In characters, counts from 1.
    pub column: usize,
    /// Characters that are wrong, for the caret.
    pub length: usize,
    /// The line as it stands in the file.
    pub text: String,
    pub fault: KeymapFault,
}

/// Why a row is bad.
#[derive(Clone, Debug, PartialEq)]
pub enum KeymapFault {
    /// It is no TOML, or a field is missing or unknown; the reader's own words.
    Toml(String),
    /// No such key.
    Key(String),
    /// No such place.
    Place(String),
    /// The command line is wrong.
    Command(Box<ParseError>),
    /// The same keys, or a beginning of them, run something else in the same place.
    Twice { keys: String, other: String },
}

impl KeymapError {
    /// Turns a range of octets into line and column.
    pub(super) fn at(
        file: &str,
        text: &str,
        span: Range<usize>,
        fault: KeymapFault,
    ) -> KeymapError {
        let start = floor(text, span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        let column = text[line_start..start].chars().count() + 1;
        let wrong = text[start..floor(text, span.end).max(start)]
            .lines()
            .next()
            .unwrap_or_default();
        KeymapError {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column,
            length: wrong.chars().count().max(1),
            text: line.to_owned(),
            fault,
        }
    }
}

/// The nearest character boundary at or before an octet.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
