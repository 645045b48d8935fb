//! `struct tcp_info` by offset. The kernel only ever appends to it (uapi/linux/tcp.h), so a shorter answer is an older
//! kernel and what it lacks is `None`; a longer one is a newer kernel and its tail is not looked at.
//! No C struct: libc's has three lengths depending on version and target.

use crate::tcp::{Counters, State};

/// Room for more than any kernel writes (280 bytes in 6.18).
pub const ROOM: usize = 512;

/// The last field that [`Counters`] cannot do without is `tcpi_bytes_retrans` (Linux 4.19).
const COUNTERS_END: usize = 208 + 8;

/// The part of TCP_INFO that finspect uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpInfo {
    pub state: State,
    /// `None` on a listener, where the kernel fills in nothing but the backlog, and before Linux 4.19.
    pub counters: Option<Counters>,
    /// On a listener: connections not yet accepted, and the length of the backlog. The kernel writes them to
    /// `tcpi_unacked` and `tcpi_sacked`, which count packets everywhere else (tcp_get_info).
    pub backlog: Option<(u32, u32)>,
}

impl TcpInfo {
    /// Reads what the kernel wrote. `None`: it holds no state that this program knows.
    pub fn parse(bytes: &[u8]) -> Option<TcpInfo> {
        let state = state(*bytes.first()?)?;
        let info = Fields(bytes);
        if state == State::Listen {
            let backlog = info.u32(24).zip(info.u32(28));
            return Some(TcpInfo {
                state,
                counters: None,
                backlog,
            });
        }
        Some(TcpInfo {
            state,
            counters: info.counters(),
            backlog: None,
        })
    }
}

/// The kernel's number of a state (include/net/tcp_states.h).
///
/// 12 is TCP_NEW_SYN_RECV, a request that has no full socket yet; 13 is TCP_BOUND_INACTIVE, which only inet_diag uses,
/// for a socket that is bound and no more.
pub fn state(number: u8) -> Option<State> {
    Some(match number {
        1 => State::Established,
        2 => State::SynSent,
        3 | 12 => State::SynReceived,
        4 => State::FinWait1,
        5 => State::FinWait2,
        6 => State::TimeWait,
        7 | 13 => State::Closed,
        8 => State::CloseWait,
        9 => State::LastAck,
        10 => State::Listen,
        11 => State::Closing,
        _ => return None,
    })
}

/// Fields by offset, in the machine's byte order. `None` past the end.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    fn u8(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_ne_bytes)
    }

    fn u64(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_ne_bytes)
    }

    fn counters(&self) -> Option<Counters> {
        if self.0.len() < COUNTERS_END {
            return None;
        }
        Some(Counters {
            retransmits: self.u8(2)?,
            probes: self.u8(3)?,
            backoff: self.u8(4)?,
            rto_us: self.u32(8)?,
            mss: self.u32(16)?,
            unacked: self.u32(24)?,
            last_data_sent_ms: self.u32(44)?,
            last_data_recv_ms: self.u32(52)?,
            rtt_us: self.u32(68)?,
            cwnd: self.u32(80)?,
            total_retrans: self.u32(100)?,
            bytes_acked: self.u64(120)?,
            bytes_received: self.u64(128)?,
            segs_out: self.u32(136)?,
            segs_in: self.u32(140)?,
            notsent: self.u32(144)?,
            bytes_sent: self.u64(200)?,
            bytes_retrans: self.u64(208)?,
            snd_wnd: self.u32(228),
            rcv_wnd: self.u32(232),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A struct in which every field is told apart by its offset.
    fn numbered(state: u8) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..70_u32)
            .flat_map(|word| (word * 4).to_ne_bytes())
            .collect();
        bytes[0] = state;
        bytes
    }

    fn u64_at(bytes: &[u8], at: usize) -> u64 {
        u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("8 bytes"))
    }

    #[test]
    fn every_field_is_read_from_its_offset() {
        let bytes = numbered(1);
        let info = TcpInfo::parse(&bytes).expect("ESTABLISHED");
        let c = info.counters.expect("280 bytes hold all");
        assert_eq!((info.state, info.backlog), (State::Established, None));
        let words = [
            c.rto_us,
            c.mss,
            c.unacked,
            c.last_data_sent_ms,
            c.last_data_recv_ms,
            c.rtt_us,
            c.cwnd,
        ];
        assert_eq!(words, [8, 16, 24, 44, 52, 68, 80]);
        assert_eq!(
            [c.total_retrans, c.segs_out, c.segs_in, c.notsent],
            [100, 136, 140, 144]
        );
        assert_eq!((c.snd_wnd, c.rcv_wnd), (Some(228), Some(232)));
        assert_eq!(
            [c.retransmits, c.probes, c.backoff],
            [bytes[2], bytes[3], bytes[4]]
        );
        let counts = [
            c.bytes_acked,
            c.bytes_received,
            c.bytes_sent,
            c.bytes_retrans,
        ];
        assert_eq!(counts, [120, 128, 200, 208].map(|at| u64_at(&bytes, at)));
    }

    #[test]
    fn an_older_kernel_answers_shorter() {
        let rows = [
            (1, false, None, None),
            (104, false, None, None),
            (215, false, None, None),
            (216, true, None, None),
            (231, true, None, None),
            (232, true, Some(228), None),
            (236, true, Some(228), Some(232)),
            (280, true, Some(228), Some(232)),
        ];
        for (len, counters, snd_wnd, rcv_wnd) in rows {
            let info = TcpInfo::parse(&numbered(4)[..len]).expect("the state is the first byte");
            assert_eq!(info.state, State::FinWait1);
            assert_eq!(info.counters.is_some(), counters, "{len} bytes");
            assert_eq!(
                info.counters.and_then(|c| c.snd_wnd),
                snd_wnd,
                "{len} bytes"
            );
            assert_eq!(
                info.counters.and_then(|c| c.rcv_wnd),
                rcv_wnd,
                "{len} bytes"
            );
        }
        assert_eq!(TcpInfo::parse(&[]), None);
    }

    #[test]
    fn a_listener_has_a_backlog_and_no_counters() {
        let info = TcpInfo::parse(&numbered(10)).expect("LISTEN");
        assert_eq!((info.counters, info.backlog), (None, Some((24, 28))));
    }

    #[test]
    fn every_number_of_a_state_and_no_other() {
        let mut seen: Vec<State> = (1..=11).filter_map(state).collect();
        seen.sort();
        assert_eq!(seen, State::ALL);
        assert_eq!(
            (state(12), state(13)),
            (Some(State::SynReceived), Some(State::Closed))
        );
        assert_eq!((state(0), state(14), state(255)), (None, None, None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..ROOM)) {
            let known = bytes.first().is_some_and(|number| (1..=13).contains(number));
            prop_assert_eq!(TcpInfo::parse(&bytes).is_some(), known);
        }
    }
}
