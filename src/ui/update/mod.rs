//! What happens becomes a new Model and a list of wishes. It decides and never acts.

mod ask;
mod compose;
mod filter;
mod journal;
mod key;
mod lesson;
mod mouse;
mod palette;
mod screen;
mod scroll;
mod statement;
mod turn;
mod wire;

pub use turn::update;
pub(super) use wire::{discarding, toggled};
