//! One reading of the kernel about one socket, and what may be concluded from it alone.
//!
//! The fields are what Linux says, in its own units; the methods turn them into application bytes.
//! Sources: `struct tcp_info` (uapi/linux/tcp.h), `struct inet_diag_msg` (uapi/linux/inet_diag.h), tcp(7).

use super::{SendHalf, State};

/// What the kernel said at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub state: State,
    /// False: read from the kernel's tables by address (our descriptor is closed, or was never ours).
    pub by_descriptor: bool,
    /// SIOCINQ: bytes in the receive queue, the FIN never counted; stops at the urgent mark.
    pub inq: Option<u32>,
    /// SIOCOUTQ: bytes from the first unacknowledged one, plus 1 while our FIN (or SYN) is not acknowledged.
    /// Stale once the state is CLOSED.
    pub outq: Option<u32>,
    /// inet_diag `idiag_rqueue`: as `inq`, plus 1 for an unread FIN; on a listener the connections not yet accepted.
    pub rqueue: Option<u32>,
    /// inet_diag `idiag_wqueue`: as `outq`; on a listener the length of the backlog.
    pub wqueue: Option<u32>,
    /// INET_DIAG_SHUTDOWN: makes SHUT_RD visible.
    pub shutdown: Option<ShutdownFlags>,
    pub timer: Option<Timer>,
    /// Poll flags of the last edge, where we hold the descriptor.
    pub edge: Edge,
    /// From TCP_INFO; TIME-WAIT and SYN-RECEIVED carry none.
    pub counters: Option<Counters>,
}

/// INET_DIAG_SHUTDOWN (attribute 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShutdownFlags {
    /// RCV_SHUTDOWN: our SHUT_RD, or the peer's FIN.
    pub receive: bool,
    /// SEND_SHUTDOWN.
    pub send: bool,
}

/// What the socket's timer waits for (`idiag_timer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// 1: retransmission, early retransmit or tail-loss probe.
    Retransmit,
    /// 2: keepalive, or an orphan in FIN-WAIT-2 that waits for more than TCP_TIMEWAIT_LEN.
    Keepalive,
    /// 3: TIME-WAIT, or an orphan in FIN-WAIT-2.
    TimeWait,
    /// 4: zero-window probe.
    Persist,
}

impl TimerKind {
    pub const fn word(self) -> &'static str {
        match self {
            TimerKind::Retransmit => "retransmit",
            TimerKind::Keepalive => "keepalive",
            TimerKind::TimeWait => "time-wait",
            TimerKind::Persist => "persist",
        }
    }
}

/// A running timer: milliseconds left when it was read, and how often it has fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    pub kind: TimerKind,
    /// `idiag_expires`, milliseconds.
    pub expires_ms: u32,
    /// `idiag_retrans`: retransmissions or probes so far.
    pub retries: u8,
}

/// Poll flags (poll(2)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    pub readable: bool,
    pub writable: bool,
    /// POLLRDHUP: the peer's FIN, or our SHUT_RD.
    pub read_hup: bool,
    /// POLLHUP: both directions are shut down.
    pub hup: bool,
    /// POLLERR: an errno is pending; it disappears when one call consumes it.
    pub error: bool,
    /// POLLPRI: urgent data.
    pub urgent: bool,
}

/// The part of `struct tcp_info` that finspect uses. Bytes unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// tcpi_bytes_acked: +1 for the SYN of an active opener, +1 for our FIN once acknowledged.
    pub bytes_acked: u64,
    /// tcpi_bytes_received: +1 for the peer's FIN.
    pub bytes_received: u64,
    /// tcpi_bytes_sent: payload, retransmissions counted again.
    pub bytes_sent: u64,
    /// tcpi_bytes_retrans.
    pub bytes_retrans: u64,
    /// tcpi_notsent_bytes: +1 while our FIN is queued; stale once CLOSED.
    pub notsent: u32,
    /// tcpi_unacked, in packets.
    pub unacked: u32,
    /// tcpi_retransmits: consecutive timeouts now.
    pub retransmits: u8,
    /// tcpi_probes: unanswered zero-window or keepalive probes.
    pub probes: u8,
    /// tcpi_backoff.
    pub backoff: u8,
    /// tcpi_total_retrans, in packets.
    pub total_retrans: u32,
    /// tcpi_rto, microseconds.
    pub rto_us: u32,
    /// tcpi_rtt, microseconds.
    pub rtt_us: u32,
    /// tcpi_snd_cwnd, in packets.
    pub cwnd: u32,
    /// tcpi_snd_mss.
    pub mss: u32,
    /// tcpi_snd_wnd: the peer's advertised window; `None` on kernels before 5.4.
    pub snd_wnd: Option<u32>,
    /// tcpi_rcv_wnd: ours; `None` on kernels before 6.2.
    pub rcv_wnd: Option<u32>,
    /// tcpi_segs_out, tcpi_segs_in, in packets.
    pub segs_out: u32,
    pub segs_in: u32,
    /// tcpi_last_data_sent, milliseconds ago.
    pub last_data_sent_ms: u32,
    /// tcpi_last_data_recv, milliseconds ago.
    pub last_data_recv_ms: u32,
}

