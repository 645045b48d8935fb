//! The wire brings segments in the order in which TCP made them, unless it was told otherwise.
//!
//! The kernel delays the ACK of a FIN by a few milliseconds, on a timer of its own; a close in that moment sends the next
//! FIN from another processor. Were the two swapped, the ACK would come as an old segment, be answered in TIME-WAIT, and
//! the answer would meet no socket: a RST that nobody sent for a reason, and a TIME-WAIT that is over at once.

use std::fmt::Write;

use serde_json::Value;

use crate::player::{Play, lab_is_granted, told};

const CLOSES: usize = 200;
const AT_ONCE: usize = 4;

/// Connections one after the other; in each the client closes just when its ACK may be due.
fn script() -> String {
    let mut script = "server: listen 6000 on b\n".to_owned();
    for n in 1..=CLOSES {
        let server = match n {
            1 => "server".to_owned(),
            n => format!("server.{n}"),
        };
        writeln!(
            script,
            "c{n}: connect server\n{server}: close\nc{n}: expect eof\nc{n}: close"
        )
        .expect("a String takes everything");
    }
    script
}

#[test]
fn a_fin_never_overtakes_the_ack_before_it() {
    if !lab_is_granted() {
        return;
    }
    let script = script();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..AT_ONCE)
            .map(|_| scope.spawn(|| Play::PLAIN.run(&script, &["--json"])))
            .collect();
        for run in runs {
            let out = run.join().expect("no panic");
            assert_eq!(out.status.code(), Some(0), "{}", told(&out));
            let text = String::from_utf8(out.stdout).expect("UTF-8");
            let segments: Vec<Value> = text
                .lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .filter(|event: &Value| event["lane"] == "wire")
                .collect();
            // On a machine that stands still for longer than a retransmission takes, a FIN that comes twice has the
            // same end, rightly.
            let repeated = |from: &Value| {
                let mut of_it = segments.iter().filter(|s| s["from"] == *from);
                of_it.any(|s| s["repeats_of"].is_u64())
            };
            let resets: Vec<&Value> = segments
                .iter()
                .filter(|s| s["flags"].as_str().is_some_and(|f| f.contains('R')))
                .filter(|s| !repeated(&s["from"]) && !repeated(&s["to"]))
                .collect();
            assert!(resets.is_empty(), "{resets:?}");
        }
    });
}
