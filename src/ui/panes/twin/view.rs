//! The pane itself: which lines there are at which width, and which of them stay when the room is short.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::pipe::{self, Flow};
use super::scene::{End, Known, Mouth, Pipe, Scene};
use super::{end, ending, listener, numbers};
use crate::journal::{EndpointId, Micros, Role, World};
use crate::locale::{Locale, Pipe as Words};
use crate::tcp::{Outlook, RecvHalf, SendHalf};
use crate::ui::calls::{self, Spelling};
use crate::ui::forecast_words::{self, Forecasts, Verb};
use crate::ui::panes::line::{put, spread, title};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible::{self, cut};

/// What the pane is drawn from.
pub struct View<'a> {
    pub world: &'a World,
    /// The selected endpoint.
    pub this: EndpointId,
    /// The moment for which glow and countdowns are drawn.
    pub now: Micros,
    pub skin: Skin,
    pub locale: &'a Locale,
    /// The language of the calls beside the forecasts.
    pub spelling: Spelling,
}

/// The keys that stand before the forecasts, in the order of [`Verb::ALL`].
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a>(pub [&'a str; 5]);

/// The keys as the built-in keymap has them.
impl Default for Keys<'_> {
    fn default() -> Self {
        Keys(["s", "r", "b", "c", "x"])
    }
}

/// One line of the pane. Where the room is short, the rows with the highest rank leave first.
pub(super) struct Row {
    rank: u8,
    line: Line<'static>,
}

impl Row {
    pub fn new(rank: u8, line: Line<'static>) -> Row {
        Row { rank, line }
    }
}

/// A sentence in parts; where the room is short, the last parts are left out.
#[derive(Default)]
pub(super) struct Parts {
    pub parts: Vec<String>,
    pub ink: Ink,
}

impl Parts {
    fn text(&self) -> String {
        self.parts.join(", ")
    }

    fn spans(self, skin: Skin) -> Vec<Span<'static>> {
        if self.parts.is_empty() {
            return Vec::new();
        }
        vec![Span::styled(self.text(), skin.style(self.ink))]
    }
}

/// Two sentences on one line: the longer one gives parts away until both fit.
fn share(mut left: Parts, mut right: Parts, width: usize, skin: Skin) -> Line<'static> {
    // Both margins, and the gap between the two.
    let room = width.saturating_sub(6);
    while left.text().width() + right.text().width() > room {
        let longer = if left.text().width() >= right.text().width() {
            &mut left
        } else {
            &mut right
        };
        if longer.parts.len() <= 1 {
            break;
        }
        longer.parts.pop();
    }
    spread(
        indented(left.spans(skin)),
        outdented(right.spans(skin)),
        width,
        skin,
    )
}

/// How much stands beside each other at a width.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breadth {
    /// Everything, and each closing verb on a line of its own.
    Wide,
    /// The forecast of close alone.
    Medium,
    /// Labels without the direction, addresses and numbers on lines of their own.
    Narrow,
    /// This end's two halves in words.
    Tiny,
}

impl Breadth {
    fn of(width: usize) -> Breadth {
        match width {
            100.. => Breadth::Wide,
            64.. => Breadth::Medium,
            36.. => Breadth::Narrow,
            _ => Breadth::Tiny,
        }
    }
}

/// How many lines a pipe takes. Where there is room (the zoomed pane), a pipe is as thick as a hand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thickness {
    One,
    Three,
}

/// Lines to spare from which on the pipes are drawn thick.
const ROOM_FOR_THICK: usize = 8;

/// The lines that the pane would like to have at this width.
pub fn height(width: u16, view: &View<'_>) -> u16 {
    let rows = rows(view, &Keys::default(), usize::from(width), Thickness::One).len();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// Draws the pane with the built-in keys before the forecasts.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    draw_with_keys(frame, area, view, &Keys::default());
}

