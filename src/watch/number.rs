//! What the bytes of a number mean in files of other programs.

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
    pub fn number(self, bytes: &[u8], is_big_endian: bool) -> f64 {
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
            Self::F16 => half(bits as u16),
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

    /// The kind of a type string of NumPy such as `<f4`, and whether it is big-endian.
    ///
    /// # Errors
    /// It is not read.
    pub fn of_numpy(descr: &str) -> Result<(Self, bool), String> {
        let is_big_endian = descr.starts_with('>');
        let kind = match descr.trim_start_matches(['<', '>', '|', '=']) {
            "f2" => Self::F16,
            "f4" => Self::F32,
            "f8" => Self::F64,
            "i1" => Self::Signed(1),
            "i2" => Self::Signed(2),
            "i4" => Self::Signed(4),
            "i8" => Self::Signed(8),
            "u1" => Self::Unsigned(1),
            "u2" => Self::Unsigned(2),
            "u4" => Self::Unsigned(4),
            "u8" => Self::Unsigned(8),
            _ => return Err(unsupported(descr)),
        };
        Ok((kind, is_big_endian))
    }
}

/// What is wrong with an array of another type.
pub fn unsupported(dtype: &str) -> String {
    let dtype = shown(dtype);
    format!("is of the type {dtype}, which is not read; convert it to float32, or counts to int64")
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
        assert_eq!(Kind::Signed(2).number(&[0xff, 0xfe], true), -2.0);
    }
}
