//! A hundred megabytes arrive byte for byte: through a script's `save`, and through a pipe.

use std::fs;
use std::io::Write;

use crate::outside::Room;
use crate::peer::{Peer, all_of};
use crate::program::{run, start};

const SIZE: usize = 100_000_000;

/// Bytes without a short period, so that a block that is lost, doubled or out of order shows (xorshift64).
fn bytes(size: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn assert_same(got: &[u8], sent: &[u8]) {
    let differs = got.iter().zip(sent).position(|(a, b)| a != b);
    assert_eq!(
        (got.len(), differs),
        (sent.len(), None),
        "length, first byte that differs"
    );
}

#[test]
fn a_file_through_send_and_save() {
    let room = Room::new();
    let sent = bytes(SIZE);
    room.file("big.bin", &sent);
    room.file(
        "it.play",
        format!(
            "server: listen 0\nclient: connect server\nclient: save got.bin\nserver: send file big.bin\nserver: shutdown send\n\
             client: expect eof within 100s\nclient: expect received {SIZE}\nclient: send \"Thank you\"\nserver: expect received \"Thank you\" within 30s\n"
        ),
    );
    run(&room, &["run", "it.play"])
        .ends_with(0)
        .prints("it.play: passed");
    assert_same(
        &fs::read(room.path("got.bin")).expect("the saved file"),
        &sent,
    );
}

#[test]
fn stdin_to_a_peer_and_a_peer_to_stdout_at_once() {
    const SIZE: usize = 20_000_000;
    let server = Peer::serving(|mut stream| {
        let mut back = stream.try_clone().expect("the other half");
        let echo = std::thread::spawn(move || {
            back.write_all(&bytes(SIZE)).expect("bytes");
            back.shutdown(std::net::Shutdown::Write)
                .expect("the half-close");
        });
        let got = all_of(&mut stream);
        echo.join().expect("the writer");
        got
    });
    let mut program = start(&Room::new(), &["connect", &server.at.to_string()]);
    let mut stdin = program.stdin.take().expect("stdin");
    let writer = std::thread::spawn(move || stdin.write_all(&bytes(SIZE)).expect("stdin"));
    let ended = program.end().ends_with(0);
    writer.join().expect("the writer");
    let sent = bytes(SIZE);
    assert_same(&server.ended(), &sent);
    assert_same(&ended.bytes, &sent);
}

#[test]
fn a_file_that_cannot_be_sent_or_saved_is_a_note_and_the_script_goes_on() {
    let room = Room::new();
    room.file(
        "it.play",
        "server: listen 0\nclient: connect server\nclient: send file gone.bin\nserver: save no/such/folder/x\nclient: send \"on\"\nserver: expect received \"on\" within 30s\n",
    );
    run(&room, &["run", "it.play"])
        .ends_with(0)
        .prints("gone.bin: ")
        .prints("no/such/folder/x: ");
}
