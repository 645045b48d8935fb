//! The two halves of an endpoint: one enum for each direction. Their values are public words.

use std::fmt;

/// One direction of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Send,
    Receive,
}

impl Direction {
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Send => "send",
            Direction::Receive => "receive",
        }
    }
}

/// Our sending direction. It only ever moves down this list, or drops to `Reset` or `Gone`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SendHalf {
    #[default]
    Open,
    /// shutdown(SHUT_WR) or close was called; `ahead` unsent bytes still stand before the FIN.
    FinQueued { ahead: u64 },
    /// The FIN is on the wire; the peer has not acknowledged it.
    FinSent,
    /// The peer acknowledged past the FIN: it knows that we are done.
    FinAcked,
    /// A RST, or a timeout that ended the connection, broke this half.
    Reset,
    /// The kernel has no socket any more.
    Gone,
}

/// Our receiving direction. It only ever moves down this list, or drops to `Reset` or `Gone`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RecvHalf {
    #[default]
    Open,
    /// shutdown(SHUT_RD) here. Nothing crossed the wire; data may still arrive and be read on Linux.
    Shut,
    /// The kernel has the peer's FIN; unread bytes may stand before it. `shut`: our own SHUT_RD came first or after.
    FinReceived {
        shut: bool,
    },
    /// recv returned 0 because of the peer's FIN: the application knows that no more will come.
    EofRead,
    Reset,
    Gone,
}

impl SendHalf {
    /// Every word of this half, for parsers and completion.
    pub const WORDS: [&'static str; 6] = [
        "open",
        "fin-queued",
        "fin-sent",
        "fin-acked",
        "reset",
        "gone",
    ];

    pub const fn word(self) -> &'static str {
        match self {
            SendHalf::Open => "open",
            SendHalf::FinQueued { .. } => "fin-queued",
            SendHalf::FinSent => "fin-sent",
            SendHalf::FinAcked => "fin-acked",
            SendHalf::Reset => "reset",
            SendHalf::Gone => "gone",
        }
    }

    /// No further byte can be given to this half.
    pub const fn closed(self) -> bool {
        !matches!(self, SendHalf::Open)
    }
}

impl RecvHalf {
    /// Every word of this half, for parsers and completion.
    pub const WORDS: [&'static str; 6] =
        ["open", "fin-received", "eof-read", "shut", "reset", "gone"];

    pub const fn word(self) -> &'static str {
        match self {
            RecvHalf::Open => "open",
            RecvHalf::Shut => "shut",
            RecvHalf::FinReceived { .. } => "fin-received",
            RecvHalf::EofRead => "eof-read",
            RecvHalf::Reset => "reset",
            RecvHalf::Gone => "gone",
        }
    }

    /// The peer's FIN has arrived here.
    pub const fn fin_seen(self) -> bool {
        matches!(self, RecvHalf::FinReceived { .. } | RecvHalf::EofRead)
    }
}

impl fmt::Display for SendHalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for RecvHalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_list_in_its_order() {
        let send = [
            SendHalf::Open,
            SendHalf::FinQueued { ahead: 1 },
            SendHalf::FinSent,
            SendHalf::FinAcked,
            SendHalf::Reset,
            SendHalf::Gone,
        ];
        assert_eq!(send.map(SendHalf::word), SendHalf::WORDS);
        let receive = [
            RecvHalf::Open,
            RecvHalf::FinReceived { shut: true },
            RecvHalf::EofRead,
            RecvHalf::Shut,
            RecvHalf::Reset,
            RecvHalf::Gone,
        ];
        assert_eq!(receive.map(RecvHalf::word), RecvHalf::WORDS);
    }

    #[test]
    fn only_an_open_half_takes_bytes_and_our_own_shutdown_is_no_fin() {
        assert!(!SendHalf::Open.closed() && SendHalf::FinQueued { ahead: 9 }.closed());
        assert!(RecvHalf::FinReceived { shut: true }.fin_seen() && RecvHalf::EofRead.fin_seen());
        assert!(!RecvHalf::Shut.fin_seen() && !RecvHalf::Reset.fin_seen());
    }
}
