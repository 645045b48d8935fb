//! The command line as a table: clap reads it, and completions and the man page are printed from it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// See both halves of every TCP connection, and close them one half at a time.
///
/// Without a command: a pair of connected endpoints, client and server, ready to be torn down by key.
#[derive(Debug, Parser)]
#[command(
    name = "finspect",
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 done, 1 an expectation failed or no connection was had, 2 wrong usage, \
                  3 this machine cannot do it, 128+n ended by signal n."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Everywhere {
    /// Write every event to FILE as it happens (JSON Lines)
    #[arg(long, global = true, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Language of the screen
    #[arg(long, global = true, value_name = "LANG", value_parser = ["en"], default_value = "en", hide_default_value = true)]
    pub lang: String,
    /// Colours: dark, light or plain (no colour; also by NO_COLOR)
    #[arg(long, global = true, value_name = "THEME", value_parser = ["dark", "light", "plain"])]
    pub theme: Option<String>,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Show, and make no call on any connection
    #[arg(long, global = true)]
    pub read_only: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// A pair of connected endpoints to be torn down by key
    Lab {
        /// A plain pair on loopback (until there are hosts of our own, the same)
        #[arg(long)]
        loopback: bool,
        #[command(flatten)]
        family: FamilyArgs,
    },
    /// Connect to each ADDR; in a pipe: stdin is sent, what arrives goes to stdout, the story to stderr
    Connect {
        #[arg(required = true, value_name = "ADDR", help = "HOST:PORT or [V6]:PORT")]
        addrs: Vec<String>,
        #[command(flatten)]
        family: FamilyArgs,
    },
    /// Listen on each ADDR and accept; in a pipe: the first connection alone, as netcat does
    Listen {
        /// PORT or ADDR:PORT; a bare PORT listens on loopback
        #[arg(required = true, value_name = "ADDR")]
        addrs: Vec<String>,
        #[command(flatten)]
        family: FamilyArgs,
    },
    /// Run scripts of the command language without a screen
    Run(RunArgs),
    /// Say what this machine grants: TCP_INFO, sock_diag, capture, namespaces, ...
    Doctor {
        /// One JSON object on stdout
        #[arg(long)]
        json: bool,
    },
    /// Print a completion script for SHELL
    Completions { shell: Shell },
    /// Print the manual page (roff)
    Man,
    /// Print the keyboard as it is in force, ready to be edited
    Keymap {
        /// Print it to stdout
        #[arg(long, required = true)]
        print: bool,
    },
}

#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Script files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Events as JSON Lines on stdout, sentences on stderr
    #[arg(long)]
    pub json: bool,
    /// On plain loopback (until there are hosts of our own, the same)
    #[arg(long)]
    pub loopback: bool,
    /// Run each script N times, each time in a fresh world
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,
    #[command(flatten)]
    pub family: FamilyArgs,
}

/// Which loopback a bare port means, and which addresses of a name are tried first.
#[derive(Args, Clone, Copy, Debug)]
pub struct FamilyArgs {
    /// IPv4 (the default)
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// IPv6
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
