//! Texts as cells of a table.
//!
//! A table is opened in programs that take a cell which begins with `=`, `+`, `-` or `@` for a
//! formula and do what it says; such a text gets an apostrophe before it, which [`text_of`] takes off.
//! Control and bidirectional characters are escaped, line breaks apart, which CSV knows.

use crate::text::{escaped, gives_orders};

/// A text as one cell, in quotes.
pub fn cell(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c != '\n' && gives_orders(c) { escaped(c) } else { c.to_string() })
        .collect();
    let guard = if is_guarded(&plain) { "'" } else { "" };
    format!("\"{guard}{}\"", plain.replace('"', "\"\""))
}

/// A word or a number as one cell, in quotes where it needs them; numbers stay as they are.
pub fn word(text: &str) -> String {
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        return text.into();
    }
    let cell = cell(text);
    let inner = &cell[1..cell.len() - 1];
    if inner.contains([',', '"', '\n']) { cell } else { inner.into() }
}

/// The text of a cell that [`cell`] made, without its quotes.
pub fn text_of(inner: &str) -> Option<String> {
    // A quote inside is written twice; a single one is the end of another cell.
    if inner.replace("\"\"", "").contains('"') {
        return None;
    }
    let text = inner.replace("\"\"", "\"");
    Some(match text.strip_prefix('\'') {
        Some(own) if is_guarded(own) => own.into(),
        _ => text,
    })
}

/// Whether a text gets an apostrophe: a formula, or one that has got its apostrophe already, so that
/// each comes back as it was.
fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_gets_an_apostrophe_and_comes_back() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!([cell("-1"), cell("@x"), cell("+x")], ["\"'-1\"", "\"'@x\"", "\"'+x\""]);
        assert_eq!([cell("a=b"), cell("'tis"), cell("")], ["\"a=b\"", "\"'tis\"", "\"\""]);
        let odd = ["=1", "'=1", "''=1", "'", "''", "'a", "-", "\"", "\"=", "a\n=b", "\n", "é,", ""];
        for text in odd {
            let cell = cell(text);
            assert_eq!(text_of(&cell[1..cell.len() - 1]).as_deref(), Some(text), "{cell}");
            assert!(!cell[1..].starts_with(['=', '+', '-', '@']), "{cell}");
        }
        assert_eq!(text_of("a\"b"), None);
    }

    #[test]
    fn numbers_stay_as_they_are() {
        let numbers = ["-1", "+0.5", "-1e-3", "64"];
        assert_eq!(numbers.map(word), numbers);
        assert_eq!([word("vq-ema"), word("[8, 8]")], ["vq-ema", "\"[8, 8]\""]);
        assert_eq!([word("-inf"), word("=1+1"), word("=a,b")], ["'-inf", "'=1+1", "\"'=a,b\""]);
    }

    #[test]
    fn orders_are_escaped() {
        assert_eq!(cell("a\u{1b}[2J\r\n\u{202e}"), "\"a\\u{1b}[2J\\r\n\\u{202e}\"");
    }
}
