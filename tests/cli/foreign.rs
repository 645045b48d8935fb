//! `connect` in a pipe against peers that are not ours: bytes to stdout, the story to stderr, the right exit code.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::thread;

use crate::outside::Room;
use crate::peer::{DeafProcess, Peer, all_of, closed_port, reset};
use crate::program::{fifo, run, start};

const REQUEST: &[u8] = b"GET / HTTP/1.0\r\n\r\n";

/// Not text: every byte value, so that nothing is translated on the way.
fn body() -> Vec<u8> {
    (0..100_000u32)
        .map(|i| (i % 251) as u8)
        .chain(0..=255)
        .collect()
}

#[test]
fn a_server_that_answers_after_our_half_close() {
    let server = Peer::serving(|mut stream| {
        let request = all_of(&mut stream);
        stream.write_all(&body()).expect("the answer");
        request
    });
    let mut program = start(&Room::new(), &["connect", &server.at.to_string()]);
    program.say(REQUEST);
    let ended = program.end().ends_with(0);
    assert_eq!(server.ended(), REQUEST);
    assert!(
        ended.bytes == body(),
        "{} bytes instead of {}",
        ended.bytes.len(),
        body().len()
    );
    ended
        .says("shutdown(send) = 0")
        .says("EOF: the peer will send no more")
        .says("close() = 0");
}

#[test]
fn a_server_that_closes_first() {
    let server = Peer::serving(|mut stream| {
        let mut request = vec![0; REQUEST.len()];
        stream.read_exact(&mut request).expect("the request");
        stream
            .write_all(b"HTTP/1.0 200 OK\r\n\r\nhello\n")
            .expect("the answer");
        stream.shutdown(Shutdown::Write).expect("the half-close");
        all_of(&mut stream)
    });
    let mut program = start(&Room::new(), &["connect", &server.at.to_string()]);
    program.say(REQUEST);
    program.until_said("EOF", |line| line.contains("EOF").then_some(()));
    // The other half is still ours: "Thank you" goes out after the peer's FIN.
    program.say(b"Thank you");
    let ended = program.end().ends_with(0);
    assert_eq!(server.ended(), b"Thank you");
    assert_eq!(ended.out(), "HTTP/1.0 200 OK\r\n\r\nhello\n");
    ended.says("CLOSE-WAIT").says("shutdown(send) = 0");
}

#[test]
fn a_peer_that_resets() {
    let server = Peer::serving(|mut stream| {
        stream.write_all(b"so far").expect("bytes");
        let mut request = vec![0; REQUEST.len()];
        stream.read_exact(&mut request).expect("the request");
        reset(stream);
    });
    let mut program = start(&Room::new(), &["connect", &server.at.to_string()]);
    program.say(REQUEST);
    // It ends by itself, while its stdin is still open.
    let ended = program
        .ended()
        .ends_with(1)
        .says("ECONNRESET")
        .says("a RST ended the connection");
    server.ended();
    assert_eq!(
        ended.out(),
        "so far",
        "what came before the RST is not lost"
    );
}

#[test]
fn a_peer_process_that_is_killed_while_bytes_are_unsent() {
    let mut peer = DeafProcess::start();
    let room = Room::new();
    // Its recording goes to us, so that we see when it has to wait.
    let events = fifo(&room, "events");
    let mut program = start(
        &room,
        &["connect", &peer.at.to_string(), "--record", "events"],
    );
    let mut events = BufReader::new(File::open(events).expect("the recording")).lines();
    peer.until_accepted();
    // More than both kernels hold. The writer ends when the program does.
    let mut stdin = program.stdin.take().expect("stdin");
    let writer = thread::spawn(move || while stdin.write_all(&[b'x'; 1 << 16]).is_ok() {});
    let waits =
        |line: &String| line.contains("\"note\":\"waiting\",\"bytes\":") && !line.contains(":0}");
    let waiting = events.by_ref().map_while(Result::ok).find(waits);
    assert!(waiting.is_some(), "it never had to wait");
    let rest = thread::spawn(move || events.map_while(Result::ok).collect::<Vec<_>>());
    peer.kill();
    let ended = program
        .ended()
        .ends_with(1)
        .says("ECONNRESET")
        .says("never reached the kernel");
    writer.join().expect("the writer");
    let rest = rest.join().expect("the reader");
    let abandoned = |line: &String| line.contains("\"note\":\"abandoned\"");
    assert!(rest.iter().any(abandoned), "{rest:?}");
    assert!(
        !ended.err.contains("recording"),
        "a pipe is a recording too:\n{}",
        ended.err
    );
}

