//! What can be asked for: one `Statement` for a key, a palette line, a script line and a command-line argument.
//!
//! It parses and checks; it never acts.

mod ask;
mod complete;
mod expect;
mod parse;
mod script;
mod verbs;
mod watch;

pub use ask::{
    Command, Connect, HostPort, Keepalive, Listen, ReadMode, Screen, Send, SendWhat, Setting, Statement, Target,
};
pub use complete::{Completion, complete};
pub use expect::{Amount, Expect, ExpectFact};
pub use parse::{ParseError, parse_line};
pub use script::{Line, Script, ScriptError};
pub use verbs::{Scope, VERBS, VerbRow};
pub use watch::{Seen, Verdict, Watch};
