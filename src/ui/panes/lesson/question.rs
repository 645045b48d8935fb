//! A question: its choices, the one that was chosen, and which one the kernel found right and by what.

use ratatui::style::Modifier;
use ratatui::text::Line;

use super::steps;
use super::text::{Heads, plain, wrap};
use super::view::View;
use crate::journal::{Event, Fact, Window, World};
use crate::lesson::{Ask, Phase, Revealed};
use crate::locale::Lesson;
use crate::tcp::Flags;
use crate::ui::panes::log;
use crate::ui::theme::Ink;

/// Lines of what decided it, at most.
const REASONS: usize = 6;

/// The question of a block.
pub(super) fn lines(
    view: &View<'_>,
    block: usize,
    ask: &Ask,
    width: usize,
    out: &mut Vec<Line<'static>>,
) {
    let (skin, locale) = (view.skin, view.locale);
    let bold = skin.style(Ink::Text).add_modifier(Modifier::BOLD);
    let heads = Heads {
        first: " ? ",
        rest: "   ",
    };
    out.extend(wrap(&ask.question, width, heads, bold, skin));
    let revealed = view.runner.answered(block);
    for (index, choice) in ask.choices.iter().enumerate() {
        let (sign, ink) = standing(view, revealed, index);
        let first = format!(" {sign} {}  ", index + 1);
        let heads = Heads {
            first: &first,
            rest: "      ",
        };
        out.extend(wrap(&choice.text, width, heads, skin.style(ink), skin));
    }
    let here = view.runner.block() == block;
    if !here || !matches!(view.runner.phase(), Phase::Asking) {
        steps::lines(view, block, &ask.steps, width, out);
    }
    let hint = skin.style(Ink::Closing);
    let under = Heads {
        first: "   ",
        rest: "   ",
    };
    let mut say = |words: &str, style| out.extend(wrap(&plain(words), width, under, style, skin));
    match (view.runner.phase(), here) {
        (Phase::Asking, true) => {
            let args = [("choices", ask.choices.len().into())];
            say(&locale.with(Lesson::Choose, &args), hint);
        }
        (Phase::Deciding, true) => say(&locale.say(Lesson::Waiting), hint),
        _ => {}
    }
    if let Some(revealed) = revealed {
        let verdict = verdict(revealed);
        let ink = match verdict {
            Lesson::Right => Ink::Open,
            _ => Ink::Text,
        };
        say(&locale.say(verdict), skin.style(ink));
        reasons(view, revealed, width, out);
        if here && matches!(view.runner.phase(), Phase::Revealed(_)) {
            out.extend(wrap(
                &plain(&locale.say(Lesson::GoOn)),
                width,
                under,
                hint,
                skin,
            ));
        }
    }
}

/// The sign before a choice.
fn standing(view: &View<'_>, revealed: Option<&Revealed>, index: usize) -> (&'static str, Ink) {
    let glyphs = view.skin.glyphs;
    let Some(revealed) = revealed else {
        return (" ", Ink::Text);
    };
    let right = revealed.right.get(index).copied().unwrap_or(false);
    match (right, revealed.chosen == Some(index)) {
        (true, _) => (glyphs.held, Ink::Open),
        (false, true) => (glyphs.failed, Ink::Broken),
        (false, false) => (" ", Ink::Dim),
    }
}

fn verdict(revealed: &Revealed) -> Lesson {
    match (revealed.answer(), revealed.chosen) {
        (None, _) => Lesson::NoneOfThem,
        (Some(answer), Some(chosen)) if answer == chosen => Lesson::Right,
        (Some(_), Some(_)) => Lesson::NotThat,
        (Some(_), None) => Lesson::ThisHappened,
    }
}

/// The events that tell most, as the log would.
fn reasons(view: &View<'_>, revealed: &Revealed, width: usize, out: &mut Vec<Line<'static>>) {
    let locale = view.locale;
    let mut events = Window::default();
    for event in revealed.happened.iter().filter(|e| tells(e)) {
        events.push(event.clone());
    }
    let world = World::default();
    let log = log::View {
        events: &events,
        dropped: 0,
        only: None,
        offset_from_end: 0,
        selected: None,
        wire: None,
        now: crate::journal::Micros(u64::MAX),
        skin: view.skin,
        locale,
        world: &world,
    };
    let head = match events.is_empty() {
        true => locale.say(Lesson::NothingHappened),
        false => locale.say(Lesson::Because),
    };
    out.push(steps::line_of(
        vec![(format!("   {head}:"), Ink::Dim)],
        view,
    ));
    for event in events.iter().take(REASONS) {
        let Some(brief) = log::brief(&log, event.n) else {
            continue;
        };
        let words = match brief.who.is_empty() {
            true => brief.text,
            false => format!("{}  {}", brief.who, brief.text),
        };
        let heads = Heads {
            first: "     ",
            rest: "       ",
        };
        let style = view.skin.style(brief.ink);
        out.extend(wrap(&plain(&words), width, heads, style, view.skin));
    }
}

/// A bare ACK explains nothing by itself, and neither do the calls that only open.
fn tells(event: &Event) -> bool {
    match &event.fact {
        Fact::App(_) => true,
        Fact::Kernel(kernel) => kernel.change.is_some(),
        Fact::Wire(fact) => {
            let has = |flag| fact.segment.flags.has(flag);
            fact.segment.len > 0 || [Flags::SYN, Flags::FIN, Flags::RST].into_iter().any(has)
        }
        Fact::Half(_) | Fact::Script { .. } | Fact::Note(_) => false,
    }
}
