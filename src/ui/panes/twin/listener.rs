//! What has no halves: a listening socket, whose queue is told instead, and a socket without a connection.

use ratatui::text::{Line, Span};

use super::end;
use super::parts::Row;
use super::scene::End;
use super::view::View;
use crate::journal::{Endpoint, Role};
use crate::locale::Pipe;
use crate::ui::theme::Ink;

/// Name and address, state, how many were accepted and how many wait.
pub(super) fn rows(e: &Endpoint, view: &View<'_>) -> Vec<Row> {
    let mut who = end::name(End::Seen(e), true, false, view);
    if let Some(address) = end::address(End::Seen(e), view.skin) {
        who.extend([Span::raw("  "), address]);
    }
    let mut state = vec![Span::raw("  ")];
    state.extend(end::state(End::Seen(e), view));
    let told = Span::styled(format!("  {}", queue(e, view)), view.skin.style(Ink::Text));
    vec![
        Row::new(0, Line::from(who)),
        Row::new(1, Line::from(state)),
        Row::new(2, Line::from(told)),
    ]
}

fn queue(e: &Endpoint, view: &View<'_>) -> String {
    let locale = view.locale;
    if e.role != Role::Listener {
        return locale.say(Pipe::NoConnection).into_owned();
    }
    let mut parts = vec![locale.with(Pipe::Accepted, &[("count", e.accepted.into())])];
    // On a listener inet_diag tells the connections not yet accepted and the length of the backlog.
    if let Some((_, sample)) = &e.sample
        && let (Some(waiting), Some(backlog)) = (sample.rqueue, sample.wqueue)
    {
        let args = [("count", waiting.into()), ("backlog", backlog.into())];
        parts.push(locale.with(Pipe::InQueue, &args));
    }
    if e.descriptor && !e.accepting {
        parts.push(locale.say(Pipe::NotAccepting).into_owned());
    }
    parts.join(", ")
}
