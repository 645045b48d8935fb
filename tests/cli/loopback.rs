//! Loopback as it is captured: each segment once, states that segments prove, nobody else's traffic; and what is said
//! where this machine does not let it be seen.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::Command;

use finspect::kernel::probe;
use finspect::tcp::Power;
use serde_json::Value;

use crate::outside::{Room, require};
use crate::peer::{closed_port, dial};
use crate::program::{Ended, Program, command, play, start};

/// Each end says something after the other has said that it will say no more, and both are seen to their end.
const HALF_CLOSE: &str = "\
server: listen 0
client: connect server
client: send \"Thank you\"
client: shutdown send
server: expect eof within 30s
server: send bytes 3000
client: expect received 3000 within 30s
server: close
client: expect eof within 30s
client: close
";

fn segments(events: &[Value]) -> Vec<&Value> {
    events.iter().filter(|e| e["lane"] == "wire").collect()
}

fn number(event: &Value, field: &str) -> u64 {
    let number = event[field].as_u64();
    number.unwrap_or_else(|| panic!("no {field}: {event}"))
}

/// What an end sent, by its name or its listener's, without bare acknowledgements.
fn sent_by<'a>(events: &'a [Value], name: &str) -> Vec<(&'a str, u64, u64)> {
    let listener = format!("{name}.listen");
    segments(events)
        .into_iter()
        .filter(|e| e["from"] == *name || e["from"] == *listener)
        .map(|e| {
            let flags = e["flags"].as_str().unwrap_or_default();
            (flags, number(e, "seq"), number(e, "len"))
        })
        .filter(|(flags, _, len)| *flags != "A" || *len > 0)
        .collect()
}

#[test]
fn every_segment_of_a_half_close_is_told_once_over_ipv4_and_ipv6() {
    if !require(Power::Capture) {
        return;
    }
    for family in ["-4", "-6"] {
        if family == "-6" && !require(Power::Ipv6) {
            continue;
        }
        let events = play(HALF_CLOSE, &["--json", "--loopback", family])
            .ends_with(0)
            .json();
        assert_eq!(
            sent_by(&events, "client"),
            [("S", 0, 0), ("PA", 1, 9), ("FA", 10, 0)],
            "{events:#?}"
        );
        let server = sent_by(&events, "server");
        assert_eq!(server[0], ("SA", 0, 0));
        assert_eq!(server.last().map(|s| (s.0, s.1)), Some(("FA", 3001)));
        // How the kernel cuts the data is its own affair; each octet comes once.
        let mut next = 1;
        for (_, seq, len) in &server[1..] {
            assert_eq!(*seq, next, "{server:?}");
            next += len;
        }
        assert_eq!(next, 3001);

        let mut seen = HashSet::new();
        for segment in segments(&events) {
            assert_eq!(segment["fate"], "passed");
            assert!(segment["host"].is_null() && segment["gso"].is_null());
            let fields = ["from", "flags", "seq", "ack", "len", "win"].map(|f| &segment[f]);
            assert!(seen.insert(format!("{fields:?}")), "twice: {segment}");
            let left = segment["left_us"].as_u64();
            assert!(left.is_none_or(|left| left < number(segment, "t_us")));
        }
        // The kernel counts them too, when it is asked; what it had sent by then had been told.
        for reading in events.iter().filter(|e| e["who"] == "client") {
            let Some(out) = reading["reading"]["tcp_info"]["segs_out"].as_u64() else {
                continue;
            };
            let before = |e: &&Value| number(e, "n") < number(reading, "n");
            let told = segments(&events).into_iter().filter(before);
            let told = told.filter(|e| e["from"] == "client").count() as u64;
            assert!(told >= out, "{told} of {out} told before {reading}");
        }
    }
}

