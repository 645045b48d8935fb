//! Scrolling the focused pane, or the help over it.

use crate::ui::effect::Effect;
use crate::ui::layout::Pane;
use crate::ui::model::Model;
use crate::ui::overlay::Overlay;
use crate::ui::overlays::{help, lessons};
use crate::ui::panes::ladder;

/// How far to go; negative is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Lines(isize),
    Pages(isize),
    Top,
    Bottom,
}

pub(super) fn by_word(model: &mut Model, word: &str) -> Vec<Effect> {
    let way = match word {
        "up" => Way::Lines(-1),
        "down" => Way::Lines(1),
        "page-up" => Way::Pages(-1),
        "page-down" => Way::Pages(1),
        "top" => Way::Top,
        _ => Way::Bottom,
    };
    match model.overlay {
        Some(Overlay::Help { .. }) => over_help(model, way),
        Some(Overlay::Lessons(_)) => over_lessons(model, way),
        _ => pane(model, model.focus, way),
    }
    Vec::new()
}

pub(super) fn over_help(model: &mut Model, way: Way) {
    let height = usize::from(help::area(model).height.saturating_sub(2));
    let last = help::lines(model).len().saturating_sub(height);
    if let Some(Overlay::Help { top }) = &mut model.overlay {
        *top = moved((*top).min(last), last, height, way);
    }
}

/// The list of lessons moves its selection.
pub(super) fn over_lessons(model: &mut Model, way: Way) {
    let height = usize::from(lessons::area(model).height.saturating_sub(2));
    if let Some(Overlay::Lessons(shelf)) = &mut model.overlay {
        let last = shelf.rows.len().saturating_sub(1);
        shelf.selected = moved(shelf.selected.min(last), last, height, way);
    }
}

pub(super) fn pane(model: &mut Model, pane: Pane, way: Way) {
    let height = model
        .layout
        .tile(pane)
        .map_or(1, |t| usize::from(t.body.height).max(1));
    match pane {
        Pane::Log => {
            let last = model.log_lines().saturating_sub(height);
            let top = last.saturating_sub(model.log.from_end);
            model.log.from_end = last - moved(top, last, height, way);
        }
        Pane::Data => {
            let last = model.data_lines().saturating_sub(height);
            let top = moved(model.data_scroll.min(last), last, height, way);
            // At the end it follows what comes.
            model.data_scroll = if top == last { usize::MAX } else { top };
        }
        Pane::Ladder => {
            let room = line_room(model);
            let (lines, stand) = (model.ladder.lines(), &mut model.on_ladder);
            let last = ladder::furthest(lines, room, stand.pace);
            let top = last.saturating_sub(stand.from_end);
            stand.from_end = last - moved(top, last, room, way);
        }
        Pane::Lesson => {
            let lines = model.lesson_lines();
            let last = lines.saturating_sub(height);
            let top = model.lesson_top();
            if let Some(course) = &mut model.course {
                course.scroll = Some(moved(top.min(last), last, height, way));
            }
        }
        Pane::List | Pane::Twin | Pane::Diagram => {}
    }
}

/// Rows for lines on the ladder.
pub(super) fn line_room(model: &Model) -> usize {
    model
        .layout
        .tile(Pane::Ladder)
        .map_or(1, |t| ladder::line_room(t.area(), model.on_ladder).max(1))
}

/// The new first line, between 0 and `last`.
fn moved(top: usize, last: usize, height: usize, way: Way) -> usize {
    let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(isize::MAX);
    match way {
        Way::Lines(n) => top.saturating_add_signed(n).min(last),
        Way::Pages(n) => top.saturating_add_signed(n.saturating_mul(page)).min(last),
        Way::Top => 0,
        Way::Bottom => last,
    }
}
