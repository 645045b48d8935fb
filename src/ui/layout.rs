//! Where everything stands: computed once after each change, read by `draw` and by the mouse.
//!
//! ```text
//!   status    finspect  loopback                                   00:12.480
//!   list      ─ connections ──────────────────────────── 2 endpoints ──
//!   twin      ─ client ⇄ server ───────────────────────────────────────
//!   log       ─ log ───────────────────────────────────────────────────
//!   message   what was just said, or the prompt that is open
//!   footer    s shutdown send  r receive  c close                 ? help
//! ```
//!
//! That is the page of the connections. On the others one pane stands below the list: ladder, diagram, data or log.
//! On a wide screen (150 columns) twin and data stand left, the log right.

use ratatui::layout::{Position, Rect};

/// A region with its own question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    #[default]
    List,
    Twin,
    Log,
    Data,
    Ladder,
    Diagram,
    /// The lesson that runs.
    Lesson,
}

impl Pane {
    pub const ALL: [Pane; 7] = [
        Pane::List,
        Pane::Twin,
        Pane::Log,
        Pane::Data,
        Pane::Ladder,
        Pane::Diagram,
        Pane::Lesson,
    ];

    /// The word in `pane ..` and in the keymap.
    pub const fn word(self) -> &'static str {
        match self {
            Pane::List => "list",
            Pane::Twin => "twin",
            Pane::Log => "log",
            Pane::Data => "data",
            Pane::Ladder => "ladder",
            Pane::Diagram => "diagram",
            Pane::Lesson => "lesson",
        }
    }
}

/// Which question the screen answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Page {
    /// Who is open?
    #[default]
    Connections,
    /// What happened between the two?
    Ladder,
    /// Where in RFC 9293?
    Diagram,
    /// What was said?
    Data,
    /// What happened, all of it?
    Log,
}

/// What the layout depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    pub width: u16,
    pub height: u16,
    pub page: Page,
    pub focus: Pane,
    pub zoomed: bool,
    /// Rows of the list.
    pub rows: usize,
    /// A lesson runs.
    pub lesson: bool,
    /// For a projector: no list and no log beside a lesson.
    pub presenting: bool,
}

/// A pane's place: its title and what stands under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    pub pane: Pane,
    /// One line, or empty where the screen is too low for titles.
    pub rule: Rect,
    pub body: Rect,
}

impl Tile {
    /// Title and body together.
    pub fn area(&self) -> Rect {
        self.rule.union(self.body)
    }
}

/// Lines of column heads in a list so high: none where there is hardly room for a row.
pub fn heads(height: u16) -> u16 {
    u16::from(height >= 3)
}

/// The places of one screen. Areas that found no room are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub area: Rect,
    pub status: Rect,
    pub tiles: Vec<Tile>,
    pub message: Rect,
    pub footer: Rect,
}

/// From here on two panes stand side by side.
const WIDE: u16 = 150;
/// Rule, both ends with their pipes, and the line that tells beforehand.
const TWIN: u16 = 11;
/// From here on each closing call has its own line beforehand.
const ROOMY: u16 = 100;
const TWIN_ROOMY: u16 = 17;
const TWIN_LEAST: u16 = 8;
/// Rule and at least two lines.
const LEAST: u16 = 3;
/// Rule, column heads and two endpoints.
const LIST_LEAST: u16 = 4;
/// Rule, the eleven states drawn large, and what could come next.
const DIAGRAM: u16 = 22;
/// From here on a lesson stands beside the other panes, so wide.
const LESSON_BESIDE: u16 = 110;
const LESSON_LEAST: u16 = 42;
const LESSON_MOST: u16 = 76;
/// The list has room beside a lesson.
const LESSON_LIST: u16 = 18;
/// Below this, one pane at a time.
const CROWDED: u16 = 10;

impl Layout {
    pub fn of(wants: &Wants) -> Layout {
        let area = Rect::new(0, 0, wants.width, wants.height);
        let mut layout = Layout {
            area,
            ..Layout::default()
        };
        if area.is_empty() {
            return layout;
        }
        let mut rest = area;
        if wants.height >= 3 {
            (rest, layout.footer) = split_bottom(rest, 1);
        }
        if wants.height >= 4 {
            (layout.status, rest) = split_top(rest, 1);
        }
        if wants.height >= CROWDED {
            (rest, layout.message) = split_bottom(rest, 1);
        }
        layout.tiles = tiles(wants, rest);
        layout
    }

