//! Writing what to send: one line, with the escapes of the command language, parsed by its own parser.

use crossterm::event::{Event, KeyCode, KeyEvent};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use super::ask;
use super::turn::say;
use crate::command::{Origin, Statement, parse_line};
use crate::ui::effect::{Book, Effect};
use crate::ui::message::Severity;
use crate::ui::model::Model;
use crate::ui::overlay::{Compose, Overlay};

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(e) = model.selected() {
        let actor = e.name.to_string();
        model.overlay = Some(Overlay::Compose(Box::new(Compose {
            actor,
            ..Compose::default()
        })));
    }
    Vec::new()
}

/// Nothing can be sent here. Whoever pressed the key goes on typing before the screen is read: the text must not run as
/// keys, which close and abort.
pub(super) fn refuse(model: &mut Model, why: String) -> Vec<Effect> {
    let actor = model.selected().map(|e| e.name.to_string());
    model.notice = None;
    model.overlay = Some(Overlay::Compose(Box::new(Compose {
        actor: actor.unwrap_or_default(),
        refused: Some(why),
        ..Compose::default()
    })));
    Vec::new()
}

pub(super) fn key(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Compose(compose)) = &mut model.overlay else {
        return Vec::new();
    };
    match event.code {
        KeyCode::Enter => return send(model),
        KeyCode::Up => {
            if let Some(line) = compose
                .walk
                .up(&model.compose_history, compose.input.value())
            {
                compose.input = Input::new(line.to_owned());
            }
        }
        KeyCode::Down => {
            if let Some(line) = compose.walk.down(&model.compose_history) {
                compose.input = Input::new(line);
            }
        }
        _ => {
            compose.error = None;
            compose.walk.stop();
            compose.input.handle_event(&Event::Key(event));
        }
    }
    Vec::new()
}

/// Line ends and other controls of a pasted text become escapes, so that they can be seen before they are sent.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(Overlay::Compose(compose)) = &mut model.overlay else {
        return Vec::new();
    };
    let escaped = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\\', "\\\\");
    for c in escaped.chars() {
        let written = match c {
            '\n' => "\\n".to_owned(),
            '\t' => "\\t".to_owned(),
            c if c.is_ascii_control() => format!("\\x{:02x}", c as u32),
            c if c.is_control() => continue,
            c => c.to_string(),
        };
        for c in written.chars() {
            compose.input.handle(InputRequest::InsertChar(c));
        }
    }
    compose.walk.stop();
    Vec::new()
}

fn send(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Compose(compose)) = &mut model.overlay else {
        return Vec::new();
    };
    if let Some(why) = compose.refused.take() {
        model.overlay = None;
        return say(model, Severity::Failed, why);
    }
    let text = compose.input.value().to_owned();
    if text.is_empty() {
        model.overlay = None;
        return Vec::new();
    }
    let command = match parse_line(&format!("send \"{}\"", quoted(&text)), Origin::Screen) {
        Ok(Some(Statement::Do { command, .. })) => command,
        Ok(_) => return Vec::new(),
        Err(error) => {
            compose.error = Some(error);
            return Vec::new();
        }
    };
    let actor = compose.actor.clone();
    model.overlay = None;
    let mut effects = ask::on(model, Some(actor), command);
    if model.compose_history.push(text.clone()) {
        effects.push(Effect::Remember {
            book: Book::Compose,
            line: text,
        });
    }
    effects
}

/// A quote that was typed is a quote; one with a backslash before it is one already.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut escaped = false;
    for c in text.chars() {
        if c == '"' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_need_no_escape_and_may_have_one() {
        assert_eq!(quoted(r#"say "x""#), r#"say \"x\""#);
        assert_eq!(quoted(r#"say \"x\""#), r#"say \"x\""#);
        assert_eq!(quoted(r#"back\\"x"#), r#"back\\\"x"#);
    }
}
