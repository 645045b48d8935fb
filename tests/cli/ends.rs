//! How a run ends when something else ends it: a signal, a stall, a reader that goes away.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::outside::{Room, signal};
use crate::program::{Program, command, play, start};

/// A script that waits for a minute, started, and seen to have reached its wait.
const WAITS: &str = "server: listen 0\nclient: connect server\nclient: send \"before\"\nserver: expect received 6 within 30s\nwait 1m\n";

fn waiting(room: &Room, args: &[&str]) -> Program {
    room.file("waits.play", WAITS);
    let mut program = start(room, &[&["run", "waits.play", "--json"], args].concat());
    program.until_event("the expectation", |e| (e["lane"] == "script").then_some(()));
    program
}

#[test]
fn a_signal_ends_a_run_with_its_number_and_the_recording_is_whole() {
    for (number, code) in [
        (libc::SIGTERM, 143),
        (libc::SIGHUP, 129),
        (libc::SIGINT, 130),
    ] {
        let room = Room::new();
        let program = waiting(&room, &["--record", "it.jsonl"]);
        signal(program.id(), number);
        let ended = program.ended().ends_with(code).says("waits.play: failed");
        let closes = ended.json().iter().filter(|e| e["by"] == "end").count();
        assert_eq!(closes, 3, "what was open is closed:\n{}", ended.out());
        assert_eq!(room.read("it.jsonl"), ended.out());
    }
}

#[test]
fn a_signal_ends_a_connection_in_a_pipe() {
    let room = Room::new();
    let peer = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = peer.local_addr().expect("its number").to_string();
    let mut program = start(&room, &["connect", &at]);
    program.until_said("the connection", |line| {
        line.contains("ESTABLISHED").then_some(())
    });
    signal(program.id(), libc::SIGTERM);
    program.ended().ends_with(143);
}

#[test]
fn a_killed_run_leaves_whole_lines_in_its_recording() {
    let room = Room::new();
    let program = waiting(&room, &["--record", "it.jsonl"]);
    signal(program.id(), libc::SIGKILL);
    let ended = program.ended();
    assert_eq!(ended.code(), None);
    let recording = room.read("it.jsonl");
    assert!(recording.lines().count() > 10, "{recording}");
    for line in recording.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("a whole line of JSON");
    }
}

#[test]
fn a_line_without_progress_for_ten_seconds_ends_the_script() {
    // Nobody reads: the window closes, and a blocking program would stand in send for ever.
    let script = "server: listen 0\nclient: connect server\nserver: read off\nclient: send bytes 64MiB\nclient: expect state CLOSED\n";
    let begun = std::time::Instant::now();
    let ended = play(script, &["--json"])
        .ends_with(1)
        .says("it.play:4: no progress for 10 s: client: send bytes 64MiB")
        .says("it.play: failed");
    assert!(begun.elapsed().as_secs() >= 10);
    assert!(
        !ended.json().iter().any(|e| e["lane"] == "script"),
        "no later line ran"
    );
    let abandoned = ended
        .json()
        .iter()
        .any(|e| e["note"] == "abandoned" && e["bytes"].as_u64() > Some(0));
    assert!(
        abandoned,
        "the bytes that never reached the kernel are told:\n{}",
        ended.out()
    );
}

/// Runs it, reads one line of stdout, and closes the pipe: `| head -1`.
fn head(room: &Room, args: &[&str]) -> (String, std::process::Output) {
    let mut child = command(room, args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().expect("stdout"));
    out.read_line(&mut line).expect("a line");
    drop(out);
    (line, child.wait_with_output().expect("its end"))
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let room = Room::new();
    // Longer than a pipe holds (64 KiB), so that the writer meets the closed end for sure.
    let talk =
        "client: send bytes 4KiB\nserver: expect received at least 1 within 30s\n".repeat(100);
    room.file(
        "talk.play",
        format!("server: listen 0\nclient: connect server\n{talk}"),
    );
    for args in [
        &["run", "talk.play"][..],
        &["run", "talk.play", "--json"],
        &["run", "talk.play", "--json", "--repeat", "50"],
        &["man"],
        &["--help"],
        &["doctor"],
        &["completions", "bash"],
        &["keymap", "--print"],
    ] {
        let (line, ended) = head(&room, args);
        assert!(!line.is_empty(), "{args:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(
            !said.contains("panicked") && !said.contains("os error"),
            "{args:?}: {said}"
        );
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {said}");
    }
}

#[test]
fn a_closed_stderr_is_no_panic() {
    let room = Room::new();
    room.file("it.play", "server: listen 0\n");
    let mut child = command(&room, &["run", "it.play", "--json", "--repeat", "200"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}

#[test]
fn a_full_disk_on_stdout_is_the_machines_fault_and_said() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let room = Room::new();
    room.file("it.play", "server: listen 0\nclient: connect server\n");
    for args in [
        &["run", "it.play", "--json"][..],
        &["run", "it.play"],
        &["man"],
    ] {
        let child = command(&room, args)
            .stdin(Stdio::null())
            .stdout(full.try_clone().expect("/dev/full"))
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let ended = child.wait_with_output().expect("its end");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(3), "{args:?}: {said}");
        assert!(said.contains("No space left"), "{args:?}: {said}");
    }
}
