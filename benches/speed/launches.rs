//! Kernels that a step launches on an adapter, told by the runtime itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
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

/// Phases of a step, in its order.
const PHASES: [&str; 8] = [
    "batch",
    "encode",
    "search",
    "quantize and losses",
    "decode",
    "backward",
    "optimizer",
    "other",
];

/// All launches of this process in their order, so that somebody who counts elsewhere (the driver's
/// commands, `benches/transfers.py`) finds the same ones.
static LAUNCHED: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());

fn launched(kernel: &'static str) {
    LAUNCHED.lock().expect("nobody panicked").push(kernel);
}

struct Seen;

impl LaunchObserver for Seen {
    fn launched(&self, kernel: &'static str) {
        launched(kernel);
    }
}

#[derive(Default)]
struct Times(Mutex<BTreeMap<String, f64>>);

impl LaunchObserver for Times {
    fn launched(&self, kernel: &'static str) {
        launched(kernel);
    }

    fn timing(&self) -> TimingRequest {
        TimingRequest::Resolved
    }

    fn timed(&self, kernel: &'static str, duration: Duration, _method: TimingMethod) {
        let name = type_name_format(kernel, TypeNameFormatLevel::Short);
        *self.0.lock().expect("nobody panicked").entry(name).or_default() +=
            1e3 * duration.as_secs_f64();
    }
}

/// Somebody who watches every launch of one device.
struct Watch<'a> {
    compute: &'a Compute,
    watching: Option<LaunchObservation>,
}

impl<'a> Watch<'a> {
    fn new(compute: &'a Compute) -> Self {
        Self { compute, watching: Some(LaunchObservation::new(Arc::new(Seen))) }
    }

    fn sync(&self) {
        self.compute.device.sync().expect("the device works");
    }

    /// Which launches, counted from the first one of the process, `work` hands over.
    fn observed(&self, work: impl FnOnce()) -> Range<usize> {
        let count = || LAUNCHED.lock().expect("nobody panicked").len();
        self.sync();
        let from = count();
        work();
        self.sync();
        from..count()
    }

    /// Milliseconds of the launches of `work`, by kernel, one launch after another.
    fn timed(&mut self, work: impl FnOnce()) -> BTreeMap<String, f64> {
        self.sync();
        let times = Arc::new(Times::default());
        self.watching = None;
        let watching = LaunchObservation::new(times.clone());
        work();
        self.sync();
        drop(watching);
        self.watching = Some(LaunchObservation::new(Arc::new(Seen)));
        std::mem::take(&mut times.0.lock().expect("nobody panicked"))
    }
}

/// The phase that each of these launches belongs to.
fn phases(of: &Range<usize>) -> Vec<&'static str> {
    let launched = &LAUNCHED.lock().expect("nobody panicked")[of.clone()];
    // Products of the lane so far: two layers of the encoder, two of the decoder, then back.
    let mut products = 0;
    let mut phase =
        |kernel: &&'static str| match type_name_format(kernel, TypeNameFormatLevel::Short).as_str()
        {
            "Cut" => {
                products = 0;
                "batch"
            }
            "Product" => {
                products += 1;
                match products {
                    1 | 2 => "encode",
                    3 | 4 => "decode",
                    _ => "backward",
                }
            }
            "Effective" | "Norms" | "Scan" | "Merge" => "search",
            "Pick" | "Losses" => "quantize and losses",
            "Gradients" | "Gather" => "backward",
            "Adam" => "optimizer",
            _ => "other",
        };
    launched.iter().map(&mut phase).collect()
}

