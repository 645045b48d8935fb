//! Stories of the keyboard: what stood on the screen, which keys were pressed, what was asked for and what stands there now.

use std::collections::BTreeSet;

use super::stage::{Look, Stage, idle};
use finspect::command::{Origin, parse_line};
use finspect::journal::{Micros, Note, Op};
use finspect::tcp::{Errno, Sample, State, Timer, TimerKind};
use finspect::ui::{Keymap, Msg, Refusal, Severity};

fn pair() -> Stage {
    Stage::pair(80, 24, Look::Utf8)
}

/// `conn1` to `conn30` against one listener, `server` and so on their other ends.
fn thirty() -> Stage {
    let mut stage = Stage::new(120, 36, Look::Utf8);
    stage.listen("server.listen", 6000);
    for n in 1..=30_u16 {
        let server = if n == 1 {
            "server".to_owned()
        } else {
            format!("server.{n}")
        };
        stage.connection(
            &format!("conn{n}"),
            &server,
            "server.listen",
            40_000 + n,
            6000,
        );
    }
    stage.wait(2000);
    stage
}

fn line_with(picture: &str, words: &str) -> String {
    picture
        .lines()
        .find(|l| l.contains(words))
        .unwrap_or_else(|| panic!("{words} is not on\n{picture}"))
        .to_owned()
}

#[test]
fn the_default_opens_with_two_rows_and_the_client_selected() {
    let stage = pair();
    assert_eq!(stage.selected(), "client");
    let picture = stage.picture();
    let rows: Vec<&str> = picture
        .lines()
        .skip(3)
        .take(3)
        .map(|l| l.split_whitespace().next().unwrap_or(""))
        .collect();
    assert_eq!(rows[..2], ["▸", "server"], "{picture}");
    assert!(
        !picture
            .lines()
            .skip(2)
            .take(3)
            .any(|l| l.contains("server.listen")),
        "{picture}"
    );
}

#[test]
fn every_verb_key_asks_for_its_command_on_the_selected_endpoint() {
    for (key, line) in [
        ("s", "client: shutdown send"),
        ("r", "client: shutdown receive"),
        ("b", "client: shutdown both"),
        ("c", "client: close"),
        ("d", "client: drain"),
        ("x", "client: abort"),
        ("p", "client: read off"),
        ("a", "FreshPair"),
        ("q", "Quit"),
        ("Ctrl-c", "Quit"),
        ("Ctrl-z", "Suspend"),
    ] {
        let mut stage = pair();
        stage.press(key);
        assert_eq!(stage.asked(), [line], "{key}");
    }
}

#[test]
fn arrows_move_and_left_and_right_jump_to_the_other_end() {
    let mut stage = pair();
    for (keys, selected) in [
        ("j", "server"),
        ("j", "server"),
        ("k", "client"),
        ("Down", "server"),
        ("Left", "client"),
        ("Right", "server"),
    ] {
        stage.press(keys);
        assert_eq!(stage.selected(), selected, "after {keys}");
    }
    stage.press("s");
    assert_eq!(stage.asked(), ["server: shutdown send"]);
}

#[test]
fn esc_closes_one_thing_after_the_other_and_never_quits() {
    let mut stage = pair();
    stage.press("/").write("server").press("Enter z ? Esc");
    assert!(stage.picture().contains("1 of 2"), "{}", stage.picture());
    stage.press("Esc Esc Esc Esc");
    assert!(
        stage.picture().contains("2 endpoints"),
        "{}",
        stage.picture()
    );
    assert_eq!(stage.asked(), Vec::<String>::new());
}

#[test]
fn q_is_a_letter_in_a_prompt_and_ctrl_c_still_quits() {
    for prompt in [":", "/", "i"] {
        let mut stage = pair();
        stage.press(prompt).write("q");
        assert_eq!(stage.asked(), Vec::<String>::new());
        stage.press("Ctrl-c");
        assert_eq!(stage.asked(), ["Quit"], "{prompt}");
    }
}

