//! The columns of the list: width, what goes first when the screen is narrow, and how each one sorts.

use std::sync::Arc;

use crate::journal::Endpoint;
use crate::locale::Screen;
use crate::tcp::State;

/// A column of the list, in order from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Name,
    Hold,
    Local,
    Peer,
    State,
    Send,
    Receive,
    Sent,
    Received,
    Unread,
    Unsent,
    Unacked,
    /// The running timer, or how it ended.
    Timer,
}

/// What a column sorts by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// In order of creation.
    None,
    Number(u64),
    Text(Arc<str>),
}

/// One column: its head, its least width, and its rank when room is short (0 stays longest).
struct Shape {
    word: &'static str,
    head: Screen,
    width: u16,
    rank: u8,
}

/// Two cells for the mark of the selected row.
pub const MARK: u16 = 2;

impl Column {
    pub const ALL: [Column; 13] = [
        Column::Name,
        Column::Hold,
        Column::Local,
        Column::Peer,
        Column::State,
        Column::Send,
        Column::Receive,
        Column::Sent,
        Column::Received,
        Column::Unread,
        Column::Unsent,
        Column::Unacked,
        Column::Timer,
    ];

    const fn shape(self) -> Shape {
        let (word, head, width, rank) = match self {
            Column::Name => ("name", Screen::ColumnName, 9, 0),
            // SYN-RECEIVED, and the mark of an inference before it.
            Column::State => ("state", Screen::ColumnState, 13, 1),
            // The shape, a space, "fin-queued".
            Column::Send => ("send", Screen::ColumnSend, 12, 2),
            Column::Receive => ("receive", Screen::ColumnReceive, 14, 3),
            Column::Sent => ("sent", Screen::ColumnSent, 9, 4),
            Column::Received => ("received", Screen::ColumnReceived, 9, 5),
            Column::Timer => ("timer", Screen::ColumnTimer, 16, 6),
            // 255.255.255.255:65535
            Column::Peer => ("peer", Screen::ColumnPeer, 21, 7),
            Column::Local => ("local", Screen::ColumnLocal, 21, 8),
            Column::Unread => ("unread", Screen::ColumnUnread, 8, 9),
            Column::Unsent => ("unsent", Screen::ColumnUnsent, 8, 10),
            Column::Unacked => ("unacked", Screen::ColumnUnacked, 8, 11),
            Column::Hold => ("hold", Screen::ColumnHold, 8, 12),
        };
        Shape {
            word,
            head,
            width,
            rank,
        }
    }

    /// The word in `sort ..`.
    pub const fn word(self) -> &'static str {
        self.shape().word
    }

    pub fn parse(word: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|c| c.word() == word)
    }

    pub const fn head(self) -> Screen {
        self.shape().head
    }

    /// Numbers stand at the right edge of their column.
    pub const fn numeric(self) -> bool {
        matches!(
            self,
            Column::Sent | Column::Received | Column::Unread | Column::Unsent | Column::Unacked
        )
    }

    /// What this column says about an endpoint, as something that can be put in order.
    pub fn sort_key(self, e: &Endpoint) -> SortKey {
        match self {
            Column::Name => SortKey::Text(natural(&e.name).into()),
            Column::Hold => SortKey::Text(e.hold.word().into()),
            Column::Local => SortKey::Text(address_key(e.local).into()),
            Column::Peer => SortKey::Text(address_key(e.peer).into()),
            Column::State => SortKey::Number(e.state as u64),
            Column::Send => SortKey::Text(e.send.word().into()),
            Column::Receive => SortKey::Text(e.receive.word().into()),
            Column::Sent => SortKey::Number(e.sent),
            Column::Received => SortKey::Number(e.received),
            Column::Unread => SortKey::Number(e.unread().unwrap_or(0)),
            Column::Unsent => SortKey::Number(e.unsent()),
            Column::Unacked => SortKey::Number(e.unacked().unwrap_or(0)),
            Column::Timer => SortKey::Number(timer_key(e)),
        }
    }
}

/// Running timers by the time left, then those without, then what has ended.
fn timer_key(e: &Endpoint) -> u64 {
    let ended = e.gone || e.ending.is_some() && e.state == State::Closed;
    match e.sample.as_ref().and_then(|(_, s)| s.timer) {
        _ if ended => u64::MAX,
        Some(timer) => timer.expires_ms.into(),
        None => u64::MAX - 1,
    }
}