/// Draws the pane with the keys that a user's keymap gives.
pub fn draw_with_keys(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, keys: &Keys<'_>) {
    let mut rows = rows(view, keys, usize::from(area.width), Thickness::One);
    if usize::from(area.height) >= rows.len() + ROOM_FOR_THICK {
        rows = self::rows(view, keys, usize::from(area.width), Thickness::Three);
    }
    while rows.len() > usize::from(area.height) {
        let last = rows
            .iter()
            .enumerate()
            .max_by_key(|(i, row)| (row.rank, *i));
        let Some((i, _)) = last else { break };
        rows.remove(i);
    }
    put(
        frame.buffer_mut(),
        area,
        rows.into_iter().map(|row| row.line),
    );
}

fn rows(view: &View<'_>, keys: &Keys<'_>, width: usize, thickness: Thickness) -> Vec<Row> {
    let (Some(e), Some(scene)) = (view.world.get(view.this), Scene::of(view.world, view.this))
    else {
        return vec![Row::new(
            0,
            title(&view.locale.say(Words::Nobody), "", width, view.skin),
        )];
    };
    let breadth = Breadth::of(width);
    let mut rows = vec![Row::new(8, heading(&scene, e.role, view, width))];
    if e.role == Role::Listener {
        rows.extend(listener::rows(e, view));
    } else {
        rows.extend(match breadth {
            Breadth::Wide | Breadth::Medium => side_by_side(&scene, view, width, thickness),
            Breadth::Narrow => stacked(&scene, view, width),
            Breadth::Tiny => in_words(&scene, view, width),
        });
    }
    rows.extend(forecasts(view, keys, width, breadth));
    rows
}

fn heading(scene: &Scene<'_>, role: Role, view: &View<'_>, width: usize) -> Line<'static> {
    let name = |end: End<'_>| match end {
        End::Seen(e) => visible::text(&e.name, view.skin.glyphs.ascii).into_owned(),
        End::Unseen {
            address: Some(address),
            ..
        } => address.to_string(),
        End::Unseen { address: None, .. } => view.locale.say(Words::Peer).into_owned(),
    };
    let text = match role {
        Role::Listener => name(scene.left),
        Role::Fresh | Role::Client | Role::Server => {
            format!(
                "{} {} {}",
                name(scene.left),
                view.skin.glyphs.both_ways,
                name(scene.right)
            )
        }
    };
    let right = if Breadth::of(width) == Breadth::Wide {
        view.spelling.word()
    } else {
        ""
    };
    title(&text, right, width, view.skin)
}

fn side_by_side(
    scene: &Scene<'_>,
    view: &View<'_>,
    width: usize,
    thickness: Thickness,
) -> Vec<Row> {
    let skin = view.skin;
    let both = |part: fn(End<'_>, &View<'_>) -> Vec<Span<'static>>| {
        let (left, right) = (part(scene.left, view), part(scene.right, view));
        spread(indented(left), outdented(right), width, skin)
    };
    let (left, right) = (scene.left, scene.right);
    let mut first = end::name(left, scene.selected_left, false, view);
    first.extend(
        end::address(left, skin)
            .into_iter()
            .flat_map(|a| [Span::raw("  "), a]),
    );
    let mut last: Vec<Span<'static>> = end::address(right, skin)
        .into_iter()
        .flat_map(|a| [a, Span::raw("  ")])
        .collect();
    last.extend(end::name(right, !scene.selected_left, true, view));

    let rightward = numbers_of(left, right, view);
    let leftward = numbers_of(right, left, view);
    let mut rows = vec![
        Row::new(1, spread(first, last, width, skin)),
        Row::new(2, both(end::state)),
    ];
    if Breadth::of(width) == Breadth::Wide {
        rows.push(Row::new(13, Line::default()));
    }
    rows.extend(pipe_rows(
        &scene.rightward(),
        Flow::Rightward,
        view,
        width,
        thickness,
    ));
    rows.push(Row::new(4, share(rightward.0, rightward.1, width, skin)));
    rows.push(Row::new(12, Line::default()));
    rows.extend(pipe_rows(
        &scene.leftward(),
        Flow::Leftward,
        view,
        width,
        thickness,
    ));
    rows.push(Row::new(4, share(leftward.1, leftward.0, width, skin)));
    rows.push(Row::new(5, ending_line(scene, view, width)));
    rows
}

