//! Lines with a left and a right part, cut to their cells. It knows nothing of what they say.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::ui::theme::{Ink, Skin};
use crate::ui::visible::cut;

/// Left part and right part of one line; the two never overlap, and each gets half where both are too long.
pub(super) fn spread<'a>(
    left: Vec<Span<'a>>,
    right: Vec<Span<'a>>,
    width: usize,
    skin: Skin,
) -> Line<'a> {
    let (l, r) = (cells(&left), cells(&right));
    let gap = usize::from(l > 0 && r > 0) * 2;
    let room = width.saturating_sub(gap);
    let (l_room, r_room) = if l + r <= room {
        (l, r)
    } else if l <= room / 2 {
        (l, room - l)
    } else if r <= room / 2 {
        (room - r, r)
    } else {
        (room - room / 2, room / 2)
    };
    let mut spans = fit(left, l_room, skin);
    let right = fit(right, r_room, skin);
    let used = cells(&spans) + cells(&right);
    spans.push(Span::raw(" ".repeat(width.saturating_sub(used))));
    spans.extend(right);
    Line::from(spans)
}

/// Spans cut to `width` cells.
pub(super) fn fit<'a>(spans: Vec<Span<'a>>, width: usize, skin: Skin) -> Vec<Span<'a>> {
    if cells(&spans) <= width {
        return spans;
    }
    let mut left = width;
    let mut out = Vec::with_capacity(spans.len());
    for span in spans {
        let wide = span.content.width();
        if wide < left {
            left -= wide;
            out.push(span);
            continue;
        }
        // The span that crosses the edge carries the ellipsis, even when it would just have fitted by itself.
        let over = format!("{} ", span.content);
        out.push(Span::styled(
            cut(&over, left, skin.glyphs.ellipsis).into_owned(),
            span.style,
        ));
        break;
    }
    out
}

/// Cells that spans take.
pub(super) fn cells(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|s| s.content.width()).sum()
}

/// ` ─ title ───────── right ─`: the rule that begins a pane.
pub(super) fn title<'a>(title: &str, right: &str, width: usize, skin: Skin) -> Line<'a> {
    let rule = skin.glyphs.rule;
    let dim = skin.style(Ink::Dim);
    let left = vec![
        Span::styled(format!(" {rule} "), dim),
        Span::styled(format!("{title} "), skin.style(Ink::Title)),
    ];
    let right = if right.is_empty() {
        Vec::new()
    } else {
        vec![Span::styled(format!(" {right} {rule}"), dim)]
    };
    let room = width.saturating_sub(cells(&left));
    let right = fit(right, room, skin);
    let fill = rule.repeat(room.saturating_sub(cells(&right)));
    let mut spans = fit(left, width, skin);
    spans.push(Span::styled(fill, dim));
    spans.extend(right);
    Line::from(spans)
}

/// Puts lines below each other; what does not fit into the area is left out.
pub(super) fn put<'a>(buf: &mut Buffer, area: Rect, lines: impl IntoIterator<Item = Line<'a>>) {
    let area = area.intersection(*buf.area());
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        buf.set_line(area.x, y, &line, area.width);
    }
}

/// A count with a mark between each three digits: `12,345`.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Theme, UNICODE};

    const SKIN: Skin = Skin {
        theme: Theme::Plain,
        glyphs: &UNICODE,
    };

    #[test]
    fn two_parts_share_a_line() {
        let line = |l: &'static str, r: &'static str, w| {
            spread(vec![l.into()], vec![r.into()], w, SKIN).to_string()
        };
        assert_eq!(line("left", "right", 12), "left   right");
        assert_eq!(line("a long left part", "right", 14), "a long…  right");
        assert_eq!(
            line("a long left part", "a long right part", 14),
            "a lon…  a lon…"
        );
        assert_eq!(line("left", "right", 0), "");
    }

    #[test]
    fn a_title_ends_at_the_edge() {
        assert_eq!(title("log", "", 12, SKIN).to_string(), " ─ log ─────");
        assert_eq!(
            title("log", "no wire", 18, SKIN).to_string(),
            " ─ log ─ no wire ─"
        );
        assert_eq!(title("log", "no wire", 4, SKIN).to_string(), " ─ …");
        assert_eq!(title("log", "", 0, SKIN).to_string(), "");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1234567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
