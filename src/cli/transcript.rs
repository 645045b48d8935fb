//! Events as lines of plain text, in the words of the screen's log: for `run` without `--json`, and for the story
//! on stderr.

use crate::journal::{Event, Fact, Op, Window, World};
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
    events: Window,
    /// The number of an event that waits for the one behind it, which says whether a recv of 0 was EOF.
    waits: Option<u64>,
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
            events: Window::default(),
            waits: None,
        }
    }

    /// The next event; the lines that can be told now.
    pub fn push(&mut self, event: &Event) -> Vec<String> {
        self.world.apply(event);
        self.events.push(event.clone());
        self.events.let_go(KEPT);
        let waited = self.waits.take();
        self.waits = zero_read(event).then_some(event.n);
        let now = Some(event.n).filter(|_| self.waits.is_none());
        let told = [waited, now].into_iter().flatten();
        told.filter_map(|n| self.line(n)).collect()
    }

    /// The line that still waits, when nothing more comes.
    pub fn rest(&mut self) -> Option<String> {
        let waited = self.waits.take()?;
        self.line(waited)
    }

    fn line(&self, n: u64) -> Option<String> {
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
        plain(&view, n)
    }
}

fn zero_read(event: &Event) -> bool {
    matches!(&event.fact, Fact::App(call) if matches!(call.op, Op::Recv { .. }) && call.result == Ok(0))
}
