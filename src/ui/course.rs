//! The lesson that runs on the screen: its runner, where its text is scrolled to, and the list of lessons to choose from.

use std::sync::Arc;

use crate::journal::World;
use crate::lesson::{Lesson, Phase, Runner};

/// See the head of this file.
#[derive(Debug)]
pub(super) struct Course {
    pub runner: Runner,
    /// What the learner's progress goes by.
    pub key: String,
    /// Lines above the first one that is seen; `None` follows the step that is next.
    pub scroll: Option<usize>,
    /// What was last told about the progress.
    pub told: (usize, usize),
    /// The line whose actor was selected for the learner.
    pub pointed: Option<usize>,
}

impl Course {
    pub fn new(lesson: Arc<Lesson>, key: String, world: &World) -> Course {
        Course {
            runner: Runner::new(lesson, world),
            key,
            scroll: None,
            told: (0, 0),
            pointed: None,
        }
    }

    pub fn asking(&self) -> bool {
        matches!(self.runner.phase(), Phase::Asking)
    }
}

/// A lesson in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonRow {
    /// What it is opened by.
    pub name: String,
    pub level: u8,
    pub title: String,
    pub minutes: u16,
    pub standing: LessonStanding,
    /// It cannot be taught where there is no lab.
    pub needs_lab: bool,
}

/// How far the learner has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonStanding {
    New,
    Begun { done: usize, of: usize },
    Done,
}

/// The open list.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub rows: Vec<LessonRow>,
    pub selected: usize,
}
