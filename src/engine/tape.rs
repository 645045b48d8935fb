//! The journal as two threads see it: the engine appends, readers follow with a cursor each.
//!
//! The lock is held for one append or for one batch of copies, never across a wait or a system call.
//! An event that a reader has not read yet is never let go, so whoever makes many of them waits while a reader is behind.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use crate::journal::{Cursor, Event, Fact, Journal, Limits, Micros, Who};

/// How many events a reader takes at once, so that the writer never waits long.
const BATCH: usize = 2048;
/// At the latest after so many events the bell rings, however long the engine's turn is.
const UNTOLD: u64 = 256;

pub(super) struct Tape {
    journal: Mutex<Journal>,
    /// The number of the last event that it rang for.
    bell: watch::Sender<u64>,
    /// Something was appended that the bell has not rung for.
    news: Notify,
    ended: AtomicBool,
    /// [`Journal::is_behind`], without its lock.
    behind: AtomicBool,
    /// The slowest reader has caught up.
    read_on: Notify,
}

impl Tape {
    pub(super) fn new(limits: Limits) -> Arc<Tape> {
        Arc::new(Tape {
            journal: Mutex::new(Journal::new(limits)),
            bell: watch::Sender::new(0),
            news: Notify::new(),
            ended: AtomicBool::new(false),
            behind: AtomicBool::new(false),
            read_on: Notify::new(),
        })
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        // A reader that panicked while copying has not harmed the journal.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn append(&self, at: Micros, who: Option<&Who>, fact: Fact) -> u64 {
        let mut journal = self.journal();
        // What the wire's thread still says would reach one reader and not another.
        if self.ended.load(Ordering::Acquire) {
            return journal.last();
        }
        let n = journal.append(at, who.cloned(), fact);
        self.look_back(&journal);
        drop(journal);
        if n.saturating_sub(*self.bell.borrow()) >= UNTOLD {
            self.ring();
        } else {
            self.news.notify_one();
        }
        n
    }

    /// Appends facts that are no endpoint's, all under one lock. Whoever calls it rings the bell.
    pub(super) fn append_all(&self, at: Micros, facts: impl Iterator<Item = Fact>) {
        let mut journal = self.journal();
        if self.ended.load(Ordering::Acquire) {
            return;
        }
        for fact in facts {
            journal.append(at, None, fact);
        }
        self.look_back(&journal);
    }

    /// A reader is so far behind that the journal keeps more than it may.
    pub(super) fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Acquire)
    }

    /// Waits until no reader is.
    pub(super) async fn caught_up(&self) {
        loop {
            let mut read_on = pin!(self.read_on.notified());
            // Registered before the look, so that a reader between the two is heard.
            read_on.as_mut().enable();
            if !self.is_behind() {
                return;
            }
            read_on.await;
        }
    }

    /// Whoever holds the journal and has changed it says how it stands now.
    fn look_back(&self, journal: &Journal) {
        let behind = journal.is_behind();
        if self.behind.swap(behind, Ordering::AcqRel) && !behind {
            self.read_on.notify_waiters();
        }
    }

    /// Wakes the readers if anything was appended since they were last woken.
    pub(super) fn ring(&self) {
        let n = self.journal().last();
        self.bell
            .send_if_modified(|rung| std::mem::replace(rung, n) != n);
    }

    /// Rings for what was appended, for ever: a task of the engine beside those that append.
    ///
    /// To wake a reader that sleeps on another thread takes longer than everything else between an edge and the events
    /// that follow from it. So it is done when the task that appends has done its turn, once for all of them.
    pub(super) async fn ring_after_turns(&self) {
        loop {
            self.news.notified().await;
            self.ring();
        }
    }

    pub(super) fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Nothing will be appended any more.
    pub(super) fn end(&self) {
        {
            let _whole = self.journal();
            self.ended.store(true, Ordering::Release);
        }
        self.bell.send_modify(|_| ());
    }

    pub(super) fn reader(self: &Arc<Tape>) -> Reader {
        let cursor = self.journal().open();
        Reader {
            bell: self.bell(),
            cursor: Some(cursor),
            tape: Arc::clone(self),
        }
    }
}

/// Follows the journal from its beginning. It loses no event, however slow it is.
pub struct Reader {
    tape: Arc<Tape>,
    /// Taken only when the reader is dropped.
    cursor: Option<Cursor>,
    bell: watch::Receiver<u64>,
}

impl Reader {
    /// Takes what is there now, up to a batch; returns how many.
    pub fn take(&mut self, into: &mut Vec<Event>) -> usize {
        self.bell.borrow_and_update();
        match &mut self.cursor {
            Some(cursor) => {
                let mut journal = self.tape.journal();
                let count = journal.read(cursor, BATCH, into);
                self.tape.look_back(&journal);
                count
            }
            None => 0,
        }
    }

    /// Waits for events and takes a batch. False: the engine has ended and everything was read.
    ///
    /// Cancel-safe: nothing is taken before it returns.
    pub async fn next(&mut self, into: &mut Vec<Event>) -> bool {
        loop {
            let ended = self.tape.ended.load(Ordering::Acquire);
            if self.take(into) > 0 {
                return true;
            }
            if ended || self.bell.changed().await.is_err() {
                return false;
            }
        }
    }

    /// How many raw events have left the journal's memory.
    pub fn dropped(&self) -> u64 {
        self.tape.journal().dropped()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(cursor) = self.cursor.take() {
            let mut journal = self.tape.journal();
            journal.close_cursor(cursor);
            self.tape.look_back(&journal);
        }
    }
}
