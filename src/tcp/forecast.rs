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
    /// The FIN is already queued or sent: no new segment.
    NoSegment,
    /// Nothing crosses the wire, the kernel only notes that we read no more.
    Local,
    /// A RST; `unread` bytes that arrived are lost here, `unacked` bytes may be lost to the peer.
    Rst { unread: u64, unacked: u64, why: RstCause },
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
        _ if s.linger == Some(0) => rst(s, RstCause::LingerZero),
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
