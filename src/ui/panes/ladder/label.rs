//! What stands on the arrow of a segment: what became of it, its flags, its header, as long as there is room for it.

use super::row::{Flight, Progress};
use crate::journal::{Fate, Micros};
use crate::locale::{Locale, Wire};
use crate::tcp::{Explanation, Flags};
use crate::ui::panes::segment::{flags, headers, is_pure_ack};
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
    let purpose = purpose(flight, locale, skin);
    let fate = fate(flight, now, locale);
    let gso = flight.fact.gso.then(|| locale.say(Wire::Gso));
    let compose = |header: &str, window: bool, remarks: usize| {
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
        // `ACK 1026 of the FIN win 64240`: what it acknowledges and why belong together.
        let pure = is_pure_ack(s);
        let win = || (format!(" win {}", s.win), text_ink(s.flags));
        if window && !pure {
            label.push(win());
        }
        let told = purpose
            .iter()
            .take(remarks)
            .map(|(r, i)| (format!(" {r}"), *i));
        label.extend(told);
        if window && pure {
            label.push(win());
        }
        let fates = remarks.saturating_sub(purpose.iter().count());
        label.extend(fate.iter().take(fates).map(|(r, i)| (format!(" {r}"), *i)));
        label
    };
    // Remarks are worth more than window and acknowledgement, and less than the number that names the segment. What it
    // is comes before what it carries, and that before what became of it.
    let (own, all) = (purpose.iter().count(), purpose.iter().count() + fate.len());
    let headers = headers(s);
    let named = headers
        .len()
        .saturating_sub(if is_pure_ack(s) { 1 } else { 2 });
    let long = (1..=all).rev().flat_map(|remarks| {
        let whole = usize::from(remarks > own && !is_pure_ack(s));
        let named = headers.iter().take(named.saturating_sub(whole));
        named.map(move |(header, window)| (header, *window, remarks))
    });
    let length = format!(" len {}", s.len);
    let bare = gso.is_some().then_some((&length, false, 0));
    let mut short: Vec<_> = headers.iter().map(|(h, window)| (h, *window, 0)).collect();
    // In place of the number alone: a length says more of what is no segment.
    let numbered = short.len().saturating_sub(3);
    short.splice(numbered..numbered, bare);
    long.chain(short)
        .map(|(header, window, remarks)| compose(header, window, remarks))
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

/// `HELD ×3`: it was sent three times so far.
fn held(flight: &Flight, now: Micros, locale: &Locale, skin: Skin) -> Option<String> {
    if flight.progress(now) != Progress::Standing {
        return None;
    }
    let word = locale.say(Wire::Held);
    Some(match flight.fact.repeats {
        0 => word.into_owned(),
        n => format!("{word} {}{}", skin.glyphs.times, n.saturating_add(1)),
    })
}

/// What its flags do not say, in a word: `again ×2`, `of the FIN`, `probe`.
fn purpose(flight: &Flight, locale: &Locale, skin: Skin) -> Option<(String, Ink)> {
    let say = |word, ink| Some((locale.say(word).into_owned(), ink));
    if flight.fact.copy_of.is_some() {
        return say(Wire::Copy, Ink::Closing);
    }
    match flight.fact.why? {
        Explanation::Retransmission { n: 0 | 1, .. } => say(Wire::Again, Ink::Closing),
        Explanation::Retransmission { n, .. } => {
            let again = locale.say(Wire::Again);
            Some((format!("{again} {}{n}", skin.glyphs.times), Ink::Closing))
        }
        Explanation::AckOfFin { .. } => say(Wire::OfTheFin, Ink::Fin),
        Explanation::ZeroWindowProbe | Explanation::KeepaliveProbe => say(Wire::Probe, Ink::Dim),
        Explanation::WindowUpdate => say(Wire::Update, Ink::Dim),
        Explanation::DuplicateAck => say(Wire::Duplicate, Ink::Dim),
        Explanation::ChallengeAck => say(Wire::Challenge, Ink::Closing),
        Explanation::Syn
        | Explanation::SynAck
        | Explanation::AckOfSyn
        | Explanation::Data { .. }
        | Explanation::Fin { .. }
        | Explanation::AnswersSeq(_)
        | Explanation::AnswersProbe
        | Explanation::Reset { .. }
        | Explanation::Ack => None,
    }
}

/// What became of it, as far as the line does not show it: `in flight`, `dropped`, `+2 s`.
fn fate(flight: &Flight, now: Micros, locale: &Locale) -> Vec<(String, Ink)> {
    let say = |word, ink| (locale.say(word).into_owned(), ink);
    let mut remarks = Vec::new();
    if let Progress::Flying(_) = flight.progress(now) {
        remarks.push(say(Wire::InFlight, Ink::Dim));
    }
    match flight.fact.fate {
        _ if flight.vanished => remarks.push(say(Wire::Vanished, Ink::Dim)),
        Fate::Dropped => remarks.push(say(Wire::Lost, Ink::Broken)),
        Fate::Duplicated if flight.fact.copy_of.is_none() => {
            remarks.push(say(Wire::Twice, Ink::Closing))
        }
        Fate::Passed | Fate::Held | Fate::Duplicated => {}
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
