//! What TCP is: pure values with no I/O, no clock, no runtime and no screen.
//!
//! Everything here can be read without knowing that finspect exists; it depends on nothing else in the house.

mod ending;
mod errno;
mod explanation;
mod forecast;
mod half;
mod host;
mod packet;
mod powers;
mod sample;
mod segment;
mod seq;
mod state;
mod transition;

pub use ending::{Closer, Ending, How};
pub use errno::Errno;
pub use explanation::Explanation;
pub use forecast::{Forecast, Outlook, RstCause, Situation};
pub use half::{Direction, RecvHalf, SendHalf};
pub use host::Host;
pub use packet::{Packet, Sack, ethernet};
pub use powers::{Grant, Power, Unavailable};
pub use sample::{Counters, Edge, Sample, ShutdownFlags, Timer, TimerKind};
pub use segment::{Flags, Segment};
pub use seq::Seq;
pub use state::State;
pub use transition::{Cause, Row, TRANSITIONS, must_pass};
