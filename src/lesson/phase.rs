//! The words between a lesson that runs and whoever drives it: what is wanted, where it stands, how a question was decided.

use std::time::Duration;

use crate::command::Seen;
use crate::journal::{Event, Micros};

/// A line that makes no progress for this long is told to the learner. (Whoever drives a robot has a rule of its own.)
pub const STALL: Duration = Duration::from_secs(10);

/// What the runner wants done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Feed what has happened so far, call [`starting`](super::Runner::starting), and give this line of the script to the engine;
    /// [`done`](super::Runner::done) hears of its end. A `wait` is for nobody: the time ends it. `by_key`: it was a key's, which never
    /// waits.
    Play { line: usize, by_key: bool },
    /// An expectation was decided: the journal's script lane hears of it.
    Tell { line: usize, held: bool },
    /// Throw the world away and begin a fresh one; [`fresh`](super::Runner::fresh) hears of it.
    Fresh,
}

/// Where the lesson stands.
#[derive(Clone, Debug)]
pub enum Phase {
    /// The learner reads; the next line is hers.
    Ready {
        line: usize,
    },
    /// The engine has the line, and has made no progress since then.
    Playing {
        line: usize,
        since: Micros,
    },
    /// It has made none for [`STALL`].
    Stalled {
        line: usize,
    },
    /// Nothing was done; the engine's words for why.
    Refused {
        line: usize,
        why: String,
    },
    /// An expectation, and when its time is over.
    Watching {
        line: usize,
        until: Micros,
    },
    /// `wait`
    Pausing {
        until: Micros,
    },
    /// A question waits for its answer.
    Asking,
    /// It is answered and done, and the kernel decides.
    Deciding,
    /// It is decided.
    Revealed(Box<Revealed>),
    /// An expectation of the lesson did not hold.
    Failed {
        line: usize,
        seen: Box<Seen>,
    },
    /// The old world goes, a fresh one comes.
    Freshening,
    Finished,
}

/// A question as the kernel decided it.
#[derive(Clone, Debug, Default)]
pub struct Revealed {
    /// `None`: nobody was asked.
    pub chosen: Option<usize>,
    /// For each choice: it was right.
    pub right: Vec<bool>,
    /// What happened since the last line that is no expectation began: calls, states, segments.
    pub happened: Vec<Event>,
}

/// How many choices of a question are what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    None,
    One(usize),
    Several,
}

impl Revealed {
    pub fn outcome(&self) -> Outcome {
        let mut right = (0..self.right.len()).filter(|i| self.right[*i]);
        match (right.next(), right.next()) {
            (None, _) => Outcome::None,
            (Some(one), None) => Outcome::One(one),
            (Some(_), Some(_)) => Outcome::Several,
        }
    }
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Past,
    Now,
    Ahead,
}
