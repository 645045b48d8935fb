//! A segment in sentences: why it was sent, as the wire explains it, and which call or silence it goes back to, as the
//! rows around it show.
//!
//! It counts no sequence numbers of its own. Where the rows do not show a cause, none is told.

use super::line::MOMENT;
use super::pair::Toward;
use super::row::{Flight, Place, Row, What};
use super::rows::Ladder;
use super::{cells, pair::Side};
use crate::journal::{Call, Fate, Micros, Op};
use crate::locale::{Locale, Pipe, Wire};
use crate::tcp::{Explanation, Flags, Seq};
use crate::ui::panes::segment::is_pure_ack;
use crate::ui::panes::why;
use crate::ui::theme::Skin;
use crate::ui::visible;
use crate::ui::widgets::number::lapse;

/// Rows that are searched in each direction.
const DEPTH: usize = 4_096;

/// Everything that the sentences are made of.
pub(super) struct Case<'a> {
    ladder: &'a Ladder,
    place: Place,
    flight: &'a Flight,
    way: Toward,
    locale: &'a Locale,
    skin: Skin,
}

impl<'a> Case<'a> {
    pub fn of(
        ladder: &'a Ladder,
        place: Place,
        locale: &'a Locale,
        skin: Skin,
    ) -> Option<Case<'a>> {
        let place = ladder.departure(place);
        let flight = ladder.flight(place)?;
        let way = ladder.toward(flight)?;
        Some(Case {
            ladder,
            place,
            flight,
            way,
            locale,
            skin,
        })
    }

    pub fn flight(&self) -> &'a Flight {
        self.flight
    }

    /// What it is, what it answers and what caused it, the weightiest first.
    pub fn sentences(&self) -> Vec<String> {
        let s = &self.flight.fact.segment;
        let mut out = Vec::new();
        out.extend(self.purpose());
        if s.flags.has(Flags::RST) {
            out.push(self.named(Wire::IsReset));
        } else if s.flags.has(Flags::SYN.with(Flags::ACK)) {
            out.push(self.named(Wire::IsSynAck));
        } else if s.flags.has(Flags::SYN) {
            out.push(self.named(Wire::IsSyn));
        }
        if s.len > 0 {
            let args = [
                ("bytes", s.len.into()),
                ("first", s.seq.0.into()),
                ("last", (s.seq + (s.len - 1)).0.into()),
            ];
            out.push(self.locale.with(Wire::IsData, &args));
        }
        if s.flags.has(Flags::FIN) {
            out.push(self.named(Wire::IsFin));
        }
        if let Some(Explanation::Data { acks_fin } | Explanation::Fin { acks_fin }) = self.why()
            && acks_fin
        {
            out.push(self.named(Wire::AcksFinToo));
        }
        if s.closes_window() {
            out.push(self.named(Wire::WindowCloses));
        }
        out.extend(self.cause());
        out
    }

    fn why(&self) -> Option<Explanation> {
        self.flight.fact.why
    }

    /// What its flags do not say: whether it repeats, probes, or what it acknowledges.
    fn purpose(&self) -> Option<String> {
        let fact = &self.flight.fact;
        let s = &fact.segment;
        let number = |word, n: u32| self.locale.with(word, &[("number", n.into())]);
        if let Some(id) = fact.copy_of {
            let args = [
                ("number", id.into()),
                ("name", self.name(self.side()).into()),
            ];
            return Some(self.locale.with(Wire::IsCopy, &args));
        }
        match fact.why {
            Some(Explanation::Retransmission { n, of }) => Some(self.repetition(n, of)),
            Some(Explanation::ZeroWindowProbe) => Some(self.named(Wire::IsWindowProbe)),
            Some(Explanation::KeepaliveProbe) => Some(self.named(Wire::IsKeepalive)),
            Some(Explanation::AnswersProbe) => {
                Some(self.locale.say(Wire::AnswersProbe).into_owned())
            }
            Some(Explanation::AckOfSyn) => Some(self.named(Wire::AcksSyn)),
            Some(Explanation::AckOfFin { again: false }) => Some(self.named(Wire::AcksFin)),
            Some(Explanation::AckOfFin { again: true }) => Some(self.named(Wire::AcksFinAgain)),
            Some(Explanation::AnswersSeq(seq)) => Some(number(Wire::AcksData, seq.0)),
            Some(Explanation::DuplicateAck) => Some(number(Wire::AcksAgain, s.ack.0)),
            Some(Explanation::WindowUpdate) => Some(number(Wire::WindowOpens, s.win)),
            Some(Explanation::ChallengeAck) => Some(self.named(Wire::Challenges)),
            None if !is_pure_ack(s) => None,
            None | Some(Explanation::Ack) => Some(number(Wire::AcksUpTo, s.ack.0)),
            Some(
                Explanation::Syn
                | Explanation::SynAck
                | Explanation::Data { .. }
                | Explanation::Fin { .. }
                | Explanation::Reset { .. },
            ) => None,
        }
    }

    /// What the wire did with it.
    pub fn fate(&self, now: Micros) -> String {
        let fact = &self.flight.fact;
        let locale = self.locale;
        let since = |at: Micros| lapse(at.0.saturating_sub(fact.left.0));
        let time = |word, at| locale.with(word, &[("time", since(at).into())]);
        match (fact.fate, fact.due) {
            _ if self.flight.vanished => locale.say(Wire::FateVanished).into_owned(),
            (Fate::Duplicated, _) if self.flight.came_twice() => {
                time(Wire::FateTwice, self.flight.told)
            }
            (Fate::Passed | Fate::Duplicated, _) => time(Wire::FatePassed, self.flight.told),
            (Fate::Dropped, _) => match fact.dropped_by {
                Some(by) => {
                    let args = [
                        ("how", locale.say(why::dropped(by)).into()),
                        ("time", since(self.flight.told).into()),
                    ];
                    locale.with(Wire::FateDroppedBy, &args)
                }
                None => time(Wire::FateDropped, self.flight.told),
            },
            (Fate::Held, Some(due)) => {
                let left = lapse(due.0.saturating_sub(now.0));
                locale.with(Wire::FateFlying, &[("time", left.into())])
            }
            (Fate::Held, None) => {
                let args = [
                    ("time", since(now.max(fact.left)).into()),
                    ("repeats", fact.repeats.into()),
                ];
                locale.with(Wire::FateHeld, &args)
            }
        }
    }

    fn side(&self) -> &'a Side {
        let pair = self.ladder.pair();
        match self.way {
            Toward::Right => &pair.left,
            Toward::Left => &pair.right,
        }
    }

    fn other_side(&self) -> &'a Side {
        let pair = self.ladder.pair();
        match self.way {
            Toward::Right => &pair.right,
            Toward::Left => &pair.left,
        }
    }

    fn name(&self, side: &Side) -> String {
        match &side.name {
            Some(name) => visible::text(name, self.skin.glyphs.ascii).into_owned(),
            None => self.locale.say(Pipe::ThePeer).into_owned(),
        }
    }

    /// A sentence that names sender and receiver.
    fn named(&self, word: Wire) -> String {
        let args = [
            ("name", self.name(self.side()).into()),
            ("peer", self.name(self.other_side()).into()),
        ];
        self.locale.with(word, &args)
    }

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
    fn repetition(&self, n: u32, of: Seq) -> String {
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
            .take_while(|f| f.fact.left >= before)
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
    fn cause(&self) -> Option<String> {
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
            let ends =
                |op: &Op| matches!(op, Op::Close | Op::Connect { to: None } | Op::Shutdown(_));
            return self.call_until(ends).and_then(at_once).map(told);
        }
        if s.flags.has(Flags::FIN) {
            let ends = |op: &Op| match op {
                Op::Shutdown(how) => how.sends(),
                Op::Close => true,
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
