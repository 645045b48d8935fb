//! A pseudo-terminal with the program in it. Who waits, waits for a picture or for what becomes of the process, with a deadline.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Parser, Screen};

use crate::fate::{Fate, fates};
use crate::outside::{DEADLINE, Room, signal};

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const TAB: &str = "\t";
pub const LEFT: &str = "\x1b[D";
pub const RIGHT: &str = "\x1b[C";
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const CTRL_C: &str = "\x03";
pub const CTRL_Z: &str = "\x1a";

/// Synchronized update: what stands between these two is one frame.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// What has come out of the terminal.
struct Shown {
    parser: Parser,
    raw: Vec<u8>,
    /// The program's side is closed.
    closed: bool,
}

type Shared = Arc<(Mutex<Shown>, Condvar)>;

pub struct Terminal {
    pid: u32,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    shown: Shared,
    fates: Receiver<Fate>,
    /// The reader gives up its end of the terminal.
    hung_up: Arc<AtomicBool>,
    ended: bool,
    /// The terminal's own modes before the program came.
    modes: String,
}

impl Terminal {
    /// The program in a terminal of its own, in the room.
    pub fn start(room: &Room, size: (u16, u16), args: &[&str]) -> Terminal {
        Terminal::with(room, size, args, &[])
    }

    /// The same, with more in its environment.
    pub fn with(room: &Room, size: (u16, u16), args: &[&str], env: &[(&str, &str)]) -> Terminal {
        let mut command = command(room, args);
        for (name, value) in env {
            command.env(name, value);
        }
        Terminal::run(command, size)
    }

    /// The same, in a terminal that is not its controlling one.
    pub fn guest(room: &Room, size: (u16, u16), args: &[&str]) -> Terminal {
        let mut command = command(room, args);
        command.set_controlling_tty(false);
        Terminal::run(command, size)
    }

    fn run(command: CommandBuilder, size: (u16, u16)) -> Terminal {
        let pair = native_pty_system()
            .openpty(pty_size(size))
            .expect("a pseudo-terminal");
        let modes = modes(&*pair.master);
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        // Only the program holds its side now: when it ends, ours says so.
        drop(pair.slave);
        let pid = child.process_id().expect("a process id");
        let shown = Arc::new((Mutex::new(Shown::new(size)), Condvar::new()));
        let hung_up = Arc::new(AtomicBool::new(false));
        let reader = pair.master.try_clone_reader().expect("the master");
        watch(reader, Arc::clone(&shown), Arc::clone(&hung_up));
        Terminal {
            pid,
            writer: Some(pair.master.take_writer().expect("the master")),
            master: Some(pair.master),
            shown,
            fates: fates(pid),
            hung_up,
            ended: false,
            modes,
        }
    }

    pub fn id(&self) -> u32 {
        self.pid
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) -> &mut Terminal {
        let writer = self.writer.as_mut().expect("the terminal is there");
        writer.write_all(keys.as_bytes()).expect("typed");
        writer.flush().expect("typed");
        self
    }

    /// Presses and releases the left button; both numbers count from 0.
    pub fn click(&mut self, column: usize, row: usize) -> &mut Terminal {
        let (column, row) = (column + 1, row + 1);
        self.keys(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"))
    }

    pub fn resize(&mut self, size: (u16, u16)) -> &mut Terminal {
        let mut shown = self.shown.0.lock().expect("the screen");
        let master = self.master.as_ref().expect("the terminal is there");
        master.resize(pty_size(size)).expect("resized");
        let (columns, rows) = cells(size);
        shown.parser.set_size(rows, columns);
        drop(shown);
        self
    }

    /// Waits for a picture, between frames.
    pub fn until(&self, what: &str, holds: impl Fn(&Screen) -> bool) -> &Terminal {
        let shown = self.wait(|shown| shown.whole() && holds(shown.parser.screen()));
        let held = shown.whole() && holds(shown.parser.screen());
        assert!(held, "{what}: not within {DEADLINE:?}\n{}", told(&shown));
        drop(shown);
        self
    }

    /// Waits until the picture holds these words.
    pub fn shows(&self, words: &str) -> &Terminal {
        self.until(words, |screen| screen.contents().contains(words))
    }

    /// Waits until the picture does not hold these words any more.
    pub fn hides(&self, words: &str) -> &Terminal {
        let what = format!("{words} goes away");
        self.until(&what, |screen| !screen.contents().contains(words))
    }

    /// The picture as it is.
    pub fn picture(&self) -> String {
        self.shown
            .0
            .lock()
            .expect("the screen")
            .parser
            .screen()
            .contents()
    }

    /// Every byte so far.
    pub fn raw(&self) -> Vec<u8> {
        self.shown.0.lock().expect("the screen").raw.clone()
    }

    /// Waits for what becomes of the process next.
    pub fn fate(&mut self) -> Fate {
        let fate = self.fates.recv_timeout(DEADLINE);
        let fate = fate.unwrap_or_else(|_| panic!("nothing happens\n{}", self.picture()));
        self.ended |= matches!(fate, Fate::Exited(_) | Fate::Killed(_));
        fate
    }

    /// Waits for its end, and checks that the terminal was given back: what a shell would find.
    pub fn ends_with(&mut self, code: i32) {
        assert_eq!(self.fate(), Fate::Exited(code), "\n{}", self.picture());
        self.wait_closed();
        assert_given_back(&self.shown.0.lock().expect("the screen"));
        let master = self.master.as_ref().expect("the terminal is there");
        assert_eq!(modes(&**master), self.modes, "the modes of the terminal");
    }

    /// Waits until nothing more can come.
    pub fn wait_closed(&self) {
        assert!(
            self.wait(|shown| shown.closed).closed,
            "its side of the terminal stays open"
        );
    }

    /// Waits until the terminal is given back while the process lives.
    pub fn is_given_back(&self) {
        let shown = self.wait(|shown| !shown.parser.screen().alternate_screen());
        assert_given_back(&shown);
    }

    /// Closes our end: the line is cut.
    pub fn hang_up(&mut self) {
        self.hung_up.store(true, Ordering::SeqCst);
        self.master = None;
        // The reader holds the last end, and lets go with the next bytes: a key makes the program draw.
        self.keys("?");
        self.writer = None;
    }

    fn wait(&self, until: impl Fn(&Shown) -> bool) -> MutexGuard<'_, Shown> {
        let deadline = Instant::now() + DEADLINE;
        let (lock, changed) = &*self.shown;
        let mut shown = lock.lock().expect("the screen");
        while !until(&shown) && !shown.closed {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (shown, _) = changed.wait_timeout(shown, left).expect("the screen");
        }
        shown
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if !self.ended {
            signal(self.pid, libc::SIGKILL);
        }
    }
}

