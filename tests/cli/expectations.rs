//! The language of `expect` from outside: every fact can hold, and every fact can fail.
//!
//! Each case plays a scene, then a line that must hold, then one that must fail: exit 1 at exactly that line, with
//! what was seen instead. Times of lines that must fail are short, of lines that must hold they are long.

use std::net::TcpListener;

use crate::program::{Ended, play};

/// Two ends, five bytes from the client read by the server.
const TALK: &str = "server: listen 0\nclient: connect server\nclient: send \"hel\"\nclient: send \"lo\"\nserver: expect received 5 within 30s\n";
/// The client has closed its sending half, and the server has read that.
const HALF: &str = "server: listen 0\nclient: connect server\nclient: shutdown send\nserver: expect eof within 30s\nclient: expect send fin-acked within 30s\n";
/// The client reset the connection.
const RESET: &str = "server: listen 0\nclient: connect server\nclient: abort\nserver: expect error ECONNRESET within 30s\n";
/// Five bytes wait unread at the server.
const UNREAD: &str = "server: listen 0\nclient: connect server\nserver: read off\nclient: send \"hello\"\nserver: expect unread 5 within 30s\n";
/// Both ends are closed, the client first.
const CLOSED: &str = "server: listen 0\nclient: connect server\nclient: close\nserver: expect eof within 30s\nserver: close\n";

/// Plays the scene and the two lines; the second fails, and the report says what was seen.
fn can_fail(scene: &str, holds: &str, fails: &str, seen: &str) {
    let script = format!("{scene}{holds}\n{fails}\n");
    let line = script.lines().count();
    failed(play(&script, &[]), line, fails, seen);
}

fn failed(ended: Ended, line: usize, fails: &str, seen: &str) {
    ended
        .ends_with(1)
        .prints(&format!("it.play:{line}: expectation failed: {fails}"))
        .prints("seen instead: ")
        .prints(seen);
}

#[test]
fn state() {
    can_fail(
        TALK,
        "server: expect state ESTABLISHED",
        "server: expect state CLOSE-WAIT within 20ms",
        "state ESTABLISHED",
    );
}

#[test]
fn send_half() {
    can_fail(
        HALF,
        "client: expect send fin-acked",
        "server: expect send fin-queued within 20ms",
        "send open",
    );
}

#[test]
fn receive_half() {
    can_fail(
        HALF,
        "server: expect receive eof-read",
        "client: expect receive shut within 20ms",
        "receive open",
    );
}

#[test]
fn received_so_many() {
    can_fail(
        TALK,
        "server: expect received 5",
        "server: expect received 6 within 20ms",
        "received 5",
    );
}

#[test]
fn received_at_least() {
    can_fail(
        TALK,
        "server: expect received at least 4",
        "server: expect received at least 6 within 20ms",
        "received 5",
    );
}

#[test]
fn received_a_text_across_reads() {
    can_fail(
        TALK,
        "server: expect received \"ello\"",
        "server: expect received \"hello!\" within 20ms",
        "received 5",
    );
}

#[test]
fn a_text_counts_for_the_end_that_read_it() {
    can_fail(
        TALK,
        "server: expect received hello",
        "client: expect received hello within 20ms",
        "received 0",
    );
}

#[test]
fn sent_so_many() {
    can_fail(
        TALK,
        "client: expect sent 5",
        "client: expect sent 4 within 20ms",
        "sent 5",
    );
}

#[test]
fn sent_at_least() {
    can_fail(
        TALK,
        "client: expect sent at least 5",
        "server: expect sent at least 1 within 20ms",
        "sent 0",
    );
}

#[test]
fn eof() {
    can_fail(
        HALF,
        "server: expect eof",
        "client: expect eof within 20ms",
        "receive open",
    );
}

#[test]
fn a_recv_of_0_by_our_own_shutdown_is_no_eof() {
    let scene = "server: listen 0\nclient: connect server\nclient: shutdown receive\n";
    can_fail(
        scene,
        "client: expect receive shut within 30s",
        "client: expect eof within 20ms",
        "receive shut",
    );
}

#[test]
fn error() {
    let scene = format!("{HALF}client: send \"late\"\n");
    can_fail(
        &scene,
        "client: expect error EPIPE within 30s",
        "client: expect error ECONNRESET within 20ms",
        "send failed with EPIPE",
    );
}

#[test]
fn an_error_counts_since_the_actors_last_command_alone() {
    let scene = format!(
        "{HALF}client: send \"late\"\nclient: expect error EPIPE within 30s\nclient: shutdown receive\n"
    );
    can_fail(
        &scene,
        "client: expect receive shut within 30s",
        "client: expect error EPIPE within 20ms",
        "receive shut",
    );
}

#[test]
fn ending_by_fin() {
    can_fail(
        CLOSED,
        "client: expect ending fin within 30s",
        "client: expect ending rst within 20ms",
        "ending fin",
    );
}

#[test]
fn ending_by_rst() {
    can_fail(
        RESET,
        "server: expect ending rst within 30s",
        "server: expect ending fin within 20ms",
        "ending rst",
    );
}

#[test]
fn ending_refused() {
    // A port that is surely closed: it was ours a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its number")
        .port();
    let scene = format!("client: connect 127.0.0.1:{port}\n");
    can_fail(
        &scene,
        "client: expect ending refused within 30s",
        "client: expect ending timeout within 20ms",
        "ending refused",
    );
}

