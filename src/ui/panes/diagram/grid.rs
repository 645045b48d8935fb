//! A grid of cells on which lines meet: each cell knows to which of its sides a line runs, thin or heavy.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthChar;

use crate::ui::theme::Skin;

const UP: u8 = 1;
const RIGHT: u8 = 2;
const DOWN: u8 = 4;
const LEFT: u8 = 8;

/// A place: column, row.
pub(super) type At = (u16, u16);

#[derive(Clone, Default)]
struct Cell {
    thin: u8,
    heavy: u8,
    /// Text over the lines; empty for the second cell of a wide character.
    text: Option<String>,
    style: Style,
}

pub(super) struct Grid {
    width: u16,
    height: u16,
    cells: Vec<Cell>,
    skin: Skin,
}

impl Grid {
    pub fn new(width: u16, height: u16, skin: Skin) -> Grid {
        Grid {
            width,
            height,
            cells: vec![Cell::default(); usize::from(width) * usize::from(height)],
            skin,
        }
    }

    fn cell(&mut self, (x, y): At) -> Option<&mut Cell> {
        if x >= self.width || y >= self.height {
            return None;
        }
        self.cells
            .get_mut(usize::from(y) * usize::from(self.width) + usize::from(x))
    }

    /// A line through these corners.
    pub fn line(&mut self, corners: &[At], heavy: bool, style: Style) {
        let way = walk(corners);
        for pair in way.windows(2) {
            let (there, back) = sides(pair[0], pair[1]);
            for (at, side) in [(pair[0], there), (pair[1], back)] {
                if let Some(cell) = self.cell(at) {
                    if heavy {
                        cell.heavy |= side;
                    } else {
                        cell.thin |= side;
                    }
                    cell.style = style;
                }
            }
        }
    }

    /// A text over whatever stands there.
    pub fn text(&mut self, at: At, text: &str, style: Style) {
        let (mut x, y) = at;
        for c in text.chars() {
            let wide = u16::try_from(c.width().unwrap_or(0)).unwrap_or(0);
            if wide == 0 || x.saturating_add(wide) > self.width {
                continue;
            }
            for rest in 0..wide {
                let shown = if rest == 0 {
                    c.to_string()
                } else {
                    String::new()
                };
                if let Some(cell) = self.cell((x + rest, y)) {
                    cell.text = Some(shown);
                    cell.style = style;
                }
            }
            x += wide;
        }
    }

    /// Empties a rectangle, so that nothing runs through it.
    pub fn clear(&mut self, area: Rect) {
        for at in area.positions() {
            if let Some(cell) = self.cell((at.x, at.y)) {
                *cell = Cell::default();
            }
        }
    }

    /// The border of a box.
    pub fn border(&mut self, area: Rect, heavy: bool, style: Style) {
        let (Some(right), Some(bottom)) =
            (area.right().checked_sub(1), area.bottom().checked_sub(1))
        else {
            return;
        };
        let corners = [
            (area.x, area.y),
            (right, area.y),
            (right, bottom),
            (area.x, bottom),
            (area.x, area.y),
        ];
        self.line(&corners, heavy, style);
    }

    /// Puts the grid onto the screen; what lies outside the area is left out.
    pub fn put(&self, buffer: &mut Buffer, area: Rect) {
        let area = area.intersection(*buffer.area());
        for (y, row) in
            (area.top()..area.bottom()).zip(self.cells.chunks(usize::from(self.width.max(1))))
        {
            for (x, cell) in (area.left()..area.right()).zip(row) {
                let symbol = match &cell.text {
                    // The first cell of the wide character stands for both.
                    Some(text) if text.is_empty() => continue,
                    Some(text) => text.as_str(),
                    None => self.stroke(cell),
                };
                if let Some(target) = buffer.cell_mut((x, y)) {
                    target.set_symbol(symbol).set_style(cell.style);
                }
            }
        }
    }

    fn stroke(&self, cell: &Cell) -> &'static str {
        let (set, sides) = if cell.heavy != 0 {
            (&self.skin.glyphs.heavy, cell.heavy)
        } else {
            (&self.skin.glyphs.thin, cell.thin)
        };
        set[usize::from(sides & (UP | RIGHT | DOWN | LEFT))]
    }
}

/// Every cell of a line through these corners, in order.
pub(super) fn walk(corners: &[At]) -> Vec<At> {
    let mut way: Vec<At> = corners.first().copied().into_iter().collect();
    for (x, y) in corners.iter().skip(1) {
        while let Some(&(at_x, at_y)) = way.last() {
            let next = if at_x != *x {
                (toward(at_x, *x), at_y)
            } else if at_y != *y {
                (at_x, toward(at_y, *y))
            } else {
                break;
            };
            way.push(next);
        }
    }
    way
}

fn toward(from: u16, to: u16) -> u16 {
    if from < to { from + 1 } else { from - 1 }
}

/// The sides of two neighbouring cells that touch.
fn sides((ax, ay): At, (bx, by): At) -> (u8, u8) {
    if bx > ax {
        (RIGHT, LEFT)
    } else if bx < ax {
        (LEFT, RIGHT)
    } else if by > ay {
        (DOWN, UP)
    } else {
        (UP, DOWN)
    }
}
