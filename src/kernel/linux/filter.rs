//! Filters of packet sockets: classic BPF programs (Documentation/networking/filter.rst), which the kernel runs for each
//! packet before it is copied for us. They see one packet at a time and follow nothing.
//!
//! That of the tap on loopback passes the headers, and no octet of payload, of TCP packets that come from or go to one of a few ports.
//!
//! ```text
//!         +- not IP, not TCP, a fragment, another port ---------------> 0 octets: not ours
//! packet -+- IPv6 with a hop-by-hop header ----------------------------> OPTIONS octets: whoever reads it looks closer
//!         +- x = where TCP begins, and one of its ports is watched ---> x + the header's own length
//! ```

use libc::{
    BPF_A, BPF_ABS, BPF_ADD, BPF_ALU, BPF_AND, BPF_B, BPF_H, BPF_IMM, BPF_IND, BPF_JEQ, BPF_JMP,
    BPF_JSET, BPF_K, BPF_LD, BPF_LDX, BPF_MSH, BPF_RET, BPF_RSH, BPF_W, BPF_X, sock_filter,
};

/// An Ethernet header, which packets on loopback have too: zeroes, and the type.
const ETHERNET: u32 = 14;
const IPV4: u32 = 0x0800;
const IPV6: u32 = 0x86dd;
const TCP: u32 = 6;
const HOP_BY_HOP: u32 = 0;

/// uapi/linux/if_packet.h, uapi/linux/filter.h: what the packet is to this host, and where a filter finds that.
const PACKET_OUTGOING: u32 = 4;
const SKF_AD_PKTTYPE: u32 = (-0x1000_i32 + 4).cast_unsigned();
/// As much of a packet as there is.
const ALL: u32 = u32::MAX;

/// The longest IP and TCP headers that pass, the Ethernet header included: 60 and 60 octets; for IPv6 with options,
/// so much of them.
pub const LONGEST: usize = 14 + OPTIONS as usize;
const OPTIONS: u32 = 256;

/// With more ports than these, all TCP passes, and whoever reads it decides: a jump reaches no further than 255
/// instructions, and a longer list would cost each packet of the machine more than it saves.
const PORTS: usize = 64;

const fn op(code: u32, k: u32) -> sock_filter {
    jump(code, k, 0, 0)
}

/// `yes` and `no`: instructions that are left out.
const fn jump(code: u32, k: u32, yes: u8, no: u8) -> sock_filter {
    sock_filter {
        // Every code is one octet.
        code: code as u16,
        jt: yes,
        jf: no,
        k,
    }
}

const LOAD: u32 = BPF_LD | BPF_ABS;
const LOAD_X: u32 = BPF_LD | BPF_IND;
const IF_EQUAL: u32 = BPF_JMP | BPF_JEQ | BPF_K;
const IF_ANY_BIT: u32 = BPF_JMP | BPF_JSET | BPF_K;
const RETURN: u32 = BPF_RET | BPF_K;

/// The program that passes what is sent on the interface, and nothing that comes there.
pub const fn of_sent() -> [sock_filter; 4] {
    [
        op(LOAD | BPF_W, SKF_AD_PKTTYPE),
        jump(IF_EQUAL, PACKET_OUTGOING, 0, 1),
        op(RETURN, ALL),
        op(RETURN, 0),
    ]
}

/// The program that passes TCP of these ports; with none of them, nothing.
pub fn of_ports(ports: &[u16]) -> Vec<sock_filter> {
    if ports.is_empty() {
        return vec![op(RETURN, 0)];
    }
    let mut program = vec![
        op(LOAD | BPF_H, 12),
        jump(IF_EQUAL, IPV4, 7, 0),
        jump(IF_EQUAL, IPV6, 1, 0),
        op(RETURN, 0),
        // IPv6: the next header.
        op(LOAD | BPF_B, ETHERNET + 6),
        jump(IF_EQUAL, HOP_BY_HOP, 8, 0),
        jump(IF_EQUAL, TCP, 0, 6),
        op(BPF_LDX | BPF_IMM, 40),
        jump(BPF_JMP, 7, 0, 0),
        // IPv4: the protocol, no fragment, the header's length.
        op(LOAD | BPF_B, ETHERNET + 9),
        jump(IF_EQUAL, TCP, 0, 2),
        op(LOAD | BPF_H, ETHERNET + 6),
        jump(IF_ANY_BIT, 0x3fff, 0, 2),
        op(RETURN, 0),
        op(RETURN, ETHERNET + OPTIONS),
        op(BPF_LDX | BPF_B | BPF_MSH, ETHERNET),
    ];
    if ports.len() <= PORTS {
        program.extend(either_port(ports));
    }
    program.extend([
        // The offset of the data, in the upper half of its octet, in words of four.
        op(LOAD_X | BPF_B, ETHERNET + 12),
        op(BPF_ALU | BPF_AND | BPF_K, 0xf0),
        op(BPF_ALU | BPF_RSH | BPF_K, 2),
        op(BPF_ALU | BPF_ADD | BPF_X, 0),
        op(BPF_ALU | BPF_ADD | BPF_K, ETHERNET),
        op(BPF_RET | BPF_A, 0),
    ]);
    program
}

/// Goes on behind itself when the source or the destination is one of them, and returns 0 otherwise.
fn either_port(ports: &[u16]) -> Vec<sock_filter> {
    let mut program = Vec::new();
    // From the first comparison on: those of the source, the second load, those of the destination, the return.
    let length = 2 * ports.len() + 2;
    for (half, offset) in [ETHERNET, ETHERNET + 2].into_iter().enumerate() {
        program.push(op(LOAD_X | BPF_H, offset));
        for (n, port) in ports.iter().enumerate() {
            let here = half * (ports.len() + 1) + n;
            // At most 2 * PORTS + 1.
            let to_the_end = u8::try_from(length - here - 1).unwrap_or(u8::MAX);
            program.push(jump(IF_EQUAL, u32::from(*port), to_the_end, 0));
        }
    }
    program.push(op(RETURN, 0));
    program
}
