//! The JSON that the README shows: it can be read back, and the program writes the same fields.

use finspect::journal::{Line, Names, from_line};
use finspect::tcp::Power;
use serde_json::Value;

use crate::blocks::blocks_of;
use crate::require::require;
use crate::tour::{Tour, said};

/// What brings out every event that the README shows.
const SCRIPTS: [&str; 3] = [
    include_str!("../../assets/demo/half-close.play"),
    "server: listen localhost:6000\nclient: connect server\nclient: dup as twin\nclient: shutdown send\n\
     client: send \"late\"\nclient: expect error EPIPE\nserver: fork as worker\nworker: kill\n",
    "server: set rcvbuf 4KiB\nserver: listen 6000\nclient: set sndbuf 4KiB\nclient: connect server\n\
     server: read off\nclient: send bytes 64MiB nowait\nclient: expect sent at least 1\n",
];

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))
}

/// Every line that the program writes for the scripts above.
fn written() -> Vec<Value> {
    let tour = Tour::new();
    let mut lines = Vec::new();
    for script in SCRIPTS {
        let output = tour.finspect(&["run", "--json", "-"], &tour.with_port(script));
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        lines.extend(text.lines().map(value));
    }
    lines
}

/// Every field of the example stands in the event too, with a value of the same kind.
fn covers(event: &Value, example: &Value) -> bool {
    match (event, example) {
        (Value::Object(event), Value::Object(example)) => example
            .iter()
            .all(|(key, inner)| event.get(key).is_some_and(|value| covers(value, inner))),
        (Value::Array(event), Value::Array(example)) => event.is_empty() == example.is_empty(),
        (event, example) => std::mem::discriminant(event) == std::mem::discriminant(example),
    }
}

/// The words that tell which event it is.
fn same_kind(event: &Value, example: &Value) -> bool {
    let words = ["lane", "call", "note", "half", "errno"]
        .iter()
        .all(|key| event.get(key) == example.get(key));
    words && measured(event) == measured(example)
}

/// What no reading caught is inferred, or captured where this machine lets segments be seen.
fn measured(event: &Value) -> Option<bool> {
    event.get("source").map(|source| source == "measured")
}

#[test]
fn the_program_writes_every_event_with_these_fields() {
    if !require(Power::SockDiag) {
        return;
    }
    let written = written();
    for block in blocks_of("json event") {
        for line in block.text.lines() {
            let example = value(line);
            assert!(
                written
                    .iter()
                    .any(|event| same_kind(event, &example) && covers(event, &example)),
                "the program writes no such event: {line}\nbut\n{}",
                written
                    .iter()
                    .filter(|event| same_kind(event, &example))
                    .map(|event| format!("{event}\n"))
                    .collect::<String>()
            );
        }
    }
}

/// What brings out every event of the lab that the README shows.
const IN_THE_LAB: [&str; 2] = [
    "server: listen 6000\nclient: connect server\nclient: send \"Thank you\"\nserver: expect received 9\n\
     wire: drop 1 fin\nclient: shutdown send\nserver: expect eof\nclient: expect state FIN-WAIT-2\n",
    "lab: set tcp_max_tw_buckets 0\nserver: listen 6000\nclient: connect server\nclient: shutdown send\n\
     server: expect eof\nserver: close\nclient: expect state CLOSED\nwait 1s\n",
];

#[test]
fn the_lab_writes_its_events_with_these_fields() {
    if !require(Power::Namespaces) {
        return;
    }
    let tour = Tour::new();
    let mut written = Vec::new();
    for script in IN_THE_LAB {
        let output = tour.finspect(&["run", "--json", "-"], script);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        written.extend(text.lines().map(value));
    }
    let examples: Vec<Value> = blocks_of("json lab")
        .iter()
        .flat_map(|block| block.text.lines())
        .map(value)
        .collect();
    assert!(!examples.is_empty());
    for example in examples {
        let same = |event: &&Value| {
            same_kind(event, &example)
                && ["fate", "why", "dropped_by", "segments", "kernel"]
                    .iter()
                    .all(|key| event.get(key) == example.get(key))
        };
        assert!(
            written
                .iter()
                .filter(same)
                .any(|event| covers(event, &example)),
            "the program writes no such event: {example}\nbut\n{:#?}",
            written.iter().filter(same).collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_header_is_the_first_line() {
    let tour = Tour::new();
    let output = tour.finspect(&["run", "--json", "-"], "wait 1us\n");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let first = value(text.lines().next().expect("a first line"));
    let example = value(blocks_of("json header")[0].text);
    assert_eq!(first["finspect"], example["finspect"]);
    assert!(first["started"].is_string() && first["powers"].is_object());
    for power in example["powers"].as_object().expect("powers").keys() {
        assert!(first["powers"].get(power).is_some(), "{power}: {first}");
    }
}

#[test]
fn what_is_shown_can_be_read_back() {
    let mut names = Names::default();
    for info in ["json event", "json lab"] {
        for line in blocks_of(info).iter().flat_map(|block| block.text.lines()) {
            let read = from_line(line, &mut names);
            assert!(matches!(read, Ok(Line::Event(_))), "{line}: {read:?}");
        }
    }
}

#[test]
fn the_doctors_object_has_the_fields_that_are_told() {
    let output = Tour::new().finspect(&["doctor", "--json"], "");
    let page = value(&String::from_utf8_lossy(&output.stdout));
    assert!(
        page["finspect"].is_number() && page["version"].is_string(),
        "{page}"
    );
    let powers = page["powers"].as_object().expect("powers");
    assert!(!powers.is_empty());
    for (power, told) in powers {
        let fields: &[&str] = match told["granted"].as_bool() {
            Some(true) => &["detail"],
            Some(false) => &["why", "remedy"],
            None => panic!("{power}: {told}"),
        };
        for field in fields {
            assert!(told[field].is_string(), "{power}: {told}");
        }
    }
}
