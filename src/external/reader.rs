//! Reads one file of someone's own training into plain numbers.

use std::path::Path;

use rayon::prelude::*;

use crate::external::array::{Array, Arrays};
use crate::external::names::{Matrix, choose};

/// Endings of files that are read.
pub const ENDINGS: [&str; 3] = ["safetensors", "npz", "npy"];

/// Bytes of a file that is read whole.
const MOST_BYTES: u64 = 1 << 32;

/// Most numbers of a codebook, K times d.
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

/// Reads a .safetensors, .npz or .npy file.
///
/// E is `codebook`, or C·W + b in 64 bits; counts that are not whole are rounded.
///
/// # Errors
/// One sentence that names the file, the array, and what to do.
pub fn read(path: &Path) -> Result<External, String> {
    let file = path.display();
    let bytes = load(path)?;
    of_bytes(path, &bytes).map_err(|why| format!("{file} {why}"))
}

fn load(path: &Path) -> Result<Vec<u8>, String> {
    let file = path.display();
    let unreadable =
        |error| format!("{file} cannot be read ({error}); check the path and the permissions");
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MOST_BYTES {
        return Err(format!(
            "{file} has {length} bytes and at most {MOST_BYTES} are read; save the codebook without the rest of the model"
        ));
    }
    std::fs::read(path).map_err(unreadable)
}

/// The ending in small letters.
pub fn ending(path: &Path) -> String {
    path.extension().map_or(String::new(), |e| e.to_string_lossy().to_lowercase())
}

/// The last number in a file's name without its ending, where it has one.
pub fn step_of_name(path: &Path) -> Option<u64> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let is_digit = |c: char| c.is_ascii_digit();
    let digits = stem.trim_end_matches(|c| !is_digit(c)).rsplit(|c| !is_digit(c)).next()?;
    digits.parse().ok().filter(|&step| step as f64 <= LAST_STEP)
}

fn of_bytes(path: &Path, bytes: &[u8]) -> Result<External, String> {
    if bytes.is_empty() {
        return Err("is empty; save it again".into());
    }
    let mut arrays = Arrays::open(&ending(path), bytes)?;
    let chosen = choose(&arrays.names())?;
    let mut get = |name: &String| -> Result<Array<'_>, String> {
        arrays.array(name).map_err(|why| of(name, &why))
    };
    let codes = get(&chosen.codes)?;
    let (size, dim) = matrix_shape(&chosen.codes, &codes)?;
    let mut codes = floats(&chosen.codes, &codes)?;
    let mut w = None;
    if let Some(matrix) = &chosen.matrix {
        let (Matrix::AsW(name) | Matrix::AsWeight(name)) = matrix;
        let array = get(name)?;
        if array.shape != [dim, dim] {
            let shape = array.shape_in_words();
            return Err(of(
                name,
                &format!(
                    "is {shape} where the codes are {dim} wide; save a matrix of {dim} x {dim}, or the finished codes as `codebook`"
                ),
            ));
        }
        let mut values = floats(name, &array)?;
        if matches!(matrix, Matrix::AsWeight(_)) {
            values = (0..dim * dim).map(|i| values[i % dim * dim + i / dim]).collect();
        }
        let bias = match &chosen.bias {
            Some(name) => {
                let array = get(name)?;
                expect_length(name, &array, dim, "one number for each of the axes of a code")?;
                floats(name, &array)?
            }
            None => vec![0.0; dim],
        };
        codes = effective(&codes, &values, &bias);
        if codes.iter().any(|x| !x.is_finite()) {
            return Err(of(
                &chosen.codes,
                "times its matrix is not finite; look at an earlier file",
            ));
        }
        w = Some(values);
    }
    let usage = match &chosen.usage {
        Some(name) => {
            let array = get(name)?;
            expect_length(name, &array, size, "one count for each code")?;
            counts(name, &array)?
        }
        None => None,
    };
    let latents = match &chosen.latents {
        Some(name) => Some(latents(name, &get(name)?, dim)?),
        None => None,
    };
    let step = match &chosen.step {
        Some(name) => Some(step(name, &get(name)?)?),
        None => step_of_name(path),
    };
    Ok(External { step, size, dim, codes, w, usage, latents })
}

/// A sentence about one array, to stand after the file's name.
fn of(name: &str, why: &str) -> String {
    format!("cannot be used: `{name}` {why}")
}

/// The shape without leading axes of length 1 beyond the last `rank`.
fn squeezed(shape: &[usize], rank: usize) -> &[usize] {
    let extra = shape.len().saturating_sub(rank);
    let ones = shape[..extra].iter().take_while(|&&n| n == 1).count();
    &shape[ones..]
}

