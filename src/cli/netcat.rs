//! `connect` and `listen` in a pipe: stdin is sent, what arrives goes to stdout, the story goes to stderr.
//!
//! At the end of its input it half-closes and goes on receiving until EOF: what a good netcat does, said aloud.

use std::io::{self, IsTerminal, Read, Write};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;

use super::arguments::Everywhere;
use super::exit::{Exit, Failure};
use super::output;
use super::recording::Place;
use super::session::Session;
use super::signals::Ends;
use super::transcript::Transcript;
use crate::command::{Command, ReadMode, Send, SendWhat};
use crate::engine::{Family, Outcome, Pace, Reader};
use crate::journal::{Event, Fact, Ground, Note, Op, ShutdownHow, World};
use crate::tcp::{Ending, How, RecvHalf, SendHalf, State};

/// A close that lingers may take so long at the end.
const PATIENCE: Duration = Duration::from_secs(2);

const CHUNK: usize = 64 * 1024;
/// More than this unwritten on stdout, and reading pauses: TCP's own back-pressure then holds the peer.
const HIGH: usize = 4 * 1024 * 1024;
const LOW: usize = 1024 * 1024;

/// `opening`: the line that makes the connection, or listens for it.
pub async fn run(
    opening: (String, Command),
    family: Family,
    everywhere: &Everywhere,
) -> Result<Exit, Failure> {
    if everywhere.read_only {
        return Err(Failure::usage(
            "--read-only: a connection in a pipe sends and closes",
        ));
    }
    let (actor, command) = opening;
    Pipe::begin(actor, family, everywhere)?.run(command).await
}

struct Pipe {
    /// The connection whose bytes are ours.
    actor: String,
    session: Session,
    reader: Reader,
    world: World,
    input: mpsc::Receiver<Vec<u8>>,
    output: mpsc::UnboundedSender<Vec<u8>>,
    written: mpsc::UnboundedReceiver<io::Result<usize>>,
    unwritten: usize,
    paused: bool,
    ends: Ends,
    transcript: Transcript,
    /// The name has no address.
    unresolved: bool,
}

impl Pipe {
    fn begin(actor: String, family: Family, everywhere: &Everywhere) -> Result<Pipe, Failure> {
        let session = Session::begin(family, everywhere, Place::Fresh, Ground::Loopback)?.aloud();
        let reader = session.engine.reader();
        let (output, written) = stdout_thread();
        Ok(Pipe {
            actor,
            session,
            reader,
            world: World::default(),
            input: stdin_thread(),
            output,
            written,
            unwritten: 0,
            paused: false,
            ends: Ends::listen()
                .map_err(|error| Failure::machine(format!("signals cannot be caught: {error}")))?,
            transcript: Transcript::new(everywhere.ascii),
            unresolved: false,
        })
    }

    async fn run(mut self, opening: Command) -> Result<Exit, Failure> {
        let listening = matches!(opening, Command::Listen(_));
        self.order(opening);
        let mut events = Vec::new();
        let mut sending: Option<crate::engine::Reply> = None;
        let mut input_open = true;
        let exit = loop {
            if self.finished() {
                break Exit::Done;
            }
            let connected = self.connected();
            tokio::select! {
                biased;
                n = self.ends.came() => break Exit::Signal(n),
                more = self.reader.next(&mut events) => {
                    if !more {
                        break Exit::Machine;
                    }
                    self.take(&mut events);
                    if self.failed_to_open(listening) {
                        break Exit::Finding;
                    }
                }
                Some(written) = self.written.recv() => match written {
                    Ok(n) => self.wrote(n),
                    // Nobody reads any more: a quiet end.
                    Err(_) => {
                        self.session.finish(PATIENCE).await;
                        return Ok(Exit::Done);
                    }
                },
                outcome = answered(&mut sending) => {
                    sending = None;
                    if matches!(outcome, Some(Outcome::Refused(_))) {
                        input_open = false;
                    }
                }
                chunk = self.input.recv(), if connected && input_open && sending.is_none() => {
                    match chunk {
                        Some(bytes) => {
                            let what = SendWhat::Text(bytes);
                            sending = Some(self.order(Command::Send(Send { what, nowait: false })));
                        }
                        None => {
                            input_open = false;
                            self.order(Command::Shutdown(ShutdownHow::Send));
                        }
                    }
                }
            }
        };
        self.end(exit).await
    }

    fn order(&self, command: Command) -> crate::engine::Reply {
        self.session
            .engine
            .order(&self.actor, command, Pace::Script)
    }

    fn take(&mut self, events: &mut Vec<Event>) {
        for event in events.drain(..) {
            self.world.apply(&event);
            self.story(&event);
            self.unresolved |= matches!(event.fact, Fact::Note(Note::Unresolved { .. }));
            let mine = event.who.as_ref().is_some_and(|w| *w.name == *self.actor);
            if let (true, Fact::App(call)) = (mine, &event.fact)
                && let Op::Recv { data, .. } = &call.op
                && !data.bytes().is_empty()
            {
                self.unwritten += data.bytes().len();
                // A writer that has ended says so through `written`.
                let _ = self.output.send(data.bytes().to_vec());
            }
        }
        if self.unwritten > HIGH && !self.paused {
            self.paused = true;
            self.order(Command::Read(ReadMode::Off));
        }
    }

