//! What may lie over the panes: one at a time.

use tui_input::Input;

use super::course::Shelf;
use super::history::Walk;
use crate::command::{Candidate, Command, ParseError};

/// The open overlay.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// All keys and verbs; so many lines are scrolled away.
    Help { top: usize },
    /// A line of the command language.
    Palette(Box<Palette>),
    /// Words that a row must contain. `before`: what held when it was opened, for Esc.
    Filter { input: Input, before: String },
    /// Text for the selected endpoint.
    Compose(Box<Compose>),
    /// A verb on a descriptor that another program uses too.
    Confirm { actor: String, command: Command },
    /// The lessons, to choose one.
    Lessons(Shelf),
}

/// The command line.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub input: Input,
    pub walk: Walk,
    /// What could stand at the cursor.
    pub candidates: Vec<Candidate>,
    /// The part of the line that a candidate replaces, in octets.
    pub replace: std::ops::Range<usize>,
    /// The candidate that stands in the line now, by Tab.
    pub taken: Option<usize>,
    /// What is wrong with the line that was entered.
    pub error: Option<ParseError>,
}

/// The text to send.
#[derive(Clone, Debug, Default)]
pub struct Compose {
    pub actor: String,
    /// Why nothing can be sent from here. What is typed all the same is text, and no row of keys.
    pub refused: Option<String>,
    pub input: Input,
    pub walk: Walk,
    pub error: Option<ParseError>,
}
