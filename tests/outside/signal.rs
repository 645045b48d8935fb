//! Signals to processes that a test has started itself.

/// # Panics
/// There is no such process.
pub fn signal(pid: u32, number: i32) {
    let pid = i32::try_from(pid).expect("a process id");
    // SAFETY: kill(2) takes no pointer.
    let sent = unsafe { libc::kill(pid, number) };
    let why = std::io::Error::last_os_error();
    assert_eq!(sent, 0, "kill({pid}, {number}): {why}");
}
