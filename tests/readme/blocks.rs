//! The README as its parts: fenced blocks, tables, and what stands between two marks.

/// The whole page.
pub const README: &str = include_str!("../../README.md");

/// A fenced block: the words behind the fence, and the text in it.
pub struct Block {
    pub info: &'static str,
    pub text: &'static str,
}

/// Every block, in order.
pub fn blocks() -> Vec<Block> {
    let mut found = Vec::new();
    let mut rest = README;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (info, body) = after.split_once('\n').expect("a line after the fence");
        let end = body.find("```").expect("the block ends");
        found.push(Block {
            info,
            text: &body[..end],
        });
        rest = &body[end + 3..];
    }
    found
}

/// The blocks of one kind, by all words behind the fence; there must be some.
pub fn blocks_of(info: &str) -> Vec<Block> {
    let found: Vec<Block> = blocks().into_iter().filter(|b| b.info == info).collect();
    assert!(!found.is_empty(), "the README has no block marked {info}");
    found
}

/// The rows of the table with this head, each as its cells, without white space at their ends.
pub fn table(head: &str) -> Vec<Vec<String>> {
    let (_, after) = README
        .split_once(&format!("\n{head}\n"))
        .unwrap_or_else(|| panic!("the README has no table {head}"));
    after
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let inner = line.trim_matches('|').replace("\\|", "\u{0}");
            let cells = inner.split('|');
            cells
                .map(|cell| cell.trim().replace('\u{0}', "|"))
                .collect()
        })
        .collect()
}

/// What stands between `<!-- name -->` and `<!-- end -->`.
pub fn between(name: &str) -> &'static str {
    let mark = format!("<!-- {name} -->\n");
    let (_, after) = README
        .split_once(&mark)
        .unwrap_or_else(|| panic!("the README has no mark {mark}"));
    let (inside, _) = after.split_once("<!-- end -->").expect("an end");
    inside
}

/// The texts in backquotes of a cell.
pub fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// A line without what differs from run to run: every number is 0, every gap one space, inferences are not marked.
pub fn plain(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '0'..='9' if out.ends_with('0') => {}
            '0'..='9' => out.push('0'),
            '~' => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().trim_end_matches(" inferred").to_owned()
}
