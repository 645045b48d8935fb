//! One task owns one socket: its loop, and the order in which jobs, edges and readings get their turn.
//!
//! The parts of a driver stand in files of their own: `opening`, `accepting`, `incoming`, `outgoing`, `calls`,
//! `observe`. This file decides *when*, they do *what*.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::accepting::Accepting;
use super::edges::{EdgeCell, Token, Wake};
use super::incoming::Incoming;
use super::observe::Known;
use super::opening::Opening;
use super::order::{Answer, Job, Outcome, Pace, Refusal};
use super::outgoing::Outgoing;
use super::room::Room;
use super::schedule::{Need, Schedule};
use super::sharing::{Holding, ended};
use super::wire::{Agreement, Place};
use crate::command::Command;
use crate::journal::Who;
use crate::kernel::Socket;
use crate::tcp::Edge;
use crate::tcp::State;

/// A reading that failed is not asked for again at once.
const FIRST_LOOK: Duration = Duration::from_millis(5);

/// How a driver begins.
pub(super) enum Birth {
    /// Without a socket; listen or connect makes one.
    Fresh { actor: String },
    /// With a socket that is connected: accepted, or a duplicate.
    Connected {
        socket: Socket,
        local: Option<SocketAddr>,
        peer: Option<SocketAddr>,
        /// This end sent the first SYN.
        opener: bool,
        /// What is known of its state: CLOSED for a connection that nobody has read yet.
        state: State,
        /// The host of the lab in which it lives.
        place: Place,
        /// A duplicate starts with reading off, so that one descriptor takes the bytes.
        twin: bool,
    },
    /// With a descriptor that a process of our own holds: what is known of its socket.
    Held { holding: Holding, known: Box<Known> },
}

/// A drain that is under way: close follows after EOF.
pub(super) struct Draining {
    pub reply: Answer,
}

pub(super) struct Driver {
    pub room: Rc<Room>,
    pub who: Who,
    /// The name in front of the colon: `server` for the endpoint `server.listen`.
    pub actor: String,
    pub cell: Rc<EdgeCell>,
    mailbox: mpsc::UnboundedReceiver<Job>,
    waiting_jobs: VecDeque<Job>,
    pub socket: Option<Socket>,
    /// The process that has the descriptor in place of us.
    pub holding: Option<Holding>,
    pub token: Option<Token>,
    /// An edge came: something may be new even where nothing is moved.
    stale: bool,
    /// Bytes could be moved, and wait until the journal was read.
    held_up: bool,
    pub known: Known,
    /// Whether the segments say the same.
    pub agreement: Agreement,
    pub opening: Opening,
    pub accepting: Option<Accepting>,
    pub incoming: Incoming,
    pub outgoing: Outgoing,
    pub draining: Option<Draining>,
    pub keepalive: bool,
    pub schedule: Schedule,
    /// Nothing will ever happen here again.
    pub over: bool,
}

impl Driver {
    pub(super) fn new(
        room: Rc<Room>,
        who: Who,
        cell: Rc<EdgeCell>,
        mailbox: mpsc::UnboundedReceiver<Job>,
        birth: Birth,
    ) -> Driver {
        let mut driver = Driver {
            actor: who.name.to_string(),
            room,
            who,
            cell,
            mailbox,
            waiting_jobs: VecDeque::new(),
            socket: None,
            holding: None,
            token: None,
            stale: false,
            held_up: false,
            known: Known::default(),
            agreement: Agreement::default(),
            opening: Opening::default(),
            accepting: None,
            incoming: Incoming::default(),
            outgoing: Outgoing::default(),
            draining: None,
            keepalive: false,
            schedule: Schedule::new(),
            over: false,
        };
        match birth {
            Birth::Fresh { actor } => driver.actor = actor,
            Birth::Connected {
                socket,
                local,
                peer,
                opener,
                state,
                place,
                twin,
            } => {
                driver.known.host = place;
                driver.known.twin = twin;
                driver.room.lives(&driver.who, place);
                driver.known.state = state;
                driver.adopt(socket, local, peer, opener);
            }
            Birth::Held { holding, known } => {
                driver.room.lives(&driver.who, known.host);
                driver.holding = Some(holding);
                driver.known = *known;
                driver.observe();
            }
        }
        driver
    }

    pub(super) async fn run(mut self) {
        while !self.over {
            self.start_jobs().await;
            if self.over {
                break;
            }
            if self.pump() {
                tokio::task::yield_now().await;
                continue;
            }
            self.finish_drain().await;
            if self.over {
                break;
            }
            self.wait().await;
        }
        self.is_no_more();
    }

    /// Sleeps until a job, an edge, an answer of the resolver, or the next reading.
    async fn wait(&mut self) {
        let pause = self.pause();
        tokio::select! {
            biased;
            wake = self.cell.wake() => match wake {
                Wake::Edge(edge) => self.on_edge(edge),
                Wake::Poke => { self.observe(); }
            },
            job = self.mailbox.recv() => match job {
                Some(job) => self.take_job(job).await,
                // The room is gone: the engine has ended.
                None => self.over = true,
            },
            found = self.opening.lookup() => self.resolved(found),
            () = self.room.tape.caught_up(), if self.held_up => self.held_up = false,
            () = ended(self.holding.as_ref()) => self.process_ended(),
            () = sleep(pause) => self.look_again(),
        }
    }

