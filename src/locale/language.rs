//! The languages that finspect's words and lessons may be in, and which one is meant.

use std::fmt;

/// See the head of this file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    Russian,
    Spanish,
    French,
    TraditionalChinese,
    SimplifiedChinese,
}

impl Language {
    pub const ALL: [Language; 6] = [
        Language::English,
        Language::Russian,
        Language::Spanish,
        Language::French,
        Language::TraditionalChinese,
        Language::SimplifiedChinese,
    ];

    /// As it is written on the command line and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Russian => "ru",
            Language::Spanish => "es",
            Language::French => "fr",
            Language::TraditionalChinese => "zh-TW",
            Language::SimplifiedChinese => "zh-CN",
        }
    }

    /// A tag of BCP 47 or a name of POSIX: `ru`, `ru_RU.UTF-8`, `zh-Hant`. `None`: another language.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default();
        let mut parts = tag.split(['-', '_']).map(str::to_ascii_lowercase);
        let language = parts.next().unwrap_or_default();
        let traditional = |part: String| matches!(part.as_str(), "hant" | "tw" | "hk" | "mo");
        match language.as_str() {
            "en" | "c" | "posix" => Some(Language::English),
            "ru" => Some(Language::Russian),
            "es" => Some(Language::Spanish),
            "fr" => Some(Language::French),
            "zh" if parts.any(traditional) => Some(Language::TraditionalChinese),
            "zh" => Some(Language::SimplifiedChinese),
            _ => None,
        }
    }

    /// Of the environment's variables, the weightiest first (locale(7)): the first that is set decides, and a language
    /// that is not among these is English.
    pub fn of_environment<'a>(values: impl IntoIterator<Item = &'a str>) -> Language {
        let set = values.into_iter().find(|value| !value.is_empty());
        set.and_then(Language::of_tag).unwrap_or_default()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_the_world() {
        let rows = [
            ("en", Some("en")),
            ("en_GB.UTF-8", Some("en")),
            ("C.UTF-8", Some("en")),
            ("ru_RU.UTF-8", Some("ru")),
            ("es-419", Some("es")),
            ("fr_CA@euro", Some("fr")),
            ("zh", Some("zh-CN")),
            ("zh-Hans", Some("zh-CN")),
            ("zh_SG.UTF-8", Some("zh-CN")),
            ("zh-Hant", Some("zh-TW")),
            ("zh_HK.UTF-8", Some("zh-TW")),
            ("zh-tw", Some("zh-TW")),
            ("de_DE.UTF-8", None),
            ("", None),
        ];
        for (tag, word) in rows {
            assert_eq!(Language::of_tag(tag).map(Language::word), word, "{tag}");
        }
        for language in Language::ALL {
            assert_eq!(Language::of_tag(language.word()), Some(language));
        }
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let of = |values: &[&str]| Language::of_environment(values.iter().copied()).word();
        assert_eq!(of(&["", "ru_RU.UTF-8", "fr_FR.UTF-8"]), "ru");
        assert_eq!(of(&["de_DE.UTF-8", "fr_FR.UTF-8"]), "en");
        assert_eq!(of(&[]), "en");
    }
}