    pub fn tile(&self, pane: Pane) -> Option<&Tile> {
        self.tiles.iter().find(|t| t.pane == pane)
    }

    /// The panes on the screen in the order of `Tab`.
    pub fn panes(&self) -> impl Iterator<Item = Pane> {
        Pane::ALL.into_iter().filter(|p| self.tile(*p).is_some())
    }

    pub fn pane_at(&self, at: Position) -> Option<&Tile> {
        self.tiles
            .iter()
            .find(|t| t.body.contains(at) || t.rule.contains(at))
    }

    /// The line on which prompts stand.
    pub fn prompt(&self) -> Rect {
        let lines = [self.message, self.footer, self.area];
        let line = lines
            .into_iter()
            .find(|r| !r.is_empty())
            .unwrap_or_default();
        Rect {
            y: line.bottom().saturating_sub(1),
            height: line.height.min(1),
            ..line
        }
    }

    /// A box of so many lines directly above the prompt.
    pub fn above_prompt(&self, lines: u16) -> Rect {
        let prompt = self.prompt();
        let height = lines.min(prompt.y.saturating_sub(self.area.y));
        Rect {
            y: prompt.y - height,
            height,
            ..prompt
        }
    }

    /// A box in the middle of the screen, over the panes and the message line.
    pub fn middle(&self, width: u16, height: u16) -> Rect {
        let top = self.status.bottom().max(self.area.y);
        let bottom = if self.footer.is_empty() {
            self.area.bottom()
        } else {
            self.footer.y
        };
        let (width, height) = (
            width.min(self.area.width),
            height.min(bottom.saturating_sub(top)),
        );
        let x = self.area.x + (self.area.width - width) / 2;
        let y = top + (bottom - top - height) / 2;
        Rect {
            x,
            y,
            width,
            height,
        }
    }
}

/// Beside the panes where there is room, else below them.
fn tiles(wants: &Wants, rest: Rect) -> Vec<Tile> {
    if !wants.lesson || wants.zoomed || rest.height < CROWDED {
        return panes(wants, rest);
    }
    let (others, lesson) = if wants.width >= LESSON_BESIDE {
        let wide = (wants.width * 2 / 5).clamp(LESSON_LEAST, LESSON_MOST);
        split_left(rest, wants.width - wide - 1, 1)
    } else {
        split_top(rest, rest.height / 2)
    };
    let within = Wants {
        width: others.width,
        ..*wants
    };
    let mut tiles = panes(&within, others);
    tiles.retain(|tile| tile.pane != Pane::Lesson);
    if tiles.is_empty() {
        tiles.push(tile(Pane::Twin, others));
    }
    tiles.push(tile(Pane::Lesson, lesson));
    tiles
}

fn panes(wants: &Wants, rest: Rect) -> Vec<Tile> {
    // The diagram needs every line of a small screen; the names of its ends stand in it.
    let alone = wants.page == Page::Diagram && rest.height < DIAGRAM + LIST_LEAST;
    if wants.zoomed || rest.height < CROWDED {
        return vec![tile(wants.focus, rest)];
    }
    if alone {
        return vec![tile(Pane::Diagram, rest)];
    }
    if wants.lesson && (wants.presenting || rest.height < LESSON_LIST) {
        let pane = match wants.page {
            Page::Connections => Pane::Twin,
            Page::Ladder => Pane::Ladder,
            Page::Diagram => Pane::Diagram,
            Page::Data => Pane::Data,
            Page::Log => Pane::Log,
        };
        return vec![tile(pane, rest)];
    }
    let share = match wants.page {
        Page::Connections => rest.height * 2 / 5,
        Page::Ladder | Page::Diagram | Page::Data | Page::Log => rest.height / 4,
    };
    let rows = u16::try_from(wants.rows).unwrap_or(u16::MAX);
    let (list, below) = split_top(
        rest,
        rows.saturating_add(2)
            .clamp(LIST_LEAST, share.max(LIST_LEAST)),
    );
    let mut tiles = vec![tile(Pane::List, list)];
    match wants.page {
        Page::Ladder => tiles.push(tile(Pane::Ladder, below)),
        Page::Diagram => tiles.push(tile(Pane::Diagram, below)),
        Page::Data => tiles.push(tile(Pane::Data, below)),
        Page::Log => tiles.push(tile(Pane::Log, below)),
        Page::Connections if wants.width >= WIDE => {
            let (left, right) = split_left(below, (wants.width * 3 / 5).max(100), 1);
            if left.height >= TWIN_ROOMY + LEAST + 2 {
                let (twin, data) = split_top(left, TWIN_ROOMY);
                tiles.extend([
                    tile(Pane::Twin, twin),
                    tile(Pane::Log, right),
                    tile(Pane::Data, data),
                ]);
            } else {
                tiles.extend([tile(Pane::Twin, left), tile(Pane::Log, right)]);
            }
        }
        Page::Connections => {
            let wanted = if wants.width >= ROOMY {
                TWIN_ROOMY
            } else {
                TWIN
            };
            let twin = wanted.min(below.height.saturating_sub(LEAST).max(TWIN_LEAST));
            let (twin, log) = split_top(below, twin);
            if log.height >= LEAST {
                tiles.extend([tile(Pane::Twin, twin), tile(Pane::Log, log)]);
            } else {
                tiles.push(tile(Pane::Twin, below));
            }
        }
    }
    tiles
}

