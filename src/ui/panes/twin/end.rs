//! An end's own two lines: name and address; state, where it is known from, and the timer that runs.

use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::Span;

use super::scene::{End, opening};
use super::view::View;
use crate::journal::{Endpoint, Hold, Micros, Source, World};
use crate::locale::Pipe;
use crate::tcp::{State, Timer, TimerKind};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;

/// What changed less than this long ago glows.
const GLOW: Duration = Duration::from_secs(1);

/// A style that glows while the change is fresh.
pub(super) fn glowing(style: Style, since: Option<Micros>, now: Micros, skin: Skin) -> Style {
    let fresh =
        since.is_some_and(|since| Duration::from_micros(now.0.saturating_sub(since.0)) < GLOW);
    if fresh {
        style.patch(skin.style(Ink::Glow))
    } else {
        style
    }
}

/// The name, with its mark where this end is selected.
pub(super) fn name(
    end: End<'_>,
    selected: bool,
    right: bool,
    view: &View<'_>,
) -> Vec<Span<'static>> {
    let skin = view.skin;
    let (text, style) = match end {
        End::Seen(e) => {
            let name = visible::text(&e.name, skin.glyphs.ascii).into_owned();
            (
                name,
                skin.style(if selected { Ink::Selected } else { Ink::Title }),
            )
        }
        End::Unseen { .. } => (
            view.locale.say(Pipe::Peer).into_owned(),
            skin.style(Ink::Dim),
        ),
    };
    let mark = match (selected, right) {
        (true, false) => skin.glyphs.selected,
        (true, true) => skin.glyphs.selected_left,
        (false, _) => " ",
    };
    let mark = Span::styled(mark, skin.style(Ink::Key));
    let name = Span::styled(text, style);
    if right {
        vec![name, " ".into(), mark]
    } else {
        vec![mark, " ".into(), name]
    }
}

/// The end's own address.
pub(super) fn address(end: End<'_>, skin: Skin) -> Option<Span<'static>> {
    let address = match end {
        End::Seen(e) => e.local,
        End::Unseen { address, .. } => address,
    }?;
    Some(Span::styled(address.to_string(), skin.style(Ink::Dim)))
}

/// `FIN-WAIT-2, orphan, 42 s left`.
pub(super) fn state(end: End<'_>, view: &View<'_>) -> Vec<Span<'static>> {
    let skin = view.skin;
    let e = match end {
        End::Seen(e) => e,
        End::Unseen { .. } => {
            return vec![Span::styled(
                view.locale.say(Pipe::NotSeen).into_owned(),
                skin.style(Ink::Dim),
            )];
        }
    };
    let dim = skin.style(Ink::Dim);
    let mut spans = vec![state_word(e, view)];
    match e.state_source {
        Source::Measured => {}
        // Nobody has asked about a socket that does nothing yet.
        _ if opening(e) && e.state == State::Closed => {}
        Source::Captured => spans.push(Span::styled(
            format!(" {}", view.locale.say(Pipe::Captured)),
            dim,
        )),
        Source::Inferred => spans.push(Span::styled(
            format!(" {}", view.locale.say(Pipe::Inferred)),
            skin.style(Ink::Inferred),
        )),
    }
    if let Some(segments) = e.disputed {
        let args = [
            ("mark", skin.glyphs.disputed.into()),
            ("segments", segments.name().into()),
        ];
        let text = view.locale.with(Pipe::Disputed, &args);
        spans.push(Span::styled(format!(" {text}"), skin.style(Ink::Broken)));
    }
    let gone = e.gone.then(|| view.locale.say(Pipe::Gone).into_owned());
    let orphan = orphan(e, view.world).then(|| view.locale.say(Pipe::Orphan).into_owned());
    let remarks = [gone, process(e, view), orphan, timer(e, view)];
    for remark in remarks.into_iter().flatten() {
        spans.push(Span::styled(format!(", {remark}"), dim));
    }
    spans
}

fn state_word(e: &Endpoint, view: &View<'_>) -> Span<'static> {
    let skin = view.skin;
    let (text, style) = match e.state_source {
        _ if e.gone || opening(e) && e.state == State::Closed => {
            (e.state.name().to_owned(), skin.style(Ink::Dim))
        }
        Source::Inferred => (
            format!("{}{}", skin.glyphs.inferred, e.state),
            skin.style(Ink::Inferred),
        ),
        Source::Measured | Source::Captured => (
            e.state.name().to_owned(),
            skin.style(Ink::Title).patch(skin.style(Ink::Kernel)),
        ),
    };
    Span::styled(text, glowing(style, Some(e.state_since), view.now, skin))
}

/// The process that has the descriptor in place of us.
fn process(e: &Endpoint, view: &View<'_>) -> Option<String> {
    match (e.hold, e.descriptor) {
        (Hold::Process { pid }, true) => {
            let args = [("pid", pid.to_string().into())];
            Some(view.locale.with(Pipe::InProcess, &args))
        }
        _ => None,
    }
}

/// No descriptor refers to it, and the kernel works on alone. TIME-WAIT has none by its nature.
fn orphan(e: &Endpoint, world: &World) -> bool {
    let working = matches!(
        e.state,
        State::FinWait1 | State::FinWait2 | State::Closing | State::LastAck
    );
    let ours = matches!(e.hold, Hold::Owned | Hold::Process { .. });
    let shared = world.situation(e.id).is_some_and(|s| s.shared);
    ours && !e.descriptor && !shared && !e.gone && working
}

/// The timer that a person waits for, counted down from when it was read.
fn timer(e: &Endpoint, view: &View<'_>) -> Option<String> {
    let (read, sample) = e.sample.as_ref()?;
    let timer = sample.timer?;
    if e.gone {
        return None;
    }
    let passed = view.now.0.saturating_sub(read.0) / 1000;
    let left = u64::from(timer.expires_ms).saturating_sub(passed);
    let locale = view.locale;
    let say = |word, n: u64, seconds: String| {
        locale.with(word, &[("n", n.into()), ("seconds", seconds.into())])
    };
    let tenths = || format!("{}.{}", left / 1000, left % 1000 / 100);
    let whole = || left.div_ceil(1000).to_string();
    let next = u64::from(timer.retries) + 1;
    match timer {
        Timer {
            kind: TimerKind::TimeWait,
            ..
        } => Some(say(Pipe::SecondsLeft, 0, whole())),
        // An orphan in FIN-WAIT-2 that waits longer than TIME-WAIT does so on the keepalive timer (tcp_close).
        Timer {
            kind: TimerKind::Keepalive,
            ..
        } if orphan(e, view.world) => Some(say(Pipe::SecondsLeft, 0, whole())),
        // Armed for every segment in flight: worth a word only once it has fired.
        Timer {
            kind: TimerKind::Retransmit,
            retries: 0,
            ..
        } => None,
        Timer {
            kind: TimerKind::Retransmit,
            ..
        } => Some(say(Pipe::RetransmitIn, next, tenths())),
        Timer {
            kind: TimerKind::Persist,
            ..
        } => Some(say(Pipe::ProbeIn, next, tenths())),
        Timer {
            kind: TimerKind::Keepalive,
            retries: 0,
            ..
        } => Some(say(Pipe::KeepaliveIn, 0, whole())),
        Timer {
            kind: TimerKind::Keepalive,
            ..
        } => Some(say(Pipe::KeepaliveProbeIn, next, whole())),
    }
}
