//! What the screen is told when it opens.

use super::calls::Spelling;
use super::keymap::Keymap;
use super::theme::{Glyphs, Theme};
use crate::locale::Locale;

/// The choices of the person and of the command line.
pub struct Settings {
    pub theme: Theme,
    pub glyphs: &'static Glyphs,
    pub spelling: Spelling,
    pub keymap: Keymap,
    pub locale: Locale,
    /// Nothing is called.
    pub read_only: bool,
    /// What is looked at: "loopback", "listen 127.0.0.1:6000".
    pub title: String,
    /// The file that the session is recorded to.
    pub recording: Option<String>,
    /// Why there is no wire lane; `None`: there is one.
    pub wire: Option<String>,
    /// There is a lab: two hosts and a wire that can be held, cut and slowed.
    pub lab: bool,
    /// Listeners always have their row.
    pub show_listeners: bool,
    /// Lines of earlier sessions, oldest first.
    pub palette_history: Vec<String>,
    pub compose_history: Vec<String>,
    /// Events that the log can scroll back to. The World stays exact whatever leaves.
    pub log_events: usize,
}

impl Settings {
    /// The defaults, with this keymap.
    pub fn new(keymap: Keymap) -> Settings {
        Settings {
            theme: Theme::default(),
            glyphs: &super::theme::UNICODE,
            spelling: Spelling::default(),
            keymap,
            locale: Locale::english(),
            read_only: false,
            title: String::new(),
            recording: None,
            wire: None,
            lab: false,
            show_listeners: false,
            palette_history: Vec::new(),
            compose_history: Vec::new(),
            log_events: 20_000,
        }
    }
}
