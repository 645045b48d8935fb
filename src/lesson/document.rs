//! A lesson as it was read: what stands in it, in order, with every line of its steps checked.

use super::front::About;
use super::listing::{Api, Listing};
use super::prose::{Prose, Rich};
use crate::command::{Command, Line, Script, SendWhat, Statement, without_comment};

/// A whole lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// What `learn` and `run` call it: the file's name without `.md`.
    pub name: String,
    pub about: About,
    pub blocks: Vec<Block>,
    /// The lines of all blocks, in the order in which they run; of a question, what is done stands before what is
    /// expected.
    pub script: Script,
}

/// What follows what, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Prose(Prose),
    Listing(Listing),
    Steps(Steps),
    Ask(Ask),
}

/// A `lab` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// `lab setup`: nobody is asked, it is done.
    pub setup: bool,
    pub steps: Vec<Step>,
}

/// One line of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index into the lesson's script.
    pub line: usize,
    /// The marked line of the listings that this is.
    pub mark: Option<u32>,
    /// What to say while it is done.
    pub says: Option<String>,
}

/// A question whose right answer is decided by what the kernel then does.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The line of the document where it stands, from 1.
    pub number: u32,
    pub question: Rich,
    pub choices: Vec<Choice>,
    /// What is done once it is answered; none where it has happened already.
    pub steps: Vec<Step>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub text: Rich,
    /// Right when all of these hold: indexes into the lesson's script.
    pub expects: Vec<usize>,
}

impl Lesson {
    /// A script as a lesson without words: it runs from its first line to its last.
    pub fn of_script(name: &str, script: Script) -> Lesson {
        let step = |line| Step {
            line,
            mark: None,
            says: None,
        };
        Lesson {
            name: name.to_owned(),
            about: About::default(),
            blocks: vec![Block::Steps(Steps {
                setup: true,
                steps: (0..script.lines.len()).map(step).collect(),
            })],
            script,
        }
    }

    pub fn line(&self, index: usize) -> &Line {
        &self.script.lines[index]
    }

    pub fn questions(&self) -> impl Iterator<Item = &Ask> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Ask(ask) => Some(ask),
            Block::Prose(_) | Block::Listing(_) | Block::Steps(_) => None,
        })
    }

    /// The interface of its first listing: the one that its author shows first.
    pub fn first_api(&self) -> Option<Api> {
        self.blocks.iter().find_map(|block| match block {
            Block::Listing(listing) => listing.api,
            Block::Ask(_) | Block::Prose(_) | Block::Steps(_) => None,
        })
    }

    /// Without a lab this lesson cannot be taught.
    pub fn needs_lab(&self) -> bool {
        self.script.needs_lab()
    }

    /// It looks for segments: without a lab it can be taught only where loopback may be captured.
    pub fn needs_segments(&self) -> bool {
        self.script.needs_segments()
    }

    /// The lines that read or write files.
    pub fn file_lines(&self) -> impl Iterator<Item = &Line> {
        self.script.lines.iter().filter(|line| {
            let Statement::Do { command, .. } = &line.statement else {
                return false;
            };
            match command {
                Command::Save(_) => true,
                Command::Send(send) => matches!(send.what, SendWhat::File(_)),
                _ => false,
            }
        })
    }

    /// What a translation must have in common with its original: the lines, and how many choices each question has.
    pub fn skeleton(&self) -> Vec<String> {
        let mut bones = Vec::new();
        let mut bone = |index: usize| {
            bones.push(without_comment(&self.line(index).text).to_owned());
        };
        for block in &self.blocks {
            match block {
                Block::Prose(_) | Block::Listing(_) => {}
                Block::Steps(steps) => steps.steps.iter().for_each(|step| bone(step.line)),
                Block::Ask(ask) => {
                    for choice in &ask.choices {
                        choice.expects.iter().for_each(|line| bone(*line));
                    }
                    ask.steps.iter().for_each(|step| bone(step.line));
                }
            }
        }
        bones
    }
}
