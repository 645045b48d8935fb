//! The manual page: clap's own sections, then what clap cannot know: scripts, expectations, exit status, files.
//!
//! Verbs come from their table, commands and options from clap's; only sentences stand here. It prints nothing.

use std::io::{self, Write};

use clap::CommandFactory;
use clap::builder::Resettable;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::arguments::{Arguments, EXIT_CODES};
use crate::command::{Scope, VERBS};

/// What an expectation may ask for: the form, when it holds, and a line that parses.
const FACTS: &[(&str, &str, &str)] = &[
    (
        "state STATE",
        "the kernel said so, at any moment of the span; an inference is not enough",
        "client: expect state FIN-WAIT-2",
    ),
    (
        "send HALF",
        "open, fin-queued, fin-sent, fin-acked, reset or gone",
        "client: expect send fin-acked",
    ),
    (
        "receive HALF",
        "open, fin-received, eof-read, shut, reset or gone",
        "client: expect receive eof-read",
    ),
    (
        "received N, received at least N",
        "bytes that the application has read since the connection began",
        "client: expect received at least 4KiB",
    ),
    (
        "received TEXT",
        "the text stands anywhere in the bytes read, also across reads",
        r#"server: expect received "Thank you""#,
    ),
    (
        "sent N, sent at least N",
        "bytes that the kernel has taken from the application",
        "client: expect sent 9",
    ),
    (
        "eof",
        "recv returned 0 because of the peer's FIN",
        "client: expect eof",
    ),
    (
        "error ERRNO",
        "a call since the actor's last line failed with it, automatic recv included",
        "client: expect error ECONNRESET",
    ),
    (
        "ending WORD",
        "how it ended: fin, rst, timeout, refused or forgotten (its host started anew)",
        "client: expect ending fin",
    ),
    (
        "ending first NAME",
        "this actor closed first; the roles client and server are names too",
        "client: expect ending first server",
    ),
    (
        "unread N, unsent N, unacked N",
        "the queues now",
        "client: expect unread 6",
    ),
];

/// Options of `set`: the form, what it sets, and a line that parses.
const OPTIONS: &[(&str, &str, &str)] = &[
    (
        "linger off|SECONDS",
        "SO_LINGER: with 0 close sends a RST, with more it waits for the acknowledgement",
        "client: set linger 5",
    ),
    ("nodelay on|off", "TCP_NODELAY", "client: set nodelay on"),
    (
        "reuseaddr on|off",
        "SO_REUSEADDR, on for listen unless it is set",
        "server: set reuseaddr off",
    ),
    (
        "keepalive off|IDLE INTERVAL COUNT",
        "SO_KEEPALIVE with TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT; IDLE and INTERVAL are times",
        "client: set keepalive 10s 1s 3",
    ),
    (
        "user-timeout TIME",
        "TCP_USER_TIMEOUT: how long sent bytes may stay unacknowledged",
        "client: set user-timeout 500ms",
    ),
    (
        "tcp-linger2 TIME",
        "TCP_LINGER2: how long an orphan stays in FIN-WAIT-2",
        "client: set tcp-linger2 5s",
    ),
    (
        "rcvbuf BYTES",
        "SO_RCVBUF; the kernel doubles it",
        "server: set rcvbuf 4KiB",
    ),
    (
        "sndbuf BYTES",
        "SO_SNDBUF; the kernel doubles it",
        "client: set sndbuf 4KiB",
    ),
];

/// Files of the user: the path, and what stands there.
const FILES: &[(&str, &str)] = &[
    (
        "$XDG_CONFIG_HOME/finspect/keymap.toml",
        "keys of your own, over the built-in ones (~/.config where the variable is not set)",
    ),
    (
        "$XDG_STATE_HOME/finspect/commands",
        "earlier lines of the palette (~/.local/state where the variable is not set)",
    ),
    (
        "$XDG_STATE_HOME/finspect/messages",
        "earlier texts that were sent with i",
    ),
];

