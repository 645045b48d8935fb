//! What was delivered to an end and waits for its answer: which of it does a segment that leaves answer?
//!
//! What fits in is acknowledged at once or a little later, several of it by one ACK. Everything else (old, beyond a
//! hole, a probe, what does not fit) draws an answer of its own, at once and in order, or none: Linux answers only two
//! of those a second (tcp_invalid_ratelimit). So time, an argument, tells which answers will not come any more.

use std::collections::VecDeque;

use super::octets::Fit;
use crate::journal::Micros;
use crate::tcp::{Flags, Packet, Seq};

/// Stimuli that are remembered: a burst may arrive before its first acknowledgement is seen.
const WAITING: usize = 1024;
/// Microseconds after which no answer comes that was due at once.
const AT_ONCE: u64 = 50_000;

/// What was delivered, and draws an answer. `seq` is relative, the other numbers are absolute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stimulus {
    /// When it was delivered.
    pub at: Micros,
    pub seq: Seq,
    /// Its own number, and the one after it.
    pub from: Seq,
    pub end: Seq,
    /// What it acknowledged; a RST that answers it takes this number.
    pub ack: Option<Seq>,
    pub kind: StimulusKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StimulusKind {
    Syn,
    SynAck,
    Octets {
        fit: Fit,
        fin: bool,
    },
    Probe,
    /// It does not fit: RFC 5961 has it answered by what would.
    Misfit,
}

impl Stimulus {
    /// Its payload should have been taken, and this acknowledgement says that it was not. A FIN alone needs no room.
    fn ends_after(&self, ack: Seq) -> bool {
        match self.kind {
            StimulusKind::Octets {
                fit: Fit::Next,
                fin,
            } => self.end > ack + u32::from(fin),
            StimulusKind::Octets { .. }
            | StimulusKind::Syn
            | StimulusKind::SynAck
            | StimulusKind::Probe
            | StimulusKind::Misfit => false,
        }
    }

    /// Its answer may be delayed, and answer others too.
    fn may_wait(&self) -> bool {
        matches!(self.kind, StimulusKind::Octets { fit: Fit::Next, .. })
    }

    fn is_handshake(&self) -> bool {
        matches!(self.kind, StimulusKind::Syn | StimulusKind::SynAck)
    }

    fn has_octets_before(&self, ack: Seq) -> bool {
        matches!(self.kind, StimulusKind::Octets { .. }) && self.end <= ack
    }
}

/// How a segment that carries an ACK stands to the one before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub ack: Seq,
    /// It acknowledges more.
    pub advances: bool,
    /// It tells more room.
    pub widens: bool,
}

#[derive(Debug, Default)]
pub(super) struct Stimuli {
    waiting: VecDeque<Stimulus>,
}

impl Stimuli {
    /// `limited`: the end answers only some of what does not fit, so a later one stands for those before it.
    pub(super) fn delivered(&mut self, stimulus: Stimulus, limited: bool) {
        let rare = matches!(stimulus.kind, StimulusKind::Probe | StimulusKind::Misfit);
        if limited && rare {
            self.waiting.retain(|s| s.kind != stimulus.kind);
        }
        if self.waiting.len() == WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(stimulus);
    }

    /// A segment leaves now: what was to be answered at once, and was not, will not be.
    pub(super) fn forget_unanswered(&mut self, left: Micros) {
        self.waiting
            .retain(|s| s.may_wait() || left.0 <= s.at.0.saturating_add(AT_ONCE));
    }

    /// Some payload that should have been taken was not, as this acknowledgement says.
    pub(super) fn left_out(&self, ack: Seq) -> bool {
        self.waiting.iter().any(|s| s.ends_after(ack))
    }

    /// What a segment with an ACK answers. `alone`: it carries nothing else.
    pub(super) fn answer(&mut self, told: Progress, alone: bool) -> Option<Stimulus> {
        let newest = if told.advances {
            let covered = |s: &Stimulus| s.has_octets_before(told.ack);
            let taken = |s: &Stimulus| s.is_handshake() || s.may_wait() && covered(s);
            let part = |s: &Stimulus| {
                let octets = matches!(s.kind, StimulusKind::Octets { .. });
                octets && s.from < told.ack && told.ack < s.end
            };
            let waiting = || self.waiting.iter();
            (waiting().rposition(taken))
                .or_else(|| waiting().rposition(covered))
                .or_else(|| waiting().position(part))?
        } else {
            let first = self.waiting.front().filter(|_| alone)?;
            if told.widens && first.ends_after(told.ack) {
                // It has not been looked at yet: the application read, and made room.
                return None;
            }
            0
        };
        self.waiting.drain(..=newest).next_back()
    }

