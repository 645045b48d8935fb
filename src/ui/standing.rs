//! Whether a verb would do something now, and why not. The one place that greys keys.
//!
//! Greying warns and says why; it refuses only what has no descriptor. A call that must fail is still made when a
//! person asks for it: the errno is what there is to learn.

use super::layout::Pane;
use super::model::Model;
use super::update;
use crate::command::{Command, Screen, Statement, WireCommand};
use crate::journal::{Endpoint, Hold, Role, ShutdownHow, World};
use crate::lesson::Phase;
use crate::locale::Screen as Words;
use crate::tcp::{Forecast, Outlook, RecvHalf, State};

/// Where a verb stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does something.
    Ready,
    /// It is greyed: the call would be made, fail or change nothing.
    Idle(Words),
    /// It is greyed, and there is nothing to call it on.
    Refused(Words),
    /// There is nothing to do with it here, and nothing to say: the footer leaves it out.
    Pointless,
}

impl Standing {
    /// The standing of a statement for the selected endpoint.
    pub fn of(model: &Model, statement: &Statement) -> Standing {
        match statement {
            Statement::Do {
                actor: None,
                command,
            } => of_command(model, command),
            Statement::Do { actor: Some(_), .. } if model.settings.read_only => {
                Standing::Refused(Words::WhyReadOnly)
            }
            Statement::Do { actor: Some(_), .. } => Standing::Ready,
            Statement::Wire(command) => of_wire(model, Some(command)),
            Statement::Lab(_) => of_wire(model, None),
            Statement::Expect(_) | Statement::Wait(_) => Standing::Refused(Words::WhyScriptOnly),
            Statement::Screen(screen) => of_screen(model, screen),
        }
    }
}

fn of_command(model: &Model, command: &Command) -> Standing {
    if model.settings.read_only {
        return Standing::Refused(Words::WhyReadOnly);
    }
    match (command, model.selected()) {
        // They make their own endpoint.
        (Command::Listen(_) | Command::Connect(_), _) => Standing::Ready,
        (_, None) => Standing::Refused(Words::WhyNothingSelected),
        (command, Some(endpoint)) => of_call(&model.world, endpoint, command),
    }
}

/// The standing of a call on an endpoint.
pub fn of_call(world: &World, e: &Endpoint, command: &Command) -> Standing {
    match (e.hold, e.descriptor) {
        (Hold::Seen, _) => return Standing::Refused(Words::WhyNotOurs),
        (_, false) => return Standing::Refused(Words::WhyNoDescriptor),
        (Hold::Process { .. }, true) => {
            return match command {
                Command::Kill => Standing::Ready,
                _ => Standing::Refused(Words::WhyInProcess),
            };
        }
        (Hold::Owned | Hold::Borrowed, true) => {}
    }
    let Some(forecast) = world.forecast(e.id) else {
        return Standing::Ready;
    };
    match command {
        Command::Shutdown(how) => shutdown(e, *how, &forecast),
        Command::Abort => match forecast.abort {
            Outlook::TimeWaitStays => Standing::Idle(Words::WhyTimeWaitStays),
            Outlook::NoSegment => Standing::Idle(Words::WhyNoSegment),
            _ => Standing::Ready,
        },
        Command::Send(_) => send(e),
        Command::Read(_) => match (e.role, e.receive) {
            (Role::Listener, _) => Standing::Idle(Words::WhyListener),
            (_, RecvHalf::EofRead) => Standing::Idle(Words::WhyEofRead),
            (_, RecvHalf::Reset) => Standing::Idle(Words::WhyReset),
            _ => Standing::Ready,
        },
        Command::Kill => Standing::Refused(Words::WhyNoProcess),
        Command::Accept(_) if e.role != Role::Listener => Standing::Idle(Words::WhyNotListener),
        Command::Drain | Command::Disconnect if e.role == Role::Listener => {
            Standing::Idle(Words::WhyListener)
        }
        Command::Listen(_)
        | Command::Connect(_)
        | Command::Accept(_)
        | Command::Save(_)
        | Command::Close
        | Command::Disconnect
        | Command::Drain
        | Command::Set(_)
        | Command::Dup { .. }
        | Command::Fork { .. } => Standing::Ready,
    }
}

fn shutdown(e: &Endpoint, how: ShutdownHow, forecast: &Forecast) -> Standing {
    let outlook = match how {
        ShutdownHow::Send => forecast.shutdown_send,
        ShutdownHow::Receive => forecast.shutdown_receive,
        ShutdownHow::Both => forecast.shutdown_both,
    };
    if outlook == Outlook::NotConnected {
        return Standing::Idle(Words::WhyNotConnected);
    }
    if e.role == Role::Listener {
        // inet_shutdown: SHUT_WR on a listener returns 0 and does nothing.
        return if how == ShutdownHow::Send {
            Standing::Idle(Words::WhyListener)
        } else {
            Standing::Ready
        };
    }
    let send_closed = e.send.closed();
    match (how, e.receive) {
        (ShutdownHow::Send, _) if send_closed => Standing::Idle(Words::WhySendClosed),
        (ShutdownHow::Receive, RecvHalf::Shut | RecvHalf::FinReceived { shut: true }) => {
            Standing::Idle(Words::WhyReceiveShut)
        }
        (ShutdownHow::Receive, RecvHalf::EofRead) => Standing::Idle(Words::WhyEofRead),
        (
            ShutdownHow::Both,
            RecvHalf::Shut | RecvHalf::FinReceived { shut: true } | RecvHalf::EofRead,
        ) if send_closed => Standing::Idle(Words::WhyBothClosed),
        _ => Standing::Ready,
    }
}

