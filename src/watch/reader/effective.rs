//! The codes that encoder outputs are compared with, out of the arrays that make them.

use crate::watch::array::Arrays;
use crate::watch::reader::role::{Role, of};
use crate::watch::rules::plan::{Book, Layer, Map, Weight};

/// Least count by which a sum is divided (Mimi).
const LEAST_COUNT: f32 = 1e-5;

/// Least variance (vector-quantize-pytorch).
const LEAST_VARIANCE: f32 = 1e-5;

/// The matrix of a linear layer, input x output.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Rows: numbers that go in.
    pub rows: usize,
    /// Columns: numbers that come out.
    pub columns: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

/// Effective codes E.
pub struct Effective {
    /// K x `dim`, row by row.
    pub codes: Vec<f32>,
    /// Width of one.
    pub dim: usize,
    /// The matrix that made them, where one did.
    pub w: Option<Matrix>,
    /// Codes that are finite in the array and not after what is done with them.
    pub broken_here: usize,
}

/// Reads the codes of a book and does with them what the model does, in 64 bits. What is not finite, in codes or
/// in what they are mapped with, stays so: the codes that it breaks are those that the training broke.
///
/// # Errors
/// An array does not fit, or is damaged.
pub fn read(arrays: &Arrays, book: &Book) -> Result<Effective, String> {
    let mut found = mapped(arrays, book)?;
    let broken = found.codes.chunks_exact(found.dim).filter(|row| !is_finite(row)).count();
    found.broken_here = broken.saturating_sub(found.broken_here);
    Ok(found)
}

fn is_finite(row: &[f32]) -> bool {
    row.iter().all(|x| x.is_finite())
}

/// The codes of a book after its map; `broken_here` counts those that were not finite before it.
fn mapped(arrays: &Arrays, book: &Book) -> Result<Effective, String> {
    let role = Role::of(arrays, &book.codes)?;
    role.check_book(book.size, book.dim)?;
    let mut codes = role.book(book.part, [book.size, book.dim], book.is_turned)?;
    let broken_here = codes.chunks_exact(book.dim).filter(|row| !is_finite(row)).count();
    if let Some(name) = &book.over {
        let counts = Role::of(arrays, name)?;
        counts.expect_length(book.size, "one count for each code")?;
        let counts = counts.floats()?;
        for (code, &count) in codes.chunks_exact_mut(book.dim).zip(&counts) {
            code.iter_mut().for_each(|x| *x /= at_least(count, LEAST_COUNT));
        }
    }
    match &book.map {
        Map::None | Map::Unknown(_) => Ok(Effective { codes, dim: book.dim, w: None, broken_here }),
        Map::Affine { .. } => {
            affine(arrays, book, &mut codes)?;
            Ok(Effective { codes, dim: book.dim, w: None, broken_here })
        }
        Map::Layers(layers) | Map::Bits(layers) => {
            let mut now = Effective { codes, dim: book.dim, w: None, broken_here };
            for (at, layer) in layers.iter().enumerate() {
                if at > 0 {
                    now.codes.iter_mut().for_each(|x| *x = at_least(*x, 0.0));
                }
                now = through(arrays, layer, now, &role)?;
            }
            // Several layers are no matrix.
            if layers.len() > 1 {
                now.w = None;
            }
            if matches!(book.map, Map::Bits(_)) {
                unit(&mut now.codes, now.dim);
            }
            Ok(now)
        }
    }
}

/// The greater of two numbers; what is not a number stays so, which `max` would hide.
fn at_least(x: f32, least: f32) -> f32 {
    if x < least { least } else { x }
}

