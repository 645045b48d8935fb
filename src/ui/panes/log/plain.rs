//! The same lines without a screen: for transcripts on a pipe and stories on stderr.

use unicode_width::UnicodeWidthStr;

use super::line::{is_line, line};
use super::view::View;
use crate::journal::Micros;
use crate::ui::theme::Ink;
use crate::ui::visible;

/// The line of this event of the view; `None` where the log has none for it.
pub fn plain(view: &View<'_>, n: u64) -> Option<String> {
    let event = view.events.get(n).filter(|e| is_line(e, view.only))?;
    let said = line(view, event);
    let who = event.who.as_ref().map_or("", |w| &*w.name);
    let lane = view.locale.say(said.lane);
    let mut text = format!(
        "{}  {}{}{}",
        clock(event.at),
        cell(who, 15),
        cell(&lane, 8),
        said.text
    );
    if !said.remark.is_empty() {
        text = format!("{}  {}", cell(&text, 72), said.remark);
    }
    Some(text)
}

/// A line of the log without its columns.
pub struct Brief {
    pub who: String,
    pub text: String,
    /// Of its lane, or of what it means.
    pub ink: Ink,
}

/// The line of this event of the view, briefly.
pub fn brief(view: &View<'_>, n: u64) -> Option<Brief> {
    let event = view.events.get(n).filter(|e| is_line(e, view.only))?;
    let said = line(view, event);
    let who = event.who.as_ref().map_or("", |w| &*w.name);
    Some(Brief {
        who: visible::text(who, view.skin.glyphs.ascii).into_owned(),
        text: said.text,
        ink: match said.ink {
            Ink::Text => said.lane_ink,
            ink => ink,
        },
    })
}

fn clock(at: Micros) -> String {
    format!("{:>5}.{:03}", at.0 / 1_000_000, at.0 / 1000 % 1000)
}

/// At least so many cells wide.
fn cell(text: &str, width: usize) -> String {
    let pad = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(pad))
}