impl Shown {
    fn new(size: (u16, u16)) -> Shown {
        let (columns, rows) = cells(size);
        Shown {
            parser: Parser::new(rows, columns, 0),
            raw: Vec::new(),
            closed: false,
        }
    }

    /// No frame has begun that has not ended.
    fn whole(&self) -> bool {
        let last = |mark: &[u8]| self.raw.windows(mark.len()).rposition(|w| w == mark);
        last(FRAME.0) < last(FRAME.1)
    }
}

fn told(shown: &Shown) -> String {
    format!(
        "{}\n(closed: {})",
        shown.parser.screen().contents(),
        shown.closed
    )
}

/// Nothing of ours is left on the terminal.
fn assert_given_back(shown: &Shown) {
    let screen = shown.parser.screen();
    let left = (
        screen.alternate_screen(),
        screen.hide_cursor(),
        screen.bracketed_paste(),
        screen.mouse_protocol_mode(),
    );
    let clean = (false, false, false, vt100::MouseProtocolMode::None);
    assert_eq!(
        left, clean,
        "alternate screen, hidden cursor, bracketed paste, mouse"
    );
    // Not by the emulator's grace: each mode that was set was unset afterwards, by its own bytes.
    let last = |bytes: &str| {
        shown
            .raw
            .windows(bytes.len())
            .rposition(|w| w == bytes.as_bytes())
    };
    for (on, off) in [
        ("\x1b[?1049h", "\x1b[?1049l"),
        ("\x1b[?25l", "\x1b[?25h"),
        ("\x1b[?2004h", "\x1b[?2004l"),
        ("\x1b[?1000h", "\x1b[?1000l"),
        ("\x1b[?1002h", "\x1b[?1002l"),
        ("\x1b[?1003h", "\x1b[?1003l"),
        ("\x1b[?1006h", "\x1b[?1006l"),
        ("\x1b[?2026h", "\x1b[?2026l"),
    ] {
        assert!(
            last(on) < last(off) || last(on).is_none(),
            "{on:?} is not undone"
        );
    }
}

fn command(room: &Room, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_finspect"));
    command.args(args);
    command.cwd(room.path(""));
    command.env("TERM", "xterm-256color");
    for name in ["NO_COLOR", "COLORTERM", "COLUMNS", "LINES"] {
        command.env_remove(name);
    }
    for (name, folder) in room.settings() {
        command.env(name, folder);
    }
    command
}

fn cells((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let cells = |n| NonZeroU16::new(n).expect("a size");
    (cells(columns), cells(rows))
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Echo, line editing, signals by key: as termios(3) tells them.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("termios"))
}

fn watch(mut reader: Box<dyn Read + Send>, shown: Shared, hung_up: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        // EIO when the program's side is closed.
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            if hung_up.load(Ordering::SeqCst) {
                return;
            }
            let mut now = shown.0.lock().expect("the screen");
            now.raw.extend(&buffer[..n]);
            now.parser.process(&buffer[..n]);
            drop(now);
            shown.1.notify_all();
        }
        shown.0.lock().expect("the screen").closed = true;
        shown.1.notify_all();
    });
}
