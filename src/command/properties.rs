//! What holds for all lines: the parser never fails but with an error, and what is printed is read back. Tests only.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::journal::{Host, ShutdownHow};
use crate::tcp::{Errno, How, RecvHalf, SendHalf, State};

/// Anything that a person or a broken file may hold, with the language's own words among it.
fn scrawl() -> impl Strategy<Value = String> {
    let words = VERBS.iter().flat_map(|row| [row.name, row.example]);
    let marks = [
        "\"",
        "\\",
        "\\x",
        ":",
        "#",
        " ",
        "\t",
        "\r",
        "\u{feff}",
        "клиент:",
        "[::1]:80",
        "99999999999999999999s",
    ];
    let known: Vec<&'static str> = words.chain(marks).collect();
    let piece = prop_oneof![
        3 => select(known).prop_map(str::to_owned),
        1 => ".{0,6}",
        1 => any::<String>(),
    ];
    prop::collection::vec((piece, select(vec!["", " "])), 0..8).prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(piece, space)| piece + space)
            .collect()
    })
}

fn name() -> impl Strategy<Value = String> {
    "[a-zа-я一-十][a-z0-9_-]{0,6}".prop_filter("wire and lab are no endpoints", |n| {
        n != "wire" && n != "lab"
    })
}

fn given_name() -> impl Strategy<Value = String> {
    prop_oneof![
        name(),
        (name(), select(vec![".listen", ".2", ".31"])).prop_map(|(n, suffix)| n + suffix)
    ]
}

fn host_port() -> impl Strategy<Value = HostPort> {
    let host = prop_oneof![
        "[a-z][a-z0-9-]{0,5}(\\.[a-z]{2,3})?",
        any::<std::net::Ipv4Addr>().prop_map(|a| a.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|a| a.to_string()),
    ];
    (host, any::<u16>()).prop_map(|(host, port)| HostPort {
        host: Some(host),
        port,
    })
}

fn address() -> impl Strategy<Value = HostPort> {
    prop_oneof![
        host_port(),
        any::<u16>().prop_map(|port| HostPort { host: None, port })
    ]
}

/// Whole multiples of a unit, as the language can say them.
fn time(unit_us: u64) -> impl Strategy<Value = Duration> {
    prop_oneof![0..100u64, 0..4_000_000_000_000 / unit_us]
        .prop_map(move |n| Duration::from_micros(n * unit_us))
}

fn int() -> std::ops::RangeInclusive<u32> {
    0..=i32::MAX as u32
}

fn bytes() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..5000u64,
        any::<u64>(),
        (0..1000u64, 0..31u32).prop_map(|(n, shift)| n << shift)
    ]
}

fn setting() -> impl Strategy<Value = Setting> {
    const S: u64 = 1_000_000;
    prop_oneof![
        prop::option::of(int()).prop_map(Setting::Linger),
        any::<bool>().prop_map(Setting::NoDelay),
        any::<bool>().prop_map(Setting::ReuseAddr),
        Just(Setting::Keepalive(None)),
        (time(S), time(S), int()).prop_map(|(idle, interval, count)| Setting::Keepalive(Some(
            Keepalive {
                idle,
                interval,
                count
            }
        ))),
        time(1_000).prop_map(Setting::UserTimeout),
        time(S).prop_map(Setting::TcpLinger2),
        int().prop_map(Setting::RcvBuf),
        int().prop_map(Setting::SndBuf),
    ]
}

fn path() -> impl Strategy<Value = std::path::PathBuf> {
    any::<String>()
        .prop_filter("a path has a name", |p| !p.is_empty())
        .prop_map(Into::into)
}

fn send() -> impl Strategy<Value = Send> {
    let what = prop_oneof![
        any::<Vec<u8>>().prop_map(SendWhat::Text),
        any::<String>().prop_map(|text| SendWhat::Text(text.into_bytes())),
        path().prop_map(SendWhat::File),
        bytes().prop_map(SendWhat::Bytes),
        any::<u8>().prop_map(SendWhat::Oob),
    ];
    (what, any::<bool>()).prop_map(|(what, nowait)| Send { what, nowait })
}

fn on() -> impl Strategy<Value = Option<Host>> {
    select(vec![None, Some(Host::A), Some(Host::B)])
}

fn selector() -> impl Strategy<Value = Selector> {
    let from = prop_oneof![given_name(), select(vec!["a", "b"]).prop_map(str::to_owned)];
    (select(SegmentKind::ALL.to_vec()), prop::option::of(from))
        .prop_map(|(kind, from)| Selector { kind, from })
}

