//! What a segment goes back to: a call of its sender, a timer, or the peer, as the rows around it show.
//!
//! Where the rows do not show a cause, none is told.

use super::cells;
use super::explain::Case;
use super::line::MOMENT;
use super::pair::Toward;
use super::row::{Flight, Row, What};
use crate::journal::{Call, Micros, Op};
use crate::locale::Wire;
use crate::tcp::{Explanation, Flags, Seq};
use crate::ui::widgets::number::lapse;

/// Rows that are searched in each direction.
const DEPTH: usize = 4_096;

impl<'a> Case<'a> {
    /// Segments before this one with their ways, newest first.
    fn earlier(&self) -> impl Iterator<Item = (&'a Flight, Toward)> {
        let ladder = self.ladder;
        ladder
            .before(self.place)
            .take(DEPTH)
            .filter_map(|(_, row)| match &row.what {
                What::Segment(flight) => Some(flight),
                _ => None,
            })
            .filter_map(|flight| Some((flight, ladder.toward(flight)?)))
    }

    fn own(&self) -> impl Iterator<Item = &'a Flight> {
        let way = self.way;
        self.earlier()
            .filter(move |(_, w)| *w == way)
            .map(|(f, _)| f)
    }

    /// The peer's segments that can have been known when this one left.
    fn answered(&self) -> impl Iterator<Item = &'a Flight> {
        let (way, left) = (self.way, self.flight.fact.left);
        self.earlier()
            .filter(move |(f, w)| *w != way && f.landed().is_some_and(|at| at.0 <= left.0 + MOMENT))
            .map(|(f, _)| f)
    }

    /// `retransmission 2 of seq 1, 407 ms after the one before; no answer came, so a timer sent it again`
    pub(super) fn repetition(&self, n: u32, of: Seq) -> String {
        let args = [("count", n.into()), ("seq", of.0.into())];
        let mut text = self.locale.with(Wire::IsRepeat, &args);
        let Some(first) = self.flight.fact.repeats_of else {
            return text;
        };
        let same = |f: &&Flight| f.fact.repeats_of == Some(first) || f.fact.id == first;
        // Repeats that were counted on a held segment have no moment of their own.
        let Some(before) = self.own().find(same).filter(|f| f.fact.repeats == 0) else {
            return text;
        };
        let gap = self.flight.fact.left.0.saturating_sub(before.fact.left.0);
        text += &self
            .locale
            .with(Wire::RepeatAfter, &[("time", lapse(gap).into())]);
        if let Some(reason) = self.prompted_since(before.fact.left) {
            text = format!("{text}; {reason}");
        }
        text
    }

    /// What made the sender repeat: silence, or the peer's duplicate ACKs. `None`: something else came meanwhile.
    fn prompted_since(&self, before: Micros) -> Option<String> {
        let came: Vec<_> = self
            .answered()
            .filter(|f| f.landed() >= Some(before))
            .map(|f| f.fact.why)
            .collect();
        let duplicates = came
            .iter()
            .filter(|why| **why == Some(Explanation::DuplicateAck))
            .count();
        match (came.len(), duplicates as u64) {
            (0, _) => Some(self.locale.say(Wire::ByTimer).into_owned()),
            (_, 0) => None,
            (_, n) => Some(
                self.locale
                    .with(Wire::ByDuplicateAcks, &[("count", n.into())]),
            ),
        }
    }

    /// The call that it goes back to, or for a RST the segment that it answers.
    pub(super) fn cause(&self) -> Option<String> {
        let s = &self.flight.fact.segment;
        let told = |call: &Call| {
            let (call, _) = cells::called(call, false, self.locale, self.skin);
            self.locale.with(Wire::CausedBy, &[("call", call.into())])
        };
        let at_once = |(at, call): (Micros, &'a Call)| {
            let near = at.0.abs_diff(self.flight.fact.left.0) < MOMENT;
            near.then_some(call)
        };
        match self.why() {
            // A timer or the peer brought it forth, and no call.
            Some(Explanation::Retransmission { .. }) => return None,
            Some(Explanation::Reset { answers: Some(seq) }) => {
                let args = [("seq", seq.0.into())];
                return Some(self.locale.with(Wire::Answers, &args));
            }
            Some(Explanation::WindowUpdate) => {
                return self
                    .call_until(|op| matches!(op, Op::Recv { .. }))
                    .and_then(at_once)
                    .map(told);
            }
            _ if self.flight.fact.copy_of.is_some() => return None,
            Some(_) | None => {}
        }
        if s.flags.has(Flags::RST) {
            let ends = |op: &Op| {
                matches!(
                    op,
                    Op::Close | Op::Kill { .. } | Op::Connect { to: None } | Op::Shutdown(_)
                )
            };
            return self.call_until(ends).and_then(at_once).map(told);
        }
        if s.flags.has(Flags::FIN) {
            let ends = |op: &Op| match op {
                Op::Shutdown(how) => how.sends(),
                Op::Close => !self.process_holds(),
                Op::Kill { .. } => true,
                _ => false,
            };
            return self.call_until(ends).map(|(_, call)| told(call));
        }
        if s.flags.has(Flags::SYN) {
            return self
                .call_from(|op| matches!(op, Op::Connect { to: Some(_) }))
                .map(told);
        }
        if s.len > 0 {
            return self
                .call_until(|op| matches!(op, Op::Send { .. }))
                .map(|(_, call)| told(call));
        }
        None
    }

    fn is_own(&self, row: &Row) -> bool {
        row.who
            .as_ref()
            .is_some_and(|who| self.side().ids.contains(&who.id))
    }

    /// A process had the socket too when the segment left: no close of another descriptor sent it.
    fn process_holds(&self) -> bool {
        let before = self.ladder.before(self.place).take(DEPTH);
        let mut told = before.filter_map(|(_, row)| match &row.what {
            What::Call { call, .. } if self.is_own(row) && call.result.is_ok() => match &call.op {
                Op::Fork { .. } => Some(true),
                Op::Kill { .. } => Some(false),
                _ => None,
            },
            _ => None,
        });
        told.next().unwrap_or(false)
    }

    /// The last such call of the sender that was made when the segment left. A call is told when it has returned,
    /// so it may stand a moment later.
    fn call_until(&self, meant: impl Fn(&Op) -> bool) -> Option<(Micros, &'a Call)> {
        let made = |row: &'a Row| match &row.what {
            What::Call { call, .. }
                if self.is_own(row) && meant(&call.op) && call.result.is_ok() =>
            {
                Some((row.at, call))
            }
            _ => None,
        };
        let ladder = self.ladder;
        let latest = self.flight.fact.left.0 + MOMENT;
        let just_after = ladder
            .after(self.place)
            .take_while(|(_, row)| row.at.0 <= latest)
            .find_map(|(_, row)| made(row));
        let before = || {
            ladder
                .before(self.place)
                .take(DEPTH)
                .find_map(|(_, row)| made(row))
        };
        before().or(just_after)
    }

    /// The first such call of the sender that returned after the segment left.
    fn call_from(&self, meant: impl Fn(&Op) -> bool) -> Option<&'a Call> {
        let ladder = self.ladder;
        let mut after = ladder.after(self.place).take(DEPTH);
        after.find_map(|(_, row)| match &row.what {
            What::Call { call, .. } if self.is_own(row) && meant(&call.op) => Some(call),
            _ => None,
        })
    }
}
