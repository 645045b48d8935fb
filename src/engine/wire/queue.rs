//! The wire's queue: what is held, what is under way, and what each rule makes of a segment.
//!
//! A segment meets the rules in one order, and each stage hands on to the next:
//!
//! ```text
//! arrive -> cut > drop > loss > (a repeat of a held one is counted on it) > duplicate > hold > reorder > delay -> pass
//!                                                                             step, release --^
//! ```
//!
//! Each direction is a cable: what is under way keeps its order, so a segment with a shorter delay waits behind one
//! with a longer delay that left before it. Only a hold (others pass what stands still) and `reorder` change the order.
//! It touches no socket and reads no clock; the caller says what time it is, and never an earlier one.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::acts::{Act, Arrival, Counts, WireRefusal};
use super::rules::Rules;
use super::standing::{Key, Reorder, Standing};
use crate::command::WireCommand;
use crate::journal::{DropReason, Fate, Host, Micros};

/// How many octets of frames (and of what is noted about them) may stand on the wire.
pub const DEFAULT_LIMIT: usize = 64 << 20;

/// The queue between the two hosts. `F` is a frame as the engine reads and writes it.
#[derive(Debug)]
pub struct WireQueue<F> {
    rules: Rules,
    next_id: u64,
    limit: usize,
    /// What stands on the wire, in octets.
    weight: usize,
    /// In order of arrival.
    held: BTreeMap<u64, Standing<F>>,
    /// Which held segment a repeat is counted on.
    by_key: HashMap<Key, u64>,
    reorder: Option<Reorder<F>>,
    /// By the moment they are due, and in order of leaving.
    flying: BTreeMap<(Micros, u64), Standing<F>>,
    /// The last due of each direction: nothing that leaves later may be due earlier.
    last_due: [Micros; 2],
    departures: u64,
    counts: Counts,
}

impl<F: AsRef<[u8]> + Clone> WireQueue<F> {
    /// `limit`: how many octets may stand on the wire; what arrives beyond is dropped and told as such.
    pub fn new(limit: usize) -> WireQueue<F> {
        WireQueue {
            rules: Rules::default(),
            next_id: 1,
            limit,
            weight: 0,
            held: BTreeMap::new(),
            by_key: HashMap::new(),
            reorder: None,
            flying: BTreeMap::new(),
            last_due: [Micros(0); 2],
            departures: 0,
            counts: Counts::default(),
        }
    }

    /// The number that the next TCP arrival will have.
    pub const fn next_id(&self) -> u64 {
        self.next_id
    }

    /// Numbers go on from here, and never back.
    pub fn number_from(&mut self, id: u64) {
        self.next_id = self.next_id.max(id);
    }

    /// No rule stands and nothing is on the wire: whatever arrives passes at once, and [`WireQueue::passes_by`] says all
    /// that [`WireQueue::arrive`] would.
    pub fn is_clear(&self) -> bool {
        self.rules.are_none() && self.reorder.is_none() && self.is_empty()
    }

    /// A TCP segment passed while the wire was clear; its number.
    pub fn passes_by(&mut self) -> u64 {
        self.counts.arrived += 1;
        self.counts.passed += 1;
        self.fresh_id()
    }

    /// A frame came out of `host`. `tcp: None`: it is no TCP, and passes whatever the rules are.
    pub fn arrive(
        &mut self,
        now: Micros,
        host: Host,
        tcp: Option<Arrival<'_>>,
        frame: F,
    ) -> Vec<Act<F>> {
        let mut acts = self.due(now);
        let Some(arrival) = tcp else {
            acts.push(Act::Pass {
                to: host.other(),
                frame,
                told: None,
            });
            return acts;
        };
        self.counts.arrived += 1;
        let standing = Standing {
            id: self.fresh_id(),
            host,
            packet: arrival.packet.clone(),
            segment: arrival.segment,
            from: arrival.from.cloned(),
            left: arrival.left,
            repeats: 0,
            repeats_of: arrival.repeats_of,
            copy_of: None,
            why: Some(arrival.why),
            told: false,
            frame,
        };
        self.meet_rules(now, standing, &mut acts);
        acts
    }

    /// Everything under way whose time has come, in order.
    pub fn due(&mut self, now: Micros) -> Vec<Act<F>> {
        let mut acts = Vec::new();
        while let Some(next) = self.flying.first_entry()
            && next.key().0 <= now
        {
            let standing = next.remove();
            self.weight -= standing.weight();
            acts.push(self.pass(standing));
        }
        acts
    }

    /// When [`WireQueue::due`] will have something.
    pub fn next_due(&self) -> Option<Micros> {
        self.flying.keys().next().map(|(due, _)| *due)
    }

