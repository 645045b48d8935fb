//! Where the events and sentences of a headless run go.

use std::io::{self, Write};

use super::exit::Failure;
use super::output;
use super::transcript::Transcript;
use crate::journal::{Event, Header, to_line};

pub enum Out {
    /// stdout carries JSON alone, sentences go to stderr.
    Json,
    Text(Box<Transcript>),
}

impl Out {
    pub fn header(&mut self, header: &Header) -> Result<(), Failure> {
        if matches!(self, Out::Json) {
            output::print(&format!("{}\n", header.to_line())).map_err(stdout_failed)?;
        }
        Ok(())
    }

    /// False: nobody reads any more.
    pub fn event(&mut self, event: &Event) -> io::Result<bool> {
        let lines = match self {
            Out::Json => vec![to_line(event)],
            Out::Text(transcript) => transcript.push(event),
        };
        let mut out = io::stdout().lock();
        output::heard(lines.iter().try_for_each(|line| writeln!(out, "{line}")))
    }

    /// False: nobody reads any more.
    pub fn verdict(&mut self, words: &str) -> io::Result<bool> {
        match self {
            Out::Json => {
                output::tell(words);
                Ok(true)
            }
            Out::Text(transcript) => {
                let rest = transcript
                    .rest()
                    .map(|line| line + "\n")
                    .unwrap_or_default();
                output::print(&format!("{rest}{words}\n"))
            }
        }
    }
}

pub fn stdout_failed(error: io::Error) -> Failure {
    Failure::machine(format!("cannot write to stdout: {error}"))
}
