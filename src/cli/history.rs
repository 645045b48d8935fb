//! The palette's and the composer's earlier lines, kept in the user's state folder. Failing to keep them is no matter.

use std::fs::{self, OpenOptions};
use std::io::Write;

use super::folders;
use crate::ui::{Book, History};

/// Lines of each book that are read back.
const KEPT: usize = 200;

const fn file(book: Book) -> &'static str {
    match book {
        Book::Palette => "commands",
        Book::Compose => "messages",
    }
}

/// What earlier sessions kept.
pub fn load(notes: &mut Vec<String>) -> History {
    let mut read = |book| {
        let text = folders::text(folders::state(file(book))).unwrap_or_else(|note| {
            notes.push(note);
            None
        });
        let lines: Vec<String> = text.unwrap_or_default().lines().map(str::to_owned).collect();
        let from = lines.len().saturating_sub(KEPT);
        lines[from..].to_vec()
    };
    History {
        palette: read(Book::Palette),
        compose: read(Book::Compose),
    }
}

/// Adds a line. A folder that cannot be written costs the history and nothing else.
pub fn remember(book: Book, line: &str) {
    let Some(path) = folders::state(file(book)) else {
        return;
    };
    if let Some(folder) = path.parent() {
        let _ = fs::create_dir_all(folder);
    }
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
        let _ = writeln!(file, "{}", line.replace('\n', " "));
    }
}
