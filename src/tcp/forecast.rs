//! What a closing call would do now: a rule of Linux applied to the last reading. It never touches a socket.
//!
//! The rules are those of `tcp_close`, `tcp_shutdown` and `tcp_disconnect` (net/ipv4/tcp.c); each was measured.

use super::{RecvHalf, SendHalf, State};

/// What is known about an endpoint when the question is asked.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    pub state: State,
    pub send: SendHalf,
    pub receive: RecvHalf,
    /// Received bytes that the application has not read (as [`super::Sample::unread`]).
    pub unread: u64,
    /// Bytes in the kernel not yet acknowledged by the peer, sent or not.
    pub unacked: u64,
    /// Bytes that wait in finspect because the kernel's buffer is full.
    pub waiting: u64,
    /// SO_LINGER: `None` off; `Some(0)` aborts; `Some(n)` makes close wait n seconds.
    pub linger: Option<u32>,
    /// Other descriptors of the same socket stay open after this one is closed.
    pub shared: bool,
    /// Our descriptor is open.
    pub descriptor: bool,
}

/// What one call would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// A FIN goes out, behind `behind` bytes that are not yet acknowledged or sent.
    Fin { behind: u64 },
    /// No new segment: the FIN is already queued or sent, or nothing is there that could be reset.
    NoSegment,
    /// Nothing crosses the wire, the kernel only notes that we read no more.
    Local,
    /// A RST; `unread` bytes that arrived are lost here, `unacked` bytes may be lost to the peer.
    Rst {
        unread: u64,
        unacked: u64,
        why: RstCause,
    },
    /// The call fails with ENOTCONN.
    NotConnected,
    /// Only this descriptor closes; another one keeps the socket.
    DescriptorOnly,
    /// The listener closes; connections in its queue that nobody accepted are reset.
    StopsListening,
    /// The kernel keeps the connection for TIME-WAIT whatever we do.
    TimeWaitStays,
    /// The attempt to connect is given up without a segment.
    GivesUp,
    /// There is no descriptor any more.
    NothingToCall,
}

/// Why a RST goes out instead of a FIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RstCause {
    /// Unread data at close (RFC 1122, section 4.2.2.13).
    Unread,
    /// SO_LINGER with zero seconds.
    LingerZero,
}

/// The outlook of each closing verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub shutdown_send: Outlook,
    pub shutdown_receive: Outlook,
    pub shutdown_both: Outlook,
    pub close: Outlook,
    pub abort: Outlook,
}

impl Forecast {
    pub fn of(s: &Situation) -> Forecast {
        Forecast {
            shutdown_send: shutdown_send(s),
            shutdown_receive: shutdown(s, Outlook::Local),
            shutdown_both: shutdown(s, fin_or_none(s)),
            close: close(s),
            abort: abort(s),
        }
    }
}

fn fin_or_none(s: &Situation) -> Outlook {
    if s.send.closed() {
        Outlook::NoSegment
    } else {
        Outlook::Fin { behind: s.unacked }
    }
}

fn shutdown(s: &Situation, connected: Outlook) -> Outlook {
    match s.state {
        _ if !s.descriptor => Outlook::NothingToCall,
        State::Closed | State::TimeWait => Outlook::NotConnected,
        State::SynSent => Outlook::GivesUp,
        State::Listen => Outlook::StopsListening,
        _ => connected,
    }
}

fn shutdown_send(s: &Situation) -> Outlook {
    match s.state {
        // inet_shutdown: SHUT_WR on a listener returns 0 and does nothing.
        State::Listen if s.descriptor => Outlook::Local,
        _ => shutdown(s, fin_or_none(s)),
    }
}

fn close(s: &Situation) -> Outlook {
    if !s.descriptor {
        return Outlook::NothingToCall;
    }
    if s.shared {
        return Outlook::DescriptorOnly;
    }
    match s.state {
        State::Listen => Outlook::StopsListening,
        State::SynSent => Outlook::GivesUp,
        State::TimeWait => Outlook::TimeWaitStays,
        State::Closed => Outlook::NoSegment,
        _ if s.unread > 0 => rst(s, RstCause::Unread),
        _ if s.linger == Some(0) => linger_zero(s),
        _ => fin_or_none(s),
    }
}

fn abort(s: &Situation) -> Outlook {
    match s.state {
        _ if !s.descriptor => Outlook::NothingToCall,
        _ if s.shared => Outlook::DescriptorOnly,
        State::Listen => Outlook::StopsListening,
        State::SynSent => Outlook::GivesUp,
        State::TimeWait => Outlook::TimeWaitStays,
        State::Closed => Outlook::NoSegment,
        State::Closing | State::LastAck if s.unread > 0 => rst(s, RstCause::Unread),
        _ => linger_zero(s),
    }
}

/// `tcp_need_reset`, and the check behind it in `tcp_disconnect`: once both FINs are on their way the socket is
/// dropped without a word.
fn linger_zero(s: &Situation) -> Outlook {
    match (s.state, s.send) {
        (State::Closing | State::LastAck, SendHalf::FinQueued { .. }) => {
            rst(s, RstCause::LingerZero)
        }
        (State::Closing | State::LastAck, _) => Outlook::NoSegment,
        _ => rst(s, RstCause::LingerZero),
    }
}

