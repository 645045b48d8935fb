//! Stories of expectations: events in, a verdict out. Tests only.

use std::net::SocketAddr;

use super::*;
use crate::journal::{
    By, Call, EndpointId, Event, Fact, KernelFact, Micros, Note, Op, Payload, Source, Tuple, Who,
    World,
};
use crate::tcp::{Counters, Errno, Sample, State};

/// A journal in the making: the World, the evidence, and where the mark is.
#[derive(Default)]
struct Story {
    world: World,
    evidence: Evidence,
    events: Vec<Event>,
    mark: (World, usize),
}

fn who(name: &str) -> Who {
    let id = match name {
        "server.listen" => 0,
        "client" => 1,
        _ => 2,
    };
    Who {
        id: EndpointId(id),
        name: name.into(),
    }
}

fn expect(line: &str) -> Expect {
    match parse_line(line, Origin::Script) {
        Ok(Some(Statement::Expect(expect))) => expect,
        other => panic!("{line}: {other:?}"),
    }
}

impl Story {
    fn of(script: &str) -> Story {
        Story {
            evidence: Evidence::of(&Script::parse(script).expect("a script")),
            ..Story::default()
        }
    }

    fn tell(&mut self, name: &str, fact: Fact) -> &Event {
        let n = self.events.len() as u64 + 1;
        let event = Event {
            n,
            at: Micros(n * 10),
            who: Some(who(name)),
            fact,
        };
        self.world.apply(&event);
        self.evidence.feed(&event);
        self.events.push(event);
        self.events.last().expect("just told")
    }

    fn call(&mut self, name: &str, op: Op, result: Result<u64, Errno>) {
        self.tell(
            name,
            Fact::App(Call {
                op,
                result,
                by: By::Asked,
                blocked_us: None,
            }),
        );
    }

    fn recv(&mut self, name: &str, data: &str) {
        self.call(
            name,
            Op::Recv {
                asked: 4096,
                data: Payload::of(data.as_bytes()),
            },
            Ok(data.len() as u64),
        );
    }

    fn state(&mut self, name: &str, from: State, to: State, source: Source) {
        let sample = (source == Source::Measured).then(|| Sample::bare(to));
        self.tell(
            name,
            Fact::Kernel(Box::new(KernelFact {
                source,
                change: Some((from, to)),
                sample,
                tuple: None,
                gone: false,
            })),
        );
    }

    fn sample(&mut self, name: &str, sample: Sample) {
        let fact = KernelFact {
            source: Source::Measured,
            change: None,
            sample: Some(sample),
            tuple: None,
            gone: false,
        };
        self.tell(name, Fact::Kernel(Box::new(fact)));
    }

    fn tuple(&mut self, name: &str, local: u16, peer: u16) {
        let at = |port| Some(SocketAddr::from(([127, 0, 0, 1], port)));
        let tuple = Some(Tuple {
            local: at(local),
            peer: at(peer),
            cookie: None,
            host: None,
        });
        let fact = KernelFact {
            source: Source::Measured,
            change: None,
            sample: None,
            tuple,
            gone: false,
        };
        self.tell(name, Fact::Kernel(Box::new(fact)));
    }

    /// A line that is not an expectation begins.
    fn line(&mut self, actor: &str) {
        self.evidence.line(actor);
        self.mark = (self.world.clone(), self.events.len());
    }

    /// client and server, ESTABLISHED.
    fn established() -> Story {
        let mut story = Story::default();
        story.tuple("client", 43210, 6000);
        story.call(
            "client",
            Op::Connect {
                to: Some(([127, 0, 0, 1], 6000).into()),
            },
            Ok(0),
        );
        story.state(
            "client",
            State::Closed,
            State::Established,
            Source::Measured,
        );
        let accepted = Some(who("server"));
        story.call(
            "server.listen",
            Op::Accept {
                accepted,
                peer: None,
            },
            Ok(9),
        );
        story.tuple("server", 6000, 43210);
        story.state(
            "server",
            State::Closed,
            State::Established,
            Source::Measured,
        );
        story.line("client");
        story
    }

