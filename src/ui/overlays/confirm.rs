//! One question before another program's connection is broken.

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use crate::command::Command;
use crate::locale::Screen;
use crate::ui::model::Model;
use crate::ui::theme::Ink;
use crate::ui::visible;
use crate::ui::widgets::popup;

pub fn draw(frame: &mut Frame<'_>, model: &Model, actor: &str, command: &Command) {
    let locale = &model.settings.locale;
    let skin = model.skin();
    let foreign = |text: &str| visible::text(text, skin.glyphs.ascii).into_owned();
    let area = model.layout.middle(64, 5);
    let inside = popup::open(frame, area, &locale.say(Screen::ConfirmTitle), skin);
    let args = [
        ("name", foreign(actor).into()),
        ("command", foreign(&command.to_string()).into()),
    ];
    let question = Line::styled(
        locale.with(Screen::ConfirmQuestion, &args),
        skin.style(Ink::Text),
    );
    frame.render_widget(Paragraph::new(question).wrap(Wrap { trim: true }), inside);
}
