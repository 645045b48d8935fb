//! The keys at the bottom: only those that do something now, the most used first, a closing verb greyed in its place.
//!
//! The same list is drawn and clicked.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::command::{Screen, Statement};
use crate::locale::Screen as Words;
use crate::ui::keymap::Binding;
use crate::ui::labels;
use crate::ui::layout::Pane;
use crate::ui::model::Model;
use crate::ui::overlay::Overlay;
use crate::ui::standing::Standing;
use crate::ui::theme::Ink;
use crate::ui::widgets::text::{cells, cut, cut_own};

/// One key of the footer.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    pub binding: &'a Binding,
    pub keys: String,
    pub label: String,
    /// The system call, where there was room for it.
    pub call: String,
    pub greyed: bool,
    /// Offset from the left edge.
    pub x: u16,
    pub width: u16,
}

/// Between two keys.
const GAP: u16 = 2;

/// The keys of an open prompt; they are those of every line editor and stand in no table.
fn editing(model: &Model) -> Option<Words> {
    match model.overlay.as_ref()? {
        Overlay::Palette(_) => Some(Words::EditPalette),
        Overlay::Filter { .. } if model.focus == Pane::Log => Some(Words::EditLog),
        Overlay::Filter { .. } => Some(Words::EditFilter),
        Overlay::Compose(compose) if compose.refused.is_some() => Some(Words::EditNowhere),
        Overlay::Compose(_) => Some(Words::EditCompose),
        Overlay::Confirm { .. } => Some(Words::EditConfirm),
        Overlay::Help { .. } | Overlay::Lessons(_) => None,
    }
}

/// The keys that find room in so many cells.
pub fn keys(model: &Model, width: u16) -> Vec<Key<'_>> {
    if editing(model).is_some() {
        return Vec::new();
    }
    let mut kept = chosen(offered(model), width);
    let used: u16 = kept.iter().map(|k| k.width + GAP).sum();
    add_calls(model, &mut kept, width.saturating_sub(used));
    let mut x = 1;
    for key in &mut kept {
        key.x = x;
        x += key.width + GAP;
    }
    kept
}

/// Every row that may stand in the footer now, each statement once.
fn offered(model: &Model) -> Vec<Key<'_>> {
    let places = model.places();
    let glyphs = model.settings.glyphs;
    let mut keys: Vec<Key<'_>> = Vec::new();
    for binding in model.settings.keymap.rows() {
        let Some(statement) = &binding.statement else {
            continue;
        };
        if !places.contains(&binding.place) || !worth_a_key(statement) {
            continue;
        }
        if keys
            .iter()
            .any(|k| k.binding.statement == binding.statement)
        {
            continue;
        }
        let greyed = match Standing::of(model, statement) {
            Standing::Ready => false,
            // Keys of a wire that is not there, or that has nothing to do, would only take room.
            Standing::Idle(_) | Standing::Refused(_)
                if labels::Group::of(statement) == labels::Group::Wire =>
            {
                continue;
            }
            Standing::Idle(_) | Standing::Refused(_) => true,
            Standing::Pointless => continue,
        };
        let name = binding.keys();
        let label = cut(&labels::label(model, statement, &binding.run), 24, glyphs);
        let width = cells(&name) + 1 + cells(&label);
        keys.push(Key {
            binding,
            keys: name,
            label,
            call: String::new(),
            greyed,
            x: 0,
            width,
        });
    }
    keys
}

/// Keys that everybody knows, and those for the third row of a table, would only take room.
fn worth_a_key(statement: &Statement) -> bool {
    match statement {
        Statement::Screen(screen) => match screen {
            Screen::Select(word) => word == "other",
            Screen::Pane(word) | Screen::Sort(word) | Screen::Data(word) | Screen::Calls(word) => {
                word == "next"
            }
            Screen::Scroll(_)
            | Screen::Show(_)
            | Screen::Theme(_)
            | Screen::Suspend
            | Screen::Copy => false,
            Screen::Segment(which) => which == "discard",
            // The pane of the lesson says which numbers answer.
            Screen::Answer(_) => false,
            Screen::Present | Screen::Freeze => false,
            _ => true,
        },
        Statement::Do { .. } | Statement::Wire(_) | Statement::Lab(_) => true,
        Statement::Expect(_) | Statement::Wait(_) => false,
    }
}

/// Lets keys go until the rest fits: greyed ones first, then the least used. Help and quit stay longest.
fn chosen(mut keys: Vec<Key<'_>>, width: u16) -> Vec<Key<'_>> {
    let needs = |keys: &[Key<'_>]| {
        1 + keys
            .iter()
            .map(|k| k.width + GAP)
            .sum::<u16>()
            .saturating_sub(GAP)
    };
    let rank = |key: &Key<'_>| match &key.binding.statement {
        Some(Statement::Screen(Screen::Help)) => 0,
        Some(Statement::Screen(Screen::Quit)) => 1,
        _ if key.greyed => 3,
        _ => 2,
    };
    while needs(&keys) > width {
        let Some(worst) = keys.iter().map(rank).max() else {
            break;
        };
        let Some(at) = keys.iter().rposition(|k| rank(k) == worst) else {
            break;
        };
        keys.remove(at);
    }
    keys
}

/// Where room is left, the call stands beside its verb.
fn add_calls(model: &Model, keys: &mut [Key<'_>], mut room: u16) {
    for key in keys {
        let Some(statement) = &key.binding.statement else {
            continue;
        };
        let call = labels::call(model, statement);
        let cost = cells(&call) + 1;
        if !call.is_empty() && cost <= room {
            room -= cost;
            key.width += cost;
            key.call = call;
        }
    }
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    if area.is_empty() {
        return;
    }
    let skin = model.skin();
    if let Some(words) = editing(model) {
        let words = cut_own(
            &model.settings.locale.say(words),
            usize::from(area.width).saturating_sub(1),
            skin.glyphs,
        );
        return frame.render_widget(
            Line::styled(format!(" {words}"), skin.style(Ink::Dim)),
            area,
        );
    }
    let mut spans = vec![Span::raw(" ")];
    for (at, key) in keys(model, area.width).into_iter().enumerate() {
        if at > 0 {
            spans.push(Span::raw(" ".repeat(usize::from(GAP))));
        }
        let (key_ink, label_ink) = if key.greyed {
            (Ink::Greyed, Ink::Greyed)
        } else {
            (Ink::Key, Ink::Text)
        };
        spans.push(Span::styled(key.keys, skin.style(key_ink)));
        spans.push(Span::styled(
            format!(" {}", key.label),
            skin.style(label_ink),
        ));
        if !key.call.is_empty() {
            spans.push(Span::styled(format!(" {}", key.call), skin.style(Ink::Dim)));
        }
    }
    frame.render_widget(Line::from(spans), area);
}

/// The key under a column of the footer.
pub fn hit(model: &Model, width: u16, column: u16) -> Option<(Statement, String)> {
    let key = keys(model, width)
        .into_iter()
        .find(|k| (k.x..k.x + k.width).contains(&column))?;
    Some((key.binding.statement.clone()?, key.binding.run.clone()))
}
