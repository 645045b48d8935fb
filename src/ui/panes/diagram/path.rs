//! Which ways each endpoint has taken through the states: a fold of the kernel's facts.

use crate::journal::{EndpointId, Event, Fact, Source};
use crate::tcp::{State, TRANSITIONS, must_pass};

/// States of one endpoint that are kept; no life is longer, a socket that is connected again and again may be.
const KEPT: usize = 32;
/// How far a number may run ahead of those known (a recording with gaps).
const WIDEST_GAP: usize = 1 << 16;

/// The way of one endpoint.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// The states in order, each with how it is known.
    pub states: Vec<(State, Source)>,
    /// One bit for each pair of states.
    taken: u128,
}

/// The ways of all endpoints.
#[derive(Clone, Debug, Default)]
pub struct Paths(Vec<Path>);

impl Paths {
    pub fn of(&self, id: EndpointId) -> Option<&Path> {
        self.0.get(id.index())
    }

    pub fn apply(&mut self, event: &Event) {
        let (Some(who), Fact::Kernel(fact)) = (&event.who, &event.fact) else {
            return;
        };
        let Some((from, to)) = fact.change else {
            return;
        };
        let index = who.id.index();
        if index >= self.0.len().saturating_add(WIDEST_GAP) {
            return;
        }
        if self.0.len() <= index {
            self.0.resize_with(index + 1, Path::default);
        }
        if let Some(path) = self.0.get_mut(index) {
            path.step(from, to, fact.source);
        }
    }
}

impl Path {
    fn step(&mut self, from: State, to: State, source: Source) {
        let over = self.states.last().is_some_and(|(s, _)| *s == State::Closed);
        if over && from == State::Closed {
            // A new connection on the same socket.
            *self = Path::default();
        }
        if self.states.is_empty() {
            self.states.push((from, source));
        }
        let mut at = from;
        for next in must_pass(from, to).into_iter().chain([to]) {
            if TRANSITIONS.iter().any(|r| r.from == at && r.to == next) {
                self.taken |= bit(at, next);
            }
            at = next;
        }
        self.states.push((to, source));
        if self.states.len() > KEPT {
            self.states.remove(0);
        }
    }

    /// Whether this way was taken.
    pub fn took(&self, from: State, to: State) -> bool {
        self.taken & bit(from, to) != 0
    }

    pub fn visited(&self, state: State) -> bool {
        self.states.iter().any(|(s, _)| *s == state)
    }
}

fn bit(from: State, to: State) -> u128 {
    1 << (from as usize * State::ALL.len() + to as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use State::*;

    fn path(steps: &[(State, State)]) -> Path {
        let mut path = Path::default();
        for (from, to) in steps {
            path.step(*from, *to, Source::Measured);
        }
        path
    }

    #[test]
    fn a_way_is_remembered_step_by_step() {
        let path = path(&[(SynSent, Established), (Established, FinWait1)]);
        assert!(path.took(SynSent, Established) && path.took(Established, FinWait1));
        assert!(!path.took(Established, CloseWait));
        assert!(path.visited(Established) && !path.visited(CloseWait));
    }

    #[test]
    fn what_two_readings_prove_was_taken_too() {
        let path = path(&[(Established, FinWait2)]);
        assert!(path.took(Established, FinWait1) && path.took(FinWait1, FinWait2));
        assert!(!path.visited(FinWait1), "nobody saw it there");
    }

    #[test]
    fn a_new_connection_begins_a_new_way() {
        let path = path(&[(SynSent, Closed), (Closed, SynSent)]);
        assert_eq!(path.states.len(), 2);
        assert!(path.took(Closed, SynSent) && !path.took(SynSent, Closed));
    }
}
