//! What happened: one append-only journal of events, and the World that is its fold.
//!
//! Nothing else in the program holds the truth about a connection: panes, expectations, the JSON output
//! and a recording all read events, and whoever wants to know more folds them.

mod event;
mod fold;
mod json;
mod ledger;
mod world;

pub use event::{
    By, Call, EndpointId, Event, Fact, Fate, HalfChange, Hold, KernelFact, Micros, Note, Op, Payload,
    ShutdownHow, Source, Tuple, Who, WireFact,
};
pub use json::{DATA_LIMIT, Header, Names, ReadError, SCHEMA, from_line, to_line};
pub use ledger::{Cursor, Journal, Limits};
pub use world::{Applied, Endpoint, Role, World};
