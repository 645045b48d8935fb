//! One line into one statement: the actor, the verb, its arguments.

use std::ops::Range;

use super::arguments::Asked;
use super::ask::{Command, Statement};
use super::error::{Expected, ParseError, ParseErrorKind};
use super::expect::Expect;
use super::facts::Fact;
use super::values::is_name;
use super::verbs::{Acting, Scope, VERBS, VerbRow};
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
    /// Whether a verb may stand in a line from here, after this actor.
    pub(super) fn allows(self, row: &VerbRow, acting: Acting) -> bool {
        match (self, row.scope) {
            (Origin::Script, Scope::Endpoint) => acting == Acting::Endpoint,
            (Origin::Screen, Scope::Endpoint) => {
                matches!(acting, Acting::Endpoint | Acting::Nobody)
            }
            (Origin::Script, Scope::Script) if !row.alone => acting == Acting::Endpoint,
            (Origin::Script, Scope::Script) | (Origin::Screen, Scope::Screen) => {
                acting == Acting::Nobody
            }
            (Origin::Script, Scope::Screen) | (Origin::Screen, Scope::Script) => false,
            (_, Scope::Wire) => acting == Acting::Wire,
            (_, Scope::Lab) => acting == Acting::Lab,
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
    let acting = Acting::of(actor_prefix(text));
    match words.done() {
        true => Follows {
            acting: Some(acting),
            expected: words.tried().to_vec(),
        },
        false => Follows::default(),
    }
}

/// What could follow, and who acts in the line.
#[derive(Default)]
pub(super) struct Follows {
    /// `None`: the line is wrong already.
    pub acting: Option<Acting>,
    pub expected: Vec<Expected>,
}

/// The actor that a line names, right or wrong as the rest of it may be.
pub(super) fn actor_prefix(text: &str) -> Option<&str> {
    let (name, _) = text.trim_start().split_once(':')?;
    is_name(name).then_some(name)
}

fn statement(text: &str, words: &mut Words, origin: Origin) -> Result<Statement, ParseError> {
    let actor = actor(words)?;
    let acting = Acting::of(actor.as_deref());
    let row = verb(words, origin, acting)?;
    let place = words.span();
    let wrong = |kind| misplaced(kind, place.clone());
    allowed(row, origin, acting).map_err(wrong)?;
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
        Asked::Wire(command) => Ok(Statement::Wire(command)),
        Asked::Lab(command) => Ok(Statement::Lab(command)),
        Asked::Screen(screen) => Ok(Statement::Screen(screen)),
        Asked::Wait(time) => Ok(Statement::Wait(time)),
        Asked::Expect(Fact {
            negated,
            fact,
            within,
            start,
            end,
        }) => {
            let text = text[start..end].to_owned();
            Ok(Statement::Expect(Expect {
                // Only what is on the wire is expected of nobody.
                actor: actor.unwrap_or_default(),
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
    if !is_name(&name) {
        return Err(words.fault(ParseErrorKind::BadName(name)));
    }
    words.advance();
    Ok(Some(name))
}

/// The row of the verb here, which is not yet taken.
fn verb(words: &mut Words, origin: Origin, acting: Acting) -> Result<&'static VerbRow, ParseError> {
    words.expects(Expected::Verb);
    let Some(word) = words.bare() else {
        return Err(words.unexpected());
    };
    let own = match acting {
        Acting::Wire => Some(Scope::Wire),
        Acting::Lab => Some(Scope::Lab),
        Acting::Nobody | Acting::Endpoint => None,
    };
    match VerbRow::find(word, origin, acting) {
        // These have few verbs, and none but their own.
        Some(row) if own.is_none() || origin.allows(row, acting) => return Ok(row),
        Some(_) | None => {}
    }
    // In a script a line without an actor lacks it; the nearest verb is still worth saying.
    let lacks = origin == Origin::Script && acting == Acting::Nobody;
    let either =
        |row: &VerbRow| origin.allows(row, acting) || lacks && origin.allows(row, Acting::Endpoint);
    let known = VERBS.iter().filter(|row| either(row));
    let names = known.flat_map(|row| row.aliases.iter().chain([&row.name]).copied());
    let kind = match own {
        Some(scope) => ParseErrorKind::NoVerbOf {
            scope,
            word: word.to_owned(),
        },
        None => ParseErrorKind::UnknownVerb(word.to_owned()),
    };
    let unknown = words.fault_near(kind, names);
    let next_is_verb = words
        .next_bare()
        .is_some_and(|next| VerbRow::find(next, origin, Acting::Endpoint).is_some());
    let nobody = acting == Acting::Nobody;
    if unknown.nearest.is_none() && nobody && is_name(word) && next_is_verb {
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
fn allowed(row: &VerbRow, origin: Origin, acting: Acting) -> Result<(), ParseErrorKind> {
    let (verb, scope) = (row.name, row.scope);
    let named = acting != Acting::Nobody;
    match (row.scope, origin) {
        (Scope::Screen, Origin::Script) => Err(ParseErrorKind::ScreenOnly { verb }),
        (Scope::Script, Origin::Screen) => Err(ParseErrorKind::ScriptOnly { verb }),
        (Scope::Screen | Scope::Script, _) if named && row.alone => {
            Err(ParseErrorKind::TakesNoActor { verb })
        }
        (Scope::Endpoint, Origin::Script) if !named => Err(ParseErrorKind::MissingActor { verb }),
        (Scope::Wire, _) if acting != Acting::Wire => Err(ParseErrorKind::VerbOf { scope, verb }),
        (Scope::Lab, _) if acting != Acting::Lab => Err(ParseErrorKind::VerbOf { scope, verb }),
        (
            Scope::Endpoint | Scope::Script | Scope::Screen | Scope::Wire | Scope::Lab,
            Origin::Script | Origin::Screen,
        ) => Ok(()),
    }
}

/// A name with a dot is given by finspect: `server.listen`, `server.2`.
fn makes_reserved(name: &str, command: &Command) -> bool {
    name.contains('.') && matches!(command, Command::Listen(_) | Command::Connect(_))
}