/// A title line above, where there is room for one and for something under it.
fn tile(pane: Pane, area: Rect) -> Tile {
    let (rule, body) = split_top(area, u16::from(area.height >= LEAST));
    Tile { pane, rule, body }
}

fn split_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    let top = Rect { height, ..area };
    (
        top,
        Rect {
            y: area.y + height,
            height: area.height - height,
            ..area
        },
    )
}

fn split_bottom(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    split_top(area, area.height - height)
}

fn split_left(area: Rect, width: u16, gap: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    let start = (width + gap).min(area.width);
    (
        Rect { width, ..area },
        Rect {
            x: area.x + start,
            width: area.width - start,
            ..area
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panes(width: u16, height: u16, page: Page, rows: usize) -> Vec<(Pane, u16, u16)> {
        let wants = Wants {
            width,
            height,
            page,
            focus: Pane::List,
            zoomed: false,
            rows,
            lesson: false,
            presenting: false,
        };
        Layout::of(&wants)
            .tiles
            .iter()
            .map(|t| (t.pane, t.body.width, t.body.height))
            .collect()
    }

    #[test]
    fn small_screens_show_one_pane_and_large_ones_all() {
        assert_eq!(
            panes(80, 24, Page::Connections, 2),
            [
                (Pane::List, 80, 3),
                (Pane::Twin, 80, 10),
                (Pane::Log, 80, 5)
            ]
        );
        assert_eq!(panes(20, 5, Page::Connections, 2), [(Pane::List, 20, 2)]);
        assert_eq!(panes(1, 1, Page::Connections, 2), [(Pane::List, 1, 1)]);
        assert_eq!(panes(0, 0, Page::Connections, 2), []);
        assert_eq!(
            panes(200, 60, Page::Connections, 2),
            [
                (Pane::List, 200, 3),
                (Pane::Twin, 120, 16),
                (Pane::Log, 79, 52),
                (Pane::Data, 120, 35)
            ]
        );
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_screen() {
        for width in [1, 2, 19, 20, 80, 120, 149, 150, 200] {
            for height in 0..64 {
                for page in [
                    Page::Connections,
                    Page::Ladder,
                    Page::Diagram,
                    Page::Data,
                    Page::Log,
                ] {
                    for rows in [0, 2, 30, 10_000, 10_001, 10_002] {
                        let wants = Wants {
                            width,
                            height,
                            page,
                            focus: Pane::Twin,
                            zoomed: false,
                            rows,
                            lesson: rows > 10_000,
                            presenting: rows > 10_001,
                        };
                        let layout = Layout::of(&wants);
                        let mut places = vec![layout.status, layout.message, layout.footer];
                        places.extend(layout.tiles.iter().flat_map(|t| [t.rule, t.body]));
                        places.retain(|r| !r.is_empty());
                        for (i, a) in places.iter().enumerate() {
                            assert_eq!(a.intersection(layout.area), *a, "{wants:?}");
                            assert!(places[..i].iter().all(|b| !a.intersects(*b)), "{wants:?}");
                        }
                        assert!(layout.area.is_empty() || !layout.tiles.is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn a_zoomed_pane_has_the_screen_for_itself() {
        let wants = Wants {
            width: 80,
            height: 24,
            page: Page::Connections,
            focus: Pane::Log,
            zoomed: true,
            rows: 2,
            lesson: false,
            presenting: false,
        };
        let layout = Layout::of(&wants);
        assert_eq!(layout.panes().collect::<Vec<_>>(), [Pane::Log]);
        assert_eq!(layout.tiles[0].body.height, 20);
    }
}
