//! What is wrong with a lesson: typed, with its place in the document.

use std::fmt;
use std::ops::Range;

use crate::command::{ParseError, ScriptError};

/// A mistake and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: usize,
    /// In bytes of the whole file.
    pub span: Range<usize>,
    pub flaw: Flaw,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The document does not begin with `+++`.
    NoFrontMatter,
    /// The front matter is no TOML, or holds what it must not; the reader's own words.
    FrontMatter(String),
    /// The level is none of those that there are.
    Level(i64),
    /// A line of a `lab` or `ask` block.
    Line(Box<ParseError>),
    /// A fence without its end.
    OpenFence,
    /// `lab` and `ask` stand at the margin, not inside a list or a quote.
    Indented,
    /// A word behind `lab` other than `setup`.
    LabWord(String),
    /// A second word behind `c` that names no interface.
    Interface(String),
    /// `ask` without a question before its choices.
    NoQuestion,
    /// Fewer than two choices.
    Choices(usize),
    /// `[x]`: the right answer is not written down.
    Ticked,
    /// A choice that nothing decides.
    NothingExpected,
    /// A line under a choice that is no expectation.
    NotExpected,
    /// A choice behind the lines that are done.
    LateChoice,
    /// A step's `(3)` that no line of a listing carries.
    NoMark(u32),
    /// Nothing is done in the whole lesson.
    NoSteps,
}

impl LessonError {
    pub(super) fn at(text: &str, span: Range<usize>, flaw: Flaw) -> LessonError {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let lines = before.matches('\n').count();
        let head = before[line_start..].trim_start_matches('\u{feff}');
        LessonError {
            line: u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1),
            column: head.chars().count() + 1,
            span,
            flaw,
        }
    }
}

impl From<ScriptError> for LessonError {
    fn from(error: ScriptError) -> LessonError {
        LessonError {
            line: error.line,
            column: error.column,
            span: error.span,
            flaw: Flaw::Line(Box::new(error.error)),
        }
    }
}

impl std::error::Error for LessonError {}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.flaw)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::NoFrontMatter => f.write_str(
                "a lesson begins with front matter: `+++`, then title, level, minutes, learn and sources, then `+++`",
            ),
            Flaw::FrontMatter(why) => write!(f, "front matter: {why}"),
            Flaw::Level(level) => write!(f, "there is no level {level}: levels are 1 to 6"),
            Flaw::Line(error) => error.fmt(f),
            Flaw::OpenFence => f.write_str("this block has no end: close it with ``` on a line of its own"),
            Flaw::Indented => f.write_str("a lab or ask block stands at the margin, outside lists and quotes"),
            Flaw::LabWord(word) => write!(f, "unknown word `{word}` behind lab; `lab setup` runs at once, `lab` step by step"),
            Flaw::Interface(word) => write!(f, "unknown word `{word}` behind c; a listing is `c posix` or `c winsock`"),
            Flaw::NoQuestion => f.write_str("an ask block opens with its question"),
            Flaw::Choices(n) => write!(f, "a question has two choices or more, each on a line `[ ] text`; here are {n}"),
            Flaw::Ticked => f.write_str("write `[ ]`: which choice is right is decided by what the kernel does"),
            Flaw::NothingExpected => f.write_str(
                "nothing decides this choice: put an expectation below it, indented (`    client: expect eof`)",
            ),
            Flaw::NotExpected => f.write_str(
                "below a choice stand expectations; what is to be done comes behind the choices, at the margin",
            ),
            Flaw::LateChoice => f.write_str("choices stand before the lines that are done"),
            Flaw::NoMark(mark) => write!(f, "no line of a listing is marked ({mark})"),
            Flaw::NoSteps => f.write_str("nothing is done in this lesson: it has no lab block"),
        }
    }
}
