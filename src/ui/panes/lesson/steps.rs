//! The lines that are done: what is behind, what is next and by which key, what is ahead.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::text::{Heads, plain, wrap};
use super::view::View;
use crate::command::{Statement, comment};
use crate::lesson::{Phase, Stage, Step};
use crate::locale::Lesson;
use crate::ui::keymap::Binding;
use crate::ui::theme::Ink;

/// The steps of a block.
pub(super) fn lines(
    view: &View<'_>,
    block: usize,
    steps: &[Step],
    width: usize,
    out: &mut Vec<Line<'static>>,
) {
    for (index, step) in steps.iter().enumerate() {
        one(view, view.runner.stage(block, index), step, width, out);
    }
}

fn one(view: &View<'_>, stage: Stage, step: &Step, width: usize, out: &mut Vec<Line<'static>>) {
    let (skin, glyphs) = (view.skin, view.skin.glyphs);
    let line = view.runner.lesson().line(step.line);
    let failed = matches!(view.runner.phase(), Phase::Failed { line, .. } if *line == step.line);
    let (sign, ink) = match stage {
        _ if failed => (glyphs.failed, Ink::Broken),
        Stage::Past => (glyphs.held, Ink::Dim),
        Stage::Now => (glyphs.selected, Ink::Key),
        Stage::Ahead => (" ", Ink::Dim),
    };
    let mut style = skin.style(ink);
    if stage == Stage::Now {
        style = style.add_modifier(Modifier::BOLD);
    }
    let first = format!(" {sign} ");
    let heads = Heads {
        first: &first,
        rest: "     ",
    };
    out.extend(wrap(
        &plain(without_comment(&line.text)),
        width,
        heads,
        style,
        skin,
    ));
    if stage != Stage::Now {
        return;
    }
    let under = Heads {
        first: "     ",
        rest: "     ",
    };
    if let Some(says) = &step.says {
        let text = skin.style(Ink::Text);
        out.extend(wrap(&plain(says), width, under, text, skin));
    }
    if let Some(hint) = hint(view, &line.statement) {
        out.extend(wrap(
            &plain(&hint),
            width,
            under,
            skin.style(Ink::Closing),
            skin,
        ));
    }
}

/// A step's comment is said below it, without its sign.
pub(super) fn without_comment(line: &str) -> &str {
    let said = comment(line).map_or(line.len(), |said| {
        line[..line.len() - said.len()]
            .rfind('#')
            .unwrap_or(line.len())
    });
    line[..said].trim_end()
}

/// What the learner can do about the line that is next.
fn hint(view: &View<'_>, statement: &Statement) -> Option<String> {
    let locale = view.locale;
    match view.runner.phase() {
        Phase::Ready { .. } => Some(match key(view, statement) {
            Some(keys) => {
                let press = locale.with(Lesson::Press, &[("keys", keys.into())]);
                format!("{press} {}", locale.say(Lesson::OrEnter))
            }
            None => locale.say(Lesson::EnterAlone).into_owned(),
        }),
        Phase::Playing { .. } => Some(locale.say(Lesson::Working).into_owned()),
        Phase::Watching { .. } | Phase::Pausing { .. } => {
            Some(locale.say(Lesson::Waiting).into_owned())
        }
        Phase::Asking
        | Phase::Deciding
        | Phase::Revealed(_)
        | Phase::Failed { .. }
        | Phase::Freshening
        | Phase::Finished => None,
    }
}

/// The key that does it for the selected endpoint: the lesson selects the one that acts.
fn key(view: &View<'_>, statement: &Statement) -> Option<String> {
    let meant = match statement {
        Statement::Do { command, .. } => Statement::Do {
            actor: None,
            command: command.clone(),
        },
        other => other.clone(),
    };
    view.keymap.keys_for(&meant).next().map(Binding::keys)
}

/// Spans of a small line.
pub(super) fn line_of(parts: Vec<(String, Ink)>, view: &View<'_>) -> Line<'static> {
    let span = |(text, ink)| Span::styled(text, view.skin.style(ink));
    Line::from(parts.into_iter().map(span).collect::<Vec<_>>())
}
