//! The rules of the fold: how each fact changes an endpoint.

use super::event::Event;
use super::world::{Applied, World};

#[derive(Clone, Debug, Default)]
pub(super) struct CloserTrace;

pub(super) fn apply(_world: &mut World, _event: &Event) -> Applied {
    Applied::default()
}
