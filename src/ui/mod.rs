//! Showing it: what the journal tells, as a picture in a terminal.
//!
//! It draws values and turns keys into commands; it never touches a socket, the kernel or a task.

pub mod calls;
pub mod forecast_words;
pub mod panes;
pub mod theme;
pub mod visible;
