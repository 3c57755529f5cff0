//! What the bytes of a number mean in files of other programs.

use half::{bf16, f16};
use npyz::{Endianness, TypeChar, TypeStr};
use safetensors::Dtype;

use crate::text::shown;

/// Kinds of numbers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An IEEE 754 half.
    F16,
    /// The upper half of a 32-bit float.
    Bf16,
    /// A 32-bit float.
    F32,
    /// A 64-bit float.
    F64,
    /// A whole number of so many bytes.
    Signed(usize),
    /// A whole number of so many bytes, not negative.
    Unsigned(usize),
}

impl Kind {
    /// Bytes of one number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
            Self::Signed(bytes) | Self::Unsigned(bytes) => bytes,
        }
    }

    /// The number in as many bytes as it has.
    #[inline]
    pub fn number(self, bytes: &[u8], is_big_endian: bool) -> f64 {
        // Most of all numbers: a large codebook has a quarter of a billion of them.
        if let (Self::F32, false, &[a, b, c, d]) = (self, is_big_endian, bytes) {
            return f64::from(f32::from_le_bytes([a, b, c, d]));
        }
        let mut low = [0; 8];
        low[..bytes.len()].copy_from_slice(bytes);
        if is_big_endian {
            low[..bytes.len()].reverse();
        }
        self.value(u64::from_le_bytes(low))
    }

    /// A number of this kind in the low bytes of `bits`.
    fn value(self, bits: u64) -> f64 {
        match self {
            Self::F16 => f16::from_bits(bits as u16).to_f64(),
            Self::Bf16 => bf16::from_bits(bits as u16).to_f64(),
            Self::F32 => f64::from(f32::from_bits(bits as u32)),
            Self::F64 => f64::from_bits(bits),
            Self::Signed(bytes) => {
                let unused = 64 - 8 * bytes as u32;
                ((bits << unused) as i64 >> unused) as f64
            }
            Self::Unsigned(_) => bits as f64,
        }
    }

    /// The kind of a type of safetensors.
    ///
    /// # Errors
    /// It is not read.
    pub fn of_safetensors(dtype: Dtype) -> Result<Self, String> {
        Ok(match dtype {
            Dtype::F16 => Self::F16,
            Dtype::BF16 => Self::Bf16,
            Dtype::F32 => Self::F32,
            Dtype::F64 => Self::F64,
            Dtype::BOOL => Self::Unsigned(1),
            Dtype::I8 => Self::Signed(1),
            Dtype::I16 => Self::Signed(2),
            Dtype::I32 => Self::Signed(4),
            Dtype::I64 => Self::Signed(8),
            Dtype::U8 => Self::Unsigned(1),
            Dtype::U16 => Self::Unsigned(2),
            Dtype::U32 => Self::Unsigned(4),
            Dtype::U64 => Self::Unsigned(8),
            other => return Err(unsupported(&format!("{other:?}"))),
        })
    }

    /// The kind of a type of NumPy such as `<f4`, and whether it is big-endian.
    ///
    /// # Errors
    /// It is not read.
    pub fn of_numpy(descr: &TypeStr) -> Result<(Self, bool), String> {
        let kind = match (descr.type_char(), descr.size_field()) {
            (TypeChar::Float, 2) => Self::F16,
            (TypeChar::Float, 4) => Self::F32,
            (TypeChar::Float, 8) => Self::F64,
            (TypeChar::Int, bytes @ (1 | 2 | 4 | 8)) => Self::Signed(bytes as usize),
            (TypeChar::Bool, _) => Self::Unsigned(1),
            (TypeChar::Uint, bytes @ (1 | 2 | 4 | 8)) => Self::Unsigned(bytes as usize),
            _ => return Err(unsupported(&descr.to_string())),
        };
        Ok((kind, descr.endianness() == Endianness::Big))
    }
}

/// The error of an array of another type.
pub fn unsupported(dtype: &str) -> String {
    let dtype = shown(dtype);
    format!("is of the type {dtype}, which is not read; convert it to float32, or counts to int64")
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
            assert_eq!(Kind::F16.value(bits), value, "{bits:x}");
        }
        assert!(Kind::F16.value(0x7e00).is_nan());
        assert_eq!(Kind::Bf16.value(0x3fc0), 1.5);
    }

    #[test]
    fn whole_numbers_keep_their_sign() {
        assert_eq!(Kind::Signed(1).value(0xff), -1.0);
        assert_eq!(Kind::Unsigned(1).value(0xff), 255.0);
        assert_eq!(Kind::Signed(8).value(u64::MAX - 1), -2.0);
        assert_eq!(Kind::Signed(2).number(&[0xff, 0xfe], true), -2.0);
    }
}
