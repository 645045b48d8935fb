//! The system calls of a lab that neither std nor socket2 wraps. It decides nothing.

use std::ffi::{CStr, c_int};
use std::mem::zeroed;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use crate::kernel::linux::call::{check, take};
use crate::tcp::Errno;

/// uapi/linux/sockios.h, uapi/linux/ethtool.h.
const SIOCETHTOOL: libc::Ioctl = 0x8946;

/// unshare(2).
pub fn unshare(namespaces: c_int) -> Result<(), Errno> {
    // SAFETY: takes no pointer. It changes the calling thread's namespaces and nothing in its memory.
    check(unsafe { libc::unshare(namespaces) }).map(drop)
}

/// setns(2) into a network namespace.
pub fn enter(namespace: BorrowedFd<'_>) -> Result<(), Errno> {
    // SAFETY: takes no pointer.
    check(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) }).map(drop)
}

/// Ignores a signal (SIG_IGN).
pub fn ignore(signal: c_int) {
    // SAFETY: SIG_IGN is no function of ours, so nothing runs in a signal handler.
    unsafe { libc::signal(signal, libc::SIG_IGN) };
}

/// ioctl(SIOCETHTOOL) with a `struct ethtool_value`.
pub fn ethtool(
    socket: BorrowedFd<'_>,
    device: &[u8],
    command: u32,
    value: u32,
) -> Result<(), Errno> {
    let mut words = [command, value];
    // SAFETY: all zeroes is a valid `ifreq`: bytes, numbers and null pointers.
    let mut request: libc::ifreq = unsafe { zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(device) {
        *to = from.cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_data = words.as_mut_ptr().cast();
    // SAFETY: `request` and the two words behind it live through the call; the kernel writes no more than these.
    check(unsafe { libc::ioctl(socket.as_raw_fd(), SIOCETHTOOL, &raw mut request) }).map(drop)
}

/// openat(2), close-on-exec.
pub fn open_at(folder: BorrowedFd<'_>, path: &CStr, flags: c_int) -> Result<OwnedFd, Errno> {
    let flags = flags | libc::O_CLOEXEC;
    // SAFETY: `path` is a string with its end, alive through the call.
    take(unsafe { libc::openat(folder.as_raw_fd(), path.as_ptr(), flags) })
}
