//! From arguments to the way of running.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use super::arguments::{Arguments, Command, Everywhere, FamilyArgs};
use super::exit::{Exit, Failure};
use super::interactive::{self, Opening, Wanted};
use super::terminal::Screen;
use super::{doctor, headless, keyboard, learn, netcat, output, pages};
use crate::command::{self, Origin, Statement, Target};
use crate::journal::Ground;

/// The program.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::say(&format!("cannot start: {error}"));
            return Exit::Machine.into();
        }
    };
    let result = runtime.block_on(run(arguments));
    // A thread that still reads stdin must not hold the program.
    runtime.shutdown_background();
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::say(&failure.words);
            failure.exit.into()
        }
    }
}

/// clap's own sentences: help and version on stdout, mistakes on stderr with code 2.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render();
    if error.use_stderr() {
        let words = if std::io::stderr().is_terminal() && !no_color() {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        output::tell(words.trim_end());
        return Exit::Usage.into();
    }
    let shown = if std::io::stdout().is_terminal() && !no_color() {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    match output::print(&shown) {
        Ok(_) => Exit::Done.into(),
        Err(_) => Exit::Machine.into(),
    }
}

async fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let everywhere = arguments.everywhere;
    match arguments.command {
        None => {
            let family = arguments.family.family();
            let wanted = Wanted::new(Opening::Pair, "loopback", family, Ground::Lab);
            interactive::run(wanted, &everywhere).await
        }
        Some(Command::Lab { family, loopback }) => {
            let family = family.family();
            let ground = ground(loopback);
            let wanted = Wanted::new(Opening::Pair, "loopback", family, ground);
            interactive::run(wanted, &everywhere).await
        }
        Some(Command::Connect { addrs, family }) => connect(&addrs, family, &everywhere).await,
        Some(Command::Listen { addrs, family }) => listen(&addrs, family, &everywhere).await,
        Some(Command::Run(args)) => headless::run(&args, &everywhere).await,
        Some(Command::Learn(args)) => learn::run(&args, &everywhere).await,
        Some(Command::Doctor { json }) => doctor::run(json),
        Some(Command::Completions { shell }) => pages::completions(shell),
        Some(Command::Man) => pages::man(),
        Some(Command::Keymap { print: _ }) => keyboard::print(),
    }
}

/// The lab is the default; whoever wants it plain says so.
pub const fn ground(loopback: bool) -> Ground {
    match loopback {
        true => Ground::Loopback,
        false => Ground::Lab,
    }
}

async fn connect(
    addrs: &[String],
    family: FamilyArgs,
    everywhere: &Everywhere,
) -> Result<Exit, Failure> {
    let lines = lines(addrs, "client", "connect")?;
    let family = family.family();
    if Screen::possible() {
        let opening = Opening::Lines(lines);
        let wanted = Wanted::new(opening, "connect", family, Ground::Loopback);
        return interactive::run(wanted, everywhere).await;
    }
    netcat::run(single(lines, "connect")?, family, everywhere).await
}

async fn listen(
    addrs: &[String],
    family: FamilyArgs,
    everywhere: &Everywhere,
) -> Result<Exit, Failure> {
    let lines = lines(addrs, "server", "listen")?;
    let family = family.family();
    if Screen::possible() {
        let opening = Opening::Lines(lines);
        let wanted = Wanted::new(opening, "listen", family, Ground::Loopback);
        return interactive::run(wanted, everywhere).await;
    }
    netcat::run(single(lines, "listen")?, family, everywhere).await
}

/// An address of the command line becomes the line that a script would hold: `client2: connect ADDR`.
fn lines(addrs: &[String], base: &str, verb: &str) -> Result<Vec<Asked>, Failure> {
    let name = |i: usize| match i {
        0 => base.to_owned(),
        i => format!("{base}{}", i + 1),
    };
    addrs
        .iter()
        .enumerate()
        .map(|(i, addr)| {
            let line = format!("{}: {verb} {addr}", name(i));
            match command::parse_line(&line, Origin::Script) {
                Ok(Some(Statement::Do {
                    actor: Some(_),
                    command:
                        command::Command::Connect(command::Connect {
                            target: Target::Actor(_),
                            ..
                        }),
                })) => Err(Failure::usage(format!(
                    "{addr}: an address is HOST:PORT or [V6]:PORT"
                ))),
                Ok(Some(Statement::Do {
                    actor: Some(actor),
                    command,
                })) => Ok((actor, command)),
                Ok(_) => Err(Failure::usage(format!("{addr}: no address"))),
                Err(error) => Err(Failure::usage(format!("{addr}: {error}"))),
            }
        })
        .collect()
}

/// An actor and what it does.
type Asked = (String, command::Command);

fn single(lines: Vec<Asked>, verb: &str) -> Result<Asked, Failure> {
    <[Asked; 1]>::try_from(lines)
        .map(|[one]| one)
        .map_err(|_| {
            Failure::usage(format!(
                "in a pipe, {verb} takes one address; several need the screen, and the screen needs a terminal"
            ))
        })
}

fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
}
