//! The first picture, at the sizes that people have.

use crate::outside::Room;
use crate::picture::{row, rows, selected};
use crate::pty::Terminal;

#[test]
fn the_pair_stands_there_in_two_rows_at_two_sizes() {
    for size in [(120, 36), (80, 24)] {
        let room = Room::new();
        for args in [&[][..], &["lab"], &["lab", "--loopback"]] {
            let mut terminal = Terminal::start(&room, size, args);
            terminal.opens().selects("client");
            terminal.until("exactly two rows", |screen| {
                rows(screen) == ["client", "server"]
            });
            terminal.until("open halves by word", |screen| {
                ["client", "server"].into_iter().all(|name| {
                    row(screen, name).is_some_and(|row| row.matches("open").count() == 2)
                })
            });
            terminal
                .shows("client ⇄ server")
                .shows("s shutdown send")
                .shows("q quit");
            terminal.keys("q").ends_with(0);
        }
    }
}

#[test]
fn loopback_shows_its_segments_or_says_why_not() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &["lab", "--loopback"]);
    terminal.opens();
    terminal.keys("s2");
    match finspect::kernel::probe(finspect::tcp::Power::Capture) {
        Ok(_) => {
            terminal.shows("SYN seq 0").shows("FIN,ACK seq 1 ack 1");
            assert!(!terminal.picture().contains("no wire lane"));
        }
        Err(refused) => {
            terminal.shows(&format!("no wire lane: {}", refused.why));
        }
    }
    terminal.keys("q").ends_with(0);
}

#[test]
fn ipv6_is_a_word_away() {
    if !crate::outside::require(finspect::tcp::Power::Ipv6) {
        return;
    }
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &["lab", "--loopback", "-6"]);
    terminal.opens().shows("[::1]:");
    terminal.keys("q").ends_with(0);
}

#[test]
fn connect_and_listen_open_the_screen_in_a_terminal() {
    let room = Room::new();
    let peer = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = peer.local_addr().expect("its number").to_string();
    let mut terminal = Terminal::start(&room, (120, 36), &["connect", &at, &at]);
    terminal
        .row_shows("client", &["ESTABLISHED", &at])
        .row_shows("client2", &["ESTABLISHED", &at]);
    terminal.keys("q").ends_with(0);

    let mut terminal = Terminal::start(&room, (120, 36), &["listen", "127.0.0.1:0"]);
    terminal.shows("LISTEN");
    // The port that the kernel chose stands on the screen, so that somebody can connect to it.
    let picture = terminal.picture();
    let port = picture.split("127.0.0.1:").filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u16>().ok().filter(|port| *port != 0)
    });
    let port = port.last().unwrap_or_else(|| panic!("no port:\n{picture}"));
    let client = std::net::TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    terminal.row_shows("server", &["ESTABLISHED"]);
    drop(client);
    terminal.row_shows("server", &["CLOSE-WAIT"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn what_cannot_be_had_is_a_sentence_and_the_screen_stays() {
    let room = Room::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("its number").to_string();
    let mut terminal = Terminal::start(&room, (120, 36), &["listen", &at]);
    terminal.shows("EADDRINUSE").shows(&at);
    // The program goes on.
    terminal.keys("a");
    // The listener that failed has used its name, so the pair takes the next ones.
    terminal.row_shows("client2", &["ESTABLISHED"]);
    terminal.row_shows("server2", &["ESTABLISHED"]);
    drop(taken);
    terminal.keys(":x: connect name.invalid:80\r");
    terminal.shows("name.invalid was not found");
    let refused = format!("x2: connect {at}");
    terminal.keys(&format!(":{refused}\r"));
    terminal.shows("ECONNREFUSED");
    terminal.keys("q").ends_with(0);
}

#[test]
fn a_misspelt_keymap_is_told_before_the_screen_opens() {
    let room = Room::new();
    room.file(
        "config/finspect/keymap.toml",
        "keys = [\n  { on = \"s\", in = \"connections\", run = \"clos\" },\n]\n",
    );
    let mut terminal = Terminal::start(&room, (120, 36), &[]);
    terminal.ends_with(2);
    let said = terminal.picture();
    assert!(
        said.contains("did you mean `close`?") && said.contains("keymap.toml:2:"),
        "{said}"
    );
    assert!(
        !terminal.raw().windows(8).any(|w| w == b"\x1b[?1049h"),
        "the screen was opened"
    );
}

#[test]
fn the_users_keymap_is_in_force() {
    let room = Room::new();
    room.file(
        "config/finspect/keymap.toml",
        "keys = [\n  { on = \"K\", in = \"connections\", run = \"shutdown send\" },\n]\n",
    );
    let mut terminal = Terminal::start(&room, (120, 36), &[]);
    terminal.opens();
    terminal.keys("K");
    terminal
        .row_shows("client", &["FIN-WAIT"])
        .row_shows("server", &["CLOSE-WAIT"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn selected_is_the_row_with_the_mark() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (80, 24), &["--ascii"]);
    terminal.opens();
    terminal.until("a mark in ASCII", |screen| {
        selected(screen).as_deref() == Some("client")
    });
    terminal.keys("q").ends_with(0);
}
