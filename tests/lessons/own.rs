//! A teacher's own lessons: checked without running, listed from a folder, and kept to that folder with their files.

use std::process::{Command, Output};

use serde_json::Value;

use crate::outside::Room;

const HEAD: &str = "+++\ntitle = \"Own\"\nlevel = 2\nminutes = 4\n+++\n\nText.\n\n";
const PAIR: &str = "```lab setup\nserver: listen 0\nclient: connect server\n```\n";

fn finspect(room: &Room, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_finspect"))
        .args(args)
        .current_dir(room.path(""))
        .envs(room.settings())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("started")
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn a_check_runs_nothing_and_says_what_is_there() {
    let room = Room::new();
    room.file("own.md", format!("{HEAD}{PAIR}"));
    let (code, out, err) = said(&finspect(&room, &["learn", "--check", "own.md"]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "own.md: right; 2 lines, 0 questions\n");
}

#[test]
fn a_mistake_is_pointed_at_under_wide_text_and_the_other_files_are_checked_too() {
    let room = Room::new();
    room.file("right.md", format!("{HEAD}{PAIR}"));
    room.file(
        "wrong.md",
        format!("{HEAD}服务器先发送文件。\n\n```lab\n服务器: listne 6000   # 监听\n```\n"),
    );
    let (code, out, err) = said(&finspect(
        &room,
        &["learn", "--check", "wrong.md", "right.md"],
    ));
    assert_eq!(code, Some(2), "{err}");
    assert!(out.contains("right.md: right"), "{out}");
    assert!(err.contains("wrong.md:12:6"), "{err}");
    assert!(
        err.contains("unknown verb `listne`; did you mean `listen`?"),
        "{err}"
    );
    let caret = err
        .lines()
        .find(|line| line.contains('^'))
        .expect("a caret");
    let line = err
        .lines()
        .find(|line| line.contains("listne 6000"))
        .expect("the line");
    let cells = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let under = cells(&caret[..caret.find('^').expect("a caret")]);
    assert_eq!(
        under,
        cells(&line[..line.find("listne").expect("the word")]),
        "{err}"
    );
}

#[test]
fn the_list_is_one_object_a_line() {
    let room = Room::new();
    let (code, out, err) = said(&finspect(&room, &["learn", "--list", "--json"]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let rows: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    for row in &rows {
        assert!(row["name"].is_string() && row["title"].is_string(), "{row}");
        assert!(
            row["level"].as_u64().is_some_and(|l| (1..=6).contains(&l)),
            "{row}"
        );
        assert_eq!(row["progress"], "new", "{row}");
        assert_eq!(row["languages"][0], "en", "{row}");
    }
    let levels: Vec<u64> = rows
        .iter()
        .filter_map(|row| row["level"].as_u64())
        .collect();
    assert!(levels.is_sorted(), "by level");
}

#[test]
fn a_folder_of_lessons_is_listed_and_what_is_broken_is_said() {
    let room = Room::new();
    room.file("own/b.md", format!("{HEAD}{PAIR}"));
    room.file(
        "own/broken.md",
        format!("{HEAD}```lab\nserver: close\n```\n"),
    );
    room.file("own/README.md", "# About these lessons\n");
    let (code, out, err) = said(&finspect(&room, &["learn", "own", "--list", "--json"]));
    assert_eq!(code, Some(0));
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains("own/b.md"), "{out}");
    assert!(err.contains("broken.md:10:1"), "{err}");
}

#[test]
fn what_is_not_there_is_named() {
    let room = Room::new();
    for args in [["run", "no-such-lesson"], ["learn", "no-such-lesson"]] {
        let (code, _, err) = said(&finspect(&room, &args));
        assert_eq!(code, Some(2), "{err}");
    }
    let (_, _, err) = said(&finspect(&room, &["run", "no-such-lesson"]));
    assert!(
        err.contains("no file and no lesson no-such-lesson"),
        "{err}"
    );
    let (_, _, err) = said(&finspect(&room, &["run", "half-clsoe"]));
    assert!(err.contains("did you mean `half-close`?"), "{err}");
    let (code, _, err) = said(&finspect(&room, &["learn"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("learn --list"), "{err}");
    let (code, _, err) = said(&finspect(&room, &["--read-only", "learn", "half-close"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("--read-only"), "{err}");
}

#[test]
fn a_lesson_touches_files_only_below_its_folder_and_only_when_it_may() {
    let room = Room::new();
    room.file("secret.txt", "secret");
    let lesson = |verb: &str| format!("{HEAD}{PAIR}```lab\n{verb}\n```\n");
    room.file(
        "own/sends.md",
        lesson("server: send file \"hello.txt\"\nclient: expect received 5"),
    );
    room.file("own/hello.txt", "hello");
    let (code, _, err) = said(&finspect(&room, &["run", "--loopback", "own/sends.md"]));
    assert_eq!(code, Some(2), "nobody can be asked: {err}");
    assert!(
        err.contains("send file") && err.contains("--allow-files"),
        "{err}"
    );
    let (code, out, err) = said(&finspect(
        &room,
        &["run", "--loopback", "--allow-files", "own/sends.md"],
    ));
    assert_eq!(code, Some(0), "{out}\n{err}");

    room.file(
        "own/saves.md",
        lesson("client: save \"kept.txt\"\nserver: send \"kept\"\nclient: expect received 4"),
    );
    let (code, out, err) = said(&finspect(
        &room,
        &["run", "--loopback", "--allow-files", "own/saves.md"],
    ));
    assert_eq!(code, Some(0), "{out}\n{err}");
    assert_eq!(room.read("own/kept.txt"), "kept");

    // A link that leads nowhere yet would let a file be made at its other end.
    std::os::unix::fs::symlink("../planted.txt", room.path("own/kept-too.txt")).expect("a link");
    room.file(
        "own/plants.md",
        lesson("client: save \"kept-too.txt\"\nserver: send \"kept\""),
    );
    let (code, _, err) = said(&finspect(
        &room,
        &["run", "--loopback", "--allow-files", "own/plants.md"],
    ));
    assert_eq!(code, Some(2), "{err}");
    assert!(
        !room.path("planted.txt").exists(),
        "a file was made outside"
    );

    std::os::unix::fs::symlink("../secret.txt", room.path("own/link.txt")).expect("a link");
    let absolute = room.path("secret.txt").display().to_string();
    for path in ["../secret.txt", "link.txt", &absolute, "a/../../secret.txt"] {
        room.file(
            "own/steals.md",
            lesson(&format!("server: send file \"{path}\"")),
        );
        let (code, out, err) = said(&finspect(
            &room,
            &["run", "--loopback", "--allow-files", "own/steals.md"],
        ));
        assert_eq!(code, Some(2), "{path}: {out}{err}");
        assert!(err.contains("only below its own folder"), "{err}");
    }
}

#[test]
fn a_question_without_one_answer_fails_and_says_so() {
    let room = Room::new();
    let ask = |other: &str| {
        format!(
            "{HEAD}{PAIR}```ask\nWhere is the client?\n[ ] open\n    client: expect state ESTABLISHED\n[ ] also\n    {other}\n```\n"
        )
    };
    room.file("two.md", ask("client: expect send open"));
    let (code, out, err) = said(&finspect(&room, &["run", "--loopback", "two.md"]));
    assert_eq!(code, Some(1), "{err}");
    assert!(
        out.contains("two.md:13: the question has no one answer: 2 of its choices"),
        "{out}"
    );
    room.file(
        "one.md",
        ask("client: expect no state ESTABLISHED within 200ms"),
    );
    let (code, out, err) = said(&finspect(&room, &["run", "--loopback", "one.md"]));
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("= open"), "{out}");
}

#[test]
fn the_language_is_asked_for_or_the_environments() {
    let room = Room::new();
    let (code, _, err) = said(&finspect(&room, &["--lang", "xx", "learn", "--list"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("zh-TW"), "{err}");
    for tag in [
        "en", "ru", "es", "fr", "zh-TW", "zh-CN", "zh-Hant", "zh-Hans",
    ] {
        let (code, _, err) = said(&finspect(&room, &["--lang", tag, "learn", "--list"]));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{tag}");
    }
}
