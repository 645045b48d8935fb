//! The child's work before its first word: three network namespaces in a user namespace of our own, two links, and
//! everything that the parent will use. The order of the steps matters; each says why.

use std::fs::{self, File};
use std::net::IpAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::call;
use super::links::{self, ETH0};
use super::rtnetlink::{Message, Route};
use super::sysctl::Sysctls;
use super::wire_end::{ear, mouth};
use crate::kernel::lab::{LabRefused, LabStep, lab_address};
use crate::kernel::linux::call::errno;
use crate::kernel::{Diag, Socket};
use crate::tcp::{Errno, Host};

/// uapi/linux/ethtool.h.
const ETHTOOL_STXCSUM: u32 = 0x17;

/// How long a host may take to know its own address: some 100 us, milliseconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// The wire's ends of the two links, host a's first.
const WIRE: [(&str, i32); 2] = [("w0", 100), ("w1", 101)];

/// What the child keeps: the two hosts, and the wire's own namespace, in which it rests.
pub struct World {
    /// Host a, host b.
    pub hosts: [Ground; 2],
    pub wire: File,
}

/// One host as the child keeps it.
pub struct Ground {
    pub namespace: File,
    pub sysctls: Sysctls,
    pub diag: Diag,
    route: Route,
}

/// What the parent alone uses, host a's before host b's. Two diag sockets for each, since two who ask through one
/// socket would get each other's answers.
pub struct Gifts {
    /// Each host's [`ear`].
    pub ears: [OwnedFd; 2],
    /// Each host's [`mouth`].
    pub mouths: [OwnedFd; 2],
    pub diags: [[Diag; 2]; 2],
}

/// Builds the world around this thread, which must be the only one of its process (unshare(CLONE_NEWUSER) says EINVAL
/// otherwise). No uid_map: the capabilities come with the namespace.
pub fn build() -> Result<(World, Gifts), LabRefused> {
    let wire = unshare(LabStep::User, libc::CLONE_NEWUSER | libc::CLONE_NEWNET)?;
    let a = unshare(LabStep::Net, libc::CLONE_NEWNET)?;
    let b = unshare(LabStep::Net, libc::CLONE_NEWNET)?;
    let v6 = has_ipv6();
    let (mut a, ear_a, diags_a) = Ground::furnish(Host::A, a, &wire, v6)?;
    let (mut b, ear_b, diags_b) = Ground::furnish(Host::B, b, &wire, v6)?;
    enter(&wire)?;
    let mut route = open_route()?;
    for (_, index) in WIRE {
        bring_up(&mut route, index, v6)?;
    }
    let mouths = [mouth(WIRE[0].1)?, mouth(WIRE[1].1)?];
    for route in [&mut a.route, &mut b.route] {
        ask(route, LabStep::Carrier, links::settle(ETH0))?;
    }
    for (_, index) in WIRE {
        ask(&mut route, LabStep::Carrier, links::settle(index))?;
    }
    if v6 {
        own_address(&mut a.route, Host::A)?;
        own_address(&mut b.route, Host::B)?;
    }
    let gifts = Gifts {
        ears: [ear_a, ear_b],
        mouths,
        diags: [diags_a, diags_b],
    };
    let hosts = [a, b];
    Ok((World { hosts, wire }, gifts))
}

/// A new network namespace around this thread, and a hold on it.
fn unshare(step: LabStep, namespaces: i32) -> Result<File, LabRefused> {
    call::unshare(namespaces).map_err(LabRefused::at(step))?;
    File::open("/proc/self/ns/net")
        .map_err(errno)
        .map_err(LabRefused::at(LabStep::Namespace))
}

fn enter(namespace: &File) -> Result<(), LabRefused> {
    call::enter(namespace.as_fd()).map_err(LabRefused::at(LabStep::Enter))
}

/// Without IPv6 the hosts have no such addresses; whoever asks for a socket hears it from the kernel.
fn has_ipv6() -> bool {
    !matches!(Socket::tcp(true), Err(Errno::EAFNOSUPPORT))
}

impl Ground {
    fn furnish(
        host: Host,
        namespace: File,
        wire: &File,
        v6: bool,
    ) -> Result<(Ground, OwnedFd, [Diag; 2]), LabRefused> {
        enter(&namespace)?;
        let mut route = open_route()?;
        let (name, index) = match host {
            Host::A => WIRE[0],
            Host::B => WIRE[1],
        };
        ask(
            &mut route,
            LabStep::Veth,
            links::veth(name, index, wire.as_fd()),
        )?;
        // Where IPv6 is switched off for new interfaces the address would be refused (EACCES). On most machines it
        // is on, and nothing is lost where /proc/sys is read-only.
        let _ = fs::write("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "0");
        bring_up(&mut route, ETH0, v6)?;
        ask(&mut route, LabStep::Up, links::up(links::LO))?;
        let families: &[bool] = if v6 { &[false, true] } else { &[false] };
        for v6 in families {
            let address = links::address(lab_address(host, *v6));
            ask(&mut route, LabStep::Address, address)?;
        }
        whole_checksums()?;
        let ground = Ground {
            diag: open_diag()?,
            sysctls: Sysctls::open().map_err(LabRefused::at(LabStep::Sysctl))?,
            namespace,
            route,
        };
        Ok((ground, ear(ETH0)?, [open_diag()?, open_diag()?]))
    }
}

fn open_route() -> Result<Route, LabRefused> {
    Route::open().map_err(LabRefused::at(LabStep::Rtnetlink))
}

fn open_diag() -> Result<Diag, LabRefused> {
    Diag::open().map_err(LabRefused::at(LabStep::SockDiag))
}

fn ask(route: &mut Route, step: LabStep, message: Message) -> Result<(), LabRefused> {
    route.ask(message).map_err(LabRefused::at(step))
}

fn bring_up(route: &mut Route, index: i32, v6: bool) -> Result<(), LabRefused> {
    if v6 {
        ask(route, LabStep::Up, links::no_link_local(index))?;
    }
    ask(route, LabStep::Up, links::up(index))
}

/// Waits until the host takes its IPv6 address for its own. Even without a search for a duplicate the kernel leaves that
/// to a worker (addrconf_dad_work); until then the host drops what comes for it, and sends it to itself over the wire.
fn own_address(route: &mut Route, host: Host) -> Result<(), LabRefused> {
    let IpAddr::V6(ip) = lab_address(host, true) else {
        return Ok(());
    };
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = route
            .answer(links::way_to(ip))
            .map_err(LabRefused::at(LabStep::Own))?;
        if links::is_own(&answer) {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(LabRefused {
                step: LabStep::Own,
                errno: None,
                evidence: Some(format!("{ip} is not its host's own after {PATIENCE:?}")),
            });
        }
        sleep(Duration::from_micros(100));
    }
}

/// Has this host's kernel fill in every checksum and cut segments to the MTU itself (TSO goes with the checksums).
/// Otherwise frames would cross the wire with half a checksum, up to 64 KiB long, as they would never cross a real one;
/// the other host would drop the first kind, and the wire could not write the second.
fn whole_checksums() -> Result<(), LabRefused> {
    let socket = Socket::tcp(false).map_err(LabRefused::at(LabStep::Checksum))?;
    call::ethtool(socket.as_fd(), b"eth0", ETHTOOL_STXCSUM, 0)
        .map_err(LabRefused::at(LabStep::Checksum))
}
