//! Sentences of the window and of reports by key: a translator needs no Rust.
//!
//! The sentences stand in `en.ftl` and `ja.ftl` (Project Fluent). A key that is missing, one that
//! nothing uses and an argument that a sentence does not take or is not given fail a test
//! (`tests/it/words.rs`). Errors keep their own sentences where they are made.
//!
//! Which language is spoken belongs to a thread. Every thread begins in English, so that whatever
//! trains, saves and exports writes English files without being told; the window's thread speaks what
//! its user chose ([`speak`]), and writes a file inside of [`english`].

mod language;

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use language::{Language, english, speak, spoken, within};

/// The sentences in English.
pub const ENGLISH: &str = include_str!("en.ftl");

/// The sentences in Japanese.
pub const JAPANESE: &str = include_str!("ja.ftl");

/// The sentences of a language.
struct Voice {
    bundle: FluentBundle<FluentResource>,
    /// Those that take no arguments, made once.
    plain: HashMap<String, String>,
}

static VOICES: LazyLock<[Voice; 2]> =
    LazyLock::new(|| Language::ALL.map(|language| Voice::new(language.name(), language.file())));

impl Language {
    /// Its sentences: text of a file of Project Fluent.
    pub fn file(self) -> &'static str {
        match self {
            Self::En => ENGLISH,
            Self::Ja => JAPANESE,
        }
    }
}

/// What is found in the language that is spoken; what it lacks is said in English.
fn found<T>(find: impl Fn(&'static Voice) -> Option<T>) -> Option<T> {
    let voices: &'static [Voice; 2] = &VOICES;
    find(&voices[spoken().index()]).or_else(|| find(&voices[Language::En.index()]))
}

impl Voice {
    /// A language from its file. What of the file is no sentence is left out, which the tests find.
    fn new(name: &str, file: &str) -> Self {
        let language: LanguageIdentifier = name.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Nothing is written from right to left.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(file.into());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(whole, _)| whole));
        let mut voice = Self { bundle, plain: HashMap::new() };
        for key in keys(file) {
            if let Some(text) = voice.format(&key, None) {
                voice.plain.insert(key, text);
            }
        }
        voice
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

/// A sentence without arguments in every language, looked up once; [`words!`](crate::words!) is the way to
/// write it.
#[derive(Debug)]
pub struct Plain {
    key: &'static str,
    texts: OnceLock<[&'static str; 2]>,
}

impl Plain {
    /// The sentence of a key.
    pub const fn new(key: &'static str) -> Self {
        Self { key, texts: OnceLock::new() }
    }

    /// The sentence in the language that is spoken; what that lacks is said in English.
    pub fn text(&self) -> &'static str {
        let texts = self.texts.get_or_init(|| {
            let voices: &'static [Voice; 2] = &VOICES;
            let english = voices[Language::En.index()].plain.get(self.key);
            Language::ALL.map(|language| {
                let own = voices[language.index()].plain.get(self.key);
                own.or(english).map_or(self.key, String::as_str)
            })
        });
        texts[spoken().index()]
    }
}

/// A sentence with arguments; [`words!`](crate::words!) is the way to call it.
pub fn with(key: &'static str, arguments: &[(&'static str, &dyn Display)]) -> String {
    let mut own = FluentArgs::with_capacity(arguments.len());
    for (name, value) in arguments {
        own.set(*name, value_of(value.to_string()));
    }
    found(|voice| voice.format(key, Some(&own))).unwrap_or_else(|| key.into())
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
    ($key:literal) => {{
        static PLAIN: $crate::words::Plain = $crate::words::Plain::new($key);
        PLAIN.text()
    }};
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
        let language = Voice::new("en", FILE);
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
    fn the_files_are_sound() {
        for language in Language::ALL {
            assert!(FluentResource::try_new(language.file().into()).is_ok(), "{language:?}");
            let mut all = keys(language.file());
            let count = all.len();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "a key of {language:?} stands there twice");
        }
    }

    #[test]
    fn a_thread_speaks_the_language_that_it_was_told() {
        let say = || (words!("top-building-the-run"), words!("top-step-of", step = 3, steps = 20));
        let here = say();
        assert_eq!(here, (words!("top-building-the-run"), "step 3 of 20".into()));
        let thread = std::thread::Builder::new().name("another".into());
        let there = within(Language::Ja, || {
            assert_eq!(thread.spawn(spoken).unwrap().join().unwrap(), Language::En);
            assert_eq!(english(say), here);
            say()
        });
        assert!(there.0 != here.0 && there.1 != here.1, "{there:?}");
        // Also where what spoke it did not come to its end.
        std::panic::catch_unwind(|| within(Language::Ja, || panic!("on purpose"))).unwrap_err();
        assert_eq!((spoken(), say()), (Language::En, here));
    }
}
