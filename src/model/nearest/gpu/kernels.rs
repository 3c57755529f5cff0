//! The kernels, in CubeCL's Rust; CubeCL translates them for the adapter when they first run.
//!
//! Indices are compared with the lengths before each access, and CubeCL's own checks stay on.

use cubecl::prelude::*;

use super::SIDE;

/// Above any value that counts; infinity cannot be written in WGSL.
const FAR: f32 = f32::MAX;

/// Four numbers of a row or a code.
type Quad = Vector<f32, Const<4>>;

/// Squared norm of each code: `codes` is K x d as vectors of `V`, a divisor of d; `norms` has K.
#[cube(launch)]
pub fn norms<V: Size>(codes: &[Vector<f32, V>], norms: &mut [f32], size: usize, dim: usize) {
    let code = ABSOLUTE_POS;
    if code < size {
        let width = codes.vector_size().comptime();
        let vectors = dim / width;
        let mut sum = 0.0f32;
        for k in 0..vectors {
            let vector = codes[code * vectors + k];
            #[unroll]
            for lane in 0..width {
                let value = vector.extract(lane);
                sum = fma(value, value, sum);
            }
        }
        norms[code] = sum;
    }
}

/// For a tile of rows and a range of codes the least |e|² - 2 z·e of each row and its code, which is
/// the squared distance but for |z|², summed up in the same order as on the host.
///
/// `z` is N x d and `codes` K x d as vectors of `V`, a divisor of d; `values` and `found` are
/// ranges x N. Each unit holds the sums of `per_unit` rows times as many codes, each `SIDE` apart,
/// so that neighbouring units read neighbouring places. `quads` times four numbers of each row and
/// code are staged at a time; places of shared memory are padded to an odd number of quads a row,
/// so that they lie in different banks.
#[cube(launch)]
pub fn scan<V: Size>(
    z: &[Vector<f32, V>],
    codes: &[Vector<f32, V>],
    norms: &[f32],
    values: &mut [f32],
    found: &mut [i32],
    rows: usize,
    size: usize,
    dim: usize,
    per_range: usize,
    #[comptime] per_unit: usize,
    #[comptime] quads: usize,
) {
    let span = comptime!(SIDE * per_unit);
    let turns = comptime!((span * quads).div_ceil(SIDE * SIDE));
    let pitch = comptime!(quads | 1);
    let x = UNIT_POS_X as usize;
    let y = UNIT_POS_Y as usize;
    let first_row = (CUBE_POS_Z * CUBE_COUNT_X + CUBE_POS_X) as usize * span;
    let start = CUBE_POS_Y as usize * per_range;
    let end = min(start + per_range, size);
    let all_quads = dim.div_ceil(4);

    let mut row_tile = Shared::<[Quad]>::new_slice(span * pitch);
    let mut code_tile = Shared::<[Quad]>::new_slice(span * pitch);
    let mut least = Array::<f32>::new(per_unit);
    let mut code = Array::<u32>::new(per_unit);
    #[unroll]
    for i in 0..per_unit {
        least[i] = f32::new(FAR);
        code[i] = 0u32;
    }
    // What is staged next waits in registers, fetched while the sums before it are added up.
    let mut next_rows = Array::<Quad>::new(turns);
    let mut next_codes = Array::<Quad>::new(turns);
    fetch::<V>(z, &mut next_rows, first_row, rows, 0usize, dim, span, quads);
    fetch::<V>(codes, &mut next_codes, start, end, 0usize, dim, span, quads);

    let mut base = start;
    while base < end {
        let mut sums = Array::<f32>::new(per_unit * per_unit);
        #[unroll]
        for j in 0..per_unit {
            let number = base + x + SIDE * j;
            // Codes beyond the end are too far for every row.
            let mut norm = f32::new(FAR);
            if number < end {
                norm = norms[number];
            }
            #[unroll]
            for i in 0..per_unit {
                sums[i * per_unit + j] = norm;
            }
        }
        let mut quad = 0usize;
        while quad < all_quads {
            put(&next_rows, &mut row_tile, -2.0f32, span, quads);
            put(&next_codes, &mut code_tile, 1.0f32, span, quads);
            sync_cube();
            let mut next_quad = quad + quads;
            let mut next_base = base;
            if next_quad >= all_quads {
                next_quad = 0usize;
                next_base = base + span;
            }
            fetch::<V>(z, &mut next_rows, first_row, rows, next_quad, dim, span, quads);
            fetch::<V>(codes, &mut next_codes, next_base, end, next_quad, dim, span, quads);
            #[unroll]
            for q in 0..quads {
                let mut e = Array::<Quad>::new(per_unit);
                #[unroll]
                for j in 0..per_unit {
                    e[j] = code_tile[(x + SIDE * j) * pitch + q];
                }
                #[unroll]
                for i in 0..per_unit {
                    let row = row_tile[(y + SIDE * i) * pitch + q];
                    #[unroll]
                    for lane in 0..4usize {
                        #[unroll]
                        for j in 0..per_unit {
                            let sum = sums[i * per_unit + j];
                            sums[i * per_unit + j] =
                                fma(row.extract(lane), e[j].extract(lane), sum);
                        }
                    }
                }
            }
            sync_cube();
            quad += quads;
        }
        #[unroll]
        for j in 0..per_unit {
            let number = base + x + SIDE * j;
            #[unroll]
            for i in 0..per_unit {
                let value = sums[i * per_unit + j];
                // Strictly less: among equals the earlier code stays, and NaN never wins.
                if value < least[i] {
                    least[i] = value;
                    code[i] = number as u32;
                }
            }
        }
        base += span;
    }

    least_of_units(&least, &code, values, found, first_row, rows, per_unit);
}

