//! The tap on loopback: each packet of a watched port once, its headers alone, and no packet of anybody else.

use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use super::stage::{Pair, granted, readable, v4, v6};
use crate::kernel::{Socket, Tap};
use crate::tcp::{Flags, Packet, Power};

const DEADLINE: Duration = Duration::from_secs(10);

/// What the tap told of a packet.
struct Seen {
    packet: Packet,
    /// Octets that were copied for us.
    kept: usize,
    whole: usize,
    left: Instant,
    gso: bool,
}

fn tap() -> Option<Tap> {
    granted(Power::Capture).then(|| Tap::loopback().expect("the probe was granted it"))
}

fn port(socket: &Socket) -> u16 {
    socket.local().expect("getsockname").port()
}

/// Takes packets until one of them is the last one that is waited for.
fn until(tap: &Tap, what: &str, last: impl Fn(&Packet) -> bool) -> Vec<Seen> {
    let end = Instant::now() + DEADLINE;
    let mut all = Vec::new();
    loop {
        tap.drain(usize::MAX, |glimpse| {
            all.push(Seen {
                packet: Packet::parse_cut(glimpse.ip, glimpse.whole).expect("TCP"),
                kept: glimpse.ip.len(),
                whole: glimpse.whole,
                left: glimpse.left,
                gso: glimpse.gso,
            });
        });
        if all.iter().any(|seen| last(&seen.packet)) {
            return all;
        }
        let fd = std::os::fd::AsFd::as_fd(tap).as_raw_fd();
        assert!(readable(fd, end), "{what} was never seen");
    }
}

fn from(seen: &[Seen], at: SocketAddr) -> Vec<&Seen> {
    seen.iter().filter(|s| s.packet.src == at).collect()
}

/// A connection that the tap sees from its first SYN on.
fn watched(tap: &Tap, at: SocketAddr) -> Pair {
    let listener = super::stage::listener(at, 8);
    tap.watch(&[port(&listener)]).expect("a filter");
    Pair::of(listener, at)
}

#[test]
fn each_segment_is_seen_once_with_its_length_and_without_its_payload() {
    let Some(tap) = tap() else { return };
    let before = Instant::now();
    for at in [v4(), v6()] {
        if at.is_ipv6() && !granted(Power::Ipv6) {
            return;
        }
        let pair = watched(&tap, at);
        pair.client.send(&[b'x'; 3000]).expect("send");
        pair.client
            .shutdown(crate::kernel::How::Send)
            .expect("shutdown");
        let client = pair.client.local().expect("getsockname");
        let seen = until(&tap, "the FIN", |p| p.flags.has(Flags::FIN));
        let told: Vec<(String, u32)> = from(&seen, client)
            .iter()
            .map(|s| (s.packet.flags.to_string(), s.packet.len))
            .filter(|(flags, len)| flags != "A" || *len > 0)
            .collect();
        let said = |flags: &str, len| (flags.to_owned(), len);
        assert_eq!(
            told,
            [said("S", 0), said("PA", 3000), said("FA", 0)],
            "{at}"
        );
        for s in &seen {
            let headers = s.whole - s.packet.len as usize;
            assert_eq!(s.kept, headers, "no octet of payload is copied");
            assert!(!s.gso, "3000 octets fit into one segment of loopback");
            assert!(before <= s.left && s.left <= Instant::now());
        }
    }
}

#[test]
fn a_packet_that_stands_for_several_segments_says_so() {
    let Some(tap) = tap() else { return };
    let listener = super::stage::listener(v4(), 8);
    tap.watch(&[port(&listener)]).expect("a filter");
    // The listener asks for segments as short as a network card would carry: a longer write is a super-packet.
    socket2::SockRef::from(&listener)
        .set_tcp_mss(1000)
        .expect("TCP_MAXSEG");
    let pair = Pair::of(listener, v4());
    let sent = pair.client.send(&[b'x'; 20_000]).expect("send");
    assert_eq!(sent, 20_000);
    let client = pair.client.local().expect("getsockname");
    let long = |p: &Packet| p.src == client && p.len > 1000;
    let seen = until(&tap, "a super-packet", long);
    for s in from(&seen, client) {
        assert_eq!(s.gso, s.packet.len > 1000, "{:?}", s.packet);
    }
}

#[test]
fn what_is_not_watched_is_not_seen() {
    let Some(tap) = tap() else { return };
    let others = Pair::new();
    let ours = watched(&tap, v4());
    // The others speak before and after us, and with enough to say: what is not filtered would stand here first.
    for pair in [&others, &ours, &others] {
        pair.client.send(b"hello").expect("send");
    }
    let mut ports = vec![port(&ours.listener)];
    let seen = until(&tap, "our segment", |p| p.len > 0);
    let about = |s: &Seen, port| s.packet.src.port() == port || s.packet.dst.port() == port;
    assert!(seen.iter().all(|s| about(s, ports[0])));

    // More ports than a filter holds: all TCP passes, ours with it.
    ports.extend(1..=100);
    tap.watch(&ports).expect("a filter");
    ours.client.send(b"again").expect("send");
    let seen = until(&tap, "our second segment", |p| {
        p.len > 0 && p.dst.port() == ports[0]
    });
    assert!(!seen.is_empty());

    tap.watch(&[]).expect("a filter");
    tap.drain(usize::MAX, |_| ());
    ours.client.send(b"unseen").expect("send");
    assert_eq!(tap.drain(usize::MAX, |_| ()), 0, "nothing is watched");
}

#[test]
fn the_last_of_many_ports_is_watched_as_well_as_the_first() {
    let Some(tap) = tap() else { return };
    for count in [1, 2, 63, 64, 65] {
        let pair = Pair::new();
        let server = port(&pair.listener);
        for place in [0, count - 1] {
            let mut ports: Vec<u16> = (1..=count as u16).collect();
            ports[place] = server;
            tap.watch(&ports).expect("a filter");
            pair.client.send(b"there").expect("send");
            until(&tap, "a segment to it", |p| {
                p.dst.port() == server && p.len > 0
            });
            pair.server.send(b"back").expect("send");
            until(&tap, "a segment from it", |p| {
                p.src.port() == server && p.len > 0
            });
        }
    }
}

/// The kernel drops what nobody reads, and says how much; what was read is not among it.
#[test]
fn what_the_kernel_dropped_is_counted() {
    let Some(tap) = tap() else { return };
    let pair = watched(&tap, v4());
    pair.client
        .set(crate::kernel::SockOption::NoDelay(true))
        .expect("TCP_NODELAY");
    let mut buffer = [0; 64];
    let mut sent = 0u64;
    let lost = loop {
        for _ in 0..1000 {
            pair.client.send(b"x").expect("room for one octet");
            sent += 1;
            // Whatever has come; the queue of the receiver stays short.
            let _ = pair.server.recv(&mut buffer);
        }
        let lost = tap.lost().expect("PACKET_STATISTICS");
        if lost > 0 {
            break u64::from(lost);
        }
        assert!(sent < 1_000_000, "a queue without end");
    };
    let kept = tap.drain(usize::MAX, |_| ()) as u64;
    assert!(
        kept > 1000,
        "{kept} packets kept, {lost} lost of {sent} octets sent"
    );
    assert_eq!(tap.lost(), Ok(0), "reading it sets it back");
}
