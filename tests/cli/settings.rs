//! The user's own keymap, and folders that cannot be read.

use crate::outside::Room;
use crate::program::run;

const OWN: &str = "config/finspect/keymap.toml";

fn built_in() -> String {
    run(&Room::new(), &["keymap", "--print"])
        .ends_with(0)
        .out()
        .to_owned()
}

#[test]
fn the_printed_keyboard_is_a_keymap_of_its_own() {
    let printed = built_in();
    let room = Room::new();
    room.file(OWN, &printed);
    let again = run(&room, &["keymap", "--print"]).ends_with(0);
    assert_eq!((again.out(), again.err.as_str()), (printed.as_str(), ""));
}

#[test]
fn a_row_of_the_user_wins_over_the_built_in_one() {
    let room = Room::new();
    room.file(OWN, "keys = [\n  { on = \"s\", in = \"connections\", run = \"abort\" },\n  { on = \"x\", in = \"connections\", run = \"\" },\n]\n");
    let printed = run(&room, &["keymap", "--print"]).ends_with(0);
    let rows = |key: &str| -> Vec<&str> {
        let on = format!("on = \"{key}\",");
        printed.out().lines().filter(|l| l.contains(&on)).collect()
    };
    assert_eq!(rows("s").len(), 1, "{}", printed.out());
    assert!(rows("s")[0].contains("run = \"abort\""), "{:?}", rows("s"));
    assert_eq!(rows("x"), Vec::<&str>::new(), "taken away");
    assert_eq!(rows("q").len(), 1, "the others stay");
}

#[test]
fn a_misspelt_key_place_or_verb_is_marked() {
    for (row, word, says) in [
        (
            "{ on = \"Entr\", in = \"connections\", run = \"close\" },",
            "Entr",
            "no key is called Entr",
        ),
        (
            "{ on = \"s\", in = \"conections\", run = \"close\" },",
            "conections",
            "no part of the screen is called conections",
        ),
        (
            "{ on = \"s\", in = \"connections\", run = \"clos\" },",
            "clos",
            "did you mean `close`?",
        ),
        (
            "{ on = \"s\", in = \"connections\", run = \"shutdown sedn\" },",
            "sedn",
            "`send`",
        ),
        (
            "{ on = \"s\", in = \"connections\", rum = \"close\" },",
            "rum",
            "rum",
        ),
    ] {
        let room = Room::new();
        let file = room.file(OWN, format!("# mine\nkeys = [\n  {row}\n]\n"));
        let ended = run(&room, &["keymap", "--print"]).ends_with(2).says(says);
        let line = format!("  {row}");
        let column = line.find(word).expect("in the row") + 1;
        let place = format!("{}:3:{column}", file.display());
        assert!(ended.err.contains(&place), "not at {place}:\n{}", ended.err);
        let lines: Vec<&str> = ended.err.lines().collect();
        let shown = lines
            .iter()
            .position(|l| l.contains(row))
            .expect("the row is shown");
        assert_eq!(
            lines[shown + 1].find('^'),
            lines[shown].rfind(word),
            "the caret is not under {word}:\n{}",
            ended.err
        );
        assert_eq!(ended.out(), "");
    }
}

#[test]
fn a_file_that_is_no_toml_is_marked_too() {
    let room = Room::new();
    let file = room.file(OWN, "keys = [\n  { on = \"s\"\n");
    run(&room, &["keymap", "--print"])
        .ends_with(2)
        .says(&format!("{}:", file.display()))
        .says("^");
}

#[test]
fn a_folder_that_cannot_be_read_is_a_note() {
    let room = Room::new();
    // A folder where the file should be: reading it fails for root too.
    room.file("config/finspect/keymap.toml/in-the-way", "");
    let printed = run(&room, &["keymap", "--print"])
        .ends_with(0)
        .says("keymap.toml is not read");
    assert_eq!(printed.out(), built_in());
}

#[test]
fn a_machine_without_home_works() {
    let room = Room::new();
    let mut bare = crate::program::command(&room, &["keymap", "--print"]);
    for (name, _) in room.settings() {
        bare.env_remove(name);
    }
    let ended = crate::program::Program::start(&mut bare).end().ends_with(0);
    assert!(ended.out().contains("keys = ["));
}
