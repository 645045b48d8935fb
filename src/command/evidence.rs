//! What expectations need to remember of events that are long gone: texts that were received, calls that failed.
//!
//! Whoever runs a script feeds it every event from the first one on; the World and the journal's window keep neither.

use super::needle::Needle;
use super::script::Script;
use crate::journal::{Call, Event, Fact, Op};
use crate::tcp::Errno;

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    needles: Vec<(String, Needle)>,
    /// Endpoint and errno of each failed call since its actor's last command line; each pair once.
    failures: Vec<(String, Errno)>,
}

impl Evidence {
    /// With every text that the script expects. Make it before line 1 runs.
    pub fn of(script: &Script) -> Evidence {
        let needles = script.needles().into_iter();
        let needles = needles
            .map(|(actor, text)| (actor, Needle::new(&text)))
            .collect();
        Evidence {
            needles,
            failures: Vec::new(),
        }
    }

    /// A command line of this actor begins: its earlier failures count no more. Not for `expect`.
    pub fn line(&mut self, actor: &str) {
        self.failures.retain(|(name, _)| !acts_for(name, actor));
    }

    /// The next event. Every event, once, in order.
    pub fn feed(&mut self, event: &Event) {
        let (Some(who), Fact::App(call)) = (&event.who, &event.fact) else {
            return;
        };
        if let Err(errno) = call.result
            && !self
                .failures
                .iter()
                .any(|(name, e)| **name == *who.name && *e == errno)
        {
            self.failures.push((who.name.to_string(), errno));
        }
        for (actor, needle) in &mut self.needles {
            if **actor == *who.name {
                read(needle, call);
            }
        }
    }

    /// The text stood in the bytes that this endpoint read.
    pub fn received(&self, actor: &str, text: &[u8]) -> bool {
        self.needles
            .iter()
            .any(|(name, needle)| name == actor && needle.text() == text && needle.found())
    }

    /// A call of the actor, or of its listener, failed with this errno since the actor's last command line.
    pub fn failed(&self, actor: &str, errno: Errno) -> bool {
        self.failures
            .iter()
            .any(|(name, e)| *e == errno && acts_for(name, actor))
    }
}

/// `server.listen` makes its calls on the lines of `server`.
fn acts_for(endpoint: &str, actor: &str) -> bool {
    endpoint == actor || endpoint.strip_suffix(".listen") == Some(actor)
}

fn read(needle: &mut Needle, call: &Call) {
    if let (Op::Recv { data, .. }, Ok(returned)) = (&call.op, call.result) {
        needle.feed(data.bytes());
        if (data.bytes().len() as u64) < returned {
            needle.gap();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{By, EndpointId, Micros, Payload, Who};

    fn call(name: &str, op: Op, result: Result<u64, Errno>) -> Event {
        let who = Who {
            id: EndpointId(0),
            name: name.into(),
        };
        let fact = Fact::App(Call {
            op,
            result,
            by: By::Asked,
            blocked_us: None,
        });
        Event {
            n: 1,
            at: Micros(0),
            who: Some(who),
            fact,
        }
    }

    fn recv(name: &str, data: &str) -> Event {
        call(
            name,
            Op::Recv {
                asked: 9,
                data: Payload::of(data.as_bytes()),
            },
            Ok(data.len() as u64),
        )
    }

    fn evidence() -> Evidence {
        let text =
            "server: listen 1\nclient: connect server\nserver: expect received \"Thank you\"\n";
        Evidence::of(&Script::parse(text).expect("a script"))
    }

    #[test]
    fn a_text_is_found_across_reads_of_its_own_actor() {
        let mut seen = evidence();
        seen.feed(&recv("server", "Thank"));
        seen.feed(&recv("client", " you"));
        assert!(!seen.received("server", b"Thank you"));
        seen.feed(&recv("server", " you"));
        assert!(seen.received("server", b"Thank you"));
        assert!(!seen.received("client", b"Thank you"));
        assert!(!seen.received("server", b"Thank"));
    }

    #[test]
    fn bytes_that_the_journal_no_longer_has_are_not_guessed() {
        let mut seen = evidence();
        seen.feed(&recv("server", "Thank"));
        seen.feed(&call(
            "server",
            Op::Recv {
                asked: 9,
                data: Payload(None),
            },
            Ok(3),
        ));
        seen.feed(&recv("server", " you"));
        assert!(!seen.received("server", b"Thank you"));
    }

    #[test]
    fn failures_count_from_the_actors_last_line() {
        let mut seen = evidence();
        seen.feed(&call(
            "server.listen",
            Op::Listen { backlog: 1 },
            Err(Errno::EADDRINUSE),
        ));
        assert!(seen.failed("server", Errno::EADDRINUSE));
        assert!(seen.failed("server.listen", Errno::EADDRINUSE));
        assert!(!seen.failed("server", Errno::EPIPE));
        assert!(!seen.failed("client", Errno::EADDRINUSE));
        seen.line("client");
        assert!(seen.failed("server", Errno::EADDRINUSE));
        seen.line("server");
        assert!(!seen.failed("server", Errno::EADDRINUSE));
        seen.feed(&call("server", Op::Close, Ok(0)));
        seen.feed(&call(
            "server",
            Op::Recv {
                asked: 1,
                data: Payload(None),
            },
            Err(Errno::ECONNRESET),
        ));
        assert!(seen.failed("server", Errno::ECONNRESET));
        assert!(!seen.failed("server.listen", Errno::ECONNRESET));
    }
}
