//! What can be asked for: one `Statement` for a key, a palette line, a script line and a command-line argument.
//!
//! It parses and checks; it never acts.

mod arguments;
mod ask;
mod cast;
mod complete;
mod error;
mod evidence;
mod expect;
mod facts;
mod lexer;
mod nearest;
mod needle;
mod parse;
mod print;
#[cfg(test)]
mod properties;
mod rig;
mod script;
mod seen;
#[cfg(test)]
mod sentences;
mod traffic;
mod values;
mod verbs;
mod watch;
#[cfg(test)]
mod watched;
#[cfg(test)]
mod wired;
mod words;

pub use ask::{
    Command, Connect, HostPort, Keepalive, LabCommand, Listen, REORDERED, ReadMode, Screen,
    SegmentKind, Selector, Send, SendWhat, Setting, Statement, Target, WireCommand,
};
pub use complete::{Candidate, Completion, CompletionContext, complete};
pub use error::{Expected, NumberFault, ParseError, ParseErrorKind};
pub use evidence::Evidence;
pub use expect::{Amount, DEFAULT_WITHIN, Expect, ExpectFact};
pub use lexer::{comment, without_comment};
pub use nearest::nearest;
pub use parse::{Origin, parse_line};
pub use rig::nearest_sysctl;
pub use script::{Line, Script, ScriptError, SourceLine, source_lines};
pub use seen::{Seen, SeenEndpoint};
pub use traffic::SeenWire;
pub use verbs::{Scope, VERBS, VerbRow};
pub use watch::{Verdict, Watch};
