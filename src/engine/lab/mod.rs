//! The lab inside the engine: two hosts, and the cable between them.

mod cable;
mod carrier;
mod orders;
mod telling;
mod world;

pub(super) use cable::Deliveries;
pub(super) use world::LabWorld;
