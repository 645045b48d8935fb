//! The first line: what is looked at, what the session costs, and when the last event happened.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::command::Selector;
use crate::journal::Micros;
use crate::locale::{Lesson, Screen, Wire};
use crate::ui::model::{Freeze, Model};
use crate::ui::theme::Ink;
use crate::ui::widgets::number::{grouped, lapse};
use crate::ui::widgets::text::{cells, cut, cut_own};
use crate::ui::wire::rules;

pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    if area.is_empty() {
        return;
    }
    let skin = model.skin();
    let clock = clock(model.world.now);
    // The time of the last event, not a clock: it stands still while nothing happens.
    let right = format!("{clock} ");
    let room = area.width.saturating_sub(cells(&right) + 2);
    let mut left = vec![Span::styled(" finspect", skin.style(Ink::Title))];
    let mut used: u16 = 9;
    for (text, ink) in remarks(model) {
        let text = cut_own(
            &text,
            usize::from(room.saturating_sub(used + 2)),
            skin.glyphs,
        );
        if text.is_empty() {
            break;
        }
        used += cells(&text) + 2;
        left.push(Span::raw("  "));
        left.push(Span::styled(text, skin.style(ink)));
    }
    frame.render_widget(Line::from(left), area);
    if area.width >= used + cells(&right) {
        let x = area.right() - cells(&right);
        frame
            .buffer_mut()
            .set_string(x, area.y, right, skin.style(Ink::Dim));
    }
}

/// What stands after the name, the most important first.
fn remarks(model: &Model) -> Vec<(String, Ink)> {
    let locale = &model.settings.locale;
    let foreign = |text: &str| cut(text, 60, model.settings.glyphs);
    let mut out = vec![(foreign(&model.settings.title), Ink::Text)];
    if model.freeze != Freeze::Moving {
        let word = locale.say(Lesson::StatusFrozen).into_owned();
        out.push((word, Ink::Closing));
    }
    if let (true, Some(keys)) = (model.presenting, &model.pressed) {
        let args = [("keys", foreign(keys).into())];
        out.push((locale.with(Lesson::StatusPressed, &args), Ink::Key));
    }
    out.extend(wire(model));
    if model.settings.read_only {
        out.push((
            locale.say(Screen::StatusReadOnly).into_owned(),
            Ink::Closing,
        ));
    }
    if !model.filter.is_empty() {
        out.push((
            locale.with(
                Screen::StatusFilter,
                &[("text", foreign(&model.filter).into())],
            ),
            Ink::Closing,
        ));
    }
    if let Some(file) = &model.settings.recording {
        out.push((
            locale.with(Screen::StatusRecording, &[("file", foreign(file).into())]),
            Ink::Text,
        ));
    }
    if model.log.left > 0 {
        let args = [
            ("count", model.log.left.into()),
            ("number", grouped(model.log.left).into()),
        ];
        out.push((locale.with(Screen::StatusLeft, &args), Ink::Dim));
    }
    out.retain(|(text, _)| !text.is_empty());
    out
}

/// `wire ‖ holding fin`, `3 held`, `1 in flight`, `2 dropped`: where there is a wire.
fn wire(model: &Model) -> Vec<(String, Ink)> {
    if !model.settings.lab {
        return Vec::new();
    }
    let (locale, glyphs) = (&model.settings.locale, model.settings.glyphs);
    let state = &model.world.wire;
    let now = rules(&model.world);
    let (glyph, mode, ink) = if now.cut {
        let word = locale.say(Wire::StatusCut).into_owned();
        (glyphs.cut, word, Ink::Broken)
    } else if let Some(what) = &now.holding {
        let what = if *what == Selector::default() {
            String::new()
        } else {
            what.to_string()
        };
        let what = cut(&what, 30, glyphs);
        let word = locale.with(Wire::StatusHolding, &[("what", what.into())]);
        (glyphs.holding, word.trim_end().to_owned(), Ink::Closing)
    } else {
        let word = locale.say(Wire::StatusFlowing).into_owned();
        (glyphs.arrow_right, word, Ink::Open)
    };
    let args = [("glyph", glyph.into()), ("mode", mode.into())];
    let mut out = vec![(locale.with(Wire::Status, &args), ink)];
    if let Some(delay) = now.delay {
        let time = lapse(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX));
        out.push((
            locale.with(Wire::Late, &[("time", time.into())]),
            Ink::Closing,
        ));
    }
    let counts = [
        (Wire::StatusHeld, state.held().len() as u64, Ink::Text),
        (
            Wire::StatusInFlight,
            state.in_flight().len() as u64,
            Ink::Text,
        ),
        (Wire::StatusDropped, state.dropped, Ink::Text),
        // No loss of the wire, and never shown as one.
        (Wire::StatusLost, state.lost, Ink::Broken),
    ];
    let said = counts
        .into_iter()
        .filter(|(word, n, _)| *n > 0 || *word != Wire::StatusLost);
    out.extend(said.map(|(word, n, ink)| {
        let text = locale.with(word, &[("count", grouped(n).into())]);
        (text, ink)
    }));
    let others = now.others.join("; ");
    out.push((cut(&others, 40, glyphs), Ink::Closing));
    out
}

/// `mm:ss.mmm` since the journal began.
pub fn clock(at: Micros) -> String {
    let ms = at.0 / 1000;
    format!("{:02}:{:02}.{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_counts_minutes_beyond_the_hour() {
        assert_eq!(clock(Micros(12_480_999)), "00:12.480");
        assert_eq!(clock(Micros(3_600_000_000)), "60:00.000");
    }
}
