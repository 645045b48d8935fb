//! The thread of the cable: it reads each frame from one host and writes it to the other, as the wire's queue decides.
//!
//! It never waits for anybody but its descriptors: what the kernel's small queues cannot hold would be lost there and
//! look like loss on the wire. It owns the wire's ends and the queue; what it tells, the [`Teller`] brings to the
//! journal. A segment is known to the capture and told before it is written: within microseconds its arrival moves a
//! state that the engine's thread reads, and what a segment caused must not stand before it.

use std::collections::VecDeque;
use std::io::{PipeReader, Read};
use std::os::fd::AsFd;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::cable::{Deliveries, Order, lock};
use super::telling::Teller;
use crate::command::WireCommand;
use crate::engine::clock::Clock;
use crate::engine::order::{Answer, Outcome, Refusal};
use crate::engine::wire::{
    Act, Arrival, Capture, Moved, Names, WireQueue, WireRefusal, WireTelling,
};
use crate::journal::Host;
use crate::kernel::{Alarm, Frames, WireEnd, wait_readable};
use crate::tcp::{Flags, Packet, ethernet};

/// A host that says nothing for so long has said it all.
const QUIET: Duration = Duration::from_millis(5);

/// Readings in which everything that the hosts had said is heard. More than that is no end's last word, but a flood.
const CATCH_UP: usize = 64;

/// A frame that stays on the wire for a while.
type Bytes = Arc<[u8]>;

pub(super) struct Carrier {
    pub ends: [WireEnd; 2],
    pub clock: Clock,
    pub names: Arc<Mutex<Names>>,
    pub capture: Arc<Mutex<Capture>>,
    /// Whoever compares the states that segments prove with the kernel's own.
    pub moved: UnboundedSender<Moved>,
    pub deliveries: Deliveries,
    pub teller: Teller,
    pub queue: WireQueue<Bytes>,
    pub deaf: [bool; 2],
    /// Steps that wait for a segment to come.
    pub steps: VecDeque<(WireCommand, Answer)>,
    pub inbox: Receiver<Order>,
    /// One byte for each order, at least.
    pub heard: PipeReader,
    pub alarm: Alarm,
}

impl Carrier {
    pub(super) fn run(mut self) {
        let mut frames = Frames::new();
        loop {
            let sent = self.wait();
            for host in Host::ALL {
                if sent[host as usize] {
                    self.carry(host, &mut frames);
                }
            }
            let due = self.queue.due(self.clock.now());
            self.perform(due);
            let goes_on = self.take_orders(&mut frames);
            self.teller.end_turn(&self.ends);
            if !goes_on {
                return;
            }
        }
    }

    /// Until something comes, or is due. Which of the hosts has sent something.
    fn wait(&mut self) -> [bool; 2] {
        let due = self.queue.next_due().map(|due| self.clock.moment(due));
        self.alarm
            .at_latest(due.into_iter().chain(self.teller.next_due()).min());
        let [a, b] = &self.ends;
        let (heard, alarm) = (self.heard.as_fd(), self.alarm.as_fd());
        let [a, b, ..] = wait_readable([a.as_fd(), b.as_fd(), heard, alarm], None);
        [a, b]
    }

    // --- frames --------------------------------------------------------------------------------------------------

    /// What one host has sent, as much as fits into one reading, so that neither host starves the other.
    fn carry(&mut self, host: Host, frames: &mut Frames) {
        let Ok(too_long) = self.ends[host as usize].read_many(frames) else {
            return;
        };
        self.teller.came(too_long);
        if self.deaf[host as usize] {
            return;
        }
        if self.queue.is_clear() {
            self.pass_by(host, frames);
        } else {
            for (bytes, left) in frames.iter() {
                self.arrive(host, bytes, left);
            }
        }
        self.teller.append();
    }

    /// No rule stands and nothing is on the wire: what came is told and goes on as it is.
    fn pass_by(&mut self, host: Host, frames: &Frames) {
        let at = self.clock.now();
        let mut passing = Vec::new();
        {
            let mut capture = lock(&self.capture);
            let mut names = lock(&self.names);
            for (index, (bytes, left)) in frames.iter().enumerate() {
                let Some(packet) = tcp(bytes) else {
                    continue;
                };
                let id = self.queue.passes_by();
                let left = self.clock.at(left);
                let mut sent = capture.sent(left, id, &packet);
                announce(&self.moved, std::mem::take(&mut sent.moves));
                announce(&self.moved, capture.delivered(at, &packet));
                let told = WireTelling::passed(id, host, packet, &sent, left);
                let receiver = self.teller.segment(&told, &mut names);
                if is_telling(&told) {
                    passing.push((index, told, receiver));
                }
            }
        }
        self.teller.append();
        let refused = write_all(&self.ends[host.other() as usize], frames);
        for _ in &refused {
            self.teller.refused();
        }
        for (index, told, receiver) in passing {
            if !refused.contains(&index) {
                self.knock(&told, receiver);
            }
        }
    }

    fn arrive(&mut self, host: Host, bytes: &[u8], left: Instant) {
        let now = self.clock.now();
        let packet = tcp(bytes);
        let frame: Bytes = bytes.into();
        let acts = match &packet {
            None => self.queue.arrive(now, host, None, frame),
            Some(packet) => {
                let left = self.clock.at(left);
                let sent = lock(&self.capture).sent(left, self.queue.next_id(), packet);
                announce(&self.moved, sent.moves);
                let (from, _) = lock(&self.names).of(Some(host), packet);
                let arrival = Arrival {
                    packet,
                    segment: sent.segment,
                    from: Some(&from),
                    left,
                    repeats_of: sent.repeats_of,
                    why: sent.why,
                };
                self.queue.arrive(now, host, Some(arrival), frame)
            }
        };
        self.perform(acts);
        self.step_on();
    }

