//! What stands beside the picture: where both ends are, what could come next for the selected one and what would cause
//! it, and the way that it has come.

use ratatui::text::{Line, Span};

use super::tokens::Token;
use super::view::View;
use crate::journal::Source;
use crate::locale::{Pipe, Wire};
use crate::tcp::{Cause, Row, State, TRANSITIONS};
use crate::ui::panes::ladder::broken;
use crate::ui::panes::line::fit;
use crate::ui::theme::Ink;
use crate::ui::widgets::text::{cut_own, width as cells};

/// How many lines there are for a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// One: a long cause is cut.
    Flat,
    /// Two, where one is too short.
    Tall,
}

/// The lines in `width` cells, the weightiest first.
pub(super) fn lines(
    view: &View<'_>,
    tokens: &[Option<Token<'_>>; 2],
    width: usize,
    room: Room,
) -> Vec<Line<'static>> {
    let skin = view.skin;
    let fitted = |spans: Vec<Span<'static>>| Line::from(fit(spans, width, skin));
    let mut lines: Vec<Line<'static>> = Vec::new();
    for token in tokens.iter().flatten() {
        let ink = if token.selected {
            Ink::Selected
        } else {
            Ink::Title
        };
        lines.push(fitted(vec![
            Span::styled(format!(" {} ", token.glyph), skin.style(Ink::Key)),
            Span::styled(token.name.clone(), skin.style(ink)),
            Span::raw("  "),
            Span::styled(token.state(skin.glyphs.inferred), skin.style(Ink::Kernel)),
        ]));
    }
    let Some(this) = tokens.iter().flatten().find(|t| t.selected) else {
        let nobody = view.locale.say(Pipe::Nobody).into_owned();
        lines.push(fitted(vec![Span::styled(
            format!(" {nobody}"),
            skin.style(Ink::Dim),
        )]));
        return lines;
    };
    let other = tokens.iter().flatten().find(|t| !t.selected);
    let peer = match other {
        Some(other) => other.name.clone(),
        None => view.locale.say(Pipe::ThePeer).into_owned(),
    };
    let said = |word| {
        let args = [
            ("name", this.name.as_str().into()),
            ("peer", peer.as_str().into()),
        ];
        view.locale.with(word, &args)
    };
    lines.push(fitted(vec![Span::styled(
        format!(
            " {}",
            said(if over(this) { Wire::Over } else { Wire::Next })
        ),
        skin.style(Ink::Dim),
    )]));
    if !over(this) {
        for row in possible(this.endpoint.state) {
            let cause = said(cause(row));
            lines.extend(transition(view, row, &cause, width, room));
        }
    }
    lines.extend(way(view, this, width));
    lines
}

/// The kernel has forgotten it, or there is nothing left to happen.
fn over(token: &Token<'_>) -> bool {
    token.endpoint.gone || token.node.ends
}

/// What could come next, in the order of the table: orderly ways first.
pub(super) fn possible(from: State) -> impl Iterator<Item = &'static Row> {
    TRANSITIONS
        .iter()
        .filter(move |row| row.from == from)
        // An accepted socket is born: nothing that could happen to this one.
        .filter(|row| (row.from, row.cause) != (State::Closed, Cause::Syn))
}

fn transition(
    view: &View<'_>,
    row: &Row,
    cause: &str,
    width: usize,
    room: Room,
) -> Vec<Line<'static>> {
    let skin = view.skin;
    let dim = skin.style(Ink::Dim);
    let becomes = skin.glyphs.becomes;
    let mut to = vec![
        Span::styled(format!("{becomes} "), dim),
        Span::styled(row.to.name(), skin.style(Ink::Kernel)),
    ];
    let target = cells(becomes) + 1 + cells(row.to.name());
    let section = Span::styled(format!("  {}", row.section), dim);
    let line = |spans| Line::from(fit(spans, width, skin));
    let said = |text: &str| Span::styled(format!("  {text}"), skin.style(Ink::Text));
    let used = 3 + cells(cause) + target;
    if used > width && room == Room::Tall {
        let mut below = vec![Span::raw("    ")];
        below.append(&mut to);
        if 4 + target + cells(&section.content) <= width {
            below.push(section);
        }
        let mut lines: Vec<Line<'static>> = broken(cause, width.saturating_sub(2))
            .iter()
            .map(|part| line(vec![said(part)]))
            .collect();
        lines.push(line(below));
        return lines;
    }
    // The state that it leads to stays, whatever the width.
    let over = used.saturating_sub(width);
    let cause = cut_own(cause, cells(cause).saturating_sub(over), skin.glyphs);
    let mut spans = vec![said(&cause), Span::raw(" ")];
    spans.append(&mut to);
    if used + cells(&section.content) <= width {
        spans.push(section);
    }
    vec![line(spans)]
}

fn cause(row: &Row) -> Wire {
    match (row.cause, row.from) {
        (Cause::PassiveOpen, _) => Wire::ByListen,
        (Cause::ActiveOpen, _) => Wire::ByConnect,
        (Cause::Syn, _) => Wire::BySyn,
        (Cause::SynAck, _) => Wire::BySynAck,
        (Cause::AckOfSyn, _) => Wire::ByAckOfSyn,
        (Cause::Close, State::Listen | State::SynSent) => Wire::ByClose,
        (Cause::Close, _) => Wire::ByShutdown,
        (Cause::Fin, _) => Wire::ByFin,
        (Cause::AckOfFin, _) => Wire::ByAckOfFin,
        (Cause::FinAndAckOfFin, _) => Wire::ByFinAndAck,
        (Cause::Reset, _) => Wire::ByReset,
        (Cause::Timeout, State::TimeWait) => Wire::ByTwoMsl,
        (Cause::Timeout, State::FinWait2) => Wire::ByFinTimeout,
        (Cause::Timeout, _) => Wire::ByTimeout,
    }
}

/// `way of client: SYN-SENT → ESTABLISHED → ~FIN-WAIT-1`
fn way(view: &View<'_>, token: &Token<'_>, width: usize) -> Vec<Line<'static>> {
    let Some(path) = token.path.filter(|p| p.states.len() > 1) else {
        return Vec::new();
    };
    let glyphs = view.skin.glyphs;
    let states: Vec<String> = path
        .states
        .iter()
        .map(|(state, source)| match source {
            Source::Inferred => format!("{}{state}", glyphs.inferred),
            Source::Measured | Source::Captured => state.to_string(),
        })
        .collect();
    let way = states.join(&format!(" {} ", glyphs.becomes));
    let args = [("name", token.name.as_str().into()), ("way", way.into())];
    let text = view.locale.with(Wire::Way, &args);
    broken(&text, width.saturating_sub(2))
        .into_iter()
        .map(|text| {
            let span = Span::styled(format!(" {text}"), view.skin.style(Ink::Dim));
            Line::from(fit(vec![span], width, view.skin))
        })
        .collect()
}
