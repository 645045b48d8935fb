//! Expectations as they are written; `watch.rs` decides them.

use std::time::Duration;

use super::ask::Selector;
use crate::tcp::{Errno, How, State};

/// How long an expectation without `within` is given.
pub const DEFAULT_WITHIN: Duration = Duration::from_secs(2);

/// `actor: expect [no] FACT [within TIME]`
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// Empty for an expectation about the wire.
    pub actor: String,
    /// `no`: the fact must not hold during all of the time.
    pub negated: bool,
    pub fact: ExpectFact,
    pub within: Option<Duration>,
    /// The fact as it was written, for reports and the `script` lane: `received "Thank you"`.
    pub text: String,
}

impl Expect {
    /// As the script lane tells it.
    pub fn said(&self) -> String {
        match self.negated {
            true => format!("no {}", self.text),
            false => self.text.clone(),
        }
    }

    /// How long it is given.
    pub fn time(&self) -> Duration {
        self.within.unwrap_or(DEFAULT_WITHIN)
    }
}

/// What is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectFact {
    State(State),
    /// A word of `SendHalf::WORDS`.
    SendHalf(&'static str),
    /// A word of `RecvHalf::WORDS`.
    RecvHalf(&'static str),
    Received(Amount),
    /// TEXT anywhere in the bytes read over the connection's life, also across reads.
    ReceivedText(Vec<u8>),
    Sent(Amount),
    /// recv returned 0 because of the peer's FIN.
    Eof,
    Error(Errno),
    Ending(How),
    /// `ending first NAME`: an actor's name, or the role `client` or `server`.
    EndingFirst(String),
    Unread(u64),
    Unsent(u64),
    Unacked(u64),
    /// `wire SEL`: such a segment came onto the wire.
    Wire(Selector),
    /// `wire N retransmissions of SEL`: at least N.
    WireRetransmissions {
        count: u32,
        what: Selector,
    },
    /// `wire N held`, `wire N dropped`
    WireHeld(u32),
    WireDropped(u32),
}

impl ExpectFact {
    /// It is about the wire, and no actor's.
    pub fn is_of_the_wire(&self) -> bool {
        match self {
            ExpectFact::Wire(_)
            | ExpectFact::WireRetransmissions { .. }
            | ExpectFact::WireHeld(_)
            | ExpectFact::WireDropped(_) => true,
            ExpectFact::State(_)
            | ExpectFact::SendHalf(_)
            | ExpectFact::RecvHalf(_)
            | ExpectFact::Received(_)
            | ExpectFact::ReceivedText(_)
            | ExpectFact::Sent(_)
            | ExpectFact::Eof
            | ExpectFact::Error(_)
            | ExpectFact::Ending(_)
            | ExpectFact::EndingFirst(_)
            | ExpectFact::Unread(_)
            | ExpectFact::Unsent(_)
            | ExpectFact::Unacked(_) => false,
        }
    }

    /// Which segments it is about.
    pub fn selector(&self) -> Option<&Selector> {
        match self {
            ExpectFact::Wire(what) | ExpectFact::WireRetransmissions { what, .. } => Some(what),
            _ => None,
        }
    }
}

/// `N` or `at least N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Exactly(u64),
    AtLeast(u64),
}
