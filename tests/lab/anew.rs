//! A lab or a host that starts anew: what stood ends without a segment, and no number is used for a second segment.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::player::{Play, lab_is_granted, told};

/// What is told of each segment, in order of telling.
fn segments(script: &str) -> Vec<Value> {
    let out = Play::PLAIN.run(script, &["--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|event: &Value| event["lane"] == "wire")
        .collect()
}

#[test]
fn numbers_of_segments_go_on_rising_over_a_reset() {
    if !lab_is_granted() {
        return;
    }
    let told = segments(
        "server: listen 6000\n\
         client: connect server\n\
         wire: hold\n\
         client: send \"held when its world ends\"\n\
         expect wire 1 held\n\
         lab: reset\n\
         server2: listen 6000\n\
         client2: connect server2\n\
         server2: expect state ESTABLISHED\n",
    );
    let mut whose: BTreeMap<u64, (String, u64)> = BTreeMap::new();
    let mut newest = 0;
    let mut worlds = [0, 0];
    for segment in &told {
        let id = segment["id"].as_u64().expect("a number");
        let left = segment["left_us"].as_u64().expect("when it left");
        let this = (segment["from"].to_string(), left);
        if let Some(first) = whose.insert(id, this.clone()) {
            assert_eq!(first, this, "#{id} is told of two segments");
        } else {
            assert!(id > newest, "#{id} after #{newest}");
            newest = id;
            worlds[usize::from(segment.to_string().contains("2\""))] += 1;
        }
    }
    let [old, new] = worlds;
    assert!(old >= 4 && new >= 3, "{old} and {new}: {told:?}");
}

#[test]
fn a_reset_breaks_nothing_that_no_segment_broke() {
    if !lab_is_granted() {
        return;
    }
    // The cable is cut, so that not even the FINs of the last close can cross.
    let told = segments(
        "server: listen 6000\n\
         client: connect server\n\
         server: expect state ESTABLISHED\n\
         wire: cut\n\
         lab: reset\n\
         client: expect ending forgotten\n\
         server: expect ending forgotten\n",
    );
    let rst = |s: &&Value| s["flags"].as_str().is_some_and(|f| f.contains('R'));
    assert!(told.iter().find(rst).is_none(), "{told:?}");
}
