//! How a connection ended: who closed first, by what, and which bytes were lost.

use std::fmt;

/// What ended the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// FINs in both directions, each acknowledged.
    Fin,
    /// A RST, sent or received.
    Rst,
    /// A timer gave up: no answer to data, FIN, SYN or keepalive, or an orphan in FIN-WAIT-2 expired.
    Timeout,
    /// A RST answered our SYN (ECONNREFUSED).
    Refused,
    /// No segment and no timer: its host started anew and has no memory of it.
    Forgotten,
}

impl How {
    pub const ALL: [How; 5] = [
        How::Fin,
        How::Rst,
        How::Timeout,
        How::Refused,
        How::Forgotten,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            How::Fin => "fin",
            How::Rst => "rst",
            How::Timeout => "timeout",
            How::Refused => "refused",
            How::Forgotten => "forgotten",
        }
    }
}

/// Which end closed its sending half first, seen from this endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closer {
    This,
    Peer,
    /// The FINs crossed: simultaneous close (RFC 9293, section 3.6, case 3).
    Both,
}

/// The end of a connection as one endpoint knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    pub how: How,
    pub first: Option<Closer>,
    /// Bytes that had arrived here and were never read by the application.
    pub unread: u64,
    /// Bytes given to send() here, or still waiting in finspect, that the peer never acknowledged.
    pub unsent: u64,
    /// It follows from readings before and after, no reading said it.
    pub inferred: bool,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
