//! One pipe, drawn in the direction of its flow. Each end's knowledge draws its own half of the way.
//!
//! ```text
//! open           ▶━━━━━━━━━━━━━━━━━━━━━━▶      bytes queued   ▶▒▒▒━━━━━━━━━━━━━━━▒▒▶
//! FIN queued     FIN│▒▒▒▒▒━━━━━━━━━━━━━━▶      FIN under way  ■─────────FIN▶━━━━━━━━▶
//! FIN arrived    ■──────────────FIN▒▒▒▒▒▶      EOF read       ■──────────────────────■
//! shut receive   ▶━━━━━━━━━━━━━━━━━━━━━━┤      reset          ━━━━━━━━╳ RST ╳━━━━━━━━
//! gone           ························      not seen       ▶━━━━━━━━━━━━━━━━━━━━━━?
//! ```
//!
//! The same drawn leftwards is the mirror image, letters excepted.

use ratatui::text::Span;

use super::canvas::{Canvas, FIN, Flow, Stroke};
use super::passing::{self, Passing};
use super::scene::{Known, Mouth, Pipe};
use crate::locale::{self, Locale};
use crate::tcp::{Flags, How, RecvHalf, SendHalf};
use crate::ui::theme::{Ink, Skin};

/// The pipe in exactly `width` cells.
pub(super) fn spans(
    pipe: &Pipe,
    flow: Flow,
    width: usize,
    skin: Skin,
    locale: &Locale,
    passing: Option<&[Passing]>,
) -> Vec<Span<'static>> {
    let mut canvas = Canvas::new(flow, width, skin);
    let middle = width / 2;
    let on_the_wire = passing.map_or_else(Vec::new, |p| passing::places(p, flow, width));
    let fin = on_the_wire
        .iter()
        .find(|(_, p)| p.segment.flags.has(Flags::FIN));
    // The pipe behind a FIN is closed, wherever the FIN is.
    strokes(&mut canvas, pipe, fin.map_or(middle, |(at, _)| *at));
    sender(&mut canvas, &pipe.from);
    receiver(&mut canvas, &pipe.to);
    for (at, p) in &on_the_wire {
        passing::draw(&mut canvas, *at, p);
    }
    if passing.is_none() && fin_under_way(pipe) {
        canvas.fin_with_arrow(middle.saturating_sub(2));
    }
    rupture(&mut canvas, pipe, middle, locale);
    canvas.spans()
}

/// Cells for so many bytes: one for each factor of four, so that 1 byte and 1 MiB are both seen. A scale, no measure.
fn queue_cells(bytes: u64, width: usize) -> usize {
    match bytes.checked_ilog(4) {
        None => 0,
        Some(log) => (1 + log as usize).min(width / 4),
    }
}

fn strokes(canvas: &mut Canvas, pipe: &Pipe, middle: usize) {
    let near = sender_stroke(pipe);
    let far = receiver_stroke(pipe, near);
    for at in 0..canvas.width {
        canvas.stroke(at, if at < middle { near } else { far });
    }
}

fn sender_stroke(pipe: &Pipe) -> Stroke {
    match pipe.from.half.half() {
        _ if pipe.from.opening => Stroke::Absent,
        Some(SendHalf::Open | SendHalf::FinQueued { .. }) => Stroke::Flowing,
        Some(SendHalf::FinSent | SendHalf::FinAcked) => Stroke::Ended,
        Some(SendHalf::Reset) => Stroke::Broken,
        Some(SendHalf::Gone) => Stroke::Absent,
        None => match pipe.to.half.half() {
            Some(RecvHalf::Reset | RecvHalf::Gone) => Stroke::Absent,
            Some(_) | None => Stroke::Faint,
        },
    }
}

