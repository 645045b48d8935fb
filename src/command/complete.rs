//! Completion: what could stand at the cursor. The words come from the parser itself, see `words.rs`.

use std::ops::Range;

use super::error::Expected;
use super::lexer::{Body, in_comment, lex};
use super::parse::{Follows, Origin, actor_prefix, what_follows};
use super::rig::SYSCTLS;
use super::verbs::{RESERVED, VERBS};
use crate::tcp::{Errno, State};

/// What the parser cannot know.
#[derive(Clone, Copy, Debug)]
pub struct CompletionContext<'a> {
    /// The names of the endpoints, in the order of the list.
    pub actors: &'a [&'a str],
    /// The palette: verbs of the screen, and no actor needed. False: a line of a script.
    pub for_screen: bool,
}

/// What could replace a part of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// In bytes of the line: the word up to the cursor, perhaps empty.
    pub replace: Range<usize>,
    pub candidates: Vec<Candidate>,
}

/// One word that could stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub text: String,
    /// One line about it; empty where the word says all.
    pub doc: &'static str,
}

/// The words that could stand at `cursor` (in bytes) and begin with what stands before it; if none does, those that contain it.
pub fn complete(line: &str, cursor: usize, context: &CompletionContext<'_>) -> Completion {
    let head = line.get(..cursor.min(line.len())).unwrap_or(line);
    let Some(start) = word_start(head) else {
        return Completion {
            replace: head.len()..head.len(),
            candidates: Vec::new(),
        };
    };
    let origin = if context.for_screen {
        Origin::Screen
    } else {
        Origin::Script
    };
    let typed = head[start..].to_lowercase();
    let all = candidates(
        &what_follows(&head[..start], origin),
        origin,
        context,
        !typed.is_empty(),
    );
    let matching = |test: fn(&str, &str) -> bool| -> Vec<Candidate> {
        all.iter()
            .filter(|c| test(&c.text.to_lowercase(), &typed))
            .cloned()
            .collect()
    };
    let mut candidates = matching(|text, typed| text.starts_with(typed));
    if candidates.is_empty() {
        candidates = matching(|text, typed| text.contains(typed));
    }
    Completion {
        replace: start..head.len(),
        candidates,
    }
}

/// Where the bare word that ends at the cursor begins; nothing can be completed in quotes and comments.
fn word_start(head: &str) -> Option<usize> {
    if in_comment(head, head.len()) {
        return None;
    }
    let tokens = lex(head).ok()?;
    let Some(last) = tokens.last().filter(|t| t.span.end == head.len()) else {
        return Some(head.len());
    };
    match last.body {
        Body::Quoted(_) => None,
        // `client:sh`: the actor's word ends at the colon.
        Body::Bare if tokens.len() == 1 => match actor_prefix(head) {
            Some(name) => Some(last.span.start + name.len() + 1),
            None => Some(last.span.start),
        },
        Body::Bare => Some(last.span.start),
    }
}

