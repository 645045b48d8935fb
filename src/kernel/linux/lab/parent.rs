//! The lab, as the program holds it: the child's other half. It asks the child for sockets and does everything else
//! itself.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Child;
use std::thread;

use super::destroy;
use super::evidence;
use super::message::{Asked, ROOM, Told};
use super::sysctl::Sysctls;
use super::wire_end::WireEnd;
use crate::kernel::lab::{LabRefused, LabStep, SysctlRefused};
use crate::kernel::linux::again::{self, Part};
use crate::kernel::linux::call::errno;
use crate::kernel::linux::rights;
use crate::kernel::{Diag, Socket};
use crate::tcp::{Errno, Host};

/// What both hosts get where /proc/sys may be written. Without the first the kernel merges segments that it sends
/// again, and the wire cannot tell which ones they repeat; without the second a connection begins with the round trip
/// time of an earlier one, held segments and all.
const SETTINGS: [(&str, &str); 2] = [("tcp_retrans_collapse", "0"), ("tcp_no_metrics_save", "1")];

/// Two hosts, each with a TCP of its own, and a process that holds them.
///
/// Dropping it closes the control socket, and never waits: the child then destroys every connection of both hosts and
/// ends. So it does however this program ends. The hosts are gone when the last socket, wire end and diag socket of
/// theirs is closed too.
#[derive(Debug)]
pub struct Lab {
    control: socket2::Socket,
    child: Born,
    sysctls: [Sysctls; 2],
    diags: [Diag; 2],
    /// Of the last request.
    number: u32,
}

/// What others use, host a's before host b's.
#[derive(Debug)]
pub struct LabParts {
    /// Each sees its host only.
    pub diags: [Diag; 2],
    pub wires: [WireEnd; 2],
}

impl Lab {
    /// Starts this program again as the lab's own process, and waits some 5 ms until both hosts stand: links up,
    /// addresses set, nothing on the wire.
    ///
    /// The program's `main` has to begin with [`become_child_if_asked`](crate::kernel::become_child_if_asked).
    pub fn create() -> Result<(Lab, LabParts), LabRefused> {
        Lab::create_with(Path::new(again::OURSELVES))
    }

    /// With the program in this file as the lab's own process: for tests, which are another program.
    pub fn create_with(exe: &Path) -> Result<(Lab, LabParts), LabRefused> {
        let (control, other) = again::control().map_err(LabRefused::at(LabStep::Control))?;
        let child = again::start(exe, Part::Lab, other).map_err(LabRefused::at(LabStep::Spawn));
        let made = child.and_then(|child| Lab::receive(control, Born(Some(child))));
        made.map_err(|refused| LabRefused {
            evidence: both(refused.evidence, refused.errno.and_then(evidence::around)),
            ..refused
        })
    }

    fn receive(control: socket2::Socket, child: Born) -> Result<(Lab, LabParts), LabRefused> {
        let mut bytes = [0; ROOM];
        let (len, fds) =
            rights::receive(&control, &mut bytes).map_err(LabRefused::at(LabStep::Answer))?;
        match Told::read(&bytes[..len]) {
            Some(Told::Ready) => {}
            Some(Told::Refused(refused)) => return Err(refused),
            Some(Told::Socket { .. } | Told::Alone { .. } | Told::NoSocket { .. }) | None => {
                return Err(silent(child));
            }
        }
        let fds: [OwnedFd; 10] = fds
            .try_into()
            .map_err(|_| LabRefused::at(LabStep::Receive)(not_received(&control)))?;
        let [
            ear_a,
            ear_b,
            mouth_a,
            mouth_b,
            engine_a,
            engine_b,
            lab_a,
            lab_b,
            sysctl_a,
            sysctl_b,
        ] = fds;
        let lab = Lab {
            control,
            child,
            sysctls: [sysctl_a.into(), sysctl_b.into()],
            diags: [Diag::opened(lab_a), Diag::opened(lab_b)],
            number: 0,
        };
        for (name, value) in SETTINGS {
            for host in Host::ALL {
                // Refused where /proc/sys is read-only (EROFS): the lab works, with the kernel's own settings.
                let _ = lab.set_sysctl(host, name, value);
            }
        }
        let parts = LabParts {
            diags: [Diag::opened(engine_a), Diag::opened(engine_b)],
            wires: [WireEnd::of(ear_a, mouth_a), WireEnd::of(ear_b, mouth_b)],
        };
        parts.wires.iter().for_each(WireEnd::widen);
        Ok((lab, parts))
    }

