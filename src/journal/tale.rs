//! Event lists written by hand, for the tests of the fold: one event a line, in the order of telling.
//!
//! ```text
//! client socket = 3
//! client connect 198.51.100.2:6000 = 0
//! server.listen accept server = 5
//! client send 100 = 100               asked, then what it returned: a number or an errno
//! client recv 100 = ECONNRESET
//! client shutdown send = 0
//! client FIN-WAIT-1 notsent=1 outq=1  a measured change with its reading
//! client ~FIN-WAIT-2                  an inferred change, which has no reading
//! client reading inq=20               numbers only
//! client CLOSED gone                  the kernel has no such socket
//! client linger 0                     notes: linger, waiting, abandoned
//! client wait 3000                    milliseconds pass
//! client is CLOSED gone gone, fin by this~, unread 0, unsent 0
//! ```
//! The last line checks: state, both halves, then the ending where there is one (`~`: inferred).

use std::fmt::Write;

use super::event::{
    By, Call, Event, Fact, Host, KernelFact, Micros, Note, Op, Payload, ShutdownHow, Signal,
    Source, Tuple, Who,
};
use super::ledger::{Cursor, Journal, Limits};
use super::world::Endpoint;
use crate::tcp::{Closer, Counters, Errno, Sample, State, Timer, TimerKind};

/// A journal that is told line by line, a millisecond a line.
pub(super) struct Tale {
    pub journal: Journal,
    pub cursor: Cursor,
    now: u64,
}

pub(super) fn told(text: &str) -> Tale {
    let mut journal = Journal::new(Limits::default());
    let cursor = journal.open();
    let mut tale = Tale {
        journal,
        cursor,
        now: 0,
    };
    tale.tell(text);
    tale
}

