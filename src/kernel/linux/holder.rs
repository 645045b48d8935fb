//! A process of our own that holds a descriptor of a socket and does nothing else: what is left of a forked child that
//! never reads. Both halves stand here, the parent's and the process's own.
//!
//! The descriptor travels by SCM_RIGHTS, so the process holds a copy of that one and of no other; the parent keeps none
//! besides its own. It ends by a signal, or at the end of file of its control socket: so it does however the parent ends.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::Path;
use std::process::Child;

use super::again::{self, Part};
use super::call::{self, errno};
use super::rights;
use crate::kernel::Socket;
use crate::tcp::{Errno, Unavailable};

/// What is said on the control socket, either way: the descriptor comes with it, and the answer says that it is held.
const WORD: &[u8] = b"hold";

/// The process, as the program that started it sees it. Dropping it ends the process and reaps it.
///
/// Its file descriptor (AsRawFd) is readable once the process has ended and its descriptors are closed (pidfd_open(2)).
#[derive(Debug)]
pub struct Holder {
    child: Child,
    /// Closed with this program, whatever ends it.
    control: socket2::Socket,
    process: OwnedFd,
}

impl Holder {
    /// Starts this program again with a descriptor of the socket, and waits some milliseconds until it holds that.
    ///
    /// The program's `main` has to begin with [`become_child_if_asked`](crate::kernel::become_child_if_asked).
    ///
    /// # Errors
    /// The call that this machine refuses, and the remedy.
    pub fn start(socket: &Socket) -> Result<Holder, Unavailable> {
        let (control, other) = again::control().map_err(refused("socketpair(AF_UNIX)"))?;
        let child = again::start(Path::new(again::OURSELVES), Part::Holder, other);
        let mut child = child.map_err(refused("starting a process"))?;
        let process = match call::pidfd_open(child.id()) {
            Ok(process) => process,
            Err(errno) => {
                // The end of file ends it.
                drop(control);
                let _ = child.wait();
                return Err(refused("pidfd_open")(errno));
            }
        };
        let holder = Holder {
            child,
            control,
            process,
        };
        holder.hand_over(socket).map(|()| holder)
    }

    fn hand_over(&self, socket: &Socket) -> Result<(), Unavailable> {
        let sent = rights::send(&self.control, WORD, &[socket.as_fd()]);
        sent.map_err(refused("sendmsg(SCM_RIGHTS)"))?;
        let answered = rights::receive(&self.control, &mut [0; WORD.len()]);
        match answered.map_err(refused("the process's answer"))? {
            (0, _) => Err(Unavailable {
                why: "the process ended before it held the descriptor".to_owned(),
                remedy: "raise the limit on descriptors: ulimit -n".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL to this process and no other (pidfd_send_signal(2)).
    pub fn kill(&self) -> Result<(), Errno> {
        call::pidfd_kill(self.process.as_fd())
    }

    /// waitpid(2): how it ended, as `signal: 9 (SIGKILL)`. Waits for an end that has not come yet.
    pub fn reap(&mut self) -> Result<String, Errno> {
        let status = self.child.wait().map_err(errno)?;
        Ok(status.to_string())
    }
}

impl AsRawFd for Holder {
    fn as_raw_fd(&self) -> RawFd {
        self.process.as_raw_fd()
    }
}

impl Drop for Holder {
    /// Of a process that was reaped nothing is left, and both change nothing.
    fn drop(&mut self) {
        let _ = self.kill();
        let _ = self.reap();
    }
}

fn refused(call: &'static str) -> impl FnOnce(Errno) -> Unavailable {
    move |errno| Unavailable {
        why: format!("{call}: {errno}"),
        remedy: match errno {
            Errno::EMFILE | Errno::ENFILE => "raise the limit on descriptors: ulimit -n",
            Errno::EAGAIN => "raise the limit on processes: ulimit -u",
            Errno::ENOMEM | Errno::ENOBUFS => "free memory, then try again",
            Errno::ENOENT => "mount /proc: finspect starts itself again from it",
            Errno::ENOSYS => "run Linux 5.3 or newer",
            _ => "allow finspect to start itself again",
        }
        .to_owned(),
    }
}

/// The process's own part: to be there.
pub fn live(control: BorrowedFd<'_>) {
    let mut word = [0; WORD.len()];
    // Without a descriptor there is nothing to hold; the end tells the parent.
    let held = match rights::receive(control, &mut word) {
        Ok((_, fds)) if !fds.is_empty() => fds,
        Ok(_) | Err(_) => return,
    };
    if rights::send(control, WORD, &[]).is_err() {
        return;
    }
    while rights::receive(control, &mut word).is_ok_and(|(len, _)| len > 0) {}
    drop(held);
}
