//! Each lesson runs by itself: all its expectations hold, and each of its questions has exactly one answer.
//!
//! Over IPv4 and IPv6, as whoever runs the tests; where that is root, as nobody in particular too; and those that need
//! no wire on plain loopback.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use finspect::lesson::{LANGUAGES, Lesson, SHELF, Shelved, names};
use finspect::tcp::Power;

use crate::many::{each, in_turn};
use crate::outside::{Room, require};

/// A user without any power of its own.
const NOBODY: u32 = 65534;

fn command(room: &Room, program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(room.path(""))
        .envs(room.settings());
    command
}

fn passed(output: &Output, what: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{what}\n{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}

fn runs(name: &str, options: &[&str]) {
    let room = Room::new();
    let args = [&["run", name], options].concat();
    let output = command(&room, env!("CARGO_BIN_EXE_finspect"), &args)
        .output()
        .expect("started");
    passed(&output, &format!("{name} {options:?}"));
}

fn all() -> Vec<&'static str> {
    names().collect()
}

#[test]
fn over_ipv4() {
    if require(Power::Namespaces) {
        each(
            &all(),
            |name| (*name).to_owned(),
            |name| runs(name, &["-4"]),
        );
    }
}

#[test]
fn over_ipv6() {
    if require(Power::Namespaces) && require(Power::Ipv6) {
        each(
            &all(),
            |name| (*name).to_owned(),
            |name| runs(name, &["-6"]),
        );
    }
}

/// One test for all of them: each takes a port of loopback. Those that look at segments run where they may be seen.
#[test]
fn what_needs_no_wire_runs_on_loopback() {
    let seen = require(Power::Capture);
    let plain: Vec<&str> = SHELF
        .iter()
        .filter(|l| l.language == LANGUAGES[0])
        .filter(|l| {
            let lesson = Lesson::read(l.name, l.text).expect("right");
            !lesson.needs_lab() && (seen || !lesson.needs_segments())
        })
        .map(|l| l.name)
        .collect();
    in_turn(
        &plain,
        |name| (*name).to_owned(),
        |name| runs(name, &["--loopback"]),
    );
}

#[test]
fn what_needs_the_wire_says_so_on_loopback() {
    let room = Room::new();
    let wired = SHELF
        .iter()
        .find(|l| Lesson::read(l.name, l.text).expect("right").needs_lab())
        .expect("some lesson needs the wire");
    let output = command(
        &room,
        env!("CARGO_BIN_EXE_finspect"),
        &["run", wired.name, "--loopback"],
    )
    .output()
    .expect("started");
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("needs the lab"), "{said}");
    assert!(said.contains("remedy"), "{said}");
}

#[test]
fn in_every_language() {
    if !require(Power::Namespaces) {
        return;
    }
    let translated: Vec<&Shelved> = SHELF
        .iter()
        .filter(|l| l.language != LANGUAGES[0])
        .collect();
    each(
        &translated,
        |l| format!("{} {}", l.language, l.name),
        |l| runs(l.name, &["--lang", l.language]),
    );
}

/// As a user who may nothing, where whoever runs the tests may become one.
#[test]
fn without_any_power() {
    // SAFETY: takes nothing and never fails.
    let root = unsafe { libc::geteuid() } == 0;
    if !require(Power::Namespaces) || !root {
        return;
    }
    // Whoever is nobody must reach the program: the folder of the build may be closed to others.
    let place = tempfile::TempDir::new().expect("a folder");
    let open = |path: &PathBuf| {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("opened");
    };
    open(&place.path().to_path_buf());
    let program = place.path().join("finspect");
    fs::copy(env!("CARGO_BIN_EXE_finspect"), &program).expect("copied");
    open(&program);
    each(
        &all(),
        |name| (*name).to_owned(),
        |name| {
            let home = tempfile::TempDir::new().expect("a folder");
            std::os::unix::fs::chown(home.path(), Some(NOBODY), Some(NOBODY)).expect("given away");
            let mut command = Command::new(&program);
            command
                .args(["run", name])
                .current_dir(home.path())
                .env("HOME", home.path())
                .env("TMPDIR", home.path())
                .env_remove("XDG_STATE_HOME")
                .env_remove("XDG_CONFIG_HOME")
                .uid(NOBODY)
                .gid(NOBODY);
            passed(&command.output().expect("started"), name);
        },
    );
}
