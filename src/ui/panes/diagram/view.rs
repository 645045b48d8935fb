//! The pane itself: which size fits, the picture from its table, the text beside or below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::grid::{Grid, walk};
use super::next::{self, Room};
use super::path::{Path, Paths};
use super::shape::{EDGES, Edge, Label, NODES, Node, Size};
use super::tokens::{Token, tokens};
use crate::journal::{EndpointId, Micros, World};
use crate::locale::{Locale, Wire};
use crate::tcp::{Cause, State};
use crate::ui::panes::ladder::Pair;
use crate::ui::panes::line::{fit, put, title};
use crate::ui::theme::{Ink, Skin};
use crate::ui::widgets::text::{cut_own, width as cells};

/// What the pane is drawn from.
pub struct View<'a> {
    pub world: &'a World,
    pub paths: &'a Paths,
    pub pair: &'a Pair,
    /// The selected endpoint.
    pub this: Option<EndpointId>,
    pub now: Micros,
    pub skin: Skin,
    pub locale: &'a Locale,
}

/// Cells of text that stand beside a picture at least.
const BESIDE: u16 = 26;

/// Draws the pane.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    if area.is_empty() {
        return;
    }
    let tokens = tokens(view);
    let heading = heading(view, &tokens, usize::from(area.width));
    put(frame.buffer_mut(), area, [heading]);
    let body = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    let Some(size) = fitting(body) else {
        return put(frame.buffer_mut(), body, in_words(view, &tokens, body));
    };
    let picture = Rect {
        width: size.width(),
        height: size.height(),
        ..body
    };
    grid(view, &tokens, size).put(frame.buffer_mut(), picture);
    let beside = body.width >= size.width() + BESIDE;
    let said = if beside {
        Rect {
            x: body.x + size.width(),
            width: body.width - size.width(),
            ..body
        }
    } else {
        Rect {
            y: body.y + size.height(),
            height: body.height.saturating_sub(size.height()),
            ..body
        }
    };
    let room = if beside { Room::Tall } else { Room::Flat };
    let lines = next::lines(view, &tokens, usize::from(said.width), room);
    put(frame.buffer_mut(), said, lines);
}

/// The larger picture where it fits with its text.
fn fitting(body: Rect) -> Option<Size> {
    let fits = |size: Size, below: u16| {
        let beside = body.width >= size.width() + BESIDE;
        let height = if beside {
            size.height()
        } else {
            size.height() + below
        };
        body.width >= size.width() && body.height >= height
    };
    if fits(Size::Large, 4) {
        Some(Size::Large)
    } else {
        fits(Size::Small, 2).then_some(Size::Small)
    }
}

fn heading(view: &View<'_>, tokens: &[Option<Token<'_>>; 2], width: usize) -> Line<'static> {
    let names: Vec<&str> = tokens.iter().flatten().map(|t| t.name.as_str()).collect();
    let names = names.join(&format!(" {} ", view.skin.glyphs.both_ways));
    let text = view
        .locale
        .with(Wire::DiagramTitle, &[("names", names.into())]);
    title(&text, "RFC 9293, figure 5", width, view.skin)
}

/// Where no picture fits: the states by name, those that someone is in marked.
fn in_words(view: &View<'_>, tokens: &[Option<Token<'_>>; 2], body: Rect) -> Vec<Line<'static>> {
    let width = usize::from(body.width);
    let mut lines = next::lines(view, tokens, width, Room::Flat);
    if lines.len() + 3 > usize::from(body.height) {
        return lines;
    }
    let mut row: Vec<Span<'static>> = Vec::new();
    for state in State::ALL {
        let here: String = tokens
            .iter()
            .flatten()
            .filter(|t| t.endpoint.state == state)
            .map(|t| t.glyph)
            .collect();
        let ink = if here.is_empty() {
            Ink::Dim
        } else {
            Ink::Kernel
        };
        let word = Span::styled(format!(" {here}{state}"), view.skin.style(ink));
        let used: usize = row.iter().map(|s| cells(&s.content)).sum();
        if used + cells(&word.content) > width && !row.is_empty() {
            let full = std::mem::take(&mut row);
            lines.push(Line::from(fit(full, width, view.skin)));
        }
        row.push(word);
    }
    lines.push(Line::from(fit(row, width, view.skin)));
    lines
}