#[test]
fn a_russian_layout_means_the_keys_under_it() {
    let mut stage = pair();
    stage.press("ы о");
    assert_eq!(stage.asked(), ["client: shutdown send"]);
    assert_eq!(stage.selected(), "server");
    stage.press("Ж");
    assert!(stage.picture().contains("┌ command"), "{}", stage.picture());
    stage.write("close").press("Enter");
    assert_eq!(stage.asked()[0], "server: close");
}

#[test]
fn a_greyed_key_says_why_and_the_call_is_made_all_the_same() {
    let mut stage = pair();
    stage.half_close().wait(2000).press("s");
    assert_eq!(stage.asked(), ["client: shutdown send"]);
    assert!(
        stage
            .picture()
            .contains("The sending half is closed already"),
        "{}",
        stage.picture()
    );
    stage.press("i");
    assert!(
        stage
            .picture()
            .contains("The sending half is closed already"),
        "{}",
        stage.picture()
    );
    assert!(
        stage.picture().contains("send from client:"),
        "{}",
        stage.picture()
    );
}

#[test]
fn without_a_descriptor_there_is_nothing_to_call_it_on() {
    let mut stage = pair();
    stage.half_close().close_both().wait(2000);
    for key in ["s", "r", "b", "c", "d", "x", "i", "p"] {
        stage.press(key);
        assert_eq!(stage.asked(), Vec::<String>::new(), "{key}");
        assert!(
            stage.picture().contains("descriptor is closed"),
            "{key}\n{}",
            stage.picture()
        );
        stage.press("Esc");
    }
}

/// Fingers are faster than eyes: `exec` is no abort and no close.
#[test]
fn text_for_an_end_that_cannot_send_runs_no_keys() {
    let mut stage = pair();
    stage.half_close().close_both().wait(2000);
    stage.press("i").write("exec /bin/cat; a q");
    let said = sentence(&stage);
    for words in [
        "Nothing can be sent from here. The descriptor is closed",
        "Up and Down select another row, and a makes a fresh pair.",
        "Enter sends nothing",
    ] {
        assert!(said.contains(words), "{said}");
    }
    stage.msg(Msg::Paste("rm\n".to_owned())).press("Enter");
    assert_eq!(stage.asked(), Vec::<String>::new());
    assert!(
        sentence(&stage).contains("Nothing can be sent from here."),
        "{}",
        stage.picture()
    );
    stage.press("a");
    assert_eq!(stage.asked(), ["FreshPair"]);
}

/// What is said at the bottom may take more lines than one.
#[test]
fn a_notice_is_said_to_its_end_at_any_width() {
    for width in [40, 60, 80, 200] {
        let mut stage = Stage::pair(width, 24, Look::Utf8);
        let said = "The lab could not be made anew, for a reason that takes some words; the remedy is this.";
        stage.msg(Msg::Notice(Severity::Failed, said.to_owned()));
        assert!(
            sentence(&stage).contains(said),
            "{width}\n{}",
            stage.picture()
        );
        stage.press("Esc");
        assert!(!stage.picture().contains("remedy"), "{}", stage.picture());
    }
}

