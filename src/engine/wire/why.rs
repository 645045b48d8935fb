//! Why an end sends what it sends: told from its numbers and from what it answers.
//!
//! It changes nothing. What no number explains is `Ack`.

use super::octets::Repeat;
use super::side::Side;
use super::stimuli::{Stimulus, StimulusKind};
use crate::tcp::{Explanation, Flags, Packet, Segment, Seq};

impl Side {
    pub(super) fn explain(
        &self,
        p: &Packet,
        segment: &Segment,
        repeat: Option<Repeat>,
        answered: Option<Stimulus>,
    ) -> Explanation {
        let has = |flag| p.flags.has(flag);
        if has(Flags::RST) {
            return Explanation::Reset {
                answers: answered.map(|s| s.seq),
            };
        }
        if let Some(repeat) = repeat {
            let ahead = self.isn.map_or(0, |isn| repeat.at - isn);
            return Explanation::Retransmission {
                n: repeat.n,
                of: Seq(ahead),
            };
        }
        let acks_fin = self.answers_fin(p) && !self.fin_answered;
        match (has(Flags::SYN), has(Flags::ACK)) {
            (true, true) => Explanation::SynAck,
            (true, false) => Explanation::Syn,
            _ if has(Flags::FIN) => Explanation::Fin { acks_fin },
            _ if p.len > 0 => Explanation::Data { acks_fin },
            _ => self.explain_ack(p, segment, answered),
        }
    }

    /// Of a segment that carries an ACK alone.
    fn explain_ack(
        &self,
        p: &Packet,
        segment: &Segment,
        answered: Option<Stimulus>,
    ) -> Explanation {
        if self.una.is_some_and(|una| p.seq + 1 == una) && self.spoken {
            return match self.peer_window {
                Some(0) => Explanation::ZeroWindowProbe,
                _ => Explanation::KeepaliveProbe,
            };
        }
        let advances = self.told.is_none_or(|(ack, _)| p.ack > ack);
        let fin = self.answers_fin(p);
        match answered.map(|s| (s.kind, s.seq)) {
            Some((StimulusKind::Octets { fin: true, .. }, _)) if fin => Explanation::AckOfFin {
                again: self.fin_answered,
            },
            _ if fin && !self.fin_answered => Explanation::AckOfFin { again: false },
            Some((StimulusKind::Syn | StimulusKind::SynAck, _)) => Explanation::AckOfSyn,
            Some((StimulusKind::Misfit, _)) => Explanation::ChallengeAck,
            Some((StimulusKind::Probe, _)) => Explanation::AnswersProbe,
            Some((StimulusKind::Octets { .. }, seq)) if advances => Explanation::AnswersSeq(seq),
            Some((StimulusKind::Octets { .. }, _)) => Explanation::DuplicateAck,
            None if advances => Explanation::Ack,
            None => match self.told {
                Some((_, win)) if segment.win > win => Explanation::WindowUpdate,
                _ => Explanation::Ack,
            },
        }
    }

    pub(super) fn answers_fin(&self, p: &Packet) -> bool {
        p.flags.has(Flags::ACK) && self.peer_fin.is_some_and(|fin| p.ack.covers(fin))
    }
}
