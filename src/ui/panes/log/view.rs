//! The pane itself: which lines are visible, and the columns they stand in.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::line::{LogLine, is_line, line};
use crate::journal::{EndpointId, Event, Micros, Window, World};
use crate::locale::{Lane, Locale};
use crate::ui::panes::line::{fit, grouped, put, title};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible::{self, cut};

/// What the pane is drawn from.
pub struct View<'a> {
    /// The journal's window, oldest first.
    pub events: &'a Window,
    /// Events that were before the window and have left the memory.
    pub dropped: u64,
    /// Lines about this endpoint alone.
    pub only: Option<EndpointId>,
    /// Lines between the last visible one and the end; 0 follows the end.
    pub offset_from_end: usize,
    /// The number of the event whose line is selected.
    pub selected: Option<u64>,
    /// Why there is no wire lane.
    pub wire: Option<&'a str>,
    /// The moment from which the age of a line counts.
    pub now: Micros,
    pub skin: Skin,
    pub locale: &'a Locale,
    pub world: &'a World,
}

/// Draws the pane: a title, then the lines, the newest at the bottom.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    let width = usize::from(area.width);
    let columns = Columns::of(width);
    let mut lines = vec![heading(view, width)];
    let body = usize::from(area.height).saturating_sub(1);
    let visible = visible(view, body);
    if visible.older {
        lines.push(older(view, width));
    }
    for event in visible.events.iter().rev() {
        let drawn = columns.line(view, event, &line(view, event), width);
        lines.push(drawn);
    }
    put(frame.buffer_mut(), area, lines);
    mark_selected(frame, area, view, &visible);
}

/// The event whose line stands at this row of the area, for the mouse.
pub fn event_at(area: Rect, row: u16, view: &View<'_>) -> Option<u64> {
    let visible = visible(view, usize::from(area.height).saturating_sub(1));
    let first = area.y + 1 + u16::from(visible.older);
    let at = usize::from(row.checked_sub(first)?);
    visible.events.iter().rev().nth(at).map(|event| event.n)
}

/// The lines that fit: events, newest first.
struct Visible<'a> {
    events: Vec<&'a Event>,
    /// The line that says that older events have left stands above them.
    older: bool,
}

fn visible<'a>(view: &View<'a>, body: usize) -> Visible<'a> {
    let mut from_end = view
        .events
        .iter()
        .rev()
        .filter(|event| is_line(event, view.only))
        .skip(view.offset_from_end);
    let mut events: Vec<_> = from_end.by_ref().take(body).collect();
    let at_top = from_end.next().is_none();
    let older = view.dropped > 0 && at_top && body > 0;
    // At the top the oldest line makes room for the sentence, unless there is room left.
    if older && events.len() == body && view.offset_from_end == 0 {
        events.pop();
    } else if older && events.len() == body {
        events.remove(0);
    }
    Visible { events, older }
}

fn heading(view: &View<'_>, width: usize) -> Line<'static> {
    let locale = view.locale;
    let text = match view.only.and_then(|id| view.world.get(id)) {
        Some(e) => {
            let name = visible::text(&e.name, view.skin.glyphs.ascii).into_owned();
            locale.with(Lane::TitleOf, &[("name", name.into())])
        }
        None => locale.say(Lane::Title).into_owned(),
    };
    let wire = view
        .wire
        .map(|why| visible::text(why, view.skin.glyphs.ascii).into_owned());
    let right = wire
        .map(|why| locale.with(Lane::NoWire, &[("why", why.into())]))
        .unwrap_or_default();
    title(&text, &right, width, view.skin)
}

fn older(view: &View<'_>, width: usize) -> Line<'static> {
    let text = view
        .locale
        .with(Lane::OlderLeft, &[("count", grouped(view.dropped).into())]);
    let span = Span::styled(format!("  {text}"), view.skin.style(Ink::Dim));
    Line::from(fit(vec![span], width, view.skin))
}

fn mark_selected(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, visible: &Visible<'_>) {
    let Some(selected) = view.selected else {
        return;
    };
    let Some(at) = visible
        .events
        .iter()
        .rev()
        .position(|event| event.n == selected)
    else {
        return;
    };
    let row = 1 + usize::from(visible.older) + at;
    if let Ok(row) = u16::try_from(row)
        && row < area.height
    {
        let line = Rect {
            y: area.y + row,
            height: 1,
            ..area
        };
        let line = line.intersection(*frame.buffer_mut().area());
        frame
            .buffer_mut()
            .set_style(line, view.skin.style(Ink::Selected));
    }
}

/// Columns that keep their place from line to line: clock, who, lane, text, remark.
struct Columns {
    clock: usize,
    who: usize,
    lane: usize,
    /// `None`: the remark follows the text.
    text: Option<usize>,
}

impl Columns {
    fn of(width: usize) -> Columns {
        match width {
            110.. => Columns {
                clock: 9,
                who: 14,
                lane: 7,
                text: Some(40),
            },
            90.. => Columns {
                clock: 9,
                who: 12,
                lane: 7,
                text: Some(34),
            },
            60.. => Columns {
                clock: 9,
                who: 10,
                lane: 7,
                text: None,
            },
            _ => Columns {
                clock: 8,
                who: 8,
                lane: 0,
                text: None,
            },
        }
    }

    fn line(&self, view: &View<'_>, event: &Event, said: &LogLine, width: usize) -> Line<'static> {
        let skin = view.skin;
        let glyphs = skin.glyphs;
        let name = event
            .who
            .as_ref()
            .map(|w| visible::text(&w.name, glyphs.ascii));
        let name = name.as_deref().unwrap_or_default();
        let mut spans = vec![
            Span::styled(
                format!("{:>1$}", clock(event.at), self.clock),
                skin.style(age(event.at, view.now)),
            ),
            Span::raw("  "),
            Span::raw(column(name, self.who, glyphs.ellipsis)),
            Span::raw(" "),
        ];
        if self.lane > 0 {
            let lane = column(&view.locale.say(said.lane), self.lane, glyphs.ellipsis);
            spans.extend([
                Span::styled(lane, skin.style(said.lane_ink)),
                Span::raw(" "),
            ]);
        }
        let remark = Span::styled(said.remark.clone(), skin.style(said.remark_ink));
        match self.text {
            // A long text takes the room of its remark, and the remark follows it.
            Some(room) if said.text.width() <= room && !said.remark.is_empty() => {
                spans.push(Span::styled(said.text.clone(), skin.style(said.ink)));
                spans.push(Span::raw(" ".repeat(room - said.text.width() + 1)));
                spans.push(remark);
            }
            Some(_) | None => {
                spans.push(Span::styled(said.text.clone(), skin.style(said.ink)));
                if !said.remark.is_empty() {
                    spans.extend([Span::raw("  "), remark]);
                }
            }
        }
        Line::from(fit(spans, width, skin))
    }
}

fn column(text: &str, width: usize, ellipsis: &str) -> String {
    let text = cut(text, width, ellipsis);
    let pad = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(pad))
}

/// What happened within the last second stands out by its clock.
fn age(at: Micros, now: Micros) -> Ink {
    if now.0.saturating_sub(at.0) < 1_000_000 {
        Ink::Title
    } else {
        Ink::Dim
    }
}

/// Seconds and milliseconds since the journal began.
fn clock(at: Micros) -> String {
    format!("{}.{:03}", at.0 / 1_000_000, at.0 % 1_000_000 / 1000)
}
