//! Statements as canonical text: what they print parses to themselves. Keys, footer and palette show commands this way.

use std::fmt;
use std::time::Duration;

use super::ask::{
    Command, Connect, HostPort, Keepalive, LabCommand, Listen, REORDERED, ReadMode, Screen,
    SegmentKind, Selector, Send, SendWhat, Setting, Statement, Target, WireCommand,
};
use super::expect::{Amount, Expect, ExpectFact};
use super::values::{BYTE_UNITS, TIME_UNITS};

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statement::Do {
                actor: Some(actor),
                command,
            } => write!(f, "{actor}: {command}"),
            Statement::Do {
                actor: None,
                command,
            } => write!(f, "{command}"),
            Statement::Expect(expect) if expect.actor.is_empty() => write!(f, "expect {expect}"),
            Statement::Expect(expect) => write!(f, "{}: expect {expect}", expect.actor),
            Statement::Wire(wire) => write!(f, "wire: {wire}"),
            Statement::Lab(lab) => write!(f, "lab: {lab}"),
            Statement::Wait(time) => write!(f, "wait {}", Time(*time)),
            Statement::Screen(screen) => write!(f, "{screen}"),
        }
    }
}

/// The command without its actor.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Listen(Listen { at, backlog, on }) => {
                write!(f, "listen {at}")?;
                backlog.map_or(Ok(()), |n| write!(f, " backlog {n}"))?;
                on.map_or(Ok(()), |host| write!(f, " on {}", host.word()))
            }
            Command::Connect(Connect {
                target,
                from,
                on,
                nowait,
            }) => {
                write!(f, "connect {target}")?;
                from.as_ref()
                    .map_or(Ok(()), |from| write!(f, " from {from}"))?;
                on.map_or(Ok(()), |host| write!(f, " on {}", host.word()))?;
                f.write_str(if *nowait { " nowait" } else { "" })
            }
            Command::Accept(on) => write!(f, "accept {}", on_off(*on)),
            Command::Send(Send { what, nowait }) => {
                write!(f, "send {what}{}", if *nowait { " nowait" } else { "" })
            }
            Command::Read(ReadMode::On) => f.write_str("read on"),
            Command::Read(ReadMode::Off) => f.write_str("read off"),
            Command::Read(ReadMode::Bytes(n)) => write!(f, "read {}", Bytes(*n)),
            Command::Save(path) => write!(f, "save {}", Quoted(path.to_string_lossy().as_bytes())),
            Command::Shutdown(how) => write!(f, "shutdown {}", how.word()),
            Command::Close => f.write_str("close"),
            Command::Abort => f.write_str("abort"),
            Command::Disconnect => f.write_str("disconnect"),
            Command::Drain => f.write_str("drain"),
            Command::Set(setting) => write!(f, "set {setting}"),
            Command::Dup { name } => write!(f, "dup as {name}"),
            Command::Fork { name } => write!(f, "fork as {name}"),
            Command::Kill => f.write_str("kill"),
        }
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            None => write!(f, "{}", self.port),
            Some(v6) if v6.contains(':') => write!(f, "[{v6}]:{}", self.port),
            Some(host) => write!(f, "{host}:{}", self.port),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Actor(name) => f.write_str(name),
            Target::Address(at) => write!(f, "{at}"),
        }
    }
}

impl fmt::Display for SendWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendWhat::Text(bytes) => write!(f, "{}", Quoted(bytes)),
            SendWhat::File(path) => write!(f, "file {}", Quoted(path.to_string_lossy().as_bytes())),
            SendWhat::Bytes(n) => write!(f, "bytes {}", Bytes(*n)),
            SendWhat::Oob(byte) => write!(f, "oob {}", Quoted(&[*byte])),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Linger(None) => f.write_str("linger off"),
            Setting::Linger(Some(seconds)) => write!(f, "linger {seconds}"),
            Setting::NoDelay(on) => write!(f, "nodelay {}", on_off(*on)),
            Setting::ReuseAddr(on) => write!(f, "reuseaddr {}", on_off(*on)),
            Setting::Keepalive(None) => f.write_str("keepalive off"),
            Setting::Keepalive(Some(Keepalive {
                idle,
                interval,
                count,
            })) => {
                write!(f, "keepalive {} {} {count}", Time(*idle), Time(*interval))
            }
            Setting::UserTimeout(time) => write!(f, "user-timeout {}", Time(*time)),
            Setting::TcpLinger2(time) => write!(f, "tcp-linger2 {}", Time(*time)),
            Setting::RcvBuf(n) => write!(f, "rcvbuf {}", Bytes((*n).into())),
            Setting::SndBuf(n) => write!(f, "sndbuf {}", Bytes((*n).into())),
        }
    }
}