impl Sample {
    /// A reading of a state and nothing else.
    pub fn bare(state: State) -> Sample {
        Sample {
            state,
            by_descriptor: false,
            inq: None,
            outq: None,
            rqueue: None,
            wqueue: None,
            shutdown: None,
            timer: None,
            edge: Edge::default(),
            counters: None,
        }
    }

    /// Received bytes that the application has not read. The FIN is not counted.
    ///
    /// From inet_diag where it was asked, because SIOCINQ stops at the urgent mark; a FIN that stands unread
    /// counts 1 there, and SIOCINQ tells the two apart.
    pub fn unread(&self) -> Option<u64> {
        if self.state == State::Listen {
            return None;
        }
        match (self.rqueue, self.inq) {
            (Some(rq), _) if !self.state.fin_received() => Some(rq.into()),
            (Some(rq), Some(inq)) if rq <= inq.saturating_add(1) => Some(inq.into()),
            (Some(rq), _) => Some(rq.saturating_sub(1).into()),
            (None, inq) => inq.map(u64::from),
        }
    }

    /// Bytes in the kernel's send queue that were never sent. Our FIN is not counted. Nothing in CLOSED: stale there.
    pub fn unsent(&self) -> Option<u64> {
        let notsent = self.counters?.notsent;
        match self.state {
            State::Closed | State::Listen | State::TimeWait => Some(0),
            _ => Some(notsent.saturating_sub(u32::from(self.fin_queued())).into()),
        }
    }

    /// Bytes that were sent and not acknowledged. SYN and FIN are not counted. Nothing in CLOSED: stale there.
    pub fn unacked(&self) -> Option<u64> {
        match self.state {
            State::Closed | State::Listen | State::TimeWait | State::FinWait2 => return Some(0),
            _ => {}
        }
        let outq = self.outq.or(self.wqueue)?;
        let notsent = self.counters.map_or(0, |c| c.notsent);
        let sent = outq.saturating_sub(notsent);
        let control = u32::from(self.state == State::SynSent)
            + u32::from(self.state.fin_outstanding() && !self.fin_queued());
        Some(sent.saturating_sub(control).into())
    }

    /// Our FIN stands in the send queue and was never sent (FIN-WAIT-1 does not mean a FIN on the wire).
    pub fn fin_queued(&self) -> bool {
        self.state.fin_outstanding() && self.counters.is_some_and(|c| c.notsent >= 1)
    }

    /// Where our FIN is, as far as the state says. `None` where the state says nothing about it
    /// (before a close, or CLOSED, where only [`Sample::fin_acked_by_count`] knows).
    pub fn send_half(&self) -> Option<SendHalf> {
        match self.state {
            State::FinWait1 | State::Closing | State::LastAck => Some(if self.fin_queued() {
                SendHalf::FinQueued {
                    ahead: self.unsent().unwrap_or(0),
                }
            } else {
                SendHalf::FinSent
            }),
            State::FinWait2 | State::TimeWait => Some(SendHalf::FinAcked),
            _ => None,
        }
    }

    /// Whether the byte counters show that our FIN was acknowledged: one octet more acknowledged than payload sent.
    /// `opener`: this end sent the first SYN, whose acknowledgement is counted too.
    pub fn fin_acked_by_count(&self, opener: bool) -> Option<bool> {
        let c = self.counters?;
        let payload = c.bytes_sent.saturating_sub(c.bytes_retrans);
        Some(
            c.bytes_acked
                .checked_sub(payload.saturating_add(opener.into()))
                == Some(1),
        )
    }

