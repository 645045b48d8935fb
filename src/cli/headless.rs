//! `finspect run`: a script without a screen, judged by its expectations.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::arguments::{Everywhere, RunArgs};
use super::diagnose;
use super::exit::{Exit, Failure};
use super::output;
use super::recording::Place;
use super::session::{Session, no_lab};
use super::signals::Ends;
use super::start::ground;
use super::transcript::Transcript;
use crate::command::{
    Command, DEFAULT_WITHIN, Evidence, Expect, Line, Script, Statement, Verdict, Watch,
};
use crate::engine::{Outcome, Pace, Reader, Reply};
use crate::journal::{Event, Fact, Header, Note, World, to_line};
use crate::tcp::Unavailable;

/// The longest that the closes at the end may take.
const LINGERING: Duration = Duration::from_secs(60);

/// A line that makes no progress for this long ends the script.
const STALL: Duration = Duration::from_secs(10);

/// Runs every file, each in a fresh world; the first that fails ends it.
pub async fn run(args: &RunArgs, everywhere: &Everywhere) -> Result<Exit, Failure> {
    if everywhere.read_only {
        return Err(Failure::usage(
            "--read-only: a script makes calls, so there is nothing to run",
        ));
    }
    let mut scripts = Vec::new();
    for name in &args.files {
        let text = read_script(name)?;
        let script =
            Script::parse(&text).map_err(|errors| diagnose::script(name, &text, &errors))?;
        if let Some(line) = script.lines.iter().find(|l| l.statement.needs_lab())
            && args.loopback
        {
            let why = "--loopback was asked for, where there is no wire to hold and no host";
            return Err(needs_lab(name, line, why, "leave out --loopback"));
        }
        scripts.push((name.clone(), script));
    }
    let mut place = Place::Fresh;
    for (name, script) in &scripts {
        for round in 1..=args.repeat {
            let mut run = Run::begin(name, script, args, everywhere, place)?;
            place = Place::Behind;
            let played = run.play().await;
            let exit = played.as_ref().map_or(Exit::Machine, |exit| *exit);
            let heard = run.end(exit, round, args.repeat).await;
            if played? != Exit::Done || !heard? {
                return Ok(exit);
            }
        }
    }
    Ok(Exit::Done)
}

/// No lab can be had here.
fn needs_lab(name: &str, line: &Line, why: &str, remedy: &str) -> Failure {
    let words = format!(
        "{name}:{}: `{}` needs the lab\n  why:    {why}\n  remedy: {remedy}",
        line.number, line.text
    );
    Failure::machine(words)
}

/// There is no lab, and segments on loopback may not be seen.
fn needs_segments(name: &str, line: &Line, refused: &Unavailable, asked: bool) -> Failure {
    let (why, mut remedy) = (&refused.why, refused.remedy.clone());
    if asked {
        remedy.push_str("; or leave out --loopback");
    }
    let words = format!(
        "{name}:{}: `{}` needs to see segments on loopback\n  why:    {why}\n  remedy: {remedy}",
        line.number, line.text
    );
    Failure::machine(words)
}

fn read_script(name: &str) -> Result<String, Failure> {
    let read = if name == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(name)
    };
    read.map_err(|error| Failure::usage(format!("cannot read the script {name}: {error}")))
}

/// One run of one script.
struct Run<'a> {
    name: &'a str,
    script: &'a Script,
    session: Session,
    reader: Reader,
    out: Out,
    /// The fold of everything read so far.
    world: World,
    evidence: Evidence,
    /// The expectations from here to the next line that is none: each has watched since the last one that is none, so
    /// that no event needs to be kept for it.
    watches: VecDeque<Watch>,
    ends: Ends,
    /// Why it failed.
    report: Option<String>,
}

/// Why a line did not get done.
enum Trouble {
    Stalled,
    Signal(u8),
    /// Nobody reads stdout any more.
    Unheard,
    /// stdout cannot be written, for another reason.
    Unwritten(io::Error),
    Ended,
}

