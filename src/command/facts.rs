//! What comes after `expect`: the fact, its negation and its time.

use std::time::Duration;

use super::error::{Expected, NumberFault, ParseError, ParseErrorKind};
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

/// What is expected of an endpoint.
pub(super) fn fact(w: &mut Words) -> Result<Fact, ParseError> {
    let negated = w.accept("no");
    if w.bare() == Some("wire") {
        let verb = "expect wire";
        return Err(w.fault(ParseErrorKind::TakesNoActor { verb }));
    }
    let start = w.span().start;
    let parse = w.choose(&FACTS)?;
    let fact = parse(w)?;
    timed(w, negated, fact, start)
}

/// What is expected of the wire.
pub(super) fn wire_fact(w: &mut Words) -> Result<Fact, ParseError> {
    let verb = w.behind();
    let negated = w.accept("no");
    let start = w.span().start;
    if !w.accept("wire") {
        let of_an_endpoint = FACTS.iter().any(|(word, _)| w.bare() == Some(word));
        return Err(match of_an_endpoint {
            true => ParseError {
                kind: ParseErrorKind::MissingActor { verb: "expect" },
                span: verb,
                expected: vec![Expected::ActorPrefix],
                nearest: None,
            },
            false => w.unexpected(),
        });
    }
    let fact = on_the_wire(w)?;
    timed(w, negated, fact, start)
}

/// The time after a fact.
fn timed(w: &mut Words, negated: bool, fact: ExpectFact, start: usize) -> Result<Fact, ParseError> {
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

/// `SEL`, or how many: `N retransmissions of SEL`, `N held`, `N dropped`.
fn on_the_wire(w: &mut Words) -> Result<ExpectFact, ParseError> {
    let none = w.fault(ParseErrorKind::BadNumber {
        word: "0".to_owned(),
        fault: NumberFault::TooSmall { min: 1 },
    });
    let Some(count) = w.leading_count(0)? else {
        return Ok(ExpectFact::Wire(w.selector()?));
    };
    if w.accept("held") {
        return Ok(ExpectFact::WireHeld(count));
    }
    let fact = if w.accept("dropped") {
        ExpectFact::WireDropped(count)
    } else if w.accept("retransmissions") || w.accept_spelling("retransmission") {
        if !w.accept("of") {
            return Err(w.unexpected());
        }
        let what = w.selector()?;
        ExpectFact::WireRetransmissions { count, what }
    } else {
        return Err(w.unexpected());
    };
    // At least none is always true, and nobody means that.
    match count {
        0 => Err(none),
        _ => Ok(fact),
    }
}
