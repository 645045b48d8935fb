//! Pictures of the whole screen, compared with the texts in `tests/screens`.
//!
//! `UPDATE_SCREENS=1 cargo test --test screen` writes them anew; look at the difference before it is kept.

use std::path::Path;

use finspect::journal::Note;
use finspect::tcp::{Sample, State};

use super::stage::{Look, Stage, idle};

pub fn compare(name: &str, picture: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/screens")
        .join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_SCREENS").is_some() {
        std::fs::write(&path, picture).expect("the picture's file");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    if kept != picture {
        let differing = kept
            .lines()
            .zip(picture.lines())
            .enumerate()
            .filter(|(_, (a, b))| a != b);
        let lines: Vec<String> = differing
            .map(|(n, (a, b))| format!("{:3} - {a}\n    + {b}", n + 1))
            .collect();
        panic!("{name} has changed:\n{}", lines.join("\n"));
    }
}

pub const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];
pub const LOOKS: [(Look, &str); 3] = [
    (Look::Utf8, "utf8"),
    (Look::Ascii, "ascii"),
    (Look::NoColour, "nocolour"),
];

/// One picture for each size and look; without colour the shapes are those of UTF-8.
fn pictures(name: &str, scene: impl Fn(&mut Stage)) {
    for (width, height) in SIZES {
        for (look, word) in LOOKS {
            let mut stage = Stage::new(width, height, look);
            scene(&mut stage);
            let file = if look == Look::NoColour { "utf8" } else { word };
            compare(&format!("{name}-{width}x{height}-{file}"), &stage.picture());
            assert_eq!(stage.coloured(), look != Look::NoColour, "{name} {word}");
            assert!(
                look != Look::Ascii || stage.picture().is_ascii(),
                "{}",
                stage.picture()
            );
        }
    }
}

#[test]
fn the_pair_that_opens() {
    pictures("opening", |s| {
        s.open_pair().wait(2000);
    });
}

#[test]
fn half_closed_with_bytes() {
    pictures("half-close", |s| {
        s.open_pair().wait(2000);
        s.send("client", b"GET /\r\n")
            .recv("server", b"GET /\r\n")
            .half_close()
            .wait(2000);
    });
}

#[test]
fn time_wait_counts_down_beside_what_is_gone() {
    pictures("time-wait", |s| {
        s.open_pair().wait(2000);
        s.half_close().close_both().wait(2000);
    });
}

#[test]
fn the_palette_offers_what_could_follow() {
    pictures("palette", |s| {
        s.open_pair().wait(2000);
        s.press(":").write("sh").press("Tab");
    });
}

#[test]
fn a_mistake_on_the_palette_is_pointed_at() {
    pictures("mistake", |s| {
        s.open_pair().wait(2000);
        s.press(":").write("shutdown snd").press("Enter");
    });
}

#[test]
fn the_help() {
    pictures("help", |s| {
        s.open_pair().wait(2000);
        s.press("?");
    });
}

#[test]
fn the_large_screen_shows_everything_at_once() {
    let mut stage = Stage::new(200, 60, Look::Utf8);
    stage.open_pair().wait(2000);
    stage
        .send("client", b"Hello")
        .recv("server", b"Hello")
        .half_close()
        .wait(2000);
    compare("all-200x60-utf8", &stage.picture());
}

#[test]
fn small_screens() {
    for (width, height) in [(20, 5), (40, 10), (60, 16)] {
        let mut stage = Stage::new(width, height, Look::Utf8);
        stage.open_pair().wait(2000);
        compare(&format!("small-{width}x{height}-utf8"), &stage.picture());
    }
}

#[test]
fn a_new_connection_begins_with_its_name() {
    pictures("new", |s| {
        s.open_pair().wait(2000);
        s.press("n");
    });
}

#[test]
fn thirty_connections() {
    pictures("thirty", |s| {
        s.listen("server.listen", 6000);
        for n in 1..=30 {
            let server = match n {
                1 => "server".to_owned(),
                n => format!("server.{n}"),
            };
            s.connection(
                &format!("conn{n}"),
                &server,
                "server.listen",
                40_000 + n,
                6000,
            );
        }
        s.note("conn7", Note::Reading { mode: None });
        let full = Sample {
            inq: Some(61_000),
            rqueue: Some(61_000),
            ..idle(State::Established)
        };
        s.reading("conn7", None, full).wait(2000);
    });
}
