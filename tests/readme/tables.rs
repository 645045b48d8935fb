//! The tables of verbs, keys, commands and exit codes are those of the program.

use std::collections::BTreeSet;

use finspect::command::{Origin, Scope, VERBS, VerbRow, parse_line};
use finspect::ui::Keymap;

use crate::blocks::{README, between, blocks_of, quoted, table};
use crate::tour::Tour;

fn code(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("`{}`", text.replace('|', "\\|")),
    }
}

fn name(row: &VerbRow) -> String {
    let names: Vec<String> = std::iter::once(&row.name)
        .chain(row.aliases)
        .map(|name| code(name))
        .collect();
    names.join(", ")
}

/// Compares a generated table, and prints it where the README has another one.
fn holds(mark: &str, wanted: &str) {
    assert!(
        between(mark) == wanted,
        "behind <!-- {mark} --> the README must have:\n\n{wanted}"
    );
}

#[test]
fn the_verbs_of_endpoints_and_scripts() {
    let mut wanted =
        String::from("| verb | arguments | what it does | calls |\n|---|---|---|---|\n");
    for row in VERBS.iter().filter(|row| row.scope != Scope::Screen) {
        let (arguments, calls) = (code(row.pattern), code(row.call));
        wanted += &format!("| {} | {arguments} | {} | {calls} |\n", name(row), row.doc);
    }
    holds("verbs: endpoints and scripts", &wanted);
}

#[test]
fn the_verbs_of_the_screen() {
    let mut wanted = String::from("| verb | arguments | what it does |\n|---|---|---|\n");
    for row in VERBS.iter().filter(|row| row.scope == Scope::Screen) {
        wanted += &format!("| {} | {} | {} |\n", name(row), code(row.pattern), row.doc);
    }
    holds("verbs: screen", &wanted);
}

/// The words that a line could have gone on with.
fn words_after(line: &str) -> Vec<String> {
    let error = parse_line(line, Origin::Script).expect_err("a line that does not parse");
    error
        .expected
        .iter()
        .map(ToString::to_string)
        .filter_map(|word| Some(word.strip_prefix('`')?.strip_suffix('`')?.to_owned()))
        .collect()
}

#[test]
fn every_option_and_every_fact_is_told() {
    let (_, options) = README.split_once("**Options of `set`**").expect("options");
    let options = quoted(options.split("\n\n").next().expect("a paragraph"));
    for option in words_after("client: set nothing") {
        let told = |text: &&str| text.split([' ', '|']).any(|word| word == option);
        assert!(options.iter().any(told), "set {option}");
    }
    let facts = table("| FACT | holds when |");
    for fact in words_after("client: expect nothing") {
        let told = facts
            .iter()
            .flat_map(|row| quoted(&row[0]))
            .any(|text| text.split(' ').next() == Some(&fact));
        assert!(told || fact == "no", "expect {fact}");
    }
}

#[test]
fn the_keys_are_those_of_the_keymap() {
    let mut told = BTreeSet::new();
    for row in table("| keys | in | runs | which means |") {
        let runs = quoted(&row[2]);
        for keys in quoted(&row[0]) {
            for place in row[1].trim_start_matches('\\').split(", ") {
                let key = (keys.to_owned(), place.to_owned(), runs[0].to_owned());
                assert!(told.insert(key.clone()), "told twice: {key:?}");
            }
        }
    }
    let keymap = Keymap::builtin().expect("the keymap of the program");
    let is: BTreeSet<_> = keymap
        .rows()
        .map(|row| (row.keys(), row.place.word().to_owned(), row.run.clone()))
        .collect();
    let missing: Vec<_> = is.difference(&told).collect();
    let wrong: Vec<_> = told.difference(&is).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "assets/keymap.toml has, and the README has not: {missing:#?}\nthe README alone has: {wrong:#?}"
    );
}

#[test]
fn the_keymap_of_ones_own_is_understood() {
    let own = blocks_of("toml keymap")[0].text;
    let keymap = Keymap::load(Some(("README.md", own))).unwrap_or_else(|e| panic!("{e:?}"));
    let runs = |keys: &str| {
        let mut rows = keymap.rows();
        rows.find(|row| row.keys() == keys && row.place.word() == "connections")
            .map(|row| row.run.clone())
    };
    assert_eq!(runs("w").as_deref(), Some("shutdown send"));
    assert_eq!(runs("gt").as_deref(), Some("send \"tick\""));
    assert_eq!(runs("x"), None);
}

#[test]
fn the_commands_and_options_are_those_of_the_help() {
    let help = Tour::new().finspect(&["--help"], "");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let (_, section) = README.split_once("\n## Commands\n").expect("a section");
    let (section, _) = section.split_once("\n## ").expect("a next section");
    let words = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .filter(|line| line.starts_with("  ") && line.as_bytes()[2].is_ascii_lowercase());
    let mut commands = 0;
    for command in words.filter_map(|line| line.split_whitespace().next()) {
        assert!(
            section.contains(&format!("`finspect {command}")),
            "{command}"
        );
        commands += 1;
    }
    assert!(commands >= 9, "{help}");
    for option in help.split_whitespace().filter(|w| w.starts_with("--")) {
        let usual = ["--help", "--version"].contains(&option);
        assert!(usual || section.contains(option), "{option}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = Tour::new().finspect(&["--help"], "");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let (_, codes) = help.split_once("Exit codes:\n").expect("exit codes");
    let mut wanted = String::from("| exit code | means |\n|---|---|\n");
    for line in codes.lines() {
        let (code, means) = line.trim().split_once("  ").expect("a code and its words");
        wanted += &format!("| {code} | {} |\n", means.trim());
    }
    holds("exit codes", &wanted);
}
