//! Arrays as files hold them: bytes with a type and a shape, from .safetensors, .npz and .npy.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use npyz::npz::NpzArchive;
use safetensors::{Dtype, SafeTensors};

/// Bytes of one array of an .npz file that are read at most: 4 GiB.
const MOST: u64 = 1 << 32;

/// What the bytes of one number mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    F16,
    Bf16,
    F32,
    F64,
    /// A whole number of so many bytes.
    Signed(usize),
    /// A whole number of so many bytes, not negative.
    Unsigned(usize),
}

impl Kind {
    fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
            Self::Signed(bytes) | Self::Unsigned(bytes) => bytes,
        }
    }

    /// A number of this kind in the low bytes of `bits`.
    fn value(self, bits: u64) -> f64 {
        match self {
            Self::F16 => half(bits as u16),
            // The upper half of a 32-bit float.
            Self::Bf16 => f64::from(f32::from_bits((bits as u32) << 16)),
            Self::F32 => f64::from(f32::from_bits(bits as u32)),
            Self::F64 => f64::from_bits(bits),
            Self::Signed(bytes) => {
                let unused = 64 - 8 * bytes as u32;
                ((bits << unused) as i64 >> unused) as f64
            }
            Self::Unsigned(_) => bits as f64,
        }
    }
}

/// An IEEE 754 half: 1 bit sign, 5 exponent, 10 fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff) / 1024.0;
    sign * match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    }
}

/// One array of a file.
#[derive(Clone, Debug)]
pub struct Array<'a> {
    /// Lengths of its axes, the slowest first.
    pub shape: Vec<usize>,
    kind: Kind,
    is_big_endian: bool,
    /// Whether the first axis is the fastest one in `bytes`.
    is_fortran: bool,
    bytes: Cow<'a, [u8]>,
}

impl Array<'_> {
    /// All numbers in the order of the axes, the last one fastest.
    ///
    /// # Errors
    /// A Fortran order of more than two axes that are longer than 1.
    pub fn values(&self) -> Result<Vec<f64>, String> {
        let size = self.kind.bytes();
        let value = |bytes: &[u8]| {
            let mut low = [0; 8];
            low[..size].copy_from_slice(bytes);
            if self.is_big_endian {
                low[..size].reverse();
            }
            self.kind.value(u64::from_le_bytes(low))
        };
        let values: Vec<f64> = self.bytes.chunks_exact(size).map(value).collect();
        if !self.is_fortran {
            return Ok(values);
        }
        let long: Vec<usize> = self.shape.iter().copied().filter(|&n| n > 1).collect();
        match long[..] {
            [] | [_] => Ok(values),
            [rows, columns] => {
                Ok((0..rows * columns).map(|i| values[i / columns + i % columns * rows]).collect())
            }
            _ => Err("is in Fortran order; save it with numpy.ascontiguousarray".into()),
        }
    }

    /// "64 x 8".
    pub fn shape_in_words(&self) -> String {
        if self.shape.is_empty() {
            return "a single number".into();
        }
        self.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ")
    }
}

/// The arrays of one file, found by name; what nobody asks for is not decoded.
pub enum Arrays<'a> {
    /// A .safetensors file.
    Safetensors(SafeTensors<'a>),
    /// An .npz file.
    Npz(Box<NpzArchive<Cursor<&'a [u8]>>>),
    /// An .npy file, which holds one array without a name.
    Npy(&'a [u8]),
}

impl<'a> Arrays<'a> {
    /// Opens the bytes of a file with the given ending ("safetensors", "npz" or "npy").
    ///
    /// # Errors
    /// What is wrong with the file, without its name.
    pub fn open(ending: &str, bytes: &'a [u8]) -> Result<Self, String> {
        const AGAIN: &str = "it is damaged or not complete, save it again";
        match ending {
            "safetensors" => SafeTensors::deserialize(bytes)
                .map(Self::Safetensors)
                .map_err(|error| format!("is not a whole safetensors file ({error}); {AGAIN}")),
            "npz" => NpzArchive::new(Cursor::new(bytes))
                .map(|archive| Self::Npz(Box::new(archive)))
                .map_err(|error| format!("is not a whole .npz file ({error}); {AGAIN}")),
            "npy" => Ok(Self::Npy(bytes)),
            "pt" | "pth" | "ckpt" | "bin" | "pkl" => Err(
                "is a Python pickle, which may run code when it is read; save it with safetensors.torch.save_file".into(),
            ),
            _ => Err("ends in neither .safetensors nor .npz nor .npy; save it as one of them".into()),
        }
    }

    /// Names of all arrays, sorted; an .npy file is one array with the name `codebook`.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Safetensors(file) => file.names().into_iter().map(Into::into).collect(),
            Self::Npz(archive) => archive.array_names().map(Into::into).collect(),
            Self::Npy(_) => vec!["codebook".into()],
        };
        names.sort();
        names
    }

    /// One array.
    ///
    /// # Errors
    /// What is wrong with it, without its name: it is damaged, or of a type that is not read.
    pub fn array(&mut self, name: &str) -> Result<Array<'a>, String> {
        match self {
            Self::Safetensors(file) => {
                let view =
                    file.tensor(name).map_err(|error| format!("cannot be read ({error})"))?;
                let kind = of_safetensors(view.dtype())?;
                let shape = view.shape().to_vec();
                let bytes = Cow::Borrowed(view.data());
                Ok(Array { shape, kind, is_big_endian: false, is_fortran: false, bytes })
            }
            Self::Npz(archive) => npy(Cow::Owned(unpack(archive, name)?)),
            Self::Npy(bytes) => npy(Cow::Borrowed(bytes)),
        }
    }
}

