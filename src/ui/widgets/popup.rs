//! A bordered box over the panes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, Borders, Clear};

use super::text::cut_own;
use crate::ui::theme::{Ink, Skin};

/// Clears the area, draws the border with its title, and returns what is left inside.
pub fn open(frame: &mut Frame<'_>, area: Rect, title: &str, skin: Skin) -> Rect {
    frame.render_widget(Clear, area);
    let title = cut_own(
        title,
        usize::from(area.width).saturating_sub(4),
        skin.glyphs,
    );
    let block = Block::new()
        .borders(Borders::ALL)
        .border_set(skin.glyphs.border)
        .border_style(skin.style(Ink::Dim))
        .title(format!(" {title} "))
        .title_style(skin.style(Ink::Title));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}
