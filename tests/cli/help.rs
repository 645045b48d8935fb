//! Help, version, completions and the manual page: every command is in them, and none of them is empty.

use crate::outside::Room;
use crate::program::run;

/// Every command, and an option or argument that its own help must speak of.
const COMMANDS: [(&str, &str); 9] = [
    ("lab", "--loopback"),
    ("connect", "<ADDR>"),
    ("listen", "<ADDR>"),
    ("run", "--repeat"),
    ("learn", "--check"),
    ("doctor", "--json"),
    ("completions", "<SHELL>"),
    ("man", "--help"),
    ("keymap", "--print"),
];

#[test]
fn the_help_lists_every_command_and_the_exit_codes() {
    let help = run(&Room::new(), &["--help"]).ends_with(0);
    for (command, _) in COMMANDS {
        let listed = |line: &str| line.split_whitespace().next() == Some(command);
        assert!(help.out().lines().any(listed), "{command}:\n{}", help.out());
    }
    let listed: Vec<&str> = help
        .out()
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(listed, COMMANDS.map(|(command, _)| command));
    let help = help
        .prints("Exit codes:")
        .prints("--record")
        .prints("--read-only");
    assert_eq!(help.err, "");
}

#[test]
fn every_command_has_its_own_help() {
    let room = Room::new();
    for (command, word) in COMMANDS {
        let help = run(&room, &[command, "--help"])
            .ends_with(0)
            .prints(&format!("Usage: finspect {command}"))
            .prints(word)
            .prints("--record");
        assert_eq!(help.err, "", "{command}");
        assert!(!help.out().contains('\x1b'), "{command}: escapes in a pipe");
    }
}

#[test]
fn the_version_is_the_packages() {
    let version = concat!("finspect ", env!("CARGO_PKG_VERSION"), "\n");
    let printed = run(&Room::new(), &["--version"]).ends_with(0);
    assert_eq!(printed.out(), version);
}

#[test]
fn completions_know_every_command_in_every_shell() {
    let room = Room::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let mut page = run(&room, &["completions", shell]).ends_with(0);
        for (command, _) in COMMANDS {
            page = page.prints(command);
        }
        assert_eq!(page.err, "", "{shell}");
    }
    run(&room, &["completions", "tcsh"])
        .ends_with(2)
        .says("tcsh")
        .says("possible values: bash, elvish, fish, powershell, zsh");
}

#[test]
fn the_manual_page_is_roff_and_tells_of_every_command_and_its_options() {
    let page = run(&Room::new(), &["man"]).ends_with(0);
    assert!(
        page.out().lines().any(|l| l.starts_with(".TH finspect 1")),
        "{}",
        page.out()
    );
    for (command, word) in COMMANDS {
        let title = format!(".TH finspect-{command} 1");
        let own = page.out().split_once(&title);
        let (_, own) = own.unwrap_or_else(|| panic!("no page of {command}"));
        // Without the changes of fonts within a word.
        let own = own
            .split("\n.TH ")
            .next()
            .unwrap_or_default()
            .replace("\\fI", "")
            .replace("\\fR", "")
            .replace('\\', "");
        assert!(
            own.contains(word),
            "the page of {command} leaves out {word}:\n{own}"
        );
    }
    assert_eq!(page.err, "");
}
