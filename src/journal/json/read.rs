//! A line as its event.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{Fields, Need, ReadError, parse};
use super::{reading, why, words};
use crate::journal::event::{
    By, Call, EndpointId, Event, Fact, HalfChange, Host, KernelFact, LabChange, Micros, Note, Op,
    Payload, Tuple, Who, WireFact,
};
use crate::tcp::{Errno, Flags, Segment, Seq, State};

/// The endpoints of a recording by name, numbered in the order in which the lines name them.
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<Arc<str>, Who>);

impl Names {
    pub fn who(&mut self, name: &str) -> Who {
        if let Some(who) = self.0.get(name) {
            return who.clone();
        }
        let who = Who {
            id: EndpointId(self.0.len() as u32),
            name: name.into(),
        };
        self.0.insert(Arc::clone(&who.name), who.clone());
        who
    }
}

/// What a line holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Event(Event),
    /// Something that this version does not know and may pass over.
    Skipped {
        n: u64,
        unknown: Skipped,
    },
}

/// The word that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skipped {
    Lane(String),
    Call(String),
    SocketOption(String),
    /// What a kill sent.
    Signal(String),
    Note(String),
    /// A change of the lab.
    Change(String),
}

/// A line that cannot become an event: not known, or wrong.
enum Stop {
    Unknown(Skipped),
    Wrong(ReadError),
}

impl From<ReadError> for Stop {
    fn from(wrong: ReadError) -> Stop {
        Stop::Wrong(wrong)
    }
}

/// Reads one line, derived lines included: who replays skips [`Fact::Half`].
///
/// # Errors
/// The line is no JSON object, or a field that must be there is not, or has a wrong value.
pub fn from_line(line: &str, names: &mut Names) -> Result<Line, ReadError> {
    let map = parse(line)?;
    let f = Fields::new(line, &map);
    let n = f.number("n")?.need(&f, "n")?;
    let at = Micros(f.number("t_us")?.need(&f, "t_us")?);
    // A line that is skipped or wrong numbers no endpoint.
    let mut known = Named {
        names,
        fresh: Vec::new(),
    };
    let who = f.text("who")?.map(|name| known.who(name));
    let fact = match f.text("lane")?.need(&f, "lane")? {
        "app" => app(&f, &mut known).map(Fact::App),
        "kernel" => kernel(&f)
            .map(|fact| Fact::Kernel(Box::new(fact)))
            .map_err(Stop::Wrong),
        "wire" => wire(&f, at).map(Fact::Wire).map_err(Stop::Wrong),
        "half" => half(&f).map(Fact::Half).map_err(Stop::Wrong),
        "script" => script(&f).map_err(Stop::Wrong),
        "note" => remark(&f).map(Fact::Note),
        lane => Err(Stop::Unknown(Skipped::Lane(lane.to_owned()))),
    };
    match fact {
        Ok(fact) => Ok(Line::Event(Event { n, at, who, fact })),
        Err(Stop::Unknown(unknown)) => {
            known.forget();
            Ok(Line::Skipped { n, unknown })
        }
        Err(Stop::Wrong(wrong)) => {
            known.forget();
            Err(wrong)
        }
    }
}

/// The names that one line brings.
struct Named<'a> {
    names: &'a mut Names,
    fresh: Vec<Arc<str>>,
}

impl Named<'_> {
    fn who(&mut self, name: &str) -> Who {
        let known = self.names.0.len();
        let who = self.names.who(name);
        if self.names.0.len() > known {
            self.fresh.push(Arc::clone(&who.name));
        }
        who
    }

    fn forget(self) {
        for name in self.fresh {
            self.names.0.remove(&name);
        }
    }
}

fn app(f: &Fields<'_>, names: &mut Named<'_>) -> Result<Call, Stop> {
    let op = op(f, names)?;
    let result = match f.text("errno")? {
        Some(_) => Err(f
            .word("errno", "the name of an errno", Errno::parse)?
            .need(f, "errno")?),
        None => Ok(f.number("ret")?.need(f, "ret")?),
    };
    let by = match f.text("by")? {
        Some("end") => By::End,
        _ => By::Asked,
    };
    Ok(Call {
        op,
        result,
        by,
        blocked_us: f.number("blocked_us")?,
    })
}

