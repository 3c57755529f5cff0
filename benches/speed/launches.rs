//! Kernels that a step launches on an adapter, told by the runtime itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use cubecl::config::TypeNameFormatLevel;
use cubecl::config::type_name_format;
use cubecl::logging::{Duration, LaunchObservation, LaunchObserver, TimingMethod, TimingRequest};
use serde_json::{Value, json};

use vqscope::engine::Run;
use vqscope::engine::device::Compute;
use vqscope::engine::views::Freshness;
use vqscope::scenario::parse;

use crate::milliseconds;

/// What belongs to which phase of a step in few launches.
const PHASES: [(&str, &[&str]); 7] = [
    ("batch", &["Cut"]),
    ("encode, decode and back", &["Product"]),
    ("search", &["Effective", "Norms", "Scan", "Merge"]),
    ("quantize and losses", &["Pick", "Losses"]),
    ("gradients", &["Gradients", "Gather"]),
    ("optimizer", &["Adam"]),
    ("other", &[]),
];

/// Milliseconds of the launches of `work`, by kernel, one launch after another.
fn timed(compute: &Compute, work: impl FnOnce()) -> BTreeMap<String, f64> {
    compute.device.sync().expect("the device works");
    let times = Arc::new(Times::default());
    let watching = LaunchObservation::new(times.clone());
    work();
    compute.device.sync().expect("the device works");
    drop(watching);
    std::mem::take(&mut times.0.lock().expect("nobody panicked"))
}

#[derive(Default)]
struct Times(Mutex<BTreeMap<String, f64>>);

impl LaunchObserver for Times {
    fn launched(&self, _kernel: &'static str) {}

    fn timing(&self) -> TimingRequest {
        TimingRequest::Resolved
    }

    fn timed(&self, kernel: &'static str, duration: Duration, _method: TimingMethod) {
        let name = type_name_format(kernel, TypeNameFormatLevel::Short);
        *self.0.lock().expect("nobody panicked").entry(name).or_default() +=
            1e3 * duration.as_secs_f64();
    }
}

#[derive(Default)]
struct Counts(Mutex<BTreeMap<String, usize>>);

impl LaunchObserver for Counts {
    fn launched(&self, kernel: &'static str) {
        let name = type_name_format(kernel, TypeNameFormatLevel::Short);
        *self.0.lock().expect("nobody panicked").entry(name).or_default() += 1;
    }
}

/// Launches of what `work` hands over, by kernel.
fn observed(compute: &Compute, work: impl FnOnce()) -> BTreeMap<String, usize> {
    compute.device.sync().expect("the device works");
    let counts = Arc::new(Counts::default());
    let watching = LaunchObservation::new(counts.clone());
    work();
    compute.device.sync().expect("the device works");
    drop(watching);
    std::mem::take(&mut counts.0.lock().expect("nobody panicked"))
}

/// Prints the launches of one step after so many, of twins and of each lane alone, of the same steps by
/// autodiff, of an evaluation, of a picture, and how long the first step took.
pub fn count(k: usize, d: usize, n: usize, steps: usize, compute: &Compute) {
    let cases = [
        ("twins", "preset='vq'", Some("preset='simvq'")),
        ("VQ", "preset='vq'", None),
        ("SimVQ", "preset='simvq'", None),
        ("joint", "preset='simvq'\nlearn_c=true", None),
        // Not among what is derived by hand.
        ("rotation trick", "preset='simvq'\nestimator='rotation'", None),
    ];
    for (name, a, b) in cases {
        let b = b.map_or_else(String::new, |b| format!("[lanes.b]\n{b}\n"));
        let text = format!(
            "title='launches'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
             [codebook]\nsize={k}\ndim={d}\n[lanes.a]\n{a}\n{b}"
        );
        let scenario = parse(&text, "launches", &[]).expect("the scenario is sound");
        let mut run = Run::new(scenario, compute, 1, true).expect("the run is built");
        let train = |run: &mut Run, steps: usize| {
            (0..steps).for_each(|_| run.step().expect("the step trains"));
        };
        let start = Instant::now();
        let first = observed(compute, || train(&mut run, 1));
        let first_ms = milliseconds(start);
        train(&mut run, steps);
        run.take_news().expect("the device gives its numbers");
        let step = observed(compute, || train(&mut run, 1));
        let read_back = observed(compute, || {
            run.take_news().expect("the device gives its numbers");
        });
        let kernels_ms = timed(compute, || train(&mut run, 1));
        run.take_news().expect("the device gives its numbers");
        let start = Instant::now();
        let evaluation = observed(compute, || run.evaluate().expect("it evaluates"));
        let evaluation_ms = milliseconds(start);
        let pictured = |run: &mut Run| {
            let start = Instant::now();
            let launches = observed(compute, || {
                run.snapshot(Freshness::Live).expect("it is drawn");
            });
            (launches, milliseconds(start))
        };
        // The first one makes reconstructions, which live pictures make five times a second.
        let (picture, first_picture_ms) = pictured(&mut run);
        let (_, picture_ms) = pictured(&mut run);
        let total = |of: &BTreeMap<String, usize>| of.values().sum::<usize>();
        let phases: serde_json::Map<String, Value> = PHASES
            .iter()
            .map(|(phase, kernels)| {
                let is_named =
                    |name: &str| PHASES.iter().any(|(_, kernels)| kernels.contains(&name));
                let count: usize = step
                    .iter()
                    .filter(|(name, _)| match kernels.is_empty() {
                        true => !is_named(name),
                        false => kernels.contains(&name.as_str()),
                    })
                    .map(|(_, count)| count)
                    .sum();
                (phase.to_string(), count.into())
            })
            .collect();
        println!(
            "{}",
            json!({
                "lanes": name,
                "device": compute.label.name,
                "step": total(&step),
                "phases": phases,
                "kernels_ms": kernels_ms,
                "read_back": total(&read_back),
                "evaluation": total(&evaluation),
                "evaluation_ms": evaluation_ms,
                "picture": total(&picture),
                "first_picture_ms": first_picture_ms,
                "picture_ms": picture_ms,
                "kernel_names_of_the_first_step": first.len(),
                "first_step_ms": first_ms.round(),
            })
        );
    }
}
