//! The house rules, held by reading the source: who may use whom, where the system may be touched, what every file says.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder, the folders it may use, and the crates that only the folders naming them may use.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("tcp", &[], &[]),
    ("journal", &["tcp"], &[]),
    ("kernel", &["tcp"], &["libc", "socket2"]),
    ("command", &["tcp", "journal"], &[]),
    (
        "engine",
        &["tcp", "journal", "command", "kernel"],
        &["tokio"],
    ),
    (
        "ui",
        &["tcp", "journal", "command", "lesson", "locale"],
        &["ratatui", "crossterm"],
    ),
    (
        "lesson",
        &["tcp", "journal", "command"],
        &["pulldown_cmark"],
    ),
    ("locale", &[], &[]),
    (
        "cli",
        &[
            "tcp", "journal", "kernel", "command", "lesson", "engine", "ui", "locale",
        ],
        &["clap", "tokio", "ratatui", "crossterm"],
    ),
];

/// Crates with a folder of their own in the table.
const GUARDED: &[&str] = &[
    "libc",
    "socket2",
    "tokio",
    "ratatui",
    "crossterm",
    "clap",
    "pulldown_cmark",
];

fn files(under: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(under).expect("a folder of the house") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The code of a file: comments and the insides of strings taken out.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let mut code = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        let mut quoted = false;
        let mut before = ' ';
        for c in line.chars() {
            match c {
                '"' if before != '\\' && before != '\'' => quoted = !quoted,
                '/' if !quoted && before == '/' => break,
                _ if !quoted => code.push(c),
                _ => {}
            }
            before = c;
        }
        code.push('\n');
    }
    code
}

/// `word` stands alone: no letter, digit or underscore beside it.
fn uses(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part(before) && !part(after)
    })
}

#[test]
fn every_folder_of_the_house_is_in_the_table() {
    let mut folders: Vec<String> = fs::read_dir(source())
        .expect("src")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.is_dir())
        .map(|p| {
            p.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    folders.sort();
    let mut known: Vec<&str> = TABLE.iter().map(|(name, ..)| *name).collect();
    known.sort_unstable();
    assert_eq!(folders, known);
}

#[test]
fn dependencies_point_down() {
    let mut broken = Vec::new();
    for (folder, may, crates) in TABLE {
        for path in files(&source().join(folder)) {
            let code = code(&path);
            for (other, ..) in TABLE {
                let named = uses(&code, &format!("crate::{other}"));
                if named && other != folder && !may.contains(other) {
                    broken.push(format!("{} uses {other}", path.display()));
                }
            }
            for guarded in GUARDED {
                let named = uses(&code, &format!("{guarded}::")[..guarded.len()])
                    && code.contains(&format!("{guarded}::"));
                if named && !crates.contains(guarded) {
                    broken.push(format!("{} uses the crate {guarded}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_system_is_touched_only_in_kernel() {
    let mut broken = Vec::new();
    for path in files(&source()) {
        if path.starts_with(source().join("kernel")) {
            continue;
        }
        let code = code(&path);
        for word in ["unsafe", "cfg(target_os", "cfg(unix", "cfg(windows"] {
            let found = match word {
                "unsafe" => uses(&code, word),
                _ => code.contains(word),
            };
            if found {
                broken.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_opens_by_saying_what_it_owns() {
    for path in files(&source()) {
        let text = fs::read_to_string(&path).expect("a source file");
        assert!(
            text.starts_with("//! "),
            "{} opens without //!",
            path.display()
        );
    }
}

#[test]
fn a_table_of_contents_has_no_logic() {
    for path in files(&source()) {
        if path.file_name().is_some_and(|n| n == "mod.rs") {
            let code = code(&path);
            // Macros that declare tables may stand there; functions of the program may not.
            let tests = code.find("#[cfg(test)]").unwrap_or(code.len());
            assert!(
                !code[..tests].contains("\nfn ") && !code[..tests].contains("\npub fn "),
                "{} holds a function",
                path.display()
            );
        }
    }
}

#[test]
fn the_map_in_lib_rs_names_every_folder() {
    let map = fs::read_to_string(source().join("lib.rs")).expect("lib.rs");
    for (folder, may, _) in TABLE {
        assert!(
            map.contains(&format!("//! {folder}/")),
            "{folder} is not on the map"
        );
        let row = map
            .lines()
            .find(|l| {
                l.starts_with("//! ")
                    && l[4..].split_whitespace().next() == Some(folder)
                    && l.contains("->")
            })
            .unwrap_or_else(|| panic!("no row for {folder}"));
        for other in may.iter().filter(|_| *folder != "cli") {
            assert!(
                row.contains(other),
                "the map's row of {folder} leaves out {other}"
            );
        }
    }
}