/// The least of the units that hold the same row, and its code: `values` and `found` are ranges x N.
#[cube]
fn least_of_units(
    least: &Array<f32>,
    code: &Array<u32>,
    values: &mut [f32],
    found: &mut [i32],
    first_row: usize,
    rows: usize,
    #[comptime] per_unit: usize,
) {
    let x = UNIT_POS_X as usize;
    let y = UNIT_POS_Y as usize;
    let unit = UNIT_POS as usize;
    let mut unit_values = Shared::<[f32]>::new_slice(comptime!(SIDE * SIDE));
    let mut unit_codes = Shared::<[u32]>::new_slice(comptime!(SIDE * SIDE));
    #[unroll]
    for i in 0..per_unit {
        unit_values[unit] = least[i];
        unit_codes[unit] = code[i];
        sync_cube();
        let row = first_row + y + SIDE * i;
        if x == 0 && row < rows {
            let mut value = unit_values[unit];
            let mut best = unit_codes[unit];
            for other in 1..SIDE {
                let next = unit_values[unit + other];
                let number = unit_codes[unit + other];
                if next < value || (next == value && number < best) {
                    value = next;
                    best = number;
                }
            }
            let place = CUBE_POS_Y as usize * rows + row;
            values[place] = value;
            found[place] = best as i32;
        }
        sync_cube();
    }
}

/// A unit's part of `quads` quads of each of `span` rows from number `first` on; what lies beyond the
/// last row or number is 0.
#[cube]
fn fetch<V: Size>(
    from: &[Vector<f32, V>],
    to: &mut Array<Quad>,
    first: usize,
    end: usize,
    quad: usize,
    dim: usize,
    #[comptime] span: usize,
    #[comptime] quads: usize,
) {
    let width = from.vector_size().comptime();
    let places = comptime!(span * quads);
    let turns = comptime!((span * quads).div_ceil(SIDE * SIDE));
    #[unroll]
    for turn in 0..turns {
        let place = UNIT_POS as usize + turn * SIDE * SIDE;
        let row = place / quads;
        let q = place % quads;
        let mut value = Quad::new(0.0f32);
        if place < places && first + row < end {
            #[unroll]
            for piece in 0..4usize / width {
                let k = (quad + q) * 4 + piece * width;
                if k < dim {
                    let vector = from[((first + row) * dim + k) / width];
                    #[unroll]
                    for lane in 0..width {
                        value.insert(piece * width + lane, vector.extract(lane));
                    }
                }
            }
        }
        to[turn] = value;
    }
}

/// Puts what [`fetch`] brought into shared memory, times `factor`.
#[cube]
fn put(
    from: &Array<Quad>,
    to: &mut Shared<[Quad]>,
    #[comptime] factor: f32,
    #[comptime] span: usize,
    #[comptime] quads: usize,
) {
    let places = comptime!(span * quads);
    let turns = comptime!((span * quads).div_ceil(SIDE * SIDE));
    #[unroll]
    for turn in 0..turns {
        let place = UNIT_POS as usize + turn * SIDE * SIDE;
        if place < places {
            to[place / quads * comptime!(quads | 1) + place % quads] =
                from[turn] * Quad::new(factor);
        }
    }
}

/// The least of each row over all ranges: `values` and `found` are ranges x N, `index` has N.
#[cube(launch)]
pub fn merge(values: &[f32], found: &[i32], index: &mut [i32], rows: usize, ranges: usize) {
    let row = ABSOLUTE_POS;
    if row < rows {
        index[row] = least_of_ranges(values, found, row, rows, ranges);
    }
}

/// The code of the least value of a row over all ranges: `values` and `found` are ranges x N.
#[cube]
pub fn least_of_ranges(
    values: &[f32],
    found: &[i32],
    row: usize,
    rows: usize,
    ranges: usize,
) -> i32 {
    let mut value = values[row];
    let mut best = found[row];
    // In the order of the codes: among equals the lowest stays.
    for range in 1..ranges {
        let next = values[range * rows + row];
        if next < value {
            value = next;
            best = found[range * rows + row];
        }
    }
    best
}