/// What a transition is now, the weightiest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Plain,
    /// It could be the next step of the selected end.
    Next,
    /// The other end has taken it.
    TakenByOther,
    /// The selected end has taken it.
    Taken,
}

fn rank(edge: &Edge, tokens: &[Option<Token<'_>>; 2]) -> Rank {
    let took = |path: &Path| {
        path.took(edge.from.state, edge.to.state)
            // On Linux an accepted socket begins at CLOSED, not at LISTEN.
            || (edge.from.state == State::Listen
                && edge.cause == Cause::Syn
                && path.took(State::Closed, edge.to.state))
    };
    let by = |selected: bool| {
        tokens
            .iter()
            .flatten()
            .filter(|t| t.selected == selected)
            .any(|t| t.path.is_some_and(took))
    };
    let next = tokens
        .iter()
        .flatten()
        .any(|t| t.selected && t.node == edge.from && !t.endpoint.gone);
    if by(true) {
        Rank::Taken
    } else if by(false) {
        Rank::TakenByOther
    } else if next {
        Rank::Next
    } else {
        Rank::Plain
    }
}

fn grid(view: &View<'_>, tokens: &[Option<Token<'_>>; 2], size: Size) -> Grid {
    let skin = view.skin;
    let mut grid = Grid::new(size.width(), size.height(), skin);
    let mut edges: Vec<(Rank, &Edge)> = EDGES.iter().map(|e| (rank(e, tokens), e)).collect();
    edges.sort_by_key(|(rank, _)| *rank);
    for (rank, edge) in &edges {
        let corners: Vec<_> = edge.corners.iter().map(|c| size.at(*c)).collect();
        let heavy = *rank >= Rank::TakenByOther;
        grid.line(&corners, heavy, style(*rank, skin));
    }
    for (node, corner) in NODES {
        let (x, y) = size.at(corner);
        draw_node(&mut grid, view, tokens, node, place(node, x, y, size), size);
    }
    for (rank, edge) in &edges {
        head(&mut grid, edge, size, style(*rank, skin), skin);
        label(&mut grid, view, edge, size, style(*rank, skin));
    }
    grid
}

fn style(rank: Rank, skin: Skin) -> Style {
    match rank {
        Rank::Plain => skin.style(Ink::Dim),
        Rank::Next => skin.style(Ink::Open),
        Rank::TakenByOther => skin.style(Ink::Text),
        Rank::Taken => skin.style(Ink::Kernel),
    }
}

/// Cells at each side of a word on the small picture, for the tokens.
const TOKEN: u16 = 3;
/// Half a box of the large picture.
const HALF: u16 = 8;

/// The cells of a state.
fn place(node: Node, x: u16, y: u16, size: Size) -> Rect {
    match size {
        Size::Small => {
            let word = u16::try_from(node.state.name().len()).unwrap_or(0);
            Rect {
                x: (x - word / 2).saturating_sub(TOKEN),
                y,
                width: word + 2 * TOKEN,
                height: 1,
            }
        }
        Size::Large => Rect {
            x: x - HALF,
            y: y - 1,
            width: 2 * HALF + 1,
            height: 3,
        },
    }
}

