//! This program, started again as a process of its own that serves the one that started it: one hidden argument, and a
//! control socket as its standard input. It starts such a process and takes it out of its parent's way; what each part
//! does stands in `lab/child.rs` and `holder.rs`.
//!
//! By the time one is wanted threads exist, in whose copy after a plain fork(2) nothing but exec is safe.

use std::env;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::time::Duration;

use socket2::{Domain, SockRef, Type};

use super::call::{self, errno};
use super::{holder, lab};
use crate::tcp::Errno;

/// This program, also where its file was replaced meanwhile.
pub const OURSELVES: &str = "/proc/self/exe";

/// How long an answer is waited for. It comes within milliseconds, unless somebody stops the process (SIGSTOP).
const PATIENCE: Duration = Duration::from_secs(5);

/// What the process is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It owns a lab's namespaces.
    Lab,
    /// It holds a descriptor.
    Holder,
}

impl Part {
    const ALL: [Part; 2] = [Part::Lab, Part::Holder];

    const fn argument(self) -> &'static str {
        match self {
            Part::Lab => "--lab-child",
            Part::Holder => "--holder-child",
        }
    }

    /// As ps shows it: no longer than the kernel keeps (TASK_COMM_LEN).
    const fn name(self) -> &'static str {
        match self {
            Part::Lab => "finspect-lab",
            Part::Holder => "finspect-holder",
        }
    }
}

/// Our end of a control socket, and the one that becomes the process's standard input.
pub fn control() -> Result<(socket2::Socket, OwnedFd), Errno> {
    let (ours, other) =
        socket2::Socket::pair(Domain::UNIX, Type::SEQPACKET, None).map_err(errno)?;
    ours.set_read_timeout(Some(PATIENCE)).map_err(errno)?;
    Ok((ours, other.into()))
}

/// Starts it. It gets no other stream of ours: a pipeline would wait for its end as well.
pub fn start(exe: &Path, part: Part, control: OwnedFd) -> Result<Child, Errno> {
    Command::new(exe)
        .arg0("finspect")
        .arg(part.argument())
        .stdin(control)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(errno)
}

/// To be called first in `main`, before any thread is started: if this process was started again for a part, plays it
/// and never returns.
pub fn become_child_if_asked() {
    let Some(part) = asked() else { return };
    leave_the_parent(part);
    let control = io::stdin();
    match part {
        Part::Lab => lab::live(control.as_fd()),
        Part::Holder => holder::live(control.as_fd()),
    }
    process::exit(0);
}

/// Nobody comes here by typing: standard input must be a control socket.
fn asked() -> Option<Part> {
    let mut arguments = env::args_os().skip(1);
    let word = arguments.next()?;
    let part = Part::ALL.into_iter().find(|part| word == part.argument())?;
    let alone = arguments.next().is_none();
    let kind = SockRef::from(&io::stdin()).r#type();
    (alone && kind.is_ok_and(|kind| kind == Type::SEQPACKET)).then_some(part)
}

/// Ctrl-C and the terminal's hangup are the parent's; so are its files, its working folder and its other descriptors.
fn leave_the_parent(part: Part) {
    call::new_session();
    // SAFETY: the first lines of `main`: nothing in this process has opened a descriptor yet.
    unsafe { call::close_from(3) };
    // Both are courtesies: an unmountable folder kept, or a name in ps, breaks nothing here.
    let _ = env::set_current_dir("/");
    let _ = fs::write("/proc/self/comm", part.name());
}
