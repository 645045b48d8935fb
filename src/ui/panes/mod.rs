//! The panes: one region of the screen each, drawn from values and nothing else.

mod line;
#[cfg(test)]
pub(super) mod story;

pub mod data;
pub mod list;
pub mod log;
pub mod twin;
