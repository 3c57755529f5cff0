//! Both languages say the same: keys, arguments, and numbers in digits and in words, in the sentences of
//! the program and in its stories.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use vqscope::words::{ENGLISH, JAPANESE, keys};

use crate::words::written;

/// A sentence without the names of its arguments.
fn outside_of_braces(sentence: &str) -> String {
    let mut text = String::new();
    for (i, piece) in sentence.split('{').enumerate() {
        let said = if i == 0 { piece } else { piece.split_once('}').map_or("", |(_, rest)| rest) };
        text += said;
        text.push(' ');
    }
    text
}

/// Figures of a sentence, but for the digits in names of arguments. A digit against a Japanese letter
/// is a word of its own, as "2\u{3064}" is "two"; a figure stands by itself.
fn numbers(sentence: &str) -> Vec<String> {
    let text = outside_of_braces(sentence);
    let is_letter = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let mut all = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits: String = rest[start..].chars().take_while(char::is_ascii_digit).collect();
        rest = &rest[start + digits.len()..];
        if !rest.starts_with(is_letter) {
            all.push(digits);
        }
    }
    all.sort();
    all
}

/// The text of each key, on one line.
fn texts(file: &str) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut key = None;
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let [own] = keys(line).as_slice() {
            key = Some(own.clone());
        }
        let Some(key) = &key else { continue };
        let text = all.entry(key.clone()).or_default();
        text.push_str(line.split_once(" =").filter(|(own, _)| own == key).map_or(line, |(_, t)| t));
    }
    all
}

/// What one language says otherwise than the other, a line each.
fn differences(english: &str, japanese: &str) -> Vec<String> {
    let (en, ja) = (written(english), written(japanese));
    let mut lines: Vec<String> = Vec::new();
    for key in en.keys().chain(ja.keys()).collect::<BTreeSet<_>>() {
        match (en.get(key), ja.get(key)) {
            (Some(_), None) => lines.push(format!("{key} is not in ja.ftl")),
            (None, _) => lines.push(format!("{key} is in ja.ftl alone")),
            (Some(a), Some(b)) if a != b => lines.push(format!("{key} takes {a:?} and {b:?}")),
            _ => {}
        }
    }
    let (en, ja) = (texts(english), texts(japanese));
    for (key, text) in &en {
        // Where a number chooses the wording, it stands in it more often than it is said.
        let is_choice = |text: &str| text.contains("->");
        let Some(other) = ja.get(key).filter(|other| !is_choice(text) && !is_choice(other)) else {
            continue;
        };
        if numbers(text) != numbers(other) {
            lines.push(format!("{key}: {text} | {other}"));
        }
    }
    lines
}

#[test]
fn both_languages_have_the_same_sentences_arguments_and_numbers() {
    let found = differences(ENGLISH, JAPANESE);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    // It is Japanese, but for names and formulas.
    let is_japanese = |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let all = texts(JAPANESE);
    let foreign = all.values().filter(|text| !text.contains(is_japanese)).count();
    assert!(10 * foreign < all.len(), "{foreign} of {} are not in Japanese", all.len());
}

/// Words of numbers, and the letters of which one stands where Japanese says the same.
const NUMBER_WORDS: &[(&str, &str)] = &[
    ("two", "\u{4e8c}\u{4e21}2"),
    ("twice", "\u{4e8c}\u{500d}2"),
    ("three", "\u{4e09}3"),
    ("third", "\u{4e09}3"),
    ("four", "\u{56db}4"),
    ("quarter", "\u{56db}4"),
    ("five", "\u{4e94}5"),
    ("six", "\u{516d}6"),
    ("seven", "\u{4e03}7"),
    ("eight", "\u{516b}8"),
    ("nine", "\u{4e5d}9"),
    ("ten", "\u{5341}1"),
    ("hundred", "\u{767e}1"),
    ("thousand", "\u{5343}1"),
    // Half, or five of ten.
    ("half", "\u{534a}\u{4e94}"),
];

/// The first number that English says in a word or in digits, and Japanese does not say.
fn unsaid(english: &str, japanese: &str) -> Option<String> {
    let digits = |text: &str| -> Vec<String> {
        let said = outside_of_braces(text);
        let all = said.split(|c: char| !c.is_ascii_digit());
        all.filter(|digits| !digits.is_empty()).map(String::from).collect()
    };
    let words: BTreeSet<String> =
        english.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let other = NUMBER_WORDS
        .iter()
        .find(|(word, signs)| words.contains(*word) && !japanese.contains(|c| signs.contains(c)));
    // Japanese has digits in the place of some words as well.
    let figures = digits(japanese);
    let figure = || digits(english).into_iter().find(|digits| !figures.contains(digits));
    other.map(|(word, _)| (*word).into()).or_else(figure)
}

/// Every text of a file of stories that is there in both languages.
fn told(value: &toml::Value, all: &mut Vec<[String; 2]>) {
    match value {
        toml::Value::Table(table) => match [table.get("en"), table.get("ja")] {
            [Some(en), Some(ja)] => {
                all.push([en, ja].map(|text| text.as_str().unwrap_or_default().into()));
            }
            _ => table.values().for_each(|value| told(value, all)),
        },
        toml::Value::Array(values) => values.iter().for_each(|value| told(value, all)),
        _ => {}
    }
}

#[test]
fn numbers_are_the_same_in_both_languages_in_digits_and_in_words() {
    let mut pairs = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let demos = std::fs::read_dir(root.join("demos")).unwrap().map(|entry| entry.unwrap().path());
    for file in demos.chain([root.join("assets/tour.toml")]) {
        if file.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&file).unwrap();
            told(&toml::from_str(&text).unwrap(), &mut pairs);
        }
    }
    assert!(pairs.len() > 300, "{}", pairs.len());
    let differs = |[en, ja]: &[String; 2]| Some(format!("{}: {en} | {ja}", unsaid(en, ja)?));
    let mut found: Vec<String> = pairs.iter().filter_map(differs).collect();
    // Where a number chooses the wording, it is said more often in the one than in the other.
    let (en, ja) = (texts(ENGLISH), texts(JAPANESE));
    let plain = en.iter().filter(|(_, text)| !text.contains("->"));
    found.extend(plain.filter_map(|(key, text)| differs(&[text.clone(), ja.get(key)?.clone()])));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert_eq!(unsaid("Two of 5.", "5 \u{4e2d} \u{4e8c}\u{3064}"), None);
    assert_eq!(unsaid("Two of 5.", "5 \u{4e2d} \u{4e09}\u{3064}"), Some("two".into()));
    assert_eq!(unsaid("Two of 5.", "6 \u{4e2d} \u{4e8c}\u{3064}"), Some("5".into()));
}

#[test]
fn what_differs_between_languages_is_found() {
    let english = "one = 300 steps of { $n }.\ntwo = Two.\n";
    let japanese = "one = { $n } \u{3067} 300.\ntwo = 2\u{3064}.\n";
    assert_eq!(differences(english, japanese), [""; 0]);
    for (japanese, found) in [
        ("one = 30 { $n }.\ntwo = x\n", "one:"),
        ("one = 300 { $n }.\ntwo = 2.\n", "two:"),
        ("one = 300.\ntwo = x\n", "one takes"),
        ("one = 300 { $n }.\n", "two is not"),
        ("one = 300 { $n }.\ntwo = x\nthree = x\n", "three is in ja.ftl alone"),
    ] {
        let lines = differences(english, japanese);
        assert!(lines.len() == 1 && lines[0].starts_with(found), "{lines:?}");
    }
}
