//! Stories of the lab on the screen: the ladder, the diagram, the keys of the wire, and their pictures.

use super::pictures::{LOOKS, SIZES, compare};
use super::stage::{Look, Stage, Told, idle, told};
use finspect::journal::{Fate, Note, Op, ShutdownHow};
use finspect::tcp::{Explanation, Seq, State};

fn lab() -> Stage {
    Stage::lab(120, 36, Look::Utf8)
}

fn held(told: Told) -> Told {
    Told {
        fate: Fate::Held,
        ..told
    }
}

fn status(stage: &Stage) -> String {
    stage
        .picture()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn footer(stage: &Stage) -> String {
    stage
        .picture()
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned()
}

/// Half-close in slow motion: the server's answer is under way, its FIN is held.
fn slow_motion(s: &mut Stage) {
    s.rules("hold fin from server; delay 300ms data");
    s.send("client", &[0; 1024]);
    s.segment(Told {
        len: 1024,
        ..told(1, "client", "PA", 1, 1)
    });
    s.segment(Told {
        why: Some(Explanation::AnswersSeq(Seq(1))),
        ..told(2, "server", "A", 1, 1025)
    });
    s.wait(2000);
    s.call("client", Op::Shutdown(ShutdownHow::Send), Ok(0));
    s.segment(told(3, "client", "FA", 1025, 1));
    s.reading(
        "client",
        Some((State::Established, State::FinWait1)),
        idle(State::FinWait1),
    );
    s.reading(
        "server",
        Some((State::Established, State::CloseWait)),
        idle(State::CloseWait),
    );
    s.recv("server", b"").wait(40);
    s.segment(Told {
        why: Some(Explanation::AckOfFin { again: false }),
        ..told(4, "server", "A", 1, 1026)
    });
    s.reading(
        "client",
        Some((State::FinWait1, State::FinWait2)),
        idle(State::FinWait2),
    );
    s.wait(1000);
    s.send("server", &[0; 4096]);
    s.segment(held(Told {
        len: 4096,
        due: Some(300),
        ..told(5, "server", "PA", 1, 1026)
    }));
    s.wait(100);
    s.call("server", Op::Shutdown(ShutdownHow::Send), Ok(0));
    s.segment(held(told(6, "server", "FA", 4097, 1026)));
    s.reading(
        "server",
        Some((State::CloseWait, State::LastAck)),
        idle(State::LastAck),
    );
    s.segment(Told {
        repeats: 2,
        ..held(told(6, "server", "FA", 4097, 1026))
    });
    s.wait(80);
}

/// One picture for each size and look.
fn pictures(name: &str, scene: impl Fn(&mut Stage)) {
    for (width, height) in SIZES {
        for (look, word) in LOOKS {
            let mut stage = Stage::lab(width, height, look);
            scene(&mut stage);
            let file = if look == Look::NoColour { "utf8" } else { word };
            compare(&format!("{name}-{width}x{height}-{file}"), &stage.picture());
            assert_eq!(stage.coloured(), look != Look::NoColour, "{name} {word}");
            assert!(
                look != Look::Ascii || stage.picture().is_ascii(),
                "{}",
                stage.picture()
            );
        }
    }
}

#[test]
fn the_ladder_in_slow_motion() {
    pictures("ladder", |s| {
        slow_motion(s);
        s.press("2 k");
    });
}

/// The client was left out of TIME-WAIT, and it is told that the segments say otherwise.
fn disputed(s: &mut Stage) {
    s.half_close();
    s.call("server", Op::Close, Ok(0));
    s.reading(
        "server",
        Some((State::CloseWait, State::LastAck)),
        idle(State::LastAck),
    );
    s.gone("server", State::LastAck);
    s.reading(
        "client",
        Some((State::FinWait2, State::Closed)),
        idle(State::Closed),
    );
    s.wait(2000);
    s.note(
        "client",
        Note::Disagreement {
            segments: State::TimeWait,
            kernel: State::Closed,
        },
    );
    s.wait(2000);
}

#[test]
fn a_disagreement_has_a_mark_and_words() {
    pictures("disputed", disputed);
    let mut stage = lab();
    disputed(&mut stage);
    stage.press("2");
    assert!(
        stage.picture().contains("segments say TIME-WAIT"),
        "{}",
        stage.picture()
    );
    stage.press("1");
    assert!(stage.picture().contains("≠CLOSED"), "{}", stage.picture());
    stage.note(
        "client",
        Note::Agreement {
            state: State::Closed,
        },
    );
    assert!(!stage.picture().contains("≠"), "{}", stage.picture());
    assert!(
        stage.picture().contains("agree again: CLOSED"),
        "{}",
        stage.picture()
    );
}

#[test]
fn the_diagram_with_both_tokens() {
    pictures("diagram", |s| {
        slow_motion(s);
        s.press("3");
    });
}

#[test]
fn the_two_ends_with_a_fin_on_the_wire_between_them() {
    pictures("two-ends", slow_motion);
}

#[test]
fn the_wire_is_held_and_released_with_one_key() {
    let mut stage = lab();
    assert!(
        status(&stage).contains("wire ▶ flowing  0 held  0 in flight  0 dropped"),
        "{}",
        status(&stage)
    );
    assert!(footer(&stage).contains("w hold"), "{}", footer(&stage));
    stage.press("w");
    assert_eq!(stage.asked(), ["wire: hold"]);
    stage.rules("hold");
    assert!(
        status(&stage).contains("wire ‖ holding  0 held"),
        "{}",
        status(&stage)
    );
    assert!(footer(&stage).contains("w release"), "{}", footer(&stage));
    stage.press("w");
    assert_eq!(stage.asked(), ["wire: release"]);
    stage.rules("hold fin from client; drop 1 syn");
    assert!(
        status(&stage).contains("‖ holding fin from client"),
        "{}",
        status(&stage)
    );
    assert!(status(&stage).contains("drop 1 syn"), "{}", status(&stage));
}

#[test]
fn space_steps_one_segment_and_says_when_none_is_held() {
    let mut stage = lab();
    assert!(!footer(&stage).contains("Space step"), "{}", footer(&stage));
    stage.press("Space");
    assert!(
        stage.picture().contains("Nothing is held."),
        "{}",
        stage.picture()
    );
    stage.segment(held(told(1, "client", "FA", 1, 1)));
    assert!(footer(&stage).contains("Space step"), "{}", footer(&stage));
    assert!(status(&stage).contains("1 held"), "{}", status(&stage));
    stage.asked();
    stage.press("Space");
    assert_eq!(stage.asked(), ["wire: step"]);
    stage.segment(told(1, "client", "FA", 1, 1));
    assert!(status(&stage).contains("0 held"), "{}", status(&stage));
}

#[test]
fn the_selected_segment_is_dropped_while_it_is_on_the_wire() {
    let mut stage = lab();
    stage.press("D");
    assert!(
        stage.picture().contains("No segment is selected"),
        "{}",
        stage.picture()
    );
    stage.asked();
    stage.segment(told(1, "client", "A", 1, 1));
    stage.segment(held(told(2, "client", "FA", 1, 1)));
    stage.press("2 k D");
    assert_eq!(stage.asked(), ["wire: discard 2"]);
    stage.segment(Told {
        fate: Fate::Dropped,
        ..told(2, "client", "FA", 1, 1)
    });
    assert!(status(&stage).contains("1 dropped"), "{}", status(&stage));
    stage.press("D");
    assert_eq!(stage.asked(), Vec::<String>::new());
    assert!(
        stage.picture().contains("on the wire no more"),
        "{}",
        stage.picture()
    );
}

#[test]
fn delay_goes_up_and_down_in_steps() {
    let mut stage = lab();
    stage.press("+");
    assert_eq!(stage.asked(), ["wire: delay 300ms"]);
    stage.rules("delay 300ms").press("+ -");
    assert_eq!(stage.asked(), ["wire: delay 400ms", "wire: delay 200ms"]);
    assert!(status(&stage).contains("+300 ms"), "{}", status(&stage));
    stage.rules("delay 50ms").press("-");
    assert_eq!(stage.asked(), ["wire: delay 0s"]);
}

#[test]
fn the_cable_is_cut_and_mended_and_the_lab_made_anew() {
    let mut stage = lab();
    stage.press("X").rules("cut").press("X R");
    assert_eq!(
        stage.asked(),
        ["wire: cut", "wire: mend", "lab: reset", "FreshPair"]
    );
    let said = stage.picture();
    assert!(said.contains("a fresh pair in it"), "{said}");
    assert!(status(&stage).contains("✂ cut"), "{}", status(&stage));
}

#[test]
fn a_fresh_lab_counts_for_itself_and_tells_nothing_of_an_old_segment() {
    let mut stage = lab();
    stage.press("2");
    stage.segment(Told {
        fate: Fate::Dropped,
        ..told(1, "client", "FA", 1, 1)
    });
    assert!(status(&stage).contains("1 dropped"), "{}", status(&stage));
    stage.fresh_lab().press("Esc");
    assert!(status(&stage).contains("0 dropped"), "{}", status(&stage));
    // A recording of an older version begins at one again.
    stage.segment(told(1, "server", "A", 1, 1));
    let picture = stage.picture();
    assert!(
        picture.contains("FIN,ACK") && picture.contains("dropped ──╳"),
        "{picture}"
    );
}

#[test]
fn without_a_lab_the_keys_say_why_and_stand_in_no_footer() {
    let mut stage = Stage::pair(200, 36, Look::Utf8);
    for key in ["w", "Space", "D", "+", "X", "R"] {
        stage.press(key);
        assert_eq!(stage.asked(), Vec::<String>::new(), "{key}");
        assert!(
            stage.picture().contains("There is no lab here"),
            "{key}\n{}",
            stage.picture()
        );
    }
    assert!(!footer(&stage).contains("w hold"), "{}", footer(&stage));
    assert!(!status(&stage).contains("wire"), "{}", status(&stage));
}

#[test]
fn read_only_leaves_the_wire_alone() {
    let mut stage = Stage::with(120, 36, Look::Utf8, |s| {
        s.lab = true;
        s.read_only = true;
    });
    stage.open_pair().press("w X + R");
    assert_eq!(stage.asked(), Vec::<String>::new());
}

#[test]
fn a_segment_is_walked_to_and_looked_into() {
    let mut stage = lab();
    slow_motion(&mut stage);
    stage.press("2 k");
    assert!(
        stage.picture().contains("the FIN of server"),
        "the newest first\n{}",
        stage.picture()
    );
    stage.press("k k k k k k k");
    assert!(
        stage
            .picture()
            .contains("1024 bytes, numbers 1 to 1024; caused by send(1024) = 1024"),
        "{}",
        stage.picture()
    );
    stage.press("j j");
    assert!(
        stage.picture().contains("the FIN of client"),
        "{}",
        stage.picture()
    );
    stage.press("Enter");
    assert!(
        stage.picture().contains("sequence      1025, next 1026"),
        "{}",
        stage.picture()
    );
    stage.press("Esc");
    assert!(
        !stage.picture().contains("next 1026"),
        "{}",
        stage.picture()
    );
    stage.press("Esc");
    assert!(
        stage.picture().contains("ladder of client"),
        "Esc never leaves the page"
    );
}

#[test]
fn the_ladder_follows_the_selected_connection() {
    let mut stage = lab();
    stage.segment(told(1, "client", "FA", 1, 1));
    stage.connection("client2", "server.2", "server.listen", 43211, 6000);
    stage.press("2");
    assert!(stage.picture().contains("FIN,ACK"), "{}", stage.picture());
    stage.press("1 j j 2");
    assert_eq!(stage.selected(), "client2");
    assert!(
        stage.picture().contains("ladder of client2 ⇄ server.2"),
        "{}",
        stage.picture()
    );
    assert!(!stage.picture().contains("FIN,ACK"), "{}", stage.picture());
}

#[test]
fn lines_of_the_ladder_that_are_being_read_stay_when_events_come() {
    let mut stage = lab();
    stage.press("2");
    for n in 1..60 {
        stage.segment(told(n, "client", "PA", n as u32, 1)).wait(10);
    }
    stage.press("PageUp");
    let before = stage.picture();
    let body = |picture: &str| {
        let lines: Vec<String> = picture
            .lines()
            .filter(|l| l.contains("PSH"))
            .map(str::to_owned)
            .collect();
        lines
    };
    stage.segment(told(99, "client", "PA", 99, 1)).wait(2000);
    assert_eq!(body(&stage.picture()), body(&before));
    stage.press("f");
    assert!(stage.picture().contains("seq 99"), "{}", stage.picture());
}

#[test]
fn the_screen_is_woken_while_a_segment_moves_and_then_sleeps() {
    let mut stage = lab();
    stage.press("2").segment(held(Told {
        due: Some(300),
        ..told(1, "client", "FA", 1, 1)
    }));
    stage.model.drawn();
    let frames = |stage: &mut Stage| {
        stage.wait(100);
        let woken = stage.model.needs_draw();
        stage.model.drawn();
        woken
    };
    assert_eq!(
        [(); 3].map(|()| frames(&mut stage)),
        [true; 3],
        "a step each tenth of a second"
    );
    stage.wait(2000);
    stage.model.drawn();
    assert_eq!(stage.model.next_wake(), None, "it has arrived");
}

#[test]
fn tab_leads_out_of_a_diagram_that_has_the_screen_for_itself() {
    let mut stage = Stage::lab(80, 24, Look::Utf8);
    stage.press("3");
    assert!(
        !stage.picture().contains("─ connections"),
        "{}",
        stage.picture()
    );
    stage.press("Left");
    assert_eq!(stage.selected(), "server", "the other end is one key away");
    stage.press("Tab");
    assert!(
        stage.picture().contains("━ connections"),
        "{}",
        stage.picture()
    );
}

#[test]
fn a_flood_costs_only_what_is_seen() {
    let mut stage = lab();
    stage.press("2");
    for n in 1..20_000_u64 {
        stage.segment(Told {
            len: 1448,
            ..told(n, "client", "PA", n as u32, 1)
        });
    }
    stage.press("g g G PageUp k j");
    assert!(stage.picture().contains("PSH"), "{}", stage.picture());
}

/// A lab whose log and ladder keep few lines.
fn forgetful() -> Stage {
    let mut stage = Stage::with(120, 36, Look::Utf8, |settings| {
        settings.wire = None;
        settings.lab = true;
        settings.log_events = 400;
    });
    stage.open_pair().wait(2000);
    stage
}

/// More data segments than those are.
fn flood(stage: &mut Stage, from: u64) {
    for n in from..from + 1500 {
        stage.segment(Told {
            len: 1448,
            ..told(n, "client", "PA", n as u32, 1)
        });
    }
}

#[test]
fn a_flood_of_segments_does_not_push_the_calls_out() {
    let mut stage = forgetful();
    flood(&mut stage, 1);
    for page in ["2", "5"] {
        stage.press(page).press("z").press("g g");
        let picture = stage.picture();
        assert!(picture.contains("connect("), "{picture}");
        assert!(picture.contains("have left the memory"), "{picture}");
        stage.press("G");
        assert!(stage.picture().contains("1500"), "{}", stage.picture());
        stage.press("z");
    }
}

#[test]
fn lines_that_are_being_read_stay_while_a_flood_leaves_around_them() {
    for page in ["2", "5"] {
        let mut stage = forgetful();
        for n in 1..60 {
            stage.wait(10).segment(told(n, "client", "FA", n as u32, 1));
        }
        stage.press(page).press("z").press("g g");
        let lines = |stage: &Stage| {
            let picture = stage.picture();
            let lines = picture.lines().filter(|line| line.contains("FIN"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let before = lines(&stage);
        assert!(before.len() > 5, "{}", stage.picture());
        flood(&mut stage, 100);
        let after = lines(&stage);
        // The sentence about what has left may take a row.
        let same = after.iter().filter(|line| before.contains(line)).count();
        assert!(same + 1 >= before.len(), "{}", stage.picture());
    }
}

/// Where segments are seen, it is said of which connections they are not.
#[test]
fn a_connection_that_nobody_sees_the_segments_of_says_why() {
    let nowhere = ([192, 0, 2, 1], 80).into();
    let remote = |stage: &mut Stage| {
        let local = ([192, 0, 2, 9], 40_000).into();
        stage.call("client", Op::Connect { to: Some(nowhere) }, Ok(0));
        stage.tuple("client", Some(local), Some(nowhere));
        stage.press("2").picture()
    };
    let seen = |s: &mut finspect::ui::Settings| s.wire = None;
    let mut captured = Stage::with(120, 36, Look::Utf8, seen);
    let picture = remote(&mut captured);
    let why = "no wire lane: this connection does not run over loopback";
    assert!(picture.contains(why), "{picture}");
    let mut pair = Stage::with(120, 36, Look::Utf8, seen);
    let picture = pair.open_pair().press("2").picture();
    assert!(!picture.contains("no wire lane"), "{picture}");
    let mut own = Stage::with(120, 36, Look::Utf8, seen);
    // An address of this machine: what it says to itself runs over loopback.
    own.tuple("client", Some(([192, 0, 2, 1], 9).into()), Some(nowhere));
    let picture = own.press("2").picture();
    assert!(!picture.contains("no wire lane"), "{picture}");
}