fn candidates(
    follows: &Follows,
    origin: Origin,
    context: &CompletionContext<'_>,
    begun: bool,
) -> Vec<Candidate> {
    let mut all = Vec::new();
    let mut add = |text: String, doc| {
        if !all.iter().any(|c: &Candidate| c.text == text) {
            all.push(Candidate { text, doc });
        }
    };
    // Verbs first: on the palette the actor is mostly left out.
    let verbs_first = |e: &&Expected| u8::from(**e == Expected::ActorPrefix);
    let mut expected: Vec<&Expected> = follows.expected.iter().collect();
    expected.sort_by_key(verbs_first);
    for expected in expected {
        match expected {
            Expected::Word(word) => add((*word).to_owned(), ""),
            Expected::Spelling(word) if begun => add((*word).to_owned(), ""),
            Expected::ActorPrefix => context
                .actors
                .iter()
                .chain(&RESERVED)
                .for_each(|name| add(format!("{name}:"), "")),
            Expected::Actor => context
                .actors
                .iter()
                .for_each(|name| add((*name).to_owned(), "")),
            Expected::Verb => VERBS
                .iter()
                .filter(|row| {
                    follows
                        .acting
                        .is_some_and(|acting| origin.allows(row, acting))
                })
                .for_each(|row| add(row.name.to_owned(), row.doc)),
            Expected::State => State::ALL
                .iter()
                .for_each(|state| add(state.name().to_owned(), "")),
            Expected::Sysctl => SYSCTLS.iter().for_each(|name| add((*name).to_owned(), "")),
            Expected::Errno => Errno::names().for_each(|name| add(name.to_owned(), "")),
            Expected::Spelling(_)
            | Expected::Name
            | Expected::Text
            | Expected::Path
            | Expected::Address
            | Expected::Remote
            | Expected::Time
            | Expected::Bytes
            | Expected::Count
            | Expected::Percent
            | Expected::Value
            | Expected::Seconds
            | Expected::Hex
            | Expected::Byte
            | Expected::EndOfLine => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::Scope;
    use super::*;

    /// `|` in the line is the cursor. What would be replaced, and the candidates.
    fn at(line: &str, for_screen: bool) -> (String, Vec<String>) {
        let cursor = line.find('|').expect("a cursor");
        let line = line.replacen('|', "", 1);
        let context = CompletionContext {
            actors: &["client", "server", "server.2"],
            for_screen,
        };
        let completion = complete(&line, cursor, &context);
        let words = completion.candidates.into_iter().map(|c| c.text).collect();
        (line[completion.replace].to_owned(), words)
    }

    #[test]
    fn the_palette_knows_what_could_follow() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("shut|", "shut", &["shutdown"]),
            ("SHUT|", "SHUT", &["shutdown"]),
            ("serv|", "serv", &["server:", "server.2:"]),
            ("shutdown |", "", &["send", "receive", "both"]),
            (
                "shutdown SD_|",
                "SD_",
                &["SD_SEND", "SD_RECEIVE", "SD_BOTH"],
            ),
            (
                "client: shutdown r|",
                "r",
                &["receive", "rd", "rdwr", "read"],
            ),
            ("client:sh|", "sh", &["shutdown"]),
            ("client: shu| send", "shu", &["shutdown"]),
            ("set k|", "k", &["keepalive"]),
            ("set nodelay |", "", &["on", "off"]),
            ("set keepalive |", "", &["off"]),
            ("set keepalive 1s |", "", &[]),
            ("connect ser|", "ser", &["server", "server.2"]),
            ("connect server |", "", &["from", "on", "nowait"]),
            ("connect server on |", "", &["a", "b"]),
            ("listen 80 b|", "b", &["backlog"]),
            ("wi|", "wi", &["wire:"]),
            ("wire: re|", "re", &["release", "reorder"]),
            ("wire:h|", "h", &["hold"]),
            (
                "wire: hold |",
                "",
                &["any", "syn", "fin", "rst", "ack", "data", "from"],
            ),
            ("wire: drop 2 f|", "f", &["fin", "from"]),
            (
                "wire: drop fin from |",
                "",
                &["a", "b", "client", "server", "server.2"],
            ),
            ("wire: loss 10% |", "", &["seed"]),
            ("wire: clos|", "clos", &[]),
            ("lab: |", "", &["set", "reset", "reboot"]),
            ("lab: set fin|", "fin", &["tcp_fin_timeout"]),
            ("lab: reboot |", "", &["a", "b"]),
            ("send \"x\" |", "", &["nowait"]),
            ("send f|", "f", &["file"]),
            ("dup |", "", &["as"]),
            ("client: fork |", "", &["as"]),
            ("ki|", "ki", &["kill"]),
            ("select s|", "s", &["server", "server.2"]),
            (
                "screen |",
                "",
                &["connections", "ladder", "diagram", "data", "log"],
            ),
            ("close |", "", &[]),
            ("shutdwon |", "", &[]),
            ("send \"shut|", "", &[]),
            ("send \"shut\"|", "", &[]),
            ("close # shut|", "", &[]),
            ("client: exp|", "exp", &[]),
        ];
        for (line, replaced, words) in cases {
            let (got, candidates) = at(line, true);
            assert_eq!(
                (got.as_str(), candidates),
                (*replaced, owned(words)),
                "{line}"
            );
        }
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn a_script_has_its_own_verbs() {
        let cases: &[(&str, &[&str])] = &[
            ("wa|", &["wait"]),
            ("client: exp|", &["expect"]),
            ("client: expect state FIN|", &["FIN-WAIT-1", "FIN-WAIT-2"]),
            (
                "client: expect state WAIT|",
                &["FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "TIME-WAIT"],
            ),
            (
                "client: expect error ECONNR|",
                &["ECONNRESET", "ECONNREFUSED"],
            ),
            (
                "client: expect ending first |",
                &["client", "server", "server.2"],
            ),
            (
                "client: expect send fin-|",
                &["fin-queued", "fin-sent", "fin-acked"],
            ),
            ("client: expect eof w|", &["within"]),
            ("client: expect no eof |", &["within"]),
            ("client: qu|", &[]),
            ("client: wai|", &[]),
            ("exp|", &["expect"]),
            ("expect |", &["no", "wire"]),
            ("expect wire 2 |", &["held", "dropped", "retransmissions"]),
            ("expect wire fin |", &["from", "within"]),
            ("expect no wire fin from b |", &["within"]),
            ("wire: h|", &["hold"]),
            ("quit|", &[]),
        ];
        for (line, words) in cases {
            assert_eq!(at(line, false).1, owned(words), "{line}");
        }
    }

    #[test]
    fn an_empty_palette_offers_all_verbs_with_their_words_then_the_actors() {
        let context = CompletionContext {
            actors: &["client"],
            for_screen: true,
        };
        let completion = complete("", 0, &context);
        assert_eq!(
            completion.candidates.first().map(|c| c.text.as_str()),
            Some("listen")
        );
        assert_eq!(
            completion.candidates.last().map(|c| c.text.as_str()),
            Some("lab:")
        );
        assert!(completion.candidates.iter().any(|c| c.text == "client:"));
        let verbs = completion
            .candidates
            .iter()
            .filter(|c| !c.doc.is_empty())
            .count();
        assert_eq!(
            verbs,
            VERBS
                .iter()
                .filter(|row| matches!(row.scope, Scope::Endpoint | Scope::Screen))
                .count()
        );
    }

    #[test]
    fn a_cursor_beside_the_line_or_inside_a_letter_is_no_accident() {
        let context = CompletionContext {
            actors: &[],
            for_screen: true,
        };
        assert_eq!(complete("clo", 99, &context).candidates.len(), 1);
        assert!(complete("ж", 1, &context).candidates.is_empty());
    }
}
