//! How halves move: only downwards, and every move goes through here. Which facts move them, the callers decide.
//!
//! ```text
//! send     open > fin-queued > fin-sent > fin-acked > gone > reset
//! receive  open > shut > fin-received > eof-read    > gone > reset
//! ```
//! `reset` stands below `gone`, because an errno may be told after the kernel has forgotten the socket.

use super::event::{HalfChange, Micros};
use super::evidence;
use super::world::{Endpoint, Role};
use crate::tcp::{Direction, How, RecvHalf, SendHalf};

const fn send_depth(half: SendHalf) -> u8 {
    match half {
        SendHalf::Open => 0,
        SendHalf::FinQueued { .. } => 1,
        SendHalf::FinSent => 2,
        SendHalf::FinAcked => 3,
        SendHalf::Gone => 4,
        SendHalf::Reset => 5,
    }
}

const fn receive_depth(half: RecvHalf) -> u8 {
    match half {
        RecvHalf::Open => 0,
        RecvHalf::Shut => 1,
        RecvHalf::FinReceived { .. } => 2,
        RecvHalf::EofRead => 3,
        RecvHalf::Gone => 4,
        RecvHalf::Reset => 5,
    }
}

/// Moves the sending half down to `to`; a half that is there or further down stays.
pub(super) fn lower_send(e: &mut Endpoint, to: SendHalf, at: Micros) {
    match (e.send, to) {
        (SendHalf::FinQueued { ahead }, SendHalf::FinQueued { ahead: now }) => {
            e.send = SendHalf::FinQueued {
                ahead: ahead.min(now),
            };
        }
        (from, to) if send_depth(to) > send_depth(from) => {
            e.send = to;
            e.send_since = at;
        }
        _ => {}
    }
}

/// Moves the receiving half down to `to`; a half that is there or further down stays.
pub(super) fn lower_receive(e: &mut Endpoint, to: RecvHalf, at: Micros) {
    if receive_depth(to) > receive_depth(e.receive) {
        e.receive = to;
        e.receive_since = at;
    }
}

/// Our SHUT_RD: on Linux it closes the mouth, not the pipe.
pub(super) fn shut(e: &mut Endpoint, at: Micros) {
    if let RecvHalf::FinReceived { shut } = &mut e.receive {
        *shut = true;
    }
    lower_receive(e, RecvHalf::Shut, at);
}

/// The peer's FIN is here.
pub(super) fn fin_received(e: &mut Endpoint, at: Micros) {
    e.evidence.peer_fin = true;
    let shut = e.receive == RecvHalf::Shut;
    lower_receive(e, RecvHalf::FinReceived { shut }, at);
}

/// recv returned 0.
pub(super) fn zero_read(e: &mut Endpoint, at: Micros) {
    match e.receive {
        // Our own SHUT_RD makes recv return 0; no FIN is known.
        RecvHalf::Shut => return,
        // The errno was taken before, and then recv returns 0; after a FIN it would do so anyway (tcp_recvmsg).
        RecvHalf::Reset | RecvHalf::Gone => {}
        RecvHalf::Open if e.evidence.closed.is_some() => e.evidence.zero_read = true,
        RecvHalf::Open => e.evidence.peer_fin = true,
        RecvHalf::FinReceived { .. } | RecvHalf::EofRead => {}
    }
    if e.evidence.peer_fin {
        e.eof = true;
        lower_receive(e, RecvHalf::EofRead, at);
    }
}

/// Draws the conclusions: the ending as it is known now, and what it does to the halves.
pub(super) fn settle(e: &mut Endpoint, at: Micros) {
    if e.role == Role::Listener {
        // It has no halves and no peer, so nothing ends between two sides.
        return;
    }
    e.ending = evidence::ending(e);
    if evidence::never_was(e) {
        lower_both(e, SendHalf::Gone, RecvHalf::Gone, at);
    } else if let Some(ending) = e.ending {
        match ending.how {
            How::Fin => {
                lower_send(e, SendHalf::FinAcked, at);
                fin_received(e, at);
                if e.evidence.zero_read {
                    zero_read(e, at);
                }
            }
            how if evidence::forgotten(e, how) => lower_both(e, SendHalf::Gone, RecvHalf::Gone, at),
            How::Rst | How::Timeout => lower_both(e, SendHalf::Reset, RecvHalf::Reset, at),
            How::Refused | How::Forgotten => lower_both(e, SendHalf::Gone, RecvHalf::Gone, at),
        }
    }
    if e.gone {
        lower_both(e, SendHalf::Gone, RecvHalf::Gone, at);
    }
}

fn lower_both(e: &mut Endpoint, send: SendHalf, receive: RecvHalf, at: Micros) {
    lower_send(e, send, at);
    lower_receive(e, receive, at);
}

/// The moves between two looks at an endpoint, as the `half` lane tells them: a move is a change of word.
pub(super) fn moves(before: (SendHalf, RecvHalf), e: &Endpoint) -> [Option<HalfChange>; 2] {
    let (send, receive) = before;
    let sent = (send.word() != e.send.word()).then(|| HalfChange {
        half: Direction::Send,
        from: send.word(),
        to: e.send.word(),
        ahead: match e.send {
            SendHalf::FinQueued { ahead } => Some(ahead),
            _ => None,
        },
        shut: false,
    });
    let received = (receive.word() != e.receive.word()).then(|| HalfChange {
        half: Direction::Receive,
        from: receive.word(),
        to: e.receive.word(),
        ahead: None,
        shut: e.receive == RecvHalf::FinReceived { shut: true },
    });
    [sent, received]
}
