//! The lab from outside: scripts that need the wire between two hosts, each a real one with real segments.
//!
//! Each file in `tests/lab` runs over IPv4 and over IPv6, as whoever runs the tests, and where that is root also as
//! nobody: the lab needs no privilege. Where this machine grants no namespaces that is said loudly, and it fails where
//! `FINSPECT_REQUIRE` names them.
//!
//! `FINSPECT_REPEAT=20 cargo test --test lab` plays each script so many times in a row, each time in a fresh world.

use std::path::{Path, PathBuf};

use finspect::command::Script;

#[path = "lab/anew.rs"]
mod anew;
#[path = "lab/causes.rs"]
mod causes;
#[path = "lab/countdown.rs"]
mod countdown;
#[path = "lab/order.rs"]
mod order;
#[path = "lab/player.rs"]
mod player;
#[path = "lab/refusals.rs"]
mod refusals;
#[path = "outside/require.rs"]
mod require;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab")
}

/// The text of a script.
fn script(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.play"))).expect("the script")
}

macro_rules! scripts {
    ($($test:ident = $file:literal),* $(,)?) => {
        $(#[test] fn $test() { player::play_everywhere($file); })*

        /// Every script, by name.
        const SCRIPTS: &[&str] = &[$($file),*];
    };
}

scripts! {
    cut_and_keepalive = "cut-and-keepalive",
    cut_and_user_timeout = "cut-and-user-timeout",
    cut_and_write = "cut-and-write",
    data_after_close = "data-after-close",
    data_after_shutdown_both = "data-after-shutdown-both",
    data_after_shutdown_receive = "data-after-shutdown-receive",
    delay = "delay",
    duplicate_fin = "duplicate-fin",
    fin_behind_zero_window = "fin-behind-zero-window",
    fin_lost = "fin-lost",
    fork_kill = "fork-kill",
    fork_kill_unread = "fork-kill-unread",
    half_close_stepped = "half-close-stepped",
    last_ack_backs_off = "last-ack-backs-off",
    orphan_times_out = "orphan-times-out",
    port_reuse = "port-reuse",
    reboot = "reboot",
    repeats_stacked = "repeats-stacked",
    rst_lost = "rst-lost",
    simultaneous_close = "simultaneous-close",
    simultaneous_open = "simultaneous-open",
    syn_lost = "syn-lost",
    three_segment_close = "three-segment-close",
    time_wait_assassinated = "time-wait-assassinated",
    time_wait_protected = "time-wait-protected",
}

#[test]
fn every_script_is_played() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "play"))
        .map(|p| {
            p.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    let mut played = [SCRIPTS, &["time-wait-left-out"]].concat();
    played.sort_unstable();
    assert_eq!(files, played);
}

/// Linux makes no TIME-WAIT beyond tcp_max_tw_buckets, and nothing on the wire shows that: the one place where the two
/// truly differ. Whether the descriptor is held or given back, it is told, and told once.
#[test]
fn a_time_wait_that_linux_leaves_out_is_a_disagreement() {
    if !player::lab_is_granted() {
        return;
    }
    let text = script("time-wait-left-out");
    for family in ["-4", "-6"] {
        let play = player::Play {
            family,
            ..player::Play::PLAIN
        };
        let out = play.run(&text, &["--json"]);
        let disputes = player::disputes(&out);
        let told = |who: &str| {
            let line = format!(
                r#""who":"{who}","lane":"note","note":"disagreement","segments":"TIME-WAIT","kernel":"CLOSED"}}"#
            );
            disputes.iter().filter(|d| d.ends_with(&line)).count()
        };
        assert_eq!(
            (told("client"), told("second"), disputes.len()),
            (1, 1, 2),
            "{family}\n{}",
            player::told(&out)
        );
    }
}

#[test]
fn every_script_says_what_is_seen_and_asks_the_wire_for_it() {
    for name in SCRIPTS {
        let text = script(name);
        assert!(text.starts_with("# "), "{name} begins without a comment");
        assert!(text.contains("expect "), "{name} expects nothing");
        let script = Script::parse(&text).expect("a script");
        let asks = script.needs_lab() || script.needs_segments();
        assert!(asks, "{name} asks nothing of the wire");
    }
}
