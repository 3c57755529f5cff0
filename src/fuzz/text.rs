//! Changes to texts of TOML: lines, keys and values.

use crate::fuzz::{hurt, once_in, one_of};
use crate::rng::Stream;
use crate::scenario::schema::KEYS;

/// Values at and beyond the edges of what keys take.
const VALUES: [&str; 47] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "64",
    "512",
    "513",
    "16777216",
    "16777217",
    "100000000",
    "100000001",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "0.0",
    "-0.0",
    "0.5",
    "1e-320",
    "1e-12",
    "1e38",
    "1e300",
    "-1e300",
    "nan",
    "inf",
    "-inf",
    "true",
    "false",
    "\"\"",
    "\"a\"",
    "\"b\"",
    "\"end\"",
    "\"unlimited\"",
    "\"keep\"",
    "\"full\"",
    "\"\\u0000\"",
    "\"\\u001b[2J\"",
    "\"\\u202egnp\"",
    "\"../../../etc/passwd\"",
    "[]",
    "[2, 2]",
    "[64, 64, 64, 64, 64, 64]",
    "{}",
    "1979-05-27T07:32:00Z",
    "[[[[[[]]]]]]",
];

/// Changes a text in one to four places. It stays TOML more often than not.
pub fn change(stream: &mut Stream, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(Into::into).collect();
    for _ in 0..=stream.below(4) {
        change_once(stream, &mut lines);
    }
    let mut text = lines.join("\n") + "\n";
    if once_in(stream, 12) {
        let mut bytes = text.into_bytes();
        hurt(stream, &mut bytes);
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    text
}

fn change_once(stream: &mut Stream, lines: &mut Vec<String>) {
    if lines.is_empty() {
        lines.push("x = 0".into());
    }
    let at = stream.below(lines.len());
    match stream.below(12) {
        0..=5 => {
            let value = value(stream, lines);
            if let Some(key) = key_of(lines, at, stream) {
                let (line, key) = key;
                lines[line] = format!("{key} = {value}");
            }
        }
        6 => drop(lines.remove(at)),
        7 => {
            let (_, last) = one_of(stream, KEYS).path.rsplit_once('.').unwrap_or(("", "seed"));
            let value = value(stream, lines);
            lines.insert(at, format!("{} = {value}", last.replace('*', "a")));
        }
        8 => {
            // A table with what follows it until the next one, once more.
            let start = (0..=at).rev().find(|&i| lines[i].starts_with("[[")).unwrap_or(at);
            let end = (start + 1..lines.len()).find(|&i| lines[i].starts_with('['));
            let copy = lines[start..end.unwrap_or(lines.len())].to_vec();
            if copy[0].starts_with("[[") {
                let times = if once_in(stream, 20) { 200 } else { 1 };
                (0..times).for_each(|_| drop(lines.splice(start..start, copy.clone())));
            }
        }
        9 => {
            let other = stream.below(lines.len());
            lines.swap(at, other);
        }
        10 => {
            // A long text in the place of a short one.
            if let Some((line, key)) = key_of(lines, at, stream) {
                let piece = one_of(stream, &["x", "é", "\\u0007", "\\n", "=HYPERLINK(1)"]);
                let long = piece.repeat(one_of(stream, &[1, 100, 4000]));
                lines[line] = format!("{key} = \"{long}\"");
            }
        }
        _ => {
            let numbers: Vec<usize> = lines[at]
                .char_indices()
                .filter_map(|(i, c)| c.is_ascii_digit().then_some(i))
                .collect();
            if !numbers.is_empty() {
                let digit = one_of(stream, &numbers);
                let new = one_of(stream, &["0", "9", "99999999", "-1", "1.5"]);
                lines[at].replace_range(digit..=digit, new);
            }
        }
    }
}

/// A line that gives a value to a key, near `at`, and the key.
fn key_of(lines: &[String], at: usize, stream: &mut Stream) -> Option<(usize, String)> {
    let has_key = |line: &&usize| lines[**line].contains('=') && !lines[**line].starts_with('#');
    let with_keys: Vec<usize> = (0..lines.len()).filter(|line| has_key(&line)).collect();
    if with_keys.is_empty() {
        return None;
    }
    let line = if with_keys.contains(&at) { at } else { one_of(stream, &with_keys) };
    let key = lines[line].split('=').next().unwrap_or("x").trim().to_string();
    Some((line, key))
}

/// A value from the edges, or one that stands elsewhere in the text.
fn value(stream: &mut Stream, lines: &[String]) -> String {
    if once_in(stream, 3) {
        let other = &lines[stream.below(lines.len())];
        if let Some((_, value)) = other.split_once('=') {
            return value.trim().into();
        }
    }
    one_of(stream, &VALUES).into()
}
