//! Drives a lesson or script to its end by itself: the runner says what comes next, the engine does it, and every event
//! is written as it comes.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::exit::{Exit, Failure};
use super::out::{Out, stdout_failed};
use super::session::Session;
use super::signals::Ends;
use crate::command::{Statement, WireCommand};
use crate::engine::{Outcome, Pace, Reader, Reply};
use crate::journal::{Event, Fact, Micros, Note, World};
use crate::lesson::{Lesson, Phase, Revealed, Runner, Want, plain};

/// The longest that the closes at the end may take.
const LINGERING: Duration = Duration::from_secs(60);

/// A line that makes no progress for this long ends the script.
const STALL: Duration = Duration::from_secs(10);

/// One run.
pub struct Robot<'a> {
    name: &'a str,
    session: Session,
    reader: Reader,
    out: Out,
    /// The fold of everything read so far.
    world: World,
    runner: Runner,
    ends: Ends,
    /// Why it failed.
    report: Option<String>,
}

/// What a step waited for in vain.
const NOTHING_CAME: &str = "\n  why:    nothing came onto the wire that the hold keeps, so there was nothing to step\n  \
     remedy: let an end send something first, or hold what it sends: `wire: hold` without more holds everything";

/// Why a line did not get done.
enum Trouble {
    Stalled {
        line: usize,
    },
    /// The wire or the lab refused it: what follows was written for a wire and hosts that are not there.
    Refused {
        line: usize,
        why: String,
    },
    Signal(u8),
    /// Nobody reads stdout any more.
    Unheard,
    /// stdout cannot be written, for another reason.
    Unwritten(std::io::Error),
    Ended,
}