#[test]
fn ending_by_a_timeout() {
    // A window that stays closed for longer than the user timeout: the kernel gives up (RFC 5482; tcp_probe_timer).
    let scene = "client: set user-timeout 300ms\nserver: listen 0\nclient: connect server\nserver: read off\nclient: send bytes 64MiB nowait\n";
    can_fail(
        scene,
        "client: expect ending timeout within 60s",
        "client: expect ending rst within 20ms",
        "ending timeout",
    );
}

#[test]
fn ending_first() {
    can_fail(
        CLOSED,
        "server: expect ending first client within 30s",
        "client: expect ending first server within 20ms",
        "first client",
    );
}

#[test]
fn unread() {
    can_fail(
        UNREAD,
        "server: expect unread 5",
        "server: expect unread 0 within 20ms",
        "unread 5",
    );
}

#[test]
fn unsent() {
    can_fail(
        TALK,
        "client: expect unsent 0 within 30s",
        "client: expect unsent 1 within 20ms",
        "sent 5",
    );
    // Small buffers, so that one call fills them.
    let full = "client: set sndbuf 4096\nserver: listen 0\nclient: connect server\nserver: read off\nclient: send bytes 8MiB nowait\n";
    can_fail(
        full,
        "client: expect no sent at least 8388608 within 1s\nwait 1ms",
        "client: expect unsent 0 within 20ms",
        ", unsent ",
    );
}

#[test]
fn unacked() {
    can_fail(
        HALF,
        "client: expect unacked 0 within 30s",
        "client: expect unacked 7 within 20ms",
        "send fin-acked",
    );
}

// --- no FACT -------------------------------------------------------------------------------------------------------

#[test]
fn no_fact_fails_when_it_holds_and_holds_when_it_does_not() {
    for (scene, holds, fails, seen) in [
        (
            TALK,
            "server: expect no state CLOSE-WAIT within 20ms",
            "server: expect no state ESTABLISHED within 30s",
            "state ESTABLISHED",
        ),
        (
            HALF,
            "server: expect no send fin-sent within 20ms",
            "client: expect no send fin-acked within 30s",
            "send fin-acked",
        ),
        (
            HALF,
            "client: expect no receive eof-read within 20ms",
            "server: expect no receive eof-read within 30s",
            "receive eof-read",
        ),
        (
            TALK,
            "server: expect no received 6 within 20ms",
            "server: expect no received 5 within 30s",
            "received 5",
        ),
        (
            TALK,
            "server: expect no received at least 6 within 20ms",
            "server: expect no received at least 5 within 30s",
            "received 5",
        ),
        (
            TALK,
            "server: expect no received \"hello!\" within 20ms",
            "server: expect no received \"hello\" within 30s",
            "received 5",
        ),
        (
            TALK,
            "client: expect no sent 6 within 20ms",
            "client: expect no sent 5 within 30s",
            "sent 5",
        ),
        (
            HALF,
            "client: expect no eof within 20ms",
            "server: expect no eof within 30s",
            "eof-read",
        ),
        (
            RESET,
            "server: expect no error EPIPE within 20ms",
            "server: expect no error ECONNRESET within 30s",
            "ECONNRESET",
        ),
        (
            CLOSED,
            "client: expect no ending rst within 20ms",
            "client: expect no ending fin within 30s",
            "ending fin",
        ),
        (
            CLOSED,
            "client: expect no ending first server within 20ms",
            "client: expect no ending first client within 30s",
            "first client",
        ),
        (
            UNREAD,
            "server: expect no unread 4 within 20ms",
            "server: expect no unread 5 within 30s",
            "unread 5",
        ),
        (
            TALK,
            "client: expect no unsent 9 within 20ms",
            "client: expect no unsent 0 within 30s",
            "sent 5",
        ),
        (
            HALF,
            "client: expect no unacked 9 within 20ms",
            "client: expect no unacked 0 within 30s",
            "send fin-acked",
        ),
    ] {
        can_fail(scene, holds, fails, seen);
    }
}

#[test]
fn no_fact_watches_all_of_its_time() {
    // The peer's FIN comes while the watch is on: the send of 64 MiB goes on without anybody asking again.
    let scene = "server: listen 0\nclient: connect server\nclient: send bytes 64MiB nowait\n";
    can_fail(
        scene,
        "server: expect received at least 1 within 30s",
        "server: expect no received at least 32MiB within 60s",
        "received ",
    );
}

// --- the span ------------------------------------------------------------------------------------------------------

#[test]
fn an_expectation_looks_back_to_the_last_command_and_no_further() {
    // FIN-WAIT-1 is over when the line is reached, and was there since the shutdown.
    let scene = "server: listen 0\nclient: connect server\nclient: shutdown send\nclient: expect state FIN-WAIT-2 within 30s\n";
    can_fail(
        &format!("{scene}client: expect state FIN-WAIT-1\nserver: shutdown receive\n"),
        "client: expect state FIN-WAIT-2",
        "client: expect state FIN-WAIT-1 within 20ms",
        "state FIN-WAIT-2",
    );
}

#[test]
fn an_expectation_waits_for_what_comes_later() {
    let script = "server: listen 0\nclient: connect server\nclient: send bytes 64MiB nowait\nserver: expect received 67108864 within 60s\n";
    play(script, &[]).ends_with(0);
}

#[test]
fn an_actor_that_never_came_is_told() {
    failed(
        play(
            "server: listen 0\nserver: expect state ESTABLISHED within 20ms\n",
            &[],
        ),
        2,
        "server: expect state ESTABLISHED within 20ms",
        "no connection accepted yet",
    );
}
