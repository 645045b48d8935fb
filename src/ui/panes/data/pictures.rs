//! Pictures of the data pane.

use proptest::prelude::*;
use ratatui::layout::Rect;

use super::{Mode, Streams, View, draw, lines};
use crate::journal::{Op, Payload};
use crate::locale::Locale;
use crate::ui::panes::story::{PLAIN_ASCII, Story, UTF8, picture, same};
use crate::ui::theme::Skin;

fn data(
    story: &Story,
    mode: Mode,
    (width, height): (u16, u16),
    scroll: usize,
    skin: Skin,
) -> String {
    with_view(story, mode, scroll, skin, |view| {
        picture(width, height, |frame, area| draw(frame, area, view))
    })
}

fn with_view<T>(
    story: &Story,
    mode: Mode,
    scroll: usize,
    skin: Skin,
    then: impl FnOnce(&View<'_>) -> T,
) -> T {
    let mut streams = Streams::default();
    story.events().iter().for_each(|event| streams.apply(event));
    let locale = Locale::english();
    let this = story
        .world()
        .by_name("client")
        .map(|e| e.id)
        .expect("the story names it");
    let facing = story.world().facing(this).map(|e| e.id);
    let view = View {
        streams: &streams,
        this,
        facing,
        mode,
        scroll,
        skin,
        locale: &locale,
        world: story.world(),
    };
    then(&view)
}

fn talk() -> Story {
    let mut story = Story::pair();
    story
        .send("client", b"GET / HTTP/1.0\r\n")
        .send("client", b"\r\n")
        .recv("server", b"GET / HTTP/1.0\r\n\r\n")
        .recv(
            "client",
            "HTTP/1.0 200 OK\r\n\r\n\x1b[2Jna\u{ef}ve \u{65e5}\u{672c}\u{8a9e} \\x1b".as_bytes(),
        )
        .recv("client", b"\xff\x00");
    story
}

#[test]
fn a_talk_as_text() {
    same(
        &data(&talk(), Mode::Text, (60, 7), 0, UTF8),
        r#"
 ─ data of client ────────────── ▶ client  ◀ server ─ text ─
      client  ▶ GET / HTTP/1.0␍␊
              ▶ ␍␊
      server  ◀ HTTP/1.0 200 OK␍␊
              ◀ ␍␊
              ◀ ␛[2Jnaïve 日本語 \x1b\xff␀

"#,
    );
    same(
        &data(&talk(), Mode::Text, (36, 8), 0, PLAIN_ASCII),
        r#"
 - data of client  > client  < ser..
      client  > GET / HTTP/1.0^M^J
              > ^M^J
      server  < HTTP/1.0 200 OK^M^J
              < ^M^J
              < ^[[2Jna\u{ef}ve
              < \u{65e5}\u{672c}
              < \u{8a9e} \x1b\xff^@
"#,
    );
}

#[test]
fn the_same_in_hexadecimal() {
    same(
        &data(&talk(), Mode::Hex, (100, 7), 0, UTF8),
        r#"
 ─ data of client ─────────────────────────────────────────────────────── ▶ client  ◀ server ─ hex ─
      client  ▶ 00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 30 0d 0a  GET / HTTP/1.0..
              ▶ 00000010  0d 0a                                             ..
      server  ◀ 00000000  48 54 54 50 2f 31 2e 30  20 32 30 30 20 4f 4b 0d  HTTP/1.0 200 OK.
              ◀ 00000010  0a 0d 0a 1b 5b 32 4a 6e  61 c3 af 76 65 20 e6 97  ....[2Jna..ve ..
              ◀ 00000020  a5 e6 9c ac e8 aa 9e 20  5c 78 31 62 ff 00        ....... \x1b..

"#,
    );
    same(
        &data(&talk(), Mode::Hex, (80, 4), 99, UTF8),
        r#"
 ─ data of client ─────────────────────────────────── ▶ client  ◀ server ─ hex ─
◀ 00000000  48 54 54 50 2f 31 2e 30  20 32 30 30 20 4f 4b 0d  HTTP/1.0 200 OK.
◀ 00000010  0a 0d 0a 1b 5b 32 4a 6e  61 c3 af 76 65 20 e6 97  ....[2Jna..ve ..
◀ 00000020  a5 e6 9c ac e8 aa 9e 20  5c 78 31 62 ff 00        ....... \x1b..
"#,
    );
}

#[test]
fn nothing_was_said() {
    same(
        &data(&Story::pair(), Mode::Text, (40, 3), 0, UTF8),
        r#"
 ─ data of client  ▶ client  ◀ server ─…
  no bytes yet

"#,
    );
}

#[test]
fn what_left_and_what_was_not_kept_is_said() {
    let mut story = Story::pair();
    story.send("client", &[b'a'; 70_000]);
    let cut = Op::Send {
        asked: 500,
        oob: false,
        data: Payload::of(b"begin"),
    };
    story.call("client", cut, Ok(500)).send("client", b"end");
    let all = with_view(&story, Mode::Hex, 0, UTF8, |view| lines(view, 80));
    same(
        &data(&story, Mode::Hex, (90, 4), 0, UTF8),
        r#"
 ─ data of client ───────────────────────────────────────────── ▶ client  ◀ server ─ hex ─
  client: 57,712 older bytes have left the memory
▶ 0000e170  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  aaaaaaaaaaaaaaaa
▶ 0000e180  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  aaaaaaaaaaaaaaaa
"#,
    );
    same(
        &data(&story, Mode::Hex, (90, 5), all, UTF8),
        r#"
 ─ data of client ───────────────────────────────────────────── ▶ client  ◀ server ─ hex ─
▶ 00011160  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  aaaaaaaaaaaaaaaa
▶ 00011170  62 65 67 69 6e                                    begin
      client  ▶ 495 bytes were not kept
▶ 00011364  65 6e 64                                          end
"#,
    );
}

proptest! {
    #[test]
    fn no_byte_comes_through_raw_and_no_area_is_too_small(
        bytes in proptest::collection::vec(any::<u8>(), 1..200),
        (width, height) in (0u16..110, 0u16..20),
        (x, y) in (0u16..20, 0u16..20),
        (scroll, hex, ascii) in (0usize..40, any::<bool>(), any::<bool>()),
    ) {
        let mut story = Story::pair();
        story.send("client", &bytes).recv("client", &bytes);
        let mode = if hex { Mode::Hex } else { Mode::Text };
        let skin = if ascii { PLAIN_ASCII } else { UTF8 };
        let drawn = with_view(&story, mode, scroll, skin, |view| {
            picture(100, 20, |frame, _| draw(frame, Rect { x, y, width, height }, view))
        });
        prop_assert!(drawn.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