/// The picture as one line, with single spaces.
fn sentence(stage: &Stage) -> String {
    let picture = stage.picture();
    let words: Vec<&str> = picture.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn a_descriptor_in_a_process_is_only_killed() {
    let mut stage = pair();
    stage.press("Right").press(":").write("fork as worker");
    stage.press("Enter");
    assert_eq!(stage.asked()[0], "server: fork as worker");
    let (twin, pid) = (Some(stage.who("worker")), 1234);
    stage.call("server", Op::Fork { twin, pid }, Ok(1234));
    assert_eq!(stage.selected(), "worker");
    assert!(
        stage.picture().contains("in process 1234"),
        "{}",
        stage.picture()
    );
    for key in ["s", "r", "b", "c", "d", "x", "i", "p"] {
        stage.press(key);
        assert_eq!(stage.asked(), Vec::<String>::new(), "{key}");
        let why = "worker's descriptor is in process 1234; `worker: kill` ends it.";
        assert!(sentence(&stage).contains(why), "{key}\n{}", stage.picture());
        stage.press("Esc");
    }
    stage.msg(Msg::Refused(Refusal::InProcess {
        name: "worker".to_owned(),
        pid: 1234,
    }));
    assert!(stage.picture().contains("is in process 1234"));
    stage.press(":").write("kill").press("Enter");
    assert_eq!(stage.asked()[0], "worker: kill");
    stage.press("Left").press(":").write("kill").press("Enter");
    assert!(!stage.asked().iter().any(|e| e == "client: kill"));
    let why = "No process of its own holds client: there is nothing to kill.";
    assert!(stage.picture().contains(why), "{}", stage.picture());
}

#[test]
fn read_only_calls_nothing() {
    let mut stage = Stage::with(80, 24, Look::Utf8, |s| s.read_only = true);
    stage.open_pair().wait(2000);
    for keys in ["s", "c", "x", "a", "p", "i"] {
        stage.press(keys);
        assert!(
            stage.picture().contains("Read-only: nothing is called."),
            "{keys}"
        );
    }
    stage.press(":").write("server: close").press("Enter");
    assert!(
        !stage
            .asked()
            .iter()
            .any(|e| e.contains("close") && !e.contains("Remember")),
        "a call was asked for"
    );
    assert!(stage.picture().contains("read-only"));
}

#[test]
fn pause_reads_on_when_reading_is_off() {
    let mut stage = Stage::pair(120, 36, Look::Utf8);
    stage
        .note("client", Note::Reading { mode: None })
        .press("p");
    assert_eq!(stage.asked(), ["client: read on"]);
    assert!(
        stage.picture().contains("p resume reading"),
        "{}",
        stage.picture()
    );
}

#[test]
fn compose_sends_with_escapes_and_keeps_its_history() {
    let mut stage = pair();
    stage.press("i").write(r#"say "hi"\r\n"#).press("Enter");
    let asked = stage.asked();
    assert_eq!(asked[0], r#"client: send "say \"hi\"\r\n""#);
    assert!(asked[1].contains("Compose"), "{asked:?}");
    stage.press("i Up Enter");
    assert_eq!(stage.asked(), [r#"client: send "say \"hi\"\r\n""#]);
    stage.press("i").write(r"bad \q").press("Enter");
    assert_eq!(stage.asked(), Vec::<String>::new());
    assert!(
        stage.picture().contains(r"bad \q"),
        "the text stays to be mended"
    );
}

#[test]
fn the_palette_completes_remembers_and_points_at_mistakes() {
    let mut stage = pair();
    stage
        .press(":")
        .write("shut")
        .press("Tab")
        .write(" se")
        .press("Tab Enter");
    assert_eq!(stage.asked()[0], "client: shutdown send");
    stage.press(": Up Enter");
    assert_eq!(stage.asked(), ["client: shutdown send"]);
    stage.press(":").write("shutdwn send").press("Enter");
    assert_eq!(stage.asked(), Vec::<String>::new());
    let picture = stage.picture();
    assert!(picture.contains("did you mean"), "{picture}");
    let caret = line_with(&picture, "▾");
    assert_eq!(
        caret.find('▾'),
        line_with(&picture, ": shutdwn").find("shutdwn"),
        "{picture}"
    );
}

#[test]
fn the_palette_names_another_actor_and_makes_calls_that_must_fail() {
    let mut stage = pair();
    stage.half_close().wait(2000);
    stage
        .press(":")
        .write("client: send \"late\"")
        .press("Enter");
    assert_eq!(stage.asked()[0], "client: send \"late\"");
}

#[test]
fn a_new_connection_gets_a_new_name_and_is_selected_when_it_comes() {
    let mut stage = pair();
    stage.press("n").write("127.0.0.1:8080").press("Enter");
    let asked = stage.asked();
    let (name, line) = asked[0].split_once(": ").expect("an actor");
    assert_eq!(line, "connect 127.0.0.1:8080");
    let name = name.to_owned();
    stage.call(&name, Op::Socket { v6: false }, Ok(9));
    assert_eq!(stage.selected(), name);
}

#[test]
fn a_fresh_pair_is_selected_and_a_strangers_row_is_not() {
    let mut stage = pair();
    stage.press("j");
    stage.connection("other", "server.2", "server.listen", 50_000, 6000);
    assert_eq!(stage.selected(), "server");
    stage.press("a");
    stage.listen("server.3.listen", 6001).connection(
        "client.2",
        "server.3",
        "server.3.listen",
        50_001,
        6001,
    );
    assert_eq!(stage.selected(), "client.2");
}

#[test]
fn a_listener_asked_for_keeps_its_row() {
    let mut stage = pair();
    stage.press(":").write("web: listen 8080").press("Enter");
    assert_eq!(stage.asked()[0], "web: listen 8080");
    stage
        .listen("web.listen", 8080)
        .connection("conn1", "web", "web.listen", 50_000, 8080)
        .wait(2000);
    let picture = stage.picture();
    assert!(picture.contains("web.listen"), "{picture}");
    assert!(
        !picture
            .lines()
            .take(10)
            .any(|l| l.contains("server.listen")),
        "{picture}"
    );
}

#[test]
fn the_filter_follows_the_letters_and_esc_takes_it_back() {
    let mut stage = thirty();
    stage.press("/").write("conn1");
    assert!(
        stage.picture().contains("11 of 60 endpoints"),
        "{}",
        stage.picture()
    );
    stage.press("Esc");
    assert!(
        stage.picture().contains("60 endpoints"),
        "{}",
        stage.picture()
    );
    stage.press("/").write("server eof-read").press("Enter");
    assert!(
        stage.picture().contains("Nothing matches"),
        "{}",
        stage.picture()
    );
    stage.recv("server.7", b"");
    stage.reading(
        "server.7",
        Some((State::Established, State::CloseWait)),
        idle(State::CloseWait),
    );
    assert_eq!(stage.selected(), "server.7", "{}", stage.picture());
}

#[test]
fn sorting_by_a_column_keeps_the_selection() {
    let mut stage = thirty();
    stage.send("conn7", b"much").wait(2000);
    stage.press(":").write("sort sent").press("Enter < g g");
    assert_eq!(stage.selected(), "conn7");
    stage.send("conn9", b"much more");
    assert_eq!(stage.selected(), "conn7", "a person chose it");
    stage.press("k");
    assert_eq!(stage.selected(), "conn9");
    stage.press(":").write("sort colour").press("Enter");
    assert!(
        stage.picture().contains("No such column"),
        "{}",
        stage.picture()
    );
}

#[test]
fn thirty_connections_and_the_one_that_is_stuck() {
    let mut stage = thirty();
    stage.note("conn7", Note::Reading { mode: None });
    let full = Sample {
        inq: Some(61_000),
        rqueue: Some(61_000),
        ..idle(State::Established)
    };
    stage.reading("conn7", None, full);
    let title = stage
        .picture()
        .lines()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    assert!(
        title.contains("1 stuck: conn7 61 kB unread, 60 endpoints, 60 ESTABLISHED"),
        "{title}"
    );
    stage.press("/").write("conn7").press("Enter");
    assert!(stage.picture().contains("▸!conn7"), "{}", stage.picture());
    let blocked = Timer {
        kind: TimerKind::Persist,
        expires_ms: 400,
        retries: 0,
    };
    stage.reading(
        "conn9",
        None,
        Sample {
            timer: Some(blocked),
            ..idle(State::Established)
        },
    );
    assert!(
        stage.picture().contains("2 stuck: conn7"),
        "{}",
        stage.picture()
    );
}

#[test]
fn ends_and_pages_of_a_long_list() {
    let mut stage = thirty();
    stage.press("G");
    assert_eq!(stage.selected(), "server.30");
    assert!(
        stage.picture().contains("▸ server.30"),
        "{}",
        stage.picture()
    );
    stage.press("Ctrl-u g");
    assert_ne!(stage.selected(), "conn1", "one g is not enough");
    stage.press("g");
    assert_eq!(stage.selected(), "conn1");
    stage.press("Ctrl-d Ctrl-d");
    assert!(
        stage.picture().contains(&format!("▸ {}", stage.selected())),
        "{}",
        stage.picture()
    );
}

#[test]
fn the_mouse_selects_rows_panes_keys_and_columns() {
    let mut stage = pair();
    stage.click(3, 4);
    assert_eq!(stage.selected(), "server");
    let footer = stage
        .picture()
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned();
    let at = footer.find("close").expect("close in the footer");
    stage.click(u16::try_from(at).expect("a column"), 23);
    assert_eq!(stage.asked(), ["server: close"]);
    stage.click(3, 2);
    assert!(
        stage.picture().contains("Sorted by name."),
        "{}",
        stage.picture()
    );
    stage.click(40, 19).press("j");
    assert_eq!(stage.selected(), "server", "the log has the keys now");
}

#[test]
fn tab_walks_through_the_panes_and_zoom_gives_one_of_them_the_screen() {
    let mut stage = pair();
    stage.press("Tab Tab z");
    let picture = stage.picture();
    assert!(
        picture.contains("server.listen  app     socket(IPv4) = 4")
            || picture.contains("socket(IPv4)"),
        "{picture}"
    );
    assert!(!picture.contains("connections"), "{picture}");
    stage.press("z");
    assert!(stage.picture().contains("━ log"), "{}", stage.picture());
    let mut tiny = Stage::pair(20, 5, Look::Utf8);
    tiny.press("Tab Tab");
    assert!(tiny.picture().contains("log"), "{}", tiny.picture());
}

#[test]
fn a_failed_call_is_told_in_a_sentence_with_address_and_errno() {
    let mut stage = pair();
    let to = Some(([192, 0, 2, 1], 81).into());
    stage.call("conn1", Op::Connect { to }, Err(Errno::ECONNREFUSED));
    let said = line_with(&stage.picture(), "failed:");
    assert!(
        said.contains("conn1: connect 192.0.2.1:81 failed with ECONNREFUSED. Nobody listens"),
        "{said}"
    );
    stage.press("j");
    assert!(
        !stage.picture().contains("failed:"),
        "the next key takes it away"
    );
}

#[test]
fn what_the_engine_refuses_is_said() {
    let mut stage = pair();
    stage.msg(Msg::Refused(Refusal::NoSuchEndpoint {
        name: "clint\x1b[2J".to_owned(),
    }));
    let picture = stage.picture();
    assert!(picture.contains("No endpoint is called clint"), "{picture}");
    assert!(!picture.contains('\x1b'));
    stage.msg(Msg::Notice(Severity::Said, "gone\u{202e}\x07".to_owned()));
    assert!(!stage.picture().contains(['\x07', '\u{202e}']));
}

#[test]
fn a_paste_is_no_row_of_keys() {
    let mut stage = pair();
    stage.msg(Msg::Paste("xxxx".to_owned()));
    assert_eq!(stage.asked(), Vec::<String>::new());
    stage
        .press("i")
        .msg(Msg::Paste("GET / HTTP/1.0\r\n\r\n".to_owned()))
        .press("Enter");
    assert_eq!(stage.asked()[0], r#"client: send "GET / HTTP/1.0\n\n""#);
}

#[test]
fn the_screen_sleeps_when_nothing_changes() {
    let mut stage = pair();
    stage.model.drawn();
    assert_eq!(stage.model.next_wake(), None);
    stage.wait(3_600_000);
    assert!(!stage.model.needs_draw());
    stage.send("client", b"x");
    assert!(stage.model.needs_draw());
    stage.model.drawn();
    let wake = stage.model.next_wake().expect("the glow settles");
    stage.msg(Msg::Tick(Micros(wake.0 - 1)));
    assert!(!stage.model.needs_draw());
    stage.msg(Msg::Tick(wake));
    assert!(stage.model.needs_draw());
    stage.model.drawn();
    assert_eq!(stage.model.next_wake(), None);
}

#[test]
fn a_countdown_wakes_once_a_second_and_stops_at_its_end() {
    let mut stage = pair();
    stage.half_close().close_both().wait(2000);
    let mut wakes = 0;
    while let Some(wake) = stage.model.next_wake() {
        stage.model.drawn();
        stage.msg(Msg::Tick(wake));
        assert!(stage.model.needs_draw(), "woken for nothing at {wake:?}");
        wakes += 1;
        assert!(wakes < 100, "it never sleeps");
    }
    assert_eq!(wakes, 58);
}

#[test]
fn a_reading_that_is_not_seen_wakes_nobody() {
    let mut stage = thirty();
    stage.press("g g").wait(2000);
    let timer = Some(Timer {
        kind: TimerKind::Retransmit,
        expires_ms: 5000,
        retries: 1,
    });
    stage.reading(
        "server.30",
        None,
        Sample {
            timer,
            ..idle(State::Established)
        },
    );
    assert_eq!(stage.model.next_wake(), None);
    stage.press("G");
    assert!(stage.model.next_wake().is_some());
}

#[test]
fn the_log_keeps_to_its_limit_and_says_what_left() {
    let mut stage = Stage::with(120, 36, Look::Utf8, |s| s.log_events = 50);
    stage.open_pair();
    for _ in 0..100 {
        stage.send("client", b"x").recv("server", b"x");
    }
    let status = stage
        .picture()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    assert!(status.contains("older events left"), "{status}");
    assert_eq!(
        stage.model.world().by_name("client").map(|e| e.sent),
        Some(100),
        "the World stays exact"
    );
}

#[test]
fn lines_that_are_being_read_stay_when_events_come() {
    let mut stage = Stage::pair(80, 24, Look::Utf8);
    stage.press("5").wait(2000).press("k k k");
    let line = |s: &Stage| {
        s.picture()
            .lines()
            .skip(8)
            .take(10)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    for n in 0..40 {
        stage.send("client", format!("line {n}").as_bytes());
    }
    stage.press("k k").wait(2000);
    let before = line(&stage);
    stage.send("client", b"y").recv("server", b"y").wait(2000);
    assert_eq!(line(&stage), before);
    stage.press("f");
    assert_ne!(line(&stage), before);
}

#[test]
fn every_row_of_the_keymap_is_a_line_of_the_language_and_has_words() {
    let keymap = Keymap::load(None).expect("the built-in keymap");
    let mut seen = BTreeSet::new();
    for row in keymap.rows() {
        assert!(
            parse_line(&row.run, Origin::Screen).is_ok_and(|s| s.is_some()),
            "{}",
            row.run
        );
        assert!(
            seen.insert((row.keys(), row.place.word())),
            "{} stands twice in {}",
            row.keys(),
            row.place.word()
        );
    }
    let mut stage = Stage::pair(120, 200, Look::Utf8);
    stage.press("?");
    let help = stage.picture();
    for row in keymap.rows() {
        let key = row.keys();
        assert!(
            help.lines().any(|l| l.split_whitespace().any(|w| w == key)),
            "{key} is not in the help"
        );
    }
}

#[test]
fn a_users_keymap_is_used_and_printed_everywhere() {
    let user = "keys = [ { on = \"w\", in = \"connections\", run = \"shutdown send\" }, { on = \"s\", in = \"connections\", run = \"\" } ]";
    let keymap = Keymap::load(Some(("mine.toml", user))).expect("a good keymap");
    let mut stage = Stage::with(120, 36, Look::Utf8, |s| s.keymap = keymap);
    stage.open_pair().wait(2000).press("s w");
    assert_eq!(stage.asked(), ["client: shutdown send"]);
    assert!(
        stage.picture().contains("w shutdown send"),
        "{}",
        stage.picture()
    );
    assert!(
        !stage.picture().contains("s shutdown send "),
        "{}",
        stage.picture()
    );
}

#[test]
fn y_copies_the_row_or_the_clicked_line() {
    let mut stage = pair();
    stage.press("y");
    let row = "copy client 127.0.0.1:43210 127.0.0.1:6000 ESTABLISHED send open receive open sent 0 received 0";
    assert_eq!(stage.asked(), [row]);
    stage.click(40, 19).press("y");
    let line = stage.asked();
    assert!(
        line[0].starts_with("copy {\"n\":") && line[0].contains("\"who\":\"client\""),
        "{line:?}"
    );
}