fn unsupported(dtype: &str) -> String {
    format!("is of the type {dtype}, which is not read; convert it to float32, or counts to int64")
}

fn of_safetensors(dtype: Dtype) -> Result<Kind, String> {
    Ok(match dtype {
        Dtype::F16 => Kind::F16,
        Dtype::BF16 => Kind::Bf16,
        Dtype::F32 => Kind::F32,
        Dtype::F64 => Kind::F64,
        Dtype::I8 => Kind::Signed(1),
        Dtype::I16 => Kind::Signed(2),
        Dtype::I32 => Kind::Signed(4),
        Dtype::I64 => Kind::Signed(8),
        Dtype::U8 => Kind::Unsigned(1),
        Dtype::U16 => Kind::Unsigned(2),
        Dtype::U32 => Kind::Unsigned(4),
        Dtype::U64 => Kind::Unsigned(8),
        other => return Err(unsupported(&format!("{other:?}"))),
    })
}

/// The bytes of an array of an .npz file, checked against the archive's own checksum.
fn unpack(archive: &mut NpzArchive<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, String> {
    let damaged = |error: &dyn std::fmt::Display| {
        format!("is damaged or not complete ({error}); save the file again")
    };
    let zip = archive.zip_archive();
    let path = npyz::npz::file_name_from_array_name(name);
    let mut place = 0;
    while place < zip.len() {
        let entry = zip.by_index_raw(place).map_err(|error| damaged(&error))?;
        if entry.name() == path {
            // The library takes other methods on trust, and ends the program over damaged ones.
            let method = entry.compression().to_string();
            if method != "Stored" && method != "Deflated" {
                return Err(format!(
                    "is compressed with the method {method}; save it with numpy.savez or numpy.savez_compressed"
                ));
            }
            break;
        }
        place += 1;
    }
    let entry = zip.by_index(place).map_err(|error| damaged(&error))?;
    let mut bytes = Vec::new();
    entry.take(MOST).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    Ok(bytes)
}

/// An array in NumPy's own form (NEP 1, versions 1 to 3): a magic word, a header that is a Python
/// dictionary of three keys, the data.
///
/// The header is looked through for its keys and not parsed as Python, so that no damaged one can
/// cost more than that.
fn npy(bytes: Cow<'_, [u8]>) -> Result<Array<'_>, String> {
    let damaged = |why: &str| format!("is not a whole NumPy array ({why}); save it again");
    if bytes.get(..6) != Some(b"\x93NUMPY".as_slice()) {
        return Err(damaged("byte 0: it does not begin with \\x93NUMPY"));
    }
    let length = |range: std::ops::Range<usize>| -> Option<usize> {
        let mut low = [0; 8];
        let part = bytes.get(range)?;
        low[..part.len()].copy_from_slice(part);
        usize::try_from(u64::from_le_bytes(low)).ok()
    };
    let (start, header): (usize, _) = match bytes.get(6) {
        Some(1) => (10, length(8..10)),
        Some(2 | 3) => (12, length(8..12)),
        Some(_) => return Err(damaged("byte 6: its version is none of 1, 2 and 3")),
        None => return Err(damaged("it ends after byte 5")),
    };
    let end = header.and_then(|n| start.checked_add(n)).filter(|&end| end <= bytes.len());
    let Some(end) = end else { return Err(damaged("byte 8: its header is longer than the file")) };
    let header = String::from_utf8_lossy(&bytes[start..end]).into_owned();
    let after = |key: &str| -> Option<&str> {
        let (_, rest) = header.split_once(&format!("'{key}':"))?;
        Some(rest.trim_start())
    };
    let no = |key: &str| damaged(&format!("byte {start}: its header has no usable '{key}'"));
    let descr = after("descr").ok_or_else(|| no("descr"))?;
    let Some(descr) = descr.strip_prefix('\'').and_then(|rest| rest.split_once('\'')) else {
        return Err(unsupported("of a structure"));
    };
    let (kind, is_big_endian) = of_numpy(descr.0)?;
    let order = after("fortran_order").ok_or_else(|| no("fortran_order"))?;
    let is_fortran = order.starts_with("True");
    if !is_fortran && !order.starts_with("False") {
        return Err(no("fortran_order"));
    }
    let inside = after("shape").and_then(|rest| rest.strip_prefix('(')?.split_once(')'));
    let (inside, _) = inside.ok_or_else(|| no("shape"))?;
    let lengths = inside.split(',').map(str::trim).filter(|text| !text.is_empty());
    let shape: Result<Vec<usize>, _> = lengths.map(str::parse).collect();
    let shape = shape.map_err(|_not_a_number| no("shape"))?;
    let promised = shape.iter().try_fold(kind.bytes(), |product, &n| product.checked_mul(n));
    let there = bytes.len() - end;
    if promised != Some(there) {
        let promised = promised.map_or("too many".into(), |n| n.to_string());
        return Err(damaged(&format!(
            "byte {end}: its header promises {promised} bytes of data and {there} are there"
        )));
    }
    let bytes = match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[end..]),
        Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(end)),
    };
    Ok(Array { shape, kind, is_big_endian, is_fortran, bytes })
}

