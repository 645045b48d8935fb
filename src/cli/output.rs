//! Writing to stdout so that a reader that goes away (`| head`) is a quiet end and never a panic.

use std::io::{self, Write};

use super::exit::{Exit, Failure};
use crate::ui::visible;

/// Writes a whole text. `Ok(false)`: nobody reads any more.
pub fn print(text: &str) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    heard(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes a whole page as the one thing that a command does.
///
/// # Errors
/// stdout cannot be written, for another reason than a reader that went away.
pub fn page(text: &str) -> Result<Exit, Failure> {
    match print(text) {
        Ok(_) => Ok(Exit::Done),
        Err(error) => Err(Failure::machine(format!("cannot write to stdout: {error}"))),
    }
}

/// A closed pipe is no error.
pub fn heard(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// A sentence on stderr. A closed stderr is nobody's loss.
pub fn say(words: &str) {
    let _ = writeln!(io::stderr().lock(), "finspect: {}", safe(words));
}

/// A line on stderr.
pub fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", safe(line));
}

/// Words as a terminal may have them: whatever a peer, a file's name or a stranger's lesson holds in them is shown, and
/// never obeyed. Line ends stay, and so do combining marks, since a diagnostic's caret counts on their width.
pub fn safe(words: &str) -> String {
    let lines = words
        .split('\n')
        .map(|line| visible::obeyed_by_none(&line.replace('\t', "    ")));
    lines.collect::<Vec<_>>().join("\n")
}
