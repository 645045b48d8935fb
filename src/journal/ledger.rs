//! The journal itself: append-only, read through cursors, bounded in memory.
//!
//! Old events leave, and old payload bytes before them, but never before every open cursor has passed them; which ones
//! leave first, the [`Window`] decides. The folded World leaves nothing out. It never reads a clock: time is an argument.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::event::{Call, EndpointId, Event, Fact, HalfChange, Micros, Op, Payload, Who};
use super::window::{Events, Window};
use super::world::World;

/// How much the journal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events.
    pub events: usize,
    /// Bytes of payload in them.
    pub payload_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            events: 200_000,
            payload_bytes: 16 << 20,
        }
    }
}

/// A reader's place. While it lives, no event leaves before it was read; dropping it lets go.
#[derive(Debug)]
pub struct Cursor(Arc<AtomicU64>);

impl Cursor {
    /// The number of the event that is read next.
    pub fn next(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The name was given before; a name is never used again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken(pub Who);

/// Everything that happened, in order.
#[derive(Debug)]
pub struct Journal {
    limits: Limits,
    events: Window,
    /// The number of the newest event, and its time.
    last: u64,
    latest: Micros,
    /// How many have left.
    dropped: u64,
    /// Payload bytes kept, and the number of the oldest event that may still have some.
    payload: usize,
    payload_from: u64,
    cursors: Vec<Arc<AtomicU64>>,
    names: HashMap<Arc<str>, Who>,
    next_id: u32,
    world: World,
}

impl Journal {
    pub fn new(limits: Limits) -> Journal {
        Journal {
            limits,
            events: Window::default(),
            last: 0,
            latest: Micros(0),
            dropped: 0,
            payload: 0,
            payload_from: 1,
            cursors: Vec::new(),
            names: HashMap::new(),
            next_id: 0,
            world: World::default(),
        }
    }

    /// Appends a fact and returns its number. The moves of halves that follow from it are appended right behind it,
    /// on the `half` lane, at the same time.
    ///
    /// The engine and the wire stamp before they append, each on a thread of its own; a stamp that is older than the
    /// last event's becomes that one's, so that time never runs back.
    pub fn append(&mut self, at: Micros, who: Option<Who>, fact: Fact) -> u64 {
        let n = self.last + 1;
        let at = at.max(self.latest);
        self.latest = at;
        let event = Event { n, at, who, fact };
        self.meet(&event);
        let applied = self.world.apply(&event);
        let who = event.who.clone();
        self.keep(event);
        for change in applied.halves.into_iter().flatten() {
            self.derived(at, who.clone(), change);
        }
        for (id, change) in applied.twins {
            let who = self.world.get(id).map(|e| Who {
                id,
                name: Arc::clone(&e.name),
            });
            self.derived(at, who, change);
        }
        self.trim();
        n
    }

    /// A new endpoint's number and name.
    ///
    /// # Errors
    /// The name was given before; it comes back with the endpoint that has it.
    pub fn mint(&mut self, name: &str) -> Result<Who, Taken> {
        if let Some(who) = self.names.get(name) {
            return Err(Taken(who.clone()));
        }
        let who = Who {
            id: EndpointId(self.next_id),
            name: name.into(),
        };
        self.next_id = self.next_id.saturating_add(1);
        self.names.insert(Arc::clone(&who.name), who.clone());
        Ok(who)
    }

    /// The endpoint of this name, whether or not an event has named it yet.
    pub fn who(&self, name: &str) -> Option<Who> {
        self.names.get(name).cloned()
    }

    /// The fold of all events, those that have left included.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The number of the oldest event that is kept, or of the next one when none is.
    pub fn first(&self) -> u64 {
        self.events.first().map_or(self.last + 1, |event| event.n)
    }

    /// The number of the newest event; 0 before the first.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// How many events have left.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// More is kept than may be, because a reader has not read it yet.
    pub fn is_behind(&self) -> bool {
        self.events.len() > self.limits.events || self.payload > self.limits.payload_bytes
    }

    /// Payload bytes that are kept.
    pub fn payload_bytes(&self) -> usize {
        self.payload
    }

    /// The event of this number, while it is kept.
    pub fn get(&self, n: u64) -> Option<&Event> {
        self.events.get(n)
    }

    /// The events that are kept, oldest first.
    pub fn events(&self) -> Events<'_> {
        self.events.iter()
    }

    /// A cursor before the oldest event that is kept.
    pub fn open(&mut self) -> Cursor {
        self.open_at(self.first())
    }

    /// A cursor behind the newest event: it reads what comes from now on.
    pub fn open_now(&mut self) -> Cursor {
        self.open_at(self.last + 1)
    }

    fn open_at(&mut self, n: u64) -> Cursor {
        let place = Arc::new(AtomicU64::new(n));
        self.cursors.push(Arc::clone(&place));
        Cursor(place)
    }

    /// Reads at most `most` events into `into` (appended) and moves the cursor behind them. Returns how many.
    pub fn read(&mut self, cursor: &mut Cursor, most: usize, into: &mut Vec<Event>) -> usize {
        let before = into.len();
        into.extend(self.events.from(cursor.next()).take(most).cloned());
        let read = &into[before..];
        if let Some(last) = read.last() {
            cursor.0.store(last.n + 1, Ordering::Relaxed);
        }
        let count = read.len();
        self.trim();
        count
    }

    /// Lets go of what only this cursor kept.
    pub fn close_cursor(&mut self, cursor: Cursor) {
        drop(cursor);
        self.trim();
    }

    /// Notes names that came with the event and not from [`Journal::mint`] (a replay).
    fn meet(&mut self, event: &Event) {
        let born = match &event.fact {
            Fact::App(Call {
                op: Op::Accept { accepted: born, .. },
                ..
            }) => born.as_ref(),
            Fact::App(Call {
                op: Op::Dup { twin: born } | Op::Fork { twin: born, .. },
                ..
            }) => born.as_ref(),
            _ => None,
        };
        for who in event.who.iter().chain(born) {
            if who.id.0 >= self.next_id {
                self.next_id = who.id.0.saturating_add(1);
                self.names
                    .entry(Arc::clone(&who.name))
                    .or_insert_with(|| who.clone());
            }
        }
    }

    fn derived(&mut self, at: Micros, who: Option<Who>, change: HalfChange) {
        let event = Event {
            n: self.last + 1,
            at,
            who,
            fact: Fact::Half(change),
        };
        self.world.apply(&event);
        self.keep(event);
    }

    fn keep(&mut self, event: Event) {
        self.payload += payload(&event).map_or(0, |p| p.bytes().len());
        self.last = event.n;
        self.events.push(event);
    }

    /// Each event and each payload leaves once, so the work of a call is constant over time.
    fn trim(&mut self) {
        let (full, heavy) = (
            self.events.len() > self.limits.events,
            self.payload > self.limits.payload_bytes,
        );
        if !full && !heavy {
            return;
        }
        // A cursor that only the journal still holds was dropped by its reader.
        self.cursors.retain(|place| Arc::strong_count(place) > 1);
        let read = self
            .cursors
            .iter()
            .map(|place| place.load(Ordering::Relaxed))
            .min();
        let read = read.unwrap_or(u64::MAX);
        if self.payload > self.limits.payload_bytes {
            self.strip_before(read);
        }
        while let Some(leaving) = self.events.leaving(self.limits.events)
            && leaving.n < read
            && let Some(gone) = self.events.let_go(self.limits.events)
        {
            self.payload -= payload(&gone).map_or(0, |p| p.bytes().len());
            self.dropped += 1;
        }
    }

    /// Takes the payload bytes out of the oldest calls that have some; how many there were stands in the call's result.
    fn strip_before(&mut self, read: u64) {
        for event in self.events.other_from(self.payload_from) {
            if self.payload <= self.limits.payload_bytes || event.n >= read {
                return;
            }
            self.payload_from = event.n + 1;
            if let Some(payload) = payload_mut(event) {
                self.payload -= payload.bytes().len();
                payload.0 = None;
            }
        }
    }
}

fn payload(event: &Event) -> Option<&Payload> {
    match &event.fact {
        Fact::App(Call {
            op: Op::Send { data, .. } | Op::Recv { data, .. },
            ..
        }) => Some(data),
        _ => None,
    }
}

fn payload_mut(event: &mut Event) -> Option<&mut Payload> {
    match &mut event.fact {
        Fact::App(Call {
            op: Op::Send { data, .. } | Op::Recv { data, .. },
            ..
        }) => Some(data),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::event::{By, Fate, Note, WireFact};
    use crate::tcp::{Errno, Flags, Segment, Seq};

    fn journal(events: usize, payload_bytes: usize) -> Journal {
        Journal::new(Limits {
            events,
            payload_bytes,
        })
    }

    fn recv(bytes: &[u8]) -> Fact {
        let op = Op::Recv {
            asked: 4096,
            data: Payload::of(bytes),
        };
        Fact::App(Call {
            op,
            result: Ok(bytes.len() as u64),
            by: By::Asked,
            blocked_us: None,
        })
    }

    fn text(words: &str) -> Fact {
        Fact::Note(Note::Text(words.into()))
    }

    #[test]
    fn a_million_events_leave_a_bounded_journal_and_an_exact_world() {
        let mut journal = journal(10_000, 64 << 10);
        let client = journal.mint("client").unwrap();
        for i in 0..1_000_000 {
            journal.append(Micros(i), Some(client.clone()), recv(b"0123456789"));
        }
        assert_eq!(journal.events().len(), 10_000);
        assert_eq!(
            (journal.dropped(), journal.first(), journal.last()),
            (990_000, 990_001, 1_000_000)
        );
        assert!(journal.payload_bytes() <= 64 << 10);
        let kept: usize = journal
            .events()
            .filter_map(payload)
            .map(|p| p.bytes().len())
            .sum();
        assert_eq!(kept, journal.payload_bytes());
        assert_eq!(journal.world().get(client.id).unwrap().received, 10_000_000);
    }

    #[test]
    fn a_slow_reader_loses_nothing() {
        let mut journal = journal(10, 10);
        journal.append(Micros(0), None, text("before anyone read"));
        let mut slow = journal.open();
        let mut late = journal.open_now();
        for i in 1..=100 {
            journal.append(Micros(i), None, recv(b"abc"));
        }
        let mut read = Vec::new();
        while journal.read(&mut slow, 7, &mut read) > 0 {}
        assert_eq!(
            read.iter().map(|e| e.n).collect::<Vec<_>>(),
            (1..=101).collect::<Vec<_>>()
        );
        assert!(
            read[1..]
                .iter()
                .all(|e| payload(e).unwrap().bytes() == b"abc"),
            "payload waits too"
        );
        assert_eq!(
            journal.events().len(),
            100,
            "the other reader has not passed them"
        );
        read.clear();
        assert_eq!(journal.read(&mut late, usize::MAX, &mut read), 100);
        assert_eq!((read[0].n, journal.events().len()), (2, 10));
        assert_eq!(journal.read(&mut late, usize::MAX, &mut read), 0);
    }

    #[test]
    fn a_flood_of_segments_leaves_the_calls_and_is_counted() {
        let mut journal = journal(1000, 1000);
        let client = journal.mint("client").unwrap();
        let mut reader = journal.open();
        journal.append(Micros(0), Some(client), recv(b"before"));
        let segment = |id: u64| {
            Fact::Wire(WireFact {
                id,
                from: "client".into(),
                to: "server".into(),
                host: None,
                segment: Segment {
                    flags: Flags::ACK,
                    seq: Seq(1),
                    ack: Seq(1),
                    len: 1448,
                    win: 1,
                },
                fate: Fate::Passed,
                left: Micros(id),
                due: None,
                repeats: 0,
                repeats_of: None,
                gso: false,
                copy_of: None,
                why: None,
                dropped_by: None,
            })
        };
        for id in 1..=5000 {
            journal.append(Micros(id), None, segment(id));
        }
        assert!(journal.is_behind(), "nobody has read them");
        let mut read = Vec::new();
        while journal.read(&mut reader, 64, &mut read) > 0 {}
        let numbers: Vec<u64> = read.iter().map(|event| event.n).collect();
        assert_eq!(
            numbers,
            (1..=5001).collect::<Vec<_>>(),
            "a reader loses nothing"
        );
        assert!(!journal.is_behind());
        assert_eq!((journal.first(), journal.events().len()), (1, 1000));
        assert_eq!((journal.dropped(), journal.last()), (4001, 5001));
        assert_eq!(
            journal.payload_bytes(),
            6,
            "what the call read is still there"
        );
        assert_eq!(journal.world().wire.passed, 5000);
        let kept: Vec<u64> = journal.events().map(|event| event.n).collect();
        assert_eq!(kept[..2], [1, 4003]);
    }

    #[test]
    fn a_cursor_that_was_closed_or_dropped_holds_nothing_back() {
        let mut journal = journal(10, 1000);
        let (closed, dropped) = (journal.open(), journal.open());
        for i in 0..50 {
            journal.append(Micros(i), None, text("x"));
        }
        drop(dropped);
        assert_eq!(journal.events().len(), 50);
        journal.close_cursor(closed);
        assert_eq!(journal.events().len(), 10);
        let mut reader = journal.open();
        let mut read = Vec::new();
        journal.read(&mut reader, 1, &mut read);
        assert_eq!(read[0].n, 41, "a new cursor begins at what is kept");
    }

    #[test]
    fn payload_leaves_before_its_event_and_its_count_stays() {
        let mut journal = journal(100, 10);
        let client = journal.mint("client").unwrap();
        for i in 0..5 {
            journal.append(Micros(i), Some(client.clone()), recv(b"abcd"));
        }
        let kept: Vec<_> = journal
            .events()
            .map(|e| payload(e).unwrap().0.is_some())
            .collect();
        assert_eq!(kept, [false, false, false, true, true]);
        let Fact::App(call) = &journal.get(1).unwrap().fact else {
            panic!("the first event is a call");
        };
        assert_eq!(call.result, Ok(4));
    }

    #[test]
    fn moves_of_halves_follow_the_event_that_moved_them() {
        let mut journal = journal(100, 100);
        let client = journal.mint("client").unwrap();
        let n = journal.append(Micros(5), Some(client.clone()), recv(b""));
        assert_eq!((n, journal.last()), (1, 2));
        let derived = journal.get(2).unwrap();
        assert_eq!(
            (derived.at, derived.who.as_ref()),
            (Micros(5), Some(&client))
        );
        let Fact::Half(change) = &derived.fact else {
            panic!("a half moved");
        };
        assert_eq!((change.from, change.to), ("open", "eof-read"));
        let op = Op::Recv {
            asked: 1,
            data: Payload::default(),
        };
        let reset = Call {
            op,
            result: Err(Errno::ECONNRESET),
            by: By::Asked,
            blocked_us: None,
        };
        assert_eq!(journal.append(Micros(6), Some(client), Fact::App(reset)), 3);
        assert_eq!(journal.last(), 5, "both halves");
    }

    #[test]
    fn a_name_is_never_used_again() {
        let mut journal = journal(100, 100);
        let client = journal.mint("client").unwrap();
        assert_eq!(journal.mint("client"), Err(Taken(client.clone())));
        assert_eq!(journal.who("client"), Some(client));
        assert_eq!(journal.who("server"), None);
        // A replayed event brings its own numbers.
        let replayed = Who {
            id: EndpointId(6),
            name: "conn6".into(),
        };
        journal.append(Micros(0), Some(replayed.clone()), text("x"));
        assert_eq!(journal.mint("conn6"), Err(Taken(replayed)));
        assert_eq!(journal.mint("conn7").unwrap().id, EndpointId(7));
    }
}
