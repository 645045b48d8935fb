//! One key press as a value: how it is written in the keymap, how it is shown, and which key a Russian layout meant.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers, in one spelling for each press: `G` never carries Shift, `BackTab` is Shift-Tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// The text is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey(pub String);

/// Keys with a name of more than one letter.
const NAMES: [(&str, KeyCode); 17] = [
    ("Tab", KeyCode::Tab),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Space", KeyCode::Char(' ')),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Insert", KeyCode::Insert),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
];

const MODIFIERS: [(&str, KeyModifiers); 3] = [
    ("Ctrl-", KeyModifiers::CONTROL),
    ("Alt-", KeyModifiers::ALT),
    ("Shift-", KeyModifiers::SHIFT),
];

/// The letters of ЙЦУКЕН and the keys of QWERTY under them.
const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";
const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC_SHIFTED: &str = "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ";
const LATIN_SHIFTED: &str = "QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~";

impl Chord {
    pub fn new(code: KeyCode, modifiers: KeyModifiers) -> Chord {
        let known = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let modifiers = modifiers & known;
        match code {
            KeyCode::BackTab => Chord {
                code: KeyCode::Tab,
                modifiers: modifiers | KeyModifiers::SHIFT,
            },
            // Ctrl-D and Ctrl-d are the same octet on the line; Shift is already in the letter.
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => Chord {
                code: KeyCode::Char(lower(c)),
                modifiers: modifiers - KeyModifiers::SHIFT,
            },
            KeyCode::Char(_) => Chord {
                code,
                modifiers: modifiers - KeyModifiers::SHIFT,
            },
            _ => Chord { code, modifiers },
        }
    }

    /// A printing key without Ctrl and Alt: in a prompt it is text.
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// The QWERTY key at the same place, when the letter is one of ЙЦУКЕН. A terminal tells the letter, not the key.
    pub fn as_qwerty(self) -> Option<Chord> {
        let KeyCode::Char(letter) = self.code else {
            return None;
        };
        let pairs = CYRILLIC.chars().zip(LATIN.chars());
        let shifted = CYRILLIC_SHIFTED.chars().zip(LATIN_SHIFTED.chars());
        let (_, key) = pairs
            .chain(shifted)
            .find(|(cyrillic, _)| *cyrillic == letter)?;
        Some(Chord {
            code: KeyCode::Char(key),
            modifiers: self.modifiers,
        })
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

impl From<KeyEvent> for Chord {
    fn from(key: KeyEvent) -> Chord {
        Chord::new(key.code, key.modifiers)
    }
}

impl FromStr for Chord {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Chord, UnknownKey> {
        let unknown = || UnknownKey(text.to_owned());
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        while let Some((name, modifier)) = MODIFIERS
            .into_iter()
            .find(|(name, _)| starts_with(rest, name) && rest.len() > name.len())
        {
            modifiers |= modifier;
            rest = &rest[name.len()..];
        }
        let mut letters = rest.chars();
        let code = match (letters.next(), letters.next()) {
            (Some(c), None) if !c.is_control() => KeyCode::Char(c),
            _ => named(rest).ok_or_else(unknown)?,
        };
        let shifted_letter =
            matches!(code, KeyCode::Char(_)) && modifiers.contains(KeyModifiers::SHIFT);
        // Shift-a is written A.
        if shifted_letter {
            Err(unknown())
        } else {
            Ok(Chord::new(code, modifiers))
        }
    }
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

fn named(word: &str) -> Option<KeyCode> {
    let function = word
        .strip_prefix(['F', 'f'])
        .and_then(|n| n.parse::<u8>().ok())
        .filter(|n| (1..=24).contains(n));
    match function {
        Some(n) => Some(KeyCode::F(n)),
        None => NAMES
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, code)| code),
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, modifier) in MODIFIERS {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::F(n) => write!(f, "F{n}"),
            code => match NAMES.into_iter().find(|(_, named)| *named == code) {
                Some((name, _)) => f.write_str(name),
                None => match code {
                    KeyCode::Char(c) => write!(f, "{c}"),
                    other => write!(f, "{other:?}"),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(text: &str) -> Chord {
        text.parse().unwrap_or_else(|e| panic!("{e:?}"))
    }

    #[test]
    fn a_key_reads_as_it_is_written() {
        for text in [
            "s",
            "G",
            "?",
            "<",
            "-",
            "Ctrl-d",
            "Alt-x",
            "Shift-Tab",
            "Left",
            "F6",
            "Space",
            "PageUp",
            "й",
        ] {
            assert_eq!(chord(text).to_string(), text);
        }
        for text in ["", "Ctlr-x", "Ctrl-", "F99", "Shift-a", "ab", "\x1b"] {
            assert!(text.parse::<Chord>().is_err(), "{text:?} is no key");
        }
    }

    #[test]
    fn a_press_has_one_spelling() {
        let press = |code, modifiers| Chord::new(code, modifiers);
        assert_eq!(press(KeyCode::Char('G'), KeyModifiers::SHIFT), chord("G"));
        assert_eq!(
            press(KeyCode::BackTab, KeyModifiers::SHIFT),
            chord("Shift-Tab")
        );
        assert_eq!(
            press(KeyCode::Char('D'), KeyModifiers::CONTROL),
            chord("Ctrl-d")
        );
    }

    #[test]
    fn the_same_place_on_a_russian_layout() {
        assert_eq!(chord("ы").as_qwerty(), Some(chord("s")));
        assert_eq!(chord("Ж").as_qwerty(), Some(chord(":")));
        assert_eq!(chord("Ctrl-с").as_qwerty(), Some(chord("Ctrl-c")));
        assert_eq!(chord("s").as_qwerty(), None);
        assert_eq!(CYRILLIC.chars().count(), LATIN.chars().count());
        assert_eq!(
            CYRILLIC_SHIFTED.chars().count(),
            LATIN_SHIFTED.chars().count()
        );
    }
}
