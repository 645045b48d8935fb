//! Drawing the list: column heads, then one line for each endpoint that is seen; `!` before those that are stuck.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::cells::{Cell, Known};
use crate::journal::{Endpoint, EndpointId, World};
use crate::locale::Screen;
use crate::ui::census::stuck;
use crate::ui::columns::{MARK, Placed, SHAPE, place};
use crate::ui::layout::{Tile, heads};
use crate::ui::panes::line::{put, title};
use crate::ui::rows::Sort;
use crate::ui::theme::{Ink, Skin};
use crate::ui::widgets::text::{cells, cut_own, put as put_text};

/// What the list draws.
pub struct View<'a> {
    pub world: &'a World,
    /// The rows that are seen.
    pub rows: &'a [EndpointId],
    pub selected: Option<EndpointId>,
    pub sort: Sort,
    pub known: Known<'a>,
    pub skin: Skin,
    /// What is said when there is no row.
    pub empty: Screen,
    /// The whole list in a few words, and how much they matter.
    pub summary: (String, Ink),
}

pub fn draw(frame: &mut Frame<'_>, tile: &Tile, view: &View<'_>) {
    heading_line(frame, tile.rule, view);
    let area = tile.body;
    if area.is_empty() {
        return;
    }
    let columns = place(area.width);
    let head = heads(area.height);
    if head > 0 {
        for placed in &columns {
            heading(frame, area, *placed, view);
        }
    }
    let first = area.y + head;
    if view.rows.is_empty() && first < area.bottom() {
        let words = cut_own(
            &view.known.locale.say(view.empty),
            usize::from(area.width.saturating_sub(MARK)),
            view.skin.glyphs,
        );
        frame.buffer_mut().set_string(
            area.x + MARK.min(area.width),
            first,
            words,
            view.skin.style(Ink::Dim),
        );
    }
    for (y, id) in (first..area.bottom()).zip(view.rows) {
        if let Some(endpoint) = view.world.get(*id) {
            row(
                frame,
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                &columns,
                endpoint,
                view,
            );
        }
    }
}

fn heading_line(frame: &mut Frame<'_>, line: Rect, view: &View<'_>) {
    let (summary, ink) = &view.summary;
    let words = view.known.locale.say(Screen::Connections);
    put(
        frame.buffer_mut(),
        line,
        [title(&words, summary, usize::from(line.width), view.skin)],
    );
    // What needs an eye is brighter than a title's right side usually is.
    let taken = (cells(summary) + 3).min(line.width.saturating_sub(cells(&words) + 4));
    let right = Rect {
        x: line.right() - taken,
        width: taken.saturating_sub(2),
        ..line
    };
    frame.buffer_mut().set_style(right, view.skin.style(*ink));
}

/// A column's head; the one that is sorted by carries an arrow.
fn heading(frame: &mut Frame<'_>, area: Rect, placed: Placed, view: &View<'_>) {
    let glyphs = view.skin.glyphs;
    let sorted = view.sort.column == Some(placed.column);
    let mark = match (sorted, view.sort.reverse, glyphs.ascii) {
        (false, _, _) => "",
        (true, false, false) => "↑",
        (true, true, false) => "↓",
        (true, false, true) => "^",
        (true, true, true) => "v",
    };
    let words = format!("{}{mark}", view.known.locale.say(placed.column.head()));
    let room = usize::from(placed.width);
    // Over a shape there is room for two letters and none for an ellipsis.
    let words = match placed.width <= SHAPE {
        true => words.chars().take(room).collect(),
        false => cut_own(&words, room, glyphs),
    };
    let ink = if sorted { Ink::Title } else { Ink::Dim };
    set(
        frame.buffer_mut(),
        area,
        placed,
        &words,
        view.skin.style(ink),
    );
}

fn row(
    frame: &mut Frame<'_>,
    line: Rect,
    columns: &[Placed],
    endpoint: &Endpoint,
    view: &View<'_>,
) {
    let skin = view.skin;
    let buffer = frame.buffer_mut();
    for placed in columns {
        let room = usize::from(placed.width);
        let Cell { text, ink, fresh } = Cell::of(placed.column, endpoint, &view.known, room);
        let mut style = skin.style(if endpoint.gone { Ink::Dim } else { ink });
        if fresh {
            style = style.patch(skin.style(Ink::Glow));
        }
        set(
            buffer,
            line,
            *placed,
            &cut_own(&text, room, skin.glyphs),
            style,
        );
    }
    if stuck(endpoint).is_some() && line.width >= MARK {
        buffer.set_string(line.x + 1, line.y, "!", skin.style(Ink::Broken));
    }
    if view.selected == Some(endpoint.id) {
        let mark = skin.glyphs.selected;
        buffer.set_stringn(
            line.x,
            line.y,
            mark,
            usize::from(line.width),
            skin.style(Ink::Title),
        );
        buffer.set_style(line, skin.style(Ink::Selected));
    }
}

/// Puts a cell's words at the edge of their column.
fn set(buffer: &mut Buffer, line: Rect, placed: Placed, words: &str, style: Style) {
    let indent = match placed.column.numeric() {
        true => placed.width.saturating_sub(cells(words)),
        false => 0,
    };
    let at = Position::new(line.x + placed.x + indent, line.y);
    put_text(buffer, at, line.x + placed.x + placed.width, words, style);
}
