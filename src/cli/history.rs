//! The palette's and the composer's earlier lines, kept in the user's state folder. Failing to keep them is no matter.

use std::fs::{self, OpenOptions};
use std::io::Write;

use super::folders;
use crate::ui::Book;

/// Lines of each book that are read back.
const KEPT: usize = 200;

const fn file(book: Book) -> &'static str {
    match book {
        Book::Palette => "commands",
        Book::Compose => "messages",
    }
}

/// What earlier sessions kept, oldest first.
pub fn load(book: Book, notes: &mut Vec<String>) -> Vec<String> {
    let text = folders::text(folders::state(file(book))).unwrap_or_else(|note| {
        notes.push(note);
        None
    });
    let mut lines: Vec<String> = text
        .unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect();
    lines.drain(..lines.len().saturating_sub(KEPT));
    lines
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
