//! Wrong usage: exit 2, the place marked, the nearest word named, and nothing run.

use crate::outside::Room;
use crate::program::{Ended, play, run, start};

/// A script that is wrong: the report, and proof that no line of it ran.
fn wrong(script: &str) -> Ended {
    let ended = play(script, &["--json"])
        .ends_with(2)
        .says("; nothing was run");
    assert_eq!(
        ended.out(),
        "",
        "a script is checked whole before line 1 runs"
    );
    ended
}

/// The caret must stand under the word, as a terminal counts cells.
fn assert_caret_under(report: &str, line: &str, word: &str) {
    use unicode_width::UnicodeWidthStr;
    let lines: Vec<&str> = report.lines().collect();
    let at = lines
        .iter()
        .position(|l| l.ends_with(line))
        .unwrap_or_else(|| panic!("the line is not shown:\n{report}"));
    let (source, carets) = (lines[at], lines[at + 1]);
    let before = source.rfind(word).map(|n| source[..n].width());
    let under = carets.find('^').map(|n| carets[..n].width());
    assert_eq!(under, before, "the caret is not under {word}:\n{report}");
    let marked = carets.matches('^').count();
    assert_eq!(
        marked,
        word.width(),
        "the carets are not as wide as {word}:\n{report}"
    );
}

#[test]
fn an_unknown_command_or_option_is_named() {
    let room = Room::new();
    run(&room, &["frobnicate"])
        .ends_with(2)
        .says("frobnicate")
        .says("Usage:");
    run(&room, &["lisen", "0"])
        .ends_with(2)
        .says("lisen")
        .says("listen");
    run(&room, &["run", "--jsn", "x"])
        .ends_with(2)
        .says("--jsn")
        .says("--json");
    run(&room, &["run"]).ends_with(2).says("<FILE|LESSON>");
    run(&room, &["run", "-4", "-6", "x"])
        .ends_with(2)
        .says("-6");
    run(&room, &["run", "--repeat", "0", "x"])
        .ends_with(2)
        .says("0");
    run(&room, &["--theme", "pink"])
        .ends_with(2)
        .says("pink")
        .says("dark");
    run(&room, &["--lang", "xx"])
        .ends_with(2)
        .says("xx")
        .says("en");
    run(&room, &["keymap"]).ends_with(2).says("--print");
}

#[test]
fn the_screen_needs_a_terminal_and_says_what_does_not() {
    let room = Room::new();
    for args in [&[][..], &["lab"], &["lab", "--loopback"]] {
        let ended = run(&room, args)
            .ends_with(2)
            .says("terminal")
            .says("finspect run");
        assert_eq!(ended.out(), "");
    }
    run(&room, &["connect", "127.0.0.1:1", "127.0.0.1:2"])
        .ends_with(2)
        .says("one address");
}

#[test]
fn an_address_that_is_none_is_named() {
    let room = Room::new();
    for address in [
        "nonsense",
        "a:b:c",
        "host:99999",
        "[::1",
        "127.0.0.1:http",
        "",
    ] {
        let ended = run(&room, &["connect", address]).ends_with(2).says(address);
        assert_eq!(ended.out(), "");
    }
    run(&room, &["listen", "99999"]).ends_with(2).says("99999");
}

#[test]
fn nothing_is_called_read_only() {
    let room = Room::new();
    room.file("it.play", "server: listen 0\n");
    run(&room, &["run", "it.play", "--read-only"])
        .ends_with(2)
        .says("--read-only");
    run(&room, &["connect", "127.0.0.1:1", "--read-only"])
        .ends_with(2)
        .says("--read-only");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let room = Room::new();
    run(&room, &["run", "no/such.play"])
        .ends_with(2)
        .says("no/such.play");
    let folder = room.path("");
    let folder = folder.to_str().expect("UTF-8");
    run(&room, &["run", folder]).ends_with(2).says(folder);
    room.file("latin1.play", b"server: listen 0 # caf\xe9\n");
    run(&room, &["run", "latin1.play"])
        .ends_with(2)
        .says("latin1.play");
    // A later file that is missing stops the first from running too.
    room.file("fine.play", "server: listen 0\n");
    let ended = run(&room, &["run", "fine.play", "gone.play"])
        .ends_with(2)
        .says("gone.play");
    assert_eq!(ended.out(), "");
}

#[test]
fn a_mistake_stands_at_its_file_line_and_column_with_the_nearest_verb() {
    let ended = wrong("server: listen 0\n\n  client:   conect server # now\n")
        .says("it.play:3:13")
        .says("unknown verb `conect`")
        .says("did you mean `connect`?");
    assert_caret_under(&ended.err, "  client:   conect server # now", "conect");
}

