//! What an array says of itself before a number of it is read.

use crate::watch::number::Kind;

/// What is known of an array without its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Lengths of its axes, the slowest first.
    pub shape: Vec<usize>,
    /// What its numbers are.
    pub kind: Kind,
    /// Whether the bytes of a number begin with the highest.
    pub is_big_endian: bool,
    /// Whether the first axis is the fastest one.
    pub is_fortran: bool,
    /// Bytes before the numbers: in the file, or in the array once it is unpacked.
    pub start: u64,
}

impl Head {
    /// How many numbers it has; `None` where they cannot be counted.
    pub fn count(&self) -> Option<usize> {
        self.shape.iter().try_fold(1_usize, |product, &n| product.checked_mul(n))
    }

    /// How many bytes its numbers have.
    pub fn bytes(&self) -> Option<u64> {
        (self.count()? as u64).checked_mul(self.kind.bytes() as u64)
    }

    /// "64 x 8", as errors have it.
    pub fn shape_in_words(&self) -> String {
        if self.shape.is_empty() {
            return "a single number".into();
        }
        self.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ")
    }

    /// Rows and columns of a matrix whose columns lie one after the other; `None` where numbers lie
    /// in the order of the axes, the last one fastest.
    ///
    /// # Errors
    /// A Fortran order of more than two axes that are longer than 1.
    pub fn turned(&self) -> Result<Option<[usize; 2]>, String> {
        let mut long = self.shape.iter().copied().filter(|&n| n > 1);
        match (long.next(), long.next(), long.next()) {
            _ if !self.is_fortran => Ok(None),
            (Some(rows), Some(columns), None) => Ok(Some([rows, columns])),
            (_, None, _) => Ok(None),
            _ => Err("is in Fortran order; save it with numpy.ascontiguousarray".into()),
        }
    }
}
