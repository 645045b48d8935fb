//! Stories for pictures: a journal told in a few words, and the picture of a pane as text.

use std::collections::HashMap;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;

use crate::journal::{
    By, Call, DropReason, Fact, Fate, Host, Journal, KernelFact, Limits, Micros, Note, Op, Payload,
    ShutdownHow, Source, Tuple, Who, Window, WireEnd, WireFact, World,
};
use crate::tcp::{Counters, Errno, Explanation, Flags, Sample, Segment, Seq, State};
use crate::ui::theme::{ASCII, Skin, Theme, UNICODE};

pub(in crate::ui) const UTF8: Skin = Skin {
    theme: Theme::Dark,
    glyphs: &UNICODE,
};
pub(in crate::ui) const PLAIN_ASCII: Skin = Skin {
    theme: Theme::Plain,
    glyphs: &ASCII,
};

pub(in crate::ui) struct Story {
    journal: Journal,
    /// Milliseconds.
    clock: u64,
    /// When each segment left.
    left: HashMap<u64, Micros>,
}

impl Story {
    /// Nothing yet.
    pub fn empty() -> Story {
        Story {
            journal: Journal::new(Limits::default()),
            clock: 0,
            left: HashMap::new(),
        }
    }

    /// `client` and `server`, both ESTABLISHED over loopback at 12 s; it is 12.3 s now.
    pub fn pair() -> Story {
        let mut story = Story::client_alone();
        let server = story.who("server");
        let peer = Some(([127, 0, 0, 1], 43210).into());
        let op = Op::Accept {
            accepted: Some(server),
            peer,
        };
        story.call("server.listen", op, Ok(8));
        story.tuple("server", 6000, 43210);
        story.state("server", State::Closed, State::Established);
        story.wait(300);
        story
    }

    /// `client` alone, connected to an end that finspect does not see.
    pub fn client_alone() -> Story {
        let mut story = Story {
            clock: 12_000,
            ..Story::empty()
        };
        story.call("client", Op::Socket { v6: false }, Ok(5));
        let to = Some(([127, 0, 0, 1], 6000).into());
        story.call("client", Op::Connect { to }, Ok(0));
        story.tuple("client", 43210, 6000);
        story.state("client", State::SynSent, State::Established);
        story
    }

    pub fn who(&mut self, name: &str) -> Who {
        self.journal.mint(name).unwrap_or_else(|taken| taken.0)
    }

    pub fn wait(&mut self, ms: u64) -> &mut Story {
        self.clock += ms;
        self
    }

    pub fn fact(&mut self, who: Option<&str>, fact: Fact) -> &mut Story {
        let who = who.map(|name| self.who(name));
        self.journal.append(Micros(self.clock * 1000), who, fact);
        self
    }

    pub fn call(&mut self, who: &str, op: Op, result: Result<u64, Errno>) -> &mut Story {
        self.fact(
            Some(who),
            Fact::App(Call {
                op,
                result,
                by: By::Asked,
                blocked_us: None,
            }),
        )
    }

    pub fn send(&mut self, who: &str, bytes: &[u8]) -> &mut Story {
        let asked = bytes.len() as u64;
        self.call(
            who,
            Op::Send {
                asked,
                oob: false,
                data: Payload::of(bytes),
            },
            Ok(asked),
        )
    }

    pub fn recv(&mut self, who: &str, bytes: &[u8]) -> &mut Story {
        self.call(
            who,
            Op::Recv {
                asked: 65536,
                data: Payload::of(bytes),
            },
            Ok(bytes.len() as u64),
        )
    }

    pub fn shutdown(&mut self, who: &str, how: ShutdownHow) -> &mut Story {
        self.call(who, Op::Shutdown(how), Ok(0))
    }

    pub fn close(&mut self, who: &str) -> &mut Story {
        self.call(who, Op::Close, Ok(0))
    }

    pub fn note(&mut self, who: &str, note: Note) -> &mut Story {
        self.fact(Some(who), Fact::Note(note))
    }

    pub fn tuple(&mut self, who: &str, local: u16, peer: u16) {
        let at = |port| Some(([127, 0, 0, 1], port).into());
        let tuple = Tuple {
            local: at(local),
            peer: at(peer),
            cookie: None,
            host: None,
        };
        let fact = KernelFact {
            source: Source::Measured,
            change: None,
            sample: None,
            tuple: Some(tuple),
            gone: false,
        };
        self.fact(Some(who), Fact::Kernel(Box::new(fact)));
    }

    /// A change of state with an empty reading.
    pub fn state(&mut self, who: &str, from: State, to: State) -> &mut Story {
        self.reading(who, Some((from, to)), reading(to))
    }

    pub fn reading(
        &mut self,
        who: &str,
        change: Option<(State, State)>,
        sample: Sample,
    ) -> &mut Story {
        let fact = KernelFact {
            source: Source::Measured,
            change,
            sample: Some(sample),
            tuple: None,
            gone: false,
        };
        self.fact(Some(who), Fact::Kernel(Box::new(fact)))
    }

    pub fn inferred(&mut self, who: &str, from: State, to: State) -> &mut Story {
        let change = Some((from, to));
        let fact = KernelFact {
            source: Source::Inferred,
            change,
            sample: None,
            tuple: None,
            gone: false,
        };
        self.fact(Some(who), Fact::Kernel(Box::new(fact)))
    }

