//! Lessons read, and mistakes in them with their places.

use super::*;

const HEAD: &str = "+++\ntitle = \"Test\"\nlevel = 1\nminutes = 3\n+++\n";

fn read(body: &str) -> Result<Lesson, Vec<LessonError>> {
    Lesson::read("test", &format!("{HEAD}{body}"))
}

/// Line, column and the words marked of each mistake.
fn mistakes(text: &str) -> Vec<(u32, usize, String, Flaw)> {
    let errors = Lesson::read("test", text).expect_err("this lesson has mistakes");
    errors
        .into_iter()
        .map(|e| (e.line, e.column, text[e.span].to_owned(), e.flaw))
        .collect()
}

fn mistake(body: &str) -> (u32, usize, String, Flaw) {
    let mut all = mistakes(&format!("{HEAD}{body}"));
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

const WHOLE: &str = r#"# Half-close

The **server** has no more to *say*, so it calls `shutdown`.

```lab setup
server: listen 6000
client: connect server
```

- one
- two

```ask
What does recv return
at the client?
[ ] `0`: end of file
    client: expect eof
    client: expect state CLOSE-WAIT
[ ] an errno
    client: expect error ECONNRESET
server: shutdown send  # (1) the server has said all
```

```c posix
shutdown(fd, SHUT_WR);   // (1)
close(fd);               // (2)
```

```lab
client: close   # (2)
server: close
server: expect state TIME-WAIT
```
"#;

#[test]
fn a_lesson_is_prose_steps_questions_and_listings_in_order() {
    let lesson = read(WHOLE).expect("a right lesson");
    let kinds: Vec<&str> = lesson
        .blocks
        .iter()
        .map(|block| match block {
            Block::Prose(Prose::Heading { .. }) => "heading",
            Block::Prose(Prose::Item { .. }) => "item",
            Block::Prose(_) => "prose",
            Block::Steps(steps) if steps.setup => "setup",
            Block::Steps(_) => "steps",
            Block::Ask(_) => "ask",
            Block::Listing(_) => "listing",
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "heading", "prose", "setup", "item", "item", "ask", "listing", "steps"
        ]
    );
    let Some(Block::Ask(ask)) = lesson.blocks.get(5) else {
        panic!("the question");
    };
    assert_eq!(plain(&ask.question), "What does recv return at the client?");
    assert_eq!(ask.choices[0].text[0].manner, Manner::Code);
    let said = |step: &Step| lesson.line(step.line).text.clone();
    assert_eq!(ask.steps.len(), 1);
    assert!(said(&ask.steps[0]).starts_with("server: shutdown send"));
    assert_eq!(ask.steps[0].mark, Some(1));
    assert_eq!(
        ask.steps[0].says.as_deref(),
        Some("the server has said all")
    );
    assert_eq!(
        lesson.skeleton(),
        [
            "server: listen 6000",
            "client: connect server",
            "client: expect eof",
            "client: expect state CLOSE-WAIT",
            "client: expect error ECONNRESET",
            "server: shutdown send",
            "client: close",
            "server: close",
            "server: expect state TIME-WAIT",
        ]
    );
    // What is done runs before what is expected of it.
    let numbers: Vec<u32> = lesson.script.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [11, 12, 26, 22, 23, 25, 35, 36, 37]);
}

#[test]
fn mistakes_in_steps_have_their_place_also_under_wide_text() {
    let (line, column, words, _) = mistake("文字 текст\n\n```lab\nсервер: listne 6000\n```\n");
    assert_eq!((line, column, words.as_str()), (9, 9, "listne"));
    let (line, column, words, _) =
        mistake("```lab\nserver: listen 1\n客户端: connect sevrer   # 你好\n```\n");
    assert_eq!((line, column, words.as_str()), (8, 14, "sevrer"));
}