/// The expectation without its actor: `[no] FACT [within TIME]`, the fact as it was written.
impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.negated { "no " } else { "" }, self.text)?;
        self.within
            .map_or(Ok(()), |time| write!(f, " within {}", Time(time)))
    }
}

impl fmt::Display for ExpectFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExpectFact::State(state) => write!(f, "state {state}"),
            ExpectFact::SendHalf(word) => write!(f, "send {word}"),
            ExpectFact::RecvHalf(word) => write!(f, "receive {word}"),
            ExpectFact::Received(amount) => write!(f, "received {amount}"),
            ExpectFact::ReceivedText(text) => write!(f, "received {}", Quoted(text)),
            ExpectFact::Sent(amount) => write!(f, "sent {amount}"),
            ExpectFact::Eof => f.write_str("eof"),
            ExpectFact::Error(errno) => write!(f, "error {errno}"),
            ExpectFact::Ending(how) => write!(f, "ending {how}"),
            ExpectFact::EndingFirst(name) => write!(f, "ending first {name}"),
            ExpectFact::Unread(n) => write!(f, "unread {}", Bytes(*n)),
            ExpectFact::Unsent(n) => write!(f, "unsent {}", Bytes(*n)),
            ExpectFact::Unacked(n) => write!(f, "unacked {}", Bytes(*n)),
            ExpectFact::Wire(what) => write!(f, "wire {what}"),
            ExpectFact::WireRetransmissions { count, what } => {
                write!(f, "wire {count} retransmissions of {what}")
            }
            ExpectFact::WireHeld(n) => write!(f, "wire {n} held"),
            ExpectFact::WireDropped(n) => write!(f, "wire {n} dropped"),
        }
    }
}

/// The verb of the wire without its `wire:`.
impl fmt::Display for WireCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireCommand::Hold(what) => write!(f, "hold{}", Trailing(what)),
            WireCommand::Step(1) => f.write_str("step"),
            WireCommand::Step(n) => write!(f, "step {n}"),
            WireCommand::Release => f.write_str("release"),
            WireCommand::Drop { count, what } => write!(f, "drop{} {what}", Count(*count)),
            WireCommand::Duplicate { count, what } => {
                write!(f, "duplicate{} {what}", Count(*count))
            }
            WireCommand::Delay { time, what } => {
                write!(f, "delay {}{}", Time(*time), Trailing(what))
            }
            WireCommand::Reorder(REORDERED) => f.write_str("reorder"),
            WireCommand::Reorder(n) => write!(f, "reorder {n}"),
            WireCommand::Loss { basis_points, seed } => {
                write!(f, "loss {} seed {seed}", Percent(*basis_points))
            }
            WireCommand::Cut => f.write_str("cut"),
            WireCommand::Mend => f.write_str("mend"),
            WireCommand::Stack => f.write_str("stack"),
            WireCommand::Clear => f.write_str("clear"),
            WireCommand::Discard(id) => write!(f, "discard {id}"),
        }
    }
}

/// `fin from client`
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.word())?;
        self.from
            .as_ref()
            .map_or(Ok(()), |from| write!(f, " from {from}"))
    }
}

impl fmt::Display for SegmentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The verb of the lab without its `lab:`.
impl fmt::Display for LabCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabCommand::Set { sysctl, value } => write!(f, "set {sysctl} {}", Values(value)),
            LabCommand::Reset => f.write_str("reset"),
            LabCommand::Reboot(host) => write!(f, "reboot {}", host.word()),
        }
    }
}

/// A selector where it may be left out: nothing for `any`.
struct Trailing<'a>(&'a Selector);

impl fmt::Display for Trailing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self.0 == Selector::default() {
            true => Ok(()),
            false => write!(f, " {}", self.0),
        }
    }
}

struct Count(Option<u32>);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |n| write!(f, " {n}"))
    }
}

/// Hundredths of a percent: `10%`, `0.5%`, `12.25%`.
struct Percent(u32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        match (hundredths, hundredths % 10) {
            (0, _) => write!(f, "{whole}%"),
            (_, 0) => write!(f, "{whole}.{}%", hundredths / 10),
            _ => write!(f, "{whole}.{hundredths:02}%"),
        }
    }
}

