//! The keyboard: rows of key, place and command line, from `assets/keymap.toml` and the user's own file.
//!
//! It knows which row a press means; it never runs one.

mod fault;
mod rows;
mod table;

pub use fault::{KeymapError, KeymapFault};
pub use table::{BUILTIN, Binding, Keymap, Lookup, Place};
