//! A user and a network namespace of our own, with the right to see packets in it: what a lab of two hosts needs.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::grant::unavailable;
use crate::kernel::lab::{LabRefused, LabStep};
use crate::tcp::{Errno, Grant};

/// How far the child came. Its word comes back as the error of the spawn, which is one number, so the step stands
/// above the errno (an errno is below 4096: MAX_ERRNO in include/linux/err.h).
const STEP: i32 = 4096;
const UNSHARED: i32 = STEP;
const GRANTED: i32 = 2 * STEP;

/// Tries in a child process, since unshare(CLONE_NEWUSER) is refused in a process with threads (EINVAL), and this one
/// must stay where it is. The child never becomes another program: its last word before exec is always an error.
pub(super) fn namespaces() -> Grant {
    let mut child = Command::new("/proc/self/exe");
    // SAFETY: between fork and exec only async-signal-safe work is allowed; `trial` makes three system calls and
    // allocates nothing (an `io::Error` from a number is a plain value).
    unsafe { child.pre_exec(|| Err(io::Error::from_raw_os_error(trial()))) };
    match child.spawn() {
        Err(error) => told(error.raw_os_error()),
        Ok(mut started) => {
            // Cannot be: the closure never returns Ok. If it were, no process may be left behind.
            let _ = started.kill().and_then(|()| started.wait());
            Err(unavailable(
                "the child said nothing",
                "run finspect doctor again",
            ))
        }
    }
}

/// In the child. A number of the form step + errno.
fn trial() -> i32 {
    // SAFETY: takes no pointer; the process has one thread after fork.
    if unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) } != 0 {
        return last_errno();
    }
    // SAFETY: takes no pointer. Protocol 0: it receives nothing. The end of the child closes it.
    if unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) } < 0 {
        return UNSHARED + last_errno();
    }
    GRANTED
}

fn last_errno() -> i32 {
    // SAFETY: the pointer is to this thread's errno and always valid.
    unsafe { *libc::__errno_location() }
}

fn told(word: Option<i32>) -> Grant {
    match word {
        Some(GRANTED) => {
            Ok("made a user and a network namespace, with AF_PACKET inside".to_owned())
        }
        Some(word) if word > UNSHARED => {
            Err(LabRefused::at(LabStep::Packet)(Errno(word - UNSHARED)).into())
        }
        Some(word) => Err(LabRefused::at(LabStep::User)(Errno(word)).into()),
        None => Err(unavailable(
            "no child process could be started",
            "raise the limit on processes: ulimit -u",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_childs_word_names_the_step_and_the_errno() {
        assert!(told(Some(GRANTED)).is_ok());
        let why = |word| told(Some(word)).expect_err("refused").why;
        assert_eq!(why(1), "unshare(CLONE_NEWUSER|CLONE_NEWNET): EPERM");
        assert_eq!(why(UNSHARED + 1), "socket(AF_PACKET): EPERM");
    }
}
