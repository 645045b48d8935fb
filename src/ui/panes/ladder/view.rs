//! The pane itself: its parts, its title, and the lines that are seen.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as Text, Span};

use super::columns::Columns;
use super::details;
use super::explain::Case;
use super::pair::Side;
use super::row::Place;
use super::rows::Ladder;
use super::window::{Pace, Shown, furthest, window};
use crate::journal::Micros;
use crate::locale::{Lane, Locale, Pipe, Wire};
use crate::ui::panes::line::{fit, grouped, put, title};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;
use crate::ui::widgets::number::lapse;

/// Where a person stands on the ladder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// Lines below the last one that is seen. 0: it follows.
    pub from_end: usize,
    /// The row of the selected segment.
    pub selected: Option<Place>,
    pub pace: Pace,
    /// The whole header of the selected segment.
    pub details: bool,
}

/// What the pane is drawn from.
pub struct View<'a> {
    pub ladder: &'a Ladder,
    pub stand: Stand,
    /// The selected end is the left one.
    pub selected_left: bool,
    /// Why there are no segments.
    pub wire: Option<Cow<'a, str>>,
    /// The moment for which flights and fresh clocks are drawn.
    pub now: Micros,
    pub skin: Skin,
    pub locale: &'a Locale,
}

impl<'a> View<'a> {
    pub(super) fn case(&self) -> Option<Case<'a>> {
        Case::of(self.ladder, self.stand.selected?, self.locale, self.skin)
    }
}

/// From here on the details stand beside the ladder.
const BESIDE: u16 = 110;
const BOX: u16 = 40;
const WIDE_BOX: u16 = 56;
/// From here on the details below the ladder stand in two columns.
const TWO_COLUMNS: u16 = 72;
/// From here on the selected segment is explained below.
const TALL: u16 = 10;
const BELOW: u16 = 3;

/// Microseconds between two steps of a moving segment: slow enough to cost nothing, fast enough to be seen as motion.
const STEP: u64 = 100_000;
/// Segments on the wire that are looked at; more than that is no picture any more.
const MOST: usize = 64;

/// The places of the pane's parts.
struct Parts {
    title: Rect,
    head: Rect,
    lines: Rect,
    /// Explanation or details.
    said: Rect,
    beside: bool,
}

impl Parts {
    fn of(area: Rect, stand: Stand) -> Parts {
        let row = |y: u16, height: u16| Rect {
            y: area.y + y.min(area.height),
            height: height.min(area.height.saturating_sub(y)),
            ..area
        };
        let top = match area.height {
            0..=3 => 1,
            _ => 2,
        };
        let beside = stand.details && area.width >= BESIDE;
        let below = match (area.height, stand.details && !beside) {
            (0..TALL, _) => 0,
            (height, true) => (height / 2).min(14),
            (_, false) if beside => 0,
            (_, false) => BELOW,
        };
        let height = area.height.saturating_sub(top + below);
        let mut parts = Parts {
            title: row(0, 1),
            head: row(1, top - 1),
            lines: row(top, height),
            said: row(top + height, below),
            beside,
        };
        if beside {
            let beside = (area.width / 4).clamp(BOX, WIDE_BOX);
            let width = area.width - beside;
            parts.said = Rect {
                x: area.x + width,
                width: beside,
                ..row(1, area.height.saturating_sub(1))
            };
            parts.lines.width = width;
            parts.head.width = width;
        }
        parts
    }
}

/// The rows that lines may take in an area.
pub fn line_room(area: Rect, stand: Stand) -> usize {
    usize::from(Parts::of(area, stand).lines.height)
}

/// The rows of the screen in an area, from top to bottom.
fn shown(view: &View<'_>, height: usize) -> Vec<Shown> {
    let lines = view.ladder.lines();
    let from_end = view
        .stand
        .from_end
        .min(furthest(lines, height, view.stand.pace));
    window(lines, height, from_end, view.stand.pace)
}

/// The segment whose line stands at this row of the screen, for the mouse.
pub fn segment_at(area: Rect, row: u16, view: &View<'_>) -> Option<Place> {
    let parts = Parts::of(area, view.stand);
    let shown = shown(view, usize::from(parts.lines.height));
    let at = usize::from(row.checked_sub(parts.lines.y)?);
    match shown.get(at)? {
        Shown::Line(index) => {
            let place = view.ladder.lines().get(*index)?.wire?;
            Some(view.ladder.departure(place))
        }
        Shown::Empty | Shown::Pause(_) => None,
    }
}

impl View<'_> {
    /// When a segment that is seen in this area will have moved.
    pub fn next_move(&self, area: Rect) -> Option<Micros> {
        let parts = Parts::of(area, self.stand);
        shown(self, usize::from(parts.lines.height))
            .into_iter()
            .filter_map(|shown| match shown {
                Shown::Line(index) => self.ladder.lines().get(index)?.wire,
                Shown::Empty | Shown::Pause(_) => None,
            })
            .filter_map(|place| self.ladder.flight(place)?.due_after(self.now))
            .map(|due| due.min(Micros(self.now.0 + STEP)))
            .min()
    }
}

