//! The lessons behind the screen: which there are, which one is open, and how far the learner has come.

use std::path::PathBuf;
use std::sync::Arc;

use super::exit::Failure;
use super::library::Library;
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
                key: entry.key,
            }
        });
        Ok((rows.collect(), library.broken))
    }

    /// A lesson of the list. Nobody is asked: the screen is taken.
    ///
    /// # Errors
    /// No such lesson; mistakes in it; its files are not allowed.
    pub fn find(&self, name: &str) -> Result<Material, Failure> {
        match &self.shelf {
            Shelf::BuiltIn => Material::built_in(name, self.language),
            Shelf::Folder(_) => Material::find_quietly(name, self.language, self.trust),
        }
    }

    /// This lesson is the open one: its text, and what its progress goes by.
    pub fn take(&mut self, material: Material) -> (Arc<Lesson>, String) {
        let opened = (Arc::clone(&material.lesson), material.key.clone());
        self.open = Some(material);
        opened
    }

    /// # Errors
    /// It cannot be kept: the sentence for a note.
    pub fn reached(&mut self, key: &str, done: usize, of: usize) -> Result<(), String> {
        self.book.reached(key, done, of)
    }
}
