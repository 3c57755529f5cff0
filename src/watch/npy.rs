//! The header of an array in NumPy's own form (NEP 1, versions 1 to 3): a magic word, a length, a
//! Python dictionary of three keys; the data follow.
//!
//! The crate `npyz` reads the dictionary. It takes a header for as long as it says it is, needs time that
//! doubles with each bracket in another one, and multiplies lengths without looking: what is not as plain
//! as a header of NumPy never gets there.

use std::io::Read;

use npyz::{DType, NpyHeader, Order};

use crate::watch::head::Head;
use crate::watch::number::{Kind, unsupported};

/// Longest header that is read; NumPy itself takes no more than 10,000 bytes unasked.
const MOST_HEADER: u64 = 1 << 16;

/// Most brackets that a header opens: two are those of the dictionary and of the shape, four those of a
/// structure with one field.
const MOST_BRACKETS: usize = 4;

/// Most axes of an array; NumPy has 64 at most.
const MOST_AXES: usize = 64;

/// Reads the header of an array that has `length` bytes in all, from its first byte on.
///
/// # Errors
/// What is wrong with it: it is damaged, or promises something else than its length holds.
pub fn head(reader: &mut dyn Read, length: u64) -> Result<Head, String> {
    let mut read = |most: u64| -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        (&mut *reader).take(most).read_to_end(&mut bytes).map_err(|e| damaged(&e.to_string()))?;
        Ok(bytes)
    };
    let mut file = read(8)?;
    if file.get(..6) != Some(b"\x93NUMPY".as_slice()) {
        return Err(damaged("byte 0: it does not begin with \\x93NUMPY"));
    }
    let width = match file.get(6) {
        Some(1) => 2,
        Some(2 | 3) => 4,
        Some(_) => return Err(damaged("byte 6: its version is none of 1, 2 and 3")),
        None => return Err(damaged("it ends after byte 5")),
    };
    let start = 8 + width;
    let mut low = [0; 8];
    let bytes = read(width)?;
    low[..bytes.len()].copy_from_slice(&bytes);
    let header_length = u64::from_le_bytes(low);
    let longer = || damaged("byte 8: its header is longer than the file");
    if bytes.len() as u64 != width || start + header_length > length {
        return Err(longer());
    }
    if header_length > MOST_HEADER {
        return Err(damaged(&format!(
            "byte 8: its header has {header_length} bytes, and at most {MOST_HEADER} are read"
        )));
    }
    let header = read(header_length)?;
    if header.len() as u64 != header_length {
        return Err(longer());
    }
    let (data, there) = (start + header_length, length - start - header_length);
    let promises = |bytes: Option<u64>| {
        let promised = bytes.map_or("too many".into(), |n| n.to_string());
        damaged(&format!(
            "byte {data}: its header promises {promised} bytes of data and {there} are there"
        ))
    };
    let unusable = || {
        let keys = "'descr', 'fortran_order' and 'shape'";
        damaged(&format!("byte {start}: its header has no usable {keys}"))
    };
    match danger(&header) {
        Some(Danger::Brackets) => return Err(unsupported("of a structure")),
        Some(Danger::Number) => return Err(unusable()),
        Some(Danger::Product) => return Err(promises(None)),
        None => file.extend(bytes.into_iter().chain(header)),
    }
    let Ok(header) = NpyHeader::from_reader(file.as_slice()) else { return Err(unusable()) };
    let DType::Plain(descr) = header.dtype() else { return Err(unsupported("of a structure")) };
    let (kind, is_big_endian) = Kind::of_numpy(&descr)?;
    let shape: Result<Vec<usize>, _> = header.shape().iter().map(|&n| n.try_into()).collect();
    let Some(shape) = shape.ok().filter(|shape| shape.len() <= MOST_AXES) else {
        return Err(unusable());
    };
    let is_fortran = header.order() == Order::Fortran;
    let head = Head { shape, kind, is_big_endian, is_fortran, start: data };
    if head.bytes() != Some(there) {
        return Err(promises(head.bytes()));
    }
    Ok(head)
}

