//! Where the states and their transitions stand on the picture: one table for both sizes, in the order of RFC 9293.
//!
//! Rows are levels: states stand on even ones, what only runs between them on odd ones. A column has one place on the
//! small picture and one on the large.

use super::grid::At;
use crate::tcp::{Cause, State};
use State::*;

/// How large the picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// One line for a state.
    Small,
    /// A box for a state.
    Large,
}

impl Size {
    pub const fn width(self) -> u16 {
        match self {
            Size::Small => 78,
            Size::Large => 90,
        }
    }

    pub const fn height(self) -> u16 {
        match self {
            Size::Small => 13,
            Size::Large => 27,
        }
    }

    /// The row of a level.
    const fn row(self, level: u16) -> u16 {
        match self {
            Size::Small => level,
            Size::Large => level / 2 * 4 + 1 + level % 2 * 2,
        }
    }

    const fn column(self, column: Column) -> u16 {
        match self {
            Size::Small => column.0,
            Size::Large => column.1,
        }
    }

    pub const fn at(self, (column, level): Corner) -> At {
        (self.column(column), self.row(level))
    }
}

/// A column on the small picture and on the large one.
#[derive(Clone, Copy)]
pub(super) struct Column(u16, u16);

pub(super) type Corner = (Column, u16);

const LEFT: Column = Column(11, 9);
const MIDDLE: Column = Column(38, 43);
const RIGHT: Column = Column(65, 77);
/// Ways that leave a state beside its middle, so that no two run into each other.
const LEFT_OUTER: Column = Column(8, 4);
const LEFT_INNER: Column = Column(14, 13);
const MIDDLE_LEFT: Column = Column(36, 40);
const MIDDLE_RIGHT: Column = Column(40, 46);
const RIGHT_INNER: Column = Column(62, 73);
const RIGHT_OUTER: Column = Column(67, 81);
/// Down past CLOSING.
const BYPASS: Column = Column(26, 26);

/// A state on the picture. CLOSED stands on it twice: where a connection begins and where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub state: State,
    pub ends: bool,
}

/// Every state with its place.
pub(super) const NODES: [(Node, Corner); 12] = [
    (node(Closed), (MIDDLE, 0)),
    (node(Listen), (MIDDLE, 2)),
    (node(SynReceived), (LEFT, 4)),
    (node(SynSent), (RIGHT, 4)),
    (node(Established), (MIDDLE, 6)),
    (node(FinWait1), (LEFT, 8)),
    (node(CloseWait), (RIGHT, 8)),
    (node(FinWait2), (LEFT, 10)),
    (node(Closing), (MIDDLE, 10)),
    (node(LastAck), (RIGHT, 10)),
    (node(TimeWait), (MIDDLE, 12)),
    (END, (RIGHT, 12)),
];

const END: Node = Node {
    state: Closed,
    ends: true,
};

const fn node(state: State) -> Node {
    Node { state, ends: false }
}

/// Where a label stands: its middle, its left or its right edge.
#[derive(Clone, Copy)]
pub(super) enum Label {
    Middle(Corner),
    After(Corner),
    Before(Corner),
}

/// A transition on the picture.
pub(super) struct Edge {
    pub from: Node,
    pub to: Node,
    pub cause: Cause,
    pub corners: &'static [Corner],
    pub label: Label,
}

const fn edge(
    from: Node,
    cause: Cause,
    to: Node,
    corners: &'static [Corner],
    label: Label,
) -> Edge {
    Edge {
        from,
        to,
        cause,
        corners,
        label,
    }
}

