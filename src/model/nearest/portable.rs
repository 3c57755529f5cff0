//! The kernel for every processor, in plain Rust; the measure for the others. Where the processor's
//! baseline has registers of several numbers with fused multiply-adds, as 64-bit ARM has, the
//! compiler uses them.

use super::tile::{Codes, Kernel, Rows};

/// Rows a tile: with [`CODES`] codes 8 sums of 4 numbers, which the 16 registers of a 64-bit processor
/// hold; twice as many do not fit, and the search takes 6 times as long.
const WIDTH: usize = 8;

/// Codes that share one pass over a tile of rows.
const CODES: usize = 4;

/// The kernel.
pub const KERNEL: Kernel = Kernel { name: "portable", width: WIDTH, scan };

fn scan(codes: &Codes, rows: &mut Rows) {
    let dim = codes.dim;
    let best = rows.best.as_chunks_mut::<WIDTH>().0;
    let code = rows.code.as_chunks_mut::<WIDTH>().0;
    let tiles = rows.z.chunks_exact(dim * WIDTH);
    for ((z, best), code) in tiles.zip(best).zip(code) {
        let (z, _) = z.as_chunks::<WIDTH>();
        let mut first = codes.first;
        let (norms, rest) = codes.norms.as_chunks::<CODES>();
        let whole = codes.values.chunks_exact(CODES * dim);
        let last = whole.remainder();
        for (values, norms) in whole.zip(norms) {
            let values = std::array::from_fn(|c| &values[c * dim..(c + 1) * dim]);
            lower::<CODES>(z, values, norms, first, best, code);
            first += CODES as u32;
        }
        for (values, norm) in last.chunks_exact(dim).zip(rest) {
            lower::<1>(z, [values], &[*norm], first, best, code);
            first += 1;
        }
    }
}

/// Some codes from number `first` on against one tile of rows.
fn lower<const N: usize>(
    z: &[[f32; WIDTH]],
    values: [&[f32]; N],
    norms: &[f32; N],
    first: u32,
    best: &mut [f32; WIDTH],
    code: &mut [u32; WIDTH],
) {
    let mut value: [[f32; WIDTH]; N] = norms.map(|norm| [norm; WIDTH]);
    for (k, z) in z.iter().enumerate() {
        for (value, values) in value.iter_mut().zip(values) {
            let e = values[k];
            value.iter_mut().zip(z).for_each(|(value, &z)| *value = fused(z, e, *value));
        }
    }
    for (number, value) in (first..).zip(&value) {
        for lane in 0..WIDTH {
            // Strictly less: among equals the earlier code stays.
            if value[lane] < best[lane] {
                (best[lane], code[lane]) = (value[lane], number);
            }
        }
    }
}

/// a·b + c; in one rounding where the processor does that by itself, because elsewhere it would be a
/// call.
fn fused(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
        a.mul_add(b, c)
    } else {
        a * b + c
    }
}
