//! Wiring: arguments, and one file for each way of running. The only folder that sees everything.

mod arguments;
mod diagnose;
mod doctor;
mod exit;
mod folders;
mod headless;
mod history;
mod interactive;
mod keyboard;
mod manual;
mod netcat;
mod output;
mod pages;
mod recording;
mod session;
mod signals;
mod start;
mod terminal;
mod transcript;

pub use start::main;
