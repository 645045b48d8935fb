//! The engine as the rest of the program holds it: a thread, a way in, and readers of its journal.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

use super::clock::Clock;
use super::edges::Readiness;
use super::lab::LabWorld;
use super::order::{Answer, Order, Outcome, Pace, Refusal, Reply};
use super::room::Room;
use super::tap::Tap;
use super::tape::{Reader, Tape};
use crate::command::{Command, LabCommand, WireCommand};
use crate::journal::{Fact, Host, Limits, Note};
use crate::kernel::Socket;
use crate::tcp::{Errno, Unavailable};

/// The address family of a bare port, and which addresses of a name are tried first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    #[default]
    V4,
    V6,
}

impl Family {
    pub(super) const fn loopback(self) -> IpAddr {
        match self {
            Family::V4 => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Family::V6 => IpAddr::V6(Ipv6Addr::LOCALHOST),
        }
    }

    /// The family's own addresses first; the resolver's order is kept otherwise.
    pub(super) fn sorted(self, mut addrs: Vec<SocketAddr>) -> Vec<SocketAddr> {
        addrs.sort_by_key(|a| a.is_ipv6() != (self == Family::V6));
        addrs
    }
}

/// How the engine begins.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub family: Family,
    pub limits: Limits,
    /// Two hosts of our own instead of loopback, where this machine grants them.
    pub lab: bool,
    /// Segments on loopback are seen, where there is no lab and this machine grants it.
    pub capture: bool,
}

enum Message {
    Order(Order),
    /// Somebody else's words for the journal: the script lane, remarks of the program.
    Tell(Option<String>, Fact),
    Wire(WireCommand, Answer),
    Lab(LabCommand, Answer),
    Socket(Host, bool, oneshot::Sender<Result<Socket, Errno>>),
    Finish(oneshot::Sender<()>),
}

/// A running engine.
pub struct Engine {
    messages: mpsc::UnboundedSender<Message>,
    tape: Arc<Tape>,
    clock: Clock,
    thread: Option<JoinHandle<()>>,
    granted: Granted,
}

/// What this machine made of the wishes.
#[derive(Debug, Default)]
struct Granted {
    lab_refused: Option<Unavailable>,
    /// `None`: not asked for, or not needed.
    capture: Option<Result<(), Unavailable>>,
}

impl Engine {
    /// Starts the engine's thread.
    ///
    /// # Errors
    /// No thread, no epoll set: the system is out of resources.
    pub fn start(config: Config) -> io::Result<Engine> {
        let tape = Tape::new(config.limits);
        let clock = Clock::start();
        let (messages, inbox) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let shared = Arc::clone(&tape);
        let (ready, started) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                let _ends = Ends(Arc::clone(&shared));
                let local = LocalSet::new();
                let work = local.run_until(serve(Arc::clone(&shared), config, clock, inbox, ready));
                runtime.block_on(work);
                // A close that lingers must not hold the program.
                runtime.shutdown_background();
            })?;
        let granted = started.recv().map_err(io::Error::other)??;
        Ok(Engine {
            messages,
            tape,
            clock,
            thread: Some(thread),
            granted,
        })
    }

    /// Gives an order. The answer may be awaited or dropped; the order is carried out all the same.
    pub fn order(&self, actor: &str, command: Command, pace: Pace) -> Reply {
        let (reply, answer) = Answer::new();
        let order = Order {
            actor: actor.to_owned(),
            command,
            pace,
            reply,
        };
        if let Err(mpsc::error::SendError(Message::Order(mut order))) =
            self.messages.send(Message::Order(order))
        {
            order.reply.give(Outcome::Refused(Refusal::Ended));
        }
        answer
    }

    /// A verb of the wire.
    pub fn wire(&self, command: WireCommand) -> Reply {
        let (reply, answer) = Answer::new();
        self.send(Message::Wire(command, reply));
        answer
    }

    /// A verb of the lab.
    pub fn lab(&self, command: LabCommand) -> Reply {
        let (reply, answer) = Answer::new();
        self.send(Message::Lab(command, reply));
        answer
    }

    /// A socket in a host of the lab that is no endpoint of the journal: for a peer that finspect does not inspect.
    /// ENETDOWN: there is no lab. An engine that has ended lets the answer go.
    pub fn foreign_socket(&self, host: Host, v6: bool) -> oneshot::Receiver<Result<Socket, Errno>> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Socket(host, v6, reply));
        answer
    }

    /// Why there is no lab although one was asked for.
    pub fn lab_refused(&self) -> Option<&Unavailable> {
        self.granted.lab_refused.as_ref()
    }

    /// Whether segments on loopback are seen, and why not. `None`: that was not asked for, or there is a lab.
    pub fn capture(&self) -> Option<&Result<(), Unavailable>> {
        self.granted.capture.as_ref()
    }

    fn send(&self, message: Message) {
        if let Err(mpsc::error::SendError(
            Message::Wire(_, mut reply) | Message::Lab(_, mut reply),
        )) = self.messages.send(message)
        {
            reply.give(Outcome::Refused(Refusal::Ended));
        }
    }

    /// Puts a line of the script lane or a remark into the journal, in order with the orders.
    pub fn tell(&self, who: Option<&str>, fact: Fact) {
        // An engine that has ended has nobody left to read it.
        let _ = self
            .messages
            .send(Message::Tell(who.map(str::to_owned), fact));
    }

    /// The same for a remark in words.
    pub fn remark(&self, words: impl Into<String>) {
        self.tell(None, Fact::Note(Note::Text(words.into())));
    }

    /// The moment that the journal's microseconds count from.
    pub fn started(&self) -> Instant {
        self.clock.started()
    }

    /// A reader from the journal's beginning.
    pub fn reader(&self) -> Reader {
        self.tape.reader()
    }

    /// Closes what is open, in order of creation, as events; readers then come to their end.
    ///
    /// A close that lingers is waited for no longer than `patience`; the kernel then finishes it alone.
    pub async fn finish(mut self, patience: Duration) {
        self.close(patience).await;
    }

    /// The same for an engine that another one takes the place of.
    pub async fn close(&mut self, patience: Duration) {
        let (done, closed) = oneshot::channel();
        if self.messages.send(Message::Finish(done)).is_ok()
            && tokio::time::timeout(patience, closed).await.is_err()
        {
            self.tape.end();
            return;
        }
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so on its way out.
            let _ = thread.join();
        }
    }
}