fn wire() -> impl Strategy<Value = WireCommand> {
    let some = || prop::option::of(1..=u32::MAX);
    prop_oneof![
        selector().prop_map(WireCommand::Hold),
        prop_oneof![1..4u32, 1..=u32::MAX].prop_map(WireCommand::Step),
        (some(), selector()).prop_map(|(count, what)| WireCommand::Drop { count, what }),
        (some(), selector()).prop_map(|(count, what)| WireCommand::Duplicate { count, what }),
        (time(1), selector()).prop_map(|(time, what)| WireCommand::Delay { time, what }),
        prop_oneof![2..4u32, 2..=u32::MAX].prop_map(WireCommand::Reorder),
        (0..=10_000u32, any::<u64>())
            .prop_map(|(basis_points, seed)| WireCommand::Loss { basis_points, seed }),
        any::<u64>().prop_map(WireCommand::Discard),
        select(vec![
            WireCommand::Release,
            WireCommand::Cut,
            WireCommand::Mend,
            WireCommand::Stack,
            WireCommand::Clear
        ]),
    ]
}

fn lab() -> impl Strategy<Value = LabCommand> {
    let value = prop_oneof![
        any::<String>(),
        "[0-9]{1,6}( [0-9]{1,6}){0,2}",
        "[a-z -]{1,9}"
    ];
    let value = value.prop_filter("a value is not empty", |v| !v.is_empty());
    prop_oneof![
        ("[a-z0-9_.]{1,12}", value).prop_map(|(sysctl, value)| LabCommand::Set { sysctl, value }),
        Just(LabCommand::Reset),
        select(Host::ALL.to_vec()).prop_map(LabCommand::Reboot),
    ]
}

fn of_the_lab() -> impl Strategy<Value = Statement> {
    prop_oneof![
        3 => wire().prop_map(Statement::Wire),
        1 => lab().prop_map(Statement::Lab),
    ]
}

/// What is expected of nobody.
fn wire_fact() -> impl Strategy<Value = ExpectFact> {
    prop_oneof![
        selector().prop_map(ExpectFact::Wire),
        (1..=u32::MAX, selector())
            .prop_map(|(count, what)| ExpectFact::WireRetransmissions { count, what }),
        any::<u32>().prop_map(ExpectFact::WireHeld),
        (1..=u32::MAX).prop_map(ExpectFact::WireDropped),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let target = prop_oneof![
        given_name().prop_map(Target::Actor),
        host_port().prop_map(Target::Address)
    ];
    let read = prop_oneof![
        Just(ReadMode::On),
        Just(ReadMode::Off),
        bytes().prop_map(|n| ReadMode::Bytes(n.max(1))),
    ];
    prop_oneof![
        (address(), prop::option::of(int()), on())
            .prop_map(|(at, backlog, on)| Command::Listen(Listen { at, backlog, on })),
        (target, prop::option::of(address()), on(), any::<bool>()).prop_map(
            |(target, from, on, nowait)| Command::Connect(Connect {
                target,
                from,
                on,
                nowait
            })
        ),
        any::<bool>().prop_map(Command::Accept),
        send().prop_map(Command::Send),
        read.prop_map(Command::Read),
        path().prop_map(Command::Save),
        select(vec![
            ShutdownHow::Send,
            ShutdownHow::Receive,
            ShutdownHow::Both
        ])
        .prop_map(Command::Shutdown),
        select(vec![
            Command::Close,
            Command::Abort,
            Command::Disconnect,
            Command::Drain,
            Command::Kill
        ]),
        setting().prop_map(Command::Set),
        name().prop_map(|name| Command::Dup { name }),
        name().prop_map(|name| Command::Fork { name }),
    ]
}

fn fact() -> impl Strategy<Value = ExpectFact> {
    let amount = || {
        prop_oneof![
            bytes().prop_map(Amount::Exactly),
            bytes().prop_map(Amount::AtLeast)
        ]
    };
    let text = any::<Vec<u8>>().prop_filter("a text is not empty", |t| !t.is_empty());
    let errnos: Vec<Errno> = Errno::names()
        .filter_map(Errno::parse)
        .chain([Errno(4711)])
        .collect();
    prop_oneof![
        select(State::ALL.to_vec()).prop_map(ExpectFact::State),
        select(SendHalf::WORDS.to_vec()).prop_map(ExpectFact::SendHalf),
        select(RecvHalf::WORDS.to_vec()).prop_map(ExpectFact::RecvHalf),
        amount().prop_map(ExpectFact::Received),
        text.prop_map(ExpectFact::ReceivedText),
        amount().prop_map(ExpectFact::Sent),
        Just(ExpectFact::Eof),
        select(errnos).prop_map(ExpectFact::Error),
        select(How::ALL.to_vec()).prop_map(ExpectFact::Ending),
        given_name().prop_map(ExpectFact::EndingFirst),
        bytes().prop_map(ExpectFact::Unread),
        bytes().prop_map(ExpectFact::Unsent),
        bytes().prop_map(ExpectFact::Unacked),
    ]
}

fn expect() -> impl Strategy<Value = Expect> {
    let about = prop_oneof![
        3 => (given_name(), fact()),
        1 => (Just(String::new()), wire_fact()),
    ];
    (about, any::<bool>(), prop::option::of(time(1)), time(1)).prop_map(
        |((actor, fact), negated, within, at_least)| {
            let within = if negated {
                within.or(Some(at_least))
            } else {
                within
            };
            let text = fact.to_string();
            Expect {
                actor,
                negated,
                fact,
                within,
                text,
            }
        },
    )
}

fn scripted() -> impl Strategy<Value = Statement> {
    let maker = |c: &Command| matches!(c, Command::Listen(_) | Command::Connect(_));
    let act = (given_name(), name(), command()).prop_map(move |(given, own, command)| {
        let actor = Some(if maker(&command) { own } else { given });
        Statement::Do { actor, command }
    });
    prop_oneof![6 => act, 3 => of_the_lab(), 3 => expect().prop_map(Statement::Expect), 1 => time(1).prop_map(Statement::Wait)]
}

fn screen() -> impl Strategy<Value = Screen> {
    let of = |words: &'static [&'static str]| select(words).prop_map(str::to_owned);
    prop_oneof![
        select(vec![
            Screen::Quit,
            Screen::Suspend,
            Screen::Back,
            Screen::Help,
            Screen::Zoom,
            Screen::Follow,
            Screen::Compose,
            Screen::Pause,
            Screen::Again,
            Screen::Copy,
            Screen::Details,
        ]),
        any::<String>().prop_map(Screen::Palette),
        prop::option::of(any::<String>()).prop_map(Screen::Filter),
        any::<String>().prop_map(Screen::Sort),
        any::<String>().prop_map(Screen::Select),
        any::<String>().prop_map(Screen::Theme),
        of(&[
            "next", "previous", "list", "twin", "ladder", "diagram", "log", "data",
        ])
        .prop_map(Screen::Pane),
        of(&["connections", "ladder", "diagram", "data", "log"]).prop_map(Screen::Show),
        of(&["next", "previous", "first", "last", "discard"]).prop_map(Screen::Segment),
        of(&["next", "compact", "spread"]).prop_map(Screen::Time),
        of(&["hold", "cut"]).prop_map(Screen::Toggle),
        of(&["slower", "faster"]).prop_map(Screen::Motion),
        of(&["up", "down", "page-up", "page-down", "top", "bottom"]).prop_map(Screen::Scroll),
        of(&["next", "posix", "winsock", "rust", "python"]).prop_map(Screen::Calls),
        of(&["text", "hex", "next"]).prop_map(Screen::Data),
    ]
}

