//! The bytes themselves: a fold of what send took and recv returned, kept in bounds.

use std::collections::{HashMap, VecDeque};

use crate::journal::{EndpointId, Event, Fact, Op};
use crate::tcp::Direction;

/// Bytes kept of each direction of an endpoint. All of them are laid out for a frame, and a frame has 2 ms.
const DIRECTION_LIMIT: usize = 16 << 10;

/// Bytes kept in all.
const TOTAL_LIMIT: usize = 8 << 20;

/// A run grows to this size and is then followed by another one; the oldest leave run by run.
const RUN_LIMIT: usize = 4 << 10;

/// The last bytes of every endpoint, in the order in which they were sent and received.
#[derive(Debug, Default)]
pub struct Streams {
    by_endpoint: HashMap<EndpointId, Stream>,
    /// Every run that was begun, oldest first. One that has left is met here again, and skipped.
    begun: VecDeque<(EndpointId, u64)>,
    next_run: u64,
    kept: usize,
}

/// One endpoint's bytes.
#[derive(Debug, Default)]
pub(super) struct Stream {
    runs: VecDeque<Run>,
    pub sent: Counts,
    pub received: Counts,
}

/// What became of one direction's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// The offset of the next byte: all that ever went this way.
    pub total: u64,
    kept: usize,
    /// Bytes that were kept once and have left.
    pub left: u64,
}

/// Bytes that follow each other in one direction.
#[derive(Debug)]
pub(super) struct Run {
    serial: u64,
    pub direction: Direction,
    /// Where the first byte stands in its direction's stream.
    pub offset: u64,
    pub bytes: Vec<u8>,
}

impl Run {
    /// The offset behind its last byte.
    pub fn end(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }
}

impl Stream {
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter()
    }

    fn counts(&mut self, direction: Direction) -> &mut Counts {
        match direction {
            Direction::Send => &mut self.sent,
            Direction::Receive => &mut self.received,
        }
    }

    /// Takes a run out; its length, or 0 when it has left before.
    fn evict(&mut self, serial: u64) -> usize {
        let Some(at) = self.runs.iter().position(|run| run.serial == serial) else {
            return 0;
        };
        let Some(run) = self.runs.remove(at) else {
            return 0;
        };
        let len = run.bytes.len();
        let counts = self.counts(run.direction);
        counts.kept -= len;
        counts.left += len as u64;
        len
    }

    fn oldest(&self, direction: Direction) -> Option<u64> {
        self.runs
            .iter()
            .find(|run| run.direction == direction)
            .map(|run| run.serial)
    }
}

impl Streams {
    /// Folds one event: only a send or recv that moved bytes changes anything.
    pub fn apply(&mut self, event: &Event) {
        let (Some(who), Fact::App(call)) = (&event.who, &event.fact) else {
            return;
        };
        let Ok(moved) = call.result else { return };
        match &call.op {
            Op::Send { data, .. } => self.append(who.id, Direction::Send, moved, data.bytes()),
            Op::Recv { data, .. } => self.append(who.id, Direction::Receive, moved, data.bytes()),
            Op::Socket { .. }
            | Op::Bind { .. }
            | Op::Listen { .. }
            | Op::Accept { .. }
            | Op::Connect { .. }
            | Op::Shutdown(_)
            | Op::Close
            | Op::SetSockOpt { .. }
            | Op::Dup { .. }
            | Op::Fork { .. }
            | Op::Kill { .. } => {}
        }
    }

    /// Bytes kept in all.
    pub fn kept(&self) -> usize {
        self.kept
    }

    pub(super) fn of(&self, id: EndpointId) -> Option<&Stream> {
        self.by_endpoint.get(&id)
    }

    /// `moved` bytes went this way, of which the event still carries the first ones.
    fn append(&mut self, id: EndpointId, direction: Direction, moved: u64, data: &[u8]) {
        let told = usize::try_from(moved).map_or(data.len(), |moved| data.len().min(moved));
        // Of a payload larger than the window only its end can stay.
        let skipped = told.saturating_sub(DIRECTION_LIMIT);
        let stream = self.by_endpoint.entry(id).or_default();
        let start = stream.counts(direction).total;
        let counts = stream.counts(direction);
        counts.total += moved;
        counts.left += skipped as u64;
        let mut offset = start + skipped as u64;
        for chunk in data[skipped..told].chunks(RUN_LIMIT) {
            self.keep(id, direction, offset, chunk);
            offset += chunk.len() as u64;
        }
        self.trim(id, direction);
    }

