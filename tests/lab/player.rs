//! Playing a script with the real program: as whoever runs the tests, and as nobody.
//!
//! It judges nothing but the exit code; what is expected stands in the scripts.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use finspect::tcp::Power;
use tempfile::TempDir;

use crate::require::require;
use crate::script;

/// Whom no privilege is left to.
const NOBODY: u32 = 65534;

/// Where and as whom a script is played.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    pub family: &'static str,
    pub nobody: bool,
}

impl Play {
    /// Over IPv4, as whoever runs the tests.
    pub const PLAIN: Play = Play {
        family: "-4",
        nobody: false,
    };

    /// Over both families; as root and as nobody, where there is a choice.
    fn all() -> Vec<Play> {
        // SAFETY: geteuid(2) takes nothing and cannot fail.
        let root = unsafe { libc::geteuid() } == 0;
        let who: &[bool] = if root { &[false, true] } else { &[false] };
        let plays = ["-4", "-6"].into_iter();
        plays
            .flat_map(|family| who.iter().map(move |nobody| (family, *nobody)))
            .map(|(family, nobody)| Play { family, nobody })
            .collect()
    }

    /// Plays a text to its end.
    pub fn run(self, text: &str, args: &[&str]) -> Output {
        let copy = self.nobody.then(Copy::get);
        let program = match &copy {
            Some(copy) => copy.program(),
            None => PathBuf::from(env!("CARGO_BIN_EXE_finspect")),
        };
        let mut command = Command::new(program);
        command
            .args(["run", self.family, "-"])
            .args(args)
            .current_dir("/")
            .env_remove("HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.nobody {
            // With the user the supplementary groups go too (std clears them where the parent is root).
            command.gid(NOBODY).uid(NOBODY);
        }
        let mut run = command.spawn().unwrap_or_else(|e| {
            panic!("{command:?}: {e}: the folder of temporary files must let everybody through")
        });
        let mut stdin = run.stdin.take().expect("its input");
        // A program that ended before it read says why on stderr.
        let _ = stdin.write_all(text.as_bytes());
        drop(stdin);
        run.wait_with_output().expect("its end")
    }
}

/// What the program said, for a test that fails.
pub fn told(out: &Output) -> String {
    format!(
        "{}\n--- stdout\n{}\n--- stderr\n{}",
        out.status,
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    )
}

/// The disagreements between segments and kernel, as lines of the journal.
pub fn disputes(out: &Output) -> Vec<String> {
    let is_one = |line: &&str| line.contains(r#""note":"disagreement""#);
    let journal = String::from_utf8_lossy(&out.stdout);
    journal.lines().filter(is_one).map(str::to_owned).collect()
}

/// This machine grants a lab to whoever runs the tests.
pub fn lab_is_granted() -> bool {
    require(Power::Namespaces)
}

/// Plays a script in every way, all at once, and says everything that went wrong.
pub fn play_everywhere(name: &str) {
    if !lab_is_granted() {
        return;
    }
    let text = script(name);
    let repeat = std::env::var("FINSPECT_REPEAT").unwrap_or_else(|_| "1".to_owned());
    let failed: Vec<String> = std::thread::scope(|scope| {
        let (text, repeat) = (&text, &repeat);
        let runs: Vec<_> = Play::all()
            .into_iter()
            .map(|play| {
                (
                    play,
                    scope.spawn(move || play.run(text, &["--json", "--repeat", repeat])),
                )
            })
            .collect();
        runs.into_iter()
            .map(|(play, run)| (play, run.join().expect("no panic")))
            // Segments and kernel never disagree, but where a test of its own makes them.
            .filter(|(_, out)| out.status.code() != Some(0) || !disputes(out).is_empty())
            .map(|(play, out)| format!("{name} {play:?}: {}", told(&out)))
            .collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// The program where everybody can reach it: the folder that it was built in may be closed to others. One copy serves
/// all tests that run at the time, and goes with the last of them.
struct Copy(TempDir);

impl Copy {
    fn get() -> Arc<Copy> {
        static CURRENT: Mutex<Weak<Copy>> = Mutex::new(Weak::new());
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        current.upgrade().unwrap_or_else(|| {
            let copy = Arc::new(Copy::make());
            *current = Arc::downgrade(&copy);
            copy
        })
    }

    fn make() -> Copy {
        let copy = Copy(TempDir::new().expect("a temporary folder"));
        let everybody = || Permissions::from_mode(0o755);
        fs::set_permissions(copy.0.path(), everybody()).expect("its mode");
        fs::copy(env!("CARGO_BIN_EXE_finspect"), copy.program()).expect("a copy");
        fs::set_permissions(copy.program(), everybody()).expect("its mode");
        copy
    }

    fn program(&self) -> PathBuf {
        self.0.path().join("finspect")
    }
}
