//! Sentences of the window and of reports by key: a translator needs no Rust.
//!
//! The sentences stand in `en.ftl` (Project Fluent). A key that is missing, one that nothing uses and
//! an argument that a sentence does not take or is not given fail a test (`tests/it/words.rs`).
//! Errors keep their own sentences where they are made.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The sentences in English.
pub const ENGLISH: &str = include_str!("en.ftl");

/// A language with its sentences.
struct Language {
    bundle: FluentBundle<FluentResource>,
    /// Those that take no arguments, made once.
    plain: HashMap<String, String>,
}

static CURRENT: LazyLock<Language> = LazyLock::new(|| Language::new("en", ENGLISH));

impl Language {
    /// A language from its file. What of the file is no sentence is left out, which the tests find.
    fn new(name: &str, file: &str) -> Self {
        let language: LanguageIdentifier = name.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Nothing is written from right to left.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(file.into());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(whole, _)| whole));
        let mut language = Self { bundle, plain: HashMap::new() };
        for key in keys(file) {
            if let Some(text) = language.format(&key, None) {
                language.plain.insert(key, text);
            }
        }
        language
    }

    /// A sentence with its arguments; `None` where there is no such key or an argument is missing.
    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

/// Keys of a file of sentences, in order.
pub fn keys(file: &str) -> Vec<String> {
    let key = |line: &str| {
        let (key, _) = line.split_once(" =")?;
        let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        is_key.then(|| key.to_string())
    };
    file.lines().filter_map(key).collect()
}

/// A sentence without arguments; [`words!`](crate::words!) is the way to call it.
pub fn plain(key: &'static str) -> &'static str {
    CURRENT.plain.get(key).map_or(key, String::as_str)
}

/// A sentence with arguments; [`words!`](crate::words!) is the way to call it.
pub fn with(key: &'static str, arguments: &[(&'static str, &dyn Display)]) -> String {
    let mut own = FluentArgs::with_capacity(arguments.len());
    for (name, value) in arguments {
        own.set(*name, value_of(value.to_string()));
    }
    CURRENT.format(key, Some(&own)).unwrap_or_else(|| key.into())
}

/// An argument as sentences choose by it: a whole number is one, so that a language can have its
/// plural; everything else is a text that stands there as it is.
fn value_of(text: String) -> FluentValue<'static> {
    let is_plain = text.len() <= 9
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    match text.parse::<u32>() {
        Ok(number) if is_plain => number.into(),
        _ => text.into(),
    }
}

/// A sentence by its key: `words!("report-steps")` is a text, `words!("report-step", step = 3)` one
/// with arguments, which may be whatever can be displayed.
#[macro_export]
macro_rules! words {
    ($key:literal) => {
        $crate::words::plain($key)
    };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::words::with($key, &[$((stringify!($name), &$value as &dyn ::std::fmt::Display)),+])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "one = One sentence.\nmany = { $n ->\n    [1] one code\n   *[other] { $n } codes\n } of { $all }\n# a remark\n";

    #[test]
    fn a_sentence_takes_its_arguments_and_a_missing_one_is_noticed() {
        let language = Language::new("en", FILE);
        assert_eq!(language.plain["one"], "One sentence.");
        let say = |pairs: &[(&'static str, &str)]| {
            let arguments: FluentArgs<'_> =
                pairs.iter().map(|(name, value)| (*name, value_of((*value).into()))).collect();
            language.format("many", Some(&arguments))
        };
        assert_eq!(say(&[("n", "1"), ("all", "512")]).unwrap(), "one code of 512");
        assert_eq!(say(&[("n", "7"), ("all", "512")]).unwrap(), "7 codes of 512");
        // Whatever it is, it stays as it is written.
        for text in ["0.0050", "1e-5", "007", "1,200", "3 %", "123456", "18446744073709551615"] {
            let said = say(&[("n", text), ("all", "512")]).unwrap();
            assert_eq!(said, format!("{text} codes of 512"));
        }
        assert_eq!(say(&[("n", "7")]), None);
        assert_eq!(language.format("two", None), None);
        assert_eq!(keys(FILE), ["one", "many"]);
    }

    #[test]
    fn the_file_is_sound() {
        assert!(FluentResource::try_new(ENGLISH.into()).is_ok());
        let mut all = keys(ENGLISH);
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "a key stands there twice");
    }
}
