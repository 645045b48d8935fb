//! The lesson: what the learner wants of it, what it notices, and what it wants done.

use std::sync::Arc;

use super::screen::choose;
use super::turn::say_word;
use crate::command::{Command, Statement};
use crate::lesson::{Lesson, Phase, Want};
use crate::locale::Lesson as Words;
use crate::ui::calls::Spelling;
use crate::ui::course::{Course, LessonRow, LessonStanding, Shelf};
use crate::ui::effect::Effect;
use crate::ui::layout::Pane;
use crate::ui::message::Severity;
use crate::ui::model::{Freeze, Model};
use crate::ui::overlay::Overlay;

/// `lesson next|back|restart|skip|rejoin|list|close`
pub(super) fn by_word(model: &mut Model, way: &str) -> Vec<Effect> {
    if way == "list" {
        return vec![Effect::ListLessons];
    }
    if let Some(Overlay::Lessons(shelf)) = &model.overlay {
        let chosen = shelf.rows.get(shelf.selected).map(|row| row.name.clone());
        model.overlay = None;
        return chosen.map(Effect::OpenLesson).into_iter().collect();
    }
    let (now, world) = (model.now, &model.world);
    let Some(course) = &mut model.course else {
        return say_word(model, Severity::Failed, Words::NoneRuns);
    };
    course.scroll = None;
    match way {
        "next" if course.asking() => return say_word(model, Severity::Said, Words::ChooseFirst),
        "next" => course.runner.go_on(now, world),
        "back" => course.runner.back(),
        "restart" => course.runner.restart(),
        "skip" => course.runner.skip(now, world),
        "rejoin" => course.runner.rejoin(),
        _ => return close(model),
    }
    Vec::new()
}

fn close(model: &mut Model) -> Vec<Effect> {
    model.course = None;
    model.presenting = false;
    say_word(model, Severity::Said, Words::Closed)
}

/// `answer N`
pub(super) fn answer(model: &mut Model, number: u32) -> Vec<Effect> {
    let (now, world) = (model.now, &model.world);
    let Some(course) = &mut model.course else {
        return say_word(model, Severity::Failed, Words::NoneRuns);
    };
    let choices = course.runner.ask().map_or(0, |ask| ask.choices.len());
    let chosen = usize::try_from(number).unwrap_or(usize::MAX) - 1;
    if !course.asking() || chosen >= choices {
        return say_word(model, Severity::Warned, Words::NothingToAnswer);
    }
    course.scroll = None;
    course.runner.answer(Some(chosen), now, world);
    Vec::new()
}

/// A lesson was opened, and the world is fresh.
pub(super) fn open(model: &mut Model, lesson: Arc<Lesson>, key: String) -> Vec<Effect> {
    let mut course = Course::new(lesson, key, &model.world);
    course.runner.go_on(model.now, &model.world);
    if let Some(api) = course
        .runner
        .lesson()
        .first_api()
        .filter(|_| !model.spelling_chosen)
    {
        let spelled = Spelling::ALL.into_iter().find(|s| s.word() == api.word());
        model.settings.spelling = spelled.unwrap_or(model.settings.spelling);
    }
    if model.layout.tiles.len() == 1 {
        // There is room for one pane at a time: the one that says what this is about.
        model.focus = Pane::Lesson;
    }
    model.course = Some(course);
    model.overlay = None;
    model.dirty = true;
    Vec::new()
}

pub(super) fn list(model: &mut Model, rows: Vec<LessonRow>, broken: Vec<String>) -> Vec<Effect> {
    let running = model.course.as_ref().map(|course| course.key.clone());
    let next = running
        .and_then(|key| rows.iter().position(|row| row.key == key))
        .or_else(|| {
            rows.iter()
                .position(|row| row.standing != LessonStanding::Done)
        });
    model.overlay = Some(Overlay::Lessons(Shelf {
        selected: next.unwrap_or(0),
        rows,
        broken,
    }));
    model.dirty = true;
    Vec::new()
}

