//! What lies over the panes: help, the command line, the other prompts.

mod confirm;
pub mod help;
pub mod lessons;
mod over;
mod palette;
mod prompts;

pub use over::draw;
