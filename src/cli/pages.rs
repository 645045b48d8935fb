//! What is printed about the command line: completions and the manual page.

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::exit::{Exit, Failure};
use super::{manual, output};

pub fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "finspect", &mut text);
    output::page(&String::from_utf8_lossy(&text))
}

/// The page of the program, and one for each command behind it.
///
/// # Errors
/// stdout cannot be written.
pub fn man() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    manual::write(&mut text).map_err(|error| Failure::machine(error.to_string()))?;
    output::page(&String::from_utf8_lossy(&text))
}
