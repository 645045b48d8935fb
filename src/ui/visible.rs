//! Foreign bytes and texts made visible: what a peer, a resolver or a file name says never reaches the terminal raw.
//!
//! Control characters become their pictures (`␛`) or carets (`^[`); what has no width of its own, or turns the
//! direction of writing, is spelled (`\u{202e}`). It owns that rule and the cutting of text to cells.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One character as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Shown as it is.
    Plain(char),
    /// Stands for something that may not be shown as it is.
    Symbol(String),
}

impl Piece {
    /// Cells on the screen.
    pub fn width(&self) -> usize {
        match self {
            Piece::Plain(c) => c.width().unwrap_or(0),
            Piece::Symbol(s) => s.width(),
        }
    }

    fn push_to(&self, out: &mut String) {
        match self {
            Piece::Plain(c) => out.push(*c),
            Piece::Symbol(s) => out.push_str(s),
        }
    }
}

/// How one character is shown.
pub fn piece(c: char, ascii: bool) -> Piece {
    match c {
        '\0'..='\x1f' | '\x7f' => Piece::Symbol(control(c, ascii)),
        ' '..='~' => Piece::Plain(c),
        // Width 0 covers combining marks, joiners, direction marks and tags; no width at all means C1 controls.
        _ if ascii || c.width().unwrap_or(0) == 0 || turns_direction(c) => {
            Piece::Symbol(c.escape_unicode().to_string())
        }
        _ => Piece::Plain(c),
    }
}

/// `␛` for ESC, or `^[` where only ASCII may be drawn.
fn control(c: char, ascii: bool) -> String {
    let code = u32::from(c);
    if ascii {
        // Caret notation: the character 0x40 away, and ^? for DEL.
        let letter = char::from_u32(code ^ 0x40).unwrap_or('?');
        return format!("^{letter}");
    }
    // U+2400 SYMBOL FOR NULL and on; U+2421 SYMBOL FOR DELETE.
    let picture = if c == '\x7f' { 0x2421 } else { 0x2400 + code };
    char::from_u32(picture).unwrap_or('?').to_string()
}

/// Characters that reorder or break what stands around them, whatever width a table gives them.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A byte that is no part of UTF-8 text: `\xff`.
pub fn stray_byte(byte: u8) -> Piece {
    Piece::Symbol(format!("\\x{byte:02x}"))
}

/// The pieces of bytes that are text, or meant to be.
pub fn pieces(bytes: &[u8], ascii: bool) -> Vec<Piece> {
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.extend(chunk.valid().chars().map(|c| piece(c, ascii)));
        out.extend(chunk.invalid().iter().map(|b| stray_byte(*b)));
    }
    out
}

/// A foreign text on one line.
pub fn text(s: &str, ascii: bool) -> Cow<'_, str> {
    if s.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Cow::Borrowed(s);
    }
    let mut out = String::with_capacity(s.len());
    s.chars().for_each(|c| piece(c, ascii).push_to(&mut out));
    Cow::Owned(out)
}

/// A foreign text on one line outside the screen's grid of cells, where a combining mark does no harm: only what a
/// terminal would obey is spelled.
pub fn obeyed_by_none(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        if c.is_control() || turns_direction(c) {
            piece(c, false).push_to(&mut out);
        } else {
            out.push(c);
        }
    }
    out
}

/// The beginning of some bytes in quotes, at most `width` cells: `"Thank you"`.
pub fn quoted(bytes: &[u8], width: usize, ascii: bool, ellipsis: &str) -> String {
    let mut out = String::from("\"");
    // Each byte takes a quarter of a character at most, and a cell at least is what a character takes.
    let head = &bytes[..bytes.len().min(width.saturating_mul(4))];
    pieces(head, ascii).iter().for_each(|p| p.push_to(&mut out));
    out.push('"');
    cut(&out, width, ellipsis).into_owned()
}

/// At most `width` cells of a text; what was cut off leaves `ellipsis`.
pub fn cut<'a>(s: &'a str, width: usize, ellipsis: &str) -> Cow<'a, str> {
    if s.width() <= width {
        return Cow::Borrowed(s);
    }
    let (ellipsis, room) = match width.checked_sub(ellipsis.width()) {
        Some(room) => (ellipsis, room),
        None => ("", width),
    };
    let mut out = String::new();
    let mut used = 0;
    for c in s.chars() {
        let cells = c.width().unwrap_or(0);
        if used + cells > room {
            break;
        }
        used += cells;
        out.push(c);
    }
    out.push_str(ellipsis);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        assert_eq!(text("\x1b[2J\x07", false), "␛[2J␇");
        assert_eq!(text("\x1b[2J\x07\x7f", true), "^[[2J^G^?");
        assert_eq!(text("\u{9b}2J", false), "\\u{9b}2J");
        assert_eq!(text("a\u{202e}b", false), "a\\u{202e}b");
        assert_eq!(text("é", true), "\\u{e9}");
        assert_eq!(
            obeyed_by_none("e\u{301}\x1b\u{9b}\u{202e}"),
            "e\u{301}␛\\u{9b}\\u{202e}"
        );
        assert_eq!(quoted(b"\xff\r\n", 20, false, "…"), "\"\\xff␍␊\"");
    }

    #[test]
    fn a_wide_character_is_never_halved() {
        assert_eq!(cut("日本語", 5, "…"), "日本…");
        assert_eq!(cut("日本語", 4, "…"), "日…");
        assert_eq!(cut("日本語", 0, "…"), "");
        assert_eq!(cut("abc", 1, ".."), "a");
        assert_eq!(cut("abc", 3, "…"), "abc");
    }

    proptest! {
        #[test]
        fn nothing_invisible_comes_through(s in ".*", ascii: bool) {
            for c in text(&s, ascii).chars() {
                prop_assert!(!c.is_control() && c.width().unwrap_or(0) > 0);
                prop_assert!(!ascii || c.is_ascii());
            }
        }

        #[test]
        fn a_cut_fits(s in ".*", width in 0usize..40) {
            prop_assert!(cut(&text(&s, false), width, "…").width() <= width);
        }
    }
}
