//! A one-line editor on the screen: mark, text, and the terminal's cursor in it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::text::width;
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;

/// Draws `mark` and the input behind it, scrolled so that the cursor is seen.
pub fn draw(frame: &mut Frame<'_>, area: Rect, mark: &str, input: &Input, skin: Skin) {
    if area.is_empty() {
        return;
    }
    let start = u16::try_from(width(mark))
        .unwrap_or(u16::MAX)
        .min(area.width);
    let room = usize::from(area.width - start).saturating_sub(1).max(1);
    let (shown, cursor) = window(input, room, skin.glyphs.ascii);
    let line = Line::from(vec![
        Span::styled(mark.to_owned(), skin.style(Ink::Key)),
        Span::styled(shown, skin.style(Ink::Text)),
    ]);
    frame.render_widget(ratatui::widgets::Clear, area);
    frame.render_widget(line, area);
    let x = area.x + start + u16::try_from(cursor).unwrap_or(0);
    frame.set_cursor_position(Position::new(x.min(area.right() - 1), area.y));
}

/// The part of the text that is seen, and the cursor's cell in it. Measured on what is drawn.
pub fn window(input: &Input, room: usize, ascii: bool) -> (String, usize) {
    let before: String = input.value().chars().take(input.cursor()).collect();
    let after: String = input.value().chars().skip(input.cursor()).collect();
    let (before, after) = (visible::text(&before, ascii), visible::text(&after, ascii));
    let mut from = 0;
    while width(&before[from..]) > room {
        from += before[from..].chars().next().map_or(1, char::len_utf8);
    }
    let seen = &before[from..];
    (format!("{seen}{after}"), width(seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_sight() {
        let input: Input = "send \"Hello\"".into();
        assert_eq!(window(&input, 40, false), ("send \"Hello\"".to_owned(), 12));
        assert_eq!(window(&input, 5, false), ("ello\"".to_owned(), 5));
        let wide: Input = "中文字".into();
        assert_eq!(window(&wide, 3, false), ("字".to_owned(), 2));
    }
}