    fn watch(&self, line: &str) -> Watch {
        let (mark, at) = &self.mark;
        Watch::since(expect(line), mark, &self.events[*at..], &self.evidence)
    }

    /// The verdict now, and the verdict if the time ended now.
    fn verdicts(&self, line: &str) -> (Verdict, Verdict) {
        let mut watch = self.watch(line);
        (watch.verdict(), watch.expire(&self.world, &self.evidence))
    }
}

const HOLDS: (Verdict, Verdict) = (Verdict::Held, Verdict::Held);
const FAILS_LATER: (Verdict, Verdict) = (Verdict::Open, Verdict::Failed);
const FORBIDDEN: (Verdict, Verdict) = (Verdict::Failed, Verdict::Failed);
const STILL_QUIET: (Verdict, Verdict) = (Verdict::Open, Verdict::Held);

#[test]
fn a_state_of_the_span_counts_even_when_it_is_over() {
    let mut story = Story::established();
    story.state(
        "client",
        State::Established,
        State::FinWait1,
        Source::Measured,
    );
    story.state("client", State::FinWait1, State::FinWait2, Source::Captured);
    for (state, verdicts) in [
        ("ESTABLISHED", HOLDS),
        ("FIN-WAIT-1", HOLDS),
        ("FIN-WAIT-2", HOLDS),
        ("TIME-WAIT", FAILS_LATER),
    ] {
        assert_eq!(
            story.verdicts(&format!("client: expect state {state}")),
            verdicts,
            "{state}"
        );
    }
    assert_eq!(
        story.verdicts("client: expect no state FIN-WAIT-1 within 1s"),
        FORBIDDEN
    );
    assert_eq!(
        story.verdicts("client: expect no state TIME-WAIT within 1s"),
        STILL_QUIET
    );
    // The next line moves the mark: what was before it is over.
    story.line("client");
    assert_eq!(
        story.verdicts("client: expect state FIN-WAIT-1"),
        FAILS_LATER
    );
    assert_eq!(story.verdicts("client: expect state FIN-WAIT-2"), HOLDS);
}

#[test]
fn an_inferred_state_and_what_moved_with_it_do_not_count() {
    let mut story = Story::established();
    story.state(
        "server",
        State::Established,
        State::CloseWait,
        Source::Inferred,
    );
    assert_eq!(
        story.verdicts("server: expect state CLOSE-WAIT"),
        FAILS_LATER
    );
    assert_eq!(
        story.verdicts("server: expect receive fin-received"),
        FAILS_LATER
    );
    let seen = story
        .watch("server: expect state CLOSE-WAIT")
        .seen(&story.world)
        .to_string();
    assert!(
        seen.starts_with("state CLOSE-WAIT (inferred), send open, receive fin-received (inferred)"),
        "{seen}"
    );
    // Also when it stands at the mark.
    story.line("server");
    assert_eq!(
        story.verdicts("server: expect receive fin-received"),
        FAILS_LATER
    );
    // A reading of a later state proves the half, not the state that was passed.
    story.state("server", State::CloseWait, State::LastAck, Source::Measured);
    assert_eq!(story.verdicts("server: expect receive fin-received"), HOLDS);
    assert_eq!(
        story.verdicts("server: expect state CLOSE-WAIT"),
        FAILS_LATER
    );
}

#[test]
fn a_new_endpoint_is_not_closed_by_a_reading() {
    let mut story = Story::default();
    story.call("client", Op::Socket { v6: false }, Ok(7));
    assert_eq!(story.verdicts("client: expect state CLOSED"), FAILS_LATER);
    story.state("client", State::SynSent, State::Closed, Source::Measured);
    assert_eq!(story.verdicts("client: expect state CLOSED"), HOLDS);
}

