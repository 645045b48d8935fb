//! Loopback as it is captured: the segments of our own connections, each told once and followed by sequence number.
//!
//! There is no cable here: a segment is seen at the moment at which it crosses, and nothing can hold or lose it. What
//! is not ours is neither told nor counted.
//!
//! It is read on the engine's own thread, before anything is told that may follow from what was seen. On loopback a
//! segment is in the socket's queue before its receiver's state moves, so what a reading shows has been seen by then.

use std::collections::{BTreeMap, HashMap};

use super::clock::Clock;
use super::tape::Tape;
use super::wire::{Capture, Names};
use crate::journal::{EndpointId, Fact, Fate, Note, WireFact};
use crate::kernel::{self, Glimpse};
use crate::tcp::{Packet, Unavailable};

/// Packets that are taken at once: whoever waits for the tap waits no longer than for these.
const TURN: usize = 4096;
/// Connections that are followed by sequence number. They are forgotten with their names, so this is a bound and no
/// more.
const CONNECTIONS: usize = 65_536;

pub(super) struct Tap {
    socket: kernel::Tap,
    ports: Ports,
    pub names: Names,
    pub capture: Capture,
    told: u64,
}

impl Tap {
    /// # Errors
    /// What this machine refuses, and the remedy.
    pub fn open() -> Result<Tap, Unavailable> {
        Ok(Tap {
            socket: kernel::Tap::loopback()?,
            ports: Ports::default(),
            names: Names::default(),
            capture: Capture::new(CONNECTIONS),
            told: 0,
        })
    }

    pub fn socket(&self) -> &kernel::Tap {
        &self.socket
    }

    /// Tells everything that has crossed loopback so far. True: there may be more.
    pub fn catch_up(&mut self, tape: &Tape, clock: Clock) -> bool {
        let Tap {
            socket,
            names,
            capture,
            told,
            ..
        } = self;
        let taken = socket.drain(TURN, |glimpse| {
            if let Some(fact) = fact(names, capture, *told + 1, clock, &glimpse) {
                *told += 1;
                tape.append(clock.now(), None, Fact::Wire(fact));
            }
        });
        if taken > 0 {
            self.tell_lost(tape, clock);
        }
        taken == TURN
    }

    /// Only a queue that was full loses something, and then there was something to take.
    fn tell_lost(&self, tape: &Tape, clock: Clock) {
        let frames = self.socket.lost().map_or(0, u64::from);
        if frames > 0 {
            tape.append(clock.now(), None, Fact::Note(Note::WireLost { frames }));
        }
    }

    /// What crosses loopback from or to this port may be this endpoint's. To be called before it can be.
    pub fn watch(&mut self, id: EndpointId, port: u16) {
        if self.ports.add(id, port) {
            self.filter();
        }
    }

    pub fn watch_no_more(&mut self, id: EndpointId) {
        if self.ports.remove(id) {
            self.filter();
        }
    }

    fn filter(&self) {
        let ports: Vec<u16> = self.ports.watched.keys().copied().collect();
        // Refused for want of memory alone. The filter before stays; a port that it does not pass is not seen, and
        // nothing is told or proven of it.
        let _ = self.socket.watch(&ports);
    }
}

/// What a packet says; `None`: it is not ours, or no TCP.
fn fact(
    names: &mut Names,
    capture: &mut Capture,
    id: u64,
    clock: Clock,
    glimpse: &Glimpse<'_>,
) -> Option<WireFact> {
    let packet = Packet::parse_cut(glimpse.ip, glimpse.whole)?;
    let (from, to) = names.of_ours(None, &packet)?;
    let sent = capture.sent(clock.at(glimpse.left), id, &packet);
    // Seen on its way into the receiver's stack, which nothing on loopback comes between.
    capture.delivered(clock.now(), &packet);
    Some(WireFact {
        id,
        from,
        to,
        host: None,
        segment: sent.segment,
        fate: Fate::Passed,
        left: clock.at(glimpse.left),
        due: None,
        repeats: 0,
        repeats_of: sent.repeats_of,
        copy_of: None,
        why: Some(sent.why),
        dropped_by: None,
        gso: glimpse.gso,
    })
}

