//! What the room does with its lab: sockets in hosts, the verbs of the wire and of the lab.

use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use super::world::LabWorld;
use crate::command::{LabCommand, WireCommand};
use crate::engine::order::{Answer, Outcome, Refusal};
use crate::engine::room::Room;
use crate::engine::wire::Place;
use crate::journal::{Fact, Host, LabChange, Note};
use crate::kernel::Socket;
use crate::tcp::{Errno, State};

impl Room {
    pub(in crate::engine) fn has_lab(&self) -> bool {
        self.lab.borrow().is_some()
    }

    pub(in crate::engine) fn with_lab<T>(&self, ask: impl FnOnce(&mut LabWorld) -> T) -> Option<T> {
        self.lab.borrow_mut().as_mut().map(ask)
    }

    /// A new socket, in the place where it will live.
    pub(in crate::engine) fn socket(&self, place: Place, v6: bool) -> Result<Socket, Errno> {
        match place {
            None => Socket::tcp(v6),
            // Whoever asks for a host has seen that there is a lab; one that went away since has no network.
            Some(host) => self
                .with_lab(|lab| lab.socket(host, v6))
                .unwrap_or(Err(Errno::ENETDOWN)),
        }
    }

    /// What the cable has delivered shows at an end in TIME-WAIT, or at an orphan, without an edge.
    pub(in crate::engine) async fn look_where_delivered(
        self: Rc<Self>,
        mut delivered: UnboundedReceiver<Arc<str>>,
    ) {
        while let Some(name) = delivered.recv().await {
            let edgeless = {
                let journal = self.tape.journal();
                let endpoint = journal.world().by_name(&name);
                endpoint.is_some_and(|e| e.state == State::TimeWait || !e.descriptor)
            };
            if edgeless {
                self.poke(&name);
            }
        }
    }

    pub(in crate::engine) fn wire(&self, command: WireCommand, mut reply: Answer) {
        match self.lab.borrow().as_ref() {
            Some(lab) => lab.wire(command, reply),
            None => reply.give(Outcome::Refused(Refusal::NoLab)),
        }
    }

    pub(in crate::engine) async fn lab(self: &Rc<Self>, command: LabCommand, mut reply: Answer) {
        if !self.has_lab() {
            return reply.give(Outcome::Refused(Refusal::NoLab));
        }
        let (change, outcome) = match command {
            LabCommand::Set { sysctl, value } => {
                let outcome = self.set_sysctl(&sysctl, &value);
                (LabChange::Set { sysctl, value }, outcome)
            }
            LabCommand::Reset => (LabChange::Reset, self.reset().await),
            LabCommand::Reboot(host) => (LabChange::Reboot(host), self.reboot(host).await),
        };
        if let Outcome::Refused(why) = &outcome {
            let failed = Some(why.to_string());
            self.note_lab(Note::Lab { change, failed });
        }
        reply.give(outcome);
    }

    fn set_sysctl(&self, sysctl: &str, value: &str) -> Outcome {
        match self.with_lab(|lab| lab.set(sysctl, value)) {
            Some(Ok(())) => {
                let (sysctl, value) = (sysctl.to_owned(), value.to_owned());
                self.remark_lab(LabChange::Set { sysctl, value });
                Outcome::Done
            }
            Some(Err(why)) => Outcome::Refused(Refusal::Sysctl {
                sysctl: sysctl.to_owned(),
                value: value.to_owned(),
                stays: self.with_lab(|lab| lab.get(sysctl)).flatten(),
                why,
            }),
            None => Outcome::Refused(Refusal::NoLab),
        }
    }

    /// A fresh world: what lived in the old one is closed, and the old hosts are thrown away.
    async fn reset(self: &Rc<Self>) -> Outcome {
        self.with_lab(|lab| lab.tell_unmet());
        self.close_where(|place| place.is_some()).await;
        match LabWorld::create(&self.tape, self.clock, self.deliveries.clone()) {
            Ok(fresh) => {
                if let Some(old) = self.lab.borrow().as_ref() {
                    fresh.succeed(old);
                }
                drop(self.lab.borrow_mut().replace(fresh));
                self.follow_wire();
                self.poke_all();
                self.remark_lab(LabChange::Reset);
                Outcome::Done
            }
            Err(refused) => Outcome::Refused(Refusal::LabRefused {
                why: refused.why,
                remedy: refused.remedy,
            }),
        }
    }

    /// The host forgets everything, and its programs with it.
    async fn reboot(self: &Rc<Self>, host: Host) -> Outcome {
        self.remark_lab(LabChange::Reboot(host));
        match self.with_lab(|lab| lab.forget(host)) {
            Some(Ok(_)) => {
                self.close_where(|place| place == Some(host)).await;
                Outcome::Done
            }
            Some(Err(errno)) => Outcome::Refused(Refusal::LabRefused {
                why: format!("SOCK_DESTROY: {errno}"),
                remedy: "lab: reset gives a fresh world".to_owned(),
            }),
            None => Outcome::Refused(Refusal::NoLab),
        }
    }

    fn remark_lab(&self, change: LabChange) {
        self.note_lab(Note::Lab {
            change,
            failed: None,
        });
    }

    fn note_lab(&self, note: Note) {
        self.tape.append(self.clock.now(), None, Fact::Note(note));
    }
}
