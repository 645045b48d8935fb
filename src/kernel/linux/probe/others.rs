//! Powers over what is not ours: packets, another process's descriptors, every socket's transitions.

use std::fs::{self, File};
use std::os::fd::{AsFd, AsRawFd};

use super::grant::{refused, unavailable};
use crate::kernel::linux::Tap;
use crate::kernel::linux::call::{self, errno};
use crate::tcp::{Errno, Grant};

/// capabilities(7): the bit of CAP_SYS_PTRACE.
const CAP_SYS_PTRACE: u32 = 19;

/// As the engine opens it: nothing passes, so nobody's packets are copied for the trial.
pub(super) fn capture() -> Grant {
    Tap::loopback().map(|_| "opened an AF_PACKET socket on lo".to_owned())
}

/// The calls are tried on ourselves, where the permission check always passes; whether another process of the same
/// user may be asked is the word of Yama (admin-guide/LSM/Yama.rst), where it is built in.
pub(super) fn borrow() -> Grant {
    let remedy =
        "run on Linux 5.6 or later; in a container allow pidfd_getfd in its seccomp profile";
    let step = |step: &'static str| move |errno| refused(step, errno, remedy);
    let ourselves = call::pidfd_open(std::process::id()).map_err(step("pidfd_open"))?;
    call::pidfd_getfd(ourselves.as_fd(), ourselves.as_raw_fd()).map_err(step("pidfd_getfd"))?;
    allowed_by_yama(yama_scope(), has_capability(CAP_SYS_PTRACE))
}

fn allowed_by_yama(scope: Option<u8>, ptrace: bool) -> Grant {
    match (scope, ptrace) {
        (Some(3), _) => Err(unavailable(
            "kernel.yama.ptrace_scope is 3: no process may look into another",
            "boot with another value: 3 cannot be taken back",
        )),
        (_, true) => Ok("of any process (CAP_SYS_PTRACE)".to_owned()),
        (None | Some(0), false) => Ok("of processes of the same user".to_owned()),
        (Some(scope), false) => Err(unavailable(
            format_args!("kernel.yama.ptrace_scope is {scope} and CAP_SYS_PTRACE is missing"),
            "sysctl kernel.yama.ptrace_scope=0, or run as root",
        )),
    }
}

/// `None`: this kernel has no Yama.
fn yama_scope() -> Option<u8> {
    fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope")
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// Whether a capability is in our effective set (proc_pid_status(5), CapEff).
fn has_capability(bit: u32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    effective
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok())
        .is_some_and(|set| set & (1 << bit) != 0)
}

/// The tracepoint's format file, where tracefs is mounted today and where it used to be.
pub(super) fn tracefs() -> Grant {
    let event = "events/sock/inet_sock_set_state/format";
    let places = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
    let opened = places.map(|place| {
        File::open(format!("{place}/{event}"))
            .map(|_| place)
            .map_err(errno)
    });
    match opened {
        [Ok(place), _] | [_, Ok(place)] => Ok(format!(
            "{place}/events/sock/inet_sock_set_state is readable"
        )),
        [Err(new), Err(_)] => {
            let remedy = match new {
                Errno::ENOENT => "mount it as root: mount -t tracefs tracefs /sys/kernel/tracing",
                _ => "run as root",
            };
            Err(refused(
                "open(/sys/kernel/tracing/events/sock/inet_sock_set_state)",
                new,
                remedy,
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yama_decides_over_foreign_processes() {
        let rows = [
            (None, false, true),
            (Some(0), false, true),
            (Some(1), false, false),
            (Some(1), true, true),
            (Some(2), true, true),
            (Some(3), true, false),
        ];
        for (scope, ptrace, granted) in rows {
            assert_eq!(
                allowed_by_yama(scope, ptrace).is_ok(),
                granted,
                "{scope:?} {ptrace}"
            );
        }
    }
}
