//! Bounds of the texts in a run: what is read of them, and what reading them may cost.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::archive::ArchiveError;

/// Bytes of the longest text that is read, of which real ones have some hundred thousand at most.
pub const MOST_BYTES: u64 = 1 << 25;

/// Bytes of memory that reading a text may take.
const ROOM: u64 = 600_000_000;

/// Bytes of memory that reading a text of TOML or JSON may take: a list of lists unfolds to a hundred
/// times its length. The most that each character can add which begins something; the test beside
/// this measures it.
fn cost(text: &[u8]) -> u64 {
    let cost = |byte: &u8| match byte {
        // A key, which may be a table for each of its parts; most dots stand in numbers.
        b'.' | b'=' => 640,
        b'{' | b'[' => 400,
        b',' | b']' => 250,
        b' ' => 110,
        b'\n' | b'\\' | b'"' | b'\'' | b'#' | b'}' | b':' => 60,
        _ => 1,
    };
    text.iter().map(cost).sum()
}

/// Refuses a text whose values and tables would take far more memory than it has bytes.
///
/// # Errors
/// What is wrong with it, to stand after what it is called.
pub fn check(text: &[u8]) -> Result<(), String> {
    let needed = cost(text);
    if needed <= ROOM {
        return Ok(());
    }
    Err(format!(
        "holds more than a run has to say: to read it may take {} MB of memory, and at most {} MB are given",
        needed / 1_000_000,
        ROOM / 1_000_000
    ))
}

/// Reads TOML that is bounded so.
///
/// # Errors
/// It is too much, or no TOML that says what it must; `place` is named.
pub fn parse<T: DeserializeOwned>(place: &Path, text: &str) -> Result<T, ArchiveError> {
    check(text.as_bytes()).map_err(|why| ArchiveError::damaged(place, why))?;
    toml::from_str(text).map_err(|e| ArchiveError::damaged(place, e.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_a_text_takes_no_more_than_is_said_before() {
        const LENGTH: usize = 1 << 18;
        let fill = |piece: &str| piece.repeat(LENGTH / piece.len());
        let lines =
            |line: &dyn Fn(usize) -> String| (0..LENGTH / line(0).len()).map(line).collect();
        let texts: [String; 16] = [
            format!("x=[{}]", fill("[],")),
            format!("x=[{}]", fill("0,")),
            format!("x=[{}]", fill("{},")),
            format!("x=[{}]", fill("{a=0},")),
            format!("x=[{}]", fill("1.5,")),
            fill("\n"),
            fill("a "),
            fill("#\n"),
            fill("\"\" "),
            fill("["),
            fill("="),
            fill("a."),
            fill("[[rows]]\na=0\n"),
            lines(&|i| format!("[t{i:05}]\n")),
            lines(&|i| format!("k{i:05}=0\n")),
            lines(&|i| format!("a{i:05}{}=1\n", ".a".repeat(70))),
        ];
        for text in texts {
            let taken = allocation_counter::measure(|| {
                toml::from_str::<toml::Table>(&text).ok();
            });
            let (said, start) = (cost(text.as_bytes()), &text[..12]);
            assert!(taken.bytes_max <= said, "{start:?}: {} of {said}", taken.bytes_max);
        }
    }

    #[test]
    fn real_texts_are_read_and_endless_ones_are_not() {
        // Rows that a checkpoint brings along, each of some twenty keys.
        let row = "[[rows]]\nstep = 1000\nlane = \"a\"\n".to_string()
            + &"utilization_window = 0.123456789012345\n".repeat(20);
        assert_eq!(check(row.repeat(10_000).as_bytes()), Ok(()));
        let error = check("x.".repeat(1 << 20).as_bytes()).unwrap_err();
        assert!(error.contains("672 MB of memory"), "{error}");
        let place = Path::new("run.toml");
        let error = parse::<toml::Table>(place, &format!("x=[{}]", "[],".repeat(2_000_000)));
        assert!(error.unwrap_err().to_string().starts_with("run.toml is damaged (holds more"));
    }
}