fn pipe_rows(
    pipe: &Pipe,
    flow: Flow,
    view: &View<'_>,
    width: usize,
    thickness: Thickness,
) -> Vec<Row> {
    let line = |words| pipe_line(pipe, flow, view, width, words);
    match thickness {
        Thickness::One => vec![Row::new(0, line(Labels::Full))],
        Thickness::Three => {
            vec![
                Row::new(11, line(Labels::Blank)),
                Row::new(0, line(Labels::Full)),
                Row::new(11, line(Labels::Blank)),
            ]
        }
    }
}

/// What the sender and the receiver of one pipe count.
fn numbers_of(from: End<'_>, to: End<'_>, view: &View<'_>) -> (Parts, Parts) {
    let told = |parts: Option<Vec<String>>| Parts {
        parts: parts.unwrap_or_default(),
        ink: Ink::Text,
    };
    (
        told(from.endpoint().map(|e| numbers::sending(e, view.locale))),
        told(to.endpoint().map(|e| numbers::receiving(e, view.locale))),
    )
}

fn indented(mut spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
    if !spans.is_empty() {
        spans.insert(0, Span::raw("  "));
    }
    spans
}

fn outdented(mut spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
    if !spans.is_empty() {
        spans.push(Span::raw("  "));
    }
    spans
}

fn ending_line(scene: &Scene<'_>, view: &View<'_>, width: usize) -> Line<'static> {
    let left = ending::ending(scene.left, scene.right, view);
    let right = ending::ending(scene.right, scene.left, view);
    share(left, right, width, view.skin)
}

fn stacked(scene: &Scene<'_>, view: &View<'_>, width: usize) -> Vec<Row> {
    let skin = view.skin;
    let (left, right) = (scene.left, scene.right);
    let alone = |parts| share(parts, Parts::default(), width, skin);
    let at_right = |parts| share(Parts::default(), parts, width, skin);
    let pair = |l: Vec<Span<'static>>, r: Vec<Span<'static>>| {
        spread(indented(l), outdented(r), width, skin)
    };
    let rightward = numbers_of(left, right, view);
    let leftward = numbers_of(right, left, view);
    let address = |end| end::address(end, skin).into_iter().collect::<Vec<_>>();
    vec![
        Row::new(
            1,
            spread(
                end::name(left, scene.selected_left, false, view),
                end::name(right, !scene.selected_left, true, view),
                width,
                skin,
            ),
        ),
        Row::new(9, pair(address(left), address(right))),
        Row::new(2, pair(end::state(left, view), end::state(right, view))),
        Row::new(
            0,
            pipe_line(
                &scene.rightward(),
                Flow::Rightward,
                view,
                width,
                Labels::Words,
            ),
        ),
        Row::new(4, alone(rightward.0)),
        Row::new(4, at_right(rightward.1)),
        Row::new(
            0,
            pipe_line(
                &scene.leftward(),
                Flow::Leftward,
                view,
                width,
                Labels::Words,
            ),
        ),
        Row::new(4, at_right(leftward.0)),
        Row::new(4, alone(leftward.1)),
        Row::new(5, ending_line(scene, view, width)),
    ]
}

