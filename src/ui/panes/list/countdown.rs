//! The timer that runs for an endpoint: what is left of it now, and when the number on the screen changes.

use crate::journal::{Endpoint, Micros};
use crate::tcp::{State, TimerKind};

/// A running timer, as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Countdown {
    /// What runs, in a word.
    pub word: &'static str,
    /// Whole seconds left, rounded up; 0: it is due and no newer reading has come.
    pub seconds: u64,
    /// Retransmissions or probes so far.
    pub retries: u8,
}

/// What runs for this endpoint, from its last reading and the time since.
pub fn of(e: &Endpoint, now: Micros) -> Option<Countdown> {
    let (kind, retries, ends) = running(e)?;
    let left = ends.saturating_sub(now.0);
    Some(Countdown {
        word: word(kind, e.state),
        seconds: left.div_ceil(1_000_000),
        retries,
    })
}

/// Linux waits for the peer's FIN in a socket of the kind that it uses for TIME-WAIT, with that timer (tcp_time_wait):
/// the state says what it waits for.
const fn word(kind: TimerKind, state: State) -> &'static str {
    match (kind, state) {
        (TimerKind::TimeWait, State::FinWait2) => "fin-wait-2",
        (
            TimerKind::TimeWait | TimerKind::Retransmit | TimerKind::Keepalive | TimerKind::Persist,
            _,
        ) => kind.word(),
    }
}

/// When the number of seconds changes next.
pub fn next_change(e: &Endpoint, now: Micros) -> Option<Micros> {
    let (_, _, ends) = running(e)?;
    let left = ends.checked_sub(now.0).filter(|left| *left > 0)?;
    // The number falls when the time left passes a whole second.
    Some(Micros(ends - (left - 1) / 1_000_000 * 1_000_000))
}

fn running(e: &Endpoint) -> Option<(TimerKind, u8, u64)> {
    if e.gone || e.state == State::Closed {
        return None;
    }
    let (at, sample) = e.sample.as_ref()?;
    let timer = sample.timer?;
    Some((
        timer.kind,
        timer.retries,
        at.0 + u64::from(timer.expires_ms) * 1000,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orphan_that_waits_for_a_fin_is_not_in_time_wait() {
        assert_eq!(word(TimerKind::TimeWait, State::FinWait2), "fin-wait-2");
        assert_eq!(word(TimerKind::TimeWait, State::TimeWait), "time-wait");
        assert_eq!(word(TimerKind::Retransmit, State::FinWait1), "retransmit");
        assert_eq!(word(TimerKind::Keepalive, State::FinWait2), "keepalive");
    }
}
