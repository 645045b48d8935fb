//! The focused pane's title line is heavy: by shape, so that it is seen without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::theme::{Ink, Skin};

/// Redraws the strokes of a title line that has been drawn light.
pub fn heavy(buffer: &mut Buffer, line: Rect, skin: Skin) {
    let line = line.intersection(*buffer.area());
    for at in line.positions() {
        if let Some(cell) = buffer.cell_mut(at)
            && cell.symbol() == skin.glyphs.rule
        {
            cell.set_symbol(skin.glyphs.pipe).set_style(skin.style(Ink::Title));
        }
    }
}
