//! One line of the ladder in its columns: left cell, rail, wire, rail, right cell, clock.

use ratatui::text::{Line as Text, Span};

use super::arrow::{self, Arrow};
use super::cells::cell;
use super::line::Line;
use super::pair::{Side, Toward};
use super::row::{Place, Progress, What};
use super::view::{View, name};
use crate::journal::Micros;
use crate::locale::Wire;
use crate::ui::glow::Glow;
use crate::ui::panes::line::{fit, spread};
use crate::ui::theme::Ink;
use crate::ui::visible;
use crate::ui::widgets::text::{cut_own, width as cells};

/// Columns that keep their place from line to line: left cell, rail, wire, rail, right cell, clock.
pub(super) struct Columns {
    pub width: usize,
    cell: usize,
    wire: usize,
    clock: usize,
}

impl Columns {
    pub fn of(width: usize) -> Columns {
        let (cell, clock) = match width {
            110.. => (26, 9),
            90.. => (22, 9),
            66.. => (19, 8),
            50.. => (12, 8),
            30.. => (8, 0),
            _ => (0, 0),
        };
        let beside = if cell > 0 { 2 * (cell + 1) } else { 0 };
        Columns {
            width,
            cell,
            wire: width.saturating_sub(beside + 2 + clock),
            clock,
        }
    }

