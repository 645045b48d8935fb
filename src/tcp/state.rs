//! The eleven states of RFC 9293 section 3.3.2, in its spelling. It owns the names and nothing else.

use std::fmt;
use std::str::FromStr;

/// A TCP state (RFC 9293, section 3.3.2).
///
/// Linux has one value more, `NEW_SYN_RECV`, which is read as [`State::SynReceived`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    Closed,
}

impl State {
    /// All states, in the order of a connection's life.
    pub const ALL: [State; 11] = [
        State::Listen,
        State::SynSent,
        State::SynReceived,
        State::Established,
        State::FinWait1,
        State::FinWait2,
        State::CloseWait,
        State::Closing,
        State::LastAck,
        State::TimeWait,
        State::Closed,
    ];

    /// The name as RFC 9293 writes it.
    pub const fn name(self) -> &'static str {
        match self {
            State::Listen => "LISTEN",
            State::SynSent => "SYN-SENT",
            State::SynReceived => "SYN-RECEIVED",
            State::Established => "ESTABLISHED",
            State::FinWait1 => "FIN-WAIT-1",
            State::FinWait2 => "FIN-WAIT-2",
            State::CloseWait => "CLOSE-WAIT",
            State::Closing => "CLOSING",
            State::LastAck => "LAST-ACK",
            State::TimeWait => "TIME-WAIT",
            State::Closed => "CLOSED",
        }
    }

    /// Our FIN is queued or sent and not yet acknowledged.
    pub const fn fin_outstanding(self) -> bool {
        matches!(self, State::FinWait1 | State::Closing | State::LastAck)
    }

    /// The peer's FIN has been received in this state (RFC 9293, figure 5: every state right of the FIN).
    pub const fn fin_received(self) -> bool {
        matches!(
            self,
            State::CloseWait | State::Closing | State::LastAck | State::TimeWait
        )
    }

    /// Both sides have exchanged SYNs and the connection is not over.
    pub const fn synchronised(self) -> bool {
        !matches!(
            self,
            State::Listen | State::SynSent | State::SynReceived | State::Closed
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The word is no state's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownState(pub String);

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        State::ALL
            .into_iter()
            .find(|s| s.name().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownState(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_in_any_case() {
        for state in State::ALL {
            assert_eq!(state.name().parse(), Ok(state));
            assert_eq!(state.name().to_lowercase().parse(), Ok(state));
        }
        assert_eq!(
            "FIN_WAIT1".parse::<State>(),
            Err(UnknownState("FIN_WAIT1".into()))
        );
        assert_eq!(format!("{:<12}|", State::Listen), "LISTEN      |");
    }

    /// RFC 9293, figure 5: which FINs have passed in which state.
    #[test]
    fn what_a_state_says_about_the_fins() {
        let ours: Vec<State> = State::ALL
            .into_iter()
            .filter(|s| s.fin_outstanding())
            .collect();
        assert_eq!(ours, [State::FinWait1, State::Closing, State::LastAck]);
        let theirs: Vec<State> = State::ALL
            .into_iter()
            .filter(|s| s.fin_received())
            .collect();
        assert_eq!(
            theirs,
            [
                State::CloseWait,
                State::Closing,
                State::LastAck,
                State::TimeWait
            ]
        );
        assert!(theirs.iter().chain(&ours).all(|s| s.synchronised()));
        assert!(!State::SynReceived.synchronised());
    }
}
