//! The one table of verbs. The parser, completion, the help and the palette all read it; no other list of verbs exists.

use super::arguments::{self as args, Arguments};
use super::parse::{Origin, actor_prefix};
use super::rig;
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
    /// It is asked of the lab's wire: `wire: hold fin`, in scripts and on the palette.
    Wire,
    /// It is asked of the lab as a whole: `lab: reset`, in scripts and on the palette.
    Lab,
}

impl Scope {
    /// The actor that all verbs of this scope have; empty where any or none may act.
    pub const fn actor(self) -> &'static str {
        match self {
            Scope::Wire => RESERVED[0],
            Scope::Lab => RESERVED[1],
            Scope::Endpoint | Scope::Script | Scope::Screen => "",
        }
    }

    /// What stands before the verb on every line that holds it; empty where a name or nothing does.
    pub const fn prefix(self) -> &'static str {
        match self {
            Scope::Wire => "wire: ",
            Scope::Lab => "lab: ",
            Scope::Endpoint | Scope::Script | Scope::Screen => "",
        }
    }
}

/// Who acts in a line, as far as it decides which verbs may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Acting {
    /// The line begins with its verb.
    Nobody,
    Endpoint,
    Wire,
    Lab,
}

/// Actors that are no endpoints.
pub(super) const RESERVED: [&str; 2] = ["wire", "lab"];

