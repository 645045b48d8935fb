//! The languages in which calls are spelled.

use std::fmt;
use std::str::FromStr;

/// A language's way to spell a socket call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// C on POSIX systems.
    #[default]
    Posix,
    /// C on Windows.
    Winsock,
    /// The standard library's types; `socket` is a `socket2::Socket` where the standard library has no such call.
    Rust,
    /// The `socket` module.
    Python,
}

impl Spelling {
    pub const ALL: [Spelling; 4] = [
        Spelling::Posix,
        Spelling::Winsock,
        Spelling::Rust,
        Spelling::Python,
    ];

    /// The language after this one, and from the last back to the first.
    pub const fn next(self) -> Spelling {
        match self {
            Spelling::Posix => Spelling::Winsock,
            Spelling::Winsock => Spelling::Rust,
            Spelling::Rust => Spelling::Python,
            Spelling::Python => Spelling::Posix,
        }
    }

    /// As the command `calls WORD` has it.
    pub const fn word(self) -> &'static str {
        match self {
            Spelling::Posix => "posix",
            Spelling::Winsock => "winsock",
            Spelling::Rust => "rust",
            Spelling::Python => "python",
        }
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The word is no spelling's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSpelling(pub String);

impl FromStr for Spelling {
    type Err = UnknownSpelling;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Spelling::ALL
            .into_iter()
            .find(|s| s.word().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownSpelling(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_visits_every_spelling_and_each_word_reads_back() {
        let mut at = Spelling::Posix;
        for expected in Spelling::ALL {
            assert_eq!(at, expected);
            assert_eq!(at.word().parse(), Ok(at));
            at = at.next();
        }
        assert_eq!(at, Spelling::Posix);
        assert_eq!(
            "cobol".parse::<Spelling>(),
            Err(UnknownSpelling("cobol".into()))
        );
    }
}
