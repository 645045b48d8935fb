//! Text of a lesson: paragraphs of pieces, each piece in one manner. How wide they are drawn is not decided here.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthChar;

/// How a piece is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Manner {
    #[default]
    Plain,
    Strong,
    Emphasis,
    Code,
}

/// A run of text in one manner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub manner: Manner,
}

/// Text with its manners, without line ends.
pub type Rich = Vec<Piece>;

/// A paragraph and its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prose {
    Heading {
        level: u8,
        text: Rich,
    },
    Paragraph(Rich),
    /// An item of a list; `ordinal` where the list counts. Further paragraphs of the item follow as items without sign.
    Item {
        depth: usize,
        sign: Sign,
        text: Rich,
    },
    Quote(Rich),
    Rule,
}

/// What stands before an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Bullet,
    Number(u64),
    None,
}

/// Collects the events of a document's text. A code block is not its business.
#[derive(Debug, Default)]
pub(super) struct Setter {
    rich: Rich,
    manners: Vec<Manner>,
    heading: Option<u8>,
    quotes: usize,
    /// The next number of each list that is open.
    lists: Vec<Option<u64>>,
    sign: Option<Sign>,
    done: Vec<Prose>,
}

impl Setter {
    pub fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => self.push(text, self.manner()),
            Event::Code(text) => self.push(text, Manner::Code),
            // Where a line ends behind a wide character, no space stood in the text.
            Event::SoftBreak if self.ends_wide() => {}
            Event::SoftBreak | Event::HardBreak => self.push(" ", self.manner()),
            Event::Rule => self.done.push(Prose::Rule),
            // A stranger's HTML is nothing to show; the other extensions are off.
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    /// What is complete.
    pub fn done(&mut self) -> Vec<Prose> {
        self.finish();
        std::mem::take(&mut self.done)
    }

    /// Inside a list or a quote.
    pub fn is_nested(&self) -> bool {
        self.quotes > 0 || !self.lists.is_empty()
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.heading = Some(depth(*level)),
            Tag::Strong => self.manners.push(Manner::Strong),
            Tag::Emphasis => self.manners.push(Manner::Emphasis),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(first) => {
                self.finish();
                self.lists.push(*first);
            }
            Tag::Item => {
                let sign = match self.lists.last_mut() {
                    Some(Some(next)) => {
                        *next += 1;
                        Sign::Number(*next - 1)
                    }
                    _ => Sign::Bullet,
                };
                self.sign = Some(sign);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis => {
                self.manners.pop();
            }
            TagEnd::Paragraph | TagEnd::Item => self.finish(),
            TagEnd::Heading(_) => {
                self.finish();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) => {
                self.finish();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.finish();
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn ends_wide(&self) -> bool {
        let last = self.rich.last().and_then(|piece| piece.text.chars().last());
        last.is_some_and(|c| c.width().unwrap_or(0) > 1)
    }

    fn manner(&self) -> Manner {
        self.manners.last().copied().unwrap_or_default()
    }

    fn push(&mut self, text: &str, manner: Manner) {
        match self.rich.last_mut() {
            Some(last) if last.manner == manner && manner != Manner::Code => {
                last.text.push_str(text)
            }
            _ => self.rich.push(Piece {
                text: text.to_owned(),
                manner,
            }),
        }
    }

    fn finish(&mut self) {
        let text = std::mem::take(&mut self.rich);
        if text.is_empty() {
            return;
        }
        let prose = if let Some(level) = self.heading {
            Prose::Heading { level, text }
        } else if !self.lists.is_empty() {
            Prose::Item {
                depth: self.lists.len() - 1,
                sign: self.sign.take().unwrap_or(Sign::None),
                text,
            }
        } else if self.quotes > 0 {
            Prose::Quote(text)
        } else {
            Prose::Paragraph(text)
        };
        self.done.push(prose);
    }
}

const fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// One line of text, of a question or a choice.
pub(super) fn rich(text: &str) -> Rich {
    let mut setter = Setter::default();
    for event in Parser::new_ext(text, Options::empty()) {
        setter.take(&event);
    }
    let pieces = |prose: Prose| match prose {
        Prose::Heading { text, .. }
        | Prose::Paragraph(text)
        | Prose::Item { text, .. }
        | Prose::Quote(text) => text,
        Prose::Rule => Rich::new(),
    };
    setter.done().into_iter().flat_map(pieces).collect()
}

/// The words alone.
pub fn plain(rich: &[Piece]) -> String {
    rich.iter().map(|piece| piece.text.as_str()).collect()
}
