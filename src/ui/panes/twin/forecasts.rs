//! "If now": what each closing key would do, below the pipes.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::parts::{Breadth, Row};
use super::view::{Keys, View};
use crate::locale::Pipe as Words;
use crate::tcp::Outlook;
use crate::ui::calls;
use crate::ui::forecast_words::{self, Forecasts, Verb};
use crate::ui::panes::line::spread;
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible::{self, cut};

/// The forecasts: each closing verb on a line where there is room, else that of close over two lines.
pub(super) fn forecasts(
    view: &View<'_>,
    keys: &Keys<'_>,
    width: usize,
    breadth: Breadth,
) -> Vec<Row> {
    let ascii = view.skin.glyphs.ascii;
    let Some(forecasts) = Forecasts::of(view.world, view.this, view.locale, ascii) else {
        return Vec::new();
    };
    match breadth {
        Breadth::Wide => {
            let label = Span::styled(
                format!("  {}", view.locale.say(Words::IfNow)),
                view.skin.style(Ink::Dim),
            );
            let mut rows = vec![Row::new(11, Line::from(label))];
            if Verb::ALL
                .into_iter()
                .all(|verb| forecasts.outlook(verb) == Outlook::NothingToCall)
            {
                let style = forecast_words::style(Outlook::NothingToCall, view.skin);
                let text = format!("  {}", forecasts.sentence(Verb::Close));
                rows.push(Row::new(3, Line::styled(text, style)));
                // The lines of the other verbs stay empty, so that nothing below moves.
                rows.extend(
                    Verb::ALL
                        .iter()
                        .skip(1)
                        .map(|_| Row::new(14, Line::default())),
                );
                return rows;
            }
            let lines = Verb::ALL.into_iter().zip(keys.0).map(|(verb, key)| {
                let rank = if verb == Verb::Close { 3 } else { 10 };
                Row::new(rank, forecast_line(view, &forecasts, verb, key, width))
            });
            rows.extend(lines);
            rows
        }
        Breadth::Medium | Breadth::Narrow => {
            let [first, second] = two_lines(
                &of_close(view, &forecasts),
                width.saturating_sub(4),
                view.skin,
            );
            vec![
                Row::new(3, close_line(view, &forecasts, keys.0[3], first)),
                Row::new(6, close_line(view, &forecasts, " ", second)),
            ]
        }
        Breadth::Tiny => {
            let room = width.saturating_sub(4);
            let text =
                cut(&of_close(view, &forecasts), room, view.skin.glyphs.ellipsis).into_owned();
            vec![Row::new(3, close_line(view, &forecasts, keys.0[3], text))]
        }
    }
}

fn of_close(view: &View<'_>, forecasts: &Forecasts<'_>) -> String {
    format!(
        "{}: {}",
        view.locale.say(Verb::Close.name()),
        forecasts.sentence(Verb::Close)
    )
}

fn close_line(
    view: &View<'_>,
    forecasts: &Forecasts<'_>,
    key: &str,
    text: String,
) -> Line<'static> {
    let style = forecast_words::style(forecasts.outlook(Verb::Close), view.skin);
    Line::from(vec![
        Span::styled(format!("  {key} "), view.skin.style(Ink::Key)),
        Span::styled(text, style),
    ])
}

fn forecast_line(
    view: &View<'_>,
    forecasts: &Forecasts<'_>,
    verb: Verb,
    key: &str,
    width: usize,
) -> Line<'static> {
    let skin = view.skin;
    let outlook = forecasts.outlook(verb);
    let name_width = Verb::ALL
        .iter()
        .map(|v| view.locale.say(v.name()).width())
        .max()
        .unwrap_or(0);
    let name = match outlook {
        Outlook::NothingToCall => skin.style(Ink::Greyed),
        _ => skin.style(Ink::Title),
    };
    let left = vec![
        Span::styled(format!("  {key} "), skin.style(Ink::Key)),
        Span::styled(
            format!("{:name_width$}  ", view.locale.say(verb.name())),
            name,
        ),
        Span::styled(
            forecasts.sentence(verb),
            forecast_words::style(outlook, skin),
        ),
    ];
    let call = match outlook {
        Outlook::NothingToCall => String::new(),
        _ => calls::spell(&verb.command(), view.spelling),
    };
    let call = visible::text(&call, skin.glyphs.ascii).into_owned();
    let taken: usize = left.iter().map(|s| s.content.width()).sum();
    // The call gives way to the sentence.
    let right = if taken + 4 + call.width() <= width {
        vec![Span::styled(format!("{call}  "), skin.style(Ink::App))]
    } else {
        Vec::new()
    };
    spread(left, right, width, skin)
}

/// A sentence broken between words into two lines.
fn two_lines(text: &str, width: usize, skin: Skin) -> [String; 2] {
    if text.width() <= width {
        return [text.to_owned(), String::new()];
    }
    let mut first = String::new();
    let mut rest = text;
    for word in text.split_inclusive(' ') {
        if first.width() + word.trim_end().width() > width {
            break;
        }
        first.push_str(word);
        rest = &text[first.len()..];
    }
    if first.is_empty() {
        return [
            cut(text, width, skin.glyphs.ellipsis).into_owned(),
            String::new(),
        ];
    }
    [
        first.trim_end().to_owned(),
        cut(rest, width, skin.glyphs.ellipsis).into_owned(),
    ]
}
