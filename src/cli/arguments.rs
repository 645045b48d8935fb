//! The command line as a table: clap reads it, and completions and the man page are printed from it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::command::{Scope, VERBS};
use crate::locale::Language;

/// Exit codes and what they mean; the numbers are public.
pub const EXIT_CODES: [(&str, &str); 5] = [
    ("0", "done"),
    (
        "1",
        "an expectation or a line failed, or a connection in a pipe was not had or not ended by FIN",
    ),
    (
        "2",
        "wrong usage, or a mistake in a script or keymap: the place is marked",
    ),
    ("3", "this machine cannot do it: the remedy is named"),
    ("128+n", "ended by signal n"),
];

/// See both halves of every TCP connection, and close them one half at a time.
///
/// Without a command: the lab. Two hosts of our own and the wire between them, with a connected pair, client and server,
/// ready to be torn down by key.
#[derive(Debug, Parser)]
#[command(
    name = "finspect",
    version,
    propagate_version = true,
    after_help = exit_codes()
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub family: FamilyArgs,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Everywhere {
    /// Write every event to FILE as it happens (JSON Lines)
    #[arg(long, global = true, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Language of the lessons: en, ru, es, fr, zh-TW, zh-CN (default: the environment's); the screen speaks English
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
    pub lang: Option<Language>,
    /// Colours; plain is none, and so is a NO_COLOR that is set
    #[arg(long, global = true, value_name = "THEME", value_parser = ["dark", "light", "plain"])]
    pub theme: Option<String>,
    /// Draw and tell with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Look, and call nothing: keys and lines that would call are refused
    #[arg(long, global = true)]
    pub read_only: bool,
}

impl Everywhere {
    /// What was asked for, or what the environment speaks.
    pub fn language(&self) -> Language {
        self.lang.unwrap_or_else(|| {
            let values = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .map(|name| std::env::var(name).unwrap_or_default());
            Language::of_environment(values.iter().map(String::as_str))
        })
    }
}

fn language(word: &str) -> Result<Language, String> {
    Language::of_tag(word).ok_or_else(|| {
        let words = Language::ALL.map(Language::word).join(", ");
        format!("there are {words} (zh-Hant and zh-Hans are understood too)")
    })
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The screen with a connected pair on two hosts of our own, and the wire between them (the default)
    Lab {
        /// A pair on plain loopback instead, where there is no wire to hold
        #[arg(long)]
        loopback: bool,
        #[command(flatten)]
        family: FamilyArgs,
    },
    /// Connect to each ADDR: the screen, or in a pipe a netcat that half-closes
    ///
    /// On a terminal the screen opens, with a connection for each ADDR. In a pipe there is one ADDR: stdin is sent, what
    /// arrives goes to stdout, and what happened to the two halves is told on stderr. At the end of stdin the sending
    /// half is closed, and finspect goes on receiving until the peer closes the other.
    Connect {
        #[arg(required = true, value_name = "ADDR", help = "HOST:PORT or [V6]:PORT")]
        addrs: Vec<String>,
        #[command(flatten)]
        family: FamilyArgs,
    },
    /// Listen on each ADDR and accept: the screen, or in a pipe the first connection alone
    ///
    /// On a terminal the screen opens and shows whoever connects. In a pipe there is one ADDR, and the first connection
    /// is served as by connect: stdin is sent to it, what arrives goes to stdout, the story to stderr.
    Listen {
        #[arg(
            required = true,
            value_name = "ADDR",
            help = "PORT on loopback, HOST:PORT or [V6]:PORT; 0.0.0.0:PORT is every IPv4 address of this machine"
        )]
        addrs: Vec<String>,
        #[command(flatten)]
        family: FamilyArgs,
    },
    /// Run scripts of the command language in the lab, judged by their expectations, without a screen
    #[command(after_long_help = verbs())]
    Run(RunArgs),
    /// Lessons: learn TCP teardown by predicting, doing and seeing, on the real kernel
    Learn(LearnArgs),
    /// Say what this machine grants: TCP_INFO, sock_diag, capture, namespaces, ...
    Doctor {
        /// One JSON object on stdout
        #[arg(long)]
        json: bool,
    },
    /// Print a completion script for SHELL
    Completions { shell: Shell },
    /// Print the manual page (roff): finspect man | man -l -
    Man,
    /// Print the keyboard as it is in force, ready to be edited
    ///
    /// Your own rows stand in keymap.toml in $XDG_CONFIG_HOME/finspect, or in ~/.config/finspect where that is not set.
    /// They have the same form as the printed ones, and win over the built-in ones.
    Keymap {
        /// Print it to stdout
        #[arg(long, required = true)]
        print: bool,
    },
}

#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Scripts and lessons, each run in a fresh world: files, or names of built-in lessons; - reads standard input
    #[arg(required = true, value_name = "FILE|LESSON")]
    pub files: Vec<String>,
    /// Events as JSON Lines on stdout, sentences on stderr
    #[arg(long)]
    pub json: bool,
    /// On plain loopback, where there is no wire to hold
    #[arg(long)]
    pub loopback: bool,
    /// Run each script N times, each time in a fresh world
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,
    /// Lessons may read and write files below their own folders without asking
    #[arg(long)]
    pub allow_files: bool,
    #[command(flatten)]
    pub family: FamilyArgs,
}

#[derive(Args, Clone, Debug)]
pub struct LearnArgs {
    /// A lesson's name or file, or a folder of lessons; without it, all built-in lessons
    #[arg(value_name = "LESSON|DIR")]
    pub what: Option<String>,
    /// List the lessons with your progress, and open nothing
    #[arg(long)]
    pub list: bool,
    /// With --list: one object a line
    #[arg(long, requires = "list")]
    pub json: bool,
    /// Check lesson files without running them
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["list", "what", "reset"])]
    pub check: Vec<String>,
    /// Forget your progress in the lesson (without one: in all of them)
    #[arg(long, conflicts_with = "list")]
    pub reset: bool,
    /// On plain loopback; lessons that need the wire cannot be taught there
    #[arg(long)]
    pub loopback: bool,
    /// A lesson of your own may read and write files below its folder without asking
    #[arg(long)]
    pub allow_files: bool,
    #[command(flatten)]
    pub family: FamilyArgs,
}

/// Which of the lab's (or loopback's) addresses a bare port means, and which addresses of a name are tried first.
#[derive(Args, Clone, Copy, Debug)]
pub struct FamilyArgs {
    /// A bare port is on an IPv4 address of the lab (or 127.0.0.1), and IPv4 addresses of a name come first (the default)
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// A bare port is on an IPv6 address of the lab (or ::1), and IPv6 addresses of a name come first
    #[arg(short = '6')]
    pub ipv6: bool,
}

impl FamilyArgs {
    pub const fn family(self) -> crate::engine::Family {
        if self.ipv6 {
            crate::engine::Family::V6
        } else {
            crate::engine::Family::V4
        }
    }
}

fn exit_codes() -> String {
    let rows = EXIT_CODES.map(|(code, means)| format!("\n  {code:<5}  {means}"));
    format!("Exit codes:{}", rows.concat())
}

/// What a line of a script can say, from the table of verbs.
fn verbs() -> String {
    let rows = VERBS.iter().filter(|row| row.scope != Scope::Screen);
    let lines = rows.map(|row| {
        let head = format!("{} {}", row.name, row.pattern);
        format!("\n  {}\n      {}", head.trim_end(), row.doc)
    });
    format!(
        "A line of a script is `actor: verb arguments`; # begins a comment. Verbs:{}",
        lines.collect::<String>()
    )
}