/// The page of the program, and one for each command behind it.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write) -> io::Result<()> {
    // `finspect help COMMAND` says what the pages say; it has none of its own.
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let main = Man::new(command.clone());
    main.render_title(out)?;
    main.render_name_section(out)?;
    main.render_synopsis_section(out)?;
    main.render_description_section(out)?;
    main.render_options_section(out)?;
    main.render_subcommands_section(out)?;
    for section in [
        scripts,
        expectations,
        exit_status,
        environment,
        files,
        examples,
        see_also,
    ] {
        let mut roff = Roff::new();
        section(&mut roff);
        roff.to_writer(out)?;
    }
    main.render_version_section(out)?;
    for sub in command.get_subcommands() {
        // What help says after the options stands in sections of the first page.
        let sub = sub.clone().after_long_help(Resettable::Reset);
        Man::new(sub).render(out)?;
    }
    Ok(())
}

fn scripts(roff: &mut Roff) {
    // Words of the language are no words to hyphenate.
    roff.control("nh", []);
    roff.control("SH", ["SCRIPTS"]);
    paragraph(
        roff,
        "A script has one line for each step: an actor, a colon, a verb, its arguments. Text after # is a comment. \
         On the palette of the screen the selected endpoint is the actor. The whole script is checked before its \
         first line runs.",
    );
    for row in VERBS.iter().filter(|row| row.scope != Scope::Screen) {
        roff.control("TP", []);
        let mut head = vec![bold(row.name)];
        if !row.pattern.is_empty() {
            head.extend([roman(" "), italic(row.pattern)]);
        }
        roff.text(head);
        let also = match row.aliases {
            [] => String::new(),
            aliases => format!(" (also {})", aliases.join(", ")),
        };
        roff.text([
            roman(format!("{}{also}. For example: ", row.doc)),
            bold(row.example),
        ]);
    }
    paragraph(roff, "The options of set:");
    for (form, sets, _) in OPTIONS {
        item(roff, form, sets);
    }
}

fn expectations(roff: &mut Roff) {
    roff.control("SH", ["EXPECTATIONS"]);
    paragraph(
        roff,
        "An expectation looks from the last line that is none to the end of its time, 2 s where no within stands. \
         With no before it, the fact must not hold during all of that time. The first that fails ends the script.",
    );
    for (form, holds, _) in FACTS {
        item(roff, form, holds);
    }
}

fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    for (code, means) in EXIT_CODES {
        item(roff, code, means);
    }
}

fn environment(roff: &mut Roff) {
    roff.control("SH", ["ENVIRONMENT"]);
    item(
        roff,
        "NO_COLOR",
        "set and not empty: no colours, as --theme plain, which --theme overrides",
    );
    item(
        roff,
        "XDG_CONFIG_HOME, XDG_STATE_HOME",
        "where the files below stand",
    );
}

fn files(roff: &mut Roff) {
    roff.control("SH", ["FILES"]);
    for (path, what) in FILES {
        item(roff, path, what);
    }
    paragraph(
        roff,
        "None of them need exist. One that cannot be read is a note on the screen and no error.",
    );
}

fn examples(roff: &mut Roff) {
    roff.control("SH", ["EXAMPLES"]);
    for (line, what) in [
        (
            "finspect",
            "two hosts of our own, a pair between them, and the wire, to be torn down by key",
        ),
        (
            "finspect listen 6000",
            "accept on 127.0.0.1:6000 and show every connection",
        ),
        (
            r"printf 'GET / HTTP/1.0\r\n\r\n' | finspect connect localhost:8000",
            "ask a server, half-close, print the answer, and tell on stderr how the connection ended",
        ),
        (
            "finspect run --json half-close.play",
            "run a script; one event a line on stdout",
        ),
    ] {
        item(roff, line, what);
    }
}

