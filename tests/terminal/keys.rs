//! Keys, the mouse and the size, one after the other as a person uses them.

use crate::outside::Room;
use crate::picture::{row, row_at, rows};
use crate::pty::{CTRL_C, DOWN, ENTER, ESC, LEFT, RIGHT, TAB, Terminal, UP};

fn pair(size: (u16, u16)) -> (Room, Terminal) {
    let room = Room::new();
    let terminal = Terminal::start(&room, size, &[]);
    terminal.opens().selects("client");
    (room, terminal)
}

#[test]
fn one_half_after_the_other_until_the_connection_is_over() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys("s");
    terminal
        .row_shows("client", &["FIN-WAIT"])
        .row_shows("server", &["CLOSE-WAIT", "eof"]);
    terminal.shows("shutdown(send) = 0");
    terminal.keys(RIGHT);
    terminal.selects("server");
    terminal.keys("c");
    terminal
        .row_shows("client", &["TIME-WAIT"])
        .row_shows("server", &["CLOSED", "gone"]);
    terminal.keys(LEFT);
    terminal.selects("client");
    terminal.keys("c");
    terminal.shows("client         app     close() = 0");
    terminal.keys("q").ends_with(0);
}

#[test]
fn every_closing_key_makes_its_call() {
    for (key, call, client) in [
        ("s", "shutdown(send) = 0", "FIN-WAIT"),
        ("r", "shutdown(receive) = 0", "ESTABLISHED"),
        ("b", "shutdown(both) = 0", "FIN-WAIT"),
        ("c", "close() = 0", "FIN-WAIT"),
        ("d", "shutdown(send) = 0", "FIN-WAIT"),
        ("x", "SO_LINGER", "CLOSED"),
    ] {
        let (_room, mut terminal) = pair((120, 36));
        terminal.keys(key);
        terminal.shows(call).row_shows("client", &[client]);
        terminal.keys("q").ends_with(0);
    }
}

#[test]
fn a_process_that_holds_the_socket_is_killed_from_the_palette() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys(":server: fork as worker").keys(ENTER);
    terminal.selects("worker");
    terminal
        .row_shows("worker", &["ESTABLISHED", "process"])
        .shows("in process ");
    terminal.keys(":server: close").keys(ENTER);
    terminal.shows("server         app     close() = 0");
    terminal.keys("s");
    terminal.shows("worker's descriptor is in process");
    terminal
        .row_shows("client", &["ESTABLISHED"])
        .row_shows("server", &["ESTABLISHED"]);
    terminal.keys(":kill").keys(ENTER);
    terminal
        .row_shows("worker", &["FIN-WAIT"])
        .row_shows("client", &["CLOSE-WAIT", "eof"])
        .shows("has ended, and its descriptor is closed: signal: 9 (SIGKILL)");
    terminal.keys("q").ends_with(0);
}

#[test]
fn rows_are_selected_by_letters_arrows_and_jumps() {
    let (_room, mut terminal) = pair((80, 24));
    for (keys, row) in [
        ("j", "server"),
        ("k", "client"),
        (DOWN, "server"),
        (LEFT, "client"),
        (RIGHT, "server"),
        ("gg", "client"),
        ("G", "server"),
    ] {
        terminal.keys(keys);
        terminal.selects(row);
    }
    terminal.keys("q").ends_with(0);
}

#[test]
fn a_composed_text_arrives_at_the_other_end() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys("i");
    terminal.shows("send from client:");
    terminal.keys("q is a letter here\\n");
    terminal.shows("q is a letter here");
    terminal.keys(ENTER);
    terminal.shows("recv() = 19").hides("send from client:");
    // The data pane says it too.
    terminal.keys("4");
    terminal.shows("data of client");
    terminal.shows("q is a letter here");
    terminal.keys("q").ends_with(0);
}

#[test]
fn what_is_typed_and_left_with_esc_is_never_sent() {
    let (_room, mut terminal) = pair((80, 24));
    terminal.keys("i");
    terminal.shows("send from client:");
    terminal.keys("never");
    terminal.shows("never");
    terminal.keys(ESC);
    terminal.hides("send from client:");
    terminal.keys("s");
    terminal
        .row_shows("client", &["FIN-WAIT"])
        .row_shows("server", &["CLOSE-WAIT"]);
    terminal.until("nothing was received", |screen| {
        row(screen, "server").is_some_and(|row| !row.contains('5'))
    });
    terminal.keys("q").ends_with(0);
}

#[test]
fn pasted_text_goes_into_the_open_prompt_alone() {
    let (_room, mut terminal) = pair((120, 36));
    // Bracketed paste: `s` and `q` in it are no keys.
    terminal.keys("\x1b[200~squash\x1b[201~");
    terminal.shows("Pasted text was ignored").opens();
    terminal.keys("i");
    terminal.shows("send from client:");
    terminal.keys("\x1b[200~squash\x1b[201~");
    terminal.shows("squash");
    terminal.keys(ENTER);
    terminal.shows("recv() = 6");
    terminal.keys("q").ends_with(0);
}

#[test]
fn the_palette_speaks_to_any_endpoint_and_knows_its_words() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys(":");
    terminal.shows("command");
    terminal.keys("server: clo");
    terminal.shows("server: clo");
    terminal.keys(TAB);
    terminal.shows("server: close");
    terminal.keys(ENTER);
    terminal.row_shows("client", &["CLOSE-WAIT"]);
    // A mistake stays in the prompt, marked, with the nearest word.
    terminal.keys(":shutdwn send\r");
    terminal.shows("did you mean `shutdown`?");
    terminal.keys(ESC);
    terminal.hides("did you mean");
    terminal.keys("q").ends_with(0);
}

