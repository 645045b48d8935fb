//! What goes to the terminal, byte by byte: ASCII where it was asked for, no colour, and nothing of a peer's raw.

use std::io::Write;
use std::net::TcpListener;

use crate::outside::Room;
use crate::pty::{ENTER, Terminal};

/// The parameters of every SGR sequence (`ESC [ ... m`) in the bytes.
fn sgr(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    text.split("\x1b[")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':'))?;
            rest[end..].starts_with('m').then(|| rest[..end].to_owned())
        })
        .collect()
}

/// Foreground, background or underline colour (ECMA-48 8.3.117; 90 to 107 are the bright ones).
fn coloured(parameters: &str) -> bool {
    parameters
        .split([';', ':'])
        .filter_map(|n| n.parse::<u8>().ok())
        .any(|n| matches!(n, 30..=38 | 40..=48 | 58 | 90..=107))
}

/// Shows a bit of everything.
fn walk(terminal: &mut Terminal) {
    terminal.opens();
    terminal.keys("i").shows("send from client:");
    terminal.keys("hello").keys(ENTER);
    terminal.shows("recv() = 5");
    terminal.keys("s");
    terminal.row_shows("client", &["FIN-WAIT"]);
    terminal.keys("a");
    terminal.row_shows("client2", &["ESTABLISHED"]);
    terminal.keys("x");
    terminal.row_shows("client2", &["CLOSED"]);
    terminal.keys("4").shows("data of");
    terminal.keys("5").shows("log");
    terminal.keys("1");
    terminal.keys("?").shows(" help ");
    terminal.keys("?");
    terminal.keys("s");
    terminal.keys("t").shows("Colours: ");
    terminal.keys("q").ends_with(0);
}

#[test]
fn a_colourful_terminal_gets_colour() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &[]);
    walk(&mut terminal);
    assert!(
        sgr(&terminal.raw()).iter().any(|s| coloured(s)),
        "the test would see a colour"
    );
}

#[test]
fn no_color_is_no_colour() {
    let room = Room::new();
    let mut terminal = Terminal::with(&room, (120, 36), &[], &[("NO_COLOR", "1")]);
    terminal.opens();
    terminal.keys("s");
    terminal.row_shows("client", &["FIN-WAIT"]);
    terminal.keys("x");
    terminal.row_shows("client", &["CLOSED"]);
    terminal.keys("?").shows(" help ");
    terminal.keys("q").ends_with(0);
    let raw = terminal.raw();
    let colours: Vec<String> = sgr(&raw).into_iter().filter(|s| coloured(s)).collect();
    assert_eq!(colours, Vec::<String>::new());
}

#[test]
fn no_color_holds_for_help_and_mistakes_too() {
    for args in [
        &["--help"][..],
        &["frobnicate"],
        &["run", "gone.play"],
        &["doctor"],
    ] {
        let room = Room::new();
        let mut terminal = Terminal::with(&room, (120, 36), args, &[("NO_COLOR", "1")]);
        let _ = terminal.fate();
        terminal.wait_closed();
        let raw = terminal.raw();
        assert!(
            !raw.contains(&0x1b),
            "{args:?}: {}",
            String::from_utf8_lossy(&raw)
        );
    }
}

#[test]
fn ascii_is_ascii_to_the_last_byte() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &["--ascii"]);
    walk(&mut terminal);
    let raw = terminal.raw();
    let other: Vec<u8> = raw.iter().copied().filter(|b| !b.is_ascii()).collect();
    assert_eq!(String::from_utf8_lossy(&other), "");
}

#[test]
fn a_peers_control_characters_never_reach_the_terminal_raw() {
    // Colour, bell, a title, C1 CSI, another character set, a cursor report, DEL, and bytes that are no UTF-8.
    const EVIL: &[u8] =
        b"\x1b[31mevil\x07\x1b]0;owned\x07\xc2\x9b31m\x1b(0\x0e\x1b[6n\x7f\r\n\x08\x00\xff\xfe end";
    let peer = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = peer.local_addr().expect("its number").to_string();
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &["connect", &at]);
    let (mut stream, _) = peer.accept().expect("a connection");
    stream.write_all(EVIL).expect("bytes");
    terminal.shows("evil");
    terminal.keys("4").shows("data of client").shows("end");
    terminal.keys("h").shows("1b 5b 33 31");
    terminal.keys("5").shows("log");
    terminal.keys("i").shows("send from client:");
    // Typed or pasted, they stay pictures as well.
    terminal.keys("\x1b[200~\x1b]0;owned\x07\x1b[201~");
    terminal.keys("\x03").ends_with(0);
    let raw = terminal.raw();
    let has = |bytes: &[u8]| raw.windows(bytes.len()).any(|w| w == bytes);
    for bytes in [
        &b"\x1b[31mevil"[..],
        b"\x07",
        b"\x1b]",
        b"\xc2\x9b",
        b"\x1b(0",
        b"\x0e",
        b"\x1b[6n",
        b"\x7f",
        b"\x00",
        b"\xff",
    ] {
        assert!(
            !has(bytes),
            "{:?} reached the terminal",
            String::from_utf8_lossy(bytes)
        );
    }
}
