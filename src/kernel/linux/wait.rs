//! Waiting for several descriptors at once, on a thread that has nothing else to do (poll(2)).

use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Duration;

/// Blocks until one of them is readable or broken, or the time is over. `None`: for as long as it takes. Returns which
/// of them are.
///
/// An interrupted wait returns like one that is over: the caller looks at its descriptors and waits again.
pub fn wait_readable<const N: usize>(
    descriptors: [BorrowedFd<'_>; N],
    time: Option<Duration>,
) -> [bool; N] {
    let mut asked = descriptors.map(|fd| libc::pollfd {
        fd: fd.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    });
    // Rounded up, so that a wait is never over before its time.
    let milliseconds = time.map_or(-1, |t| {
        i32::try_from(t.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
    });
    let count = libc::nfds_t::try_from(N).unwrap_or(0);
    // SAFETY: `asked` holds `count` records for the whole call; the descriptors are borrowed for longer than it.
    unsafe { libc::poll(asked.as_mut_ptr(), count, milliseconds) };
    // A call that failed has written nothing.
    asked.map(|fd| fd.revents != 0)
}
