//! Why a segment was sent, as far as sequence numbers tell: a typed answer, worded elsewhere.

use super::Seq;

/// What a segment is about. Sequence numbers are relative, as they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Explanation {
    /// Opens a connection.
    Syn,
    /// Opens the other direction, and acknowledges the SYN.
    SynAck,
    /// Acknowledges the SYN,ACK: the third segment of the handshake.
    AckOfSyn,
    /// New payload. `acks_fin`: it is also the first to acknowledge the peer's FIN.
    Data { acks_fin: bool },
    /// Our FIN, for the first time. `acks_fin`: it is also the first to acknowledge the peer's (three-segment close).
    Fin { acks_fin: bool },
    /// Acknowledges the peer's FIN; `again`: a repeated FIN drew it.
    AckOfFin { again: bool },
    /// Acknowledges the segment with this number, the last one that had arrived.
    AnswersSeq(Seq),
    /// The octets at `of` for the `n`th time again.
    Retransmission { n: u32, of: Seq },
    /// The octet before the window, while the peer's window is zero: draws an ACK that tells it (RFC 9293, 3.8.6.1).
    ZeroWindowProbe,
    /// The octet before the window on an idle connection: is the peer still there (RFC 9293, 3.8.4)?
    KeepaliveProbe,
    /// Answers one of the two probes.
    AnswersProbe,
    /// The window has opened; nothing new is acknowledged.
    WindowUpdate,
    /// Nothing new is acknowledged: there is a hole before what arrived, or it found no room.
    DuplicateAck,
    /// Answers a SYN, RST or ACK that does not fit (RFC 5961): states what is expected.
    ChallengeAck,
    /// Ends the connection at once. `answers`: the number of the segment that it answers, where one drew it.
    Reset { answers: Option<Seq> },
    /// An ACK that nothing seen explains.
    Ack,
}

impl Explanation {
    /// Its word in a recording, without its numbers.
    pub const fn word(self) -> &'static str {
        match self {
            Explanation::Syn => "syn",
            Explanation::SynAck => "syn-ack",
            Explanation::AckOfSyn => "ack-of-syn",
            Explanation::Data { .. } => "data",
            Explanation::Fin { .. } => "fin",
            Explanation::AckOfFin { .. } => "ack-of-fin",
            Explanation::AnswersSeq(_) => "answers",
            Explanation::Retransmission { .. } => "retransmission",
            Explanation::ZeroWindowProbe => "zero-window-probe",
            Explanation::KeepaliveProbe => "keepalive-probe",
            Explanation::AnswersProbe => "answers-probe",
            Explanation::WindowUpdate => "window-update",
            Explanation::DuplicateAck => "duplicate-ack",
            Explanation::ChallengeAck => "challenge-ack",
            Explanation::Reset { .. } => "reset",
            Explanation::Ack => "ack",
        }
    }
}
