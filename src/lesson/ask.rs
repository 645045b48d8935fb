//! An `ask` block: the question, the choices with what decides each, and what is then done.

use super::document::{Ask, Choice, Step};
use super::error::{Flaw, LessonError};
use super::prose::rich;
use super::read::{Lines, step};
use crate::command::SourceLine;

/// An ask block before its lines are joined to the script.
pub(super) struct Draft<'a> {
    number: u32,
    span: std::ops::Range<usize>,
    question: Vec<&'a str>,
    choices: Vec<DraftChoice<'a>>,
    steps: Vec<SourceLine<'a>>,
}

struct DraftChoice<'a> {
    text: &'a str,
    span: std::ops::Range<usize>,
    expects: Vec<SourceLine<'a>>,
}

impl<'a> Draft<'a> {
    pub fn read(
        text: &str,
        fence: SourceLine<'a>,
        lines: &[SourceLine<'a>],
    ) -> Result<Draft<'a>, LessonError> {
        let span = fence.start..fence.start + fence.text.len();
        let mut draft = Draft {
            number: fence.number,
            span,
            question: Vec::new(),
            choices: Vec::new(),
            steps: Vec::new(),
        };
        for line in lines {
            let words = line.text.trim();
            if !words.is_empty() && !words.starts_with('#') {
                draft.take(text, *line)?;
            }
        }
        draft.whole(text)?;
        Ok(draft)
    }

    fn take(&mut self, text: &str, line: SourceLine<'a>) -> Result<(), LessonError> {
        let words = line.text.trim();
        let start = line.start + (line.text.len() - line.text.trim_start().len());
        let span = start..start + words.len();
        let flaw = |flaw| Err(LessonError::at(text, span.clone(), flaw));
        if let Some(choice) = words.strip_prefix("[ ]") {
            if !self.steps.is_empty() {
                return flaw(Flaw::LateChoice);
            }
            self.choices.push(DraftChoice {
                text: choice.trim(),
                span,
                expects: Vec::new(),
            });
            return Ok(());
        }
        if words.starts_with("[x]") || words.starts_with("[X]") {
            return flaw(Flaw::Ticked);
        }
        let indented = line.text.starts_with([' ', '\t']);
        match self.choices.last_mut() {
            None => self.question.push(words),
            Some(choice) if indented && self.steps.is_empty() => choice.expects.push(line),
            Some(_) => self.steps.push(line),
        }
        Ok(())
    }

    fn whole(&self, text: &str) -> Result<(), LessonError> {
        let here = |flaw| Err(LessonError::at(text, self.span.clone(), flaw));
        if self.question.is_empty() {
            return here(Flaw::NoQuestion);
        }
        if self.choices.len() < 2 {
            return here(Flaw::Choices(self.choices.len()));
        }
        match self.choices.iter().find(|choice| choice.expects.is_empty()) {
            Some(bare) => Err(LessonError::at(
                text,
                bare.span.clone(),
                Flaw::NothingExpected,
            )),
            None => Ok(()),
        }
    }

    /// What is done stands before what is expected: so it runs.
    pub fn join(self, script: &mut Lines<'a>) -> Ask {
        let steps: Vec<Step> = self
            .steps
            .into_iter()
            .filter_map(|line| step(line, script))
            .collect();
        let choices = self.choices.into_iter().map(|choice| Choice {
            text: rich(choice.text),
            expects: choice
                .expects
                .into_iter()
                .map(|line| script.add_expectation(line))
                .collect(),
        });
        let choices = choices.collect();
        Ask {
            number: self.number,
            question: rich(&self.question.join(" ")),
            choices,
            steps,
        }
    }
}
