//! An array that is needed for something, and its numbers as that needs them.

use crate::text::shown;
use crate::watch::array::Arrays;
use crate::watch::head::Head;
use crate::watch::rules::plan::Part;

/// Most codes of one book.
const MOST_CODES: usize = 1 << 20;

/// Widest code.
const WIDEST: usize = 4096;

/// Most numbers of a book: a gigabyte of 32-bit floats.
const MOST_NUMBERS: usize = 1 << 28;

/// Bytes of memory that looking at one file may take beyond the file's own.
pub const ROOM: u64 = 1 << 31;

/// Largest step, up to which 64-bit floats count in ones.
const LAST_STEP: f64 = 9_007_199_254_740_992.0;

/// Bytes of memory that it takes to read and show a file with K codes of width d: the codes and those
/// of the file before, to say how far each moved; counts, places on the map and distances of each;
/// encoder outputs, a matrix, buffers, and files of the same folder that wait for their turn.
pub fn need(size: usize, dim: usize) -> u64 {
    let (size, numbers) = (size as u64, (size as u64).saturating_mul(dim as u64));
    numbers.saturating_mul(8).saturating_add(size.saturating_mul(48)).saturating_add(1 << 27)
}

/// Most numbers of encoder outputs whose rows lie all over the array.
const MOST_TURNED: usize = 1 << 27;

/// Most numbers of an array that is read through where only some of its rows are needed.
const MOST_READ: usize = MOST_NUMBERS;

/// The error of one array, to stand after the file's name.
pub fn of(name: &str, why: &str) -> String {
    format!("cannot be used: `{}` {why}", shown(name))
}

/// An array that is needed for something, of which no number is read yet.
pub struct Role<'a> {
    arrays: &'a Arrays,
    name: &'a str,
    head: Head,
}

impl<'a> Role<'a> {
    /// Its kind and shape.
    ///
    /// # Errors
    /// It is not there, or not read.
    pub fn of(arrays: &'a Arrays, name: &'a str) -> Result<Self, String> {
        let head = arrays.head(name).map_err(|why| of(name, &why))?;
        Ok(Self { arrays, name, head })
    }

    /// What is wrong with it.
    pub fn wrong(&self, why: &str) -> String {
        of(self.name, why)
    }

    /// Lengths of its axes without those of length 1 at its ends.
    pub fn core(&self) -> Vec<usize> {
        let shape = &self.head.shape;
        let first = shape.iter().position(|&n| n != 1).unwrap_or(shape.len());
        let last = shape.iter().rposition(|&n| n != 1).map_or(first, |last| last + 1);
        shape[first..last].to_vec()
    }

    /// How many numbers it has.
    pub fn count(&self) -> usize {
        self.head.count().unwrap_or(usize::MAX)
    }

    /// That a book of K codes of width d is within what is read.
    ///
    /// # Errors
    /// It is not, with its numbers.
    pub fn check_book(&self, size: usize, dim: usize) -> Result<(), String> {
        let shape = self.head.shape_in_words();
        let why = match size.checked_mul(dim) {
            _ if dim > WIDEST => format!(
                "is {shape}: codes are at most {WIDEST} wide here; project them onto fewer axes first"
            ),
            _ if size > MOST_CODES => return self.check_codes(size),
            numbers if numbers.is_none_or(|numbers| numbers > MOST_NUMBERS) => {
                format!("is {shape}, more than {MOST_NUMBERS} numbers; save a part of the codes")
            }
            _ if need(size, dim) > self.arrays.length().saturating_add(ROOM) => {
                let gigabytes = |bytes: u64| bytes as f64 / 1e9;
                format!(
                    "is {shape}: to look at it takes {:.1} GB of memory, and a file of this length may take {:.1} GB; save a part of the codes",
                    gigabytes(need(size, dim)),
                    gigabytes(self.arrays.length().saturating_add(ROOM))
                )
            }
            _ => return Ok(()),
        };
        Err(self.wrong(&why))
    }

    /// That a book has no more codes than are read: a count is made for each of them, of every level.
    ///
    /// # Errors
    /// It has, with its shape.
    pub fn check_codes(&self, size: usize) -> Result<(), String> {
        if size <= MOST_CODES {
            return Ok(());
        }
        let shape = self.head.shape_in_words();
        Err(self.wrong(&format!("is {shape}, more than {MOST_CODES} codes; save a part of them")))
    }

    /// That it has as many numbers as are needed, but for axes of length 1.
    ///
    /// # Errors
    /// It has not.
    pub fn expect_length(&self, length: usize, what: &str) -> Result<(), String> {
        if self.count() == length && self.core().len() <= 1 {
            return Ok(());
        }
        let shape = self.head.shape_in_words();
        Err(self
            .wrong(&format!("is {shape} where {length} are needed, {what}; save it in that shape")))
    }

    /// That it has as many numbers as are needed, on whatever axes.
    ///
    /// # Errors
    /// It has not.
    pub fn expect_count(&self, length: usize, what: &str) -> Result<(), String> {
        if self.count() == length {
            return Ok(());
        }
        let shape = self.head.shape_in_words();
        Err(self
            .wrong(&format!("is {shape} where {length} are needed, {what}; save it in that shape")))
    }

