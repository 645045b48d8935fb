//! What goes into the wire's queue and what comes out of it: arrivals, acts, tellings, refusals.

use std::fmt;
use std::sync::Arc;

use super::capture::Sent;
use crate::journal::{DropReason, Fate, Host, Micros};
use crate::tcp::{Explanation, Packet, Segment};

/// A TCP packet that came out of a host's interface.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub packet: &'a Packet,
    /// The same in relative numbers, as it will be told.
    pub segment: Segment,
    /// The name of the endpoint that sent it, for selectors. A listener that answers for a connection nobody has
    /// accepted yet is `NAME.listen`.
    pub from: Option<&'a Arc<str>>,
    /// When the sender's kernel handed it to the wire.
    pub left: Micros,
    /// It repeats what an earlier segment with this number carried.
    pub repeats_of: Option<u64>,
    /// Why its sender sent it.
    pub why: Explanation,
}

/// What the engine does next, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Act<F> {
    /// Write the frame to this host. `told` goes into the journal, unless the write fails; a frame that is no TCP
    /// is not told.
    Pass {
        to: Host,
        frame: F,
        told: Option<Box<WireTelling>>,
    },
    /// Only the journal hears of it: held, under way, or dropped.
    Told(Box<WireTelling>),
}

/// What is to be told about a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct WireTelling {
    /// Counts arrivals and copies, from 1. A repeat that is counted on a held segment uses one up.
    pub id: u64,
    /// The host that sent it.
    pub host: Host,
    /// The packet as it stands there now: the newest repeat of a held one.
    pub packet: Packet,
    pub segment: Segment,
    /// `Duplicated` is how a copy made by the wire passes.
    pub fate: Fate,
    /// When the sender's kernel handed it (a repeated one: first) to the wire.
    pub left: Micros,
    /// Under way until then; only with `Fate::Held`. Without it, `Fate::Held` stands still.
    pub due: Option<Micros>,
    /// Retransmissions that came while it was held, and were counted on it.
    pub repeats: u32,
    /// What its sender repeated with it. A copy repeats nothing: its sender sent it once.
    pub repeats_of: Option<u64>,
    /// A copy made by the wire: the number of the segment it was copied from, always the one before its own.
    pub copy_of: Option<u64>,
    /// Why its sender sent it; of a repeated one: first. A copy was sent by nobody.
    pub why: Option<Explanation>,
    /// Why it was dropped.
    pub reason: Option<DropReason>,
}

impl WireTelling {
    /// It went on at once: no rule stood in its way.
    pub fn passed(id: u64, host: Host, packet: Packet, sent: &Sent, left: Micros) -> WireTelling {
        WireTelling {
            id,
            host,
            packet,
            segment: sent.segment,
            fate: Fate::Passed,
            left,
            due: None,
            repeats: 0,
            repeats_of: sent.repeats_of,
            copy_of: None,
            why: Some(sent.why),
            reason: None,
        }
    }
}

/// The wire in numbers. `arrived + duplicated = passed + dropped + counted + held + in_flight`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// TCP segments that came out of a host.
    pub arrived: u64,
    /// Copies that the wire made.
    pub duplicated: u64,
    /// Copies included.
    pub passed: u64,
    pub dropped: u64,
    /// Of `dropped`: for want of room.
    pub overflowed: u64,
    /// Retransmissions counted on a segment that stood still.
    pub counted: u64,
    /// Standing still now: held, or waiting for the others of a `reorder`.
    pub held: usize,
    /// Under way now, because of a `delay`.
    pub in_flight: usize,
}

/// Why a command of the wire did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireRefusal {
    /// `step` with nothing held. `holding`: a hold stands, so a segment may still come.
    NothingToStep { holding: bool },
    /// `release` with nothing held and no hold.
    NothingToRelease,
    /// `step` or `release` while the cable is cut: it would lose what is held, and nothing more comes.
    Cut,
    /// `discard`: no such segment is held or under way.
    NoSuchSegment { id: u64 },
}

impl fmt::Display for WireRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireRefusal::NothingToStep { holding: true } => f.write_str(
                "nothing is held yet, so there is nothing to step: let an end send something first",
            ),
            WireRefusal::NothingToStep { holding: false } => f.write_str(
                "nothing is held, so there is nothing to step: `wire: hold` keeps what arrives from then on",
            ),
            WireRefusal::NothingToRelease => f.write_str(
                "nothing is held and no hold stands, so there is nothing to release: `wire: hold` keeps what arrives from then on",
            ),
            WireRefusal::Cut => f.write_str(
                "the cable is cut: nothing comes any more, and what is held would be lost; `wire: mend` joins it again",
            ),
            WireRefusal::NoSuchSegment { id } => write!(
                f,
                "segment {id} is neither held nor under way any more: it passed or was dropped; choose one that stands on the wire"
            ),
        }
    }
}

impl std::error::Error for WireRefusal {}
