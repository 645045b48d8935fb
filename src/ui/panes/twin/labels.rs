//! One pipe with its two labels: the direction at the edge, the word of each half at its mouth.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::canvas::Flow;
use super::end;
use super::pipe;
use super::scene::{Known, Mouth, Pipe};
use super::view::View;
use crate::journal::Micros;
use crate::locale::{Locale, Pipe as Words};
use crate::tcp::{RecvHalf, SendHalf};
use crate::ui::theme::Ink;

/// What stands at both sides of a pipe.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Labels {
    /// The direction and the word of the half.
    Full,
    /// The word of the half.
    Words,
    /// The room of `Full`, empty: the outer lines of a thick pipe.
    Blank,
}

/// `send    FIN acked ■────────■ EOF read     receive`, or without the directions.
pub(super) fn pipe_line(
    pipe: &Pipe,
    flow: Flow,
    view: &View<'_>,
    width: usize,
    labels: Labels,
) -> Line<'static> {
    let (from, to) = (Label::sender(&pipe.from), Label::receiver(&pipe.to));
    let (left, left_word, right, right_word) = match flow {
        Flow::Rightward => (from, Words::Sends, to, Words::Receives),
        Flow::Leftward => (to, Words::Receives, from, Words::Sends),
    };
    let columns = Columns::of(view.locale, labels != Labels::Words);
    let margin = " ".repeat(columns.width() + 2 + 1);
    let cells = width.saturating_sub(2 * margin.len());
    let drawn = pipe::spans(
        pipe,
        flow,
        cells,
        view.skin,
        view.locale,
        view.passing.as_deref(),
    );
    if labels == Labels::Blank {
        return Line::from_iter(std::iter::once(Span::raw(margin)).chain(drawn));
    }
    let mut spans = vec![Span::raw("  ")];
    spans.extend(columns.left(left_word, left.span(view), view));
    spans.extend(drawn);
    spans.extend(columns.right(right_word, right.span(view), view));
    Line::from(spans)
}

/// The columns at both sides of the pipes: as wide as their widest word, so that no pipe ever moves.
struct Columns {
    direction: usize,
    word: usize,
}

impl Columns {
    fn of(locale: &Locale, directions: bool) -> Columns {
        const WORDS: [Words; 11] = [
            Words::Open,
            Words::Opening,
            Words::FinQueued,
            Words::FinSent,
            Words::FinAcked,
            Words::FinReceived,
            Words::EofRead,
            Words::Shut,
            Words::Reset,
            Words::Gone,
            Words::NotSeen,
        ];
        let widest = |words: &[Words]| {
            words
                .iter()
                .map(|w| locale.say(*w).width())
                .max()
                .unwrap_or(0)
        };
        Columns {
            direction: if directions {
                widest(&[Words::Sends, Words::Receives]) + 1
            } else {
                0
            },
            // One cell more for the mark of an inference.
            word: widest(&WORDS) + 1,
        }
    }

    fn width(&self) -> usize {
        self.direction + self.word
    }

    fn left(&self, direction: Words, word: Span<'static>, view: &View<'_>) -> Vec<Span<'static>> {
        let pad = " ".repeat(self.word.saturating_sub(word.content.width()));
        vec![
            self.direction(direction, view, false),
            Span::raw(pad),
            word,
            Span::raw(" "),
        ]
    }

    fn right(&self, direction: Words, word: Span<'static>, view: &View<'_>) -> Vec<Span<'static>> {
        let pad = " ".repeat(self.word.saturating_sub(word.content.width()));
        vec![
            Span::raw(" "),
            word,
            Span::raw(pad),
            self.direction(direction, view, true),
        ]
    }

    fn direction(&self, word: Words, view: &View<'_>, right: bool) -> Span<'static> {
        if self.direction == 0 {
            return Span::raw("");
        }
        let text = view.locale.say(word);
        let pad = " ".repeat(self.direction.saturating_sub(text.width()));
        let text = if right {
            format!("{pad}{text}")
        } else {
            format!("{text}{pad}")
        };
        Span::styled(text, view.skin.style(Ink::Dim))
    }
}

/// The word of a half, and how it is drawn.
pub(super) struct Label {
    word: Words,
    ink: Ink,
    inferred: bool,
    since: Option<Micros>,
}

impl Label {
    pub fn sender(mouth: &Mouth<SendHalf>) -> Label {
        let (word, ink) = match mouth.half.half() {
            Some(SendHalf::Open) if mouth.opening => (Words::Opening, Ink::Dim),
            Some(SendHalf::Open) => (Words::Open, Ink::Open),
            Some(SendHalf::FinQueued { .. }) => (Words::FinQueued, Ink::Closing),
            Some(SendHalf::FinSent) => (Words::FinSent, Ink::Closing),
            Some(SendHalf::FinAcked) => (Words::FinAcked, Ink::Closed),
            Some(SendHalf::Reset) => (Words::Reset, Ink::Broken),
            Some(SendHalf::Gone) => (Words::Gone, Ink::Dim),
            None => (Words::NotSeen, Ink::Dim),
        };
        Label::new(
            word,
            ink,
            matches!(mouth.half, Known::Follows(_)),
            mouth.since,
        )
    }

    pub fn receiver(mouth: &Mouth<RecvHalf>) -> Label {
        let (word, ink) = match mouth.half.half() {
            Some(RecvHalf::Open) if mouth.opening => (Words::Opening, Ink::Dim),
            Some(RecvHalf::Open) => (Words::Open, Ink::Open),
            Some(RecvHalf::Shut) => (Words::Shut, Ink::Closing),
            Some(RecvHalf::FinReceived { .. }) => (Words::FinReceived, Ink::Closing),
            Some(RecvHalf::EofRead) => (Words::EofRead, Ink::Closed),
            Some(RecvHalf::Reset) => (Words::Reset, Ink::Broken),
            Some(RecvHalf::Gone) => (Words::Gone, Ink::Dim),
            None => (Words::NotSeen, Ink::Dim),
        };
        Label::new(
            word,
            ink,
            matches!(mouth.half, Known::Follows(_)),
            mouth.since,
        )
    }

    fn new(word: Words, ink: Ink, inferred: bool, since: Option<Micros>) -> Label {
        let ink = if inferred { Ink::Inferred } else { ink };
        Label {
            word,
            ink,
            inferred,
            since,
        }
    }

    pub fn span(&self, view: &View<'_>) -> Span<'static> {
        let mark = if self.inferred {
            view.skin.glyphs.inferred
        } else {
            ""
        };
        let style = view.skin.style(Ink::Title).patch(view.skin.style(self.ink));
        let style = if self.ink == Ink::Dim || self.inferred {
            view.skin.style(self.ink)
        } else {
            style
        };
        Span::styled(
            format!("{mark}{}", view.locale.say(self.word)),
            end::glowing(style, self.since, view.now, view.skin),
        )
    }
}
