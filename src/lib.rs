//! finspect shows both halves of every TCP connection, and lets you close them one half at a time.
//!
//! This file is the map of the house.
//!
//! ```text
//! tcp/      what TCP is: states, halves, transitions, sequence numbers, one kernel reading, endings, powers
//! journal/  what happened: events on three lanes, the append-only journal, World::apply (the fold), recordings
//! command/  what can be asked for: the table of verbs, parser, completion, expectations
//! lesson/   teaching: a lesson is a Markdown document with executable steps; its runner, sans-I/O
//! kernel/   asking the system: sockets, TCP_INFO, sock_diag, epoll edges, capture; the only `unsafe`, the only `cfg(target_os)`
//! engine/   making it happen: one task owns one socket; the lab's hosts and wire; the tap on loopback; the only writer
//!           of the journal
//! locale/   words: everything a user reads, through a typed catalogue
//! ui/       showing it: model, message, update, keymap, layout, panes, widgets, theme
//! cli/      wiring: arguments, interactive, headless, doctor; the only folder that sees everything
//! ```
//!
//! Who may use whom (`tests/architecture.rs` holds exactly this table):
//!
//! ```text
//! tcp      -> nothing
//! journal  -> tcp
//! kernel   -> tcp                         + libc socket2
//! command  -> tcp journal
//! lesson   -> tcp journal command         + pulldown-cmark
//! engine   -> tcp journal command kernel  + tokio
//! ui       -> tcp journal command lesson locale  + ratatui crossterm
//! cli      -> everything                  + clap
//! locale   -> nothing
//! ```
//!
//! The way of every keypress:
//! `key -> keymap row -> Command -> engine -> system call -> Event -> journal -> World::apply -> draw`.

pub mod cli;
pub mod command;
pub mod engine;
pub mod journal;
pub mod kernel;
pub mod lesson;
pub mod locale;
pub mod tcp;
pub mod ui;
