//! The one table of verbs. The parser, completion, the help and the palette all read it; no other list of verbs exists.

use super::arguments::{self as args, Arguments};
use crate::tcp::Power;

/// Where a verb may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// It is asked of an endpoint: `client: close`; on the palette the selected endpoint is meant.
    Endpoint,
    /// It stands in scripts only.
    Script,
    /// It is asked of the screen: keys and the palette only, without an actor.
    Screen,
}

/// One verb.
pub struct VerbRow {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// The arguments as they are shown to users; empty if there are none.
    pub pattern: &'static str,
    pub scope: Scope,
    /// What the machine must grant.
    pub needs: Option<Power>,
    /// One line that says what it does.
    pub doc: &'static str,
    /// A line that parses to this verb.
    pub example: &'static str,
    /// The system calls that it makes, in POSIX spelling; empty if it makes none.
    pub call: &'static str,
    /// It stands without an actor.
    pub(super) alone: bool,
    pub(super) arguments: Arguments,
}

/// Every verb, in the order in which the help lists them.
#[rustfmt::skip]
pub static VERBS: &[VerbRow] = &[
    endpoint("listen", "[ADDR:]PORT [backlog N]", "wait for connections on a port",
        "server: listen 6000 backlog 5", "socket(); bind(fd, addr); listen(fd, backlog)", args::listen),
    endpoint("connect", "TARGET [from [ADDR:]PORT]", "open a connection to an actor or to host:port",
        "client: connect localhost:6000", "socket(); connect(fd, addr)", args::connect),
    endpoint("accept", "on|off", "take connections from the queue, or let the queue fill",
        "server: accept off", "accept(fd)", args::accept),
    endpoint("send", "TEXT | file PATH | bytes N | hex .. | oob BYTE  [nowait]", "give bytes to the kernel to send",
        r#"client: send "Thank you\n" nowait"#, "send(fd, data, len, 0)", args::send),
    endpoint("read", "on|off|N", "read what arrives, let the receive queue fill, or read N bytes and stop",
        "server: read 4KiB", "recv(fd, buf, len, 0)", args::read),
    endpoint("save", "PATH", "write what is received from now on to a file too",
        r#"client: save "receive.dat""#, "", args::save),
    endpoint("shutdown", "send|receive|both", "close one half of the connection, or both, and keep the descriptor",
        "server: shutdown send", "shutdown(fd, how)", args::shutdown),
    endpoint("drain", "", "shutdown send, read to EOF, close",
        "client: drain", "shutdown(fd, SHUT_WR); recv() until 0; close(fd)", args::drain),
    VerbRow { aliases: &["closesocket"], ..endpoint("close", "", "give the descriptor back: a FIN, or a RST if bytes stand unread",
        "client: close", "close(fd)", args::close) },
    VerbRow { aliases: &["rst"], ..endpoint("abort", "", "reset the connection: linger 0 and close",
        "client: abort", "setsockopt(fd, SO_LINGER, {1, 0}); close(fd)", args::abort) },
    endpoint("disconnect", "", "reset the connection and keep the descriptor",
        "client: disconnect", "connect(fd, AF_UNSPEC)", args::disconnect),
    endpoint("set", "OPTION VALUE", "set a socket option; before listen or connect it is kept for them",
        "client: set keepalive 10s 1s 3", "setsockopt(fd, level, option, value)", args::set),
    endpoint("dup", "as NAME", "a second descriptor of the same socket, under a name of its own",
        "client: dup as twin", "dup(fd)", args::dup),

    script("expect", "[no] FACT [within TIME]", "decide whether something holds; the first that fails ends the script",
        r#"client: expect received "Thank you" within 1s"#, args::expect),
    VerbRow { alone: true, ..script("wait", "TIME", "let time pass",
        "wait 200ms", args::wait) },

    screen("select", "next|previous|first|last|page-down|page-up|other|NAME", "select an endpoint", "select other", args::select),
    screen("compose", "", "write what to send", "compose", args::compose),
    screen("pause", "", "stop reading from the selected endpoint, or read on", "pause", args::pause),
    screen("again", "", "a fresh pair", "again", args::again),
    screen("pane", "next|previous|list|twin|ladder|diagram|log|data", "move the focus to a pane", "pane next", args::pane),
    screen("screen", "connections|ladder|diagram|data|log", "show another screen", "screen log", args::screen),
    screen("scroll", "up|down|page-up|page-down|top|bottom", "scroll the focused pane", "scroll page-down", args::scroll),
    screen("zoom", "", "the focused pane over the full screen, and back", "zoom", args::zoom),
    screen("follow", "", "keep the log at its end", "follow", args::follow),
    screen("sort", "COLUMN|next|reverse", "order the list", "sort next", args::sort),
    screen("filter", "[TEXT]", "show only what matches; without a text, ask for it", "filter server", args::filter),
    screen("segment", "next|previous|first|last|discard", "select a segment of the ladder, or drop the selected one", "segment next", args::segment),
    screen("details", "", "the whole header of the selected segment, and less again", "details", args::details),
    screen("time", "next|compact|spread", "how the ladder shows time that passes", "time spread", args::time),
    screen("toggle", "hold|cut", "hold or release the wire, cut or mend it", "toggle hold", args::toggle),
    screen("motion", "slower|faster", "more or less delay on the wire", "motion slower", args::motion),
    screen("data", "text|hex|next", "how bytes are shown", "data hex", args::data),
    screen("calls", "next|posix|winsock|rust|python", "the language in which calls are spelled", "calls winsock", args::calls),
    screen("theme", "NAME|next", "change the colours", "theme next", args::theme),
    screen("copy", "", "the selected row or line to the terminal's clipboard", "copy", args::copy),
    screen("palette", "[TEXT]", "open the command line", r#"palette "shutdown ""#, args::palette),
    VerbRow { aliases: &["?"], ..screen("help", "", "all keys and verbs", "help", args::help) },
    screen("back", "", "close what lies on top; never quits", "back", args::back),
    screen("suspend", "", "back to the shell until `fg`", "suspend", args::suspend),
    VerbRow { aliases: &["q", "exit"], ..screen("quit", "", "end finspect", "quit", args::quit) },
];

impl VerbRow {
    /// Whether this is the verb's name or one of its aliases.
    pub fn is_called(&self, word: &str) -> bool {
        self.name == word || self.aliases.contains(&word)
    }

    /// The row of a name or an alias.
    pub fn find(word: &str) -> Option<&'static VerbRow> {
        VERBS.iter().find(|row| row.is_called(word))
    }
}

const fn endpoint(
    name: &'static str,
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    call: &'static str,
    arguments: Arguments,
) -> VerbRow {
    VerbRow {
        name,
        aliases: &[],
        pattern,
        scope: Scope::Endpoint,
        needs: None,
        doc,
        example,
        call,
        alone: false,
        arguments,
    }
}

const fn script(
    name: &'static str,
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    arguments: Arguments,
) -> VerbRow {
    VerbRow {
        scope: Scope::Script,
        ..endpoint(name, pattern, doc, example, "", arguments)
    }
}

const fn screen(
    name: &'static str,
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    arguments: Arguments,
) -> VerbRow {
    VerbRow {
        scope: Scope::Screen,
        alone: true,
        ..endpoint(name, pattern, doc, example, "", arguments)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::{Origin, Statement, parse_line};
    use super::*;

    fn origin(row: &VerbRow) -> Origin {
        match row.scope {
            Scope::Endpoint | Scope::Script => Origin::Script,
            Scope::Screen => Origin::Screen,
        }
    }

    /// The verb of a canonical line: its first word after the actor.
    fn verb_of(statement: &Statement) -> String {
        let line = statement.to_string();
        let after = line
            .split_once(": ")
            .map_or(line.as_str(), |(_, rest)| rest);
        after.split(' ').next().unwrap_or_default().to_owned()
    }

    #[test]
    fn every_row_parses_under_its_name_and_its_aliases() {
        for row in VERBS {
            for word in row.aliases.iter().chain([&row.name]) {
                let line = row.example.replacen(row.name, word, 1);
                let statement =
                    parse_line(&line, origin(row)).unwrap_or_else(|e| panic!("{line}: {e}"));
                let statement = statement.unwrap_or_else(|| panic!("{line}: nothing"));
                assert_eq!(verb_of(&statement), row.name, "{line}");
                assert_eq!(
                    parse_line(row.example, origin(row)),
                    Ok(Some(statement)),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn names_are_unique_and_rows_are_whole() {
        let mut seen = HashSet::new();
        for row in VERBS {
            for word in row.aliases.iter().chain([&row.name]) {
                assert!(seen.insert(*word), "{word} stands twice");
                assert!(VerbRow::find(word).is_some_and(|r| r.name == row.name));
            }
            assert!(
                !row.doc.is_empty() && !row.doc.ends_with('.') && !row.doc.contains('\n'),
                "{}",
                row.name
            );
            assert_eq!(
                row.scope == Scope::Endpoint && row.name != "save",
                !row.call.is_empty(),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn the_arguments_that_users_see_are_those_that_parse() {
        for row in VERBS.iter().filter(|r| !r.pattern.contains(' ')) {
            let actor = if row.scope == Scope::Screen {
                ""
            } else {
                "client: "
            };
            for word in row
                .pattern
                .split('|')
                .filter(|w| w.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                let line = format!("{actor}{} {word}", row.name);
                assert!(
                    parse_line(&line, origin(row)).is_ok_and(|s| s.is_some()),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn a_verb_without_arguments_takes_none() {
        for row in VERBS.iter().filter(|r| r.pattern.is_empty()) {
            assert!(
                parse_line(&format!("{} more", row.example), origin(row)).is_err(),
                "{}",
                row.name
            );
        }
    }
}
