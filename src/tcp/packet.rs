//! One TCP packet as its bytes stand on the wire: IP and TCP headers read into absolute numbers.
//!
//! It follows no connection and keeps no payload. Whatever the bytes are, it answers or says `None`; checksums are
//! the receiving kernel's business.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Flags, Seq};

/// The length of an Ethernet header without a VLAN tag.
const ETHERNET_HEADER: usize = 14;
/// Protocol and next-header numbers (IANA "Protocol Numbers").
const HOP_BY_HOP: u8 = 0;
const TCP: u8 = 6;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
const DESTINATION: u8 = 60;
/// The largest shift of the window (RFC 7323, section 2.3); a larger one counts as this.
const LARGEST_SHIFT: u8 = 14;

/// The headers of a TCP packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub src: SocketAddr,
    pub dst: SocketAddr,
    pub flags: Flags,
    /// Absolute.
    pub seq: Seq,
    /// Absolute; without the ACK bit it means nothing.
    pub ack: Seq,
    /// As it stands in the header, not scaled.
    pub window: u16,
    /// Payload octets by the IP header's length; SYN and FIN not counted.
    pub len: u32,
    /// Of a SYN: the largest segment that its sender takes.
    pub mss: Option<u16>,
    /// Of a SYN: by how many bits its sender's later windows are shifted, at most 14.
    pub window_shift: Option<u8>,
    /// Of a SYN: its sender understands SACK blocks.
    pub sack_permitted: bool,
    pub sack: Sack,
    /// TSval and TSecr (RFC 7323).
    pub timestamps: Option<(u32, u32)>,
}

/// The SACK blocks of a packet: octets from, up to (RFC 2018). More than four do not fit into a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sack {
    blocks: [(Seq, Seq); 4],
    count: usize,
}

impl Sack {
    pub fn blocks(&self) -> &[(Seq, Seq)] {
        &self.blocks[..self.count]
    }

    fn push(&mut self, from: Seq, to: Seq) {
        if let Some(free) = self.blocks.get_mut(self.count) {
            *free = (from, to);
            self.count += 1;
        }
    }
}

/// The type of an Ethernet frame and what follows its header; `None` when even the header is not whole.
pub fn ethernet(frame: &[u8]) -> Option<(u16, &[u8])> {
    let payload = frame.get(ETHERNET_HEADER..)?;
    Some((u16_at(frame, 12)?, payload))
}

impl Packet {
    /// Reads an IPv4 or IPv6 packet. `None`: it is no TCP, it is a fragment, or its headers are not whole and sound.
    ///
    /// A payload that was cut by the capture keeps the length of its IP header; padding behind the packet is ignored.
    pub fn parse(ip: &[u8]) -> Option<Packet> {
        Packet::parse_cut(ip, ip.len())
    }

    /// The same for a packet of `whole` octets, of which only the first were kept.
    pub fn parse_cut(ip: &[u8], whole: usize) -> Option<Packet> {
        let (src, dst, length, tcp) = match ip.first()? >> 4 {
            4 => {
                let (start, end) = ipv4_payload(ip, whole)?;
                let src = Ipv4Addr::from(<[u8; 4]>::try_from(ip.get(12..16)?).ok()?);
                let dst = Ipv4Addr::from(<[u8; 4]>::try_from(ip.get(16..20)?).ok()?);
                (src.into(), dst.into(), end - start, ip.get(start..)?)
            }
            6 => {
                let (start, end) = ipv6_payload(ip, whole)?;
                let src = Ipv6Addr::from(<[u8; 16]>::try_from(ip.get(8..24)?).ok()?);
                let dst = Ipv6Addr::from(<[u8; 16]>::try_from(ip.get(24..40)?).ok()?);
                (src.into(), dst.into(), end - start, ip.get(start..)?)
            }
            _ => return None,
        };
        let header = usize::from(tcp.get(12)? >> 4) * 4;
        if header < 20 || header > length {
            return None;
        }
        let mut packet = Packet {
            src: SocketAddr::new(src, u16_at(tcp, 0)?),
            dst: SocketAddr::new(dst, u16_at(tcp, 2)?),
            flags: Flags::from_octet(*tcp.get(13)?),
            seq: Seq(u32_at(tcp, 4)?),
            ack: Seq(u32_at(tcp, 8)?),
            window: u16_at(tcp, 14)?,
            len: u32::try_from(length - header).ok()?,
            mss: None,
            window_shift: None,
            sack_permitted: false,
            sack: Sack::default(),
            timestamps: None,
        };
        packet.read_options(tcp.get(20..header)?);
        Some(packet)
    }

