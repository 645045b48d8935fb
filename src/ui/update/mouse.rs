//! The mouse: a click selects what it points at, the wheel scrolls what is under it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::screen::{choose, focus};
use super::scroll::{self, Way};
use super::{screen, statement};
use crate::command::Screen;
use crate::ui::bars::footer;
use crate::ui::columns;
use crate::ui::effect::Effect;
use crate::ui::layout::{Pane, Tile, heads};
use crate::ui::model::Model;
use crate::ui::overlay::Overlay;
use crate::ui::panes::{ladder, log};

/// Lines for one notch of the wheel.
const NOTCH: isize = 3;

pub(super) fn event(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            model.dirty = true;
            model.pending.clear();
            click(model, at)
        }
        MouseEventKind::ScrollUp => wheel(model, at, -1),
        MouseEventKind::ScrollDown => wheel(model, at, 1),
        _ => Vec::new(),
    }
}

fn click(model: &mut Model, at: Position) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    model.notice = None;
    if model.layout.footer.contains(at) {
        let footer = model.layout.footer;
        return match footer::hit(model, footer.width, at.x - footer.x) {
            Some((statement, run)) => statement::run(model, &statement, &run),
            None => Vec::new(),
        };
    }
    let Some(tile) = model.layout.pane_at(at).copied() else {
        return Vec::new();
    };
    focus(model, tile.pane);
    match tile.pane {
        Pane::List if tile.body.contains(at) => list(model, &tile, at),
        Pane::Log => {
            model.log.selected = log::event_at(tile.area(), at.y, &model.log_view());
            Vec::new()
        }
        Pane::Ladder => {
            let at = ladder::segment_at(tile.area(), at.y, &model.ladder_view());
            model.on_ladder.selected = at.or(model.on_ladder.selected);
            Vec::new()
        }
        Pane::List | Pane::Twin | Pane::Data | Pane::Diagram | Pane::Lesson => Vec::new(),
    }
}

/// On a head: sort by that column, and again backwards. On a row: select it.
fn list(model: &mut Model, tile: &Tile, at: Position) -> Vec<Effect> {
    let head = heads(tile.body.height);
    let line = at.y - tile.body.y;
    if line >= head {
        let row = model.top + usize::from(line - head);
        if row < model.rows.len() {
            choose(model, row);
        }
        return Vec::new();
    }
    let x = at.x - tile.body.x;
    let column = columns::place(tile.body.width)
        .into_iter()
        .find(|p| (p.x..p.x + p.width).contains(&x));
    match column {
        Some(placed) if model.rows.sort.column == Some(placed.column) => {
            screen::run(model, &Screen::Sort("reverse".to_owned()), "")
        }
        Some(placed) => screen::run(model, &Screen::Sort(placed.column.word().to_owned()), ""),
        None => Vec::new(),
    }
}

fn wheel(model: &mut Model, at: Position, notches: isize) -> Vec<Effect> {
    model.dirty = true;
    match &model.overlay {
        Some(Overlay::Help { .. }) => scroll::over_help(model, Way::Lines(notches * NOTCH)),
        Some(Overlay::Lessons(_)) => scroll::over_lessons(model, Way::Lines(notches)),
        Some(_) => {}
        None => match model.layout.pane_at(at).map(|t| t.pane) {
            Some(Pane::List) => {
                let way = if notches < 0 { "previous" } else { "next" };
                return screen::run(model, &Screen::Select(way.to_owned()), "");
            }
            Some(pane) => scroll::pane(model, pane, Way::Lines(notches * NOTCH)),
            None => {}
        },
    }
    Vec::new()
}
