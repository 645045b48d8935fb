//! The list of lessons, by level, with how far the learner has come in each.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::locale::Lesson;
use crate::ui::course::{LessonRow, LessonStanding, Shelf};
use crate::ui::model::Model;
use crate::ui::theme::Ink;
use crate::ui::widgets::popup;
use crate::ui::widgets::text::{cell, cells, cut};

/// From here on there is room for more than a title.
const ROOMY: usize = 56;

/// Where it lies.
pub fn area(model: &Model) -> Rect {
    model.layout.middle(96, u16::MAX)
}

pub fn draw(frame: &mut Frame<'_>, model: &Model, shelf: &Shelf) {
    let area = area(model);
    if area.height < 3 || area.width < 8 {
        return;
    }
    let locale = &model.settings.locale;
    let title = format!(
        "{}: {}",
        locale.say(Lesson::ListTitle),
        locale.say(Lesson::ListHelp)
    );
    let inside = popup::open(frame, area, &title, model.skin());
    let (lines, at) = lines(model, shelf, usize::from(inside.width));
    let height = usize::from(inside.height);
    let top = (at + 1)
        .saturating_sub(height / 2 + 1)
        .min(lines.len().saturating_sub(height));
    for (y, line) in (inside.y..inside.bottom()).zip(lines.into_iter().skip(top)) {
        frame.render_widget(
            line,
            Rect {
                y,
                height: 1,
                ..inside
            },
        );
    }
}

/// The lines, and which of them is selected.
fn lines(model: &Model, shelf: &Shelf, width: usize) -> (Vec<Line<'static>>, usize) {
    let (locale, skin) = (&model.settings.locale, model.skin());
    let mut lines = Vec::new();
    let mut at = 0;
    let mut level = None;
    for (index, row) in shelf.rows.iter().enumerate() {
        if level != Some(row.level) {
            level = Some(row.level);
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            let args = [
                ("level", u64::from(row.level).into()),
                ("title", locale.say(Lesson::level(row.level)).into()),
            ];
            let head = locale.with(Lesson::ListLevel, &args);
            let style = skin.style(Ink::Title).add_modifier(Modifier::BOLD);
            lines.push(Line::styled(format!(" {head}"), style));
        }
        let selected = index == shelf.selected;
        if selected {
            at = lines.len();
        }
        lines.push(line(model, row, selected, width));
    }
    for words in &shelf.broken {
        lines.push(Line::default());
        let words = words.lines().map(|words| {
            let words = cut(words, width.saturating_sub(2), skin.glyphs);
            Line::styled(format!(" {words}"), skin.style(Ink::Broken))
        });
        lines.extend(words);
    }
    (lines, at)
}

fn line(model: &Model, row: &LessonRow, selected: bool, width: usize) -> Line<'static> {
    let (locale, skin) = (&model.settings.locale, model.skin());
    let glyphs = skin.glyphs;
    let (sign, standing) = match row.standing {
        LessonStanding::New => (" ", String::new()),
        LessonStanding::Begun { done, of } => {
            let args = [("done", done.into()), ("of", of.into())];
            (glyphs.ellipsis, locale.with(Lesson::ListBegun, &args))
        }
        LessonStanding::Done => (glyphs.held, locale.say(Lesson::ListDone).into_owned()),
    };
    let standing = match (row.needs_lab && !model.settings.lab, standing) {
        (true, _) => locale.say(Lesson::ListNeedsLab).into_owned(),
        (false, standing) => standing,
    };
    let minutes = locale.with(Lesson::ListMinutes, &[("minutes", row.minutes.into())]);
    let mark = if selected { glyphs.selected } else { " " };
    let right = if width < ROOMY {
        String::new()
    } else {
        format!(
            " {} {}",
            cell(&minutes, 7, glyphs),
            cell(&standing, 14, glyphs)
        )
    };
    let room = width.saturating_sub(usize::from(cells(&right)) + 5);
    let title = cell(&cut(&row.title, room, glyphs), room, glyphs);
    let ink = if selected { Ink::Selected } else { Ink::Text };
    Line::from(vec![
        Span::styled(format!("{mark} "), skin.style(Ink::Key)),
        Span::styled(format!("{} ", cell(sign, 2, glyphs)), skin.style(Ink::Open)),
        Span::styled(title, skin.style(ink)),
        Span::styled(right, skin.style(Ink::Dim)),
    ])
}