    /// The sequence number after this packet: payload, SYN and FIN each count (RFC 9293, section 3.4).
    pub fn next_seq(&self) -> Seq {
        self.seq
            + self.len
            + u32::from(self.flags.has(Flags::SYN))
            + u32::from(self.flags.has(Flags::FIN))
    }

    /// It takes sequence numbers, so it is acknowledged, and repeated until it is.
    pub fn takes_numbers(&self) -> bool {
        self.next_seq() != self.seq
    }

    /// Options (RFC 9293, section 3.2): an unsound one ends the list, as for `tcp_parse_options`.
    fn read_options(&mut self, mut options: &[u8]) {
        while let Some((&kind, rest)) = options.split_first() {
            match kind {
                0 => return,
                1 => options = rest,
                _ => {
                    let Some(length) = rest.first().map(|l| usize::from(*l)) else {
                        return;
                    };
                    let (Some(body), Some(next)) = (options.get(2..length), options.get(length..))
                    else {
                        return;
                    };
                    self.read_option(kind, body);
                    options = next;
                }
            }
        }
    }

    fn read_option(&mut self, kind: u8, body: &[u8]) {
        let syn = self.flags.has(Flags::SYN);
        match (kind, body.len()) {
            (2, 2) if syn => self.mss = u16_at(body, 0),
            (3, 1) if syn => self.window_shift = body.first().map(|s| (*s).min(LARGEST_SHIFT)),
            (4, 0) if syn => self.sack_permitted = true,
            (5, length) if length % 8 == 0 => {
                for block in body.chunks_exact(8) {
                    if let (Some(from), Some(to)) = (u32_at(block, 0), u32_at(block, 4)) {
                        self.sack.push(Seq(from), Seq(to));
                    }
                }
            }
            (8, 8) => self.timestamps = u32_at(body, 0).zip(u32_at(body, 4)),
            _ => {}
        }
    }
}

/// Where the TCP header begins and the packet ends (RFC 791, section 3.1).
fn ipv4_payload(ip: &[u8], whole: usize) -> Option<(usize, usize)> {
    let header = usize::from(ip.first()? & 0x0f) * 4;
    // Length 0: a super-packet beyond 64 KiB (ip(8) "gso_ipv4_max_size"); the frame says how long it is.
    let end = match usize::from(u16_at(ip, 2)?) {
        0 => whole,
        length => length,
    };
    // More fragments follow, or this one is not the first.
    let fragment = u16_at(ip, 6)? & 0x3fff != 0;
    (header >= 20 && header <= end && !fragment && *ip.get(9)? == TCP).then_some((header, end))
}