fn see_also(roff: &mut Roff) {
    roff.control("SH", ["SEE ALSO"]);
    paragraph(
        roff,
        "shutdown(2), close(2), tcp(7), socket(7), sock_diag(7), ss(8), RFC 9293",
    );
}

fn paragraph(roff: &mut Roff, text: &str) {
    roff.control("PP", []);
    roff.text([roman(text)]);
}

fn item(roff: &mut Roff, head: &str, text: &str) {
    roff.control("TP", []);
    roff.text([bold(head)]);
    roff.text([roman(text)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Expected, Origin, Statement, parse_line};

    /// The page as it is read: without the escapes of hyphens and fonts.
    fn page() -> String {
        let mut out = Vec::new();
        write(&mut out).expect("memory takes everything");
        let text = String::from_utf8(out).expect("UTF-8");
        ["\\fB", "\\fI", "\\fR"]
            .iter()
            .fold(text.replace("\\-", "-"), |text, font| {
                text.replace(font, "")
            })
    }

    #[test]
    fn every_command_every_verb_and_every_file_is_told() {
        let page = page();
        for sub in Arguments::command().get_subcommands() {
            let title = format!(".TH finspect-{}", sub.get_name());
            assert!(page.contains(&title), "{title}");
        }
        for row in VERBS.iter().filter(|row| row.scope != Scope::Screen) {
            let told = page
                .lines()
                .any(|l| l.split(' ').next() == Some(row.name) && l.contains(row.pattern));
            assert!(told, "{}", row.name);
        }
        for (form, sets, _) in OPTIONS.iter().chain(FACTS) {
            assert!(page.contains(&format!("{form}\n")), "{form}: {sets}");
        }
        for (path, _) in FILES {
            assert!(page.contains(path), "{path}");
        }
        for (code, means) in EXIT_CODES {
            assert!(page.contains(&format!("{code}\n{means}")), "{code}");
        }
    }

    /// The words that a line could have gone on with.
    fn words_after(line: &str) -> Vec<&'static str> {
        let Err(error) = parse_line(line, Origin::Script) else {
            panic!("{line} parses");
        };
        let word = |e: &Expected| match e {
            Expected::Word(word) => Some(*word),
            _ => None,
        };
        error.expected.iter().filter_map(word).collect()
    }

    #[test]
    fn every_option_of_set_is_told_and_parses() {
        let told: Vec<&str> = OPTIONS
            .iter()
            .filter_map(|(form, ..)| form.split(' ').next())
            .collect();
        assert_eq!(told, words_after("client: set nothing"));
        for (form, _, example) in OPTIONS {
            let option = form.split(' ').next().unwrap_or_default();
            assert!(example.contains(option), "{example}");
            let parsed = parse_line(example, Origin::Script);
            assert!(matches!(parsed, Ok(Some(_))), "{example}: {parsed:?}");
        }
    }

    #[test]
    fn every_fact_is_told_and_parses() {
        for word in words_after("client: expect nothing") {
            let told = FACTS
                .iter()
                .any(|(form, ..)| form.split([' ', ',']).any(|w| w == word));
            assert!(told || word == "no", "{word}");
        }
        for (form, _, example) in FACTS {
            let first = form.split([' ', ',']).next().unwrap_or_default();
            let parsed = parse_line(example, Origin::Script);
            let Ok(Some(Statement::Expect(expect))) = &parsed else {
                panic!("{example}: {parsed:?}");
            };
            assert!(expect.text.starts_with(first), "{example}");
        }
    }

    #[test]
    fn no_line_of_text_is_taken_for_a_request() {
        let requests = [
            "nh", "TH", "SH", "SS", "TP", "PP", "RS", "RE", "IP", "br", "ie", "el",
        ];
        for line in page().lines().filter(|l| l.starts_with(['.', '\''])) {
            let name = line[1..].split(' ').next().unwrap_or_default();
            assert!(requests.contains(&name), "{line}");
        }
    }
}
