//! Reads one file of someone's own training into plain numbers.
//!
//! Of a file only those arrays are read that have a role, each after its kind and shape were held
//! against the role: what is too large for it is refused before its first number is read.

use std::path::Path;
use std::rc::Rc;

use rawzip::FileReader;

use crate::files;
use crate::text::shown;
use crate::watch::array::{Arrays, Source};
use crate::watch::head::Head;
use crate::watch::names::{Matrix, choose};

/// Endings of files that are read.
pub const ENDINGS: [&str; 3] = ["safetensors", "npz", "npy"];

/// Bytes of the longest file that is looked into; of it only the arrays are read that are needed.
const MOST_BYTES: u64 = 1 << 36;

/// Bytes of memory that looking at one file may take beyond the file's own.
pub const ROOM: u64 = 1_000_000_000;

/// Most codes, as many as a run can have.
const MOST_CODES: usize = 1 << 24;

/// Most numbers of an array that is read through where only a part of it is needed.
const MOST_NUMBERS: usize = 1 << 27;

/// Widest code; the axes of the map come from a d x d matrix.
const WIDEST: usize = 512;

/// Most encoder outputs of a file that are used, the first ones.
pub const LATENTS: usize = 4096;

/// Largest step, up to which 64-bit floats count in ones.
const LAST_STEP: f64 = 9_007_199_254_740_992.0;

/// What one file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// The step: the array `step`, or else the last number in the file's name, or else unknown.
    pub step: Option<u64>,
    /// Number of codes, K.
    pub size: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// Effective codes E, K x d, row by row: what the encoder's outputs are compared with.
    pub codes: Vec<f32>,
    /// The matrix over the codes, d x d, where the file has one.
    pub w: Option<Vec<f32>>,
    /// Uses of each code, K, where the file counts at least one.
    pub usage: Option<Vec<u32>>,
    /// Encoder outputs, at most 4,096 x d.
    pub latents: Option<Vec<f32>>,
}

/// Bytes of memory that it takes to read and show a file with K codes of width d: the codes and those
/// of the file before, to say how far each moved; counts, places on the map and distances of each;
/// encoder outputs, a matrix, buffers, and files of the same folder that wait for their turn.
pub fn need(size: usize, dim: usize) -> u64 {
    let (size, numbers) = (size as u64, (size as u64).saturating_mul(dim as u64));
    numbers.saturating_mul(8).saturating_add(size.saturating_mul(40)).saturating_add(1 << 27)
}

/// Reads a .safetensors, .npz or .npy file.
///
/// E is `codebook`, or C·W + b in 64 bits; counts that are not whole are rounded.
///
/// # Errors
/// One sentence that names the file, the array, and what to do.
pub fn read(path: &Path) -> Result<External, String> {
    let file = shown(&path.display().to_string());
    let (opened, length) = files::open(path).map_err(|why| format!("{file} {why}"))?;
    if length > MOST_BYTES {
        return Err(format!(
            "{file} has {length} bytes, and files of at most {MOST_BYTES} are looked into; save the codebook without the rest of the model"
        ));
    }
    of_source(path, Rc::new(FileReader::from(opened)), length)
        .map_err(|why| format!("{file} {why}"))
}

/// The ending in small letters.
pub fn ending(path: &Path) -> String {
    path.extension().map_or(String::new(), |e| e.to_string_lossy().to_lowercase())
}

/// Whether a path is the name of a file that is read, whether or not it is there.
pub fn names_file(path: &Path) -> bool {
    ENDINGS.contains(&ending(path).as_str())
}

/// The last number in a file's name without its ending, where it has one.
pub fn step_of_name(path: &Path) -> Option<u64> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let is_digit = |c: char| c.is_ascii_digit();
    let digits = stem.trim_end_matches(|c| !is_digit(c)).rsplit(|c| !is_digit(c)).next()?;
    digits.parse().ok().filter(|&step| step as f64 <= LAST_STEP)
}