    fn wrote(&mut self, n: usize) {
        self.unwritten = self.unwritten.saturating_sub(n);
        if self.paused && self.unwritten < LOW {
            self.paused = false;
            self.order(Command::Read(ReadMode::On));
        }
    }

    /// Bytes are on stdout; stderr tells what happened to the halves.
    fn story(&mut self, event: &Event) {
        let data = matches!(
            &event.fact,
            Fact::App(call) if matches!(call.op, Op::Send { .. } | Op::Recv { .. })
                && matches!(call.result, Ok(1..))
        );
        let own = matches!(
            &event.fact,
            Fact::Note(Note::Reading { .. } | Note::Waiting { .. })
        );
        let lines = self.transcript.push(event);
        if !data && !own {
            lines.iter().for_each(|line| output::tell(line));
        }
    }

    fn connected(&self) -> bool {
        self.world
            .by_name(&self.actor)
            .is_some_and(|e| e.descriptor && e.state.synchronised())
    }

    /// Both halves are over and every byte is written.
    fn finished(&self) -> bool {
        let Some(end) = self.world.by_name(&self.actor) else {
            return false;
        };
        let received = matches!(end.receive, RecvHalf::EofRead | RecvHalf::Reset);
        let broken = end.send == SendHalf::Reset || end.ending.is_some();
        received && (end.send != SendHalf::Open || broken) && self.unwritten == 0
    }

    /// No connection was had, and none will be.
    fn failed_to_open(&self, listening: bool) -> bool {
        let name = if listening {
            format!("{}.listen", self.actor)
        } else {
            self.actor.clone()
        };
        let Some(end) = self.world.by_name(&name) else {
            return false;
        };
        let failed = end.last_error.is_some() || self.unresolved;
        match listening {
            true => {
                failed && end.state != State::Listen && self.world.by_name(&self.actor).is_none()
            }
            false => failed && end.state == State::Closed && end.received == 0 && end.sent == 0,
        }
    }

    async fn end(mut self, exit: Exit) -> Result<Exit, Failure> {
        if matches!(exit, Exit::Done) {
            // A connection that is over on both sides is closed by us, and that is told.
            let _ = self.order(Command::Close).await;
            let mut events = Vec::new();
            while self.reader.take(&mut events) > 0 {
                self.take(&mut events);
            }
        }
        let ending = self.world.by_name(&self.actor).and_then(|e| e.ending);
        if let Some(ending) = ending {
            output::tell(&told(&self.actor, &ending));
        }
        self.session.finish(PATIENCE).await;
        Ok(match (exit, ending) {
            (Exit::Done, Some(ending)) if ending.how != How::Fin => Exit::Finding,
            (exit, _) => exit,
        })
    }
}

/// The last line of the story.
fn told(actor: &str, ending: &Ending) -> String {
    let mut words = format!("{actor} ended by {}", ending.how);
    for (bytes, fate) in [
        (ending.unread, "arrived and were not read"),
        (ending.unsent, "were never acknowledged by the peer"),
    ] {
        if bytes > 0 {
            words.push_str(&format!("; {bytes} bytes {fate}"));
        }
    }
    words
}

async fn answered(sending: &mut Option<crate::engine::Reply>) -> Option<Outcome> {
    match sending {
        Some(reply) => reply.await.ok(),
        None => std::future::pending().await,
    }
}

/// Blocking reads of stdin on a thread of their own; the channel holds it back.
fn stdin_thread() -> mpsc::Receiver<Vec<u8>> {
    let (chunks, input) = mpsc::channel(4);
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut buffer = vec![0; CHUNK];
        loop {
            match stdin.read(&mut buffer) {
                Ok(0) => return,
                Ok(n) => {
                    if chunks.blocking_send(buffer[..n].to_vec()).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    input
}

type Written = mpsc::UnboundedReceiver<io::Result<usize>>;

/// Blocking writes of stdout. A terminal never gets a peer's control characters raw.
fn stdout_thread() -> (mpsc::UnboundedSender<Vec<u8>>, Written) {
    let (output, mut chunks) = mpsc::unbounded_channel::<Vec<u8>>();
    let (tell, written) = mpsc::unbounded_channel();
    thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        let person = stdout.is_terminal();
        while let Some(bytes) = chunks.blocking_recv() {
            let result = if person {
                let text = output::safe(&String::from_utf8_lossy(&bytes));
                stdout.write_all(text.as_bytes())
            } else {
                stdout.write_all(&bytes)
            };
            let result = result.and_then(|()| stdout.flush()).map(|()| bytes.len());
            let failed = result.is_err();
            if tell.send(result).is_err() || failed {
                return;
            }
        }
    });
    (output, written)
}
