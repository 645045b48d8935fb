//! One line into one statement: the actor, the verb, its arguments.

use std::ops::Range;

use super::arguments::{Asked, RESERVED};
use super::ask::{Command, Statement};
use super::error::{Expected, ParseError, ParseErrorKind};
use super::expect::Expect;
use super::facts::Fact;
use super::values::is_name;
use super::verbs::{Scope, VERBS, VerbRow};
use super::words::Words;

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A line of a script: it names its actor.
    Script,
    /// A key or the palette: without an actor the selected endpoint is meant, and verbs of the screen are known.
    Screen,
}

impl Origin {
    /// Whether a verb may stand in a line from here, with or without an actor before it.
    pub(super) fn allows(self, row: &VerbRow, actor: bool) -> bool {
        match (self, row.scope) {
            (Origin::Script, Scope::Endpoint) => actor,
            (Origin::Screen, Scope::Endpoint) => true,
            (Origin::Script, Scope::Script) | (Origin::Screen, Scope::Screen) => actor != row.alone,
            (Origin::Script, Scope::Screen) | (Origin::Screen, Scope::Script) => false,
        }
    }
}

/// Parses one line; `None` if it holds nothing but white space and a comment.
///
/// # Errors
/// The first mistake, with its place in `text` in bytes.
pub fn parse_line(text: &str, origin: Origin) -> Result<Option<Statement>, ParseError> {
    let mut words = Words::new(text)?;
    if words.done() {
        return Ok(None);
    }
    statement(text, &mut words, origin).map(Some)
}

/// What could follow at the end of `text`: what its last words asked for, empty if they are wrong already.
pub(super) fn what_follows(text: &str, origin: Origin) -> Follows {
    let Ok(mut words) = Words::new(text) else {
        return Follows::default();
    };
    // The outcome does not matter: the cursor remembers what was asked of it.
    let _ = statement(text, &mut words, origin);
    let actor = actor_prefix(text).is_some();
    match words.done() {
        true => Follows {
            actor,
            expected: words.tried().to_vec(),
        },
        false => Follows::default(),
    }
}

/// What could follow, and whether the line has its actor already.
#[derive(Default)]
pub(super) struct Follows {
    pub actor: bool,
    pub expected: Vec<Expected>,
}

/// The actor that a line names, right or wrong as the rest of it may be.
pub(super) fn actor_prefix(text: &str) -> Option<&str> {
    let (name, _) = text.trim_start().split_once(':')?;
    is_name(name).then_some(name)
}

fn statement(text: &str, words: &mut Words, origin: Origin) -> Result<Statement, ParseError> {
    let actor = actor(words)?;
    let row = verb(words, origin, actor.is_some())?;
    let place = words.span();
    let wrong = |kind| misplaced(kind, place.clone());
    allowed(row, origin, actor.is_some()).map_err(wrong)?;
    words.advance();
    let asked = (row.arguments)(words)?;
    words.finish()?;
    match asked {
        Asked::Command(command) => {
            if let Some(name) = actor.as_ref().filter(|name| makes_reserved(name, &command)) {
                let start = text.len() - text.trim_start().len();
                let span = start..start + name.len();
                return Err(ParseError {
                    span,
                    ..wrong(ParseErrorKind::ReservedName(name.clone()))
                });
            }
            Ok(Statement::Do { actor, command })
        }
        Asked::Screen(screen) => Ok(Statement::Screen(screen)),
        Asked::Wait(time) => Ok(Statement::Wait(time)),
        Asked::Expect(Fact {
            negated,
            fact,
            within,
            start,
            end,
        }) => {
            let missing = ParseErrorKind::MissingActor { verb: row.name };
            let actor = actor.ok_or_else(|| wrong(missing))?;
            let text = text[start..end].to_owned();
            Ok(Statement::Expect(Expect {
                actor,
                negated,
                fact,
                within,
                text,
            }))
        }
    }
}

fn misplaced(kind: ParseErrorKind, span: Range<usize>) -> ParseError {
    let expected = match kind {
        ParseErrorKind::MissingActor { .. } => vec![Expected::ActorPrefix],
        _ => Vec::new(),
    };
    ParseError {
        kind,
        span,
        expected,
        nearest: None,
    }
}

/// `name:` at the head of the line; the verb may follow without a space.
fn actor(words: &mut Words) -> Result<Option<String>, ParseError> {
    words.expects(Expected::ActorPrefix);
    let Some(colon) = words.bare().and_then(|word| word.find(':')) else {
        return Ok(None);
    };
    words.split(colon + 1);
    let name = words.bare().map_or("", |word| &word[..colon]).to_owned();
    if RESERVED.contains(&name.as_str()) {
        return Err(words.fault(ParseErrorKind::NeedsLab(name)));
    }
    if !is_name(&name) {
        return Err(words.fault(ParseErrorKind::BadName(name)));
    }
    words.advance();
    Ok(Some(name))
}

/// The row of the verb here, which is not yet taken.
fn verb(words: &mut Words, origin: Origin, actor: bool) -> Result<&'static VerbRow, ParseError> {
    words.expects(Expected::Verb);
    let Some(word) = words.bare() else {
        return Err(words.unexpected());
    };
    if let Some(row) = VerbRow::find(word) {
        return Ok(row);
    }
    // In a script a line without an actor lacks it; the nearest verb is still worth saying.
    let either = |row: &VerbRow| {
        origin.allows(row, actor) || origin == Origin::Script && origin.allows(row, true)
    };
    let known = VERBS.iter().filter(|row| either(row));
    let names = known.flat_map(|row| row.aliases.iter().chain([&row.name]).copied());
    let unknown = words.fault_near(ParseErrorKind::UnknownVerb(word.to_owned()), names);
    let next_is_verb = words
        .next_bare()
        .is_some_and(|next| VerbRow::find(next).is_some());
    if unknown.nearest.is_none() && !actor && is_name(word) && next_is_verb {
        let kind = ParseErrorKind::MissingColon(word.to_owned());
        return Err(ParseError {
            kind,
            nearest: Some(format!("{word}:")),
            ..unknown
        });
    }
    Err(unknown)
}

/// Whether the verb may stand in this line.
fn allowed(row: &VerbRow, origin: Origin, actor: bool) -> Result<(), ParseErrorKind> {
    let verb = row.name;
    match (row.scope, origin) {
        (Scope::Screen, Origin::Script) => Err(ParseErrorKind::ScreenOnly { verb }),
        (Scope::Script, Origin::Screen) => Err(ParseErrorKind::ScriptOnly { verb }),
        (Scope::Screen | Scope::Script, _) if actor && row.alone => {
            Err(ParseErrorKind::TakesNoActor { verb })
        }
        (Scope::Endpoint, Origin::Script) if !actor => Err(ParseErrorKind::MissingActor { verb }),
        // `expect` without an actor is told when it is parsed: `expect wire` has none.
        (Scope::Endpoint | Scope::Script | Scope::Screen, Origin::Script | Origin::Screen) => {
            Ok(())
        }
    }
}

/// A name with a dot is given by finspect: `server.listen`, `server.2`.
fn makes_reserved(name: &str, command: &Command) -> bool {
    name.contains('.') && matches!(command, Command::Listen(_) | Command::Connect(_))
}
