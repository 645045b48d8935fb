//! What the screen does about lessons: plays their lines, begins fresh worlds, opens what is chosen.

use tokio::time::Instant;

use super::exit::Failure;
use super::interactive::{AT_ONCE, Heard, Next, Stage, refusal_for};
use super::material::Material;
use super::session::no_lab;
use crate::command::{Expect, Statement};
use crate::engine::{Outcome, Pace, Refusal};
use crate::journal::{Fact, Ground};
use crate::ui::{Msg, Severity};

/// Why a fresh world begins.
pub(super) enum Turn {
    /// The lesson that runs wants one.
    Again,
    /// This lesson begins in it.
    Open(Box<Material>),
}

impl Stage {
    /// A line of the lesson: what happened before it is told before it begins.
    pub(super) fn play_line(&mut self, statement: Statement, by_key: bool) {
        self.catch_up();
        self.tell(Msg::Tick(self.now()));
        self.tell(Msg::Starting);
        let engine = &self.session.engine;
        let pace = match by_key {
            true => Pace::Key,
            false => Pace::Script,
        };
        let reply = match statement {
            Statement::Do { actor, command } => {
                engine.order(&actor.unwrap_or_default(), command, pace)
            }
            Statement::Wire(command) => engine.wire(command),
            Statement::Lab(command) => engine.lab(command),
            // Time ends a wait, and the others are never played.
            Statement::Wait(_) | Statement::Expect(_) | Statement::Screen(_) => return,
        };
        let (answers, world) = (self.answers.clone(), self.world);
        tokio::spawn(async move {
            let refusal = match reply.await {
                Ok(Outcome::Refused(refusal)) => Some(refusal),
                Ok(Outcome::Done | Outcome::Pending) | Err(_) => None,
            };
            // Nobody is left to read it when the screen is going away.
            let _ = answers.send(Heard::Played(world, refusal));
        });
    }

    /// The engine has come to the end of a line.
    pub(super) fn played(&mut self, world: u64, refusal: Option<Refusal>) -> Next {
        if world != self.world {
            return Next::Go;
        }
        let why = refusal.as_ref().map(ToString::to_string);
        if let Some(refusal) = refusal {
            self.tell(Msg::Refused(refusal_for("lesson".to_owned(), refusal)));
        }
        self.catch_up();
        self.tell(Msg::Tick(self.now()));
        self.tell(Msg::Played(why))
    }

    /// Everything that the journal has by now.
    fn catch_up(&mut self) {
        let mut events = Vec::new();
        while self.reader.take(&mut events) > 0 {
            let events = std::mem::take(&mut events);
            self.tell(Msg::Journal(events));
        }
    }

    pub(super) fn decided(&self, expect: &Expect, line: u32, held: bool) {
        let who = Some(expect.actor.as_str()).filter(|actor| !actor.is_empty());
        let expect = expect.said();
        let fact = Fact::Script { expect, line, held };
        self.session.engine.tell(who, fact);
    }

    /// Ends the world that there is and begins another one: engine, journal and lab.
    ///
    /// # Errors
    /// None can be begun.
    pub(super) async fn fresh_world(&mut self, turn: Turn) -> Result<(), Failure> {
        self.session
            .renew(self.family, &self.everywhere, self.ground, AT_ONCE)
            .await?;
        self.reader = self.session.engine.reader();
        self.started = Instant::from_std(self.session.engine.started());
        self.world += 1;
        self.pairs = 0;
        self.tell(Msg::Fresh);
        if let Turn::Open(material) = turn {
            let (lesson, key) = self.classroom.take(*material);
            self.tell(Msg::Lesson { lesson, key });
        }
        if let Some(why) = self.session.unrecorded.take() {
            self.tell(Msg::Recording(None));
            self.tell(Msg::Notice(Severity::Warned, why));
        }
        Ok(())
    }

    pub(super) fn list_lessons(&mut self) {
        match self.classroom.list() {
            Ok((rows, broken)) => self.tell(Msg::Lessons { rows, broken }),
            Err(failure) => self.tell(Msg::Notice(Severity::Failed, failure.words)),
        };
    }

    pub(super) fn open_lesson(&mut self, name: &str) {
        match self.found(name) {
            Ok(material) => self.turning = Some(Turn::Open(Box::new(material))),
            Err(words) => {
                self.tell(Msg::Notice(Severity::Failed, words));
            }
        }
    }

    /// The lesson of this name, if it can be taught here; or why it cannot.
    fn found(&self, name: &str) -> Result<Material, String> {
        if self.everywhere.read_only {
            return Err(
                "--read-only: a lesson makes calls, so there is nothing to teach".to_owned(),
            );
        }
        let material = self.classroom.find(name).map_err(|failure| failure.words)?;
        if material.lesson.needs_lab() && self.session.header.ground != Ground::Lab {
            let why = match self.session.engine.lab_refused() {
                Some(refused) => no_lab(refused),
                None => "this is loopback, where there is no wire: leave out --loopback".to_owned(),
            };
            return Err(format!("{name} needs the lab; {why}"));
        }
        let seen = material.unseen(&self.session.engine, false);
        seen.map_err(|failure| failure.words)?;
        Ok(material)
    }
}
