//! A lesson's files: only below its own folder, and for the built-in lessons a folder that goes with the program.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::exit::Failure;
use crate::command::{Command, SendWhat, Statement};
use crate::lesson::{FILES, Lesson};

/// A folder of our own with the files of the built-in lessons. It is removed with this value.
pub struct Folder(PathBuf);

impl Folder {
    /// # Errors
    /// It cannot be made or filled.
    pub fn with_files() -> Result<Folder, Failure> {
        let failed = |error: io::Error| {
            Failure::machine(format!(
                "no folder for the lesson's files can be made: {error}\n  remedy: point TMPDIR to a folder that can be written"
            ))
        };
        let base = std::env::temp_dir();
        let folder = (0..64)
            .map(|n| base.join(format!("finspect-{}-{n}", std::process::id())))
            .find_map(|path| match fs::create_dir(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                made => Some(made.map(|()| Folder(path))),
            })
            .unwrap_or_else(|| Err(io::ErrorKind::AlreadyExists.into()))
            .map_err(failed)?;
        for (name, bytes) in FILES {
            fs::write(folder.0.join(name), bytes).map_err(failed)?;
        }
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays in a folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The lesson with every path of its lines made a whole one, below its folder.
///
/// # Errors
/// A path that leads out of the folder, also by a link.
pub fn confined(name: &str, mut lesson: Lesson, folder: &Path) -> Result<Lesson, Failure> {
    let root = folder
        .canonicalize()
        .map_err(|error| Failure::usage(format!("{}: {error}", folder.display())))?;
    for line in &mut lesson.script.lines {
        let Statement::Do { command, .. } = &mut line.statement else {
            continue;
        };
        let path = match command {
            Command::Save(path) => path,
            Command::Send(send) => match &mut send.what {
                SendWhat::File(path) => path,
                SendWhat::Text(_) | SendWhat::Bytes(_) | SendWhat::Oob(_) => continue,
            },
            _ => continue,
        };
        *path = below(&root, path).ok_or_else(|| {
            Failure::usage(format!(
                "{name}:{}: {}: a lesson reads and writes files only below its own folder, {}",
                line.number,
                path.display(),
                root.display()
            ))
        })?;
    }
    Ok(lesson)
}

/// `None`: it leads out.
fn below(root: &Path, path: &Path) -> Option<PathBuf> {
    let plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !plain {
        return None;
    }
    let whole = root.join(path);
    // A link may lead out although its name does not. What is not there yet is judged by where it would stand.
    let real = whole.canonicalize().or_else(|_| {
        let parent = whole.parent().unwrap_or(root).canonicalize()?;
        Ok::<_, io::Error>(parent.join(whole.file_name().unwrap_or_default()))
    });
    match real {
        Ok(real) => real.starts_with(root).then_some(whole),
        // No such folder: the call will say so.
        Err(_) => Some(whole),
    }
}
