//! Twin pane: both ends side by side and the two pipes between them. The client stands at the left, always.
//!
//! ```text
//!  ▸ client  127.0.0.1:43210                                         127.0.0.1:6000  server
//!    FIN-WAIT-2                                                                  CLOSE-WAIT
//!
//!    send       FIN acked ■──────────────────────────────────────────■ EOF read     receive
//!    1024 bytes sent, all acknowledged                       1024 read, then EOF (recv = 0)
//!
//!    receive         open ◀━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━◀ open             send
//!    4096 received                                        4096 bytes sent, all acknowledged
//! ```
//!
//! Where only this end is visible, the other mouth is `?`: what is not known is not drawn as known.
//! It reads the World and draws; it decides nothing and keeps nothing.

mod canvas;
mod end;
mod ending;
mod ends;
mod forecasts;
mod labels;
mod listener;
mod numbers;
mod parts;
mod passing;
mod pipe;
mod scene;
mod view;

pub use passing::Passing;
pub use view::{Keys, View, draw, draw_with_keys, height};

#[cfg(test)]
mod pictures;
