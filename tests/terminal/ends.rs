//! The terminal is given back, whatever ends or stops the program.

use crate::fate::Fate;
use crate::outside::{Room, signal};
use crate::pty::{CTRL_Z, Terminal};

fn pair(room: &Room) -> Terminal {
    let terminal = Terminal::start(room, (120, 36), &["--record", "it.jsonl"]);
    terminal.opens();
    terminal
}

#[test]
fn a_quit() {
    let room = Room::new();
    pair(&room).keys("q").ends_with(0);
}

#[test]
fn a_signal() {
    for (number, code) in [
        (libc::SIGTERM, 143),
        (libc::SIGINT, 130),
        (libc::SIGHUP, 129),
    ] {
        let room = Room::new();
        let mut terminal = pair(&room);
        terminal.keys("?");
        terminal.shows(" help ");
        signal(terminal.id(), number);
        terminal.ends_with(code);
        let recording = room.read("it.jsonl");
        assert_eq!(
            recording.matches("\"by\":\"end\"").count(),
            3,
            "{recording}"
        );
        assert!(recording.ends_with("}\n"), "{recording}");
    }
}

#[test]
fn a_terminal_that_goes_away() {
    let room = Room::new();
    let mut terminal = pair(&room);
    terminal.hang_up();
    // The kernel sends SIGHUP to the leader of the session; without it, poll(2) says POLLHUP.
    assert_eq!(terminal.fate(), Fate::Exited(129));
    let recording = room.read("it.jsonl");
    assert_eq!(
        recording.matches("\"by\":\"end\"").count(),
        3,
        "{recording}"
    );
}

#[test]
fn a_terminal_that_goes_away_without_a_signal() {
    let room = Room::new();
    // Not its controlling terminal: nobody sends SIGHUP, and only poll(2) and write(2) tell.
    let mut terminal = Terminal::guest(&room, (80, 24), &["--record", "it.jsonl"]);
    terminal.opens();
    terminal.hang_up();
    assert_eq!(terminal.fate(), Fate::Exited(129));
    let recording = room.read("it.jsonl");
    assert_eq!(
        recording.matches("\"by\":\"end\"").count(),
        3,
        "{recording}"
    );
}

#[test]
fn a_stop_and_its_continuation() {
    let room = Room::new();
    let mut terminal = pair(&room);
    for _ in 0..2 {
        terminal.keys(CTRL_Z);
        assert_eq!(terminal.fate(), Fate::Stopped);
        terminal.is_given_back();
        signal(terminal.id(), libc::SIGCONT);
        assert_eq!(terminal.fate(), Fate::Continued);
        terminal.until("the screen is taken again", |screen| {
            screen.alternate_screen()
        });
        terminal
            .opens()
            .selects("client")
            .shows("client ⇄ server")
            .shows("q quit");
    }
    // Resized while it was stopped: the picture fits.
    terminal.keys(CTRL_Z);
    assert_eq!(terminal.fate(), Fate::Stopped);
    terminal.resize((80, 24));
    signal(terminal.id(), libc::SIGCONT);
    assert_eq!(terminal.fate(), Fate::Continued);
    terminal.until("the screen is taken again", |screen| {
        screen.alternate_screen()
    });
    terminal.opens().shows("q quit");
    terminal.keys("s");
    terminal.row_shows("client", &["FIN-WAIT"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn a_signal_before_the_first_picture() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (80, 24), &[]);
    terminal.until("the screen is taken", |screen| screen.alternate_screen());
    signal(terminal.id(), libc::SIGTERM);
    terminal.ends_with(143);
}
