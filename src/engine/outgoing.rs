//! The sending half of a driver: what was asked to be sent, handed to the kernel as far as its buffer takes it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::driver::{Driver, Moved};
use super::order::{Answer, Outcome};
use crate::command::{Send, SendWhat};
use crate::journal::{By, Note, Op, Payload};
use crate::tcp::{Edge, Errno};

/// Bytes of one send.
const CHUNK: usize = 64 * 1024;
/// send calls in one turn.
const TURN: usize = 16;

/// Where the bytes come from.
#[derive(Debug)]
enum Source {
    Bytes {
        bytes: Vec<u8>,
        from: usize,
    },
    File {
        file: File,
        name: String,
    },
    /// `send bytes N`: the digits of a ruler, so that a place in the stream can be told by eye.
    Pattern {
        at: u64,
    },
    Urgent(u8),
}

#[derive(Debug)]
struct Sending {
    source: Source,
    /// Bytes not yet taken by the kernel, the chunk included.
    left: u64,
    /// Read from the source, not yet taken by the kernel.
    chunk: Vec<u8>,
    taken: usize,
    reply: Answer,
}

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    queue: VecDeque<Sending>,
    /// The kernel's buffer may have room.
    ready: bool,
    /// What the journal was last told to be waiting.
    told_waiting: u64,
}

impl Outgoing {
    pub(super) const fn begin(&mut self) {
        self.ready = true;
    }

    pub(super) const fn edge(&mut self, edge: Edge) {
        self.ready |= edge.writable || edge.error || edge.hup;
    }

    pub(super) fn busy(&self) -> bool {
        !self.queue.is_empty()
    }

    fn waiting(&self) -> u64 {
        self.queue.iter().map(|s| s.left).sum()
    }
}

impl Driver {
    pub(super) fn send(&mut self, send: Send, mut reply: Answer) {
        let (source, left) = match send.what {
            SendWhat::Text(bytes) => {
                let left = bytes.len() as u64;
                (Source::Bytes { bytes, from: 0 }, left)
            }
            SendWhat::Bytes(left) => (Source::Pattern { at: 0 }, left),
            SendWhat::Oob(byte) => (Source::Urgent(byte), 1),
            SendWhat::File(path) => {
                let name = path.display().to_string();
                let opened = open_regular(&path);
                match opened {
                    Ok((left, file)) => (Source::File { file, name }, left),
                    Err(error) => {
                        let why = error.to_string();
                        self.room
                            .note(&self.who, Note::FileFailed { path: name, why });
                        return reply.give(Outcome::Done);
                    }
                }
            }
        };
        if send.nowait {
            reply.give(Outcome::Done);
        }
        self.outgoing.queue.push_back(Sending {
            source,
            left,
            chunk: Vec::new(),
            taken: 0,
            reply,
        });
        // The call is made, also one that must fail.
        self.outgoing.ready = true;
    }

    pub(super) fn pump_send(&mut self) -> Moved {
        let mut moved = Moved::default();
        for _ in 0..TURN {
            if !self.due_to_send() {
                break;
            }
            moved.any = true;
            self.send_once();
        }
        moved.more = self.due_to_send();
        moved
    }

    pub(super) fn due_to_send(&self) -> bool {
        self.outgoing.ready && self.outgoing.busy()
    }

    fn send_once(&mut self) {
        let Some(mut sending) = self.outgoing.queue.pop_front() else {
            return;
        };
        if let Err(why) = sending.fill() {
            let path = sending.name();
            self.room.note(&self.who, Note::FileFailed { path, why });
            return self.finish_send(sending);
        }
        let Some(socket) = &self.socket else {
            return self.finish_send(sending);
        };
        let rest = &sending.chunk[sending.taken..];
        let asked = rest.len() as u64;
        let oob = matches!(sending.source, Source::Urgent(_));
        let result = match rest {
            [byte] if oob => socket.send_oob(*byte),
            rest => socket.send(rest),
        };
        let at = self.room.clock.now();
        match result {
            Err(Errno::EAGAIN) => {
                self.outgoing.ready = false;
                self.outgoing.queue.push_front(sending);
                self.tell_waiting();
            }
            Err(errno) => {
                let data = Payload::default();
                self.call_at(at, Op::Send { asked, oob, data }, Err(errno));
                self.outgoing.queue.push_front(sending);
                self.abandon();
            }
            Ok(n) => {
                let data = Payload::of(&rest[..n]);
                self.call_at(at, Op::Send { asked, oob, data }, Ok(n as u64));
                sending.taken += n;
                sending.left = sending.left.saturating_sub(n as u64);
                if sending.left == 0 {
                    self.finish_send(sending);
                } else {
                    self.outgoing.queue.push_front(sending);
                }
            }
        }
    }

