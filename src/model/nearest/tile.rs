//! What a kernel works on: a block of codes against tiles of rows.

/// One instruction set's way to walk over a block of codes.
#[derive(Clone, Copy)]
pub struct Kernel {
    /// Name, for tests and benchmarks.
    pub name: &'static str,
    /// Rows a tile.
    pub width: usize,
    /// Lowers the running minima of all rows over one block of codes.
    pub scan: fn(&Codes, &mut Rows),
}

/// A block of consecutive codes as they lie in memory.
pub struct Codes<'a> {
    /// `norms.len()` rows of d numbers.
    pub values: &'a [f32],
    /// Squared norms.
    pub norms: &'a [f32],
    /// Number of the first code.
    pub first: u32,
    /// d.
    pub dim: usize,
}

/// The rows of a task with their running minima.
///
/// Rows are transposed tile by tile to d x width and stored times -2, so that |e|² + Σ packed·e =
/// |e|² - 2 z·e, which is the squared distance but for |z|², the same for all codes of a row. So
/// neighbouring lanes of a register are neighbouring rows, each code's numbers are used where they
/// lie, and no code is ever copied.
pub struct Rows {
    /// d · width numbers a tile; missing rows of the last tile are 0.
    pub z: Vec<f32>,
    /// Least value so far.
    pub best: Vec<f32>,
    /// Its code.
    pub code: Vec<u32>,
}

impl Rows {
    /// Rows of `dim` numbers, packed into tiles of `width`.
    pub fn new(z: &[f32], dim: usize, width: usize) -> Self {
        let tiles = (z.len() / dim).div_ceil(width);
        let mut packed = vec![0.0; tiles * dim * width];
        for (row, values) in z.chunks_exact(dim).enumerate() {
            let tile = &mut packed[row / width * width * dim..];
            for (k, &value) in values.iter().enumerate() {
                tile[k * width + row % width] = -2.0 * value;
            }
        }
        let rows = tiles * width;
        Self { z: packed, best: vec![f32::INFINITY; rows], code: vec![0; rows] }
    }
}
