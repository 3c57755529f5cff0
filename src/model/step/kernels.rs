//! The kernels of a training step, in CubeCL's Rust.
//!
//! All activations and gradients of a step lie in one buffer, the workspace, at the places of
//! [`super::plan::Places`]; all weights that learn lie in another one. Units are compared with the
//! lengths of what they work on, and CubeCL's own checks of every access stay on.

use cubecl::prelude::*;

use super::TERMS;
use super::plan::{CODES, NETS, SLOT, TRANSFORM, UNITS};
use crate::model::nearest::least_of_ranges;

/// Cuts the samples of a batch out of the set's pictures: `image` is all of them, `places` has the
/// first pixel of each sample and the pixels from one row of its picture to the next; the batch is
/// B x D at `x_at`.
///
/// And notes at `numbers_at` what is another number at every step, for the launches after it: they
/// themselves are the same at every step, so that nothing is uploaded for them. That is the place in
/// the flight, then rate, correction and epsilon of networks, transform and codes.
#[cube(launch)]
pub fn cut(
    image: &[f32],
    places: &[i32],
    ws: &mut [f32],
    x_at: usize,
    count: usize,
    pixels: usize,
    width: usize,
    numbers_at: usize,
    slot: f32,
    nets_rate: f32,
    nets_correction: f32,
    nets_epsilon: f32,
    transform_rate: f32,
    transform_correction: f32,
    transform_epsilon: f32,
    codes_rate: f32,
    codes_correction: f32,
    codes_epsilon: f32,
) {
    let number = ABSOLUTE_POS;
    if number == 0 {
        ws[numbers_at + SLOT] = slot;
        ws[numbers_at + NETS] = nets_rate;
        ws[numbers_at + NETS + 1] = nets_correction;
        ws[numbers_at + NETS + 2] = nets_epsilon;
        ws[numbers_at + TRANSFORM] = transform_rate;
        ws[numbers_at + TRANSFORM + 1] = transform_correction;
        ws[numbers_at + TRANSFORM + 2] = transform_epsilon;
        ws[numbers_at + CODES] = codes_rate;
        ws[numbers_at + CODES + 1] = codes_correction;
        ws[numbers_at + CODES + 2] = codes_epsilon;
    }
    if number < count {
        let sample = number / pixels;
        let pixel = number % pixels;
        let start = places[2 * sample] as usize;
        let pitch = places[2 * sample + 1] as usize;
        ws[x_at + number] = image[start + pixel / width * pitch + pixel % width];
    }
}

/// The sum of a number of each unit of a workgroup of `UNITS`, in an order that is always the same;
/// known to all of them.
#[cube]
pub fn sum_of_units(value: f32) -> f32 {
    let mut all = Shared::<[f32]>::new_slice(UNITS);
    let unit = UNIT_POS as usize;
    all[unit] = value;
    sync_cube();
    #[unroll]
    for turn in 0..comptime!(UNITS.ilog2()) {
        let half = comptime!(UNITS >> (turn + 1));
        if unit < half {
            all[unit] += all[unit + half];
        }
        sync_cube();
    }
    all[0]
}

/// E = C·W + b, K x d: C is `codes` from `codes_at` on; W (d x d) and b (d) are in the weights, and
/// without `has_transform` E is C. Where C learns, its gradient at `gradient_at` begins as 0.
#[cube(launch)]
pub fn effective(
    codes: &[f32],
    weights: &[f32],
    effective: &mut [f32],
    ws: &mut [f32],
    codes_at: usize,
    w_at: usize,
    gradient_at: usize,
    count: usize,
    dim: usize,
    #[comptime] has_transform: bool,
    #[comptime] has_bias: bool,
    #[comptime] learn_c: bool,
) {
    let place = ABSOLUTE_POS;
    if place < count {
        if learn_c {
            ws[gradient_at + place] = 0.0f32;
        }
        if has_transform {
            let row = place / dim * dim;
            let column = place % dim;
            let mut sum = 0.0f32;
            for i in 0..dim {
                sum = fma(codes[codes_at + row + i], weights[w_at + i * dim + column], sum);
            }
            if has_bias {
                sum += weights[w_at + dim * dim + column];
            }
            effective[place] = sum;
        } else {
            effective[place] = codes[codes_at + place];
        }
    }
}

/// What the codes that were found make of the encodings, a unit a token: the index of its code, q, the
/// gradient of the codebook loss with respect to q, the squared distance, and C's row where W learns.
///
/// `values` and `found` are ranges x N, as the search left them; z, q and so on are N x d at their
/// places in the workspace; `chosen` gets the indices, N for each place in the flight; `factor` is
/// 2/(N·d).
#[cube(launch)]
pub fn pick(
    values: &[f32],
    found: &[i32],
    effective: &[f32],
    codes: &[f32],
    ws: &mut [f32],
    chosen: &mut [i32],
    numbers_at: usize,
    z_at: usize,
    q_at: usize,
    pull_at: usize,
    rows_at: usize,
    distance_at: usize,
    codes_at: usize,
    rows: usize,
    dim: usize,
    ranges: usize,
    factor: f32,
    #[comptime] has_transform: bool,
) {
    let row = ABSOLUTE_POS;
    if row < rows {
        let best = least_of_ranges(values, found, row, rows, ranges);
        chosen[usize::cast_from(ws[numbers_at + SLOT]) * rows + row] = best;
        let mut distance = 0.0f32;
        for j in 0..dim {
            let place = row * dim + j;
            let z = ws[z_at + place];
            let difference = effective[best as usize * dim + j] - z;
            distance = fma(difference, difference, distance);
            // As straight-through passes it on: z + (q - z).
            ws[q_at + place] = z + difference;
            ws[pull_at + place] = difference * factor;
            if has_transform {
                ws[rows_at + place] = codes[codes_at + best as usize * dim + j];
            }
        }
        ws[distance_at + row] = distance;
    }
}

