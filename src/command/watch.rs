//! Deciding an expectation: fed with events, it says whether it holds, failed, or is still open. It has no clock.
//!
//! An expectation looks from the last line that is not an expectation to the end of its time. So a watch is shown, in order:
//!
//! ```text
//!   mark                     now                        deadline
//!    |---- past events -------|---- events as they come ---|
//!    begin(World)   feed ..   now(World)   feed ..         expire(World)
//! ```
//!
//! State, halves, counts and endings hold if they are true at any moment from the mark on; the queues are about now, so
//! they are asked only from `now` on. `received N` and `sent N` hold if the count is N after some event: a stream whose
//! reads jump over N never was at N. States and halves count only if the kernel or the application's calls showed them;
//! what must have happened between two readings does not. An ending that is inferred counts once the descriptor is closed,
//! the socket is gone or the time is over: until then the next call may tell another one. Segments count from the mark on;
//! what is held on the wire is about now, as the queues are. Who feeds a watch passes the World as it is right *after* the
//! event.

use super::evidence::Evidence;
use super::expect::{Amount, Expect, ExpectFact};
use super::seen::{Seen, SeenEndpoint};
use super::traffic::Traffic;
use crate::journal::{Event, Fact, KernelFact, Micros, Source, World};
use crate::tcp::{SendHalf, State};

/// What is known about an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Open,
    Held,
    Failed,
}

/// One expectation on its way to a verdict. A verdict is final.
#[derive(Clone, Debug)]
pub struct Watch {
    expect: Expect,
    verdict: Verdict,
    live: bool,
    /// When its span began: segments that had left before are none of it.
    from: Micros,
    /// The time is over, so nothing that would be told later counts.
    over: bool,
    send: Shown,
    receive: Shown,
    /// Only where the expectation is about the wire.
    traffic: Option<Traffic>,
}

/// A half as last seen, and whether that is more than an inference.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    word: &'static str,
    proven: bool,
}

/// What an event proves about the halves of the watched endpoint.
#[derive(Clone, Copy, Debug)]
struct Proof {
    /// The event is no inference: a half that moved with it has really moved.
    moved: bool,
    /// The reading says where our FIN is.
    send: Option<&'static str>,
    /// The reading says that the peer's FIN is here.
    fin_received: bool,
}

impl Watch {
    pub fn new(expect: Expect) -> Watch {
        Watch {
            traffic: expect.fact.is_of_the_wire().then(Traffic::default),
            expect,
            verdict: Verdict::Open,
            live: false,
            from: Micros(0),
            over: false,
            send: Shown::default(),
            receive: Shown::default(),
        }
    }