#[test]
fn nobody_is_there_until_a_connection_is_accepted() {
    let mut story = Story::default();
    assert_eq!(
        story
            .watch("server: expect eof")
            .seen(&story.world)
            .to_string(),
        "no such endpoint"
    );
    story.state(
        "server.listen",
        State::Closed,
        State::Listen,
        Source::Measured,
    );
    let mut watch = story.watch("server: expect state ESTABLISHED");
    assert_eq!(watch.verdict(), Verdict::Open);
    assert_eq!(
        watch.seen(&story.world).to_string(),
        "no connection accepted yet"
    );
    assert_eq!(story.verdicts("server.listen: expect state LISTEN"), HOLDS);
    story.state(
        "server",
        State::Closed,
        State::Established,
        Source::Measured,
    );
    let last = story.events.last().expect("told").clone();
    assert_eq!(
        watch.feed(&last, &story.world, &story.evidence),
        Verdict::Held
    );
}

#[test]
fn eof_is_told_by_recv() {
    let mut story = Story::established();
    story.state(
        "server",
        State::Established,
        State::CloseWait,
        Source::Measured,
    );
    assert_eq!(story.verdicts("server: expect eof"), FAILS_LATER);
    story.recv("server", "");
    assert_eq!(story.verdicts("server: expect eof"), HOLDS);
    assert_eq!(story.verdicts("server: expect receive eof-read"), HOLDS);
    // It stays told, whatever comes after.
    story.line("server");
    assert_eq!(story.verdicts("server: expect eof"), HOLDS);
    assert_eq!(story.verdicts("server: expect no eof within 1s"), FORBIDDEN);
}

#[test]
fn our_own_shutdown_is_no_eof() {
    let mut story = Story::established();
    story.call(
        "client",
        Op::Shutdown(crate::journal::ShutdownHow::Receive),
        Ok(0),
    );
    story.recv("client", "");
    assert_eq!(story.verdicts("client: expect eof"), FAILS_LATER);
    assert_eq!(story.verdicts("client: expect receive shut"), HOLDS);
}

#[test]
fn counts_hold_at_the_moment_they_are_reached() {
    let mut story = Story::established();
    story.recv("server", "12345");
    story.recv("server", "67890");
    for (fact, verdicts) in [
        ("received 0", HOLDS),
        ("received 5", HOLDS),
        ("received 10", HOLDS),
        ("received 7", FAILS_LATER),
        ("received at least 7", HOLDS),
        ("received at least 11", FAILS_LATER),
        ("sent 0", HOLDS),
        ("sent 1", FAILS_LATER),
    ] {
        assert_eq!(
            story.verdicts(&format!("server: expect {fact}")),
            verdicts,
            "{fact}"
        );
    }
    story.line("server");
    assert_eq!(story.verdicts("server: expect received 5"), FAILS_LATER);
    assert_eq!(story.verdicts("server: expect received 10"), HOLDS);
}

#[test]
fn a_text_is_looked_for_from_the_first_byte() {
    let mut story = Story::of("server: listen 1\nserver: expect received \"Thank you\"\n");
    story.recv("server", "Thank");
    story.line("server");
    assert_eq!(
        story.verdicts("server: expect received \"Thank you\""),
        FAILS_LATER
    );
    story.recv("server", " you");
    assert_eq!(
        story.verdicts("server: expect received \"Thank you\""),
        HOLDS
    );
    story.line("server");
    assert_eq!(
        story.verdicts("server: expect no received \"Thank you\" within 1s"),
        FORBIDDEN
    );
}

#[test]
fn errors_count_from_the_actors_own_last_line() {
    let mut story = Story::established();
    story.call(
        "client",
        Op::Send {
            asked: 1,
            oob: false,
            data: Payload::of(b"x"),
        },
        Err(Errno::EPIPE),
    );
    // Another actor's line moves the mark, and leaves the client's failures.
    story.line("server");
    assert_eq!(story.verdicts("client: expect error EPIPE"), HOLDS);
    assert_eq!(
        story.verdicts("client: expect error ECONNRESET"),
        FAILS_LATER
    );
    assert_eq!(story.verdicts("server: expect error EPIPE"), FAILS_LATER);
    story.line("client");
    assert_eq!(story.verdicts("client: expect error EPIPE"), FAILS_LATER);
    assert_eq!(
        story.verdicts("client: expect no error EPIPE within 1s"),
        STILL_QUIET
    );
    let seen = story
        .watch("client: expect eof")
        .seen(&story.world)
        .to_string();
    assert!(seen.ends_with(", send failed with EPIPE"), "{seen}");
}

