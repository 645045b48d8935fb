//! Which events are lines, and what a line says.

use super::view::View;
use super::{call, note};
use crate::journal::{EndpointId, Event, Events, Fact, Fate, KernelFact, Source, Window, WireFact};
use crate::locale::{Lane, Wire};
use crate::tcp::{Flags, State};
use crate::ui::panes::segment::{flags, is_pure_ack};
use crate::ui::panes::why;
use crate::ui::theme::Ink;
use crate::ui::visible;

/// One line, ready to be put into columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogLine {
    pub lane: Lane,
    pub lane_ink: Ink,
    pub text: String,
    pub ink: Ink,
    pub remark: String,
    pub remark_ink: Ink,
}

impl LogLine {
    pub fn new(lane: Lane, lane_ink: Ink, text: String) -> LogLine {
        LogLine {
            lane,
            lane_ink,
            text,
            ink: Ink::Text,
            remark: String::new(),
            remark_ink: Ink::Dim,
        }
    }

    pub fn ink(mut self, ink: Ink) -> LogLine {
        self.ink = ink;
        self
    }

    pub fn remark(mut self, remark: impl Into<String>) -> LogLine {
        self.remark = remark.into();
        self
    }
}

/// Whether an event is a line of the log of `only`, or of everybody's.
pub fn is_line(event: &Event, only: Option<EndpointId>) -> bool {
    let about = match (only, &event.who) {
        (None, _) => true,
        (Some(only), Some(who)) => who.id == only,
        // Segments and decisions that name nobody belong to everybody.
        (Some(_), None) => true,
    };
    about
        && match &event.fact {
            Fact::App(_) | Fact::Wire(_) | Fact::Script { .. } | Fact::Note(_) => true,
            Fact::Kernel(fact) => fact.change.is_some() || fact.gone,
            Fact::Half(_) => false,
        }
}

/// How many lines the log has, for scrolling.
pub fn lines(events: Events<'_>, only: Option<EndpointId>) -> usize {
    events.filter(|event| is_line(event, only)).count()
}

/// The number of the event whose line stands so many lines above the last one.
pub fn line_from_end(events: &Window, only: Option<EndpointId>, lines: usize) -> Option<u64> {
    let mut from_end = events.iter().rev().filter(|event| is_line(event, only));
    from_end.nth(lines).map(|event| event.n)
}

/// The line of an event of the view.
pub(super) fn line(view: &View<'_>, event: &Event) -> LogLine {
    match &event.fact {
        Fact::App(made) => call::line(view, event, made),
        Fact::Kernel(fact) => kernel(view, fact),
        Fact::Wire(fact) => wire(view, fact),
        // Never a line by `is_line`; told all the same, so that nothing is ever lost here.
        Fact::Half(change) => {
            let text = format!(
                "{} {} {} {}",
                change.half, change.from, view.skin.glyphs.becomes, change.to
            );
            LogLine::new(Lane::Half, Ink::Kernel, text)
        }
        Fact::Script { expect, line, held } => script(view, expect, *line, *held),
        Fact::Note(said) => note::line(view, said),
    }
}

fn kernel(view: &View<'_>, fact: &KernelFact) -> LogLine {
    let glyphs = view.skin.glyphs;
    let text = match fact.change {
        Some((from, to)) => format!("{from} {} {to}", glyphs.becomes),
        None => view.locale.say(Lane::Gone).into_owned(),
    };
    let remark = match (fact.gone, fact.change) {
        (true, Some(_)) => view.locale.say(Lane::Gone),
        // Port 0 lets the kernel choose: only here it is told what it chose.
        (false, Some((_, State::Listen))) => {
            let local = fact.tuple.as_ref().and_then(|tuple| tuple.local);
            local.map(|at| at.to_string()).unwrap_or_default().into()
        }
        (true, None) | (false, _) => "".into(),
    };
    let line = |text| LogLine::new(Lane::Kernel, Ink::Kernel, text);
    match fact.source {
        Source::Measured => line(text).ink(Ink::Kernel).remark(remark),
        Source::Captured => line(text)
            .ink(Ink::Kernel)
            .remark(view.locale.say(Lane::Captured)),
        Source::Inferred => line(format!("{}{text}", glyphs.inferred))
            .ink(Ink::Inferred)
            .remark(view.locale.say(Lane::Inferred)),
    }
}

/// `client ──FIN,ACK seq 1025──▶ server`: the one that sends it stands at the left.
fn wire(view: &View<'_>, fact: &WireFact) -> LogLine {
    let glyphs = view.skin.glyphs;
    let s = &fact.segment;
    let mut said = flags(s.flags);
    if is_pure_ack(s) {
        said += &format!(" {}", s.ack.0);
    } else {
        said += &format!(" seq {}", s.seq.0);
    }
    if s.len > 0 {
        said += &format!(
            " {}",
            view.locale.with(Lane::Bytes, &[("bytes", s.len.into())])
        );
    }
    let dash = glyphs.rule.repeat(2);
    let text = format!(
        "{} {dash}{said}{dash}{} {}",
        visible::text(&fact.from, glyphs.ascii),
        glyphs.arrow_right,
        visible::text(&fact.to, glyphs.ascii)
    );
    let broken = fact.fate == Fate::Dropped || fact.fate == Fate::Passed && s.flags.has(Flags::RST);
    let ink = if broken { Ink::Broken } else { Ink::Wire };
    let closes = s
        .closes_window()
        .then(|| view.locale.say(Wire::ShortNoRoom).into_owned());
    let remarks = [fate(view, fact), why::remark(fact, view.locale), closes];
    let remark: Vec<String> = remarks.into_iter().flatten().collect();
    LogLine::new(Lane::Wire, Ink::Wire, text)
        .ink(ink)
        .remark(remark.join(", "))
}

/// What became of it, unless it simply passed.
fn fate(view: &View<'_>, fact: &WireFact) -> Option<String> {
    let say = |word| view.locale.say(word).into_owned();
    match fact.fate {
        Fate::Passed => fact.gso.then(|| say(Lane::Gso)),
        Fate::Held => Some(held(view, fact)),
        Fate::Dropped => Some(match fact.dropped_by {
            Some(by) => view.locale.say(why::dropped(by)).into_owned(),
            None => say(Lane::Dropped),
        }),
        // Of a copy it is told which segment it is one of.
        Fate::Duplicated if fact.copy_of.is_some() => None,
        Fate::Duplicated => Some(say(Lane::Duplicated)),
    }
}

/// `held`, `held ×3` (it was sent three times), `in flight`
fn held(view: &View<'_>, fact: &WireFact) -> String {
    if fact.due.is_some() {
        return view.locale.say(Wire::InFlight).into_owned();
    }
    let word = view.locale.say(Lane::Held);
    match fact.repeats {
        0 => word.into_owned(),
        n => format!("{word} {}{}", view.skin.glyphs.times, n.saturating_add(1)),
    }
}

fn script(view: &View<'_>, expect: &str, line: u32, held: bool) -> LogLine {
    let glyphs = view.skin.glyphs;
    let (mark, ink) = if held {
        (glyphs.held, Ink::Open)
    } else {
        (glyphs.failed, Ink::Broken)
    };
    let expect = visible::text(expect, glyphs.ascii);
    let text = format!(
        "{mark} {}",
        view.locale
            .with(Lane::Expect, &[("expect", expect.as_ref().into())])
    );
    let at = view.locale.with(Lane::AtLine, &[("line", line.into())]);
    LogLine::new(Lane::Script, ink, text).ink(ink).remark(at)
}
