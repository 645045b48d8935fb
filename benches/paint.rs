//! The real program in a pseudo-terminal: time to its first picture, and what it costs when nothing happens.
//!
//! Beside it `true` in the same terminal: what starting any program costs here. `cargo bench --bench paint`

#[path = "aside/asked.rs"]
mod asked;
#[path = "aside/figures.rs"]
mod figures;
#[path = "aside/process.rs"]
mod process;

use std::io::Read;
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use figures::{Figures, heads};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const ROUNDS: usize = 20;
const ROWS: NonZeroU16 = NonZeroU16::new(40).expect("not 0");
const COLUMNS: NonZeroU16 = NonZeroU16::new(120).expect("not 0");
/// No picture after this long is a failure, not a figure.
const PATIENCE: Duration = Duration::from_secs(10);
/// Until the opening pair is all told.
const SETTLED: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(5);

fn main() {
    if !asked::for_figures() {
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let (mut first, mut pair, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        beside.push(truth());
        let mut shown = Shown::open(home.path());
        first.push(shown.until(|screen| !screen.trim().is_empty()));
        pair.push(shown.until(|screen| screen.contains("client")));
        shown.end();
    }
    println!("{}", heads("from fork to"));
    println!("{}", Figures::of(first).row("first picture"));
    println!("{}", Figures::of(pair).row("`client` on the screen"));
    println!(
        "{}",
        Figures::of(beside).row("the end of `true` in the same terminal")
    );
    idle(home.path());
}

fn idle(home: &Path) {
    let mut shown = Shown::open(home);
    shown.until(|screen| screen.contains("ESTABLISHED"));
    shown.quiet(SETTLED);
    let pid = shown.child.process_id().expect("a process");
    let (cpu, sleeps) = (process::cpu(pid), process::sleeps(pid));
    let bytes = shown.quiet(IDLE);
    println!(
        "idle for {IDLE:?}: {:?} on the processor, {} wake-ups, {bytes} bytes drawn, {} MiB resident",
        process::cpu(pid) - cpu,
        process::sleeps(pid) - sleeps,
        process::resident(pid) >> 20,
    );
    shown.end();
}

/// `true`, from fork until it is reaped.
fn truth() -> Duration {
    let pty = terminal();
    let begun = Instant::now();
    let mut child = pty
        .slave
        .spawn_command(CommandBuilder::new("true"))
        .expect("true");
    child.wait().expect("its end");
    begun.elapsed()
}

fn terminal() -> portable_pty::PtyPair {
    let size = PtySize {
        rows: ROWS.get(),
        cols: COLUMNS.get(),
        pixel_width: 0,
        pixel_height: 0,
    };
    native_pty_system()
        .openpty(size)
        .expect("a pseudo-terminal")
}

/// finspect in a terminal that is watched.
struct Shown {
    child: Box<dyn Child + Send + Sync>,
    screen: vt100::Parser,
    bytes: Receiver<(Instant, Vec<u8>)>,
    begun: Instant,
    /// When the last bytes of the picture came.
    drawn: Instant,
    /// Kept: its end would hang up the terminal.
    _master: Box<dyn MasterPty + Send>,
}

impl Shown {
    fn open(home: &Path) -> Shown {
        let pty = terminal();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_finspect"));
        command.env("TERM", "xterm-256color");
        for folder in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
            command.env(folder, home);
        }
        let mut reader = pty.master.try_clone_reader().expect("its output");
        let (tell, bytes) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(n) = reader.read(&mut buffer)
                && n > 0
                && tell.send((Instant::now(), buffer[..n].to_vec())).is_ok()
            {}
        });
        let begun = Instant::now();
        let child = pty.slave.spawn_command(command).expect("finspect");
        Shown {
            child,
            screen: vt100::Parser::new(ROWS, COLUMNS, 0),
            bytes,
            begun,
            drawn: begun,
            _master: pty.master,
        }
    }

    /// When the screen first looked so.
    fn until(&mut self, holds: impl Fn(&str) -> bool) -> Duration {
        while !holds(&self.screen.screen().contents()) {
            let (when, bytes) = self
                .bytes
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("not seen:\n{}", self.screen.screen().contents()));
            self.screen.process(&bytes);
            self.drawn = when;
        }
        self.drawn - self.begun
    }

    /// Watches for so long; how many bytes were drawn.
    fn quiet(&mut self, time: Duration) -> usize {
        let until = Instant::now() + time;
        let mut drawn = 0;
        loop {
            match self
                .bytes
                .recv_timeout(until.saturating_duration_since(Instant::now()))
            {
                Ok((_, bytes)) => drawn += bytes.len(),
                Err(RecvTimeoutError::Timeout) => return drawn,
                Err(RecvTimeoutError::Disconnected) => panic!("it ended"),
            }
        }
    }

    fn end(mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("its end");
    }
}
