//! What `run` and `learn` are given: a script, a lesson of one's own, or one that is built in; read and checked, and its
//! files kept below its folder.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnose;
use super::exit::Failure;
use super::lesson_files::{self, Folder};
use super::library;
use crate::command::{Script, nearest};
use crate::engine::Engine;
use crate::lesson::{Lesson, names, shelved};
use crate::locale::Language;

/// May a lesson of somebody else's read and write files below its folder?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The user has said so.
    Given,
    /// Ask, where there is somebody to ask.
    Asked,
}

/// A script or lesson, ready to run.
pub struct Material {
    /// As it was asked for.
    pub name: String,
    pub lesson: Arc<Lesson>,
    /// What the learner's progress goes by: a built-in lesson's name, or a file's whole path.
    pub key: String,
    /// The built-in lessons' files lie there for as long as this lives.
    _folder: Option<Folder>,
}

impl Material {
    /// A path wins over a lesson's name; `-` is stdin.
    ///
    /// # Errors
    /// Nothing of that name; mistakes in it, each with its place; files outside its folder.
    pub fn find(name: &str, language: Language, trust: Trust) -> Result<Material, Failure> {
        Material::found(name, language, trust, true)
    }

    /// The same while the screen is taken: nobody is asked on the terminal.
    ///
    /// # Errors
    /// As [`Material::find`].
    pub fn find_quietly(name: &str, language: Language, trust: Trust) -> Result<Material, Failure> {
        Material::found(name, language, trust, false)
    }

    fn found(
        name: &str,
        language: Language,
        trust: Trust,
        aloud: bool,
    ) -> Result<Material, Failure> {
        if name != "-" && !Path::new(name).exists() {
            return match shelved(name, language.word()) {
                Some(_) => Material::built_in(name, language),
                None => Err(nothing(name)),
            };
        }
        let text = read(name)?;
        let is_document = Path::new(name).extension().is_some_and(|e| e == "md");
        if !is_document && !is_lesson(&text) {
            let script = Script::parse(&text).map_err(|e| diagnose::script(name, &text, &e))?;
            return Ok(Material {
                name: name.to_owned(),
                lesson: Arc::new(Lesson::of_script(name, script)),
                key: library::key(Path::new(name)),
                _folder: None,
            });
        }
        let lesson = parse(name, &text)?;
        let folder = Path::new(name).parent().filter(|_| name != "-");
        let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_owned);
        let folder = if folder.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            folder
        };
        ask(name, &lesson, &folder, trust, aloud)?;
        let lesson = lesson_files::confined(name, lesson, &folder)?;
        Ok(Material {
            name: name.to_owned(),
            lesson: Arc::new(lesson),
            key: library::key(Path::new(name)),
            _folder: None,
        })
    }

    /// No lab can be had.
    ///
    /// # Errors
    /// A line that needs it, by name, with why and the remedy.
    pub fn without_lab(&self, why: &str, remedy: &str) -> Result<(), Failure> {
        let lines = &self.lesson.script.lines;
        let Some(line) = lines.iter().find(|line| line.statement.needs_lab()) else {
            return Ok(());
        };
        Err(Failure::machine(format!(
            "{}:{}: `{}` needs the lab\n  why:    {why}\n  remedy: {remedy}",
            self.name, line.number, line.text
        )))
    }

    /// Segments on loopback may not be seen. `asked`: loopback was.
    ///
    /// # Errors
    /// A line that looks for them, by name, with why and the remedy.
    pub fn unseen(&self, engine: &Engine, asked: bool) -> Result<(), Failure> {
        let lines = &self.lesson.script.lines;
        let looks = lines.iter().find(|line| line.statement.needs_segments());
        let (Some(line), Some(Err(refused))) = (looks, engine.capture()) else {
            return Ok(());
        };
        let (why, mut remedy) = (&refused.why, refused.remedy.clone());
        if asked {
            remedy.push_str("; or leave out --loopback");
        }
        Err(Failure::machine(format!(
            "{}:{}: `{}` needs to see segments on loopback\n  why:    {why}\n  remedy: {remedy}",
            self.name, line.number, line.text
        )))
    }

    /// # Errors
    /// No folder for its files can be made.
    pub fn built_in(name: &str, language: Language) -> Result<Material, Failure> {
        let shelved = shelved(name, language.word()).ok_or_else(|| nothing(name))?;
        let lesson = parse(name, shelved.text)?;
        if lesson.file_lines().next().is_none() {
            return Ok(Material {
                name: name.to_owned(),
                lesson: Arc::new(lesson),
                key: name.to_owned(),
                _folder: None,
            });
        }
        let folder = Folder::with_files()?;
        let lesson = lesson_files::confined(name, lesson, folder.path())?;
        Ok(Material {
            name: name.to_owned(),
            lesson: Arc::new(lesson),
            key: name.to_owned(),
            _folder: Some(folder),
        })
    }
}

/// A lesson's text, checked.
///
/// # Errors
/// Every mistake, each with its place.
pub fn parse(name: &str, text: &str) -> Result<Lesson, Failure> {
    let stem = Path::new(name)
        .file_stem()
        .map_or_else(|| name.into(), |s| s.to_string_lossy());
    Lesson::read(&stem, text).map_err(|errors| diagnose::lesson(name, text, &errors))
}

pub fn nothing(name: &str) -> Failure {
    let near = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`? "),
        None => String::new(),
    };
    Failure::usage(format!(
        "there is no file and no lesson {name}: {near}`finspect learn --list` lists the lessons"
    ))
}

fn read(name: &str) -> Result<String, Failure> {
    let read = if name == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(name)
    };
    read.map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))
}

/// A document that begins with front matter.
pub fn is_lesson(text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}');
    head.lines()
        .next()
        .is_some_and(|line| line.trim_end() == "+++")
}

/// A lesson of somebody else's touches no file before the user has said yes.
fn ask(
    name: &str,
    lesson: &Lesson,
    folder: &Path,
    trust: Trust,
    aloud: bool,
) -> Result<(), Failure> {
    let lines: Vec<String> = lesson
        .file_lines()
        .map(|line| format!("  {}: {}", line.number, line.text))
        .collect();
    if lines.is_empty() || trust == Trust::Given {
        return Ok(());
    }
    let what = format!(
        "{name} reads or writes files below {}:\n{}",
        folder.display(),
        lines.join("\n")
    );
    if !aloud || name == "-" || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!(
            "{what}\n  remedy: look at these lines, then say --allow-files"
        )));
    }
    super::output::tell(&format!("{what}\nAllow it? [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    match read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes") {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "{name} is not run: its files were not allowed"
        ))),
    }
}
