//! Calls in words: what a command makes the program call, spelled in four languages.
//!
//! Texts for people who want to do the same in their own program; nothing here is executed.

mod asked;
mod spelling;
mod system;
mod told;

pub use asked::spell;
pub use spelling::{Spelling, UnknownSpelling};
pub use told::spell_call;
