//! The screen from outside: keys in, effects and pictures out. No terminal, no socket, no clock.

mod any_key;
mod keys;
mod lab;
mod lesson;
mod pictures;
mod stage;
