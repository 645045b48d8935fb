//! Exit codes and the sentence that goes with them.

use std::fmt;
use std::process::ExitCode;

/// How a run ended; the numbers are public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// An expectation failed, or a connection could not be had.
    Finding,
    /// Wrong usage.
    Usage,
    /// This machine cannot do it.
    Machine,
    /// Ended by a signal.
    Signal(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Finding => 1,
            Exit::Usage => 2,
            Exit::Machine => 3,
            Exit::Signal(n) => 128 + n,
        })
    }
}

/// A failure with its words, for stderr.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub words: String,
}

impl Failure {
    pub fn usage(words: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Usage,
            words: words.into(),
        }
    }

    pub fn machine(words: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Machine,
            words: words.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
