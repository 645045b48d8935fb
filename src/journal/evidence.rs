//! What the fold knows about how a connection ended, and the verdict that follows from it.
//!
//! Everything here is a set of facts that only grows, and the verdict is a function of the set: so an errno that is
//! told before the CLOSED reading and one that is told after it lead to the same end. It moves no half; `fold` does.

use super::event::{Hold, Micros, Source};
use super::world::{Endpoint, Role};
use crate::tcp::{Closer, Ending, Errno, How, Sample, State};

/// Facts about one connection that bear on its ending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// SYNs were exchanged: a reading, an accept, or a call that only works then.
    pub synchronised: bool,
    /// A connect or accept that succeeded was told: the next connect that succeeds opens another connection.
    pub opened_by_call: bool,
    /// Born under our eyes, so the byte counters can be compared with what the calls said.
    pub whole_life: bool,
    /// When both addresses became known.
    pub paired_since: Option<Micros>,
    /// The last state that was not CLOSED.
    pub before_closed: Option<State>,
    /// The kernel said CLOSED after another state, or that it has no such socket: when first.
    pub closed: Option<Micros>,
    /// Our descriptor was open when the kernel said so.
    pub closed_while_held: bool,
    /// TIME-WAIT was told, and how.
    pub time_wait: Option<Source>,
    /// Whose FIN came first.
    pub first_fin: Option<Closer>,
    /// Our FIN was given to the kernel: a state says so.
    pub fin_given: bool,
    /// The peer's FIN has arrived here.
    pub peer_fin: bool,
    /// The byte counters of a CLOSED reading: was our FIN acknowledged?
    pub fin_acked: Option<bool>,
    /// POLLERR in a CLOSED reading: an errno that nobody has taken yet.
    pub pending_error: bool,
    /// A timer had fired without an answer at the last reading (or in the CLOSED one).
    pub retrying: bool,
    /// When the timer of the last reading would have fired.
    pub timer_due: Option<Micros>,
    pub errnos: Errnos,
    /// shutdown(SHUT_WR) or shutdown(SHUT_RD) succeeded on a descriptor of this socket.
    pub shut_send: bool,
    pub shut_receive: bool,
    /// close() or connect(AF_UNSPEC) here where Linux answers with a RST, and no other state was told since.
    pub own_abort: bool,
    /// connect(AF_UNSPEC) set the kernel's counters back.
    pub disconnected: bool,
    /// The attempt to connect was given up here.
    pub gave_up: bool,
    /// The lab made its host start anew while the connection was not over: whatever the kernel says from then on is no
    /// segment's doing.
    pub erased: bool,
    /// recv returned 0 in CLOSED, where a FIN and a taken errno look the same.
    pub zero_read: bool,
    /// The kernel's queue of unsent and unacknowledged bytes at the last reading before CLOSED.
    pub queued: u64,
    /// `bytes_acked` of that reading.
    pub acked: u64,
    /// Application bytes that the peer never acknowledged, by the counters of a CLOSED reading.
    pub unacknowledged: Option<u64>,
    /// Unread bytes at the last reading, and how many recv had returned by then.
    unread: Option<(u64, u64)>,
    /// Unread bytes when our descriptor closed: lost.
    pub unread_lost: Option<u64>,
}

/// The errnos that calls returned, as far as each proves an ending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Errnos {
    refused: bool,
    timed_out: bool,
    reset: bool,
    aborted: bool,
    /// EPIPE while our sending half was open as far as we know.
    broken_pipe: bool,
    /// The timer's errno when an ICMP error had come before (`sk_err_soft` in tcp_write_err).
    unreachable: bool,
    /// connect failed, with whatever errno.
    connect: bool,
}

impl Errnos {
    fn or(self, other: Errnos) -> Errnos {
        Errnos {
            refused: self.refused || other.refused,
            timed_out: self.timed_out || other.timed_out,
            reset: self.reset || other.reset,
            aborted: self.aborted || other.aborted,
            broken_pipe: self.broken_pipe || other.broken_pipe,
            unreachable: self.unreachable || other.unreachable,
            connect: self.connect || other.connect,
        }
    }

    /// An errno of send or recv.
    pub fn transfer(&mut self, errno: Errno, send_closed: bool) {
        match errno {
            Errno::EPIPE => self.broken_pipe |= !send_closed,
            other => self.connection(other),
        }
    }

