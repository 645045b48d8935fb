//! The rules that stand on the wire: which segments each one takes, in the order in which they are asked.
//!
//! It holds no frame. Rules with a count use themselves up as they take segments, and a rule remembers whether any
//! segment met it: one that nothing met was perhaps meant otherwise.

use std::time::Duration;

use super::splitmix::SplitMix64;
use crate::command::{Selector, WireCommand};
use crate::journal::{DropReason, Host};
use crate::tcp::Segment;

/// What a selector looks at.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub segment: Segment,
    pub host: Host,
    pub from: Option<&'a str>,
}

impl Seen<'_> {
    fn matches(&self, what: &Selector) -> bool {
        what.kind.matches(&self.segment) && self.comes_from(what)
    }

    /// From a host, from an endpoint by its name, or from that name's listener: until a connection is accepted, its
    /// SYN,ACK comes from `NAME.listen`, and a script means that one too when it says NAME.
    fn comes_from(&self, what: &Selector) -> bool {
        match (what.from.as_deref(), what.host()) {
            (None, _) => true,
            (Some(_), Some(host)) => host == self.host,
            (Some(name), None) => self.from.is_some_and(|from| {
                from.strip_suffix(".listen").unwrap_or(from) == name || from == name
            }),
        }
    }
}

/// `drop` and `duplicate`: `None` takes segments until `clear`.
#[derive(Debug)]
struct Counted {
    what: Selector,
    left: Option<u32>,
    met: bool,
}

/// `hold`
#[derive(Debug)]
struct Hold {
    what: Selector,
    met: bool,
}

/// `delay`
#[derive(Debug)]
struct Delay {
    time: Duration,
    what: Selector,
    met: bool,
}

/// `loss P% seed N`. Each direction has a generator of its own, so that what is lost one way does not depend on how
/// the two directions happen to interleave.
#[derive(Debug)]
struct Loss {
    hundredths: u32,
    seed: u64,
    draws: [SplitMix64; 2],
}

/// All rules but the gathering of a `reorder`, which lies with the frames.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub cut: bool,
    /// Repeats of what stands are held as well.
    pub stack: bool,
    drops: Vec<Counted>,
    loss: Option<Loss>,
    duplicates: Vec<Counted>,
    holds: Vec<Hold>,
    /// Oldest first; the newest one that matches counts.
    delays: Vec<Delay>,
}

impl Rules {
    // --- what a segment meets ------------------------------------------------------------------------------------

    /// Cut, then `drop`, then `loss`. A segment that an earlier one took is not drawn for.
    pub(super) fn loses(&mut self, seen: Seen<'_>) -> Option<DropReason> {
        if self.cut {
            return Some(DropReason::Cut);
        }
        if takes(&mut self.drops, seen) {
            return Some(DropReason::Rule);
        }
        let loss = self.loss.as_mut()?;
        let drawn = loss.draws[seen.host as usize].one_in_ten_thousand(loss.hundredths);
        drawn.then_some(DropReason::Loss)
    }

    pub(super) fn duplicates(&mut self, seen: Seen<'_>) -> bool {
        takes(&mut self.duplicates, seen)
    }

    pub(super) fn holds(&mut self, seen: Seen<'_>) -> bool {
        let rule = self.holds.iter_mut().find(|rule| seen.matches(&rule.what));
        rule.map(|rule| rule.met = true).is_some()
    }

    /// None stands.
    pub(super) fn are_none(&self) -> bool {
        let Rules {
            cut,
            stack,
            drops,
            loss,
            duplicates,
            holds,
            delays,
        } = self;
        !cut && !stack
            && drops.is_empty()
            && loss.is_none()
            && duplicates.is_empty()
            && holds.is_empty()
            && delays.is_empty()
    }

    pub(super) fn holding(&self) -> bool {
        !self.holds.is_empty()
    }

    pub(super) fn delay(&mut self, seen: Seen<'_>) -> Duration {
        let mut rules = self.delays.iter_mut().rev();
        let rule = rules.find(|rule| seen.matches(&rule.what));
        rule.map_or(Duration::ZERO, |rule| {
            rule.met = true;
            rule.time
        })
    }

    // --- how rules come and go -----------------------------------------------------------------------------------

    pub(super) fn add_drop(&mut self, count: Option<u32>, what: &Selector) {
        add(&mut self.drops, count, what);
    }

    pub(super) fn add_duplicate(&mut self, count: Option<u32>, what: &Selector) {
        add(&mut self.duplicates, count, what);
    }