/// What the person asked for may be what the lesson waits for.
pub(super) fn notice(model: &mut Model, effects: Vec<Effect>) -> Vec<Effect> {
    let now = model.now;
    let Some(course) = &mut model.course else {
        return effects;
    };
    let heard = effects.into_iter().filter(|effect| {
        let statement = match effect {
            Effect::Ask { actor, command } => Statement::Do {
                actor: Some(actor.clone()),
                command: command.clone(),
            },
            Effect::Wire(command) => Statement::Wire(command.clone()),
            Effect::Lab(command) => Statement::Lab(command.clone()),
            _ => return true,
        };
        // The lesson plays it itself.
        !course.runner.notices(&statement, now)
    });
    heard.collect()
}

/// What the lesson wants done now.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let Some(course) = &mut model.course else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    while let Some(want) = course.runner.want() {
        let lesson = Arc::clone(course.runner.lesson());
        match want {
            Want::Play { line, by_key } => effects.push(Effect::Play {
                statement: lesson.line(line).statement.clone(),
                by_key,
            }),
            Want::Tell { line, held } => {
                let line = lesson.line(line);
                if let Statement::Expect(expect) = &line.statement {
                    effects.push(Effect::Decided {
                        expect: expect.clone(),
                        line: line.number,
                        held,
                    });
                }
            }
            Want::Fresh => effects.push(Effect::FreshWorld),
        }
    }
    let (done, of) = course.runner.progress();
    if (done, of) != course.told {
        course.told = (done, of);
        effects.push(Effect::Reached {
            key: course.key.clone(),
            done,
            of,
        });
    }
    point(model);
    effects
}

/// Selects the endpoint that acts in the learner's next line, so that the key alone does it.
fn point(model: &mut Model) {
    let Some(course) = &mut model.course else {
        return;
    };
    let Phase::Ready { line } = *course.runner.phase() else {
        return;
    };
    if course.pointed == Some(line) {
        return;
    }
    let Statement::Do {
        actor: Some(actor),
        command,
    } = &course.runner.lesson().line(line).statement
    else {
        return;
    };
    if matches!(command, Command::Listen(_) | Command::Connect(_)) {
        return;
    }
    let row = model
        .world
        .by_name(actor)
        .and_then(|endpoint| model.rows.position(endpoint.id));
    if let Some(row) = row {
        course.pointed = Some(line);
        choose(model, row);
        model.dirty = true;
    }
}

/// The engine has come to the end of a line, or has done nothing for this reason.
pub(super) fn played(model: &mut Model, refused: Option<String>) -> Vec<Effect> {
    let (now, world) = (model.now, &model.world);
    if let Some(course) = &mut model.course {
        match refused {
            None => course.runner.done(now, world),
            Some(why) => course.runner.refused(why),
        }
        model.dirty = true;
    }
    Vec::new()
}

pub(super) fn starting(model: &mut Model) -> Vec<Effect> {
    let (now, world) = (model.now, &model.world);
    if let Some(course) = &mut model.course {
        course.runner.starting(now, world);
        model.dirty = true;
    }
    Vec::new()
}

/// The fresh world is there: nothing of the old one is shown any more.
pub(super) fn fresh(model: &mut Model) -> Vec<Effect> {
    model.begin_again();
    let (now, world) = (model.now, &model.world);
    if let Some(course) = &mut model.course {
        course.pointed = None;
        course.runner.fresh(now, world);
    }
    model.dirty = true;
    Vec::new()
}

/// `present`
pub(super) fn present(model: &mut Model) -> Vec<Effect> {
    model.presenting = !model.presenting;
    model.pressed = None;
    Vec::new()
}

/// `freeze`
pub(super) fn freeze(model: &mut Model) -> Vec<Effect> {
    let (freeze, word) = match model.freeze {
        Freeze::Moving => (Freeze::Asked, Words::Frozen),
        Freeze::Asked | Freeze::Standing => (Freeze::Moving, Words::Thawed),
    };
    model.freeze = freeze;
    say_word(model, Severity::Said, word)
}
