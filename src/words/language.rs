//! Which language is spoken.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::text::shown;

/// A language of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::En) };
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// Its name in `--lang` and in locales, as ISO 639 has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// Its own name for itself, which whoever looks for it can read.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ja => "日本語",
        }
    }

    /// The language of a name such as "ja".
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }

    /// The language that a system asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that says
    /// something decides, as POSIX has it. `variable` tells their values.
    pub fn of_system(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
        let locale = said.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
        let name = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        Self::from_name(&name.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The language that an option asks for.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn parse(option: &str, name: &str) -> Result<Self, String> {
        Self::from_name(name)
            .ok_or_else(|| format!("{option} {} is not known; use en or ja", shown(name)))
    }

    /// The other one, for a button that switches.
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Ja,
            Self::Ja => Self::En,
        }
    }

    /// Its place in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// The language that this thread speaks.
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// Makes this thread speak a language from now on.
pub fn speak(language: Language) {
    SPOKEN.set(language);
}

/// Does something while this thread speaks a language.
pub fn within<T>(language: Language, act: impl FnOnce() -> T) -> T {
    /// Speaks what was spoken before, also when unwinding.
    struct Back(Language);

    impl Drop for Back {
        fn drop(&mut self) {
            speak(self.0);
        }
    }

    let _back = Back(SPOKEN.replace(language));
    act()
}

/// Does something in English, as files are written.
pub fn english<T>(act: impl FnOnce() -> T) -> T {
    within(Language::En, act)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_asks_for_a_language_by_its_locale() {
        let of = |pairs: &[(&str, &str)]| {
            Language::of_system(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into())
            })
        };
        assert_eq!(of(&[]), Language::En);
        for locale in ["ja", "ja_JP.UTF-8", "ja_JP", "JA-jp", "ja.eucJP"] {
            assert_eq!(of(&[("LANG", locale)]), Language::Ja, "{locale}");
        }
        for locale in ["C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "jam_JM", "japanese"] {
            assert_eq!(of(&[("LANG", locale)]), Language::En, "{locale}");
        }
        assert_eq!(of(&[("LANG", "ja_JP"), ("LC_ALL", "C")]), Language::En);
        assert_eq!(of(&[("LANG", "ja_JP"), ("LC_MESSAGES", "en_US")]), Language::En);
        assert_eq!(of(&[("LANG", "en_US"), ("LC_MESSAGES", "ja_JP")]), Language::Ja);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "ja_JP")]), Language::Ja);
    }

    #[test]
    fn names_lead_back() {
        for (i, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!(Language::from_name(language.name()), Some(language));
            assert_eq!(language.index(), i);
        }
        assert_eq!(Language::from_name("de"), None);
        assert_eq!(Language::parse("--lang", "ja"), Ok(Language::Ja));
        let refused = Language::parse("--lang", "de").unwrap_err();
        assert_eq!(refused, "--lang de is not known; use en or ja");
    }
}
