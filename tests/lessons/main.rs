//! The lessons from outside: each is right, in every language the same; each runs by itself on the real kernel; each is
//! walked through in a pseudo-terminal by keys alone.

#[path = "../outside/mod.rs"]
mod outside;

#[path = "../terminal/fate.rs"]
mod fate;
#[path = "../terminal/pty.rs"]
#[expect(
    dead_code,
    reason = "another test binary draws more from a terminal than this one"
)]
mod pty;

mod many;
mod own;
mod runs;
mod shelf;
mod walk;
