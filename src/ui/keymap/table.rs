//! The table of keys: what a press means in a place, the user's rows over the built-in ones.

use super::{KeymapError, rows};
use crate::command::Statement;
use crate::ui::keys::Chord;

/// The built-in rows.
pub const BUILTIN: &str = include_str!("../../../assets/keymap.toml");

/// Where a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// `*`
    Everywhere,
    /// No prompt and no help is open.
    Connections,
    List,
    Twin,
    Log,
    Data,
    Ladder,
    Diagram,
    /// The pane of the lesson is focused.
    Lesson,
    /// A lesson runs, whatever is focused.
    Course,
    /// A question of the lesson waits for its answer.
    Question,
    /// The list of lessons is open.
    Lessons,
    Help,
    Confirm,
}

impl Place {
    pub const ALL: [Place; 14] = [
        Place::Everywhere,
        Place::Connections,
        Place::List,
        Place::Twin,
        Place::Log,
        Place::Data,
        Place::Ladder,
        Place::Diagram,
        Place::Lesson,
        Place::Course,
        Place::Question,
        Place::Lessons,
        Place::Help,
        Place::Confirm,
    ];

    /// The word in `in = ..`.
    pub const fn word(self) -> &'static str {
        match self {
            Place::Everywhere => "*",
            Place::Connections => "connections",
            Place::List => "list",
            Place::Twin => "twin",
            Place::Log => "log",
            Place::Data => "data",
            Place::Ladder => "ladder",
            Place::Diagram => "diagram",
            Place::Lesson => "lesson",
            Place::Course => "course",
            Place::Question => "question",
            Place::Lessons => "lessons",
            Place::Help => "help",
            Place::Confirm => "confirm",
        }
    }
}

/// One row: what a key runs, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// One chord, or several one after the other.
    pub on: Vec<Chord>,
    pub place: Place,
    /// The command line as it stands in the file.
    pub run: String,
    /// What it means. `None`: the key is taken away.
    pub statement: Option<Statement>,
}

impl Binding {
    /// The keys as they are shown: `gg`, `Ctrl-d`.
    pub fn keys(&self) -> String {
        self.on.iter().map(Chord::to_string).collect()
    }
}

/// All rows, the user's before the built-in ones that they replace.
#[derive(Clone, Debug)]
pub struct Keymap {
    rows: Vec<Binding>,
}

/// What a press means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lookup<'a> {
    Run(&'a Binding),
    /// The beginning of a sequence: wait for the next key.
    Pending,
    Nothing,
}

impl Keymap {
    /// The built-in table.
    ///
    /// # Errors
    /// Never with the table of this program: a test reads it.
    pub fn builtin() -> Result<Keymap, KeymapError> {
        Keymap::load(None)
    }

    /// The built-in table under the user's: `(file name, text)`.
    ///
    /// # Errors
    /// The first bad row, with file, line and column.
    pub fn load(user: Option<(&str, &str)>) -> Result<Keymap, KeymapError> {
        let mut rows = rows::read("keymap.toml", BUILTIN)?;
        if let Some((file, text)) = user {
            for own in rows::read(file, text)? {
                // The user's row takes the place of the built-in one, so that the footer keeps its order.
                match rows
                    .iter_mut()
                    .find(|b| b.on == own.on && b.place == own.place)
                {
                    Some(row) => *row = own,
                    None => rows.push(own),
                }
            }
        }
        Ok(Keymap { rows })
    }

    /// The rows that do something, in order of use.
    pub fn rows(&self) -> impl Iterator<Item = &Binding> {
        self.rows.iter().filter(|b| b.statement.is_some())
    }

