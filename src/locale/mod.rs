//! Words: everything a user reads, through a typed catalogue.
//!
//! A message is a variant of one of the `Word` enums here; its text stands in `assets/locales/<lang>/*.ftl` (Fluent).
//! An unknown message is a compile error; a message without text in English is found by the test below.
//! It knows nothing of TCP, of the screen or of the system: callers hand over plain strings and numbers.

mod language;
mod words;

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use language::Language;
pub use words::{Cli, Fault, Lane, Lesson, Pipe, Screen, Wire, Word};

/// One language's words.
pub struct Locale {
    bundle: FluentBundle<FluentResource>,
}

/// The texts of one language, as built in.
const ENGLISH: &[&str] = &[
    include_str!("../../assets/locales/en/screen.ftl"),
    include_str!("../../assets/locales/en/pipe.ftl"),
    include_str!("../../assets/locales/en/lane.ftl"),
    include_str!("../../assets/locales/en/lesson.ftl"),
    include_str!("../../assets/locales/en/wire.ftl"),
    include_str!("../../assets/locales/en/fault.ftl"),
    include_str!("../../assets/locales/en/cli.ftl"),
];

impl Locale {
    /// English, which every other language falls back on.
    ///
    /// # Panics
    /// Never with the built-in texts: a test parses them.
    pub fn english() -> Locale {
        let mut bundle = FluentBundle::new_concurrent(vec![
            LanguageIdentifier::from_bytes(b"en").unwrap_or_default(),
        ]);
        // Isolation marks (U+2068, U+2069) would stand in terminal cells.
        bundle.set_use_isolating(false);
        for text in ENGLISH {
            let resource = FluentResource::try_new((*text).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("built-in words: {errors:?}"));
            if let Err(errors) = bundle.add_resource(resource) {
                panic!("built-in words: {errors:?}");
            }
        }
        Locale { bundle }
    }

    /// The text of a message without arguments.
    pub fn say(&self, word: impl Word) -> Cow<'_, str> {
        self.format(word.key(), None)
    }

    /// The text of a message with arguments: `locale.with(Pipe::Unread, &[("bytes", 6.into())])`.
    pub fn with(&self, word: impl Word, args: &[(&str, FluentValue<'_>)]) -> String {
        let args: FluentArgs = args.iter().map(|(k, v)| (*k, v.clone())).collect();
        self.format(word.key(), Some(&args)).into_owned()
    }

    fn format<'a>(&'a self, key: &str, args: Option<&'a FluentArgs>) -> Cow<'a, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_an_english_text_and_every_text_a_word() {
        let locale = Locale::english();
        let mut known: Vec<&str> = words::all_keys().collect();
        for key in &known {
            assert!(
                locale
                    .bundle
                    .get_message(key)
                    .is_some_and(|m| m.value().is_some()),
                "no text for {key}"
            );
        }
        known.sort_unstable();
        for text in ENGLISH {
            for line in text.lines() {
                if let Some((key, _)) = line.split_once(" =")
                    && key
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                {
                    assert!(
                        known.binary_search(&key).is_ok(),
                        "no word uses the text {key}"
                    );
                }
            }
        }
    }
}