    /// What drew this RST. One that answers takes its number from the ACK that drew it, and has no ACK of its own,
    /// unless a SYN without one drew it (RFC 9293, section 3.10.7.1). Otherwise it is the end's own wish, and nothing
    /// that came before is answered any more.
    pub(super) fn refuse(&mut self, p: &Packet) -> Option<Stimulus> {
        let drew = |s: &Stimulus| match p.flags.has(Flags::ACK) {
            true => s.kind == StimulusKind::Syn && s.end == p.ack,
            false => s.ack == Some(p.seq),
        };
        match self.waiting.iter().position(drew) {
            Some(at) => self.waiting.drain(..=at).next_back(),
            None => {
                self.waiting.clear();
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(from: u32, to: u32, fit: Fit) -> Stimulus {
        Stimulus {
            at: Micros(0),
            seq: Seq(from),
            from: Seq(from),
            end: Seq(to),
            ack: Some(Seq(1)),
            kind: StimulusKind::Octets { fit, fin: false },
        }
    }

    fn misfit(seq: u32) -> Stimulus {
        Stimulus {
            kind: StimulusKind::Misfit,
            ..octets(seq, seq, Fit::Next)
        }
    }

    fn told(ack: u32, advances: bool, widens: bool) -> Progress {
        Progress {
            ack: Seq(ack),
            advances,
            widens,
        }
    }

    fn after(delivered: &[Stimulus]) -> Stimuli {
        let mut stimuli = Stimuli::default();
        for stimulus in delivered {
            stimuli.delivered(*stimulus, true);
        }
        stimuli
    }

    #[test]
    fn one_ack_answers_all_that_it_covers_and_the_last_of_it_is_told() {
        let [one, two, three] = [1, 11, 21].map(|from| octets(from, from + 10, Fit::Next));
        let mut stimuli = after(&[one, two, three]);
        assert_eq!(stimuli.answer(told(21, true, false), true), Some(two));
        assert!(stimuli.left_out(Seq(21)));
        assert_eq!(stimuli.answer(told(31, true, false), false), Some(three));
        assert_eq!(stimuli.answer(told(31, false, true), true), None);
    }

    /// Delivered twice in a row, before the kernel's first answer was seen: each draws its own.
    #[test]
    fn what_is_old_is_answered_by_itself() {
        let (new, old) = (octets(1, 11, Fit::Next), octets(1, 11, Fit::Old));
        let mut stimuli = after(&[new, old, old]);
        let mut answer = |advances| stimuli.answer(told(11, advances, false), true);
        assert_eq!(answer(true), Some(new));
        assert_eq!([answer(false), answer(false)], [Some(old); 2]);
        assert_eq!(answer(false), None);
    }

    #[test]
    fn payload_on_its_way_into_the_queue_is_not_answered_by_a_window_update() {
        let next = octets(1, 11, Fit::Next);
        let mut stimuli = after(&[next]);
        assert_eq!(stimuli.answer(told(1, false, true), true), None);
        assert_eq!(stimuli.answer(told(1, false, false), true), Some(next));
    }

    /// What is not remembered any more is not made up.
    #[test]
    fn an_ack_answers_nothing_that_it_does_not_reach() {
        let next = octets(21, 31, Fit::Next);
        let mut stimuli = after(&[next]);
        assert_eq!(stimuli.answer(told(11, true, false), true), None);
        assert_eq!(
            stimuli.answer(told(25, true, false), true),
            Some(next),
            "a part of it"
        );
    }

    #[test]
    fn of_two_that_do_not_fit_one_is_answered() {
        let mut stimuli = after(&[misfit(5), misfit(6)]);
        let mut answer = || stimuli.answer(told(1, false, false), true);
        assert_eq!([answer(), answer()], [Some(misfit(6)), None]);
    }

    #[test]
    fn an_answer_that_was_due_at_once_is_waited_for_no_longer() {
        let (next, old) = (octets(1, 11, Fit::Next), octets(1, 5, Fit::Old));
        let mut stimuli = after(&[old, next]);
        stimuli.forget_unanswered(Micros(AT_ONCE + 1));
        assert_eq!(stimuli.answer(told(11, true, false), true), Some(next));
        assert_eq!(stimuli.answer(told(11, false, true), true), None);
    }

    #[test]
    fn the_list_is_bounded() {
        let old = octets(1, 2, Fit::Old);
        let mut stimuli = after(&[old; WAITING + 5]);
        let count = std::iter::from_fn(|| stimuli.answer(told(9, false, false), true)).count();
        assert_eq!(count, WAITING);
    }
}
