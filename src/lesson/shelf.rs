//! The lessons that are built in: names, languages, texts, and the files that they send.

/// A lesson's text in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelved {
    pub name: &'static str,
    /// `en`, `ru`, `es`, `fr`, `zh-TW` or `zh-CN`.
    pub language: &'static str,
    pub text: &'static str,
}

/// Languages that a lesson may be written in, English first.
pub const LANGUAGES: [&str; 6] = ["en", "ru", "es", "fr", "zh-TW", "zh-CN"];

macro_rules! shelf {
    ($($name:literal: $($language:literal)*;)*) => {
        &[$($(Shelved {
            name: $name,
            language: $language,
            text: include_str!(concat!("../../assets/lessons/", $language, "/", $name, ".md")),
        },)*)*]
    };
}

/// Every built-in text.
pub const SHELF: &[Shelved] = shelf! {
    "four-way-close": "en";
    "who-gets-time-wait": "en";
    "three-segments": "en";
    "eof-in-band": "en";
    "winsock-client": "en" "ru" "es" "fr" "zh-TW" "zh-CN";
    "winsock-server": "en" "ru" "es" "fr" "zh-TW" "zh-CN";
    "half-close": "en" "ru" "es" "fr" "zh-TW" "zh-CN";
    "close-instead": "en";
    "answer-after-eof": "en";
    "shutdown-receive": "en";
    "both-or-each": "en";
    "write-after-shutdown": "en";
    "fin-has-a-number": "en";
    "fin-behind-data": "en";
    "shutdown-or-close": "en";
    "simultaneous-close": "en";
    "simultaneous-open": "en";
    "close-with-unread": "en";
    "upload-lost-answer": "en";
    "linger-zero": "en";
    "linger-n": "en";
    "lost-tail": "en";
    "data-after-close": "en";
    "refused-or-dropped": "en";
    "time-wait": "en";
    "time-wait-again": "en";
    "last-ack": "en";
    "fin-wait-1": "en";
    "fin-wait-2": "en";
    "close-wait-leak": "en";
    "rebind": "en";
    "assassination": "en";
    "half-open": "en";
    "reboot-or-unplug": "en";
    "keepalive-or-user-timeout": "en";
    "kill-nine": "en";
};

/// Files that lie in the folder of the built-in lessons.
pub const FILES: &[(&str, &[u8])] = &[(
    "report.txt",
    include_bytes!("../../assets/lessons/en/report.txt"),
)];

/// The lesson in this language, or in English.
pub fn shelved(name: &str, language: &str) -> Option<&'static Shelved> {
    let of = |language: &str| {
        SHELF
            .iter()
            .find(|l| l.name == name && l.language == language)
    };
    of(language).or_else(|| of(LANGUAGES[0]))
}

/// The names of all lessons, in English's order on the shelf.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHELF
        .iter()
        .filter(|l| l.language == LANGUAGES[0])
        .map(|l| l.name)
}

/// The languages in which a lesson is there.
pub fn languages(name: &str) -> impl Iterator<Item = &'static str> {
    LANGUAGES.into_iter().filter(move |language| {
        SHELF
            .iter()
            .any(|l| l.name == name && l.language == *language)
    })
}
