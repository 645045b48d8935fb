//! The head of a lesson, between two lines `+++`: TOML.

use std::ops::Range;

use serde::Deserialize;

use super::error::{Flaw, LessonError};

/// Levels of the curriculum.
pub const LEVELS: [u8; 6] = [1, 2, 3, 4, 5, 6];

const FENCE: &str = "+++";

/// What a lesson says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub title: String,
    /// 1 orderly close, 2 halves, 3 abort, 4 timers and ghosts, 5 no goodbye, 6 in the middle.
    pub level: u8,
    /// Its place within the level.
    #[serde(default)]
    pub order: u16,
    /// How long it takes.
    pub minutes: u16,
    /// What one knows afterwards.
    #[serde(default)]
    pub learn: Vec<String>,
    /// RFC sections, manual pages, documents.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// The front matter, and where the rest of the document begins (in bytes).
pub(super) fn front(text: &str) -> Result<(About, usize), LessonError> {
    let missing = || LessonError::at(text, 0..first_line(text), Flaw::NoFrontMatter);
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.len() - body.len();
    let mut lines = body.split_inclusive('\n');
    let opening = lines.next().ok_or_else(missing)?;
    if opening.trim_end() != FENCE {
        return Err(missing());
    }
    let start = head + opening.len();
    let mut end = start;
    for line in lines {
        if line.trim_end() == FENCE {
            let about = read(text, start..end)?;
            return Ok((about, end + line.len()));
        }
        end += line.len();
    }
    Err(LessonError::at(
        text,
        head..head + FENCE.len(),
        Flaw::OpenFence,
    ))
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn read(text: &str, span: Range<usize>) -> Result<About, LessonError> {
    let about: About = toml::from_str(&text[span.clone()]).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        let place = span.start + place.start..span.start + place.end;
        let why = error.message().to_owned();
        LessonError::at(text, place, Flaw::FrontMatter(why))
    })?;
    if !LEVELS.contains(&about.level) {
        let at = text[span.clone()].find("level").unwrap_or(0) + span.start;
        let end = at + first_line(&text[at..]);
        return Err(LessonError::at(
            text,
            at..end,
            Flaw::Level(about.level.into()),
        ));
    }
    Ok(about)
}
