//! A document into a lesson. Every mistake is found where it stands; nothing is run.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::ask::Draft;
use super::document::{Block, Lesson, Step, Steps};
use super::error::{Flaw, LessonError};
use super::front::front;
use super::listing::{Listing, step_mark};
use super::prose::Setter;
use crate::command::{Script, SourceLine, Statement, comment, source_lines, without_comment};

/// The lines of all blocks, in the order in which they run.
#[derive(Default)]
pub(super) struct Lines<'a> {
    lines: Vec<SourceLine<'a>>,
    /// Those that stand below a choice.
    expectations: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn add(&mut self, line: SourceLine<'a>) -> usize {
        self.lines.push(line);
        self.lines.len() - 1
    }

    pub fn add_expectation(&mut self, line: SourceLine<'a>) -> usize {
        let index = self.add(line);
        self.expectations.push(index);
        index
    }
}

/// A line of a `lab` block; `None` for a comment that stands alone.
pub(super) fn step<'a>(line: SourceLine<'a>, script: &mut Lines<'a>) -> Option<Step> {
    let words = line.text.trim();
    if words.is_empty() || words.starts_with('#') {
        return None;
    }
    let (mark, says) = comment(words).map_or((None, None), step_mark);
    Some(Step {
        line: script.add(line),
        mark,
        says: says.map(str::to_owned),
    })
}

impl Lesson {
    /// Reads and checks a whole document.
    ///
    /// # Errors
    /// Every mistake, in order of lines. Without front matter nothing else is looked at.
    pub fn read(name: &str, text: &str) -> Result<Lesson, Vec<LessonError>> {
        let (about, start) = front(text).map_err(|error| vec![error])?;
        let mut reading = Reading {
            text,
            lines: source_lines(text).collect(),
            blocks: Vec::new(),
            script: Lines::default(),
            errors: Vec::new(),
        };
        reading.document(start);
        reading.marks();
        let Reading {
            blocks,
            script: Lines {
                lines,
                expectations,
            },
            mut errors,
            ..
        } = reading;
        if lines.is_empty() && errors.is_empty() {
            let end = text.trim_end().len();
            errors.push(LessonError::at(text, end..end, Flaw::NoSteps));
        }
        let script = match Script::of(lines.iter().copied()) {
            Ok(script) => script,
            Err(wrong) => {
                errors.extend(wrong.into_iter().map(LessonError::from));
                Script::default()
            }
        };
        for index in expectations {
            let expects = script.lines.get(index).map(|line| &line.statement);
            if let Some(statement) = expects
                && !matches!(statement, Statement::Expect(_))
            {
                let line = lines[index];
                let start = line.start + (line.text.len() - line.text.trim_start().len());
                let span = start..line.start + line.text.trim_end().len();
                errors.push(LessonError::at(text, span, Flaw::NotExpected));
            }
        }
        errors.sort_by_key(|error| error.span.start);
        match errors.is_empty() {
            true => Ok(Lesson {
                name: name.to_owned(),
                about,
                blocks,
                script,
            }),
            false => Err(errors),
        }
    }
}

struct Reading<'a> {
    text: &'a str,
    lines: Vec<SourceLine<'a>>,
    blocks: Vec<Block>,
    script: Lines<'a>,
    errors: Vec<LessonError>,
}

