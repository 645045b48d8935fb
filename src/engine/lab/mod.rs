//! The lab inside the engine: two hosts, and the cable between them.

mod cable;
mod orders;
mod world;

pub(super) use world::LabWorld;
