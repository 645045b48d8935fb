//! The state of the wire: what all segments told so far add up to. It keeps what stands on the wire now, and counts the
//! rest. The wire itself (the rules, the queue, the packets) is elsewhere; this is what the journal knows of it.
//!
//! ```text
//!   told             held, no due      ->  held        stands until it is passed, dropped or duplicated
//!                    held, with a due  ->  in flight   comes to its end by itself
//!                    anything else     ->  counted, and it stands nowhere any more
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use super::event::{Fate, LabChange, Note, WireFact};

/// See the head of this file. A wire counts for itself: a fresh lab has another one.
#[derive(Clone, Debug, Default)]
pub struct WireState {
    held: BTreeMap<u64, WireFact>,
    in_flight: BTreeMap<u64, WireFact>,
    /// The highest number of a segment so far: they rise in order of arrival.
    newest: u64,
    /// Segments that came out at the other end once.
    pub passed: u64,
    pub dropped: u64,
    /// Segments that came out twice.
    pub duplicated: u64,
    /// Retransmissions that were counted on a held segment and had no place of their own.
    pub counted: u64,
    /// Frames that the kernel dropped before the wire saw them. They are no loss on the wire.
    pub lost: u64,
    /// The rules in force, as command lines joined by `; `. `None`: every segment passes at once.
    pub rule: Option<Arc<str>>,
}

impl WireState {
    /// What a rule holds back, in order of arrival. A segment that stands here is as it was last told.
    pub fn held(&self) -> impl DoubleEndedIterator<Item = &WireFact> + ExactSizeIterator {
        self.held.values()
    }

    /// What is under way because of a delay, in order of arrival.
    pub fn in_flight(&self) -> impl DoubleEndedIterator<Item = &WireFact> + ExactSizeIterator {
        self.in_flight.values()
    }

    /// The segment of this number, while it is held or in flight.
    pub fn standing(&self, id: u64) -> Option<&WireFact> {
        self.held.get(&id).or_else(|| self.in_flight.get(&id))
    }

    /// No segment of this number was told so far. A segment without a number is new each time.
    pub fn is_new(&self, fact: &WireFact) -> bool {
        fact.id == 0 || fact.id > self.newest
    }

    /// How many retransmissions this telling counts on its segment that no earlier telling did.
    pub fn newly_counted(&self, fact: &WireFact) -> u32 {
        let known = self.standing(fact.id).map_or(0, |told| told.repeats);
        match self.is_new(fact) || self.standing(fact.id).is_some() {
            true => fact.repeats.saturating_sub(known),
            // It had come to its end: what was counted on it was told then.
            false => 0,
        }
    }

    /// Folds one telling of a segment. Who follows a part of the story keeps a state of its own.
    pub fn tell(&mut self, fact: &WireFact) {
        let counted = u64::from(self.newly_counted(fact));
        self.counted = self.counted.saturating_add(counted);
        self.newest = self.newest.max(fact.id);
        self.held.remove(&fact.id);
        self.in_flight.remove(&fact.id);
        match fact.fate {
            // Nothing could ever tell what became of it.
            Fate::Held if fact.id == 0 => {}
            Fate::Held if fact.due.is_some() => {
                self.in_flight.insert(fact.id, fact.clone());
            }
            Fate::Held => {
                self.held.insert(fact.id, fact.clone());
            }
            Fate::Passed => self.passed = self.passed.saturating_add(1),
            Fate::Dropped => self.dropped = self.dropped.saturating_add(1),
            Fate::Duplicated => self.duplicated = self.duplicated.saturating_add(1),
        }
    }

