//! Stories: a script in, the journal out, on real sockets.
//!
//! Each file in `tests/stories` is a script of the command language. Lines that begin with `#=` say what the journal
//! must tell, in order for each endpoint (what two endpoints do at the same time has no order):
//!
//! ```text
//! #= client: shutdown send = 0               a call and what it returned
//! #= client: send = EPIPE                    or its errno
//! #= client: ESTABLISHED > FIN-WAIT-1        a state, measured
//! #= server: CLOSE-WAIT > LAST-ACK ~         a state that no reading caught: inferred, or captured where this machine
//!                                            lets segments be seen and they prove it
//! #= client: send fin-acked                  a half
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

/// An event in the notation of the stories; `None` for what they do not speak about.
fn notation(event: &Value) -> Option<(String, String)> {
    let who = event["who"].as_str()?.to_owned();
    let word = |key: &str| event[key].as_str();
    let told = match word("lane")? {
        "app" => {
            let mut call = word("call")?.to_owned();
            for key in ["how", "to"] {
                if let Some(argument) = word(key).filter(|a| key == "how" || *a == "AF_UNSPEC") {
                    call = format!("{call} {argument}");
                }
            }
            let result = match (word("errno"), word("as")) {
                (Some(errno), _) => errno.to_owned(),
                (None, Some(twin)) => twin.to_owned(),
                (None, None) => event["ret"].to_string(),
            };
            // A descriptor's number says nothing.
            match word("call")? {
                "socket" | "accept" => return None,
                _ if event["blocked_us"].as_u64() > Some(500_000) => {
                    format!("{call} = {result} blocked")
                }
                _ => format!("{call} = {result}"),
            }
        }
        "kernel" => {
            let mark = match word("source")? {
                "measured" => "",
                _ => " ~",
            };
            format!("{} > {}{mark}", word("from")?, word("to")?)
        }
        "half" => {
            let shut = if event["shut"] == true { " shut" } else { "" };
            format!("{} {}{shut}", word("half")?, word("to")?)
        }
        _ => return None,
    };
    Some((who, told))
}

fn play(name: &str) {
    let file = format!("{name}.play");
    let script = fs::read_to_string(folder().join(&file)).expect("the story");
    let run = Command::new(env!("CARGO_BIN_EXE_finspect"))
        .args(["run", "--json", "--loopback", &file])
        .current_dir(folder())
        .output()
        .expect("the program runs");
    let journal = String::from_utf8(run.stdout).expect("UTF-8");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{said}\n{journal}");

    assert!(!journal.contains(r#""note":"disagreement""#), "{journal}");
    let told: Vec<(String, String)> = journal
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .filter_map(|event| notation(&event))
        .collect();
    let mut at: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for line in script.lines().filter_map(|l| l.strip_prefix("#= ")) {
        let (who, fact) = line.split_once(": ").expect("`#= actor: fact`");
        let from = at.entry(who).or_insert(0);
        let found = told[*from..]
            .iter()
            .position(|(w, f)| w == who && f == fact);
        match found {
            Some(step) => *from += step + 1,
            None => panic!(
                "the journal does not tell, in this place: {line}\n{}",
                told.iter()
                    .filter(|(w, _)| w == who)
                    .map(|(w, f)| format!("  {w}: {f}\n"))
                    .collect::<String>()
            ),
        }
    }
}

macro_rules! stories {
    ($($test:ident = $file:literal),* $(,)?) => {
        $(#[test] fn $test() { play($file); })*

        #[test]
        fn every_story_is_played() {
            let mut files: Vec<String> = fs::read_dir(folder())
                .expect("the folder")
                .map(|e| e.expect("an entry").path())
                .filter(|p| p.extension().is_some_and(|e| e == "play"))
                .map(|p| p.file_stem().expect("a name").to_string_lossy().into_owned())
                .collect();
            files.sort();
            let mut listed = vec![$($file.to_owned()),*];
            listed.sort();
            assert_eq!(files, listed);
        }
    };
}

stories! {
    row_01_half_close = "01-half-close",
    row_02_close_close = "02-close-close",
    row_04_shutdown_receive = "04-shutdown-receive",
    row_04b_shutdown_receive_with_data_queued = "04b-shutdown-receive-with-data-queued",
    row_04c_shutdown_receive_then_send = "04c-shutdown-receive-then-send",
    row_05a_shutdown_both_then_data = "05a-shutdown-both-then-data",
    row_05b_shutdown_both_with_unread = "05b-shutdown-both-with-unread",
    row_05c_shutdown_both_unread_close = "05c-shutdown-both-unread-close",
    row_06_close_with_unread = "06-close-with-unread",
    row_06b_one_errno_one_taker = "06b-one-errno-one-taker",
    row_07a_abort = "07a-abort",
    row_07b_abort_from_close_wait = "07b-abort-from-close-wait",
    row_07b_abort_from_fin_wait_2 = "07b-abort-from-fin-wait-2",
    row_07b_abort_in_time_wait = "07b-abort-in-time-wait",
    row_07c_disconnect = "07c-disconnect",
    row_08_linger_waits = "08-linger-waits",
    row_08b_linger_idle = "08b-linger-idle",
    row_09_fin_behind_a_full_window = "09-fin-behind-a-full-window",
    row_10_write_after_the_peer_closed = "10-write-after-the-peer-closed",
    row_11_held = "11-held",
    row_11b_orphan = "11b-orphan",
    row_12_time_wait_from_the_descriptor = "12-time-wait-from-the-descriptor",
    row_12b_port_again_out_of_time_wait = "12b-port-again-out-of-time-wait",
    row_13_shutdown_twice = "13-shutdown-twice",
    row_13a_shutdown_of_a_listener = "13a-shutdown-of-a-listener",
    row_14a_refused = "14a-refused",
    row_14c_accept_queue_full = "14c-accept-queue-full",
    row_16_reset_received = "16-reset-received",
    row_17_urgent_data = "17-urgent-data",
    row_19_dup = "19-dup",
    row_19b_fork = "19b-fork",
    row_19c_fork_unread = "19c-fork-unread",
    row_19d_fork_beside_ours = "19d-fork-beside-ours",
    row_20_ipv6_half_close = "20-ipv6-half-close",
    row_20b_ipv6_shutdown_both = "20b-ipv6-shutdown-both",
    drain = "drain",
    seed_half_close_file_server = "seed-half-close-file-server",
    seed_winsock_client = "seed-winsock-client",
    seed_winsock_error_path = "seed-winsock-error-path",
    seed_winsock_server = "seed-winsock-server",
}
