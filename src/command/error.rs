//! What is wrong with a line: typed, with the place, what was expected, and the nearest word.
//!
//! `Display` is plain English for whoever has no catalogue; it never prints the line itself.

use std::fmt;
use std::ops::Range;

use super::verbs::Scope;

/// Why a line is no statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    pub kind: ParseErrorKind,
    /// The place in the line, in bytes; empty where something is missing.
    pub span: Range<usize>,
    /// What could stand there.
    pub expected: Vec<Expected>,
    /// The nearest word that would be right.
    pub nearest: Option<String>,
}

/// The kinds of mistakes. The strings are what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    UnknownVerb(String),
    UnknownState(String),
    UnknownErrno(String),
    UnknownOption(String),
    /// Another word than those expected.
    Unexpected(String),
    /// The line ends too early.
    Missing,
    /// The statement is complete, and words follow.
    TrailingWords(String),
    BadNumber {
        word: String,
        fault: NumberFault,
    },
    /// No `host:port`, `[v6]:port` or port.
    BadAddress(String),
    /// No pairs of hexadecimal digits.
    BadHex(String),
    /// No name of an actor: a letter, then letters, digits, `-`, `_` and `.`.
    BadName(String),
    /// A name that finspect gives itself (`server.2`, `server.listen`, `wire`, `lab`).
    ReservedName(String),
    UnterminatedString,
    /// The escape as written, with its backslash.
    BadEscape(String),
    /// A quote stands against another word without a space.
    GluedQuote,
    /// A path or a name whose escapes are no UTF-8.
    NotUtf8,
    /// A text of at least one byte is needed.
    EmptyText,
    /// `send oob` takes one byte.
    NotOneByte(String),
    /// A line of a script says who acts.
    MissingActor {
        verb: &'static str,
    },
    /// `server listen 6000`: the colon is missing.
    MissingColon(String),
    /// `client: quit`, `client: wait 1s`.
    TakesNoActor {
        verb: &'static str,
    },
    /// A verb of the screen in a script.
    ScreenOnly {
        verb: &'static str,
    },
    /// `expect` or `wait` outside a script.
    ScriptOnly {
        verb: &'static str,
    },
    /// No earlier line makes this actor.
    NeverMade(String),
    /// The actor has options from `set`, and no socket.
    OnlySet(String),
    /// `connect` to an actor that does not listen.
    NotListening(String),
    /// `dup as` or `fork as` a name that an earlier line made.
    NameTaken(String),
    /// `kill` of an actor that no earlier line forked.
    NoProcess(String),
    /// A selector names somebody whom no line of the whole script makes.
    MadeNowhere(String),
    /// `client: hold`: a verb of the wire or the lab, asked of somebody else.
    VerbOf {
        scope: Scope,
        verb: &'static str,
    },
    /// `wire: close`: the wire or the lab does not know this verb.
    NoVerbOf {
        scope: Scope,
        word: String,
    },
    /// No name of a sysctl: lower-case letters, digits, `_` and `.`.
    BadSysctl(String),
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    NotANumber,
    /// A TIME without `us`, `ms`, `s` or `m`.
    NoUnit,
    UnknownUnit,
    TooSmall {
        min: u64,
    },
    TooLarge {
        max: u64,
    },
    /// A share without its `%`.
    NoPercent,
    /// A share finer than a hundredth of a percent.
    TooPrecise,
    /// The kernel takes this value in whole units of so many microseconds.
    TooFine {
        unit_us: u64,
    },
}

