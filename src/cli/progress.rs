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

/// Of all lessons, by name; a lesson of one's own goes by its whole path.
#[derive(Clone, Debug, Default)]
pub struct Book(BTreeMap<String, Progress>);

impl Book {
    /// What earlier sessions kept. A file that cannot be read or understood is a note, and stays as it is until something
    /// new is written.
    pub fn open(notes: &mut Vec<String>) -> Book {
        let path = folders::state(FILE);
        let text = folders::text(path.clone()).unwrap_or_else(|note| {
            notes.push(note);
            None
        });
        let Some(text) = text else {
            return Book::default();
        };
        match serde_json::from_str(&text) {
            Ok(lessons) => Book(lessons),
            Err(error) => {
                let path = path.unwrap_or_default();
                notes.push(format!(
                    "{}: the progress of the lessons cannot be read: {error}",
                    path.display()
                ));
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
    /// It cannot be written: the sentence for a note.
    pub fn reached(&mut self, lesson: &str, done: usize, of: usize) -> Result<(), String> {
        let before = self.of(lesson);
        let now = Progress {
            done: before.done.max(done),
            of,
            finished: before.finished || done >= of,
        };
        if now == before {
            return Ok(());
        }
        self.0.insert(lesson.to_owned(), now);
        self.write()
    }

    /// # Errors
    /// It cannot be written.
    pub fn forget(&mut self, lesson: Option<&str>) -> Result<(), String> {
        match lesson {
            Some(lesson) => {
                self.0.remove(lesson);
            }
            None => self.0.clear(),
        }
        self.write()
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
