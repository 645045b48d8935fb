//! Rows of text and of hexadecimal digits, before they are drawn.

use super::streams::{Run, Stream};
use crate::tcp::Direction;
use crate::ui::visible::{Piece, pieces};

/// Bytes of one hexadecimal row.
pub(super) const HEX_ROW: usize = 16;

/// One row of the pane's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DataRow {
    /// Bytes that the pane has no more, between those it has.
    Gap { direction: Direction, bytes: u64 },
    /// `first`: the direction's name stands before it.
    Text {
        direction: Direction,
        first: bool,
        pieces: Vec<Piece>,
    },
    Hex {
        direction: Direction,
        first: bool,
        offset: u64,
        bytes: Vec<u8>,
    },
}

/// Bytes of one direction without a gap and without a word of the other side in between.
struct Turn<'a> {
    direction: Direction,
    offset: u64,
    /// Bytes missing before it.
    gap: u64,
    runs: Vec<&'a Run>,
}

/// The turns, and what went each way behind the last one without its bytes being told.
fn turns(stream: &Stream) -> (Vec<Turn<'_>>, Vec<DataRow>) {
    let mut ends = [
        (Direction::Send, stream.sent.left),
        (Direction::Receive, stream.received.left),
    ];
    let mut turns: Vec<Turn<'_>> = Vec::new();
    for run in stream.runs() {
        let Some((_, end)) = ends
            .iter_mut()
            .find(|(direction, _)| *direction == run.direction)
        else {
            continue;
        };
        let gap = run.offset.saturating_sub(*end);
        *end = run.end();
        match turns.last_mut() {
            Some(turn) if turn.direction == run.direction && gap == 0 => turn.runs.push(run),
            Some(_) | None => {
                turns.push(Turn {
                    direction: run.direction,
                    offset: run.offset,
                    gap,
                    runs: vec![run],
                });
            }
        }
    }
    let untold = |direction, end, total: u64| {
        let bytes = total.saturating_sub(end);
        (bytes > 0).then_some(DataRow::Gap { direction, bytes })
    };
    let totals = [stream.sent.total, stream.received.total];
    let rest = ends
        .into_iter()
        .zip(totals)
        .filter_map(|((direction, end), total)| untold(direction, end, total));
    (turns, rest.collect())
}

impl Turn<'_> {
    fn gap(&self) -> Option<DataRow> {
        (self.gap > 0).then_some(DataRow::Gap {
            direction: self.direction,
            bytes: self.gap,
        })
    }

    fn bytes(&self) -> Vec<u8> {
        self.runs
            .iter()
            .flat_map(|run| &run.bytes)
            .copied()
            .collect()
    }
}

/// Text, broken after each line feed and at the edge.
pub(super) fn text(stream: &Stream, width: usize, ascii: bool) -> Vec<DataRow> {
    let mut rows = Vec::new();
    let (turns, rest) = turns(stream);
    for turn in turns {
        rows.extend(turn.gap());
        let bytes = turn.bytes();
        let mut first = true;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            for pieces in wrapped(pieces(line, ascii), width) {
                rows.push(DataRow::Text {
                    direction: turn.direction,
                    first,
                    pieces,
                });
                first = false;
            }
        }
    }
    rows.extend(rest);
    rows
}

/// Pieces in rows of at most `width` cells; a piece wider than that stands alone, and is cut when drawn.
fn wrapped(pieces: Vec<Piece>, width: usize) -> Vec<Vec<Piece>> {
    let mut rows = vec![Vec::new()];
    let mut used = 0;
    for piece in pieces {
        let cells = piece.width();
        if used > 0 && used + cells > width {
            rows.push(Vec::new());
            used = 0;
        }
        used += cells;
        if let Some(row) = rows.last_mut() {
            row.push(piece);
        }
    }
    rows
}

/// Sixteen bytes a row, each direction with its own offsets.
pub(super) fn hex(stream: &Stream) -> Vec<DataRow> {
    let mut rows = Vec::new();
    let (turns, rest) = turns(stream);
    for turn in turns {
        rows.extend(turn.gap());
        let mut offset = turn.offset;
        for bytes in turn.bytes().chunks(HEX_ROW) {
            let first = offset == turn.offset;
            rows.push(DataRow::Hex {
                direction: turn.direction,
                first,
                offset,
                bytes: bytes.to_vec(),
            });
            offset += bytes.len() as u64;
        }
    }
    rows.extend(rest);
    rows
}
