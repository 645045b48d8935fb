//! The pane itself: a title, what has left the memory, and the rows that fit.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::rows::{DataRow, HEX_ROW, hex, text};
use super::streams::Streams;
use crate::journal::{EndpointId, World};
use crate::locale::{Locale, Pipe};
use crate::tcp::Direction;
use crate::ui::panes::line::{fit, grouped, put, title};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible::{self, Piece, cut};

/// How bytes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    #[default]
    Text,
    Hex,
}

/// What the pane is drawn from.
pub struct View<'a> {
    pub streams: &'a Streams,
    /// The selected endpoint.
    pub this: EndpointId,
    /// The end it talks to, where that is visible.
    pub facing: Option<EndpointId>,
    pub mode: Mode,
    /// Rows above the first visible one.
    pub scroll: usize,
    pub skin: Skin,
    pub locale: &'a Locale,
    pub world: &'a World,
}

/// A hexadecimal row without its margin: offset, digits, letters.
const HEX_WIDTH: usize = 8 + 2 + 3 * HEX_ROW + 2 + HEX_ROW;

/// The column in which the writer's name stands.
const NAME: usize = 10;

/// Lines that the pane would show at this width if it had room for all, its title left out.
pub fn lines(view: &View<'_>, width: u16) -> usize {
    left(view).len() + body(usize::from(width), view).len()
}

/// Draws the pane. A scroll beyond the end shows the end.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    let width = usize::from(area.width);
    let height = usize::from(area.height);
    let body = body(width, view);
    let mut lines = vec![heading(view, width)];
    let left = left(view);
    let all = left.len() + body.len();
    let start = view
        .scroll
        .min(all.saturating_sub(height.saturating_sub(1)));
    if all == 0 {
        let none = format!("  {}", view.locale.say(Pipe::DataNone));
        lines.push(Line::styled(none, view.skin.style(Ink::Dim)));
    }
    lines.extend(
        left.iter()
            .map(|text| Line::styled(format!("  {text}"), view.skin.style(Ink::Dim)))
            .chain(body.iter().map(|row| row_line(row, view, width)))
            .skip(start)
            .take(height),
    );
    put(frame.buffer_mut(), area, lines);
}

/// Cells left for text beside name and arrow.
fn text_width(width: usize) -> usize {
    width.saturating_sub(2 + NAME + 4).max(1)
}

fn body(width: usize, view: &View<'_>) -> Vec<DataRow> {
    let Some(stream) = view.streams.of(view.this) else {
        return Vec::new();
    };
    match view.mode {
        Mode::Text => text(stream, text_width(width), view.skin.glyphs.ascii),
        Mode::Hex => hex(stream),
    }
}

/// One sentence for each direction of which the oldest bytes are gone.
fn left(view: &View<'_>) -> Vec<String> {
    let Some(stream) = view.streams.of(view.this) else {
        return Vec::new();
    };
    [
        (Direction::Send, stream.sent.left),
        (Direction::Receive, stream.received.left),
    ]
    .into_iter()
    .filter(|(_, bytes)| *bytes > 0)
    .map(|(direction, bytes)| {
        let args = [
            ("name", writer(direction, view).into()),
            ("bytes", grouped(bytes).into()),
        ];
        view.locale.with(Pipe::DataLeft, &args)
    })
    .collect()
}