    /// A command that changes the rules takes effect for what arrives from now on; what is under way goes on.
    pub fn command(
        &mut self,
        now: Micros,
        command: &WireCommand,
    ) -> Result<Vec<Act<F>>, WireRefusal> {
        self.refuses(command)?;
        let mut acts = self.due(now);
        match command {
            WireCommand::Hold(what) => self.rules.add_hold(what),
            WireCommand::Step(count) => self.step(now, *count, &mut acts),
            WireCommand::Release => {
                self.rules.stop_holding();
                self.let_go(now, &mut acts);
            }
            WireCommand::Drop { count, what } => self.rules.add_drop(*count, what),
            WireCommand::Duplicate { count, what } => self.rules.add_duplicate(*count, what),
            WireCommand::Delay { time, what } => self.rules.set_delay(*time, what),
            WireCommand::Reorder(of) => self.set_reorder(now, *of, &mut acts),
            WireCommand::Loss { basis_points, seed } => self.rules.set_loss(*basis_points, *seed),
            WireCommand::Cut => self.cut(&mut acts),
            WireCommand::Mend => self.rules.cut = false,
            WireCommand::Stack => self.rules.stack = true,
            WireCommand::Clear => {
                self.rules = Rules::default();
                self.end_reorder(now, &mut acts);
                self.let_go(now, &mut acts);
            }
            WireCommand::Discard(id) => acts.extend(self.discard(*id)),
        }
        Ok(acts)
    }

    pub fn counts(&self) -> Counts {
        Counts {
            held: self.held.len() + self.gathered(),
            in_flight: self.flying.len(),
            ..self.counts
        }
    }

    /// Nothing stands on the wire.
    pub fn is_empty(&self) -> bool {
        self.weight == 0 && self.held.is_empty() && self.gathered() == 0 && self.flying.is_empty()
    }

    /// The rules that stand now, as commands, in the order in which a segment meets them. A count is what is left
    /// of it.
    pub fn standing_rules(&self) -> Vec<WireCommand> {
        let reorder = self.reorder.as_ref();
        self.rules
            .as_commands(reorder.map(|r| u32::try_from(r.of).unwrap_or(u32::MAX)))
    }

    /// The same as command texts.
    pub fn rules(&self) -> Vec<String> {
        let commands = self.standing_rules();
        commands.iter().map(WireCommand::to_string).collect()
    }

    /// Rules about some kind of segments that no segment has met so far.
    pub fn unmet(&self) -> Vec<WireCommand> {
        self.rules.unmet()
    }

    // --- the stages ----------------------------------------------------------------------------------------------

    fn meet_rules(&mut self, now: Micros, standing: Standing<F>, acts: &mut Vec<Act<F>>) {
        if let Some(reason) = self.rules.loses(standing.seen()) {
            acts.push(self.lose(standing, reason));
            return;
        }
        let Some(standing) = self.count_on_standing(standing, acts) else {
            return;
        };
        let copy = (self.rules.duplicates(standing.seen())).then(|| self.copy(&standing));
        for standing in [Some(standing), copy].into_iter().flatten() {
            let from = standing.left;
            match self.rules.holds(standing.seen()) {
                true => self.hold(standing, acts),
                false => self.onward(now, from, standing, acts),
            }
        }
    }

    /// A repeat of a segment that stands still takes its place, unless each shall stand. `Some`: it repeats nothing that stands.
    fn count_on_standing(
        &mut self,
        standing: Standing<F>,
        acts: &mut Vec<Act<F>>,
    ) -> Option<Standing<F>> {
        if self.rules.stack || (self.held.is_empty() && self.gathered() == 0) {
            return Some(standing);
        }
        let Some(key) = standing.key() else {
            return Some(standing);
        };
        let place = match self.by_key.get(&key) {
            Some(id) => self.held.get_mut(id),
            None => self.reorder.as_mut().and_then(|r| {
                let at = *r.by_key.get(&key)?;
                r.gathered.get_mut(at)
            }),
        };
        let Some(place) = place else {
            return Some(standing);
        };
        self.counts.counted += 1;
        self.weight += standing.weight();
        self.weight -= place.weight();
        place.repeats += 1;
        place.packet = standing.packet;
        place.segment = standing.segment;
        place.frame = standing.frame;
        acts.push(place.tell(Fate::Held, None));
        None
    }

    fn copy(&mut self, original: &Standing<F>) -> Standing<F> {
        self.counts.duplicated += 1;
        Standing {
            id: self.fresh_id(),
            copy_of: Some(original.id),
            repeats_of: None,
            why: None,
            packet: original.packet.clone(),
            from: original.from.clone(),
            frame: original.frame.clone(),
            ..*original
        }
    }

