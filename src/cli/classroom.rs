//! The lessons behind the screen: which there are, which one is open, and how far the learner has come.

use std::path::PathBuf;
use std::sync::Arc;

use super::exit::Failure;
use super::library::{self, Library};
use super::material::{Material, Trust};
use super::progress::Book;
use crate::lesson::Lesson;
use crate::locale::Language;
use crate::ui::{LessonRow, LessonStanding};

/// Where the lessons come from.
#[derive(Clone, Debug)]
pub enum Shelf {
    BuiltIn,
    Folder(PathBuf),
}

pub struct Classroom {
    shelf: Shelf,
    language: Language,
    trust: Trust,
    book: Book,
    /// The open lesson; its files lie there for as long as it is held.
    open: Option<Material>,
}

impl Classroom {
    pub fn new(
        shelf: Shelf,
        language: Language,
        trust: Trust,
        notes: &mut Vec<String>,
    ) -> Classroom {
        Classroom {
            shelf,
            language,
            trust,
            book: Book::open(notes),
            open: None,
        }
    }

    /// The lessons as the screen lists them, and what could not be read, in words.
    ///
    /// # Errors
    /// The folder cannot be read, or holds no lesson.
    pub fn list(&self) -> Result<(Vec<LessonRow>, Vec<String>), Failure> {
        let library = match &self.shelf {
            Shelf::BuiltIn => Library::built_in(self.language),
            Shelf::Folder(folder) => Library::of_folder(folder)?,
        };
        let rows = library.entries.into_iter().map(|entry| {
            let progress = self.book.of(&entry.key);
            LessonRow {
                level: entry.about.level,
                title: entry.about.title,
                minutes: entry.about.minutes,
                standing: match (progress.finished, progress.done) {
                    (true, _) => LessonStanding::Done,
                    (false, 0) => LessonStanding::New,
                    (false, done) => LessonStanding::Begun {
                        done,
                        of: progress.of,
                    },
                },
                needs_lab: entry.needs_lab,
                name: entry.name,
            }
        });
        Ok((rows.collect(), library.broken))
    }

    /// Opens a lesson by its name or its file: the lesson, and what its progress goes by.
    ///
    /// # Errors
    /// No such lesson; mistakes in it; its files are not allowed.
    pub fn open(&mut self, name: &str) -> Result<(Arc<Lesson>, String), Failure> {
        let material = match &self.shelf {
            Shelf::BuiltIn => Material::find(name, self.language, self.trust)?,
            // The list was on the screen: nobody can be asked on the terminal now.
            Shelf::Folder(_) => Material::find_quietly(name, self.language, self.trust)?,
        };
        Ok(self.take(material))
    }

    /// Opens what was read before the screen was taken.
    pub fn take(&mut self, material: Material) -> (Arc<Lesson>, String) {
        let key = match std::path::Path::new(&material.name) {
            path if path.exists() => library::key(path),
            _ => material.name.clone(),
        };
        let lesson = Arc::clone(&material.lesson);
        self.open = Some(material);
        (lesson, key)
    }

    /// # Errors
    /// It cannot be kept: the sentence for a note.
    pub fn reached(&mut self, key: &str, done: usize, of: usize) -> Result<(), String> {
        self.book.reached(key, done, of)
    }
}
