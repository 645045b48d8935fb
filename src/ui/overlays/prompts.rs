//! The prompts of one line: filter and compose.

use ratatui::Frame;
use tui_input::Input;

use super::palette;
use crate::locale::Screen;
use crate::ui::layout::Pane;
use crate::ui::model::Model;
use crate::ui::overlay::Compose;
use crate::ui::visible;
use crate::ui::widgets::prompt;

pub fn filter(frame: &mut Frame<'_>, model: &Model, input: &Input) {
    let word = if model.focus == Pane::Log {
        Screen::PromptLog
    } else {
        Screen::PromptFilter
    };
    let mark = format!(" {} ", model.settings.locale.say(word));
    prompt::draw(frame, model.layout.prompt(), &mark, input, model.skin());
}

pub fn compose(frame: &mut Frame<'_>, model: &Model, compose: &Compose) {
    let name = visible::text(&compose.actor, model.settings.glyphs.ascii).into_owned();
    let mark = format!(
        " {} ",
        model
            .settings
            .locale
            .with(Screen::PromptCompose, &[("name", name.into())])
    );
    prompt::draw(
        frame,
        model.layout.prompt(),
        &mark,
        &compose.input,
        model.skin(),
    );
    // The column of the mistake belongs to the whole line; the text alone is on the screen.
    match (&compose.error, compose.refused.as_ref(), &model.notice) {
        (_, Some(why), _) => palette::sentence(frame, model, why),
        (Some(error), None, _) => palette::sentence(frame, model, &error.to_string()),
        (None, None, Some(notice)) => palette::sentence(frame, model, &notice.text),
        (None, None, None) => {}
    }
}