/// A type string such as `<f4`, and whether it is big-endian.
fn of_numpy(descr: &str) -> Result<(Kind, bool), String> {
    let is_big_endian = descr.starts_with('>');
    let kind = match descr.trim_start_matches(['<', '>', '|', '=']) {
        "f2" => Kind::F16,
        "f4" => Kind::F32,
        "f8" => Kind::F64,
        "i1" => Kind::Signed(1),
        "i2" => Kind::Signed(2),
        "i4" => Kind::Signed(4),
        "i8" => Kind::Signed(8),
        "u1" => Kind::Unsigned(1),
        "u2" => Kind::Unsigned(2),
        "u4" => Kind::Unsigned(4),
        "u8" => Kind::Unsigned(8),
        _ => return Err(unsupported(descr)),
    };
    Ok((kind, is_big_endian))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_those_of_the_standard() {
        // Examples of IEEE 754: 1, -2, 65504, the least normal and the least subnormal number.
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0400, 2f64.powi(-14)),
            (0x0001, 2f64.powi(-24)),
            (0x7c00, f64::INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
        assert_eq!(Kind::Bf16.value(0x3fc0), 1.5);
    }

    #[test]
    fn whole_numbers_keep_their_sign() {
        assert_eq!(Kind::Signed(1).value(0xff), -1.0);
        assert_eq!(Kind::Unsigned(1).value(0xff), 255.0);
        assert_eq!(Kind::Signed(8).value(u64::MAX - 1), -2.0);
    }

    /// An .npy file by hand.
    fn npy_file(header: &str, data: &[u8]) -> Vec<u8> {
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file.extend(data);
        file
    }

    #[test]
    fn orders_and_byte_orders_of_numpy_are_undone() {
        let floats =
            |values: &[f32]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<_>>();
        let header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }\n";
        // Columns one after the other.
        let file = npy_file(header, &floats(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
        let array = npy(Cow::Borrowed(&file)).unwrap();
        assert_eq!(
            (array.shape_in_words().as_str(), array.values().unwrap()),
            ("2 x 3", vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        );
    }

    #[test]
    fn a_header_that_promises_something_else_is_refused_by_its_byte() {
        for (header, data, words) in [
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 15, "promises 16"),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999, 9999999999999), }",
                4,
                "too many",
            ),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "'shape'"),
            ("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,), }", 4, "'fortran_order'"),
            ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8, "<c8"),
            ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "structure"),
            ("{}", 4, "'descr'"),
        ] {
            let error = npy(Cow::Owned(npy_file(header, &vec![0; data]))).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
