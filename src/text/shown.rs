//! Texts of others, such that they can be shown: one line, no orders to a terminal, not endless.

/// Most characters that are shown of a file name, an array's name, a title or another program's words.
const MOST: usize = 300;

/// A text that comes from a file, a link, an array or another program, as it may stand in a window,
/// on a terminal or in another text: on one line, with control and bidirectional characters escaped,
/// and cut in its middle where it is very long.
pub fn shown(text: &str) -> String {
    shown_within(text, MOST)
}

/// Most characters of a whole sentence, in which some such texts may stand.
const MOST_OF_SENTENCE: usize = 600;

/// As [`shown`], for a sentence that holds texts of others.
pub fn sentence(text: &str) -> String {
    shown_within(text, MOST_OF_SENTENCE)
}

/// As [`sentence`], for what may have several lines.
pub fn lines(text: &str) -> String {
    let piece = |c: char| if c == '\n' { c.to_string() } else { escaped(c) };
    escaped_within(text, MOST_OF_SENTENCE, piece)
}

/// As [`shown`], of at most `most` characters.
pub fn shown_within(text: &str, most: usize) -> String {
    escaped_within(text, most, escaped)
}

fn escaped_within(text: &str, most: usize, escaped: impl Fn(char) -> String) -> String {
    // As nearly all are.
    if text.len() <= most && text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.into();
    }
    let (mut start, mut length) = (Vec::new(), 0);
    for c in text.chars() {
        let piece = escaped(c);
        length += piece.chars().count();
        start.push(piece);
        // What follows may be without end, and is not looked at from here.
        if length > most {
            return cut(&start, text.chars().rev().map(escaped), most);
        }
    }
    start.concat()
}

/// A whole text with its control and bidirectional characters escaped, but for line breaks and tabs,
/// where these lay out the text.
pub fn escaped_lines(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\t') { c.to_string() } else { escaped(c) })
        .collect()
}

/// The start and the end of a text that is too long, which both tell what it is.
fn cut(start: &[String], from_end: impl Iterator<Item = String>, most: usize) -> String {
    let room = most.saturating_sub(1);
    let at_end = room / 3;
    let mut head = within(start.iter().cloned(), room - at_end);
    let mut tail = within(from_end, at_end);
    tail.reverse();
    head.push("…".into());
    head.concat() + &tail.concat()
}

/// The first pieces that have at most `room` characters together.
fn within(pieces: impl Iterator<Item = String>, mut room: usize) -> Vec<String> {
    pieces
        .take_while(|piece| {
            let length = piece.chars().count();
            let fits = length <= room;
            room = room.saturating_sub(length);
            fits
        })
        .collect()
}

/// A character, or its name where it would move the cursor, turn the direction or not be seen.
pub fn escaped(c: char) -> String {
    match c {
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        _ if gives_orders(c) || is_unseen(c) => c.escape_unicode().to_string(),
        _ => c.to_string(),
    }
}

/// Whether a character orders something instead of being one that is read: control characters, breaks
/// of lines, and marks, embeddings, overrides and isolates of a direction.
pub fn gives_orders(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character takes no place: spaces and letters of no width, notes between lines, tags.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_order_something_is_named_and_all_else_stays() {
        assert_eq!(shown("codes/λ 値 \"x\" C:\\new 👩‍🚀"), "codes/λ 値 \"x\" C:\\new 👩‍🚀");
        assert_eq!(shown("a\nb\r\tc\0"), "a\\nb\\r\\tc\\u{0}");
        assert_eq!(shown("\u{1b}[2J\u{9b}31m\u{7f}"), "\\u{1b}[2J\\u{9b}31m\\u{7f}");
        assert_eq!(shown("\u{202e}gnp.exe\u{2066}"), "\\u{202e}gnp.exe\\u{2066}");
        assert_eq!(shown("a\u{2028}b\u{feff}"), "a\\u{2028}b\\u{feff}");
        for c in (0..=0x2f_ffff).filter_map(char::from_u32).filter(|c| c.is_control()) {
            assert!(!shown(&c.to_string()).contains(char::is_control), "{c:?}");
        }
    }

    #[test]
    fn a_long_text_keeps_its_start_and_its_end() {
        let whole = "é".repeat(MOST);
        assert_eq!(shown(&whole), whole);
        let long = format!("start{}end", "x".repeat(1 << 20));
        let cut = shown(&long);
        assert_eq!(cut.chars().count(), MOST);
        assert!(cut.starts_with("startx") && cut.ends_with("xend") && cut.contains("x…x"), "{cut}");
        // An escape is never cut in two, and what is shown can be shown again.
        let orders = shown(&"\u{1b}".repeat(1000));
        assert!(orders.chars().count() <= MOST && orders.starts_with("\\u{1b}"), "{orders}");
        assert_eq!(orders.replace("\\u{1b}", ""), "…");
        for text in [cut, orders, whole] {
            assert_eq!(shown(&text), text);
        }
        assert_eq!(shown_within("abcdefgh", 4), "ab…h");
        assert_eq!(shown_within("abcd", 4), "abcd");
        assert_eq!(shown_within("\0\0", 1), "…");
    }

    #[test]
    fn what_lays_out_a_text_stays_where_it_may() {
        assert_eq!(escaped_lines("a\n\tb\r\u{1b}c"), "a\n\tb\\r\\u{1b}c");
        assert_eq!(lines("a\nb\tc\0"), "a\nb\\tc\\u{0}");
        assert_eq!(lines(&"é\n".repeat(1000)).chars().count(), MOST_OF_SENTENCE);
    }
}
