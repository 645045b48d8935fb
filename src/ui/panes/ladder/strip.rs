//! The cells between the rails. A character that is two cells wide takes two, and none is ever halved.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthChar;

/// A row of cells.
pub(super) struct Strip {
    /// What stands in a cell; empty for the second cell of a wide character.
    cells: Vec<(String, Style)>,
}

impl Strip {
    pub fn new(width: usize) -> Strip {
        Strip {
            cells: vec![(" ".to_owned(), Style::new()); width],
        }
    }

    /// Writes a text; what does not fit is left out.
    pub fn put(&mut self, at: usize, text: &str, style: Style) {
        let mut at = at;
        for c in text.chars() {
            let wide = c.width().unwrap_or(0);
            if wide == 0 || at + wide > self.cells.len() {
                continue;
            }
            self.cells[at] = (c.to_string(), style);
            for rest in 1..wide {
                self.cells[at + rest] = (String::new(), style);
            }
            at += wide;
        }
    }

    /// Spans of one style each.
    pub fn spans(self) -> Vec<Span<'static>> {
        let mut runs: Vec<(String, Style)> = Vec::new();
        for (text, style) in self.cells {
            match runs.last_mut() {
                Some((run, last)) if *last == style => run.push_str(&text),
                Some(_) | None => runs.push((text, style)),
            }
        }
        runs.into_iter()
            .map(|(text, style)| Span::styled(text, style))
            .collect()
    }
}