    /// An errno of connect.
    pub fn connect(&mut self, errno: Errno) {
        match errno {
            // Not yet decided, or not about this attempt.
            Errno::EINPROGRESS | Errno::EALREADY | Errno::EINTR | Errno::EISCONN | Errno::EBADF => {
            }
            other => {
                self.connect = true;
                self.connection(other);
            }
        }
    }

    fn connection(&mut self, errno: Errno) {
        match errno {
            Errno::ECONNREFUSED => self.refused = true,
            Errno::ETIMEDOUT => self.timed_out = true,
            Errno::ECONNRESET => self.reset = true,
            Errno::ECONNABORTED => self.aborted = true,
            Errno::EHOSTUNREACH | Errno::ENETUNREACH => self.unreachable = true,
            _ => {}
        }
    }
}

/// sock_diag tells timers in steps of a jiffy, and they are read a little before they are told.
const TIMER_SLACK: u64 = 20_000;

impl Evidence {
    /// The same evidence for a second descriptor of the socket, which has received nothing itself.
    pub fn for_twin(&self, unread: Option<u64>) -> Evidence {
        Evidence {
            paired_since: None,
            unread: unread.map(|unread| (unread, 0)),
            ..self.clone()
        }
    }

    /// Takes over what a call on another descriptor told about the socket. True: something was new.
    pub fn learn(&mut self, other: &Evidence) -> bool {
        let mut now = self.clone();
        now.errnos = now.errnos.or(other.errnos);
        now.synchronised |= other.synchronised;
        now.shut_send |= other.shut_send;
        now.shut_receive |= other.shut_receive;
        now.own_abort |= other.own_abort;
        now.disconnected |= other.disconnected;
        now.gave_up |= other.gave_up;
        now.unread_lost = now.unread_lost.or(other.unread_lost);
        let news = now != *self;
        *self = now;
        news
    }

    /// Unread bytes now that recv has returned `received` in all.
    pub fn unread_after(&self, received: u64) -> Option<u64> {
        let (unread, at) = self.unread?;
        Some(unread.saturating_sub(received.saturating_sub(at)))
    }

    /// What a reading says about the queues and the timer.
    pub fn read(&mut self, sample: &Sample, at: Micros, received: u64) {
        if let Some(unread) = sample.unread() {
            self.unread = Some((unread, received));
        }
        if matches!(sample.state, State::Closed | State::TimeWait) {
            self.retrying |= sample.state == State::Closed && retrying(sample);
            return;
        }
        self.retrying = retrying(sample);
        self.timer_due = sample
            .timer
            .map(|t| Micros(at.0.saturating_add(u64::from(t.expires_ms) * 1000)));
        self.queued = sample.unsent().unwrap_or(0) + sample.unacked().unwrap_or(0);
        self.acked = sample.counters.map_or(self.acked, |c| c.bytes_acked);
    }

    /// A timer may have ended the connection: it had fired in vain, and it was due again. What ends earlier than the
    /// timer was ended by a segment.
    fn timer_gave_up(&self) -> bool {
        self.retrying && !self.ended_before_timer()
    }

    fn ended_before_timer(&self) -> bool {
        match (self.closed, self.timer_due) {
            (Some(ended), Some(due)) => ended.0.saturating_add(TIMER_SLACK) < due.0,
            _ => false,
        }
    }
}

fn retrying(sample: &Sample) -> bool {
    sample.timer.is_some_and(|t| t.retries > 0)
        || sample
            .counters
            .is_some_and(|c| c.retransmits > 0 || c.probes > 0 || c.backoff > 0)
}

/// How the connection ended, and whether that is inferred. `None`: it is not over, or nothing tells yet.
///
/// A host that started anew has the first word. Then, in order of weight: an errno of our own calls, TIME-WAIT, our own abort, a pending error, the byte counters, and,
/// once the kernel has no socket and nothing more can come, the state before.
fn verdict(e: &Endpoint) -> Option<(How, bool)> {
    let v = &e.evidence;
    let said = |how| Some((how, false));
    if v.erased {
        // SOCK_DESTROY leaves ECONNABORTED, which looks like a RST (tcp_abort).
        return v.closed.and(said(How::Forgotten));
    }
    if v.errnos.refused && !v.synchronised {
        return said(How::Refused);
    }
    if v.errnos.timed_out || v.errnos.unreachable && v.synchronised {
        return said(How::Timeout);
    }
    if v.synchronised && (v.errnos.reset || v.errnos.aborted || v.errnos.broken_pipe) {
        return said(How::Rst);
    }
    if let Some(source) = v.time_wait {
        return Some((How::Fin, source == Source::Inferred));
    }
    v.closed?;
    if v.own_abort {
        return Some((How::Rst, !v.pending_error));
    }
    if !v.synchronised {
        return None;
    }
    if v.pending_error {
        let how = if v.timer_gave_up() {
            How::Timeout
        } else {
            How::Rst
        };
        return Some((how, true));
    }
    if v.fin_acked == Some(true) && v.peer_fin {
        return said(How::Fin);
    }
    if v.before_closed == Some(State::LastAck) && v.fin_acked.is_none() && !v.timer_gave_up() {
        // The only orderly way out of LAST-ACK is the acknowledgement of our FIN.
        return Some((How::Fin, true));
    }
    // A descriptor in CLOSED may still turn out to be in TIME-WAIT, which only the kernel's tables tell. Of a process's
    // descriptor they tell everything.
    let told_by_tables = e.gone || matches!(e.hold, Hold::Process { .. });
    told_by_tables.then(|| (last_guess(e), true))
}

