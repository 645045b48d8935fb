//! Showing it: the Model, what changes it, and its picture. No tokio, no kernel, no engine.
//!
//! ```text
//!   Msg -> update(&mut Model, Msg) -> Vec<Effect>      decides, never acts
//!          draw(&Model, &mut Frame)                    shows, never changes
//! ```
//!
//! `cli` owns the loop: it reads keys and the journal, calls `update`, carries out the effects, draws when
//! [`Model::needs_draw`] says so, and sleeps until [`Model::next_wake`].

mod bars;
pub mod calls;
mod census;
mod columns;
mod course;
mod draw;
mod effect;
pub mod forecast_words;
mod glow;
mod history;
pub mod keymap;
mod keys;
mod labels;
mod layout;
mod message;
mod model;
mod overlay;
mod overlays;
pub mod panes;
mod rows;
mod settings;
mod standing;
pub mod theme;
mod update;
mod views;
pub mod visible;
mod widgets;
mod wire;

pub use course::{LessonRow, LessonStanding};
pub use draw::draw;
pub use effect::{Book, Effect};
pub use keymap::{Keymap, KeymapError};
pub use message::{Msg, Refusal, Severity};
pub use model::Model;
pub use settings::Settings;
pub use update::update;
