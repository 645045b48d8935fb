//! The lessons that can be had: the built-in ones, or those of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::exit::Failure;
use super::material;
use crate::lesson::{About, Lesson, languages, names, shelved};
use crate::locale::Language;

/// A lesson in the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What `learn` and `run` take.
    pub name: String,
    /// What its progress goes by.
    pub key: String,
    pub about: About,
    pub languages: Vec<String>,
    pub needs_lab: bool,
}

/// By level, then order, then name; and what could not be read, in words.
#[derive(Clone, Debug, Default)]
pub struct Library {
    pub entries: Vec<Entry>,
    pub broken: Vec<String>,
}

impl Library {
    pub fn built_in(language: Language) -> Library {
        let mut library = Library::default();
        for name in names() {
            let Some(shelved) = shelved(name, language.word()) else {
                continue;
            };
            match material::parse(name, shelved.text) {
                Ok(lesson) => library.entries.push(Entry {
                    key: name.to_owned(),
                    languages: languages(name).map(str::to_owned).collect(),
                    ..entry(name, lesson)
                }),
                Err(failure) => library.broken.push(failure.words),
            }
        }
        library.sort();
        library
    }

    /// The Markdown files of a folder. A file without front matter is no lesson (a README, say).
    ///
    /// # Errors
    /// The folder cannot be read, or holds no lesson.
    pub fn of_folder(folder: &Path) -> Result<Library, Failure> {
        let failed =
            |error: std::io::Error| Failure::usage(format!("{}: {error}", folder.display()));
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .map_err(failed)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "md"))
            .collect();
        files.sort();
        let mut library = Library::default();
        for file in files {
            let name = file.display().to_string();
            let text = match fs::read_to_string(&file) {
                Ok(text) => text,
                Err(error) => {
                    library.broken.push(format!("{name}: {error}"));
                    continue;
                }
            };
            if !material::is_lesson(&text) {
                continue;
            }
            match material::parse(&name, &text) {
                Ok(lesson) => library.entries.push(Entry {
                    key: key(&file),
                    ..entry(&name, lesson)
                }),
                Err(failure) => library.broken.push(failure.words),
            }
        }
        if library.entries.is_empty() && library.broken.is_empty() {
            return Err(Failure::usage(format!(
                "{} holds no lesson: a lesson is a file NAME.md that begins with front matter, as `finspect learn --help` says",
                folder.display()
            )));
        }
        library.sort();
        Ok(library)
    }

    fn sort(&mut self) {
        self.entries.sort_by(|a, b| {
            let place = |e: &Entry| (e.about.level, e.about.order);
            place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name))
        });
    }
}

/// What a file's progress goes by, wherever it is opened from.
pub fn key(file: &Path) -> String {
    let whole = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    whole.display().to_string()
}

fn entry(name: &str, lesson: Lesson) -> Entry {
    Entry {
        name: name.to_owned(),
        key: String::new(),
        needs_lab: lesson.needs_lab(),
        about: lesson.about,
        languages: Vec::new(),
    }
}