impl Acting {
    pub fn of(actor: Option<&str>) -> Acting {
        match actor {
            None => Acting::Nobody,
            Some("wire") => Acting::Wire,
            Some("lab") => Acting::Lab,
            Some(_) => Acting::Endpoint,
        }
    }
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
    endpoint("listen", "[ADDR:]PORT [backlog N] [on a|b]", "wait for connections on a port",
        "server: listen 6000 backlog 5", "socket(); bind(fd, addr); listen(fd, backlog)", args::listen),
    endpoint("connect", "TARGET [from [ADDR:]PORT] [on a|b] [nowait]", "open a connection to an actor or to host:port",
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
    endpoint("fork", "as NAME", "a process that holds a descriptor of the same socket and does nothing else",
        "server: fork as worker", "fork()", args::fork),
    endpoint("kill", "", "end the process that holds this descriptor, as kill -9 does",
        "worker: kill", "kill(pid, SIGKILL)", args::kill),

    script("expect", "[no] FACT [within TIME]", "decide whether something holds; the first that fails ends the script",
        r#"client: expect received "Thank you" within 1s"#, args::expect),
    VerbRow { alone: true, ..script("expect", "[no] wire SEL | N retransmissions of SEL | N held|dropped  [within TIME]",
        "decide whether something came onto the wire, or stands on it",
        "expect wire fin from client within 1s", args::expect_wire) },
    VerbRow { alone: true, ..script("wait", "TIME", "let time pass",
        "wait 200ms", args::wait) },

    wire("hold", "[SEL]", "keep what arrives from now on; what is in flight goes on", "wire: hold fin from client", rig::hold),
    wire("step", "[N]", "pass the first segments held, in order of arrival, and go on holding", "wire: step 2", rig::step),
    wire("release", "", "pass all that is held and hold no more", "wire: release", rig::release),
    wire("drop", "[N] SEL", "lose segments: so many, or all until `clear`", "wire: drop 1 syn", rig::drop),
    wire("duplicate", "[N] SEL", "let segments arrive twice: so many, or all until `clear`", "wire: duplicate 1 fin", rig::duplicate),
    wire("delay", "TIME [SEL]", "let segments take so long", "wire: delay 200ms data from server", rig::delay),
    wire("reorder", "[N]", "let the next segments arrive in reverse order", "wire: reorder 3", rig::reorder),
    wire("loss", "P% seed N", "lose a share of all segments by chance, the same ones for the same seed", "wire: loss 12.5% seed 7", rig::loss),
    wire("cut", "", "let nothing pass any more, either way", "wire: cut", rig::cut),
    wire("mend", "", "end a cut", "wire: mend", rig::mend),
    wire("stack", "", "hold each retransmission of a held segment too, instead of counting it there", "wire: stack", rig::stack),
    wire("clear", "", "take every rule back; what is held passes", "wire: clear", rig::clear),
    wire("discard", "ID", "drop one segment that is held or in flight", "wire: discard 12", rig::discard),

    lab("set", "SYSCTL VALUE", "change a setting of both hosts' kernels; `net.ipv4.` may be left out", "lab: set tcp_fin_timeout 5", rig::set),
    lab("reset", "", "a fresh world: both hosts and the wire anew", "lab: reset", rig::reset),
    lab("reboot", "a|b", "let a host forget everything, without a word on the wire", "lab: reboot a", rig::reboot),

    screen("select", "next|previous|first|last|page-down|page-up|other|NAME", "select an endpoint", "select other", args::select),
    screen("compose", "", "write what to send", "compose", args::compose),
    screen("pause", "", "stop reading from the selected endpoint, or read on", "pause", args::pause),
    screen("again", "", "a fresh pair", "again", args::again),
    screen("pane", "next|previous|list|twin|ladder|diagram|log|data|lesson", "move the focus to a pane", "pane next", args::pane),
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
    screen("lesson", "next|back|restart|skip|rejoin|list|close", "go on in the lesson, or back, begin anew, leave; the list of lessons", "lesson next", args::lesson),
    screen("answer", "N", "choose an answer of the lesson's question", "answer 1", args::answer),
    screen("present", "", "for a projector: wider spacing, only what matters, each key shown; and back", "present", args::present),
    screen("freeze", "", "let the picture stand while everything goes on; and back", "freeze", args::freeze),
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

    /// The row of the verb that stands on a line, whatever follows it.
    pub fn on_line(line: &str) -> Option<&'static VerbRow> {
        let actor = actor_prefix(line);
        let rest = match actor {
            Some(name) => line.trim_start().get(name.len() + 1..)?,
            None => line,
        };
        let word = rest.split_whitespace().next()?;
        VerbRow::find(word, Origin::Screen, Acting::of(actor))
    }

    /// The row of a name or an alias where this one acts; if there is none, a row of that name that stands elsewhere.
    pub(super) fn find(word: &str, origin: Origin, acting: Acting) -> Option<&'static VerbRow> {
        let mut called = VERBS.iter().filter(|row| row.is_called(word));
        let here = called.clone().find(|row| origin.allows(row, acting));
        here.or_else(|| called.next())
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

const fn wire(
    name: &'static str,
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    arguments: Arguments,
) -> VerbRow {
    VerbRow {
        scope: Scope::Wire,
        ..endpoint(name, pattern, doc, example, "", arguments)
    }
}

const fn lab(
    name: &'static str,
    pattern: &'static str,
    doc: &'static str,
    example: &'static str,
    arguments: Arguments,
) -> VerbRow {
    VerbRow {
        scope: Scope::Lab,
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
            Scope::Endpoint | Scope::Script | Scope::Wire | Scope::Lab => Origin::Script,
            Scope::Screen => Origin::Screen,
        }
    }

    fn acting(row: &VerbRow) -> Acting {
        match row.scope {
            Scope::Endpoint => Acting::Endpoint,
            Scope::Script if row.alone => Acting::Nobody,
            Scope::Script => Acting::Endpoint,
            Scope::Screen => Acting::Nobody,
            Scope::Wire => Acting::Wire,
            Scope::Lab => Acting::Lab,
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
                let place = (*word, acting(row), row.scope == Scope::Script);
                assert!(seen.insert(place), "{word} stands twice");
                let found = VerbRow::find(word, origin(row), acting(row));
                assert!(
                    found.is_some_and(|r| std::ptr::eq(r, row)),
                    "{word} is found"
                );
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
            let actor = match acting(row) {
                Acting::Nobody => "",
                Acting::Endpoint => "client: ",
                Acting::Wire | Acting::Lab => row.scope.prefix(),
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
    fn the_verb_of_a_line_is_that_of_its_actor() {
        let scope = |line: &str| VerbRow::on_line(line).map(|row| (row.name, row.scope));
        assert_eq!(scope("set linger 0"), Some(("set", Scope::Endpoint)));
        assert_eq!(scope("client:set x"), Some(("set", Scope::Endpoint)));
        assert_eq!(scope(" lab: set x"), Some(("set", Scope::Lab)));
        assert_eq!(scope("wire: drop 1 syn"), Some(("drop", Scope::Wire)));
        // It stands elsewhere, and its words are worth saying all the same.
        assert_eq!(scope("hold"), Some(("hold", Scope::Wire)));
        assert_eq!(scope("lab:"), None);
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
