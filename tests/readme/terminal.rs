//! The program on a pseudo-terminal: keys in, and what a person would see.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::tour::{DEADLINE, Tour};

/// The size of the picture in the README.
const ROWS: u16 = 34;
const COLUMNS: u16 = 110;

pub struct Terminal {
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Closing it would hang up.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts finspect with nothing but its name.
    pub fn start(tour: &Tour) -> Terminal {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: ROWS,
                cols: COLUMNS,
                pixel_width: 0,
                pixel_height: 0,
            })
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_finspect"));
        command.cwd(tour.folder());
        for (name, value) in tour.environment() {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("finspect starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (told, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if told.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let size = |n| NonZeroU16::new(n).expect("a size");
        Terminal {
            screen: vt100::Parser::new(size(ROWS), size(COLUMNS), 0),
            output,
            keys: pair.master.take_writer().expect("a writer"),
            child,
            _master: pair.master,
        }
    }

    pub fn picture(&self) -> String {
        self.screen.screen().contents()
    }

    /// Follows the screen until it is as wanted.
    pub fn wait_until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !wanted(&self.picture()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(_) => panic!(
                    "the screen does not come to show {what}:\n{}",
                    self.picture()
                ),
            }
        }
    }

    /// Presses a key by the name that the keymap gives it.
    pub fn press(&mut self, key: &str) {
        let bytes = match key {
            "Right" => "\x1b[C",
            "Left" => "\x1b[D",
            "Enter" => "\r",
            key => {
                assert_eq!(key.chars().count(), 1, "no bytes are known for {key}");
                key
            }
        };
        self.write(bytes);
    }

    pub fn write(&mut self, text: &str) {
        self.keys
            .write_all(text.as_bytes())
            .expect("a living terminal");
        self.keys.flush().expect("a living terminal");
    }

    /// The exit code of a program that ends.
    pub fn exit_code(&mut self) -> u32 {
        self.child.wait().expect("the program ends").exit_code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already where nothing went wrong.
        let _ = self.child.kill();
    }
}
