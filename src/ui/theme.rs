//! Colours and glyphs. A meaning is always told by shape and word too, so every theme may be read without colour.
//!
//! Panes ask for a role ("the kernel lane", "a half that is open") and never for a colour.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// What a piece of text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Plain text.
    #[default]
    Text,
    /// Labels, hints, what may be overlooked.
    Dim,
    /// Titles and rules.
    Title,
    /// The selected row.
    Selected,
    /// What changed in the last second.
    Glow,
    /// Lane `app`: a program's call.
    App,
    /// Lane `kernel`: a state.
    Kernel,
    /// Lane `wire`: a segment.
    Wire,
    /// It follows, nobody said it.
    Inferred,
    /// A half that carries data.
    Open,
    /// A FIN that is queued or under way.
    Closing,
    /// The FIN itself, drawn as a block in its pipe.
    Fin,
    /// A half that ended in order.
    Closed,
    /// A reset, an error, a loss.
    Broken,
    /// A key in the footer.
    Key,
    /// A key that would do nothing now.
    Greyed,
}

/// Which characters draw lines and marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    pub ascii: bool,
    pub border: border::Set<'static>,
    /// A pipe that flows, and its mouths.
    pub pipe: &'static str,
    pub arrow_right: &'static str,
    pub arrow_left: &'static str,
    /// Bytes that stand before a queued FIN.
    pub queued: &'static str,
    /// A half that was closed by a FIN.
    pub block: &'static str,
    /// An empty, closed pipe.
    pub closed: &'static str,
    /// A receiving mouth closed by SHUT_RD, seen from the left and from the right.
    pub shut_left: &'static str,
    pub shut_right: &'static str,
    /// A break.
    pub broken: &'static str,
    /// A pipe whose end the kernel no longer has, or does not have yet.
    pub gone: &'static str,
    /// Between a queued FIN and the bytes before it.
    pub wall: &'static str,
    /// An expectation that held, and one that failed.
    pub held: &'static str,
    pub failed: &'static str,
    /// Between old and new state.
    pub becomes: &'static str,
    pub selected: &'static str,
    /// The same mark, pointing left: behind a name at the right edge.
    pub selected_left: &'static str,
    pub both_ways: &'static str,
    pub rule: &'static str,
    pub ellipsis: &'static str,
    /// Marks an inference.
    pub inferred: &'static str,
    /// Marks a state that segments and kernel disagree about.
    pub disputed: &'static str,
    pub arrow_up: &'static str,
    pub arrow_down: &'static str,
    /// A count of repeats stands behind it.
    pub times: &'static str,
    /// The wire holds, and the wire is cut.
    pub holding: &'static str,
    pub cut: &'static str,
    /// Time that passed without an event.
    pub pause: &'static str,
    /// Where the left end and the right end stand in the state diagram.
    pub token_left: &'static str,
    pub token_right: &'static str,
    /// Lines of the state diagram by the sides that they join (up 1, right 2, down 4, left 8), thin and heavy.
    pub thin: [&'static str; 16],
    pub heavy: [&'static str; 16],
}

/// UTF-8 drawing characters.
pub const UNICODE: Glyphs = Glyphs {
    ascii: false,
    border: border::PLAIN,
    pipe: "━",
    arrow_right: "▶",
    arrow_left: "◀",
    queued: "▒",
    block: "■",
    closed: "─",
    shut_left: "├",
    shut_right: "┤",
    broken: "╳",
    gone: "·",
    wall: "│",
    held: "✓",
    failed: "✗",
    becomes: "→",
    selected: "▸",
    selected_left: "◂",
    both_ways: "⇄",
    rule: "─",
    ellipsis: "…",
    inferred: "~",
    disputed: "≠",
    arrow_up: "▲",
    arrow_down: "▼",
    times: "×",
    holding: "‖",
    cut: "✂",
    pause: "⋮",
    token_left: "●",
    token_right: "◆",
    thin: [
        " ", "│", "─", "└", "│", "│", "┌", "├", "─", "┘", "─", "┴", "┐", "┤", "┬", "┼",
    ],
    heavy: [
        " ", "┃", "━", "┗", "┃", "┃", "┏", "┣", "━", "┛", "━", "┻", "┓", "┫", "┳", "╋",
    ],
};

/// For terminals that draw ambiguous widths two cells wide, and for `--ascii`.
pub const ASCII: Glyphs = Glyphs {
    ascii: true,
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    pipe: "=",
    arrow_right: ">",
    arrow_left: "<",
    queued: "%",
    block: "#",
    closed: "-",
    shut_left: "|",
    shut_right: "|",
    broken: "X",
    gone: ".",
    wall: "|",
    held: "ok",
    failed: "FAILED",
    becomes: "->",
    selected: ">",
    selected_left: "<",
    both_ways: "<=>",
    rule: "-",
    ellipsis: "..",
    inferred: "~",
    disputed: "!",
    arrow_up: "^",
    arrow_down: "v",
    times: "x",
    holding: "||",
    cut: "X",
    pause: ":",
    token_left: "*",
    token_right: "@",
    thin: [
        " ", "|", "-", "+", "|", "|", "+", "+", "-", "+", "-", "+", "+", "+", "+", "+",
    ],
    heavy: [
        " ", "#", "=", "#", "#", "#", "#", "#", "=", "#", "=", "#", "#", "#", "#", "#",
    ],
};

/// The themes by name. The first one is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Okabe and Ito's palette, safe for the common kinds of colour blindness, on a dark ground.
    #[default]
    Dark,
    /// The same on a light ground.
    Light,
    /// No colour at all (NO_COLOR): weight, reverse and underline only.
    Plain,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Dark, Theme::Light, Theme::Plain];

    pub const fn word(self) -> &'static str {
        match self {
            Theme::Dark => "dark",
            Theme::Light => "light",
            Theme::Plain => "plain",
        }
    }

    /// The style of a meaning.
    pub fn style(self, ink: Ink) -> Style {
        match self {
            Theme::Dark => coloured(
                ink,
                Hues {
                    app: Color::Rgb(0xe6, 0x9f, 0x00),
                    kernel: Color::Rgb(0x56, 0xb4, 0xe9),
                    wire: Color::Rgb(0xcc, 0x79, 0xa7),
                    open: Color::Rgb(0x00, 0xb8, 0x84),
                    closing: Color::Rgb(0xf0, 0xe4, 0x42),
                    broken: Color::Rgb(0xff, 0x6b, 0x2b),
                    dim: Color::Rgb(0x8a, 0x8a, 0x8a),
                    ground: Color::Rgb(0x2a, 0x34, 0x40),
                },
            ),
            Theme::Light => coloured(
                ink,
                Hues {
                    app: Color::Rgb(0x9a, 0x5b, 0x00),
                    kernel: Color::Rgb(0x00, 0x5a, 0x9c),
                    wire: Color::Rgb(0x8f, 0x2f, 0x6b),
                    open: Color::Rgb(0x00, 0x70, 0x50),
                    closing: Color::Rgb(0x7a, 0x6a, 0x00),
                    broken: Color::Rgb(0xb0, 0x3a, 0x00),
                    dim: Color::Rgb(0x6a, 0x6a, 0x6a),
                    ground: Color::Rgb(0xd8, 0xe4, 0xf0),
                },
            ),
            Theme::Plain => plain(ink),
        }
    }
}

