//! `finspect learn`: the lessons listed, checked, opened.

use std::fmt::Write;
use std::path::Path;

use serde_json::json;

use super::arguments::{Everywhere, LearnArgs};
use super::classroom::Shelf;
use super::exit::{Exit, Failure};
use super::interactive::{self, Opening, Wanted};
use super::library::{self, Entry, Library};
use super::material::{Material, Trust};
use super::output;
use super::progress::Book;
use super::session::ground;
use super::terminal::Screen;
use crate::locale::{Language, Lesson, Locale};

/// # Errors
/// No such lesson, mistakes in a lesson, no terminal.
pub async fn run(args: &LearnArgs, everywhere: &Everywhere) -> Result<Exit, Failure> {
    if !args.check.is_empty() {
        return check(&args.check, everywhere.language());
    }
    if args.reset {
        return reset(args.what.as_deref(), everywhere.language());
    }
    let what = args.what.as_deref();
    let folder = what.map(Path::new).filter(|path| path.is_dir());
    if args.list {
        let library = match (folder, what) {
            (Some(folder), _) => Library::of_folder(folder)?,
            (None, None) => Library::built_in(everywhere.language()),
            (None, Some(name)) => {
                let mut library = Library::built_in(everywhere.language());
                library.entries.retain(|entry| entry.name == name);
                if library.entries.is_empty() {
                    return Err(super::material::nothing(name));
                }
                library
            }
        };
        return list(&library, args.json);
    }
    open(args, folder, everywhere).await
}

/// On the screen: the list, or a lesson at once.
async fn open(
    args: &LearnArgs,
    folder: Option<&Path>,
    everywhere: &Everywhere,
) -> Result<Exit, Failure> {
    if everywhere.read_only {
        return Err(Failure::usage(
            "--read-only: a lesson makes calls, so there is nothing to teach",
        ));
    }
    if !Screen::possible() {
        return Err(Failure::usage(
            "a lesson needs a terminal on stdin and stdout; without one, `finspect learn --list` lists them and `finspect run LESSON` runs one",
        ));
    }
    let trust = match args.allow_files {
        true => Trust::Given,
        false => Trust::Asked,
    };
    let ground = ground(args.loopback);
    let opening = match (folder, &args.what) {
        (Some(_), _) | (None, None) => Opening::Lessons,
        (None, Some(name)) => {
            let material = Material::find(name, everywhere.language(), trust)?;
            if args.loopback {
                let why = "--loopback was asked for, where there is no wire to hold and no host";
                material.without_lab(why, "leave out --loopback")?;
            }
            Opening::Lesson(Box::new(material))
        }
    };
    let mut wanted = Wanted::new(opening, "loopback", args.family.family(), ground);
    wanted.trust = trust;
    if let Some(folder) = folder {
        // What is in it is found again, wherever one goes from here.
        let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        wanted.shelf = Shelf::Folder(whole);
    }
    interactive::run(wanted, everywhere).await
}

fn list(library: &Library, as_json: bool) -> Result<Exit, Failure> {
    let mut notes = Vec::new();
    let book = Book::open(&mut notes);
    notes
        .iter()
        .chain(&library.broken)
        .for_each(|note| output::say(note));
    output::page(&match as_json {
        true => library
            .entries
            .iter()
            .map(|entry| row(entry, &book))
            .collect(),
        false => output::safe(&table(library, &book)),
    })
}

/// One lesson as a line of JSON.
fn row(entry: &Entry, book: &Book) -> String {
    let progress = book.of(&entry.key);
    let object = json!({
        "name": entry.name,
        "level": entry.about.level,
        "title": entry.about.title,
        "languages": entry.languages,
        "progress": progress.word(),
        "done": progress.done,
        "of": progress.of,
        "minutes": entry.about.minutes,
        "needs_lab": entry.needs_lab,
    });
    format!("{object}\n")
}

fn table(library: &Library, book: &Book) -> String {
    let locale = Locale::english();
    let mut page = String::new();
    let mut level = 0;
    for entry in &library.entries {
        if entry.about.level != level {
            level = entry.about.level;
            let gap = if page.is_empty() { "" } else { "\n" };
            let _ = writeln!(page, "{gap}{level}  {}", locale.say(Lesson::level(level)));
        }
        let progress = book.of(&entry.key);
        let sign = match progress.word() {
            "done" => "✓",
            "begun" => "…",
            _ => " ",
        };
        let _ = writeln!(
            page,
            "  {sign} {:<28} {:>2} min  {}",
            entry.name, entry.about.minutes, entry.about.title
        );
    }
    page
}

/// Every file is looked at, whatever is wrong with the others.
fn check(files: &[String], language: Language) -> Result<Exit, Failure> {
    let mut wrong = Vec::new();
    let mut right = String::new();
    for file in files {
        match Material::find(file, language, Trust::Given) {
            Ok(material) => {
                let lesson = &material.lesson;
                let questions = match lesson.questions().count() {
                    1 => "1 question".to_owned(),
                    n => format!("{n} questions"),
                };
                let lab = if lesson.needs_lab() {
                    ", needs the lab"
                } else {
                    ""
                };
                let lines = lesson.script.lines.len();
                let _ = writeln!(right, "{file}: right; {lines} lines, {questions}{lab}");
            }
            Err(failure) => wrong.push(failure.words),
        }
    }
    output::page(&output::safe(&right))?;
    match wrong.is_empty() {
        true => Ok(Exit::Done),
        false => Err(Failure::usage(wrong.join("\n"))),
    }
}

fn reset(what: Option<&str>, language: Language) -> Result<Exit, Failure> {
    let key = match what {
        None => None,
        Some(name) if Path::new(name).exists() => Some(library::key(Path::new(name))),
        Some(name) => Some(Material::built_in(name, language)?.key),
    };
    Book::forget(key.as_deref()).map_err(Failure::machine)?;
    Ok(Exit::Done)
}