/// E = C·W + b.
fn through(
    arrays: &Arrays,
    layer: &Layer,
    before: Effective,
    codes: &Role<'_>,
) -> Result<Effective, String> {
    let w = matrix(arrays, &layer.weight, before.dim)?;
    let size = before.codes.len() / before.dim;
    codes.check_book(size, w.columns)?;
    let bias = match &layer.bias {
        Some(name) => {
            let bias = Role::of(arrays, name)?;
            bias.expect_length(w.columns, "one number for each of the axes of a code")?;
            bias.floats()?
        }
        None => vec![0.0; w.columns],
    };
    let after = product(&before.codes, &w, &bias);
    Ok(Effective { codes: after, dim: w.columns, w: Some(w), broken_here: before.broken_here })
}

/// A weight as input x output.
fn matrix(arrays: &Arrays, weight: &Weight, within: usize) -> Result<Matrix, String> {
    let (name, is_turned) = match weight {
        Weight::AsW(name) => (name, false),
        Weight::AsWeight(name) | Weight::Normed { direction: name, .. } => (name, true),
    };
    let role = Role::of(arrays, name)?;
    let [first, second] = role.matrix(within, is_turned)?;
    let mut values = role.floats()?;
    if let Weight::Normed { length, .. } = weight {
        let lengths = Role::of(arrays, length)?;
        lengths.expect_length(first, "one length for each row")?;
        let lengths = lengths.floats()?;
        for (row, length) in values.chunks_exact_mut(second).zip(&lengths) {
            let norm = norm(row);
            let scale = if norm == 0.0 { 0.0 } else { f64::from(*length) / norm };
            row.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
        }
    }
    if !is_turned {
        return Ok(Matrix { rows: first, columns: second, values });
    }
    let turned = (0..first * second).map(|i| values[i % first * second + i / first]).collect();
    Ok(Matrix { rows: second, columns: first, values: turned })
}

/// The length of a row, in 64 bits.
pub fn norm(row: &[f32]) -> f64 {
    row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

/// Brings rows to length 1.
pub fn unit(rows: &mut [f32], dim: usize) {
    for row in rows.chunks_exact_mut(dim) {
        let norm = norm(row);
        if norm > 0.0 {
            row.iter_mut().for_each(|x| *x = (f64::from(*x) / norm) as f32);
        }
    }
}

/// C·W + b: `codes` is K x rows, `bias` has one number a column.
fn product(codes: &[f32], w: &Matrix, bias: &[f32]) -> Vec<f32> {
    let mut after = Vec::with_capacity(codes.len() / w.rows.max(1) * w.columns);
    let mut sum = vec![0.0_f64; w.columns];
    for code in codes.chunks_exact(w.rows) {
        sum.iter_mut().zip(bias).for_each(|(s, &x)| *s = f64::from(x));
        for (&c, row) in code.iter().zip(w.values.chunks_exact(w.columns)) {
            sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f64::from(c) * f64::from(x));
        }
        after.extend(sum.iter().map(|&s| s as f32));
    }
    after
}

/// E = (C - mean) · sqrt(batch variance / variance) + batch mean, column by column.
fn affine(arrays: &Arrays, book: &Book, codes: &mut [f32]) -> Result<(), String> {
    let Map::Affine { mean, variance, batch_mean, batch_variance } = &book.map else {
        return Ok(());
    };
    let read = |name: &str| -> Result<Vec<f32>, String> {
        let role = Role::of(arrays, name)?;
        // Before memory is taken for them.
        if role.count() != book.part.of.saturating_mul(book.dim) {
            return Err(of(name, &format!("has not one number for each of {} columns", book.dim)));
        }
        let first = book.part.index * book.dim;
        Ok(role.floats()?[first..first + book.dim].to_vec())
    };
    let (mean, variance) = (read(mean)?, read(variance)?);
    let (batch_mean, batch_variance) = (read(batch_mean)?, read(batch_variance)?);
    for code in codes.chunks_exact_mut(book.dim) {
        for (i, x) in code.iter_mut().enumerate() {
            let [batch, own] =
                [batch_variance[i], variance[i]].map(|x| at_least(x, LEAST_VARIANCE));
            let scale = (batch / own).sqrt();
            *x = (*x - mean[i]) * scale + batch_mean[i];
        }
    }
    Ok(())
}
