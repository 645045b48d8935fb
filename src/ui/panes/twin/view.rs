//! The pane itself: which lines there are at which width, and which of them stay when the room is short.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::forecasts::forecasts;
use super::parts::{Breadth, Row, Thickness};
use super::passing::Passing;
use super::scene::{End, Scene};
use super::{ends, listener};
use crate::journal::{Endpoint, EndpointId, Micros, World};
use crate::locale::{Locale, Pipe as Words};
use crate::ui::calls::Spelling;
use crate::ui::panes::line::{put, title};
use crate::ui::theme::Skin;
use crate::ui::visible;

/// What the pane is drawn from.
pub struct View<'a> {
    pub world: &'a World,
    /// The selected endpoint.
    pub this: EndpointId,
    /// The moment for which glow and countdowns are drawn.
    pub now: Micros,
    pub skin: Skin,
    pub locale: &'a Locale,
    /// The language of the calls beside the forecasts.
    pub spelling: Spelling,
    /// What stands on the wire between the two, oldest first; `None`: nobody sees the wire.
    pub passing: Option<Vec<Passing>>,
}

/// The keys that stand before the forecasts, in the order of `Verb::ALL`.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a>(pub [&'a str; 5]);

/// The keys as the built-in keymap has them.
impl Default for Keys<'_> {
    fn default() -> Self {
        Keys(["s", "r", "b", "c", "x"])
    }
}

/// Lines to spare from which on the pipes are drawn thick.
const ROOM_FOR_THICK: usize = 8;

/// The lines that the pane would like to have at this width.
pub fn height(width: u16, view: &View<'_>) -> u16 {
    let rows = rows(view, &Keys::default(), usize::from(width), Thickness::One).len();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// Draws the pane with the built-in keys before the forecasts.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    draw_with_keys(frame, area, view, &Keys::default());
}

/// Draws the pane with the keys that a user's keymap gives.
pub fn draw_with_keys(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, keys: &Keys<'_>) {
    let mut rows = rows(view, keys, usize::from(area.width), Thickness::One);
    if usize::from(area.height) >= rows.len() + ROOM_FOR_THICK {
        rows = self::rows(view, keys, usize::from(area.width), Thickness::Three);
    }
    while rows.len() > usize::from(area.height) {
        let last = rows
            .iter()
            .enumerate()
            .max_by_key(|(i, row)| (row.rank, *i));
        let Some((i, _)) = last else { break };
        rows.remove(i);
    }
    put(
        frame.buffer_mut(),
        area,
        rows.into_iter().map(|row| row.line),
    );
}

fn rows(view: &View<'_>, keys: &Keys<'_>, width: usize, thickness: Thickness) -> Vec<Row> {
    let (Some(e), Some(scene)) = (view.world.get(view.this), Scene::of(view.world, view.this))
    else {
        return vec![Row::new(
            0,
            title(&view.locale.say(Words::Nobody), "", width, view.skin),
        )];
    };
    let breadth = Breadth::of(width);
    let mut rows = vec![Row::new(8, heading(&scene, e, view, width))];
    if !e.has_halves() {
        rows.extend(listener::rows(e, view));
    } else {
        rows.extend(match breadth {
            Breadth::Wide | Breadth::Medium => ends::side_by_side(&scene, view, width, thickness),
            Breadth::Narrow => ends::stacked(&scene, view, width),
            Breadth::Tiny => ends::in_words(&scene, view, width),
        });
    }
    rows.extend(forecasts(view, keys, width, breadth));
    rows
}

fn heading(scene: &Scene<'_>, e: &Endpoint, view: &View<'_>, width: usize) -> Line<'static> {
    let name = |end: End<'_>| match end {
        End::Seen(e) => visible::text(&e.name, view.skin.glyphs.ascii).into_owned(),
        End::Unseen {
            address: Some(address),
            ..
        } => address.to_string(),
        End::Unseen { address: None, .. } => view.locale.say(Words::Peer).into_owned(),
    };
    let text = if e.has_halves() {
        let both = view.skin.glyphs.both_ways;
        format!("{} {both} {}", name(scene.left), name(scene.right))
    } else {
        name(End::Seen(e))
    };
    let right = if Breadth::of(width) == Breadth::Wide {
        view.spelling.word()
    } else {
        ""
    };
    title(&text, right, width, view.skin)
}
