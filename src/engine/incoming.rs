//! The receiving half of a driver: recv while reading is on, and a file that gets the bytes too.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::driver::{Driver, Moved};
use crate::command::ReadMode;
use crate::journal::{Note, Op, Payload};
use crate::tcp::{Edge, Errno};

/// Bytes of one recv.
const CHUNK: usize = 64 * 1024;
/// recv calls in one turn.
const TURN: usize = 16;

#[derive(Debug)]
pub(super) struct Incoming {
    /// `None` off, `Some(None)` on, `Some(Some(n))` n bytes more.
    mode: Option<Option<u64>>,
    /// There is, or was, a connection to read from.
    connected: bool,
    /// The kernel may have something for us.
    ready: bool,
    /// recv said 0 for the peer's FIN, or failed: no further call will tell anything new.
    over: bool,
    /// We called SHUT_RD: recv returns 0 for ever, and still returns data that arrive.
    pub shut: bool,
    /// That 0 has been seen since the last data.
    zero_seen: bool,
    /// POLLERR: the next call takes an errno.
    errno_waits: bool,
    file: Option<(PathBuf, File)>,
}

impl Default for Incoming {
    fn default() -> Incoming {
        Incoming {
            mode: Some(None),
            connected: false,
            ready: false,
            over: false,
            shut: false,
            zero_seen: false,
            errno_waits: false,
            file: None,
        }
    }
}

impl Incoming {
    pub(super) const fn begin(&mut self) {
        self.connected = true;
        self.ready = true;
        self.over = false;
    }

    pub(super) const fn off(&mut self) {
        self.mode = None;
    }

    pub(super) const fn edge(&mut self, edge: Edge) {
        // A connect that failed leaves nothing to read, whatever the flags say.
        self.ready |= self.connected && (edge.readable || edge.read_hup || edge.hup || edge.error);
        self.errno_waits |= self.connected && edge.error;
    }

    pub(super) const fn over(&self) -> bool {
        self.over
    }

    /// SHUT_RD was called: one more recv tells what it changed.
    pub(super) const fn shut_now(&mut self) {
        self.shut = true;
        self.ready = true;
        self.zero_seen = false;
    }
}

impl Driver {
    pub(super) fn read(&mut self, mode: ReadMode) {
        self.incoming.mode = match mode {
            ReadMode::On => Some(None),
            ReadMode::Off | ReadMode::Bytes(0) => None,
            ReadMode::Bytes(n) => Some(Some(n)),
        };
        self.room.note(
            &self.who,
            Note::Reading {
                mode: self.incoming.mode,
            },
        );
        if self.incoming.mode.is_some() {
            // Asked for aloud: the call is made even where it can only say 0 or an errno again.
            self.incoming.ready = true;
            self.incoming.over = false;
            self.incoming.zero_seen = false;
        }
    }

    pub(super) fn save(&mut self, path: PathBuf) {
        let shown = path.display().to_string();
        let note = match create_regular(&path) {
            Ok(file) => {
                self.incoming.file = Some((path, file));
                Note::Saving { path: shown }
            }
            Err(error) => Note::FileFailed {
                path: shown,
                why: error.to_string(),
            },
        };
        self.room.note(&self.who, note);
    }

    pub(super) fn pump_recv(&mut self) -> Moved {
        let mut moved = Moved::default();
        if self.accepting.is_some() {
            return moved;
        }
        for _ in 0..TURN {
            if !self.due_to_read() {
                return moved;
            }
            moved.any |= self.recv_once();
        }
        moved.more = self.due_to_read();
        moved
    }

    pub(super) fn due_to_read(&self) -> bool {
        let i = &self.incoming;
        if i.mode.is_none() || !i.ready || i.over {
            return false;
        }
        // After SHUT_RD another recv is due for the first 0, and for data that arrive nevertheless.
        !i.shut || !i.zero_seen || i.errno_waits || self.unread_now() > 0
    }

    fn unread_now(&self) -> u32 {
        let sample = self.socket.as_ref().map(|s| s.sample(Edge::default()));
        sample.and_then(Result::ok).and_then(|s| s.inq).unwrap_or(0)
    }

    /// True: the call said something.
    fn recv_once(&mut self) -> bool {
        let Some(socket) = &self.socket else {
            return false;
        };
        let room = Rc::clone(&self.room);
        let mut buffer = room.buffer.borrow_mut();
        buffer.resize(CHUNK, 0);
        let want = match self.incoming.mode {
            Some(Some(left)) => CHUNK.min(usize::try_from(left).unwrap_or(CHUNK)),
            _ => CHUNK,
        };
        let result = socket.recv(&mut buffer[..want]);
        if result == Ok(0) && !self.incoming.shut && !self.known.state.fin_received() {
            // The FIN came behind the bytes of the last recv: its state is told before the EOF it explains.
            self.glance();
        }
        let at = self.room.clock.now();
        let draining = self.draining.is_some();
        let incoming = &mut self.incoming;
        incoming.errno_waits = false;
        let (result, data) = match result {
            Err(Errno::EAGAIN) => {
                incoming.ready = false;
                return false;
            }
            Err(errno) => {
                incoming.over = true;
                (Err(errno), Payload::default())
            }
            Ok(0) => {
                incoming.zero_seen = true;
                // A drain has read to its end whatever made recv say 0.
                incoming.over = !incoming.shut || draining;
                (Ok(0), Payload::default())
            }
            Ok(n) => {
                incoming.zero_seen = false;
                (Ok(n as u64), Payload::of(&buffer[..n]))
            }
        };
        let op = Op::Recv {
            asked: want as u64,
            data: data.clone(),
        };
        drop(buffer);
        // The segments are told before the call that took their bytes.
        self.room.catch_up();
        self.call_at(at, op, result);
        if let Ok(n) = result {
            self.took(n, data.bytes());
        }
        true
    }

    fn took(&mut self, n: u64, bytes: &[u8]) {
        if let Some(Some(left)) = self.incoming.mode {
            self.incoming.mode = match left.saturating_sub(n) {
                0 => None,
                more => Some(Some(more)),
            };
            if self.incoming.mode.is_none() {
                self.room.note(&self.who, Note::Reading { mode: None });
            }
        }
        let Some((path, file)) = &mut self.incoming.file else {
            return;
        };
        if let Err(error) = file.write_all(bytes) {
            let note = Note::FileFailed {
                path: path.display().to_string(),
                why: error.to_string(),
            };
            self.incoming.file = None;
            self.room.note(&self.who, note);
        }
    }

    /// The peer's FIN was read, or nothing more can come.
    pub(super) const fn reading_is_over(&self) -> bool {
        self.incoming.over()
    }

    /// Reads to the end, whatever mode reading was in.
    pub(super) fn read_to_the_end(&mut self) {
        if self.incoming.mode != Some(None) {
            let mode = Some(None);
            self.incoming.mode = mode;
            self.room.note(&self.who, Note::Reading { mode });
        }
        self.incoming.ready = true;
        self.incoming.zero_seen = false;
    }
}

/// Opening a pipe that nobody reads would hold up every connection.
fn create_regular(path: &Path) -> io::Result<File> {
    if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
        return Err(io::Error::other("not a regular file"));
    }
    File::create(path)
}
