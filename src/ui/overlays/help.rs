//! The help: every key in its group with its call, the keys of the prompts, the verbs, and the shapes of the halves.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::command::{Scope, Statement, VERBS};
use crate::locale::{Locale, Screen};
use crate::tcp::{RecvHalf, SendHalf};
use crate::ui::keymap::{Binding, Place};
use crate::ui::labels::{self, Group};
use crate::ui::model::Model;
use crate::ui::panes::list::cells::{receive_half, send_half};
use crate::ui::standing::Standing;
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;
use crate::ui::widgets::popup;
use crate::ui::widgets::text::{cell, cut_own, width};

/// Cells for keys and for what they do; the call gets the rest.
const KEYS: usize = 22;
const LABEL: usize = 25;

/// Where the help lies.
pub fn area(model: &Model) -> Rect {
    model.layout.middle(100, u16::MAX)
}

pub fn draw(frame: &mut Frame<'_>, model: &Model, top: usize) {
    let area = area(model);
    if area.height < 3 || area.width < 4 {
        return;
    }
    let skin = model.skin();
    let lines = lines(model);
    let height = usize::from(area.height - 2);
    let last = lines.len().saturating_sub(height);
    let top = top.min(last);
    let title = model.settings.locale.say(Screen::HelpTitle);
    let more = if top < last {
        format!("{title} {}", model.settings.locale.say(Screen::HelpMore))
    } else {
        title.into_owned()
    };
    let inside = popup::open(frame, area, &more, skin);
    for (y, line) in (inside.y..inside.bottom()).zip(lines.into_iter().skip(top)) {
        frame.render_widget(
            line,
            Rect {
                y,
                height: 1,
                ..inside
            },
        );
    }
}

/// The whole text.
pub fn lines(model: &Model) -> Vec<Line<'static>> {
    let room = usize::from(area(model).width).saturating_sub(4);
    let locale = &model.settings.locale;
    let skin = model.skin();
    let mut out = Vec::new();
    for group in Group::ALL {
        heading(&mut out, locale, skin, group.title());
        out.extend(
            keys_of(model, group)
                .iter()
                .map(|row| key_line(model, row, room)),
        );
    }
    heading(&mut out, locale, skin, Screen::HelpPrompts);
    for word in [Screen::EditPalette, Screen::EditFilter, Screen::EditCompose] {
        out.push(Line::styled(
            format!(" {}", cut_own(&locale.say(word), room, skin.glyphs)),
            skin.style(Ink::Text),
        ));
    }
    heading(&mut out, locale, skin, Screen::HelpHalves);
    out.extend(halves(locale, skin, room));
    heading(&mut out, locale, skin, Screen::HelpVerbs);
    out.extend(verbs(skin, room));
    out
}

fn heading(out: &mut Vec<Line<'static>>, locale: &Locale, skin: Skin, word: Screen) {
    if !out.is_empty() {
        out.push(Line::default());
    }
    out.push(Line::styled(
        format!(" {}", locale.say(word)),
        skin.style(Ink::Title),
    ));
}

/// What one line of the help is made of: all keys that run the same line in the same place.
struct Row<'a> {
    keys: String,
    first: &'a Binding,
    statement: &'a Statement,
}

fn keys_of(model: &Model, group: Group) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for binding in model.settings.keymap.rows() {
        let Some(statement) = binding.statement.as_ref().filter(|s| Group::of(s) == group) else {
            continue;
        };
        match rows
            .iter_mut()
            .find(|r| r.first.statement == binding.statement && r.first.place == binding.place)
        {
            Some(row) => {
                row.keys.push(' ');
                row.keys.push_str(&binding.keys());
            }
            None => rows.push(Row {
                keys: binding.keys(),
                first: binding,
                statement,
            }),
        }
    }
    rows
}

fn key_line(model: &Model, row: &Row<'_>, room: usize) -> Line<'static> {
    let skin = model.skin();
    let greyed = matches!(
        Standing::of(model, row.statement),
        Standing::Idle(_) | Standing::Refused(_)
    );
    let label = labels::label(model, row.statement, &row.first.run);
    let label = match row.first.place {
        Place::Everywhere | Place::Connections => label,
        place => format!("{label} ({})", place.word()),
    };
    let label = visible::text(&label, skin.glyphs.ascii).into_owned();
    let call = labels::call(model, row.statement);
    let (key_ink, label_ink) = if greyed {
        (Ink::Greyed, Ink::Greyed)
    } else {
        (Ink::Key, Ink::Text)
    };
    let call = cut_own(&call, room.saturating_sub(KEYS + LABEL + 4), skin.glyphs);
    Line::from(vec![
        Span::styled(
            format!("  {}", cell(&row.keys, KEYS, skin.glyphs)),
            skin.style(key_ink),
        ),
        Span::styled(
            format!(" {} ", cell(&label, LABEL.min(room), skin.glyphs)),
            skin.style(label_ink),
        ),
        Span::styled(call, skin.style(Ink::App)),
    ])
}

/// Every shape with its word and its meaning.
fn halves(locale: &Locale, skin: Skin, room: usize) -> Vec<Line<'static>> {
    let send = [
        (SendHalf::Open, Screen::HalfSendOpen),
        (SendHalf::FinQueued { ahead: 0 }, Screen::HalfFinQueued),
        (SendHalf::FinSent, Screen::HalfFinSent),
        (SendHalf::FinAcked, Screen::HalfFinAcked),
        (SendHalf::Reset, Screen::HalfReset),
        (SendHalf::Gone, Screen::HalfGone),
    ];
    let receive = [
        (RecvHalf::Open, Screen::HalfReceiveOpen),
        (
            RecvHalf::FinReceived { shut: false },
            Screen::HalfFinReceived,
        ),
        (RecvHalf::EofRead, Screen::HalfEofRead),
        (RecvHalf::Shut, Screen::HalfShut),
    ];
    let send = send
        .into_iter()
        .map(|(half, word)| (send_half(half, skin.glyphs), word));
    let receive = receive
        .into_iter()
        .map(|(half, word)| (receive_half(half, skin.glyphs), word));
    send.chain(receive)
        .map(|(shape, word)| {
            let meaning = cut_own(
                &locale.say(word),
                room.saturating_sub(KEYS + 2),
                skin.glyphs,
            );
            Line::from(vec![
                Span::styled(
                    format!("  {} ", cell(&shape.text, KEYS, skin.glyphs)),
                    skin.style(shape.ink),
                ),
                Span::styled(meaning, skin.style(Ink::Text)),
            ])
        })
        .collect()
}

/// The verbs of the command line.
fn verbs(skin: Skin, room: usize) -> Vec<Line<'static>> {
    VERBS
        .iter()
        .filter(|row| row.scope != Scope::Script)
        .map(|row| {
            let head = format!("{}{} {}", row.scope.prefix(), row.name, row.pattern);
            let head = cell(&head, width(&head).max(KEYS).min(room / 2), skin.glyphs);
            let doc = cut_own(row.doc, room.saturating_sub(width(&head) + 3), skin.glyphs);
            Line::from(vec![
                Span::styled(format!("  {head} "), skin.style(Ink::Key)),
                Span::styled(doc, skin.style(Ink::Text)),
            ])
        })
        .collect()
}
