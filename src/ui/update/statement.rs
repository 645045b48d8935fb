//! A line of the command language, from a key or from the palette, becomes what it means.

use super::turn::{say, say_word};
use super::{ask, compose, screen};
use crate::command::{LabCommand, Screen as Verb, Statement};
use crate::journal::Hold;
use crate::locale::Screen;
use crate::ui::effect::Effect;
use crate::ui::message::Severity;
use crate::ui::model::Model;
use crate::ui::standing::Standing;
use crate::ui::visible;

/// Runs a statement. `run`: the line as it was written.
pub(super) fn run(model: &mut Model, statement: &Statement, run: &str) -> Vec<Effect> {
    let standing = Standing::of(model, statement);
    match standing {
        Standing::Refused(why) if *statement == Statement::Screen(Verb::Compose) => {
            let args = [("why", worded(model, why).into())];
            let word = match model.settings.read_only {
                true => Screen::ComposeReadOnly,
                false => Screen::ComposeRefused,
            };
            let text = model.settings.locale.with(word, &args);
            return compose::refuse(model, text);
        }
        Standing::Refused(why) => return say_why(model, Severity::Failed, why),
        Standing::Idle(why) => {
            // The call is made all the same: what it returns is the lesson.
            say_why(model, Severity::Warned, why);
        }
        Standing::Ready | Standing::Pointless => {}
    }
    match statement {
        Statement::Do { actor, command } => ask::on(model, actor.clone(), command.clone()),
        Statement::Screen(verb) => screen::run(model, verb, run),
        Statement::Wire(command) => vec![Effect::Wire(command.clone())],
        // A lesson makes its own ends.
        Statement::Lab(LabCommand::Reset) if model.course.is_none() => {
            say_word(model, Severity::Said, Screen::FreshLab);
            let mut effects = vec![Effect::Lab(LabCommand::Reset)];
            effects.extend(screen::fresh_pair(model));
            effects
        }
        Statement::Lab(command) => vec![Effect::Lab(command.clone())],
        Statement::Expect(_) | Statement::Wait(_) => Vec::new(),
    }
}

fn say_why(model: &mut Model, severity: Severity, why: Screen) -> Vec<Effect> {
    let text = worded(model, why);
    say(model, severity, text)
}

/// Why a key is greyed. Some of the words name the selected endpoint and who holds its descriptor.
fn worded(model: &Model, why: Screen) -> String {
    let selected = model.selected();
    let name = selected.map_or("", |e| &e.name);
    let pid = match selected.map(|e| e.hold) {
        Some(Hold::Process { pid }) => pid,
        Some(Hold::Owned | Hold::Borrowed | Hold::Seen) | None => 0,
    };
    let name = visible::text(name, model.settings.glyphs.ascii);
    let args = [("name", name.into()), ("pid", pid.to_string().into())];
    model.settings.locale.with(why, &args)
}
