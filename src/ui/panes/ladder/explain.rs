//! What a segment is, and which call or segment it goes back to: read from the rows before it, by sequence number.
//!
//! Where the rows do not show a cause, none is told.

use super::line::MOMENT;
use super::pair::Toward;
use super::row::{Flight, Place, Row, What};
use super::rows::Ladder;
use super::{cells, pair::Side};
use crate::journal::{Call, Fate, Micros, Op};
use crate::locale::{Locale, Pipe, Wire};
use crate::tcp::{Flags, Segment};
use crate::ui::panes::segment::is_pure_ack;
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
        out.extend(self.repetition());
        if s.flags.has(Flags::RST) {
            out.push(self.named(Wire::IsReset));
        } else if s.flags.has(Flags::SYN.with(Flags::ACK)) {
            out.push(self.named(Wire::IsSynAck));
        } else if s.flags.has(Flags::SYN) {
            out.push(self.named(Wire::IsSyn));
        } else if is_pure_ack(s) {
            out.extend(self.acknowledgement());
        }
        if s.len > 0 {
            let args = [
                ("bytes", s.len.into()),
                ("first", s.seq.0.into()),
                ("last", (s.seq + (s.len - 1)).0.into()),
            ];
            out.push(self.locale.with(Wire::IsData, &args));
        }
        if self.flight.fact.gso {
            out.push(self.locale.say(Wire::IsGso).into_owned());
        }
        if s.flags.has(Flags::FIN) {
            out.push(self.named(Wire::IsFin));
        }
        if !is_pure_ack(s) && self.first_to_acknowledge_fin() {
            out.push(self.named(Wire::AcksFinToo));
        }
        out.extend(self.cause());
        out
    }

    /// What the wire did with it.
    pub fn fate(&self, now: Micros) -> String {
        let fact = &self.flight.fact;
        let locale = self.locale;
        let since = |at: Micros| lapse(at.0.saturating_sub(fact.left.0));
        let time = |word, at| locale.with(word, &[("time", since(at).into())]);
        match (fact.fate, fact.due) {
            _ if self.flight.vanished => locale.say(Wire::FateVanished).into_owned(),
            _ if self.flight.seen() => locale.say(Wire::FateSeen).into_owned(),
            (Fate::Passed, _) => time(Wire::FatePassed, self.flight.told),
            (Fate::Duplicated, _) => time(Wire::FateTwice, self.flight.told),
            (Fate::Dropped, _) => time(Wire::FateDropped, self.flight.told),
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

    /// `retransmission 2 of seq 1, 407 ms after the one before`
    fn repetition(&self) -> Option<String> {
        let first = self.flight.fact.repeats_of?;
        let again = |f: &&Flight| f.fact.repeats_of == Some(first);
        let origin = |f: &&Flight| f.fact.id == first;
        let held = self.own().find(origin).map_or(0, |f| f.fact.repeats);
        let count = self.own().filter(again).count() as u64 + u64::from(held) + 1;
        let args = [
            ("count", count.into()),
            ("seq", self.flight.fact.segment.seq.0.into()),
        ];
        let mut text = self.locale.with(Wire::IsRepeat, &args);
        // Repeats that were counted on a held segment have no moment of their own.
        if held == 0
            && let Some(before) = self.own().find(|f| again(f) || origin(f))
        {
            let gap = self.flight.fact.left.0.saturating_sub(before.fact.left.0);
            text += &self
                .locale
                .with(Wire::RepeatAfter, &[("time", lapse(gap).into())]);
        }
        Some(text)
    }

    fn acknowledgement(&self) -> Option<String> {
        let s = &self.flight.fact.segment;
        let locale = self.locale;
        let number = |word, n: u32| locale.with(word, &[("number", n.into())]);
        if let Some(probe) = self.probe() {
            return Some(probe);
        }
        let before = self
            .own()
            .map(|f| &f.fact.segment)
            .find(|o| o.flags.has(Flags::ACK));
        if let Some(before) = before.filter(|o| o.ack == s.ack) {
            return Some(match (before.win, s.win) {
                (a, b) if a == b => match self.answered().next() {
                    Some(q) => locale.with(
                        Wire::AcksAgain,
                        &[
                            ("number", s.ack.0.into()),
                            ("seq", q.fact.segment.seq.0.into()),
                        ],
                    ),
                    None => number(Wire::AcksAgainAlone, s.ack.0),
                },
                (_, 0) => self.named(Wire::WindowCloses),
                (_, win) => number(Wire::WindowOpens, win),
            });
        }
        let answered = self
            .answered()
            .map(|f| &f.fact.segment)
            .find(|q| q.next_seq() == s.ack && q.next_seq() != q.seq);
        Some(match answered {
            Some(q) if q.flags.has(Flags::FIN) => self.named(Wire::AcksFin),
            Some(q) if q.flags.has(Flags::SYN) => self.named(Wire::AcksSyn),
            Some(q) => number(Wire::AcksData, q.seq.0),
            None => number(Wire::AcksUpTo, s.ack.0),
        })
    }

    /// Linux probes with the number before the next one, which the peer must answer (tcp_xmit_probe_skb).
    fn probe(&self) -> Option<String> {
        let s = &self.flight.fact.segment;
        let next = self.own().map(|f| f.fact.segment.next_seq()).fold(
            None::<crate::tcp::Seq>,
            |most, n| match most {
                Some(most) if most.since(n) >= 0 => Some(most),
                _ => Some(n),
            },
        )?;
        if s.seq.since(next) != -1 {
            return None;
        }
        let window = self.answered().next().map(|q| q.fact.segment.win);
        Some(match window {
            Some(0) => self.named(Wire::IsWindowProbe),
            _ => self.named(Wire::IsKeepalive),
        })
    }

    /// It is the sender's first segment that covers the peer's FIN.
    fn first_to_acknowledge_fin(&self) -> bool {
        let s = &self.flight.fact.segment;
        let covers = |s: &Segment| {
            s.flags.has(Flags::ACK)
                && self.answered().any(|q| {
                    let q = &q.fact.segment;
                    q.flags.has(Flags::FIN) && q.next_seq() == s.ack
                })
        };
        covers(s) && !self.own().any(|o| o.fact.segment.ack == s.ack)
    }

    /// The call that it goes back to.
    fn cause(&self) -> Option<String> {
        let s = &self.flight.fact.segment;
        let told = |call: &Call| {
            let (call, _) = cells::called(call, false, self.locale, self.skin);
            self.locale.with(Wire::CausedBy, &[("call", call.into())])
        };
        if self.flight.fact.repeats_of.is_some() {
            return None;
        }
        if s.flags.has(Flags::RST) {
            return self
                .call_until(|op| {
                    matches!(op, Op::Close | Op::Connect { to: None } | Op::Shutdown(_))
                })
                .filter(|(at, _)| at.0.abs_diff(self.flight.fact.left.0) < MOMENT)
                .map(|(_, call)| told(call))
                .or_else(|| self.answers());
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

    /// A RST that no call asked for answers a segment.
    fn answers(&self) -> Option<String> {
        let q = self.answered().next()?;
        let args = [("seq", q.fact.segment.seq.0.into())];
        Some(self.locale.with(Wire::Answers, &args))
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
