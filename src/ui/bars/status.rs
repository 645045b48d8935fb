//! The first line: what is looked at, what the session costs, and when the last event happened.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::journal::Micros;
use crate::locale::Screen;
use crate::ui::model::Model;
use crate::ui::theme::Ink;
use crate::ui::widgets::number::grouped;
use crate::ui::widgets::text::{cells, cut, cut_own};

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
