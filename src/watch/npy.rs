//! The header of an array in NumPy's own form (NEP 1, versions 1 to 3): a magic word, a length, a
//! Python dictionary of three keys; the data follow.
//!
//! The dictionary is looked through for its keys and not parsed as Python, so that no damaged one can
//! cost more than that.

use std::io::Read;

use crate::watch::array::Head;
use crate::watch::number::{Kind, unsupported};

/// Longest header that is read; NumPy itself takes no more than 10,000 bytes unasked.
const MOST_HEADER: u64 = 1 << 16;

/// Most axes of an array; NumPy has 64 at most.
const MOST_AXES: usize = 64;

/// Reads the header of an array that has `length` bytes in all, from its first byte on.
///
/// # Errors
/// What is wrong with it: it is damaged, or promises something else than its length holds.
pub fn head(reader: &mut dyn Read, length: u64) -> Result<Head, String> {
    let damaged = |why: &str| format!("is not a whole NumPy array ({why}); save it again");
    let mut read = |most: u64| -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        (&mut *reader).take(most).read_to_end(&mut bytes).map_err(|e| damaged(&e.to_string()))?;
        Ok(bytes)
    };
    let magic = read(8)?;
    if magic.get(..6) != Some(b"\x93NUMPY".as_slice()) {
        return Err(damaged("byte 0: it does not begin with \\x93NUMPY"));
    }
    let width = match magic.get(6) {
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
    let (kind, is_big_endian, is_fortran, shape) =
        dictionary(&String::from_utf8_lossy(&header), start)?;
    let head = Head { shape, kind, is_big_endian, is_fortran, start: start + header_length };
    let there = length - head.start;
    if head.bytes() != Some(there) {
        let promised = head.bytes().map_or("too many".into(), |n| n.to_string());
        return Err(damaged(&format!(
            "byte {}: its header promises {promised} bytes of data and {there} are there",
            head.start
        )));
    }
    Ok(head)
}

/// Kind, byte order, order of the axes and shape, as the dictionary at byte `start` says them.
fn dictionary(header: &str, start: u64) -> Result<(Kind, bool, bool, Vec<usize>), String> {
    let after = |key: &str| -> Option<&str> {
        let (_, rest) = header.split_once(&format!("'{key}':"))?;
        Some(rest.trim_start())
    };
    let no = |key: &str| {
        format!(
            "is not a whole NumPy array (byte {start}: its header has no usable '{key}'); save it again"
        )
    };
    let descr = after("descr").ok_or_else(|| no("descr"))?;
    let Some((descr, _)) = descr.strip_prefix('\'').and_then(|rest| rest.split_once('\'')) else {
        return Err(unsupported("of a structure"));
    };
    let (kind, is_big_endian) = Kind::of_numpy(descr)?;
    let order = after("fortran_order").ok_or_else(|| no("fortran_order"))?;
    let is_fortran = order.starts_with("True");
    if !is_fortran && !order.starts_with("False") {
        return Err(no("fortran_order"));
    }
    let inside = after("shape").and_then(|rest| rest.strip_prefix('(')?.split_once(')'));
    let (inside, _) = inside.ok_or_else(|| no("shape"))?;
    let lengths = inside.split(',').map(str::trim).filter(|text| !text.is_empty());
    let shape: Result<Vec<usize>, _> = lengths.take(MOST_AXES + 1).map(str::parse).collect();
    let shape = shape.map_err(|_not_a_number| no("shape"))?;
    if shape.len() > MOST_AXES {
        return Err(no("shape"));
    }
    Ok((kind, is_big_endian, is_fortran, shape))
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
            ("{'descr': '\u{1b}[2J', 'fortran_order': False, 'shape': (1,), }", 4, "\\u{1b}[2J"),
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
}
