//! The arguments of the verbs of the wire and of the lab: one function a verb, named in its row of the table.

use super::arguments::{Asked, HOSTS};
use super::ask::{LabCommand, REORDERED, SegmentKind, Selector, WireCommand};
use super::error::{Expected, ParseError, ParseErrorKind};
use super::lexer::Body;
use super::nearest::nearest;
use super::words::Words;

/// Settings of `net.ipv4.` that bear on opening and closing, for completion. Which exist, the kernel decides
/// (Documentation/networking/ip-sysctl.rst).
pub(super) const SYSCTLS: &[&str] = &[
    "tcp_fin_timeout",
    "tcp_rfc1337",
    "tcp_tw_reuse",
    "tcp_max_tw_buckets",
    "tcp_keepalive_time",
    "tcp_keepalive_intvl",
    "tcp_keepalive_probes",
    "tcp_syn_retries",
    "tcp_synack_retries",
    "tcp_retries1",
    "tcp_retries2",
    "tcp_orphan_retries",
    "tcp_abort_on_overflow",
    "tcp_timestamps",
    "tcp_sack",
    "tcp_rmem",
    "tcp_wmem",
    "ip_local_port_range",
];

/// The setting that was probably meant.
pub fn nearest_sysctl(name: &str) -> Option<&'static str> {
    nearest(name, SYSCTLS.iter().copied())
}

impl Words<'_> {
    /// SEL: `any | syn | fin | rst | ack | data`, then `from ACTOR|a|b`. `from ACTOR` alone is `any from ACTOR`.
    pub fn selector(&mut self) -> Result<Selector, ParseError> {
        match self.selector_or_nothing()? {
            Some(selector) => Ok(selector),
            None => Err(self.unexpected()),
        }
    }

    fn selector_or_nothing(&mut self) -> Result<Option<Selector>, ParseError> {
        let kind = SegmentKind::ALL
            .into_iter()
            .find(|kind| self.accept(kind.word()));
        if !self.accept("from") {
            return Ok(kind.map(|kind| Selector { kind, from: None }));
        }
        for (host, _) in HOSTS {
            self.expects(Expected::Word(host));
        }
        let from = Some(self.name(Expected::Actor)?);
        let kind = kind.unwrap_or_default();
        Ok(Some(Selector { kind, from }))
    }
}

fn wire(command: WireCommand) -> Result<Asked, ParseError> {
    Ok(Asked::Wire(command))
}

pub(super) fn hold(w: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Hold(
        w.selector_or_nothing()?.unwrap_or_default(),
    ))
}

pub(super) fn step(w: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Step(w.leading_count(1)?.unwrap_or(1)))
}

pub(super) fn release(_: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Release)
}

pub(super) fn drop(w: &mut Words) -> Result<Asked, ParseError> {
    let count = w.leading_count(1)?;
    let what = w.selector()?;
    wire(WireCommand::Drop { count, what })
}

pub(super) fn duplicate(w: &mut Words) -> Result<Asked, ParseError> {
    let count = w.leading_count(1)?;
    let what = w.selector()?;
    wire(WireCommand::Duplicate { count, what })
}

pub(super) fn delay(w: &mut Words) -> Result<Asked, ParseError> {
    let time = w.time(1)?;
    let what = w.selector_or_nothing()?.unwrap_or_default();
    wire(WireCommand::Delay { time, what })
}

/// One segment alone has no order.
pub(super) fn reorder(w: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Reorder(
        w.leading_count(2)?.unwrap_or(REORDERED),
    ))
}

pub(super) fn loss(w: &mut Words) -> Result<Asked, ParseError> {
    let basis_points = w.percent()?;
    // Without a seed the same script would not lose the same segments again.
    if !w.accept("seed") {
        return Err(w.unexpected());
    }
    let seed = w.whole()?;
    wire(WireCommand::Loss { basis_points, seed })
}

pub(super) fn cut(_: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Cut)
}

pub(super) fn mend(_: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Mend)
}

pub(super) fn stack(_: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Stack)
}

pub(super) fn clear(_: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Clear)
}

pub(super) fn discard(w: &mut Words) -> Result<Asked, ParseError> {
    wire(WireCommand::Discard(w.whole()?))
}

pub(super) fn set(w: &mut Words) -> Result<Asked, ParseError> {
    let sysctl = sysctl(w)?;
    let value = value(w)?;
    Ok(Asked::Lab(LabCommand::Set { sysctl, value }))
}

fn sysctl(w: &mut Words) -> Result<String, ParseError> {
    w.expects(Expected::Sysctl);
    let word = w.bare().ok_or_else(|| w.unexpected())?;
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    if !word.chars().all(known) {
        let kind = ParseErrorKind::BadSysctl(word.to_owned());
        return Err(w.fault_near(kind, SYSCTLS.iter().copied()));
    }
    w.advance();
    Ok(word.to_owned())
}

/// One quoted text, or all words that follow with one space between: `4096 131072 6291456`.
fn value(w: &mut Words) -> Result<String, ParseError> {
    w.expects(Expected::Value);
    if let Some(Body::Quoted(_)) = w.token().map(|t| &t.body) {
        let empty = w.fault(ParseErrorKind::EmptyText);
        let text = w.word()?;
        return if text.is_empty() {
            Err(empty)
        } else {
            Ok(text)
        };
    }
    let mut words = Vec::new();
    while let Some(word) = w.bare() {
        words.push(word);
        w.advance();
    }
    match words.is_empty() {
        true => Err(w.unexpected()),
        false => Ok(words.join(" ")),
    }
}

pub(super) fn reset(_: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Lab(LabCommand::Reset))
}

pub(super) fn reboot(w: &mut Words) -> Result<Asked, ParseError> {
    Ok(Asked::Lab(LabCommand::Reboot(w.choose(&HOSTS)?)))
}
