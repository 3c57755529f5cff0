//! What two other ways to train a step on an adapter could save at most.

use std::time::Instant;

use burn::tensor::{IndexingUpdateOp, Int, Tensor, TensorData};
use serde_json::json;

use vqscope::engine::Run;
use vqscope::engine::device::Compute;
use vqscope::scenario::parse;

use crate::{median, milliseconds};

/// Rounds in turn.
const ROUNDS: usize = 5;

/// Steps before anything is timed: kernels are compiled, and the early evaluations are over.
const BEFORE: usize = 120;

/// Lanes of SimVQ with `n` tokens a step each.
fn lanes(k: usize, d: usize, n: usize, twins: bool, compute: &Compute) -> Run {
    let second = if twins { "[lanes.b]\npreset='simvq'\n" } else { "" };
    let text = format!(
        "title='ways'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
         [data]\neval_tokens=64\n[codebook]\nsize={k}\ndim={d}\n[lanes.a]\npreset='simvq'\n{second}"
    );
    let scenario = parse(&text, "ways", &[]).expect("the scenario is sound");
    let mut run = Run::new(scenario, compute, 1, false).expect("the run is built");
    train(&mut run, BEFORE);
    run.take_news().expect("the device gives its numbers");
    run
}

fn train(run: &mut Run, steps: usize) {
    (0..steps).for_each(|_| run.step().expect("the step trains"));
}

fn sync(compute: &Compute) {
    compute.device.sync().expect("the device works");
}

/// Milliseconds of each of so many steps, and of reading back, a step.
fn step(run: &mut Run, steps: usize, compute: &Compute) -> [f64; 2] {
    sync(compute);
    let start = Instant::now();
    train(run, steps);
    sync(compute);
    let trained = milliseconds(start);
    let start = Instant::now();
    let (rows, _) = run.take_news().expect("the device gives its numbers");
    let read = milliseconds(start);
    assert!(rows.iter().all(|row| row.eval.is_none()), "an evaluation came between; fewer steps");
    [trained, read].map(|ms| ms / steps as f64)
}

/// Prints, as medians of five rounds in turn:
///
/// - a step of two lanes of equal shape, and one of a single lane with twice the tokens, which makes
///   the same products in half the launches: what both lanes as one batched product could save at most;
/// - what reading back takes of a step, and beside it indices read back and counted on the host against
///   counts on the device, for a quantizer that would need no more than its counts.
pub fn measure(k: usize, d: usize, n: usize, steps: usize, compute: &Compute) {
    let mut twins = lanes(k, d, n, true, compute);
    let mut single = lanes(k, d, 2 * n, false, compute);
    let index: Vec<i32> = (0..n).map(|i| (i * 7919 % k) as i32).collect();
    let index = Tensor::<1, Int>::from_data(TensorData::new(index, [n]), &compute.device);
    let mut times: [Vec<f64>; 5] = Default::default();
    for round in 0..=ROUNDS {
        let [two, read] = step(&mut twins, steps, compute);
        let [one, _] = step(&mut single, steps, compute);
        let on_host = host_counts(&index, k, steps, compute);
        let on_device = device_counts(&index, k, steps, compute);
        // The first round compiles.
        if round > 0 {
            let round = [two, one, read, on_host, on_device];
            times.iter_mut().zip(round).for_each(|(all, ms)| all.push(ms));
        }
    }
    let [two, one, read, on_host, on_device] = times.map(median);
    println!(
        "{}",
        json!({
            "device": compute.label.name,
            "two_lanes_ms": two,
            "one_lane_of_twice_the_tokens_ms": one,
            "of_two_lanes": one / two,
            "reading_back_ms": read,
            "reading_back_share": read / two,
            "indices_counted_on_the_host_ms": on_host,
            "counts_on_the_device_ms": on_device,
        })
    );
}

/// Milliseconds a step to read the indices of all steps at once and to count each step's.
fn host_counts(index: &Tensor<1, Int>, k: usize, steps: usize, compute: &Compute) -> f64 {
    sync(compute);
    let start = Instant::now();
    let all = Tensor::cat(vec![index.clone(); steps], 0);
    let all = all.into_data().try_into_vec::<i32>().expect("32-bit integers");
    let mut used = 0;
    for step in all.chunks(all.len() / steps) {
        let mut counts = vec![0_u32; k];
        step.iter().for_each(|code| counts[*code as usize] += 1);
        used += counts.iter().filter(|count| **count > 0).count();
    }
    assert!(used > 0, "some code was chosen");
    milliseconds(start) / steps as f64
}

/// Milliseconds a step to count on the device and to read the counts of all steps at once.
fn device_counts(index: &Tensor<1, Int>, k: usize, steps: usize, compute: &Compute) -> f64 {
    sync(compute);
    let start = Instant::now();
    let ones = Tensor::<1>::ones(index.dims(), &compute.device);
    let counts = (0..steps).map(|_| {
        let none = Tensor::<1>::zeros([k], &compute.device);
        none.scatter(0, index.clone(), ones.clone(), IndexingUpdateOp::Add)
    });
    let counts = Tensor::cat(counts.collect(), 0);
    let counts = counts.into_data().try_into_vec::<f32>().expect("32-bit floats");
    assert!(counts.iter().any(|count| *count > 0.0), "some code was chosen");
    milliseconds(start) / steps as f64
}
