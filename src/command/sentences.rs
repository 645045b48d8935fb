//! Lines and what they mean, and wrong lines with the place of the mistake. Tests only.

use std::time::Duration;

use super::*;
use crate::journal::{Host, ShutdownHow};
use crate::tcp::{Errno, How, State};

fn script(line: &str) -> Statement {
    parse_line(line, Origin::Script)
        .unwrap_or_else(|e| panic!("{line}: {e}"))
        .unwrap_or_else(|| panic!("{line}: nothing"))
}

fn command(arguments: &str) -> Command {
    match script(&format!("c: {arguments}")) {
        Statement::Do {
            actor: Some(actor),
            command,
        } if actor == "c" => command,
        other => panic!("{arguments}: {other:?}"),
    }
}

fn fact(arguments: &str) -> ExpectFact {
    match script(&format!("c: expect {arguments}")) {
        Statement::Expect(expect) => expect.fact,
        other => panic!("{arguments}: {other:?}"),
    }
}

fn at(host: Option<&str>, port: u16) -> HostPort {
    HostPort {
        host: host.map(str::to_owned),
        port,
    }
}

fn text(bytes: &[u8]) -> Command {
    Command::Send(Send {
        what: SendWhat::Text(bytes.to_vec()),
        nowait: false,
    })
}

#[test]
fn opening() {
    let listen = |at, backlog| {
        Command::Listen(Listen {
            at,
            backlog,
            on: None,
        })
    };
    let connect = |target, from| {
        Command::Connect(Connect {
            target,
            from,
            on: None,
            nowait: false,
        })
    };
    let to = |host, port| Target::Address(at(Some(host), port));
    let cases = [
        ("listen 6000", listen(at(None, 6000), None)),
        ("listen 0 backlog 0", listen(at(None, 0), Some(0))),
        (
            "listen [::1]:80 backlog 128",
            listen(at(Some("::1"), 80), Some(128)),
        ),
        (
            "connect server",
            connect(Target::Actor("server".into()), None),
        ),
        (
            "connect server.listen",
            connect(Target::Actor("server.listen".into()), None),
        ),
        ("connect localhost:80", connect(to("localhost", 80), None)),
        (
            "connect 127.0.0.1:80 from 6001",
            connect(to("127.0.0.1", 80), Some(at(None, 6001))),
        ),
        (
            "connect [::1]:80 from [::1]:81",
            connect(to("::1", 80), Some(at(Some("::1"), 81))),
        ),
        ("accept off", Command::Accept(false)),
        (
            "dup as twin",
            Command::Dup {
                name: "twin".into(),
            },
        ),
        (
            "fork as worker",
            Command::Fork {
                name: "worker".into(),
            },
        ),
        ("kill", Command::Kill),
    ];
    for (line, expected) in cases {
        assert_eq!(command(line), expected, "{line}");
    }
}

#[test]
fn on_a_host_of_the_lab() {
    for (line, host) in [
        ("listen 6000 on b", Some(Host::B)),
        ("listen 6000 backlog 5 on a", Some(Host::A)),
        ("listen 6000", None),
    ] {
        match command(line) {
            Command::Listen(listen) => assert_eq!(listen.on, host, "{line}"),
            other => panic!("{line}: {other:?}"),
        }
    }
    for (line, host) in [
        ("connect server on b", Some(Host::B)),
        ("connect h:1 from 6001 on a", Some(Host::A)),
        ("connect b:1 from 6001 on a nowait", Some(Host::A)),
        ("connect server nowait", None),
    ] {
        match command(line) {
            Command::Connect(connect) => {
                assert_eq!(connect.on, host, "{line}");
                assert_eq!(connect.nowait, line.ends_with(" nowait"), "{line}");
            }
            other => panic!("{line}: {other:?}"),
        }
    }
}

fn sel(kind: SegmentKind, from: Option<&str>) -> Selector {
    Selector {
        kind,
        from: from.map(str::to_owned),
    }
}