#[test]
fn a_state_that_no_reading_caught_is_captured_where_segments_prove_it() {
    if !require(Power::Capture) || !require(Power::SockDiag) {
        return;
    }
    let events = play(HALF_CLOSE, &["--json", "--loopback"])
        .ends_with(0)
        .json();
    let said = |source: &'static str| events.iter().filter(move |e| e["source"] == source);
    assert_eq!(said("inferred").count(), 0, "{events:#?}");
    let captured: Vec<&Value> = said("captured").collect();
    for (who, to, own, others) in [
        ("client", "SYN-SENT", "S", None),
        ("server", "SYN-RECEIVED", "SA", Some("S")),
        ("server", "LAST-ACK", "FA", Some("FA")),
    ] {
        let Some(state) = captured.iter().find(|e| e["who"] == who && e["to"] == to) else {
            // A reading may have caught it after all.
            assert!(
                said("measured").any(|e| e["who"] == who && e["to"] == to),
                "{who} never was in {to}: {events:#?}"
            );
            continue;
        };
        let before: Vec<&Value> = segments(&events)
            .into_iter()
            .filter(|e| number(e, "n") < number(state, "n"))
            .collect();
        let is_own = |e: &Value| e["from"].as_str().is_some_and(|from| from.starts_with(who));
        let proof = |flags: &str, mine: bool| {
            before
                .iter()
                .any(|e| e["flags"] == flags && is_own(e) == mine)
        };
        assert!(proof(own, true), "{state} without {own}: {before:#?}");
        assert!(others.is_none_or(|flags| proof(flags, false)), "{state}");
    }
    assert!(
        captured.iter().any(|e| e["to"] == "SYN-SENT"),
        "{events:#?}"
    );
}

#[test]
fn a_packet_that_stands_for_several_segments_says_so() {
    const SEGMENT: u32 = 1000;
    const BYTES: u64 = 1 << 20;
    if !require(Power::Capture) {
        return;
    }
    // A peer that asks for segments as short as those of a network card; loopback's own hold 64 KiB.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    socket2::SockRef::from(&listener)
        .set_tcp_mss(SEGMENT)
        .expect("TCP_MAXSEG");
    let at = listener.local_addr().expect("its number");
    let peer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).map(|_| bytes.len() as u64)
    });
    let script = format!(
        "client: connect {at}\nclient: send bytes 1MiB\nclient: shutdown send\nclient: expect eof within 30s\n"
    );
    let events = play(&script, &["--json", "--loopback"]).ends_with(0).json();
    assert_eq!(peer.join().expect("the peer").expect("bytes"), BYTES);
    let data: Vec<&Value> = segments(&events)
        .into_iter()
        .filter(|e| e["from"] == "client" && number(e, "len") > 0)
        .collect();
    let at = at.to_string();
    assert!(data.iter().all(|e| e["to"] == *at), "the peer has no name");
    let first = data.iter().filter(|e| e["repeats_of"].is_null());
    assert_eq!(first.map(|e| number(e, "len")).sum::<u64>(), BYTES);
    let marked = data.iter().filter(|e| e["gso"] == true).count();
    assert!(marked > 0, "{data:#?}");
    for e in &data {
        let long = number(e, "len") > u64::from(SEGMENT);
        assert!(!long || e["gso"] == true, "longer than a segment: {e}");
    }
}

/// Two strangers who talk over loopback, one of them at this address.
fn strangers(at: SocketAddr) -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(at).expect("an address of loopback");
    let at = listener.local_addr().expect("its number");
    let client = TcpStream::connect(at).expect("a connection");
    let (server, _) = listener.accept().expect("a connection");
    (client, server)
}

fn talk((client, server): &mut (TcpStream, TcpStream)) {
    client.write_all(b"a secret").expect("bytes");
    let mut heard = [0; 8];
    server.read_exact(&mut heard).expect("bytes");
}

