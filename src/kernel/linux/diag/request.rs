//! The bytes of a question: `nlmsghdr` and `inet_diag_req_v2`.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::kernel::reading::StateMask;

/// Header (16), family, protocol, extensions and padding (4), states (4), `inet_diag_sockid` (48).
const LEN: usize = 72;

/// uapi/linux/sock_diag.h.
pub const SOCK_DIAG_BY_FAMILY: u16 = 20;
pub const SOCK_DESTROY: u16 = 21;

/// Bit of the extension INET_DIAG_INFO (2), counted from 1: `struct tcp_info`.
const WANT_INFO: u8 = 1 << (2 - 1);

/// INET_DIAG_NOCOOKIE in both words: any socket at these addresses.
const NO_COOKIE: u64 = u64::MAX;

/// A question, ready to send but for its sequence number.
pub struct Request([u8; LEN]);

impl Request {
    /// The one socket at exactly these addresses; a listener has an unspecified peer with port 0.
    pub fn exact(local: SocketAddr, peer: SocketAddr, cookie: Option<u64>) -> Request {
        Request::one(
            SOCK_DIAG_BY_FAMILY,
            libc::NLM_F_REQUEST,
            local,
            peer,
            cookie,
        )
    }

    /// Ends that socket as a RST would (ECONNABORTED at its owner); needs CAP_NET_ADMIN.
    pub fn destroy(local: SocketAddr, peer: SocketAddr, cookie: u64) -> Request {
        Request::one(
            SOCK_DESTROY,
            libc::NLM_F_REQUEST | libc::NLM_F_ACK,
            local,
            peer,
            Some(cookie),
        )
    }

    /// All sockets of one family in these states.
    pub fn dump(v6: bool, states: StateMask) -> Request {
        let family = if v6 { libc::AF_INET6 } else { libc::AF_INET };
        let mut request = Request::blank(
            SOCK_DIAG_BY_FAMILY,
            libc::NLM_F_REQUEST | libc::NLM_F_DUMP,
            family,
        );
        request.put(20, &states.0.to_ne_bytes());
        request
    }

    fn one(
        kind: u16,
        flags: i32,
        local: SocketAddr,
        peer: SocketAddr,
        cookie: Option<u64>,
    ) -> Request {
        // The hash of a mapped address is that of the IPv4 address, so such a socket is asked for as AF_INET.
        let (from, to) = (local.ip().to_canonical(), peer.ip().to_canonical());
        let family = if from.is_ipv4() && to.is_ipv4() {
            libc::AF_INET
        } else {
            libc::AF_INET6
        };
        let mut request = Request::blank(kind, flags, family);
        request.put(24, &local.port().to_be_bytes());
        request.put(26, &peer.port().to_be_bytes());
        request.put(28, &address(from, family));
        request.put(44, &address(to, family));
        request.put(60, &scope(local).max(scope(peer)).to_ne_bytes());
        let cookie = cookie.unwrap_or(NO_COOKIE);
        // Two words, the low one first, whatever the machine's byte order.
        request.put(64, &(cookie as u32).to_ne_bytes());
        request.put(68, &((cookie >> 32) as u32).to_ne_bytes());
        request
    }

    fn blank(kind: u16, flags: i32, family: i32) -> Request {
        let mut request = Request([0; LEN]);
        request.put(0, &(LEN as u32).to_ne_bytes());
        request.put(4, &kind.to_ne_bytes());
        request.put(6, &(flags as u16).to_ne_bytes());
        request.put(16, &[family as u8, libc::IPPROTO_TCP as u8, WANT_INFO, 0]);
        request
    }

    /// The whole message, under this sequence number.
    pub fn numbered(&mut self, seq: u32) -> &[u8] {
        self.put(8, &seq.to_ne_bytes());
        &self.0
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

/// 16 bytes in network order; an IPv4 address stands in the first four.
fn address(ip: IpAddr, family: i32) -> [u8; 16] {
    let mut bytes = [0; 16];
    match ip {
        IpAddr::V4(v4) if family == libc::AF_INET => bytes[..4].copy_from_slice(&v4.octets()),
        // One end mapped and the other not happens only where one is unspecified.
        IpAddr::V4(v4) => bytes = v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => bytes = Ipv6Addr::octets(&v6),
    }
    bytes
}

/// `idiag_if`: a socket with a link-local address is bound to its interface and found only with it.
fn scope(address: SocketAddr) -> u32 {
    match address {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(v6) => v6.scope_id(),
    }
}
