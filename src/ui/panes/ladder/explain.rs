//! A segment in sentences: what it is, why it was sent, as the wire explains it, and what became of it.
//!
//! It counts no sequence numbers of its own. What it goes back to stands in `cause`.

use super::pair::{Side, Toward};
use super::row::{Flight, Place};
use super::rows::Ladder;
use crate::journal::{Fate, Micros};
use crate::locale::{Locale, Pipe, Wire};
use crate::tcp::{Explanation, Flags};
use crate::ui::panes::segment::is_pure_ack;
use crate::ui::panes::why;
use crate::ui::theme::Skin;
use crate::ui::visible;
use crate::ui::widgets::number::lapse;

/// Everything that the sentences are made of.
pub(super) struct Case<'a> {
    pub ladder: &'a Ladder,
    pub place: Place,
    pub flight: &'a Flight,
    pub way: Toward,
    pub locale: &'a Locale,
    pub skin: Skin,
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
        if self.flight.fact.gso {
            out.push(self.locale.say(Wire::IsGso).into_owned());
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

    pub fn why(&self) -> Option<Explanation> {
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
            _ if self.flight.seen() => locale.say(Wire::FateSeen).into_owned(),
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
                    ("times", fact.repeats.saturating_add(1).into()),
                ];
                locale.with(Wire::FateHeld, &args)
            }
        }
    }

    pub fn side(&self) -> &'a Side {
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
}
