//! What comes next in a lesson: fed with the learner's wishes, the journal's events and the time, it says which line to
//! play and what was seen. It makes no call and has no clock, so the screen, `run` and the tests drive the same one.
//!
//! ```text
//!            learner: go on                   engine: done
//!   Ready ------------------> Playing ----------------------> Ready | Watching | Pausing | Asking | Finished
//!                                            event, time
//!   Watching ------------------------------------------------> the next move | Failed
//!            learner: answer                                        event, time            learner: go on
//!   Asking ------------------> (the steps of the question) Deciding ----------> Revealed ----------------> the next move
//! ```
//!
//! An expectation looks from the last line that is none. So with each such line the watches of all expectations that
//! follow it begin, and every event is shown to them as it comes. That moment is [`Runner::starting`]: whoever drives
//! has fed by then what happened before.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::document::{Ask, Block, Lesson, Step};
use super::phase::{Phase, Revealed, STALL, Stage, Want};
use crate::command::{Evidence, Statement, Verdict, Watch};
use crate::journal::{Event, Fact, Micros, World};

/// How much of what happened is kept with a decided question.
const HAPPENED: usize = 64;

/// Who says when to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Learner,
    /// By itself, until this move.
    Until(usize),
    /// By itself to the end; every choice of a question is heard out.
    Robot,
}

/// A thing that happens in a lesson.
#[derive(Clone, Copy, Debug)]
enum Move {
    Line {
        block: usize,
        index: usize,
        setup: bool,
    },
    Ask {
        block: usize,
    },
}

/// See the head of this file.
#[derive(Debug)]
pub struct Runner {
    lesson: Arc<Lesson>,
    moves: Vec<Move>,
    at: usize,
    /// Within a question: which of its steps.
    inner: usize,
    chosen: Option<usize>,
    pace: Pace,
    phase: Phase,
    evidence: Evidence,
    /// The expectations behind the last line that is none.
    watches: Vec<Watching>,
    happened: Vec<Event>,
    wants: VecDeque<Want>,
    strayed: bool,
    /// What was waited for has come: on to the next thing.
    moving: bool,
    /// The questions that were decided in this world, by block.
    answers: BTreeMap<usize, Revealed>,
}

#[derive(Debug)]
struct Watching {
    line: usize,
    watch: Watch,
    until: Option<Micros>,
}

impl Runner {
    /// At the lesson's first move; `world` is what there is already.
    pub fn new(lesson: Arc<Lesson>, world: &World) -> Runner {
        let moves = moves(&lesson);
        let evidence = Evidence::of(&lesson.script);
        let mut runner = Runner {
            lesson,
            moves,
            at: 0,
            inner: 0,
            chosen: None,
            pace: Pace::Learner,
            phase: Phase::Finished,
            evidence,
            watches: Vec::new(),
            happened: Vec::new(),
            wants: VecDeque::new(),
            strayed: false,
            moving: false,
            answers: BTreeMap::new(),
        };
        runner.mark(None, Micros(0), world);
        runner
    }

    /// It goes to the end by itself, and hears every choice of every question out.
    pub fn robot(lesson: Arc<Lesson>, world: &World) -> Runner {
        let mut runner = Runner::new(lesson, world);
        runner.pace = Pace::Robot;
        runner
    }

    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// The block that the lesson has come to; after its end, one behind the last.
    pub fn block(&self) -> usize {
        match self.moves.get(self.at) {
            Some(Move::Line { block, .. } | Move::Ask { block }) => *block,
            None => self.lesson.blocks.len(),
        }
    }

    /// The step that is being done, or that is next.
    pub fn step(&self) -> Option<&Step> {
        match self.moves.get(self.at)? {
            Move::Line { block, index, .. } => match &self.lesson.blocks[*block] {
                Block::Steps(steps) => steps.steps.get(*index),
                Block::Prose(_) | Block::Listing(_) | Block::Ask(_) => None,
            },
            Move::Ask { block } => self.ask_of(*block)?.steps.get(self.inner),
        }
    }

    pub fn ask(&self) -> Option<&Ask> {
        match self.moves.get(self.at)? {
            Move::Ask { block } => self.ask_of(*block),
            Move::Line { .. } => None,
        }
    }

