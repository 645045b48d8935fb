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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_order_wraps() {
        assert!(Seq(u32::MAX) < Seq(0));
        assert!(Seq(0x7fff_ffff) > Seq(0));
        assert_eq!(
            Seq(0).partial_cmp(&Seq(0x8000_0000)),
            None,
            "half the circle apart"
        );
        assert!(Seq(5).covers(Seq(4)) && !Seq(5).covers(Seq(5)));
        assert!(Seq(2).within(Seq(u32::MAX), 4) && !Seq(3).within(Seq(u32::MAX), 4));
        assert!(!Seq(7).within(Seq(7), 0));
    }

    proptest! {
        #[test]
        fn what_comes_after_is_greater(start: u32, step in 1..0x8000_0000u32) {
            let (a, b) = (Seq(start), Seq(start) + step);
            prop_assert_eq!(a.partial_cmp(&b), Some(Ordering::Less));
            prop_assert!(b.covers(a) && !a.covers(b));
            prop_assert_eq!(b - a, step);
            prop_assert!(a.within(a, step) && !b.within(a, step));
        }

        #[test]
        fn two_numbers_have_one_order(a: u32, b: u32) {
            let (a, b) = (Seq(a), Seq(b));
            prop_assert_eq!(a.partial_cmp(&b), b.partial_cmp(&a).map(Ordering::reverse));
            prop_assert_eq!(a.partial_cmp(&b) == Some(Ordering::Equal), a == b);
        }

        #[test]
        fn order_is_transitive_within_half_a_circle(start: u32, x in 1..0x4000_0000u32, y in 1..0x4000_0000u32) {
            let (a, b) = (Seq(start), Seq(start) + x);
            prop_assert!(a < b && b < b + y && a < b + y);
        }
    }
}
