//! The cable as the engine holds it: its verbs, and what its segments prove. The thread that carries is its [`Carrier`].

use std::collections::VecDeque;
use std::io::{self, PipeWriter, Write};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use super::carrier::Carrier;
use super::telling::Teller;
use crate::command::WireCommand;
use crate::engine::clock::Clock;
use crate::engine::order::Answer;
use crate::engine::tape::Tape;
use crate::engine::wire::{Capture, End, Evidence, Moved, Names, Turn, WireQueue};
use crate::journal::Host;
use crate::kernel::{Alarm, WireEnd};
use crate::tcp::State;

/// What the thread is told.
pub(super) enum Order {
    Wire(WireCommand, Answer),
    /// What this host says from now on is thrown away.
    Deafen(Host, Sender<()>),
    /// Throws away what the host has said so far, and listens again.
    ListenAgain(Host, Sender<()>),
    /// Reads what both hosts have said so far.
    CatchUp(Sender<()>),
    /// Tells which rules no segment has met.
    TellUnmet(Sender<()>),
    /// The number that the next segment has; a smaller one than it would have anyway changes nothing.
    NumberFrom(u64),
    /// Nothing is carried any more, from the answer on: the number that the next segment would have had.
    Stop(Sender<u64>),
}

/// The names of endpoints to which a segment was delivered that ends or restarts TIME-WAIT.
pub type Deliveries = UnboundedSender<Arc<str>>;

/// The cable between the two hosts.
pub struct Cable {
    orders: Sender<Order>,
    bell: PipeWriter,
    capture: Arc<Mutex<Capture>>,
}

impl Cable {
    pub fn start(
        ends: [WireEnd; 2],
        tape: Arc<Tape>,
        clock: Clock,
        names: Arc<Mutex<Names>>,
        moved: UnboundedSender<Moved>,
        deliveries: Deliveries,
    ) -> io::Result<Cable> {
        let (orders, inbox) = channel();
        let (heard, bell) = io::pipe()?;
        let capture = Arc::new(Mutex::new(Capture::default()));
        let carrier = Carrier {
            ends,
            clock,
            names,
            deliveries,
            capture: Arc::clone(&capture),
            teller: Teller::new(tape, clock),
            moved,
            queue: WireQueue::default(),
            deaf: [false; 2],
            steps: VecDeque::new(),
            inbox,
            heard,
            alarm: Alarm::new().map_err(|errno| io::Error::from_raw_os_error(errno.0))?,
        };
        std::thread::Builder::new()
            .name("wire".to_owned())
            .spawn(move || carrier.run())?;
        Ok(Cable {
            orders,
            bell,
            capture,
        })
    }

    pub fn command(&self, command: WireCommand, reply: Answer) {
        self.send(Order::Wire(command, reply));
    }

    /// Returns when nothing that the host says from now on can pass.
    pub fn deafen(&self, host: Host) {
        let (done, heard) = channel();
        self.send(Order::Deafen(host, done));
        // A thread that is gone says nothing, and carries nothing either.
        let _ = heard.recv();
    }

    /// Returns when nothing that the host said while it was deaf can pass any more.
    pub fn listen_again(&self, host: Host) {
        let (done, heard) = channel();
        self.send(Order::ListenAgain(host, done));
        // A thread that is gone says nothing, and carries nothing either.
        let _ = heard.recv();
    }

    /// Returns when the capture knows everything that the hosts had said before.
    pub fn catch_up(&self) {
        let (done, heard) = channel();
        self.send(Order::CatchUp(done));
        // A thread that is gone captures nothing any more.
        let _ = heard.recv();
    }

    /// Returns when the rules that no segment has met are told.
    pub fn tell_unmet(&self) {
        let (done, heard) = channel();
        self.send(Order::TellUnmet(done));
        // A thread that is gone has no rules.
        let _ = heard.recv();
    }

    /// Segments are numbered from here on: a number names one segment of the whole session, and this is not its first
    /// cable.
    pub fn number_from(&self, id: u64) {
        self.send(Order::NumberFrom(id));
    }

    /// Carries nothing any more. The number that the next segment would have had; `None`: the thread had ended before.
    pub fn stop(&self) -> Option<u64> {
        let (done, heard) = channel();
        self.send(Order::Stop(done));
        heard.recv().ok()
    }

    fn send(&self, order: Order) {
        // A thread that has ended takes no orders; whoever waits for an answer sees the channel close.
        let _ = self.orders.send(order);
        let _ = (&self.bell).write(&[1]);
    }

    /// The segments seen prove that this end passed this state.
    pub fn proves(&self, end: End, state: State) -> bool {
        lock(&self.capture).proves(end, state)
    }

    /// What the segments seen say of this end now.
    pub fn evidence(&self, end: End) -> Option<Evidence> {
        lock(&self.capture).evidence(end)
    }

    /// close or shutdown was called there: a FIN behind data cannot be seen yet.
    pub fn queues_fin(&self, end: End, turn: Turn) {
        lock(&self.capture).queues_fin(end, turn);
    }

    pub fn rebooted(&self, addresses: &[std::net::IpAddr]) {
        lock(&self.capture).rebooted(addresses);
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        // A thread that is gone carries nothing either.
        let _ = self.stop();
    }
}

/// Whoever panicked with the lock has told so; what it guards is numbers, and none of them is half written.
pub(super) fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
