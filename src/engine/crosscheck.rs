//! Two who should know: the states that segments prove, beside the kernel's own. What they disagree about is told.
//!
//! The rule stands in `wire::agreement`; here is who asks whom and when. Every reading of an endpoint of the lab is
//! compared, and every state that a segment moves brings a reading.

use std::rc::{Rc, Weak};

use super::driver::Driver;
use super::lab::LabWorld;
use super::room::Room;
use super::wire::{Moved, Pair, Verdict};
use crate::journal::Note;
use crate::tcp::State;

impl Driver {
    /// Compares the last reading with what the segments say. `gone`: the kernel has no such socket any more.
    pub(super) fn cross_check(&mut self, gone: bool) {
        let Some(pair) = self.pair(gone) else {
            return self.agreement.forget();
        };
        let mut verdict = self.agreement.look(self.room.clock.now(), pair);
        if let Verdict::Disagree { .. } = verdict {
            // The wire may be behind: what it reads now may settle the matter.
            self.room.with_lab(|lab| lab.catch_up());
            let Some(pair) = self.pair(gone) else {
                return self.agreement.forget();
            };
            verdict = self.agreement.look(self.room.clock.now(), pair);
        }
        self.agreement.tell(verdict);
        match verdict {
            Verdict::Nothing => {}
            Verdict::Disagree { segments, kernel } => {
                let note = Note::Disagreement { segments, kernel };
                self.room.note(&self.who, note);
            }
            Verdict::AgreeAgain(state) => {
                self.room.note(&self.who, Note::Agreement { state });
            }
        }
    }

    /// `None`: not in the lab, nothing seen, or the kernel cannot be asked for certain.
    fn pair(&self, gone: bool) -> Option<Pair> {
        let known = &self.known;
        let (host, local, peer) = (known.host?, known.local?, known.peer?);
        if known.state == State::Closed && !gone && !self.tables_know_nothing() {
            // A descriptor in TIME-WAIT says CLOSED.
            return None;
        }
        let name = &self.who.name;
        let segments = self
            .room
            .with_lab(|lab| lab.evidence(name, host, local, peer))??;
        Some(Pair {
            segments,
            kernel: known.state,
            gone,
        })
    }
}

impl Room {
    /// Brings a reading wherever a segment moves a state, until the lab is thrown away.
    pub(super) fn follow_wire(self: &Rc<Self>) {
        let Some(mut moved) = self.with_lab(LabWorld::moved).flatten() else {
            return;
        };
        let room = Rc::downgrade(self);
        tokio::task::spawn_local(async move {
            while let Some(moved) = moved.recv().await {
                let Some(room) = Weak::upgrade(&room) else {
                    return;
                };
                room.poke_moved(moved);
            }
        });
    }

    fn poke_moved(&self, moved: Moved) {
        let (local, peer) = (moved.end.local, moved.end.peer);
        let Some(host) = LabWorld::host_of(local.ip()) else {
            return;
        };
        let Some(name) = self
            .with_lab(|lab| lab.names().connected(Some(host), local, peer))
            .flatten()
        else {
            return;
        };
        let known = |e: &crate::journal::Endpoint| e.state == moved.to && e.disputed.is_none();
        if !self
            .tape
            .journal()
            .world()
            .by_name(&name)
            .is_some_and(known)
        {
            self.poke(&name);
        }
    }
}
