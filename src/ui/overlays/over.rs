//! The open overlay, drawn last.

use ratatui::Frame;

use super::{confirm, help, lessons, palette, prompts};
use crate::ui::model::Model;
use crate::ui::overlay::Overlay;

pub fn draw(frame: &mut Frame<'_>, model: &Model) {
    match &model.overlay {
        None => {}
        Some(Overlay::Help { top }) => help::draw(frame, model, *top),
        Some(Overlay::Palette(line)) => palette::draw(frame, model, line),
        Some(Overlay::Filter { input, .. }) => prompts::filter(frame, model, input),
        Some(Overlay::Compose(compose)) => prompts::compose(frame, model, compose),
        Some(Overlay::Lessons(shelf)) => lessons::draw(frame, model, shelf),
        Some(Overlay::Confirm { actor, command }) => confirm::draw(frame, model, actor, command),
    }
}
