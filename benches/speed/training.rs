//! Time of a training step.

use std::path::Path;
use std::time::Instant;

use serde_json::json;

use vqscope::engine::Run;
use vqscope::engine::device::Compute;
use vqscope::figure::axis::{Axis, Scale, Tick};
use vqscope::figure::chart::{Chart, Line, Ruler, document};
use vqscope::figure::svg::PAPER;
use vqscope::scenario::{LaneId, parse};
use vqscope::text::{count, significant};

use crate::{median, milliseconds, write};

/// Training steps of one SimVQ lane: photo patches, 64-128-d and back, Adam.
pub fn step(
    k: usize,
    d: usize,
    n: usize,
    steps: usize,
    dump: Option<&Path>,
    compute: &Compute,
) -> f64 {
    let text = format!(
        "title='speed'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
         [data]\neval_tokens=64\n[codebook]\nsize={k}\ndim={d}\n[lanes.a]\npreset='simvq'\n"
    );
    let scenario = parse(&text, "speed", &[]).expect("the scenario is sound");
    let mut run = Run::new(scenario, compute, 1, false).expect("the run is built");
    if let Some(folder) = dump {
        let lane = &run.lanes()[0];
        let mut shapes = serde_json::Map::new();
        for (name, value) in lane.parameters() {
            shapes.insert(name.clone(), json!(value.dims()));
            let values = value.into_data().try_into_vec::<f32>().expect("32-bit floats");
            write(folder, &format!("{name}.f32"), &values);
        }
        let samples = lane.spec.batch_samples();
        let batches: Vec<f32> = (1..=steps as u64)
            .flat_map(|step| lane.data.batch(lane.spec.seed, lane.at(step), samples))
            .collect();
        write(folder, "batches.f32", &batches);
        let shapes = serde_json::Value::from(shapes).to_string();
        std::fs::write(folder.join("shapes.json"), shapes).expect("the folder can be written to");
    }
    let mut times = Vec::new();
    let mut loss = 0.0;
    for _ in 0..steps {
        let start = Instant::now();
        run.step().expect("the step trains");
        // Read back after every step, as a rival that prints its loss does.
        let (rows, _) = run.take_news().expect("the device gives its numbers");
        times.push(milliseconds(start));
        loss = rows.last().map_or(f64::NAN, |row| row.loss);
    }
    let ms = median(times);
    println!("{}", json!({"ms": ms, "loss": loss, "steps": steps, "peak_mb": peak_megabytes()}));
    ms
}

/// Most memory that this process has had so far; nothing where the system does not tell it so.
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kib * 1024.0 / 1e5).round() / 10.0)
}

/// Time of a step over the number of codes, as numbers and as a picture.
pub fn scaling(d: usize, n: usize, steps: usize, file: Option<&Path>, compute: &Compute) {
    let sizes = [1024, 4096, 16_384, 65_536, 262_144];
    let time = |k: usize| {
        print!("K {k}: ");
        [k as f64, step(k, d, n, steps, None, compute)]
    };
    let points: Vec<[f64; 2]> = sizes.into_iter().map(time).collect();
    if let Some(file) = file {
        let device = &compute.label.name;
        let caption = format!("A SimVQ training step, d {d}, N {n}, {device}");
        std::fs::write(file, plot(&points, &caption)).expect("the file can be written to");
    }
}

/// Both axes logarithmic, beside a line of slope 1, as SVG.
fn plot(points: &[[f64; 2]], caption: &str) -> String {
    let least = points.iter().map(|p| p[1]).fold(f64::INFINITY, f64::min);
    let most = points.iter().map(|p| p[1]).fold(0.0, f64::max);
    let log = |low: f64, high: f64| Axis { scale: Scale::Log, ..Axis::linear(low, high) };
    let size = |p: &[f64; 2]| Tick { value: p[0], label: count(p[0] as u64) };
    let across = Ruler {
        name: "number of codes K (log scale)".into(),
        axis: log(700.0, 400_000.0),
        ticks: points.iter().map(size).collect(),
    };
    let up = Ruler::new("ms a step, median (log scale)", log(0.5 * least, 4.0 * most), 7);
    // Through the last point: what cost in proportion to K alone would have been.
    let [k, ms] = points[points.len() - 1];
    let proportional = points.iter().map(|p| [p[0], ms * p[0] / k]).filter(|p| p[1] > 0.5 * least);
    let measured = Line::new("measured", PAPER.lane(LaneId::B), points.to_vec());
    let slope = Line::new("slope 1", PAPER.reference, proportional.collect());
    let chart = Chart {
        title: caption.into(),
        x: across,
        y: up,
        lines: vec![
            Line { dash: Some("5 4"), width: 1.0, ..slope },
            Line { dots: points.to_vec(), ..measured },
        ],
        changes: Vec::new(),
        notes: points.iter().map(|&p| (p, significant(p[1]))).collect(),
    };
    document(&[chart], &PAPER, caption)
}
