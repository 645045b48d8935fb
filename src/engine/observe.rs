//! Reading the kernel about one socket and telling the journal what changed.
//!
//! While we hold the descriptor it is asked directly and sock_diag adds what it alone knows; afterwards the addresses
//! and the cookie are followed through the kernel's tables until there is no socket any more.

use std::net::SocketAddr;

use super::driver::Driver;
use crate::journal::{Host, KernelFact, Micros, Note, Source, Tuple};
use crate::kernel::{Socket, merge};
use crate::tcp::{Errno, Sample, State, must_pass};

/// What the last reading said.
#[derive(Debug)]
pub(super) struct Known {
    pub state: State,
    pub sample: Option<Sample>,
    /// When the TIME-WAIT that was told last would end.
    pub time_wait_ends: Option<Micros>,
    pub local: Option<SocketAddr>,
    pub peer: Option<SocketAddr>,
    pub cookie: Option<u64>,
    /// The host of the lab whose kernel has the socket; `None`: this machine's.
    pub host: Option<Host>,
    /// This end sent the first SYN.
    pub opener: bool,
    /// A state of it has been told.
    pub told: bool,
    /// The addresses are to be told with the next fact.
    pub untold: bool,
    /// Our close left nothing unread and did not abort: what follows it is orderly.
    pub closed_in_order: bool,
    /// It is another descriptor of a socket that has an endpoint already.
    pub twin: bool,
    /// sock_diag cannot be asked, and that was told.
    pub blind: bool,
}

impl Default for Known {
    fn default() -> Known {
        Known {
            state: State::Closed,
            sample: None,
            time_wait_ends: None,
            local: None,
            peer: None,
            cookie: None,
            host: None,
            opener: false,
            told: false,
            untold: false,
            closed_in_order: false,
            twin: false,
            blind: false,
        }
    }
}

impl Driver {
    /// Takes a reading and tells what is new. True: something was.
    pub(super) fn observe(&mut self) -> bool {
        let news = match &self.socket {
            Some(socket) => {
                let Ok(held) = read(socket) else {
                    return false;
                };
                let sample = self.with_tables(held);
                self.tell(sample)
            }
            None => self.follow(),
        };
        if !self.over {
            self.cross_check(false);
        }
        news
    }

    /// A quick look by descriptor alone, before a call whose result the state explains (recv = 0).
    pub(super) fn glance(&mut self) {
        let Some(socket) = &self.socket else { return };
        match read(socket) {
            Ok(held) if held.state == State::Closed => {
                self.observe();
            }
            Ok(held) if held.state != self.known.state => {
                self.tell(held);
            }
            Ok(_) | Err(_) => {}
        }
    }

    /// Addresses and cookie, asked as soon as there are any: TIME-WAIT keeps a cookie only if somebody asked for it
    /// while the socket was alive.
    pub(super) fn identify(&mut self) {
        let Some(socket) = &self.socket else { return };
        let before = (self.known.local, self.known.peer, self.known.cookie);
        self.known.local = socket.local().ok().or(self.known.local);
        self.known.cookie = socket.cookie().ok().or(self.known.cookie);
        self.known.peer = socket.peer().ok().or(self.known.peer);
        let now = (self.known.local, self.known.peer, self.known.cookie);
        self.known.untold |= before != now;
        // The segments of a socket bear the name of its first endpoint.
        if self.known.twin || before == now {
            return;
        }
        if let (Some(local), Some(peer)) = (self.known.local, self.known.peer) {
            let (host, opener) = (self.known.host, self.known.opener);
            self.room
                .is_connection(&self.who, host, opener, local, peer);
        }
    }

    /// Nothing will be seen of this socket any more.
    pub(super) fn is_no_more(&self) {
        if !self.known.twin {
            let (host, local, peer) = (self.known.host, self.known.local, self.known.peer);
            self.room.is_no_more(&self.who, host, local, peer);
        }
    }

    /// Joins a reading by descriptor with the tables' own.
    fn with_tables(&self, held: Sample) -> Sample {
        let Some(Some(found)) = self.ask_tables() else {
            return held;
        };
        if held.state == State::Closed {
            // The descriptor says CLOSED in TIME-WAIT: only the tables know.
            return Sample {
                edge: held.edge,
                counters: held.counters,
                ..found
            };
        }
        merge(held, &found)
    }