fn in_words(scene: &Scene<'_>, view: &View<'_>, width: usize) -> Vec<Row> {
    let skin = view.skin;
    let (this, other, sends, receives) = if scene.selected_left {
        (
            scene.left,
            scene.right,
            scene.rightward().from,
            scene.leftward().to,
        )
    } else {
        (
            scene.right,
            scene.left,
            scene.leftward().from,
            scene.rightward().to,
        )
    };
    let half = |direction: Words, glyph: &'static str, label: Label| {
        let text = format!("{glyph} {} ", view.locale.say(direction));
        spread(
            vec![Span::styled(text, skin.style(Ink::Dim)), label.span(view)],
            Vec::new(),
            width,
            skin,
        )
    };
    vec![
        Row::new(
            1,
            spread(end::name(this, true, false, view), Vec::new(), width, skin),
        ),
        Row::new(2, spread(end::state(this, view), Vec::new(), width, skin)),
        Row::new(
            0,
            half(Words::Sends, skin.glyphs.arrow_right, Label::sender(&sends)),
        ),
        Row::new(
            0,
            half(
                Words::Receives,
                skin.glyphs.arrow_left,
                Label::receiver(&receives),
            ),
        ),
        Row::new(
            5,
            share(
                ending::ending(this, other, view),
                Parts::default(),
                width,
                skin,
            ),
        ),
    ]
}

/// What stands at both sides of a pipe.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Labels {
    /// The direction and the word of the half.
    Full,
    /// The word of the half.
    Words,
    /// The room of `Full`, empty: the outer lines of a thick pipe.
    Blank,
}

/// `send    FIN acked ■────────■ EOF read     receive`, or without the directions.
fn pipe_line(
    pipe: &Pipe,
    flow: Flow,
    view: &View<'_>,
    width: usize,
    labels: Labels,
) -> Line<'static> {
    let (from, to) = (Label::sender(&pipe.from), Label::receiver(&pipe.to));
    let (left, left_word, right, right_word) = match flow {
        Flow::Rightward => (from, Words::Sends, to, Words::Receives),
        Flow::Leftward => (to, Words::Receives, from, Words::Sends),
    };
    let columns = Columns::of(view.locale, labels != Labels::Words);
    let margin = " ".repeat(columns.width() + 2 + 1);
    let cells = width.saturating_sub(2 * margin.len());
    let drawn = pipe::spans(pipe, flow, cells, view.skin, view.locale);
    if labels == Labels::Blank {
        return Line::from_iter(std::iter::once(Span::raw(margin)).chain(drawn));
    }
    let mut spans = vec![Span::raw("  ")];
    spans.extend(columns.left(left_word, left.span(view), view));
    spans.extend(drawn);
    spans.extend(columns.right(right_word, right.span(view), view));
    Line::from(spans)
}

/// The columns at both sides of the pipes: as wide as their widest word, so that no pipe ever moves.
struct Columns {
    direction: usize,
    word: usize,
}

impl Columns {
    fn of(locale: &Locale, directions: bool) -> Columns {
        const WORDS: [Words; 11] = [
            Words::Open,
            Words::Opening,
            Words::FinQueued,
            Words::FinSent,
            Words::FinAcked,
            Words::FinReceived,
            Words::EofRead,
            Words::Shut,
            Words::Reset,
            Words::Gone,
            Words::NotSeen,
        ];
        let widest = |words: &[Words]| {
            words
                .iter()
                .map(|w| locale.say(*w).width())
                .max()
                .unwrap_or(0)
        };
        Columns {
            direction: if directions {
                widest(&[Words::Sends, Words::Receives]) + 1
            } else {
                0
            },
            // One cell more for the mark of an inference.
            word: widest(&WORDS) + 1,
        }
    }

    fn width(&self) -> usize {
        self.direction + self.word
    }

    fn left(&self, direction: Words, word: Span<'static>, view: &View<'_>) -> Vec<Span<'static>> {
        let pad = " ".repeat(self.word.saturating_sub(word.content.width()));
        vec![
            self.direction(direction, view, false),
            Span::raw(pad),
            word,
            Span::raw(" "),
        ]
    }

    fn right(&self, direction: Words, word: Span<'static>, view: &View<'_>) -> Vec<Span<'static>> {
        let pad = " ".repeat(self.word.saturating_sub(word.content.width()));
        vec![
            Span::raw(" "),
            word,
            Span::raw(pad),
            self.direction(direction, view, true),
        ]
    }

    fn direction(&self, word: Words, view: &View<'_>, right: bool) -> Span<'static> {
        if self.direction == 0 {
            return Span::raw("");
        }
        let text = view.locale.say(word);
        let pad = " ".repeat(self.direction.saturating_sub(text.width()));
        let text = if right {
            format!("{pad}{text}")
        } else {
            format!("{text}{pad}")
        };
        Span::styled(text, view.skin.style(Ink::Dim))
    }
}