    pub(super) fn add_hold(&mut self, what: &Selector) {
        if *what == Selector::default() {
            self.holds.clear();
        }
        let stands = |rule: &Hold| rule.what == *what || rule.what == Selector::default();
        if !self.holds.iter().any(stands) {
            self.holds.push(Hold {
                what: what.clone(),
                met: false,
            });
        }
    }

    pub(super) fn stop_holding(&mut self) {
        self.holds.clear();
    }

    /// A later rule stands above an earlier one; one for every segment leaves nothing of those below it.
    pub(super) fn set_delay(&mut self, time: Duration, what: &Selector) {
        if *what == Selector::default() {
            self.delays.clear();
        }
        self.delays.retain(|rule| rule.what != *what);
        // No delay is a rule only as an exception from another one.
        if !(time.is_zero() && self.delays.is_empty()) {
            self.delays.push(Delay {
                time,
                what: what.clone(),
                met: false,
            });
        }
    }

    /// 0 % takes the rule back.
    pub(super) fn set_loss(&mut self, hundredths: u32, seed: u64) {
        self.loss = (hundredths > 0).then(|| Loss {
            hundredths,
            seed,
            // The other direction's sequence begins elsewhere on the same circle: at the complement of the seed.
            draws: [SplitMix64::seeded(seed), SplitMix64::seeded(!seed)],
        });
    }

    /// The rules as commands, in the order in which a segment meets them; `reorder` stands between hold and delay.
    pub(super) fn as_commands(&self, reorder: Option<u32>) -> Vec<WireCommand> {
        let cut = self.cut.then_some(WireCommand::Cut);
        let drops = self.drops.iter().map(Counted::as_drop);
        let loss = self.loss.as_ref().map(|loss| WireCommand::Loss {
            basis_points: loss.hundredths,
            seed: loss.seed,
        });
        let stack = self.stack.then_some(WireCommand::Stack);
        let duplicates = self.duplicates.iter().map(Counted::as_duplicate);
        (cut.into_iter().chain(drops).chain(loss).chain(stack))
            .chain(duplicates)
            .chain(self.holds.iter().map(Hold::as_command))
            .chain(reorder.map(WireCommand::Reorder))
            .chain(self.delays.iter().map(Delay::as_command))
            .collect()
    }

    /// The rules about some kind of segments that no segment has met.
    pub(super) fn unmet(&self) -> Vec<WireCommand> {
        let drops = self.drops.iter().filter(|rule| !rule.met);
        let duplicates = self.duplicates.iter().filter(|rule| !rule.met);
        let holds = self.holds.iter().filter(|rule| !rule.met);
        let delays = self.delays.iter().filter(|rule| !rule.met);
        drops
            .map(Counted::as_drop)
            .chain(duplicates.map(Counted::as_duplicate))
            .chain(holds.map(Hold::as_command))
            .chain(delays.map(Delay::as_command))
            .collect()
    }
}

impl Counted {
    fn as_drop(&self) -> WireCommand {
        WireCommand::Drop {
            count: self.left,
            what: self.what.clone(),
        }
    }

    fn as_duplicate(&self) -> WireCommand {
        WireCommand::Duplicate {
            count: self.left,
            what: self.what.clone(),
        }
    }
}

impl Hold {
    fn as_command(&self) -> WireCommand {
        WireCommand::Hold(self.what.clone())
    }
}

impl Delay {
    fn as_command(&self) -> WireCommand {
        WireCommand::Delay {
            time: self.time,
            what: self.what.clone(),
        }
    }
}

/// The first rule that matches takes the segment, and is gone when its count is used up.
fn takes(rules: &mut Vec<Counted>, seen: Seen<'_>) -> bool {
    let Some(at) = rules.iter().position(|rule| seen.matches(&rule.what)) else {
        return false;
    };
    rules[at].met = true;
    match rules[at].left.as_mut() {
        Some(left) if *left > 1 => *left -= 1,
        Some(_) => drop(rules.remove(at)),
        None => {}
    }
    true
}

/// Two rules about the same segments are one: their counts add up, and "until clear" takes the count's place.
fn add(rules: &mut Vec<Counted>, count: Option<u32>, what: &Selector) {
    if count == Some(0) {
        return;
    }
    match rules.iter_mut().find(|rule| rule.what == *what) {
        Some(rule) => {
            rule.left = rule
                .left
                .zip(count)
                .map(|(left, more)| left.saturating_add(more));
        }
        None => rules.push(Counted {
            what: what.clone(),
            left: count,
            met: false,
        }),
    }
}
