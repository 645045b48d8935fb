//! The cable: a thread that reads each frame from one host and writes it to the other, as the wire's queue decides.
//!
//! It never waits for anybody but its descriptors: what the kernel's small queues cannot hold would be lost there and
//! look like loss on the wire. It owns the wire's ends, the queue and nothing else; the capture is shared for questions.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::command::WireCommand;
use crate::engine::clock::Clock;
use crate::engine::order::{Answer, Outcome, Refusal};
use crate::engine::tape::Tape;
use crate::engine::wire::{Act, Arrival, Capture, End, Names, WireQueue, WireRefusal, WireTelling};
use crate::journal::{Fact, Host, Micros, Note, WireFact};
use crate::kernel::{LONGEST_FRAME, WireEnd, wait_readable};
use crate::tcp::{Packet, State, ethernet};

/// Frames of one host in a turn, so that neither starves the other.
const TURN: usize = 64;
/// How often the kernel is asked for frames that it dropped before the wire saw them.
const LOST_EVERY: Duration = Duration::from_millis(250);

/// A host that says nothing for so long has said it all.
const QUIET: Duration = Duration::from_millis(5);

type Bytes = Arc<[u8]>;

enum Order {
    Wire(WireCommand, Answer),
    /// What this host says from now on is thrown away.
    Deafen(Host, Sender<()>),
    /// Throws away what the host has said so far, and listens again.
    ListenAgain(Host, Sender<()>),
    Stop,
}

