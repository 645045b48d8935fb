//! Log pane: everything that happened, on three lanes and one clock.
//!
//! ```text
//!    12.301  client  app     shutdown(send) = 0
//!    12.301  client  kernel  ESTABLISHED → FIN-WAIT-1
//!    12.303  server  app     recv() = 0                      EOF: the client will send no more
//! ```
//!
//! Three kinds of event are no line of their own: readings in which only numbers moved (the twin pane shows the
//! numbers of now), addresses that became known, and derived changes of a half. The last stand beside the call
//! that brought them about. It draws visible lines only, however long the journal is.

mod call;
mod line;
mod note;
mod plain;
mod view;

pub use line::{is_line, line_from_end, lines};
pub use plain::{brief, plain};
pub use view::{View, draw, event_at};

#[cfg(test)]
mod pictures;
