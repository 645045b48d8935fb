//! The wire between the two hosts of the lab, as pure code: no socket, no clock (time is an argument).
//!
//! `queue` decides what becomes of each frame, `capture` what the frames prove about the two ends.

mod acts;
mod queue;
mod rules;
mod splitmix;
#[cfg(test)]
mod stories;

pub use acts::{Act, Arrival, Counts, DropReason, WireRefusal, WireTelling};
pub use queue::WireQueue;
