//! The matrix products of a step: forward and back through a layer, and the gradients of all layers.

use cubecl::prelude::*;

use super::kernels::sum_of_units;
use super::plan::{END_ERROR, END_MASK, END_PLAIN, END_PULL, END_RELU, SIDE};
use super::plan::{P_BIAS, P_FIRST, P_G, P_LENGTH, P_OUT, P_OUTPUTS, P_X, P_X_WIDTH, PROBLEM};

/// A·B with what follows it: A is m x k at `a_at` of the workspace, B lies in the weights, k x n, or
/// n x k where `transposed`; m x n numbers come to `out_at`.
///
/// | end | with p the product |
/// |---|---|
/// | `END_RELU` | max(p + bias, 0) |
/// | `END_PLAIN` | p + bias |
/// | `END_ERROR` | (p + bias - other)·factor, and the sum of the squares of p + bias - other of the tile to `sums_at` |
/// | `END_MASK` | p where other is above 0, else 0 |
/// | `END_PULL` | p - factor·other |
///
/// `other` is m x n at `other_at` of the workspace. A workgroup makes a tile of `SIDE`·`rows` rows and
/// `SIDE`·`columns` columns, each unit `rows` x `columns` numbers.
#[cube(launch)]
pub fn product(
    ws: &mut [f32],
    weights: &[f32],
    a_at: usize,
    b_at: usize,
    bias_at: usize,
    out_at: usize,
    other_at: usize,
    sums_at: usize,
    m: usize,
    k: usize,
    n: usize,
    factor: f32,
    #[comptime] transposed: bool,
    #[comptime] end: u32,
    #[comptime] rows: usize,
    #[comptime] columns: usize,
) {
    let span = comptime!(SIDE * columns);
    let x = UNIT_POS_X as usize;
    let y = UNIT_POS_Y as usize;
    let unit = UNIT_POS as usize;
    let first_row = CUBE_POS_Y as usize * comptime!(SIDE * rows);
    let first_column = CUBE_POS_X as usize * span;
    // Both with the summed-up index first, padded so that they lie in different banks.
    let a_pitch = comptime!(SIDE * rows + 1);
    let b_pitch = comptime!(SIDE * columns + 1);
    let mut a_tile = Shared::<[f32]>::new_slice(comptime!(SIDE * (SIDE * rows + 1)));
    let mut b_tile = Shared::<[f32]>::new_slice(comptime!(SIDE * (SIDE * columns + 1)));
    let mut sums = Array::<f32>::new(rows * columns);
    #[unroll]
    for i in 0..rows * columns {
        sums[i] = 0.0f32;
    }
    let mut base = 0usize;
    while base < k {
        #[unroll]
        for turn in 0..rows {
            let place = unit + turn * SIDE * SIDE;
            let row = place / SIDE;
            let q = place % SIDE;
            let mut value = 0.0f32;
            if first_row + row < m && base + q < k {
                value = ws[a_at + (first_row + row) * k + base + q];
            }
            a_tile[q * a_pitch + row] = value;
        }
        #[unroll]
        for turn in 0..columns {
            let place = unit + turn * SIDE * SIDE;
            let mut weight = 0.0f32;
            if transposed {
                let column = place / SIDE;
                let q = place % SIDE;
                if first_column + column < n && base + q < k {
                    weight = weights[b_at + (first_column + column) * k + base + q];
                }
                b_tile[q * b_pitch + column] = weight;
            } else {
                let q = place / span;
                let column = place % span;
                if first_column + column < n && base + q < k {
                    weight = weights[b_at + (base + q) * n + first_column + column];
                }
                b_tile[q * b_pitch + column] = weight;
            }
        }
        sync_cube();
        multiply(&a_tile, &b_tile, &mut sums, rows, columns);
        sync_cube();
        base += SIDE;
    }
    let mut squares = 0.0f32;
    #[unroll]
    for i in 0..rows {
        #[unroll]
        for j in 0..columns {
            let row = first_row + y + SIDE * i;
            let column = first_column + x + SIDE * j;
            if row < m && column < n {
                let place = row * n + column;
                let sum = sums[i * columns + j];
                if comptime!(end == END_RELU) {
                    ws[out_at + place] = max(sum + weights[bias_at + column], 0.0f32);
                } else if comptime!(end == END_PLAIN) {
                    ws[out_at + place] = sum + weights[bias_at + column];
                } else if comptime!(end == END_ERROR) {
                    let difference = sum + weights[bias_at + column] - ws[other_at + place];
                    squares = fma(difference, difference, squares);
                    ws[out_at + place] = difference * factor;
                } else if comptime!(end == END_MASK) {
                    let mut value = 0.0f32;
                    if ws[other_at + place] > 0.0f32 {
                        value = sum;
                    }
                    ws[out_at + place] = value;
                } else if comptime!(end == END_PULL) {
                    ws[out_at + place] = sum - factor * ws[other_at + place];
                }
            }
        }
    }
    if comptime!(end == END_ERROR) {
        let total = sum_of_units(squares);
        if unit == 0 {
            ws[sums_at + (CUBE_POS_Y * CUBE_COUNT_X + CUBE_POS_X) as usize] = total;
        }
    }
}

