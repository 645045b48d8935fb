//! Which lines fit, and how much time between them is drawn. It walks over what is seen, however long the ladder is.

use std::collections::VecDeque;

use super::line::Line;

/// How time that passes is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Line after line.
    #[default]
    Compact,
    /// Empty rows for the time between them.
    Spread,
}

/// Microseconds for which one empty row stands.
const ROW: u64 = 20_000;
/// More empty rows than this become one row that says how long it was.
const MOST: u64 = 4;

/// One row of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The line of this index.
    Line(usize),
    /// Rails alone.
    Empty,
    /// So many microseconds without an event.
    Pause(u64),
}

/// Empty rows above a line.
fn room_above(line: &Line, pace: Pace) -> (usize, bool) {
    match (pace, line.gap / ROW) {
        (Pace::Compact, _) | (Pace::Spread, 0) => (0, false),
        (Pace::Spread, rows) if rows <= MOST => (rows as usize, false),
        (Pace::Spread, _) => (1, true),
    }
}

/// The rows that fit into `height` when `from_end` lines lie below them, from top to bottom.
pub fn window(lines: &VecDeque<Line>, height: usize, from_end: usize, pace: Pace) -> Vec<Shown> {
    let end = lines.len().saturating_sub(from_end);
    let mut rows = Vec::with_capacity(height);
    for (index, line) in lines.range(..end).enumerate().rev() {
        if rows.len() >= height {
            break;
        }
        rows.push(Shown::Line(index));
        let (room, long) = room_above(line, pace);
        let above = if long {
            Shown::Pause(line.gap)
        } else {
            Shown::Empty
        };
        if index > 0 {
            rows.extend(std::iter::repeat_n(above, room));
        }
    }
    rows.truncate(height);
    rows.reverse();
    rows
}

/// The largest `from_end` that still fills the height.
pub fn furthest(lines: &VecDeque<Line>, height: usize, pace: Pace) -> usize {
    let mut used = 0;
    let mut fitting = 0;
    for (index, line) in lines.iter().enumerate() {
        let room = if index == 0 {
            0
        } else {
            room_above(line, pace).0
        };
        used += 1 + room;
        if used > height {
            break;
        }
        fitting += 1;
    }
    lines.len().saturating_sub(fitting.max(1))
}

/// The `from_end` nearest to `now` at which the line of this index is seen.
pub fn showing(
    lines: &VecDeque<Line>,
    index: usize,
    height: usize,
    now: usize,
    pace: Pace,
) -> usize {
    let below = lines.len().saturating_sub(index + 1);
    if below < now {
        return below;
    }
    if window(lines, height, now, pace).contains(&Shown::Line(index)) {
        return now;
    }
    // It lies above: it becomes the topmost row.
    let mut used = 1;
    let mut last = index;
    for (at, line) in lines.iter().enumerate().skip(index + 1) {
        used += 1 + room_above(line, pace).0;
        if used > height {
            break;
        }
        last = at;
    }
    lines.len().saturating_sub(last + 1)
}