    /// Folds one remark. `false`: it is not about the wire, nor about the lab as a whole.
    pub fn remark(&mut self, note: &Note) -> bool {
        match note {
            Note::Wire { rule } => {
                self.rule = (rule != "clear").then(|| rule.as_str().into());
                true
            }
            Note::WireLost { frames } => {
                self.lost = self.lost.saturating_add(*frames);
                true
            }
            // The frames vanish with the world that they were in.
            Note::Lab {
                change: LabChange::Reset,
                failed: None,
            } => {
                // The wire of an older version counted its segments from the beginning then.
                *self = WireState::default();
                true
            }
            Note::WireUnmet { .. } | Note::Lab { .. } => true,
            Note::Waiting { .. }
            | Note::Abandoned { .. }
            | Note::Resolving { .. }
            | Note::Resolved { .. }
            | Note::Unresolved { .. }
            | Note::Saving { .. }
            | Note::FileFailed { .. }
            | Note::Reading { .. }
            | Note::Accepting { .. }
            | Note::OutOfDescriptors { .. }
            | Note::Linger { .. }
            | Note::Disagreement { .. }
            | Note::Agreement { .. }
            | Note::Ended { .. }
            | Note::Text(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::{Event, Fact, Host, Micros};
    use super::super::world::World;
    use super::*;
    use crate::tcp::{Flags, Segment, Seq};

    #[derive(Default)]
    struct Story {
        world: World,
        n: u64,
    }

    impl Story {
        fn tell(&mut self, fact: Fact) {
            self.n += 1;
            self.world.apply(&Event {
                n: self.n,
                at: Micros(self.n),
                who: None,
                fact,
            });
        }

        fn told(&mut self, id: u64, fate: Fate, due: Option<u64>, repeats: u32) {
            let segment = Segment {
                flags: Flags::FIN.with(Flags::ACK),
                seq: Seq(1),
                ack: Seq(1),
                len: 0,
                win: 64240,
            };
            self.tell(Fact::Wire(WireFact {
                id,
                from: "client".into(),
                to: "server".into(),
                host: Some(Host::A),
                segment,
                fate,
                left: Micros(0),
                due: due.map(Micros),
                repeats,
                repeats_of: None,
                gso: false,
                copy_of: None,
                why: None,
                dropped_by: None,
            }));
        }

        fn note(&mut self, note: Note) {
            self.tell(Fact::Note(note));
        }

        /// Numbers held, numbers in flight, counts of passed, dropped, duplicated, counted.
        fn is(&self, held: &[u64], in_flight: &[u64], counts: [u64; 4]) {
            let wire = &self.world.wire;
            assert_eq!(wire.held().map(|f| f.id).collect::<Vec<_>>(), held);
            assert_eq!(
                wire.in_flight().map(|f| f.id).collect::<Vec<_>>(),
                in_flight
            );
            assert_eq!(
                [wire.passed, wire.dropped, wire.duplicated, wire.counted],
                counts
            );
        }
    }

    #[test]
    fn a_segment_stands_on_the_wire_until_its_end_is_told() {
        let mut story = Story::default();
        story.told(1, Fate::Passed, None, 0);
        story.told(2, Fate::Held, None, 0);
        story.told(3, Fate::Held, Some(900), 0);
        story.told(4, Fate::Held, None, 0);
        story.is(&[2, 4], &[3], [1, 0, 0, 0]);
        story.told(2, Fate::Held, None, 1);
        story.told(2, Fate::Held, None, 3);
        assert_eq!(story.world.wire.standing(2).map(|f| f.repeats), Some(3));
        story.told(3, Fate::Passed, None, 0);
        story.told(2, Fate::Passed, None, 3);
        story.told(4, Fate::Dropped, None, 0);
        story.told(5, Fate::Duplicated, None, 0);
        story.is(&[], &[], [3, 1, 1, 3]);
        assert_eq!(story.world.wire.standing(2), None);
    }

    #[test]
    fn a_held_segment_may_be_delayed_and_a_delayed_one_held() {
        let mut story = Story::default();
        story.told(1, Fate::Held, None, 0);
        story.told(1, Fate::Held, Some(50), 0);
        story.is(&[], &[1], [0; 4]);
        story.told(1, Fate::Held, None, 0);
        story.is(&[1], &[], [0; 4]);
    }

    #[test]
    fn a_segment_without_a_number_stands_nowhere() {
        let mut story = Story::default();
        for fate in [Fate::Held, Fate::Passed, Fate::Passed] {
            story.told(0, fate, None, 0);
        }
        story.is(&[], &[], [2, 0, 0, 0]);
    }

    #[test]
    fn rules_and_lost_frames_are_told_by_notes() {
        let mut story = Story::default();
        story.note(Note::Wire {
            rule: "hold fin; drop 1 syn from a".into(),
        });
        story.note(Note::WireLost { frames: 2 });
        story.note(Note::WireLost { frames: 3 });
        let wire = &story.world.wire;
        assert_eq!(
            (wire.rule.as_deref(), wire.lost),
            (Some("hold fin; drop 1 syn from a"), 5)
        );
        story.note(Note::Wire {
            rule: "clear".into(),
        });
        assert_eq!(story.world.wire.rule, None);
        assert!(story.world.endpoints().is_empty());
    }

    #[test]
    fn a_fresh_world_has_an_empty_wire_and_a_refused_one_changes_nothing() {
        let mut story = Story::default();
        story.told(1, Fate::Held, None, 0);
        story.note(Note::Lab {
            change: LabChange::Reset,
            failed: Some("unshare(CLONE_NEWUSER): EPERM".into()),
        });
        story.note(Note::Lab {
            change: LabChange::Reboot(Host::A),
            failed: None,
        });
        story.is(&[1], &[], [0; 4]);
        story.note(Note::Lab {
            change: LabChange::Reset,
            failed: None,
        });
        story.is(&[], &[], [0; 4]);
        story.told(1, Fate::Held, None, 0);
        story.is(&[1], &[], [0; 4]);
    }
}