#[test]
fn rules_of_the_wire() {
    use SegmentKind::*;
    use WireCommand::*;
    let cases = [
        ("hold", Hold(Selector::default())),
        ("hold fin", Hold(sel(Fin, None))),
        ("hold from client", Hold(sel(Any, Some("client")))),
        ("hold any from server.2", Hold(sel(Any, Some("server.2")))),
        ("step", Step(1)),
        ("step 3", Step(3)),
        ("release", Release),
        (
            "drop syn",
            Drop {
                count: None,
                what: sel(Syn, None),
            },
        ),
        (
            "drop 2 ack from b",
            Drop {
                count: Some(2),
                what: sel(Ack, Some("b")),
            },
        ),
        (
            "duplicate 1 rst",
            Duplicate {
                count: Some(1),
                what: sel(Rst, None),
            },
        ),
        (
            "delay 200ms",
            Delay {
                time: Duration::from_millis(200),
                what: Selector::default(),
            },
        ),
        (
            "delay 1s data from a",
            Delay {
                time: Duration::from_secs(1),
                what: sel(Data, Some("a")),
            },
        ),
        ("reorder", Reorder(REORDERED)),
        ("reorder 5", Reorder(5)),
        (
            "loss 10% seed 7",
            Loss {
                basis_points: 1_000,
                seed: 7,
            },
        ),
        (
            "loss 0.5% seed 18446744073709551615",
            Loss {
                basis_points: 50,
                seed: u64::MAX,
            },
        ),
        ("cut", Cut),
        ("mend", Mend),
        ("stack", Stack),
        ("clear", Clear),
        ("discard 12", Discard(12)),
    ];
    for (line, expected) in cases {
        let line = format!("wire: {line}");
        let expected = Statement::Wire(expected);
        assert_eq!(script(&line), expected, "{line}");
        assert_eq!(
            parse_line(&line, Origin::Screen),
            Ok(Some(expected)),
            "{line}"
        );
    }
    assert_eq!(script("wire:hold fin"), script("wire: hold fin # note"));
}

#[test]
fn verbs_of_the_lab() {
    let set = |sysctl: &str, value: &str| LabCommand::Set {
        sysctl: sysctl.into(),
        value: value.into(),
    };
    let cases = [
        ("set tcp_fin_timeout 5", set("tcp_fin_timeout", "5")),
        (
            "set net.ipv4.tcp_rfc1337 1",
            set("net.ipv4.tcp_rfc1337", "1"),
        ),
        ("set tcp_rmem 1 2  3", set("tcp_rmem", "1 2 3")),
        ("set tcp_rmem \"1 2\"", set("tcp_rmem", "1 2")),
        ("reset", LabCommand::Reset),
        ("reboot a", LabCommand::Reboot(Host::A)),
    ];
    for (line, expected) in cases {
        let line = format!("lab: {line}");
        let expected = Statement::Lab(expected);
        assert_eq!(script(&line), expected, "{line}");
        assert_eq!(
            parse_line(&line, Origin::Screen),
            Ok(Some(expected)),
            "{line}"
        );
    }
}

#[test]
fn what_is_expected_of_the_wire() {
    use SegmentKind::*;
    let retransmissions = |count, what| ExpectFact::WireRetransmissions { count, what };
    let cases = [
        (
            "expect wire fin from client",
            false,
            ExpectFact::Wire(sel(Fin, Some("client"))),
            "wire fin from client",
        ),
        (
            "expect no wire rst within 500ms",
            true,
            ExpectFact::Wire(sel(Rst, None)),
            "wire rst",
        ),
        (
            "expect wire 3 retransmissions of fin",
            false,
            retransmissions(3, sel(Fin, None)),
            "wire 3 retransmissions of fin",
        ),
        (
            "expect wire 1 retransmission of data from b within 5s",
            false,
            retransmissions(1, sel(Data, Some("b"))),
            "wire 1 retransmission of data from b",
        ),
        (
            "expect wire 0 held",
            false,
            ExpectFact::WireHeld(0),
            "wire 0 held",
        ),
        (
            "expect wire 2 dropped",
            false,
            ExpectFact::WireDropped(2),
            "wire 2 dropped",
        ),
    ];
    for (line, negated, fact, text) in cases {
        let Statement::Expect(expect) = script(line) else {
            panic!("{line}: no expectation");
        };
        assert_eq!(
            (expect.actor.as_str(), expect.negated, expect.text.as_str()),
            ("", negated, text),
            "{line}"
        );
        assert_eq!(expect.fact, fact, "{line}");
        assert_eq!(expect.to_string(), line["expect ".len()..], "{line}");
    }
}

