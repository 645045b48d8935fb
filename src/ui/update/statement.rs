//! A line of the command language, from a key or from the palette, becomes what it means.

use super::turn::say_word;
use super::{ask, screen};
use crate::command::Statement;
use crate::ui::effect::Effect;
use crate::ui::message::Severity;
use crate::ui::model::Model;
use crate::ui::standing::Standing;

/// Runs a statement. `run`: the line as it was written.
pub(super) fn run(model: &mut Model, statement: &Statement, run: &str) -> Vec<Effect> {
    let standing = Standing::of(model, statement);
    match standing {
        Standing::Refused(why) => return say_word(model, Severity::Failed, why),
        Standing::Idle(why) => {
            // The call is made all the same: what it returns is the lesson.
            say_word(model, Severity::Warned, why);
        }
        Standing::Ready | Standing::Pointless => {}
    }
    match statement {
        Statement::Do { actor, command } => ask::on(model, actor.clone(), command.clone()),
        Statement::Screen(verb) => screen::run(model, verb, run),
        Statement::Wire(command) => vec![Effect::Wire(command.clone())],
        Statement::Lab(command) => vec![Effect::Lab(command.clone())],
        Statement::Expect(_) | Statement::Wait(_) => Vec::new(),
    }
}
