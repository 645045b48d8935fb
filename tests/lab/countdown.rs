//! TIME-WAIT begins anew at each FIN that the peer repeats: proved by the countdown that the kernel tells.

use serde_json::Value;

use crate::player::{Play, lab_is_granted, told};
use crate::script;

/// RFC 9293 says two maximum segment lifetimes; Linux means this (TCP_TIMEWAIT_LEN).
const MINUTE_MS: u64 = 60_000;
/// Jiffies, and a wait for the processor between the reading and its stamp.
const SLACK_MS: u64 = 150;

/// When each reading of the client's TIME-WAIT says that it will end, in order.
fn ends(events: &[Value]) -> Vec<u64> {
    events
        .iter()
        .filter(|e| e["who"] == "client" && e["reading"]["state"] == "TIME-WAIT")
        .map(|e| {
            let left = e["reading"]["timer"]["expires_ms"].as_u64();
            e["t_us"].as_u64().expect("a time") / 1000 + left.expect("a countdown")
        })
        .collect()
}

/// When each FIN of the server reached the client, and whether it was a repeat.
fn fins(events: &[Value]) -> Vec<(u64, bool)> {
    events
        .iter()
        .filter(|e| e["lane"] == "wire" && e["from"] == "server" && e["fate"] == "passed")
        .filter(|e| e["flags"].as_str().is_some_and(|f| f.contains('F')))
        .map(|e| {
            (
                e["t_us"].as_u64().expect("a time") / 1000,
                e["repeats_of"].is_u64(),
            )
        })
        .collect()
}

#[test]
fn each_repeated_fin_begins_time_wait_anew() {
    if !lab_is_granted() {
        return;
    }
    let out = Play::PLAIN.run(&script("last-ack-backs-off"), &["--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let (fins, ends) = (fins(&events), ends(&events));
    // The first one leads to TIME-WAIT, at least five repeats begin it anew.
    assert!(
        fins.len() >= 6 && fins.iter().skip(1).all(|(_, repeat)| *repeat),
        "{fins:?}"
    );
    assert_eq!(ends.len(), fins.len(), "a reading for each FIN: {ends:?}");
    for ((fin, _), end) in fins.iter().zip(&ends) {
        let whole = fin + MINUTE_MS;
        assert!(whole.abs_diff(*end) <= SLACK_MS, "{whole} is not {end}");
    }
    // So what was left went up again each time, by as much as had gone since the FIN before.
    for (one, next) in ends.iter().zip(&ends[1..]) {
        assert!(next > &(one + SLACK_MS), "{ends:?}");
    }
}
