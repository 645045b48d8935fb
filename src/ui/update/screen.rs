//! The verbs of the screen.

use super::turn::{say, say_word};
use super::{ask, compose, filter, journal, lesson, palette, scroll, wire};
use crate::command::Screen;
use crate::journal::{Endpoint, to_line};
use crate::locale::Screen as Words;
use crate::ui::calls::Spelling;
use crate::ui::columns::Column;
use crate::ui::effect::Effect;
use crate::ui::layout::{Page, Pane};
use crate::ui::message::Severity;
use crate::ui::model::{Model, Wanted};
use crate::ui::overlay::Overlay;
use crate::ui::panes::data;
use crate::ui::standing::pausing;
use crate::ui::theme::Theme;
use crate::ui::visible;

pub(super) fn run(model: &mut Model, verb: &Screen, line: &str) -> Vec<Effect> {
    match verb {
        Screen::Quit => vec![Effect::Quit],
        Screen::Suspend => vec![Effect::Suspend],
        Screen::Back => back(model),
        Screen::Help => open(model, Overlay::Help { top: 0 }),
        Screen::Palette(text) => palette::open(model, text),
        Screen::Filter(None) => filter::open(model),
        Screen::Filter(Some(text)) => filter::apply(model, text),
        Screen::Sort(by) => sort(model, by, line),
        Screen::Select(whom) => select(model, whom),
        Screen::Pane(which) => pane(model, which),
        Screen::Show(page) => show(model, page),
        Screen::Scroll(way) => scroll::by_word(model, way),
        Screen::Zoom => {
            model.zoomed = !model.zoomed;
            Vec::new()
        }
        Screen::Follow => {
            match model.focus {
                Pane::Ladder => model.on_ladder.from_end = 0,
                _ => model.log.from_end = 0,
            }
            Vec::new()
        }
        Screen::Compose => compose::open(model),
        Screen::Pause => match model.selected().map(pausing) {
            Some(command) => ask::on(model, None, command),
            None => Vec::new(),
        },
        Screen::Again => fresh_pair(model),
        Screen::Calls(word) => calls(model, word),
        Screen::Data(word) => data_mode(model, word),
        Screen::Copy => copy(model),
        Screen::Theme(word) => theme(model, word),
        Screen::Segment(which) => wire::segment(model, which),
        Screen::Details => {
            model.on_ladder.details = !model.on_ladder.details;
            Vec::new()
        }
        Screen::Time(word) => wire::time(model, word),
        Screen::Toggle(what) => wire::toggle(model, what),
        Screen::Motion(way) => wire::motion(model, way),
        Screen::Lesson(way) => lesson::by_word(model, way),
        Screen::Answer(number) => lesson::answer(model, *number),
        Screen::Present => lesson::present(model),
        Screen::Freeze => lesson::freeze(model),
    }
}

/// A new connected pair, whose client is selected as soon as it is there.
pub(super) fn fresh_pair(model: &mut Model) -> Vec<Effect> {
    model.wanted = Some(Wanted::FreshClient {
        from: model.world.endpoints().len(),
    });
    vec![Effect::FreshPair]
}

fn open(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    model.overlay = Some(overlay);
    Vec::new()
}

/// Closes what lies on top: overlay, zoom, filter, one at a time. It never quits.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    model.pending.clear();
    match model.overlay.take() {
        Some(Overlay::Filter { before, .. }) => return filter::apply(model, &before),
        Some(_) => {}
        None if model.focus == Pane::Ladder && model.on_ladder.details => {
            model.on_ladder.details = false;
        }
        None if model.zoomed => model.zoomed = false,
        None if !model.filter.is_empty() => return filter::clear(model),
        None => model.log.only = None,
    }
    Vec::new()
}

fn sort(model: &mut Model, by: &str, line: &str) -> Vec<Effect> {
    let sort = &mut model.rows.sort;
    match by {
        "reverse" => sort.reverse = !sort.reverse,
        "next" => {
            let next = sort.column.map_or(0, |column| column as usize + 1);
            sort.column = Column::ALL.get(next).copied();
        }
        word => match Column::parse(word) {
            Some(column) => sort.column = Some(column),
            None => {
                let columns: Vec<&str> = Column::ALL.iter().map(|c| c.word()).collect();
                let args = [
                    ("line", line.to_owned().into()),
                    ("columns", columns.join(", ").into()),
                ];
                let text = model.settings.locale.with(Words::NoSuchColumn, &args);
                return say(model, Severity::Failed, text);
            }
        },
    }
    model.rows.rebuild(&model.world);
    let sort = model.rows.sort;
    let locale = &model.settings.locale;
    let column = locale
        .say(sort.column.map_or(Words::ColumnCreated, Column::head))
        .into_owned();
    let word = if sort.reverse {
        Words::SortedBackwards
    } else {
        Words::Sorted
    };
    let text = locale.with(word, &[("column", column.into())]);
    say(model, Severity::Said, text)
}

fn select(model: &mut Model, whom: &str) -> Vec<Effect> {
    let rows = model.rows.len();
    let now = model
        .selected
        .and_then(|id| model.rows.position(id))
        .unwrap_or(0);
    let page = model.list_height().max(1);
    let row = match whom {
        "next" => now + 1,
        "previous" => now.saturating_sub(1),
        "first" => 0,
        "last" => rows,
        "page-down" => now + page,
        "page-up" => now.saturating_sub(page),
        "other" => return other(model),
        name => return select_named(model, name),
    };
    choose(model, row.min(rows.saturating_sub(1)));
    Vec::new()
}

/// Selects a row as a person does: from now on new rows do not take the selection away.
pub(super) fn choose(model: &mut Model, row: usize) {
    if let Some(id) = model.rows.at(row) {
        model.selected = Some(id);
        model.chosen = true;
        model.wanted = None;
        model.data_scroll = usize::MAX;
    }
}