/// Reads a file of `length` bytes; its path says what it is. The sentence of an error stands after
/// the file's name.
pub(crate) fn of_source(path: &Path, source: Source, length: u64) -> Result<External, String> {
    if length == 0 {
        return Err("is empty; save it again".into());
    }
    let arrays = Arrays::open(&ending(path), source, length)?;
    let chosen = choose(&arrays.names())?;
    let codes = Role::of(&arrays, &chosen.codes)?;
    let (size, dim) = codes.matrix_shape(length)?;
    let mut codes = codes.floats()?;
    let mut w = None;
    if let Some(matrix) = &chosen.matrix {
        let (Matrix::AsW(name) | Matrix::AsWeight(name)) = matrix;
        let values = Role::of(&arrays, name)?.square(dim)?;
        let values = match matrix {
            Matrix::AsW(_) => values,
            Matrix::AsWeight(_) => {
                (0..dim * dim).map(|i| values[i % dim * dim + i / dim]).collect()
            }
        };
        let bias = match &chosen.bias {
            Some(name) => {
                let bias = Role::of(&arrays, name)?;
                bias.expect_length(dim, "one number for each of the axes of a code")?;
                bias.floats()?
            }
            None => vec![0.0; dim],
        };
        make_effective(&mut codes, &values, &bias);
        if codes.iter().any(|x| !x.is_finite()) {
            let why = "times its matrix is not finite; look at an earlier file";
            return Err(of(&chosen.codes, why));
        }
        w = Some(values);
    }
    let usage = match &chosen.usage {
        Some(name) => {
            let usage = Role::of(&arrays, name)?;
            usage.expect_length(size, "one count for each code")?;
            usage.counts()?
        }
        None => None,
    };
    let latents =
        chosen.latents.as_ref().map(|name| Role::of(&arrays, name)?.latents(dim)).transpose()?;
    let step = match &chosen.step {
        Some(name) => Some(Role::of(&arrays, name)?.step()?),
        None => step_of_name(path),
    };
    Ok(External { step, size, dim, codes, w, usage, latents })
}

/// A sentence about one array, to stand after the file's name.
fn of(name: &str, why: &str) -> String {
    format!("cannot be used: `{}` {why}", shown(name))
}

/// The shape without leading axes of length 1 beyond the last `rank`.
fn squeezed(shape: &[usize], rank: usize) -> &[usize] {
    let extra = shape.len().saturating_sub(rank);
    let ones = shape[..extra].iter().take_while(|&&n| n == 1).count();
    &shape[ones..]
}

/// An array that is needed for something, of which no number is read yet.
struct Role<'a> {
    arrays: &'a Arrays,
    name: &'a str,
    head: Head,
}

impl<'a> Role<'a> {
    fn of(arrays: &'a Arrays, name: &'a str) -> Result<Self, String> {
        let head = arrays.head(name).map_err(|why| of(name, &why))?;
        Ok(Self { arrays, name, head })
    }

    fn wrong(&self, why: &str) -> String {
        of(self.name, why)
    }

    /// K and d of codes in a file of `length` bytes.
    fn matrix_shape(&self, length: u64) -> Result<(usize, usize), String> {
        let shape = self.head.shape_in_words();
        let why = match *squeezed(&self.head.shape, 2) {
            [size, dim] if size == 0 || dim == 0 => {
                format!("is {shape}, without a number; save K x d codes")
            }
            [_, dim] if dim > WIDEST => format!(
                "is {shape}: codes are at most {WIDEST} wide here; project them onto fewer axes first"
            ),
            [size, _] if size > MOST_CODES => {
                format!("is {shape}, more than {MOST_CODES} codes; save a part of them")
            }
            [size, dim] if need(size, dim) > length.saturating_add(ROOM) => {
                let gigabytes = |bytes: u64| bytes as f64 / 1e9;
                format!(
                    "is {shape}: to look at it takes {:.1} GB of memory, and a file of this length may take {:.1} GB; save a part of the codes",
                    gigabytes(need(size, dim)),
                    gigabytes(length.saturating_add(ROOM))
                )
            }
            [size, dim] => return Ok((size, dim)),
            [heads, ..] if self.head.shape.len() == 3 => format!(
                "is {shape}, {heads} codebooks; save the one to look at, K x d, as `codebook`"
            ),
            _ => format!("is {shape}; codes are a matrix, K x d"),
        };
        Err(self.wrong(&why))
    }

    fn expect_length(&self, length: usize, what: &str) -> Result<(), String> {
        if squeezed(&self.head.shape, 1) == [length] {
            return Ok(());
        }
        let shape = self.head.shape_in_words();
        Err(self
            .wrong(&format!("is {shape} where {length} are needed, {what}; save it in that shape")))
    }

