//! What is printed about finspect itself: completions, the manual page, the keyboard.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::exit::{Exit, Failure};
use super::output;

pub fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "finspect", &mut text);
    emit(&text)
}

/// The page of the program, and one for each command behind it.
pub fn man() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let mut command = Arguments::command();
    command.build();
    clap_mangen::Man::new(command.clone())
        .render(&mut text)
        .map_err(|error| Failure::machine(error.to_string()))?;
    emit(&text)
}

pub fn keymap() -> Result<Exit, Failure> {
    emit(crate::ui::BUILTIN_KEYMAP.as_bytes())
}

fn emit(text: &[u8]) -> Result<Exit, Failure> {
    let written: io::Result<bool> = output::print(&String::from_utf8_lossy(text));
    match written {
        Ok(_) => Ok(Exit::Done),
        Err(error) => Err(Failure::machine(format!("cannot write to stdout: {error}"))),
    }
}