fn other(model: &mut Model) -> Vec<Effect> {
    let Some(facing) = model.facing().map(|e| e.id) else {
        return say_word(model, Severity::Warned, Words::NoOtherEnd);
    };
    match model.rows.position(facing) {
        Some(row) => {
            choose(model, row);
            Vec::new()
        }
        None => say_word(model, Severity::Warned, Words::OtherEndFiltered),
    }
}

fn select_named(model: &mut Model, name: &str) -> Vec<Effect> {
    match model
        .world
        .by_name(name)
        .and_then(|e| model.rows.position(e.id))
    {
        Some(row) => {
            choose(model, row);
            Vec::new()
        }
        None => {
            let name = visible::text(name, model.settings.glyphs.ascii).into_owned();
            let text = model
                .settings
                .locale
                .with(Words::NoSuchRow, &[("name", name.into())]);
            say(model, Severity::Failed, text)
        }
    }
}

fn pane(model: &mut Model, which: &str) -> Vec<Effect> {
    if let Some(pane) = Pane::ALL.into_iter().find(|p| p.word() == which) {
        focus(model, pane);
        return Vec::new();
    }
    let shown: Vec<Pane> = model.layout.panes().collect();
    // Where only one pane has room, Tab walks through all of them.
    let ring = if shown.len() > 1 {
        shown
    } else {
        Pane::ALL.to_vec()
    };
    let at = ring.iter().position(|p| *p == model.focus).unwrap_or(0);
    let step = if which == "previous" {
        ring.len() - 1
    } else {
        1
    };
    focus(model, ring[(at + step) % ring.len()]);
    Vec::new()
}

/// Focuses a pane; where this page does not show it, another page does.
pub(super) fn focus(model: &mut Model, pane: Pane) {
    model.focus = pane;
    if model.layout.tile(pane).is_none() && !model.zoomed {
        model.page = match pane {
            Pane::Data => Page::Data,
            Pane::Ladder => Page::Ladder,
            Pane::Diagram => Page::Diagram,
            Pane::List | Pane::Twin | Pane::Log | Pane::Lesson => Page::Connections,
        };
    }
}

fn show(model: &mut Model, page: &str) -> Vec<Effect> {
    model.zoomed = false;
    (model.page, model.focus) = match page {
        "data" => (Page::Data, Pane::Data),
        "log" => (Page::Log, Pane::Log),
        "ladder" => (Page::Ladder, Pane::Ladder),
        "diagram" => (Page::Diagram, Pane::Diagram),
        _ => (Page::Connections, Pane::List),
    };
    Vec::new()
}

fn calls(model: &mut Model, word: &str) -> Vec<Effect> {
    let spelling = match word {
        "next" => model.settings.spelling.next(),
        word => Spelling::ALL
            .into_iter()
            .find(|s| s.word() == word)
            .unwrap_or(model.settings.spelling),
    };
    model.settings.spelling = spelling;
    model.spelling_chosen = true;
    let text = model
        .settings
        .locale
        .with(Words::CallsIn, &[("language", spelling.word().into())]);
    say(model, Severity::Said, text)
}

fn data_mode(model: &mut Model, word: &str) -> Vec<Effect> {
    model.data_mode = match (word, model.data_mode) {
        ("text", _) | ("next", data::Mode::Hex) => data::Mode::Text,
        ("hex", _) | ("next", data::Mode::Text) => data::Mode::Hex,
        (_, mode) => mode,
    };
    model.data_scroll = usize::MAX;
    Vec::new()
}

fn theme(model: &mut Model, word: &str) -> Vec<Effect> {
    let at = Theme::ALL
        .iter()
        .position(|t| *t == model.settings.theme)
        .unwrap_or(0);
    match word {
        "next" => model.settings.theme = Theme::ALL[(at + 1) % Theme::ALL.len()],
        word => match Theme::ALL.into_iter().find(|t| t.word() == word) {
            Some(theme) => model.settings.theme = theme,
            None => {
                let themes: Vec<&str> = Theme::ALL.iter().map(|t| t.word()).collect();
                let args = [("themes", themes.join(", ").into())];
                let text = model.settings.locale.with(Words::NoSuchTheme, &args);
                return say(model, Severity::Failed, text);
            }
        },
    }
    let text = model.settings.locale.with(
        Words::ThemeNow,
        &[("theme", model.settings.theme.word().into())],
    );
    say(model, Severity::Said, text)
}

/// The selected row in words, or the clicked line of the log as the journal writes it.
fn copy(model: &mut Model) -> Vec<Effect> {
    let clicked = model.log.selected.filter(|_| model.focus == Pane::Log);
    let event = clicked.and_then(|n| model.log.events.get(n));
    let Some(text) = event
        .map(to_line)
        .or_else(|| model.selected().map(row_in_words))
    else {
        return Vec::new();
    };
    say_word(model, Severity::Said, Words::Copied);
    vec![Effect::Copy(text)]
}

/// What the clipboard gets is as clean as what the screen shows.
fn row_in_words(e: &Endpoint) -> String {
    let address =
        |a: Option<std::net::SocketAddr>| a.map_or_else(|| "-".to_owned(), |a| a.to_string());
    format!(
        "{} {} {} {} send {} receive {} sent {} received {}",
        visible::text(&e.name, false),
        address(e.local),
        address(e.peer),
        e.state,
        e.send,
        e.receive,
        e.sent,
        e.received
    )
}

/// Rows were filtered or sorted anew: the selection follows.
pub(super) fn reselect(model: &mut Model, row_before: Option<usize>) {
    journal::follow_selection(model, row_before);
}
