//! Lines that cannot be done: each says what was not done, why, and what to do instead, and the script does not pass.

use crate::player::{Play, lab_is_granted, told};

const PAIR: &str = "server: listen 6000\nclient: connect server\n";

/// Plays a pair and these lines; the exit code and everything that was said.
fn play(lines: &str, args: &[&str]) -> (Option<i32>, String) {
    let out = Play::PLAIN.run(&format!("{PAIR}{lines}"), args);
    (out.status.code(), told(&out))
}

#[test]
fn a_refused_line_ends_the_script_with_its_reason_and_a_remedy() {
    if !lab_is_granted() {
        return;
    }
    for (lines, words) in [
        (
            "lab: set tcp_nonsense 1",
            &[
                "has no net.ipv4.tcp_nonsense (ENOENT)",
                "ls /proc/sys/net/ipv4",
            ][..],
        ),
        (
            "lab: set tcp_fin_timout 1",
            &["ENOENT", "did you mean `tcp_fin_timeout`?"],
        ),
        (
            "lab: set tcp_rfc1337 banana",
            &[
                "does not take `banana`",
                "EINVAL",
                "man 7 tcp",
                "it stays 0",
            ],
        ),
        (
            "lab: set tcp_syn_retries 0",
            &["does not take `0`", "EINVAL"],
        ),
        ("lab: set tcp_mem 1 2 3", &["ENOENT", "whole machine"]),
        ("lab: set conf.all 1", &["EISDIR", "a folder of settings"]),
        (
            "lab: set net.core.somaxconn 5",
            &["below net.ipv4", "ls /proc/sys/net/ipv4"],
        ),
        (
            "lab: set tcp_available_congestion_control x",
            &["be read, not set (EACCES)"],
        ),
        ("wire: step", &["nothing is held", "`wire: hold`"]),
        (
            "wire: release",
            &["nothing is held and no hold stands", "`wire: hold`"],
        ),
        (
            "wire: discard 77",
            &["segment 77 is neither held nor under way"],
        ),
        (
            "wire: hold\nwire: cut\nwire: step",
            &["the cable is cut", "`wire: mend`"],
        ),
    ] {
        let (code, said) = play(&format!("{lines}\nclient: expect state CLOSED\n"), &[]);
        assert_eq!(code, Some(1), "{lines}: {said}");
        let refused = lines.lines().last().expect("a line");
        let line = 2 + lines.lines().count();
        let head = format!("-:{line}: nothing was done: {refused}\n  why: ");
        for words in words.iter().copied().chain([head.as_str(), "-: failed"]) {
            assert!(said.contains(words), "{lines}: no {words:?} in {said}");
        }
        // It does not go on and blame what follows.
        assert!(!said.contains("expectation failed"), "{lines}: {said}");
    }
}

#[test]
fn a_refused_line_stands_on_stderr_where_stdout_is_json() {
    if !lab_is_granted() {
        return;
    }
    let out = Play::PLAIN.run("lab: set tcp_nonsense 1\n", &["--json"]);
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("-:1: nothing was done: lab: set tcp_nonsense 1"),
        "{said}"
    );
    let note = r#""note":"lab","change":"set","sysctl":"tcp_nonsense","value":"1","failed":""#;
    let events = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(events.contains(note), "{events}");
}

#[test]
fn a_rule_that_no_segment_met_is_told() {
    if !lab_is_granted() {
        return;
    }
    let unmet =
        |rule: &str| format!("no segment met the rule `{rule}`; `expect wire` says what came");
    // At the end, before the closes of the end.
    let (code, said) = play(
        "wire: drop 1 fin from client\nclient: send x\nserver: expect received x\n",
        &[],
    );
    assert_eq!(code, Some(0), "{said}");
    let (told, closes) = (
        said.find(&unmet("drop 1 fin from client")),
        said.find("at the end"),
    );
    assert!(told.is_some() && told < closes, "{said}");
    // With `clear`; and one that was met is not told, however often it was.
    let rules = "wire: hold data\nwire: delay 10ms data\nwire: duplicate rst\nclient: send x\nexpect wire 1 held\nwire: step\nserver: expect received x\nwire: clear\n";
    let (code, said) = play(rules, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&unmet("duplicate rst")), "{said}");
    assert_eq!(said.matches("no segment met the rule").count(), 1, "{said}");
}

#[test]
fn a_step_that_nobody_waits_for_any_more_is_not_carried_out() {
    if !lab_is_granted() {
        return;
    }
    let (code, said) = play("client: set linger 1\nwire: hold\nwire: step\n", &[]);
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "-:5: no progress for 10 s: wire: step",
        "nothing came onto the wire that the hold keeps",
        "remedy: let an end send something first",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    // The close of the end waits a second for the ACK of its FIN.
    let fins: Vec<&str> = said.lines().filter(|l| l.contains("──FIN,ACK")).collect();
    assert!(!fins.is_empty(), "{said}");
    assert!(fins.iter().all(|l| l.contains(" held")), "{said}");
}

#[test]
fn the_hosts_names_need_the_lab() {
    for (line, start) in [
        ("other: connect b:6001", "other"),
        ("other: listen a:6001", "other"),
        ("other: connect server on a", "other"),
    ] {
        let (code, said) = play(&format!("{line}\n"), &["--loopback"]);
        assert_eq!(code, Some(3), "{line}: {said}");
        assert!(
            said.contains(&format!("-:3: `{line}` needs the lab")),
            "{said}"
        );
        assert!(said.contains("remedy: leave out --loopback"), "{said}");
        assert!(!said.contains(&format!("{start}         app")), "{said}");
    }
}
