//! A lesson on the screen: the learner's own key is the step, another one leads off the path, the kernel decides the
//! question, and no language breaks a column.

use std::sync::Arc;

use finspect::command::Statement;
use finspect::lesson::Lesson;
use finspect::ui::{Effect, LessonRow, LessonStanding, Msg};

use super::pictures::compare;
use super::stage::{Look, Stage};

const ENGLISH: &str = r#"+++
title = "A question of direction"
level = 1
minutes = 3
learn = ["What one end closes, the other may keep open."]
sources = ["RFC 9293, section 3.6"]
+++

# One direction

The client has **no more** to say, so it calls `shutdown`.

```lab setup
server: listen 6000
client: connect server
```

```c posix
connect(fd, &addr, len);
shutdown(fd, SHUT_WR);   // (1)
```

```lab
client: shutdown send    # (1) no more will come
```

```ask
What did the server's `recv` return?
[ ] `0`: end of file
    server: expect eof
[ ] `-1`, with `ECONNRESET`
    server: expect error ECONNRESET
```

A FIN is no error: it ends the stream, in order.

```lab
server: close
```
"#;

const CHINESE: &str = r#"+++
title = "方向的问题：只关闭发送方向，另一个方向仍然打开着"
level = 1
minutes = 3
+++

客户端**没有更多**数据要发送，因此它调用 `shutdown`。服务器读到文件结束符之后，仍然可以继续发送数据，直到它自己也关闭连接为止。

```lab setup
server: listen 6000
client: connect server
```

```ask
服务器的 `recv` 会返回什么？
[ ] `0`：文件结束
    server: expect eof
[ ] `-1`，错误码为 `ECONNRESET`
    server: expect error ECONNRESET
client: shutdown send
```
"#;

fn lesson(text: &str) -> Msg {
    let lesson = Lesson::read("direction", text).expect("a right lesson");
    Msg::Lesson {
        lesson: Arc::new(lesson),
        key: "direction".to_owned(),
    }
}

/// What the lesson wants played now.
fn played(stage: &mut Stage) -> Vec<String> {
    let play = |effect: Effect| match effect {
        Effect::Play {
            statement: Statement::Do { actor, command },
            ..
        } => Some(format!("{}: {command}", actor.unwrap_or_default())),
        _ => None,
    };
    std::mem::take(&mut stage.effects)
        .into_iter()
        .filter_map(play)
        .collect()
}

/// The lesson with its pair, standing at the learner's first line or question.
fn opened(width: u16, height: u16, look: Look, text: &str) -> Stage {
    let mut stage = Stage::lab_alone(width, height, look);
    stage.msg(lesson(text));
    assert_eq!(played(&mut stage), ["server: listen 6000"]);
    stage.msg(Msg::Starting).msg(Msg::Played(None));
    assert_eq!(played(&mut stage), ["client: connect server"]);
    stage
        .msg(Msg::Starting)
        .open_pair()
        .msg(Msg::Played(None))
        .wait(2000);
    stage
}

#[test]
fn the_learners_own_key_is_the_step() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    assert_eq!(stage.selected(), "client", "the one that acts is selected");
    stage.press("s");
    assert_eq!(played(&mut stage), ["client: shutdown send"]);
    assert!(!stage.picture().contains("left the path"));
}

#[test]
fn enter_does_the_same() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    stage.press("Enter");
    assert_eq!(played(&mut stage), ["client: shutdown send"]);
}

#[test]
fn another_key_is_done_all_the_same_and_leads_off_the_path() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    stage.press("x");
    assert_eq!(stage.asked(), ["client: abort"]);
    assert!(
        stage.picture().contains("You have left the path"),
        "{}",
        stage.picture()
    );
    stage.press("J");
    assert!(stage.effects.contains(&Effect::FreshWorld));
    stage.effects.clear();
    stage.msg(Msg::Fresh);
    assert_eq!(
        played(&mut stage),
        ["server: listen 6000"],
        "all of it once more"
    );
}

#[test]
fn the_kernel_decides_the_question_and_the_reason_is_shown() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    stage
        .press("s")
        .msg(Msg::Starting)
        .half_close()
        .msg(Msg::Played(None));
    assert!(
        stage.picture().contains("What do you think?"),
        "{}",
        stage.picture()
    );
    stage.press("2");
    let picture = stage.picture();
    assert!(picture.contains("Not this time"), "{picture}");
    assert!(
        !picture.contains("no error"),
        "the explanation comes after the answer is read"
    );
    stage.press("Enter");
    assert!(
        stage.picture().contains("A FIN is no error"),
        "{}",
        stage.picture()
    );
}

