//! A flood on the lab's wire: keys are answered, memory stays bounded, and what the kernel kept from the wire is said.

use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::thread;
use std::time::{Duration, Instant};

use finspect::journal::{Fact, Line, Names, Note, World, from_line};
use finspect::tcp::Power;
use socket2::{Domain, SockRef};

use crate::outside::{DEADLINE, Room, require};
use crate::pty::{ENTER, ESC, Terminal};

/// More than any buffer of the kernel and of the journal holds.
const BYTES: u64 = 100_000_000;
/// What the program may occupy at any moment, in bytes: some 80 MiB in truth, most of it the journal's window.
const ROOM_FOR_ALL: u64 = 300 << 20;
const CONNECTIONS: usize = 200;

fn lab(room: &Room, more: &[&str]) -> Terminal {
    let terminal = Terminal::start(room, (120, 36), &[&["lab"], more].concat());
    terminal.opens().shows("2 endpoints, 2 ESTABLISHED");
    terminal
}

/// The most memory that the program ever occupied.
fn peak(terminal: &Terminal) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", terminal.id()));
    let status = status.expect("/proc/PID/status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
    kib.expect("VmHWM").trim().parse::<u64>().expect("a number") * 1024
}

/// How often the program's threads have gone to sleep: once for each waking.
fn sleeps(terminal: &Terminal) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{}/task", terminal.id())).expect("/proc/PID/task");
    let status = |task: fs::DirEntry| fs::read_to_string(task.path().join("status")).ok();
    let all = tasks.filter_map(|task| status(task.ok()?));
    all.filter_map(|status| {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line?.trim().parse::<u64>().ok()
    })
    .sum()
}

/// Waits until nothing in the program wakes for a second. Nothing announces that.
fn comes_to_rest(terminal: &Terminal) {
    let end = Instant::now() + DEADLINE;
    let mut before = sleeps(terminal);
    loop {
        thread::park_timeout(Duration::from_secs(1));
        let now = sleeps(terminal);
        if now == before {
            return;
        }
        assert!(
            Instant::now() < end,
            "{} wake-ups in a second",
            now - before
        );
        before = now;
    }
}

/// A line on the palette.
fn says(terminal: &mut Terminal, line: &str) {
    terminal.keys(":").shows("Enter");
    terminal.keys(line).keys(ENTER);
}

#[test]
fn keys_are_answered_in_a_transfer_and_memory_is_bounded() {
    if !require(Power::Namespaces) {
        return;
    }
    let room = Room::new();
    let mut terminal = lab(&room, &[]);
    says(&mut terminal, &format!("server: send bytes {BYTES}"));
    let all = format!("{BYTES} received, 0 unread");
    let mut answered = 0;
    while !terminal.picture().contains(&all) {
        terminal.keys("?").shows("Closing: one half");
        terminal.keys(ESC).hides("Closing: one half");
        answered += 1;
    }
    assert!(answered > 1, "the transfer was over at once");
    // What has left the memory is counted.
    terminal.shows("older events left");
    assert!(
        peak(&terminal) < ROOM_FOR_ALL,
        "{} MiB",
        peak(&terminal) >> 20
    );
    // The calls before the flood are still there.
    terminal.keys("5").shows("━ log");
    terminal.keys("gg").shows("connect(198.51.100.2:");
    comes_to_rest(&terminal);
    terminal.keys("q").ends_with(0);
}

#[test]
fn two_hundred_connections_are_made_on_the_wire_by_two_hundred_keys() {
    if !require(Power::Namespaces) {
        return;
    }
    let room = Room::new();
    let mut terminal = lab(&room, &[]);
    terminal.keys(&"a".repeat(CONNECTIONS));
    let all = 2 * (CONNECTIONS + 1);
    terminal.shows(&format!("{all} endpoints, {all} ESTABLISHED"));
    terminal.keys("?").shows("Closing: one half");
    terminal.keys(ESC).hides("Closing: one half");
    assert!(
        peak(&terminal) < ROOM_FOR_ALL,
        "{} MiB",
        peak(&terminal) >> 20
    );
    terminal.keys("q").ends_with(0);
}

#[test]
fn frames_that_the_kernel_kept_from_the_wire_are_no_loss_on_it() {
    if !require(Power::Namespaces) || !require(Power::Borrow) {
        return;
    }
    let room = Room::new();
    let mut terminal = lab(&room, &["--record", "it.jsonl"]);
    let sockets = narrow(terminal.id());
    assert_eq!(sockets, 4, "each of the wire's ends hears and speaks");
    says(&mut terminal, "server: send bytes 1MiB");
    terminal
        .shows("lost before the wire")
        .shows("1048576 received, 0 unread");
    terminal
        .keys("5")
        .keys("/")
        .keys("were not seen")
        .keys(ENTER);
    terminal.shows("the kernel dropped");
    terminal.shows("0 dropped");
    terminal.keys("q").ends_with(0);

    let (mut names, mut world, mut told) = (Names::default(), World::default(), 0);
    for line in room.read("it.jsonl").lines().skip(1) {
        let Ok(Line::Event(event)) = from_line(line, &mut names) else {
            panic!("not read: {line}");
        };
        if let Fact::Note(Note::WireLost { frames }) = event.fact {
            told += frames;
        }
        world.apply(&event);
    }
    assert!(told > 0);
    assert_eq!((world.wire.lost, world.wire.dropped), (told, 0));
}

/// Makes the receive buffers of a process's AF_PACKET sockets as small as can be; how many it has.
fn narrow(pid: u32) -> usize {
    // SAFETY: neither call takes a pointer; the descriptors are new and ours.
    let process = unsafe { taken(libc::syscall(libc::SYS_pidfd_open, pid, 0)) };
    let folder = fs::read_dir(format!("/proc/{pid}/fd")).expect("/proc/PID/fd");
    let numbers = folder.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let ends: Vec<OwnedFd> = numbers
        .map(|number: RawFd| {
            let pidfd = process.as_raw_fd();
            // SAFETY: as above.
            unsafe { taken(libc::syscall(libc::SYS_pidfd_getfd, pidfd, number, 0)) }
        })
        .filter(|fd| SockRef::from(fd).domain().ok() == Some(Domain::PACKET))
        .collect();
    for end in &ends {
        SockRef::from(end)
            .set_recv_buffer_size(1)
            .expect("SO_RCVBUF");
    }
    ends.len()
}

/// # Safety
/// The call made this descriptor for us.
unsafe fn taken(returned: libc::c_long) -> OwnedFd {
    let why = std::io::Error::last_os_error();
    let fd = RawFd::try_from(returned).ok().filter(|fd| *fd >= 0);
    // SAFETY: nobody else owns it.
    unsafe { OwnedFd::from_raw_fd(fd.unwrap_or_else(|| panic!("pidfd: {why}"))) }
}
