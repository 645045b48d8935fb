//! `--record FILE`: the same events as the stream, and a file that cannot be written costs nothing else.

use crate::outside::Room;
use crate::program::{run, start};

const SCRIPT: &str = "server: listen 0\nclient: connect server\nclient: send \"hello\"\nclient: shutdown send\nserver: expect eof within 30s\n";

#[test]
fn a_recording_is_the_stream_to_the_letter() {
    let room = Room::new();
    room.file("it.play", SCRIPT);
    let ended = run(&room, &["run", "it.play", "--json", "--record", "it.jsonl"]).ends_with(0);
    assert!(ended.json().len() > 15);
    assert_eq!(room.read("it.jsonl"), ended.out());
}

#[test]
fn a_recording_needs_no_json_on_stdout() {
    let room = Room::new();
    room.file("it.play", SCRIPT);
    run(&room, &["--record", "it.jsonl", "run", "it.play"])
        .ends_with(0)
        .prints("it.play: passed");
    let recording = room.read("it.jsonl");
    assert!(recording.starts_with("{\"finspect\":1,"), "{recording}");
    assert!(recording.contains("\"by\":\"end\""), "{recording}");
}

#[test]
fn a_failed_run_is_recorded_to_its_end() {
    let room = Room::new();
    room.file(
        "it.play",
        format!("{SCRIPT}server: expect state CLOSED within 1ms\n"),
    );
    run(&room, &["run", "it.play", "--record", "it.jsonl"]).ends_with(1);
    let recording = room.read("it.jsonl");
    assert!(recording.contains("\"held\":false"), "{recording}");
    assert!(recording.contains("\"by\":\"end\""), "{recording}");
}

#[test]
fn a_recording_that_cannot_be_made_is_said_at_once_and_stops_nothing() {
    let room = Room::new();
    room.file("waits.play", format!("{SCRIPT}wait 1m\n"));
    let mut program = start(
        &room,
        &[
            "run",
            "waits.play",
            "--json",
            "--record",
            "no/such/folder.jsonl",
        ],
    );
    program.until_said("the recording", |line| {
        line.contains("no/such/folder.jsonl").then_some(())
    });
    program.until_event("the script goes on", |e| {
        (e["lane"] == "script").then_some(())
    });
    drop(program);
    room.file("it.play", SCRIPT);
    run(
        &room,
        &[
            "run",
            "it.play",
            "--json",
            "--record",
            "no/such/folder.jsonl",
        ],
    )
    .ends_with(0)
    .says("no/such/folder.jsonl")
    .says("No such file or directory");
}

#[test]
fn a_recording_that_fails_on_its_way_is_said_then_and_stops_nothing() {
    let room = Room::new();
    room.file("waits.play", format!("{SCRIPT}wait 1m\n"));
    let mut program = start(
        &room,
        &["run", "waits.play", "--json", "--record", "/dev/full"],
    );
    // While the script still waits, not at its end.
    program.until_said("the recording", |line| {
        (line.contains("/dev/full") && line.contains("No space left")).then_some(())
    });
    program.until_event("the script goes on", |e| {
        (e["lane"] == "script").then_some(())
    });
    drop(program);
    room.file("it.play", SCRIPT);
    let ended = run(
        &room,
        &["run", "it.play", "--json", "--record", "/dev/full"],
    )
    .ends_with(0);
    assert_eq!(
        ended.err.matches("/dev/full").count(),
        1,
        "said once:\n{}",
        ended.err
    );
}

#[test]
fn a_recording_of_repetitions_holds_every_round() {
    let room = Room::new();
    room.file("it.play", SCRIPT);
    let ended = run(
        &room,
        &[
            "run", "it.play", "--json", "--repeat", "2", "--record", "it.jsonl",
        ],
    )
    .ends_with(0);
    assert_eq!(
        room.read("it.jsonl"),
        ended.out(),
        "the recording lost a round"
    );
}
