//! Code of a lesson: lines to read, some of them marked as what a step does.

/// The interface whose calls a listing spells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    Posix,
    Winsock,
    Rust,
    Python,
}

impl Api {
    pub const ALL: [Api; 4] = [Api::Posix, Api::Winsock, Api::Rust, Api::Python];

    pub const fn word(self) -> &'static str {
        match self {
            Api::Posix => "posix",
            Api::Winsock => "winsock",
            Api::Rust => "rust",
            Api::Python => "python",
        }
    }
}

/// A block of code that is shown and never run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// `None`: output, a picture, or another language.
    pub api: Option<Api>,
    pub lines: Vec<CodeLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    pub text: String,
    /// `// (3)`, `/* (3) */` or `# (3)` at its end.
    pub mark: Option<u32>,
}

impl Listing {
    /// `info` is what stands behind the fence: `c posix`, `c winsock`, `rust`, `python`.
    pub(super) fn read<'a>(info: &str, lines: impl Iterator<Item = &'a str>) -> Listing {
        let api = info
            .split_whitespace()
            .find_map(|word| Api::ALL.into_iter().find(|api| api.word() == word));
        let line = |text: &str| CodeLine {
            text: text.trim_end().replace('\t', "    "),
            mark: mark(text),
        };
        Listing {
            api,
            lines: lines.map(line).collect(),
        }
    }

    pub fn marks(&self) -> impl Iterator<Item = u32> {
        self.lines.iter().filter_map(|line| line.mark)
    }
}

fn mark(line: &str) -> Option<u32> {
    let line = line.trim_end();
    let line = line.strip_suffix("*/").unwrap_or(line).trim_end();
    let (before, number) = line.strip_suffix(')')?.rsplit_once('(')?;
    let before = before.trim_end();
    let comment = ["//", "/*", "#"].iter().any(|sign| before.ends_with(sign));
    comment.then(|| number.parse().ok())?
}

/// `(2) the rest`: the mark that a step's comment opens with, and what it says.
pub(super) fn step_mark(comment: &str) -> (Option<u32>, Option<&str>) {
    let marked = comment
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .and_then(|(number, says)| Some((number.parse().ok()?, says)));
    match marked {
        Some((mark, says)) => (Some(mark), some(says)),
        None => (None, some(comment)),
    }
}

fn some(says: &str) -> Option<&str> {
    Some(says.trim()).filter(|says| !says.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_marked_by_a_number_in_a_comment_at_its_end() {
        let rows = [
            ("shutdown(fd, SHUT_WR);   // (2)", Some(2)),
            ("shutdown(s, SD_SEND);    /* (3) */", Some(3)),
            ("sock.close()  # (4)", Some(4)),
            ("close(fd)", None),
            ("f(2)", None),
            ("exit(1); // see connect(2)", None),
        ];
        for (line, expected) in rows {
            assert_eq!(mark(line), expected, "{line}");
        }
    }

    #[test]
    fn a_step_says_its_mark_and_its_words() {
        assert_eq!(step_mark("(1) no more"), (Some(1), Some("no more")));
        assert_eq!(step_mark("(1)"), (Some(1), None));
        assert_eq!(step_mark("no more (1)"), (None, Some("no more (1)")));
        assert_eq!(step_mark(""), (None, None));
    }
}
