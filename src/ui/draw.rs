//! The picture: every region from the Model, nothing changed by looking.

use ratatui::Frame;

use super::bars::{footer, said, status};
use super::layout::{Layout, Pane, Tile};
use super::model::Model;
use super::overlays;
use super::panes::{data, diagram, ladder, lesson, list, log, twin};
use super::widgets::rule;

/// Draws the whole screen.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    // A resize that has not been told yet: what still fits is drawn, the message follows at once.
    let layout = &model.layout;
    if frame.area().intersection(layout.area) != layout.area {
        return;
    }
    status::draw(frame, layout.status, model);
    for tile in &layout.tiles {
        pane(frame, tile, model);
    }
    focus(frame, layout, model);
    said::draw(frame, layout.message, model);
    footer::draw(frame, layout.footer, model);
    overlays::draw(frame, model);
}

fn pane(frame: &mut Frame<'_>, tile: &Tile, model: &Model) {
    let area = tile.area();
    match tile.pane {
        Pane::List => list::draw(frame, tile, &model.list_view()),
        Pane::Log => log::draw(frame, area, &model.log_view()),
        Pane::Ladder => ladder::draw(frame, area, &model.ladder_view()),
        Pane::Diagram => diagram::draw(frame, area, &model.diagram_view()),
        Pane::Twin => {
            if let Some(id) = model.selected {
                let names = model.closing_keys();
                let keys = twin::Keys(names.each_ref().map(String::as_str));
                twin::draw_with_keys(frame, area, &model.twin_view(id), &keys);
            }
        }
        Pane::Lesson => {
            if let Some(view) = model.lesson_view() {
                lesson::draw(frame, tile, &view);
            }
        }
        Pane::Data => {
            if let Some(id) = model.selected {
                data::draw(frame, area, &model.data_view(id));
            }
        }
    }
}

/// Where there are several panes, the focused one is told by its title line.
fn focus(frame: &mut Frame<'_>, layout: &Layout, model: &Model) {
    if layout.tiles.len() > 1
        && let Some(tile) = layout.tile(model.focus)
    {
        rule::heavy(frame.buffer_mut(), tile.rule, model.skin());
    }
}