    fn hold(&mut self, mut standing: Standing<F>, acts: &mut Vec<Act<F>>) {
        if self.overflows(&standing) {
            acts.push(self.lose(standing, DropReason::Full));
            return;
        }
        self.weight += standing.weight();
        standing.told = true;
        acts.push(standing.tell(Fate::Held, None));
        if let Some(key) = standing.key() {
            self.by_key.insert(key, standing.id);
        }
        self.held.insert(standing.id, standing);
    }

    /// Past the hold: gathered for a `reorder`, or on its way. `from`: when its delay begins.
    fn onward(
        &mut self,
        now: Micros,
        from: Micros,
        mut standing: Standing<F>,
        acts: &mut Vec<Act<F>>,
    ) {
        if !self.is_gathered(&standing) {
            self.depart(now, from, standing, acts);
            return;
        }
        if self.overflows(&standing) {
            acts.push(self.lose(standing, DropReason::Full));
            return;
        }
        self.weight += standing.weight();
        if !standing.told {
            standing.told = true;
            acts.push(standing.tell(Fate::Held, None));
        }
        if let Some(reorder) = self.reorder.as_mut() {
            if let Some(key) = standing.key() {
                reorder.by_key.insert(key, reorder.gathered.len());
            }
            reorder.gathered.push(standing);
        }
        self.finish_reorder(now, acts);
    }

    fn depart(&mut self, now: Micros, from: Micros, standing: Standing<F>, acts: &mut Vec<Act<F>>) {
        let last_due = self.last_due[standing.host as usize];
        let due = later(from, self.rules.delay(standing.seen())).max(last_due);
        if due <= now {
            acts.push(self.pass(standing));
            return;
        }
        if self.overflows(&standing) {
            acts.push(self.lose(standing, DropReason::Full));
            return;
        }
        self.weight += standing.weight();
        acts.push(standing.tell(Fate::Held, Some(due)));
        self.last_due[standing.host as usize] = due;
        self.departures += 1;
        self.flying.insert((due, self.departures), standing);
    }

    fn pass(&mut self, standing: Standing<F>) -> Act<F> {
        self.counts.passed += 1;
        let fate = match standing.copy_of {
            Some(_) => Fate::Duplicated,
            None => Fate::Passed,
        };
        Act::Pass {
            to: standing.host.other(),
            told: Some(Box::new(standing.telling(fate, None, None))),
            frame: standing.frame,
        }
    }

    fn lose(&mut self, standing: Standing<F>, reason: DropReason) -> Act<F> {
        self.counts.dropped += 1;
        self.counts.overflowed += u64::from(reason == DropReason::Full);
        Act::Told(Box::new(standing.telling(
            Fate::Dropped,
            None,
            Some(reason),
        )))
    }

    // --- commands ------------------------------------------------------------------------------------------------

    fn refuses(&self, command: &WireCommand) -> Result<(), WireRefusal> {
        let still = self.held.len() + self.gathered();
        let refusal = match command {
            // Also with nothing held: nothing comes that a step could wait for.
            WireCommand::Step(_) if self.rules.cut => WireRefusal::Cut,
            WireCommand::Release if self.rules.cut && still > 0 => WireRefusal::Cut,
            WireCommand::Step(_) if still == 0 => WireRefusal::NothingToStep {
                holding: self.rules.holding(),
            },
            WireCommand::Release if still == 0 && !self.rules.holding() => {
                WireRefusal::NothingToRelease
            }
            WireCommand::Discard(id) if !self.stands(*id) => WireRefusal::NoSuchSegment { id: *id },
            WireCommand::Hold(_)
            | WireCommand::Step(_)
            | WireCommand::Release
            | WireCommand::Drop { .. }
            | WireCommand::Duplicate { .. }
            | WireCommand::Delay { .. }
            | WireCommand::Reorder(_)
            | WireCommand::Loss { .. }
            | WireCommand::Cut
            | WireCommand::Mend
            | WireCommand::Stack
            | WireCommand::Clear
            | WireCommand::Discard(_) => return Ok(()),
        };
        Err(refusal)
    }

    /// In order of arrival. When only segments of an unfinished `reorder` stand still, these are stepped.
    fn step(&mut self, now: Micros, count: u32, acts: &mut Vec<Act<F>>) {
        for _ in 0..count {
            if let Some((_, standing)) = self.held.pop_first() {
                let standing = self.off_the_wire(standing);
                self.onward(now, now, standing, acts);
            } else if let Some(reorder) = self.reorder.as_mut()
                && !reorder.gathered.is_empty()
            {
                let standing = reorder.take(0);
                self.weight -= standing.weight();
                self.depart(now, now, standing, acts);
            } else {
                return;
            }
        }
    }

