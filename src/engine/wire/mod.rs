//! The wire between the two hosts of the lab, and what can be told from segments wherever they are seen, as pure code:
//! no socket, no clock (time is an argument).
//!
//! ```text
//! queue      which rule takes a frame, what is held, what is under way      capture   what the segments prove of the
//!   rules    the rules that stand, by selector                                        two ends, and why each was sent
//!   standing a segment on the wire                                            side    one end: numbers, facts, state
//!   acts     what goes in and what comes out                                  octets  what was sent, what has arrived
//! names      whose segment it is                                              stimuli what waits for an answer
//!                                                                             why     the explanation of a segment
//!                                                                             agreement with what the kernel says
//! ```
//!
//! The way of a frame: [`Packet::parse`](crate::tcp::Packet::parse), then [`Capture::sent`] under
//! [`WireQueue::next_id`], then [`WireQueue::arrive`] with what the capture made of it. For each [`Act::Pass`] the frame
//! is written, [`Capture::delivered`] hears of the packet in its telling, and the journal of all three. While the wire
//! [is clear](WireQueue::is_clear) a frame may be written first: [`WireQueue::passes_by`] then gives its number.

mod acts;
mod agreement;
mod capture;
#[cfg(test)]
mod exchanges;
#[cfg(test)]
mod journeys;
mod names;
#[cfg(test)]
mod namesakes;
mod octets;
mod queue;
mod rules;
mod side;
mod splitmix;
mod standing;
mod stimuli;
#[cfg(test)]
mod stories;
mod why;

pub use acts::{Act, Arrival, Counts, WireRefusal, WireTelling};
pub use agreement::{Agreement, Evidence, Pair, Verdict};
pub use capture::{Capture, End, Moved, Sent, Turn};
pub(super) use names::{Names, Place};
pub use queue::{DEFAULT_LIMIT, WireQueue};
pub use side::Proven;
