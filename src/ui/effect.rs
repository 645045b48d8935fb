//! What the Model wants done. It asks; one place in `cli` acts.

use crate::command::{Command, Expect, LabCommand, Statement, WireCommand};

/// One wish of `update`.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A line of the command language for the engine. The actor is always named.
    Ask { actor: String, command: Command },
    /// A verb of the wire.
    Wire(WireCommand),
    /// A verb of the lab.
    Lab(LabCommand),
    /// A new pair of connected endpoints, ready to be torn down.
    FreshPair,
    /// End the program now.
    Quit,
    /// Give the terminal back and stop, as Ctrl-Z does in a shell.
    Suspend,
    /// To the terminal's clipboard (OSC 52).
    Copy(String),
    /// A line of the lesson, as a script's is played: tell what has happened, then [`super::Msg::Starting`], then call,
    /// and [`super::Msg::Played`] when it is done.
    Play(Statement),
    /// An expectation of the lesson was decided: for the journal's script lane.
    Decided {
        expect: Expect,
        line: u32,
        held: bool,
    },
    /// Throw everything away and begin a fresh world; [`super::Msg::Fresh`] tells when.
    FreshWorld,
    /// Which lessons are there? Answered by [`super::Msg::Lessons`].
    ListLessons,
    /// Open a lesson in a fresh world; answered by [`super::Msg::Fresh`] and [`super::Msg::Lesson`].
    OpenLesson(String),
    /// The learner has come so far.
    Reached { key: String, done: usize, of: usize },
    /// Keep a line for later sessions.
    Remember { book: Book, line: String },
}

/// Which history a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    Palette,
    Compose,
}
