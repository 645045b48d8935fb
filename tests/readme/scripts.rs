//! The tour: every line of shell and every script that the README shows is run.

use std::fs;
use std::path::Path;

use finspect::tcp::Power;

use crate::blocks::{README, blocks, blocks_of, plain};
use crate::require::require;
use crate::tour::{Tour, said, web_server};

/// A line of shell, and the exit code that stands behind it: `finspect ... # exit 2`.
fn expected(line: &str) -> (&str, i32) {
    match line.split_once("# exit ") {
        Some((line, code)) => (line.trim_end(), code.trim().parse().expect("a number")),
        None => (line, 0),
    }
}

#[test]
fn the_tour_runs_and_prints_what_is_shown() {
    if !require(Power::SockDiag) {
        return;
    }
    let tour = Tour::new();
    let mut printed = String::new();
    for block in blocks() {
        match block.info {
            "sh tour" => {
                printed.clear();
                for line in block.text.lines().filter(|l| !l.is_empty()) {
                    let (line, code) = expected(line);
                    let mut shell = tour.with_port(line);
                    if shell.contains("example.org:80") {
                        shell = shell.replace("example.org:80", &web_server());
                    }
                    let output = tour.shell(&shell);
                    printed.push_str(&said(&output));
                    assert_eq!(output.status.code(), Some(code), "{line}\n{printed}");
                    assert!(
                        !output.stdout.is_empty() || !printed.is_empty() || line.contains('>'),
                        "it prints nothing: {line}"
                    );
                }
            }
            "text shown" => {
                let lines: Vec<String> = printed.lines().map(plain).collect();
                for line in tour.with_port(block.text).lines().map(plain) {
                    assert!(
                        lines.contains(&line),
                        "the program does not print this line of the README:\n{line}\nbut\n{printed}"
                    );
                }
            }
            _ => {}
        }
    }
    for made in ["half-close.jsonl", "finspect.1", "finspect.bash"] {
        let text = tour.read(made);
        assert!(text.lines().count() > 10, "{made} is short:\n{text}");
    }
}

#[test]
fn the_web_server_of_the_tour_is_answered_after_a_half_close() {
    let line = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | finspect connect example.org:80";
    assert!(README.contains(line));
    let output = Tour::new().shell(&line.replace("example.org:80", &web_server()));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(output.stdout, b"HTTP/1.0 200 OK\r\n\r\nhello\n");
    let story = String::from_utf8_lossy(&output.stderr);
    assert!(story.contains("shutdown(send) = 0"), "{story}");
}

#[test]
fn every_script_passes() {
    if !require(Power::SockDiag) {
        return;
    }
    let tour = Tour::new();
    for block in blocks_of("play") {
        let output = tour.finspect(&["run", "-"], &tour.with_port(block.text));
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}\n{}",
            block.text,
            said(&output)
        );
    }
}

#[test]
fn the_lesson_that_is_shown_whole_is_right_and_runs() {
    if !require(Power::SockDiag) {
        return;
    }
    let (_, after) = README
        .split_once("\n````markdown\n")
        .expect("a whole lesson");
    let (lesson, _) = after.split_once("\n````").expect("its end");
    let tour = Tour::new();
    let lesson = tour.with_port(lesson);
    for args in [["learn", "--check", "-"].as_slice(), &["run", "-"]] {
        let output = tour.finspect(args, &lesson);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
}

#[test]
fn the_script_of_the_demonstration_is_shown_as_it_is() {
    let shown = blocks_of("play assets/demo/half-close.play");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/half-close.play");
    let text = fs::read_to_string(file).expect("the demonstration");
    assert_eq!(shown[0].text, text);
}

#[test]
fn every_link_leads_somewhere() {
    for link in README.split("](").skip(1) {
        let (target, _) = link.split_once(')').expect("a link ends");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(file.exists(), "{target}");
    }
}