/// The numbers and words of a sysctl, bare where single spaces stand between them, else in quotes.
struct Values<'a>(&'a str);

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split(' ').all(is_plain) {
            true => f.write_str(self.0),
            false => write!(f, "{}", Quoted(self.0.as_bytes())),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Exactly(n) => write!(f, "{}", Bytes(*n)),
            Amount::AtLeast(n) => write!(f, "at least {}", Bytes(*n)),
        }
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Screen::Quit => f.write_str("quit"),
            Screen::Suspend => f.write_str("suspend"),
            Screen::Back => f.write_str("back"),
            Screen::Help => f.write_str("help"),
            Screen::Palette(text) if text.is_empty() => f.write_str("palette"),
            Screen::Palette(text) => write!(f, "palette {}", Quoted(text.as_bytes())),
            Screen::Filter(None) => f.write_str("filter"),
            Screen::Filter(Some(text)) => write!(f, "filter {}", Quoted(text.as_bytes())),
            Screen::Sort(word) => write!(f, "sort {}", Word(word)),
            Screen::Select(word) => write!(f, "select {}", Word(word)),
            Screen::Pane(word) => write!(f, "pane {}", Word(word)),
            Screen::Show(word) => write!(f, "screen {}", Word(word)),
            Screen::Scroll(word) => write!(f, "scroll {}", Word(word)),
            Screen::Zoom => f.write_str("zoom"),
            Screen::Follow => f.write_str("follow"),
            Screen::Compose => f.write_str("compose"),
            Screen::Pause => f.write_str("pause"),
            Screen::Again => f.write_str("again"),
            Screen::Calls(word) => write!(f, "calls {}", Word(word)),
            Screen::Data(word) => write!(f, "data {}", Word(word)),
            Screen::Copy => f.write_str("copy"),
            Screen::Theme(word) => write!(f, "theme {}", Word(word)),
            Screen::Segment(word) => write!(f, "segment {}", Word(word)),
            Screen::Details => f.write_str("details"),
            Screen::Time(word) => write!(f, "time {}", Word(word)),
            Screen::Toggle(word) => write!(f, "toggle {}", Word(word)),
            Screen::Motion(word) => write!(f, "motion {}", Word(word)),
            Screen::Lesson(word) => write!(f, "lesson {}", Word(word)),
            Screen::Answer(n) => write!(f, "answer {n}"),
            Screen::Present => f.write_str("present"),
            Screen::Freeze => f.write_str("freeze"),
        }
    }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// TIME in the largest unit that keeps it whole. The language knows whole microseconds.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0.as_micros();
        if us == 0 {
            return f.write_str("0s");
        }
        let (unit, factor) = TIME_UNITS
            .into_iter()
            .rfind(|(_, factor)| us.is_multiple_of(u128::from(*factor)))
            .unwrap_or(TIME_UNITS[0]);
        write!(f, "{}{unit}", us / u128::from(factor))
    }
}

/// BYTES; from 64 KiB on in the largest unit that keeps them whole.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fitting = BYTE_UNITS
            .into_iter()
            .rfind(|(_, factor)| self.0.is_multiple_of(*factor));
        match fitting {
            Some((unit, factor)) if self.0 >= 64 << 10 => write!(f, "{}{unit}", self.0 / factor),
            _ => write!(f, "{}", self.0),
        }
    }
}

/// A bare word where that is enough, else in quotes.
struct Word<'a>(&'a str);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match is_plain(self.0) {
            true => f.write_str(self.0),
            false => write!(f, "{}", Quoted(self.0.as_bytes())),
        }
    }
}

/// Nothing in the word needs quotes.
fn is_plain(word: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    !word.is_empty() && word.chars().all(plain)
}

/// TEXT in quotes. What is no UTF-8, and what a terminal might obey or hide, stands as an escape.
pub(super) struct Quoted<'a>(pub &'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\n' => f.write_str("\\n")?,
                    '\r' => f.write_str("\\r")?,
                    '\t' => f.write_str("\\t")?,
                    '\0' => f.write_str("\\0")?,
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    c if unseen(c) => escaped(f, c.encode_utf8(&mut [0; 4]).as_bytes())?,
                    c => fmt::Write::write_char(f, c)?,
                }
            }
            escaped(f, chunk.invalid())?;
        }
        f.write_str("\"")
    }
}

fn escaped(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|b| write!(f, "\\x{b:02x}"))
}

/// Control characters, and the marks of Unicode that have no shape or turn the direction of writing (UAX 9).
fn unseen(c: char) -> bool {
    let shapeless = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_control() || shapeless
}
