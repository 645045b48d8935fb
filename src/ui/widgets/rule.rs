//! The focused pane's title line is heavy: by shape, so that it is seen without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::theme::{Ink, Skin};

/// Redraws the strokes of a title line that has been drawn light. A hyphen inside a word is no stroke.
pub fn heavy(buffer: &mut Buffer, line: Rect, skin: Skin) {
    let line = line.intersection(*buffer.area());
    let symbols: Vec<String> = line
        .positions()
        .map(|at| {
            buffer
                .cell(at)
                .map(|cell| cell.symbol().to_owned())
                .unwrap_or_default()
        })
        .collect();
    let outside = |at: Option<usize>| match at.and_then(|at| symbols.get(at)) {
        None => true,
        Some(symbol) => symbol == skin.glyphs.rule || symbol == " ",
    };
    for (at, position) in line.positions().enumerate() {
        let stroke = symbols.get(at).is_some_and(|s| s == skin.glyphs.rule);
        if stroke
            && outside(at.checked_sub(1))
            && outside(at.checked_add(1))
            && let Some(cell) = buffer.cell_mut(position)
        {
            cell.set_symbol(skin.glyphs.pipe)
                .set_style(skin.style(Ink::Title));
        }
    }
}
