//! Texts as cells of a table.
//!
//! A table is opened in programs that take a cell which begins with `=`, `+`, `-` or `@` for a
//! formula and do what it says; such a text gets an apostrophe before it, which [`unguarded`] takes off.
//! Control and bidirectional characters are escaped, line breaks apart, which CSV knows.

use csv::{QuoteStyle, Writer, WriterBuilder};

use crate::text::{escaped, gives_orders};

/// A text as one cell, in quotes.
pub fn cell(text: &str) -> String {
    line(QuoteStyle::Always, [plain(text)])
}

/// Cells as they are written, as one row without its end.
pub fn row<const N: usize>(cells: [String; N]) -> String {
    line(QuoteStyle::Never, cells)
}

fn line<const N: usize>(style: QuoteStyle, cells: [String; N]) -> String {
    let length = cells.iter().map(|cell| cell.len() + 3).sum();
    let mut table = Table(
        WriterBuilder::new().quote_style(style).buffer_capacity(length).from_writer(Vec::new()),
    );
    table.row(cells);
    let mut text = table.text();
    text.pop();
    text
}

/// A text without orders, with its apostrophe where it needs one.
fn plain(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c != '\n' && gives_orders(c) { escaped(c) } else { c.to_string() })
        .collect();
    if is_guarded(&plain) { format!("'{plain}") } else { plain }
}

/// A word or a number for a [`Table`]; numbers stay as they are.
pub fn word(text: &str) -> String {
    if text.parse::<f64>().is_ok_and(f64::is_finite) { text.into() } else { plain(text) }
}

/// A table of words and numbers; a cell is in quotes where it needs them.
pub struct Table(Writer<Vec<u8>>);

impl Default for Table {
    fn default() -> Self {
        Self(WriterBuilder::new().flexible(true).from_writer(Vec::new()))
    }
}

impl Table {
    /// A table of cells as they are written: those of [`cell`], and numbers and words that need no
    /// quotes.
    pub fn of_cells() -> Self {
        Self(
            WriterBuilder::new()
                .quote_style(QuoteStyle::Never)
                .flexible(true)
                .from_writer(Vec::new()),
        )
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.write_record(cells).expect("memory takes every byte");
    }

    /// All of it.
    pub fn text(self) -> String {
        let bytes = self.0.into_inner().expect("memory takes every byte");
        String::from_utf8(bytes).expect("cells are text")
    }
}

/// The text of a cell that [`cell`] made, as a reader of tables gives it.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(own) if is_guarded(own) => own,
        _ => text,
    }
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
            let inner = cell[1..cell.len() - 1].replace("\"\"", "\"");
            assert_eq!(unguarded(&inner), text, "{cell}");
            assert!(!cell[1..].starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }

    #[test]
    fn cells_are_in_quotes_once() {
        assert_eq!(cell("plain"), "\"plain\"");
        let cells = || ["3".to_string(), String::new(), cell("a, \"b\"\nc"), cell("")];
        let written = "3,,\"a, \"\"b\"\"\nc\",\"\"";
        assert_eq!(row(cells()), written);
        let mut table = Table::of_cells();
        (0..2).for_each(|_| table.row(cells()));
        assert_eq!(table.text(), format!("{written}\n{written}\n"));
    }

    #[test]
    fn numbers_stay_as_they_are() {
        let in_table = |text: &str| {
            let mut table = Table::default();
            table.row([word(text)]);
            table.text()
        };
        let numbers = ["-1", "+0.5", "-1e-3", "64"];
        assert_eq!(numbers.map(in_table), ["-1\n", "+0.5\n", "-1e-3\n", "64\n"]);
        assert_eq!(["vq-ema", "[8, 8]"].map(in_table), ["vq-ema\n", "\"[8, 8]\"\n"]);
        let orders = ["-inf", "=1+1", "=a,b"].map(in_table);
        assert_eq!(orders, ["'-inf\n", "'=1+1\n", "\"'=a,b\"\n"]);
    }

    #[test]
    fn orders_are_escaped() {
        assert_eq!(cell("a\u{1b}[2J\r\n\u{202e}"), "\"a\\u{1b}[2J\\r\n\\u{202e}\"");
    }
}