/// Tells the readers when the engine's thread is over, also by a panic: nobody may wait for it for ever.
struct Ends(Arc<Tape>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.end();
    }
}

async fn serve(
    tape: Arc<Tape>,
    config: Config,
    clock: Clock,
    mut inbox: mpsc::UnboundedReceiver<Message>,
    ready: std::sync::mpsc::Sender<io::Result<Granted>>,
) {
    let readiness = match Readiness::new() {
        Ok(readiness) => Rc::new(readiness),
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    let bell = Arc::clone(&tape);
    tokio::task::spawn_local(async move { bell.ring_after_turns().await });
    let (deliveries, delivered) = mpsc::unbounded_channel();
    let made = config
        .lab
        .then(|| LabWorld::create(&tape, clock, deliveries.clone()));
    let mut granted = Granted::default();
    let lab = made.transpose().unwrap_or_else(|refused| {
        granted.lab_refused = Some(refused);
        None
    });
    let tap = match (config.capture && lab.is_none()).then(Tap::open) {
        Some(Ok(tap)) => {
            granted.capture = Some(Ok(()));
            Some(tap)
        }
        Some(Err(refused)) => {
            granted.capture = Some(Err(refused));
            None
        }
        None => None,
    };
    let family = config.family;
    let room = Room::new(
        tape,
        Rc::clone(&readiness),
        family,
        clock,
        lab,
        tap,
        deliveries,
    );
    room.follow_wire();
    tokio::task::spawn_local(readiness.run());
    tokio::task::spawn_local(Rc::clone(&room).look_where_delivered(delivered));
    tokio::task::spawn_local(Rc::clone(&room).watch_loopback());
    let _ = ready.send(Ok(granted));
    while let Some(message) = inbox.recv().await {
        match message {
            Message::Order(order) => room.route(order),
            Message::Tell(who, fact) => room.tell(who.as_deref(), fact),
            Message::Wire(command, reply) => room.wire(command, reply),
            Message::Lab(command, reply) => room.lab(command, reply).await,
            Message::Socket(host, v6, reply) => {
                // Whoever asked may be gone; then the socket is closed.
                let _ = reply.send(room.socket(Some(host), v6));
            }
            Message::Finish(done) => {
                // Before the closes, whose segments nobody meant.
                room.with_lab(|lab| lab.tell_unmet());
                room.close_all().await;
                room.tell_the_rest();
                let _ = done.send(());
                return;
            }
        }
    }
}