    /// A watch that has seen everything from the mark to now: the World at the mark and all events since.
    pub fn since<'e>(
        expect: Expect,
        mark: &World,
        past: impl IntoIterator<Item = &'e Event>,
        evidence: &Evidence,
    ) -> Watch {
        let mut watch = Watch::new(expect);
        watch.begin(mark, evidence);
        let mut world = mark.clone();
        for event in past {
            world.apply(event);
            watch.feed(event, &world, evidence);
        }
        watch.now(&world, evidence);
        watch
    }

    /// The span begins at this moment; say so before [`Watch::begin`].
    pub fn from(self, at: Micros) -> Watch {
        Watch { from: at, ..self }
    }

    pub fn expect(&self) -> &Expect {
        &self.expect
    }

    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What was already true at the mark counts.
    pub fn begin(&mut self, mark: &World, evidence: &Evidence) -> Verdict {
        if let Some(traffic) = &mut self.traffic {
            *traffic = Traffic::since(&mark.wire, self.from);
            return self.judge_wire(mark);
        }
        let seen = Seen::of(mark, &self.expect.actor);
        self.meet(&seen);
        self.judge(&seen, evidence)
    }

    /// An event and the World right after it.
    pub fn feed(&mut self, event: &Event, after: &World, evidence: &Evidence) -> Verdict {
        if let Some(traffic) = &mut self.traffic {
            traffic.feed(event);
            return self.judge_wire(after);
        }
        // A segment changes no endpoint, and there may be hundreds of thousands of them.
        if matches!(event.fact, Fact::Wire(_)) {
            return self.verdict;
        }
        let seen = Seen::of(after, &self.expect.actor);
        self.look(&seen, &proof(event, &self.expect.actor), evidence)
    }

    /// The past has been fed: from here on the queues are asked too.
    pub fn now(&mut self, world: &World, evidence: &Evidence) -> Verdict {
        self.live = true;
        if self.traffic.is_some() {
            return self.judge_wire(world);
        }
        self.judge(&Seen::of(world, &self.expect.actor), evidence)
    }

    /// The time is over.
    pub fn expire(&mut self, world: &World, evidence: &Evidence) -> Verdict {
        self.over = true;
        self.now(world, evidence);
        if self.verdict == Verdict::Open {
            self.verdict = if self.expect.negated {
                Verdict::Held
            } else {
                Verdict::Failed
            };
        }
        self.verdict
    }

    /// What is there instead, for the report.
    pub fn seen(&self, world: &World) -> Seen {
        match &self.traffic {
            Some(traffic) => Seen::Wire(traffic.seen(world)),
            None => Seen::of(world, &self.expect.actor),
        }
    }

    fn look(&mut self, seen: &Seen, proof: &Proof, evidence: &Evidence) -> Verdict {
        if let Seen::Endpoint(e) = seen {
            self.send = self.send.after(
                e.send.word(),
                proof.moved,
                proof.send == Some(e.send.word()),
            );
            self.receive = self.receive.after(
                e.receive.word(),
                proof.moved,
                proof.fin_received && e.receive.fin_seen(),
            );
        }
        self.judge(seen, evidence)
    }

    /// The halves at the mark. How they came there is known only as far as the World remembers it.
    fn meet(&mut self, seen: &Seen) {
        if let Seen::Endpoint(e) = seen {
            self.send = Shown {
                word: e.send.word(),
                proven: !e.send_inferred,
            };
            self.receive = Shown {
                word: e.receive.word(),
                proven: !e.receive_inferred,
            };
        }
    }

    fn judge(&mut self, seen: &Seen, evidence: &Evidence) -> Verdict {
        let holds = self.verdict == Verdict::Open && self.holds(seen, evidence);
        self.decide(holds)
    }

    fn judge_wire(&mut self, world: &World) -> Verdict {
        let holds = self.verdict == Verdict::Open && self.holds_on_the_wire(world);
        self.decide(holds)
    }

    fn decide(&mut self, holds: bool) -> Verdict {
        if holds {
            self.verdict = if self.expect.negated {
                Verdict::Failed
            } else {
                Verdict::Held
            };
        }
        self.verdict
    }

    fn holds(&self, seen: &Seen, evidence: &Evidence) -> bool {
        let actor = &self.expect.actor;
        match (&self.expect.fact, seen) {
            (ExpectFact::ReceivedText(text), _) => evidence.received(actor, text),
            (ExpectFact::Error(errno), _) => evidence.failed(actor, *errno),
            (_, Seen::Nothing { .. } | Seen::Wire(_)) => false,
            (fact, Seen::Endpoint(e)) => self.holds_of(fact, e),
        }
    }

    fn holds_of(&self, fact: &ExpectFact, e: &SeenEndpoint) -> bool {
        let queue = |now: Option<u64>, wanted: u64| self.live && now == Some(wanted);
        // CLOSED with an errno that nobody has taken looks like a RST until recv says ETIMEDOUT.
        let ended = self.over || !e.ending_open;
        match fact {
            ExpectFact::State(state) => e.state == *state && e.source != Source::Inferred,
            ExpectFact::SendHalf(word) => self.send.is(word),
            ExpectFact::RecvHalf(word) => self.receive.is(word),
            ExpectFact::Eof => e.eof,
            ExpectFact::Received(amount) => amount.is(e.received),
            ExpectFact::Sent(amount) => amount.is(e.sent),
            ExpectFact::Ending(how) => ended && e.ending == Some(*how),
            ExpectFact::EndingFirst(name) => ended && e.first.contains(name),
            ExpectFact::Unread(n) => queue(e.unread, *n),
            ExpectFact::Unsent(n) => queue(e.unsent, *n),
            ExpectFact::Unacked(n) => queue(e.unacked, *n),
            // Decided by the evidence, see `holds`.
            ExpectFact::ReceivedText(_) | ExpectFact::Error(_) => false,
            // Decided by the traffic, see `holds_on_the_wire`.
            ExpectFact::Wire(_)
            | ExpectFact::WireRetransmissions { .. }
            | ExpectFact::WireHeld(_)
            | ExpectFact::WireDropped(_) => false,
        }
    }

    fn holds_on_the_wire(&self, world: &World) -> bool {
        let Some(traffic) = &self.traffic else {
            return false;
        };
        match &self.expect.fact {
            ExpectFact::Wire(what) => traffic.came(what, world) > 0,
            ExpectFact::WireRetransmissions { count, what } => {
                traffic.repeated(what, world) >= u64::from(*count)
            }
            ExpectFact::WireDropped(n) => traffic.dropped() >= u64::from(*n),
            // As the queues, it is about now.
            ExpectFact::WireHeld(n) => {
                self.live && u32::try_from(world.wire.held().len()) == Ok(*n)
            }
            _ => false,
        }
    }
}

impl Shown {
    fn after(self, word: &'static str, moved: bool, confirmed: bool) -> Shown {
        let proven = if word == self.word {
            self.proven || confirmed
        } else {
            moved || confirmed
        };
        Shown { word, proven }
    }

    fn is(self, word: &str) -> bool {
        self.proven && self.word == word
    }
}

impl Amount {
    fn is(self, count: u64) -> bool {
        match self {
            Amount::Exactly(n) => count == n,
            Amount::AtLeast(n) => count >= n,
        }
    }
}

fn proof(event: &Event, actor: &str) -> Proof {
    let own = event.who.as_ref().is_some_and(|who| *who.name == *actor);
    let Fact::Kernel(kernel) = &event.fact else {
        return Proof {
            moved: true,
            send: None,
            fin_received: false,
        };
    };
    let KernelFact {
        source,
        change,
        sample,
        ..
    } = &**kernel;
    if *source == Source::Inferred || !own {
        return Proof {
            moved: *source != Source::Inferred,
            send: None,
            fin_received: false,
        };
    }
    let state = sample
        .as_ref()
        .map(|s| s.state)
        .or(change.map(|(_, to)| to));
    Proof {
        moved: true,
        send: sample
            .as_ref()
            .and_then(|s| match s.state {
                // No FIN of ours leads to these two.
                State::Established | State::CloseWait => Some(SendHalf::Open),
                _ => s.send_half(),
            })
            .map(|half| half.word()),
        fin_received: state.is_some_and(|s| s.fin_received()),
    }
}
