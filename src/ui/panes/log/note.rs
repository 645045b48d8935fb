//! Lane `note`: what finspect itself has to say, in words.

use super::line::LogLine;
use super::view::View;
use crate::journal::{LabChange, Note};
use crate::locale::Lane;
use crate::ui::panes::line::grouped;
use crate::ui::theme::Ink;
use crate::ui::visible;

pub(super) fn line(view: &View<'_>, note: &Note) -> LogLine {
    LogLine::new(Lane::Note, Ink::Dim, text(view, note)).ink(ink(note))
}

fn ink(note: &Note) -> Ink {
    match note {
        Note::Abandoned { .. }
        | Note::Unresolved { .. }
        | Note::FileFailed { .. }
        | Note::OutOfDescriptors { .. }
        | Note::WireLost { .. }
        | Note::WireUnmet { .. }
        | Note::Lab {
            failed: Some(_), ..
        }
        | Note::Disagreement { .. } => Ink::Broken,
        Note::Waiting { .. }
        | Note::Resolving { .. }
        | Note::Resolved { .. }
        | Note::Saving { .. }
        | Note::Reading { .. }
        | Note::Accepting { .. }
        | Note::Linger { .. }
        | Note::Agreement { .. }
        | Note::Wire { .. }
        | Note::Lab { failed: None, .. }
        | Note::Ended { .. }
        | Note::Text(_) => Ink::Dim,
    }
}

fn text(view: &View<'_>, note: &Note) -> String {
    let locale = view.locale;
    let shown = |s: &str| visible::text(s, view.skin.glyphs.ascii).into_owned();
    let count = |word, key: &'static str, bytes: u64| {
        locale.with(
            word,
            &[(key, grouped(bytes).into()), ("count", bytes.into())],
        )
    };
    let say = |word| locale.say(word).into_owned();
    match note {
        Note::Waiting { bytes: 0 } => say(Lane::NoneWaiting),
        Note::Waiting { bytes } => count(Lane::Waiting, "bytes", *bytes),
        Note::Abandoned { bytes } => count(Lane::Abandoned, "bytes", *bytes),
        Note::Resolving { host } => locale.with(Lane::Resolving, &[("host", shown(host).into())]),
        Note::Resolved { host, addrs } => {
            let addrs: Vec<String> = addrs.iter().map(|a| a.ip().to_string()).collect();
            locale.with(
                Lane::Resolved,
                &[
                    ("host", shown(host).into()),
                    ("addrs", addrs.join(", ").into()),
                ],
            )
        }
        Note::Unresolved { host, why } => locale.with(
            Lane::Unresolved,
            &[("host", shown(host).into()), ("why", shown(why).into())],
        ),
        Note::Saving { path } => locale.with(Lane::Saving, &[("path", shown(path).into())]),
        Note::FileFailed { path, why } => locale.with(
            Lane::FileFailed,
            &[("path", shown(path).into()), ("why", shown(why).into())],
        ),
        Note::Reading { mode: None } => say(Lane::ReadingOff),
        Note::Reading { mode: Some(None) } => say(Lane::ReadingOn),
        Note::Reading {
            mode: Some(Some(bytes)),
        } => count(Lane::ReadingSome, "bytes", *bytes),
        Note::Accepting { on: true } => say(Lane::AcceptingOn),
        Note::Accepting { on: false } => say(Lane::AcceptingOff),
        Note::OutOfDescriptors { limit } => count(Lane::OutOfDescriptors, "limit", *limit),
        Note::Linger { seconds: None } => say(Lane::LingerOff),
        Note::Linger { seconds: Some(0) } => say(Lane::LingerZero),
        Note::Linger {
            seconds: Some(seconds),
        } => count(Lane::Linger, "seconds", u64::from(*seconds)),
        Note::Disagreement { segments, kernel } => locale.with(
            Lane::Disagreement,
            &[
                ("segments", segments.name().into()),
                ("kernel", kernel.name().into()),
            ],
        ),
        Note::Agreement { state } => {
            locale.with(Lane::Agreement, &[("state", state.name().into())])
        }
        Note::Wire { rule } if rule == "clear" => say(Lane::WireClear),
        Note::Wire { rule } => locale.with(Lane::WireRules, &[("rules", shown(rule).into())]),
        Note::WireUnmet { rule } => locale.with(Lane::WireUnmet, &[("rule", shown(rule).into())]),
        Note::WireLost { frames } => count(Lane::WireLost, "frames", *frames),
        Note::Lab {
            change,
            failed: None,
        } => lab(view, change),
        Note::Lab {
            change,
            failed: Some(why),
        } => locale.with(
            Lane::LabFailed,
            &[
                ("change", lab(view, change).into()),
                ("why", shown(why).into()),
            ],
        ),
        Note::Ended { pid, how } => locale.with(
            Lane::ProcessEnded,
            &[("pid", pid.to_string().into()), ("how", shown(how).into())],
        ),
        Note::Text(said) => shown(said),
    }
}

fn lab(view: &View<'_>, change: &LabChange) -> String {
    let shown = |s: &str| visible::text(s, view.skin.glyphs.ascii).into_owned();
    match change {
        LabChange::Set { sysctl, value } => view.locale.with(
            Lane::LabSet,
            &[
                ("sysctl", shown(sysctl).into()),
                ("value", shown(value).into()),
            ],
        ),
        LabChange::Reset => view.locale.say(Lane::LabReset).into_owned(),
        LabChange::Reboot(host) => view
            .locale
            .with(Lane::LabReboot, &[("host", host.word().into())]),
    }
}