#[test]
fn an_answer_that_is_not_there_is_refused_with_a_word() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    stage
        .press("s")
        .msg(Msg::Starting)
        .half_close()
        .msg(Msg::Played(None));
    stage.press("4");
    assert!(
        stage.picture().contains("no such answer"),
        "{}",
        stage.picture()
    );
    stage.press("Enter");
    assert!(
        stage.picture().contains("choose an answer first"),
        "{}",
        stage.picture()
    );
}

#[test]
fn pictures_of_a_lesson() {
    for (width, height) in [(120, 36), (80, 24)] {
        for (look, word) in [(Look::Utf8, "utf8"), (Look::Ascii, "ascii")] {
            let mut stage = opened(width, height, look, ENGLISH);
            compare(
                &format!("lesson-step-{width}x{height}-{word}"),
                &stage.picture(),
            );
            stage
                .press("s")
                .msg(Msg::Starting)
                .half_close()
                .msg(Msg::Played(None));
            compare(
                &format!("lesson-question-{width}x{height}-{word}"),
                &stage.picture(),
            );
            stage.press("1").wait(2000);
            compare(
                &format!("lesson-answer-{width}x{height}-{word}"),
                &stage.picture(),
            );
            assert!(look == Look::Utf8 || stage.picture().is_ascii());
        }
    }
}

#[test]
fn where_one_pane_has_room_it_is_the_lesson_and_tab_leads_to_the_others() {
    for (width, height) in [(40, 10), (20, 5)] {
        let mut stage = opened(width, height, Look::Utf8, ENGLISH);
        compare(
            &format!("lesson-step-{width}x{height}-utf8"),
            &stage.picture(),
        );
        stage.press("s");
        assert_eq!(played(&mut stage), ["client: shutdown send"]);
        let lesson = stage.picture();
        stage.press("Tab");
        assert_ne!(stage.picture(), lesson, "{width}x{height}");
    }
}

#[test]
fn wide_characters_keep_to_their_columns() {
    for (width, height) in [(120, 36), (111, 30), (80, 24), (40, 12), (20, 5)] {
        let stage = opened(width, height, Look::Utf8, CHINESE);
        let picture = stage.picture();
        for row in picture.lines() {
            let cells = unicode_width::UnicodeWidthStr::width(row);
            assert!(cells <= usize::from(width), "{cells} cells: {row}");
        }
    }
    let stage = opened(120, 36, Look::Utf8, CHINESE);
    compare("lesson-chinese-120x36-utf8", &stage.picture());
}

#[test]
fn for_a_class_only_what_matters_is_shown_with_the_key_that_was_pressed() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    stage.press("P").press("j");
    let picture = stage.picture();
    assert!(picture.contains("key j"), "{picture}");
    assert!(
        picture.contains("no more will come"),
        "the lesson's own words: {picture}"
    );
    assert!(!picture.contains("─ log"), "{picture}");
    compare("lesson-class-120x36-utf8", &picture);
}

#[test]
fn a_frozen_picture_stands_until_a_key_lets_it_move() {
    let mut stage = opened(120, 36, Look::Utf8, ENGLISH);
    stage.press("F");
    assert!(stage.picture().contains("frozen"), "{}", stage.picture());
    stage.model.drawn();
    stage.send("server", b"news");
    assert!(!stage.model.needs_draw(), "it stands");
    stage.press("s");
    assert_eq!(played(&mut stage), [""; 0], "the key only lets it move");
    assert!(stage.model.needs_draw());
    stage.press("s");
    assert_eq!(played(&mut stage), ["client: shutdown send"]);
}

#[test]
fn the_list_shows_levels_and_progress_and_opens_what_is_chosen() {
    let row = |name: &str, level, standing| LessonRow {
        name: name.to_owned(),
        key: name.to_owned(),
        level,
        title: format!("About {name}"),
        minutes: 5,
        standing,
        needs_lab: false,
    };
    let mut stage = Stage::lab(120, 36, Look::Utf8);
    stage.press("L");
    assert!(stage.effects.contains(&Effect::ListLessons));
    let rows = vec![
        row("first", 1, LessonStanding::Done),
        row("second", 1, LessonStanding::Begun { done: 2, of: 7 }),
        row("third", 2, LessonStanding::New),
    ];
    let broken = Vec::new();
    stage.msg(Msg::Lessons { rows, broken });
    compare("lessons-120x36-utf8", &stage.picture());
    stage.resize(40, 12);
    compare("lessons-40x12-utf8", &stage.picture());
    stage.resize(120, 36);
    stage.press("j Enter");
    assert!(
        stage
            .effects
            .contains(&Effect::OpenLesson("third".to_owned())),
        "{:?}",
        stage.effects
    );
}