impl View<'_> {
    /// When a segment of this connection, seen or not, will have moved.
    pub fn next_move_of_any(&self) -> Option<Micros> {
        self.ladder
            .on_the_wire()
            .take(MOST)
            .filter_map(|(flight, _)| flight.due_after(self.now))
            .map(|due| due.min(Micros(self.now.0 + STEP)))
            .min()
    }
}

/// Draws the pane.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    if area.is_empty() {
        return;
    }
    let parts = Parts::of(area, view.stand);
    let buffer = frame.buffer_mut();
    let columns = Columns::of(usize::from(parts.lines.width));
    put(
        buffer,
        parts.title,
        [heading(view, usize::from(area.width))],
    );
    put(buffer, parts.head, [columns.heads(view)]);
    put(buffer, parts.lines, body(view, &columns, parts.lines));
    let (width, height) = (
        usize::from(parts.said.width),
        usize::from(parts.said.height),
    );
    if !view.stand.details {
        put(buffer, parts.said, details::short(view, width, height));
    } else if parts.beside {
        put(buffer, parts.said, details::full(view, width, 1));
    } else {
        let name = view.locale.say(Wire::FieldNumber);
        let mut lines = vec![title(&name, "", width, view.skin)];
        let columns = if parts.said.width >= TWO_COLUMNS {
            2
        } else {
            1
        };
        lines.extend(details::full(view, width, columns));
        put(buffer, parts.said, lines);
    }
}

fn body(view: &View<'_>, columns: &Columns, area: Rect) -> Vec<Text<'static>> {
    let height = usize::from(area.height);
    let rows = shown(view, height);
    let at_top = rows.first() == Some(&Shown::Line(0));
    let mut lines = Vec::with_capacity(height);
    let mut skip = 0;
    if at_top && view.ladder.left() > 0 {
        // At the top the oldest line makes room for the sentence, unless there is room left.
        skip = usize::from(rows.len() == height);
        let count = grouped(view.ladder.left());
        let text = view
            .locale
            .with(Lane::OlderLeft, &[("count", count.into())]);
        lines.push(dim(view, &text, columns.width));
    }
    lines.extend(rows.into_iter().skip(skip).map(|row| match row {
        Shown::Line(index) => match view.ladder.lines().get(index) {
            Some(line) => columns.line(view, line),
            None => columns.rails(view, None),
        },
        Shown::Empty => columns.rails(view, None),
        Shown::Pause(us) => {
            let text = format!("{} {}", view.skin.glyphs.pause, lapse(us));
            columns.rails(view, Some(&text))
        }
    }));
    if lines.len() < height {
        lines.extend(remark(view).map(|text| dim(view, &text, columns.width)));
    }
    lines
}

/// What is missing, below the last line while there is room.
fn remark(view: &View<'_>) -> Option<String> {
    let glyphs = view.skin.glyphs;
    let has_segments = || view.ladder.lines().iter().rev().any(|l| l.wire.is_some());
    match &view.wire {
        Some(why) if !has_segments() => {
            let why = visible::text(why, glyphs.ascii).into_owned();
            Some(view.locale.with(Wire::NoSegments, &[("why", why.into())]))
        }
        None if view.ladder.lines().is_empty() => Some(view.locale.say(Wire::Nothing).into_owned()),
        Some(_) | None => None,
    }
}

fn dim(view: &View<'_>, text: &str, width: usize) -> Text<'static> {
    let span = Span::styled(format!("  {text}"), view.skin.style(Ink::Dim));
    Text::from(fit(vec![span], width, view.skin))
}

/// The end's name, or the address of one that is not seen.
pub(super) fn name(view: &View<'_>, side: &Side) -> String {
    match (&side.name, side.address) {
        (Some(name), _) => visible::text(name, view.skin.glyphs.ascii).into_owned(),
        (None, Some(address)) => address.to_string(),
        (None, None) => view.locale.say(Pipe::Peer).into_owned(),
    }
}

fn heading(view: &View<'_>, width: usize) -> Text<'static> {
    let pair = view.ladder.pair();
    let args = [
        ("left", name(view, &pair.left).into()),
        ("ways", view.skin.glyphs.both_ways.into()),
        ("right", name(view, &pair.right).into()),
    ];
    let text = view.locale.with(Wire::LadderTitle, &args);
    let mut right: Vec<String> = Vec::new();
    if let Some(why) = &view.wire {
        let why = visible::text(why, view.skin.glyphs.ascii).into_owned();
        right.push(view.locale.with(Lane::NoWire, &[("why", why.into())]));
    }
    if view.stand.pace == Pace::Spread {
        right.push(view.locale.say(Wire::Spread).into_owned());
    }
    if view.stand.from_end > 0 {
        let args = [("count", view.stand.from_end.into())];
        right.push(view.locale.with(Wire::Below, &args));
    }
    title(&text, &right.join(", "), width, view.skin)
}
