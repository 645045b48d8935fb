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

fn play(name: &str) {
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
            .args(["run", family, "-"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = run.stdin.take().expect("its input");
        std::io::Write::write_all(&mut stdin, script.as_bytes()).expect("written");
        drop(stdin);
        let out = run.wait_with_output().expect("its end");
        assert_eq!(
            out.status.code(),
            Some(0),
            "{name} {family}\n{}\n{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    }
}

macro_rules! scripts {
    ($($test:ident = $file:literal),* $(,)?) => {
        $(#[test] fn $test() { play($file); })*

        #[test]
        fn every_script_is_played() {
            let mut files: Vec<String> = std::fs::read_dir(folder())
                .expect("the folder")
                .map(|e| e.expect("an entry").path())
                .map(|p| p.file_stem().expect("a name").to_string_lossy().into_owned())
                .collect();
            files.sort();
            assert_eq!(files, [$($file),*]);
        }
    };
}

scripts! {
    cut_and_user_timeout = "cut-and-user-timeout",
    delay = "delay",
    duplicate_fin = "duplicate-fin",
    fin_lost = "fin-lost",
    fork_kill = "fork-kill",
    fork_kill_unread = "fork-kill-unread",
    half_close_stepped = "half-close-stepped",
    last_ack_backs_off = "last-ack-backs-off",
    orphan_times_out = "orphan-times-out",
    reboot = "reboot",
    rst_lost = "rst-lost",
    simultaneous_close = "simultaneous-close",
    syn_lost = "syn-lost",
}
