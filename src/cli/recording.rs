//! `--record FILE`: a reader of the journal that writes every event as it comes.
//!
//! A file that cannot be written is said at once and ends the recording, never the session.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tokio::task::JoinHandle;

use crate::engine::Reader;
use crate::journal::{Header, to_line};

/// A recording under way.
pub struct Recording {
    task: JoinHandle<Result<(), String>>,
}

impl Recording {
    /// Creates the file and begins. The reader must be fresh, so that nothing is missing.
    ///
    /// # Errors
    /// The file cannot be created: the sentence to say before anything runs. The session goes on without.
    pub fn begin(path: &Path, header: &Header, reader: Reader) -> Result<Recording, String> {
        let failed =
            |error: io::Error| format!("nothing is recorded to {}: {error}", path.display());
        let mut out = BufWriter::new(File::create(path).map_err(failed)?);
        writeln!(out, "{}", header.to_line()).map_err(failed)?;
        let name = path.to_owned();
        let task = tokio::spawn(write_all(out, reader, name));
        Ok(Recording { task })
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
        .and_then(|file| file.sync_all())
        .map_err(|error| {
            format!(
                "the recording {} may be incomplete: {error}",
                path.display()
            )
        })
}
