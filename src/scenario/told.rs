//! Texts that a story tells, in one language or in two.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

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
