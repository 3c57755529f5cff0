//! Time of the search for the nearest code.

use std::path::Path;
use std::time::Instant;

use burn::tensor::{Int, Tensor, TensorData};
use serde_json::json;

use vqscope::engine::device::Compute;
use vqscope::model::nearest;
use vqscope::rng::{Purpose, Stream};

use crate::{median, milliseconds, write};

/// Rows and codes, the same on every device.
fn inputs(n: usize, k: usize, d: usize) -> (Vec<f32>, Vec<f32>) {
    let z = Stream::new(1, Purpose::Batch, 0).normal(n * d, 1.0);
    (z, Stream::new(2, Purpose::Codes, 0).normal(k * d, 1.0))
}

fn dump(folder: &Path, z: &[f32], codes: &[f32], index: impl Iterator<Item = f32>) {
    write(folder, "z.f32", z);
    write(folder, "codes.f32", codes);
    write(folder, "index.f32", &index.collect::<Vec<f32>>());
}

/// Nearest code of `n` rows among `k` codes of `d` numbers on the CPU.
pub fn on_host(n: usize, k: usize, d: usize, repeats: usize, folder: Option<&Path>) {
    let (z, codes) = inputs(n, k, d);
    let kernel = nearest::fastest();
    let mut index = nearest::search(kernel, &z, &codes, d);
    let times = (0..repeats.max(1))
        .map(|_| {
            let start = Instant::now();
            index = nearest::search(kernel, &z, &codes, d);
            milliseconds(start)
        })
        .collect();
    if let Some(folder) = folder {
        dump(folder, &z, &codes, index.iter().map(|&i| i as f32));
    }
    let ms = median(times);
    let gflops = 2.0 * (n * k * d) as f64 / ms / 1e6;
    println!("{}", json!({"kernel": kernel.name, "ms": ms, "gflops": gflops}));
}

/// Searches that are asked for before the first answer is read.
const ROW: usize = 20;

/// The same on an adapter: our kernels, and a matrix product with argmin over tiles of 16 MB. `ms` is
/// the time until the indices are on the host, `ms_of_many` that of one search among many of which
/// only the last is waited for.
pub fn on_adapter(
    n: usize,
    k: usize,
    d: usize,
    compute: &Compute,
    repeats: usize,
    folder: Option<&Path>,
) {
    let (host_z, host_codes) = inputs(n, k, d);
    let tensor = |values: &[f32], rows: usize| {
        Tensor::<2>::from_data(TensorData::new(values.to_vec(), [rows, d]), &compute.device)
    };
    let (z, codes) = (tensor(&host_z, n), tensor(&host_codes, k));
    let read = |index: Tensor<1, Int>| {
        index.into_data().try_into_vec_as::<i32>().expect("indices are integers")
    };
    let kernels = || nearest::nearest_codes(z.clone(), codes.clone());
    let product = || {
        let norms = codes.clone().square().sum_dim(1).transpose();
        let tile = ((1 << 22) / k).clamp(1, n);
        let tiles = (0..n).step_by(tile).map(|start| {
            let rows = z.clone().slice([start..(start + tile).min(n)]);
            let products = rows.matmul(codes.clone().transpose());
            (norms.clone() - products.mul_scalar(2.0)).argmin(1).squeeze_dim(1)
        });
        Tensor::cat(tiles.collect(), 0)
    };
    let timed = |search: &dyn Fn() -> Tensor<1, Int>, searches: usize, repeats: usize| {
        // The first one compiles.
        let index = read(search());
        let once = |_| {
            let start = Instant::now();
            let all: Vec<_> = (0..searches).map(|_| search()).collect();
            all.into_iter().next_back().map(read);
            milliseconds(start) / searches as f64
        };
        (median((0..repeats.max(1)).map(once).collect()), index)
    };
    let (ms, index) = timed(&kernels, 1, repeats);
    let (ms_of_many, _) = timed(&kernels, ROW, repeats);
    // Products that nobody has tuned for their shape can take a second each.
    let (product_ms, other) = timed(&product, 1, 1);
    if let Some(folder) = folder {
        dump(folder, &host_z, &host_codes, index.iter().map(|&i| i as f32));
    }
    let on_host = nearest::search(nearest::fastest(), &host_z, &host_codes, d);
    let share = |same: usize| same as f64 / n as f64;
    println!(
        "{}",
        json!({
            "kernel": compute.label.name,
            "ms": ms,
            "ms_of_many": ms_of_many,
            "gflops": 2.0 * (n * k * d) as f64 / ms_of_many / 1e6,
            "product_ms": product_ms,
            "same_as_product": share(index.iter().zip(&other).filter(|(a, b)| a == b).count()),
            "same_as_host": share(index.iter().zip(&on_host).filter(|(a, b)| a == b).count()),
        })
    );
}
