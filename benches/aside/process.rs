//! What the kernel says about a process: memory that it occupies, time that it used, how often it woke.

use std::fs;
use std::time::Duration;

/// USER_HZ, the unit of utime and stime in /proc/PID/stat: 100 on every Linux that Rust runs on.
const TICK: Duration = Duration::from_millis(10);

/// utime + stime of a process, all its threads included, in ticks of 10 ms.
pub fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("/proc/PID/stat");
    // The name in parentheses may hold anything; field 3 comes right behind it.
    let (_, rest) = stat.rsplit_once(')').expect("the name in /proc/PID/stat");
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |field: usize| fields[field - 3].parse::<u32>().expect("a number of ticks");
    TICK * (ticks(14) + ticks(15))
}

/// How often its threads went to sleep of themselves: each wake-up ends in one.
pub fn sleeps(pid: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("/proc/PID/task");
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("status")).ok())
        .map(|status| field(&status, "voluntary_ctxt_switches:"))
        .sum()
}

fn field(status: &str, name: &str) -> u64 {
    status
        .lines()
        .find_map(|line| {
            line.strip_prefix(name)?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or_else(|| panic!("no {name} in /proc/PID/status"))
}

/// VmRSS, bytes.
pub fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("/proc/PID/status");
    field(&status, "VmRSS:") * 1024
}
