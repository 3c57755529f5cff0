//! The search where the tensors live: an operation of our own in burn's dispatch, so that it runs
//! on any adapter and inside burn's lazy stream of fused operations.
//!
//! ```text
//! norms       K ─► |e|²
//! scan        a workgroup: a tile of rows x a range of codes, tile after tile through shared memory;
//!             sums, least values and their codes in registers
//! merge       ranges ─► the least of each row, where the codes were shared out
//! ```
//!
//! Nothing of size N x K exists: beyond the result there are K norms and, where few rows meet many
//! codes, one value and one code a row and range, about as many as the tiles of the device hold.

mod kernels;

use burn::backend::fusion::custom::TensorSpec;
use burn::backend::ops::IntTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{DType, Int, Shape, Tensor, TensorData};
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

pub use kernels::least_of_ranges;

/// The sides of a workgroup: rows across one, codes across the other.
pub const SIDE: usize = 16;

/// Workgroups that keep a large GPU busy.
const BUSY: usize = 512;

/// Workgroups along one axis of the grid, below the least limit that an adapter may have.
const GRID: usize = 1 << 15;

/// Units of the two kernels that give each unit one number.
pub const UNITS: u32 = 256;

/// Nearest-code search as an operation of a backend.
#[backend_extension(Cube, Flex, Fusion)]
pub trait NearestOps: Backend {
    /// Index of the code nearest to each row, as 32-bit integers; `z` is N x d, `codes` is K x d.
    #[fusion(meta = |z, _codes| TensorSpec::new(Shape::from([z.shape[0]]), DType::I32))]
    fn nearest_code(z: FloatTensor<Self>, codes: FloatTensor<Self>) -> IntTensor<Self>;
}

/// Index in 0..K of the code nearest to each row of `z` (N x d) among `codes` (K x d), N numbers,
/// without autodiff, on the device that holds both; ties go to the lowest index, and a row that holds
/// NaN gets index 0.
pub fn nearest(z: Tensor<2>, codes: Tensor<2>) -> Tensor<1, Int> {
    let (z, codes) = (z.inner().into_dispatch(), codes.inner().into_dispatch());
    Tensor::from_dispatch(Dispatch::nearest_code(z, codes))
}

impl NearestOps for Flex {
    fn nearest_code(z: FloatTensor<Self>, codes: FloatTensor<Self>) -> IntTensor<Self> {
        const FLOATS: &str = "devices compute in 32-bit floats";
        let device = z.device();
        // Both are read where they lie, though others hold them too: a copy of K x d numbers would
        // take a twentieth of a step.
        let (z, codes) = (z.to_contiguous(), codes.to_contiguous());
        let (n, dim) = (z.shape()[0], z.shape()[1]);
        let index =
            super::nearest(z.as_slice().expect(FLOATS), codes.as_slice().expect(FLOATS), dim);
        Self::int_from_data(TensorData::new(index, [n]), &device)
    }
}

impl NearestOps for CubeBackend {
    fn nearest_code(z: FloatTensor<Self>, codes: FloatTensor<Self>) -> IntTensor<Self> {
        let (z, codes) = (into_contiguous(z), into_contiguous(codes));
        let n = z.shape()[0];
        let Found { values, codes: found, ranges } = found(&z, &codes);
        if ranges == 1 {
            return found;
        }
        let index = empty(&z, n, DType::I32);
        kernels::merge::launch(
            &z.client,
            grid(n),
            CubeDim::new_1d(UNITS),
            values.into_buffer_arg(),
            found.into_buffer_arg(),
            index.clone().into_buffer_arg(),
            n,
            ranges,
        );
        index
    }
}

/// What a search finds before its ranges of codes are merged.
pub struct Found {
    /// The least |e|² - 2 z·e of each row in each range, ranges x N.
    pub values: CubeTensor,
    /// Its code, ranges x N.
    pub codes: CubeTensor,
    /// Ranges, in the order of the codes.
    pub ranges: usize,
}