/// The same for IPv6 (RFC 8200, section 4), behind its extension headers.
fn ipv6_payload(ip: &[u8], whole: usize) -> Option<(usize, usize)> {
    let end = match usize::from(u16_at(ip, 4)?) {
        // A jumbogram (RFC 2675), or a super-packet of the kernel.
        0 => whole,
        length => length + 40,
    };
    let mut next = *ip.get(6)?;
    let mut at = 40;
    loop {
        let octets = match next {
            TCP => return (at <= end).then_some((at, end)),
            HOP_BY_HOP | ROUTING | DESTINATION => 8 + 8 * usize::from(*ip.get(at + 1)?),
            AUTHENTICATION => 8 + 4 * usize::from(*ip.get(at + 1)?),
            // An atomic fragment is a whole packet (RFC 6946).
            FRAGMENT if u16_at(ip, at + 2)? & 0xfff9 == 0 => 8,
            _ => return None,
        };
        next = *ip.get(at)?;
        at += octets;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SYN_OPTIONS: [u8; 20] = [
        2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7,
    ];

    fn tcp(flags: u8, options: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(40_000u16.to_be_bytes());
        bytes.extend(6000u16.to_be_bytes());
        bytes.extend(0xffff_fffeu32.to_be_bytes());
        bytes.extend(77u32.to_be_bytes());
        bytes.extend([(5 + options.len() as u8 / 4) << 4, flags]);
        bytes.extend(64_240u16.to_be_bytes());
        bytes.extend([0; 4]);
        bytes.extend(options);
        bytes.extend(payload);
        bytes
    }

    fn v4(options: usize, tcp: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x40 | (5 + options as u8 / 4), 0];
        bytes.extend((20 + options as u16 + tcp.len() as u16).to_be_bytes());
        bytes.extend([
            0, 1, 0x40, 0, 64, TCP, 0, 0, 198, 51, 100, 1, 198, 51, 100, 2,
        ]);
        bytes.extend(vec![1; options]);
        bytes.extend(tcp);
        bytes
    }

    /// `headers`: each with its own number, its first octet (the next header) left to be filled in.
    fn v6(headers: &[(u8, Vec<u8>)], tcp: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        for (i, (_, header)) in headers.iter().enumerate() {
            body.push(headers.get(i + 1).map_or(TCP, |h| h.0));
            body.extend(&header[1..]);
        }
        body.extend(tcp);
        let mut bytes = vec![0x60, 0, 0, 0];
        bytes.extend((body.len() as u16).to_be_bytes());
        bytes.extend([headers.first().map_or(TCP, |h| h.0), 64]);
        for last in [1, 2] {
            bytes.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
        }
        bytes.extend(body);
        bytes
    }

    fn addr(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_syn_with_its_options() {
        let expected = Packet {
            src: addr("198.51.100.1:40000"),
            dst: addr("198.51.100.2:6000"),
            flags: Flags::SYN,
            seq: Seq(0xffff_fffe),
            ack: Seq(77),
            window: 64_240,
            len: 0,
            mss: Some(1460),
            window_shift: Some(7),
            sack_permitted: true,
            sack: Sack::default(),
            timestamps: Some((9, 0)),
        };
        // With ECE and CWR set as well, as a SYN that asks for ECN has them.
        let ip = v4(0, &tcp(0xc2, &SYN_OPTIONS, b""));
        assert_eq!(Packet::parse(&ip), Some(expected.clone()));
        let mut frame = vec![2; 12];
        frame.extend([0x08, 0x00]);
        frame.extend(&ip);
        assert_eq!(ethernet(&frame), Some((0x0800, &ip[..])));
        assert_eq!(ethernet(&frame[..13]), None);
        assert_eq!(
            Packet::parse(&v6(&[], &tcp(0x02, &SYN_OPTIONS, b""))),
            Some(Packet {
                src: addr("[2001:db8::1]:40000"),
                dst: addr("[2001:db8::2]:6000"),
                ..expected
            })
        );
    }

    #[test]
    fn payload_and_fin_are_counted_and_padding_is_not() {
        let mut ip = v4(8, &tcp(0x19, &[], b"hello"));
        ip.extend([0; 6]);
        let packet = Packet::parse(&ip).expect("a packet");
        assert_eq!((packet.len, packet.next_seq()), (5, Seq(4)), "it wraps");
        assert!(packet.takes_numbers());
        assert_eq!(packet.flags.to_string(), "FPA");
        let bare = Packet::parse(&v4(0, &tcp(0x10, &[], b""))).expect("a packet");
        assert!(!bare.takes_numbers());
    }

    #[test]
    fn a_cut_payload_keeps_its_length_and_a_cut_header_is_nothing() {
        let ip = v4(0, &tcp(0x10, &SYN_OPTIONS, b"hello"));
        assert_eq!(Packet::parse(&ip[..62]).map(|p| p.len), Some(5));
        let mut beyond = ip.clone();
        beyond[2..4].fill(0);
        let cut = Packet::parse_cut(&beyond[..60], 100_060);
        assert_eq!(cut.map(|p| p.len), Some(100_000), "of more than 64 KiB");
        for cut in 0..60 {
            assert_eq!(Packet::parse(&ip[..cut]), None, "{cut} bytes");
        }
    }

    #[test]
    fn ipv6_extension_headers_are_walked() {
        let hop = (HOP_BY_HOP, vec![0, 0, 5, 2, 0, 0, 1, 0]);
        let long = (DESTINATION, [vec![0, 1], vec![0; 14]].concat());
        let auth = (AUTHENTICATION, [vec![0, 4], vec![0; 22]].concat());
        let atomic = (FRAGMENT, vec![0, 0, 0, 0, 0, 0, 0, 9]);
        let ip = v6(&[hop, long, auth, atomic], &tcp(0x18, &[], b"abc"));
        let packet = Packet::parse(&ip).expect("a packet");
        assert_eq!((packet.len, packet.dst.port()), (3, 6000));
    }

    #[test]
    fn what_is_no_whole_tcp_packet_is_none() {
        let whole = v4(0, &tcp(0x10, &[], b"x"));
        let with = |at: usize, value: u8| {
            let mut ip = whole.clone();
            ip[at] = value;
            ip
        };
        let fragment = |offset: u8, more: u8| {
            let header = (FRAGMENT, vec![0, 0, offset, more, 0, 0, 0, 9]);
            v6(&[header], &tcp(0x10, &[], b"x"))
        };
        for (wrong, why) in [
            (with(0, 0x55), "version 5"),
            (with(0, 0x44), "an IP header of 16 octets"),
            (with(0, 0x4f), "an IP header longer than the packet"),
            (with(3, 30), "a packet shorter than its headers"),
            (with(6, 0x20), "more fragments"),
            (with(7, 1), "a later fragment"),
            (with(9, 17), "UDP"),
            (with(32, 0x40), "a TCP header of 16 octets"),
            (with(32, 0xf0), "a TCP header longer than the packet"),
            (fragment(0, 1), "a first IPv6 fragment"),
            (fragment(1, 0), "a later IPv6 fragment"),
            (v6(&[(50, vec![0; 8])], &tcp(0x10, &[], b"")), "ESP"),
            (v6(&[(59, vec![0; 8])], &tcp(0x10, &[], b"")), "no next"),
            (Vec::new(), "nothing"),
        ] {
            assert_eq!(Packet::parse(&wrong), None, "{why}");
        }
    }

    #[test]
    fn options_are_read_until_one_is_unsound() {
        let parse = |flags, options: &[u8]| {
            Packet::parse(&v4(0, &tcp(flags, options, b""))).expect("a packet")
        };
        let sack = parse(0x10, &[1, 1, 5, 10, 0, 0, 0, 5, 0, 0, 0, 9]);
        assert_eq!(sack.sack.blocks(), [(Seq(5), Seq(9))]);
        let zero = parse(0x02, &[1, 7, 0, 1, 2, 4, 1, 1]);
        assert_eq!(zero.mss, None, "a length of 0 ends the list");
        let beyond = parse(0x02, &[3, 3, 200, 8, 40, 0, 0, 0]);
        assert_eq!(beyond.window_shift, Some(14), "RFC 7323 caps the shift");
        assert_eq!(beyond.timestamps, None, "it reaches past the header");
        let end = parse(0x02, &[0, 2, 4, 1]);
        assert_eq!(end.mss, None, "behind the end of the list");
        let late = parse(0x10, &[2, 4, 5, 0xb4, 3, 3, 7, 1]);
        assert_eq!((late.mss, late.window_shift), (None, None), "only a SYN");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Packet::parse(&bytes);
            let _ = ethernet(&bytes);
        }

        /// Sound packets with some octets overwritten and then cut reach deeper than noise does.
        #[test]
        fn damaged_packets_are_read_without_panic(
            six: bool,
            damage in prop::collection::vec((0..120usize, any::<u8>()), 0..6),
            cut in 0..160usize,
        ) {
            let tcp = tcp(0x12, &SYN_OPTIONS, b"some payload");
            let hop = (HOP_BY_HOP, vec![0, 0, 5, 2, 0, 0, 1, 0]);
            let mut ip = if six { v6(&[hop], &tcp) } else { v4(4, &tcp) };
            for (at, value) in damage {
                if let Some(octet) = ip.get_mut(at) {
                    *octet = value;
                }
            }
            ip.truncate(cut);
            if let Some(packet) = Packet::parse(&ip) {
                prop_assert!(packet.len as usize <= 65_575);
                prop_assert!(packet.sack.blocks().len() <= 4);
            }
        }
    }
}