fn op(f: &Fields<'_>, names: &mut Named<'_>) -> Result<Op, Stop> {
    Ok(match f.text("call")?.need(f, "call")? {
        "socket" => Op::Socket {
            v6: f.text("family")? == Some("inet6"),
        },
        "bind" => Op::Bind {
            addr: f.addr("addr")?.need(f, "addr")?,
        },
        "listen" => Op::Listen {
            backlog: f.number("backlog")?.need(f, "backlog")?,
        },
        "accept" => Op::Accept {
            accepted: f.text("accepted")?.map(|name| names.who(name)),
            peer: f.addr("peer")?,
        },
        "connect" => Op::Connect {
            to: match f.text("to")?.need(f, "to")? {
                "AF_UNSPEC" => None,
                _ => f.addr("to")?,
            },
        },
        "send" => Op::Send {
            asked: asked(f)?,
            oob: f.flag("oob")?,
            data: payload(f)?,
        },
        "recv" => Op::Recv {
            asked: asked(f)?,
            data: payload(f)?,
        },
        "shutdown" => Op::Shutdown(
            f.word("how", "send, receive or both", words::how)?
                .need(f, "how")?,
        ),
        "close" => Op::Close,
        "setsockopt" => {
            let option = f.text("option")?.need(f, "option")?;
            Op::SetSockOpt {
                option: words::option(option)
                    .ok_or_else(|| Stop::Unknown(Skipped::SocketOption(option.to_owned())))?,
                value: f.text("value")?.need(f, "value")?.to_owned(),
            }
        }
        "dup" => Op::Dup {
            twin: f.text("as")?.map(|name| names.who(name)),
        },
        "fork" => Op::Fork {
            twin: f.text("as")?.map(|name| names.who(name)),
            pid: f.number("pid")?.need(f, "pid")?,
        },
        "kill" => {
            let signal = f.text("signal")?.need(f, "signal")?;
            Op::Kill {
                pid: f.number("pid")?.need(f, "pid")?,
                signal: words::signal(signal)
                    .ok_or_else(|| Stop::Unknown(Skipped::Signal(signal.to_owned())))?,
            }
        }
        call => return Err(Stop::Unknown(Skipped::Call(call.to_owned()))),
    })
}

/// Our own lines always say it. Another writer's may not: then a recv that returned 0 did ask for something.
fn asked(f: &Fields<'_>) -> Result<u64, ReadError> {
    if let Some(asked) = f.number("asked")? {
        return Ok(asked);
    }
    let ret: Option<u64> = if f.get("errno").is_some() {
        None
    } else {
        f.number("ret")?
    };
    Ok(ret.unwrap_or(0).max(1))
}

fn payload(f: &Fields<'_>) -> Result<Payload, ReadError> {
    let bytes = f.word("data", "base64", |text| STANDARD.decode(text).ok())?;
    Ok(Payload(bytes.map(Into::into)))
}

fn kernel(f: &Fields<'_>) -> Result<KernelFact, ReadError> {
    let tuple = Tuple {
        local: f.addr("local")?,
        peer: f.addr("peer")?,
        cookie: f.number("cookie")?,
        host: host(f)?,
    };
    let told = tuple != Tuple::default();
    Ok(KernelFact {
        source: f
            .word("source", "measured, captured or inferred", words::source)?
            .need(f, "source")?,
        change: match (state(f, "from")?, state(f, "to")?) {
            (None, None) => None,
            (from, to) => Some((from.need(f, "from")?, to.need(f, "to")?)),
        },
        sample: f
            .object("reading")?
            .map(|f| reading::read(&f))
            .transpose()?,
        tuple: told.then_some(tuple),
        gone: f.flag("gone")?,
    })
}

fn wire(f: &Fields<'_>, told: Micros) -> Result<WireFact, ReadError> {
    Ok(WireFact {
        id: f.number("id")?.unwrap_or(0),
        from: f.text("from")?.need(f, "from")?.into(),
        to: f.text("to")?.need(f, "to")?.into(),
        host: host(f)?,
        segment: Segment {
            flags: f
                .word("flags", "letters of SFRPAU", Flags::parse)?
                .need(f, "flags")?,
            seq: Seq(f.number("seq")?.need(f, "seq")?),
            ack: Seq(f.number("ack")?.need(f, "ack")?),
            len: f.number("len")?.need(f, "len")?,
            win: f.number("win")?.need(f, "win")?,
        },
        fate: f
            .word("fate", "passed, held, dropped or duplicated", words::fate)?
            .need(f, "fate")?,
        left: f.number("left_us")?.map_or(told, Micros),
        due: f.number("due_us")?.map(Micros),
        repeats: f.number("repeats")?.unwrap_or(0),
        repeats_of: f.number("repeats_of")?,
        copy_of: f.number("copy_of")?,
        why: why::read(f)?,
        // A later version may know more reasons.
        dropped_by: f.text("dropped_by")?.and_then(words::drop_reason),
        gso: f.flag("gso")?,
    })
}