/// Searches the code nearest to each row of `z` (N x d) in every range of `codes` (K x d).
pub fn found(z: &CubeTensor, codes: &CubeTensor) -> Found {
    let ([n, dim], size) = ([z.shape()[0], z.shape()[1]], codes.shape()[0]);
    let client = &z.client;
    let shared = client.properties().hardware.max_shared_memory_size;
    let plan = Plan::new(n, size, dim, shared);
    let vector = if dim.is_multiple_of(4) { 4 } else { 1 };
    let norms = empty(z, size, DType::F32);
    kernels::norms::launch(
        client,
        grid(size),
        CubeDim::new_1d(UNITS),
        vector,
        codes.clone().into_buffer_arg(),
        norms.clone().into_buffer_arg(),
        size,
        dim,
    );
    let values = empty(z, plan.ranges * n, DType::F32);
    let found = empty(z, plan.ranges * n, DType::I32);
    let x = plan.row_tiles.clamp(1, GRID);
    let z_axis = plan.row_tiles.div_ceil(x);
    kernels::scan::launch(
        client,
        CubeCount::Static(x as u32, plan.ranges as u32, z_axis as u32),
        CubeDim::new_2d(SIDE as u32, SIDE as u32),
        vector,
        z.clone().into_buffer_arg(),
        codes.clone().into_buffer_arg(),
        norms.into_buffer_arg(),
        values.clone().into_buffer_arg(),
        found.clone().into_buffer_arg(),
        n,
        size,
        dim,
        plan.per_range,
        plan.per_unit,
        plan.quads,
    );
    Found { values, codes: found, ranges: plan.ranges }
}

/// Numbers without a value beside `other`.
pub fn empty(other: &CubeTensor, numbers: usize, dtype: DType) -> CubeTensor {
    let (client, device) = (other.client.clone(), other.device.clone());
    empty_device_contiguous_dtype(client, device, Shape::from([numbers]), dtype)
}

/// Workgroups of [`UNITS`] that give each of so many numbers a unit, in a grid of two axes.
pub fn grid(numbers: usize) -> CubeCount {
    let groups = numbers.div_ceil(UNITS as usize);
    let x = groups.clamp(1, GRID);
    CubeCount::Static(x as u32, groups.div_ceil(x) as u32, 1)
}

/// How a search is shared out over workgroups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    /// Rows and codes of a unit; a workgroup's tile is `SIDE` times as many each way.
    per_unit: usize,
    /// Groups of four numbers of a row that are staged at a time.
    quads: usize,
    /// Tiles of rows.
    row_tiles: usize,
    /// Codes of a range, whole tiles.
    per_range: usize,
    /// Ranges of codes.
    ranges: usize,
}

impl Plan {
    /// For N rows and K codes of d numbers, where a workgroup may share so many bytes.
    fn new(n: usize, size: usize, dim: usize, shared: usize) -> Self {
        let tiles = |count: usize, per_unit: usize| count.div_ceil(SIDE * per_unit);
        // 8 x 8 sums a unit are 4 multiply-adds for each number fetched, 4 x 4 are 2, but make four
        // times as many workgroups of the same work.
        let per_unit = if tiles(n, 8) * tiles(size, 8) >= BUSY { 8 } else { 4 };
        let all_quads = dim.div_ceil(4).next_power_of_two();
        let fits = |quads: &usize| shared_bytes(per_unit, *quads) <= shared;
        // Two quads of the large tile fit into the 16 kB that every adapter has; four need fewer
        // barriers, and are 3 to 8 % faster on a large GPU.
        let quads = [4, 2, 1].into_iter().find(fits).unwrap_or(1).min(all_quads);
        let (row_tiles, code_tiles) = (tiles(n, per_unit), tiles(size, per_unit));
        // Few rows over many codes: the codes are shared out as well.
        let ranges = BUSY.div_ceil(row_tiles.max(1)).min(code_tiles);
        let per_range = code_tiles.div_ceil(ranges) * SIDE * per_unit;
        let ranges = size.div_ceil(per_range);
        Self { per_unit, quads, row_tiles, per_range, ranges }
    }
}

/// Bytes that a workgroup shares: two tiles of padded rows, then a value and a code a unit.
const fn shared_bytes(per_unit: usize, quads: usize) -> usize {
    2 * SIDE * per_unit * (quads | 1) * 16 + SIDE * SIDE * 8
}

/// The least that a workgroup may share on any adapter.
const LEAST_SHARED: usize = 1 << 14;

const _: () = assert!(shared_bytes(8, 2) <= LEAST_SHARED && shared_bytes(4, 4) <= LEAST_SHARED);

#[cfg(test)]
mod tests;
