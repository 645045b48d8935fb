//! Counting endpoints by state, and finding the one that is stuck: kept up with each event, never counted anew.

use std::collections::BTreeMap;

use crate::journal::{Endpoint, EndpointId, Role, World};
use crate::tcp::{RecvHalf, State, TimerKind};

/// Why data does not move here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// Nobody reads these bytes: reading is off.
    Unread(u64),
    /// The peer's window is closed; so many bytes wait here.
    Blocked(u64),
    /// Sent again so often without an answer.
    Unanswered(u8),
}

/// How many endpoints there are in which state.
#[derive(Clone, Debug, Default)]
pub struct Census {
    /// What was counted for each endpoint, by its number. `None`: not counted (listeners).
    counted: Vec<Option<State>>,
    by_state: [usize; State::ALL.len()],
    stuck: BTreeMap<EndpointId, Stuck>,
    total: usize,
}

impl Census {
    /// Counts an endpoint anew.
    pub fn refresh(&mut self, world: &World, id: EndpointId) {
        let Some(endpoint) = world.get(id) else {
            return;
        };
        if self.counted.len() <= id.index() {
            self.counted.resize(id.index() + 1, None);
        }
        let now = (endpoint.role != Role::Listener && !endpoint.name.is_empty())
            .then_some(endpoint.state);
        let before = std::mem::replace(&mut self.counted[id.index()], now);
        if let Some(state) = before {
            self.by_state[state as usize] -= 1;
            self.total -= 1;
        }
        if let Some(state) = now {
            self.by_state[state as usize] += 1;
            self.total += 1;
        }
        match stuck(endpoint) {
            Some(why) => self.stuck.insert(id, why),
            None => self.stuck.remove(&id),
        };
    }

    /// Endpoints without the listeners.
    pub fn total(&self) -> usize {
        self.total
    }

    /// States that someone is in, the most frequent first.
    pub fn states(&self) -> Vec<(State, usize)> {
        let mut counts: Vec<(State, usize)> = State::ALL
            .into_iter()
            .zip(self.by_state)
            .filter(|(_, count)| *count > 0)
            .collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }

    /// How many are stuck.
    pub fn stuck_count(&self) -> usize {
        self.stuck.len()
    }

    /// Those that are stuck, in order of creation.
    pub fn stuck(&self) -> impl Iterator<Item = (EndpointId, Stuck)> {
        self.stuck.iter().map(|(id, why)| (*id, *why))
    }
}

/// Whether data waits at this endpoint and nothing that runs will move it. Transient queues are not meant.
pub fn stuck(e: &Endpoint) -> Option<Stuck> {
    if e.gone || e.role == Role::Listener || !e.state.synchronised() {
        return None;
    }
    let (_, sample) = e.sample.as_ref()?;
    let waiting = e.unsent();
    match sample.timer {
        // One retransmission is a lost segment or a late acknowledgement; two in a row are silence.
        Some(timer) if timer.kind == TimerKind::Retransmit && timer.retries >= 2 => {
            return Some(Stuck::Unanswered(timer.retries));
        }
        Some(timer) if timer.kind == TimerKind::Persist => return Some(Stuck::Blocked(waiting)),
        _ => {}
    }
    if waiting > 0 && sample.counters.and_then(|c| c.snd_wnd) == Some(0) {
        return Some(Stuck::Blocked(waiting));
    }
    let unread = e.unread().unwrap_or(0);
    let nobody_reads = e.reading.is_none() && e.receive != RecvHalf::EofRead;
    (unread > 0 && nobody_reads).then_some(Stuck::Unread(unread))
}
