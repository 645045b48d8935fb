//! `run --json`: stdout is JSON alone, and every promise about its lines holds on a script that does a bit of everything.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use finspect::journal::{DATA_LIMIT, Fact, Header, Line, Names, World, from_line, to_line};
use finspect::tcp::{Errno, Power};
use serde_json::Value;

use crate::outside::{Room, require};
use crate::program::{Ended, play, run};

/// A half-close, a file, an errno, an abort, several connections, and sockets left open for the end.
const A_BIT_OF_EVERYTHING: &str = "\
other: set keepalive 60s 10s 3
server: listen 0
client: connect server
second: connect server
client: send \"Thank you\"
server: expect received \"Thank you\" within 30s
client: shutdown send
client: send \"too late\"
client: expect error EPIPE within 30s
server: send bytes 20000
client: expect received 20000 within 30s
second: abort
server.2: expect error ECONNRESET within 30s
wait 1ms
";

fn everything() -> Ended {
    play(A_BIT_OF_EVERYTHING, &["--json"]).ends_with(0)
}

fn lane<'a>(events: &'a [Value], lane: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |e| e["lane"] == lane)
}

#[test]
fn stdout_is_json_alone_and_sentences_go_to_stderr() {
    let ended = everything().says("it.play: passed");
    assert!(ended.json().len() > 20);
    assert!(ended.out().ends_with('\n'));
}

#[test]
fn the_first_line_says_version_time_and_powers() {
    let ended = everything();
    let first = ended.out().lines().next().expect("a line");
    assert!(
        first.starts_with("{\"finspect\":1,\"started\":\""),
        "{first}"
    );
    let header = Header::from_line(first).expect("a header");
    let digits = header.started.replace(|c: char| c.is_ascii_digit(), "9");
    assert_eq!(digits, "9999-99-99T99:99:99Z", "{first}");
    for power in [Power::TcpInfo, Power::SockDiag] {
        assert!(header.powers.iter().any(|(p, _)| *p == power), "{first}");
    }
}

