//! A line into words: bare words, quoted texts, and the comment cut off. It knows no verb.

use std::ops::Range;

use super::error::{ParseError, ParseErrorKind};

/// One word of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Bytes of the line, the quotes included.
    pub span: Range<usize>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Bare,
    /// The text with its escapes resolved.
    Quoted(Vec<u8>),
}

/// Splits a line. White space is Unicode's, so an ideographic space separates too.
pub(super) fn lex(line: &str) -> Result<Vec<Token>, ParseError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        if c == '#' {
            break;
        }
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        if tokens.last().is_some_and(|t| t.span.end == at) {
            return Err(fault(ParseErrorKind::GluedQuote, at..at + c.len_utf8()));
        }
        let token = if c == '"' {
            quoted(line, at)?
        } else {
            bare(line, at)
        };
        at = token.span.end;
        tokens.push(token);
    }
    Ok(tokens)
}

/// Whether byte `at` of a line stands in its comment.
pub(super) fn in_comment(line: &str, at: usize) -> bool {
    let mut quoted = false;
    let mut escaped = false;
    for (i, c) in line.char_indices() {
        match c {
            _ if i >= at => return false,
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '#' if !quoted => return true,
            _ => {}
        }
    }
    false
}

/// What a line says behind its `#`, without the white space around it.
pub fn comment(line: &str) -> Option<&str> {
    let sign = line
        .char_indices()
        .find(|(at, c)| *c == '#' && in_comment(line, at + 1))?;
    Some(line[sign.0 + 1..].trim())
}

fn bare(line: &str, start: usize) -> Token {
    let rest = &line[start..];
    let len = rest
        .find(|c: char| c.is_whitespace() || c == '#' || c == '"')
        .unwrap_or(rest.len());
    Token {
        span: start..start + len,
        body: Body::Bare,
    }
}

/// `start` is at the opening quote.
fn quoted(line: &str, start: usize) -> Result<Token, ParseError> {
    let mut bytes = Vec::new();
    let mut at = start + 1;
    while let Some(c) = line[at..].chars().next() {
        match c {
            '"' => {
                return Ok(Token {
                    span: start..at + 1,
                    body: Body::Quoted(bytes),
                });
            }
            '\\' => {
                let (byte, len) = escape(line, at)?;
                bytes.push(byte);
                at += len;
            }
            _ => {
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += c.len_utf8();
            }
        }
    }
    Err(fault(
        ParseErrorKind::UnterminatedString,
        start..line.trim_end().len().max(start + 1),
    ))
}

/// The byte of the escape whose backslash is at `at`, and the length of the escape.
fn escape(line: &str, at: usize) -> Result<(u8, usize), ParseError> {
    let rest = &line[at + 1..];
    let simple = match rest.chars().next() {
        Some('n') => Some(b'\n'),
        Some('r') => Some(b'\r'),
        Some('t') => Some(b'\t'),
        Some('0') => Some(0),
        Some('\\') => Some(b'\\'),
        Some('"') => Some(b'"'),
        _ => None,
    };
    if let Some(byte) = simple {
        return Ok((byte, 2));
    }
    if rest.starts_with('x')
        && let Some(digits) = rest.get(1..3)
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && let Ok(byte) = u8::from_str_radix(digits, 16)
    {
        return Ok((byte, 4));
    }
    // The mark covers the backslash and the letter; for \x also what should have been two digits.
    let letters = if rest.starts_with('x') { 3 } else { 1 };
    let len: usize = rest
        .chars()
        .take(letters)
        .take_while(|c| *c != '"')
        .map(char::len_utf8)
        .sum();
    let span = at..at + 1 + len;
    Err(fault(
        ParseErrorKind::BadEscape(line[span.clone()].to_owned()),
        span,
    ))
}

fn fault(kind: ParseErrorKind, span: Range<usize>) -> ParseError {
    ParseError {
        kind,
        span,
        expected: Vec::new(),
        nearest: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<Vec<u8>> {
        lex(line)
            .expect("this line lexes")
            .into_iter()
            .map(|t| match t.body {
                Body::Bare => line[t.span].as_bytes().to_vec(),
                Body::Quoted(bytes) => bytes,
            })
            .collect()
    }

    #[test]
    fn words_quotes_escapes_and_comments() {
        let cases: &[(&str, &[&[u8]])] = &[
            ("", &[]),
            ("  \t # only a comment", &[]),
            ("a  b\tc", &[b"a", b"b", b"c"]),
            ("send \"a # b\" # c \"d", &[b"send", b"a # b"]),
            ("send a#b", &[b"send", b"a"]),
            (r#""\n\r\t\0\x7f\xFF\\\"""#, &[b"\n\r\t\0\x7f\xff\\\""]),
            (r#""\01""#, &[b"\x001"]),
            ("\u{3000}a\u{3000}b", &[b"a", b"b"]),
            ("\"\"", &[b""]),
        ];
        for (line, expected) in cases {
            assert_eq!(words(line), *expected, "{line}");
        }
    }

    #[test]
    fn faults_point_at_their_place() {
        use ParseErrorKind::*;
        let cases = [
            ("send \"abc ", UnterminatedString, 5..9),
            ("send \"", UnterminatedString, 5..6),
            (r#"send "a\qb""#, BadEscape(r"\q".into()), 7..9),
            (r#"send "a\xZ1""#, BadEscape(r"\xZ1".into()), 7..11),
            (r#"send "a\x""#, BadEscape(r"\x".into()), 7..9),
            (r#"send "a\"#, BadEscape(r"\".into()), 7..8),
            (r#"send "a\щ""#, BadEscape(r"\щ".into()), 7..10),
            (r#"send "a"b"#, GluedQuote, 8..9),
            (r#"send a"b""#, GluedQuote, 6..7),
        ];
        for (line, kind, span) in cases {
            let error = lex(line).expect_err(line);
            assert_eq!((error.kind, error.span), (kind, span), "{line}");
        }
    }

    #[test]
    fn a_place_is_in_the_comment_or_not() {
        let line = r##"a "#\"#" # c"##;
        assert!(!in_comment(line, 5));
        assert!(!in_comment(line, 9));
        assert!(in_comment(line, line.len()));
    }
}