/// The cable as the engine holds it.
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
    ) -> io::Result<Cable> {
        let (orders, inbox) = channel();
        let (heard, bell) = io::pipe()?;
        let capture = Arc::new(Mutex::new(Capture::default()));
        let carrier = Carrier {
            ends,
            tape,
            clock,
            names,
            capture: Arc::clone(&capture),
            queue: WireQueue::default(),
            deaf: [false; 2],
            steps: VecDeque::new(),
            inbox,
            heard,
            told_rules: String::new(),
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

    fn send(&self, order: Order) {
        // A thread that has ended takes no orders; whoever waits for an answer sees the channel close.
        let _ = self.orders.send(order);
        let _ = (&self.bell).write(&[1]);
    }

    /// The segments seen prove that this end passed this state.
    pub fn proves(&self, end: End, state: State) -> bool {
        lock(&self.capture).proves(end, state)
    }

    /// close or shutdown was called there: a FIN behind data cannot be seen yet.
    pub fn queues_fin(&self, end: End) {
        lock(&self.capture).queues_fin(end);
    }

    pub fn rebooted(&self, addresses: &[std::net::IpAddr]) {
        lock(&self.capture).rebooted(addresses);
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.send(Order::Stop);
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread.
struct Carrier {
    ends: [WireEnd; 2],
    tape: Arc<Tape>,
    clock: Clock,
    names: Arc<Mutex<Names>>,
    capture: Arc<Mutex<Capture>>,
    queue: WireQueue<Bytes>,
    deaf: [bool; 2],
    /// Steps that wait for a segment to come.
    steps: VecDeque<(WireCommand, Answer)>,
    inbox: Receiver<Order>,
    heard: PipeReader,
    told_rules: String,
}

impl Carrier {
    fn run(mut self) {
        let mut buffer = vec![0; LONGEST_FRAME];
        let mut asked = Instant::now();
        loop {
            self.wait();
            for host in Host::ALL {
                self.carry(host, &mut buffer);
            }
            let due = self.queue.due(self.clock.now());
            self.perform(due);
            if !self.take_orders(&mut buffer) {
                return;
            }
            self.tape.ring();
            if asked.elapsed() >= LOST_EVERY {
                asked = Instant::now();
                self.tell_lost();
            }
        }
    }

    fn wait(&self) {
        let now = self.clock.now();
        let time = self
            .queue
            .next_due()
            .map(|due| Duration::from_micros(due.0.saturating_sub(now.0)));
        let [a, b] = &self.ends;
        wait_readable(&[a.as_fd(), b.as_fd(), self.heard.as_fd()], time);
    }

    fn carry(&mut self, host: Host, buffer: &mut [u8]) {
        for _ in 0..TURN {
            let Ok(frame) = self.ends[host as usize].read(buffer) else {
                return;
            };
            if !self.deaf[host as usize] {
                let left = self.clock.at(frame.left);
                self.arrive(host, &buffer[..frame.len], left);
            }
        }
    }

    fn arrive(&mut self, host: Host, bytes: &[u8], left: Micros) {
        let now = self.clock.now();
        let packet = ethernet(bytes).and_then(|(_, ip)| Packet::parse(ip));
        let frame: Bytes = bytes.into();
        let acts = match &packet {
            None => self.queue.arrive(now, host, None, frame),
            Some(packet) => {
                let sent = lock(&self.capture).sent(self.queue.next_id(), packet);
                let (from, _) = lock(&self.names).of(Some(host), packet);
                let arrival = Arrival {
                    packet,
                    segment: sent.segment,
                    from: Some(&from),
                    left,
                    repeats_of: sent.repeats_of,
                };
                self.queue.arrive(now, host, Some(arrival), frame)
            }
        };
        self.perform(acts);
        self.step_on();
    }

    /// A step that came before its segment.
    fn step_on(&mut self) {
        while let Some((command, mut reply)) = self.steps.pop_front() {
            match self.queue.command(self.clock.now(), &command) {
                Ok(acts) => {
                    self.perform(acts);
                    reply.give(Outcome::Done);
                }
                Err(_) => return self.steps.push_front((command, reply)),
            }
        }
    }

    fn perform(&mut self, acts: Vec<Act<Bytes>>) {
        for act in acts {
            match act {
                Act::Told(told) => self.tell(&told),
                Act::Pass { to, frame, told } => {
                    let written = self.ends[to as usize].write(&frame);
                    if let (Ok(()), Some(told)) = (written, told) {
                        lock(&self.capture).delivered(&told.packet);
                        self.tell(&told);
                    }
                }
            }
        }
    }

    fn tell(&self, told: &WireTelling) {
        let (from, to) = lock(&self.names).of(Some(told.host), &told.packet);
        let fact = WireFact {
            id: told.id,
            from,
            to,
            host: Some(told.host),
            segment: told.segment,
            fate: told.fate,
            left: told.left,
            due: told.due,
            repeats: told.repeats,
            repeats_of: told.repeats_of,
            // The cable takes whole frames of the MTU only.
            gso: false,
        };
        self.tape.append(self.clock.now(), None, Fact::Wire(fact));
    }

    /// False: the cable is taken away.
    fn take_orders(&mut self, buffer: &mut [u8]) -> bool {
        while let Ok(order) = self.inbox.try_recv() {
            // One bell for each order, at least.
            let _ = self.heard.read(&mut [0]);
            match order {
                Order::Wire(command, reply) => self.command(command, reply),
                Order::Deafen(host, done) => {
                    self.deaf[host as usize] = true;
                    // Whoever asked may be gone; the host is deaf all the same.
                    let _ = done.send(());
                }
                Order::ListenAgain(host, done) => {
                    self.throw_away(host, buffer);
                    self.deaf[host as usize] = false;
                    let _ = done.send(());
                }
                Order::Stop => return false,
            }
        }
        true
    }

    /// What a host has said, to the last frame: the kernel may hand over the last ones a moment after the call that
    /// caused them.
    fn throw_away(&self, host: Host, buffer: &mut [u8]) {
        let end = &self.ends[host as usize];
        loop {
            while end.read(buffer).is_ok() {}
            wait_readable(&[end.as_fd()], Some(QUIET));
            if end.read(buffer).is_err() {
                return;
            }
        }
    }

    fn command(&mut self, command: WireCommand, mut reply: Answer) {
        match self.queue.command(self.clock.now(), &command) {
            Ok(acts) => {
                self.tell_rules();
                self.perform(acts);
                reply.give(Outcome::Done);
            }
            Err(WireRefusal::NothingToStep { holding: true }) => {
                self.steps.push_back((command, reply));
            }
            Err(refusal) => reply.give(Outcome::Refused(Refusal::Wire(refusal.to_string()))),
        }
    }

    fn tell_rules(&mut self) {
        let rules = self.queue.rules().join("; ");
        if rules != self.told_rules {
            let rule = if rules.is_empty() {
                "clear".to_owned()
            } else {
                rules.clone()
            };
            self.told_rules = rules;
            let note = Note::Wire { rule };
            self.tape.append(self.clock.now(), None, Fact::Note(note));
        }
    }

    fn tell_lost(&self) {
        let lost: u64 = self
            .ends
            .iter()
            .filter_map(|end| end.lost().ok())
            .map(u64::from)
            .sum();
        if lost > 0 {
            let note = Note::WireLost { frames: lost };
            self.tape.append(self.clock.now(), None, Fact::Note(note));
        }
    }
}
