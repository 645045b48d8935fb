//! The journal itself: append-only, read through cursors, bounded in memory.
//!
//! Old events leave, and old payload bytes before them, but never before every open cursor has passed them.
//! The folded World leaves nothing out. It never reads a clock: time is an argument.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::event::{Call, EndpointId, Event, Fact, HalfChange, Micros, Op, Payload, Who};
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
    events: VecDeque<Event>,
    /// The number of the oldest event that is kept.
    first: u64,
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
            events: VecDeque::new(),
            first: 1,
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
    pub fn append(&mut self, at: Micros, who: Option<Who>, fact: Fact) -> u64 {
        let n = self.last() + 1;
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
        self.next_id += 1;
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
        self.first
    }

    /// The number of the newest event; 0 before the first.
    pub fn last(&self) -> u64 {
        self.first + self.events.len() as u64 - 1
    }

    /// How many events have left.
    pub fn dropped(&self) -> u64 {
        self.first - 1
    }

    /// Payload bytes that are kept.
    pub fn payload_bytes(&self) -> usize {
        self.payload
    }

    /// The event of this number, while it is kept.
    pub fn get(&self, n: u64) -> Option<&Event> {
        self.events
            .get(usize::try_from(n.checked_sub(self.first)?).ok()?)
    }

    /// The events that are kept, oldest first.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> + ExactSizeIterator {
        self.events.iter()
    }

    /// A cursor before the oldest event that is kept.
    pub fn open(&mut self) -> Cursor {
        self.open_at(self.first)
    }

    /// A cursor behind the newest event: it reads what comes from now on.
    pub fn open_now(&mut self) -> Cursor {
        self.open_at(self.last() + 1)
    }

    fn open_at(&mut self, n: u64) -> Cursor {
        let place = Arc::new(AtomicU64::new(n));
        self.cursors.push(Arc::clone(&place));
        Cursor(place)
    }

    /// Reads at most `most` events into `into` (appended) and moves the cursor behind them. Returns how many.
    pub fn read(&mut self, cursor: &mut Cursor, most: usize, into: &mut Vec<Event>) -> usize {
        let from = cursor.next().max(self.first);
        let skip = usize::try_from(from - self.first).unwrap_or(usize::MAX);
        let before = into.len();
        if skip < self.events.len() {
            let until = skip.saturating_add(most).min(self.events.len());
            into.extend(self.events.range(skip..until).cloned());
        }
        let count = into.len() - before;
        cursor.0.store(from + count as u64, Ordering::Relaxed);
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
                op: Op::Dup { twin: born },
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
            n: self.last() + 1,
            at,
            who,
            fact: Fact::Half(change),
        };
        self.world.apply(&event);
        self.keep(event);
    }

    fn keep(&mut self, event: Event) {
        self.payload += payload(&event).map_or(0, |p| p.bytes().len());
        self.events.push_back(event);
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
        while self.payload > self.limits.payload_bytes
            && self.payload_from < read.min(self.last() + 1)
        {
            self.strip(self.payload_from);
            self.payload_from += 1;
        }
        while self.events.len() > self.limits.events && self.first < read {
            self.strip(self.first);
            self.events.pop_front();
            self.first += 1;
        }
        self.payload_from = self.payload_from.max(self.first);
    }

    /// Takes the payload bytes out of an event; how many there were stands in the call's result.
    fn strip(&mut self, n: u64) {
        let Some(index) = n
            .checked_sub(self.first)
            .and_then(|i| usize::try_from(i).ok())
        else {
            return;
        };
        if let Some(payload) = self.events.get_mut(index).and_then(payload_mut) {
            self.payload -= payload.bytes().len();
            payload.0 = None;
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
