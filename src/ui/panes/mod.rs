//! The panes: one region of the screen each, drawn from values and nothing else.

mod expression;
mod line;
mod segment;
mod sides;
#[cfg(test)]
pub(super) mod story;
mod why;

pub mod data;
pub mod diagram;
pub mod ladder;
pub mod lesson;
pub mod list;
pub mod log;
pub mod twin;