fn reads_back(statement: &Statement, origin: Origin) -> Result<(), TestCaseError> {
    let line = statement.to_string();
    prop_assert!(
        !line.chars().any(char::is_control),
        "a control character in {line:?}"
    );
    match parse_line(&line, origin) {
        Ok(Some(again)) => prop_assert_eq!(&again, statement, "{}", line),
        other => prop_assert!(false, "{line}: {other:?}"),
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_line_is_a_statement_or_a_mistake_with_a_place(line in scrawl()) {
        for origin in [Origin::Script, Origin::Screen] {
            match parse_line(&line, origin) {
                Ok(None) => {}
                Ok(Some(statement)) => reads_back(&statement, origin)?,
                Err(error) => {
                    prop_assert!(line.get(error.span.clone()).is_some(), "{:?} of {line:?}", error.span);
                    prop_assert!(!error.to_string().is_empty());
                }
            }
        }
    }

    #[test]
    fn any_file_is_a_script_or_mistakes_with_places(text in prop::collection::vec(scrawl(), 0..6)) {
        let text = text.join("\n");
        if let Err(errors) = Script::parse(&text) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(text.get(error.span.clone()).is_some());
                let line = text.split('\n').nth(error.line as usize - 1).unwrap_or_default();
                prop_assert!(error.column <= line.chars().count() + 1);
            }
        }
    }

    #[test]
    fn completion_replaces_what_it_says(line in scrawl(), cursor in 0usize..60, for_screen: bool) {
        let context = CompletionContext { actors: &["client", "server"], for_screen };
        let completion = complete(&line, cursor, &context);
        prop_assert!(line.get(completion.replace).is_some());
    }

    #[test]
    fn a_line_of_a_script_reads_back(statement in scripted()) {
        reads_back(&statement, Origin::Script)?;
    }

    #[test]
    fn a_line_of_the_palette_reads_back(screen in screen(), command in command(), lab in of_the_lab()) {
        reads_back(&lab, Origin::Screen)?;
        reads_back(&Statement::Screen(screen), Origin::Screen)?;
        reads_back(&Statement::Do { actor: None, command }, Origin::Screen)?;
    }
}
