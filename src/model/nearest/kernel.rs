//! Packing, panels and tasks: what all instruction sets share.

use rayon::prelude::*;

use super::portable;
#[cfg(target_arch = "x86_64")]
use super::x86;

/// Rows a task: enough that sharing them out costs little. Tasks do not depend on the number of
/// threads, and no row's result depends on another's.
const TASK: usize = 96;

/// Bytes of packed codes that stay in the second-level cache beside the rows of a task.
const PANEL_BYTES: usize = 192 * 1024;

/// One instruction set's way to walk over a panel.
#[derive(Clone, Copy)]
pub struct Kernel {
    /// Name, for tests.
    #[cfg_attr(not(test), expect(dead_code))]
    pub name: &'static str,
    /// Codes a block.
    pub width: usize,
    /// Rows a tile.
    pub rows: usize,
    /// Lowers the running minima of all tiles of a task over one panel.
    pub scan: fn(&Panel, &mut Tiles),
}

/// All kernels that this processor can run, the fastest first.
pub fn kernels() -> Vec<Kernel> {
    let mut kernels = Vec::new();
    #[cfg(target_arch = "x86_64")]
    kernels.extend(x86::kernels());
    kernels.push(portable::KERNEL);
    kernels
}

/// The fastest kernel, chosen once.
fn fastest() -> Kernel {
    static FASTEST: std::sync::OnceLock<Kernel> = std::sync::OnceLock::new();
    *FASTEST.get_or_init(|| kernels()[0])
}

/// Blocks of consecutive codes, each transposed to dim x width.
///
/// The codes are stored times -2, so that norm + Σ packed·z = |e|² - 2 z·e, which is the squared
/// distance but for |z|², the same for all codes of a row.
pub struct Panel<'a> {
    /// dim · width numbers a block.
    pub blocks: &'a [f32],
    /// Squared norms, `width` a block; infinite where there is no code.
    pub norms: &'a [f32],
    /// Number of the first block.
    pub first: u32,
    /// d.
    pub dim: usize,
}

/// The rows of a task in tiles, each transposed to dim x rows, with their running minima.
pub struct Tiles {
    /// dim · rows numbers a tile; missing rows of the last tile are 0.
    pub z: Vec<f32>,
    /// Least value so far, a lane each: rows · width numbers a tile.
    pub best: Vec<f32>,
    /// Number of its block.
    pub block: Vec<u32>,
}

/// Index of the nearest of K codes for each of N rows; ties go to the lowest index.
///
/// `z` holds N rows of `dim` numbers, `codes` K rows; extra memory is O(K·dim). A row that holds
/// NaN gets index 0. The instruction set is chosen at run time.
pub fn nearest(z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
    search(fastest(), z, codes, dim)
}

/// [`nearest`] with one kernel.
pub fn search(kernel: Kernel, z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
    let Kernel { width, .. } = kernel;
    let (blocks, norms) = pack(codes, dim, width);
    // Whole blocks a panel, at least one.
    let per_panel = (PANEL_BYTES / (4 * dim * width)).max(1);
    let panels: Vec<Panel> = blocks
        .chunks(per_panel * dim * width)
        .zip(norms.chunks(per_panel * width))
        .enumerate()
        .map(|(i, (blocks, norms))| Panel { blocks, norms, first: (i * per_panel) as u32, dim })
        .collect();
    let mut index = vec![0_i32; z.len() / dim];
    index.par_chunks_mut(TASK).zip(z.par_chunks(TASK * dim)).for_each(|(index, z)| {
        let mut tiles = Tiles::new(z, dim, kernel);
        panels.iter().for_each(|panel| (kernel.scan)(panel, &mut tiles));
        let lanes = tiles.best.chunks_exact(width).zip(tiles.block.chunks_exact(width));
        for (index, (best, block)) in index.iter_mut().zip(lanes) {
            *index = lowest(best, block);
        }
    });
    index
}

fn pack(codes: &[f32], dim: usize, width: usize) -> (Vec<f32>, Vec<f32>) {
    let count = (codes.len() / dim).div_ceil(width);
    let mut blocks = vec![0.0; count * dim * width];
    // A lane without a code is never nearest.
    let mut norms = vec![f32::INFINITY; count * width];
    for (code, values) in codes.chunks_exact(dim).enumerate() {
        let block = &mut blocks[code / width * width * dim..];
        for (k, &value) in values.iter().enumerate() {
            block[k * width + code % width] = -2.0 * value;
        }
        norms[code] = values.iter().map(|v| v * v).sum();
    }
    (blocks, norms)
}

impl Tiles {
    fn new(z: &[f32], dim: usize, kernel: Kernel) -> Self {
        let Kernel { width, rows, .. } = kernel;
        let count = (z.len() / dim).div_ceil(rows);
        let mut tiles = vec![0.0; count * dim * rows];
        for (row, values) in z.chunks_exact(dim).enumerate() {
            let tile = &mut tiles[row / rows * rows * dim..];
            for (k, &value) in values.iter().enumerate() {
                tile[k * rows + row % rows] = value;
            }
        }
        let lanes = count * rows * width;
        Self { z: tiles, best: vec![f32::INFINITY; lanes], block: vec![0; lanes] }
    }
}

/// The code of the least value among the lanes; the lowest code among equals.
fn lowest(best: &[f32], block: &[u32]) -> i32 {
    let mut winner = (f32::INFINITY, 0);
    for (lane, (&value, &block)) in best.iter().zip(block).enumerate() {
        let code = block as usize * best.len() + lane;
        if value < winner.0 || (value == winner.0 && code < winner.1) {
            winner = (value, code);
        }
    }
    winner.1 as i32
}
