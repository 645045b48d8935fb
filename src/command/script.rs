//! A whole script, checked before its first line runs. All mistakes are found, each with its place in the file.

use std::fmt;
use std::ops::Range;

use super::ask::{Command, HostPort, Listen, Selector, Statement, Target};
use super::cast::{Cast, Miscast};
use super::error::ParseError;
use super::expect::ExpectFact;
use super::lexer::lex;
use super::parse::{Origin, actor_prefix, parse_line};

/// A script whose every line parses and whose every actor is made by an earlier line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    pub lines: Vec<Line>,
}

/// One statement of a script. Empty lines and comments leave none.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line's number in the file, from 1.
    pub number: u32,
    /// The line as it was written, without white space at its ends.
    pub text: String,
    pub statement: Statement,
}

/// A mistake and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: usize,
    /// In bytes of the whole file.
    pub span: Range<usize>,
    /// Its own span is in bytes of the line.
    pub error: ParseError,
}

impl Script {
    /// Parses and checks a script. Lines end with LF or CRLF; a byte order mark at the head is skipped.
    ///
    /// # Errors
    /// Every mistake, in order of lines; at most one a line.
    pub fn parse(text: &str) -> Result<Script, Vec<ScriptError>> {
        Script::of(source_lines(text))
    }

    /// The same for lines that stand apart in their file (a lesson's), in the order in which they run.
    ///
    /// # Errors
    /// Every mistake, in order of lines; at most one a line.
    pub fn of<'a>(
        sources: impl IntoIterator<Item = SourceLine<'a>>,
    ) -> Result<Script, Vec<ScriptError>> {
        let mut lines = Vec::new();
        let mut errors = Vec::new();
        let mut cast = Cast::default();
        let mut rules = Vec::new();
        for source in sources {
            match statement(source.text, &mut cast) {
                Ok(Some(statement)) => {
                    rules.extend(statement.selector().cloned().map(|rule| (source, rule)));
                    let text = source.text.trim().to_owned();
                    lines.push(Line {
                        number: source.number,
                        text,
                        statement,
                    });
                }
                Ok(None) => {}
                Err(error) => errors.push(source.error(error)),
            }
        }
        for (source, rule) in rules {
            if let Err(miscast) = cast.sender(&rule) {
                errors.push(source.error(placed(source.text, miscast)));
            }
        }
        errors.sort_by_key(|error| error.line);
        if errors.is_empty() {
            Ok(Script { lines })
        } else {
            Err(errors)
        }
    }

    /// Whether a line needs the two hosts and the wire: without a lab the script cannot run.
    pub fn needs_lab(&self) -> bool {
        self.lines.iter().any(|line| line.statement.needs_lab())
    }

    /// Whether a line looks for segments: without a lab it needs loopback to be captured.
    pub fn needs_segments(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.statement.needs_segments())
    }

    /// Every text that some line expects to be received, with its actor. They are looked for from the first byte on,
    /// so whoever runs the script knows them before line 1.
    pub fn needles(&self) -> Vec<(String, Vec<u8>)> {
        let mut needles = Vec::new();
        for line in &self.lines {
            if let Statement::Expect(expect) = &line.statement
                && let ExpectFact::ReceivedText(text) = &expect.fact
            {
                let needle = (expect.actor.clone(), text.clone());
                if !needles.contains(&needle) {
                    needles.push(needle);
                }
            }
        }
        needles
    }
}

impl Statement {
    /// It is about the hosts of the lab, or about what only the wire between them does with a segment.
    pub fn needs_lab(&self) -> bool {
        match self {
            Statement::Wire(_) | Statement::Lab(_) => true,
            Statement::Expect(expect) => expect.fact.is_of_the_wire() && !self.needs_segments(),
            Statement::Do { command, .. } => match command {
                Command::Listen(Listen { at, on, .. }) => on.is_some() || at.lab_host().is_some(),
                Command::Connect(connect) => {
                    let there = match &connect.target {
                        Target::Address(at) => Some(at),
                        Target::Actor(_) => None,
                    };
                    let named = [there, connect.from.as_ref()].into_iter().flatten();
                    connect.on.is_some() || named.filter_map(HostPort::lab_host).next().is_some()
                }
                _ => false,
            },
            Statement::Wait(_) | Statement::Screen(_) => false,
        }
    }

