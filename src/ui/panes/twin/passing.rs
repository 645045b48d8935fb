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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tcp::Seq;
    use crate::ui::panes::story::{PLAIN_ASCII, UTF8};
    use crate::ui::theme::Skin;

    fn passing(flags: Flags, len: u32, thousandths: Option<u32>, rightward: bool) -> Passing {
        let segment = Segment {
            flags,
            seq: Seq(1),
            ack: Seq(1),
            len,
            win: 0,
        };
        Passing {
            rightward,
            segment,
            thousandths,
        }
    }

    fn drawn(passing: &[Passing], flow: Flow, width: usize, skin: Skin) -> String {
        let mut canvas = Canvas::new(flow, width, skin);
        for (at, p) in places(passing, flow, width) {
            draw(&mut canvas, at, &p);
        }
        canvas.spans().iter().map(|s| s.content.as_ref()).collect()
    }

    #[test]
    fn a_fin_stands_where_the_wire_says_that_it_is() {
        let fin = |thousandths| passing(Flags::FIN.with(Flags::ACK), 0, thousandths, true);
        let at = |p: Passing| drawn(&[p], Flow::Rightward, 20, UTF8);
        assert_eq!(at(fin(Some(0))), " FIN▶               ");
        assert_eq!(at(fin(Some(500))), "        FIN▶        ");
        assert_eq!(at(fin(Some(1000))), "               FIN▶ ");
        assert_eq!(at(fin(None)), "         FIN‖       ");
        let back = Passing {
            rightward: false,
            ..fin(Some(500))
        };
        assert_eq!(
            drawn(&[back], Flow::Leftward, 20, UTF8),
            "        ◀FIN        "
        );
        assert_eq!(at(back), " ".repeat(20), "it is in the other pipe");
    }

    #[test]
    fn held_segments_stand_one_behind_the_other() {
        let held = |flags, len| passing(flags, len, None, true);
        let queue = [
            held(Flags::ACK.with(Flags::PSH), 100),
            held(Flags::ACK, 0),
            held(Flags::RST, 0),
        ];
        assert_eq!(
            drawn(&queue, Flow::Rightward, 40, PLAIN_ASCII),
            "             RST||||   %%||             "
        );
    }

    proptest! {
        #[test]
        fn whatever_is_on_the_wire_stays_inside_the_pipe(
            width in 0usize..60,
            left: bool,
            segments in prop::collection::vec((0u8..64, 0u32..9, prop::option::of(0u32..3000), any::<bool>()), 0..9),
        ) {
            let segments: Vec<Passing> = segments
                .into_iter()
                .map(|(flags, len, way, right)| passing(Flags::from_octet(flags), len, way, right))
                .collect();
            let flow = if left { Flow::Leftward } else { Flow::Rightward };
            prop_assert_eq!(drawn(&segments, flow, width, UTF8).chars().count(), width);
        }
    }
}
