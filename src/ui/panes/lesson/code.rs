//! The listing, pinned below the text: the line that the step calls stands in it, marked.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

use super::view::View;
use crate::lesson::{Api, Ask, Block, Listing, Phase, Steps};
use crate::ui::panes::line::title;
use crate::ui::theme::Ink;
use crate::ui::visible;

/// Listings of one interface, one after the other.
fn listings<'a>(view: &'a View<'_>, api: Api) -> Vec<&'a Listing> {
    let blocks = &view.runner.lesson().blocks;
    let come = view.runner.block().saturating_add(1);
    blocks
        .iter()
        .take(come)
        .filter_map(|block| match block {
            Block::Listing(listing) if listing.api == Some(api) => Some(listing),
            Block::Listing(_) | Block::Prose(_) | Block::Steps(_) | Block::Ask(_) => None,
        })
        .collect()
}

/// The interface that is wanted, or else one that the lesson has.
fn shown<'a>(view: &'a View<'_>) -> Option<(Api, &'a Listing)> {
    let wanted = std::iter::once(view.api).chain(Api::ALL);
    wanted.into_iter().find_map(|api| {
        let all = listings(view, api);
        let mark = mark(view);
        let marked = all
            .iter()
            .find(|listing| mark.is_some_and(|mark| listing.marks().any(|m| m == mark)));
        marked.or(all.last()).map(|listing| (api, *listing))
    })
}

/// The mark of the step that is next or being done; where nothing is to be done, of what was done last.
fn mark(view: &View<'_>) -> Option<u32> {
    let runner = view.runner;
    match runner.phase() {
        Phase::Asking | Phase::Finished => done_last(view),
        Phase::Deciding | Phase::Revealed(_) => runner.ask()?.steps.last()?.mark,
        Phase::Ready { .. }
        | Phase::Playing { .. }
        | Phase::Stalled { .. }
        | Phase::Refused { .. }
        | Phase::Watching { .. }
        | Phase::Pausing { .. }
        | Phase::Failed { .. }
        | Phase::Freshening => runner.step()?.mark,
    }
}

fn done_last(view: &View<'_>) -> Option<u32> {
    let blocks = view.runner.lesson().blocks.iter();
    let done: Vec<&Block> = blocks.take(view.runner.block()).collect();
    done.into_iter().rev().find_map(|block| match block {
        Block::Steps(Steps { steps, .. }) | Block::Ask(Ask { steps, .. }) => {
            steps.iter().rev().find_map(|step| step.mark)
        }
        Block::Listing(_) | Block::Prose(_) => None,
    })
}

/// Lines that it wants, its title included. 0: there is none.
pub(super) fn height(view: &View<'_>) -> u16 {
    shown(view).map_or(0, |(_, listing)| {
        u16::try_from(listing.lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(1)
    })
}

pub(super) fn lines(view: &View<'_>, area: Rect) -> Vec<Line<'static>> {
    let Some((api, listing)) = shown(view) else {
        return Vec::new();
    };
    let (skin, width) = (view.skin, usize::from(area.width));
    let room = usize::from(area.height).saturating_sub(1);
    let mark = mark(view);
    let at = listing
        .lines
        .iter()
        .position(|line| mark.is_some() && line.mark == mark);
    let last = listing.lines.len().saturating_sub(room);
    let top = at.map_or(0, |at| at.saturating_sub(room / 2)).min(last);
    let mut lines = vec![title(api.word(), "", width, skin)];
    for (index, line) in listing.lines.iter().enumerate().skip(top).take(room) {
        let text = visible::text(&line.text, skin.glyphs.ascii).into_owned();
        let here = at == Some(index);
        let sign = if here { skin.glyphs.selected } else { " " };
        let text = format!(" {sign} {text}");
        let text = visible::cut(&text, width, skin.glyphs.ellipsis).into_owned();
        let style = match here {
            true => skin.style(Ink::App).add_modifier(Modifier::BOLD),
            false => skin.style(Ink::Dim),
        };
        lines.push(Line::styled(text, style));
    }
    lines
}
