//! What lies over the panes: help, the command line, the other prompts.

mod confirm;
pub mod help;
mod over;
mod palette;
mod prompts;

pub use over::draw;
