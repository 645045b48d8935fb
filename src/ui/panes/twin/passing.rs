//! Segments between the mouths, where the wire says where they are.

use super::canvas::{Canvas, Flow};
use crate::tcp::{Flags, Segment};
use crate::ui::theme::Ink;

/// A segment that is held or under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing {
    pub rightward: bool,
    pub segment: Segment,
    /// How much of its way it has come; `None`: it is held.
    pub thousandths: Option<u32>,
}

/// Where the oldest held segment stands, in thousandths of the way, and how far behind it the next one does.
const HELD: usize = 600;
const BEHIND: usize = 120;

/// The segments of one pipe with their cells, counted from the sender.
pub(super) fn places(passing: &[Passing], flow: Flow, width: usize) -> Vec<(usize, Passing)> {
    let rightward = flow == Flow::Rightward;
    let mut held = 0;
    passing
        .iter()
        .filter(|p| p.rightward == rightward)
        .map(|p| {
            let way = match p.thousandths {
                Some(way) => way as usize,
                None => {
                    held += 1;
                    HELD.saturating_sub((held - 1) * BEHIND)
                }
            };
            // The mouths stay visible.
            let room = width.saturating_sub(name(p).chars().count() + 3);
            (1 + room * way.min(1000) / 1000, *p)
        })
        .collect()
}

fn name(p: &Passing) -> &'static str {
    let has = |flag| p.segment.flags.has(flag);
    if has(Flags::RST) {
        "RST"
    } else if has(Flags::FIN) {
        "FIN"
    } else if has(Flags::SYN) {
        "SYN"
    } else {
        ""
    }
}

/// Draws one segment; a bare ACK is an arrow, data is what stands in the queues.
pub(super) fn draw(canvas: &mut Canvas, at: usize, p: &Passing) {
    let glyphs = canvas.skin.glyphs;
    let name = name(p);
    let ink = match name {
        "RST" => Ink::Broken,
        "FIN" => Ink::Fin,
        "SYN" => Ink::Open,
        _ => Ink::Wire,
    };
    let length = if !name.is_empty() {
        canvas.text(at, name, ink);
        name.len()
    } else if p.segment.len > 0 {
        canvas.queue(at, 2, ink);
        2
    } else {
        0
    };
    match p.thousandths {
        Some(_) => canvas.arrow(at + length, ink),
        None => canvas.text(at + length, glyphs.holding, Ink::Closing),
    }
}