    /// What these presses mean where `places` hold, the narrowest place first.
    ///
    /// A whole match in a narrow place wins over a wide one, and over the beginning of a sequence.
    pub fn lookup(&self, pressed: &[Chord], places: &[Place]) -> Lookup<'_> {
        for place in places {
            let mut here = self.rows.iter().filter(|b| b.place == *place);
            if let Some(row) = here.clone().find(|b| b.on == pressed) {
                return if row.statement.is_some() {
                    Lookup::Run(row)
                } else {
                    Lookup::Nothing
                };
            }
            if here.any(|b| b.statement.is_some() && b.on.starts_with(pressed)) {
                return Lookup::Pending;
            }
        }
        Lookup::Nothing
    }

    /// The keys that run this statement in this place or a wider one.
    pub fn keys_for<'a>(&'a self, statement: &'a Statement) -> impl Iterator<Item = &'a Binding> {
        self.rows()
            .filter(move |b| b.statement.as_ref() == Some(statement))
    }

    /// The whole table as `keymap --print` writes it.
    pub fn to_toml(&self) -> String {
        let mut out = String::from("keys = [\n");
        for row in &self.rows {
            let quoted: Vec<String> = row.on.iter().map(|c| rows::quote(&c.to_string())).collect();
            let on = match quoted.as_slice() {
                [one] => one.clone(),
                many => format!("[{}]", many.join(", ")),
            };
            let (place, run) = (row.place.word(), rows::quote(&row.run));
            out.push_str(&format!(
                "    {{ on = {on}, in = \"{place}\", run = {run} }},\n"
            ));
        }
        out.push_str("]\n");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Screen;

    fn press(keys: &[&str]) -> Vec<Chord> {
        keys.iter()
            .map(|k| k.parse().unwrap_or_else(|e| panic!("{e:?}")))
            .collect()
    }

    fn keymap(user: &str) -> Keymap {
        Keymap::load(Some(("mine.toml", user))).unwrap_or_else(|e| panic!("{e:?}"))
    }

    fn run<'a>(map: &'a Keymap, keys: &[&str], places: &[Place]) -> Option<&'a str> {
        match map.lookup(&press(keys), places) {
            Lookup::Run(row) => Some(&row.run),
            Lookup::Pending | Lookup::Nothing => None,
        }
    }

    const LIST: &[Place] = &[Place::List, Place::Connections, Place::Everywhere];
    const LOG: &[Place] = &[Place::Log, Place::Connections, Place::Everywhere];

    #[test]
    fn the_builtin_rows_are_all_good_and_the_issue_keys_stand_there() {
        let map = keymap("");
        for (key, line) in [
            ("s", "shutdown send"),
            ("r", "shutdown receive"),
            ("b", "shutdown both"),
            ("c", "close"),
            ("d", "drain"),
            ("x", "abort"),
            ("i", "compose"),
            ("p", "pause"),
            ("q", "quit"),
            ("Tab", "pane next"),
        ] {
            assert_eq!(run(&map, &[key], LIST), Some(line), "{key}");
        }
        assert!(map.rows().all(|row| row.statement.is_some()));
    }

    #[test]
    fn a_narrow_place_wins_and_a_sequence_waits() {
        let map = keymap("");
        assert_eq!(run(&map, &["j"], LIST), Some("select next"));
        assert_eq!(run(&map, &["j"], LOG), Some("scroll down"));
        assert_eq!(map.lookup(&press(&["g"]), LIST), Lookup::Pending);
        assert_eq!(run(&map, &["g", "g"], LIST), Some("select first"));
        assert_eq!(map.lookup(&press(&["g", "x"]), LIST), Lookup::Nothing);
    }

    #[test]
    fn the_users_rows_win_and_can_take_a_key_away() {
        let map = keymap(
            "keys = [ { on = \"s\", in = \"connections\", run = \"\" }, { on = \"w\", in = \"connections\", run = \"shutdown send\" } ]",
        );
        assert_eq!(run(&map, &["s"], LIST), None);
        assert_eq!(run(&map, &["w"], LIST), Some("shutdown send"));
        assert_eq!(map.rows().filter(|b| b.run == "shutdown send").count(), 1);
    }

    #[test]
    fn what_is_printed_can_be_read_again() {
        let map = keymap("");
        let again = keymap(&map.to_toml());
        assert_eq!(map.to_toml(), again.to_toml());
    }

    #[test]
    fn a_bad_row_is_shown_where_it_stands() {
        let cases = [
            (
                "keys = [\n  { on = \"Ctlr-x\", in = \"*\", run = \"quit\" },\n]",
                2,
                "Ctlr-x",
            ),
            (
                "keys = [\n  { on = \"w\", in = \"lost\", run = \"quit\" },\n]",
                2,
                "lost",
            ),
            (
                "keys = [\n\n  { on = \"w\", in = \"*\", run = \"shutdwn send\" },\n]",
                3,
                "shutdwn",
            ),
            (
                "keys = [\n  { on = \"w\", inn = \"*\", run = \"quit\" },\n]",
                2,
                "inn",
            ),
            (
                "keys = [\n  { on = \"w\", in = \"*\", run = \"quit\" },\n  { on = \"w\", in = \"*\", run = \"help\" },\n]",
                3,
                "w",
            ),
            (
                "keys = [\n  { on = \"w\", in = \"*\", run = \"quit\" },\n  { on = [\"w\", \"w\"], in = \"*\", run = \"help\" },\n]",
                3,
                "w",
            ),
            ("keys = [", 1, ""),
        ];
        for (text, line, word) in cases {
            let error = match Keymap::load(Some(("mine.toml", text))) {
                Err(error) => error,
                Ok(_) => panic!("accepted: {text}"),
            };
            assert_eq!(
                (error.file.as_str(), error.line),
                ("mine.toml", line),
                "{text}"
            );
            assert!(error.text.contains(word), "{error:?}");
            assert!(
                error.column >= 1 && error.column <= error.text.chars().count() + 1,
                "{error:?}"
            );
        }
    }

    #[test]
    fn help_and_quit_have_keys_to_print() {
        let map = keymap("");
        assert!(map.keys_for(&Statement::Screen(Screen::Help)).count() >= 1);
        let quits: Vec<String> = map
            .keys_for(&Statement::Screen(Screen::Quit))
            .map(Binding::keys)
            .collect();
        assert_eq!(quits, ["q", "Ctrl-c"]);
    }
}