/// Not those on other ports, and not those who have our listener's port on another address.
#[test]
fn what_other_programs_say_on_loopback_is_not_told() {
    if !require(Power::Capture) {
        return;
    }
    let room = Room::new();
    room.file(
        "it.play",
        "server: listen 0\nserver: expect received \"go\" within 1m\n",
    );
    let mut program = start(&room, &["run", "it.play", "--json", "--loopback"]);
    let at: SocketAddr = listens(&mut program);
    let mut others = [
        strangers(([127, 0, 0, 1], 0).into()),
        strangers(([127, 0, 0, 2], at.port()).into()),
    ];
    others.iter_mut().for_each(talk);
    let mut client = dial(at);
    client.write_all(b"go").expect("bytes");
    let ours = client.local_addr().expect("its number").to_string();
    others.iter_mut().for_each(talk);
    let events = program.ended().ends_with(0).json();
    let told = segments(&events);
    assert!(told.len() >= 4, "the handshake and the bytes: {events:#?}");
    for segment in told {
        let ends = ["from", "to"].map(|end| segment[end].as_str().unwrap_or_default());
        assert!(ends.contains(&ours.as_str()), "somebody else's: {segment}");
        let server = ends.iter().any(|end| end.starts_with("server"));
        assert!(server, "not to our listener: {segment}");
    }
}

/// Runs a script until it listens, and says where.
fn listens(program: &mut Program) -> SocketAddr {
    program.until_event("where it listens", |e| {
        (e["to"] == "LISTEN")
            .then(|| e["local"].as_str())??
            .parse()
            .ok()
    })
}

/// An address in use again is somebody else's, unless it is ours again.
#[test]
fn addresses_that_were_ours_are_forgotten_with_their_connection() {
    if !require(Power::Capture) || !require(Power::SockDiag) {
        return;
    }
    let (server, client) = (closed_port(), closed_port());
    let script = format!(
        "server: listen {server}\n\
         client: connect server from {client}\n\
         client: abort\n\
         server: expect error ECONNRESET within 30s\n\
         server: close\n\
         second: connect server from {client}\n\
         second: send \"here\"\n\
         server.2: expect received \"here\" within 30s\n"
    );
    let events = play(&script, &["--json", "--loopback"]).ends_with(0).json();
    let openers: Vec<&Value> = segments(&events)
        .into_iter()
        .filter(|e| e["flags"] == "S")
        .map(|e| &e["from"])
        .collect();
    assert_eq!(openers, ["client", "second"], "{events:#?}");
    let data = segments(&events).into_iter().find(|e| e["len"] == 4);
    let data = data.expect("the bytes");
    assert_eq!(
        (&data["from"], &data["to"]),
        (&"second".into(), &"server.2".into())
    );
}

#[test]
fn a_listener_on_every_address_is_named_whichever_family_comes() {
    if !require(Power::Capture) || !require(Power::Ipv6) {
        return;
    }
    let port = closed_port();
    let script = format!(
        "server: listen [::]:{port}\n\
         client: connect 127.0.0.1:{port}\n\
         server: send \"hello\"\n\
         client: expect received \"hello\" within 30s\n\
         client: dup as twin\n\
         client: send \"back\"\n\
         server: expect received \"back\" within 30s\n"
    );
    let events = play(&script, &["--json", "--loopback"]).ends_with(0).json();
    let ends = |e: &Value| format!("{} > {}", e["from"], e["to"]).replace('"', "");
    let told: Vec<String> = segments(&events).into_iter().map(ends).collect();
    assert_eq!(
        told[..2],
        ["client > server.listen", "server.listen > client"]
    );
    let data = segments(&events)
        .into_iter()
        .filter(|e| number(e, "len") > 0);
    let data: Vec<String> = data.map(ends).collect();
    assert_eq!(data, ["server > client", "client > server"]);
}

