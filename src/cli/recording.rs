//! `--record FILE`: a reader of the journal that writes every event as it comes.
//!
//! A file that cannot be written is said at once and ends the recording, never the session.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tokio::task::JoinHandle;

use super::output;
use crate::engine::Reader;
use crate::journal::{Header, to_line};

/// Where in the file a recording begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What the file held is replaced.
    Fresh,
    /// Behind the earlier rounds of the same command: each opens with a header of its own, as on stdout.
    Behind,
}

impl Place {
    fn open(self, path: &Path) -> io::Result<File> {
        match self {
            Place::Fresh => File::create(path),
            Place::Behind => File::options().append(true).create(true).open(path),
        }
    }
}

/// A recording under way.
pub struct Recording {
    task: JoinHandle<Result<(), String>>,
}

impl Recording {
    /// Opens the file and begins. The reader must be fresh, so that nothing is missing.
    ///
    /// # Errors
    /// The file cannot be created: the sentence to say before anything runs. The session goes on without.
    pub fn begin(
        path: &Path,
        place: Place,
        header: &Header,
        reader: Reader,
    ) -> Result<Recording, String> {
        let failed =
            |error: io::Error| format!("nothing is recorded to {}: {error}", path.display());
        let mut out = BufWriter::new(place.open(path).map_err(failed)?);
        writeln!(out, "{}", header.to_line()).map_err(failed)?;
        let name = path.to_owned();
        let task = tokio::spawn(write_all(out, reader, name));
        Ok(Recording { task })
    }

    /// Says on stderr why it ended early, when it does.
    pub fn aloud(mut self) -> Recording {
        let task = tokio::spawn(async move {
            if let Err(words) = self.ended().await {
                output::say(&words);
            }
            Ok(())
        });
        Recording { task }
    }

    /// It has ended, and this is why. Cancel-safe.
    pub async fn ended(&mut self) -> Result<(), String> {
        match (&mut self.task).await {
            Ok(result) => result,
            Err(lost) => Err(lost.to_string()),
        }
    }
}

async fn write_all(
    mut out: BufWriter<File>,
    mut reader: Reader,
    path: PathBuf,
) -> Result<(), String> {
    let mut events = Vec::new();
    while reader.next(&mut events).await {
        let written = events
            .drain(..)
            .try_for_each(|event| writeln!(out, "{}", to_line(&event)))
            .and_then(|()| out.flush());
        written.map_err(|error| format!("the recording {} has ended: {error}", path.display()))?;
    }
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)
        .and_then(|file| synced(file.sync_all()))
        .map_err(|error| {
            format!(
                "the recording {} may be incomplete: {error}",
                path.display()
            )
        })
}

/// fsync(2): EINVAL where there is nothing to bring to a disk, such as a pipe.
fn synced(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}
