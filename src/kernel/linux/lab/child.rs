//! The lab's own process: this program once more, single-threaded, which owns the namespaces. It builds, hands
//! everything over, makes sockets when asked, and ends with its parent, however that ends: by end of file.
//!
//! No PR_SET_PDEATHSIG: it would end this process with the *thread* that started it, and without its last work.

use std::os::fd::{AsFd, BorrowedFd};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::build::{Gifts, Ground, World, build};
use super::call;
use super::destroy::pass;
use super::evidence;
use super::message::{Asked, ROOM, Told};
use crate::kernel::Socket;
use crate::kernel::lab::{LabRefused, LabStep};
use crate::kernel::linux::rights;
use crate::tcp::{Errno, Host};

/// The last work takes no longer.
const LAST_WORK: Duration = Duration::from_millis(300);

/// Serves one lab until the parent's end of the control socket is closed.
pub fn live(control: BorrowedFd<'_>) {
    heed_the_parent_alone();
    let built = build().and_then(|(world, gifts)| {
        hand_over(control, &world, gifts).map_err(LabRefused::at(LabStep::HandOver))?;
        Ok(world)
    });
    match built {
        Ok(mut world) => {
            serve(control, &world);
            last_work(&mut world);
        }
        Err(mut refused) => {
            refused.evidence = refused.errno.and_then(evidence::label);
            // If this fails nobody listens any more, and there is nobody else to tell.
            let _ = rights::send(control, &Told::Refused(refused).bytes(), &[]);
        }
    }
}

/// A signal would end this process without its last work.
fn heed_the_parent_alone() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT] {
        call::ignore(signal);
    }
}

/// Both sockets of the wire ends, the engine's diag sockets, the lab's diag sockets, sysctl folders; host a's before host b's.
fn hand_over(control: BorrowedFd<'_>, world: &World, gifts: Gifts) -> Result<(), Errno> {
    let Gifts {
        ears,
        mouths,
        diags,
    } = gifts;
    let [[engine_a, lab_a], [engine_b, lab_b]] = &diags;
    let [a, b] = &world.hosts;
    let fds = [
        ears[0].as_fd(),
        ears[1].as_fd(),
        mouths[0].as_fd(),
        mouths[1].as_fd(),
        engine_a.as_fd(),
        engine_b.as_fd(),
        lab_a.as_fd(),
        lab_b.as_fd(),
        a.sysctls.as_fd(),
        b.sysctls.as_fd(),
    ];
    rights::send(control, &Told::Ready.bytes(), &fds)
}

/// Answers until the parent's end is closed.
fn serve(control: BorrowedFd<'_>, world: &World) {
    let mut bytes = [0; ROOM];
    loop {
        let asked = match rights::receive(control, &mut bytes) {
            Ok((0, _)) | Err(_) => return,
            Ok((len, _)) => Asked::read(&bytes[..len]),
        };
        let answered = asked.map_or(Ok(()), |asked| answer(control, world, asked));
        if answered.is_err() {
            return;
        }
    }
}

/// Sends a socket, and then that its own descriptor of it is closed: before that the parent's close would not be the
/// last one, and would send no FIN.
fn answer(control: BorrowedFd<'_>, world: &World, asked: Asked) -> Result<(), Errno> {
    let Asked { number, host, v6 } = asked;
    match socket_in(world, host, v6) {
        Ok(socket) => {
            let sent = rights::send(control, &Told::Socket { number }.bytes(), &[socket.as_fd()]);
            drop(socket);
            sent?;
            rights::send(control, &Told::Alone { number }.bytes(), &[])
        }
        Err(errno) => rights::send(control, &Told::NoSocket { number, errno }.bytes(), &[]),
    }
}

fn socket_in(world: &World, host: Host, v6: bool) -> Result<Socket, Errno> {
    let [a, b] = &world.hosts;
    let ground = match host {
        Host::A => a,
        Host::B => b,
    };
    call::enter(ground.namespace.as_fd())?;
    let socket = Socket::tcp(v6);
    call::enter(world.wire.as_fd())?;
    socket
}

/// Destroys what still lives in the hosts, so that nothing keeps them alive: an orphan would retransmit its FIN into
/// nothing for up to two minutes, and hold its namespace.
fn last_work(world: &mut World) {
    let end = Instant::now() + LAST_WORK;
    let mut quiet = 0;
    // Twice: an end destroyed in one host may make one in the other, while somebody still carries frames.
    while quiet < 2 && Instant::now() < end {
        let found: usize = world.hosts.iter_mut().map(ground_swept).sum();
        quiet = if found == 0 { quiet + 1 } else { 0 };
        sleep(Duration::from_millis(2));
    }
}

/// How many sockets were found that may be gone at the next look.
fn ground_swept(ground: &mut Ground) -> usize {
    match pass(&mut ground.diag) {
        Ok(pass) if pass.refused.is_none() => pass.found,
        // A kernel that destroys nothing (EOPNOTSUPP): have its orphans give up after one retransmission instead. If
        // that is refused as well they end by themselves, in two minutes.
        Ok(_) | Err(_) => {
            let _ = ground.sysctls.set("tcp_orphan_retries", "1");
            0
        }
    }
}
