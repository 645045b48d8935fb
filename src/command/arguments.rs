//! The arguments of each verb: one function a verb, named in its row of the table.

use std::time::Duration;

use super::ask::{
    Command, Connect, Keepalive, LabCommand, Listen, ReadMode, Screen, Send, SendWhat, Setting,
    Target, WireCommand,
};
use super::error::{Expected, ParseError, ParseErrorKind};
use super::facts::Fact;
use super::lexer::Body;
use super::values::{host_port, is_name};
use super::verbs::RESERVED;
use super::words::Words;
use crate::journal::{Host, ShutdownHow};

/// A verb with its arguments, before the actor is joined to it.
pub(super) enum Asked {
    Command(Command),
    Screen(Screen),
    Wire(WireCommand),
    Lab(LabCommand),
    Expect(Fact),
    Wait(Duration),
}

pub(super) type Arguments = fn(&mut Words) -> Result<Asked, ParseError>;

const ON_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];

/// setsockopt takes `int`: more than this cannot be asked for.
const INT_MAX: u64 = i32::MAX as u64;

const SECOND_US: u64 = 1_000_000;

/// The public spellings of shutdown's direction, and those of POSIX and Winsock.
const DIRECTIONS: [(&str, ShutdownHow); 14] = [
    ("send", ShutdownHow::Send),
    ("receive", ShutdownHow::Receive),
    ("both", ShutdownHow::Both),
    ("wr", ShutdownHow::Send),
    ("rd", ShutdownHow::Receive),
    ("rdwr", ShutdownHow::Both),
    ("write", ShutdownHow::Send),
    ("read", ShutdownHow::Receive),
    ("SHUT_WR", ShutdownHow::Send),
    ("SHUT_RD", ShutdownHow::Receive),
    ("SHUT_RDWR", ShutdownHow::Both),
    ("SD_SEND", ShutdownHow::Send),
    ("SD_RECEIVE", ShutdownHow::Receive),
    ("SD_BOTH", ShutdownHow::Both),
];

pub(super) fn listen(w: &mut Words) -> Result<Asked, ParseError> {
    let at = w.address()?;
    let backlog = match w.accept("backlog") {
        true => Some(w.count(0, INT_MAX)?),
        false => None,
    };
    let on = on(w)?;
    Ok(Asked::Command(Command::Listen(Listen { at, backlog, on })))
}

pub(super) fn connect(w: &mut Words) -> Result<Asked, ParseError> {
    let target = target(w)?;
    let from = match w.accept("from") {
        true => Some(w.address()?),
        false => None,
    };
    let on = on(w)?;
    let nowait = w.accept("nowait");
    Ok(Asked::Command(Command::Connect(Connect {
        target,
        from,
        on,
        nowait,
    })))
}

fn target(w: &mut Words) -> Result<Target, ParseError> {
    w.expects(Expected::Actor);
    w.expects(Expected::Remote);
    let word = w.bare().ok_or_else(|| w.unexpected())?;
    let target = match host_port(word) {
        Some(at) if at.host.is_some() => Target::Address(at),
        // A port alone: a host is missing before it.
        Some(at) => {
            let nearest = Some(format!("localhost:{}", at.port));
            return Err(ParseError {
                nearest,
                ..w.bad_address(word)
            });
        }
        None if is_name(word) => Target::Actor(word.to_owned()),
        None => return Err(w.bad_address(word)),
    };
    w.advance();
    Ok(target)
}

/// The hosts of the lab, as they are written.
pub(super) const HOSTS: [(&str, Host); 2] = [(Host::A.word(), Host::A), (Host::B.word(), Host::B)];

/// `on a|b` says which host of the lab.
fn on(w: &mut Words) -> Result<Option<Host>, ParseError> {
    match w.accept("on") {
        true => w.choose(&HOSTS).map(Some),
        false => Ok(None),
    }
}

pub(super) fn accept(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Accept(w.choose(&ON_OFF)?)))
}

