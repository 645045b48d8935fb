//! Mistakes in a script, with file, line, column and a caret under the place.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::exit::Failure;
use crate::command::ScriptError;

/// All mistakes of one script as one failure.
pub fn script(name: &str, text: &str, errors: &[ScriptError]) -> Failure {
    let reports: Vec<String> = errors.iter().map(|e| report(name, text, e)).collect();
    Failure::usage(format!("{name} is not run\n{}", reports.join("\n")))
}

fn report(name: &str, text: &str, error: &ScriptError) -> String {
    let title = error.error.to_string();
    let snippet = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(error.span.clone()));
    let group: Group<'_> = Level::ERROR.primary_title(title.as_str()).element(snippet);
    Renderer::plain().render(&[group])
}
