//! What happened: one append-only journal of events, and the World that is its fold.
//!
//! Nothing else in the program holds the truth about a connection: panes, expectations, the JSON output
//! and a recording all read events, and whoever wants to know more folds them.

mod calls;
mod event;
mod evidence;
mod fold;
mod halves;
mod json;
mod ledger;
mod pairing;
#[cfg(test)]
mod properties;
mod readings;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tale;
mod window;
mod wire;
mod world;

pub use event::{
    By, Call, DropReason, EndpointId, Event, Fact, Fate, HalfChange, Hold, Host, KernelFact,
    LabChange, Micros, Note, Op, Payload, ShutdownHow, Signal, Source, Tuple, Who, WireEnd,
    WireFact,
};
pub use json::{
    DATA_LIMIT, Ground, Header, Line, Mistake, Names, ReadError, SCHEMA, Skipped, from_line,
    to_line, write_line,
};
pub use ledger::{Cursor, Journal, Limits, Taken};
pub use window::{Events, Kept, Window};
pub use wire::WireState;
pub use world::{Applied, Endpoint, Role, World};