    /// They were asked, and have no such socket.
    pub(super) fn tables_know_nothing(&self) -> bool {
        matches!(self.ask_tables(), Some(None))
    }

    fn ask_tables(&self) -> Option<Option<Sample>> {
        let local = self.known.local?;
        let found = if self.accepting.is_some() {
            self.room
                .find_listener(self.known.host, local, self.known.cookie)?
        } else {
            self.room
                .find(self.known.host, local, self.known.peer?, self.known.cookie)?
        };
        Some(found.map(|f| f.sample))
    }

    /// Without a descriptor: the tables, until they know nothing any more.
    fn follow(&mut self) -> bool {
        if self.over {
            return false;
        }
        let held = self.holding.is_some();
        if held {
            self.follow_addresses();
        }
        let found = match self.ask_tables() {
            None if self.known.peer.is_none() => Some(None),
            found => found,
        };
        match found {
            Some(Some(sample)) => self.tell(sample),
            // What the tables have not, and a process still holds, is CLOSED.
            Some(None) if held => self.tell(Sample::bare(State::Closed)),
            Some(None) => self.tell_gone(Source::Measured),
            None => {
                self.over = !held;
                !std::mem::replace(&mut self.known.blind, true) && self.tell_blind()
            }
        }
    }

    fn tell_blind(&self) -> bool {
        let blind = "sock_diag cannot be asked here: what the kernel does without a descriptor of ours is not seen";
        self.room.note(&self.who, Note::Text(blind.to_owned()));
        true
    }

    /// While a close is still blocking: the tables, whose silence is no end yet.
    pub(super) fn watch_closing(&mut self) {
        if let Some(Some(sample)) = self.ask_tables() {
            self.tell(sample);
        }
    }

    fn tell(&mut self, sample: Sample) -> bool {
        let from = self.known.state;
        let to = sample.state;
        let moved = from != to;
        let ends = time_wait_ends(&sample, self.room.clock.now());
        let news = moved
            || self.known.untold
            || restarted(self.known.time_wait_ends, ends)
            || self
                .known
                .sample
                .as_ref()
                .is_none_or(|old| differs(old, &sample));
        self.known.sample = Some(sample.clone());
        if !news {
            return false;
        }
        self.known.time_wait_ends = ends;
        if moved {
            self.known.told = true;
            self.tell_passed(from, to, &sample);
        }
        if from.synchronised() && to == State::Closed && sample.edge.error {
            // The errno waits for a recv. Whoever hears of the end may close at once, and it would never be told.
            self.incoming.edge(sample.edge);
        }
        let tuple = self.tuple();
        self.room.kernel(
            &self.who,
            KernelFact {
                source: Source::Measured,
                change: moved.then_some((self.known.state, to)),
                sample: Some(sample),
                tuple,
                gone: false,
            },
        );
        self.known.state = to;
        if moved {
            self.room.poke_facing(&self.who);
        }
        true
    }

    fn tell_gone(&mut self, source: Source) -> bool {
        let from = self.known.state;
        if from == State::CloseWait && self.known.closed_in_order {
            self.tell_inferred(State::LastAck);
        }
        let tuple = self.tuple();
        self.room.kernel(
            &self.who,
            KernelFact {
                source,
                change: (self.known.state != State::Closed)
                    .then_some((self.known.state, State::Closed)),
                sample: None,
                tuple,
                gone: true,
            },
        );
        self.known.state = State::Closed;
        self.known.sample = None;
        self.over = true;
        self.cross_check(true);
        if from != State::Closed {
            self.room.poke_facing(&self.who);
        }
        true
    }

    /// The states that must lie between two readings.
    fn tell_passed(&mut self, from: State, to: State, sample: &Sample) {
        if to == State::Closed {
            // A RST leads to CLOSED from anywhere. Only the passive closer's way is sure: what it sent was
            // acknowledged to the FIN, and no errno is pending.
            let fin_acked = sample.fin_acked_by_count(self.known.opener) == Some(true);
            if from == State::CloseWait && fin_acked && !sample.edge.error {
                self.tell_inferred(State::LastAck);
            }
            return;
        }
        let born = from == State::Closed && to.synchronised();
        if born {
            // Only one of the two ways into ESTABLISHED was open to this end.
            let syn = if self.known.opener {
                State::SynSent
            } else {
                State::SynReceived
            };
            self.tell_inferred(syn);
            if to != State::Established {
                self.tell_inferred(State::Established);
            }
        }
        for state in must_pass(self.known.state, to) {
            self.tell_inferred(state);
        }
    }

