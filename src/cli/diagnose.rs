//! Mistakes in a script, with file, line, column and a caret under the place.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::exit::Failure;
use crate::command::ScriptError;
use crate::lesson::LessonError;

/// All mistakes of one script as one failure.
pub fn script(name: &str, text: &str, errors: &[ScriptError]) -> Failure {
    let report = |e: &ScriptError| report(name, text, e.span.clone(), &e.error.to_string());
    not_run(name, errors.iter().map(report))
}

/// The same for a lesson.
pub fn lesson(name: &str, text: &str, errors: &[LessonError]) -> Failure {
    let report = |e: &LessonError| report(name, text, e.span.clone(), &e.flaw.to_string());
    not_run(name, errors.iter().map(report))
}

fn not_run(name: &str, reports: impl Iterator<Item = String>) -> Failure {
    let reports: Vec<String> = reports.collect();
    let mistakes = match reports.len() {
        1 => "a mistake".to_owned(),
        n => format!("{n} mistakes"),
    };
    Failure::usage(format!(
        "{name} has {mistakes}; nothing was run\n{}",
        reports.join("\n")
    ))
}

fn report(name: &str, text: &str, span: Range<usize>, title: &str) -> String {
    let snippet = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(span));
    let group: Group<'_> = Level::ERROR.primary_title(title).element(snippet);
    Renderer::plain().render(&[group])
}
