//! What a row of the keymap is called, which group of the help it stands in, and the call that it makes.

use super::calls::{self, Spelling};
use super::model::Model;
use super::overlay::Overlay;
use super::update::toggled;
use super::wire::rules;
use crate::command::{Command, LabCommand, Screen, Statement, WireCommand};
use crate::journal::ShutdownHow;
use crate::locale::Screen as Words;

/// The groups of the help, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Closing,
    Bytes,
    Wire,
    New,
    Lesson,
    Moving,
    Panes,
    Program,
}

impl Group {
    pub const ALL: [Group; 8] = [
        Group::Closing,
        Group::Bytes,
        Group::Wire,
        Group::New,
        Group::Lesson,
        Group::Moving,
        Group::Panes,
        Group::Program,
    ];

    pub const fn title(self) -> Words {
        match self {
            Group::Closing => Words::HelpClosing,
            Group::Bytes => Words::HelpBytes,
            Group::Wire => Words::HelpWire,
            Group::New => Words::HelpNew,
            Group::Lesson => Words::HelpLesson,
            Group::Moving => Words::HelpMoving,
            Group::Panes => Words::HelpPanes,
            Group::Program => Words::HelpProgram,
        }
    }

    pub const fn of(statement: &Statement) -> Group {
        match statement {
            Statement::Do { command, .. } => match command {
                Command::Send(_) | Command::Read(_) | Command::Save(_) => Group::Bytes,
                Command::Listen(_)
                | Command::Connect(_)
                | Command::Accept(_)
                | Command::Dup { .. }
                | Command::Fork { .. } => Group::New,
                Command::Shutdown(_)
                | Command::Close
                | Command::Abort
                | Command::Disconnect
                | Command::Drain
                | Command::Kill
                | Command::Set(_) => Group::Closing,
            },
            Statement::Wire(_) | Statement::Lab(_) => Group::Wire,
            Statement::Expect(_) | Statement::Wait(_) => Group::Program,
            Statement::Screen(screen) => match screen {
                Screen::Compose | Screen::Pause | Screen::Copy => Group::Bytes,
                Screen::Toggle(_)
                | Screen::Motion(_)
                | Screen::Segment(_)
                | Screen::Details
                | Screen::Time(_) => Group::Wire,
                Screen::Again => Group::New,
                Screen::Lesson(_) | Screen::Answer(_) | Screen::Present | Screen::Freeze => {
                    Group::Lesson
                }
                Screen::Palette(text) if !text.is_empty() => Group::New,
                Screen::Select(_)
                | Screen::Scroll(_)
                | Screen::Sort(_)
                | Screen::Filter(_)
                | Screen::Follow => Group::Moving,
                Screen::Pane(_) | Screen::Show(_) | Screen::Zoom | Screen::Data(_) => Group::Panes,
                Screen::Calls(_)
                | Screen::Theme(_)
                | Screen::Palette(_)
                | Screen::Help
                | Screen::Back
                | Screen::Suspend
                | Screen::Quit => Group::Program,
            },
        }
    }
}

