//! The two things about the controlling terminal that need the system: stopping as Ctrl-Z does, and its hangup.

use std::os::fd::{AsFd, AsRawFd};

/// Stops this process, all threads, until SIGCONT (`fg`). SIGSTOP, because the default of SIGTSTP is replaced.
pub fn stop_ourselves() {
    // SAFETY: kill and getpid take no pointers; stopping ourselves breaks no invariant of this program.
    unsafe { libc::kill(libc::getpid(), libc::SIGSTOP) };
}

/// Blocks until the terminal behind this descriptor hangs up or breaks (poll(2) with no event asked: POLLHUP,
/// POLLERR and POLLNVAL are told all the same). Uses no CPU while it waits.
pub fn wait_for_hangup(terminal: &impl AsFd) {
    let mut asked = libc::pollfd {
        fd: terminal.as_fd().as_raw_fd(),
        events: 0,
        revents: 0,
    };
    loop {
        // SAFETY: one pollfd, valid for the whole call; the descriptor is borrowed for longer than it.
        let ready = unsafe { libc::poll(&raw mut asked, 1, -1) };
        let interrupted =
            ready < 0 && std::io::Error::last_os_error().raw_os_error() == Some(libc::EINTR);
        if !interrupted {
            return;
        }
    }
}
