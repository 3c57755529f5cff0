//! The known word most like an unknown one, for "did you mean".

/// The word of a list most like another.
pub fn nearest_word<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    let word: String = word.chars().take(100).collect();
    let score = |known: &str| strsim::jaro_winkler(known, &word);
    known.max_by(|a, b| score(a).total_cmp(&score(b)).then(b.cmp(a))).unwrap_or("")
}