pub(super) fn send(w: &mut Words) -> Result<Asked, ParseError> {
    let what = send_what(w)?;
    let nowait = w.accept("nowait");
    Ok(Asked::Command(Command::Send(Send { what, nowait })))
}

fn send_what(w: &mut Words) -> Result<SendWhat, ParseError> {
    if w.accept("file") {
        return Ok(SendWhat::File(w.path()?));
    }
    if w.accept("bytes") {
        return Ok(SendWhat::Bytes(w.bytes(0, u64::MAX)?));
    }
    if w.accept("hex") {
        return Ok(SendWhat::Text(hex(w)?));
    }
    if w.accept("oob") {
        return Ok(SendWhat::Oob(one_byte(w)?));
    }
    // `send nowait`: the text was forgotten. The word itself can be sent in quotes.
    if w.bare() == Some("nowait") {
        w.expects(Expected::Text);
        return Err(w.unexpected());
    }
    Ok(SendWhat::Text(w.text()?))
}

/// Pairs of digits, with spaces between or without: `47 45 54` or `474554`.
fn hex(w: &mut Words) -> Result<Vec<u8>, ParseError> {
    let mut bytes = Vec::new();
    loop {
        w.expects(Expected::Hex);
        let Some(word) = w.bare().filter(|b| *b != "nowait") else {
            return if bytes.is_empty() {
                Err(w.unexpected())
            } else {
                Ok(bytes)
            };
        };
        match hex_pairs(word) {
            Some(pairs) => bytes.extend(pairs),
            None => return Err(w.fault(ParseErrorKind::BadHex(word.to_owned()))),
        }
        w.advance();
    }
}

fn hex_pairs(word: &str) -> Option<Vec<u8>> {
    if !word.len().is_multiple_of(2) || !word.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..word.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(word.get(i..i + 2)?, 16).ok())
        .collect()
}

/// A text of one byte, or `0xNN`.
fn one_byte(w: &mut Words) -> Result<u8, ParseError> {
    w.expects(Expected::Byte);
    let source = w.source().ok_or_else(|| w.unexpected())?;
    let fault = w.fault(ParseErrorKind::NotOneByte(source.to_owned()));
    let bytes = match w.bare().and_then(|word| word.strip_prefix("0x")) {
        Some(digits) => {
            w.advance();
            hex_pairs(digits).unwrap_or_default()
        }
        None => w.text()?,
    };
    <[u8; 1]>::try_from(bytes)
        .map(|[byte]| byte)
        .map_err(|_| fault)
}

pub(super) fn read(w: &mut Words) -> Result<Asked, ParseError> {
    let mode = match w.choose(&ON_OFF) {
        Ok(true) => ReadMode::On,
        Ok(false) => ReadMode::Off,
        Err(_) => ReadMode::Bytes(w.bytes(1, u64::MAX)?),
    };
    Ok(Asked::Command(Command::Read(mode)))
}

pub(super) fn save(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Save(w.path()?)))
}

pub(super) fn shutdown(w: &mut Words) -> Result<Asked, ParseError> {
    for (i, (word, how)) in DIRECTIONS.into_iter().enumerate() {
        w.expects(if i < 3 {
            Expected::Word(word)
        } else {
            Expected::Spelling(word)
        });
        if w.bare().is_some_and(|b| b.eq_ignore_ascii_case(word)) {
            w.advance();
            return Ok(Asked::Command(Command::Shutdown(how)));
        }
    }
    Err(w.unexpected())
}

pub(super) fn close(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Close))
}

pub(super) fn abort(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Abort))
}

pub(super) fn disconnect(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Disconnect))
}

pub(super) fn drain(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Drain))
}

type Value = fn(&mut Words) -> Result<Setting, ParseError>;