/// The ports that are watched, and for whom. Each connection of ours has one end that was known before its first
/// segment: where we listen, or where we connect to.
#[derive(Debug, Default)]
struct Ports {
    of: HashMap<EndpointId, u16>,
    /// For how many endpoints.
    watched: BTreeMap<u16, u32>,
}

impl Ports {
    /// True: another set of ports is to be watched now.
    fn add(&mut self, id: EndpointId, port: u16) -> bool {
        let before = self.of.insert(id, port);
        if before == Some(port) {
            return false;
        }
        let count = self.watched.entry(port).or_default();
        *count += 1;
        let fresh = *count == 1;
        before.is_some_and(|before| self.release(before)) | fresh
    }

    fn remove(&mut self, id: EndpointId) -> bool {
        self.of.remove(&id).is_some_and(|port| self.release(port))
    }

    fn release(&mut self, port: u16) -> bool {
        let Some(count) = self.watched.get_mut(&port) else {
            return false;
        };
        *count -= 1;
        let last = *count == 0;
        if last {
            self.watched.remove(&port);
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{Ipv4Addr, TcpListener, TcpStream};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::journal::{Event, Limits};
    use crate::kernel::probe;
    use crate::tcp::Power;

    const DEADLINE: Duration = Duration::from_secs(10);

    /// More than the queue holds cross unread: what was dropped is told as such, and what was seen as it was.
    #[test]
    fn what_the_kernel_dropped_before_it_was_seen_is_told_and_is_no_loss() {
        if let Err(refused) = probe(Power::Capture) {
            // Past the capture of the test harness.
            let _ = writeln!(std::io::stderr(), "NOT TESTED: {refused:?}");
            return;
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let at = listener.local_addr().expect("its number");
        let mut tap = Tap::open().expect("the probe was granted it");
        tap.watch(EndpointId(0), at.port());
        tap.names.listener(None, at, "server.listen".into());
        let mut client = TcpStream::connect(at).expect("a connection");
        let (mut server, _) = listener.accept().expect("a connection");
        client.set_nodelay(true).expect("TCP_NODELAY");
        let (tape, clock) = (Tape::new(Limits::default()), Clock::start());
        let end = Instant::now() + DEADLINE;
        let mut events: Vec<Event> = Vec::new();
        let mut reader = tape.reader();
        let lost = loop {
            for _ in 0..20_000 {
                client.write_all(b"x").expect("room");
                std::io::Read::read_exact(&mut server, &mut [0]).expect("the octet");
            }
            while tap.catch_up(&tape, clock) {}
            while reader.take(&mut events) > 0 {}
            let lost = events.iter().find_map(|event| match event.fact {
                Fact::Note(Note::WireLost { frames }) => Some(frames),
                _ => None,
            });
            match lost {
                Some(frames) => break frames,
                None => assert!(Instant::now() < end, "a queue without end"),
            }
        };
        assert!(lost > 0);
        let told: Vec<&WireFact> = events
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::Wire(fact) => Some(fact),
                _ => None,
            })
            .collect();
        assert!(told.len() > 1000, "{} told, {lost} lost", told.len());
        for (n, fact) in told.iter().enumerate() {
            assert_eq!((fact.id, fact.fate), (n as u64 + 1, Fate::Passed));
            assert_eq!(fact.repeats_of, None, "nothing was sent twice");
        }
        let journal = tape.journal();
        let wire = &journal.world().wire;
        assert_eq!((wire.lost, wire.dropped), (lost, 0));
    }

    #[test]
    fn a_port_is_watched_as_long_as_anybody_has_it() {
        let mut ports = Ports::default();
        let id = EndpointId;
        assert!(ports.add(id(0), 6000), "the listener");
        assert!(!ports.add(id(1), 6000), "a client of it");
        assert!(!ports.add(id(1), 6000), "and once more");
        assert!(ports.add(id(2), 80));
        assert!(ports.add(id(2), 443), "the next address of the same name");
        assert_eq!(ports.watched, BTreeMap::from([(443, 1), (6000, 2)]));
        assert!(!ports.remove(id(0)), "the client is still there");
        assert!(ports.remove(id(1)));
        assert!(!ports.remove(id(1)));
        assert!(ports.remove(id(2)));
        assert!(ports.watched.is_empty() && ports.of.is_empty());
    }
}
