//! Who stands left, who stands right, and what is known of the four halves. No drawing.

use std::net::SocketAddr;

use crate::journal::{Endpoint, EndpointId, Micros, World};
use crate::tcp::{How, RecvHalf, SendHalf, State};
use crate::ui::panes::sides::stands_left;

/// One end of the picture.
#[derive(Clone, Copy)]
pub(super) enum End<'a> {
    Seen(&'a Endpoint),
    /// The peer of a visible end, known by its address alone.
    Unseen {
        address: Option<SocketAddr>,
        witness: &'a Endpoint,
    },
}

/// Both ends, each at its place.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub left: End<'a>,
    pub right: End<'a>,
    /// The selected end stands at the left.
    pub selected_left: bool,
}

/// How a half is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known<H> {
    Said(H),
    /// It follows from what the other end's kernel said.
    Follows(H),
    NotSeen,
}

impl<H: Copy> Known<H> {
    pub fn half(self) -> Option<H> {
        match self {
            Known::Said(half) | Known::Follows(half) => Some(half),
            Known::NotSeen => None,
        }
    }
}

/// One mouth of a pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mouth<H> {
    pub half: Known<H>,
    /// Bytes that stand at this mouth: not yet acknowledged at the sender, not yet read at the receiver.
    pub queued: u64,
    /// The connection is not established yet.
    pub opening: bool,
    pub how: Option<How>,
    pub since: Option<Micros>,
}

/// One direction of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pipe {
    pub from: Mouth<SendHalf>,
    pub to: Mouth<RecvHalf>,
}

impl<'a> Scene<'a> {
    pub fn of(world: &'a World, this: EndpointId) -> Option<Scene<'a>> {
        let e = world.get(this)?;
        let here = End::Seen(e);
        let other = world.facing(this);
        let there = match other {
            Some(other) => End::Seen(other),
            None => End::Unseen {
                address: e.peer,
                witness: e,
            },
        };
        let selected_left = stands_left(e, other);
        let (left, right) = if selected_left {
            (here, there)
        } else {
            (there, here)
        };
        Some(Scene {
            left,
            right,
            selected_left,
        })
    }

    pub fn rightward(&self) -> Pipe {
        Pipe {
            from: self.left.sender(),
            to: self.right.receiver(),
        }
    }

    pub fn leftward(&self) -> Pipe {
        Pipe {
            from: self.right.sender(),
            to: self.left.receiver(),
        }
    }
}

impl<'a> End<'a> {
    pub fn endpoint(self) -> Option<&'a Endpoint> {
        match self {
            End::Seen(e) => Some(e),
            End::Unseen { .. } => None,
        }
    }

    fn sender(self) -> Mouth<SendHalf> {
        match self {
            End::Seen(e) => Mouth {
                half: Known::Said(e.send),
                queued: e.unacked().unwrap_or(0) + e.unsent(),
                opening: opening(e),
                how: e.ending.map(|ending| ending.how),
                since: Some(e.send_since),
            },
            // Its FIN is here, so it was sent; whether our ACK arrived is not known.
            End::Unseen { witness, .. } if witness.receive.fin_seen() => {
                unseen(Known::Follows(SendHalf::FinSent), witness)
            }
            End::Unseen { witness, .. } => unseen(Known::NotSeen, witness),
        }
    }

    fn receiver(self) -> Mouth<RecvHalf> {
        match self {
            End::Seen(e) => Mouth {
                half: Known::Said(e.receive),
                queued: e.unread().unwrap_or(0),
                opening: opening(e),
                how: e.ending.map(|ending| ending.how),
                since: Some(e.receive_since),
            },
            // It acknowledged our FIN, so its kernel has it; whether its program read so far is not known.
            End::Unseen { witness, .. } if witness.send == SendHalf::FinAcked => unseen(
                Known::Follows(RecvHalf::FinReceived { shut: false }),
                witness,
            ),
            End::Unseen { witness, .. } => unseen(Known::NotSeen, witness),
        }
    }
}

fn unseen<H>(half: Known<H>, witness: &Endpoint) -> Mouth<H> {
    Mouth {
        half,
        queued: 0,
        opening: opening(witness),
        how: None,
        since: None,
    }
}

/// Before ESTABLISHED: a socket that does nothing yet, or one whose handshake is under way.
pub(super) fn opening(e: &Endpoint) -> bool {
    match e.state {
        State::SynSent | State::SynReceived => true,
        State::Closed => !e.gone && e.ending.is_none(),
        State::Listen
        | State::Established
        | State::FinWait1
        | State::FinWait2
        | State::CloseWait
        | State::Closing
        | State::LastAck
        | State::TimeWait => false,
    }
}
