//! What each column says about an endpoint, and what that means: words without geometry.

use crate::journal::{Endpoint, Hold, Micros, Role, Source};
use crate::locale::{Locale, Screen};
use crate::tcp::{Closer, Ending, How, RecvHalf, SendHalf};
use crate::ui::columns::{Column, SHAPE};
use crate::ui::glow::{Glow, Value};
use crate::ui::theme::{Glyphs, Ink};
use crate::ui::visible;
use crate::ui::widgets::number;

use super::countdown;

/// A cell: its words, what they mean, and whether they changed within the last second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub ink: Ink,
    pub fresh: bool,
}

/// What every cell is made from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub now: Micros,
    pub glow: &'a Glow,
    pub glyphs: &'a Glyphs,
    pub locale: &'a Locale,
}

impl Cell {
    fn plain(text: String) -> Cell {
        Cell {
            text,
            ink: Ink::Text,
            fresh: false,
        }
    }

    fn dim(text: String) -> Cell {
        Cell {
            text,
            ink: Ink::Dim,
            fresh: false,
        }
    }

    /// A half's shape alone, where there is no room for its word.
    fn in_room(mut self, room: usize) -> Cell {
        if room <= usize::from(SHAPE)
            && let Some((shape, _)) = self.text.split_once(' ')
        {
            self.text = shape.to_owned();
        }
        self
    }

    /// What one column says about one endpoint.
    pub fn of(column: Column, e: &Endpoint, known: &Known<'_>, room: usize) -> Cell {
        let fresh_value = |value| known.glow.value(e.id, value, known.now);
        match column {
            Column::Name => Cell::plain(visible::text(&e.name, known.glyphs.ascii).into_owned()),
            Column::Hold => Cell::dim(e.hold.word().to_owned()),
            Column::Local => Cell::plain(e.local.map(|a| a.to_string()).unwrap_or_default()),
            Column::Peer => Cell::plain(e.peer.map(|a| a.to_string()).unwrap_or_default()),
            Column::State => state(e, known),
            Column::Send | Column::Receive if !e.has_halves() => Cell::plain(String::new()),
            Column::Send => {
                let half = send_half(e.send, known.glyphs).in_room(room);
                Cell {
                    fresh: Glow::fresh(e.send_since, known.now),
                    ..half
                }
            }
            Column::Receive => {
                let half = receive_half(e.receive, known.glyphs).in_room(room);
                Cell {
                    fresh: Glow::fresh(e.receive_since, known.now),
                    ..half
                }
            }
            Column::Sent => Cell {
                fresh: fresh_value(Value::Sent),
                ..bytes(e.sent, room)
            },
            Column::Received => Cell {
                fresh: fresh_value(Value::Received),
                ..bytes(e.received, room)
            },
            Column::Unread | Column::Unsent | Column::Unacked => queue(column, e, room),
            Column::Timer => timer(e, known),
        }
    }
}

/// The state; an inference is dim and marked, never drawn as a measurement.
fn state(e: &Endpoint, known: &Known<'_>) -> Cell {
    let fresh = Glow::fresh(e.state_since, known.now);
    match e.state_source {
        // No reading and no socket: nobody has a state to tell.
        Source::Inferred if !e.has_halves() && !e.descriptor => Cell::plain(String::new()),
        // Two who should know say different things: the kernel's word stands, with a mark.
        _ if e.disputed.is_some() => Cell {
            text: format!("{}{}", known.glyphs.disputed, e.state),
            ink: Ink::Broken,
            fresh,
        },
        Source::Measured | Source::Captured => Cell {
            text: e.state.name().to_owned(),
            ink: Ink::Kernel,
            fresh,
        },
        Source::Inferred => Cell {
            text: format!("{}{}", known.glyphs.inferred, e.state),
            ink: Ink::Inferred,
            fresh,
        },
    }
}

/// Shape, word and ink of a sending half.
pub fn send_half(half: SendHalf, glyphs: &Glyphs) -> Cell {
    let (shape, ink) = match half {
        SendHalf::Open => (glyphs.arrow_right, Ink::Open),
        SendHalf::FinQueued { .. } => (glyphs.queued, Ink::Closing),
        SendHalf::FinSent => (glyphs.becomes, Ink::Closing),
        SendHalf::FinAcked => (glyphs.block, Ink::Closed),
        SendHalf::Reset => (glyphs.broken, Ink::Broken),
        SendHalf::Gone => (glyphs.closed, Ink::Dim),
    };
    shaped(shape, half.word(), ink)
}