    /// Payload bytes the peer acknowledged; the SYN of an opener and our FIN taken out.
    pub fn acked_payload(&self, opener: bool, fin_acked: bool) -> Option<u64> {
        let acked = self.counters?.bytes_acked;
        Some(acked.saturating_sub(u64::from(opener) + u64::from(fin_acked)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(state: State, outq: u32, notsent: u32) -> Sample {
        Sample {
            outq: Some(outq),
            counters: Some(Counters {
                notsent,
                ..Counters::default()
            }),
            ..Sample::bare(state)
        }
    }

    fn counted(bytes_acked: u64, bytes_sent: u64, bytes_retrans: u64) -> Sample {
        let counters = Counters {
            bytes_acked,
            bytes_sent,
            bytes_retrans,
            ..Counters::default()
        };
        Sample {
            counters: Some(counters),
            ..Sample::bare(State::Closed)
        }
    }

    /// The measured life of a FIN behind a zero window.
    #[test]
    fn where_the_fin_is() {
        let queued = read(State::FinWait1, 61441, 61441);
        assert_eq!(
            queued.send_half(),
            Some(SendHalf::FinQueued { ahead: 61440 })
        );
        assert_eq!((queued.unsent(), queued.unacked()), (Some(61440), Some(0)));
        let sent = read(State::FinWait1, 4097, 0);
        assert_eq!(sent.send_half(), Some(SendHalf::FinSent));
        assert_eq!((sent.unsent(), sent.unacked()), (Some(0), Some(4096)));
        let acked = read(State::FinWait2, 0, 0);
        assert_eq!(acked.send_half(), Some(SendHalf::FinAcked));
        assert_eq!((acked.unsent(), acked.unacked()), (Some(0), Some(0)));
    }

    /// FIN-WAIT-1 behind loss: 100 bytes are out, the FIN is not.
    #[test]
    fn a_fin_behind_loss_is_queued() {
        let s = read(State::FinWait1, 101, 1);
        assert_eq!(s.send_half(), Some(SendHalf::FinQueued { ahead: 0 }));
        assert_eq!((s.unsent(), s.unacked()), (Some(0), Some(100)));
    }

    #[test]
    fn a_syn_is_no_byte_and_closed_queues_are_stale() {
        assert_eq!(read(State::SynSent, 1, 0).unacked(), Some(0));
        let closed = read(State::Closed, 65485, 65485);
        assert_eq!(
            (closed.unsent(), closed.unacked(), closed.send_half()),
            (Some(0), Some(0), None)
        );
        assert_eq!(
            Sample::bare(State::Established).unacked(),
            None,
            "nobody asked"
        );
    }

    #[test]
    fn an_unread_fin_is_no_unread_byte() {
        let queues = |state, rqueue, inq| {
            Sample {
                rqueue,
                inq,
                ..Sample::bare(state)
            }
            .unread()
        };
        assert_eq!(queues(State::CloseWait, Some(101), Some(100)), Some(100));
        assert_eq!(queues(State::CloseWait, Some(51), None), Some(50));
        assert_eq!(
            queues(State::CloseWait, Some(0), Some(0)),
            Some(0),
            "FIN read too"
        );
        assert_eq!(
            queues(State::Established, Some(7), Some(3)),
            Some(7),
            "SIOCINQ stops at the urgent mark"
        );
        assert_eq!(queues(State::Established, None, Some(3)), Some(3));
        assert_eq!(
            queues(State::Listen, Some(1), None),
            None,
            "there it counts connections"
        );
        assert_eq!(
            queues(State::CloseWait, Some(u32::MAX), Some(u32::MAX)),
            Some(u32::MAX.into())
        );
    }

    #[test]
    fn the_byte_counters_tell_whether_the_fin_was_acknowledged() {
        // Measured: 100 bytes and a FIN, by the end that sent the SYN.
        assert_eq!(counted(102, 100, 0).fin_acked_by_count(true), Some(true));
        assert_eq!(counted(101, 100, 0).fin_acked_by_count(true), Some(false));
        assert_eq!(counted(101, 100, 0).fin_acked_by_count(false), Some(true));
        // Measured: 73728 bytes, 4096 of them twice.
        assert_eq!(
            counted(73730, 77824, 4096).fin_acked_by_count(true),
            Some(true)
        );
        assert_eq!(
            counted(0, u64::MAX, 0).fin_acked_by_count(true),
            Some(false)
        );
        assert_eq!(Sample::bare(State::Closed).fin_acked_by_count(true), None);
    }

    #[test]
    fn syn_and_fin_are_no_payload() {
        assert_eq!(counted(102, 100, 0).acked_payload(true, true), Some(100));
        assert_eq!(counted(0, 0, 0).acked_payload(true, true), Some(0));
    }
}
