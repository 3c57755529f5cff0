//! Numbers in words, the same way in the window, in pictures and in reports, and texts of others.

pub mod csv;
mod shown;

pub use shown::{escaped, escaped_lines, gives_orders, lines, sentence, shown, shown_within};

/// A share as a whole percentage; small shares that are not 0 say so.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".into();
    }
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 1.0 {
        return "<1 %".into();
    }
    // Not all is not "100 %".
    let whole = if share < 1.0 { percent.round().min(99.0) } else { percent.round() };
    format!("{whole:.0} %")
}

/// A share as a percentage with up to three significant digits: 0.195 %.
pub fn fine_percent(share: f64) -> String {
    let text = significant(100.0 * share);
    let short = match text.contains('.') && !text.contains('e') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{short} %")
}

/// A count with thousands separated: 20,480.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in hexadecimal digits, as check sums are written.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Tokens per code: two digits below 10, whole numbers above.
pub fn per_code(tokens: usize, codes: usize) -> String {
    let ratio = tokens as f64 / codes.max(1) as f64;
    if ratio < 9.95 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}

/// A number with three significant digits.
pub fn significant(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    match digits {
        7.. => format!("{value:.2e}"),
        1.. => format!("{value:.*}", digits as usize),
        _ => format!("{}{}", if value < 0.0 { "-" } else { "" }, count(value.abs().round() as u64)),
    }
}

/// A number with at most three significant digits after leading zeros, without trailing zeros.
pub fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if value.abs() < 1e-3 {
        return format!("{value:e}");
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_claim_what_is_not() {
        assert_eq!(
            [0.0, 0.004, 0.033, 0.996, 1.0].map(percent),
            ["0 %", "<1 %", "3 %", "99 %", "100 %"]
        );
        assert_eq!(percent(f64::NAN), "–");
    }

    #[test]
    fn counts_and_numbers_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(20_480), "20,480");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(
            [0.00692, 21.599, 104.2, 2048.0].map(significant),
            ["0.00692", "21.6", "104", "2,048"]
        );
        assert_eq!(significant(-3.25), "-3.25");
        assert_eq!(significant(1.25e-7), "1.25e-7");
        assert_eq!(per_code(20_480, 512), "40");
        assert_eq!(per_code(512, 512), "1.0");
    }

    #[test]
    fn numbers_are_short() {
        let written = [0.003, 0.25, 1e-4, 4.0, 0.0].map(short);
        assert_eq!(written, ["0.003", "0.25", "1e-4", "4", "0"]);
    }
}
