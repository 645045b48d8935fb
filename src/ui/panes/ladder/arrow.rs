//! One segment between the rails, in exactly so many cells.
//!
//! ```text
//! landed      ──────── FIN,ACK seq 1025 ─────────▶     flying   ─────▶··· ACK seq 1 len 4096 ···········
//! held        ──── HELD ×3 FIN,ACK seq 4097 ■          dropped  ──────── FIN,ACK seq 1025 ──╳
//! twice       ──────── FIN,ACK seq 1025 ────────▶▶     left      ──────── FIN,ACK seq 1025 +2 s ·········
//!                                                      arrives            FIN,ACK seq 1025 +2 s ────────▶
//! ```
//!
//! The label stands still while the segment moves. Leftwards it is the mirror image, letters excepted.

use ratatui::text::Span;

use super::label::{self, Label};
use super::pair::Toward;
use super::row::{Flight, Progress};
use super::strip::Strip;
use crate::journal::Micros;
use crate::locale::Locale;
use crate::ui::theme::{Ink, Skin};

/// Cells of line that a label always leaves, with the spaces around it.
const MARGIN: usize = 6;
/// Cells of line between the label of a dropped segment and its cross.
const STUMP: usize = 2;

/// A segment as one line shows it.
pub(super) struct Arrow<'a> {
    pub flight: &'a Flight,
    pub way: Toward,
    /// The line of its arrival, below that of its departure.
    pub arrives: bool,
    pub now: Micros,
}

/// The arrow in `width` cells.
pub(super) fn spans(
    arrow: &Arrow<'_>,
    width: usize,
    skin: Skin,
    locale: &Locale,
) -> Vec<Span<'static>> {
    let label = label::label(
        arrow.flight,
        arrow.now,
        width.saturating_sub(MARGIN),
        locale,
        skin,
    );
    let mut drawing = Drawing {
        strip: Strip::new(width),
        skin,
        way: arrow.way,
        ink: label::text_ink(arrow.flight.fact.segment.flags),
    };
    let label_cells = label::cells(&label);
    let start = (width.saturating_sub(label_cells)) / 2;
    let taken = start.saturating_sub(1)..(start + label_cells + 1).min(width);
    // The cells of the line in the direction of the flow, those before the label and those behind it.
    let mut order: Vec<usize> = (0..width).filter(|at| !taken.contains(at)).collect();
    let mut before = order.partition_point(|at| *at < taken.start);
    if arrow.way == Toward::Left {
        order.reverse();
        before = order.len() - before;
    }
    drawing.line(arrow, &order, before);
    drawing.label(start, &label);
    drawing.strip.spans()
}

struct Drawing {
    strip: Strip,
    skin: Skin,
    way: Toward,
    ink: Ink,
}

impl Drawing {
    fn line(&mut self, arrow: &Arrow<'_>, order: &[usize], before: usize) {
        let glyphs = self.skin.glyphs;
        let Some(last) = order.len().checked_sub(1) else {
            return;
        };
        if arrow.arrives {
            self.strokes(&order[before..]);
            return self.head(order[last]);
        }
        match arrow.flight.progress(arrow.now) {
            Progress::Landed if arrow.flight.apart => {
                self.strokes(&order[..before.min(order.len())]);
                self.track(&order[before.min(order.len())..]);
            }
            Progress::Landed => {
                self.strokes(order);
                self.head(order[last]);
                if arrow.flight.came_twice() && last > 0 {
                    self.head(order[last - 1]);
                }
            }
            Progress::Flying(thousandths) => {
                let at = last * thousandths as usize / 1000;
                self.strokes(&order[..at]);
                self.head(order[at]);
                self.track(&order[at + 1..]);
            }
            Progress::Standing => {
                let at = before.min(last);
                self.strokes(&order[..at]);
                self.glyph(order[at], glyphs.block, Ink::Closing);
            }
            Progress::Lost => {
                let at = (before + STUMP).min(last);
                self.strokes(&order[..at]);
                self.glyph(order[at], glyphs.broken, Ink::Broken);
            }
        }
    }

    fn strokes(&mut self, cells: &[usize]) {
        for cell in cells {
            self.glyph(*cell, self.skin.glyphs.rule, self.ink);
        }
    }

    /// The way that lies ahead.
    fn track(&mut self, cells: &[usize]) {
        for cell in cells {
            self.glyph(*cell, self.skin.glyphs.gone, Ink::Dim);
        }
    }

    fn head(&mut self, cell: usize) {
        let head = match self.way {
            Toward::Right => self.skin.glyphs.arrow_right,
            Toward::Left => self.skin.glyphs.arrow_left,
        };
        self.glyph(cell, head, self.ink);
    }

    fn glyph(&mut self, cell: usize, glyph: &str, ink: Ink) {
        self.strip.put(cell, glyph, self.skin.style(ink));
    }

    fn label(&mut self, start: usize, label: &Label) {
        let mut at = start;
        for (text, ink) in label {
            self.strip.put(at, text, self.skin.style(*ink));
            at += crate::ui::widgets::text::width(text);
        }
    }
}
