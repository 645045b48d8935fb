//! Names of segments, told beside the way by which a connection is opened, and opened again.

use std::net::SocketAddr;

use super::names::Names;
use crate::journal::Host;
use crate::tcp::{Flags, Packet, Sack, Seq};

const CLIENT: &str = "127.0.0.1:40000";
const SERVER: &str = "127.0.0.1:6000";

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn packet(src: &str, dst: &str, flags: Flags) -> Packet {
    Packet {
        src: at(src),
        dst: at(dst),
        flags,
        seq: Seq(1),
        ack: Seq(1),
        window: 1,
        len: 0,
        mss: None,
        window_shift: None,
        sack_permitted: false,
        sack: Sack::default(),
        timestamps: None,
    }
}

/// `from > to`, or `-` for other people's.
fn ours(names: &mut Names, src: &str, dst: &str) -> String {
    match names.of_ours(None, &packet(src, dst, Flags::ACK)) {
        Some((from, to)) => format!("{from} > {to}"),
        None => "-".to_owned(),
    }
}

#[test]
fn a_listener_answers_until_somebody_has_accepted() {
    let mut names = Names::default();
    assert_eq!(ours(&mut names, CLIENT, SERVER), "-");
    names.listener(None, at("[::]:6000"), "server.listen".into());
    names.connection(None, at(CLIENT), at(SERVER), "client".into());
    assert_eq!(ours(&mut names, CLIENT, SERVER), "client > server.listen");
    let mapped = (
        at("[::ffff:127.0.0.1]:6000"),
        at("[::ffff:127.0.0.1]:40000"),
    );
    names.connection(None, mapped.0, mapped.1, "server".into());
    assert_eq!(ours(&mut names, SERVER, CLIENT), "server > client");
    // Another port, and another address of the same port where the listener is not on all of them.
    assert_eq!(ours(&mut names, CLIENT, "127.0.0.1:6001"), "-");
    names.listener(None, at("127.0.0.1:7000"), "other.listen".into());
    assert_eq!(ours(&mut names, CLIENT, "127.0.0.2:7000"), "-");
    names.listener_over(None, at("127.0.0.1:7000"), "server.listen");
    assert_eq!(
        ours(&mut names, CLIENT, "127.0.0.1:7000"),
        format!("{CLIENT} > other.listen")
    );
    names.listener_over(None, at("127.0.0.1:7000"), "other.listen");
    assert_eq!(ours(&mut names, CLIENT, "127.0.0.1:7000"), "-");
}

#[test]
fn a_connection_is_ours_until_both_its_ends_are_over() {
    let mut names = Names::default();
    names.connection(None, at(CLIENT), at(SERVER), "client".into());
    names.connection(None, at(SERVER), at(CLIENT), "server".into());
    assert!(!names.over(None, at(CLIENT), at(SERVER), "client"));
    assert_eq!(ours(&mut names, SERVER, CLIENT), "server > client");
    // Its addresses, in use again.
    names.connection(None, at(CLIENT), at(SERVER), "second".into());
    assert!(!names.over(None, at(CLIENT), at(SERVER), "client"));
    assert!(!names.over(None, at(SERVER), at(CLIENT), "server"));
    assert_eq!(ours(&mut names, CLIENT, SERVER), "second > server");
    assert!(names.over(None, at(CLIENT), at(SERVER), "second"));
    names.forget(None, at(CLIENT), at(SERVER));
    assert_eq!(ours(&mut names, CLIENT, SERVER), "-");
    // A peer that is not ours.
    names.connection(None, at(CLIENT), at(SERVER), "third".into());
    assert_eq!(
        ours(&mut names, SERVER, CLIENT),
        format!("{SERVER} > third")
    );
    assert!(names.over(None, at(CLIENT), at(SERVER), "third"));
    names.forget(None, at(SERVER), at(CLIENT));
    assert_eq!(ours(&mut names, SERVER, CLIENT), "-");
}

#[test]
fn in_the_lab_an_announced_connect_claims_the_first_syn_to_its_target() {
    let mut names = Names::default();
    let (a, b) = (Some(Host::A), Some(Host::B));
    names.listener(b, at(SERVER), "server.listen".into());
    names.dial(a, at(SERVER), "client".into());
    let mut told = |src, dst, place, flags| {
        let (from, to) = names.of(place, &packet(src, dst, flags));
        format!("{from} > {to}")
    };
    assert_eq!(
        told(CLIENT, "127.0.0.1:9", a, Flags::SYN),
        format!("{CLIENT} > 127.0.0.1:9")
    );
    assert_eq!(
        told(CLIENT, SERVER, b, Flags::SYN),
        format!("{CLIENT} > {SERVER}"),
        "from the other host"
    );
    assert_eq!(
        told(CLIENT, SERVER, a, Flags::SYN),
        "client > server.listen"
    );
    let answer = Flags::SYN.with(Flags::ACK);
    assert_eq!(told(SERVER, CLIENT, b, answer), "server.listen > client");
    assert_eq!(
        told("127.0.0.1:40001", SERVER, a, Flags::SYN),
        "127.0.0.1:40001 > server.listen",
        "announced once"
    );
}

/// What the lab tells of a segment that opens a connection.
struct Opening(Names);

impl Opening {
    fn between_listener_and(dials: &[&str]) -> Opening {
        let mut names = Names::default();
        names.listener(Some(Host::B), at(SERVER), "server.listen".into());
        let mut opening = Opening(names);
        dials.iter().for_each(|name| opening.dials(name));
        opening
    }