impl Tale {
    pub fn tell(&mut self, text: &str) {
        for line in text
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            self.now += 1000;
            self.line(line);
        }
    }

    pub fn end(&self, name: &str) -> &Endpoint {
        self.journal
            .world()
            .by_name(name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    pub fn events(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.journal.read(&mut self.cursor, usize::MAX, &mut events);
        events
    }

    fn who(&mut self, name: &str) -> Who {
        self.journal
            .who(name)
            .unwrap_or_else(|| self.journal.mint(name).unwrap())
    }

    fn line(&mut self, line: &str) {
        let (name, rest) = line.split_once(' ').unwrap();
        if let Some(wanted) = rest.strip_prefix("is ") {
            assert_eq!(
                portrait(self.end(name)),
                wanted,
                "{name}, at {:?}",
                self.journal.world().now
            );
            return;
        }
        if let Some(ms) = rest.strip_prefix("wait ") {
            self.now += ms.parse::<u64>().unwrap() * 1000;
            return;
        }
        let fact = match rest.split_once(" = ") {
            Some((call, result)) => Fact::App(self.call(call, result)),
            None => self.other(name, rest),
        };
        let who = self.who(name);
        self.journal.append(Micros(self.now), Some(who), fact);
    }

    fn call(&mut self, call: &str, result: &str) -> Call {
        let (verb, argument) = call.split_once(' ').unwrap_or((call, ""));
        let op = match verb {
            "socket" => Op::Socket { v6: false },
            "listen" => Op::Listen { backlog: 128 },
            "accept" => Op::Accept {
                accepted: Some(self.who(argument)),
                peer: None,
            },
            "connect" => Op::Connect {
                to: argument.parse().ok(),
            },
            "send" => Op::Send {
                asked: argument.parse().unwrap(),
                oob: false,
                data: Payload::default(),
            },
            "recv" => Op::Recv {
                asked: argument.parse().unwrap(),
                data: Payload::default(),
            },
            "shutdown" => Op::Shutdown(match argument {
                "send" => ShutdownHow::Send,
                "receive" => ShutdownHow::Receive,
                "both" => ShutdownHow::Both,
                other => panic!("shutdown {other}?"),
            }),
            "close" => Op::Close,
            "dup" => Op::Dup {
                twin: Some(self.who(argument)),
            },
            "fork" => Op::Fork {
                twin: Some(self.who(argument)),
                pid: result.parse().unwrap(),
            },
            "kill" => Op::Kill {
                pid: argument.parse().unwrap(),
                signal: Signal::Kill,
            },
            other => panic!("no call {other}"),
        };
        let result = match result.parse() {
            Ok(n) => Ok(n),
            Err(_) => Err(Errno::parse(result).unwrap()),
        };
        Call {
            op,
            result,
            by: By::Asked,
            blocked_us: None,
        }
    }

    fn other(&self, name: &str, rest: &str) -> Fact {
        let words: Vec<&str> = rest.split(' ').collect();
        let number = || words[1].parse().unwrap();
        match words[0] {
            "linger" => Fact::Note(Note::Linger {
                seconds: Some(number() as u32),
            }),
            "waiting" => Fact::Note(Note::Waiting { bytes: number() }),
            "abandoned" => Fact::Note(Note::Abandoned { bytes: number() }),
            "ended" => Fact::Note(Note::Ended {
                pid: number() as u32,
                how: "signal: 9 (SIGKILL)".into(),
            }),
            state => Fact::Kernel(Box::new(self.kernel(name, state, &words[1..]))),
        }
    }

    fn kernel(&self, name: &str, state: &str, words: &[&str]) -> KernelFact {
        let was = self
            .journal
            .world()
            .by_name(name)
            .map_or(State::Closed, |e| e.state);
        let inferred = state.starts_with('~');
        let to = match state.trim_start_matches('~') {
            "reading" => was,
            state => state.parse().unwrap(),
        };
        let gone = words.contains(&"gone");
        KernelFact {
            source: if inferred {
                Source::Inferred
            } else {
                Source::Measured
            },
            change: (to != was).then_some((was, to)),
            sample: (!inferred && !gone).then(|| sample(to, words)),
            tuple: tuple(words),
            gone,
        }
    }
}

fn tuple(words: &[&str]) -> Option<Tuple> {
    let find = |key| words.iter().find_map(|w| w.strip_prefix(key));
    let (local, peer) = (find("local=")?, find("peer=")?);
    let host = find("host=").and_then(|word| Host::ALL.into_iter().find(|h| h.word() == word));
    Some(Tuple {
        local: local.parse().ok(),
        peer: peer.parse().ok(),
        cookie: None,
        host,
    })
}

fn sample(state: State, words: &[&str]) -> Sample {
    let mut s = Sample::bare(state);
    s.by_descriptor = true;
    let mut counters = Counters::default();
    for word in words {
        let Some((key, value)) = word.split_once('=') else {
            match *word {
                "error" => s.edge.error = true,
                other => panic!("no word {other}"),
            }
            continue;
        };
        if matches!(key, "local" | "peer" | "host") {
            continue;
        }
        if key == "timer" {
            s.timer = Some(timer(value));
            continue;
        }
        let n: u64 = value.parse().unwrap();
        match key {
            "inq" => s.inq = Some(n as u32),
            "outq" => s.outq = Some(n as u32),
            "notsent" => counters.notsent = n as u32,
            "acked" => counters.bytes_acked = n,
            "received" => counters.bytes_received = n,
            "sent" => counters.bytes_sent = n,
            "retransmits" => counters.retransmits = n as u8,
            other => panic!("no number {other}"),
        }
        if !matches!(key, "inq" | "outq") {
            s.counters = Some(counters);
        }
    }
    s
}

/// `kind:expires_ms:retries`
fn timer(text: &str) -> Timer {
    let mut parts = text.split(':');
    let kind = match parts.next().unwrap() {
        "retransmit" => TimerKind::Retransmit,
        "persist" => TimerKind::Persist,
        "keepalive" => TimerKind::Keepalive,
        "time-wait" => TimerKind::TimeWait,
        other => panic!("no timer {other}"),
    };
    let expires_ms = parts.next().unwrap().parse().unwrap();
    Timer {
        kind,
        expires_ms,
        retries: parts.next().unwrap().parse().unwrap(),
    }
}

/// An endpoint in one line.
pub(super) fn portrait(e: &Endpoint) -> String {
    let mut out = format!("{} {} {}", e.state, e.send, e.receive);
    if let Some(ending) = &e.ending {
        let by = match ending.first {
            Some(Closer::This) => " by this",
            Some(Closer::Peer) => " by peer",
            Some(Closer::Both) => " by both",
            None => "",
        };
        let inferred = if ending.inferred { "~" } else { "" };
        write!(
            out,
            ", {}{by}{inferred}, unread {}, unsent {}",
            ending.how, ending.unread, ending.unsent
        )
        .unwrap();
    }
    out
}