    /// What stands still goes on, through a `reorder` that still stands; what that did not complete goes as well.
    fn let_go(&mut self, now: Micros, acts: &mut Vec<Act<F>>) {
        while let Some((_, standing)) = self.held.pop_first() {
            let standing = self.off_the_wire(standing);
            self.onward(now, now, standing, acts);
        }
        if self.gathered() > 0 {
            self.end_reorder(now, acts);
        }
    }

    fn set_reorder(&mut self, now: Micros, of: u32, acts: &mut Vec<Act<F>>) {
        let of = usize::try_from(of).unwrap_or(usize::MAX);
        match self.reorder.as_mut() {
            Some(reorder) => reorder.of = of,
            None => self.reorder = Some(Reorder::of(of)),
        }
        // One segment alone has no order to reverse.
        if of < 2 {
            self.end_reorder(now, acts);
        }
        self.finish_reorder(now, acts);
    }

    fn cut(&mut self, acts: &mut Vec<Act<F>>) {
        self.rules.cut = true;
        for standing in std::mem::take(&mut self.flying).into_values() {
            self.weight -= standing.weight();
            acts.push(self.lose(standing, DropReason::Cut));
        }
        self.last_due = [Micros(0); 2];
    }

    fn discard(&mut self, id: u64) -> Option<Act<F>> {
        let standing = self.take(id)?;
        Some(self.lose(standing, DropReason::Discarded))
    }

    // --- what stands where ---------------------------------------------------------------------------------------

    const fn fresh_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    fn overflows(&self, standing: &Standing<F>) -> bool {
        self.weight.saturating_add(standing.weight()) > self.limit
    }

    fn gathered(&self) -> usize {
        self.reorder.as_ref().map_or(0, |r| r.gathered.len())
    }

    fn is_gathered(&self, standing: &Standing<F>) -> bool {
        self.reorder.as_ref().is_some_and(|r| {
            let first = r.gathered.first();
            first.is_none_or(|first| first.host == standing.host)
        })
    }

    fn finish_reorder(&mut self, now: Micros, acts: &mut Vec<Act<F>>) {
        if self
            .reorder
            .as_ref()
            .is_some_and(|r| r.gathered.len() >= r.of)
        {
            self.end_reorder(now, acts);
        }
    }

    /// The last one gathered leaves first.
    fn end_reorder(&mut self, now: Micros, acts: &mut Vec<Act<F>>) {
        let gathered = self.reorder.take().map(|r| r.gathered);
        for standing in gathered.into_iter().flatten().rev() {
            self.weight -= standing.weight();
            self.depart(now, now, standing, acts);
        }
    }

    fn stands(&self, id: u64) -> bool {
        let gathered = self.reorder.iter().flat_map(|r| &r.gathered);
        self.held.contains_key(&id)
            || gathered
                .chain(self.flying.values())
                .any(|standing| standing.id == id)
    }

    fn take(&mut self, id: u64) -> Option<Standing<F>> {
        if let Some(standing) = self.held.remove(&id) {
            return Some(self.off_the_wire(standing));
        }
        if let Some(reorder) = self.reorder.as_mut()
            && let Some(at) = reorder.gathered.iter().position(|s| s.id == id)
        {
            let standing = reorder.take(at);
            self.weight -= standing.weight();
            return Some(standing);
        }
        let (key, _) = self.flying.iter().find(|(_, s)| s.id == id)?;
        let key = *key;
        let standing = self.flying.remove(&key)?;
        self.weight -= standing.weight();
        let same_way = |((due, _), s): (&(Micros, u64), &Standing<F>)| {
            (s.host == standing.host).then_some(*due)
        };
        let last = self.flying.iter().rev().find_map(same_way);
        self.last_due[standing.host as usize] = last.unwrap_or_default();
        Some(standing)
    }

    /// Out of `held`: no repeat is counted on it any more.
    fn off_the_wire(&mut self, standing: Standing<F>) -> Standing<F> {
        self.weight -= standing.weight();
        if let Some(key) = standing.key() {
            self.by_key.remove(&key);
        }
        standing
    }
}

impl<F: AsRef<[u8]> + Clone> Default for WireQueue<F> {
    fn default() -> WireQueue<F> {
        WireQueue::new(DEFAULT_LIMIT)
    }
}

fn later(from: Micros, delay: Duration) -> Micros {
    let us = u64::try_from(delay.as_micros()).unwrap_or(u64::MAX);
    Micros(from.0.saturating_add(us))
}