    pub(super) fn tell_inferred(&mut self, to: State) {
        let known = &self.known;
        let seen = self.room.proves(known.host, known.local, known.peer, to);
        self.room.kernel(
            &self.who,
            KernelFact {
                source: if seen {
                    Source::Captured
                } else {
                    Source::Inferred
                },
                change: Some((self.known.state, to)),
                sample: None,
                tuple: None,
                gone: false,
            },
        );
        self.known.state = to;
    }

    fn tuple(&mut self) -> Option<Tuple> {
        std::mem::take(&mut self.known.untold).then_some(Tuple {
            local: self.known.local,
            peer: self.known.peer,
            cookie: self.known.cookie,
            host: self.known.host,
        })
    }
}

/// The descriptor's own reading, with the poll flags of the same moment.
fn read(socket: &Socket) -> Result<Sample, Errno> {
    socket.sample(socket.poll()?)
}

/// Whether a reading is worth an event of its own although the state is the same. Counters that move with every
/// segment are not; what the screen shows is.
fn differs(old: &Sample, new: &Sample) -> bool {
    if new.state == State::TimeWait {
        // Only its countdown moves, and whoever knows when it ends can count alone.
        return false;
    }
    let retries = |s: &Sample| s.timer.map(|t| (t.kind, t.retries));
    let queues = |s: &Sample| (s.unread(), s.unsent(), s.unacked(), s.rqueue, s.send_half());
    queues(old) != queues(new)
        || retries(old) != retries(new)
        || old.shutdown != new.shutdown
        || old.edge.error != new.edge.error
}

/// Two readings of one countdown differ by as much: the kernel's jiffies, and a wait for the processor between the
/// reading and the clock.
const SAME_END: u64 = 50_000;

fn time_wait_ends(sample: &Sample, at: Micros) -> Option<Micros> {
    let timer = sample.timer.filter(|_| sample.state == State::TimeWait)?;
    Some(Micros(at.0 + u64::from(timer.expires_ms) * 1000))
}

/// TIME-WAIT starts anew at each FIN that the peer repeats. The time left does not tell: a FIN may come before much of it
/// has gone, so the moment of its end is compared.
fn restarted(told: Option<Micros>, now: Option<Micros>) -> bool {
    told.zip(now)
        .is_some_and(|(told, now)| now.0 > told.0 + SAME_END)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::{Timer, TimerKind};

    fn reading(expires_ms: u32, at_ms: u64) -> Option<Micros> {
        let mut sample = Sample::bare(State::TimeWait);
        sample.timer = Some(Timer {
            kind: TimerKind::TimeWait,
            expires_ms,
            retries: 0,
        });
        time_wait_ends(&sample, Micros(at_ms * 1000))
    }

    #[test]
    fn a_countdown_that_runs_has_not_restarted() {
        let told = reading(60_000, 100);
        for (expires_ms, at_ms) in [(60_000, 104), (59_000, 1_103), (20, 60_090)] {
            assert!(!restarted(told, reading(expires_ms, at_ms)), "{expires_ms}");
        }
    }

    #[test]
    fn a_restart_is_seen_although_less_is_left_than_before() {
        let told = reading(60_000, 100);
        // A FIN came after 205 ms, and the next reading after a second.
        assert!(restarted(told, reading(59_205, 1_100)));
        assert!(restarted(reading(57_000, 3_100), reading(60_000, 3_300)));
    }

    #[test]
    fn another_state_has_no_end_of_time_wait() {
        let orphan = Sample::bare(State::FinWait2);
        assert_eq!(time_wait_ends(&orphan, Micros(0)), None);
        assert!(!restarted(reading(60_000, 0), None));
        assert!(!restarted(None, reading(60_000, 0)));
    }
}
