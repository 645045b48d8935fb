//! A cursor over the words of one line that remembers what it was asked for.
//!
//! Everything asked for at the place where it stands is kept in `tried`. So a mistake knows what was expected there,
//! and completion knows what could follow: both come from the grammar itself, and no second list exists.

use std::ops::Range;

use super::error::{Expected, ParseError, ParseErrorKind};
use super::lexer::{Body, Token, lex};
use super::nearest::nearest;

pub(super) struct Words<'a> {
    line: &'a str,
    tokens: Vec<Token>,
    at: usize,
    tried: Vec<Expected>,
}

impl<'a> Words<'a> {
    pub fn new(line: &'a str) -> Result<Words<'a>, ParseError> {
        Ok(Words {
            line,
            tokens: lex(line)?,
            at: 0,
            tried: Vec::new(),
        })
    }

    /// No word is left.
    pub fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The word here is the last one.
    pub fn last(&self) -> bool {
        self.at + 1 == self.tokens.len()
    }

    pub fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// The word here, if it is a bare one.
    pub fn bare(&self) -> Option<&'a str> {
        self.bare_at(self.at)
    }

    /// The word after this one, if it is a bare one.
    pub fn next_bare(&self) -> Option<&'a str> {
        self.bare_at(self.at + 1)
    }

    fn bare_at(&self, at: usize) -> Option<&'a str> {
        let token = self.tokens.get(at)?;
        matches!(token.body, Body::Bare).then(|| &self.line[token.span.clone()])
    }

    /// The source of the word here, with its quotes.
    pub fn source(&self) -> Option<&'a str> {
        self.token().map(|t| &self.line[t.span.clone()])
    }

    /// The place of the word here; the end of the line's last word if none is left.
    pub fn span(&self) -> Range<usize> {
        match self.token() {
            Some(token) => token.span.clone(),
            None => {
                let end = self.tokens.last().map_or(0, |t| t.span.end);
                end..end
            }
        }
    }

    /// The place of the last word that was taken.
    pub fn behind(&self) -> Range<usize> {
        self.at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(0..0, |t| t.span.clone())
    }

    /// Where the last word that was taken ends.
    pub fn taken_to(&self) -> usize {
        self.behind().end
    }

    /// The source of everything that is left, from the first word to the end of the last.
    pub fn rest(&mut self) -> Option<&'a str> {
        let start = self.token()?.span.start;
        let end = self.tokens.last()?.span.end;
        self.at = self.tokens.len();
        self.tried.clear();
        Some(&self.line[start..end])
    }

    pub fn advance(&mut self) {
        self.at += 1;
        self.tried.clear();
    }

    /// Notes that this could stand here.
    pub fn expects(&mut self, expected: Expected) {
        if !self.tried.contains(&expected) {
            self.tried.push(expected);
        }
    }

    /// What could stand here, as far as was asked.
    pub fn tried(&self) -> &[Expected] {
        &self.tried
    }

    /// Takes the word if it stands here.
    pub fn accept(&mut self, word: &'static str) -> bool {
        self.expects(Expected::Word(word));
        let here = self.bare() == Some(word);
        if here {
            self.advance();
        }
        here
    }

    /// Takes another spelling of a word that is also accepted here.
    pub fn accept_spelling(&mut self, word: &'static str) -> bool {
        self.expects(Expected::Spelling(word));
        let here = self.bare() == Some(word);
        if here {
            self.advance();
        }
        here
    }

    /// Takes one of the words.
    pub fn choose<T: Clone>(&mut self, choices: &[(&'static str, T)]) -> Result<T, ParseError> {
        for (word, value) in choices {
            if self.accept(word) {
                return Ok(value.clone());
            }
        }
        Err(self.unexpected())
    }

    /// Takes the first `len` bytes of the bare word here as a word of its own; the rest becomes the next word.
    pub fn split(&mut self, len: usize) {
        let Some(token) = self.tokens.get_mut(self.at) else {
            return;
        };
        let cut = token.span.start + len;
        if len == 0 || cut >= token.span.end {
            return;
        }
        let rest = Token {
            span: cut..token.span.end,
            body: Body::Bare,
        };
        token.span.end = cut;
        self.tokens.insert(self.at + 1, rest);
    }

    /// The word here is none of those that were asked for, or none is left.
    pub fn unexpected(&self) -> ParseError {
        let kind = match self.source() {
            Some(word) => ParseErrorKind::Unexpected(word.to_owned()),
            None => ParseErrorKind::Missing,
        };
        self.fault(kind)
    }

    /// A mistake in the word here.
    pub fn fault(&self, kind: ParseErrorKind) -> ParseError {
        let known = self.tried.iter().filter_map(|e| match e {
            Expected::Word(w) | Expected::Spelling(w) => Some(*w),
            _ => None,
        });
        let near = self.bare().and_then(|word| nearest(word, known));
        ParseError {
            kind,
            span: self.span(),
            expected: self.tried.clone(),
            nearest: near.map(str::to_owned),
        }
    }

    /// As `fault`, with the nearest of these words instead.
    pub fn fault_near<'b>(
        &self,
        kind: ParseErrorKind,
        known: impl IntoIterator<Item = &'b str>,
    ) -> ParseError {
        let near = self.bare().and_then(|word| nearest(word, known));
        ParseError {
            nearest: near.map(str::to_owned),
            ..self.fault(kind)
        }
    }

    /// The statement is complete: no word may follow.
    pub fn finish(&mut self) -> Result<(), ParseError> {
        if let Some(word) = self.source() {
            self.expects(Expected::EndOfLine);
            return Err(self.fault(ParseErrorKind::TrailingWords(word.to_owned())));
        }
        Ok(())
    }
}
