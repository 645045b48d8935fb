//! One lab world: made whole, thrown away whole. A reset is a new one.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cable::Cable;
use crate::command::WireCommand;
use crate::engine::clock::Clock;
use crate::engine::order::Answer;
use crate::engine::tape::Tape;
use crate::engine::wire::{End, Names, Place};
use crate::journal::Host;
use crate::kernel::{Diag, Found, Lab, Socket, SysctlRefused, lab_address};
use crate::tcp::{Errno, State, Unavailable};

pub(in crate::engine) struct LabWorld {
    lab: Lab,
    diags: [Diag; 2],
    cable: Cable,
    names: Arc<Mutex<Names>>,
}

impl LabWorld {
    /// # Errors
    /// The step that this machine refuses, and the remedy.
    pub fn create(tape: &Arc<Tape>, clock: Clock) -> Result<LabWorld, Unavailable> {
        let (lab, parts) = Lab::create().map_err(Unavailable::from)?;
        let names = Arc::new(Mutex::new(Names::default()));
        let cable = Cable::start(parts.wires, Arc::clone(tape), clock, Arc::clone(&names))
            .map_err(|error| Unavailable {
                why: format!("the wire's thread: {error}"),
                remedy: "raise the limit on processes: ulimit -u".to_owned(),
            })?;
        Ok(LabWorld {
            lab,
            diags: parts.diags,
            cable,
            names,
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

    /// The segments seen prove that this end passed this state.
    pub fn proves(&self, end: End, state: State) -> bool {
        self.cable.proves(end, state)
    }

    /// close or shutdown was called at this end.
    pub fn queues_fin(&self, end: End) {
        self.cable.queues_fin(end);
    }

    pub fn set(&self, sysctl: &str, value: &str) -> Result<(), SysctlRefused> {
        Host::ALL
            .into_iter()
            .try_for_each(|host| self.lab.set_sysctl(host, sysctl, value))
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