/// What could stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// This word.
    Word(&'static str),
    /// Another accepted spelling of a word that is also expected.
    Spelling(&'static str),
    /// `name:` at the head of a line.
    ActorPrefix,
    /// The name of an actor.
    Actor,
    Verb,
    /// A new name.
    Name,
    Text,
    Path,
    /// `[ADDR:]PORT`
    Address,
    /// `HOST:PORT`
    Remote,
    Time,
    Bytes,
    Count,
    /// `10%`
    Percent,
    /// The name of a setting of the lab's kernels.
    Sysctl,
    /// The value of a setting.
    Value,
    Seconds,
    Hex,
    Byte,
    State,
    Errno,
    EndOfLine,
}

impl std::error::Error for ParseError {}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        // These say already what belongs there.
        let listed = !matches!(
            self.kind,
            ParseErrorKind::UnknownVerb(_)
                | ParseErrorKind::NoVerbOf { .. }
                | ParseErrorKind::VerbOf { .. }
                | ParseErrorKind::MissingActor { .. }
                | ParseErrorKind::MissingColon(_)
                | ParseErrorKind::ReservedName(_)
        );
        if listed && !self.expected.is_empty() {
            write!(f, "; expected {}", Alternatives(&self.expected))?;
        }
        match &self.nearest {
            Some(word) => write!(f, "; did you mean `{word}`?"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ParseErrorKind::*;
        match self {
            UnknownVerb(w) => write!(f, "unknown verb `{w}`"),
            UnknownState(w) => write!(f, "unknown state `{w}`"),
            UnknownErrno(w) => write!(f, "unknown error name `{w}`"),
            UnknownOption(w) => write!(f, "unknown option `{w}`"),
            Unexpected(w) => write!(f, "unexpected `{w}`"),
            Missing => f.write_str("the line ends too early"),
            TrailingWords(w) => write!(f, "the line goes on with `{w}`"),
            BadNumber { word, fault } => write!(f, "`{word}` {fault}"),
            BadAddress(w) if beyond_ports(w) => {
                write!(f, "`{w}` is no address with a port (65535 is the most)")
            }
            BadAddress(w) => write!(f, "`{w}` is no address with a port"),
            BadHex(w) => write!(f, "`{w}` is no row of hexadecimal bytes"),
            BadName(w) => write!(f, "`{w}` is no name"),
            ReservedName(w) => write!(f, "`{w}` is a name that finspect gives itself"),
            UnterminatedString => f.write_str("the quote is never closed"),
            BadEscape(w) => write!(
                f,
                "unknown escape `{w}`; known are \\n \\r \\t \\0 \\xNN \\\\ \\\""
            ),
            GluedQuote => f.write_str("a space is missing beside the quote"),
            NotUtf8 => f.write_str("these bytes are no UTF-8 text"),
            EmptyText => f.write_str("the text is empty"),
            NotOneByte(w) => write!(f, "`{w}` is not one byte"),
            MissingActor { verb } => write!(f, "`{verb}` needs an actor: `name: {verb} ...`"),
            MissingColon(w) => write!(f, "a colon is missing after `{w}`"),
            TakesNoActor { verb } => write!(f, "`{verb}` takes no actor"),
            ScreenOnly { verb } => write!(f, "`{verb}` is a verb of the screen, not of a script"),
            ScriptOnly { verb } => write!(f, "`{verb}` is a verb of scripts"),
            NeverMade(w) => write!(f, "no earlier line makes `{w}`"),
            OnlySet(w) => write!(f, "`{w}` has options but no socket yet"),
            NotListening(w) => write!(f, "`{w}` does not listen"),
            NameTaken(w) => write!(f, "the name `{w}` is taken"),
            NoProcess(w) => write!(
                f,
                "no process of its own holds `{w}`; `fork as` makes such an actor"
            ),
            MadeNowhere(w) => write!(f, "no line makes `{w}`"),
            VerbOf { scope, verb } => {
                let actor = scope.actor();
                write!(
                    f,
                    "`{verb}` is a verb of the {actor}: `{actor}: {verb} ...`"
                )
            }
            NoVerbOf { scope, word } => write!(f, "the {} has no verb `{word}`", scope.actor()),
            BadSysctl(w) => write!(
                f,
                "`{w}` is no name of a setting: lower-case letters, digits, `_` and `.`"
            ),
        }
    }
}

impl fmt::Display for NumberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NumberFault::NotANumber => f.write_str("is not a number"),
            NumberFault::NoUnit => f.write_str("has no unit (us, ms, s or m)"),
            NumberFault::UnknownUnit => f.write_str("has an unknown unit"),
            NumberFault::TooSmall { min } => write!(f, "is too small, the least is {min}"),
            NumberFault::TooLarge { max } => write!(f, "is too large, the most is {max}"),
            NumberFault::NoPercent => f.write_str("has no percent sign"),
            NumberFault::TooPrecise => f.write_str("is finer than a hundredth of a percent"),
            NumberFault::TooFine { unit_us: 1_000_000 } => {
                f.write_str("is not a whole number of seconds")
            }
            NumberFault::TooFine { unit_us: 1_000 } => {
                f.write_str("is not a whole number of milliseconds")
            }
            NumberFault::TooFine { unit_us } => write!(f, "is not a multiple of {unit_us} us"),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Word(w) | Expected::Spelling(w) => return write!(f, "`{w}`"),
            Expected::ActorPrefix => "an actor (`name:`)",
            Expected::Actor => "an actor",
            Expected::Verb => "a verb",
            Expected::Name => "a name",
            Expected::Text => "a text",
            Expected::Path => "a path",
            Expected::Address => "[address:]port",
            Expected::Remote => "host:port",
            Expected::Time => "a time (`200ms`, `2s`)",
            Expected::Bytes => "a number of bytes (`4096`, `64KiB`)",
            Expected::Count => "a number",
            Expected::Percent => "a share (`10%`, `0.5%`)",
            Expected::Sysctl => "the name of a setting (`tcp_fin_timeout`)",
            Expected::Value => "its value",
            Expected::Seconds => "a number of seconds",
            Expected::Hex => "hexadecimal bytes",
            Expected::Byte => "one byte",
            Expected::State => "a state",
            Expected::Errno => "the name of an error",
            Expected::EndOfLine => "the end of the line",
        })
    }
}

/// What is written where the port stands is a number, and too high for one.
fn beyond_ports(word: &str) -> bool {
    let digits = word.rsplit(':').next().unwrap_or(word);
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.parse::<u16>().is_err()
}

/// "`send`, `receive` or `both`". Other spellings of a listed word are left out.
struct Alternatives<'a>(&'a [Expected]);

impl fmt::Display for Alternatives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut listed = self
            .0
            .iter()
            .filter(|e| !matches!(e, Expected::Spelling(_)))
            .peekable();
        let mut first = true;
        while let Some(expected) = listed.next() {
            let between = match (first, listed.peek()) {
                (true, _) => "",
                (false, Some(_)) => ", ",
                (false, None) => " or ",
            };
            write!(f, "{between}{expected}")?;
            first = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_too_high_says_so() {
        for (word, high) in [
            ("99999", true),
            ("127.0.0.1:65536", true),
            ("[::1]:70000", true),
            ("65535", false),
            ("host:http", false),
            ("host:", false),
        ] {
            let said = ParseErrorKind::BadAddress(word.to_owned()).to_string();
            assert_eq!(said.contains("65535 is the most"), high, "{said}");
        }
    }
}