fn send(e: &Endpoint) -> Standing {
    if e.role == Role::Listener {
        Standing::Idle(Words::WhyListener)
    } else if e.send.closed() {
        Standing::Idle(Words::WhySendClosed)
    } else if matches!(e.state, State::Closed | State::TimeWait) {
        Standing::Idle(Words::WhyNotConnected)
    } else {
        Standing::Ready
    }
}

/// The standing of a verb of the wire, or of the lab as a whole.
fn of_wire(model: &Model, command: Option<&WireCommand>) -> Standing {
    let held = model.world.wire.held().len();
    match command {
        _ if !model.settings.lab => Standing::Refused(Words::WhyNoLab),
        _ if model.settings.read_only => Standing::Refused(Words::WhyReadOnly),
        Some(WireCommand::Step(_)) if held == 0 => Standing::Idle(Words::WhyNothingHeld),
        Some(_) | None => Standing::Ready,
    }
}

fn of_screen(model: &Model, screen: &Screen) -> Standing {
    let read_only = model.settings.read_only;
    match screen {
        Screen::Compose | Screen::Pause | Screen::Again if read_only => {
            Standing::Refused(Words::WhyReadOnly)
        }
        Screen::Compose | Screen::Pause => match model.selected() {
            None => Standing::Refused(Words::WhyNothingSelected),
            Some(e) => {
                let command = if *screen == Screen::Pause {
                    pausing(e)
                } else {
                    Command::Send(nothing())
                };
                of_call(&model.world, e, &command)
            }
        },
        Screen::Select(whom) if whom == "other" && model.facing().is_none() => Standing::Pointless,
        Screen::Select(_) if model.rows.len() < 2 => Standing::Pointless,
        Screen::Sort(_) if model.rows.len() < 3 => Standing::Pointless,
        Screen::Follow if model.focus == Pane::Ladder && model.on_ladder.from_end > 0 => {
            Standing::Ready
        }
        Screen::Follow if model.log.from_end == 0 => Standing::Pointless,
        Screen::Toggle(_) | Screen::Motion(_) => of_wire(model, None),
        Screen::Segment(which) if which == "discard" => match of_wire(model, None) {
            Standing::Ready => match update::discarding(model) {
                Ok(_) => Standing::Ready,
                Err(why) => Standing::Idle(why),
            },
            standing => standing,
        },
        Screen::Lesson(way) => of_lesson(model, way),
        Screen::Answer(_) => match &model.course {
            Some(course) if course.asking() => Standing::Ready,
            Some(_) | None => Standing::Pointless,
        },
        Screen::Back if model.overlay.is_none() && model.filter.is_empty() && !model.zoomed => {
            Standing::Pointless
        }
        Screen::Copy if model.selected().is_none() => Standing::Pointless,
        _ => Standing::Ready,
    }
}

/// A lesson's verbs have no place in the footer while they would change nothing.
fn of_lesson(model: &Model, way: &str) -> Standing {
    let Some(course) = &model.course else {
        return match way {
            "list" => Standing::Ready,
            // Enter in the list of lessons.
            "next" if model.overlay.is_some() => Standing::Ready,
            _ => Standing::Pointless,
        };
    };
    let waits = match course.runner.phase() {
        Phase::Ready { .. } | Phase::Revealed(_) | Phase::Failed { .. } => true,
        Phase::Playing { .. }
        | Phase::Watching { .. }
        | Phase::Pausing { .. }
        | Phase::Asking
        | Phase::Deciding
        | Phase::Freshening
        | Phase::Finished => false,
    };
    let useful = match way {
        "next" => waits,
        "skip" => waits || course.asking(),
        "rejoin" => course.runner.strayed(),
        "back" | "restart" => course.runner.progress().0 > 0,
        _ => true,
    };
    match useful {
        true => Standing::Ready,
        false => Standing::Pointless,
    }
}

/// What `pause` asks for: reading off where it is on, and on where it is off.
pub fn pausing(e: &Endpoint) -> Command {
    use crate::command::ReadMode;
    Command::Read(if e.reading.is_some() {
        ReadMode::Off
    } else {
        ReadMode::On
    })
}

/// A send without bytes, to ask about sending before there is a text.
fn nothing() -> crate::command::Send {
    crate::command::Send {
        what: crate::command::SendWhat::Text(Vec::new()),
        nowait: false,
    }
}
