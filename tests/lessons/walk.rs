//! A learner who knows Enter and the numbers comes to the end of every lesson.

use std::time::{Duration, Instant};

use finspect::lesson::{LANGUAGES, SHELF, Shelved};
use finspect::tcp::Power;

use crate::many::each;
use crate::outside::{Room, require};
use crate::pty::{ENTER, Terminal};

const SIZE: (u16, u16) = (120, 40);
const END: &str = "The end of this lesson.";

/// What the screen asks of the learner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Asks {
    Enter,
    Answer,
    Over,
}

fn asks(picture: &str) -> Option<Asks> {
    if picture.contains(END) {
        Some(Asks::Over)
    } else if picture.contains("What do you think?") {
        Some(Asks::Answer)
    } else if picture.contains("Enter go on") {
        Some(Asks::Enter)
    } else {
        None
    }
}

/// How far the lesson has come: `3 of 9` in its title, and whether a question is decided.
fn place(picture: &str) -> String {
    let title = picture.lines().find(|line| line.contains(" lesson  "));
    let of = title.and_then(|line| line.rsplit_once(" of "));
    let decided = picture.contains("Enter goes on");
    format!(
        "{:?} {decided}",
        of.map(|(head, _)| head.rsplit(' ').next())
    )
}

/// Every row keeps to its columns: between the panes and the lesson one column stays blank.
fn keeps_to_its_columns(picture: &str) {
    for row in picture.lines().filter(|row| !row.is_empty()) {
        let width = unicode_width::UnicodeWidthStr::width(row);
        assert!(
            width <= usize::from(SIZE.0),
            "{width} cells: {row}\n{picture}"
        );
    }
}

fn walk(lesson: &Shelved) {
    let room = Room::new();
    let args = ["learn", lesson.name, "--lang", lesson.language];
    let mut terminal = Terminal::start(&room, SIZE, &args);
    let deadline = Instant::now() + Duration::from_secs(150);
    let mut answers = 0;
    loop {
        terminal.until("something to do", |screen| {
            asks(&screen.contents()).is_some()
        });
        let picture = terminal.picture();
        keeps_to_its_columns(&picture);
        assert!(
            !picture.contains("This did not hold"),
            "{}\n{picture}",
            lesson.name
        );
        assert!(
            !picture.contains("You have left the path"),
            "{}\n{picture}",
            lesson.name
        );
        assert!(Instant::now() < deadline, "{}\n{picture}", lesson.name);
        let before = place(&picture);
        match asks(&picture) {
            Some(Asks::Over) => break,
            Some(Asks::Answer) => {
                answers += 1;
                terminal.keys("1");
                terminal.until("the answer is taken", |s| {
                    asks(&s.contents()) != Some(Asks::Answer)
                });
            }
            Some(Asks::Enter) => {
                terminal.keys(ENTER);
                terminal.until("the lesson goes on", |screen| {
                    let now = screen.contents();
                    place(&now) != before || asks(&now) != Some(Asks::Enter)
                });
            }
            None => {}
        }
    }
    assert!(answers > 0, "{} asked nothing", lesson.name);
    terminal.keys("q").ends_with(0);
    let kept = room.read("state/finspect/lessons.json");
    assert!(kept.contains("\"finished\": true"), "{kept}");
}

#[test]
fn every_lesson_by_enter_and_numbers() {
    if !require(Power::Namespaces) {
        return;
    }
    let all: Vec<&Shelved> = SHELF
        .iter()
        .filter(|l| l.language == LANGUAGES[0])
        .collect();
    each(&all, |l| l.name.to_owned(), |l| walk(l));
}

#[test]
fn without_a_lab_too_a_lesson_goes_back_and_begins_anew_and_all_of_it_is_recorded() {
    if !require(Power::SockDiag) {
        return;
    }
    let room = Room::new();
    // A port of its own: another test may listen on the one of the lesson that is built in.
    room.file(
        "own.md",
        "+++\ntitle = \"Own\"\nlevel = 2\nminutes = 4\n+++\n\n\
         ```lab setup\nserver: listen 127.0.0.1:0\nclient: connect server\n```\n\
         ```lab\nclient: send \"one\"\nserver: expect received \"one\"\nclient: shutdown send\nserver: expect eof\n```\n",
    );
    let args = ["learn", "own.md", "--loopback", "--record", "kept.jsonl"];
    let mut terminal = Terminal::start(&room, SIZE, &args);
    for (stands, key) in [
        ("▸ client: send \"one\"", ENTER),
        ("▸ client: shutdown send", "\x7f"),
        ("▸ client: send \"one\"", ENTER),
        ("▸ client: shutdown send", "A"),
        ("▸ client: send \"one\"", ENTER),
        ("▸ client: shutdown send", ENTER),
        (END, "q"),
    ] {
        terminal.shows(stands);
        terminal.keys(key);
    }
    terminal.ends_with(0);
    let kept = room.read("kept.jsonl");
    let worlds = kept
        .lines()
        .filter(|l| l.starts_with("{\"finspect\""))
        .count();
    assert_eq!(
        worlds, 3,
        "one each for the start, the way back and the beginning anew:\n{kept}"
    );
    let sent = kept
        .lines()
        .filter(|l| l.contains("\"call\":\"send\""))
        .count();
    assert_eq!(sent, 3, "{kept}");
}

#[test]
fn every_translation_too() {
    if !require(Power::Namespaces) {
        return;
    }
    let all: Vec<&Shelved> = SHELF
        .iter()
        .filter(|l| l.language != LANGUAGES[0])
        .collect();
    each(&all, |l| format!("{} {}", l.language, l.name), |l| walk(l));
}