/// The error of a file that is not whole.
fn damaged(why: &str) -> String {
    format!("is not a whole NumPy array ({why}); save it again")
}

/// What npyz would stumble over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Danger {
    /// More brackets than an array of numbers needs.
    Brackets,
    /// A number that is not written in plain digits, or a sum.
    Number,
    /// Numbers whose product is beyond 64 bits.
    Product,
}

/// Whether a header cannot be handed on, and why.
fn danger(header: &[u8]) -> Option<Danger> {
    if header.iter().filter(|byte| b"([{".contains(byte)).count() > MOST_BRACKETS {
        return Some(Danger::Brackets);
    }
    if header.iter().any(|byte| b"+-".contains(byte)) {
        return Some(Danger::Number);
    }
    let words = header.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    let mut product = 1_u64;
    for word in words.filter(|word| word.first().is_some_and(u8::is_ascii_digit)) {
        let number = std::str::from_utf8(word).ok().and_then(|word| word.parse::<u64>().ok());
        let Some(number) = number else { return Some(Danger::Number) };
        match product.checked_mul(number.max(1)) {
            Some(next) => product = next,
            None => return Some(Danger::Product),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of an .npy file by hand.
    fn of(header: &str, data: usize) -> Result<Head, String> {
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        let length = (file.len() + data) as u64;
        head(&mut file.as_slice(), length)
    }

    #[test]
    fn a_header_says_kind_shape_and_orders() {
        let array = of("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }\n", 24).unwrap();
        assert_eq!((array.shape_in_words().as_str(), array.kind), ("2 x 3", Kind::F32));
        assert!(array.is_big_endian && array.is_fortran);
        let number = of("{'descr': '<i8', 'fortran_order': False, 'shape': (), }\n", 8).unwrap();
        assert_eq!(
            (number.shape_in_words().as_str(), number.count()),
            ("a single number", Some(1))
        );
    }

    #[test]
    fn a_header_that_promises_something_else_is_refused_by_its_byte() {
        let axes =
            format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", "1,".repeat(65));
        for (header, data, words) in [
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 15, "promises 16"),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999, 9999999999999), }",
                4,
                "too many",
            ),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "'shape'"),
            (axes.as_str(), 4, "'shape'"),
            ("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,), }", 4, "'fortran_order'"),
            ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8, "<c8"),
            ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "structure"),
            ("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", 16, "<f16"),
            ("{'descr': '\u{1b}[2J', 'fortran_order': False, 'shape': (1,), }", 4, "'descr'"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (0x2, 2), }", 16, "'shape'"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (1_0, 1), }", 40, "'shape'"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (1 + 1,), }", 8, "'shape'"),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }",
                8,
                "'shape'",
            ),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", 8, "'shape'"),
            ("{}", 4, "'descr'"),
        ] {
            let error = of(header, data).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        // A length of four bytes may promise four gigabytes of header, of which none is read.
        let mut long = b"\x93NUMPY\x02\x00".to_vec();
        long.extend(0xffff_ff00_u32.to_le_bytes());
        let error = head(&mut long.as_slice(), 1 << 33).unwrap_err();
        assert!(error.contains("at most 65536"), "{error}");
    }

    #[test]
    fn brackets_in_brackets_take_no_time() {
        let begun = std::time::Instant::now();
        for open in ["[", "(", "{", "{[", "{'a': [(", "(("] {
            for times in [1, 2, 40, 20_000] {
                let error = of(&open.repeat(times), 4).unwrap_err();
                assert!(!error.contains('\n') && error.len() < 200, "{error}");
            }
        }
        // The longest header with as many brackets as may be, each of which is looked through anew.
        for open in ["{", "[", "{[{["] {
            let text = format!("{}'{}", open.repeat(4 / open.len()), "a".repeat(65_000));
            assert!(of(&text, 4).is_err());
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
    }
}
