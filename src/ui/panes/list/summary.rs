//! The whole list in one line: `30 endpoints, 29 ESTABLISHED, 1 CLOSE-WAIT, 1 stuck: conn7 61 kB unread`.

use crate::journal::World;
use crate::locale::{Locale, Screen};
use crate::ui::census::{Census, Stuck};
use crate::ui::theme::{Glyphs, Ink};
use crate::ui::visible;
use crate::ui::widgets::number;

/// Counts, and the first one that is stuck. `shown`: rows that the filter lets through.
pub fn summary(
    census: &Census,
    world: &World,
    shown: usize,
    locale: &Locale,
    glyphs: &Glyphs,
) -> (String, Ink) {
    let total = census.total();
    let mut parts = Vec::new();
    // What needs a person's eye stands first, so that a narrow screen does not cut it off.
    if let Some((id, why)) = census.stuck().next() {
        let name = world
            .get(id)
            .map(|e| visible::text(&e.name, glyphs.ascii).into_owned())
            .unwrap_or_default();
        let args = [
            ("count", census.stuck_count().into()),
            ("name", name.into()),
            ("why", because(why, locale).into()),
        ];
        parts.push(locale.with(Screen::SummaryStuck, &args));
    }
    if shown < total {
        let args = [
            ("shown", number::grouped(shown as u64).into()),
            ("total", number::grouped(total as u64).into()),
        ];
        parts.push(locale.with(Screen::SummaryShown, &args));
    } else {
        let args = [
            ("count", total.into()),
            ("number", number::grouped(total as u64).into()),
        ];
        parts.push(locale.with(Screen::SummaryTotal, &args));
    }
    parts.extend(
        census
            .states()
            .into_iter()
            .map(|(state, count)| format!("{} {state}", number::grouped(count as u64))),
    );
    let ink = if census.stuck_count() > 0 {
        Ink::Closing
    } else {
        Ink::Dim
    };
    (parts.join(", "), ink)
}

fn because(why: Stuck, locale: &Locale) -> String {
    let (word, bytes, times) = match why {
        Stuck::Unread(bytes) => (Screen::StuckUnread, bytes, 0),
        Stuck::Blocked(bytes) => (Screen::StuckBlocked, bytes, 0),
        Stuck::Unanswered(times) => (Screen::StuckUnanswered, 0, times),
    };
    locale.with(
        word,
        &[
            ("bytes", number::bytes(bytes).into()),
            ("times", times.into()),
        ],
    )
}
