//! How it ended, in one line: by what, who closed first, which call saw an error.

use super::parts::Parts;
use super::scene::End;
use super::view::View;
use crate::journal::Endpoint;
use crate::locale::Pipe;
use crate::tcp::{Closer, Ending, How};
use crate::ui::theme::Ink;
use crate::ui::visible;

/// What one end knows of the ending, in parts. The bytes that were lost stand below the halves.
pub(super) fn ending(end: End<'_>, other: End<'_>, view: &View<'_>) -> Parts {
    let Some(e) = end.endpoint() else {
        return Parts::default();
    };
    let mut parts = Vec::new();
    if let Some(ending) = &e.ending {
        parts.push(how(ending, view));
    }
    if let Some((_, errno, call)) = e.last_error {
        let args = [("call", call.into()), ("errno", errno.to_string().into())];
        parts.push(view.locale.with(Pipe::CallFailed, &args));
    }
    parts.extend(
        e.ending
            .as_ref()
            .and_then(|ending| first(ending, end, other, view)),
    );
    Parts { parts, ink: ink(e) }
}

fn how(ending: &Ending, view: &View<'_>) -> String {
    let word = match ending.how {
        How::Fin => Pipe::EndedFin,
        How::Rst => Pipe::EndedRst,
        How::Timeout => Pipe::EndedTimeout,
        How::Refused => Pipe::EndedRefused,
        How::Forgotten => Pipe::EndedForgotten,
    };
    let mark = if ending.inferred {
        view.skin.glyphs.inferred
    } else {
        ""
    };
    format!("{mark}{}", view.locale.say(word))
}

fn first(ending: &Ending, end: End<'_>, other: End<'_>, view: &View<'_>) -> Option<String> {
    let name = |of: End<'_>| match of {
        End::Seen(e) => visible::text(&e.name, view.skin.glyphs.ascii).into_owned(),
        End::Unseen { .. } => view.locale.say(Pipe::ThePeer).into_owned(),
    };
    let closer = match ending.first? {
        Closer::This => name(end),
        Closer::Peer => name(other),
        Closer::Both => return Some(view.locale.say(Pipe::ClosedTogether).into_owned()),
    };
    Some(
        view.locale
            .with(Pipe::ClosedFirst, &[("name", closer.into())]),
    )
}

fn ink(e: &Endpoint) -> Ink {
    match e.ending {
        Some(Ending { how: How::Fin, .. }) => Ink::Text,
        Some(Ending {
            how: How::Rst | How::Timeout | How::Refused | How::Forgotten,
            ..
        })
        | None => Ink::Broken,
    }
}
