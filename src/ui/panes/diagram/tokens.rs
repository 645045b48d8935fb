//! Where the two ends stand on the picture, and the mark of each: told by shape, by letter and by place.

use super::path::Path;
use super::shape::Node;
use super::view::View;
use crate::journal::{Endpoint, Micros, Source};
use crate::tcp::State;
use crate::ui::glow::Glow;
use crate::ui::panes::ladder::Side;
use crate::ui::visible;

/// One end on the picture.
pub(super) struct Token<'a> {
    pub endpoint: &'a Endpoint,
    pub node: Node,
    pub path: Option<&'a Path>,
    pub name: String,
    pub glyph: &'static str,
    pub selected: bool,
    /// It came here within the last second.
    pub fresh: bool,
}

/// Both ends, the left one first, as far as they are seen.
pub(super) fn tokens<'a>(view: &View<'a>) -> [Option<Token<'a>>; 2] {
    let glyphs = view.skin.glyphs;
    [
        token(view, &view.pair.left, glyphs.token_left),
        token(view, &view.pair.right, glyphs.token_right),
    ]
}

fn token<'a>(view: &View<'a>, side: &Side, glyph: &'static str) -> Option<Token<'a>> {
    let id = *side.ids.first()?;
    let endpoint = view.world.get(id)?;
    let path = view.paths.of(id);
    Some(Token {
        endpoint,
        node: node(endpoint, path),
        path,
        name: visible::text(&endpoint.name, view.skin.glyphs.ascii).into_owned(),
        glyph,
        selected: view.this.is_some_and(|this| side.ids.contains(&this)),
        fresh: Glow::fresh(endpoint.state_since, view.now) && endpoint.state_since > Micros(0),
    })
}

/// CLOSED is the beginning until something has happened, and the end after it.
fn node(e: &Endpoint, path: Option<&Path>) -> Node {
    let has_been = path.is_some_and(|p| p.states.len() > 1);
    Node {
        state: e.state,
        ends: e.state == State::Closed && (e.gone || e.ending.is_some() || has_been),
    }
}

impl Token<'_> {
    /// `●C`: as much as stands beside a word.
    pub fn short(&self) -> String {
        let letter = self.name.chars().next().filter(char::is_ascii_alphanumeric);
        let letter = letter.map(|c| c.to_ascii_uppercase().to_string());
        format!("{}{}", self.glyph, letter.unwrap_or_default())
    }

    /// The state with the mark of an inference.
    pub fn state(&self, inferred: &str) -> String {
        let mark = match self.endpoint.state_source {
            Source::Inferred if self.endpoint.state != State::Closed => inferred,
            Source::Inferred | Source::Measured | Source::Captured => "",
        };
        format!("{mark}{}", self.endpoint.state)
    }
}
