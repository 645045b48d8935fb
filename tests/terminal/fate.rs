//! What becomes of a process: stopped, continued, ended.

use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// What became of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Stopped,
    Continued,
    Exited(i32),
    Killed(i32),
}

/// waitpid(2) tells stops as well; it waits on a thread of its own.
pub fn fates(pid: u32) -> Receiver<Fate> {
    let (tell, fates) = channel();
    let pid = i32::try_from(pid).expect("a process id");
    thread::spawn(move || {
        loop {
            let mut status = 0;
            let asked = libc::WUNTRACED | libc::WCONTINUED;
            // SAFETY: the status is alive for the whole call; the process is a child of ours that nobody else waits for.
            let told = unsafe { libc::waitpid(pid, &raw mut status, asked) };
            let fate = if told != pid {
                return;
            } else if libc::WIFSTOPPED(status) {
                Fate::Stopped
            } else if libc::WIFCONTINUED(status) {
                Fate::Continued
            } else if libc::WIFEXITED(status) {
                Fate::Exited(libc::WEXITSTATUS(status))
            } else {
                Fate::Killed(libc::WTERMSIG(status))
            };
            let over = matches!(fate, Fate::Exited(_) | Fate::Killed(_));
            if tell.send(fate).is_err() || over {
                return;
            }
        }
    });
    fates
}