fn draw_node(
    grid: &mut Grid,
    view: &View<'_>,
    tokens: &[Option<Token<'_>>; 2],
    node: Node,
    area: Rect,
    size: Size,
) {
    let skin = view.skin;
    let here = |t: &&Token<'_>| t.node == node;
    let [left, right] = tokens.each_ref().map(|t| t.as_ref().filter(here));
    let visited = tokens
        .iter()
        .flatten()
        .any(|t| t.node == node || (!node.ends && t.path.is_some_and(|p| p.visited(node.state))));
    let occupied = left.is_some() || right.is_some();
    let fresh = [left, right].into_iter().flatten().any(|t| t.fresh);
    let word = match (occupied, visited) {
        (true, _) => skin.style(Ink::Title).patch(skin.style(Ink::Kernel)),
        (false, true) => skin.style(Ink::Text),
        (false, false) => skin.style(Ink::Dim),
    };
    let word = if fresh {
        word.patch(skin.style(Ink::Glow))
    } else {
        word
    };
    let name = node.state.name();
    let ink = |t: &Token<'_>| skin.style(if t.selected { Ink::Key } else { Ink::Title });
    grid.clear(area);
    match size {
        Size::Small => {
            grid.text((area.x + TOKEN, area.y), name, word);
            if let Some(t) = left {
                grid.text((area.x, area.y), &t.short(), ink(t));
            }
            if let Some(t) = right {
                grid.text((area.right() - TOKEN + 1, area.y), &t.short(), ink(t));
            }
        }
        Size::Large => {
            let border = if occupied {
                skin.style(Ink::Kernel)
            } else {
                skin.style(Ink::Dim)
            };
            grid.border(area, occupied, border);
            let length = u16::try_from(name.len()).unwrap_or(0);
            let x = area.x + (area.width.saturating_sub(length)) / 2;
            grid.text((x, area.y + 1), name, word);
            // The left end's name in the upper border, the right end's in the lower.
            for (t, y) in [(left, area.y), (right, area.bottom() - 1)] {
                let Some(t) = t else { continue };
                let room = usize::from(area.width).saturating_sub(4);
                let text = cut_own(&format!(" {} {} ", t.glyph, t.name), room, skin.glyphs);
                grid.text((area.x + 2, y), &text, ink(t));
            }
        }
    }
}

/// The arrowhead stands on the last cell before the state that the way leads to.
fn head(grid: &mut Grid, edge: &Edge, size: Size, style: Style, skin: Skin) {
    let corners: Vec<_> = edge.corners.iter().map(|c| size.at(*c)).collect();
    let Some((node, corner)) = NODES.iter().find(|(node, _)| *node == edge.to) else {
        return;
    };
    let (x, y) = size.at(*corner);
    let target = place(*node, x, y, size);
    let way = walk(&corners);
    let Some(last) = way
        .iter()
        .rposition(|at| !target.contains((at.0, at.1).into()))
    else {
        return;
    };
    let Some(next) = way.get(last + 1) else {
        return;
    };
    let at = way[last];
    let glyph = if next.0 > at.0 {
        skin.glyphs.arrow_right
    } else if next.0 < at.0 {
        skin.glyphs.arrow_left
    } else if next.1 > at.1 {
        skin.glyphs.arrow_down
    } else {
        skin.glyphs.arrow_up
    };
    grid.text(at, glyph, style);
}

fn label(grid: &mut Grid, view: &View<'_>, edge: &Edge, size: Size, style: Style) {
    let word = match edge.cause {
        Cause::PassiveOpen => Wire::LabelListen,
        Cause::ActiveOpen => Wire::LabelConnect,
        Cause::Syn => Wire::LabelSyn,
        Cause::SynAck => Wire::LabelSynAck,
        Cause::AckOfSyn => Wire::LabelAckOfSyn,
        Cause::Close => Wire::LabelClose,
        Cause::Fin => Wire::LabelFin,
        Cause::AckOfFin => Wire::LabelAckOfFin,
        Cause::FinAndAckOfFin => Wire::LabelFinAndAck,
        Cause::Reset | Cause::Timeout => Wire::LabelTwoMsl,
    };
    let word = view.locale.say(word);
    let length = u16::try_from(cells(&word)).unwrap_or(0);
    match edge.label {
        Label::Middle(corner) => {
            let (x, y) = size.at(corner);
            let start = x.saturating_sub(length / 2 + 1);
            grid.text((start, y), &format!(" {word} "), style);
        }
        Label::After(corner) => grid.text(size.at(corner), &word, style),
        Label::Before(corner) => {
            let (x, y) = size.at(corner);
            grid.text(((x + 1).saturating_sub(length), y), &word, style);
        }
    }
}