fn receiver_stroke(pipe: &Pipe, near: Stroke) -> Stroke {
    match pipe.to.half.half() {
        _ if pipe.to.opening => Stroke::Absent,
        // The receiver's kernel has acknowledged the FIN: it has it, even if its last reading is older.
        Some(RecvHalf::Open | RecvHalf::Shut)
            if pipe.from.half == Known::Said(SendHalf::FinAcked) =>
        {
            Stroke::Ended
        }
        Some(RecvHalf::Open | RecvHalf::Shut) => Stroke::Flowing,
        Some(RecvHalf::FinReceived { .. } | RecvHalf::EofRead) => Stroke::Ended,
        Some(RecvHalf::Reset) => Stroke::Broken,
        Some(RecvHalf::Gone) => Stroke::Absent,
        None => match near {
            Stroke::Flowing | Stroke::Faint => Stroke::Faint,
            // Ahead of a FIN that is under way the pipe is as it was.
            Stroke::Ended if fin_under_way(pipe) => Stroke::Faint,
            Stroke::Ended => Stroke::Ended,
            Stroke::Broken | Stroke::Absent => Stroke::Absent,
        },
    }
}

/// The FIN was sent, no ACK came, and no reading of the other end shows it there.
fn fin_under_way(pipe: &Pipe) -> bool {
    pipe.from.half == Known::Said(SendHalf::FinSent)
        && matches!(
            pipe.to.half.half(),
            None | Some(RecvHalf::Open | RecvHalf::Shut)
        )
}

fn sender(canvas: &mut Canvas, mouth: &Mouth<SendHalf>) {
    let cells = queue_cells(mouth.queued, canvas.width);
    let ink = |known: Ink| {
        if matches!(mouth.half, Known::Follows(_)) {
            Ink::Inferred
        } else {
            known
        }
    };
    match mouth.half.half() {
        _ if mouth.opening => {}
        Some(SendHalf::Open) => {
            canvas.arrow(0, Ink::Open);
            canvas.queue(1, cells, Ink::Open);
        }
        Some(SendHalf::FinQueued { ahead }) => {
            canvas.text(0, FIN, Ink::Fin);
            canvas.glyph(3, canvas.skin.glyphs.wall, Ink::Closing);
            canvas.queue(4, cells.max(queue_cells(ahead, canvas.width)), Ink::Closing);
        }
        Some(SendHalf::FinSent) => canvas.glyph(0, canvas.skin.glyphs.block, ink(Ink::Closing)),
        Some(SendHalf::FinAcked) => canvas.glyph(0, canvas.skin.glyphs.block, ink(Ink::Closed)),
        Some(SendHalf::Reset | SendHalf::Gone) => {}
        None => canvas.glyph(0, "?", Ink::Dim),
    }
}

fn receiver(canvas: &mut Canvas, mouth: &Mouth<RecvHalf>) {
    let Some(last) = canvas.width.checked_sub(1) else {
        return;
    };
    let cells = queue_cells(mouth.queued, canvas.width);
    let first = last.saturating_sub(cells);
    match mouth.half.half() {
        _ if mouth.opening => {}
        Some(RecvHalf::Open) => {
            canvas.queue(first, cells, Ink::Open);
            canvas.arrow(last, Ink::Open);
        }
        Some(RecvHalf::Shut) => {
            canvas.queue(first, cells, Ink::Open);
            canvas.shut(last);
        }
        Some(RecvHalf::FinReceived { shut }) => {
            canvas.queue(first, cells, Ink::Closing);
            match mouth.half {
                Known::Follows(_) => {
                    canvas.text(first.saturating_sub(FIN.len()), FIN, Ink::Inferred)
                }
                Known::Said(_) | Known::NotSeen => {
                    canvas.text(first.saturating_sub(FIN.len()), FIN, Ink::Fin)
                }
            }
            match (mouth.half, shut) {
                (Known::Follows(_), _) => canvas.glyph(last, "?", Ink::Dim),
                (_, true) => canvas.shut(last),
                (_, false) => canvas.arrow(last, Ink::Closing),
            }
        }
        Some(RecvHalf::EofRead) => canvas.glyph(last, canvas.skin.glyphs.block, Ink::Closed),
        Some(RecvHalf::Reset | RecvHalf::Gone) => {}
        None => canvas.glyph(last, "?", Ink::Dim),
    }
}

