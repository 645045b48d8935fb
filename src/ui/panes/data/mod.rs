//! Data pane: what was said, in both directions, as text or in hexadecimal.
//!
//! ```text
//!   client ▶  GET / HTTP/1.0␍␊
//!          ▶  ␍␊
//!   server ◀  HTTP/1.0 200 OK␍␊
//! ```
//!
//! It keeps a bounded window of the bytes and says how many have left it; it never shows a byte raw.

mod rows;
mod streams;
mod view;

pub use streams::Streams;
pub use view::{Mode, View, draw, lines};

#[cfg(test)]
mod pictures;
