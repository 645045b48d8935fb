//! Both ends with the pipes between them: beside each other, stacked in a narrow pane, in words in a tiny one.

use ratatui::text::{Line, Span};

use super::canvas::Flow;
use super::labels::{Label, Labels, pipe_line};
use super::parts::Breadth;
use super::parts::{Parts, Row, Thickness, indented, outdented, share};
use super::scene::{End, Pipe, Scene};
use super::view::View;
use super::{end, ending, numbers};
use crate::locale::Pipe as Words;
use crate::ui::panes::line::spread;
use crate::ui::theme::Ink;

pub(super) fn side_by_side(
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

fn ending_line(scene: &Scene<'_>, view: &View<'_>, width: usize) -> Line<'static> {
    let left = ending::ending(scene.left, scene.right, view);
    let right = ending::ending(scene.right, scene.left, view);
    share(left, right, width, view.skin)
}

pub(super) fn stacked(scene: &Scene<'_>, view: &View<'_>, width: usize) -> Vec<Row> {
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

pub(super) fn in_words(scene: &Scene<'_>, view: &View<'_>, width: usize) -> Vec<Row> {
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
