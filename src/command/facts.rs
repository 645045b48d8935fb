//! What comes after `expect`: the fact, its negation and its time.

use std::time::Duration;

use super::error::{Expected, ParseError, ParseErrorKind};
use super::expect::{Amount, ExpectFact};
use super::words::Words;
use crate::tcp::{Errno, How, RecvHalf, SendHalf, State};

/// An expectation before its actor is joined to it.
pub(super) struct Fact {
    pub negated: bool,
    pub fact: ExpectFact,
    pub within: Option<Duration>,
    /// Where the fact stands in the line.
    pub start: usize,
    pub end: usize,
}

pub(super) fn fact(w: &mut Words) -> Result<Fact, ParseError> {
    let negated = w.accept("no");
    if w.bare() == Some("wire") {
        return Err(w.fault(ParseErrorKind::NeedsLab("wire".to_owned())));
    }
    let start = w.span().start;
    let parse = w.choose(&FACTS)?;
    let fact = parse(w)?;
    let end = w.taken_to();
    let within = match w.accept("within") {
        true => Some(w.time(1)?),
        // Without a time nobody could say how long nothing must happen.
        false if negated => return Err(w.unexpected()),
        false => None,
    };
    Ok(Fact {
        negated,
        fact,
        within,
        start,
        end,
    })
}

type Parse = fn(&mut Words) -> Result<ExpectFact, ParseError>;

const FACTS: [(&str, Parse); 11] = [
    ("state", state),
    ("send", |w| {
        Ok(ExpectFact::SendHalf(half(w, &SendHalf::WORDS)?))
    }),
    ("receive", |w| {
        Ok(ExpectFact::RecvHalf(half(w, &RecvHalf::WORDS)?))
    }),
    ("received", received),
    ("sent", |w| Ok(ExpectFact::Sent(amount(w)?))),
    ("eof", |_| Ok(ExpectFact::Eof)),
    ("error", error),
    ("ending", ending),
    ("unread", |w| Ok(ExpectFact::Unread(w.bytes(0, u64::MAX)?))),
    ("unsent", |w| Ok(ExpectFact::Unsent(w.bytes(0, u64::MAX)?))),
    ("unacked", |w| {
        Ok(ExpectFact::Unacked(w.bytes(0, u64::MAX)?))
    }),
];

fn state(w: &mut Words) -> Result<ExpectFact, ParseError> {
    w.expects(Expected::State);
    let word = w.bare().ok_or_else(|| w.unexpected())?;
    match word.parse::<State>() {
        Ok(state) => {
            w.advance();
            Ok(ExpectFact::State(state))
        }
        Err(_) => {
            let known = State::ALL.into_iter().map(State::name);
            Err(w.fault_near(ParseErrorKind::UnknownState(word.to_owned()), known))
        }
    }
}

fn half(w: &mut Words, words: &[&'static str]) -> Result<&'static str, ParseError> {
    for word in words {
        if w.accept(word) {
            return Ok(word);
        }
    }
    Err(w.unexpected())
}

/// A bare word that begins with a digit is a number; `received "42"` is the text.
fn received(w: &mut Words) -> Result<ExpectFact, ParseError> {
    w.expects(Expected::Text);
    let number = match w.bare() {
        Some(word) => word == "at" || word.starts_with(|c: char| c.is_ascii_digit()),
        None => w.done(),
    };
    if number {
        return Ok(ExpectFact::Received(amount(w)?));
    }
    let empty = w.fault(ParseErrorKind::EmptyText);
    match w.text()? {
        text if text.is_empty() => Err(empty),
        text => Ok(ExpectFact::ReceivedText(text)),
    }
}

fn amount(w: &mut Words) -> Result<Amount, ParseError> {
    if !w.accept("at") {
        return Ok(Amount::Exactly(w.bytes(0, u64::MAX)?));
    }
    match w.accept("least") {
        true => Ok(Amount::AtLeast(w.bytes(0, u64::MAX)?)),
        false => Err(w.unexpected()),
    }
}

fn error(w: &mut Words) -> Result<ExpectFact, ParseError> {
    w.expects(Expected::Errno);
    let word = w.bare().ok_or_else(|| w.unexpected())?;
    match Errno::parse(word) {
        Some(errno) if errno.0 > 0 => {
            w.advance();
            Ok(ExpectFact::Error(errno))
        }
        _ => Err(w.fault_near(
            ParseErrorKind::UnknownErrno(word.to_owned()),
            Errno::names(),
        )),
    }
}

fn ending(w: &mut Words) -> Result<ExpectFact, ParseError> {
    for how in How::ALL {
        if w.accept(how.word()) {
            return Ok(ExpectFact::Ending(how));
        }
    }
    match w.accept("first") {
        true => {
            w.expects(Expected::Word("client"));
            w.expects(Expected::Word("server"));
            Ok(ExpectFact::EndingFirst(w.name(Expected::Actor)?))
        }
        false => Err(w.unexpected()),
    }
}
