//! The transition table of RFC 9293 (figure 5 and section 3.10): one table, read by the fold, the panes and the tests.

use super::State::{self, *};

/// What moves a connection from one state to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// listen().
    PassiveOpen,
    /// connect(): a SYN goes out.
    ActiveOpen,
    /// The peer's SYN.
    Syn,
    /// The peer's SYN,ACK.
    SynAck,
    /// The acknowledgement of our SYN.
    AckOfSyn,
    /// close() or shutdown(SHUT_WR): our FIN is queued.
    Close,
    /// The peer's FIN.
    Fin,
    /// The acknowledgement of our FIN.
    AckOfFin,
    /// The peer's FIN that also acknowledges ours.
    FinAndAckOfFin,
    /// A RST, sent or received.
    Reset,
    /// 2 MSL passed in TIME-WAIT, or a timer gave up.
    Timeout,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub from: State,
    pub cause: Cause,
    pub to: State,
    /// The section that says so.
    pub section: &'static str,
}

const fn row(from: State, cause: Cause, to: State, section: &'static str) -> Row {
    Row {
        from,
        cause,
        to,
        section,
    }
}

/// Every transition, each with its section. RST and timeout rows stand last.
pub const TRANSITIONS: &[Row] = &[
    row(Closed, Cause::PassiveOpen, Listen, "RFC 9293 3.10.1"),
    row(Closed, Cause::ActiveOpen, SynSent, "RFC 9293 3.10.1"),
    row(Listen, Cause::ActiveOpen, SynSent, "RFC 9293 3.10.1"),
    row(Listen, Cause::Syn, SynReceived, "RFC 9293 3.10.7.2"),
    row(Listen, Cause::Close, Closed, "RFC 9293 3.10.4"),
    // An accepted socket is born out of its listener's SYN-RECEIVED: on Linux it is new, so it starts at CLOSED.
    row(Closed, Cause::Syn, SynReceived, "RFC 9293 3.10.7.2"),
    row(SynSent, Cause::Syn, SynReceived, "RFC 9293 3.10.7.3"),
    row(SynSent, Cause::SynAck, Established, "RFC 9293 3.10.7.3"),
    row(SynSent, Cause::Close, Closed, "RFC 9293 3.10.4"),
    row(
        SynReceived,
        Cause::AckOfSyn,
        Established,
        "RFC 9293 3.10.7.4",
    ),
    row(SynReceived, Cause::Close, FinWait1, "RFC 9293 3.10.4"),
    row(SynReceived, Cause::Fin, CloseWait, "RFC 9293 3.10.7.4"),
    row(Established, Cause::Close, FinWait1, "RFC 9293 3.10.4"),
    row(Established, Cause::Fin, CloseWait, "RFC 9293 3.10.7.4"),
    row(FinWait1, Cause::AckOfFin, FinWait2, "RFC 9293 3.10.7.4"),
    row(FinWait1, Cause::Fin, Closing, "RFC 9293 3.10.7.4"),
    row(
        FinWait1,
        Cause::FinAndAckOfFin,
        TimeWait,
        "RFC 9293 3.10.7.4",
    ),
    row(FinWait2, Cause::Fin, TimeWait, "RFC 9293 3.10.7.4"),
    row(Closing, Cause::AckOfFin, TimeWait, "RFC 9293 3.10.7.4"),
    row(CloseWait, Cause::Close, LastAck, "RFC 9293 3.10.4"),
    row(LastAck, Cause::AckOfFin, Closed, "RFC 9293 3.10.7.4"),
    row(TimeWait, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    row(SynSent, Cause::Reset, Closed, "RFC 9293 3.10.7.3"),
    row(SynReceived, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(Established, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(FinWait1, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(FinWait2, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(CloseWait, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(Closing, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(LastAck, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(TimeWait, Cause::Reset, Closed, "RFC 9293 3.10.7.4"),
    row(SynSent, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    row(SynReceived, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    row(Established, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    row(FinWait1, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    // Not in the RFC: Linux ends an orphan in FIN-WAIT-2 after tcp_fin_timeout (tcp(7)).
    row(FinWait2, Cause::Timeout, Closed, "tcp(7) tcp_fin_timeout"),
    row(CloseWait, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    row(Closing, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
    row(LastAck, Cause::Timeout, Closed, "RFC 9293 3.10.8"),
];

/// The states that lie on *every* orderly way from `from` to `to`, in order, the two ends left out.
///
/// Two readings that are this far apart prove that these states were passed; they may be told as inferred.
/// RST and timeouts are no orderly ways: where a connection was aborted, nothing was passed, and the caller must not ask.
/// Empty when the two are neighbours, when they are equal, or when there is no way at all.
pub fn must_pass(from: State, to: State) -> Vec<State> {
    // Nearly every question is about neighbours, and asked between an edge and the event that tells of it.
    let neighbours = |r: &Row| r.from == from && r.to == to && orderly(r);
    if TRANSITIONS.iter().any(neighbours) || !reaches(from, to, None) {
        return Vec::new();
    }
    let mut passed: Vec<State> = State::ALL
        .into_iter()
        .filter(|s| *s != from && *s != to && !reaches(from, to, Some(*s)))
        .collect();
    // Of two states on every way, the earlier one still reaches the later one.
    passed.sort_by(|a, b| match (reaches(*a, *b, Some(from)), a == b) {
        (_, true) => std::cmp::Ordering::Equal,
        (true, _) => std::cmp::Ordering::Less,
        (false, _) => std::cmp::Ordering::Greater,
    });
    passed
}

/// Whether an orderly way leads from `from` to `to` without `avoid`. A way of no step counts only for equal states.
fn reaches(from: State, to: State, avoid: Option<State>) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(&at) = seen.get(next) {
        if at == to {
            return true;
        }
        next += 1;
        // A new connection would begin there.
        if at == Closed && at != from {
            continue;
        }
        for r in TRANSITIONS.iter().filter(|r| r.from == at && orderly(r)) {
            if Some(r.to) != avoid && !seen.contains(&r.to) {
                seen.push(r.to);
            }
        }
    }
    false
}

fn orderly(row: &Row) -> bool {
    let ends_time_wait = row.from == TimeWait && row.cause == Cause::Timeout;
    let given_up = matches!(row.cause, Cause::Reset | Cause::Timeout) && !ends_time_wait;
    let never_opened = row.to == Closed && matches!(row.from, SynSent | Listen);
    !given_up && !never_opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readings_prove() {
        let cases: &[(State, State, &[State])] = &[
            (Established, FinWait2, &[FinWait1]),
            (Established, TimeWait, &[FinWait1]),
            (Established, LastAck, &[CloseWait]),
            (CloseWait, Closed, &[LastAck]),
            (FinWait1, TimeWait, &[]),
            (FinWait2, TimeWait, &[]),
            (Established, CloseWait, &[]),
            (Established, Established, &[]),
            (TimeWait, FinWait1, &[]),
        ];
        for (from, to, passed) in cases {
            assert_eq!(must_pass(*from, *to), *passed, "{from} to {to}");
        }
    }

    #[test]
    fn every_row_cites_its_source_and_stands_once() {
        for (i, r) in TRANSITIONS.iter().enumerate() {
            assert!(r.section.starts_with("RFC 9293 3.10") || r.section.starts_with("tcp(7)"));
            assert!(
                !TRANSITIONS[..i]
                    .iter()
                    .any(|o| (o.from, o.cause) == (r.from, r.cause)),
                "{r:?} stands twice"
            );
        }
    }

    /// For every pair of states: what must be passed lies on a way, in the order of that way.
    #[test]
    fn what_must_be_passed_is_passed_in_order() {
        for from in State::ALL {
            for to in State::ALL {
                let passed = must_pass(from, to);
                assert!(!passed.contains(&from) && !passed.contains(&to));
                let mut at = from;
                for next in passed.into_iter().chain([to]) {
                    assert!(
                        at == next || reaches(at, next, None) || !reaches(from, to, None),
                        "{from} to {to}"
                    );
                    at = next;
                }
            }
        }
    }

    #[test]
    fn every_state_can_be_entered_and_left() {
        for state in State::ALL {
            assert!(
                TRANSITIONS.iter().any(|r| r.from == state),
                "no way out of {state}"
            );
            assert!(
                TRANSITIONS.iter().any(|r| r.to == state),
                "no way into {state}"
            );
        }
    }
}
