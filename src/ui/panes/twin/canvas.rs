//! A row of cells that is written in the direction of the flow and read from left to right.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::ui::theme::{Ink, Skin};

/// Which way the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Rightward,
    Leftward,
}

/// Where a FIN is written on the picture, in any language: it is the bit's name.
pub(super) const FIN: &str = "FIN";

/// What a stretch of pipe is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Data may flow.
    Flowing,
    /// The pipe is there, what the other end does with it is not known.
    Faint,
    /// Closed in order: nothing flows any more.
    Ended,
    Broken,
    Absent,
}

/// A row of cells, addressed from the sender; written out from left to right.
pub(super) struct Canvas {
    flow: Flow,
    pub width: usize,
    pub skin: Skin,
    cells: Vec<(char, Style)>,
}

impl Canvas {
    pub fn new(flow: Flow, width: usize, skin: Skin) -> Canvas {
        Canvas {
            flow,
            width,
            skin,
            cells: vec![(' ', Style::new()); width],
        }
    }

    /// The column of a text of `len` cells that begins `at` cells from the sender.
    fn column(&self, at: usize, len: usize) -> Option<usize> {
        match self.flow {
            Flow::Rightward => Some(at),
            Flow::Leftward => self.width.checked_sub(at + len),
        }
    }

    pub fn text(&mut self, at: usize, text: &str, ink: Ink) {
        let Some(start) = self.column(at, text.chars().count()) else {
            return;
        };
        let style = self.skin.style(ink);
        for (cell, c) in self.cells.iter_mut().skip(start).zip(text.chars()) {
            *cell = (c, style);
        }
    }

    pub fn glyph(&mut self, at: usize, glyph: &str, ink: Ink) {
        self.text(at, glyph, ink);
    }

    pub fn stroke(&mut self, at: usize, stroke: Stroke) {
        let glyphs = self.skin.glyphs;
        let (glyph, ink) = match stroke {
            Stroke::Flowing => (glyphs.pipe, Ink::Open),
            Stroke::Faint => (glyphs.pipe, Ink::Dim),
            Stroke::Ended => (glyphs.closed, Ink::Closed),
            Stroke::Broken => (glyphs.pipe, Ink::Broken),
            Stroke::Absent => (glyphs.gone, Ink::Dim),
        };
        self.glyph(at, glyph, ink);
    }

    pub fn queue(&mut self, at: usize, cells: usize, ink: Ink) {
        for at in at..at + cells {
            self.glyph(at, self.skin.glyphs.queued, ink);
        }
    }

    fn along(&self) -> &'static str {
        match self.flow {
            Flow::Rightward => self.skin.glyphs.arrow_right,
            Flow::Leftward => self.skin.glyphs.arrow_left,
        }
    }

    pub fn arrow(&mut self, at: usize, ink: Ink) {
        self.glyph(at, self.along(), ink);
    }

    pub fn shut(&mut self, at: usize) {
        let wall = match self.flow {
            Flow::Rightward => self.skin.glyphs.shut_right,
            Flow::Leftward => self.skin.glyphs.shut_left,
        };
        self.glyph(at, wall, Ink::Closing);
    }

    /// `FIN▶`, or `◀FIN`.
    pub fn fin_with_arrow(&mut self, at: usize) {
        self.text(at, FIN, Ink::Fin);
        self.arrow(at + FIN.len(), Ink::Fin);
    }

    pub fn spans(self) -> Vec<Span<'static>> {
        let mut runs: Vec<(String, Style)> = Vec::new();
        for (c, style) in self.cells {
            match runs.last_mut() {
                Some((text, last)) if *last == style => text.push(c),
                Some(_) | None => runs.push((c.to_string(), style)),
            }
        }
        runs.into_iter()
            .map(|(text, style)| Span::styled(text, style))
            .collect()
    }
}
