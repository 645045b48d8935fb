//! Ladder pane: time runs down; one end of the connection on each rail, segments between them.
//!
//! ```text
//!                                 client                                server
//!          shutdown(send) = 0 │                                          │
//!                  FIN-WAIT-1 │──────── FIN,ACK seq 1025 ack 1 ─────────▶│ CLOSE-WAIT         12.301
//!                             │                                          │ recv() = 0 EOF     12.303
//!                  FIN-WAIT-2 │◀──────────── ACK 1026 ───────────────────│                    12.342
//!                             │◀────····· seq 1 len 4096 in flight ······│                    13.100
//!                             │           ■ HELD ×3 FIN,ACK seq 4097 ────│ LAST-ACK           14.020
//! ```
//!
//! A line is one moment: a call, or a segment with the changes of state that go with it. [`Ladder`] folds the journal
//! into lines as events arrive; drawing touches the lines that are seen and no others. It never guesses: a segment is
//! drawn where the wire said it is, and what stands beside it as its cause is told only where the events show it.

mod arrow;
mod cause;
mod cells;
mod columns;
mod details;
mod explain;
mod label;
mod line;
mod pair;
mod placing;
mod row;
mod rows;
mod strip;
mod view;
mod window;

pub(in crate::ui) use details::broken;
pub use pair::{Pair, Side, Toward};
pub use row::{Flight, Place, Progress};
pub use rows::Ladder;
pub use view::{Stand, View, draw, line_room, segment_at};
pub use window::{Pace, furthest, showing};

#[cfg(test)]
mod moments;
#[cfg(test)]
mod pictures;