/// The options of `set`. The kernel's own bounds are not checked here: a call that must fail is made too.
const OPTIONS: [(&str, Value); 8] = [
    ("linger", |w| {
        Ok(Setting::Linger(off_or(w, |w| w.seconds())?))
    }),
    ("nodelay", |w| Ok(Setting::NoDelay(w.choose(&ON_OFF)?))),
    ("reuseaddr", |w| Ok(Setting::ReuseAddr(w.choose(&ON_OFF)?))),
    ("keepalive", |w| {
        Ok(Setting::Keepalive(off_or(w, keepalive)?))
    }),
    // TCP_USER_TIMEOUT counts milliseconds, the others seconds (tcp(7)).
    ("user-timeout", |w| Ok(Setting::UserTimeout(w.time(1_000)?))),
    ("tcp-linger2", |w| {
        Ok(Setting::TcpLinger2(w.time(SECOND_US)?))
    }),
    ("rcvbuf", |w| Ok(Setting::RcvBuf(buffer(w)?))),
    ("sndbuf", |w| Ok(Setting::SndBuf(buffer(w)?))),
];

pub(super) fn set(w: &mut Words) -> Result<Asked, ParseError> {
    match w.choose(&OPTIONS) {
        Ok(value) => Ok(Asked::Command(Command::Set(value(w)?))),
        Err(_) => match w.source() {
            Some(word) => Err(w.fault(ParseErrorKind::UnknownOption(word.to_owned()))),
            None => Err(w.unexpected()),
        },
    }
}

fn off_or<T>(
    w: &mut Words,
    value: fn(&mut Words) -> Result<T, ParseError>,
) -> Result<Option<T>, ParseError> {
    match w.accept("off") {
        true => Ok(None),
        false => value(w).map(Some),
    }
}

fn keepalive(w: &mut Words) -> Result<Keepalive, ParseError> {
    Ok(Keepalive {
        idle: w.time(SECOND_US)?,
        interval: w.time(SECOND_US)?,
        count: w.count(0, INT_MAX)?,
    })
}

fn buffer(w: &mut Words) -> Result<u32, ParseError> {
    // The bound fits u32, so the conversion loses nothing.
    w.bytes(0, INT_MAX).map(|n| n as u32)
}

pub(super) fn dup(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Dup { name: as_name(w)? }))
}

pub(super) fn fork(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Fork { name: as_name(w)? }))
}

pub(super) fn kill(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Command(Command::Kill))
}

/// `as NAME`
fn as_name(w: &mut Words) -> Result<String, ParseError> {
    if !w.accept("as") {
        return Err(w.unexpected());
    }
    let span = w.span();
    let name = w.name(Expected::Name)?;
    if name.contains('.') || RESERVED.contains(&name.as_str()) {
        let kind = ParseErrorKind::ReservedName(name);
        return Err(ParseError {
            kind,
            span,
            expected: vec![Expected::Name],
            nearest: None,
        });
    }
    Ok(name)
}

pub(super) fn expect(w: &mut Words) -> Result<Asked, ParseError> {
    super::facts::fact(w).map(Asked::Expect)
}

pub(super) fn expect_wire(w: &mut Words) -> Result<Asked, ParseError> {
    super::facts::wire_fact(w).map(Asked::Expect)
}

pub(super) fn wait(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Wait(w.time(1)?))
}

pub(super) fn quit(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Quit))
}

pub(super) fn suspend(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Suspend))
}

pub(super) fn back(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Back))
}

pub(super) fn help(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Help))
}

pub(super) fn palette(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Palette(rest(w)?.unwrap_or_default())))
}

pub(super) fn filter(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Filter(rest(w)?)))
}

/// One quoted text, or all words that follow, as they stand.
fn rest(w: &mut Words) -> Result<Option<String>, ParseError> {
    w.expects(Expected::Text);
    match w.token().map(|t| &t.body) {
        None => Ok(None),
        Some(Body::Quoted(_)) if w.last() => w.word().map(Some),
        Some(_) => Ok(w.rest().map(str::to_owned)),
    }
}

pub(super) fn sort(w: &mut Words) -> Result<Asked, ParseError> {
    one_of(w, &["next", "reverse"], Some(Expected::Name)).map(|s| Asked::Screen(Screen::Sort(s)))
}

