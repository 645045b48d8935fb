//! One lab world: made whole, thrown away whole. A reset is a new one.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::cable::{Cable, Deliveries};
use crate::command::WireCommand;
use crate::engine::clock::Clock;
use crate::engine::order::Answer;
use crate::engine::tape::Tape;
use crate::engine::wire::{End, Evidence, Moved, Names, Place, Turn};
use crate::journal::Host;
use crate::kernel::{Diag, Found, Lab, Socket, SysctlRefused, lab_address};
use crate::tcp::{Errno, State, Unavailable};

pub(in crate::engine) struct LabWorld {
    /// Before the lab: what its hosts say while they are taken down is nobody's doing, and is not carried.
    cable: Cable,
    lab: Lab,
    diags: [Diag; 2],
    names: Arc<Mutex<Names>>,
    moved: Option<UnboundedReceiver<Moved>>,
}

impl LabWorld {
    /// # Errors
    /// The step that this machine refuses, and the remedy.
    pub fn create(
        tape: &Arc<Tape>,
        clock: Clock,
        deliveries: Deliveries,
    ) -> Result<LabWorld, Unavailable> {
        let (lab, parts) = Lab::create().map_err(Unavailable::from)?;
        let names = Arc::new(Mutex::new(Names::default()));
        let (moves, moved) = unbounded_channel();
        let shared = Arc::clone(&names);
        let tape = Arc::clone(tape);
        let cable =
            Cable::start(parts.wires, tape, clock, shared, moves, deliveries).map_err(|error| {
                Unavailable {
                    why: format!("the wire's thread: {error}"),
                    remedy: "raise the limit on processes: ulimit -u".to_owned(),
                }
            })?;
        Ok(LabWorld {
            lab,
            diags: parts.diags,
            cable,
            names,
            moved: Some(moved),
        })
    }

    pub fn socket(&mut self, host: Host, v6: bool) -> Result<Socket, Errno> {
        self.lab.socket(host, v6)
    }

    /// The host that an address belongs to.
    pub fn host_of(ip: IpAddr) -> Place {
        Host::ALL
            .into_iter()
            .find(|host| lab_address(*host, ip.is_ipv6()) == ip)
    }

    pub fn find(
        &mut self,
        host: Host,
        local: SocketAddr,
        peer: SocketAddr,
        cookie: Option<u64>,
    ) -> Option<Option<Found>> {
        self.diags[host as usize].find(local, peer, cookie).ok()
    }

    pub fn find_listener(
        &mut self,
        host: Host,
        local: SocketAddr,
        cookie: Option<u64>,
    ) -> Option<Option<Found>> {
        self.diags[host as usize].listener(local, cookie).ok()
    }

    pub fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn wire(&self, command: WireCommand, reply: Answer) {
        self.cable.command(command, reply);
    }

    /// Takes the place of an older world, whose wire carries nothing any more: a number of its segments is never used
    /// again.
    pub fn succeed(&self, old: &LabWorld) {
        if let Some(next) = old.cable.stop() {
            self.cable.number_from(next);
        }
    }

    /// Tells which rules of the wire no segment has met.
    pub fn tell_unmet(&self) {
        self.cable.tell_unmet();
    }

    /// The segments seen prove that this end passed this state.
    pub fn proves(&self, end: End, state: State) -> bool {
        self.cable.proves(end, state)
    }

    /// What the segments say of this endpoint. `None`: its addresses are another's by now, or nothing was seen.
    pub fn evidence(
        &self,
        name: &str,
        host: Host,
        local: SocketAddr,
        peer: SocketAddr,
    ) -> Option<Evidence> {
        let own = self.names().connected(Some(host), local, peer).as_deref() == Some(name);
        own.then(|| self.cable.evidence(End::of(local, peer)))?
    }

    /// Returns when the wire has read everything that the hosts had said before.
    pub fn catch_up(&self) {
        self.cable.catch_up();
    }

    /// The states that segments move, as they do: once, for whoever follows them.
    pub fn moved(&mut self) -> Option<UnboundedReceiver<Moved>> {
        self.moved.take()
    }

    /// close or shutdown was called at this end.
    pub fn queues_fin(&self, end: End, turn: Turn) {
        self.cable.queues_fin(end, turn);
    }

    pub fn set(&self, sysctl: &str, value: &str) -> Result<(), SysctlRefused> {
        Host::ALL
            .into_iter()
            .try_for_each(|host| self.lab.set_sysctl(host, sysctl, value))
    }

    /// What a setting is now, where it can be read; both hosts have the same.
    pub fn get(&self, sysctl: &str) -> Option<String> {
        self.lab.sysctl(Host::A, sysctl).ok()
    }

    /// The host forgets every connection, and its last words never reach the wire.
    pub fn forget(&mut self, host: Host) -> Result<usize, Errno> {
        self.cable.deafen(host);
        let forgotten = self.lab.destroy_all(host);
        self.cable.listen_again(host);
        self.cable
            .rebooted(&[lab_address(host, false), lab_address(host, true)]);
        forgotten
    }
}
