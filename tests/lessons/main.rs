//! The lessons from outside: each is right, in every language the same; each runs by itself on the real kernel; each is
//! walked through in a pseudo-terminal by keys alone.

#[path = "../outside/mod.rs"]
mod outside;

#[path = "../terminal/fate.rs"]
mod fate;
#[path = "../terminal/pty.rs"]
#[allow(dead_code)]
mod pty;

mod many;
mod own;
mod runs;
mod shelf;
mod walk;