pub(super) fn select(w: &mut Words) -> Result<Asked, ParseError> {
    let places = [
        "next",
        "previous",
        "first",
        "last",
        "page-down",
        "page-up",
        "other",
    ];
    one_of(w, &places, Some(Expected::Actor)).map(|s| Asked::Screen(Screen::Select(s)))
}

pub(super) fn pane(w: &mut Words) -> Result<Asked, ParseError> {
    let panes = [
        "next", "previous", "list", "twin", "ladder", "diagram", "log", "data", "lesson",
    ];
    one_of(w, &panes, None).map(|s| Asked::Screen(Screen::Pane(s)))
}

pub(super) fn screen(w: &mut Words) -> Result<Asked, ParseError> {
    let screens = ["connections", "ladder", "diagram", "data", "log"];
    one_of(w, &screens, None).map(|s| Asked::Screen(Screen::Show(s)))
}

pub(super) fn scroll(w: &mut Words) -> Result<Asked, ParseError> {
    let ways = ["up", "down", "page-up", "page-down", "top", "bottom"];
    one_of(w, &ways, None).map(|s| Asked::Screen(Screen::Scroll(s)))
}

pub(super) fn zoom(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Zoom))
}

pub(super) fn follow(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Follow))
}

pub(super) fn compose(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Compose))
}

pub(super) fn pause(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Pause))
}

pub(super) fn again(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Again))
}

pub(super) fn calls(w: &mut Words) -> Result<Asked, ParseError> {
    let dialects = ["next", "posix", "winsock", "rust", "python"];
    one_of(w, &dialects, None).map(|s| Asked::Screen(Screen::Calls(s)))
}

pub(super) fn data(w: &mut Words) -> Result<Asked, ParseError> {
    one_of(w, &["text", "hex", "next"], None).map(|s| Asked::Screen(Screen::Data(s)))
}

pub(super) fn copy(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Copy))
}

pub(super) fn theme(w: &mut Words) -> Result<Asked, ParseError> {
    one_of(w, &["next"], Some(Expected::Name)).map(|s| Asked::Screen(Screen::Theme(s)))
}

pub(super) fn segment(w: &mut Words) -> Result<Asked, ParseError> {
    let which = ["next", "previous", "first", "last", "discard"];
    one_of(w, &which, None).map(|s| Asked::Screen(Screen::Segment(s)))
}

pub(super) fn details(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Details))
}

pub(super) fn time(w: &mut Words) -> Result<Asked, ParseError> {
    one_of(w, &["next", "compact", "spread"], None).map(|s| Asked::Screen(Screen::Time(s)))
}

pub(super) fn toggle(w: &mut Words) -> Result<Asked, ParseError> {
    one_of(w, &["hold", "cut"], None).map(|s| Asked::Screen(Screen::Toggle(s)))
}

pub(super) fn motion(w: &mut Words) -> Result<Asked, ParseError> {
    one_of(w, &["slower", "faster"], None).map(|s| Asked::Screen(Screen::Motion(s)))
}

pub(super) fn lesson(w: &mut Words) -> Result<Asked, ParseError> {
    let ways = ["next", "back", "restart", "skip", "rejoin", "list", "close"];
    one_of(w, &ways, None).map(|s| Asked::Screen(Screen::Lesson(s)))
}

pub(super) fn answer(w: &mut Words) -> Result<Asked, ParseError> {
    w.count(1, 9).map(|n| Asked::Screen(Screen::Answer(n)))
}

pub(super) fn present(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Present))
}

pub(super) fn freeze(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Screen(Screen::Freeze))
}

/// One of the words; where `open` is given, any other word as well.
fn one_of(
    w: &mut Words,
    words: &[&'static str],
    open: Option<Expected>,
) -> Result<String, ParseError> {
    for word in words {
        if w.accept(word) {
            return Ok((*word).to_owned());
        }
    }
    match open {
        Some(expected) if !w.done() => {
            w.expects(expected);
            w.word()
        }
        Some(expected) => {
            w.expects(expected);
            Err(w.unexpected())
        }
        None => Err(w.unexpected()),
    }
}