#[test]
fn a_peer_that_is_killed_after_a_quiet_talk() {
    let mut peer = DeafProcess::start();
    let mut program = start(&Room::new(), &["connect", &peer.at.to_string()]);
    peer.until_accepted();
    program.until_said("the connection", |line| {
        line.contains("ESTABLISHED").then_some(())
    });
    peer.kill();
    // Nothing was unread, so the kernel sent a FIN: the peer half-closed, as far as anybody can tell.
    program.until_said("EOF", |line| line.contains("EOF").then_some(()));
    program.end().ends_with(0);
}

#[test]
fn nobody_listens() {
    let at = format!("127.0.0.1:{}", closed_port());
    let ended = run(&Room::new(), &["connect", &at])
        .ends_with(1)
        .says(&at)
        .says("ECONNREFUSED")
        .says("nobody listens there");
    assert_eq!(ended.out(), "");
}

#[test]
fn a_name_that_does_not_exist() {
    // RFC 2606: no name ends with .invalid.
    let ended = run(&Room::new(), &["connect", "name.invalid:80"])
        .ends_with(1)
        .says("looking up name.invalid")
        .says("name.invalid was not found");
    assert_eq!(ended.out(), "");
}

#[test]
fn no_way_leads_there() {
    // connect(2) to a broadcast address: ENETUNREACH (tcp_v4_connect), on every machine.
    run(&Room::new(), &["connect", "127.255.255.255:9"])
        .ends_with(1)
        .says("127.255.255.255:9")
        .says("ENETUNREACH")
        .says("no way leads there");
}

#[test]
fn a_name_that_resolves_connects() {
    let server = Peer::serving(|mut stream| all_of(&mut stream));
    let mut program = start(
        &Room::new(),
        &["connect", &format!("localhost:{}", server.at.port()), "-4"],
    );
    program.say(b"by name");
    // ::1 may be tried as well; 127.0.0.1 answers.
    program.until_said("EOF", |line| line.contains("ESTABLISHED").then_some(()));
    program
        .end()
        .ends_with(0)
        .says("looking up localhost")
        .says("localhost is ");
    assert_eq!(server.ended(), b"by name");
}

#[test]
fn a_peers_escapes_go_to_the_pipe_as_they_are_and_to_the_story_as_pictures() {
    const EVIL: &[u8] = b"\x1b[31mred\x07\x9b\x1b]0;title\x07\r\n";
    let server = Peer::serving(|mut stream| {
        stream.write_all(EVIL).expect("bytes");
        stream.shutdown(Shutdown::Write).expect("the half-close");
        all_of(&mut stream)
    });
    let ended = run(&Room::new(), &["connect", &server.at.to_string()]).ends_with(0);
    server.ended();
    assert_eq!(ended.bytes, EVIL);
    let raw = ended.err.contains(|c: char| c.is_control() && c != '\n');
    assert!(!raw, "{:?}", ended.err);
}

#[test]
fn a_reader_of_stdout_that_goes_away_ends_it_quietly() {
    let server = Peer::serving(|mut stream| {
        // Until the program has gone.
        while stream.write_all(&[b'y'; 1 << 16]).is_ok() {}
    });
    let room = Room::new();
    let mut child = crate::program::command(&room, &["connect", &server.at.to_string()])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 10];
    let mut out = child.stdout.take().expect("stdout");
    out.read_exact(&mut first).expect("bytes");
    drop(out);
    let ended = child.wait_with_output().expect("its end");
    server.ended();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}
