//! The README, held to its word: what it shows is run, what it lists is compared with the program.

mod blocks;
mod json;
mod keys;
mod powers;
mod program;
mod scripts;
mod tables;
mod terminal;
