//! The lines as other programs read them: each shape once, to the letter.

use super::fields::Mistake;
use super::read::{Line, Names, Skipped, from_line};
use super::write::{DATA_LIMIT, to_line, write_line};
use crate::journal::event::{
    By, Call, EndpointId, Event, Fact, Fate, HalfChange, Host, KernelFact, LabChange, Micros, Note,
    Op, Payload, ShutdownHow, Signal, Source, Tuple, Who, WireFact,
};
use crate::tcp::{
    Counters, Direction, Edge, Errno, Explanation, Flags, Sample, Segment, Seq, ShutdownFlags,
    State, Timer, TimerKind,
};

fn line(n: u64, t: u64, who: Option<&str>, fact: Fact) -> String {
    let who = who.map(|name| Who {
        id: EndpointId(0),
        name: name.into(),
    });
    to_line(&Event {
        n,
        at: Micros(t),
        who,
        fact,
    })
}

fn call(op: Op, result: Result<u64, Errno>) -> Fact {
    Fact::App(Call {
        op,
        result,
        by: By::Asked,
        blocked_us: None,
    })
}

fn kernel(source: Source, change: Option<(State, State)>) -> KernelFact {
    KernelFact {
        source,
        change,
        sample: None,
        tuple: None,
        gone: false,
    }
}

fn who(name: &str) -> Option<Who> {
    Some(Who {
        id: EndpointId(1),
        name: name.into(),
    })
}

#[test]
fn the_lines_of_the_contract() {
    let change = (State::Established, State::FinWait1);
    let segment = Segment {
        flags: Flags::FIN.with(Flags::ACK),
        seq: Seq(1025),
        ack: Seq(1),
        len: 0,
        win: 64240,
    };
    let eof = HalfChange {
        half: Direction::Receive,
        from: "fin-received",
        to: "eof-read",
        ahead: None,
        shut: false,
    };
    let expect = "received \"Thank you\"".to_owned();
    let cases = [
        (
            line(
                7,
                15340,
                Some("client"),
                call(Op::Shutdown(ShutdownHow::Send), Ok(0)),
            ),
            r#"{"n":7,"t_us":15340,"who":"client","lane":"app","call":"shutdown","how":"send","ret":0}"#,
        ),
        (
            line(
                8,
                15341,
                Some("client"),
                Fact::Kernel(Box::new(kernel(Source::Measured, Some(change)))),
            ),
            r#"{"n":8,"t_us":15341,"who":"client","lane":"kernel","from":"ESTABLISHED","to":"FIN-WAIT-1","source":"measured"}"#,
        ),
        (
            line(
                9,
                15352,
                None,
                Fact::Wire(WireFact {
                    id: 0,
                    from: "client".into(),
                    to: "server".into(),
                    host: None,
                    segment,
                    fate: Fate::Passed,
                    left: Micros(15352),
                    due: None,
                    repeats: 0,
                    repeats_of: None,
                    gso: false,
                    copy_of: None,
                    why: None,
                    dropped_by: None,
                }),
            ),
            r#"{"n":9,"t_us":15352,"lane":"wire","from":"client","to":"server","flags":"FA","seq":1025,"ack":1,"len":0,"win":64240,"fate":"passed"}"#,
        ),
        (
            line(11, 15381, Some("server"), Fact::Half(eof)),
            r#"{"n":11,"t_us":15381,"who":"server","lane":"half","half":"receive","from":"fin-received","to":"eof-read","derived":true}"#,
        ),
        (
            line(
                40,
                99000,
                Some("server"),
                Fact::Script {
                    expect,
                    line: 12,
                    held: true,
                },
            ),
            r#"{"n":40,"t_us":99000,"who":"server","lane":"script","expect":"received \"Thank you\"","line":12,"held":true}"#,
        ),
    ];
    for (written, contract) in cases {
        assert_eq!(written, contract);
    }
}

#[test]
fn a_segment_that_is_told_again_says_which_and_why() {
    let segment = Segment {
        flags: Flags::FIN.with(Flags::ACK),
        seq: Seq(1025),
        ack: Seq(1),
        len: 0,
        win: 64240,
    };
    let fact = Fact::Wire(WireFact {
        id: 12,
        from: "client".into(),
        to: "198.51.100.2:6000".into(),
        host: Some(Host::A),
        segment,
        fate: Fate::Held,
        left: Micros(700),
        due: Some(Micros(1900)),
        repeats: 2,
        repeats_of: Some(11),
        copy_of: None,
        why: Some(Explanation::Retransmission { n: 1, of: Seq(1) }),
        dropped_by: None,
        gso: true,
    });
    let written = line(9, 900, None, fact.clone());
    assert_eq!(
        written,
        concat!(
            r#"{"n":9,"t_us":900,"lane":"wire","from":"client","to":"198.51.100.2:6000","flags":"FA","seq":1025,"#,
            r#""ack":1,"len":0,"win":64240,"fate":"held","id":12,"host":"a","left_us":700,"due_us":1900,"#,
            r#""repeats":2,"repeats_of":11,"why":"retransmission","of":1,"nth":1,"gso":true}"#
        )
    );
    let Ok(Line::Event(back)) = from_line(&written, &mut Names::default()) else {
        panic!("it is an event");
    };
    assert_eq!(back.fact, fact);
}