    /// It looks for segments. A lab shows them, and so does loopback where it may be captured.
    pub fn needs_segments(&self) -> bool {
        match self {
            Statement::Expect(expect) => expect
                .fact
                .selector()
                .is_some_and(|what| what.host().is_none()),
            Statement::Wire(_)
            | Statement::Lab(_)
            | Statement::Do { .. }
            | Statement::Wait(_)
            | Statement::Screen(_) => false,
        }
    }

    fn selector(&self) -> Option<&Selector> {
        match self {
            Statement::Wire(command) => command.selector(),
            Statement::Expect(expect) => expect.fact.selector(),
            Statement::Do { .. }
            | Statement::Lab(_)
            | Statement::Wait(_)
            | Statement::Screen(_) => None,
        }
    }
}

fn statement(line: &str, cast: &mut Cast) -> Result<Option<Statement>, ParseError> {
    match parse_line(line, Origin::Script) {
        Ok(Some(statement)) => match cast.admit(&statement) {
            Ok(()) => Ok(Some(statement)),
            Err(miscast) => Err(placed(line, miscast)),
        },
        Ok(None) => Ok(None),
        Err(error) => {
            if let Some(actor) = actor_prefix(line) {
                cast.presume(actor);
            }
            Err(error)
        }
    }
}

/// The wrong name's place: the head of the line, or the last word that is this name.
fn placed(line: &str, miscast: Miscast) -> ParseError {
    let Miscast {
        word,
        head,
        kind,
        expected,
        nearest,
    } = miscast;
    let start = line.len() - line.trim_start().len();
    let named = lex(line)
        .unwrap_or_default()
        .into_iter()
        .map(|t| t.span)
        .rfind(|s| line[s.clone()] == word);
    let span = match named {
        Some(span) if !head => span,
        _ => start..start + word.len(),
    };
    ParseError {
        kind,
        span,
        expected,
        nearest,
    }
}

/// A line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLine<'a> {
    /// From 1.
    pub number: u32,
    /// Where it begins in the file, in bytes.
    pub start: usize,
    /// Without its line end.
    pub text: &'a str,
}

impl SourceLine<'_> {
    fn error(&self, error: ParseError) -> ScriptError {
        let before = self.text.get(..error.span.start).unwrap_or(self.text);
        ScriptError {
            line: self.number,
            column: before.chars().count() + 1,
            span: self.start + error.span.start..self.start + error.span.end,
            error,
        }
    }
}

/// The lines of a file, without their ends (LF or CRLF) and without a byte order mark at its head.
pub fn source_lines(text: &str) -> impl Iterator<Item = SourceLine<'_>> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - body.len();
    (1..)
        .zip(body.split_inclusive('\n'))
        .map(move |(number, line)| {
            let text = line.strip_suffix('\n').unwrap_or(line);
            let source = SourceLine {
                number,
                start,
                text: text.strip_suffix('\r').unwrap_or(text),
            };
            start += line.len();
            source
        })
}

impl std::error::Error for ScriptError {}

/// "3:9: unknown verb ...", the line and the column before it.
impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.error)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ParseErrorKind;
    use super::*;

    const TEXTBOOK: &str = r#"server: listen 6000                      # on loopback
