//! Texts that a story tells, in one language or in two.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::words::{self, Language};

/// A text of a story: `"…"`, or `{ en = "…", ja = "…" }`. As a text it is the English one, which
/// files and titles of folders have whatever the window's language is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Told {
    en: String,
    ja: Option<String>,
}

/// As it stands in a file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written {
    One(String),
    Both { en: String, ja: String },
}

impl From<Written> for Told {
    fn from(written: Written) -> Self {
        match written {
            Written::One(en) => Self { en, ja: None },
            Written::Both { en, ja } => Self { en, ja: Some(ja) },
        }
    }
}

impl From<Told> for Written {
    fn from(told: Told) -> Self {
        match told.ja {
            None => Self::One(told.en),
            Some(ja) => Self::Both { en: told.en, ja },
        }
    }
}

impl Told {
    /// The text in English and in Japanese.
    pub fn both(en: &str, ja: &str) -> Self {
        Self { en: en.into(), ja: Some(ja.into()) }
    }

    /// What `say` says in each language.
    pub fn in_each(say: impl Fn() -> String) -> Self {
        let [en, ja] = [Language::En, Language::Ja].map(|language| words::within(language, &say));
        Self { en, ja: Some(ja) }
    }

    /// The text in the language that is spoken, or in English where it has no other.
    pub fn spoken(&self) -> &str {
        match (words::spoken(), &self.ja) {
            (Language::Ja, Some(ja)) => ja,
            _ => &self.en,
        }
    }

    /// The Japanese text, where there is one.
    pub fn ja(&self) -> Option<&str> {
        self.ja.as_deref()
    }
}

impl Deref for Told {
    type Target = str;

    fn deref(&self) -> &str {
        &self.en
    }
}

impl From<&str> for Told {
    fn from(en: &str) -> Self {
        Self { en: en.into(), ja: None }
    }
}

impl From<String> for Told {
    fn from(en: String) -> Self {
        Self { en, ja: None }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_in_the_language_that_is_spoken_where_it_has_it() {
        let (both, one) = (Told::both("codes", "コード"), Told::from("codes"));
        assert_eq!([both.spoken(), one.spoken()], ["codes"; 2]);
        words::within(Language::Ja, || {
            assert_eq!([both.spoken(), one.spoken()], ["コード", "codes"]);
            // Files and folders have the English one.
            assert_eq!(both.to_string(), "codes");
        });
    }
}