#[test]
fn moving_bytes() {
    let send = |what, nowait| Command::Send(Send { what, nowait });
    let cases = [
        (r#"send "Thank you""#, text(b"Thank you")),
        (r#"send "\x00\xff # \"""#, text(b"\0\xff # \"")),
        ("send hello # said", text(b"hello")),
        (r#"send "file""#, text(b"file")),
        (r#"send """#, text(b"")),
        (
            "send hello nowait",
            send(SendWhat::Text(b"hello".to_vec()), true),
        ),
        (
            r#"send "nowait" nowait"#,
            send(SendWhat::Text(b"nowait".to_vec()), true),
        ),
        ("send hex 47 4554 0a", text(b"GET\n")),
        ("send hex FF nowait", send(SendWhat::Text(vec![0xff]), true)),
        (
            "send bytes 1MiB nowait",
            send(SendWhat::Bytes(1 << 20), true),
        ),
        (
            "send file assets/demo/report.txt",
            send(SendWhat::File("assets/demo/report.txt".into()), false),
        ),
        (
            r#"send file "my file" nowait"#,
            send(SendWhat::File("my file".into()), true),
        ),
        ("send oob X", send(SendWhat::Oob(b'X'), false)),
        ("send oob 5", send(SendWhat::Oob(b'5'), false)),
        (r#"send oob "\n""#, send(SendWhat::Oob(b'\n'), false)),
        ("send oob 0x58", send(SendWhat::Oob(b'X'), false)),
        ("read on", Command::Read(ReadMode::On)),
        ("read off", Command::Read(ReadMode::Off)),
        ("read 64KiB", Command::Read(ReadMode::Bytes(65536))),
        ("save receive.dat", Command::Save("receive.dat".into())),
    ];
    for (line, expected) in cases {
        assert_eq!(command(line), expected, "{line}");
    }
}

#[test]
fn closing_in_every_spelling() {
    let spellings = [
        (
            ShutdownHow::Send,
            [
                "send", "wr", "write", "SHUT_WR", "SD_SEND", "Shut_Wr", "sd_send",
            ],
        ),
        (
            ShutdownHow::Receive,
            [
                "receive",
                "rd",
                "read",
                "SHUT_RD",
                "SD_RECEIVE",
                "RD",
                "Sd_Receive",
            ],
        ),
        (
            ShutdownHow::Both,
            [
                "both",
                "rdwr",
                "RDWR",
                "SHUT_RDWR",
                "SD_BOTH",
                "Both",
                "shut_rdwr",
            ],
        ),
    ];
    for (how, words) in spellings {
        for word in words {
            assert_eq!(
                command(&format!("shutdown {word}")),
                Command::Shutdown(how),
                "{word}"
            );
        }
    }
    assert_eq!(command("close"), Command::Close);
    assert_eq!(command("closesocket"), Command::Close);
    assert_eq!(command("abort"), Command::Abort);
    assert_eq!(command("disconnect"), Command::Disconnect);
    assert_eq!(command("drain"), Command::Drain);
}

#[test]
fn every_option() {
    let keepalive = Keepalive {
        idle: Duration::from_secs(60),
        interval: Duration::from_secs(1),
        count: 3,
    };
    let cases = [
        ("linger off", Setting::Linger(None)),
        ("linger 0", Setting::Linger(Some(0))),
        ("linger 2147483647", Setting::Linger(Some(2_147_483_647))),
        ("nodelay on", Setting::NoDelay(true)),
        ("reuseaddr off", Setting::ReuseAddr(false)),
        ("keepalive off", Setting::Keepalive(None)),
        ("keepalive 1m 1000ms 3", Setting::Keepalive(Some(keepalive))),
        (
            "user-timeout 1500ms",
            Setting::UserTimeout(Duration::from_millis(1500)),
        ),
        (
            "tcp-linger2 3s",
            Setting::TcpLinger2(Duration::from_secs(3)),
        ),
        ("rcvbuf 4KiB", Setting::RcvBuf(4096)),
        ("sndbuf 65536", Setting::SndBuf(65536)),
    ];
    for (line, expected) in cases {
        assert_eq!(
            command(&format!("set {line}")),
            Command::Set(expected),
            "{line}"
        );
    }
}

#[test]
fn every_fact() {
    let cases = [
        ("state time-wait", ExpectFact::State(State::TimeWait)),
        ("send fin-queued", ExpectFact::SendHalf("fin-queued")),
        ("receive shut", ExpectFact::RecvHalf("shut")),
        ("received 4096", ExpectFact::Received(Amount::Exactly(4096))),
        (
            "received at least 1MiB",
            ExpectFact::Received(Amount::AtLeast(1 << 20)),
        ),
        (
            "received \"4096\"",
            ExpectFact::ReceivedText(b"4096".to_vec()),
        ),
        (
            "received hello",
            ExpectFact::ReceivedText(b"hello".to_vec()),
        ),
        ("received \"at\"", ExpectFact::ReceivedText(b"at".to_vec())),
        ("sent 10", ExpectFact::Sent(Amount::Exactly(10))),
        ("eof", ExpectFact::Eof),
        ("error ECONNRESET", ExpectFact::Error(Errno::ECONNRESET)),
        ("error epipe", ExpectFact::Error(Errno::EPIPE)),
        ("ending fin", ExpectFact::Ending(How::Fin)),
        ("ending refused", ExpectFact::Ending(How::Refused)),
        (
            "ending first server",
            ExpectFact::EndingFirst("server".into()),
        ),
        ("unread 6", ExpectFact::Unread(6)),
        ("unsent 0", ExpectFact::Unsent(0)),
        ("unacked 64KiB", ExpectFact::Unacked(65536)),
    ];
    for (line, expected) in cases {
        assert_eq!(fact(line), expected, "{line}");
    }
}

#[test]
fn an_expectation_keeps_its_words() {
    let Statement::Expect(expect) =
        script(r#"server:  expect no received  "Thank # you"  within 1.5s # c"#)
    else {
        panic!("an expectation");
    };
    assert_eq!(expect.text, r#"received  "Thank # you""#);
    assert_eq!((expect.actor.as_str(), expect.negated), ("server", true));
    assert_eq!(
        (expect.within, expect.time()),
        (
            Some(Duration::from_millis(1500)),
            Duration::from_millis(1500)
        )
    );
    let Statement::Expect(expect) = script("server.2: expect eof") else {
        panic!("an expectation")
    };
    assert_eq!(
        (expect.within, expect.time()),
        (None, Duration::from_secs(2))
    );
    assert_eq!(
        script("wait 200ms"),
        Statement::Wait(Duration::from_millis(200))
    );
}

#[test]
fn the_palette_needs_no_actor() {
    let screen = |line: &str| parse_line(line, Origin::Screen);
    let own = |command| {
        Ok(Some(Statement::Do {
            actor: None,
            command,
        }))
    };
    assert_eq!(
        screen("shutdown SD_SEND"),
        own(Command::Shutdown(ShutdownHow::Send))
    );
    let named = Statement::Do {
        actor: Some("client".into()),
        command: Command::Close,
    };
    assert_eq!(screen("client:close"), Ok(Some(named)));
    let cases = [
        ("q", Screen::Quit),
        ("?", Screen::Help),
        ("palette", Screen::Palette(String::new())),
        ("palette \"shutdown \"", Screen::Palette("shutdown ".into())),
        (
            "palette send \"x\"  nowait",
            Screen::Palette("send \"x\"  nowait".into()),
        ),
        ("palette \"a\" \"b\"", Screen::Palette("\"a\" \"b\"".into())),
        ("filter", Screen::Filter(None)),
        (
            "filter state CLOSE-WAIT",
            Screen::Filter(Some("state CLOSE-WAIT".into())),
        ),
        ("sort state", Screen::Sort("state".into())),
        ("select server.2", Screen::Select("server.2".into())),
        ("theme next", Screen::Theme("next".into())),
        ("screen ladder", Screen::Show("ladder".into())),
        ("pane diagram", Screen::Pane("diagram".into())),
        ("segment discard", Screen::Segment("discard".into())),
        ("details", Screen::Details),
        ("time spread", Screen::Time("spread".into())),
        ("toggle hold", Screen::Toggle("hold".into())),
        ("motion slower", Screen::Motion("slower".into())),
    ];
    for (line, expected) in cases {
        assert_eq!(
            screen(line),
            Ok(Some(Statement::Screen(expected))),
            "{line}"
        );
    }
    assert_eq!(screen("  # nothing"), Ok(None));
    assert_eq!(screen(""), Ok(None));
}

/// Line, first column of the mark (from 1, in characters), marked words, kind, nearest word.
type Mistake = (
    &'static str,
    usize,
    &'static str,
    ParseErrorKind,
    Option<&'static str>,
);

fn check(origin: Origin, mistakes: Vec<Mistake>) {
    for (line, column, marked, kind, nearest) in mistakes {
        let error = parse_line(line, origin).expect_err(line);
        let place = line[..error.span.start].chars().count() + 1;
        let got = (
            place,
            &line[error.span.clone()],
            error.kind.clone(),
            error.nearest.as_deref(),
        );
        assert_eq!(got, (column, marked, kind, nearest), "{line}: {error}");
    }
}

fn number(word: &str, fault: NumberFault) -> ParseErrorKind {
    ParseErrorKind::BadNumber {
        word: word.into(),
        fault,
    }
}

#[test]
fn wrong_verbs_and_actors() {
    use ParseErrorKind::*;
    check(
        Origin::Script,
        vec![
            (
                "c: shutdwon send",
                4,
                "shutdwon",
                UnknownVerb("shutdwon".into()),
                Some("shutdown"),
            ),
            ("c: qiut", 4, "qiut", UnknownVerb("qiut".into()), None),
            (
                "c: attach 12",
                4,
                "attach",
                UnknownVerb("attach".into()),
                None,
            ),
            (
                "shutdwon send",
                1,
                "shutdwon",
                UnknownVerb("shutdwon".into()),
                Some("shutdown"),
            ),
            ("c:", 3, "", Missing, None),
            ("c: # no verb", 3, "", Missing, None),
            (
                "c: \"close\"",
                4,
                "\"close\"",
                Unexpected("\"close\"".into()),
                None,
            ),
            (
                "shutdown send",
                1,
                "shutdown",
                MissingActor { verb: "shutdown" },
                None,
            ),
            (
                "expect eof",
                1,
                "expect",
                MissingActor { verb: "expect" },
                None,
            ),
            (
                "server listen 6000",
                1,
                "server",
                MissingColon("server".into()),
                Some("server:"),
            ),
            ("c: wait 1s", 4, "wait", TakesNoActor { verb: "wait" }, None),
            ("c: quit", 4, "quit", ScreenOnly { verb: "quit" }, None),
            ("quit", 1, "quit", ScreenOnly { verb: "quit" }, None),
            ("1c: close", 1, "1c:", BadName("1c".into()), None),
            (": close", 1, ":", BadName("".into()), None),
            (" a.b: listen 1", 2, "a.b", ReservedName("a.b".into()), None),
            ("c: dup as a.b", 11, "a.b", ReservedName("a.b".into()), None),
            (
                "c: fork worker",
                9,
                "worker",
                Unexpected("worker".into()),
                None,
            ),
            (
                "c: kill worker",
                9,
                "worker",
                TrailingWords("worker".into()),
                None,
            ),
            (
                "c: fork as lab",
                12,
                "lab",
                ReservedName("lab".into()),
                None,
            ),
            (
                "c: dup as wire",
                11,
                "wire",
                ReservedName("wire".into()),
                None,
            ),
            (
                "c: hold fin",
                4,
                "hold",
                VerbOf {
                    scope: Scope::Wire,
                    verb: "hold",
                },
                None,
            ),
            (
                "reboot a",
                1,
                "reboot",
                VerbOf {
                    scope: Scope::Lab,
                    verb: "reboot",
                },
                None,
            ),
            (
                "wire: close",
                7,
                "close",
                NoVerbOf {
                    scope: Scope::Wire,
                    word: "close".into(),
                },
                None,
            ),
            (
                "wire: relaese",
                7,
                "relaese",
                NoVerbOf {
                    scope: Scope::Wire,
                    word: "relaese".into(),
                },
                Some("release"),
            ),
            (
                "lab: hold",
                6,
                "hold",
                NoVerbOf {
                    scope: Scope::Lab,
                    word: "hold".into(),
                },
                None,
            ),
            (
                "c: expect wire fin",
                11,
                "wire",
                TakesNoActor {
                    verb: "expect wire",
                },
                None,
            ),
            (
                "expect no eof within 1s",
                1,
                "expect",
                MissingActor { verb: "expect" },
                None,
            ),
        ],
    );
    check(
        Origin::Screen,
        vec![
            ("qiut", 1, "qiut", UnknownVerb("qiut".into()), Some("quit")),
            (
                "expect eof",
                1,
                "expect",
                ScriptOnly { verb: "expect" },
                None,
            ),
            ("wait 1s", 1, "wait", ScriptOnly { verb: "wait" }, None),
            ("c: quit", 4, "quit", TakesNoActor { verb: "quit" }, None),
            ("c: qiut", 4, "qiut", UnknownVerb("qiut".into()), None),
            (
                "expect wire fin",
                1,
                "expect",
                ScriptOnly { verb: "expect" },
                None,
            ),
            (
                "hold",
                1,
                "hold",
                VerbOf {
                    scope: Scope::Wire,
                    verb: "hold",
                },
                None,
            ),
            (
                "wire: quit",
                7,
                "quit",
                NoVerbOf {
                    scope: Scope::Wire,
                    word: "quit".into(),
                },
                None,
            ),
            (
                "screen dta",
                8,
                "dta",
                Unexpected("dta".into()),
                Some("data"),
            ),
            ("sort", 5, "", Missing, None),
        ],
    );
}

#[test]
fn wrong_arguments() {
    use NumberFault::*;
    use ParseErrorKind::*;
    check(
        Origin::Script,
        vec![
            (
                "c: shutdown sned",
                13,
                "sned",
                Unexpected("sned".into()),
                Some("send"),
            ),
            ("c: shutdown", 12, "", Missing, None),
            (
                "c: shutdown send now",
                18,
                "now",
                TrailingWords("now".into()),
                None,
            ),
            (
                "c: send x nowiat",
                11,
                "nowiat",
                TrailingWords("nowiat".into()),
                Some("nowait"),
            ),
            (
                "c: send nowait",
                9,
                "nowait",
                Unexpected("nowait".into()),
                None,
            ),
            ("c: send", 8, "", Missing, None),
            ("c: send hex 4", 13, "4", BadHex("4".into()), None),
            ("c: send hex", 12, "", Missing, None),
            ("c: send hex zz", 13, "zz", BadHex("zz".into()), None),
            (
                "c: send hex 41 \"B\"",
                16,
                "\"B\"",
                TrailingWords("\"B\"".into()),
                None,
            ),
            ("c: send oob XY", 13, "XY", NotOneByte("XY".into()), None),
            (
                "c: send oob 0x123",
                13,
                "0x123",
                NotOneByte("0x123".into()),
                None,
            ),
            ("c: send oob é", 13, "é", NotOneByte("é".into()), None),
            ("c: send oob", 12, "", Missing, None),
            (
                "c: send bytes 4KB",
                15,
                "4KB",
                number("4KB", UnknownUnit),
                Some("4KiB"),
            ),
            (
                "c: send bytes many",
                15,
                "many",
                Unexpected("many".into()),
                None,
            ),
            ("c: send file \"\"", 14, "\"\"", EmptyText, None),
            ("c: send file \"\\xff\"", 14, "\"\\xff\"", NotUtf8, None),
            ("c: send \"abc", 9, "\"abc", UnterminatedString, None),
            (
                "c: send \"a\\qb\"",
                11,
                "\\q",
                BadEscape("\\q".into()),
                None,
            ),
            ("c: read of", 9, "of", Unexpected("of".into()), Some("off")),
            ("c: read 0", 9, "0", number("0", TooSmall { min: 1 }), None),
            (
                "c: accept maybe",
                11,
                "maybe",
                Unexpected("maybe".into()),
                None,
            ),
            (
                "c: listen 65536",
                11,
                "65536",
                BadAddress("65536".into()),
                None,
            ),
            (
                "c: listen ::1:80",
                11,
                "::1:80",
                BadAddress("::1:80".into()),
                Some("[::1]:80"),
            ),
            (
                "c: listen 80 backlgo 5",
                14,
                "backlgo",
                TrailingWords("backlgo".into()),
                Some("backlog"),
            ),
            (
                "c: listen 80 backlog x",
                22,
                "x",
                Unexpected("x".into()),
                None,
            ),
            (
                "c: listen 80 backlog 5x",
                22,
                "5x",
                number("5x", NotANumber),
                None,
            ),
            (
                "c: connect 6000",
                12,
                "6000",
                BadAddress("6000".into()),
                Some("localhost:6000"),
            ),
            (
                "c: connect host:http",
                12,
                "host:http",
                BadAddress("host:http".into()),
                None,
            ),
            ("c: close it", 10, "it", TrailingWords("it".into()), None),
            (
                "c: set nodleay on",
                8,
                "nodleay",
                UnknownOption("nodleay".into()),
                Some("nodelay"),
            ),
            ("c: set", 7, "", Missing, None),
            ("c: set nodelay", 15, "", Missing, None),
            ("c: set linger 5s", 15, "5s", number("5s", NotANumber), None),
            (
                "c: set linger 2147483648",
                15,
                "2147483648",
                number("2147483648", TooLarge { max: 2_147_483_647 }),
                None,
            ),
            (
                "c: set keepalive 10 1s 3",
                18,
                "10",
                number("10", NoUnit),
                Some("10s"),
            ),
            (
                "c: set keepalive 500ms 1s 3",
                18,
                "500ms",
                number("500ms", TooFine { unit_us: 1_000_000 }),
                None,
            ),
            (
                "c: set user-timeout 10us",
                21,
                "10us",
                number("10us", TooFine { unit_us: 1_000 }),
                None,
            ),
            (
                "c: set rcvbuf 2GiB",
                15,
                "2GiB",
                number("2GiB", TooLarge { max: 2_147_483_647 }),
                None,
            ),
            ("c: dup twin", 8, "twin", Unexpected("twin".into()), None),
            ("wait 2", 6, "2", number("2", NoUnit), Some("2s")),
            (
                "wait 2min",
                6,
                "2min",
                number("2min", UnknownUnit),
                Some("2m"),
            ),
            ("wait", 5, "", Missing, None),
        ],
    );
}

#[test]
fn wrong_rules() {
    use NumberFault::*;
    use ParseErrorKind::*;
    check(
        Origin::Script,
        vec![
            ("wire: drop", 11, "", Missing, None),
            ("wire: drop 2", 13, "", Missing, None),
            (
                "wire: drop fni",
                12,
                "fni",
                Unexpected("fni".into()),
                Some("fin"),
            ),
            (
                "wire: drop 0 fin",
                12,
                "0",
                number("0", TooSmall { min: 1 }),
                None,
            ),
            ("wire: hold fin from", 20, "", Missing, None),
            (
                "wire: hold fin from 198.51.100.1",
                21,
                "198.51.100.1",
                BadName("198.51.100.1".into()),
                None,
            ),
            (
                "wire: hold fin client",
                16,
                "client",
                TrailingWords("client".into()),
                None,
            ),
            (
                "wire: step fin",
                12,
                "fin",
                TrailingWords("fin".into()),
                None,
            ),
            (
                "wire: step 0",
                12,
                "0",
                number("0", TooSmall { min: 1 }),
                None,
            ),
            (
                "wire: reorder 1",
                15,
                "1",
                number("1", TooSmall { min: 2 }),
                None,
            ),
            (
                "wire: delay 200",
                13,
                "200",
                number("200", NoUnit),
                Some("200s"),
            ),
            (
                "wire: loss 10 seed 7",
                12,
                "10",
                number("10", NoPercent),
                Some("10%"),
            ),
            (
                "wire: loss 101% seed 7",
                12,
                "101%",
                number("101%", TooLarge { max: 100 }),
                None,
            ),
            (
                "wire: loss 0.125% seed 7",
                12,
                "0.125%",
                number("0.125%", TooPrecise),
                None,
            ),
            ("wire: loss 10%", 15, "", Missing, None),
            ("wire: loss 10% seed", 20, "", Missing, None),
            (
                "wire: loss 10% seed x",
                21,
                "x",
                Unexpected("x".into()),
                None,
            ),
            ("wire: cut a", 11, "a", TrailingWords("a".into()), None),
            ("wire: discard", 14, "", Missing, None),
            (
                "lab: set tcp-fin-timeout 5",
                10,
                "tcp-fin-timeout",
                BadSysctl("tcp-fin-timeout".into()),
                Some("tcp_fin_timeout"),
            ),
            ("lab: set", 9, "", Missing, None),
            ("lab: set tcp_sack", 18, "", Missing, None),
            ("lab: set tcp_sack \"\"", 19, "\"\"", EmptyText, None),
            (
                "lab: set tcp_rmem \"1 2\" 3",
                25,
                "3",
                TrailingWords("3".into()),
                None,
            ),
            (
                "lab: set tcp_rmem 1 \"2\"",
                21,
                "\"2\"",
                TrailingWords("\"2\"".into()),
                None,
            ),
            ("lab: reboot c", 13, "c", Unexpected("c".into()), None),
            ("lab: reboot", 12, "", Missing, None),
            ("c: listen 1 on", 15, "", Missing, None),
            ("c: listen 1 on c", 16, "c", Unexpected("c".into()), None),
            (
                "c: connect s no a",
                14,
                "no",
                TrailingWords("no".into()),
                Some("on"),
            ),
        ],
    );
}

#[test]
fn wrong_expectations_of_the_wire() {
    use ParseErrorKind::*;
    check(
        Origin::Script,
        vec![
            ("expect", 7, "", Missing, None),
            (
                "expect wrie fin",
                8,
                "wrie",
                Unexpected("wrie".into()),
                Some("wire"),
            ),
            ("expect wire", 12, "", Missing, None),
            ("expect no wire rst", 19, "", Missing, None),
            (
                "expect wire finn",
                13,
                "finn",
                Unexpected("finn".into()),
                Some("fin"),
            ),
            (
                "expect wire 3 fin",
                15,
                "fin",
                Unexpected("fin".into()),
                None,
            ),
            (
                "expect wire 3 hled",
                15,
                "hled",
                Unexpected("hled".into()),
                Some("held"),
            ),
            (
                "expect wire 3 retransmissions fin",
                31,
                "fin",
                Unexpected("fin".into()),
                None,
            ),
            (
                "expect wire 0 dropped",
                13,
                "0",
                number("0", NumberFault::TooSmall { min: 1 }),
                None,
            ),
            (
                "expect wire 0 retransmissions of fin",
                13,
                "0",
                number("0", NumberFault::TooSmall { min: 1 }),
                None,
            ),
            (
                "expect wire fin form a",
                17,
                "form",
                TrailingWords("form".into()),
                Some("from"),
            ),
        ],
    );
}

#[test]
fn wrong_expectations() {
    use ParseErrorKind::*;
    check(
        Origin::Script,
        vec![
            (
                "c: expect staet LISTEN",
                11,
                "staet",
                Unexpected("staet".into()),
                Some("state"),
            ),
            (
                "c: expect state FIN-WAIT",
                17,
                "FIN-WAIT",
                UnknownState("FIN-WAIT".into()),
                Some("FIN-WAIT-1"),
            ),
            (
                "c: expect state ESTABLISHD",
                17,
                "ESTABLISHD",
                UnknownState("ESTABLISHD".into()),
                Some("ESTABLISHED"),
            ),
            ("c: expect state", 16, "", Missing, None),
            (
                "c: expect send fin-ackd",
                16,
                "fin-ackd",
                Unexpected("fin-ackd".into()),
                Some("fin-acked"),
            ),
            (
                "c: expect receive fin-acked",
                19,
                "fin-acked",
                Unexpected("fin-acked".into()),
                None,
            ),
            (
                "c: expect error ECONRESET",
                17,
                "ECONRESET",
                UnknownErrno("ECONRESET".into()),
                Some("ECONNRESET"),
            ),
            (
                "c: expect error E-5",
                17,
                "E-5",
                UnknownErrno("E-5".into()),
                None,
            ),
            ("c: expect received", 19, "", Missing, None),
            ("c: expect received \"\"", 20, "\"\"", EmptyText, None),
            (
                "c: expect received at most 5",
                23,
                "most",
                Unexpected("most".into()),
                None,
            ),
            (
                "c: expect received 5kb",
                20,
                "5kb",
                number("5kb", NumberFault::UnknownUnit),
                Some("5KiB"),
            ),
            (
                "c: expect ending frist client",
                18,
                "frist",
                Unexpected("frist".into()),
                Some("first"),
            ),
            (
                "c: expect eof wihtin 1s",
                15,
                "wihtin",
                TrailingWords("wihtin".into()),
                Some("within"),
            ),
            (
                "c: expect eof within 1",
                22,
                "1",
                number("1", NumberFault::NoUnit),
                Some("1s"),
            ),
            ("c: expect no eof", 17, "", Missing, None),
            ("c: expect", 10, "", Missing, None),
        ],
    );
}

#[test]
fn a_mistake_says_what_was_expected() {
    let cases = [
        (
            "c: shutdwon send",
            "unknown verb `shutdwon`; did you mean `shutdown`?",
        ),
        (
            "c: shutdown sned",
            "unexpected `sned`; expected `send`, `receive` or `both`; did you mean `send`?",
        ),
        (
            "c: close it",
            "the line goes on with `it`; expected the end of the line",
        ),
        (
            "c: accept",
            "the line ends too early; expected `on` or `off`",
        ),
        (
            "c: expect no eof",
            "the line ends too early; expected `within`",
        ),
        (
            "c: expect state FIN-WAIT",
            "unknown state `FIN-WAIT`; expected a state; did you mean `FIN-WAIT-1`?",
        ),
        (
            "wait 2",
            "`2` has no unit (us, ms, s or m); expected a time (`200ms`, `2s`); did you mean `2s`?",
        ),
        ("close", "`close` needs an actor: `name: close ...`"),
        ("c: step", "`step` is a verb of the wire: `wire: step ...`"),
        (
            "lab: reste",
            "the lab has no verb `reste`; did you mean `reset`?",
        ),
        (
            "wire: drop",
            "the line ends too early; expected a number, `any`, `syn`, `fin`, `rst`, `ack`, `data` or `from`",
        ),
        (
            "wire: loss 10 seed 7",
            "`10` has no percent sign; expected a share (`10%`, `0.5%`); did you mean `10%`?",
        ),
    ];
    for (line, words) in cases {
        assert_eq!(
            parse_line(line, Origin::Script)
                .expect_err(line)
                .to_string(),
            words,
            "{line}"
        );
    }
}
