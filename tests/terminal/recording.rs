//! `--record FILE` of a session by keys: it reads back, and folds into what the screen showed.

use finspect::journal::{Fact, Header, Line, Names, World, from_line};
use finspect::tcp::State;

use crate::outside::Room;
use crate::pty::{ENTER, RIGHT, Terminal};

#[test]
fn a_session_by_keys_reads_back_and_folds_into_what_was_shown() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &["--record", "it.jsonl"]);
    terminal.opens().shows("it.jsonl");
    terminal.keys("i").shows("send from client:");
    terminal.keys("hello").keys(ENTER);
    terminal.shows("recv() = 5");
    terminal.keys("s");
    terminal
        .row_shows("client", &["FIN-WAIT-2"])
        .row_shows("server", &["CLOSE-WAIT"]);
    terminal.keys(RIGHT);
    terminal.selects("server");
    terminal.keys("q").ends_with(0);

    let recording = room.read("it.jsonl");
    let mut lines = recording.lines();
    Header::from_line(lines.next().expect("a line")).expect("a header");
    let (mut names, mut world) = (Names::default(), World::default());
    let mut shown = None;
    for (n, line) in (1..).zip(lines) {
        let Line::Event(event) =
            from_line(line, &mut names).unwrap_or_else(|e| panic!("{e}: {line}"))
        else {
            panic!("it does not know its own line: {line}");
        };
        assert_eq!(event.n, n);
        let ends = matches!(&event.fact, Fact::App(call) if call.by == finspect::journal::By::End);
        if ends && shown.is_none() {
            shown = Some(world.clone());
        }
        if !matches!(event.fact, Fact::Half(_)) {
            world.apply(&event);
        }
    }
    let shown = shown.expect("closes at the end");
    let client = shown.by_name("client").expect("client");
    let server = shown.by_name("server").expect("server");
    assert_eq!(
        (client.state, server.state),
        (State::FinWait2, State::CloseWait)
    );
    assert_eq!((client.sent, server.received), (5, 5));
    assert_eq!(
        (client.send.word(), server.receive.word()),
        ("fin-acked", "eof-read")
    );
}

#[test]
fn a_recording_that_cannot_be_made_is_said_and_the_session_goes_on() {
    let room = Room::new();
    for file in ["no/such/folder.jsonl", "/dev/full"] {
        let mut terminal = Terminal::start(&room, (120, 36), &["--record", file]);
        terminal.opens().shows(file).hides("recording to");
        terminal.keys("s");
        terminal.row_shows("client", &["FIN-WAIT"]);
        terminal.keys("q").ends_with(0);
    }
}