    fn pause(&mut self) -> Option<Duration> {
        if let Some(retry) = self.accepting.as_ref().and_then(Accepting::retry) {
            return Some(retry);
        }
        let need = match &self.known.sample {
            Some(sample) => Need::of(sample, self.socket.is_some(), self.keepalive),
            None => Need::Nothing,
        };
        let settles = self.agreement.due().map(|due| {
            let now = self.room.clock.now();
            Duration::from_micros(due.0.saturating_sub(now.0)).max(FIRST_LOOK)
        });
        [self.schedule.next(need), settles]
            .into_iter()
            .flatten()
            .min()
    }

    fn look_again(&mut self) {
        if let Some(accepting) = &mut self.accepting {
            accepting.retry_now();
        }
        if self.observe() {
            self.schedule.restart();
        }
    }

    fn on_edge(&mut self, edge: Edge) {
        self.schedule.restart();
        self.stale = true;
        if self.opening.connecting() {
            self.check_connect();
        }
        // A FIN or a RST is told before the recv that reads it; pure data need no reading first.
        if (edge.read_hup || edge.hup || edge.error) && self.accepting.is_none() {
            self.glance();
        }
        self.incoming.edge(edge);
        self.outgoing.edge(edge);
        if let Some(accepting) = &mut self.accepting {
            accepting.edge();
        }
    }

    /// Moves bytes and connections, in turns, so that no socket starves another. True: there is more to do.
    fn pump(&mut self) -> bool {
        if self.opening.connecting() || self.socket.is_none() {
            return false;
        }
        let mut moved = self.pump_accept();
        // Every byte moved is an event that somebody has to read: who reads more slowly than this slows it down.
        self.held_up = self.room.tape.is_behind() && (self.due_to_read() || self.due_to_send());
        if !self.held_up {
            moved = moved | self.pump_recv() | self.pump_send();
        }
        if moved.any || std::mem::take(&mut self.stale) {
            // Readers need not wait for the reading that follows.
            self.room.tape.ring();
            self.observe();
        }
        if !moved.more && !self.held_up && self.due_to_read() {
            // The reading found the connection broken before its edge came.
            self.pump_recv();
            self.observe();
        }
        moved.more
    }

    // --- jobs ----------------------------------------------------------------------------------------------------

    async fn start_jobs(&mut self) {
        while let Ok(job) = self.mailbox.try_recv() {
            self.take_job(job).await;
        }
        while !self.busy()
            && let Some(job) = self.waiting_jobs.pop_front()
        {
            self.perform(job).await;
        }
    }

    /// A key is served at once, a script's line when the lines before it are done.
    async fn take_job(&mut self, job: Job) {
        match job {
            Job::Do {
                pace: Pace::Script, ..
            } if self.busy() || !self.waiting_jobs.is_empty() => self.waiting_jobs.push_back(job),
            Job::Do { .. } => self.perform(job).await,
            Job::End { .. } => {
                self.waiting_jobs.clear();
                self.perform(job).await;
            }
        }
    }

    /// A blocking program would still be inside an earlier call.
    fn busy(&self) -> bool {
        self.opening.blocks() || self.outgoing.busy() || self.draining.is_some()
    }

    async fn perform(&mut self, job: Job) {
        let by = job.by();
        let (command, mut reply) = match job {
            Job::Do { command, reply, .. } => (command, reply),
            Job::End { mut reply } => {
                if self.socket.is_some() {
                    self.close(by).await;
                } else if self.holding.is_some() {
                    self.kill(by, &mut reply).await;
                }
                return reply.give(Outcome::Done);
            }
        };
        if let (Some(holding), false) = (&self.holding, command == Command::Kill) {
            let (actor, pid) = (self.who.name.to_string(), holding.pid());
            return reply.give(Outcome::Refused(Refusal::InProcess { actor, pid }));
        }
        match command {
            Command::Kill => self.kill(by, &mut reply).await,
            Command::Listen(listen) => return self.listen(listen, reply),
            Command::Connect(connect) => return self.connect(connect, reply),
            _ if self.socket.is_none() => {
                let actor = self.who.name.to_string();
                return reply.give(Outcome::Refused(Refusal::NoDescriptor { actor }));
            }
            Command::Send(send) => return self.send(send, reply),
            Command::Drain => return self.drain(by, reply).await,
            Command::Accept(on) => self.accept(on, &mut reply),
            Command::Read(mode) => self.read(mode),
            Command::Save(path) => self.save(path),
            Command::Shutdown(how) => self.shutdown(how, by),
            Command::Close => self.close(by).await,
            Command::Abort => self.abort(by).await,
            Command::Disconnect => self.disconnect(by),
            Command::Set(setting) => self.set(setting, by),
            Command::Dup { name } => self.dup(&name, by, &mut reply),
            Command::Fork { name } => self.fork(&name, by, &mut reply),
        }
        reply.give(Outcome::Done);
    }
}

/// Whether a turn moved anything, and whether it stopped only because the turn was over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    pub any: bool,
    pub more: bool,
}

impl std::ops::BitOr for Moved {
    type Output = Moved;

    fn bitor(self, other: Moved) -> Moved {
        Moved {
            any: self.any | other.any,
            more: self.more | other.more,
        }
    }
}

async fn sleep(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}
