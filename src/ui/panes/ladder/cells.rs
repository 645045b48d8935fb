//! What stands beside a rail: a call with its result, or the state that the kernel is in from now on.

use super::pair::Side;
use super::row::{Row, What};
use crate::journal::{Call, Source};
use crate::locale::{Locale, Wire};
use crate::tcp::State;
use crate::ui::panes::expression::expression;
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;

/// The text of a row and its ink; `None` for a segment.
pub(super) fn cell(row: &Row, side: &Side, locale: &Locale, skin: Skin) -> Option<(String, Ink)> {
    let (text, ink) = match &row.what {
        What::Call { call, eof } => called(call, *eof, locale, skin),
        What::State { to, source, gone } => state(*to, *source, *gone, locale, skin),
        What::Disputed(Some(segments)) => {
            let args = [("segments", segments.name().into())];
            (locale.with(Wire::Disagreement, &args), Ink::Broken)
        }
        What::Disputed(None) => (locale.say(Wire::Agreement).into_owned(), Ink::Dim),
        What::Rules(_) | What::Segment(_) | What::Arrival(_) => return None,
    };
    // Another descriptor of the same socket says who it is.
    let twin = row
        .who
        .as_ref()
        .filter(|who| side.ids.first() != Some(&who.id))
        .map(|who| visible::text(&who.name, skin.glyphs.ascii).into_owned());
    Some(match twin {
        Some(name) => (format!("{name}: {text}"), ink),
        None => (text, ink),
    })
}

/// `shutdown(send) = 0`, `recv() = 0 EOF`, `send(10) = -1 EPIPE`
pub(super) fn called(call: &Call, eof: bool, locale: &Locale, skin: Skin) -> (String, Ink) {
    let asked = expression(&call.op, skin.glyphs.ascii);
    match call.result {
        Ok(n) if eof => (format!("{asked} = {n} {}", locale.say(Wire::Eof)), Ink::App),
        Ok(n) => (format!("{asked} = {n}"), Ink::App),
        Err(errno) => (format!("{asked} = -1 {errno}"), Ink::Broken),
    }
}

/// `FIN-WAIT-2`, `~FIN-WAIT-2` where nobody said it, `FIN-WAIT-2 (wire)` where it follows from segments.
fn state(
    to: Option<State>,
    source: Source,
    gone: bool,
    locale: &Locale,
    skin: Skin,
) -> (String, Ink) {
    let mut words: Vec<String> = Vec::new();
    let mark = if source == Source::Inferred {
        skin.glyphs.inferred
    } else {
        ""
    };
    words.extend(to.map(|state| format!("{mark}{state}")));
    if source == Source::Captured {
        words.push(locale.say(Wire::Captured).into_owned());
    }
    if gone {
        words.push(locale.say(Wire::Gone).into_owned());
    }
    let ink = match source {
        Source::Measured | Source::Captured => Ink::Kernel,
        Source::Inferred => Ink::Inferred,
    };
    (words.join(" "), ink)
}
