//! What the wire tells: the journal gets the facts of a turn at once, and its readers are woken once for many.
//!
//! It carries nothing and decides nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::clock::Clock;
use crate::engine::tape::Tape;
use crate::engine::wire::{Names, WireTelling};
use crate::journal::{Fact, Note, WireFact};
use crate::kernel::WireEnd;

/// Readers are woken no sooner after the last time: to wake a thread takes longer than to carry a frame.
const PAUSE: Duration = Duration::from_millis(1);
/// How often, while frames come, the kernel is asked for those that it dropped before the wire saw them.
const LOST_EVERY: Duration = Duration::from_millis(250);
/// Facts that wait for the journal at most, so that nobody waits long for its lock.
const MOST: usize = 256;

pub(super) struct Teller {
    tape: Arc<Tape>,
    clock: Clock,
    /// Not in the journal yet.
    facts: Vec<Fact>,
    /// In the journal, and no reader was woken for it yet.
    unheard: bool,
    rang: Instant,
    /// Frames came since the kernel was asked for those that it dropped.
    unasked: bool,
    asked: Instant,
    /// Frames that the kernel kept from the wire, or did not take from it, and that are not told yet.
    lost: u64,
    told_rules: String,
}

impl Teller {
    pub(super) fn new(tape: Arc<Tape>, clock: Clock) -> Teller {
        let now = Instant::now();
        Teller {
            tape,
            clock,
            facts: Vec::new(),
            unheard: false,
            rang: now,
            unasked: false,
            asked: now,
            lost: 0,
            told_rules: String::new(),
        }
    }

    /// A segment stands on the wire, was dropped, or was written to its receiver.
    /// The name of its receiver comes back.
    pub(super) fn segment(&mut self, told: &WireTelling, names: &mut Names) -> Arc<str> {
        let (from, to) = names.of(Some(told.host), &told.packet);
        let receiver = Arc::clone(&to);
        self.fact(Fact::Wire(WireFact {
            id: told.id,
            from,
            to,
            host: Some(told.host),
            segment: told.segment,
            fate: told.fate,
            left: told.left,
            due: told.due,
            repeats: told.repeats,
            repeats_of: told.repeats_of,
            copy_of: told.copy_of,
            why: told.why,
            dropped_by: told.reason,
            // The cable takes whole frames of the MTU only.
            gso: false,
        }));
        receiver
    }

    /// A rule that no segment has met.
    pub(super) fn unmet(&mut self, rule: String) {
        self.fact(Fact::Note(Note::WireUnmet { rule }));
    }

    /// The rules that stand now, if they are others than before.
    pub(super) fn rules(&mut self, rules: &[String]) {
        let rules = rules.join("; ");
        if rules != self.told_rules {
            let rule = match rules.as_str() {
                "" => "clear".to_owned(),
                _ => rules.clone(),
            };
            self.told_rules = rules;
            self.fact(Fact::Note(Note::Wire { rule }));
        }
    }

    /// Frames came, and so many more of them the wire could not take.
    pub(super) fn came(&mut self, lost: usize) {
        self.unasked = true;
        self.lost += lost as u64;
    }

    /// The kernel did not take a frame.
    pub(super) fn refused(&mut self) {
        self.unasked = true;
        self.lost += 1;
    }

    fn fact(&mut self, fact: Fact) {
        self.facts.push(fact);
        if self.facts.len() >= MOST {
            self.append();
        }
    }

    /// Everything told so far is in the journal when this returns.
    pub(super) fn append(&mut self) {
        if !self.facts.is_empty() {
            self.tape.append_all(self.clock.now(), self.facts.drain(..));
            self.unheard = true;
        }
    }

    /// At the end of a turn: appends, asks and rings, each when it is time for it.
    pub(super) fn end_turn(&mut self, ends: &[WireEnd; 2]) {
        let now = Instant::now();
        if self.unasked && now >= self.asked + LOST_EVERY {
            (self.unasked, self.asked) = (false, now);
            self.ask(ends);
        }
        self.append();
        if self.unheard && now >= self.rang + PAUSE {
            (self.unheard, self.rang) = (false, now);
            self.tape.ring();
        }
    }

    /// When there is something to do although nothing comes. `None`: never, and an idle thread sleeps on.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let ring = self.unheard.then(|| self.rang + PAUSE);
        let ask = self.unasked.then(|| self.asked + LOST_EVERY);
        ring.into_iter().chain(ask).min()
    }

    fn ask(&mut self, ends: &[WireEnd; 2]) {
        let dropped = ends.iter().filter_map(|end| end.lost().ok());
        let frames = std::mem::take(&mut self.lost) + dropped.map(u64::from).sum::<u64>();
        if frames > 0 {
            self.fact(Fact::Note(Note::WireLost { frames }));
        }
    }
}
