//! Text in cells: cut to a width, padded, put on the screen.
//!
//! What may reach a cell at all is decided by [`crate::ui::visible`]; everything here passes through it.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::ui::theme::Glyphs;
use crate::ui::visible;

/// Terminal cells that the text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// A width as ratatui counts.
pub fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

/// Foreign text in at most `room` cells.
pub fn cut(text: &str, room: usize, glyphs: &Glyphs) -> String {
    visible::cut(&visible::text(text, glyphs.ascii), room, glyphs.ellipsis).into_owned()
}

/// Our own wording in at most `room` cells: it holds no controls, and its marks stay as they are.
pub fn cut_own(text: &str, room: usize, glyphs: &Glyphs) -> String {
    visible::cut(text, room, glyphs.ellipsis).into_owned()
}

/// Text that may be shown as it is on at most so many lines, broken between words. What has no room even there is cut.
pub fn folded(text: &str, room: usize, most: usize, glyphs: &Glyphs) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while width(rest) > room && lines.len() + 1 < most {
        let fits = rest
            .char_indices()
            .find(|(at, c)| width(&rest[..at + c.len_utf8()]) > room)
            .map_or(rest.len(), |(at, _)| at);
        // The space that breaks a line may stand right behind it.
        let word = rest.get(..=fits).unwrap_or(&rest[..fits]);
        let end = word.rfind(' ').filter(|at| *at > 0).unwrap_or(fits);
        if end == 0 {
            break;
        }
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines.push(cut_own(rest, room, glyphs));
    lines
}

/// Text that may be shown as it is in exactly `room` cells.
pub fn cell(text: &str, room: usize, glyphs: &Glyphs) -> String {
    let text = cut_own(text, room, glyphs);
    let blank = " ".repeat(room.saturating_sub(width(&text)));
    text + &blank
}

/// Puts cleaned text on the screen, at most up to `end`. A list of ten thousand cells is drawn through here, so
/// plain ASCII goes cell by cell, without asking where a grapheme ends.
pub fn put(buffer: &mut Buffer, at: Position, end: u16, text: &str, style: Style) {
    let room = usize::from(end.saturating_sub(at.x));
    if !text.is_ascii() {
        buffer.set_stringn(at.x, at.y, text, room, style);
        return;
    }
    for (x, letter) in (at.x..end).zip(text.chars()) {
        if let Some(cell) = buffer.cell_mut(Position::new(x, at.y)) {
            cell.set_char(letter).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{ASCII, UNICODE};

    #[test]
    fn a_long_sentence_takes_more_lines_and_is_cut_only_at_the_last() {
        let told = |text, room, most| folded(text, room, most, &UNICODE);
        assert_eq!(told("short", 10, 3), ["short"]);
        assert_eq!(told("", 10, 3), [""]);
        assert_eq!(told("a fresh pair", 7, 3), ["a fresh", "pair"]);
        assert_eq!(told("a fresh pair", 6, 3), ["a", "fresh", "pair"]);
        assert_eq!(told("a fresh pair", 6, 2), ["a", "fresh…"]);
        assert_eq!(told("unbroken", 3, 3), ["unb", "rok", "en"]);
        assert_eq!(told("服务器 发送", 6, 3), ["服务器", "发送"]);
        assert_eq!(told("word", 0, 3), [""]);
        for room in 0..30 {
            for line in told("press a for a fresh pair, 服务器发送文件", room, 3) {
                assert!(width(&line) <= room, "{room}: {line}");
            }
        }
    }

    #[test]
    fn a_cell_has_exactly_its_width() {
        assert_eq!(cell("中", 4, &UNICODE), "中  ");
        assert_eq!(cell("server.12", 6, &UNICODE), "serve…");
        assert_eq!(cell("中文", 3, &UNICODE), "中…");
        assert_eq!(cell("中文字", 3, &ASCII), ".. ");
    }

    #[test]
    fn foreign_text_is_shown_and_never_obeyed() {
        assert!(!cut("\x1b]0;owned\x07", 40, &UNICODE).contains('\x1b'));
        assert!(cut("\u{202e}fed", 40, &ASCII).is_ascii());
    }
}
