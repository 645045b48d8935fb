//! Words that stand in JSON and have no table of their own elsewhere: sources, fates, options, signals, poll flags, notes.

use crate::journal::event::{DropReason, Fate, Host, Note, ShutdownHow, Signal, Source};
use crate::tcp::{Direction, Edge, RecvHalf, SendHalf, ShutdownFlags, TimerKind};

pub(super) fn source(word: &str) -> Option<Source> {
    [Source::Measured, Source::Captured, Source::Inferred]
        .into_iter()
        .find(|s| s.word() == word)
}

pub(super) fn fate(word: &str) -> Option<Fate> {
    [Fate::Passed, Fate::Held, Fate::Dropped, Fate::Duplicated]
        .into_iter()
        .find(|f| f.word() == word)
}

pub(super) fn drop_reason(word: &str) -> Option<DropReason> {
    DropReason::ALL.into_iter().find(|r| r.word() == word)
}

pub(super) fn host(word: &str) -> Option<Host> {
    Host::ALL.into_iter().find(|h| h.word() == word)
}

pub(super) fn how(word: &str) -> Option<ShutdownHow> {
    [ShutdownHow::Send, ShutdownHow::Receive, ShutdownHow::Both]
        .into_iter()
        .find(|h| h.word() == word)
}

pub(super) fn signal(word: &str) -> Option<Signal> {
    [Signal::Kill].into_iter().find(|s| s.word() == word)
}

pub(super) fn direction(word: &str) -> Option<Direction> {
    [Direction::Send, Direction::Receive]
        .into_iter()
        .find(|d| d.word() == word)
}

/// A word of one of the halves, as the halves themselves spell it.
pub(super) fn half(direction: Direction, word: &str) -> Option<&'static str> {
    let words = match direction {
        Direction::Send => SendHalf::WORDS,
        Direction::Receive => RecvHalf::WORDS,
    };
    words.into_iter().find(|w| *w == word)
}

pub(super) fn timer(word: &str) -> Option<TimerKind> {
    [
        TimerKind::Retransmit,
        TimerKind::Keepalive,
        TimerKind::TimeWait,
        TimerKind::Persist,
    ]
    .into_iter()
    .find(|k| k.word() == word)
}

pub(super) const fn shutdown_word(flags: ShutdownFlags) -> &'static str {
    match (flags.send, flags.receive) {
        (false, false) => "none",
        (true, false) => "send",
        (false, true) => "receive",
        (true, true) => "both",
    }
}

pub(super) fn shutdown(word: &str) -> Option<ShutdownFlags> {
    let flags = |send, receive| Some(ShutdownFlags { receive, send });
    match word {
        "none" => flags(false, false),
        "send" => flags(true, false),
        "receive" => flags(false, true),
        "both" => flags(true, true),
        _ => None,
    }
}

type Flag = (&'static str, fn(&mut Edge) -> &mut bool);

const EDGE: [Flag; 6] = [
    ("readable", |e| &mut e.readable),
    ("writable", |e| &mut e.writable),
    ("read_hup", |e| &mut e.read_hup),
    ("hup", |e| &mut e.hup),
    ("error", |e| &mut e.error),
    ("urgent", |e| &mut e.urgent),
];

pub(super) fn edge_words(mut edge: Edge) -> Vec<&'static str> {
    EDGE.into_iter()
        .filter(|(_, flag)| *flag(&mut edge))
        .map(|(word, _)| word)
        .collect()
}

/// Flags that this version does not know are left out.
pub(super) fn edge(words: &[&str]) -> Edge {
    let mut edge = Edge::default();
    for (_, flag) in EDGE.into_iter().filter(|(word, _)| words.contains(word)) {
        *flag(&mut edge) = true;
    }
    edge
}

/// Socket options that an event may name: those of socket(7), ip(7), ipv6(7) and tcp(7), and the words of `set`.
const OPTIONS: &[&str] = &[
    "linger",
    "nodelay",
    "reuseaddr",
    "keepalive",
    "user-timeout",
    "tcp-linger2",
    "rcvbuf",
    "sndbuf",
    "SO_REUSEADDR",
    "SO_REUSEPORT",
    "SO_KEEPALIVE",
    "SO_LINGER",
    "SO_OOBINLINE",
    "SO_RCVBUF",
    "SO_SNDBUF",
    "SO_RCVBUFFORCE",
    "SO_SNDBUFFORCE",
    "SO_RCVLOWAT",
    "SO_RCVTIMEO",
    "SO_SNDTIMEO",
    "SO_BINDTODEVICE",
    "SO_MARK",
    "SO_PRIORITY",
    "SO_EXCLUSIVEADDRUSE",
    "TCP_NODELAY",
    "TCP_CORK",
    "TCP_QUICKACK",
    "TCP_MAXSEG",
    "TCP_CONGESTION",
    "TCP_DEFER_ACCEPT",
    "TCP_FASTOPEN",
    "TCP_KEEPIDLE",
    "TCP_KEEPINTVL",
    "TCP_KEEPCNT",
    "TCP_KEEPALIVE",
    "TCP_LINGER2",
    "TCP_NOTSENT_LOWAT",
    "TCP_SYNCNT",
    "TCP_USER_TIMEOUT",
    "TCP_WINDOW_CLAMP",
    "IP_TOS",
    "IP_TTL",
    "IP_TRANSPARENT",
    "IP_BIND_ADDRESS_NO_PORT",
    "IPV6_V6ONLY",
    "IPV6_TCLASS",
];

pub(super) fn option(word: &str) -> Option<&'static str> {
    OPTIONS.iter().find(|o| **o == word).copied()
}

pub(super) const fn note(note: &Note) -> &'static str {
    match note {
        Note::Waiting { .. } => "waiting",
        Note::Abandoned { .. } => "abandoned",
        Note::Resolving { .. } => "resolving",
        Note::Resolved { .. } => "resolved",
        Note::Unresolved { .. } => "unresolved",
        Note::Saving { .. } => "saving",
        Note::FileFailed { .. } => "file-failed",
        Note::Reading { .. } => "reading",
        Note::Accepting { .. } => "accepting",
        Note::OutOfDescriptors { .. } => "out-of-descriptors",
        Note::Linger { .. } => "linger",
        Note::Disagreement { .. } => "disagreement",
        Note::Agreement { .. } => "agreement",
        Note::Wire { .. } => "wire",
        Note::WireLost { .. } => "wire-lost",
        Note::WireUnmet { .. } => "wire-unmet",
        Note::Lab { .. } => "lab",
        Note::Ended { .. } => "ended",
        Note::Text(_) => "text",
    }
}
