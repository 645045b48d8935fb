//! What the pane is made of: rows that may be left out, and sentences that may be shortened.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::ui::panes::line::spread;
use crate::ui::theme::{Ink, Skin};

/// One line of the pane. Where the room is short, the rows with the highest rank leave first.
pub(super) struct Row {
    pub rank: u8,
    pub line: Line<'static>,
}

impl Row {
    pub fn new(rank: u8, line: Line<'static>) -> Row {
        Row { rank, line }
    }
}

/// A sentence in parts; where the room is short, the last parts are left out.
#[derive(Default)]
pub(super) struct Parts {
    pub parts: Vec<String>,
    pub ink: Ink,
}

impl Parts {
    fn text(&self) -> String {
        self.parts.join(", ")
    }

    fn spans(self, skin: Skin) -> Vec<Span<'static>> {
        if self.parts.is_empty() {
            return Vec::new();
        }
        vec![Span::styled(self.text(), skin.style(self.ink))]
    }
}

/// Two sentences on one line: the longer one gives parts away until both fit.
pub(super) fn share(mut left: Parts, mut right: Parts, width: usize, skin: Skin) -> Line<'static> {
    // Both margins, and the gap between the two.
    let room = width.saturating_sub(6);
    while left.text().width() + right.text().width() > room {
        let longer = if left.text().width() >= right.text().width() {
            &mut left
        } else {
            &mut right
        };
        if longer.parts.len() <= 1 {
            break;
        }
        longer.parts.pop();
    }
    spread(
        indented(left.spans(skin)),
        outdented(right.spans(skin)),
        width,
        skin,
    )
}

pub(super) fn indented(mut spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
    if !spans.is_empty() {
        spans.insert(0, Span::raw("  "));
    }
    spans
}

pub(super) fn outdented(mut spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
    if !spans.is_empty() {
        spans.push(Span::raw("  "));
    }
    spans
}

/// How much stands beside each other at a width.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Everything, and each closing verb on a line of its own.
    Wide,
    /// The forecast of close alone.
    Medium,
    /// Labels without the direction, addresses and numbers on lines of their own.
    Narrow,
    /// This end's two halves in words.
    Tiny,
}

impl Breadth {
    pub fn of(width: usize) -> Breadth {
        match width {
            100.. => Breadth::Wide,
            64.. => Breadth::Medium,
            36.. => Breadth::Narrow,
            _ => Breadth::Tiny,
        }
    }
}

/// How many lines a pipe takes. Where there is room (the zoomed pane), a pipe is as thick as a hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Thickness {
    One,
    Three,
}