impl<'a> Robot<'a> {
    /// # Errors
    /// Signals cannot be caught.
    pub fn new(
        name: &'a str,
        lesson: Arc<Lesson>,
        session: Session,
        out: Out,
    ) -> Result<Robot<'a>, Failure> {
        let world = World::default();
        Ok(Robot {
            name,
            reader: session.engine.reader(),
            session,
            out,
            runner: Runner::robot(lesson, &world),
            world,
            report: None,
            ends: Ends::listen()
                .map_err(|error| Failure::machine(format!("signals cannot be caught: {error}")))?,
        })
    }

    /// Plays to the end, closes what is open, and gives the verdict.
    /// False: nobody reads any more.
    pub async fn perform(mut self, round: u32, rounds: u32) -> Result<(Exit, bool), Failure> {
        let played = match self.play().await {
            Ok(exit) => Ok(exit),
            Err(trouble) => self.troubled(trouble),
        };
        let exit = played.as_ref().map_or(Exit::Machine, |exit| *exit);
        let heard = self.end(exit, round, rounds).await;
        Ok((played?, heard?))
    }

    async fn play(&mut self) -> Result<Exit, Trouble> {
        let now = self.now();
        self.runner.go_on(now, &self.world);
        loop {
            while let Some(want) = self.runner.want() {
                self.perform_want(want).await?;
            }
            match self.runner.phase() {
                Phase::Finished => return Ok(Exit::Done),
                Phase::Failed { line, seen } => {
                    let line = self.runner.lesson().line(*line);
                    // Said at the end, behind the lines of the closes, where it is found.
                    self.report = Some(format!(
                        "{}:{}: expectation failed: {}\n  seen instead: {seen}",
                        self.name, line.number, line.text
                    ));
                    return Ok(Exit::Finding);
                }
                Phase::Revealed(revealed) => {
                    if !self.judge(&revealed.clone()) {
                        return Ok(Exit::Finding);
                    }
                    let now = self.now();
                    self.runner.go_on(now, &self.world);
                }
                Phase::Ready { .. }
                | Phase::Playing { .. }
                | Phase::Watching { .. }
                | Phase::Pausing { .. }
                | Phase::Asking
                | Phase::Deciding
                | Phase::Freshening => {
                    let until = self.runner.due().map(|due| self.instant(due));
                    if !self.more(until).await? {
                        let now = self.now();
                        self.runner.tick(now, &self.world);
                    }
                }
            }
        }
    }

    fn troubled(&mut self, trouble: Trouble) -> Result<Exit, Failure> {
        match trouble {
            Trouble::Stalled { line } => {
                let line = self.runner.lesson().line(line);
                let mut words = format!(
                    "{}:{}: no progress for {} s: {}",
                    self.name,
                    line.number,
                    STALL.as_secs(),
                    line.text
                );
                if let Statement::Wire(WireCommand::Step(_)) = line.statement {
                    words.push_str(NOTHING_CAME);
                }
                self.out.verdict(&words).map_err(stdout_failed)?;
                Ok(Exit::Finding)
            }
            Trouble::Refused { line, why } => {
                let line = self.runner.lesson().line(line);
                self.report = Some(format!(
                    "{}:{}: nothing was done: {}\n  why: {why}",
                    self.name, line.number, line.text
                ));
                Ok(Exit::Finding)
            }
            Trouble::Signal(n) => Ok(Exit::Signal(n)),
            // Whoever closed the pipe has read what was wanted: nothing failed, and nothing more is asked.
            Trouble::Unheard => Ok(Exit::Done),
            Trouble::Unwritten(error) => Err(stdout_failed(error)),
            Trouble::Ended => Err(Failure::machine("the engine has ended")),
        }
    }

    // --- what the runner wants -----------------------------------------------------------------------------------

    async fn perform_want(&mut self, want: Want) -> Result<(), Trouble> {
        match want {
            Want::Play(line) => {
                self.drain()?;
                let now = self.now();
                self.runner.starting(now, &self.world);
                if let Some(reply) = self.give(line) {
                    self.until_done(line, reply).await?;
                    self.drain()?;
                    let now = self.now();
                    self.runner.done(now, &self.world);
                }
            }
            Want::Tell { line, held } => {
                let lesson = Arc::clone(self.runner.lesson());
                let line = lesson.line(line);
                if let Statement::Expect(expect) = &line.statement {
                    let who = Some(expect.actor.as_str()).filter(|actor| !actor.is_empty());
                    let expect = expect.said();
                    let line = line.number;
                    let fact = Fact::Script { expect, line, held };
                    self.session.engine.tell(who, fact);
                }
            }
            // A robot never goes back.
            Want::Fresh => {}
        }
        Ok(())
    }

    /// The engine gets a line; `None`: it is not for the engine.
    fn give(&self, line: usize) -> Option<Reply> {
        let engine = &self.session.engine;
        match &self.runner.lesson().line(line).statement {
            Statement::Do { actor, command } => {
                let actor = actor.as_deref().unwrap_or_default();
                Some(engine.order(actor, command.clone(), Pace::Script))
            }
            Statement::Wire(command) => Some(engine.wire(command.clone())),
            Statement::Lab(command) => Some(engine.lab(command.clone())),
            Statement::Expect(_) | Statement::Wait(_) | Statement::Screen(_) => None,
        }
    }

    /// Waits for the line's answer, as long as the actor's calls make progress.
    async fn until_done(&mut self, line: usize, reply: Reply) -> Result<(), Trouble> {
        tokio::pin!(reply);
        let lesson = Arc::clone(self.runner.lesson());
        let actor = match &lesson.line(line).statement {
            Statement::Do { actor, .. } => actor.as_deref().unwrap_or_default(),
            Statement::Expect(_)
            | Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Wait(_)
            | Statement::Screen(_) => "",
        };
        let mut events = Vec::new();
        let mut stalled = Instant::now() + STALL;
        loop {
            tokio::select! {
                biased;
                outcome = &mut reply => {
                    self.took(&mut events)?;
                    return self.refused(line, &outcome.map_err(|_| Trouble::Ended)?);
                }
                more = self.reader.next(&mut events) => {
                    if !more {
                        return Err(Trouble::Ended);
                    }
                    if events.iter().any(|e| is_progress(e, actor)) {
                        stalled = Instant::now() + STALL;
                    }
                    self.took(&mut events)?;
                }
                () = tokio::time::sleep_until(stalled) => return Err(Trouble::Stalled { line }),
                n = self.ends.came() => return Err(Trouble::Signal(n)),
            }
        }
    }

    /// Where no call was made, that is told, and the script goes on: only expectations decide.
    fn refused(&self, line: usize, outcome: &Outcome) -> Result<(), Trouble> {
        let Outcome::Refused(why) = outcome else {
            return Ok(());
        };
        let asked = self.runner.lesson().line(line);
        match &asked.statement {
            Statement::Do { .. } => {
                let words = format!("line {}: no call was made: {why}", asked.number);
                let note = Fact::Note(Note::Text(words));
                self.session.engine.tell(None, note);
                Ok(())
            }
            Statement::Expect(_)
            | Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Wait(_)
            | Statement::Screen(_) => {
                let why = why.to_string();
                Err(Trouble::Refused { line, why })
            }
        }
    }

    /// A question of a lesson: exactly one of its choices must be what the kernel did.
    fn judge(&mut self, revealed: &Revealed) -> bool {
        let Some(ask) = self.runner.ask() else {
            return true;
        };
        let right: Vec<String> = ask
            .choices
            .iter()
            .zip(&revealed.right)
            .filter(|(_, right)| **right)
            .map(|(choice, _)| plain(&choice.text))
            .collect();
        let engine = &self.session.engine;
        engine.remark(format!("? {}", plain(&ask.question)));
        if let [answer] = &right[..] {
            engine.remark(format!("= {answer}"));
            return true;
        }
        let found = match right.len() {
            0 => "none of its choices is what happened".to_owned(),
            n => format!("{n} of its choices are what happened: {}", right.join("; ")),
        };
        self.report = Some(format!(
            "{}:{}: the question has no one answer: {found}",
            self.name, ask.number
        ));
        false
    }

    // --- events --------------------------------------------------------------------------------------------------

    /// Waits for further events. False: the time is over.
    async fn more(&mut self, until: Option<Instant>) -> Result<bool, Trouble> {
        let until = until.unwrap_or_else(|| Instant::now() + LINGERING);
        let mut events = Vec::new();
        tokio::select! {
            got = timeout_at(until, self.reader.next(&mut events)) => match got {
                Err(_) => return Ok(false),
                Ok(false) => return Err(Trouble::Ended),
                Ok(true) => {}
            },
            n = self.ends.came() => return Err(Trouble::Signal(n)),
        }
        self.took(&mut events)?;
        Ok(true)
    }

    /// Takes what is there already.
    fn drain(&mut self) -> Result<(), Trouble> {
        let mut events = Vec::new();
        while self.reader.take(&mut events) > 0 {
            self.took(&mut events)?;
        }
        Ok(())
    }

    fn took(&mut self, events: &mut Vec<Event>) -> Result<(), Trouble> {
        let now = self.now();
        for event in events.drain(..) {
            self.world.apply(&event);
            if !self.out.event(&event).map_err(Trouble::Unwritten)? {
                return Err(Trouble::Unheard);
            }
            self.runner.feed(&event, &self.world, now);
        }
        Ok(())
    }

    fn now(&self) -> Micros {
        let elapsed = self.session.engine.started().elapsed().as_micros();
        Micros(u64::try_from(elapsed).unwrap_or(u64::MAX))
    }

    fn instant(&self, at: Micros) -> Instant {
        Instant::from_std(self.session.engine.started()) + Duration::from_micros(at.0)
    }

    /// Closes what is open, writes what that says, and gives the verdict.
    /// False: nobody reads any more.
    async fn end(self, exit: Exit, round: u32, rounds: u32) -> Result<bool, Failure> {
        let Robot {
            session,
            mut reader,
            mut out,
            name,
            mut ends,
            report,
            ..
        } = self;
        // A close that lingers may take its time, and a signal ends that.
        tokio::select! {
            () = session.finish(LINGERING) => {}
            _ = ends.came() => {}
        }
        let mut events = Vec::new();
        while reader.next(&mut events).await {
            for event in events.drain(..) {
                if !out.event(&event).map_err(stdout_failed)? {
                    return Ok(false);
                }
            }
        }
        if let Some(words) = report
            && !out.verdict(&words).map_err(stdout_failed)?
        {
            return Ok(false);
        }
        let word = match exit {
            Exit::Done => "passed",
            _ => "failed",
        };
        let of = if rounds > 1 {
            format!(" ({round} of {rounds})")
        } else {
            String::new()
        };
        out.verdict(&format!("{name}: {word}{of}"))
            .map_err(stdout_failed)
    }
}

/// A call of this actor, or of a socket of its listener.
fn is_progress(event: &Event, actor: &str) -> bool {
    let Fact::App(call) = &event.fact else {
        return false;
    };
    call.result.is_ok()
        && event.who.as_ref().is_some_and(|who| {
            *who.name == *actor
                || who
                    .name
                    .strip_prefix(actor)
                    .is_some_and(|r| r.starts_with('.'))
        })
}
