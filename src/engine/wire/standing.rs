//! A segment that stands on the wire: its place in the queue, its key, and how it is told.
//!
//! It knows no rules and no time.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::acts::{Act, WireTelling};
use super::rules::Seen;
use crate::journal::{DropReason, Fate, Host, Micros};
use crate::tcp::{Explanation, Flags, Packet, Segment, Seq};

/// A segment on the wire.
#[derive(Debug)]
pub(super) struct Standing<F> {
    pub id: u64,
    pub host: Host,
    pub packet: Packet,
    pub segment: Segment,
    pub from: Option<Arc<str>>,
    pub left: Micros,
    pub repeats: u32,
    pub repeats_of: Option<u64>,
    /// Made by the wire: the number of the segment it was copied from.
    pub copy_of: Option<u64>,
    /// Why its sender sent it: the first time, where repeats were counted on it.
    pub why: Option<Explanation>,
    /// The journal knows already that it stands.
    pub told: bool,
    pub frame: F,
}

/// Segments with one key carry the same octets: the later one repeats the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    host: Host,
    src: SocketAddr,
    dst: SocketAddr,
    seq: Seq,
    len: u32,
    flags: Flags,
}

/// `reorder N`: the next N of the direction that comes first.
#[derive(Debug)]
pub(super) struct Reorder<F> {
    pub of: usize,
    pub gathered: Vec<Standing<F>>,
    pub by_key: HashMap<Key, usize>,
}

impl<F: AsRef<[u8]>> Standing<F> {
    pub(super) fn weight(&self) -> usize {
        self.frame.as_ref().len() + size_of::<Standing<F>>()
    }
}

impl<F> Standing<F> {
    pub(super) fn seen(&self) -> Seen<'_> {
        Seen {
            segment: self.segment,
            host: self.host,
            from: self.from.as_deref(),
        }
    }

    /// What its repeats would be known by. An ACK alone takes no sequence number: its sender repeats none, and three
    /// equal ones mean something. A RST is not repeated either, and a copy is there to be a second one.
    pub(super) fn key(&self) -> Option<Key> {
        let repeatable = self.packet.takes_numbers() && !self.packet.flags.has(Flags::RST);
        (repeatable && self.copy_of.is_none()).then(|| Key {
            host: self.host,
            src: self.packet.src,
            dst: self.packet.dst,
            seq: self.packet.seq,
            len: self.packet.len,
            flags: self.packet.flags.without(Flags::PSH),
        })
    }

    pub(super) fn tell(&self, fate: Fate, due: Option<Micros>) -> Act<F> {
        Act::Told(Box::new(self.telling(fate, due, None)))
    }

    pub(super) fn telling(
        &self,
        fate: Fate,
        due: Option<Micros>,
        reason: Option<DropReason>,
    ) -> WireTelling {
        WireTelling {
            id: self.id,
            host: self.host,
            packet: self.packet.clone(),
            segment: self.segment,
            fate,
            left: self.left,
            due,
            repeats: self.repeats,
            repeats_of: self.repeats_of,
            copy_of: self.copy_of,
            why: self.why,
            reason,
        }
    }
}

impl<F> Reorder<F> {
    pub(super) fn of(of: usize) -> Reorder<F> {
        Reorder {
            of,
            gathered: Vec::new(),
            by_key: HashMap::new(),
        }
    }

    pub(super) fn take(&mut self, at: usize) -> Standing<F> {
        let standing = self.gathered.remove(at);
        self.by_key.clear();
        for (at, other) in self.gathered.iter().enumerate() {
            if let Some(key) = other.key() {
                self.by_key.insert(key, at);
            }
        }
        standing
    }
}
