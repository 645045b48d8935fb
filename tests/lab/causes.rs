//! The scripts can fail: where the cause of what is seen is taken away, an expectation says so.

use crate::player::{Play, lab_is_granted, told};
use crate::{SCRIPTS, script};

/// A script, a line of it, what stands there instead, and the expectation that then fails first (`A | B`: either, as the
/// machine is fast or slow).
const CHANGES: &[(&str, &str, &str, &str)] = &[
    (
        "cut-and-keepalive",
        "wire: cut",
        "",
        "expect wire 3 dropped",
    ),
    (
        "cut-and-user-timeout",
        "client: set user-timeout 1500ms",
        "",
        "client: expect error ETIMEDOUT",
    ),
    (
        "cut-and-write",
        "lab: set tcp_retries2 2",
        "",
        "client: expect error ETIMEDOUT",
    ),
    (
        "data-after-close",
        "server: close",
        "server: shutdown send",
        "expect wire rst from server",
    ),
    (
        "data-after-shutdown-both",
        "server: shutdown both",
        "server: shutdown send",
        "expect wire rst from server",
    ),
    (
        "data-after-shutdown-receive",
        "server: shutdown receive",
        "server: shutdown both",
        "expect no wire any",
    ),
    (
        "delay",
        "wire: delay 150ms",
        "",
        "client: expect no state FIN-WAIT-2",
    ),
    (
        "duplicate-fin",
        "wire: duplicate 1 fin from client",
        "",
        "expect wire 2 held",
    ),
    (
        "fin-behind-zero-window",
        "server: read off",
        "",
        "client: expect send fin-queued | expect no wire fin",
    ),
    (
        "fin-lost",
        "wire: drop 1 fin from client",
        "",
        "expect wire 1 dropped",
    ),
    (
        "fork-kill",
        "worker: kill",
        "",
        "expect wire fin from server",
    ),
    (
        "fork-kill-unread",
        "client: send \"unread\"",
        "",
        "worker: expect unread 6",
    ),
    ("half-close-stepped", "wire: hold", "", "expect wire 1 held"),
    (
        "last-ack-backs-off",
        "wire: drop ack from client",
        "",
        "expect wire 2 retransmissions of fin from server",
    ),
    (
        "orphan-times-out",
        "client: close",
        "client: shutdown send",
        "client: expect state CLOSED",
    ),
    (
        "port-reuse",
        "again: set reuseaddr off",
        "",
        "again: expect error EADDRINUSE",
    ),
    (
        "reboot",
        "lab: reboot b",
        "",
        "server: expect ending forgotten",
    ),
    ("repeats-stacked", "wire: stack", "", "expect wire 2 held"),
    ("rst-lost", "wire: drop 1 rst", "", "expect wire 1 dropped"),
    (
        "simultaneous-close",
        "server: shutdown send",
        "",
        "expect wire 2 held",
    ),
    (
        "simultaneous-open",
        "wire: step 2",
        "wire: step",
        "left: expect state SYN-RECEIVED",
    ),
    (
        "syn-lost",
        "wire: drop 2 syn from a",
        "wire: drop 1 syn from a",
        "expect wire 2 retransmissions of syn",
    ),
    (
        "three-segment-close",
        "server: close",
        "wait 100ms\nserver: close",
        "client: expect no state FIN-WAIT-2",
    ),
    (
        "time-wait-assassinated",
        "lab: set tcp_rfc1337 0",
        "lab: set tcp_rfc1337 1",
        "client: expect state CLOSED",
    ),
    (
        "time-wait-protected",
        "lab: set tcp_rfc1337 1",
        "lab: set tcp_rfc1337 0",
        "client: expect no state CLOSED",
    ),
];

/// The script with the first such line changed.
fn changed(name: &str, line: &str, instead: &str) -> String {
    let script = script(name);
    let stands = |l: &&str| {
        l.split(" #")
            .next()
            .is_some_and(|code| code.trim_end() == line)
    };
    let found = script
        .lines()
        .find(stands)
        .unwrap_or_else(|| panic!("{name} lacks {line}"));
    script.replacen(&format!("\n{found}\n"), &format!("\n{instead}\n"), 1)
}

#[test]
fn every_script_fails_without_its_cause() {
    let names: Vec<&str> = CHANGES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, SCRIPTS);
    if !lab_is_granted() {
        return;
    }
    let passed: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = CHANGES
            .iter()
            .map(|(name, line, instead, fails)| {
                let text = changed(name, line, instead);
                (
                    name,
                    fails,
                    scope.spawn(move || Play::PLAIN.run(&text, &[])),
                )
            })
            .collect();
        runs.into_iter()
            .map(|(name, fails, run)| (name, fails, run.join().expect("no panic")))
            .filter(|(_, fails, out)| {
                let said = String::from_utf8_lossy(&out.stdout);
                let failed = fails
                    .split(" | ")
                    .any(|line| said.contains(&format!("expectation failed: {line}")));
                out.status.code() != Some(1) || !failed
            })
            .map(|(name, fails, out)| format!("{name}, {fails}: {}", told(&out)))
            .collect()
    });
    assert!(passed.is_empty(), "{}", passed.join("\n\n"));
}
