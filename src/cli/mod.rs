//! Wiring: arguments, and one file for each way of running. The only folder that sees everything.

mod arguments;
mod classroom;
mod diagnose;
mod doctor;
mod exit;
mod folders;
mod headless;
mod history;
mod interactive;
mod keyboard;
mod learn;
mod lesson_files;
mod library;
mod manual;
mod material;
mod netcat;
mod out;
mod output;
mod pages;
mod progress;
mod recording;
mod robot;
mod session;
mod signals;
mod start;
mod terminal;
mod transcript;

pub use start::main;
