//! The tour by keys alone, pressed on a real screen, and the picture at the head of the README, which it passes on its way.

use finspect::tcp::Power;

use crate::blocks::{blocks_of, plain, quoted, table};
use crate::require::require;
use crate::terminal::Terminal;
use crate::tour::Tour;

/// Everything above the log, and the footer, line by line.
fn settled(picture: &str) -> Vec<String> {
    let lines: Vec<String> = picture.trim_end().lines().map(plain).collect();
    let log = lines
        .iter()
        .position(|l| l.starts_with("─ log"))
        .unwrap_or(lines.len());
    let (above, rest) = lines.split_at(log);
    above.iter().chain(rest.last()).cloned().collect()
}

/// The lines of the log from the half-close on; what two ends and the wire do at the same time has no order, so what
/// stands above differs.
fn log(picture: &str) -> Vec<String> {
    let lines = picture.lines().map(plain);
    let mut log: Vec<String> = lines
        .skip_while(|l| !l.starts_with("─ log"))
        .skip_while(|l| !l.contains("FIN-WAIT-1 → FIN-WAIT-2"))
        .take_while(|l| !l.is_empty())
        .collect();
    log.sort();
    log
}

#[test]
fn the_keys_of_the_tour_do_what_it_says() {
    if !require(Power::SockDiag) {
        return;
    }
    let tour = Tour::new();
    let mut terminal = Terminal::start(&tour);
    terminal.wait_until("a connected pair", |p| {
        p.matches("ESTABLISHED").count() >= 4
    });
    let shown = blocks_of("text screen")[0].text;
    let mut pictured = false;
    for row in table("| press | then type | and see |") {
        let [key] = quoted(&row[0])[..] else {
            panic!("one key a row: {row:?}");
        };
        terminal.press(key);
        if let [text] = quoted(&row[1])[..] {
            assert!(row[1].ends_with("` Enter"), "{row:?}");
            terminal.write(text);
            terminal.press("Enter");
        }
        for text in quoted(&row[2]) {
            terminal.wait_until(text, |picture| picture.contains(text));
        }
        if row[1].contains("Thank you") {
            terminal.wait_until("the picture of the README", |picture| {
                settled(picture) == settled(shown) && log(picture) == log(shown)
            });
            pictured = true;
        }
    }
    assert!(pictured, "the tour does not come by the picture");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
}
