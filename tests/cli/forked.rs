//! A descriptor in a process of its own: who ends it, what is told of it, and that nothing is left of it.

use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Instant;

use finspect::kernel::wait_readable;
use finspect::tcp::Power;
use serde_json::Value;

use crate::outside::{DEADLINE, Room, require, signal};
use crate::program::{Program, command, play, start};

/// A connection whose server's only descriptor is in a process.
const SHARED: &str =
    "server: listen 0\nclient: connect server\nserver: fork as worker\nserver: close\n";

/// A process that somebody else started, held by a descriptor: its number may be given to another one later.
struct Process(OwnedFd);

impl Process {
    fn of(pid: u32) -> Process {
        // SAFETY: takes no pointer.
        let made = unsafe { libc::syscall(libc::SYS_pidfd_open, pid as libc::pid_t, 0) };
        let why = std::io::Error::last_os_error();
        assert!(made >= 0, "pidfd_open({pid}): {why}");
        // SAFETY: the call made it for us.
        Process(unsafe { OwnedFd::from_raw_fd(made as i32) })
    }

    fn is_over(&self) -> bool {
        let mut asked = libc::pollfd {
            fd: std::os::fd::AsRawFd::as_raw_fd(&self.0),
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one live `pollfd`; it does not wait.
        unsafe { libc::poll(&raw mut asked, 1, 0) == 1 }
    }

    fn ends(&self) {
        let deadline = Instant::now() + DEADLINE;
        while !self.is_over() {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the process is still there");
            wait_readable([self.0.as_fd()], Some(left));
        }
    }
}

/// Runs the script, on loopback where it asks for no wire, until the process holds its descriptor; its number.
fn holding(room: &Room, script: &str, args: &[&str]) -> (Program, u32) {
    room.file("it.play", script);
    let mut program = start(room, &[&["run", "--json", "it.play"], args].concat());
    let pid = program.until_event("the fork", forked);
    (program, pid)
}

fn forked(event: &Value) -> Option<u32> {
    let pid = (event["call"] == "fork").then(|| event["pid"].as_u64())??;
    assert_eq!(event["ret"], pid);
    Some(pid as u32)
}

fn at(events: &[Value], found: impl Fn(&Value) -> bool) -> usize {
    events
        .iter()
        .position(found)
        .unwrap_or_else(|| panic!("not told in {events:#?}"))
}

#[test]
fn a_killed_program_leaves_no_process() {
    for args in [&["--loopback"][..], &[]] {
        let room = Room::new();
        let (program, pid) = holding(&room, &format!("{SHARED}wait 1m\n"), args);
        let process = Process::of(pid);
        assert!(!process.is_over());
        signal(program.id(), libc::SIGKILL);
        assert_eq!(program.ended().code(), None);
        process.ends();
    }
}

#[test]
fn at_the_end_the_process_is_killed_and_reaped_and_both_are_told() {
    let script = format!("{SHARED}worker: expect state ESTABLISHED\n");
    let ended = play(&script, &["--json", "--loopback"]).ends_with(0);
    let events = ended.json();
    let pid = events.iter().find_map(forked).expect("a fork");
    let kill = at(&events, |e| e["call"] == "kill");
    assert_eq!(events[kill]["by"], "end");
    assert_eq!(events[kill]["signal"], "SIGKILL");
    assert_eq!(
        (&events[kill]["who"], &events[kill]["ret"]),
        (&"worker".into(), &0.into())
    );
    let gone = at(&events, |e| e["note"] == "ended");
    assert!(gone > kill);
    assert_eq!(events[gone]["how"], "signal: 9 (SIGKILL)");
    assert_eq!(events[gone]["pid"], pid);
    let over = std::fs::exists(format!("/proc/{pid}")).expect("/proc");
    assert!(!over, "it is reaped before the program ends");
}

/// As `kill` in another terminal does. No call of ours is told for it, also not at the end.
#[test]
fn a_process_that_another_ends_closes_its_descriptor_too() {
    let room = Room::new();
    let script = format!("{SHARED}client: expect eof within 1m\nwait 1m\n");
    let (mut program, pid) = holding(&room, &script, &["--loopback"]);
    program.until_event("server's close", |e| {
        (e["call"] == "close" && e["who"] == "server").then_some(())
    });
    signal(pid, libc::SIGTERM);
    program.until_event("the end", |e| (e["note"] == "ended").then_some(()));
    program.until_event("the FIN", |e| (e["expect"] == "eof").then_some(()));
    signal(program.id(), libc::SIGTERM);
    let events = program.ended().ends_with(143).json();
    let gone = at(&events, |e| e["note"] == "ended");
    assert_eq!(events[gone]["who"], "worker");
    assert_eq!(events[gone]["how"], "signal: 15 (SIGTERM)");
    assert!(!events.iter().any(|e| e["call"] == "kill"));
}

#[test]
fn what_is_asked_of_it_otherwise_is_refused_with_its_number() {
    let asked = [
        "close",
        "shutdown send",
        "send x",
        "read on",
        "set nodelay on",
        "dup as other",
        "fork as more",
    ];
    let lines: String = asked.map(|line| format!("worker: {line}\n")).concat();
    let script = format!("{SHARED}{lines}worker: kill\nworker: kill\nworker: close\n");
    let ended = play(&script, &["--json", "--loopback"]).ends_with(0);
    let events = ended.json();
    let pid = events.iter().find_map(forked).expect("a fork");
    let refused: Vec<&str> = events.iter().filter_map(|e| e["text"].as_str()).collect();
    let in_process = format!(
        "no call was made: worker's descriptor is in process {pid}; `worker: kill` ends it"
    );
    for (n, told) in refused[..asked.len()].iter().enumerate() {
        assert_eq!(*told, format!("line {}: {in_process}", n + 5));
    }
    assert_eq!(
        refused[asked.len()..],
        [
            "line 13: no call was made: no process of its own holds worker, so there is nothing to kill",
            "line 14: no call was made: worker has no descriptor any more, so there is nothing to call",
        ]
    );
    let made = events
        .iter()
        .filter(|e| e["who"] == "worker" && e["lane"] == "app");
    assert_eq!(made.count(), 1, "the kill alone is a call");
}

/// While we hold a descriptor too the process's end sends nothing, and ours goes on.
#[test]
fn the_end_of_a_process_beside_our_own_descriptor_sends_nothing() {
    let script = "server: listen 0\nclient: connect server\nserver: fork as worker\nworker: kill\n\
                  client: expect no eof within 200ms\nserver: send \"on\"\nclient: expect received \"on\"\n\
                  server: close\nclient: expect eof\nworker: expect state FIN-WAIT-2\n";
    play(script, &["--json", "--loopback"]).ends_with(0);
}

/// The socket is another connection's then, and the process has it.
#[test]
fn a_socket_that_is_connected_again_is_followed() {
    let script = "server: listen 0\nclient: connect server\nclient: fork as worker\nclient: disconnect\n\
                  worker: expect state CLOSED\nclient: connect server\nworker: expect state ESTABLISHED\n\
                  client: close\nserver.2: expect no eof within 200ms\nworker: kill\nserver.2: expect eof\n";
    play(script, &["--json", "--loopback"]).ends_with(0);
}

/// A connection that is broken leaves the kernel's tables; the process holds the descriptor all the same.
#[test]
fn a_process_may_outlive_its_connection() {
    let script = format!(
        "{SHARED}client: abort\nworker: expect state CLOSED\nworker: expect ending rst within 100ms\nworker: kill\n"
    );
    let ended = play(&script, &["--json", "--loopback"]).ends_with(0);
    let events = ended.json();
    let of_worker = |e: &Value| e["who"] == "worker";
    let closed = at(&events, |e| of_worker(e) && e["to"] == "CLOSED");
    assert_eq!(events[closed]["gone"], Value::Null);
    assert_eq!(events[closed]["source"], "measured");
    let kill = at(&events, |e| e["call"] == "kill");
    assert!(events[kill]["by"].is_null() && kill > closed);
    assert!(at(&events, |e| of_worker(e) && e["gone"] == true) > kill);
}

/// Connections take every descriptor that there is: the control socket of a process is one too many.
#[test]
fn where_it_cannot_be_done_that_is_said_with_the_remedy() {
    const LIMIT: u64 = 40;
    let room = Room::new();
    let more: String = (0..LIMIT)
        .map(|n| format!("c{n}: connect server\n"))
        .collect();
    let script = format!(
        "server: listen 0\nclient: connect server\n{more}client: fork as worker\nclient: expect state ESTABLISHED\n"
    );
    room.file("it.play", script);
    let mut limited = command(&room, &["run", "it.play", "--json", "--loopback"]);
    // SAFETY: between fork and exec only setrlimit(2) is called, which is async-signal-safe.
    unsafe {
        limited.pre_exec(|| {
            let limit = libc::rlimit {
                rlim_cur: LIMIT,
                rlim_max: LIMIT,
            };
            match libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            }
        });
    }
    let events = Program::start(&mut limited).end().ends_with(0).json();
    let refused = "no call was made: no process: socketpair(AF_UNIX): EMFILE; raise the limit on descriptors: ulimit -n";
    at(&events, |e| {
        e["text"]
            .as_str()
            .is_some_and(|text| text.ends_with(refused))
    });
    assert!(
        !events
            .iter()
            .any(|e| e["call"] == "fork" || e["who"] == "worker")
    );
}

#[test]
fn it_needs_no_right() {
    // SAFETY: takes nothing, never fails.
    let root = unsafe { libc::geteuid() == 0 };
    if !root || !require(Power::Namespaces) {
        return;
    }
    const NOBODY: u32 = 65534;
    for args in [
        &["run", "--json", "--loopback", "-"][..],
        &["run", "--json", "-"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_finspect"));
        let child = child
            .args(args)
            .current_dir("/")
            .uid(NOBODY)
            .gid(NOBODY)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = child.spawn().expect("a folder that everybody may enter");
        let mut stdin = child.stdin.take().expect("piped");
        let script = format!(
            "{SHARED}client: expect no eof within 100ms\nworker: kill\nclient: expect eof\n"
        );
        std::io::Write::write_all(&mut stdin, script.as_bytes()).expect("it reads");
        drop(stdin);
        let ended = child.wait_with_output().expect("its end");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {said}");
    }
}