    /// How the question of this block was decided.
    pub fn answered(&self, block: usize) -> Option<&Revealed> {
        self.answers.get(&block)
    }

    /// Where the step of a block stands; of a question, the step of what is done.
    pub fn stage(&self, at: usize, index: usize) -> Stage {
        let (here, step) = match self.moves.get(self.at) {
            Some(Move::Line { block, index, .. }) => (*block, *index),
            Some(Move::Ask { block }) => match self.phase {
                // Nothing of it is done yet, not even begun.
                Phase::Asking if *block == at => return Stage::Ahead,
                _ => (*block, self.inner),
            },
            None => return Stage::Past,
        };
        match (at, index).cmp(&(here, step)) {
            Ordering::Less => Stage::Past,
            Ordering::Equal => Stage::Now,
            Ordering::Greater => Stage::Ahead,
        }
    }

    /// Lines and questions that are the learner's: how many are behind her, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let hers = |at: &usize| self.is_learners(*at);
        let of = (0..self.moves.len()).filter(hers).count();
        let behind = (0..self.at.min(self.moves.len())).filter(hers).count();
        (behind, of)
    }

    /// Something was done that is not in the lesson: what follows may not be what it says.
    pub fn strayed(&self) -> bool {
        self.strayed
    }

    /// The next thing that is to be done.
    pub fn want(&mut self) -> Option<Want> {
        self.wants.pop_front()
    }

    /// When [`Runner::tick`] will have something to say.
    pub fn due(&self) -> Option<Micros> {
        match &self.phase {
            Phase::Watching { until, .. } | Phase::Pausing { until } => Some(*until),
            Phase::Deciding => self.watches.iter().filter_map(Watching::open_until).min(),
            Phase::Playing { since, .. } if self.pace != Pace::Robot => Some(after(*since, STALL)),
            Phase::Ready { .. }
            | Phase::Playing { .. }
            | Phase::Stalled { .. }
            | Phase::Refused { .. }
            | Phase::Asking
            | Phase::Revealed(_)
            | Phase::Failed { .. }
            | Phase::Freshening
            | Phase::Finished => None,
        }
    }

    // --- what the learner wants ----------------------------------------------------------------------------------

    /// Begins. Also: goes on from a line that is hers, a decided question, a failed expectation.
    pub fn go_on(&mut self, now: Micros, world: &World) {
        match self.phase {
            Phase::Ready { line } => self.play(line, now, false),
            Phase::Revealed(_)
            | Phase::Failed { .. }
            | Phase::Stalled { .. }
            | Phase::Refused { .. } => self.moving = true,
            Phase::Finished if self.at == 0 => self.arrive(now, world),
            Phase::Playing { .. }
            | Phase::Watching { .. }
            | Phase::Pausing { .. }
            | Phase::Asking
            | Phase::Deciding
            | Phase::Freshening
            | Phase::Finished => {}
        }
        self.settle(now, world);
    }

    /// Answers the question. `None`: shows what happens without a guess.
    pub fn answer(&mut self, choice: Option<usize>, now: Micros, world: &World) {
        self.take_answer(choice, now, world);
        self.settle(now, world);
    }

    /// The learner asked for this herself. True: it is the line that the lesson waits for, and it is to be played as
    /// such. Anything else that calls leads off the path.
    pub fn notices(&mut self, statement: &Statement, now: Micros) -> bool {
        if let Phase::Ready { line } = self.phase
            && self.lesson.line(line).statement == *statement
        {
            self.play(line, now, true);
            return true;
        }
        self.strayed |= matches!(
            statement,
            Statement::Do { .. } | Statement::Wire(_) | Statement::Lab(_)
        );
        false
    }

    /// From the beginning, in a fresh world.
    pub fn restart(&mut self) {
        self.begin_again(0);
    }

    /// One line or question back: a fresh world in which everything before it is done again.
    pub fn back(&mut self) {
        let before = (0..self.at.min(self.moves.len())).rfind(|at| self.is_learners(*at));
        self.begin_again(before.unwrap_or(0));
    }

    /// Back onto the path: a fresh world in which everything up to here is done again.
    pub fn rejoin(&mut self) {
        self.begin_again(self.at);
    }

    /// Does what is left of this block without asking. Of a question: shows what happens without a guess.
    pub fn skip(&mut self, now: Micros, world: &World) {
        if matches!(self.phase, Phase::Asking) {
            return self.answer(None, now, world);
        }
        let here = self.block();
        let next = (self.at..self.moves.len()).find(|at| match self.moves[*at] {
            Move::Line { block, .. } | Move::Ask { block } => block > here,
        });
        self.pace = Pace::Until(next.unwrap_or(self.moves.len()));
        self.go_on(now, world);
    }

    // --- what happens --------------------------------------------------------------------------------------------

    /// The line that was to be played begins now.
    pub fn starting(&mut self, now: Micros, world: &World) {
        let Phase::Playing { line, .. } = self.phase else {
            return;
        };
        let lesson = Arc::clone(&self.lesson);
        match &lesson.line(line).statement {
            Statement::Do { actor, .. } => self.evidence.line(actor.as_deref().unwrap_or_default()),
            Statement::Wait(time) => {
                self.phase = Phase::Pausing {
                    until: after(now, *time),
                }
            }
            Statement::Expect(_)
            | Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Screen(_) => {}
        }
        self.mark(Some(line), now, world);
    }

    /// The line that was to be played has come to its end.
    pub fn done(&mut self, now: Micros, world: &World) {
        if matches!(self.phase, Phase::Playing { .. } | Phase::Stalled { .. }) {
            self.moving = true;
            self.settle(now, world);
        }
    }

    /// Nothing was done instead: the learner decides whether to go on.
    pub fn refused(&mut self, why: String) {
        if let Phase::Playing { line, .. } | Phase::Stalled { line } = self.phase {
            self.phase = Phase::Refused { line, why };
        }
    }

    /// An event, and the World right after it.
    pub fn feed(&mut self, event: &Event, world: &World, now: Micros) {
        self.evidence.feed(event);
        if let (Phase::Playing { since, .. }, Fact::App(_)) = (&mut self.phase, &event.fact) {
            *since = now;
        }
        if self.happened.len() < HAPPENED && is_telling(event) {
            self.happened.push(event.clone());
        }
        for watching in &mut self.watches {
            watching.watch.feed(event, world, &self.evidence);
        }
        self.look(world);
        self.settle(now, world);
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Micros, world: &World) {
        match self.phase {
            Phase::Pausing { until } if until <= now => self.moving = true,
            Phase::Playing { line, since }
                if self.pace != Pace::Robot && after(since, STALL) <= now =>
            {
                self.phase = Phase::Stalled { line };
            }
            _ => {}
        }
        for watching in &mut self.watches {
            if watching.open_until().is_some_and(|until| until <= now) {
                watching.watch.expire(world, &self.evidence);
            }
        }
        self.look(world);
        self.settle(now, world);
    }

    /// The fresh world is there.
    pub fn fresh(&mut self, now: Micros, world: &World) {
        if matches!(self.phase, Phase::Freshening) {
            self.mark(None, Micros(0), world);
            self.arrive(now, world);
            self.settle(now, world);
        }
    }

    // --- inside --------------------------------------------------------------------------------------------------

    /// Everything that follows from what has come, one after the other.
    fn settle(&mut self, now: Micros, world: &World) {
        while std::mem::take(&mut self.moving) {
            self.advance(now, world);
        }
    }

    fn take_answer(&mut self, choice: Option<usize>, now: Micros, world: &World) {
        if matches!(self.phase, Phase::Asking) {
            self.chosen = choice;
            self.inner = 0;
            self.inner_step(now, world);
        }
    }

    fn ask_of(&self, block: usize) -> Option<&Ask> {
        match &self.lesson.blocks[block] {
            Block::Ask(ask) => Some(ask),
            Block::Prose(_) | Block::Listing(_) | Block::Steps(_) => None,
        }
    }

    /// The learner is waited for before this move.
    fn is_learners(&self, at: usize) -> bool {
        match self.moves[at] {
            Move::Ask { .. } => true,
            Move::Line { setup: true, .. } => false,
            Move::Line { block, index, .. } => match &self.lesson.blocks[block] {
                Block::Steps(steps) => {
                    let line = self.lesson.line(steps.steps[index].line);
                    !matches!(line.statement, Statement::Expect(_) | Statement::Wait(_))
                }
                Block::Prose(_) | Block::Listing(_) | Block::Ask(_) => false,
            },
        }
    }

    /// Nobody is waited for at this move.
    fn by_itself(&self) -> bool {
        match self.pace {
            Pace::Robot => true,
            Pace::Until(target) => self.at < target,
            Pace::Learner => false,
        }
    }

    fn begin_again(&mut self, target: usize) {
        self.at = 0;
        self.inner = 0;
        self.chosen = None;
        self.pace = Pace::Until(target);
        self.evidence = Evidence::of(&self.lesson.script);
        self.watches.clear();
        self.happened.clear();
        self.wants.clear();
        self.strayed = false;
        self.moving = false;
        self.answers.clear();
        self.phase = Phase::Freshening;
        self.wants.push_back(Want::Fresh);
    }

    /// At a move: what is it?
    fn arrive(&mut self, now: Micros, world: &World) {
        if matches!(self.pace, Pace::Until(target) if self.at >= target) {
            self.pace = Pace::Learner;
        }
        let Some(next) = self.moves.get(self.at).copied() else {
            self.phase = Phase::Finished;
            return;
        };
        match next {
            Move::Line { .. } => {
                if let Some(line) = self.step().map(|step| step.line) {
                    self.come_to(line, now, world);
                }
            }
            Move::Ask { .. } => {
                self.phase = Phase::Asking;
                if self.by_itself() {
                    self.take_answer(None, now, world);
                }
            }
        }
    }

    fn come_to(&mut self, line: usize, now: Micros, world: &World) {
        match &self.lesson.line(line).statement {
            Statement::Expect(expect) => {
                let until = after(now, expect.time());
                self.phase = Phase::Watching { line, until };
                self.now_on(line, until, world);
                self.look(world);
            }
            Statement::Wait(_) => self.play(line, now, false),
            Statement::Do { .. }
            | Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Screen(_) => {
                let hers = self.ask().is_none() && self.is_learners(self.at);
                match hers && !self.by_itself() {
                    true => self.phase = Phase::Ready { line },
                    false => self.play(line, now, false),
                }
            }
        }
    }

    fn play(&mut self, line: usize, now: Micros, by_key: bool) {
        self.phase = Phase::Playing { line, since: now };
        self.wants.push_back(Want::Play { line, by_key });
    }

    /// From here on the expectations that follow this line look.
    fn mark(&mut self, line: Option<usize>, now: Micros, world: &World) {
        self.happened.clear();
        let first = line.map_or(0, |line| line + 1);
        let following = self.lesson.script.lines.iter().enumerate().skip(first);
        self.watches = following
            .map_while(|(line, l)| match &l.statement {
                Statement::Expect(expect) => Some((line, expect)),
                _ => None,
            })
            .map(|(line, expect)| {
                let mut watch = Watch::new(expect.clone()).from(now);
                watch.begin(world, &self.evidence);
                Watching {
                    line,
                    watch,
                    until: None,
                }
            })
            .collect();
    }

    /// This expectation's time begins.
    fn now_on(&mut self, line: usize, until: Micros, world: &World) {
        for watching in self.watches.iter_mut().filter(|w| w.line == line) {
            watching.watch.now(world, &self.evidence);
            watching.until = Some(until);
        }
    }

    fn verdict(&self, line: usize) -> Verdict {
        let found = self.watches.iter().find(|w| w.line == line);
        found.map_or(Verdict::Failed, |w| w.watch.verdict())
    }

    /// Is what is waited for decided?
    fn look(&mut self, world: &World) {
        match self.phase {
            Phase::Watching { line, .. } => match self.verdict(line) {
                Verdict::Open => {}
                Verdict::Held => {
                    self.wants.push_back(Want::Tell { line, held: true });
                    self.moving = true;
                }
                Verdict::Failed => {
                    self.wants.push_back(Want::Tell { line, held: false });
                    let seen = self.watches.iter().find(|w| w.line == line);
                    if let Some(watching) = seen {
                        let seen = Box::new(watching.watch.seen(world));
                        self.phase = Phase::Failed { line, seen };
                    }
                }
            },
            Phase::Deciding => self.decide(),
            Phase::Ready { .. }
            | Phase::Playing { .. }
            | Phase::Stalled { .. }
            | Phase::Refused { .. }
            | Phase::Pausing { .. }
            | Phase::Asking
            | Phase::Revealed(_)
            | Phase::Failed { .. }
            | Phase::Freshening
            | Phase::Finished => {}
        }
    }

    fn decide(&mut self) {
        let lesson = Arc::clone(&self.lesson);
        let Some(Block::Ask(ask)) = lesson.blocks.get(self.block()) else {
            return;
        };
        let verdict = |lines: &[usize]| {
            let all: Vec<Verdict> = lines.iter().map(|line| self.verdict(*line)).collect();
            if all.contains(&Verdict::Failed) {
                Verdict::Failed
            } else if all.iter().all(|v| *v == Verdict::Held) {
                Verdict::Held
            } else {
                Verdict::Open
            }
        };
        let verdicts: Vec<Verdict> = ask.choices.iter().map(|c| verdict(&c.expects)).collect();
        let open = verdicts.contains(&Verdict::Open);
        // One that holds is enough to show; whether it is the only one is the robot's question.
        let early = self.pace != Pace::Robot && verdicts.contains(&Verdict::Held);
        if open && !early {
            return;
        }
        let right: Vec<bool> = verdicts.iter().map(|v| *v == Verdict::Held).collect();
        for (choice, _) in ask.choices.iter().zip(&right).filter(|(_, right)| **right) {
            for line in &choice.expects {
                let (line, held) = (*line, true);
                self.wants.push_back(Want::Tell { line, held });
            }
        }
        let revealed = Revealed {
            chosen: self.chosen,
            right,
            happened: self.happened.clone(),
        };
        self.answers.insert(self.block(), revealed.clone());
        self.phase = Phase::Revealed(Box::new(revealed));
        self.moving = matches!(self.pace, Pace::Until(_)) && self.by_itself();
    }

    /// The next step of a question, or its decision.
    fn inner_step(&mut self, now: Micros, world: &World) {
        let Some(ask) = self.ask() else { return };
        if let Some(step) = ask.steps.get(self.inner) {
            return self.come_to(step.line, now, world);
        }
        let lines: Vec<usize> = ask.choices.iter().flat_map(|c| c.expects.clone()).collect();
        self.phase = Phase::Deciding;
        for line in lines {
            if let Statement::Expect(expect) = &self.lesson.line(line).statement {
                let until = after(now, expect.time());
                self.now_on(line, until, world);
            }
        }
        self.look(world);
    }

    fn advance(&mut self, now: Micros, world: &World) {
        let inside = self.ask().is_some() && !matches!(self.phase, Phase::Revealed(_));
        if inside {
            self.inner += 1;
            return self.inner_step(now, world);
        }
        self.at += 1;
        self.inner = 0;
        self.chosen = None;
        self.arrive(now, world);
    }
}

impl Watching {
    fn open_until(&self) -> Option<Micros> {
        match self.watch.verdict() {
            Verdict::Open => self.until,
            Verdict::Held | Verdict::Failed => None,
        }
    }
}

fn moves(lesson: &Lesson) -> Vec<Move> {
    let mut moves = Vec::new();
    for (block, what) in lesson.blocks.iter().enumerate() {
        match what {
            Block::Prose(_) | Block::Listing(_) => {}
            Block::Steps(steps) => moves.extend((0..steps.steps.len()).map(|index| Move::Line {
                block,
                index,
                setup: steps.setup,
            })),
            Block::Ask(_) => moves.push(Move::Ask { block }),
        }
    }
    moves
}

fn after(now: Micros, time: Duration) -> Micros {
    let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Micros(now.0.saturating_add(time))
}

/// Worth showing as the reason of an answer.
fn is_telling(event: &Event) -> bool {
    match &event.fact {
        Fact::App(_) | Fact::Wire(_) => true,
        Fact::Kernel(kernel) => kernel.change.is_some(),
        Fact::Half(_) | Fact::Script { .. } | Fact::Note(_) => false,
    }
}