client: connect server                   # or host:port
server: send file "assets/demo/report.txt"
server: shutdown send
client: expect eof
client: expect received 4096
client: send "Thank you"
client: expect state CLOSE-WAIT within 1s
server: expect received "Thank you"
client: close
server: close
server: expect state TIME-WAIT
"#;

    type Marked = (u32, usize, String, ParseErrorKind);

    /// Line, column, the words marked, kind.
    fn errors(text: &str) -> Vec<Marked> {
        let errors = Script::parse(text).expect_err("this script has mistakes");
        errors
            .into_iter()
            .map(|e| (e.line, e.column, text[e.span].to_owned(), e.error.kind))
            .collect()
    }

    fn only(text: &str) -> Marked {
        let mut errors = errors(text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors.remove(0)
    }

    #[test]
    fn the_play_of_the_contract() {
        let script = Script::parse(TEXTBOOK).expect("the contract's own script");
        assert_eq!(script.lines.len(), 12);
        assert_eq!(script.lines[3].number, 4);
        assert_eq!(script.lines[3].text, "server: shutdown send");
        assert_eq!(
            script.needles(),
            [("server".to_owned(), b"Thank you".to_vec())]
        );
    }

    #[test]
    fn line_ends_marks_and_blank_lines_do_not_matter() {
        let plain = Script::parse(TEXTBOOK).expect("plain");
        for text in [
            TEXTBOOK.replace('\n', "\r\n"),
            format!("\u{feff}{TEXTBOOK}"),
            TEXTBOOK.trim_end().to_owned(),
        ] {
            assert_eq!(Script::parse(&text), Ok(plain.clone()));
        }
        let spaced = Script::parse("\n\n# note\n\t server: listen 1\n").expect("spaced");
        assert_eq!(
            (spaced.lines[0].number, spaced.lines[0].text.as_str()),
            (4, "server: listen 1")
        );
        assert_eq!(Script::parse(""), Ok(Script::default()));
    }

    #[test]
    fn places_are_exact_in_every_script_of_the_world() {
        use ParseErrorKind::{TrailingWords, UnknownVerb};
        let bad = || UnknownVerb("clsoe".to_owned());
        for head in ["\u{feff}", "# 备注\r\n", "\r\n\r\n"] {
            let line = head.matches('\n').count() as u32 + 1;
            assert_eq!(
                only(&format!("{head}a: clsoe")),
                (line, 4, "clsoe".to_owned(), bad())
            );
        }
        assert_eq!(
            only("клиент: listen 1\n\tклиент: clsoe"),
            (2, 10, "clsoe".to_owned(), bad())
        );
        let mistake = "客户端: listen 1\r\n客户端: send \"你好\" nowiat";
        assert_eq!(
            only(mistake),
            (
                2,
                16,
                "nowiat".to_owned(),
                TrailingWords("nowiat".to_owned())
            )
        );
    }

    #[test]
    fn all_mistakes_are_told() {
        let text = "server: listen 6000\nserver: shutdwon send\nshutdown send\nclient: connect sevrer\nwait 2\nquit\n";
        let lines: Vec<u32> = errors(text).iter().map(|e| e.0).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6]);
    }

    #[test]
    fn an_actor_is_made_by_an_earlier_line() {
        let good = [
            "s: set linger 0\ns: set nodelay on\ns: listen 1\ns: accept off",
            "s: set linger 0\ns: expect no state LISTEN within 1s\ns: connect host:80\ns: close",
            "s: listen 1\ns.listen: shutdown both\ns.2: close\ns.17: expect eof\ns: send x",
            "s: listen 1\nc: connect s\nc: dup as d\nd: close\nc: expect ending first s\nc: expect ending first client",
            "s: listen 1\nc: connect s.listen",
            "s: listen 1\nc: connect s\ns: fork as w\nw: expect state ESTABLISHED\nw: close\nw: kill\nw: kill",
            "s: listen 1\ns: listen 1\nc: connect s\nc: connect s",
            "s: listen 1\nc: set nodelay on",
        ];
        for text in good {
            assert!(
                Script::parse(text).is_ok(),
                "{text}: {:?}",
                Script::parse(text)
            );
        }
    }

    #[test]
    fn an_actor_that_nobody_made_is_marked() {
        use ParseErrorKind::{NameTaken, NeverMade, NoProcess, NotListening, OnlySet};
        let never = |name: &str| NeverMade(name.to_owned());
        let cases = [
            ("clinet: close", 1, "clinet", never("clinet")),
            ("clinet: expect eof", 1, "clinet", never("clinet")),
            ("server.1: close", 1, "server.1", never("server.1")),
            ("server.02: close", 1, "server.02", never("server.02")),
            ("server.x: close", 1, "server.x", never("server.x")),
            ("c: connect sevrer", 12, "sevrer", never("sevrer")),
            ("c: connect c", 12, "c", never("c")),
            ("connect: connect connect", 18, "connect", never("connect")),
            (
                "server: expect ending first clent",
                29,
                "clent",
                never("clent"),
            ),
            ("x: dup as y", 1, "x", never("x")),
            (
                "server: dup as server",
                16,
                "server",
                NameTaken("server".to_owned()),
            ),
        ];
        for (line, column, marked, kind) in cases {
            let text = format!("server: listen 1\n{line}\n");
            assert_eq!(only(&text), (2, column, marked.to_owned(), kind), "{line}");
        }
        let taken = only("server: listen 1\nserver: fork as w\nserver: fork as w");
        assert_eq!(taken, (3, 17, "w".to_owned(), NameTaken("w".to_owned())));
        let none = only("server: listen 1\nserver: fork as w\nserver: dup as d\nd: kill");
        assert_eq!(none, (4, 1, "d".to_owned(), NoProcess("d".to_owned())));
        let bare = only("c: set nodelay on\nc: fork as w");
        assert_eq!(bare, (2, 1, "c".to_owned(), OnlySet("c".to_owned())));
        let set = only("c: set nodelay on\nc: send x");
        assert_eq!(set, (2, 1, "c".to_owned(), OnlySet("c".to_owned())));
        let not = only("a: listen 1\nc: connect a\nd: connect c");
        assert_eq!(not, (3, 12, "c".to_owned(), NotListening("c".to_owned())));
    }

    #[test]
    fn the_nearest_actor_is_told() {
        let near = |text: &str| Script::parse(text).expect_err(text).remove(0).error.nearest;
        assert_eq!(
            near("client: connect h:1\nclinet: close"),
            Some("client".to_owned())
        );
        assert_eq!(
            near("server: listen 1\nc: connect sevrer"),
            Some("server".to_owned())
        );
        // Only who listens can be connected to.
        assert_eq!(near("client: connect h:1\nc: connect clinet"), None);
    }

    #[test]
    fn one_mistake_does_not_draw_others_after_it() {
        let text = "server: listn 6000\nclient: connect server\nserver: send x\nserver.2: close\n";
        assert_eq!(only(text).0, 1);
    }

    #[test]
    fn the_labs_lines_are_told_apart() {
        let lines = [
            "wire: hold",
            "lab: reset",
            "expect wire 2 held",
            "expect no wire 1 dropped within 1s",
            "expect wire fin from a",
            "s: listen 1 on b",
            "c: connect h:1 on a",
            "s: listen b:1",
            "c: connect b:1",
            "c: connect h:1 from a:2",
        ];
        for line in lines {
            assert!(Script::parse(line).is_ok_and(|s| s.needs_lab()), "{line}");
        }
        for line in [
            "expect wire fin",
            "client: connect h:1\nexpect wire 2 retransmissions of syn from client",
        ] {
            let script = Script::parse(line).expect(line);
            assert!(!script.needs_lab(), "{line}");
            assert!(script.lines.iter().any(|l| l.statement.needs_segments()));
        }
        let plain = Script::parse(TEXTBOOK).expect("plain");
        assert!(!plain.needs_lab());
        assert!(!plain.lines.iter().any(|l| l.statement.needs_segments()));
    }

    #[test]
    fn a_rule_may_be_about_somebody_who_comes_later() {
        let good = [
            "wire: drop 1 syn from client\nserver: listen 1\nclient: connect server",
            "wire: hold fin from server.2\nserver: listen 1",
            "wire: hold fin from a\nexpect no wire rst from b within 1s",
            "expect wire fin from late\nlate: listen 1",
        ];
        for text in good {
            assert!(
                Script::parse(text).is_ok(),
                "{text}: {:?}",
                Script::parse(text)
            );
        }
        let text = "wire: drop syn from clinet\nquit\nclient: connect h:1\nexpect wire 2 retransmissions of fin from c";
        let marked = errors(text);
        let nowhere = |name: &str| ParseErrorKind::MadeNowhere(name.to_owned());
        assert_eq!(marked[0], (1, 21, "clinet".to_owned(), nowhere("clinet")));
        assert_eq!(marked[1].0, 2);
        assert_eq!(marked[2], (4, 43, "c".to_owned(), nowhere("c")));
        let first = Script::parse(text).expect_err(text).remove(0).error;
        assert_eq!(first.nearest.as_deref(), Some("client"));
        assert_eq!(
            first.to_string(),
            "no line makes `clinet`; expected `a`, `b` or an actor; did you mean `client`?"
        );
    }
}
