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
    // Printed as it is in force, the page still takes the key away from the built-in keyboard.
    assert!(rows("x")[0].contains("run = \"\""), "{:?}", rows("x"));
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
        // The word is marked, or the whole string that it stands in.
        let at = row.find(word).expect("in the row");
        let string = row[..at].rfind('"').unwrap_or(at);
        let place = |column: usize| format!("{}:3:{}:", file.display(), column + 3);
        assert!(
            ended.err.contains(&place(at)) || ended.err.contains(&place(string)),
            "not at {}:\n{}",
            place(at),
            ended.err
        );
        let lines: Vec<&str> = ended.err.lines().collect();
        let shown = lines.iter().position(|l| l.contains(row));
        let shown = shown.unwrap_or_else(|| panic!("the row is not shown:\n{}", ended.err));
        let word_at = lines[shown].rfind(word).expect("in the row");
        let carets = lines[shown + 1];
        let marked = carets.find('^')..carets.rfind('^');
        assert!(
            marked.start <= Some(word_at) && marked.end >= Some(word_at + word.len() - 1),
            "the carets are not under {word}:\n{}",
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
