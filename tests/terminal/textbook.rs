//! The file transfer of the textbook, by keys alone: the server sends a file, half-closes, and still hears "Thank you".

use std::path::Path;

use crate::outside::{Room, require};
use crate::pty::{ENTER, LEFT, RIGHT, Terminal};

use finspect::tcp::Power;

#[test]
fn a_server_that_half_closes_still_hears_thank_you() {
    if !require(Power::TcpInfo) || !require(Power::SockDiag) {
        return;
    }
    let room = Room::new();
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/report.txt");
    let report = std::fs::read(report).expect("the report");
    room.file("report.txt", &report);
    let length = report.len().to_string();
    let mut terminal = Terminal::start(&room, (120, 36), &[]);
    terminal.opens().selects("client");

    terminal
        .keys(":server: send file \"report.txt\"")
        .keys(ENTER);
    terminal
        .row_shows("server", &[&length])
        .row_shows("client", &[&length]);

    terminal.keys(RIGHT);
    terminal.selects("server");
    terminal.keys("s");
    terminal
        .row_shows("server", &["FIN-WAIT-2", "fin-acked"])
        .row_shows("client", &["CLOSE-WAIT", "eof-read"]);
    terminal.shows("EOF: server will send no more");

    terminal.keys(LEFT);
    terminal.selects("client");
    terminal.keys("i").shows("send from client:");
    terminal.keys("Thank you").keys(ENTER);
    terminal
        .row_shows("server", &["FIN-WAIT-2", &length, " 9"])
        .shows("\"Thank you\"");

    terminal.keys("c");
    terminal
        .row_shows("server", &["TIME-WAIT"])
        .row_shows("client", &["CLOSED", "gone"]);
    terminal.keys(RIGHT);
    terminal.selects("server");
    terminal.keys("c");
    terminal
        .shows("server         app     close() = 0")
        .row_shows("server", &["TIME-WAIT"]);
    terminal.keys("q").ends_with(0);
}