#[test]
fn the_wire_can_be_expected_on_loopback() {
    if !require(Power::Capture) {
        return;
    }
    let script = "server: listen 0\nclient: connect server\nexpect wire syn from client within 30s\n\
                  client: shutdown send\nexpect wire fin from client within 30s\n\
                  expect no wire rst within 10ms\n";
    play(script, &["--loopback"])
        .ends_with(0)
        .prints("wire    client ──FIN,ACK seq 1──▶ server");
    let failing = format!(
        "{script}server: send \"late\"\nclient: expect received 4 within 30s\n\
                  expect wire fin from server within 1ms\n"
    );
    play(&failing, &["--loopback"])
        .ends_with(1)
        .prints("it.play:9: expectation failed: expect wire fin from server within 1ms")
        .prints("server sent 1 data");
}

// --- without the power ------------------------------------------------------------------------------------------

/// The program without CAP_NET_RAW, whoever runs the tests.
fn unseeing(room: &Room, args: &[&str]) -> Ended {
    let mut command = command(room, args);
    if probe(Power::Capture).is_ok() {
        without_net_raw(&mut command);
    }
    Program::start(&mut command).end()
}

fn without_net_raw(command: &mut Command) {
    const CAP_NET_RAW: libc::c_ulong = 13;
    let drop = || {
        // SAFETY: prctl(PR_CAPBSET_DROP) takes no pointer, and is safe after fork.
        match unsafe { libc::prctl(libc::PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY: the closure makes one system call and touches no memory of this process.
    unsafe { command.pre_exec(drop) };
}

#[test]
fn where_nothing_may_be_captured_everything_else_works_and_the_reason_is_told() {
    let room = Room::new();
    room.file("it.play", HALF_CLOSE);
    let events = unseeing(&room, &["run", "it.play", "--json", "--loopback"])
        .ends_with(0)
        .json();
    assert_eq!(events[0]["powers"]["capture"], "socket(AF_PACKET): EPERM");
    assert!(segments(&events).is_empty());
    assert!(events.iter().all(|e| e["source"] != "captured"));

    room.file(
        "wire.play",
        "server: listen 0\nclient: connect server\nexpect wire syn\n",
    );
    let refused = unseeing(&room, &["run", "wire.play", "--loopback"])
        .ends_with(3)
        .says("wire.play:3: `expect wire syn` needs to see segments on loopback")
        .says("why:    socket(AF_PACKET): EPERM")
        .says("CAP_NET_RAW")
        .says("leave out --loopback");
    assert_eq!(refused.out(), "");

    unseeing(&room, &["doctor"])
        .ends_with(0)
        .prints("no   capture")
        .prints("setcap cap_net_raw+ep finspect");
}

#[test]
fn where_it_may_be_captured_the_first_line_and_the_doctor_say_so() {
    if !require(Power::Capture) {
        return;
    }
    let events = play("server: listen 0\n", &["--json", "--loopback"])
        .ends_with(0)
        .json();
    assert_eq!(events[0]["powers"]["capture"], true);
    crate::program::run(&Room::new(), &["doctor"])
        .ends_with(0)
        .prints("yes  capture");
}

/// A peer that is not ours is told by its address, on either side.
#[test]
fn a_foreign_client_is_told_by_its_address() {
    if !require(Power::Capture) {
        return;
    }
    let room = Room::new();
    room.file(
        "it.play",
        "server: listen 0\nserver: expect eof within 1m\n",
    );
    let mut program = start(&room, &["run", "it.play", "--json", "--loopback"]);
    let client = dial(listens(&mut program));
    let ours = client.local_addr().expect("its number").to_string();
    client.shutdown(Shutdown::Write).expect("the half-close");
    let events = program.ended().ends_with(0).json();
    let fin = segments(&events).into_iter().find(|e| {
        e["from"] == *ours && e["flags"].as_str().is_some_and(|flags| flags.contains('F'))
    });
    // It may have come before the accept that gave its end a name.
    let to = fin.expect("its FIN")["to"].as_str().unwrap_or_default();
    assert!(["server", "server.listen"].contains(&to), "{events:#?}");
}
