//! `run` without `--json`: a transcript that a person reads, with a last line that says passed or failed.

use std::path::Path;

use crate::outside::Room;
use crate::program::{Program, command, play, run};

const PAIR: &str = "server: listen 0\nclient: connect server\n";

#[test]
fn the_contracts_own_script_passes() {
    // Section 1 of the contract, with a port that is free.
    let asset = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/half-close.play");
    let script = std::fs::read_to_string(asset).expect("the demonstration");
    assert!(script.contains("server: listen 6000"), "{script}");
    let room = Room::new();
    room.file("free.play", script.replace("listen 6000", "listen 0"));
    let mut program = command(
        &room,
        &["run", room.path("free.play").to_str().expect("UTF-8")],
    );
    program.current_dir(env!("CARGO_MANIFEST_DIR"));
    let ended = Program::start(&mut program).end().ends_with(0);
    let last = ended.out().lines().last().unwrap_or_default();
    assert!(last.ends_with("free.play: passed"), "{last}");
    assert_eq!(ended.err, "");
}

#[test]
fn the_transcript_tells_calls_states_and_endings_and_passes() {
    let ended = play(
        &format!(
            "{PAIR}client: shutdown send\nserver: expect eof within 30s\nclient: send \"x\"\n"
        ),
        &[],
    )
    .ends_with(0)
    .prints("shutdown(send) = 0")
    .prints("ESTABLISHED → FIN-WAIT-1")
    .prints("EOF")
    .prints("EPIPE")
    .prints("✓ expect eof");
    assert_eq!(ended.out().lines().last(), Some("it.play: passed"));
}

#[test]
fn a_failed_call_goes_on_and_only_expect_decides() {
    play(
        &format!(
            "{PAIR}client: shutdown send\nclient: send \"x\"\nclient: close\nclient: send \"y\"\n"
        ),
        &[],
    )
    .ends_with(0)
    .prints("EPIPE")
    .prints("line 6: no call was made");
}

#[test]
fn a_failure_says_line_expectation_and_what_was_seen_instead() {
    for args in [&[][..], &["--json"]] {
        let ended = play(
            &format!("{PAIR}\n# the server is open\nserver: expect state CLOSE-WAIT within 1ms\nclient: close\n"),
            args,
        )
        .ends_with(1);
        let words = match args.is_empty() {
            true => ended.out().to_owned(),
            false => ended.err.clone(),
        };
        for part in [
            "it.play:5: expectation failed: server: expect state CLOSE-WAIT within 1ms",
            "seen instead: state ESTABLISHED, send open, receive open, received 0, sent 0",
            "it.play: failed",
        ] {
            assert!(words.contains(part), "{part} is missing:\n{words}");
        }
        // The line behind it never ran: the client is closed by the end, not by its line.
        let calls = ended.out();
        assert!(
            calls.contains("at the end") || calls.contains("\"by\":\"end\""),
            "{calls}"
        );
    }
}

#[test]
fn a_listening_port_that_the_kernel_chose_is_told() {
    let script = "server: listen 0\nclient: connect server\n";
    let ended = play(script, &["--loopback"]).ends_with(0);
    let line = |part: &str| {
        ended
            .out()
            .lines()
            .find(|l| l.contains(part))
            .unwrap_or_default()
    };
    let (_, port) = line("LISTEN")
        .rsplit_once("127.0.0.1:")
        .expect("where it listens");
    assert!(
        line("connect(").contains(&format!("127.0.0.1:{port})")),
        "{}",
        ended.out()
    );
}

#[test]
fn control_characters_of_a_peer_come_out_as_pictures() {
    let script = format!(
        "{PAIR}client: send \"\\x1b[31mred\\x07\\x9b2J\\x7f\\r\\0\"\nserver: expect received \"red\" within 30s\n"
    );
    for args in [&[][..], &["--ascii"], &["--json"]] {
        let ended = play(&script, args).ends_with(0).prints("recv");
        let all = format!("{}{}", ended.out(), ended.err);
        let raw: Vec<char> = all
            .chars()
            .filter(|c| c.is_control() && *c != '\n')
            .collect();
        assert_eq!(raw, Vec::<char>::new(), "{args:?}: {all:?}");
    }
}

#[test]
fn ascii_is_ascii() {
    let room = Room::new();
    room.file("it.play", format!("{PAIR}client: send \"na\u{ef}ve\"\nclient: shutdown send\nserver: expect eof within 30s\n"));
    let ended = run(&room, &["run", "it.play", "--ascii"])
        .ends_with(0)
        .prints("FIN-WAIT-1");
    assert!(ended.out().is_ascii(), "{}", ended.out());
}

#[test]
fn nothing_in_a_pipe_is_coloured() {
    for args in [&[][..], &["--theme", "dark"]] {
        let ended = play(PAIR, args).ends_with(0);
        assert!(!ended.out().contains('\x1b') && !ended.err.contains('\x1b'));
    }
}
