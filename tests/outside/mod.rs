//! What every test from outside needs: a folder of its own, signals, and what this machine grants.
//!
//! Nothing here sleeps or polls: whoever waits, waits for a line, an event, a picture or an end, with a deadline.

mod require;
mod room;
mod signal;

pub use require::require;
pub use room::Room;
pub use signal::signal;

/// Reached only by a test that fails: long enough for a loaded machine.
pub const DEADLINE: std::time::Duration = std::time::Duration::from_secs(60);