/// Prints the launches of one step after so many (four more for each case), of twins, of each lane
/// alone and of a method that goes by autodiff, of an evaluation, of a picture, and how long the first
/// step took.
pub fn count(k: usize, d: usize, n: usize, steps: usize, compute: &Compute) {
    let mut watch = Watch::new(compute);
    let cases = [
        ("twins", "preset='vq'", Some("preset='simvq'")),
        ("VQ", "preset='vq'", None),
        ("SimVQ", "preset='simvq'", None),
        ("joint", "preset='simvq'\nlearn_c=true", None),
        // Not among what is derived by hand.
        ("rotation trick", "preset='simvq'\nestimator='rotation'", None),
    ];
    for (case, (name, a, b)) in cases.into_iter().enumerate() {
        // The runtime keeps the numbers of launches that it has uploaded before, and would find those
        // of an earlier case at the same step, or at the same number of steps after an evaluation.
        let steps = steps + 4 * case;
        let b = b.map_or_else(String::new, |b| format!("[lanes.b]\n{b}\n"));
        let text = format!(
            "title='launches'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
             [codebook]\nsize={k}\ndim={d}\n[lanes.a]\n{a}\n{b}"
        );
        let scenario = parse(&text, "launches", &[]).expect("the scenario is sound");
        let mut run = Run::new(scenario.clone(), compute, 1, false).expect("the run is built");
        let train = |run: &mut Run, steps: usize| {
            (0..steps).for_each(|_| run.step().expect("the step trains"));
        };
        let start = Instant::now();
        let first = watch.observed(|| train(&mut run, 1));
        let first_ms = milliseconds(start);
        let kernels: BTreeSet<&str> =
            LAUNCHED.lock().expect("nobody panicked")[first].iter().copied().collect();
        train(&mut run, steps);
        let step = watch.observed(|| train(&mut run, 1));
        let mut rows = Vec::new();
        let read_back = watch.observed(|| {
            rows = run.take_news().expect("the device gives its numbers").0;
        });
        // An evaluation has read what was in flight.
        let evaluated = rows.iter().rfind(|row| row.eval.is_some()).map_or(0, |row| row.step);
        let in_flight = run.step_count() - evaluated;
        let kernels_ms = watch.timed(|| train(&mut run, 1));
        run.take_news().expect("the device gives its numbers");
        // Pictures are of a run that keeps what they need, which it reads at steps of its own.
        let mut run = Run::new(scenario, compute, 1, true).expect("the run is built");
        train(&mut run, steps);
        run.take_news().expect("the device gives its numbers");
        let start = Instant::now();
        let evaluation = watch.observed(|| run.evaluate().expect("it evaluates"));
        let evaluation_ms = milliseconds(start);
        let pictured = |run: &mut Run| {
            let start = Instant::now();
            let launches = watch.observed(|| {
                run.snapshot(Freshness::Live).expect("it is drawn");
            });
            (launches, milliseconds(start))
        };
        // The first one makes reconstructions, which live pictures make five times a second.
        let (picture, first_picture_ms) = pictured(&mut run);
        let (_, picture_ms) = pictured(&mut run);
        let in_order = phases(&step);
        let mut phases: serde_json::Map<String, Value> = serde_json::Map::new();
        for phase in PHASES {
            let count = in_order.iter().filter(|of| **of == phase).count();
            phases.insert(phase.into(), count.into());
        }
        println!(
            "{}",
            json!({
                "lanes": name,
                "device": compute.label.name,
                "step": step.len(),
                "phases": phases,
                "step_starts_at": step.start,
                "in_order": in_order,
                "kernels_ms": kernels_ms,
                "read_back": read_back.len(),
                "steps_read_back": in_flight,
                "evaluation": evaluation.len(),
                "evaluation_ms": evaluation_ms,
                "picture": picture.len(),
                "first_picture_ms": first_picture_ms,
                "picture_ms": picture_ms,
                "kernel_names_of_the_first_step": kernels.len(),
                "first_step_ms": first_ms.round(),
            })
        );
    }
    watch.sync();
    drop(watch);
    let in_all = LAUNCHED.lock().expect("nobody panicked").len();
    println!("{}", json!({"launches_in_all": in_all}));
}