impl<'a> Reading<'a> {
    fn document(&mut self, start: usize) {
        let mut setter = Setter::default();
        let mut in_code = false;
        let mut indented: Option<String> = None;
        let parser = Parser::new_ext(&self.text[start..], Options::empty());
        for (event, range) in parser.into_offset_iter() {
            match &event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let done = setter.done();
                    self.blocks.extend(done.into_iter().map(Block::Prose));
                    let range = start + range.start..start + range.end;
                    self.fenced(info, range, setter.is_nested());
                    in_code = true;
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                    let done = setter.done();
                    self.blocks.extend(done.into_iter().map(Block::Prose));
                    indented = Some(String::new());
                }
                Event::End(TagEnd::CodeBlock) => {
                    in_code = false;
                    if let Some(text) = indented.take() {
                        let listing = Listing::read("", text.lines());
                        self.blocks.push(Block::Listing(listing));
                    }
                }
                Event::Text(text) if indented.is_some() => {
                    indented.get_or_insert_default().push_str(text);
                }
                _ if in_code => {}
                _ => setter.take(&event),
            }
        }
        let done = setter.done();
        self.blocks.extend(done.into_iter().map(Block::Prose));
    }

    /// The lines that a block touches, its fences included.
    fn lines_of(&self, range: &std::ops::Range<usize>) -> &[SourceLine<'a>] {
        let first = self
            .lines
            .partition_point(|line| line.start + line.text.len() < range.start);
        let last = self.lines.partition_point(|line| line.start < range.end);
        &self.lines[first..last]
    }

    fn fenced(&mut self, info: &str, range: std::ops::Range<usize>, nested: bool) {
        let lines = self.lines_of(&range).to_vec();
        let Some((fence, inside)) = lines.split_first() else {
            return;
        };
        let fence_span = range.start..fence.start + fence.text.len();
        let Some((_, inside)) = inside.split_last().filter(|(last, _)| is_fence(last.text)) else {
            let error = LessonError::at(self.text, fence_span, Flaw::OpenFence);
            return self.errors.push(error);
        };
        let mut words = info.split_whitespace();
        let block = match words.next() {
            Some("lab" | "ask") if nested => Err(Flaw::Indented),
            Some("lab") => match words.next() {
                None => Ok(self.steps(false, inside)),
                Some("setup") => Ok(self.steps(true, inside)),
                Some(other) => Err(Flaw::LabWord(other.to_owned())),
            },
            Some("ask") => match Draft::read(self.text, *fence, inside) {
                Ok(draft) => Ok(Block::Ask(draft.join(&mut self.script))),
                Err(error) => return self.errors.push(error),
            },
            Some("c") => match words.next() {
                None | Some("posix" | "winsock") => Ok(listing(info, inside)),
                Some(other) => Err(Flaw::Interface(other.to_owned())),
            },
            _ => Ok(listing(info, inside)),
        };
        match block {
            Ok(block) => self.blocks.push(block),
            Err(flaw) => self
                .errors
                .push(LessonError::at(self.text, fence_span, flaw)),
        }
    }

    fn steps(&mut self, setup: bool, inside: &[SourceLine<'a>]) -> Block {
        let steps = inside
            .iter()
            .filter_map(|line| step(*line, &mut self.script))
            .collect();
        Block::Steps(Steps { setup, steps })
    }

    /// A step's mark stands in some listing.
    fn marks(&mut self) {
        let known: Vec<u32> = self
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Listing(listing) => Some(listing.marks()),
                Block::Prose(_) | Block::Steps(_) | Block::Ask(_) => None,
            })
            .flatten()
            .collect();
        let steps = self.blocks.iter().flat_map(|block| match block {
            Block::Steps(steps) => steps.steps.as_slice(),
            Block::Ask(ask) => ask.steps.as_slice(),
            Block::Prose(_) | Block::Listing(_) => &[],
        });
        let mut errors = Vec::new();
        for step in steps {
            let Some(mark) = step.mark.filter(|mark| !known.contains(mark)) else {
                continue;
            };
            let line = self.script.lines[step.line];
            let at = without_comment(line.text).len();
            let at = at + line.text[at..].find('#').unwrap_or(0);
            let span = line.start + at..line.start + line.text.trim_end().len();
            errors.push(LessonError::at(self.text, span, Flaw::NoMark(mark)));
        }
        self.errors.append(&mut errors);
    }
}

fn is_fence(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && (line.chars().all(|c| c == '`') || line.chars().all(|c| c == '~'))
}

fn listing(info: &str, inside: &[SourceLine<'_>]) -> Block {
    Block::Listing(Listing::read(info, inside.iter().map(|line| line.text)))
}
