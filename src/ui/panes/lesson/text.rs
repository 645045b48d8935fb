//! Text with its manners, broken into lines of so many cells. Wide characters may stand at any end of a line; a closing
//! mark never begins one.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::lesson::{Manner, Piece};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;

/// Marks that belong to what stands before them (the common ones of the six languages).
const CLOSING: &str = "，。、；：？！）》」』】…,.;:?!)]}»”’";

/// Spaces at which no line ends: French sets them before its marks.
const NO_BREAK: &str = "\u{a0}\u{202f}";

/// What is put at the head of the first line, and of all others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heads<'a> {
    pub first: &'a str,
    pub rest: &'a str,
}

/// A run of characters that is not broken, each part in one manner.
struct Word {
    parts: Vec<(String, Style)>,
    width: usize,
    /// A space stands before it in the text.
    spaced: bool,
}

impl Word {
    fn push(&mut self, c: char, style: Style) {
        self.width += c.width().unwrap_or(0);
        match self.parts.last_mut() {
            Some((text, last)) if *last == style => text.push(c),
            _ => self.parts.push((c.to_string(), style)),
        }
    }

    fn ends_wide(&self) -> bool {
        let last = self.parts.last().and_then(|(text, _)| text.chars().last());
        last.is_some_and(|c| c.width().unwrap_or(0) > 1)
    }
}

/// Lines of at most `width` cells.
pub(super) fn wrap(
    pieces: &[Piece],
    width: usize,
    heads: Heads<'_>,
    base: Style,
    skin: Skin,
) -> Vec<Line<'static>> {
    let mut page = Page {
        lines: Vec::new(),
        spans: vec![Span::styled(heads.first.to_owned(), base)],
        used: heads.first.width(),
        empty: true,
        rest: Span::styled(heads.rest.to_owned(), base),
    };
    for word in words(pieces, base, skin) {
        let gap = usize::from(word.spaced && !page.empty);
        if !page.empty && page.used + gap + word.width > width {
            page.turn();
        } else if gap > 0 {
            page.add(" ", base);
        }
        for (text, style) in word.parts {
            page.fill(&text, style, width);
        }
    }
    page.end()
}

/// Lines as they grow.
struct Page {
    lines: Vec<Line<'static>>,
    spans: Vec<Span<'static>>,
    used: usize,
    /// Nothing but its head stands on the line.
    empty: bool,
    rest: Span<'static>,
}

impl Page {
    fn turn(&mut self) {
        let rest = vec![self.rest.clone()];
        self.used = self.rest.content.width();
        self.empty = true;
        let full = std::mem::replace(&mut self.spans, rest);
        self.lines.push(Line::from(full));
    }

    fn add(&mut self, text: &str, style: Style) {
        self.used += text.width();
        self.spans.push(Span::styled(text.to_owned(), style));
        self.empty = false;
    }

    /// What is longer than a line goes over several.
    fn fill(&mut self, text: &str, style: Style, width: usize) {
        let mut part = String::new();
        for c in text.chars() {
            let wide = c.width().unwrap_or(0);
            if self.used + part.width() + wide > width && !(self.empty && part.is_empty()) {
                self.add(&std::mem::take(&mut part), style);
                self.turn();
            }
            part.push(c);
        }
        self.add(&part, style);
    }

    fn end(mut self) -> Vec<Line<'static>> {
        self.lines.push(Line::from(self.spans));
        self.lines
    }
}

fn words(pieces: &[Piece], base: Style, skin: Skin) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut spaced = false;
    for piece in pieces {
        let style = style_of(piece.manner, base, skin);
        for c in visible::text(&piece.text, skin.glyphs.ascii).chars() {
            if c.is_whitespace() && !NO_BREAK.contains(c) {
                spaced = true;
                continue;
            }
            match words.last_mut() {
                Some(last) if !spaced && joins(last, c) => last.push(c, style),
                _ => {
                    let mut word = Word {
                        parts: Vec::new(),
                        width: 0,
                        spaced,
                    };
                    word.push(c, style);
                    words.push(word);
                }
            }
            spaced = false;
        }
    }
    words
}

/// No line ends between the two. Between wide characters, and beside one, it may.
fn joins(word: &Word, c: char) -> bool {
    CLOSING.contains(c) || (c.width().unwrap_or(0) < 2 && !word.ends_wide())
}

fn style_of(manner: Manner, base: Style, skin: Skin) -> Style {
    match manner {
        Manner::Plain => base,
        Manner::Strong => base.add_modifier(Modifier::BOLD),
        Manner::Emphasis => base.add_modifier(Modifier::ITALIC),
        Manner::Code => base.patch(skin.style(Ink::App)),
    }
}

/// Our own words in one manner.
pub(super) fn plain(text: &str) -> Vec<Piece> {
    vec![Piece {
        text: text.to_owned(),
        manner: Manner::Plain,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Theme, UNICODE};

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        let skin = Skin {
            theme: Theme::Plain,
            glyphs: &UNICODE,
        };
        let heads = Heads {
            first: "- ",
            rest: "  ",
        };
        wrap(&plain(text), width, heads, Style::default(), skin)
            .iter()
            .map(Line::to_string)
            .collect()
    }

    #[test]
    fn words_go_to_the_next_line_whole() {
        assert_eq!(
            wrapped("the server has no more to say", 14),
            ["- the server", "  has no more", "  to say"]
        );
        assert_eq!(wrapped("", 14), ["- "]);
    }

    #[test]
    fn wide_characters_break_anywhere_and_never_stick_out() {
        let lines = wrapped("服务器发送文件，然后关闭发送方向。", 14);
        assert!(lines.iter().all(|line| line.width() <= 14), "{lines:?}");
        assert!(lines.len() >= 3);
        for line in &lines[1..] {
            let first = line.trim_start().chars().next();
            assert!(first.is_some_and(|c| !CLOSING.contains(c)), "{lines:?}");
        }
    }

    #[test]
    fn no_line_begins_with_a_mark_that_a_no_break_space_holds() {
        let lines = wrapped("le serveur envoie\u{a0}: la fin\u{a0}!", 20);
        assert_eq!(lines, ["- le serveur", "  envoie\u{a0}: la fin\u{a0}!"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        let lines = wrapped("setsockopt(fd,SOL_SOCKET,SO_LINGER)", 12);
        assert!(lines.iter().all(|line| line.width() <= 12), "{lines:?}");
        assert_eq!(
            lines.concat().replace([' ', '-'], ""),
            "setsockopt(fd,SOL_SOCKET,SO_LINGER)"
        );
    }
}
