//! Making it happen: system calls on real sockets, told to the journal as they return.
//!
//! The engine runs on a thread and a current-thread runtime of its own. One task owns one socket; it is spoken to by
//! message, and nobody else ever touches its descriptor. The engine is the only writer of the journal.
//! Segments are seen by the lab's cable, which carries them, or by the tap on loopback, which only looks.
//! It shows nothing and words nothing: refusals are typed.

mod accepting;
mod calls;
mod clock;
mod crosscheck;
mod driver;
mod edges;
mod incoming;
mod lab;
mod observe;
mod opening;
mod order;
mod outgoing;
mod room;
mod schedule;
mod sharing;
mod start;
mod tap;
mod tape;
pub mod wire;
mod witness;

pub use order::{Outcome, Pace, Refusal, Reply};
pub use start::{Config, Engine, Family};
pub use tape::Reader;