    /// The names above the rails.
    pub fn heads(&self, view: &View<'_>) -> Text<'static> {
        let pair = view.ladder.pair();
        let head = |side: &Side, selected: bool| {
            let style = if selected { Ink::Selected } else { Ink::Title };
            let address = side
                .address
                .filter(|_| side.name.is_some())
                .map(|a| a.to_string())
                .unwrap_or_default();
            (
                Span::styled(name(view, side), view.skin.style(style)),
                Span::styled(address, view.skin.style(Ink::Dim)),
            )
        };
        let (left, left_at) = head(&pair.left, view.selected_left);
        let (right, right_at) = head(&pair.right, !view.selected_left);
        let middle = self.width.saturating_sub(self.clock) / 2;
        let mut spans = spread(
            vec![Span::raw(" "), left, Span::raw("  "), left_at],
            Vec::new(),
            middle,
            view.skin,
        )
        .spans;
        let rest = self.width.saturating_sub(self.clock + middle);
        spans.extend(
            spread(
                Vec::new(),
                vec![right_at, Span::raw("  "), right],
                rest,
                view.skin,
            )
            .spans,
        );
        Text::from(fit(spans, self.width, view.skin))
    }

    /// Rails with nothing between them, or with a word.
    pub fn rails(&self, view: &View<'_>, word: Option<&str>) -> Text<'static> {
        let dim = view.skin.style(Ink::Dim);
        let word = cut_own(word.unwrap_or_default(), self.wire, view.skin.glyphs);
        let before = self.wire.saturating_sub(cells(&word)) / 2;
        let after = self.wire.saturating_sub(cells(&word) + before);
        let wall = view.skin.glyphs.wall;
        let beside = self.beside();
        let text = format!(
            "{}{wall}{}{word}{}{wall}",
            " ".repeat(beside),
            " ".repeat(before),
            " ".repeat(after)
        );
        Text::from(fit(vec![Span::styled(text, dim)], self.width, view.skin))
    }

    fn beside(&self) -> usize {
        if self.cell > 0 { self.cell + 1 } else { 0 }
    }

    pub fn line(&self, view: &View<'_>, line: &Line) -> Text<'static> {
        #[cfg(test)]
        super::pictures::touched();
        let skin = view.skin;
        let pair = view.ladder.pair();
        let rail = Span::styled(skin.glyphs.wall, skin.style(Ink::Dim));
        let mut spans = self.text(view, line.left, &pair.left, Toward::Left);
        spans.push(rail.clone());
        spans.extend(self.between(view, line));
        spans.push(rail);
        spans.extend(self.text(view, line.right, &pair.right, Toward::Right));
        if self.clock > 0 {
            let fresh = Glow::fresh(line.at, view.now);
            let ink = if fresh { Ink::Title } else { Ink::Dim };
            let clock = format!("{:>1$}", clock(line.at), self.clock);
            spans.push(Span::styled(clock, skin.style(ink)));
        }
        let mut text = Text::from(fit(spans, self.width, skin));
        let selected = line
            .wire
            .map(|place| view.ladder.departure(place))
            .is_some_and(|place| view.stand.selected == Some(place));
        if selected {
            text = text.patch_style(skin.style(Ink::Selected));
        }
        text
    }

    /// The cell beside a rail: its text stands next to the rail.
    fn text(
        &self,
        view: &View<'_>,
        place: Option<Place>,
        side: &Side,
        which: Toward,
    ) -> Vec<Span<'static>> {
        let said = place
            .and_then(|place| view.ladder.row(place))
            .and_then(|row| cell(row, side, view.locale, view.skin));
        if self.cell == 0 {
            return Vec::new();
        }
        let (text, ink) = said.unwrap_or_default();
        let text = cut_own(&text, self.cell, view.skin.glyphs);
        let blank = Span::raw(" ".repeat(self.cell.saturating_sub(cells(&text))));
        let text = Span::styled(text, view.skin.style(ink));
        match which {
            Toward::Left => vec![blank, text, Span::raw(" ")],
            Toward::Right => vec![Span::raw(" "), text, blank],
        }
    }

    /// The segment, or nothing. Where there is no room beside the rails, the cells stand between them.
    fn between(&self, view: &View<'_>, line: &Line) -> Vec<Span<'static>> {
        let flight = line.wire.and_then(|place| view.ladder.flight(place));
        if let Some(flight) = flight
            && let Some(way) = view.ladder.toward(flight)
        {
            let arrow = Arrow {
                flight,
                way,
                arrives: line.arrives && flight.progress(view.now) == Progress::Landed,
                now: view.now,
            };
            return arrow::spans(&arrow, self.wire, view.skin, view.locale);
        }
        if let Some(rules) = line.wire.and_then(|place| rules(view, place)) {
            let text = cut_own(&rules, self.wire, view.skin.glyphs);
            let before = self.wire.saturating_sub(cells(&text)) / 2;
            let after = self.wire.saturating_sub(cells(&text) + before);
            return vec![
                Span::raw(" ".repeat(before)),
                Span::styled(text, view.skin.style(Ink::Closing)),
                Span::raw(" ".repeat(after)),
            ];
        }
        let pair = view.ladder.pair();
        let narrow = [(line.left, &pair.left), (line.right, &pair.right)];
        let said = narrow.into_iter().find_map(|(place, side)| {
            let row = view.ladder.row(place?)?;
            let (text, ink) = cell(row, side, view.locale, view.skin)?;
            Some((format!("{} {text}", name(view, side)), ink))
        });
        let (text, ink) = said.filter(|_| self.cell == 0).unwrap_or_default();
        let text = cut_own(&text, self.wire, view.skin.glyphs);
        let blank = " ".repeat(self.wire.saturating_sub(cells(&text)));
        vec![Span::styled(text, view.skin.style(ink)), Span::raw(blank)]
    }
}

/// `wire: hold fin`, where a row says that the rules changed.
fn rules(view: &View<'_>, place: Place) -> Option<String> {
    let What::Rules(rules) = &view.ladder.row(place)?.what else {
        return None;
    };
    Some(match rules {
        Some(rules) => {
            let shown = visible::text(rules, view.skin.glyphs.ascii).into_owned();
            view.locale.with(Wire::Rules, &[("rules", shown.into())])
        }
        None => view.locale.say(Wire::RulesCleared).into_owned(),
    })
}

/// Seconds and milliseconds since the journal began.
fn clock(at: Micros) -> String {
    format!("{}.{:03}", at.0 / 1_000_000, at.0 % 1_000_000 / 1000)
}
