//! How long a text takes to read.

/// Words of English that are read in a second, beside the pictures that they speak of.
const WORDS: f64 = 3.0;

/// Characters of Japanese that are read in a second.
const CHARACTERS: f64 = 6.0;

/// Seconds that a text takes to read: three words a second, or six characters where words are not
/// parted by spaces.
pub fn seconds(text: &str) -> f64 {
    let is_cjk = |c: &char| matches!(*c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff66}'..='\u{ff9d}');
    let characters = text.chars().filter(is_cjk).count() as f64;
    let rest: String = text.chars().map(|c| if is_cjk(&c) { ' ' } else { c }).collect();
    let words = rest.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
    words as f64 / WORDS + characters / CHARACTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_characters_take_their_time() {
        assert_eq!(seconds(""), 0.0);
        assert_eq!(seconds("A code that nobody chooses – stays."), 2.0);
        assert_eq!(seconds("選ばれない符号は"), 8.0 / 6.0);
        // Words between characters count as words.
        assert_eq!(seconds("符号はW一つで動く"), 8.0 / 6.0 + 1.0 / 3.0);
    }
}
