//! Why a segment was sent, in a few words for a narrow column: only what its flags do not say already.

use crate::journal::{DropReason, WireFact};
use crate::locale::{Locale, Wire};
use crate::tcp::Explanation;

/// `retransmission 2 of seq 1`, `ACK of the FIN`; nothing where the segment speaks for itself.
pub(super) fn remark(fact: &WireFact, locale: &Locale) -> Option<String> {
    let say = |word| Some(locale.say(word).into_owned());
    if let Some(id) = fact.copy_of {
        return Some(locale.with(Wire::ShortCopy, &[("number", id.into())]));
    }
    match fact.why? {
        Explanation::Retransmission { n, of } => {
            let args = [("count", n.into()), ("seq", of.0.into())];
            Some(locale.with(Wire::IsRepeat, &args))
        }
        Explanation::Reset { answers: Some(seq) } => {
            Some(locale.with(Wire::Answers, &[("seq", seq.0.into())]))
        }
        Explanation::AckOfFin { again: false } => say(Wire::ShortAckOfFin),
        Explanation::AckOfFin { again: true } => say(Wire::ShortAckOfFinAgain),
        Explanation::Fin { acks_fin: true } | Explanation::Data { acks_fin: true } => {
            say(Wire::ShortAcksFinToo)
        }
        Explanation::ZeroWindowProbe => say(Wire::ShortWindowProbe),
        Explanation::KeepaliveProbe => say(Wire::ShortKeepalive),
        Explanation::AnswersProbe => say(Wire::AnswersProbe),
        Explanation::WindowUpdate => say(Wire::ShortWindowUpdate),
        Explanation::DuplicateAck => say(Wire::ShortDuplicateAck),
        Explanation::ChallengeAck => say(Wire::ShortChallengeAck),
        Explanation::Syn
        | Explanation::SynAck
        | Explanation::AckOfSyn
        | Explanation::Data { acks_fin: false }
        | Explanation::Fin { acks_fin: false }
        | Explanation::AnswersSeq(_)
        | Explanation::Reset { answers: None }
        | Explanation::Ack => None,
    }
}

/// What took it off the wire.
pub(super) const fn dropped(by: DropReason) -> Wire {
    match by {
        DropReason::Cut => Wire::DroppedByCut,
        DropReason::Rule => Wire::DroppedByRule,
        DropReason::Loss => Wire::DroppedByLoss,
        DropReason::Discarded => Wire::DroppedByHand,
        DropReason::Full => Wire::DroppedFull,
    }
}
