//! Lines that were entered before, newest last, and the walk through them with Up and Down.

/// How many lines are kept.
const KEPT: usize = 500;

/// The lines of one prompt.
#[derive(Clone, Debug, Default)]
pub struct History {
    lines: Vec<String>,
}

impl History {
    pub fn of(lines: Vec<String>) -> History {
        let mut history = History::default();
        lines.into_iter().for_each(|line| {
            history.push(line);
        });
        history
    }

    /// Keeps a line; says whether it is worth keeping (not empty, not the last one again).
    pub fn push(&mut self, line: String) -> bool {
        if line.trim().is_empty() || self.lines.last() == Some(&line) {
            return false;
        }
        if self.lines.len() == KEPT {
            self.lines.remove(0);
        }
        self.lines.push(line);
        true
    }

    fn older(&self, from: usize, beginning: &str) -> Option<usize> {
        self.lines[..from.min(self.lines.len())]
            .iter()
            .rposition(|l| l.starts_with(beginning))
    }

    fn newer(&self, from: usize, beginning: &str) -> Option<usize> {
        let start = (from + 1).min(self.lines.len());
        self.lines[start..]
            .iter()
            .position(|l| l.starts_with(beginning))
            .map(|at| at + start)
    }
}

/// Where a walk through the history stands. What was typed before it began is kept, and filters it by its beginning.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    at: Option<usize>,
    draft: String,
}

impl Walk {
    /// The next older line that begins like the draft.
    pub fn up<'a>(&mut self, history: &'a History, typed: &str) -> Option<&'a str> {
        let from = match self.at {
            Some(at) => at,
            None => {
                typed.clone_into(&mut self.draft);
                history.lines.len()
            }
        };
        let at = history.older(from, &self.draft)?;
        self.at = Some(at);
        Some(&history.lines[at])
    }

    /// The next newer line, and at last the draft.
    pub fn down(&mut self, history: &History) -> Option<String> {
        match history.newer(self.at?, &self.draft) {
            Some(at) => {
                self.at = Some(at);
                Some(history.lines[at].clone())
            }
            None => {
                self.at = None;
                Some(std::mem::take(&mut self.draft))
            }
        }
    }

    /// The text was edited: the next Up begins at the newest line again.
    pub fn stop(&mut self) {
        *self = Walk::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_and_down_walk_and_come_back_to_the_draft() {
        let history = History::of(vec![
            "send a".into(),
            "close".into(),
            "send b".into(),
            "send b".into(),
        ]);
        let mut walk = Walk::default();
        assert_eq!(walk.up(&history, "send"), Some("send b"));
        assert_eq!(walk.up(&history, "send b"), Some("send a"));
        assert_eq!(walk.up(&history, "send a"), None);
        assert_eq!(walk.down(&history), Some("send b".to_owned()));
        assert_eq!(walk.down(&history), Some("send".to_owned()));
        assert_eq!(walk.down(&history), None);
    }
}