fn heading(view: &View<'_>, width: usize) -> Line<'static> {
    let mode = match view.mode {
        Mode::Text => Pipe::DataText,
        Mode::Hex => Pipe::DataHex,
    };
    let glyphs = view.skin.glyphs;
    let text = view
        .locale
        .with(Pipe::DataTitle, &[("name", name(view.this, view).into())]);
    let (sent, received) = (
        writer(Direction::Send, view),
        writer(Direction::Receive, view),
    );
    let legend = format!(
        "{} {sent}  {} {received}",
        glyphs.arrow_right, glyphs.arrow_left
    );
    let mode = view.locale.say(mode);
    title(
        &text,
        &format!("{legend} {} {mode}", glyphs.rule),
        width,
        view.skin,
    )
}

fn name(id: EndpointId, view: &View<'_>) -> String {
    let name = view
        .world
        .get(id)
        .map(|e| visible::text(&e.name, view.skin.glyphs.ascii).into_owned());
    name.unwrap_or_else(|| view.locale.say(Pipe::Peer).into_owned())
}

/// Who wrote the bytes of a direction: what this end sent is its own word, what it received the peer's.
fn writer(direction: Direction, view: &View<'_>) -> String {
    match (direction, view.facing) {
        (Direction::Send, _) => name(view.this, view),
        (Direction::Receive, Some(peer)) => name(peer, view),
        (Direction::Receive, None) => view.locale.say(Pipe::Peer).into_owned(),
    }
}

/// `  client ▶  `, with the name on the first row of a turn only.
fn margin(direction: Direction, first: bool, view: &View<'_>) -> Vec<Span<'static>> {
    let glyphs = view.skin.glyphs;
    let name = if first {
        writer(direction, view)
    } else {
        String::new()
    };
    let name = cut(&name, NAME, glyphs.ellipsis);
    let pad = " ".repeat(NAME.saturating_sub(name.width()));
    // The direction's colour is that of what happened to this end: sent by a call, or come over the wire.
    let (arrow, ink) = match direction {
        Direction::Send => (glyphs.arrow_right, Ink::App),
        Direction::Receive => (glyphs.arrow_left, Ink::Wire),
    };
    let style = view.skin.style(ink);
    vec![
        Span::styled(format!("  {pad}{name}  "), style),
        Span::styled(format!("{arrow} "), style),
    ]
}

fn row_line(row: &DataRow, view: &View<'_>, width: usize) -> Line<'static> {
    let skin = view.skin;
    let spans = match row {
        DataRow::Gap { direction, bytes } => {
            let text = view
                .locale
                .with(Pipe::DataGap, &[("bytes", grouped(*bytes).into())]);
            let mut spans = margin(*direction, true, view);
            spans.push(Span::styled(text, skin.style(Ink::Dim)));
            spans
        }
        DataRow::Text {
            direction,
            first,
            pieces,
        } => {
            let mut spans = margin(*direction, *first, view);
            spans.extend(pieces_as_spans(pieces, skin));
            spans
        }
        DataRow::Hex {
            direction,
            first,
            offset,
            bytes,
        } => {
            let mut spans = margin(*direction, *first, view);
            if width < 2 + NAME + 4 + HEX_WIDTH {
                // The name gives way, so that a row of sixteen fits into 80 columns.
                spans.drain(..1);
            }
            spans.push(Span::styled(
                format!("{offset:08x}  "),
                skin.style(Ink::Dim),
            ));
            spans.push(Span::raw(digits(bytes)));
            spans.push(Span::raw("  "));
            spans.push(Span::styled(letters(bytes), skin.style(Ink::Dim)));
            spans
        }
    };
    Line::from(fit(spans, width, skin))
}

/// Symbols are dim, so that a shown `\x1b` differs from one that the peer wrote letter by letter.
fn pieces_as_spans(pieces: &[Piece], skin: Skin) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let (plain, symbol) = (skin.style(Ink::Text), skin.style(Ink::Dim));
    for piece in pieces {
        let (text, style) = match piece {
            Piece::Plain(c) => (c.to_string(), plain),
            Piece::Symbol(s) => (s.clone(), symbol),
        };
        match spans.last_mut() {
            Some(span) if span.style == style => span.content.to_mut().push_str(&text),
            Some(_) | None => spans.push(Span::styled(text, style)),
        }
    }
    spans
}

/// `47 45 54 20 2f 20 48 54  54 50 2f 31 2e 30 0d 0a`
fn digits(bytes: &[u8]) -> String {
    let mut out = String::new();
    for i in 0..HEX_ROW {
        if i > 0 {
            out.push_str(if i == HEX_ROW / 2 { "  " } else { " " });
        }
        match bytes.get(i) {
            Some(byte) => out.push_str(&format!("{byte:02x}")),
            None => out.push_str("  "),
        }
    }
    out
}

/// The printable ASCII of a row, a dot for the rest, as every hex dump has it.
fn letters(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|b| {
            if (b' '..=b'~').contains(b) {
                char::from(*b)
            } else {
                '.'
            }
        })
        .collect()
}