/// The socket is gone and nothing said why: what its last state leaves as the likeliest way.
fn last_guess(e: &Endpoint) -> How {
    let v = &e.evidence;
    let given_up = if v.timer_gave_up() {
        How::Timeout
    } else {
        How::Rst
    };
    let by_closing = !v.closed_while_held || v.shut_send;
    match v.before_closed {
        Some(State::LastAck | State::Closing)
            if given_up == How::Rst && v.fin_acked != Some(false) =>
        {
            How::Fin
        }
        // An orphan ends by tcp_fin_timeout, or earlier by data that it answers with a RST (tcp(7)).
        Some(State::FinWait2) if v.peer_fin => How::Fin,
        Some(State::FinWait2) if !v.closed_while_held && !v.ended_before_timer() => How::Timeout,
        // LAST-ACK lasts microseconds where the peer answers at once.
        Some(State::CloseWait) if by_closing && given_up == How::Rst => How::Fin,
        Some(State::Established) if v.peer_fin && by_closing => How::Fin,
        _ => given_up,
    }
}

/// Which end closed first: the first FIN, else who sent the RST where that is known.
fn first(e: &Endpoint, how: How) -> Option<Closer> {
    let v = &e.evidence;
    match how {
        How::Refused | How::Forgotten => None,
        How::Fin | How::Timeout => v.first_fin,
        // SOCK_DESTROY: the RST leaves from this end (tcp_abort).
        How::Rst => v.first_fin.or(if v.own_abort || v.errnos.aborted {
            Some(Closer::This)
        } else if v.errnos.reset || v.errnos.broken_pipe || v.pending_error {
            Some(Closer::Peer)
        } else {
            None
        }),
    }
}

/// The ending of an endpoint, as far as it can be told now.
pub(super) fn ending(e: &Endpoint) -> Option<Ending> {
    let v = &e.evidence;
    let (how, inferred) = verdict(e)?;
    let in_kernel = match how {
        // Every byte before an acknowledged FIN was acknowledged too.
        How::Fin => 0,
        _ => v.unacknowledged.unwrap_or(v.queued),
    };
    Some(Ending {
        how,
        first: first(e, how),
        unread: v.unread_lost.or(v.unread_after(e.received)).unwrap_or(0),
        unsent: e
            .waiting
            .saturating_add(e.abandoned)
            .saturating_add(in_kernel),
        inferred,
    })
}

/// The connection is over without ever having been one: refused, timed out, given up, or failed otherwise.
pub(super) fn never_was(e: &Endpoint) -> bool {
    let v = &e.evidence;
    !v.synchronised
        && (v.errnos.refused
            || v.errnos.timed_out
            || v.closed.is_some() && (v.errnos.connect || v.gave_up))
}

/// The lab starts the host of this endpoint anew, or could not (`false`). What was over before stays what it was.
pub(super) fn erase(e: &mut Endpoint, anew: bool) {
    if !e.gone && e.ending.is_none() {
        e.evidence.erased = anew;
    }
}

/// An orphan whose FIN was acknowledged broke nothing when the kernel forgot it.
pub(super) fn forgotten(e: &Endpoint, how: How) -> bool {
    let v = &e.evidence;
    how == How::Timeout
        && !(v.errnos.timed_out || v.errnos.unreachable || v.pending_error)
        && v.before_closed == Some(State::FinWait2)
}

/// This end sent the first SYN, which the counters include.
pub(super) fn opener(e: &Endpoint) -> bool {
    e.role == Role::Client
}