    /// socket(2) inside a host; some 50 us. EPIPE: the lab's own process is gone, the sockets that were made live on.
    /// EAGAIN: it did not answer in 5 s.
    pub fn socket(&mut self, host: Host, v6: bool) -> Result<Socket, Errno> {
        self.number = self.number.wrapping_add(1);
        let asked = Asked {
            number: self.number,
            host,
            v6,
        };
        loop {
            rights::send(&self.control, &asked.bytes(), &[])?;
            // At the end of file ask once more, and the kernel says EPIPE.
            if let Some(answer) = self.answer()? {
                return answer;
            }
        }
    }

    /// The answer to the last request; `None` at the end of file. Answers to earlier ones, too late, are let go.
    fn answer(&self) -> Result<Option<Result<Socket, Errno>>, Errno> {
        let mut came = None;
        let mut bytes = [0; ROOM];
        loop {
            let (len, fds) = rights::receive(&self.control, &mut bytes)?;
            if len == 0 {
                return Ok(None);
            }
            match Told::read(&bytes[..len]) {
                Some(Told::Socket { number }) if number == self.number => {
                    came = fds.into_iter().next();
                }
                Some(Told::Alone { number }) if number == self.number => {
                    let socket = came.map(Socket::made);
                    return Ok(Some(socket.ok_or_else(|| not_received(&self.control))));
                }
                Some(Told::NoSocket { number, errno }) if number == self.number => {
                    return Ok(Some(Err(errno)));
                }
                _ => {}
            }
        }
    }

    /// Sets a sysctl of one host, with or without `net.ipv4.` before its name. This machine's own is not touched.
    pub fn set_sysctl(&self, host: Host, name: &str, value: &str) -> Result<(), SysctlRefused> {
        self.sysctls[place(host)].set(name, value)
    }

    /// The value of a sysctl of one host.
    pub fn sysctl(&self, host: Host, name: &str) -> Result<String, SysctlRefused> {
        self.sysctls[place(host)].get(name)
    }

    /// Ends every TCP socket of a host, TIME-WAIT included, as if it forgot everything (SOCK_DESTROY); how many. Their
    /// owners find ECONNABORTED. The kernel says goodbye with RSTs: who wants a host that vanished without a word must
    /// not carry them.
    pub fn destroy_all(&mut self, host: Host) -> Result<usize, Errno> {
        destroy::destroy_all(&mut self.diags[place(host)])
    }

    /// The lab's own process.
    pub fn pid(&self) -> u32 {
        self.child.0.as_ref().map_or(0, Child::id)
    }
}

const fn place(host: Host) -> usize {
    match host {
        Host::A => 0,
        Host::B => 1,
    }
}

fn both(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}, {other}")),
        (one, other) => one.or(other),
    }
}

/// Why a message came without its descriptors. The kernel leaves them out when there is no number free for them and
/// returns no errno; asking for one more tells which it would have been.
fn not_received(control: &socket2::Socket) -> Errno {
    control.try_clone().map_or_else(errno, |_| Errno::EPROTO)
}

/// The child ended, or something else answered. How it ended is the evidence.
fn silent(mut child: Born) -> LabRefused {
    LabRefused {
        step: LabStep::Answer,
        errno: None,
        evidence: child.end().map(|status| format!("it ended with {status}")),
    }
}

/// The child, which is reaped in any case.
#[derive(Debug)]
struct Born(Option<Child>);

impl Born {
    /// Ends it if it has not ended yet, and says how it did.
    fn end(&mut self) -> Option<std::process::ExitStatus> {
        let mut child = self.0.take()?;
        let _ = child.kill();
        child.wait().ok()
    }
}

impl Drop for Born {
    /// On a thread of its own: the child's last work takes tens of milliseconds. Without a thread it stays a zombie
    /// until this program ends.
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let reap = move || child.wait().map(drop);
            let _: io::Result<thread::JoinHandle<_>> = thread::Builder::new()
                .name("lab reaper".to_owned())
                .spawn(reap);
        }
    }
}
