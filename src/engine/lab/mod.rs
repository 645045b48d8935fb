//! The lab inside the engine: two hosts, the cable between them, and which name stands behind which addresses.

mod cable;
mod carrier;
mod names;
mod orders;
mod telling;
mod world;

pub(super) use cable::Deliveries;
pub(super) use world::{LabWorld, Place};