/// The word of a half, and how it is drawn.
struct Label {
    word: Words,
    ink: Ink,
    inferred: bool,
    since: Option<Micros>,
}

impl Label {
    fn sender(mouth: &Mouth<SendHalf>) -> Label {
        let (word, ink) = match mouth.half.half() {
            Some(SendHalf::Open) if mouth.opening => (Words::Opening, Ink::Dim),
            Some(SendHalf::Open) => (Words::Open, Ink::Open),
            Some(SendHalf::FinQueued { .. }) => (Words::FinQueued, Ink::Closing),
            Some(SendHalf::FinSent) => (Words::FinSent, Ink::Closing),
            Some(SendHalf::FinAcked) => (Words::FinAcked, Ink::Closed),
            Some(SendHalf::Reset) => (Words::Reset, Ink::Broken),
            Some(SendHalf::Gone) => (Words::Gone, Ink::Dim),
            None => (Words::NotSeen, Ink::Dim),
        };
        Label::new(
            word,
            ink,
            matches!(mouth.half, Known::Follows(_)),
            mouth.since,
        )
    }

    fn receiver(mouth: &Mouth<RecvHalf>) -> Label {
        let (word, ink) = match mouth.half.half() {
            Some(RecvHalf::Open) if mouth.opening => (Words::Opening, Ink::Dim),
            Some(RecvHalf::Open) => (Words::Open, Ink::Open),
            Some(RecvHalf::Shut) => (Words::Shut, Ink::Closing),
            Some(RecvHalf::FinReceived { .. }) => (Words::FinReceived, Ink::Closing),
            Some(RecvHalf::EofRead) => (Words::EofRead, Ink::Closed),
            Some(RecvHalf::Reset) => (Words::Reset, Ink::Broken),
            Some(RecvHalf::Gone) => (Words::Gone, Ink::Dim),
            None => (Words::NotSeen, Ink::Dim),
        };
        Label::new(
            word,
            ink,
            matches!(mouth.half, Known::Follows(_)),
            mouth.since,
        )
    }

    fn new(word: Words, ink: Ink, inferred: bool, since: Option<Micros>) -> Label {
        let ink = if inferred { Ink::Inferred } else { ink };
        Label {
            word,
            ink,
            inferred,
            since,
        }
    }

