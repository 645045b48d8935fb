//! How far the learner has come in each lesson, kept in the user's state folder. Failing to keep it is a note.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::folders;

const FILE: &str = "lessons.json";

/// In one lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The furthest that the learner has come: lines and questions behind her.
    pub done: usize,
    /// Of how many.
    pub of: usize,
    /// She has come to the end, once at least.
    pub finished: bool,
}

impl Progress {
    pub const fn word(self) -> &'static str {
        match (self.finished, self.done) {
            (true, _) => "done",
            (false, 0) => "new",
            (false, _) => "begun",
        }
    }
}

/// Of all lessons, by what they go by.
type Lessons = BTreeMap<String, Progress>;

/// What is known of all lessons. Other sessions may write too, so each change is made to what the file holds by then.
#[derive(Clone, Debug, Default)]
pub struct Book(Lessons);

impl Book {
    /// What earlier sessions kept. A file that cannot be read or understood is a note, and stays as it is.
    pub fn open(notes: &mut Vec<String>) -> Book {
        match read() {
            Ok(lessons) => Book(lessons),
            Err(note) => {
                notes.push(note);
                Book::default()
            }
        }
    }

    pub fn of(&self, lesson: &str) -> Progress {
        self.0.get(lesson).copied().unwrap_or_default()
    }

    /// Keeps the furthest point.
    ///
    /// # Errors
    /// It cannot be kept: the sentence for a note.
    pub fn reached(&mut self, lesson: &str, done: usize, of: usize) -> Result<(), String> {
        let before = self.of(lesson);
        let now = Progress {
            done: before.done.max(done).min(of),
            of,
            finished: before.finished || done >= of,
        };
        if now == before {
            return Ok(());
        }
        self.0.insert(lesson.to_owned(), now);
        let mut kept = read()?;
        kept.insert(lesson.to_owned(), now);
        self.0 = kept;
        self.write()
    }

    /// # Errors
    /// What is there cannot be read or written: nothing is changed.
    pub fn forget(lesson: Option<&str>) -> Result<(), String> {
        let mut kept = read()?;
        match lesson {
            Some(lesson) => {
                kept.remove(lesson);
            }
            None => kept.clear(),
        }
        Book(kept).write()
    }

    /// Whole or not at all: a file beside it takes its place.
    fn write(&self) -> Result<(), String> {
        let Some(path) = folders::state(FILE) else {
            return Ok(());
        };
        let failed = |error: std::io::Error| format!("{} is not written: {error}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let text = serde_json::to_string_pretty(&self.0).unwrap_or_default();
        let beside: PathBuf = path.with_extension(format!("{}.new", std::process::id()));
        fs::write(&beside, text + "\n").map_err(failed)?;
        fs::rename(&beside, &path).map_err(failed)
    }
}

fn read() -> Result<Lessons, String> {
    let path = folders::state(FILE);
    let Some(text) = folders::text(path.clone())? else {
        return Ok(Lessons::default());
    };
    serde_json::from_str(&text).map_err(|error| {
        format!(
            "{}: the progress of the lessons cannot be understood, and is left as it is: {error}; remove the file to begin anew",
            path.unwrap_or_default().display()
        )
    })
}
