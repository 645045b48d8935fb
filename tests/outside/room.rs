//! A folder for one test, so that nothing of the person who runs it is read or written.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A folder of its own: working directory, home and settings of the programs that run in it.
pub struct Room {
    folder: TempDir,
}

impl Room {
    pub fn new() -> Room {
        Room {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file of text")
    }

    /// The program's environment: nothing of the person who runs the tests.
    pub fn settings(&self) -> Vec<(&'static str, PathBuf)> {
        let at = |name| self.folder.path().join(name);
        vec![
            ("HOME", at("home")),
            ("XDG_CONFIG_HOME", at("config")),
            ("XDG_STATE_HOME", at("state")),
        ]
    }
}
