//! The selected segment in words: one or two lines below the ladder, or its whole header in a box.

use ratatui::text::{Line, Span};

use super::explain::Case;
use super::view::View;
use crate::journal::Micros;
use crate::locale::Wire;
use crate::tcp::Flags;
use crate::ui::bars::status::clock;
use crate::ui::panes::line::{fit, grouped};
use crate::ui::panes::segment::{flags, header};
use crate::ui::theme::Ink;
use crate::ui::widgets::number::lapse;
use crate::ui::widgets::text::width as cells_of;

/// Header and explanation in `height` lines, broken between words.
pub(super) fn short(view: &View<'_>, width: usize, height: usize) -> Vec<Line<'static>> {
    let skin = view.skin;
    let Some(case) = view.case() else {
        let hint = view.locale.say(Wire::NoneSelected).into_owned();
        let spans = vec![Span::styled(format!("  {hint}"), skin.style(Ink::Dim))];
        return vec![Line::from(fit(spans, width, skin))];
    };
    let s = &case.flight.fact.segment;
    let header = header(s);
    let told = format!("{}{header}, {}", flags(s.flags), case.fate(view.now));
    let mut lines = vec![Line::from(fit(
        vec![Span::styled(format!("  {told}"), skin.style(Ink::Wire))],
        width,
        skin,
    ))];
    let sentence = case.sentences().join("; ");
    lines.extend(
        broken(&sentence, width.saturating_sub(4))
            .into_iter()
            .map(|text| {
                let spans = vec![Span::styled(format!("  {text}"), skin.style(Ink::Text))];
                Line::from(fit(spans, width, skin))
            }),
    );
    lines.truncate(height);
    lines
}

/// What the segment is and why it was sent, then every field of its header and what the wire did. `columns`: the fields
/// stand in so many of them.
pub(super) fn full(view: &View<'_>, width: usize, columns: usize) -> Vec<Line<'static>> {
    let skin = view.skin;
    let Some(case) = view.case() else {
        return short(view, width, 1);
    };
    let mut lines = Vec::new();
    for text in case.sentences() {
        let parts = broken(&text, width.saturating_sub(2));
        lines.extend(parts.into_iter().map(|text| {
            let spans = vec![Span::styled(format!(" {text}"), skin.style(Ink::Text))];
            Line::from(fit(spans, width, skin))
        }));
    }
    lines.push(Line::default());
    let room = width / columns.max(1);
    let fields = told(&fields(&case, view.now, view), room, view);
    let rows = fields.len().div_ceil(columns.max(1));
    lines.extend((0..rows).map(|row| {
        let beside = fields.iter().skip(row).step_by(rows);
        let mut spans: Vec<Span<'static>> = Vec::new();
        for cells in beside {
            let taken = spans.iter().map(|s| cells_of(&s.content)).sum::<usize>();
            spans.push(Span::raw(
                " ".repeat(taken.next_multiple_of(room.max(1)) - taken),
            ));
            spans.extend(cells.iter().cloned());
        }
        Line::from(fit(spans, width, skin))
    }));
    lines
}

/// Names in one column, values in another, long ones broken.
fn told(fields: &[(Wire, String)], room: usize, view: &View<'_>) -> Vec<Vec<Span<'static>>> {
    let name = |word: Wire| view.locale.say(word).into_owned();
    let widest = fields.iter().map(|(word, _)| cells_of(&name(*word))).max();
    let widest = widest.unwrap_or(0);
    let mut rows = Vec::new();
    for (word, value) in fields {
        let mut label = name(*word);
        for value in broken(value, room.saturating_sub(widest + 4)) {
            let pad = " ".repeat(widest.saturating_sub(cells_of(&label)));
            rows.push(vec![
                Span::styled(format!(" {label}{pad}  "), view.skin.style(Ink::Dim)),
                Span::styled(value, view.skin.style(Ink::Text)),
            ]);
            label.clear();
        }
    }
    rows
}

fn fields(case: &Case<'_>, now: Micros, view: &View<'_>) -> Vec<(Wire, String)> {
    let fact = &case.flight.fact;
    let s = &fact.segment;
    let bytes = |n: u32| {
        view.locale
            .with(crate::locale::Lane::Bytes, &[("bytes", n.into())])
    };
    let mut fields = vec![
        (Wire::FieldFlags, flags(s.flags)),
        (
            Wire::FieldSeq,
            format!("{}, {}", s.seq.0, {
                let args = [("number", s.next_seq().0.into())];
                view.locale.with(Wire::FieldNext, &args)
            }),
        ),
        (
            Wire::FieldAck,
            match s.flags.has(Flags::ACK) {
                true => s.ack.0.to_string(),
                false => "-".to_owned(),
            },
        ),
        (Wire::FieldLen, bytes(s.len)),
        (Wire::FieldWin, bytes(s.win)),
        (Wire::FieldLeft, clock(fact.left)),
    ];
    // On loopback it arrived as it left.
    if let Some(at) = case.flight.landed().filter(|_| !case.flight.seen()) {
        let took = lapse(at.0.saturating_sub(fact.left.0));
        fields.push((Wire::FieldLanded, format!("{} (+{took})", clock(at))));
    }
    fields.push((Wire::FieldFate, case.fate(now)));
    if fact.id != 0 {
        fields.push((Wire::FieldNumber, grouped(fact.id)));
    }
    if let Some(of) = fact.repeats_of {
        fields.push((Wire::FieldRepeats, grouped(of)));
    }
    if let Some(host) = fact.host {
        fields.push((Wire::FieldHost, host.word().to_owned()));
    }
    fields
}

/// A text in lines of at most `width` cells, broken between words.
pub(in crate::ui) fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if cells_of(line) + 1 + cells_of(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
