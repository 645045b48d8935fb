//! The lab from outside: scripts that need the wire between two hosts, each a real one with real segments.
//!
//! Each file in `tests/lab` runs over IPv4 and over IPv6, as whoever runs the tests. Where this machine grants no
//! namespaces that is said loudly, and it fails where `FINSPECT_REQUIRE` names them.

use std::path::{Path, PathBuf};
use std::process::Command;

use finspect::tcp::Power;

#[path = "outside/require.rs"]
mod require;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab")
}

/// Runs a script over IPv4 and over IPv6, and hands what it wrote to `check`.
fn run(name: &str, check: impl Fn(&str, &str)) {
    if !require::require(Power::Namespaces) {
        return;
    }
    for family in ["-4", "-6"] {
        let file = format!("{name}.play");
        let script = std::fs::read_to_string(folder().join(&file)).expect("the script");
        let script = match family {
            "-6" => script.replace("198.51.100.2:6001", "[2001:db8::2]:6001"),
            _ => script,
        };
        let mut run = Command::new(env!("CARGO_BIN_EXE_finspect"))
            .args(["run", "--json", family, "-"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = run.stdin.take().expect("its input");
        std::io::Write::write_all(&mut stdin, script.as_bytes()).expect("written");
        drop(stdin);
        let out = run.wait_with_output().expect("its end");
        let journal = String::from_utf8_lossy(&out.stdout);
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(
            out.status.code(),
            Some(0),
            "{name} {family}\n{journal}\n{said}"
        );
        check(family, &journal);
    }
}

/// The disagreements between segments and kernel, as lines of the journal.
fn disputes(journal: &str) -> Vec<&str> {
    let is_one = |line: &&str| line.contains(r#""note":"disagreement""#);
    journal.lines().filter(is_one).collect()
}

fn play(name: &str) {
    run(name, |family, journal| {
        let disputes = disputes(journal);
        assert!(
            disputes.is_empty(),
            "{name} {family}: segments and kernel disagree:\n{}\n{journal}",
            disputes.join("\n")
        );
    });
}

/// Linux makes no TIME-WAIT beyond tcp_max_tw_buckets, and nothing on the wire shows that: the one place where the two
/// truly differ. Whether the descriptor is held or given back, it is told, and told once.
fn play_without_time_wait(name: &str) {
    run(name, |family, journal| {
        let disputes = disputes(journal);
        let told = |who: &str| {
            let line = format!(
                r#""who":"{who}","lane":"note","note":"disagreement","segments":"TIME-WAIT","kernel":"CLOSED"}}"#
            );
            disputes.iter().filter(|d| d.ends_with(&line)).count()
        };
        assert_eq!(
            (told("client"), told("second"), disputes.len()),
            (1, 1, 2),
            "{name} {family}\n{journal}"
        );
    });
}

macro_rules! scripts {
    ($($test:ident = $file:literal),* $(,)?) => {
        $(#[test] fn $test() { play($file); })*

        #[test]
        fn a_time_wait_that_linux_leaves_out_is_a_disagreement() {
            play_without_time_wait("time-wait-left-out");
        }

        #[test]
        fn every_script_is_played() {
            let mut files: Vec<String> = std::fs::read_dir(folder())
                .expect("the folder")
                .map(|e| e.expect("an entry").path())
                .map(|p| p.file_stem().expect("a name").to_string_lossy().into_owned())
                .collect();
            files.sort();
            let mut played = vec![$($file),*, "time-wait-left-out"];
            played.sort_unstable();
            assert_eq!(files, played);
        }
    };
}

scripts! {
    cut_and_user_timeout = "cut-and-user-timeout",
    delay = "delay",
    duplicate_fin = "duplicate-fin",
    fin_lost = "fin-lost",
    half_close_stepped = "half-close-stepped",
    last_ack_backs_off = "last-ack-backs-off",
    orphan_times_out = "orphan-times-out",
    reboot = "reboot",
    rst_lost = "rst-lost",
    simultaneous_close = "simultaneous-close",
    syn_lost = "syn-lost",
}