/// `conn10` after `conn9`: numbers in a text compare as numbers.
fn natural(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 10);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (head, tail) = rest.split_at(at);
        let end = tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len());
        out.push_str(head);
        out.push_str(&format!("{:0>10}", &tail[..end]));
        rest = &tail[end..];
    }
    out + rest
}

/// IPv4 before IPv6, by address, then by port.
fn address_key(address: Option<std::net::SocketAddr>) -> String {
    match address {
        None => String::new(),
        Some(std::net::SocketAddr::V4(a)) => format!("4{:08x}{:04x}", a.ip().to_bits(), a.port()),
        Some(std::net::SocketAddr::V6(a)) => format!("6{:032x}{:04x}", a.ip().to_bits(), a.port()),
    }
}

/// A column where it stands: offset from the left edge of the list, and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub column: Column,
    pub x: u16,
    pub width: u16,
}

/// The columns that find room, from left to right. The same width gives the same places, whatever the rows say.
pub fn place(width: u16) -> Vec<Placed> {
    let mut left = width.saturating_sub(MARK);
    let mut chosen: Vec<(Column, u16)> = Vec::new();
    for (column, wanted) in wishes(width) {
        let gap = u16::from(!chosen.is_empty());
        if left >= wanted + gap {
            left -= wanted + gap;
            chosen.push((column, wanted));
        } else if chosen.is_empty() {
            chosen.push((column, left));
            left = 0;
        }
    }
    grow(&mut chosen, left);
    chosen.sort_by_key(|(column, _)| *column as u8);
    let mut x = MARK.min(width);
    chosen
        .into_iter()
        .map(|(column, width)| {
            let placed = Placed { column, x, width };
            x += width + 1;
            placed
        })
        .collect()
}

/// Below this width name, state and the words of both halves do not stand side by side.
const WORDS: u16 = 53;
/// A half as a shape alone.
pub const SHAPE: u16 = 2;

/// The columns with the width they ask for, the most important first.
///
/// Which half of which end is open comes before everything else: on a narrow screen by shape alone.
fn wishes(width: u16) -> Vec<(Column, u16)> {
    if width < WORDS {
        let name = Column::Name.shape().width;
        let state = Column::State.shape().width;
        return vec![
            (Column::Name, name),
            (Column::Send, SHAPE),
            (Column::Receive, SHAPE),
            (Column::State, state),
        ];
    }
    let mut by_rank = Column::ALL;
    by_rank.sort_by_key(|c| c.shape().rank);
    by_rank.into_iter().map(|c| (c, c.shape().width)).collect()
}

/// Gives what is left over to the columns that gain by it: names, the ending, IPv6 addresses.
fn grow(chosen: &mut [(Column, u16)], mut left: u16) {
    for (column, most) in [
        (Column::Name, 16),
        (Column::Timer, 30),
        (Column::Peer, 47),
        (Column::Local, 47),
    ] {
        if let Some((_, width)) = chosen.iter_mut().find(|(c, _)| *c == column) {
            let more = left.min(most - *width);
            *width += more;
            left -= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_lists_keep_name_state_halves_and_bytes() {
        let words = |width| {
            place(width)
                .iter()
                .map(|p| p.column.word())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(words(20), "name send receive");
        assert_eq!(words(40), "name state send receive");
        assert_eq!(words(53), "name state send receive");
        assert_eq!(words(80), "name state send receive sent received");
        assert_eq!(
            words(120),
            "name peer state send receive sent received timer"
        );
        assert_eq!(words(200).split(' ').count(), Column::ALL.len());
    }

    #[test]
    fn columns_never_leave_the_list_and_never_touch() {
        for width in 0..260 {
            let placed = place(width);
            for pair in placed.windows(2) {
                assert!(pair[0].x + pair[0].width < pair[1].x, "{width}: {placed:?}");
            }
            assert!(
                placed.iter().all(|p| p.x + p.width <= width),
                "{width}: {placed:?}"
            );
        }
    }

    #[test]
    fn names_sort_as_people_count() {
        let mut names = ["conn10", "conn9", "client", "conn9.2"];
        names.sort_by_key(|n| natural(n));
        assert_eq!(names, ["client", "conn9", "conn9.2", "conn10"]);
    }
}
