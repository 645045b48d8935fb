//! A TCP segment as it is told on the wire lane: header facts, relative numbers, no payload.

use std::fmt;

use super::Seq;

/// The control bits that matter for opening and closing (RFC 9293, section 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    pub const FIN: Flags = Flags(0x01);
    pub const SYN: Flags = Flags(0x02);
    pub const RST: Flags = Flags(0x04);
    pub const PSH: Flags = Flags(0x08);
    pub const ACK: Flags = Flags(0x10);
    pub const URG: Flags = Flags(0x20);

    /// Flags in the public order `SFRPAU` and their letters.
    const LETTERS: [(Flags, char); 6] = [
        (Flags::SYN, 'S'),
        (Flags::FIN, 'F'),
        (Flags::RST, 'R'),
        (Flags::PSH, 'P'),
        (Flags::ACK, 'A'),
        (Flags::URG, 'U'),
    ];

    /// From the header's flag octet; ECN bits are left out.
    pub const fn from_octet(octet: u8) -> Flags {
        Flags(octet & 0x3f)
    }

    pub const fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    pub const fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    /// From letters such as `FA`; an unknown letter gives `None`.
    pub fn parse(letters: &str) -> Option<Flags> {
        letters.chars().try_fold(Flags::default(), |flags, letter| {
            let (flag, _) = Flags::LETTERS.into_iter().find(|(_, l)| *l == letter)?;
            Some(flags.with(flag))
        })
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters: String = Flags::LETTERS
            .into_iter()
            .filter(|(flag, _)| self.has(*flag))
            .map(|(_, letter)| letter)
            .collect();
        f.pad(&letters)
    }
}

/// One segment. `seq` and `ack` are relative to each side's initial sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub flags: Flags,
    pub seq: Seq,
    pub ack: Seq,
    /// Payload octets; SYN and FIN not counted.
    pub len: u32,
    /// The advertised window in octets, scaled.
    pub win: u32,
}

impl Segment {
    /// The sequence number after this segment: payload, SYN and FIN each count (RFC 9293, section 3.4).
    pub fn next_seq(&self) -> Seq {
        self.seq
            + self.len
            + u32::from(self.flags.has(Flags::SYN))
            + u32::from(self.flags.has(Flags::FIN))
    }

    /// It tells the peer that there is no room for more. The window of a RST says nothing.
    pub fn closes_window(&self) -> bool {
        self.win == 0 && self.flags.has(Flags::ACK) && !self.flags.has(Flags::RST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_in_their_public_order() {
        assert_eq!(Flags::from_octet(0xff).to_string(), "SFRPAU");
        assert_eq!(Flags::FIN.with(Flags::ACK).to_string(), "FA");
        assert_eq!(Flags::default().to_string(), "");
        assert_eq!(format!("{:>4}|", Flags::RST), "   R|");
    }

    #[test]
    fn flags_read_back() {
        for octet in 0..=0x3f {
            let flags = Flags::from_octet(octet);
            assert_eq!(Flags::parse(&flags.to_string()), Some(flags));
        }
        assert_eq!(Flags::parse("FX"), None);
        assert_eq!(Flags::from_octet(0xc0), Flags::default(), "ECN is left out");
    }

    #[test]
    fn syn_and_fin_take_a_sequence_number_each() {
        let segment = |flags, len| Segment {
            flags,
            seq: Seq(u32::MAX),
            ack: Seq(0),
            len,
            win: 0,
        };
        assert_eq!(segment(Flags::ACK, 0).next_seq(), Seq(u32::MAX));
        assert_eq!(segment(Flags::FIN.with(Flags::PSH), 10).next_seq(), Seq(10));
        assert_eq!(segment(Flags::SYN, 0).next_seq(), Seq(0), "it wraps");
    }
}