    fn keep(&mut self, id: EndpointId, direction: Direction, offset: u64, chunk: &[u8]) {
        let stream = self.by_endpoint.entry(id).or_default();
        stream.counts(direction).kept += chunk.len();
        self.kept += chunk.len();
        match stream.runs.back_mut() {
            Some(run)
                if run.direction == direction
                    && run.end() == offset
                    && run.bytes.len() + chunk.len() <= RUN_LIMIT =>
            {
                run.bytes.extend_from_slice(chunk);
            }
            Some(_) | None => {
                let serial = self.next_run;
                self.next_run += 1;
                stream.runs.push_back(Run {
                    serial,
                    direction,
                    offset,
                    bytes: chunk.to_vec(),
                });
                self.begun.push_back((id, serial));
            }
        }
    }

    fn trim(&mut self, id: EndpointId, direction: Direction) {
        let Some(stream) = self.by_endpoint.get_mut(&id) else {
            return;
        };
        while stream.counts(direction).kept > DIRECTION_LIMIT {
            let Some(oldest) = stream.oldest(direction) else {
                break;
            };
            self.kept -= stream.evict(oldest);
        }
        while self.kept > TOTAL_LIMIT {
            let Some((id, serial)) = self.begun.pop_front() else {
                break;
            };
            self.kept -= self
                .by_endpoint
                .get_mut(&id)
                .map_or(0, |stream| stream.evict(serial));
        }
        // Runs that left by their own direction's limit are forgotten here too, once they stand in front.
        while let Some((id, serial)) = self.begun.front()
            && self
                .by_endpoint
                .get(id)
                .and_then(|s| s.runs.front())
                .is_none_or(|run| run.serial > *serial)
        {
            self.begun.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panes::story::Story;

    fn folded(story: &Story) -> Streams {
        let mut streams = Streams::default();
        story.events().iter().for_each(|event| streams.apply(event));
        streams
    }

    fn client(story: &Story) -> EndpointId {
        story.world().by_name("client").map(|e| e.id).expect("told")
    }

    #[test]
    fn a_direction_keeps_its_last_bytes_and_counts_the_rest() {
        let mut story = Story::pair();
        for n in 0..40u8 {
            story.send("client", &[n; 3000]);
        }
        story.recv("client", b"once");
        let streams = folded(&story);
        let stream = streams.of(client(&story)).expect("bytes were sent");
        assert_eq!(stream.sent.total, 120_000);
        assert_eq!(stream.sent.left + stream.sent.kept as u64, 120_000);
        assert!(
            stream.sent.kept <= DIRECTION_LIMIT && stream.sent.kept > DIRECTION_LIMIT - RUN_LIMIT
        );
        assert_eq!(
            stream.received,
            Counts {
                total: 4,
                kept: 4,
                left: 0
            }
        );
        let last = stream
            .runs()
            .filter(|run| run.direction == Direction::Send)
            .last()
            .expect("kept");
        assert_eq!((last.end(), last.bytes.last()), (120_000, Some(&39)));
    }

    #[test]
    fn all_together_stay_below_the_total() {
        let mut story = Story::empty();
        let names: Vec<String> = (0..800).map(|n| format!("conn{n}")).collect();
        for name in &names {
            story.send(name, &[7; 16_000]);
        }
        let streams = folded(&story);
        assert!(streams.kept() <= TOTAL_LIMIT);
        let kept = |name: &str| {
            let id = story.world().by_name(name).map(|e| e.id).expect("told");
            streams.of(id).map_or(0, |stream| stream.sent.kept)
        };
        assert_eq!(kept("conn0"), 0, "the oldest leave first");
        assert_eq!(kept("conn799"), 16_000);
        assert!(streams.begun.len() <= TOTAL_LIMIT / RUN_LIMIT + names.len() * 16);
    }

    #[test]
    fn a_payload_larger_than_the_window_keeps_its_end() {
        let mut story = Story::pair();
        let mut bytes = vec![1; 100_000];
        bytes.push(2);
        story.send("client", &bytes);
        let streams = folded(&story);
        let stream = streams.of(client(&story)).expect("bytes were sent");
        assert_eq!(
            (stream.sent.total, stream.sent.kept),
            (100_001, DIRECTION_LIMIT)
        );
        assert_eq!(
            stream
                .runs()
                .last()
                .and_then(|run| run.bytes.last().copied()),
            Some(2)
        );
    }
}