/// The gap of a broken pipe, with its cause: a cross at each side that knows of the break.
fn rupture(canvas: &mut Canvas, pipe: &Pipe, middle: usize, locale: &Locale) {
    let near = broken(
        pipe.from.half == Known::Said(SendHalf::Reset),
        pipe.from.how,
    );
    let far = broken(pipe.to.half == Known::Said(RecvHalf::Reset), pipe.to.how);
    if !near && !far {
        return;
    }
    let word = match pipe.from.how.or(pipe.to.how) {
        Some(How::Rst) => locale.say(locale::Pipe::BreakRst).into_owned(),
        Some(How::Timeout) => locale.say(locale::Pipe::BreakTimeout).into_owned(),
        Some(How::Refused) => locale.say(locale::Pipe::BreakRefused).into_owned(),
        Some(How::Fin | How::Forgotten) | None => String::new(),
    };
    let label = match word.as_str() {
        word if !word.is_empty() && word.len() + 8 <= canvas.width => format!(" {word} "),
        _ => " ".to_owned(),
    };
    let start = middle.saturating_sub(label.len() / 2);
    canvas.text(start, &label, Ink::Broken);
    if near && let Some(at) = start.checked_sub(1) {
        canvas.glyph(at, canvas.skin.glyphs.broken, Ink::Broken);
    }
    if far {
        canvas.glyph(start + label.len(), canvas.skin.glyphs.broken, Ink::Broken);
    }
}