/// The products of a staged tile of Aᵀ and one of B, added to each unit's sums.
#[cube]
fn multiply(
    a_tile: &Shared<[f32]>,
    b_tile: &Shared<[f32]>,
    sums: &mut Array<f32>,
    #[comptime] rows: usize,
    #[comptime] columns: usize,
) {
    let a_pitch = comptime!(SIDE * rows + 1);
    let b_pitch = comptime!(SIDE * columns + 1);
    let x = UNIT_POS_X as usize;
    let y = UNIT_POS_Y as usize;
    for q in 0..SIDE {
        let mut b = Array::<f32>::new(columns);
        #[unroll]
        for j in 0..columns {
            b[j] = b_tile[q * b_pitch + x + SIDE * j];
        }
        #[unroll]
        for i in 0..rows {
            let a = a_tile[q * a_pitch + y + SIDE * i];
            #[unroll]
            for j in 0..columns {
                sums[i * columns + j] = fma(a, b[j], sums[i * columns + j]);
            }
        }
    }
}

/// The gradients of all layers in one launch, each Xᵀ·G and behind it the sums of G's rows for the
/// bias: a workgroup finds by its number in `table` which product its tile belongs to, and adds up its part of
/// the rows; parts are `part` numbers apart from `to` on.
#[cube(launch)]
pub fn gradients(
    ws: &mut [f32],
    table: &[i32],
    problems: usize,
    to: usize,
    part: usize,
    turns: usize,
    #[comptime] rows: usize,
    #[comptime] columns: usize,
) {
    let height = comptime!(SIDE * rows);
    let width_of_tile = comptime!(SIDE * columns);
    let x = UNIT_POS_X as usize;
    let y = UNIT_POS_Y as usize;
    let unit = UNIT_POS as usize;
    let tile = CUBE_POS_X as usize;
    let mut row_of_table = 0usize;
    for i in 1..problems {
        if tile >= table[i * PROBLEM + P_FIRST] as usize {
            row_of_table = i * PROBLEM;
        }
    }
    let x_at = table[row_of_table + P_X] as usize;
    let width = table[row_of_table + P_X_WIDTH] as usize;
    let g_at = table[row_of_table + P_G] as usize;
    let outputs = table[row_of_table + P_OUTPUTS] as usize;
    let has_bias = table[row_of_table + P_BIAS] > 0;
    let length = table[row_of_table + P_LENGTH] as usize;
    let out = to + CUBE_POS_Y as usize * part + table[row_of_table + P_OUT] as usize;
    let local = tile - table[row_of_table + P_FIRST] as usize;
    let across = outputs.div_ceil(width_of_tile);
    let first_row = local / across * height;
    let first_column = local % across * width_of_tile;
    let share = length.div_ceil(CUBE_COUNT_Y as usize);
    let start = CUBE_POS_Y as usize * share;
    let end = min(start + share, length);

    let x_pitch = comptime!(SIDE * rows + 1);
    let g_pitch = comptime!(SIDE * columns + 1);
    let mut x_tile = Shared::<[f32]>::new_slice(comptime!(SIDE * (SIDE * rows + 1)));
    let mut g_tile = Shared::<[f32]>::new_slice(comptime!(SIDE * (SIDE * columns + 1)));
    let mut sums = Array::<f32>::new(rows * columns);
    #[unroll]
    for i in 0..rows * columns {
        sums[i] = 0.0f32;
    }
    // The first units of the first tiles have a row of sums for the bias too.
    let sums_up = has_bias && first_row == 0 && y == 0;
    let mut biases = Array::<f32>::new(columns);
    #[unroll]
    for j in 0..columns {
        biases[j] = 0.0f32;
    }
    // As many turns as the longest product takes: barriers go by what is the same for all units.
    for step in 0..turns {
        let base = start + step * SIDE;
        #[unroll]
        for turn in 0..rows {
            let place = unit + turn * SIDE * SIDE;
            let q = place / height;
            let input = first_row + place % height;
            let mut value = 0.0f32;
            if base + q < end && input < width {
                value = ws[x_at + (base + q) * width + input];
            }
            x_tile[q * x_pitch + place % height] = value;
        }
        #[unroll]
        for turn in 0..columns {
            let place = unit + turn * SIDE * SIDE;
            let q = place / width_of_tile;
            let output = first_column + place % width_of_tile;
            let mut gradient = 0.0f32;
            if base + q < end && output < outputs {
                gradient = ws[g_at + (base + q) * outputs + output];
            }
            g_tile[q * g_pitch + place % width_of_tile] = gradient;
        }
        sync_cube();
        multiply(&x_tile, &g_tile, &mut sums, rows, columns);
        if sums_up {
            for q in 0..SIDE {
                #[unroll]
                for j in 0..columns {
                    biases[j] += g_tile[q * g_pitch + x + SIDE * j];
                }
            }
        }
        sync_cube();
    }
    #[unroll]
    for i in 0..rows {
        #[unroll]
        for j in 0..columns {
            let row = first_row + y + SIDE * i;
            let column = first_column + x + SIDE * j;
            if row < width && column < outputs {
                ws[out + row * outputs + column] = sums[i * columns + j];
            }
        }
    }
    if sums_up {
        #[unroll]
        for j in 0..columns {
            let column = first_column + x + SIDE * j;
            if column < outputs {
                ws[out + width * outputs + column] = biases[j];
            }
        }
    }
}
