//! Whatever is pressed, on whatever screen, whatever the peer says: no panic, nothing raw, nothing outside the screen.

use super::stage::{Look, Stage, Told, idle, told};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use finspect::journal::{Fate, Note};
use finspect::tcp::{Errno, State};
use finspect::ui::Msg;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Click(u16, u16),
    Wheel(u16, u16, bool),
    Resize(u16, u16),
    Paste(String),
    Event(u8),
    Wait(u64),
}

fn key() -> impl Strategy<Value = KeyCode> {
    prop_oneof![
        4 => proptest::char::range(' ', '~').prop_map(KeyCode::Char),
        1 => any::<char>().prop_map(KeyCode::Char),
        4 => proptest::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down,
            KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown,
            KeyCode::Backspace, KeyCode::Delete, KeyCode::F(6), KeyCode::Null,
        ]),
    ]
}

fn modifiers() -> impl Strategy<Value = KeyModifiers> {
    prop_oneof![
        6 => Just(KeyModifiers::NONE),
        1 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::SHIFT),
        1 => Just(KeyModifiers::ALT),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (key(), modifiers()).prop_map(|(code, modifiers)| Step::Key(code, modifiers)),
        2 => (0..220_u16, 0..70_u16).prop_map(|(x, y)| Step::Click(x, y)),
        1 => (0..220_u16, 0..70_u16, any::<bool>()).prop_map(|(x, y, up)| Step::Wheel(x, y, up)),
        2 => (0..210_u16, 0..62_u16).prop_map(|(w, h)| Step::Resize(w, h)),
        1 => ".{0,20}".prop_map(Step::Paste),
        4 => any::<u8>().prop_map(Step::Event),
        1 => (0..3000_u64).prop_map(Step::Wait),
    ]
}

/// Events with hostile names and bytes among them.
fn event(stage: &mut Stage, n: u8) {
    let name = [
        "client",
        "server",
        "evil\x1b]0;x\x07",
        "中文\u{202e}",
        "server.listen",
    ][usize::from(n) % 5];
    match n / 5 % 9 {
        0 => stage.send(name, b"\x1b[2J\xff\r\n"),
        1 => stage.recv(name, "\u{9b}31m中\u{0301}".as_bytes()),
        2 => stage.recv(name, b""),
        3 => stage.reading(
            name,
            Some((State::Established, State::CloseWait)),
            idle(State::CloseWait),
        ),
        4 => stage.note(
            name,
            Note::Unresolved {
                host: "a\x1b[0m".to_owned(),
                why: "b\x07".to_owned(),
            },
        ),
        5 => stage.call(name, finspect::journal::Op::Close, Err(Errno(4711))),
        6 => stage.gone(name, State::LastAck),
        7 => stage.segment(segment(n)),
        _ => stage.inferred(name, State::Established, State::FinWait1),
    };
}

fn segment(n: u8) -> Told {
    let (id, from) = (u64::from(n % 6), ["client", "server"][usize::from(n) % 2]);
    let flags = ["FA", "R", "SA", "PA"][usize::from(n) % 4];
    let fate = [Fate::Held, Fate::Passed, Fate::Dropped, Fate::Duplicated][usize::from(n / 7) % 4];
    Told {
        len: u32::from(n) * 100,
        fate,
        due: n.is_multiple_of(3).then_some(500),
        repeats: u32::from(n % 4),
        why: None,
        ..told(id, from, flags, u32::from(n), 1)
    }
}

fn take(stage: &mut Stage, step: &Step) {
    match step {
        Step::Key(code, modifiers) => stage.msg(Msg::Key(KeyEvent::new(*code, *modifiers))),
        Step::Click(x, y) => stage.mouse(MouseEventKind::Down(MouseButton::Left), *x, *y),
        Step::Wheel(x, y, true) => stage.mouse(MouseEventKind::ScrollUp, *x, *y),
        Step::Wheel(x, y, false) => stage.mouse(MouseEventKind::ScrollDown, *x, *y),
        Step::Resize(width, height) => stage.resize(*width, *height),
        Step::Paste(text) => stage.msg(Msg::Paste(text.clone())),
        Step::Event(n) => {
            event(stage, *n);
            stage
        }
        Step::Wait(ms) => stage.wait(*ms),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_screen_stands_whatever_happens(
        width in 0..210_u16, height in 0..62_u16, (ascii, lab) in any::<(bool, bool)>(), steps in prop::collection::vec(step(), 1..60),
    ) {
        let look = if ascii { Look::Ascii } else { Look::Utf8 };
        let mut stage = if lab { Stage::lab(width, height, look) } else { Stage::new(width, height, look) };
        stage.open_pair();
        for step in &steps {
            take(&mut stage, step);
            let picture = stage.picture();
            prop_assert!(!picture.chars().any(|c| c.is_control() && c != '\n'), "{step:?}\n{picture}");
            prop_assert!(!picture.contains('\u{202e}'), "{step:?}\n{picture}");
            prop_assert!(!ascii || picture.is_ascii(), "{step:?}\n{picture}");
        }
    }
}