/// The word in the footer. `None`: the command line itself is shown.
fn short(model: &Model, statement: &Statement) -> Option<Words> {
    let reading = model.selected().is_none_or(|e| e.reading.is_some());
    Some(match statement {
        Statement::Do { command, .. } => match command {
            Command::Shutdown(ShutdownHow::Send) => Words::KeyShutdownSend,
            Command::Shutdown(ShutdownHow::Receive) => Words::KeyShutdownReceive,
            Command::Shutdown(ShutdownHow::Both) => Words::KeyShutdownBoth,
            Command::Close => Words::KeyClose,
            Command::Abort => Words::KeyAbort,
            Command::Drain => Words::KeyDrain,
            _ => return None,
        },
        Statement::Wire(WireCommand::Step(1)) => Words::KeyStep,
        Statement::Lab(LabCommand::Reset) => Words::KeyReset,
        Statement::Wire(_) | Statement::Lab(_) | Statement::Expect(_) | Statement::Wait(_) => {
            return None;
        }
        Statement::Screen(screen) => match screen {
            Screen::Compose => Words::KeyCompose,
            Screen::Pause if reading => Words::KeyPause,
            Screen::Pause => Words::KeyResume,
            Screen::Again => Words::KeyAgain,
            Screen::Palette(text) if text.is_empty() => Words::KeyPalette,
            Screen::Palette(_) => Words::KeyNew,
            Screen::Filter(_) => Words::KeyFilter,
            Screen::Help => Words::KeyHelp,
            Screen::Quit => Words::KeyQuit,
            Screen::Zoom => Words::KeyZoom,
            Screen::Follow => Words::KeyFollow,
            Screen::Copy => Words::KeyCopy,
            Screen::Suspend => Words::KeySuspend,
            Screen::Back => Words::KeyBack,
            Screen::Pane(word) => {
                return at(
                    word,
                    &[("next", Words::KeyPane), ("previous", Words::KeyPaneBack)],
                );
            }
            Screen::Sort(word) => {
                return at(
                    word,
                    &[("next", Words::KeySort), ("reverse", Words::KeySortReverse)],
                );
            }
            Screen::Select(word) => {
                return at(
                    word,
                    &[
                        ("next", Words::KeyNextRow),
                        ("previous", Words::KeyPreviousRow),
                        ("first", Words::KeyFirstRow),
                        ("last", Words::KeyLastRow),
                        ("page-down", Words::KeyPageDown),
                        ("page-up", Words::KeyPageUp),
                        ("other", Words::KeyOther),
                    ],
                );
            }
            Screen::Show(word) => {
                return at(
                    word,
                    &[
                        ("connections", Words::KeyShowConnections),
                        ("ladder", Words::KeyShowLadder),
                        ("diagram", Words::KeyShowDiagram),
                        ("data", Words::KeyShowData),
                        ("log", Words::KeyShowLog),
                    ],
                );
            }
            Screen::Scroll(word) => {
                return at(
                    word,
                    &[
                        ("up", Words::KeyScrollUp),
                        ("down", Words::KeyScrollDown),
                        ("page-up", Words::KeyPageUp),
                        ("page-down", Words::KeyPageDown),
                        ("top", Words::KeyScrollTop),
                        ("bottom", Words::KeyScrollBottom),
                    ],
                );
            }
            Screen::Data(word) => return at(word, &[("next", Words::KeyData)]),
            Screen::Calls(word) => return at(word, &[("next", Words::KeyCalls)]),
            Screen::Theme(word) => return at(word, &[("next", Words::KeyTheme)]),
            Screen::Toggle(what) => match toggled(rules(&model.world), what) {
                WireCommand::Release => Words::KeyRelease,
                WireCommand::Cut => Words::KeyCut,
                WireCommand::Mend => Words::KeyMend,
                _ => Words::KeyHold,
            },
            Screen::Motion(way) => {
                return at(
                    way,
                    &[("slower", Words::KeySlower), ("faster", Words::KeyFaster)],
                );
            }
            Screen::Segment(which) => {
                return at(
                    which,
                    &[
                        ("next", Words::KeyNextSegment),
                        ("previous", Words::KeyPreviousSegment),
                        ("first", Words::KeyFirstSegment),
                        ("last", Words::KeyLastSegment),
                        ("discard", Words::KeyDiscard),
                    ],
                );
            }
            Screen::Lesson(_) if matches!(model.overlay, Some(Overlay::Lessons(_))) => {
                Words::KeyLessonOpen
            }
            Screen::Lesson(way) => {
                return at(
                    way,
                    &[
                        ("next", Words::KeyLessonNext),
                        ("back", Words::KeyLessonBack),
                        ("restart", Words::KeyLessonRestart),
                        ("skip", Words::KeyLessonSkip),
                        ("rejoin", Words::KeyLessonRejoin),
                        ("list", Words::KeyLessons),
                        ("close", Words::KeyLessonClose),
                    ],
                );
            }
            Screen::Answer(_) => Words::KeyAnswer,
            Screen::Present => Words::KeyPresent,
            Screen::Freeze => Words::KeyFreeze,
            Screen::Details => Words::KeyDetails,
            Screen::Time(word) => return at(word, &[("next", Words::KeyTime)]),
        },
    })
}

/// The word beside this argument.
fn at(word: &str, words: &[(&str, Words)]) -> Option<Words> {
    words
        .iter()
        .find(|(argument, _)| *argument == word)
        .map(|(_, label)| *label)
}

/// The name of a statement in the footer and in the help.
pub fn label(model: &Model, statement: &Statement, run: &str) -> String {
    match short(model, statement) {
        Some(word) => model.settings.locale.say(word).into_owned(),
        None => run.to_owned(),
    }
}

/// The system call that a statement makes, as the chosen language spells it. Empty where there is none.
pub fn call(model: &Model, statement: &Statement) -> String {
    let spelling: Spelling = model.settings.spelling;
    match statement {
        Statement::Do { command, .. } => calls::spell(command, spelling),
        Statement::Screen(Screen::Pause) => model
            .selected()
            .map(|e| calls::spell(&super::standing::pausing(e), spelling))
            .unwrap_or_default(),
        _ => String::new(),
    }
}