/// The gradient of each code that was chosen, a row of K x d at `to`: the sum of those of the tokens
/// that chose it, N x d at `from`. What is there of the others stays, which is 0.
///
/// A workgroup a token; the first token of a code adds up all of its code's, in parts of the same order
/// every time, so that no two units add to one number. `wide` is d or a power of two above it, at most
/// `UNITS`.
#[cube(launch)]
pub fn gather(
    chosen: &[i32],
    ws: &mut [f32],
    numbers_at: usize,
    from: usize,
    to: usize,
    rows: usize,
    dim: usize,
    #[comptime] wide: usize,
) {
    let unit = UNIT_POS as usize;
    let row = (CUBE_POS_Y * CUBE_COUNT_X + CUBE_POS_X) as usize;
    let chosen_at = usize::cast_from(ws[numbers_at + SLOT]) * rows;
    let mut own = i32::new(-1);
    if row < rows {
        own = chosen[chosen_at + row];
    }
    let mut earlier = 0.0f32;
    let mut other = unit;
    while other < min(row, rows) {
        if chosen[chosen_at + other] == own {
            earlier = 1.0f32;
        }
        other += UNITS;
    }
    let is_first = sum_of_units(earlier) == 0.0f32 && row < rows;
    let shares = comptime!(UNITS / wide);
    let share = unit / wide;
    let mut parts = Shared::<[f32]>::new_slice(UNITS);
    for piece in 0..dim.div_ceil(wide) {
        let number = piece * wide + unit % wide;
        let mut sum = 0.0f32;
        if is_first && number < dim {
            let mut token = row + share;
            while token < rows {
                if chosen[chosen_at + token] == own {
                    sum += ws[from + token * dim + number];
                }
                token += shares;
            }
        }
        parts[unit] = sum;
        sync_cube();
        if is_first && share == 0 && number < dim {
            let mut total = 0.0f32;
            for part in 0..shares {
                total += parts[part * wide + unit];
            }
            ws[to + own as usize * dim + number] = total;
        }
        sync_cube();
    }
}

/// Adam on all weights in one launch (Kingma and Ba 2015, algorithm 1 in the order of its section 2):
/// value - rate·(m·c)/(√v + ε'), with the rate, c and ε' of the weights' part, which [`cut`] noted.
///
/// Weights below `codes_from` have their gradients in `parts` summands, `part` apart from `from` on;
/// the codes' are at `codes_gradient`. `moments` holds m of all weights, then v.
#[cube(launch)]
pub fn adam(
    weights: &mut [f32],
    moments: &mut [f32],
    ws: &[f32],
    from: usize,
    part: usize,
    parts: usize,
    transform_from: usize,
    codes_from: usize,
    codes_gradient: usize,
    total: usize,
    numbers_at: usize,
) {
    let place = ABSOLUTE_POS;
    // Between the small weights and the codes lies what brings the codes to a whole boundary.
    if place < part || (place >= codes_from && place < total) {
        let mut gradient = 0.0f32;
        let mut rates = numbers_at + NETS;
        if place >= codes_from {
            gradient = ws[codes_gradient + place - codes_from];
            rates = numbers_at + CODES;
        } else {
            for i in 0..parts {
                gradient += ws[from + i * part + place];
            }
            if place >= transform_from {
                rates = numbers_at + TRANSFORM;
            }
        }
        let first = moments[place] * 0.9f32 + gradient * (1.0f32 - 0.9f32);
        let second = moments[total + place] * 0.999f32 + gradient * gradient * (1.0f32 - 0.999f32);
        let rate = ws[rates];
        let correction = ws[rates + 1];
        let epsilon = ws[rates + 2];
        moments[place] = first;
        moments[total + place] = second;
        weights[place] -= rate * (first * correction / (second.sqrt() + epsilon));
    }
}

/// The terms of the loss of a step, five numbers of `log` for each place in the flight: total,
/// reconstruction, codebook, commitment, entropy. One workgroup adds up the tiles' sums of squares and
/// the tokens' squared distances.
#[cube(launch)]
pub fn losses(
    ws: &[f32],
    log: &mut [f32],
    numbers_at: usize,
    sums_at: usize,
    tiles: usize,
    distance_at: usize,
    rows: usize,
    per_pixel: f32,
    per_number: f32,
    beta: f32,
) {
    let unit = UNIT_POS as usize;
    let mut squares = 0.0f32;
    let mut place = unit;
    while place < tiles {
        squares += ws[sums_at + place];
        place += UNITS;
    }
    let mut distances = 0.0f32;
    let mut row = unit;
    while row < rows {
        distances += ws[distance_at + row];
        row += UNITS;
    }
    let reconstruction = sum_of_units(squares) * per_pixel;
    sync_cube();
    let quantization = sum_of_units(distances) * per_number;
    if unit == 0 {
        let log_at = usize::cast_from(ws[numbers_at + SLOT]) * TERMS;
        log[log_at] = reconstruction + quantization + beta * quantization;
        log[log_at + 1] = reconstruction;
        log[log_at + 2] = quantization;
        log[log_at + 3] = quantization;
        log[log_at + 4] = 0.0f32;
    }
}