fn rst(s: &Situation, why: RstCause) -> Outlook {
    Outlook::Rst {
        unread: s.unread,
        unacked: s.unacked,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_state(state: State, send: SendHalf) -> Situation {
        Situation {
            state,
            send,
            receive: RecvHalf::Open,
            unread: 0,
            unacked: 0,
            waiting: 0,
            linger: None,
            shared: false,
            descriptor: true,
        }
    }

    fn all(f: &Forecast) -> [Outlook; 5] {
        [
            f.shutdown_send,
            f.shutdown_receive,
            f.shutdown_both,
            f.close,
            f.abort,
        ]
    }

    const RESET: Outlook = Outlook::Rst {
        unread: 0,
        unacked: 0,
        why: RstCause::LingerZero,
    };
    const FIN: Outlook = Outlook::Fin { behind: 0 };

    #[test]
    fn each_verb_in_each_state() {
        use Outlook::*;
        use SendHalf::{FinAcked, FinSent, Open};
        let cases = [
            (
                State::Closed,
                Open,
                [
                    NotConnected,
                    NotConnected,
                    NotConnected,
                    NoSegment,
                    NoSegment,
                ],
            ),
            (
                State::Listen,
                Open,
                [
                    Local,
                    StopsListening,
                    StopsListening,
                    StopsListening,
                    StopsListening,
                ],
            ),
            (State::SynSent, Open, [GivesUp; 5]),
            (State::SynReceived, Open, [FIN, Local, FIN, FIN, RESET]),
            (State::Established, Open, [FIN, Local, FIN, FIN, RESET]),
            (State::CloseWait, Open, [FIN, Local, FIN, FIN, RESET]),
            (
                State::FinWait1,
                FinSent,
                [NoSegment, Local, NoSegment, NoSegment, RESET],
            ),
            (
                State::FinWait2,
                FinAcked,
                [NoSegment, Local, NoSegment, NoSegment, RESET],
            ),
            (
                State::Closing,
                FinSent,
                [NoSegment, Local, NoSegment, NoSegment, NoSegment],
            ),
            (
                State::LastAck,
                FinSent,
                [NoSegment, Local, NoSegment, NoSegment, NoSegment],
            ),
            (
                State::TimeWait,
                FinAcked,
                [
                    NotConnected,
                    NotConnected,
                    NotConnected,
                    TimeWaitStays,
                    TimeWaitStays,
                ],
            ),
        ];
        for (state, send, outlooks) in cases {
            assert_eq!(
                all(&Forecast::of(&in_state(state, send))),
                outlooks,
                "{state}"
            );
            let closed = Situation {
                descriptor: false,
                ..in_state(state, send)
            };
            assert_eq!(
                all(&Forecast::of(&closed)),
                [NothingToCall; 5],
                "{state} without a descriptor"
            );
        }
    }

    #[test]
    fn unread_data_turns_close_into_a_reset_and_shutdown_not() {
        for (state, send) in [
            (State::Established, SendHalf::Open),
            (State::LastAck, SendHalf::FinSent),
        ] {
            let f = Forecast::of(&Situation {
                unread: 6,
                unacked: 4,
                ..in_state(state, send)
            });
            let rst = Outlook::Rst {
                unread: 6,
                unacked: 4,
                why: RstCause::Unread,
            };
            assert_eq!(f.close, rst, "{state}");
            assert!(!matches!(f.shutdown_both, Outlook::Rst { .. }));
        }
    }

    /// Measured: LAST-ACK held against a deaf peer, linger 0 and close: not one segment.
    #[test]
    fn linger_zero_resets_what_can_be_reset() {
        let lingering = |state, send| {
            Forecast::of(&Situation {
                linger: Some(0),
                ..in_state(state, send)
            })
            .close
        };
        assert_eq!(lingering(State::Established, SendHalf::Open), RESET);
        assert_eq!(lingering(State::FinWait2, SendHalf::FinAcked), RESET);
        assert_eq!(
            lingering(State::LastAck, SendHalf::FinSent),
            Outlook::NoSegment
        );
        assert_eq!(
            lingering(State::LastAck, SendHalf::FinQueued { ahead: 3 }),
            RESET
        );
        assert_eq!(
            lingering(State::TimeWait, SendHalf::FinAcked),
            Outlook::TimeWaitStays
        );
        let patient = Situation {
            linger: Some(2),
            ..in_state(State::Established, SendHalf::Open)
        };
        assert_eq!(Forecast::of(&patient).close, FIN);
    }

    #[test]
    fn a_fin_stands_behind_what_is_not_acknowledged() {
        let f = Forecast::of(&Situation {
            unacked: 40960,
            ..in_state(State::Established, SendHalf::Open)
        });
        assert_eq!(f.shutdown_send, Outlook::Fin { behind: 40960 });
    }

    #[test]
    fn one_descriptor_of_several_closes_alone() {
        let shared = Situation {
            shared: true,
            unread: 9,
            ..in_state(State::Established, SendHalf::Open)
        };
        let f = Forecast::of(&shared);
        assert_eq!(
            (f.close, f.abort),
            (Outlook::DescriptorOnly, Outlook::DescriptorOnly)
        );
        assert_eq!(
            f.shutdown_send, FIN,
            "shutdown acts on the socket, whoever else holds it"
        );
    }
}
