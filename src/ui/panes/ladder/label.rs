//! What stands on the arrow of a segment: what became of it, its flags, its header, as long as there is room for it.

use super::row::{Flight, Progress};
use crate::journal::{Fate, Micros};
use crate::locale::{Locale, Wire};
use crate::tcp::Flags;
use crate::ui::panes::segment::{flags, headers};
use crate::ui::theme::{Ink, Skin};
use crate::ui::widgets::number::lapse;
use crate::ui::widgets::text::width;

/// A segment that took at least so long, in microseconds, says so.
const LATE: u64 = 10_000;

/// Pieces of one ink each.
pub(super) type Label = Vec<(String, Ink)>;

/// The longest label that takes `room` cells at most.
pub(super) fn label(
    flight: &Flight,
    now: Micros,
    room: usize,
    locale: &Locale,
    skin: Skin,
) -> Label {
    let s = &flight.fact.segment;
    let ink = flag_ink(s.flags);
    let prefix = held(flight, now, locale, skin);
    let remarks = remarks(flight, now, locale);
    let headers = headers(s);
    let gso = flight.fact.gso.then(|| locale.say(Wire::Gso));
    let compose = |header: &str, with_remarks: bool| {
        let mut label: Label = Vec::new();
        if let Some(prefix) = &prefix {
            label.push((format!("{prefix} "), Ink::Closing));
        }
        label.push((flags(s.flags), ink));
        if !header.is_empty() {
            label.push((header.to_owned(), text_ink(s.flags)));
        }
        // It is no segment of its own, and is never drawn as one.
        label.extend(gso.iter().map(|word| (format!(" {word}"), Ink::Dim)));
        if with_remarks {
            label.extend(remarks.iter().map(|(r, ink)| (format!(" {r}"), *ink)));
        }
        label
    };
    // Remarks are worth more than window and acknowledgement, and less than the sequence number.
    let shortest = headers.len().saturating_sub(2);
    let long = headers.iter().take(shortest).map(|h| (h, true));
    let short = headers
        .iter()
        .skip(shortest.saturating_sub(1))
        .map(|h| (h, false));
    let length = format!(" len {}", s.len);
    let bare = gso.is_some().then_some((&length, false));
    let short = short.clone().take(1).chain(bare).chain(short.skip(1));
    long.chain(short)
        .map(|(header, remarks)| compose(header, remarks))
        .find(|label| cells(label) <= room)
        .unwrap_or_else(|| vec![(flags(s.flags), ink)])
}

/// Cells that a label takes.
pub(super) fn cells(label: &Label) -> usize {
    label.iter().map(|(text, _)| width(text)).sum()
}

/// FIN and RST stand out.
pub(super) fn flag_ink(flags: Flags) -> Ink {
    if flags.has(Flags::RST) {
        Ink::Broken
    } else if flags.has(Flags::FIN) {
        Ink::Fin
    } else if flags.has(Flags::SYN) {
        Ink::Open
    } else {
        Ink::Wire
    }
}

/// The line and the numbers of a segment.
pub(super) fn text_ink(flags: Flags) -> Ink {
    if flags.has(Flags::RST) {
        Ink::Broken
    } else {
        Ink::Wire
    }
}

/// `HELD ×3`
fn held(flight: &Flight, now: Micros, locale: &Locale, skin: Skin) -> Option<String> {
    if flight.progress(now) != Progress::Standing {
        return None;
    }
    let word = locale.say(Wire::Held);
    Some(match flight.fact.repeats {
        0 => word.into_owned(),
        n => format!("{word} {}{n}", skin.glyphs.times),
    })
}

fn remarks(flight: &Flight, now: Micros, locale: &Locale) -> Vec<(String, Ink)> {
    let say = |word, ink| (locale.say(word).into_owned(), ink);
    let mut remarks = Vec::new();
    if flight.fact.repeats_of.is_some() {
        remarks.push(say(Wire::Again, Ink::Closing));
    }
    if let Progress::Flying(_) = flight.progress(now) {
        remarks.push(say(Wire::InFlight, Ink::Dim));
    }
    match flight.fact.fate {
        _ if flight.vanished => remarks.push(say(Wire::Vanished, Ink::Dim)),
        Fate::Dropped => remarks.push(say(Wire::Lost, Ink::Broken)),
        Fate::Duplicated => remarks.push(say(Wire::Twice, Ink::Closing)),
        Fate::Passed | Fate::Held => {}
    }
    let late = flight
        .landed()
        .map(|at| at.0.saturating_sub(flight.fact.left.0))
        .filter(|us| *us >= LATE);
    remarks.extend(late.map(|us| {
        let text = locale.with(Wire::Late, &[("time", lapse(us).into())]);
        (text, Ink::Dim)
    }));
    remarks
}
