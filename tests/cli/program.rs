//! One run of the program in pipes: what it is told, what it says, how it ends.

use std::ffi::CString;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use serde_json::Value;

use crate::outside::{DEADLINE, Room};

/// The program, about to be run in a room.
pub fn command(room: &Room, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_finspect"));
    command
        .args(args)
        .current_dir(room.path(""))
        .envs(room.settings())
        .env_remove("NO_COLOR");
    command
}

/// Starts it with its three pipes in our hands.
pub fn start(room: &Room, args: &[&str]) -> Program {
    Program::start(&mut command(room, args))
}

/// A named pipe in the room: what is written there is read as it comes.
pub fn fifo(room: &Room, name: &str) -> PathBuf {
    let path = room.path(name);
    let c = CString::new(path.as_os_str().as_bytes()).expect("no NUL in a path");
    // SAFETY: a string that ends with NUL, alive for the whole call.
    let made = unsafe { libc::mkfifo(c.as_ptr(), 0o600) };
    assert_eq!(made, 0, "mkfifo: {}", std::io::Error::last_os_error());
    path
}

/// Runs it to its end, with nothing on stdin.
pub fn run(room: &Room, args: &[&str]) -> Ended {
    start(room, args).end()
}

/// Runs a script in a room of its own to its end.
pub fn play(script: &str, args: &[&str]) -> Ended {
    let room = Room::new();
    room.file("it.play", script);
    run(&room, &[&["run", "it.play"], args].concat())
}

/// A running program. Dropped before its end, it is killed.
pub struct Program {
    child: Child,
    pub stdin: Option<ChildStdin>,
    heard: Receiver<Heard>,
    out: Vec<u8>,
    err: Vec<u8>,
    args: String,
}

enum Heard {
    Out(Vec<u8>),
    Err(Vec<u8>),
}

/// How a program ended, and all that it said.
pub struct Ended {
    pub status: ExitStatus,
    pub bytes: Vec<u8>,
    pub err: String,
}

impl Program {
    pub fn start(command: &mut Command) -> Program {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (tell, heard) = channel();
        let out = child.stdout.take().expect("stdout");
        listen(out, tell.clone(), Heard::Out);
        listen(child.stderr.take().expect("stderr"), tell, Heard::Err);
        Program {
            stdin: child.stdin.take(),
            child,
            heard,
            out: Vec::new(),
            err: Vec::new(),
            args: format!("{command:?}"),
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes to its stdin.
    pub fn say(&mut self, bytes: &[u8]) -> &mut Program {
        let stdin = self.stdin.as_mut().expect("stdin is open");
        stdin.write_all(bytes).expect("the program reads");
        self
    }

    /// The end of its input.
    pub fn no_more_input(&mut self) -> &mut Program {
        self.stdin = None;
        self
    }

    /// Waits until stderr holds a line that `find` likes, and gives what it made of it.
    pub fn until_said<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        self.until(what, |program| whole_lines(&program.err).find_map(&find))
    }

    /// The same for a line of stdout.
    pub fn until_printed<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        self.until(what, |program| whole_lines(&program.out).find_map(&find))
    }

    /// The first event on stdout that `find` likes.
    pub fn until_event<T>(&mut self, what: &str, find: impl Fn(&Value) -> Option<T>) -> T {
        self.until_printed(what, |line| {
            find(&serde_json::from_str(line).expect("JSON"))
        })
    }

    fn until<T>(&mut self, what: &str, find: impl Fn(&Program) -> Option<T>) -> T {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(found) = find(self) {
                return found;
            }
            if let Err(why) = self.hear(deadline) {
                panic!("{what}: {why:?}\n{}", self.told());
            }
        }
    }

    fn hear(&mut self, deadline: Instant) -> Result<(), RecvTimeoutError> {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.heard.recv_timeout(left)? {
            Heard::Out(bytes) => self.out.extend(bytes),
            Heard::Err(bytes) => self.err.extend(bytes),
        }
        Ok(())
    }

    /// Waits for its end; its stdin ends now.
    pub fn end(mut self) -> Ended {
        self.stdin = None;
        self.ended()
    }

    /// Waits for its end by itself: its stdin stays open until then.
    pub fn ended(mut self) -> Ended {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.hear(deadline) {
                Ok(()) => {}
                // Both pipes are closed: it has ended, or is about to.
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end\n{}", self.told()),
            }
        }
        let status = self.child.wait().expect("its status");
        Ended {
            status,
            bytes: std::mem::take(&mut self.out),
            err: String::from_utf8(std::mem::take(&mut self.err)).expect("stderr is UTF-8"),
        }
    }

    fn told(&self) -> String {
        format!(
            "{}\n--- stdout\n{}\n--- stderr\n{}",
            self.args,
            String::from_utf8_lossy(&self.out),
            String::from_utf8_lossy(&self.err)
        )
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail where it has ended and was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(mut pipe: impl Read + Send + 'static, tell: Sender<Heard>, as_: fn(Vec<u8>) -> Heard) {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(n @ 1..) = pipe.read(&mut buffer) {
            if tell.send(as_(buffer[..n].to_vec())).is_err() {
                return;
            }
        }
    });
}

/// The lines that have their end; the rest may still grow.
fn whole_lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let end = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    std::str::from_utf8(&bytes[..end])
        .unwrap_or_default()
        .lines()
}

impl Ended {
    /// `None`: a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    pub fn out(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("stdout is UTF-8")
    }

    /// Every line of stdout, which must be JSON alone.
    pub fn json(&self) -> Vec<Value> {
        self.out()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect()
    }

    /// Checks the exit code, and that nothing panicked on the way there.
    pub fn ends_with(self, code: i32) -> Ended {
        let out = String::from_utf8_lossy(&self.bytes);
        assert_eq!(
            self.code(),
            Some(code),
            "{:?}\n--- stdout\n{out}\n--- stderr\n{}",
            self.status,
            self.err
        );
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Checks that stderr holds these words.
    pub fn says(self, words: &str) -> Ended {
        assert!(
            self.err.contains(words),
            "stderr lacks {words:?}:\n{}",
            self.err
        );
        self
    }

    /// Checks that stdout holds these words.
    pub fn prints(self, words: &str) -> Ended {
        assert!(
            self.out().contains(words),
            "stdout lacks {words:?}:\n{}",
            self.out()
        );
        self
    }

    /// Checks that stdout does not hold these words.
    pub fn lacks(self, words: &str) -> Ended {
        assert!(
            !self.out().contains(words),
            "stdout holds {words:?}:\n{}",
            self.out()
        );
        self
    }
}
