//! Mistakes in a script, with file, line, column and a caret under the place.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::exit::{Exit, Failure};
use crate::command::ScriptError;

/// All mistakes of one script as one failure. Only where every one of them asks for the lab is it the machine's fault.
pub fn script(name: &str, text: &str, errors: &[ScriptError]) -> Failure {
    let reports: Vec<String> = errors.iter().map(|e| report(name, text, e)).collect();
    let lab = "\n  a wire and hosts of our own are not built into this version: leave out the lines of `wire:` and `lab:`";
    let machine = !errors.is_empty() && errors.iter().all(|e| e.error.needs_lab());
    Failure {
        exit: if machine { Exit::Machine } else { Exit::Usage },
        words: format!(
            "{name} is not run\n{}{}",
            reports.join("\n"),
            if errors.iter().any(|e| e.error.needs_lab()) {
                lab
            } else {
                ""
            }
        ),
    }
}

fn report(name: &str, text: &str, error: &ScriptError) -> String {
    let title = error.error.to_string();
    let snippet = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(error.span.clone()));
    let group: Group<'_> = Level::ERROR.primary_title(title.as_str()).element(snippet);
    Renderer::plain().render(&[group])
}
