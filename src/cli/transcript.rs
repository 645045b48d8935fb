//! Events as lines of plain text, in the words of the screen's log: for `run` without `--json`, and for the story
//! on stderr.

use std::collections::VecDeque;

use crate::journal::{Event, Fact, Op, World};
use crate::locale::Locale;
use crate::ui::panes::log::{View, plain};
use crate::ui::theme::{ASCII, Skin, Theme, UNICODE};

/// What stands around an event explains it, so the last few are kept.
const KEPT: usize = 8;

/// A log without a screen.
pub struct Transcript {
    locale: Locale,
    skin: Skin,
    world: World,
    events: VecDeque<Event>,
    /// The last event waits for the one behind it, which says whether a recv of 0 was EOF.
    waits: bool,
}

impl Transcript {
    pub fn new(ascii: bool) -> Transcript {
        Transcript {
            locale: Locale::english(),
            skin: Skin {
                theme: Theme::Plain,
                glyphs: if ascii { &ASCII } else { &UNICODE },
            },
            world: World::default(),
            events: VecDeque::new(),
            waits: false,
        }
    }

    /// The next event; the lines that can be told now.
    pub fn push(&mut self, event: &Event) -> Vec<String> {
        self.world.apply(event);
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.events.push_back(event.clone());
        let mut lines = Vec::new();
        let last = self.events.len() - 1;
        if std::mem::take(&mut self.waits) {
            lines.extend(self.line(last - 1));
        }
        self.waits = zero_read(event);
        if !self.waits {
            lines.extend(self.line(last));
        }
        lines
    }

    /// The line that still waits, when nothing more comes.
    pub fn rest(&mut self) -> Option<String> {
        std::mem::take(&mut self.waits)
            .then(|| self.line(self.events.len() - 1))
            .flatten()
    }

    fn line(&self, index: usize) -> Option<String> {
        let view = View {
            events: &self.events,
            dropped: 0,
            only: None,
            offset_from_end: 0,
            selected: None,
            wire: None,
            now: self.world.now,
            skin: self.skin,
            locale: &self.locale,
            world: &self.world,
        };
        plain(&view, index)
    }
}

fn zero_read(event: &Event) -> bool {
    matches!(&event.fact, Fact::App(call) if matches!(call.op, Op::Recv { .. }) && call.result == Ok(0))
}
