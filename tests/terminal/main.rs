//! The screen in a real pseudo-terminal: keys and mouse in, the picture and every raw byte out, and a terminal given back.

#[path = "../outside/mod.rs"]
mod outside;

mod ends;
mod fate;
mod flood;
mod keys;
mod looks;
mod opening;
mod picture;
mod pty;
mod recording;
mod textbook;