/// This end knows that the connection broke: its half says so, or did before the kernel forgot it.
fn broken(reset: bool, how: Option<How>) -> bool {
    reset || matches!(how, Some(How::Rst | How::Timeout | How::Refused))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ui::theme::{ASCII, Theme, UNICODE};

    fn mouth<H>(half: Known<H>, queued: u64) -> Mouth<H> {
        Mouth {
            half,
            queued,
            opening: false,
            how: None,
            since: None,
        }
    }

    fn picture(
        from: Mouth<SendHalf>,
        to: Mouth<RecvHalf>,
        flow: Flow,
        width: usize,
        ascii: bool,
    ) -> String {
        let glyphs = if ascii { &ASCII } else { &UNICODE };
        let skin = Skin {
            theme: Theme::Plain,
            glyphs,
        };
        let spans = spans(
            &Pipe { from, to },
            flow,
            width,
            skin,
            &Locale::english(),
            None,
        );
        spans.iter().map(|s| s.content.as_ref()).collect()
    }

    /// Rightward, leftward, ASCII.
    fn three(from: Mouth<SendHalf>, to: Mouth<RecvHalf>) -> [String; 3] {
        [
            picture(from, to, Flow::Rightward, 24, false),
            picture(from, to, Flow::Leftward, 24, false),
            picture(from, to, Flow::Rightward, 24, true),
        ]
    }

    #[test]
    fn every_shape() {
        use Known::{Follows, NotSeen, Said};
        let open = mouth(Said(SendHalf::Open), 0);
        let reads = mouth(Said(RecvHalf::Open), 0);
        let cases = [
            (
                open,
                reads,
                [
                    "▶━━━━━━━━━━━━━━━━━━━━━━▶",
                    "◀━━━━━━━━━━━━━━━━━━━━━━◀",
                    ">======================>",
                ],
            ),
            (
                mouth(Said(SendHalf::Open), 20),
                mouth(Said(RecvHalf::Open), 4),
                [
                    "▶▒▒▒━━━━━━━━━━━━━━━━━▒▒▶",
                    "◀▒▒━━━━━━━━━━━━━━━━━▒▒▒◀",
                    ">%%%=================%%>",
                ],
            ),
            (
                mouth(Said(SendHalf::FinQueued { ahead: 40960 }), 40960),
                reads,
                [
                    "FIN│▒▒▒▒▒▒━━━━━━━━━━━━━▶",
                    "◀━━━━━━━━━━━━━▒▒▒▒▒▒│FIN",
                    "FIN|%%%%%%=============>",
                ],
            ),
            (
                mouth(Said(SendHalf::FinSent), 0),
                reads,
                [
                    "■─────────FIN▶━━━━━━━━━▶",
                    "◀━━━━━━━━━◀FIN─────────■",
                    "#---------FIN>=========>",
                ],
            ),
            (
                mouth(Said(SendHalf::FinSent), 0),
                mouth(Said(RecvHalf::FinReceived { shut: false }), 6),
                [
                    "■─────────────────FIN▒▒▶",
                    "◀▒▒FIN─────────────────■",
                    "#-----------------FIN%%>",
                ],
            ),
            (
                mouth(Said(SendHalf::FinAcked), 0),
                mouth(Said(RecvHalf::EofRead), 0),
                [
                    "■──────────────────────■",
                    "■──────────────────────■",
                    "#----------------------#",
                ],
            ),
            (
                open,
                mouth(Said(RecvHalf::Shut), 0),
                [
                    "▶━━━━━━━━━━━━━━━━━━━━━━┤",
                    "├━━━━━━━━━━━━━━━━━━━━━━◀",
                    ">======================|",
                ],
            ),
            (
                open,
                mouth(Said(RecvHalf::Gone), 0),
                [
                    "▶━━━━━━━━━━━············",
                    "············━━━━━━━━━━━◀",
                    ">===========............",
                ],
            ),
            (
                open,
                mouth(NotSeen, 0),
                [
                    "▶━━━━━━━━━━━━━━━━━━━━━━?",
                    "?━━━━━━━━━━━━━━━━━━━━━━◀",
                    ">======================?",
                ],
            ),
            (
                mouth(Said(SendHalf::FinAcked), 0),
                mouth(Follows(RecvHalf::FinReceived { shut: false }), 0),
                [
                    "■───────────────────FIN?",
                    "?FIN───────────────────■",
                    "#-------------------FIN?",
                ],
            ),
            (
                mouth(Follows(SendHalf::FinSent), 0),
                mouth(Said(RecvHalf::EofRead), 0),
                [
                    "■──────────────────────■",
                    "■──────────────────────■",
                    "#----------------------#",
                ],
            ),
        ];
        for (from, to, pictures) in cases {
            assert_eq!(three(from, to), pictures, "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_break_shows_who_knows_of_it() {
        let rst = Some(How::Rst);
        let from = Mouth {
            how: rst,
            ..mouth(Known::Said(SendHalf::Reset), 0)
        };
        let to = Mouth {
            how: rst,
            ..mouth(Known::Said(RecvHalf::Reset), 0)
        };
        assert_eq!(
            three(from, to),
            [
                "━━━━━━━━━╳ RST ╳━━━━━━━━",
                "━━━━━━━━╳ RST ╳━━━━━━━━━",
                "=========X RST X========"
            ]
        );
        // The RST has not arrived, or was lost: the other end still believes in the connection.
        let unaware = mouth(Known::Said(RecvHalf::Open), 0);
        assert_eq!(three(from, unaware)[0], "━━━━━━━━━╳ RST ━━━━━━━━▶");
        let forgotten = Mouth {
            how: rst,
            ..mouth(Known::Said(SendHalf::Gone), 0)
        };
        assert_eq!(three(forgotten, to)[0], "·········╳ RST ╳━━━━━━━━");
    }

    fn any_send() -> impl Strategy<Value = Known<SendHalf>> {
        prop_oneof![
            Just(Known::NotSeen),
            Just(Known::Follows(SendHalf::FinSent)),
            any::<u64>().prop_map(|ahead| Known::Said(SendHalf::FinQueued { ahead })),
            proptest::sample::select(vec![
                Known::Said(SendHalf::Open),
                Known::Said(SendHalf::FinSent),
                Known::Said(SendHalf::FinAcked),
                Known::Said(SendHalf::Reset),
                Known::Said(SendHalf::Gone),
            ]),
        ]
    }

    fn any_receive() -> impl Strategy<Value = Known<RecvHalf>> {
        proptest::sample::select(vec![
            Known::NotSeen,
            Known::Said(RecvHalf::Open),
            Known::Said(RecvHalf::Shut),
            Known::Said(RecvHalf::FinReceived { shut: true }),
            Known::Follows(RecvHalf::FinReceived { shut: false }),
            Known::Said(RecvHalf::EofRead),
            Known::Said(RecvHalf::Reset),
            Known::Said(RecvHalf::Gone),
        ])
    }

    proptest! {
        #[test]
        fn a_pipe_fills_its_width(
            (send, receive) in (any_send(), any_receive()),
            (queued, unread) in (any::<u64>(), any::<u64>()),
            width in 0usize..60,
            left: bool,
            ascii: bool,
        ) {
            let flow = if left { Flow::Leftward } else { Flow::Rightward };
            let how = Some(How::Timeout);
            let from = Mouth { how, ..mouth(send, queued) };
            let drawn = picture(from, mouth(receive, unread), flow, width, ascii);
            prop_assert_eq!(drawn.chars().count(), width);
        }
    }
}