#[test]
fn earlier_lines_come_back_in_the_next_session() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (80, 24), &[]);
    terminal.opens();
    terminal.keys(":server: shutdown send\r");
    terminal.row_shows("client", &["CLOSE-WAIT"]);
    terminal.keys("q").ends_with(0);
    let mut terminal = Terminal::start(&room, (80, 24), &[]);
    terminal.opens();
    terminal.keys(":").keys(UP);
    terminal.shows(": server: shutdown send");
    terminal.keys(ENTER);
    terminal.row_shows("client", &["CLOSE-WAIT"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn a_state_folder_that_cannot_be_written_costs_the_history_alone() {
    let room = Room::new();
    room.file("state", "a file where the folder should be");
    let mut terminal = Terminal::start(&room, (80, 24), &[]);
    terminal.opens();
    terminal.keys(":server: shutdown send\r");
    terminal.row_shows("client", &["CLOSE-WAIT"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn help_opens_scrolls_and_esc_closes_it_without_quitting() {
    let (_room, mut terminal) = pair((80, 24));
    terminal.keys("?");
    terminal.shows(" help ");
    terminal.shows("Closing: one half, both, or all of it");
    terminal.keys("G");
    terminal.hides("Closing: one half, both, or all of it");
    terminal.keys(ESC);
    terminal.hides(" help (").opens();
    terminal.keys("j");
    terminal.selects("server");
    terminal.keys("q").ends_with(0);
}

#[test]
fn the_filter_hides_rows_and_esc_shows_them_again() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys("/");
    terminal.shows("filter:");
    terminal.keys("server");
    terminal.until("one row", |screen| rows(screen) == ["server"]);
    terminal.keys(ENTER);
    terminal.shows("1 of 2 endpoints").selects("server");
    terminal.keys(ESC);
    terminal.until("both rows", |screen| rows(screen) == ["client", "server"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn again_gives_a_fresh_pair_with_fresh_names() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys("s");
    terminal.row_shows("client", &["FIN-WAIT"]);
    terminal.keys("a");
    terminal
        .row_shows("client2", &["ESTABLISHED"])
        .row_shows("server2", &["ESTABLISHED"]);
    terminal.selects("client2");
    terminal.keys("a");
    terminal
        .row_shows("client3", &["ESTABLISHED"])
        .row_shows("server3", &["ESTABLISHED"]);
    // The old ones live on.
    terminal.row_shows("server", &["CLOSE-WAIT"]);
    terminal.keys("q").ends_with(0);
}

#[test]
fn panes_come_to_the_front_and_fill_the_screen() {
    let (_room, mut terminal) = pair((120, 36));
    terminal.keys("5");
    terminal.shows("log").shows("accept() = ");
    terminal.keys("4");
    terminal.shows("data of client").shows("no bytes yet");
    terminal.keys("1");
    terminal.opens().hides("no bytes yet");
    terminal.keys("z");
    terminal.hides("client ⇄ server");
    terminal.keys("z");
    terminal.shows("client ⇄ server");
    // Tab goes round the panes: in the log, j scrolls and selects nothing.
    terminal.keys(TAB).keys(TAB);
    terminal.keys("z");
    terminal.hides("client ⇄ server");
    terminal.keys("z");
    terminal.shows("client ⇄ server").selects("client");
    terminal.keys("q").ends_with(0);
}

#[test]
fn a_click_selects_a_row() {
    let (_room, mut terminal) = pair((120, 36));
    let server = row_at(&terminal, "server");
    terminal.click(4, server);
    terminal.selects("server");
    let client = row_at(&terminal, "client");
    terminal.click(30, client);
    terminal.selects("client");
    // Anywhere else, however far out: nothing breaks.
    terminal.click(119, 35).click(0, 0).click(500, 500);
    terminal.keys("j");
    terminal.selects("server");
    terminal.keys("q").ends_with(0);
}

#[test]
fn any_size_is_drawn_and_the_picture_comes_back() {
    let (_room, mut terminal) = pair((120, 36));
    for size in [(20, 5), (1, 1), (3, 40), (300, 2), (20, 5)] {
        terminal.resize(size);
        // Keys go on working meanwhile.
        terminal.keys("jk?");
        terminal.keys("?");
    }
    terminal.resize((200, 60));
    terminal.opens().selects("client").shows("client ⇄ server");
    terminal.until("the list uses the width", |screen| {
        screen
            .contents()
            .lines()
            .any(|line| line.chars().count() > 190)
    });
    terminal.keys("s");
    terminal.row_shows("client", &["FIN-WAIT"]);
    terminal.resize((80, 24));
    terminal.row_shows("client", &["FIN-WAIT"]).shows("q quit");
    terminal.keys("q").ends_with(0);
}

#[test]
fn read_only_refuses_with_a_sentence() {
    let room = Room::new();
    let mut terminal = Terminal::start(&room, (120, 36), &["--read-only"]);
    terminal.shows("read-only");
    for key in ["s", "c", "x", "i", "a"] {
        terminal.keys(key);
        terminal.shows("Read-only: nothing is called.");
    }
    terminal.keys(":client: close\r");
    terminal.shows("Read-only: nothing is called.");
    terminal.keys("q").ends_with(0);
}

#[test]
fn ctrl_c_quits_at_once_even_out_of_a_prompt() {
    let (_room, mut terminal) = pair((80, 24));
    terminal.keys(":half a li");
    terminal.shows("half a li");
    terminal.keys(CTRL_C);
    terminal.ends_with(0);
}
