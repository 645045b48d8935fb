//! Many bytes, and nobody who reads of them: memory stays bounded, and nothing is left out.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::outside::{DEADLINE, Room};
use crate::program::command;

const BYTES: u64 = 96 << 20;

/// What the program may occupy. Its journal keeps 16 MiB of payload; what it sends and receives is twelve times that.
const ROOM_FOR_ALL: u64 = 90 << 20;
/// What it occupies at least when its journal is full.
const FULL: u64 = 16 << 20;

/// The most memory that a process ever occupied.
fn peak(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("/proc/PID/status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
    kib.expect("VmHWM").trim().parse::<u64>().expect("a number") * 1024
}

/// utime and stime, in ticks.
fn worked(pid: u32) -> (String, String) {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("/proc/PID/stat");
    let (_, rest) = stat.rsplit_once(')').expect("the name");
    let mut fields = rest.split_whitespace().skip(11).map(str::to_owned);
    let mut field = || fields.next().expect("a field");
    (field(), field())
}

/// Waits until the process has filled its memory and does nothing any more. Nothing announces that.
fn until_it_waits(pid: u32) {
    let end = Instant::now() + DEADLINE;
    let mut before = worked(pid);
    loop {
        thread::park_timeout(Duration::from_millis(200));
        let now = worked(pid);
        if now == before && peak(pid) > FULL {
            return;
        }
        before = now;
        assert!(Instant::now() < end, "it goes on: {} MiB", peak(pid) >> 20);
    }
}

#[test]
fn where_nobody_reads_the_transfer_waits_and_nothing_is_left_out() {
    let room = Room::new();
    let script = format!(
        "server: listen 0\nclient: connect server\nclient: expect state ESTABLISHED\n\
         server: send bytes {BYTES}\nclient: expect received {BYTES} within 60s\n"
    );
    room.file("it.play", script);
    let mut child = command(&room, &["run", "--json", "it.play"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    until_it_waits(child.id());
    let peak = peak(child.id());
    let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let (mut last, mut received) = (0, 0);
    for line in lines.skip(1) {
        let event: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        assert_eq!(event["n"], last + 1, "nothing is left out");
        last += 1;
        if event["call"] == "recv" && event["who"] == "client" {
            received += event["ret"].as_u64().unwrap_or(0);
        }
    }
    assert!(child.wait().expect("its end").success());
    assert_eq!(received, BYTES);
    assert!(peak < ROOM_FOR_ALL, "{} MiB", peak >> 20);
}
