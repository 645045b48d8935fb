//! What changed within the last second. It glows, then settles; nothing else on the screen moves by itself.

use std::collections::{HashMap, VecDeque};

use crate::journal::{EndpointId, Micros};

/// How long a change is shown.
pub const GLOW: u64 = 1_000_000;

/// Changes closer together than this settle together, so that a burst costs a few redraws and not thousands.
const TOGETHER: u64 = 50_000;

/// A value of an endpoint that glows by itself. States and halves carry their own time in the World.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Sent,
    Received,
}

/// The changes of the last second.
#[derive(Clone, Debug, Default)]
pub struct Glow {
    values: HashMap<(EndpointId, Value), Micros>,
    /// When changes happened, oldest first: the first and the last of each [`TOGETHER`].
    moments: VecDeque<(Micros, Micros)>,
}

impl Glow {
    /// Something visible changed at this moment.
    pub fn mark(&mut self, at: Micros) {
        match self.moments.back_mut() {
            Some((first, last)) if at.0 < first.0 + TOGETHER => *last = at.max(*last),
            _ => self.moments.push_back((at, at)),
        }
    }

    /// A value changed.
    pub fn mark_value(&mut self, id: EndpointId, value: Value, at: Micros) {
        self.values.insert((id, value), at);
        self.mark(at);
    }

    /// Whether a change of that moment still glows.
    pub fn fresh(since: Micros, now: Micros) -> bool {
        now.0.saturating_sub(since.0) < GLOW
    }

    /// Whether this value still glows.
    pub fn value(&self, id: EndpointId, value: Value, now: Micros) -> bool {
        self.values
            .get(&(id, value))
            .is_some_and(|at| Glow::fresh(*at, now))
    }

    /// When the next change settles.
    pub fn next(&self) -> Option<Micros> {
        self.moments.front().map(|(_, last)| Micros(last.0 + GLOW))
    }

    /// Forgets what has settled; says whether the picture changes by it.
    pub fn settle(&mut self, now: Micros) -> bool {
        let before = self.moments.len();
        while self
            .moments
            .front()
            .is_some_and(|(_, last)| !Glow::fresh(*last, now))
        {
            self.moments.pop_front();
        }
        let settled = self.moments.len() < before;
        if settled {
            self.values.retain(|_, at| Glow::fresh(*at, now));
        }
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_glows_for_a_second_and_then_nothing_wakes() {
        let mut glow = Glow::default();
        glow.mark_value(EndpointId(0), Value::Sent, Micros(500_000));
        assert_eq!(glow.next(), Some(Micros(1_500_000)));
        assert!(glow.value(EndpointId(0), Value::Sent, Micros(1_499_999)));
        assert!(!glow.settle(Micros(1_499_999)));
        assert!(glow.settle(Micros(1_500_000)));
        assert!(!glow.value(EndpointId(0), Value::Sent, Micros(1_500_000)));
        assert_eq!(glow.next(), None);
        assert!(glow.values.is_empty());
    }

    #[test]
    fn a_burst_costs_few_wakes() {
        let mut glow = Glow::default();
        for at in 0..100_000 {
            glow.mark(Micros(at));
        }
        assert!(glow.moments.len() <= 4, "{}", glow.moments.len());
    }
}