#[test]
fn events_are_counted_from_one_without_gaps_and_time_never_runs_back() {
    let events = everything().json().split_off(1);
    for (i, event) in events.iter().enumerate() {
        assert_eq!(event["n"], i + 1, "{event}");
    }
    let times: Vec<u64> = events
        .iter()
        .map(|e| e["t_us"].as_u64().expect("t_us"))
        .collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn every_call_says_who_what_and_with_which_result() {
    const CALLS: [&str; 10] = [
        "socket",
        "bind",
        "listen",
        "accept",
        "connect",
        "send",
        "recv",
        "shutdown",
        "close",
        "setsockopt",
    ];
    let events = everything().json();
    assert!(lane(&events, "app").count() > 15);
    for event in lane(&events, "app") {
        assert!(event["who"].is_string(), "{event}");
        let call = event["call"].as_str().expect("call");
        assert!(CALLS.contains(&call), "{event}");
        let ret = event["ret"].as_i64().expect("ret");
        match event["errno"].as_str() {
            None => assert!(ret >= 0, "{event}"),
            Some(errno) => {
                assert_eq!(ret, -1, "{event}");
                assert!(
                    Errno::parse(errno).is_some_and(|e| e.name().is_some()),
                    "{event}"
                );
                assert_ne!(errno, "EAGAIN", "{event}");
            }
        }
    }
    for call in CALLS {
        assert!(lane(&events, "app").any(|e| e["call"] == call), "no {call}");
    }
}

#[test]
fn the_lines_of_the_contract_stand_there_as_it_spells_them() {
    let ended = everything();
    let events = ended.json();
    let find = |about: &str, test: &dyn Fn(&&Value) -> bool| -> Value {
        let found = events.iter().find(test);
        found
            .unwrap_or_else(|| panic!("no {about}:\n{}", ended.out()))
            .clone()
    };
    let client = |e: &Value| e["who"] == "client";
    let shutdown = find("shutdown", &|e| client(e) && e["call"] == "shutdown");
    assert_eq!(
        (&shutdown["how"], &shutdown["ret"]),
        (&"send".into(), &0.into())
    );
    let refused = find("EPIPE", &|e| client(e) && e["errno"] == "EPIPE");
    assert_eq!(
        (&refused["call"], &refused["ret"]),
        (&"send".into(), &(-1).into())
    );
    let eof = find("recv of 0", &|e| {
        e["who"] == "server" && e["call"] == "recv" && e["ret"] == 0
    });
    let half = find("eof-read", &|e| {
        e["who"] == "server" && e["to"] == "eof-read"
    });
    assert_eq!(
        (&half["half"], &half["derived"]),
        (&"receive".into(), &true.into())
    );
    assert!(half["n"].as_u64() > eof["n"].as_u64());
    let held = find("script", &|e| e["lane"] == "script");
    assert_eq!(held["expect"], "received \"Thank you\"");
    assert_eq!(
        (&held["who"], &held["line"], &held["held"]),
        (&"server".into(), &6.into(), &true.into())
    );
}

#[test]
fn a_state_change_says_its_source() {
    if !require(Power::TcpInfo) {
        return;
    }
    let events = everything().json();
    let change = lane(&events, "kernel").find(|e| e["who"] == "client" && e["to"] == "FIN-WAIT-1");
    let change = change.expect("FIN-WAIT-1");
    assert_eq!(
        (&change["from"], &change["source"]),
        (&"ESTABLISHED".into(), &"measured".into())
    );
    for event in lane(&events, "kernel") {
        let source = event["source"].as_str().expect("source");
        assert!(
            ["measured", "captured", "inferred"].contains(&source),
            "{event}"
        );
    }
}

#[test]
fn what_is_open_is_closed_at_the_end_in_order_of_creation() {
    let events = everything().json();
    let at_the_end = lane(&events, "app").filter(|e| e["by"] == "end");
    let closed: Vec<&str> = at_the_end
        .map(|e| {
            assert_eq!(e["call"], "close", "{e}");
            e["who"].as_str().expect("who")
        })
        .collect();
    // `second` was aborted by its line; `other` never had a socket.
    assert_eq!(closed, ["server.listen", "client", "server", "server.2"]);
}

#[test]
fn data_is_base64_and_cut_at_the_stated_limit() {
    let text = "server: listen 0\nclient: connect server\nclient: send \"Thank you\"\nserver: expect received 9 within 30s\nserver: send bytes 40000\nclient: expect received 40000 within 30s\n";
    let events = play(text, &["--json"]).ends_with(0).json();
    let sends: Vec<&Value> = lane(&events, "app")
        .filter(|e| e["call"] == "send")
        .collect();
    let small = sends[0];
    assert_eq!(small["data"], STANDARD.encode("Thank you"));
    assert_eq!(small["cut"], Value::Null);
    let mut seen_cut = false;
    for event in lane(&events, "app").filter(|e| e["data"].is_string()) {
        let data = STANDARD
            .decode(event["data"].as_str().expect("data"))
            .expect("base64");
        let ret = usize::try_from(event["ret"].as_u64().expect("ret")).expect("a length");
        assert_eq!(data.len(), ret.min(DATA_LIMIT), "{}", event["n"]);
        assert_eq!(event["cut"] == true, data.len() < ret, "{}", event["n"]);
        seen_cut |= event["cut"] == true;
    }
    assert!(seen_cut, "a send of 40000 bytes was not cut");
}

#[test]
fn every_line_reads_back_and_folds_into_the_same_world() {
    let ended = everything();
    let mut names = Names::default();
    let mut world = World::default();
    let mut halves = HashMap::new();
    for line in ended.out().lines().skip(1) {
        let read = from_line(line, &mut names).unwrap_or_else(|e| panic!("{e}: {line}"));
        let Line::Event(event) = read else {
            panic!("it does not know its own line: {line}");
        };
        // What was cut is not there to be written again.
        if !line.contains("\"cut\":true") {
            assert_eq!(to_line(&event), line);
        }
        match (&event.fact, &event.who) {
            (Fact::Half(half), Some(who)) => {
                halves.insert((who.name.to_string(), half.half.word()), half.to);
            }
            _ => drop(world.apply(&event)),
        }
    }
    assert!(halves.len() >= 4, "{halves:?}");
    for ((who, half), word) in halves {
        let end = world.by_name(&who).expect("an endpoint");
        let folded = match half {
            "send" => end.send.word(),
            _ => end.receive.word(),
        };
        assert_eq!(folded, word, "{who} {half}");
    }
    let client = world.by_name("client").expect("client");
    assert_eq!((client.sent, client.received), (9, 20000));
    assert!(world.by_name("server.2").is_some());
}

#[test]
fn ipv6_is_a_word_away() {
    if !require(Power::Ipv6) {
        return;
    }
    let script = "server: listen 0\nclient: connect server\nclient: send \"six\"\nserver: expect received \"six\" within 30s\n";
    let events = play(script, &["--json", "-6", "--loopback"])
        .ends_with(0)
        .json();
    let connect = lane(&events, "app")
        .find(|e| e["call"] == "connect")
        .expect("connect");
    assert!(
        connect["to"]
            .as_str()
            .is_some_and(|to| to.starts_with("[::1]:")),
        "{connect}"
    );
    let events = play(script, &["--json", "-4", "--loopback"])
        .ends_with(0)
        .json();
    let connect = lane(&events, "app")
        .find(|e| e["call"] == "connect")
        .expect("connect");
    assert!(
        connect["to"]
            .as_str()
            .is_some_and(|to| to.starts_with("127.0.0.1:")),
        "{connect}"
    );
}

#[test]
fn every_repetition_is_a_stream_of_its_own_in_a_fresh_world() {
    let script = "server: listen 0\nclient: connect server\nclient: send \"again\"\nserver: expect received 5 within 30s\n";
    let ended = play(script, &["--json", "--repeat", "3"]).ends_with(0);
    let lines = ended.json();
    let heads: Vec<usize> = (0..lines.len())
        .filter(|i| lines[*i]["finspect"] == 1)
        .collect();
    assert_eq!(heads.len(), 3);
    for head in heads {
        assert_eq!(lines[head + 1]["n"], 1, "numbers begin again");
        assert_eq!(
            lines[head + 1]["who"],
            "server.listen",
            "names are free again"
        );
    }
    ended.says("(1 of 3)").says("(2 of 3)").says("(3 of 3)");
}

#[test]
fn the_first_round_that_fails_is_the_last() {
    let script = "server: listen 0\nserver.listen: expect state CLOSED within 1ms\n";
    let ended = play(script, &["--json", "--repeat", "3"]).ends_with(1);
    assert_eq!(
        ended.json().iter().filter(|l| l["finspect"] == 1).count(),
        1
    );
    ended.says("failed (1 of 3)");
}

#[test]
fn several_scripts_run_one_after_the_other() {
    let room = Room::new();
    room.file("one.play", "server: listen 0\n");
    room.file(
        "two.play",
        "server: listen 0\nserver.listen: expect state CLOSED within 1ms\n",
    );
    room.file("three.play", "server: listen 0\n");
    let ended = run(&room, &["run", "one.play", "two.play", "three.play"]).ends_with(1);
    ended
        .prints("one.play: passed")
        .prints("two.play: failed")
        .lacks("three.play");
}
