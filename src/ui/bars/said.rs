//! The line above the keys: what was just said, how loud, or the keys of a sequence that is not complete.
//!
//! What is said often ends with the remedy, so a long sentence is not cut: until the next key it takes lines of the pane
//! above.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;

use crate::locale::Screen;
use crate::ui::message::Severity;
use crate::ui::model::Model;
use crate::ui::theme::Ink;
use crate::ui::widgets::text::{cells, cut, folded};

/// Lines that one notice takes at most.
pub const MOST: usize = 3;

pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    if area.is_empty() {
        return;
    }
    let skin = model.skin();
    if let Some(notice) = &model.notice {
        let (mark, ink) = match notice.severity {
            Severity::Said => (None, Ink::Text),
            Severity::Warned => (Some(Screen::SaidWarning), Ink::Closing),
            Severity::Failed => (Some(Screen::SaidFailed), Ink::Broken),
        };
        let mark = mark
            .map(|word| format!("{} ", model.settings.locale.say(word)))
            .unwrap_or_default();
        let room = usize::from(area.width).saturating_sub(2);
        let lines = folded(&format!("{mark}{}", notice.text), room, MOST, skin.glyphs);
        let above = u16::try_from(lines.len() - 1).unwrap_or(0).min(area.y);
        let place = Rect {
            y: area.y - above,
            height: area.height + above,
            ..area
        };
        frame.render_widget(Clear, place);
        for (y, words) in (place.y..).zip(lines) {
            frame
                .buffer_mut()
                .set_stringn(place.x + 1, y, words, room, skin.style(ink));
        }
    }
    if let (None, true, Some(says)) = (&model.notice, model.presenting, model.narration()) {
        let room = usize::from(area.width).saturating_sub(2);
        let words = cut(says, room, skin.glyphs);
        let style = skin.style(Ink::Title);
        frame
            .buffer_mut()
            .set_stringn(area.x + 1, area.y, words, room, style);
    }
    if !model.pending.is_empty() {
        let keys: String = model.pending.iter().map(ToString::to_string).collect();
        let width = cells(&keys).min(area.width);
        let x = area.right().saturating_sub(width + 1).max(area.x);
        frame.buffer_mut().set_stringn(
            x,
            area.y,
            keys,
            usize::from(area.right() - x),
            skin.style(Ink::Key),
        );
    }
}
