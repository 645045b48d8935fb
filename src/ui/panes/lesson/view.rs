//! The pane itself: title, the part of the text that is seen, and the listing pinned below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::code;
use super::page::lines;
use crate::lesson::{Api, Runner};
use crate::locale::{Lesson, Locale};
use crate::ui::keymap::Keymap;
use crate::ui::layout::Tile;
use crate::ui::panes::line::{put, title};
use crate::ui::theme::Skin;
use crate::ui::widgets::text::{cells, cut};

/// What the pane is drawn from.
pub struct View<'a> {
    pub runner: &'a Runner,
    /// Lines above the first one that is seen; `None` follows the step that is next.
    pub scroll: Option<usize>,
    pub keymap: &'a Keymap,
    /// The interface whose calls are wanted.
    pub api: Api,
    /// More air, for a projector.
    pub roomy: bool,
    pub skin: Skin,
    pub locale: &'a Locale,
}

/// Strokes and blanks of the title line.
const FRAME: u16 = 9;

/// Draws the pane.
pub fn draw(frame: &mut Frame<'_>, tile: &Tile, view: &View<'_>) {
    put(
        frame.buffer_mut(),
        tile.rule,
        [heading(view, usize::from(tile.rule.width))],
    );
    let (text, listing) = split(tile.body, view);
    let width = usize::from(text.width);
    let page = lines(view, width);
    let top = top(
        &page.lines,
        &page.focus,
        view.scroll,
        usize::from(text.height),
    );
    put(frame.buffer_mut(), text, page.lines.into_iter().skip(top));
    if !listing.is_empty() {
        put(frame.buffer_mut(), listing, code::lines(view, listing));
    }
}

/// Cells for the text: so wide, so high.
pub fn room(body: Rect, view: &View<'_>) -> (usize, usize) {
    let (text, _) = split(body, view);
    (usize::from(text.width), usize::from(text.height))
}

/// The first line that is seen: the step that is next stands on the screen, and its end before its beginning.
pub fn first_line(view: &View<'_>, body: Rect) -> usize {
    let (width, height) = room(body, view);
    let page = lines(view, width);
    top(&page.lines, &page.focus, view.scroll, height)
}

fn top(
    lines: &[Line<'_>],
    focus: &std::ops::Range<usize>,
    scroll: Option<usize>,
    height: usize,
) -> usize {
    let last = lines.len().saturating_sub(height);
    match scroll {
        Some(top) => top.min(last),
        // Where it is longer than the pane, its beginning is read first.
        None => focus
            .end
            .saturating_sub(height)
            .min(focus.start)
            .min(last.max(focus.start)),
    }
}

fn split(body: Rect, view: &View<'_>) -> (Rect, Rect) {
    let most = body.height / 3;
    let wanted = code::height(view);
    let height = if most < 4 { 0 } else { wanted.min(most) };
    let text = Rect {
        height: body.height - height,
        ..body
    };
    let listing = Rect {
        y: text.bottom(),
        height,
        ..body
    };
    (text, listing)
}

fn heading(view: &View<'_>, width: usize) -> Line<'static> {
    let locale = view.locale;
    let about = &view.runner.lesson().about;
    let (done, of) = view.runner.progress();
    let args = [("done", done.into()), ("of", of.into())];
    let right = locale.with(Lesson::Progress, &args);
    // How far one has come is never cut off by what it is called.
    let word = locale.say(Lesson::Title);
    let frame = cells(&word) + cells(&right) + FRAME;
    let room = width.saturating_sub(usize::from(frame));
    let named = cut(&about.title, room, view.skin.glyphs);
    let left = format!("{word}  {named}");
    title(&left, &right, width, view.skin)
}
