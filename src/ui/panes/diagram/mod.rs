//! Diagram pane: the state diagram of RFC 9293 (figure 5) with both ends' tokens on it.
//!
//! ```text
//!                       SYN-RECEIVED ◀──────── SYN ───────── SYN-SENT
//!                             └─ ACK of SYN ─▶    ESTABLISHED    ◀── SYN,ACK ┘
//!                    ┏━━━━━━━━ close() ━━━━━━━━━━━━━┛     └──── FIN ─────┐
//!                    ▼                                                  ▼
//!             ●C FIN-WAIT-1                                        CLOSE-WAIT ◆S
//! ```
//!
//! Heavy lines are ways that were taken. Which transitions there are is read from [`crate::tcp::TRANSITIONS`]; this
//! folder only knows where they stand on the picture. RST and timeouts lead from everywhere to CLOSED: like the figure,
//! the picture leaves them out, and the text beside it tells them.

mod grid;
mod next;
mod path;
mod shape;
mod tokens;
mod view;

pub use path::Paths;
pub use view::{View, draw};

#[cfg(test)]
mod pictures;