/// K and d.
fn matrix_shape(name: &str, array: &Array<'_>) -> Result<(usize, usize), String> {
    let shape = array.shape_in_words();
    match *squeezed(&array.shape, 2) {
        [size, dim] if size == 0 || dim == 0 => {
            Err(of(name, &format!("is {shape}, without a number; save K x d codes")))
        }
        [_, dim] if dim > WIDEST => Err(of(
            name,
            &format!(
                "is {shape}: codes are at most {WIDEST} wide here; project them onto fewer axes first"
            ),
        )),
        [size, dim] if size.saturating_mul(dim) > MOST_NUMBERS => Err(of(
            name,
            &format!("is {shape}, more than {MOST_NUMBERS} numbers; save a part of the codes"),
        )),
        [size, dim] => Ok((size, dim)),
        [heads, ..] if array.shape.len() == 3 => Err(of(
            name,
            &format!(
                "is {shape}, {heads} codebooks; save the one to look at, K x d, as `codebook`"
            ),
        )),
        _ => Err(of(name, &format!("is {shape}; codes are a matrix, K x d"))),
    }
}

fn expect_length(name: &str, array: &Array<'_>, length: usize, what: &str) -> Result<(), String> {
    if squeezed(&array.shape, 1) == [length] {
        return Ok(());
    }
    let shape = array.shape_in_words();
    Err(of(name, &format!("is {shape} where {length} are needed, {what}; save it in that shape")))
}

/// All numbers in 32 bits, which must be finite.
fn floats(name: &str, array: &Array<'_>) -> Result<Vec<f32>, String> {
    let values = array.values().map_err(|why| of(name, &why))?;
    let values: Vec<f32> = values.into_iter().map(|x| x as f32).collect();
    match values.iter().position(|x| !x.is_finite()) {
        None => Ok(values),
        Some(place) => {
            let width = array.shape.last().copied().unwrap_or(1).max(1);
            Err(of(
                name,
                &format!(
                    "is {} in row {}, column {}; that training has left the finite numbers, look at an earlier file",
                    values[place],
                    place / width,
                    place % width
                ),
            ))
        }
    }
}

/// E = C·W + b in 64 bits: `codes` is K x d, `w` is d x d, `bias` has d numbers.
fn effective(codes: &[f32], w: &[f32], bias: &[f32]) -> Vec<f32> {
    let dim = bias.len();
    let mut out = vec![0.0_f32; codes.len()];
    out.par_chunks_mut(dim).zip(codes.par_chunks(dim)).for_each(|(out, code)| {
        let mut sum: Vec<f64> = bias.iter().map(|&x| f64::from(x)).collect();
        for (&c, row) in code.iter().zip(w.chunks_exact(dim)) {
            sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(c) * f64::from(x));
        }
        out.iter_mut().zip(sum).for_each(|(o, s)| *o = s as f32);
    });
    out
}

/// Counts; `None` where not a single use is counted yet.
fn counts(name: &str, array: &Array<'_>) -> Result<Option<Vec<u32>>, String> {
    let values = array.values().map_err(|why| of(name, &why))?;
    let is_count = |x: f64| x >= 0.0 && x.round() <= f64::from(u32::MAX);
    if let Some(code) = values.iter().position(|&x| !is_count(x)) {
        return Err(of(
            name,
            &format!(
                "is {} for code {code}; a count lies between 0 and {}, so start counting anew for each file",
                values[code],
                u32::MAX
            ),
        ));
    }
    let rounded: Vec<u32> = values.iter().map(|x| x.round() as u32).collect();
    if rounded.iter().any(|&n| n > 0) {
        return Ok(Some(rounded));
    }
    if values.iter().any(|&x| x > 0.0) {
        return Err(of(
            name,
            "holds shares below one half, not counts; multiply them by the number of tokens",
        ));
    }
    Ok(None)
}

fn latents(name: &str, array: &Array<'_>, dim: usize) -> Result<Vec<f32>, String> {
    let shape = array.shape_in_words();
    match *squeezed(&array.shape, 2) {
        [0, _] => Err(of(name, "has no rows; leave it out")),
        [_, width] if width == dim => {
            let mut values = floats(name, array)?;
            values.truncate(LATENTS * dim);
            Ok(values)
        }
        _ => Err(of(
            name,
            &format!(
                "is {shape} where M x {dim} is needed, one encoder output a row; move the channels last and reshape(-1, {dim})"
            ),
        )),
    }
}

fn step(name: &str, array: &Array<'_>) -> Result<u64, String> {
    let values = array.values().map_err(|why| of(name, &why))?;
    match values[..] {
        [step] if step >= 0.0 && step.fract() == 0.0 && step <= LAST_STEP => Ok(step as u64),
        [step] => Err(of(name, &format!("is {step}; a step is a whole number from 0"))),
        _ => Err(of(name, &format!("is {}; a step is a single number", array.shape_in_words()))),
    }
}

#[cfg(test)]
mod tests;
