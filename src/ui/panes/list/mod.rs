//! The connection list: one row an endpoint, drawn only as far as it is seen.

pub mod cells;
pub mod countdown;
mod pane;
mod summary;

pub use pane::{View, draw};
pub use summary::summary;