    /// A d x d matrix.
    fn square(&self, dim: usize) -> Result<Vec<f32>, String> {
        if self.head.shape == [dim, dim] {
            return self.floats();
        }
        let shape = self.head.shape_in_words();
        Err(self.wrong(&format!(
            "is {shape} where the codes are {dim} wide; save a matrix of {dim} x {dim}, or the finished codes as `codebook`"
        )))
    }

    /// All numbers in 32 bits, which must be finite.
    fn floats(&self) -> Result<Vec<f32>, String> {
        self.first_floats(self.head.count().unwrap_or(usize::MAX))
    }

    /// The first `kept` numbers in the order of the axes in 32 bits, which must be finite.
    fn first_floats(&self, kept: usize) -> Result<Vec<f32>, String> {
        let all = self.head.count().unwrap_or(usize::MAX);
        // Where the first axis is the fastest, the first rows lie all over the array.
        let is_turned = self.head.turned().map_err(|why| self.wrong(&why))?.is_some();
        let read = if is_turned { all } else { kept.min(all) };
        if read > MOST_NUMBERS.max(kept) {
            let why = "is in Fortran order, in which its first rows lie all over it; save it with numpy.ascontiguousarray";
            return Err(self.wrong(why));
        }
        let mut values = self.room(kept.min(all))?;
        values.resize(kept.min(all), 0.0_f32);
        let width = self.head.shape.last().copied().unwrap_or(1).max(1);
        self.each(read, |place, x| {
            let x = x as f32;
            if place >= kept {
                return Ok(());
            }
            if !x.is_finite() {
                let (row, column) = (place / width, place % width);
                return Err(format!(
                    "is {x} in row {row}, column {column}; that training has left the finite numbers, look at an earlier file"
                ));
            }
            values[place] = x;
            Ok(())
        })?;
        Ok(values)
    }

    /// Counts; `None` where not a single use is counted yet.
    fn counts(&self) -> Result<Option<Vec<u32>>, String> {
        let all = self.head.count().unwrap_or(usize::MAX);
        let mut counts = self.room(all)?;
        counts.resize(all, 0_u32);
        let (mut is_used, mut has_shares) = (false, false);
        self.each(all, |code, x| {
            if !(x >= 0.0 && x.round() <= f64::from(u32::MAX)) {
                return Err(format!(
                    "is {x} for code {code}; a count lies between 0 and {}, so start counting anew for each file",
                    u32::MAX
                ));
            }
            counts[code] = x.round() as u32;
            is_used |= counts[code] > 0;
            has_shares |= x > 0.0;
            Ok(())
        })?;
        if !is_used && has_shares {
            let why =
                "holds shares below one half, not counts; multiply them by the number of tokens";
            return Err(self.wrong(why));
        }
        Ok(is_used.then_some(counts))
    }

    /// The first encoder outputs.
    fn latents(&self, dim: usize) -> Result<Vec<f32>, String> {
        match *squeezed(&self.head.shape, 2) {
            [0, _] => Err(self.wrong("has no rows; leave it out")),
            [_, width] if width == dim => self.first_floats(LATENTS * dim),
            _ => {
                let shape = self.head.shape_in_words();
                Err(self.wrong(&format!(
                    "is {shape} where M x {dim} is needed, one encoder output a row; move the channels last and reshape(-1, {dim})"
                )))
            }
        }
    }

    fn step(&self) -> Result<u64, String> {
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
        take: impl FnMut(usize, f64) -> Result<(), String>,
    ) -> Result<(), String> {
        let read = self.arrays.numbers(self.name, &self.head, count, take);
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

/// Turns C into E = C·W + b, in 64 bits: `codes` is K x d, `w` is d x d, `bias` has d numbers.
fn make_effective(codes: &mut [f32], w: &[f32], bias: &[f32]) {
    let dim = bias.len();
    let mut sum = vec![0.0_f64; dim];
    for code in codes.chunks_exact_mut(dim) {
        sum.iter_mut().zip(bias).for_each(|(s, &x)| *s = f64::from(x));
        for (&c, row) in code.iter().zip(w.chunks_exact(dim)) {
            sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(c) * f64::from(x));
        }
        code.iter_mut().zip(&sum).for_each(|(code, &s)| *code = s as f32);
    }
}

#[cfg(test)]
mod bombs;
#[cfg(test)]
mod tests;