    fn span(&self, view: &View<'_>) -> Span<'static> {
        let mark = if self.inferred {
            view.skin.glyphs.inferred
        } else {
            ""
        };
        let style = view.skin.style(Ink::Title).patch(view.skin.style(self.ink));
        let style = if self.ink == Ink::Dim || self.inferred {
            view.skin.style(self.ink)
        } else {
            style
        };
        Span::styled(
            format!("{mark}{}", view.locale.say(self.word)),
            end::glowing(style, self.since, view.now, view.skin),
        )
    }
}

/// The forecasts: each closing verb on a line where there is room, else that of close over two lines.
fn forecasts(view: &View<'_>, keys: &Keys<'_>, width: usize, breadth: Breadth) -> Vec<Row> {
    let ascii = view.skin.glyphs.ascii;
    let Some(forecasts) = Forecasts::of(view.world, view.this, view.locale, ascii) else {
        return Vec::new();
    };
    match breadth {
        Breadth::Wide => {
            let label = Span::styled(
                format!("  {}", view.locale.say(Words::IfNow)),
                view.skin.style(Ink::Dim),
            );
            let mut rows = vec![Row::new(11, Line::from(label))];
            if Verb::ALL
                .into_iter()
                .all(|verb| forecasts.outlook(verb) == Outlook::NothingToCall)
            {
                let style = forecast_words::style(Outlook::NothingToCall, view.skin);
                let text = format!("  {}", forecasts.sentence(Verb::Close));
                rows.push(Row::new(3, Line::styled(text, style)));
                // The lines of the other verbs stay empty, so that nothing below moves.
                rows.extend(
                    Verb::ALL
                        .iter()
                        .skip(1)
                        .map(|_| Row::new(14, Line::default())),
                );
                return rows;
            }
            let lines = Verb::ALL.into_iter().zip(keys.0).map(|(verb, key)| {
                let rank = if verb == Verb::Close { 3 } else { 10 };
                Row::new(rank, forecast_line(view, &forecasts, verb, key, width))
            });
            rows.extend(lines);
            rows
        }
        Breadth::Medium | Breadth::Narrow => {
            let [first, second] = two_lines(
                &of_close(view, &forecasts),
                width.saturating_sub(4),
                view.skin,
            );
            vec![
                Row::new(3, close_line(view, &forecasts, keys.0[3], first)),
                Row::new(6, close_line(view, &forecasts, " ", second)),
            ]
        }
        Breadth::Tiny => {
            let room = width.saturating_sub(4);
            let text =
                cut(&of_close(view, &forecasts), room, view.skin.glyphs.ellipsis).into_owned();
            vec![Row::new(3, close_line(view, &forecasts, keys.0[3], text))]
        }
    }
}

fn of_close(view: &View<'_>, forecasts: &Forecasts<'_>) -> String {
    format!(
        "{}: {}",
        view.locale.say(Verb::Close.name()),
        forecasts.sentence(Verb::Close)
    )
}

fn close_line(
    view: &View<'_>,
    forecasts: &Forecasts<'_>,
    key: &str,
    text: String,
) -> Line<'static> {
    let style = forecast_words::style(forecasts.outlook(Verb::Close), view.skin);
    Line::from(vec![
        Span::styled(format!("  {key} "), view.skin.style(Ink::Key)),
        Span::styled(text, style),
    ])
}

fn forecast_line(
    view: &View<'_>,
    forecasts: &Forecasts<'_>,
    verb: Verb,
    key: &str,
    width: usize,
) -> Line<'static> {
    let skin = view.skin;
    let outlook = forecasts.outlook(verb);
    let name_width = Verb::ALL
        .iter()
        .map(|v| view.locale.say(v.name()).width())
        .max()
        .unwrap_or(0);
    let name = match outlook {
        Outlook::NothingToCall => skin.style(Ink::Greyed),
        _ => skin.style(Ink::Title),
    };
    let left = vec![
        Span::styled(format!("  {key} "), skin.style(Ink::Key)),
        Span::styled(
            format!("{:name_width$}  ", view.locale.say(verb.name())),
            name,
        ),
        Span::styled(
            forecasts.sentence(verb),
            forecast_words::style(outlook, skin),
        ),
    ];
    let call = match outlook {
        Outlook::NothingToCall => String::new(),
        _ => calls::spell(&verb.command(), view.spelling),
    };
    let call = visible::text(&call, skin.glyphs.ascii).into_owned();
    let taken: usize = left.iter().map(|s| s.content.width()).sum();
    // The call gives way to the sentence.
    let right = if taken + 4 + call.width() <= width {
        vec![Span::styled(format!("{call}  "), skin.style(Ink::App))]
    } else {
        Vec::new()
    };
    spread(left, right, width, skin)
}

/// A sentence broken between words into two lines.
fn two_lines(text: &str, width: usize, skin: Skin) -> [String; 2] {
    if text.width() <= width {
        return [text.to_owned(), String::new()];
    }
    let mut first = String::new();
    let mut rest = text;
    for word in text.split_inclusive(' ') {
        if first.width() + word.trim_end().width() > width {
            break;
        }
        first.push_str(word);
        rest = &text[first.len()..];
    }
    if first.is_empty() {
        return [
            cut(text, width, skin.glyphs.ellipsis).into_owned(),
            String::new(),
        ];
    }
    [
        first.trim_end().to_owned(),
        cut(rest, width, skin.glyphs.ellipsis).into_owned(),
    ]
}