    fn finish_send(&mut self, mut sending: Sending) {
        sending.reply.give(Outcome::Done);
        if !self.outgoing.busy() {
            self.outgoing.told_waiting = 0;
        }
    }

    /// The kernel's buffer is full: so many bytes wait here. Told when it begins and when more was added.
    fn tell_waiting(&mut self) {
        let bytes = self.outgoing.waiting();
        if bytes > self.outgoing.told_waiting {
            self.room.note(&self.who, Note::Waiting { bytes });
        }
        self.outgoing.told_waiting = bytes;
    }

    /// What waits will never reach the kernel; that is said.
    pub(super) fn abandon(&mut self) {
        let bytes = self.outgoing.waiting();
        if bytes > 0 {
            self.room.note(&self.who, Note::Abandoned { bytes });
        }
        for sending in std::mem::take(&mut self.outgoing.queue) {
            self.finish_send(sending);
        }
    }

    /// One call, by its stamp.
    pub(super) fn call_at(&self, at: crate::journal::Micros, op: Op, result: Result<u64, Errno>) {
        let call = crate::journal::Call {
            op,
            result,
            by: By::Asked,
            blocked_us: None,
        };
        self.room
            .tape
            .append(at, Some(&self.who), crate::journal::Fact::App(call));
    }
}

impl Sending {
    /// Makes sure that there is a chunk to send. A file that ends early ends the send.
    fn fill(&mut self) -> Result<(), String> {
        if self.taken < self.chunk.len() {
            return Ok(());
        }
        let want = CHUNK.min(usize::try_from(self.left).unwrap_or(CHUNK));
        self.chunk.clear();
        self.taken = 0;
        match &mut self.source {
            Source::Bytes { bytes, from } => {
                self.chunk.extend_from_slice(&bytes[*from..*from + want]);
                *from += want;
            }
            Source::Pattern { at } => {
                ruler(*at, want, &mut self.chunk);
                *at += want as u64;
            }
            Source::Urgent(byte) => self.chunk.push(*byte),
            Source::File { file, .. } => {
                self.chunk.resize(want, 0);
                file.read_exact(&mut self.chunk)
                    .map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    fn name(&self) -> String {
        match &self.source {
            Source::File { name, .. } => name.clone(),
            Source::Bytes { .. } | Source::Pattern { .. } | Source::Urgent(_) => String::new(),
        }
    }
}

/// A pipe or a device would hold up every connection until somebody wrote to it.
fn open_regular(path: &Path) -> io::Result<(u64, File)> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    Ok((about.len(), File::open(path)?))
}

/// Appends so many bytes of `000000000 000000010 ...` from this place on: every tenth place begins with its own offset.
fn ruler(at: u64, want: usize, into: &mut Vec<u8>) {
    let end = into.len() + want;
    // In whole marks, counting up as a person would: a division for each byte would be most of what a send costs.
    let mut mark = *b"000000000 ";
    let mut rest = at / 10 * 10;
    for digit in mark[..9].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let skip = (at % 10) as usize;
    into.extend(mark.iter().skip(skip).take(want));
    while into.len() < end {
        for digit in mark[..8].iter_mut().rev() {
            match *digit {
                b'9' => *digit = b'0',
                _ => {
                    *digit += 1;
                    break;
                }
            }
        }
        into.extend(&mark[..mark.len().min(end - into.len())]);
    }
}

#[cfg(test)]
mod tests {
    use super::ruler;

    fn text(at: u64, want: usize) -> String {
        let mut bytes = Vec::new();
        ruler(at, want, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn every_tenth_place_names_its_offset() {
        assert_eq!(text(120, 20), "000000120 000000130 ");
        assert_eq!(text(127, 16), "20 000000130 000");
        assert_eq!(text(125, 2), "01");
        assert_eq!(text(99_999_990, 20), "099999990 100000000 ");
        assert_eq!(text(9_999_999_990, 20), "999999990 000000000 ");
        assert_eq!(text(7, 0), "");
    }

    #[test]
    fn chunks_make_one_ruler_wherever_they_are_cut() {
        let whole = text(0, 2000);
        let mut pieces = Vec::new();
        for piece in [1, 9, 10, 11, 64, 905, 1000] {
            ruler(pieces.len() as u64, piece, &mut pieces);
        }
        assert_eq!(String::from_utf8_lossy(&pieces), whole);
    }
}