#[test]
fn each_flaw_is_told_where_it_stands() {
    let lab = "```lab\nserver: listen 1\n```\n";
    let ask = |inside: &str| format!("{lab}```ask\n{inside}\n```\n");
    let two = "[ ] a\n    server: expect state LISTEN\n[ ] b\n    server: expect state CLOSED";
    let rows: [(String, &str, Flaw); 10] = [
        ("only words\n".to_owned(), "", Flaw::NoSteps),
        (
            "```lab\nserver: listen 1\n".to_owned(),
            "```lab",
            Flaw::OpenFence,
        ),
        (
            "- in a list\n\n  ```lab\n  server: listen 1\n  ```\n".to_owned(),
            "```lab",
            Flaw::Indented,
        ),
        (
            "```lab sutep\nserver: listen 1\n```\n".to_owned(),
            "```lab sutep",
            Flaw::LabWord("sutep".to_owned()),
        ),
        (
            "```c posixx\nclose(fd);\n```\n".to_owned(),
            "```c posixx",
            Flaw::Interface("posixx".to_owned()),
        ),
        (ask(two), "```ask", Flaw::NoQuestion),
        (
            ask("Why?\n[ ] a\n    server: expect state LISTEN"),
            "```ask",
            Flaw::Choices(1),
        ),
        (ask("Why?\n[x] a"), "[x] a", Flaw::Ticked),
        (
            ask("Why?\n[ ] a\n[ ] b\n    server: expect eof"),
            "[ ] a",
            Flaw::NothingExpected,
        ),
        (
            "```lab\nserver: listen 1   # (7) here\n```\n".to_owned(),
            "# (7) here",
            Flaw::NoMark(7),
        ),
    ];
    for (body, words, flaw) in rows {
        let (_, _, marked, told) = mistake(&body);
        assert_eq!((marked.as_str(), &told), (words, &flaw), "{body}");
        assert!(!told.to_string().is_empty());
    }
    let (_, _, marked, told) = mistake(&ask(&format!("Why?\n{two}\n    server: close")));
    assert_eq!(
        (marked.as_str(), told),
        ("server: close", Flaw::NotExpected)
    );
    let (_, _, marked, told) = mistake(&ask(&format!("Why?\n{two}\nserver.listen: close\n[ ] c")));
    assert_eq!((marked.as_str(), told), ("[ ] c", Flaw::LateChoice));
}

#[test]
fn front_matter_is_checked() {
    let wrong = |text: &str| {
        let mut all = mistakes(text);
        assert_eq!(all.len(), 1);
        all.remove(0)
    };
    assert_eq!(wrong("# No head\n").3, Flaw::NoFrontMatter);
    assert_eq!(wrong("").3, Flaw::NoFrontMatter);
    assert_eq!(wrong("+++\ntitle = \"x\"\n").3, Flaw::OpenFence);
    let (line, column, words, flaw) =
        wrong("+++\ntitle = \"x\"\nlevel = 9\nminutes = 1\n+++\n```lab\n```\n");
    assert_eq!((line, column, words.as_str()), (3, 9, "9"));
    assert_eq!(flaw, Flaw::Level(9));
    let (line, column, words, flaw) =
        wrong("\u{feff}+++\r\ntitle = \"题目\"\r\nlevle = 1\r\nminutes = 1\r\n+++\r\n");
    assert_eq!((line, column, words.as_str()), (3, 1, "levle"));
    assert!(matches!(flaw, Flaw::FrontMatter(why) if why.contains("levle")));
}

#[test]
fn windows_line_ends_read_the_same() {
    let unix = read(WHOLE).expect("a right lesson");
    let windows = format!("{HEAD}{WHOLE}").replace('\n', "\r\n");
    assert_eq!(Lesson::read("test", &windows), Ok(unix));
}

#[test]
fn a_line_end_is_a_space_but_not_between_wide_characters() {
    let text = |body: &str| {
        let lesson = read(&format!("{body}\n\n```lab\nserver: listen 1\n```\n")).expect("right");
        match lesson.blocks.first() {
            Some(Block::Prose(Prose::Paragraph(rich))) => plain(rich),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(text("one\ntwo"), "one two");
    assert_eq!(
        text("服务器发送文件，\n然后关闭。"),
        "服务器发送文件，然后关闭。"
    );
    assert_eq!(text("сервер\nзакрывает"), "сервер закрывает");
}

#[test]
fn nothing_of_a_text_is_lost() {
    let lesson = read(
        "    indented, so a listing\n\nSee <errno> there.\n\n```lab\nserver: listen 1\n```\n```ask\nWhat?\n[ ] - 1\n    server.listen: expect state LISTEN\n[ ] 2. <none>\n    server.listen: expect state CLOSED\n```\n",
    )
    .expect("right");
    let Block::Listing(listing) = &lesson.blocks[0] else {
        panic!("{:?}", lesson.blocks[0]);
    };
    assert_eq!(listing.lines[0].text, "indented, so a listing");
    let Block::Prose(Prose::Paragraph(words)) = &lesson.blocks[1] else {
        panic!("{:?}", lesson.blocks[1]);
    };
    assert_eq!(plain(words), "See <errno> there.");
    let ask = lesson.questions().next().expect("a question");
    let choices: Vec<String> = ask.choices.iter().map(|c| plain(&c.text)).collect();
    assert_eq!(choices, ["- 1", "2. <none>"]);
}