#[test]
fn calls_carry_their_arguments_flat() {
    let recv = |data| Op::Recv { asked: 65536, data };
    let send = |oob, data| Op::Send {
        asked: 10,
        oob,
        data,
    };
    let cases = [
        (
            Op::Socket { v6: true },
            Ok(3),
            r#""call":"socket","family":"inet6","ret":3"#,
        ),
        (
            Op::Bind {
                addr: "[2001:db8::1]:6000".parse().unwrap(),
            },
            Err(Errno::EADDRINUSE),
            r#""call":"bind","addr":"[2001:db8::1]:6000","ret":-1,"errno":"EADDRINUSE""#,
        ),
        (
            Op::Listen { backlog: 5 },
            Ok(0),
            r#""call":"listen","backlog":5,"ret":0"#,
        ),
        (
            Op::Accept {
                accepted: who("server"),
                peer: Some("127.0.0.1:4".parse().unwrap()),
            },
            Ok(6),
            r#""call":"accept","accepted":"server","peer":"127.0.0.1:4","ret":6"#,
        ),
        (
            Op::Connect { to: None },
            Ok(0),
            r#""call":"connect","to":"AF_UNSPEC","ret":0"#,
        ),
        (
            recv(Payload::default()),
            Ok(0),
            r#""call":"recv","ret":0,"asked":65536"#,
        ),
        (
            recv(Payload::of(b"Thank")),
            Ok(5),
            r#""call":"recv","ret":5,"asked":65536,"data":"VGhhbms=""#,
        ),
        (
            send(false, Payload::default()),
            Err(Errno::EPIPE),
            r#""call":"send","ret":-1,"errno":"EPIPE","asked":10"#,
        ),
        (
            send(true, Payload::of(b"!")),
            Ok(1),
            r#""call":"send","ret":1,"asked":10,"oob":true,"data":"IQ==""#,
        ),
        (
            Op::Close,
            Err(Errno(4321)),
            r#""call":"close","ret":-1,"errno":"E4321""#,
        ),
        (
            Op::SetSockOpt {
                option: "SO_LINGER",
                value: "0".into(),
            },
            Ok(0),
            r#""call":"setsockopt","option":"SO_LINGER","value":"0","ret":0"#,
        ),
        (
            Op::Dup { twin: who("spare") },
            Ok(9),
            r#""call":"dup","as":"spare","ret":9"#,
        ),
        (
            Op::Fork {
                twin: who("worker"),
                pid: 1234,
            },
            Ok(1234),
            r#""call":"fork","as":"worker","pid":1234,"ret":1234"#,
        ),
        (
            Op::Kill {
                pid: 1234,
                signal: Signal::Kill,
            },
            Ok(0),
            r#""call":"kill","pid":1234,"signal":"SIGKILL","ret":0"#,
        ),
    ];
    for (op, result, told) in cases {
        let written = line(1, 2, Some("a"), call(op, result));
        assert_eq!(
            written,
            format!(r#"{{"n":1,"t_us":2,"who":"a","lane":"app",{told}}}"#)
        );
    }
    let end = Call {
        op: Op::Close,
        result: Ok(0),
        by: By::End,
        blocked_us: Some(2_012_000),
    };
    assert!(
        line(1, 2, Some("a"), Fact::App(end))
            .ends_with(r#""ret":0,"by":"end","blocked_us":2012000}"#)
    );
}

#[test]
fn a_kernel_line_holds_the_whole_reading() {
    let mut fact = kernel(Source::Measured, None);
    fact.sample = Some(Sample {
        state: State::FinWait2,
        by_descriptor: true,
        inq: Some(3),
        outq: Some(0),
        rqueue: None,
        wqueue: Some(0),
        shutdown: Some(ShutdownFlags {
            receive: false,
            send: true,
        }),
        timer: Some(Timer {
            kind: TimerKind::TimeWait,
            expires_ms: 59980,
            retries: 0,
        }),
        edge: Edge {
            readable: true,
            read_hup: true,
            ..Edge::default()
        },
        counters: Some(Counters {
            bytes_acked: 102,
            snd_wnd: Some(65535),
            ..Counters::default()
        }),
    });
    fact.tuple = Some(Tuple {
        local: Some("127.0.0.1:1".parse().unwrap()),
        peer: None,
        cookie: Some(454),
        host: Some(Host::B),
    });
    fact.gone = true;
    let written = line(1, 2, Some("a"), Fact::Kernel(Box::new(fact.clone())));
    assert_eq!(
        written,
        concat!(
            r#"{"n":1,"t_us":2,"who":"a","lane":"kernel","source":"measured","reading":{"state":"FIN-WAIT-2","#,
            r#""by_descriptor":true,"inq":3,"outq":0,"wqueue":0,"shutdown":"send","#,
            r#""timer":{"kind":"time-wait","expires_ms":59980,"retries":0},"edge":["readable","read_hup"],"#,
            r#""tcp_info":{"bytes_acked":102,"bytes_received":0,"bytes_sent":0,"bytes_retrans":0,"notsent":0,"#,
            r#""unacked":0,"retransmits":0,"probes":0,"backoff":0,"total_retrans":0,"rto_us":0,"rtt_us":0,"cwnd":0,"#,
            r#""mss":0,"segs_out":0,"segs_in":0,"last_data_sent_ms":0,"last_data_recv_ms":0,"snd_wnd":65535}},"#,
            r#""local":"127.0.0.1:1","cookie":454,"host":"b","gone":true}"#
        )
    );
    let Ok(Line::Event(back)) = from_line(&written, &mut Names::default()) else {
        panic!("it is an event");
    };
    assert_eq!(back.fact, Fact::Kernel(Box::new(fact)));
}

#[test]
fn long_data_is_cut_and_says_so() {
    let bytes: Vec<u8> = (0..=255).cycle().take(DATA_LIMIT + 1).collect();
    let op = Op::Recv {
        asked: 1 << 20,
        data: Payload::of(&bytes),
    };
    let written = line(1, 2, Some("a"), call(op, Ok(bytes.len() as u64)));
    assert!(written.ends_with(r#","cut":true}"#));
    let Ok(Line::Event(Event {
        fact:
            Fact::App(Call {
                op: Op::Recv { data, .. },
                result,
                ..
            }),
        ..
    })) = from_line(&written, &mut Names::default())
    else {
        panic!("it is a recv");
    };
    assert_eq!(
        (data.bytes(), result),
        (&bytes[..DATA_LIMIT], Ok(bytes.len() as u64))
    );
    let op = Op::Recv {
        asked: 1 << 20,
        data: Payload::of(&bytes[..DATA_LIMIT]),
    };
    assert!(!line(1, 2, Some("a"), call(op, Ok(DATA_LIMIT as u64))).contains("cut"));
}

#[test]
fn notes_have_their_words() {
    let cases = [
        (Note::Waiting { bytes: 7 }, r#""waiting","bytes":7"#),
        (Note::Linger { seconds: None }, r#""linger","seconds":null"#),
        (Note::Reading { mode: None }, r#""reading","mode":"off""#),
        (
            Note::Reading { mode: Some(None) },
            r#""reading","mode":"on""#,
        ),
        (
            Note::Reading {
                mode: Some(Some(9)),
            },
            r#""reading","mode":9"#,
        ),
        (
            Note::Resolved {
                host: "h".into(),
                addrs: vec!["127.0.0.1:1".parse().unwrap()],
            },
            r#""resolved","host":"h","addrs":["127.0.0.1:1"]"#,
        ),
        (
            Note::FileFailed {
                path: "p".into(),
                why: "w".into(),
            },
            r#""file-failed","path":"p","why":"w""#,
        ),
        (
            Note::Wire {
                rule: "hold fin".into(),
            },
            r#""wire","rule":"hold fin""#,
        ),
        (
            Note::Disagreement {
                segments: State::TimeWait,
                kernel: State::Closed,
            },
            r#""disagreement","segments":"TIME-WAIT","kernel":"CLOSED""#,
        ),
        (
            Note::Agreement {
                state: State::CloseWait,
            },
            r#""agreement","state":"CLOSE-WAIT""#,
        ),
        (Note::WireLost { frames: 3 }, r#""wire-lost","frames":3"#),
        (
            Note::WireUnmet {
                rule: "drop 1 rst".into(),
            },
            r#""wire-unmet","rule":"drop 1 rst""#,
        ),
        (
            Note::Ended {
                pid: 1234,
                how: "signal: 9 (SIGKILL)".into(),
            },
            r#""ended","pid":1234,"how":"signal: 9 (SIGKILL)""#,
        ),
        (
            Note::Lab {
                change: LabChange::Set {
                    sysctl: "tcp_fin_timeout".into(),
                    value: "5".into(),
                },
                failed: None,
            },
            r#""lab","change":"set","sysctl":"tcp_fin_timeout","value":"5""#,
        ),
        (
            Note::Lab {
                change: LabChange::Reboot(Host::B),
                failed: Some("w".into()),
            },
            r#""lab","change":"reboot","host":"b","failed":"w""#,
        ),
    ];
    for (note, told) in cases {
        let written = line(1, 2, None, Fact::Note(note));
        assert_eq!(
            written,
            format!(r#"{{"n":1,"t_us":2,"lane":"note","note":{told}}}"#)
        );
    }
}

#[test]
fn a_line_ends_with_its_end() {
    let mut out = Vec::new();
    let fact = Fact::Note(Note::Text("a\nb".into()));
    write_line(
        &Event {
            n: 1,
            at: Micros(2),
            who: None,
            fact,
        },
        &mut out,
    )
    .unwrap();
    assert_eq!(
        out,
        b"{\"n\":1,\"t_us\":2,\"lane\":\"note\",\"note\":\"text\",\"text\":\"a\\nb\"}\n"
    );
}

#[test]
fn what_is_not_known_is_passed_over() {
    let skipped = |line: &str| match from_line(line, &mut Names::default()) {
        Ok(Line::Skipped { n: 3, unknown }) => unknown,
        other => panic!("{line}: {other:?}"),
    };
    let cases = [
        (
            r#"{"n":3,"t_us":1,"who":"a","lane":"weather"}"#,
            Skipped::Lane("weather".into()),
        ),
        (
            r#"{"n":3,"t_us":1,"lane":"app","call":"splice","ret":0}"#,
            Skipped::Call("splice".into()),
        ),
        (
            r#"{"n":3,"t_us":1,"lane":"note","note":"poem"}"#,
            Skipped::Note("poem".into()),
        ),
        (
            r#"{"n":3,"t_us":1,"lane":"note","note":"lab","change":"flood"}"#,
            Skipped::Change("flood".into()),
        ),
        (
            r#"{"n":3,"t_us":1,"lane":"app","call":"setsockopt","option":"SO_X","value":"1","ret":0}"#,
            Skipped::SocketOption("SO_X".into()),
        ),
        (
            r#"{"n":3,"t_us":1,"lane":"app","call":"kill","pid":7,"signal":"SIGX","ret":0}"#,
            Skipped::Signal("SIGX".into()),
        ),
    ];
    for (line, unknown) in cases {
        assert_eq!(skipped(line), unknown);
    }
    let more = r#"{"n":3,"t_us":1,"who":"a","lane":"app","call":"close","ret":0,"mood":{"x":[1]}}"#;
    assert!(matches!(
        from_line(more, &mut Names::default()),
        Ok(Line::Event(_))
    ));
}

#[test]
fn an_endpoint_of_a_skipped_line_gets_no_number() {
    let mut names = Names::default();
    let skipped = r#"{"n":1,"t_us":1,"who":"ghost","lane":"weather"}"#;
    assert!(matches!(
        from_line(skipped, &mut names),
        Ok(Line::Skipped { .. })
    ));
    assert_eq!(names.who("client").id, EndpointId(0));
}

/// Another writer's stream, as the contract shows it, without `asked`.
#[test]
fn a_recv_of_zero_asked_for_something() {
    let line = r#"{"n":10,"t_us":15380,"who":"server","lane":"app","call":"recv","ret":0}"#;
    let Ok(Line::Event(event)) = from_line(line, &mut Names::default()) else {
        panic!("it is an event");
    };
    let mut world = crate::journal::World::default();
    world.apply(&event);
    assert!(world.by_name("server").unwrap().eof);
}

#[test]
fn a_mistake_has_its_column() {
    let cases = [
        ("", 1, Mistake::NotJson("EOF while parsing a value".into())),
        (
            r#"{"n":1,"t_us":2,"#,
            16,
            Mistake::NotJson("EOF while parsing a value".into()),
        ),
        (
            r#"{"n":1,"t_us":2}"#,
            1,
            Mistake::Missing {
                field: "lane".into(),
            },
        ),
        (
            r#"{"n":-1,"t_us":2,"lane":"app"}"#,
            2,
            Mistake::NotA {
                field: "n".into(),
                wanted: "a number in range",
            },
        ),
        (
            r#"{"n":1,"t_us":2,"lane":"kernel","from":"ESTAB","to":"CLOSED","source":"measured"}"#,
            33,
            Mistake::NotA {
                field: "from".into(),
                wanted: "a state",
            },
        ),
        (
            r#"{"n":1,"t_us":2,"lane":"app","call":"recv","ret":0,"data":"%%%"}"#,
            52,
            Mistake::NotA {
                field: "data".into(),
                wanted: "base64",
            },
        ),
    ];
    for (line, column, what) in cases {
        let error = from_line(line, &mut Names::default()).unwrap_err();
        assert_eq!((error.column, &error.what), (column, &what), "{line}");
    }
}
