//! A user and a network namespace of our own, with the right to see packets in it: what a lab of two hosts needs.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::grant::{refused, unavailable};
use crate::tcp::{Errno, Grant, Unavailable};

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
        Some(word) if word > UNSHARED => Err(refused(
            "socket(AF_PACKET) inside the new namespaces",
            Errno(word - UNSHARED),
            "allow capabilities in user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root",
        )),
        Some(word) => Err(not_unshared(Errno(word))),
        None => Err(unavailable(
            "no child process could be started",
            "raise the limit on processes: ulimit -u",
        )),
    }
}

fn not_unshared(errno: Errno) -> Unavailable {
    let remedy = match errno {
        Errno::ENOSPC | Errno::EUSERS => {
            "raise the limits user.max_user_namespaces and user.max_net_namespaces (sysctl)"
        }
        Errno::EINVAL => "run a kernel with CONFIG_USER_NS and CONFIG_NET_NS",
        Errno::EAGAIN | Errno::ENOMEM => {
            "no child process could be started: free memory, or raise ulimit -u"
        }
        _ => {
            "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1, \
             kernel.apparmor_restrict_unprivileged_userns=0; in a container run it with a seccomp profile that \
             allows unshare"
        }
    };
    refused("unshare(CLONE_NEWUSER|CLONE_NEWNET)", errno, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_childs_word_names_the_step_and_the_errno() {
        assert!(told(Some(GRANTED)).is_ok());
        let why = |word| told(Some(word)).expect_err("refused").why;
        assert_eq!(why(1), "unshare(CLONE_NEWUSER|CLONE_NEWNET): EPERM");
        assert_eq!(
            why(UNSHARED + 1),
            "socket(AF_PACKET) inside the new namespaces: EPERM"
        );
    }
}
