//! One turn of the circle: a message in, effects out.

use super::{compose, filter, journal, key, lesson, mouse, palette};
use crate::journal::Micros;
use crate::locale::{Fault, Screen, Word};
use crate::ui::effect::Effect;
use crate::ui::message::{Msg, Refusal, Severity};
use crate::ui::model::{Model, Notice};
use crate::ui::overlay::Overlay;
use crate::ui::visible;

/// Changes the Model as the message says. What must happen outside comes back as effects, in order.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let effects = match msg {
        Msg::Key(event) => key::press(model, event),
        Msg::Mouse(event) => mouse::event(model, event),
        Msg::Paste(text) => paste(model, &text),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            model.dirty = true;
            Vec::new()
        }
        Msg::Journal(events) => journal::fold(model, events),
        Msg::Dropped(count) => journal::forget(model, count),
        Msg::Tick(now) => tick(model, now),
        Msg::Refused(refusal) => {
            let text = refused(model, &refusal);
            say(model, Severity::Failed, text)
        }
        Msg::Notice(severity, text) => {
            let text = visible::text(&text, model.settings.glyphs.ascii).into_owned();
            say(model, severity, text)
        }
        Msg::Recording(file) => {
            model.settings.recording = file;
            model.dirty = true;
            Vec::new()
        }
        Msg::Lesson { lesson, key } => lesson::open(model, lesson, key),
        Msg::Lessons(rows) => lesson::list(model, rows),
        Msg::Starting => lesson::starting(model),
        Msg::Played => lesson::played(model),
        Msg::Fresh => lesson::fresh(model),
    };
    let mut effects = lesson::notice(model, effects);
    effects.extend(lesson::wants(model));
    if model.dirty {
        model.arrange();
    }
    effects
}

/// Puts a word on the message line.
pub(super) fn say(model: &mut Model, severity: Severity, text: String) -> Vec<Effect> {
    model.notice = Some(Notice { severity, text });
    model.dirty = true;
    Vec::new()
}

/// Puts a word of the catalogue on the message line.
pub(super) fn say_word(model: &mut Model, severity: Severity, word: impl Word) -> Vec<Effect> {
    let text = model.settings.locale.say(word).into_owned();
    say(model, severity, text)
}

/// Time passed: draw anew only if something on the screen depends on it.
fn tick(model: &mut Model, now: Micros) -> Vec<Effect> {
    let due = model.next_wake().is_some_and(|wake| wake <= now);
    model.now = model.now.max(now);
    if let Some(course) = &mut model.course {
        course.runner.tick(model.now, &model.world);
    }
    let settled = model.glow.settle(model.now);
    model.dirty |= due || settled;
    Vec::new()
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match &model.overlay {
        Some(Overlay::Palette(_)) => palette::paste(model, text),
        Some(Overlay::Filter { .. }) => filter::paste(model, text),
        Some(Overlay::Compose(_)) => compose::paste(model, text),
        // A paste outside a prompt is not a row of keys: nobody means to close ten sockets by it.
        Some(Overlay::Help { .. } | Overlay::Confirm { .. } | Overlay::Lessons(_)) | None => {
            say_word(model, Severity::Warned, Screen::PasteNowhere)
        }
    }
}

/// Why the engine made no call, in words.
fn refused(model: &Model, refusal: &Refusal) -> String {
    let locale = &model.settings.locale;
    let foreign = |text: &str| visible::text(text, model.settings.glyphs.ascii).into_owned();
    match refusal {
        Refusal::NoSuchEndpoint { name } => {
            locale.with(Fault::NoSuchEndpoint, &[("name", foreign(name).into())])
        }
        Refusal::NameTaken { name } => {
            locale.with(Fault::NameTaken, &[("name", foreign(name).into())])
        }
        Refusal::NoDescriptor { name } => {
            locale.with(Fault::NoDescriptor, &[("name", foreign(name).into())])
        }
        Refusal::InProcess { name, pid } => locale.with(
            Screen::WhyInProcess,
            &[
                ("name", foreign(name).into()),
                ("pid", pid.to_string().into()),
            ],
        ),
        Refusal::NoProcess { name } => {
            locale.with(Screen::WhyNoProcess, &[("name", foreign(name).into())])
        }
        Refusal::TooMany { limit } => locale.with(Fault::TooMany, &[("limit", (*limit).into())]),
        Refusal::Other { name, why } => locale.with(
            Fault::Other,
            &[("name", foreign(name).into()), ("why", foreign(why).into())],
        ),
    }
}
