//! The README, held to its word: what it shows is run, what it lists is compared with the program.

#[path = "../outside/require.rs"]
mod require;
#[path = "../outside/room.rs"]
mod room;

mod blocks;
mod json;
mod keys;
mod scripts;
mod tables;
mod terminal;
mod tour;