fn state(f: &Fields<'_>, key: &str) -> Result<Option<State>, ReadError> {
    f.word(key, "a state", |word| word.parse::<State>().ok())
}

fn host(f: &Fields<'_>) -> Result<Option<Host>, ReadError> {
    f.word("host", "a or b", words::host)
}

fn half(f: &Fields<'_>) -> Result<HalfChange, ReadError> {
    let half = f
        .word("half", "send or receive", words::direction)?
        .need(f, "half")?;
    let word = |key| {
        f.word(key, "a word of that half", |word| words::half(half, word))?
            .need(f, key)
    };
    Ok(HalfChange {
        half,
        from: word("from")?,
        to: word("to")?,
        ahead: f.number("ahead")?,
        shut: f.flag("shut")?,
    })
}

fn script(f: &Fields<'_>) -> Result<Fact, ReadError> {
    Ok(Fact::Script {
        expect: f.text("expect")?.need(f, "expect")?.to_owned(),
        line: f.number("line")?.need(f, "line")?,
        held: f.flag("held")?,
    })
}

fn remark(f: &Fields<'_>) -> Result<Note, Stop> {
    let owned = |key| -> Result<String, ReadError> { Ok(f.text(key)?.need(f, key)?.to_owned()) };
    Ok(match f.text("note")?.need(f, "note")? {
        "waiting" => Note::Waiting {
            bytes: f.number("bytes")?.need(f, "bytes")?,
        },
        "abandoned" => Note::Abandoned {
            bytes: f.number("bytes")?.need(f, "bytes")?,
        },
        "resolving" => Note::Resolving {
            host: owned("host")?,
        },
        "resolved" => {
            let addrs = f
                .texts("addrs")?
                .iter()
                .map(|a| a.parse().ok())
                .collect::<Option<_>>();
            Note::Resolved {
                host: owned("host")?,
                addrs: addrs.ok_or_else(|| f.not_a("addrs", "a list of addresses"))?,
            }
        }
        "unresolved" => Note::Unresolved {
            host: owned("host")?,
            why: owned("why")?,
        },
        "saving" => Note::Saving {
            path: owned("path")?,
        },
        "file-failed" => Note::FileFailed {
            path: owned("path")?,
            why: owned("why")?,
        },
        "reading" => Note::Reading {
            mode: match f.get("mode").and_then(|v| v.as_str()) {
                Some("off") => None,
                Some("on") => Some(None),
                _ => Some(Some(f.number("mode")?.need(f, "mode")?)),
            },
        },
        "accepting" => Note::Accepting { on: f.flag("on")? },
        "out-of-descriptors" => Note::OutOfDescriptors {
            limit: f.number("limit")?.need(f, "limit")?,
        },
        "linger" => Note::Linger {
            seconds: f.number("seconds")?,
        },
        "disagreement" => Note::Disagreement {
            segments: state(f, "segments")?.need(f, "segments")?,
            kernel: state(f, "kernel")?.need(f, "kernel")?,
        },
        "agreement" => Note::Agreement {
            state: state(f, "state")?.need(f, "state")?,
        },
        "wire" => Note::Wire {
            rule: owned("rule")?,
        },
        "wire-lost" => Note::WireLost {
            frames: f.number("frames")?.need(f, "frames")?,
        },
        "wire-unmet" => Note::WireUnmet {
            rule: owned("rule")?,
        },
        "lab" => Note::Lab {
            change: change(f)?,
            failed: f.text("failed")?.map(str::to_owned),
        },
        "ended" => Note::Ended {
            pid: f.number("pid")?.need(f, "pid")?,
            how: owned("how")?,
        },
        "text" => Note::Text(owned("text")?),
        note => return Err(Stop::Unknown(Skipped::Note(note.to_owned()))),
    })
}

fn change(f: &Fields<'_>) -> Result<LabChange, Stop> {
    let owned = |key| -> Result<String, ReadError> { Ok(f.text(key)?.need(f, key)?.to_owned()) };
    Ok(match f.text("change")?.need(f, "change")? {
        "set" => LabChange::Set {
            sysctl: owned("sysctl")?,
            value: owned("value")?,
        },
        "reset" => LabChange::Reset,
        "reboot" => LabChange::Reboot(host(f)?.need(f, "host")?),
        change => return Err(Stop::Unknown(Skipped::Change(change.to_owned()))),
    })
}