    pub fn gone(&mut self, who: &str, from: State) -> &mut Story {
        let change = Some((from, State::Closed));
        let fact = KernelFact {
            source: Source::Measured,
            change,
            sample: None,
            tuple: None,
            gone: true,
        };
        self.fact(Some(who), Fact::Kernel(Box::new(fact)))
    }

    /// A segment as the wire tells it: `#7 client > server FA seq 1025 ack 1 len 0 win 64240 held due 300`.
    ///
    /// The number of a segment that was told before tells it again; `due` counts milliseconds from its departure,
    /// `repeats` what was counted on it, `of` the segment that it repeats, `gso` that it stands for several; `seen` is
    /// one that crossed loopback a millisecond ago. Why it was sent: `nth 2 1` (the second retransmission of seq 1),
    /// `answers 1`, `resets 1`, or a word. What is left out is 0, the window 64240.
    pub fn wire(&mut self, told: &str) -> &mut Story {
        let fact = self.wire_fact(told).unwrap_or_else(|| panic!("{told}"));
        self.fact(None, Fact::Wire(fact))
    }

    fn wire_fact(&mut self, told: &str) -> Option<WireFact> {
        let mut words = told.split(' ');
        let id: u64 = words.next()?.strip_prefix('#')?.parse().ok()?;
        let from: WireEnd = words.next()?.into();
        let host = match from.starts_with("client") {
            true => Host::A,
            false => Host::B,
        };
        assert_eq!(words.next()?, ">");
        let to = words.next()?.into();
        let now = Micros(self.clock * 1000);
        let left = *self.left.entry(id).or_insert(now);
        let mut fact = WireFact {
            id,
            from,
            to,
            host: Some(host),
            segment: Segment {
                flags: Flags::parse(words.next()?)?,
                seq: Seq(0),
                ack: Seq(0),
                len: 0,
                win: 64240,
            },
            fate: Fate::Passed,
            left,
            due: None,
            repeats: 0,
            repeats_of: None,
            copy_of: None,
            why: None,
            dropped_by: None,
            gso: false,
        };
        while let Some(word) = words.next() {
            let mut number = || words.next()?.parse::<u32>().ok();
            match word {
                "seq" => fact.segment.seq = Seq(number()?),
                "ack" => fact.segment.ack = Seq(number()?),
                "len" => fact.segment.len = number()?,
                "win" => fact.segment.win = number()?,
                "due" => fact.due = Some(Micros(left.0 + u64::from(number()?) * 1000)),
                "repeats" => fact.repeats = number()?,
                "of" => fact.repeats_of = Some(number()?.into()),
                "gso" => fact.gso = true,
                "seen" => {
                    fact.host = None;
                    fact.left = Micros(left.0.saturating_sub(1000));
                }
                "copy" => fact.copy_of = Some(number()?.into()),
                "cut" => fact.dropped_by = Some(DropReason::Cut),
                "nth" => {
                    let (n, of) = (number()?, Seq(number()?));
                    fact.why = Some(Explanation::Retransmission { n, of });
                }
                "answers" => fact.why = Some(Explanation::AnswersSeq(Seq(number()?))),
                "resets" => {
                    let answers = Some(Seq(number()?));
                    fact.why = Some(Explanation::Reset { answers });
                }
                "fin+ack" => fact.why = Some(Explanation::Fin { acks_fin: true }),
                "ack-of-syn" => fact.why = Some(Explanation::AckOfSyn),
                "ack-of-fin" => fact.why = Some(Explanation::AckOfFin { again: false }),
                "window-probe" => fact.why = Some(Explanation::ZeroWindowProbe),
                "keepalive-probe" => fact.why = Some(Explanation::KeepaliveProbe),
                "answers-probe" => fact.why = Some(Explanation::AnswersProbe),
                "window-update" => fact.why = Some(Explanation::WindowUpdate),
                "duplicate-ack" => fact.why = Some(Explanation::DuplicateAck),
                "challenge-ack" => fact.why = Some(Explanation::ChallengeAck),
                "passed" => fact.fate = Fate::Passed,
                "held" => fact.fate = Fate::Held,
                "dropped" => fact.fate = Fate::Dropped,
                "duplicated" => fact.fate = Fate::Duplicated,
                _ => return None,
            }
        }
        Some(fact)
    }

    pub fn world(&self) -> &World {
        self.journal.world()
    }

    pub fn now(&self) -> Micros {
        Micros(self.clock * 1000)
    }

    pub fn events(&self) -> Window {
        self.journal.events().cloned().collect()
    }
}

/// A reading with empty queues.
pub(in crate::ui) fn reading(state: State) -> Sample {
    Sample {
        inq: Some(0),
        outq: Some(0),
        rqueue: Some(0),
        wqueue: Some(0),
        counters: Some(Counters::default()),
        ..Sample::bare(state)
    }
}

/// What stands on a screen of this size, a line each, ends of lines cut.
pub(in crate::ui) fn picture(
    width: u16,
    height: u16,
    draw: impl FnOnce(&mut ratatui::Frame<'_>, Rect),
) -> String {
    let mut terminal =
        Terminal::new(TestBackend::new(width, height)).expect("a test backend never fails");
    terminal
        .draw(|frame| draw(frame, frame.area()))
        .expect("a test backend never fails");
    let buffer = terminal.backend().buffer();
    let mut out = String::new();
    for y in 0..height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..width {
            let symbol = buffer[(x, y)].symbol();
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Fails with both pictures below each other, so that an eye can compare them.
pub(in crate::ui) fn same(drawn: &str, expected: &str) {
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert!(drawn == expected, "drawn:\n{drawn}\nexpected:\n{expected}");
}