#[test]
fn the_caret_stands_right_behind_text_of_any_width() {
    for (line, word) in [
        ("server: send \"Привет, мир\" nowayt", "nowayt"),
        ("server: send \"日本語のテキスト\" nowayt", "nowayt"),
        ("server: send \"e\u{301}tude 👍\" nowayt", "nowayt"),
        ("клиент: конект server", "конект"),
        ("客户: 连接 server", "连接"),
    ] {
        let column = line[..line.rfind(word).expect("in the line")]
            .chars()
            .count()
            + 1;
        let ended = wrong(&format!("server: listen 0\n{line}\n"));
        assert_caret_under(&ended.err, line, word);
        ended.says(&format!("it.play:2:{column}"));
    }
}

#[test]
fn every_mistake_of_a_script_is_told_at_once() {
    wrong("server: lisen 0\nclient: connect 127.0.0.1:9\nclient: expect state CLOSEWAIT\nclient: expect error EPIP\nclient: set nodlay on\nghost: close\n")
        .says("did you mean `listen`?")
        .says("did you mean `CLOSE-WAIT`?")
        .says("did you mean `EPIPE`?")
        .says("did you mean `nodelay`?")
        .says("no earlier line makes `ghost`")
        .says("it.play:6:1");
}

#[test]
fn what_was_expected_is_said() {
    for (line, words) in [
        (
            "server: shutdown sideways",
            "expected `send`, `receive` or `both`",
        ),
        ("server: send", "the line ends too early"),
        ("server: expect no eof", "`within`"),
        ("server: expect eof within 5", "has no unit"),
        ("server: send \"open", "the quote is never closed"),
        ("server: send \"\\q\"", "unknown escape `\\q`"),
        ("server: set linger soon", "soon"),
        ("server: send oob xy", "not one byte"),
        ("server: send hex 0g", "0g"),
        ("listen 0", "needs an actor"),
        ("server listen 0", "colon"),
        ("server: quit", "verb of the screen"),
        ("server.2: listen 0", "finspect gives itself"),
        ("client: connect nobody", "no earlier line makes `nobody`"),
    ] {
        wrong(&format!("server: listen 0\n{line}\n"))
            .says("it.play:2:")
            .says(words)
            .says("^");
    }
}

#[test]
fn the_wire_and_the_lab_where_there_is_none_say_the_remedy() {
    for line in [
        "wire: hold",
        "lab: reset",
        "lab: set tcp_fin_timeout 5",
        "expect wire 1 held",
        "expect wire fin from a",
    ] {
        let ended = play(&format!("server: listen 0\n{line}\n"), &["--loopback"])
            .ends_with(3)
            .says("it.play:2")
            .says("leave out --loopback");
        assert_eq!(ended.out(), "");
    }
}

#[test]
fn rubbish_is_refused_without_a_panic() {
    let room = Room::new();
    let long = format!("server: send \"{}\n", "x".repeat(1 << 20));
    for (name, text) in [
        ("escape.play", "server: \x1b[31mlisten\x07 0\n"),
        ("nul.play", "\0\0\0\n"),
        ("long.play", long.as_str()),
        ("no-end.play", "server:"),
        ("colon.play", ":\n"),
        ("quote.play", "\"\n\"\"\n"),
    ] {
        room.file(name, text);
        let ended = run(&room, &["run", name]).ends_with(2).says(name);
        let raw = ended.err.contains(['\x1b', '\x07', '\0']);
        assert!(
            !raw,
            "{name}: control characters of the file come out raw: {:?}",
            ended.err
        );
    }
}

#[test]
fn a_script_comes_from_stdin_too() {
    let room = Room::new();
    let mut program = start(&room, &["run", "-"]);
    program
        .say(b"server: listen 0\nclient: connect server\n")
        .no_more_input();
    program.end().ends_with(0).prints("-: passed");
    let mut program = start(&room, &["run", "-"]);
    program.say(b"server: lisen 0\n").no_more_input();
    program.end().ends_with(2).says("-:1:9");
}

#[test]
fn an_empty_script_a_mark_at_its_head_and_foreign_line_ends_pass() {
    play("", &[]).ends_with(0).prints("it.play: passed");
    play("# nothing\n\n", &[]).ends_with(0);
    play(
        "\u{feff}server: listen 0\r\nclient: connect server\r\n",
        &[],
    )
    .ends_with(0);
    wrong("\u{feff}server: listen 0\r\nclient: conect server\r\n").says("it.play:2:9");
}
