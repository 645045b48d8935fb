//! The whole text as lines, as far as the learner has come, and which of them are about what is next.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::text::{Heads, plain, wrap};
use super::view::View;
use super::{question, steps};
use crate::lesson::{Block, Phase, Prose, Sign};
use crate::locale::Lesson;
use crate::ui::theme::Ink;

/// The lines of a lesson.
pub struct Page {
    pub lines: Vec<Line<'static>>,
    /// What the learner looks at now.
    pub focus: Range<usize>,
}

/// Lines of `width` cells.
pub fn lines(view: &View<'_>, width: usize) -> Page {
    let mut page = Page {
        lines: Vec::new(),
        focus: 0..0,
    };
    let runner = view.runner;
    let lesson = runner.lesson();
    page.head(view, width);
    for (index, block) in lesson.blocks.iter().enumerate() {
        if index > runner.block() {
            break;
        }
        let start = page.lines.len();
        match block {
            Block::Prose(prose) => page.prose(view, prose, width),
            Block::Listing(listing) if listing.api.is_none() => {
                page.gap(view);
                let ink = view.skin.style(Ink::Dim);
                let line = |text: &str| Line::styled(format!("   {text}"), ink);
                page.lines
                    .extend(listing.lines.iter().map(|l| line(&l.text)));
            }
            // It stands pinned below.
            Block::Listing(_) => {}
            Block::Steps(block) => {
                page.gap(view);
                steps::lines(view, index, &block.steps, width, &mut page.lines);
            }
            Block::Ask(ask) => {
                page.gap(view);
                question::lines(view, index, ask, width, &mut page.lines);
            }
        }
        if index == runner.block() {
            page.focus = start..page.lines.len();
        }
    }
    page.foot(view, width);
    page
}

impl Page {
    fn head(&mut self, view: &View<'_>, width: usize) {
        let about = &view.runner.lesson().about;
        let locale = view.locale;
        let minutes = locale.with(Lesson::Minutes, &[("minutes", about.minutes.into())]);
        let dim = view.skin.style(Ink::Dim);
        self.add(view, &format!("{}, {minutes}", about.title), width, "", dim);
        if !about.learn.is_empty() {
            let words = format!("{}:", locale.say(Lesson::Learn));
            self.add(view, &words, width, "", dim);
            for learn in &about.learn {
                self.add(view, learn, width, "- ", dim);
            }
        }
    }

    /// At the end, and where something must be said about where the lesson stands.
    fn foot(&mut self, view: &View<'_>, width: usize) {
        let locale = view.locale;
        let warn = view.skin.style(Ink::Closing);
        let start = self.lines.len();
        match view.runner.phase() {
            Phase::Finished => {
                self.gap(view);
                let end = view.skin.style(Ink::Open).add_modifier(Modifier::BOLD);
                self.add(view, &locale.say(Lesson::TheEnd), width, "", end);
                let help = view.skin.style(Ink::Text);
                self.add(view, &locale.say(Lesson::TheEndHelp), width, "", help);
                self.sources(view, width);
                self.focus = start..self.lines.len();
            }
            Phase::Failed { line, seen } => {
                let line = view.runner.lesson().line(*line);
                let broken = view.skin.style(Ink::Broken);
                let words = format!("{}: {}", locale.say(Lesson::Failed), line.text);
                self.add(view, &words, width, "", broken);
                let args = [("seen", seen.to_string().into())];
                self.add(
                    view,
                    &locale.with(Lesson::SeenInstead, &args),
                    width,
                    "  ",
                    broken,
                );
                self.add(view, &locale.say(Lesson::FailedHelp), width, "", warn);
                self.focus.end = self.lines.len();
            }
            Phase::Freshening => {
                self.add(view, &locale.say(Lesson::Freshening), width, "", warn);
                self.focus.end = self.lines.len();
            }
            Phase::Ready { .. }
            | Phase::Playing { .. }
            | Phase::Watching { .. }
            | Phase::Pausing { .. }
            | Phase::Asking
            | Phase::Deciding
            | Phase::Revealed(_) => {}
        }
        if view.runner.strayed() {
            self.add(view, &locale.say(Lesson::Strayed), width, "", warn);
            self.focus.end = self.lines.len();
        }
    }

    fn sources(&mut self, view: &View<'_>, width: usize) {
        let sources = &view.runner.lesson().about.sources;
        if sources.is_empty() {
            return;
        }
        self.gap(view);
        let dim = view.skin.style(Ink::Dim);
        let words = format!(
            "{}: {}",
            view.locale.say(Lesson::Sources),
            sources.join("; ")
        );
        self.add(view, &words, width, "", dim);
    }

    /// Our own words, or plain ones of the lesson's head.
    fn add(&mut self, view: &View<'_>, words: &str, width: usize, sign: &str, style: Style) {
        let first = format!(" {sign}");
        let rest = " ".repeat(first.len());
        let heads = Heads {
            first: &first,
            rest: &rest,
        };
        self.lines
            .extend(wrap(&plain(words), width, heads, style, view.skin));
    }

    /// An empty line between two things, two for a projector.
    fn gap(&mut self, view: &View<'_>) {
        let lines = if view.roomy { 2 } else { 1 };
        for _ in 0..lines {
            self.lines.push(Line::default());
        }
    }

    fn prose(&mut self, view: &View<'_>, prose: &Prose, width: usize) {
        let skin = view.skin;
        let text_style = skin.style(Ink::Text);
        let set = |text, first: &str, rest: &str, style| {
            let heads = Heads { first, rest };
            wrap(text, width, heads, style, skin)
        };
        let lines = match prose {
            Prose::Heading { text, .. } => {
                let style = skin.style(Ink::Title).add_modifier(Modifier::BOLD);
                set(text, " ", " ", style)
            }
            Prose::Paragraph(text) => set(text, " ", " ", text_style),
            Prose::Item { depth, sign, text } => {
                let sign = match sign {
                    Sign::Bullet => "-".to_owned(),
                    Sign::Number(n) => format!("{n}."),
                    Sign::None => String::new(),
                };
                let first = format!(" {}{sign:<2} ", "  ".repeat(*depth));
                let rest = " ".repeat(first.len());
                let lines = set(text, &first, &rest, text_style);
                self.lines.extend(lines);
                return;
            }
            Prose::Quote(text) => set(text, " | ", " | ", skin.style(Ink::Dim)),
            Prose::Rule => {
                let rule = skin.glyphs.rule.repeat(width.saturating_sub(2));
                vec![Line::from(Span::styled(
                    format!(" {rule}"),
                    skin.style(Ink::Dim),
                ))]
            }
        };
        self.gap(view);
        self.lines.extend(lines);
    }
}
