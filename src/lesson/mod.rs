//! Teaching: a lesson is a Markdown document with executable steps.
//!
//! It reads documents and decides what comes next; it opens no file, makes no call, reads no clock and draws nothing.
//!
//! ````text
//! +++                                       front matter (TOML): title, level, minutes, learn, sources
//! title = "Half-close"
//! +++
//! Prose, in Markdown.
//!
//! ```lab setup                              steps that run at once
//! server: listen 6000
//! ```
//! ```lab                                    steps that the learner makes, one by one; expectations follow by themselves
//! server: shutdown send   # (1) no more     (1): the line of the listings that is called; then what to say meanwhile
//! ```
//! ```ask                                    a question: the kernel decides which choice is right
//! What does recv return now?
//! [ ] 0: end of file
//!     client: expect eof
//! [ ] -1 and ECONNRESET
//!     client: expect error ECONNRESET
//! server: close
//! ```
//! ```c posix                                a listing; also `c winsock`, `rust`, `python`
//! shutdown(fd, SHUT_WR);   // (1)
//! ```
//! ````

mod ask;
mod document;
mod error;
mod front;
mod listing;
mod phase;
mod prose;
mod read;
mod runner;
mod shelf;
#[cfg(test)]
mod tests;

pub use document::{Ask, Block, Choice, Lesson, Step, Steps};
pub use error::{Flaw, LessonError};
pub use front::{About, LEVELS};
pub use listing::{Api, CodeLine, Listing};
pub use phase::{Outcome, Phase, Revealed, STALL, Stage, Want};
pub use prose::{Manner, Piece, Prose, Rich, Sign, plain};
pub use runner::Runner;
pub use shelf::{FILES, LANGUAGES, SHELF, Shelved, languages, names, shelved};
