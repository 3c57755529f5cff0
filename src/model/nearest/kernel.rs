//! Rows, blocks and tasks: what all instruction sets share.

use rayon::prelude::*;

use super::portable;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
use super::simd;
use super::tile::{Codes, Kernel, Rows};
use crate::give_up;
use crate::machine;

/// Bytes of codes that stay in the second-level cache while all rows of a task pass over them.
const BLOCK_BYTES: usize = 128 * 1024;

/// Most rows a task: enough that a block of codes is fetched seldom.
const TASK_ROWS: usize = 384;

/// Multiplications that are done sooner than a second thread is awake.
const WORTH_A_THREAD: usize = 1 << 23;

/// Tasks a thread, so that threads end at about the same time.
const TASKS_A_THREAD: usize = 2;

/// All kernels that this processor can run, the fastest first.
pub fn kernels() -> Vec<Kernel> {
    let mut kernels = Vec::new();
    #[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
    kernels.extend(simd::kernels());
    kernels.push(portable::KERNEL);
    kernels
}

/// Their names, in the same order.
pub fn kernel_names() -> Vec<&'static str> {
    kernels().iter().map(|kernel| kernel.name).collect()
}

/// The fastest kernel, or the one that [`machine::KERNELS`] names, chosen once.
pub fn fastest() -> Kernel {
    static FASTEST: std::sync::OnceLock<Kernel> = std::sync::OnceLock::new();
    *FASTEST.get_or_init(|| kernels()[machine::kernel(&kernel_names())])
}

/// Index of the nearest of K codes for each of N rows; ties go to the lowest index. A search that is
/// given up ends at once, with any indices.
///
/// `z` holds N rows of `dim` numbers, `codes` K rows; extra memory is O(N + K) and a copy of the
/// rows that are being worked on. A row that holds NaN gets index 0. The instruction set is chosen
/// at run time, and nothing depends on the number of threads.
pub fn nearest(z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
    search(fastest(), z, codes, dim)
}

/// [`nearest`], and the squared distance of each row from its code.
///
/// The distance is that of the two rows, Σ(z-e)² in 64 bits: the search compares |e|² - 2 z·e, and
/// where a code is near, |z|² added to it would leave little but rounding.
pub fn nearest_with_distance(z: &[f32], codes: &[f32], dim: usize) -> (Vec<i32>, Vec<f64>) {
    let index = nearest(z, codes, dim);
    let squared = |(row, &code): (&[f32], &i32)| -> f64 {
        let code = &codes[code as usize * dim..][..dim];
        row.iter().zip(code).map(|(&z, &e)| (f64::from(z) - f64::from(e)).powi(2)).sum()
    };
    let distance = z.chunks_exact(dim).zip(&index).map(squared).collect();
    (index, distance)
}

/// Whether a search of `n` rows among codes of so many numbers in all is done by one thread.
pub fn is_small(n: usize, numbers: usize) -> bool {
    n.saturating_mul(numbers) < WORTH_A_THREAD
}

/// [`nearest`] with one kernel.
pub fn search(kernel: Kernel, z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
    let (n, size) = (z.len() / dim, codes.len() / dim);
    if n == 0 || size == 0 {
        return vec![0; n];
    }
    let norms = norms(codes, dim);
    let per_block = (BLOCK_BYTES / (4 * dim)).max(1);
    let is_small = is_small(n, codes.len());
    let wanted = if is_small { 1 } else { TASKS_A_THREAD * rayon::current_num_threads() };
    let per_task = n.div_ceil(wanted).next_multiple_of(kernel.width).min(TASK_ROWS);
    // Few rows over many codes: the codes are shared out as well.
    let ranges = wanted.div_ceil(n.div_ceil(per_task)).min(size.div_ceil(per_block));
    let per_range = size.div_ceil(ranges);
    let question = give_up::present();
    let task = |rows: &[f32], range: usize| -> Rows {
        let mut rows = Rows::new(rows, dim, kernel.width);
        let end = ((range + 1) * per_range).min(size);
        for first in (range * per_range..end).step_by(per_block) {
            if question.is_answered_yes() {
                break;
            }
            let last = (first + per_block).min(end);
            let block = Codes {
                values: &codes[first * dim..last * dim],
                norms: &norms[first..last],
                first: first as u32,
                dim,
            };
            (kernel.scan)(&block, &mut rows);
        }
        rows
    };
    let mut index = vec![0_i32; n];
    if is_small {
        for (index, z) in index.chunks_mut(per_task).zip(z.chunks(per_task * dim)) {
            let found = task(z, 0);
            index.iter_mut().zip(&found.code).for_each(|(index, &code)| *index = code as i32);
        }
        return index;
    }
    let chunks = index.par_chunks_mut(per_task).zip(z.par_chunks(per_task * dim));
    chunks.with_max_len(1).for_each(|(index, z)| {
        let found: Vec<Rows> =
            (0..ranges).into_par_iter().with_max_len(1).map(|range| task(z, range)).collect();
        for (i, index) in index.iter_mut().enumerate() {
            let mut least = f32::INFINITY;
            // In the order of the codes: among equals the lowest stays.
            for rows in &found {
                if rows.best[i] < least {
                    (least, *index) = (rows.best[i], rows.code[i] as i32);
                }
            }
        }
    });
    index
}

/// Squared norm of each code.
fn norms(codes: &[f32], dim: usize) -> Vec<f32> {
    // As many at a time as are worth a task of their own.
    const CODES: usize = 4096;
    let mut norms = vec![0.0_f32; codes.len() / dim];
    norms.par_chunks_mut(CODES).zip(codes.par_chunks(CODES * dim)).for_each(|(norms, codes)| {
        for (norm, code) in norms.iter_mut().zip(codes.chunks_exact(dim)) {
            // Eight sums side by side, in an order that is the same everywhere.
            let mut sums = [0.0_f32; 8];
            let (eights, rest) = code.as_chunks::<8>();
            for eight in eights {
                sums.iter_mut().zip(eight).for_each(|(s, v)| *s += v * v);
            }
            let rest: f32 = rest.iter().map(|v| v * v).sum();
            *norm = sums.iter().sum::<f32>() + rest;
        }
    });
    norms
}