impl<'a> Run<'a> {
    fn begin(
        name: &'a str,
        script: &'a Script,
        args: &RunArgs,
        everywhere: &Everywhere,
        place: Place,
    ) -> Result<Run<'a>, Failure> {
        let ground = ground(args.loopback);
        let session = Session::begin(args.family.family(), everywhere, place, ground)?.aloud();
        if let Some(refused) = session.engine.lab_refused() {
            let rig = script.lines.iter().find(|l| l.statement.needs_lab());
            if let Some(line) = rig {
                return Err(needs_lab(name, line, &refused.why, &refused.remedy));
            }
            // Once for each command, not for each script and round.
            if place == Place::Fresh {
                output::say(&no_lab(refused));
            }
        }
        let watches = script.lines.iter().find(|l| l.statement.needs_segments());
        if let (Some(line), Some(Err(refused))) = (watches, session.engine.capture()) {
            return Err(needs_segments(name, line, refused, args.loopback));
        }
        let reader = session.engine.reader();
        let mut out = match args.json {
            true => Out::Json,
            false => Out::Text(Box::new(Transcript::new(everywhere.ascii))),
        };
        out.header(&session.header)?;
        let mut run = Run {
            name,
            script,
            reader,
            out,
            session,
            world: World::default(),
            evidence: Evidence::of(script),
            report: None,
            watches: VecDeque::new(),
            ends: Ends::listen()
                .map_err(|error| Failure::machine(format!("signals cannot be caught: {error}")))?,
        };
        run.set_mark(0);
        Ok(run)
    }

    async fn play(&mut self) -> Result<Exit, Failure> {
        let script = self.script;
        for (at, line) in script.lines.iter().enumerate() {
            let behind = at + 1;
            let done = match &line.statement {
                Statement::Do { actor, command } => {
                    let actor = actor.as_deref().unwrap_or_default();
                    self.act(line, behind, actor, command).await
                }
                Statement::Wire(command) => {
                    let reply = self.session.engine.wire(command.clone());
                    self.set(line, behind, reply).await
                }
                Statement::Lab(command) => {
                    let reply = self.session.engine.lab(command.clone());
                    self.set(line, behind, reply).await
                }
                Statement::Wait(time) => self.wait(behind, *time).await.map(|()| true),
                Statement::Expect(expect) => self.expect(line, expect).await,
                // A script never holds one: its parser says so.
                Statement::Screen(_) => Ok(true),
            };
            match done {
                Ok(true) => {}
                Ok(false) => return Ok(Exit::Finding),
                Err(Trouble::Stalled) => {
                    let words = format!(
                        "{}:{}: no progress for {} s: {}",
                        self.name,
                        line.number,
                        STALL.as_secs(),
                        line.text
                    );
                    self.out.verdict(&words).map_err(stdout_failed)?;
                    return Ok(Exit::Finding);
                }
                Err(Trouble::Signal(n)) => return Ok(Exit::Signal(n)),
                // Whoever closed the pipe has read what was wanted: nothing failed, and nothing more is asked.
                Err(Trouble::Unheard) => return Ok(Exit::Done),
                Err(Trouble::Unwritten(error)) => return Err(stdout_failed(error)),
                Err(Trouble::Ended) => return Err(Failure::machine("the engine has ended")),
            }
        }
        Ok(Exit::Done)
    }

    // --- lines ---------------------------------------------------------------------------------------------------

    async fn act(
        &mut self,
        line: &Line,
        behind: usize,
        actor: &str,
        command: &Command,
    ) -> Result<bool, Trouble> {
        self.drain()?;
        self.evidence.line(actor);
        self.set_mark(behind);
        let reply = self
            .session
            .engine
            .order(actor, command.clone(), Pace::Script);
        let outcome = self.until_done(actor, reply).await?;
        self.drain()?;
        if let Outcome::Refused(why) = outcome {
            let words = format!("line {}: no call was made: {why}", line.number);
            self.session
                .engine
                .tell(None, Fact::Note(Note::Text(words)));
        }
        Ok(true)
    }

    /// A line of the wire or the lab.
    async fn set(&mut self, line: &Line, behind: usize, reply: Reply) -> Result<bool, Trouble> {
        self.drain()?;
        self.set_mark(behind);
        let outcome = self.until_done("", reply).await?;
        self.drain()?;
        if let Outcome::Refused(why) = outcome {
            let words = format!("line {}: nothing was done: {why}", line.number);
            self.session
                .engine
                .tell(None, Fact::Note(Note::Text(words)));
        }
        Ok(true)
    }

    /// From now on the expectations watch that stand from this line to the next one that is none.
    fn set_mark(&mut self, from: usize) {
        let behind = self.script.lines.get(from..).unwrap_or_default();
        let expected = behind.iter().map_while(|line| match &line.statement {
            Statement::Expect(expect) => Some(expect),
            Statement::Do { .. }
            | Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Wait(_)
            | Statement::Screen(_) => None,
        });
        let begun = expected.map(|expect| {
            let mut watch = Watch::new(expect.clone());
            watch.begin(&self.world, &self.evidence);
            watch
        });
        self.watches = begun.collect();
    }

    /// Waits for the line's answer, as long as the actor's calls make progress.
    async fn until_done(&mut self, actor: &str, reply: Reply) -> Result<Outcome, Trouble> {
        tokio::pin!(reply);
        let mut events = Vec::new();
        let mut stalled = Instant::now() + STALL;
        loop {
            tokio::select! {
                biased;
                outcome = &mut reply => {
                    self.took(&mut events)?;
                    return outcome.map_err(|_| Trouble::Ended);
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
                () = tokio::time::sleep_until(stalled) => return Err(Trouble::Stalled),
                n = self.ends.came() => return Err(Trouble::Signal(n)),
            }
        }
    }

    async fn wait(&mut self, behind: usize, time: Duration) -> Result<(), Trouble> {
        self.drain()?;
        self.set_mark(behind);
        let until = Instant::now() + time;
        while self.more(until).await? {}
        Ok(())
    }

    async fn expect(&mut self, line: &Line, expect: &Expect) -> Result<bool, Trouble> {
        let until = Instant::now() + expect.within.unwrap_or(DEFAULT_WITHIN);
        self.drain()?;
        let mut watch = self.watch_of(expect);
        let mut verdict = watch.now(&self.world, &self.evidence);
        while verdict == Verdict::Open {
            self.watches.push_front(watch);
            let in_time = self.more(until).await;
            watch = self.watch_of(expect);
            verdict = match in_time? {
                true => watch.verdict(),
                false => watch.expire(&self.world, &self.evidence),
            };
        }
        let held = watch.verdict() == Verdict::Held;
        self.session.engine.tell(
            Some(expect.actor.as_str()).filter(|actor| !actor.is_empty()),
            Fact::Script {
                expect: said(expect),
                line: line.number,
                held,
            },
        );
        if !held {
            let words = format!(
                "{}:{}: expectation failed: {}\n  seen instead: {}",
                self.name,
                line.number,
                line.text,
                watch.seen(&self.world)
            );
            // Said at the end, behind the lines of the closes, where it is found.
            self.report = Some(words);
        }
        Ok(held)
    }

    /// The next one that watches, which is this expectation's.
    fn watch_of(&mut self, expect: &Expect) -> Watch {
        self.watches
            .pop_front()
            .unwrap_or_else(|| Watch::new(expect.clone()))
    }

    // --- events --------------------------------------------------------------------------------------------------

    /// Waits for further events. False: the time is over.
    async fn more(&mut self, until: Instant) -> Result<bool, Trouble> {
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
        for event in events.drain(..) {
            self.world.apply(&event);
            self.evidence.feed(&event);
            for watch in &mut self.watches {
                watch.feed(&event, &self.world, &self.evidence);
            }
            if !self.out.event(&event).map_err(Trouble::Unwritten)? {
                return Err(Trouble::Unheard);
            }
        }
        Ok(())
    }

    /// Closes what is open, writes what that says, and gives the verdict.
    /// False: nobody reads any more.
    async fn end(self, exit: Exit, round: u32, rounds: u32) -> Result<bool, Failure> {
        let Run {
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

/// The expectation as the script lane tells it.
fn said(expect: &Expect) -> String {
    match expect.negated {
        true => format!("no {}", expect.text),
        false => expect.text.clone(),
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

/// Where events and sentences go.
enum Out {
    /// stdout carries JSON alone, sentences go to stderr.
    Json,
    Text(Box<Transcript>),
}

impl Out {
    fn header(&mut self, header: &Header) -> Result<(), Failure> {
        if matches!(self, Out::Json) {
            output::print(&format!("{}\n", header.to_line())).map_err(stdout_failed)?;
        }
        Ok(())
    }

    /// False: nobody reads any more.
    fn event(&mut self, event: &Event) -> io::Result<bool> {
        let lines = match self {
            Out::Json => vec![to_line(event)],
            Out::Text(transcript) => transcript.push(event),
        };
        let mut out = io::stdout().lock();
        output::heard(lines.iter().try_for_each(|line| writeln!(out, "{line}")))
    }

    /// False: nobody reads any more.
    fn verdict(&mut self, words: &str) -> io::Result<bool> {
        match self {
            Out::Json => {
                output::tell(words);
                Ok(true)
            }
            Out::Text(transcript) => {
                let rest = transcript
                    .rest()
                    .map(|line| line + "\n")
                    .unwrap_or_default();
                output::print(&format!("{rest}{words}\n"))
            }
        }
    }
}

fn stdout_failed(error: io::Error) -> Failure {
    Failure::machine(format!("cannot write to stdout: {error}"))
}