/// Shape, word and ink of a receiving half.
pub fn receive_half(half: RecvHalf, glyphs: &Glyphs) -> Cell {
    let (shape, ink) = match half {
        RecvHalf::Open => (glyphs.arrow_left, Ink::Open),
        RecvHalf::Shut => (glyphs.shut_right, Ink::Closing),
        RecvHalf::FinReceived { .. } => (glyphs.queued, Ink::Closing),
        RecvHalf::EofRead => (glyphs.block, Ink::Closed),
        RecvHalf::Reset => (glyphs.broken, Ink::Broken),
        RecvHalf::Gone => (glyphs.closed, Ink::Dim),
    };
    shaped(shape, half.word(), ink)
}

fn shaped(shape: &str, word: &str, ink: Ink) -> Cell {
    Cell {
        text: format!("{shape} {word}"),
        ink,
        fresh: false,
    }
}

fn bytes(n: u64, room: usize) -> Cell {
    let text = number::column(n, room);
    if n == 0 {
        Cell::dim(text)
    } else {
        Cell::plain(text)
    }
}

/// A queue's length; nothing where the kernel did not say.
fn queue(column: Column, e: &Endpoint, room: usize) -> Cell {
    let told = !e.gone && e.role != Role::Listener && e.sample.is_some();
    let length = match column {
        _ if !told => None,
        Column::Unread => e.unread(),
        Column::Unsent => Some(e.unsent()),
        _ => e.unacked(),
    };
    match length {
        None => Cell::plain(String::new()),
        Some(0) => Cell::dim("0".to_owned()),
        Some(n) => Cell {
            text: number::column(n, room),
            ink: Ink::Closing,
            fresh: false,
        },
    }
}

/// The timer that runs, else how it ended, else the last error, else whose descriptor it is where it is not ours.
fn timer(e: &Endpoint, known: &Known<'_>) -> Cell {
    let locale = known.locale;
    if e.role == Role::Listener && !e.gone {
        return listener(e, locale);
    }
    if let Some(running) = countdown::of(e, known.now) {
        let args = [
            ("kind", running.word.into()),
            ("seconds", running.seconds.into()),
            ("retries", running.retries.into()),
        ];
        let word = if running.retries == 0 {
            Screen::ListTimer
        } else {
            Screen::ListTimerRetried
        };
        return Cell {
            text: locale.with(word, &args),
            ink: Ink::Kernel,
            fresh: false,
        };
    }
    match (&e.ending, e.last_error) {
        (Some(end), _) => ending(end, known),
        (None, Some((_, errno, call))) => Cell {
            text: format!("{errno} {call}"),
            ink: Ink::Broken,
            fresh: false,
        },
        (None, None) => match e.hold {
            Hold::Process { pid } if e.descriptor => {
                let args = [("pid", pid.to_string().into())];
                Cell::dim(locale.with(Screen::ListProcess, &args))
            }
            _ => Cell::plain(String::new()),
        },
    }
}

fn listener(e: &Endpoint, locale: &Locale) -> Cell {
    let queue = e.sample.as_ref().and_then(|(_, s)| s.rqueue).unwrap_or(0);
    if let (0, Some((_, errno, call))) = (e.accepted, e.last_error) {
        return Cell {
            text: format!("{errno} {call}"),
            ink: Ink::Broken,
            fresh: false,
        };
    }
    let args = [("accepted", e.accepted.into()), ("queue", queue.into())];
    let word = if queue == 0 {
        Screen::ListAccepted
    } else {
        Screen::ListAcceptedQueue
    };
    Cell {
        text: locale.with(word, &args),
        ink: Ink::Text,
        fresh: false,
    }
}

/// How it ended, and what was lost by it.
pub fn ending(end: &Ending, known: &Known<'_>) -> Cell {
    let mark = if end.inferred {
        known.glyphs.inferred
    } else {
        ""
    };
    let word = match (end.unread, end.unsent, end.first) {
        (1.., _, _) => Screen::EndingUnread,
        (0, 1.., _) => Screen::EndingUnsent,
        (0, 0, Some(Closer::This)) => Screen::EndingFirst,
        (0, 0, Some(Closer::Peer)) => Screen::EndingPeerFirst,
        (0, 0, Some(Closer::Both)) => Screen::EndingBoth,
        (0, 0, None) => Screen::EndingPlain,
    };
    let args = [
        ("how", end.how.word().into()),
        ("unread", number::bytes(end.unread).into()),
        ("unsent", number::bytes(end.unsent).into()),
    ];
    let ink = match (end.inferred, end.how) {
        (true, _) => Ink::Inferred,
        (false, How::Fin) => Ink::Closed,
        (false, How::Rst | How::Timeout | How::Refused | How::Forgotten) => Ink::Broken,
    };
    Cell {
        text: format!("{mark}{}", known.locale.with(word, &args)),
        ink,
        fresh: false,
    }
}
