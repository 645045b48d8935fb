//! Sequence numbers: 32 bits that wrap, ordered by the sign of their distance (RFC 9293, section 3.4).

use std::cmp::Ordering;
use std::ops::{Add, Sub};

/// A sequence or acknowledgement number.
///
/// `Seq` is not `Ord`: the order of a modular number is not transitive over the whole circle.
/// [`Seq::partial_cmp`] answers for numbers less than half the circle apart, and `None` at exactly half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seq(pub u32);

impl Seq {
    /// The signed distance from `earlier` to `self`, modulo 2^32.
    pub const fn since(self, earlier: Seq) -> i32 {
        self.0.wrapping_sub(earlier.0) as i32
    }

    /// `start <= self < start + len`, modulo 2^32.
    pub const fn within(self, start: Seq, len: u32) -> bool {
        self.0.wrapping_sub(start.0) < len
    }

    /// This number as acknowledgement covers the octet (or SYN, or FIN) that stands at `octet`.
    pub const fn covers(self, octet: Seq) -> bool {
        self.since(octet) > 0
    }
}

impl PartialOrd for Seq {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match self.since(*other) {
            0 => Some(Ordering::Equal),
            i32::MIN => None,
            d if d < 0 => Some(Ordering::Less),
            _ => Some(Ordering::Greater),
        }
    }
}

impl Add<u32> for Seq {
    type Output = Seq;

    fn add(self, octets: u32) -> Seq {
        Seq(self.0.wrapping_add(octets))
    }
}

impl Sub for Seq {
    type Output = u32;

    fn sub(self, earlier: Seq) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}
