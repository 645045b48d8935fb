//! A verb of an endpoint: who is meant, whether it must be confirmed, and what to select when it has worked.

use std::sync::Arc;

use super::turn::say_word;
use crate::command::Command;
use crate::journal::Hold;
use crate::locale::Screen;
use crate::ui::effect::Effect;
use crate::ui::message::Severity;
use crate::ui::model::{Model, Wanted};
use crate::ui::overlay::Overlay;

/// Asks for a command; without an actor the selected endpoint is meant, and a new one where the verb makes its own.
pub(super) fn on(model: &mut Model, actor: Option<String>, command: Command) -> Vec<Effect> {
    let makes_its_own = matches!(command, Command::Listen(_) | Command::Connect(_));
    let actor = match (actor, model.selected()) {
        (Some(actor), _) => actor,
        (None, _) if makes_its_own => model.new_name(),
        (None, Some(endpoint)) => endpoint.name.to_string(),
        (None, None) => return say_word(model, Severity::Failed, Screen::WhyNothingSelected),
    };
    if needs_confirmation(model, &actor, &command) {
        model.overlay = Some(Overlay::Confirm { actor, command });
        return Vec::new();
    }
    now(model, actor, command)
}

/// Our own sockets never ask back. Another program's descriptor is not ours to break by a slip of the finger.
fn needs_confirmation(model: &Model, actor: &str, command: &Command) -> bool {
    let borrowed = model
        .world
        .by_name(actor)
        .is_some_and(|e| e.hold == Hold::Borrowed);
    borrowed
        && match command {
            Command::Shutdown(_)
            | Command::Abort
            | Command::Disconnect
            | Command::Drain
            | Command::Send(_) => true,
            // Closing our duplicate leaves the other program's descriptor alone.
            Command::Close => false,
            // Bytes that we read are bytes that the other program never sees.
            Command::Read(_) => true,
            Command::Listen(_)
            | Command::Connect(_)
            | Command::Accept(_)
            | Command::Save(_)
            | Command::Set(_)
            | Command::Dup { .. }
            | Command::Fork { .. }
            | Command::Kill => false,
        }
}

pub(super) fn now(model: &mut Model, actor: String, command: Command) -> Vec<Effect> {
    match &command {
        Command::Listen(_) => {
            let listener: Arc<str> = format!("{actor}.listen").into();
            model.rows.listeners.asked.insert(listener.clone());
            model.wanted = Some(Wanted::Named(listener));
        }
        Command::Connect(_) => model.wanted = Some(Wanted::Named(actor.as_str().into())),
        Command::Dup { name } | Command::Fork { name } => {
            model.wanted = Some(Wanted::Named(name.as_str().into()))
        }
        _ => {}
    }
    vec![Effect::Ask { actor, command }]
}