    /// A matrix by its rows and columns, but for axes of length 1.
    ///
    /// # Errors
    /// It has another shape.
    pub fn matrix(&self, columns: usize, is_turned: bool) -> Result<[usize; 2], String> {
        let core = self.core();
        let fits = match (&self.head.shape[..], core.as_slice()) {
            (&[rows, width, ..], _) if self.count() == rows.saturating_mul(width) => [rows, width],
            (_, &[rows, width]) => [rows, width],
            _ => [0, 0],
        };
        let within = if is_turned { fits[1] } else { fits[0] };
        let is_small = fits.iter().all(|&n| n <= 4 * WIDEST);
        if within == columns && is_small && fits[0] > 0 && fits[1] > 0 {
            return Ok(fits);
        }
        let shape = self.head.shape_in_words();
        Err(self.wrong(&format!(
            "is {shape} where the codes are {columns} wide; save a matrix of {columns} x {columns}, or the finished codes as `codebook`"
        )))
    }

    /// All numbers in 32 bits; what is not finite stays as it is.
    ///
    /// # Errors
    /// It is damaged.
    pub fn floats(&self) -> Result<Vec<f32>, String> {
        let mut values = self.room(self.count())?;
        values.resize(self.count(), 0.0_f32);
        self.each(self.count(), |place, x| {
            values[place] = x as f32;
            Ok(())
        })?;
        Ok(values)
    }

    /// A part of its numbers in 32 bits, turned where they lie with one code a column; what is not
    /// finite stays as it is.
    ///
    /// # Errors
    /// It is damaged.
    pub fn book(
        &self,
        part: Part,
        [size, dim]: [usize; 2],
        is_turned: bool,
    ) -> Result<Vec<f32>, String> {
        let count = size * dim;
        let first = part.index * count;
        let mut values = self.room(count)?;
        values.resize(count, 0.0_f32);
        self.each((first + count).min(self.count()), |place, x| {
            if let Some(at) = place.checked_sub(first).filter(|at| *at < count) {
                let at = if is_turned { at % size * dim + at / size } else { at };
                values[at] = x as f32;
            }
            Ok(())
        })?;
        Ok(values)
    }

    /// A part of its numbers as they are.
    ///
    /// # Errors
    /// It is damaged, or so long that no part of a book has as many.
    pub fn numbers(&self, part: Part) -> Result<Vec<f64>, String> {
        if self.count() > MOST_CODES.saturating_mul(16) {
            let shape = self.head.shape_in_words();
            return Err(self.wrong(&format!("is {shape}, more than uses of codes can be")));
        }
        let length = self.count() / part.of;
        let first = part.index * length;
        let mut values = self.room(length)?;
        self.each(first + length, |place, x| {
            if place >= first {
                values.push(x);
            }
            Ok(())
        })?;
        Ok(values)
    }

    /// Numbers in a row: the length of the last axis.
    pub fn width(&self) -> usize {
        self.head.shape.last().copied().unwrap_or(1)
    }

    /// Rows of `dim` numbers, which is its width, all of them or at most `most`, evenly picked; how many there
    /// are; and how many of the picked ones are not finite and left out.
    ///
    /// # Errors
    /// There are none, or too many.
    pub fn rows(&self, dim: usize, most: usize) -> Result<(Vec<f32>, usize, usize), String> {
        let shape = self.head.shape_in_words();
        let rows = if self.head.shape.is_empty() { 0 } else { self.count() / dim.max(1) };
        if rows == 0 {
            return Err(self.wrong("has no rows; leave it out"));
        }
        let every = rows.div_ceil(most.max(1));
        let kept = rows.div_ceil(every);
        let turned = self.head.turned().map_err(|why| self.wrong(&why))?;
        if turned.is_some() && self.count() > MOST_TURNED {
            let why = "is in Fortran order, in which its rows lie all over it; save it with numpy.ascontiguousarray";
            return Err(self.wrong(why));
        }
        if self.count() > MOST_READ {
            return Err(self.wrong(&format!(
                "is {shape}, more than {MOST_READ} numbers; save a part of them"
            )));
        }
        let mut values = self.room(kept * dim)?;
        values.resize(kept * dim, 0.0_f32);
        let last = if turned.is_some() { self.count() } else { ((kept - 1) * every + 1) * dim };
        self.each(last, |place, x| {
            let (row, column) = (place / dim, place % dim);
            if row % every == 0 {
                values[row / every * dim + column] = x as f32;
            }
            Ok(())
        })?;
        let mut whole = 0;
        for row in 0..kept {
            let place = row * dim..(row + 1) * dim;
            if values[place.clone()].iter().all(|x| x.is_finite()) {
                values.copy_within(place, whole * dim);
                whole += 1;
            }
        }
        values.truncate(whole * dim);
        Ok((values, rows, kept - whole))
    }

    /// A step.
    ///
    /// # Errors
    /// It is none.
    pub fn step(&self) -> Result<u64, String> {
        if self.head.count() != Some(1) {
            let shape = self.head.shape_in_words();
            return Err(self.wrong(&format!("is {shape}; a step is a single number")));
        }
        let mut step = f64::NAN;
        self.each(1, |_, x| {
            step = x;
            Ok(())
        })?;
        if step >= 0.0 && step.fract() == 0.0 && step <= LAST_STEP {
            return Ok(step as u64);
        }
        Err(self.wrong(&format!("is {step}; a step is a whole number from 0")))
    }

    fn each(
        &self,
        count: usize,
        mut take: impl FnMut(usize, f64) -> Result<(), String>,
    ) -> Result<(), String> {
        let read = self.arrays.numbers(self.name, &self.head, count, &mut take);
        read.map_err(|why| self.wrong(&why))
    }

    /// Room for `count` numbers, if the system gives it.
    fn room<T>(&self, count: usize) -> Result<Vec<T>, String> {
        let mut values = Vec::new();
        values.try_reserve_exact(count).map_err(|_no_memory| {
            self.wrong(&format!(
                "needs {count} numbers in memory, which the system does not give; save a part of it"
            ))
        })?;
        Ok(values)
    }
}