/// A reading of ESTABLISHED with so many bytes in the queues.
fn queues(unread: u32, unsent: u32, unacked: u32) -> Sample {
    Sample {
        inq: Some(unread),
        outq: Some(unsent + unacked),
        counters: Some(Counters {
            notsent: unsent,
            ..Counters::default()
        }),
        ..Sample::bare(State::Established)
    }
}

#[test]
fn queues_are_about_now() {
    let mut story = Story::established();
    // Nothing was read yet: no number is made up.
    assert_eq!(story.verdicts("client: expect unsent 5"), FAILS_LATER);
    story.sample("client", queues(6, 5, 4));
    story.sample("client", queues(3, 2, 1));
    story.tell("client", Fact::Note(Note::Waiting { bytes: 100 }));
    for (fact, verdicts) in [
        ("unread 3", HOLDS),
        ("unread 6", FAILS_LATER),
        ("unsent 102", HOLDS),
        ("unsent 2", FAILS_LATER),
        ("unacked 1", HOLDS),
        ("unacked 4", FAILS_LATER),
    ] {
        assert_eq!(
            story.verdicts(&format!("client: expect {fact}")),
            verdicts,
            "{fact}"
        );
    }
    let mut watch = story.watch("client: expect unread 0");
    let seen = watch.seen(&story.world).to_string();
    assert!(
        seen.ends_with("received 0, sent 0, unread 3, unsent 102, unacked 1"),
        "{seen}"
    );
    story.sample("client", queues(0, 0, 0));
    let last = story.events.last().expect("told").clone();
    assert_eq!(
        watch.feed(&last, &story.world, &story.evidence),
        Verdict::Held
    );
}

#[test]
fn who_ended_it_and_how() {
    let mut story = Story::established();
    story.state(
        "client",
        State::Established,
        State::FinWait1,
        Source::Measured,
    );
    story.state(
        "server",
        State::Established,
        State::CloseWait,
        Source::Measured,
    );
    story.recv("server", "");
    story.state("client", State::FinWait1, State::FinWait2, Source::Measured);
    assert_eq!(story.verdicts("client: expect ending fin"), FAILS_LATER);
    story.state("server", State::CloseWait, State::LastAck, Source::Measured);
    story.state("client", State::FinWait2, State::TimeWait, Source::Measured);
    for (line, verdicts) in [
        ("client: expect ending fin", HOLDS),
        ("client: expect ending rst", FAILS_LATER),
        ("client: expect ending first client", HOLDS),
        ("client: expect ending first server", FAILS_LATER),
        (
            "client: expect no ending first server within 1s",
            STILL_QUIET,
        ),
    ] {
        assert_eq!(story.verdicts(line), verdicts, "{line}");
    }
    story.tell(
        "server",
        Fact::Kernel(Box::new(KernelFact {
            source: Source::Measured,
            change: Some((State::LastAck, State::Closed)),
            sample: None,
            tuple: None,
            gone: true,
        })),
    );
    assert_eq!(story.verdicts("server: expect ending first client"), HOLDS);
    let seen = story
        .watch("server: expect ending rst")
        .seen(&story.world)
        .to_string();
    assert!(seen.contains(", ending fin, first client"), "{seen}");
}

#[test]
fn a_verdict_is_final() {
    let mut story = Story::established();
    let mut watch = story.watch("client: expect state TIME-WAIT within 0s");
    assert_eq!(watch.expire(&story.world, &story.evidence), Verdict::Failed);
    story.state(
        "client",
        State::Established,
        State::TimeWait,
        Source::Measured,
    );
    let last = story.events.last().expect("told").clone();
    assert_eq!(
        watch.feed(&last, &story.world, &story.evidence),
        Verdict::Failed
    );
    assert_eq!(watch.expire(&story.world, &story.evidence), Verdict::Failed);
}