struct Hues {
    app: Color,
    kernel: Color,
    wire: Color,
    open: Color,
    closing: Color,
    broken: Color,
    dim: Color,
    ground: Color,
}

fn coloured(ink: Ink, hues: Hues) -> Style {
    let style = Style::new();
    match ink {
        Ink::Text => style,
        Ink::Dim | Ink::Greyed => style.fg(hues.dim),
        Ink::Title => style.add_modifier(Modifier::BOLD),
        Ink::Selected => style.bg(hues.ground).add_modifier(Modifier::BOLD),
        Ink::Glow => style.add_modifier(Modifier::REVERSED),
        Ink::App => style.fg(hues.app),
        Ink::Kernel => style.fg(hues.kernel),
        Ink::Wire => style.fg(hues.wire),
        Ink::Inferred => style.fg(hues.dim).add_modifier(Modifier::ITALIC),
        Ink::Open => style.fg(hues.open),
        Ink::Closing => style.fg(hues.closing),
        Ink::Fin => style
            .fg(hues.closing)
            .add_modifier(Modifier::REVERSED | Modifier::BOLD),
        Ink::Closed => style.fg(hues.dim).add_modifier(Modifier::BOLD),
        Ink::Broken => style.fg(hues.broken).add_modifier(Modifier::BOLD),
        Ink::Key => style.fg(hues.kernel).add_modifier(Modifier::BOLD),
    }
}

fn plain(ink: Ink) -> Style {
    let style = Style::new();
    match ink {
        Ink::Title | Ink::Key | Ink::Broken | Ink::Closing => style.add_modifier(Modifier::BOLD),
        Ink::Fin => style.add_modifier(Modifier::REVERSED | Modifier::BOLD),
        Ink::Selected | Ink::Glow => style.add_modifier(Modifier::REVERSED),
        Ink::Dim | Ink::Greyed | Ink::Inferred => style.add_modifier(Modifier::DIM),
        Ink::Text | Ink::App | Ink::Kernel | Ink::Wire | Ink::Open | Ink::Closed => style,
    }
}

/// How everything is drawn: theme and glyphs together, handed to every pane.
#[derive(Clone, Copy, Debug)]
pub struct Skin {
    pub theme: Theme,
    pub glyphs: &'static Glyphs,
}

impl Skin {
    pub fn style(&self, ink: Ink) -> Style {
        self.theme.style(ink)
    }
}
