//! What the Model wants done. It asks; one place in `cli` acts.

use crate::command::{Command, LabCommand, WireCommand};

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
    /// Keep a line for later sessions.
    Remember { book: Book, line: String },
}

/// Which history a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    Palette,
    Compose,
}
