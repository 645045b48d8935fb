//! Who acts in a script: which line makes which actor, and what an actor can be asked for.
//!
//! It knows the text alone. Whether a listen or connect succeeds is decided when it runs, so doing either again is allowed.

use std::collections::HashMap;

use super::ask::{Command, Selector, Statement, Target};
use super::error::{Expected, ParseErrorKind};
use super::expect::{Expect, ExpectFact};
use super::nearest::nearest;
use crate::journal::Host;

/// The actors that the lines so far have made.
#[derive(Default)]
pub(super) struct Cast {
    actors: HashMap<String, Part>,
}

/// What an actor is, as far as the text says.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// It has a socket, or will have one when it accepts.
    socket: bool,
    listens: bool,
    /// A process of its own holds its descriptor.
    process: bool,
}

/// What is wrong with a statement's actors, and the word that is wrong.
#[derive(Debug)]
pub(super) struct Miscast {
    pub word: String,
    /// It is the actor at the head of the line, not one named after the verb.
    pub head: bool,
    pub kind: ParseErrorKind,
    pub expected: Vec<Expected>,
    pub nearest: Option<String>,
}

impl Cast {
    /// Checks the actors of a statement, then notes whom it makes.
    pub fn admit(&mut self, statement: &Statement) -> Result<(), Miscast> {
        match statement {
            Statement::Do {
                actor: Some(actor),
                command,
            } => self.command(actor, command),
            Statement::Expect(expect) => self.expectation(expect),
            Statement::Do { actor: None, .. }
            | Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Wait(_)
            | Statement::Screen(_) => Ok(()),
        }
    }

    /// A line that does not parse may have made its actor: later lines are not blamed for it.
    pub fn presume(&mut self, actor: &str) {
        self.actors.insert(
            actor.to_owned(),
            Part {
                socket: true,
                listens: true,
                process: true,
            },
        );
    }

    fn command(&mut self, actor: &str, command: &Command) -> Result<(), Miscast> {
        let made = match command {
            Command::Set(_) if self.part(actor).is_some() => return Ok(()),
            Command::Set(_) => Part::default(),
            Command::Listen(_) => Part {
                socket: true,
                listens: true,
                process: false,
            },
            Command::Connect(connect) => {
                if let Target::Actor(target) = &connect.target {
                    self.listening(target)?;
                }
                let listens = self.part(actor).is_some_and(|p| p.listens);
                Part {
                    socket: true,
                    listens,
                    process: false,
                }
            }
            Command::Dup { name } | Command::Fork { name } => {
                let part = Part {
                    process: matches!(command, Command::Fork { .. }),
                    ..self.with_socket(actor)?
                };
                if self.part(name).is_some() {
                    let error = miscast(
                        name,
                        ParseErrorKind::NameTaken(name.clone()),
                        &[Expected::Name],
                        None,
                    );
                    return Err(error.into_argument());
                }
                self.actors.insert(name.clone(), part);
                return Ok(());
            }
            Command::Kill => return self.with_process(actor),
            Command::Accept(_)
            | Command::Send(_)
            | Command::Read(_)
            | Command::Save(_)
            | Command::Shutdown(_)
            | Command::Close
            | Command::Abort
            | Command::Disconnect
            | Command::Drain => return self.with_socket(actor).map(drop),
        };
        self.actors.insert(actor.to_owned(), made);
        Ok(())
    }

    /// Whom a selector names. The whole script is known by then: a rule may be about somebody who comes later.
    pub fn sender(&self, selector: &Selector) -> Result<(), Miscast> {
        let Some(from) = selector.from.as_deref() else {
            return Ok(());
        };
        if selector.host().is_some() || self.part(from).is_some() {
            return Ok(());
        }
        let hosts = Host::ALL.map(Host::word);
        let expected = [
            Expected::Word(hosts[0]),
            Expected::Word(hosts[1]),
            Expected::Actor,
        ];
        let near = nearest(from, self.names(|_| true));
        let kind = ParseErrorKind::MadeNowhere(from.to_owned());
        Err(miscast(from, kind, &expected, near).into_argument())
    }

    fn expectation(&self, expect: &Expect) -> Result<(), Miscast> {
        if expect.fact.is_of_the_wire() {
            return Ok(());
        }
        self.known(&expect.actor)?;
        match &expect.fact {
            ExpectFact::EndingFirst(name) if name != "client" && name != "server" => {
                self.known(name).map(drop).map_err(Miscast::into_argument)
            }
            _ => Ok(()),
        }
    }

    /// The part of a name: an actor's own, or one that a listening actor's name brings with it.
    fn part(&self, name: &str) -> Option<Part> {
        if let Some(part) = self.actors.get(name) {
            return Some(*part);
        }
        let (actor, suffix) = name.rsplit_once('.')?;
        let listener = self.actors.get(actor).filter(|part| part.listens)?;
        let accepted = suffix
            .parse::<u32>()
            .is_ok_and(|n| n >= 2 && n.to_string() == suffix);
        match suffix {
            "listen" => Some(*listener),
            _ if accepted => Some(Part {
                socket: true,
                ..Part::default()
            }),
            _ => None,
        }
    }

    fn known(&self, name: &str) -> Result<Part, Miscast> {
        self.part(name).ok_or_else(|| {
            let near = nearest(name, self.names(|_| true));
            miscast(
                name,
                ParseErrorKind::NeverMade(name.to_owned()),
                &[Expected::Actor],
                near,
            )
        })
    }

    fn with_socket(&self, name: &str) -> Result<Part, Miscast> {
        match self.known(name)? {
            part if part.socket => Ok(part),
            _ => {
                let expected = [Expected::Word("listen"), Expected::Word("connect")];
                Err(miscast(
                    name,
                    ParseErrorKind::OnlySet(name.to_owned()),
                    &expected,
                    None,
                ))
            }
        }
    }

    fn with_process(&self, name: &str) -> Result<(), Miscast> {
        if self.known(name)?.process {
            return Ok(());
        }
        let near = nearest(name, self.names(|part| part.process));
        Err(miscast(
            name,
            ParseErrorKind::NoProcess(name.to_owned()),
            &[],
            near,
        ))
    }

    fn listening(&self, target: &str) -> Result<(), Miscast> {
        let kind = match self.part(target) {
            Some(part) if part.listens => return Ok(()),
            Some(_) => ParseErrorKind::NotListening(target.to_owned()),
            None => ParseErrorKind::NeverMade(target.to_owned()),
        };
        let near = nearest(target, self.names(|part| part.listens));
        Err(miscast(target, kind, &[Expected::Actor, Expected::Remote], near).into_argument())
    }

    fn names(&self, wanted: impl Fn(&Part) -> bool) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .actors
            .iter()
            .filter(|(_, p)| wanted(p))
            .map(|(n, _)| n.as_str())
            .collect();
        // A map has no order; an answer has.
        names.sort_unstable();
        names
    }
}

impl Miscast {
    fn into_argument(self) -> Miscast {
        Miscast {
            head: false,
            ..self
        }
    }
}

fn miscast(word: &str, kind: ParseErrorKind, expected: &[Expected], near: Option<&str>) -> Miscast {
    let nearest = near.map(str::to_owned);
    Miscast {
        word: word.to_owned(),
        head: true,
        kind,
        expected: expected.to_vec(),
        nearest,
    }
}