/// The transitions of figure 5, and the one of its note 2 (FIN and ACK in one segment).
pub(super) const EDGES: &[Edge] = &[
    edge(
        node(Closed),
        Cause::PassiveOpen,
        node(Listen),
        &[(MIDDLE_RIGHT, 0), (MIDDLE_RIGHT, 2)],
        Label::After((Column(42, 48), 1)),
    ),
    edge(
        node(Listen),
        Cause::Close,
        node(Closed),
        &[(MIDDLE_LEFT, 2), (MIDDLE_LEFT, 0)],
        Label::Before((Column(34, 38), 1)),
    ),
    edge(
        node(Closed),
        Cause::ActiveOpen,
        node(SynSent),
        &[(MIDDLE, 0), (RIGHT_OUTER, 0), (RIGHT_OUTER, 4)],
        Label::Middle((Column(55, 66), 0)),
    ),
    edge(
        node(Listen),
        Cause::ActiveOpen,
        node(SynSent),
        &[(MIDDLE, 2), (RIGHT_INNER, 2), (RIGHT_INNER, 4)],
        Label::Middle((Column(53, 62), 2)),
    ),
    edge(
        node(Listen),
        Cause::Syn,
        node(SynReceived),
        &[(MIDDLE, 2), (LEFT, 2), (LEFT, 4)],
        Label::Middle((Column(21, 21), 2)),
    ),
    edge(
        node(SynSent),
        Cause::Syn,
        node(SynReceived),
        &[(RIGHT, 4), (LEFT, 4)],
        Label::Middle((MIDDLE, 4)),
    ),
    edge(
        node(SynSent),
        Cause::SynAck,
        node(Established),
        &[(RIGHT, 4), (RIGHT, 6), (MIDDLE, 6)],
        Label::Middle((Column(56, 64), 6)),
    ),
    edge(
        node(SynReceived),
        Cause::AckOfSyn,
        node(Established),
        &[(LEFT_INNER, 4), (LEFT_INNER, 6), (MIDDLE, 6)],
        Label::Middle((Column(22, 24), 6)),
    ),
    edge(
        node(SynReceived),
        Cause::Close,
        node(FinWait1),
        &[(LEFT_OUTER, 4), (LEFT_OUTER, 8)],
        Label::Before((Column(6, 11), 6)),
    ),
    edge(
        node(Established),
        Cause::Close,
        node(FinWait1),
        &[(MIDDLE_LEFT, 6), (MIDDLE_LEFT, 7), (LEFT, 7), (LEFT, 8)],
        Label::Middle((Column(24, 25), 7)),
    ),
    edge(
        node(Established),
        Cause::Fin,
        node(CloseWait),
        &[(MIDDLE_RIGHT, 6), (MIDDLE_RIGHT, 7), (RIGHT, 7), (RIGHT, 8)],
        Label::Middle((Column(52, 62), 7)),
    ),
    edge(
        node(FinWait1),
        Cause::AckOfFin,
        node(FinWait2),
        &[(LEFT, 8), (LEFT, 10)],
        Label::After((Column(13, 11), 9)),
    ),
    edge(
        node(FinWait1),
        Cause::Fin,
        node(Closing),
        &[(LEFT, 8), (MIDDLE, 8), (MIDDLE, 10)],
        Label::Middle((Column(32, 34), 8)),
    ),
    edge(
        node(FinWait1),
        Cause::FinAndAckOfFin,
        node(TimeWait),
        &[(LEFT, 8), (BYPASS, 8), (BYPASS, 12), (MIDDLE, 12)],
        Label::Middle((BYPASS, 10)),
    ),
    edge(
        node(FinWait2),
        Cause::Fin,
        node(TimeWait),
        &[(LEFT, 10), (LEFT, 12), (MIDDLE, 12)],
        Label::Middle((Column(18, 17), 12)),
    ),
    edge(
        node(Closing),
        Cause::AckOfFin,
        node(TimeWait),
        &[(MIDDLE, 10), (MIDDLE, 12)],
        Label::After((Column(40, 45), 11)),
    ),
    edge(
        node(CloseWait),
        Cause::Close,
        node(LastAck),
        &[(RIGHT, 8), (RIGHT, 10)],
        Label::After((Column(67, 79), 9)),
    ),
    edge(
        node(LastAck),
        Cause::AckOfFin,
        END,
        &[(RIGHT, 10), (RIGHT, 12)],
        Label::After((Column(67, 79), 11)),
    ),
    edge(
        node(TimeWait),
        Cause::Timeout,
        END,
        &[(MIDDLE, 12), (RIGHT, 12)],
        Label::Middle((Column(52, 60), 12)),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::TRANSITIONS;

    #[test]
    fn every_line_of_the_picture_is_a_transition() {
        for e in EDGES {
            assert!(
                TRANSITIONS
                    .iter()
                    .any(|r| (r.from, r.cause, r.to) == (e.from.state, e.cause, e.to.state)),
                "{} to {}",
                e.from.state,
                e.to.state
            );
        }
    }

    /// Left out: RST and giving up, from everywhere to CLOSED; Linux's own birth of an accepted socket; a FIN that
    /// comes with the handshake's last ACK; close before there is a connection.
    #[test]
    fn every_orderly_transition_of_the_figure_is_on_the_picture() {
        let drawn = |r: &crate::tcp::Row| {
            EDGES
                .iter()
                .any(|e| (r.from, r.cause, r.to) == (e.from.state, e.cause, e.to.state))
        };
        let left_out: Vec<_> = TRANSITIONS
            .iter()
            .filter(|r| !drawn(r))
            .filter(|r| !matches!(r.cause, Cause::Reset | Cause::Timeout))
            .map(|r| (r.from, r.cause))
            .collect();
        assert_eq!(
            left_out,
            [
                (Closed, Cause::Syn),
                (SynSent, Cause::Close),
                (SynReceived, Cause::Fin)
            ]
        );
    }

    #[test]
    fn every_state_stands_once_and_closed_twice() {
        for state in State::ALL {
            let count = NODES.iter().filter(|(n, _)| n.state == state).count();
            assert_eq!(count, if state == Closed { 2 } else { 1 }, "{state}");
        }
    }
}
