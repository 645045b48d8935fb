//! What may happen to the Model: the only way in.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};

use super::course::LessonRow;
use crate::journal::{Event, Micros};
use crate::lesson::Lesson;

/// One thing that happened, told to `update`.
#[derive(Clone, Debug)]
pub enum Msg {
    Key(KeyEvent),
    Mouse(MouseEvent),
    /// Bracketed paste.
    Paste(String),
    /// Columns and rows of the terminal. Also sent after `fg`, to draw anew.
    Resize(u16, u16),
    /// Events of the journal, in order, none left out.
    Journal(Vec<Event>),
    /// So many events, the oldest, have left the journal's memory since it began.
    Dropped(u64),
    /// The journal's time now.
    Tick(Micros),
    /// The engine did not make a call.
    Refused(Refusal),
    /// A word from outside the engine: clipboard, recording, files.
    Notice(Severity, String),
    /// The recording's file; `None` when it ended.
    Recording(Option<String>),
    /// A lesson was opened. The world is fresh by then.
    Lesson {
        lesson: Arc<Lesson>,
        key: String,
    },
    /// The lessons that can be had.
    Lessons(Vec<LessonRow>),
    /// The line of [`super::Effect::Play`] begins: everything that happened before has been told.
    Starting,
    /// It has come to its end.
    Played,
    /// The world was thrown away, and a fresh one begins: its journal counts from 1.
    Fresh,
}

/// Why the engine made no call. A call that was made and failed is an event, never this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No endpoint has this name.
    NoSuchEndpoint { name: String },
    /// The name was used before, and a name is never used again.
    NameTaken { name: String },
    /// The descriptor is closed, or was never ours.
    NoDescriptor { name: String },
    /// A process of its own holds the descriptor, and makes no call.
    InProcess { name: String, pid: u32 },
    /// No such process that could be killed.
    NoProcess { name: String },
    /// No more descriptors may be opened.
    TooMany { limit: u64 },
    /// Another reason, in the engine's words.
    Other { name: String, why: String },
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was done.
    Said,
    /// It was done, and something about it is worth knowing.
    Warned,
    /// It could not be done, or it failed.
    Failed,
}
