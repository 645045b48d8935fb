//! Lane `app`: a system call, its result, and what the result means for the halves.

use super::line::LogLine;
use super::view::View;
use crate::journal::{By, Call, Endpoint, Event, Fact, Op, Role, ShutdownHow, Who};
use crate::locale::Lane;
use crate::tcp::{Direction, Errno, RecvHalf};
use crate::ui::panes::expression::expression;
use crate::ui::theme::Ink;
use crate::ui::visible;

/// Cells of payload that stand beside a send or recv.
const PREVIEW: usize = 32;

/// How many events after a call are searched for the change that it brought about: the fold tells it at once.
const AFTERMATH: usize = 4;

pub(super) fn line(view: &View<'_>, event: &Event, call: &Call) -> LogLine {
    let result = match call.result {
        Ok(n) => n.to_string(),
        Err(errno) => format!("-1 {errno}"),
    };
    let text = format!(
        "{} = {result}",
        expression(&call.op, view.skin.glyphs.ascii)
    );
    let line = LogLine::new(Lane::App, Ink::App, text);
    match call.result {
        Ok(n) => line.ink(Ink::App).remark(success(view, event, call, n)),
        Err(errno) => {
            let why = failure(view, call, errno);
            LogLine {
                remark_ink: Ink::Broken,
                ..line.ink(Ink::Broken).remark(why)
            }
        }
    }
}

fn success(view: &View<'_>, event: &Event, call: &Call, n: u64) -> String {
    let name = |who: &Option<Who>| {
        who.as_ref()
            .map(|w| shown(view, &w.name))
            .unwrap_or_default()
    };
    let me = name(&event.who);
    let say = |word| view.locale.with(word, &[("name", me.as_str().into())]);
    let mut parts = Vec::new();
    match &call.op {
        Op::Recv { asked, .. } if n == 0 && *asked > 0 => parts.extend(end_of_reading(view, event)),
        Op::Recv { data, .. } if n > 0 => parts.extend(preview(view, data.bytes())),
        Op::Send { asked, .. } if n < *asked => {
            let args = [("bytes", (asked - n).into())];
            parts.push(view.locale.with(Lane::BufferFull, &args));
        }
        Op::Send { data, .. } => parts.extend(preview(view, data.bytes())),
        // A listener has no halves, and nobody in its queue is told politely.
        Op::Shutdown(_) if listens(view, event) => {}
        Op::Shutdown(ShutdownHow::Send) => parts.push(say(Lane::SendsNoMore)),
        Op::Shutdown(ShutdownHow::Receive) => parts.push(say(Lane::ReadsNoMore)),
        Op::Shutdown(ShutdownHow::Both) => parts.push(say(Lane::NeitherMore)),
        Op::Accept { accepted, peer } => {
            let peer = peer.map(|p| p.to_string()).unwrap_or_default();
            let args = [("name", name(accepted).into()), ("peer", peer.into())];
            parts.push(view.locale.with(Lane::AcceptedAs, &args));
        }
        Op::Dup { twin } => parts.push(
            view.locale
                .with(Lane::TwinIs, &[("name", name(twin).into())]),
        ),
        Op::Fork { twin, .. } => parts.push(
            view.locale
                .with(Lane::ProcessHolds, &[("name", name(twin).into())]),
        ),
        Op::Recv { .. }
        | Op::Socket { .. }
        | Op::Bind { .. }
        | Op::Listen { .. }
        | Op::Connect { .. }
        | Op::Close
        | Op::Kill { .. }
        | Op::SetSockOpt { .. } => {}
    }
    if let Some(blocked) = call.blocked_us {
        parts.push(
            view.locale
                .with(Lane::Blocked, &[("ms", (blocked / 1000).into())]),
        );
    }
    if call.by == By::End {
        parts.push(view.locale.say(Lane::AtTheEnd).into_owned());
    }
    parts.join("; ")
}

fn listens(view: &View<'_>, event: &Event) -> bool {
    let who = event.who.as_ref().and_then(|who| view.world.get(who.id));
    who.is_some_and(|e| e.role == Role::Listener)
}

fn shown(view: &View<'_>, name: &str) -> String {
    visible::text(name, view.skin.glyphs.ascii).into_owned()
}

fn preview(view: &View<'_>, bytes: &[u8]) -> Option<String> {
    let glyphs = view.skin.glyphs;
    (!bytes.is_empty()).then(|| visible::quoted(bytes, PREVIEW, glyphs.ascii, glyphs.ellipsis))
}

/// A recv of 0 is EOF only where the fold said so: our own SHUT_RD returns 0 as well.
fn end_of_reading(view: &View<'_>, event: &Event) -> Option<String> {
    let who = event.who.as_ref()?;
    let eof = view.events.from(event.n + 1).take(AFTERMATH).any(|next| {
        next.who.as_ref().is_some_and(|w| w.id == who.id)
            && matches!(&next.fact, Fact::Half(change)
                if change.half == Direction::Receive && change.to == RecvHalf::EofRead.word())
    });
    let endpoint = view.world.get(who.id);
    if eof {
        let peer = match view.world.facing(who.id) {
            Some(peer) => shown(view, &peer.name),
            None => view.locale.say(Lane::ThePeer).into_owned(),
        };
        return Some(view.locale.with(Lane::Eof, &[("peer", peer.into())]));
    }
    let shut = |e: &Endpoint| {
        matches!(
            e.receive,
            RecvHalf::Shut | RecvHalf::FinReceived { shut: true }
        )
    };
    endpoint
        .filter(|e| shut(e))
        .map(|_| view.locale.say(Lane::NotEof).into_owned())
}

/// What an errno says about the halves. Errnos without such a meaning keep their bare name.
fn failure(view: &View<'_>, call: &Call, errno: Errno) -> String {
    let word = match (&call.op, errno) {
        (Op::Send { .. }, Errno::EPIPE) => Lane::CannotSend,
        (Op::Shutdown(_), Errno::ENOTCONN) => Lane::NothingToShut,
        (Op::Recv { .. }, Errno::ENOTCONN) => Lane::NothingToRead,
        (Op::Connect { .. }, Errno::ECONNREFUSED) => Lane::Refused,
        (Op::Recv { .. } | Op::Send { .. } | Op::Connect { .. }, Errno::ECONNRESET) => {
            Lane::WasReset
        }
        (Op::Recv { .. }, Errno::EPIPE) => Lane::WasReset,
        (_, Errno::ETIMEDOUT) => Lane::TimedOut,
        (Op::Bind { .. } | Op::Listen { .. } | Op::Connect { .. }, Errno::EADDRINUSE) => {
            Lane::AddressTaken
        }
        (Op::Bind { .. }, Errno::EADDRNOTAVAIL) => Lane::NoSuchAddress,
        (Op::Bind { .. }, Errno::EACCES) => Lane::NotPermitted,
        (Op::Accept { .. }, Errno::EINVAL) => Lane::NotListening,
        (_, Errno::EMFILE | Errno::ENFILE) => Lane::NoDescriptors,
        (_, Errno::ENETUNREACH | Errno::EHOSTUNREACH) => Lane::Unreachable,
        _ => return String::new(),
    };
    view.locale.say(word).into_owned()
}
