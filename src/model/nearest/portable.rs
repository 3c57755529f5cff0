//! The kernel for every processor, in plain Rust; the measure for the others.

use super::kernel::{Kernel, Panel, Tiles};

const WIDTH: usize = 8;
const ROWS: usize = 4;

/// The kernel.
pub const KERNEL: Kernel = Kernel { name: "portable", width: WIDTH, rows: ROWS, scan };

fn scan(panel: &Panel, tiles: &mut Tiles) {
    let tile_size = panel.dim * ROWS;
    let minima = tiles.best.as_chunks_mut::<WIDTH>().0.chunks_exact_mut(ROWS);
    let numbers = tiles.block.as_chunks_mut::<WIDTH>().0.chunks_exact_mut(ROWS);
    for ((z, best), number) in tiles.z.chunks_exact(tile_size).zip(minima).zip(numbers) {
        let (z, _) = z.as_chunks::<ROWS>();
        let blocks = panel.blocks.chunks_exact(panel.dim * WIDTH);
        for (i, (block, norms)) in blocks.zip(panel.norms.as_chunks::<WIDTH>().0).enumerate() {
            let mut value = [*norms; ROWS];
            for (codes, z) in block.as_chunks::<WIDTH>().0.iter().zip(z) {
                for (value, &z) in value.iter_mut().zip(z) {
                    for (value, &code) in value.iter_mut().zip(codes) {
                        *value += z * code;
                    }
                }
            }
            for (r, value) in value.iter().enumerate() {
                for lane in 0..WIDTH {
                    // Strictly less: among equals the earlier block stays.
                    if value[lane] < best[r][lane] {
                        best[r][lane] = value[lane];
                        number[r][lane] = panel.first + i as u32;
                    }
                }
            }
        }
    }
}
