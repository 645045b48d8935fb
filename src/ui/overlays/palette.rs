//! The command line with what could follow above it, or the caret under a mistake.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Clear;

use crate::command::{ParseError, VerbRow};
use crate::locale::Screen;
use crate::ui::bars::said;
use crate::ui::model::Model;
use crate::ui::overlay::Palette;
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;
use crate::ui::widgets::text::{cell, cells, cut, folded, width};
use crate::ui::widgets::{popup, prompt};

const MARK: &str = " : ";
/// Candidates that are seen at once.
const SEEN: usize = 8;

pub fn draw(frame: &mut Frame<'_>, model: &Model, palette: &Palette) {
    let line = model.layout.prompt();
    match &palette.error {
        Some(error) => mistake(frame, model, palette, error),
        None => candidates(frame, model, palette),
    }
    prompt::draw(frame, line, MARK, &palette.input, model.skin());
}

/// A caret line and the sentence, above the prompt: the caret points down at the mistake.
fn mistake(frame: &mut Frame<'_>, model: &Model, palette: &Palette, error: &ParseError) {
    let skin = model.skin();
    let said = sentence_lines(model, &error.to_string());
    let area = model.layout.above_prompt(lines_of(&said) + 1);
    if area.height == 0 {
        return;
    }
    frame.render_widget(Clear, area);
    let caret_row = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    let room = usize::from(area.width)
        .saturating_sub(MARK.len() + 1)
        .max(1);
    let (start, length) = caret(palette, error, room, skin.glyphs.ascii);
    let mark = if skin.glyphs.ascii { "v" } else { "▾" };
    let x = caret_row.x + (cells(MARK) + start).min(caret_row.width.saturating_sub(1));
    let left = usize::from(caret_row.right() - x);
    frame.buffer_mut().set_stringn(
        x,
        caret_row.y,
        mark.repeat(length),
        left,
        skin.style(Ink::Broken),
    );
    let above = Rect {
        height: area.height - 1,
        ..area
    };
    sentence_at(frame, above, said, skin);
}

/// Where the mistake is seen: cells from the beginning of the text, and how many.
fn caret(palette: &Palette, error: &ParseError, room: usize, ascii: bool) -> (u16, usize) {
    let line = palette.input.value();
    let end = error.span.end.min(line.len());
    let start = error.span.start.min(end);
    let shown = |part: Option<&str>| width(&visible::text(part.unwrap_or_default(), ascii));
    let before = shown(line.get(..start));
    let (_, cursor) = prompt::window(&palette.input, room, ascii);
    let to_cursor: String = line.chars().take(palette.input.cursor()).collect();
    // A long line is scrolled: so many cells are out of sight at its left.
    let hidden = shown(Some(&to_cursor)).saturating_sub(cursor);
    let length = shown(line.get(start..end)).max(1);
    (
        u16::try_from(before.saturating_sub(hidden)).unwrap_or(u16::MAX),
        length,
    )
}

/// A sentence directly above the prompt.
pub fn sentence(frame: &mut Frame<'_>, model: &Model, text: &str) {
    let said = sentence_lines(model, text);
    let area = model.layout.above_prompt(lines_of(&said));
    frame.render_widget(Clear, area);
    sentence_at(frame, area, said, model.skin());
}

/// Foreign text may stand in it.
fn sentence_lines(model: &Model, text: &str) -> Vec<String> {
    let room = usize::from(model.layout.area.width).saturating_sub(2);
    let glyphs = model.skin().glyphs;
    folded(&visible::text(text, glyphs.ascii), room, said::MOST, glyphs)
}

fn lines_of(said: &[String]) -> u16 {
    u16::try_from(said.len()).unwrap_or(1)
}

fn sentence_at(frame: &mut Frame<'_>, area: Rect, said: Vec<String>, skin: Skin) {
    let line = |words| Line::styled(format!(" {words}"), skin.style(Ink::Broken));
    let text: Vec<Line<'_>> = said.into_iter().map(line).collect();
    frame.render_widget(Text::from(text), area);
}

fn candidates(frame: &mut Frame<'_>, model: &Model, palette: &Palette) {
    let skin = model.skin();
    let hint = hint(model, palette);
    let seen = palette.candidates.len().min(SEEN);
    let lines = u16::try_from(seen).unwrap_or(0) + u16::from(!hint.is_empty());
    if lines == 0 {
        return;
    }
    let area = model.layout.above_prompt(lines + 2);
    if area.height < 3 {
        return;
    }
    let inside = popup::open(frame, area, &title(model, palette), skin);
    let first = palette.taken.map_or(0, |at| at.saturating_sub(SEEN - 1));
    let name = palette
        .candidates
        .iter()
        .map(|c| width(&c.text))
        .max()
        .unwrap_or(0)
        .clamp(8, 24);
    for (y, (at, candidate)) in (inside.y..inside.bottom())
        .zip(palette.candidates.iter().enumerate().skip(first).take(seen))
    {
        let row = Rect {
            y,
            height: 1,
            ..inside
        };
        let text = cell(
            &visible::text(&candidate.text, skin.glyphs.ascii),
            name,
            skin.glyphs,
        );
        let doc = cut(
            candidate.doc,
            usize::from(inside.width).saturating_sub(name + 4),
            skin.glyphs,
        );
        let spans = vec![
            Span::styled(format!(" {text}  "), skin.style(Ink::Key)),
            Span::styled(doc, skin.style(Ink::Dim)),
        ];
        frame.render_widget(Line::from(spans), row);
        if palette.taken == Some(at) {
            frame.buffer_mut().set_style(row, skin.style(Ink::Selected));
        }
    }
    if !hint.is_empty() && inside.height > 0 {
        let row = Rect {
            y: inside.bottom() - 1,
            height: 1,
            ..inside
        };
        let words = cut(
            &hint,
            usize::from(inside.width).saturating_sub(2),
            skin.glyphs,
        );
        frame.render_widget(Clear, row);
        frame.render_widget(
            Line::styled(format!(" {words}"), skin.style(Ink::Text)),
            row,
        );
    }
}

/// Which of how many, where not all are seen.
fn title(model: &Model, palette: &Palette) -> String {
    let locale = &model.settings.locale;
    let count = palette.candidates.len();
    if count <= SEEN {
        return locale.say(Screen::PaletteTitle).into_owned();
    }
    let at = palette.taken.map_or(1, |at| at + 1);
    locale.with(
        Screen::PaletteTitleOf,
        &[("at", at.into()), ("count", count.into())],
    )
}

/// The verb's arguments and an example, as soon as a verb stands on the line.
fn hint(model: &Model, palette: &Palette) -> String {
    let line = palette.input.value();
    let after = line
        .split_once(": ")
        .map_or(line, |(_, rest)| rest)
        .trim_start();
    let Some(row) = VerbRow::on_line(line).filter(|_| after.contains(' ')) else {
        return String::new();
    };
    if row.pattern.is_empty() {
        return row.doc.to_owned();
    }
    let args = [
        ("verb", row.name.into()),
        ("arguments", row.pattern.into()),
        ("example", row.example.into()),
    ];
    let word = if row.name == "connect" {
        Screen::PaletteHintConnect
    } else {
        Screen::PaletteHint
    };
    model.settings.locale.with(word, &args)
}
