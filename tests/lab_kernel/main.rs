//! The lab's two hosts and the ends of its wire, with the real kernel, as root and as a user without any right.
//!
//! ```text
//! stage.rs     a lab whose wire the test itself carries; processes in a role
//! hosts.rs     sockets, tables and sysctls of one host
//! wire.rs      frames
//! life.rs      what is left behind: nothing
//! refusal.rs   no lab: which step, which errno
//! ```

mod hosts;
mod life;
mod refusal;
mod stage;
mod wire;