    /// A step that came before its segment. One whose asker has given up is not carried out any more.
    fn step_on(&mut self) {
        while let Some((command, mut reply)) = self.steps.pop_front() {
            if !reply.awaited() {
                continue;
            }
            match self.queue.command(self.clock.now(), &command) {
                Ok(acts) => {
                    self.perform(acts);
                    self.teller.append();
                    reply.give(Outcome::Done);
                }
                Err(_) => return self.steps.push_front((command, reply)),
            }
        }
    }

    fn perform(&mut self, acts: Vec<Act<Bytes>>) {
        for act in acts {
            match act {
                Act::Told(told) => drop(self.tell(&told)),
                Act::Pass { to, frame, told } => match told {
                    Some(told) => self.pass(to, &frame, *told),
                    // Nobody was told of it; what is no TCP is repeated by whoever needs it.
                    None => drop(self.ends[to as usize].write(&frame)),
                },
            }
        }
    }

    fn pass(&mut self, to: Host, frame: &[u8], told: WireTelling) {
        let at = self.clock.now();
        announce(&self.moved, lock(&self.capture).delivered(at, &told.packet));
        let receiver = self.tell(&told);
        self.teller.append();
        match self.ends[to as usize].write(frame) {
            Ok(()) => self.knock(&told, receiver),
            Err(_) => self.teller.refused(),
        }
    }

    fn tell(&mut self, told: &WireTelling) -> Arc<str> {
        self.teller.segment(told, &mut lock(&self.names))
    }

    /// A FIN starts TIME-WAIT anew, a RST or a SYN may end it, and no edge tells either: whoever is in it is read now.
    fn knock(&self, told: &WireTelling, to: Arc<str>) {
        if is_telling(told) {
            // An engine that has ended reads nothing any more.
            let _ = self.deliveries.send(to);
        }
    }

    // --- orders --------------------------------------------------------------------------------------------------

    /// False: the cable is taken away.
    fn take_orders(&mut self, frames: &mut Frames) -> bool {
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
                    self.throw_away(host, frames);
                    self.deaf[host as usize] = false;
                    let _ = done.send(());
                }
                Order::CatchUp(done) => {
                    for _ in 0..CATCH_UP {
                        for host in Host::ALL {
                            self.carry(host, frames);
                        }
                    }
                    let _ = done.send(());
                }
                Order::TellUnmet(done) => {
                    self.tell_unmet();
                    let _ = done.send(());
                }
                Order::NumberFrom(id) => self.queue.number_from(id),
                Order::Stop(done) => {
                    let _ = done.send(self.queue.next_id());
                    return false;
                }
            }
        }
        true
    }

    /// What a host has said, to the last frame: the kernel may hand over the last ones a moment after the call that
    /// caused them.
    fn throw_away(&self, host: Host, frames: &mut Frames) {
        let end = &self.ends[host as usize];
        loop {
            while end.read_many(frames).is_ok() {}
            wait_readable([end.as_fd()], Some(QUIET));
            if end.read_many(frames).is_err() {
                return;
            }
        }
    }

    /// The answer is given when everything that the command did is in the journal.
    fn command(&mut self, command: WireCommand, mut reply: Answer) {
        if command == WireCommand::Clear {
            self.tell_unmet();
        }
        match self.queue.command(self.clock.now(), &command) {
            Ok(acts) => {
                self.teller.rules(&self.queue.rules());
                self.perform(acts);
                self.teller.append();
                reply.give(Outcome::Done);
            }
            Err(WireRefusal::NothingToStep { holding: true }) => {
                self.steps.push_back((command, reply));
            }
            Err(refusal) => reply.give(Outcome::Refused(Refusal::Wire(refusal.to_string()))),
        }
    }
}

/// It may end TIME-WAIT, or begin it anew.
fn is_telling(told: &WireTelling) -> bool {
    let flags = told.segment.flags;
    [Flags::FIN, Flags::RST, Flags::SYN]
        .into_iter()
        .any(|flag| flags.has(flag))
}

fn announce(to: &UnboundedSender<Moved>, moves: Vec<Moved>) {
    for moved in moves {
        // An engine that has ended compares nothing any more.
        let _ = to.send(moved);
    }
}

impl Carrier {
    fn tell_unmet(&mut self) {
        for rule in self.queue.unmet() {
            self.teller.unmet(rule.to_string());
        }
        self.teller.append();
    }
}

fn tcp(frame: &[u8]) -> Option<Packet> {
    ethernet(frame).and_then(|(_, ip)| Packet::parse(ip))
}

/// Which of them the kernel did not take. TCP sends what is lost so once more, as it does on a real wire.
fn write_all(end: &WireEnd, frames: &Frames) -> Vec<usize> {
    let (mut next, mut refused) = (0, Vec::new());
    while next < frames.len() {
        match end.write_many(frames, next) {
            Ok(taken) => next += taken.max(1),
            Err(_) => {
                refused.push(next);
                next += 1;
            }
        }
    }
    refused
}