    fn dials(&mut self, name: &str) {
        self.0.dial(Some(Host::A), at(SERVER), name.into());
    }

    fn connects(&mut self, from: &str, name: &str) {
        self.0
            .connection(Some(Host::A), at(from), at(SERVER), name.into());
    }

    fn accepts(&mut self, from: &str, name: &str) {
        self.0
            .connection(Some(Host::B), at(SERVER), at(from), name.into());
    }

    fn syn(&mut self, from: &str, seq: u32) -> String {
        self.told(Host::A, from, SERVER, Flags::SYN, seq)
    }

    fn syn_ack(&mut self, to: &str, seq: u32) -> String {
        let flags = Flags::SYN.with(Flags::ACK);
        self.told(Host::B, SERVER, to, flags, seq)
    }

    fn told(&mut self, host: Host, src: &str, dst: &str, flags: Flags, seq: u32) -> String {
        let mut packet = packet(src, dst, flags);
        packet.seq = Seq(seq);
        let (from, to) = self.0.of(Some(host), &packet);
        format!("{from} > {to}")
    }
}

#[test]
fn addresses_that_are_used_again_are_the_new_connections() {
    let mut wire = Opening::between_listener_and(&["client"]);
    assert_eq!(wire.syn(CLIENT, 100), "client > server.listen");
    assert_eq!(wire.syn_ack(CLIENT, 900), "server.listen > client");
    wire.connects(CLIENT, "client");
    wire.accepts(CLIENT, "server");
    assert_eq!(wire.syn_ack(CLIENT, 900), "server > client", "once more");
    assert_eq!(wire.syn(CLIENT, 100), "client > server", "once more");
    // The client is gone, and its server waits in TIME-WAIT.
    wire.0.over(Some(Host::A), at(CLIENT), at(SERVER), "client");
    wire.dials("second");
    assert_eq!(wire.syn(CLIENT, 200), "second > server");
    assert_eq!(wire.syn_ack(CLIENT, 1000), "server.listen > second");
    assert_eq!(wire.syn(CLIENT, 200), "second > server.listen");
    wire.accepts(CLIENT, "server2");
    wire.connects(CLIENT, "second");
    assert_eq!(wire.syn_ack(CLIENT, 1000), "server2 > second");
    // Both are gone, and the connect knows its address before its SYN is seen.
    wire.0.over(Some(Host::A), at(CLIENT), at(SERVER), "second");
    wire.0
        .over(Some(Host::B), at(SERVER), at(CLIENT), "server2");
    wire.dials("third");
    wire.connects(CLIENT, "third");
    assert_eq!(wire.syn(CLIENT, 300), "third > server.listen");
    assert_eq!(wire.syn_ack(CLIENT, 1100), "server.listen > third");
    wire.accepts(CLIENT, "server3");
    assert_eq!(wire.syn(CLIENT, 300), "third > server3");
    // An endpoint that is disconnected may connect with the same addresses.
    wire.dials("third");
    assert_eq!(wire.syn(CLIENT, 400), "third > server3");
    assert_eq!(wire.syn_ack(CLIENT, 1200), "server.listen > third");
    let both = [Host::A, Host::B].map(|host| {
        let [local, peer] = match host {
            Host::A => [CLIENT, SERVER],
            Host::B => [SERVER, CLIENT],
        };
        wire.0.connected(Some(host), at(local), at(peer))
    });
    assert_eq!(both, [Some("third".into()), None]);
}

#[test]
fn a_syn_that_is_sent_once_more_claims_no_other_connect() {
    const OTHER: &str = "127.0.0.1:40001";
    let mut wire = Opening::between_listener_and(&["first"]);
    assert_eq!(wire.syn(CLIENT, 100), "first > server.listen");
    wire.connects(CLIENT, "first");
    wire.dials("second");
    assert_eq!(wire.syn(CLIENT, 100), "first > server.listen");
    assert_eq!(wire.syn(OTHER, 500), "second > server.listen");
    // A connect that failed before its SYN left claims nothing.
    wire.dials("failed");
    assert!(wire.0.give_up("failed"));
    wire.0.over(Some(Host::A), at(CLIENT), at(SERVER), "first");
    wire.dials("third");
    assert_eq!(wire.syn(CLIENT, 600), "third > server.listen");
    // The wire made a copy of the first, which comes late.
    wire.dials("fourth");
    assert_eq!(wire.syn(CLIENT, 100), "third > server.listen");
    assert_eq!(wire.syn("127.0.0.1:40002", 700), "fourth > server.listen");
}

#[test]
fn both_may_dial_at_once_on_addresses_that_are_used_again() {
    let mut wire = Opening::between_listener_and(&["client"]);
    wire.syn(CLIENT, 100);
    wire.syn_ack(CLIENT, 900);
    wire.accepts(CLIENT, "server");
    wire.dials("left");
    wire.0.dial(Some(Host::B), at(CLIENT), "right".into());
    assert_eq!(wire.syn(CLIENT, 200), "left > server");
    let mut from_b = |flags, seq| wire.told(Host::B, SERVER, CLIENT, flags, seq);
    assert_eq!(from_b(Flags::SYN, 1000), "right > left");
    let answer = Flags::SYN.with(Flags::ACK);
    assert_eq!(from_b(answer, 1000), "right > left");
    let answer = wire.told(Host::A, CLIENT, SERVER, answer, 200);
    assert_eq!(answer, "left > right");
}
