//! The command line from outside: the real program in pipes, its exit codes, its JSON, its sentences, and foreign peers.

#[path = "../outside/mod.rs"]
mod outside;

mod bytes;
mod ends;
mod expectations;
mod flood;
mod foreign;
mod forked;
mod help;
mod listening;
mod loopback;
mod machine;
mod mistakes;
mod peer;
mod program;
mod recording;
mod settings;
mod stream;
mod told;
