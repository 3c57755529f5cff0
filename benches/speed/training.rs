//! Time of a training step.

use std::path::Path;
use std::time::Instant;

use plotters::prelude::*;
use serde_json::json;

use vqscope::engine::Run;
use vqscope::engine::device::Compute;
use vqscope::scenario::parse;

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
            .flat_map(|step| lane.data.batch(lane.spec.seed, step, samples))
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
        (k as f64, step(k, d, n, steps, None, compute))
    };
    let points: Vec<(f64, f64)> = sizes.into_iter().map(time).collect();
    if let Some(file) = file {
        let device = &compute.label.name;
        let caption = format!("A SimVQ training step, d {d}, N {n}, {device}");
        let picture = plot(&points, &caption).expect("the plot can be drawn");
        std::fs::write(file, picture).expect("the file can be written to");
    }
}

/// Both axes logarithmic, beside a line of slope 1, as SVG.
fn plot(points: &[(f64, f64)], caption: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (720, 440)).into_drawing_area();
        area.fill(&WHITE)?;
        let least = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        let most = points.iter().map(|p| p.1).fold(0.0, f64::max);
        let across = (700.0..400_000.0).log_scale();
        let up = (0.5 * least..4.0 * most).log_scale();
        let font = ("IBM Plex Sans, Helvetica, Arial, sans-serif", 15);
        let mut chart = ChartBuilder::on(&area)
            .caption(caption, (font.0, 19))
            .margin(14)
            .x_label_area_size(46)
            .y_label_area_size(64)
            .build_cartesian_2d(across, up)?;
        chart
            .configure_mesh()
            .x_desc("number of codes K (log scale)")
            .y_desc("ms a step, median (log scale)")
            .x_label_formatter(&|k| format!("{k:.0}"))
            .y_label_formatter(&|ms| format!("{ms:.0}"))
            .label_style(font)
            .axis_desc_style(font)
            .light_line_style(WHITE)
            .draw()?;
        let blue = RGBColor(0, 104, 168);
        chart.draw_series(LineSeries::new(points.iter().copied(), blue.stroke_width(2)))?;
        let dots = points.iter().map(|&p| Circle::new(p, 4, blue.filled()));
        chart.draw_series(dots)?;
        for &(k, ms) in points {
            let label = if ms < 10.0 { format!("{ms:.1}") } else { format!("{ms:.0}") };
            chart.draw_series([Text::new(label, (k * 0.86, ms * 1.28), font)])?;
        }
        // Through the last point: what cost in proportion to K alone would have been.
        let (k, ms) = points[points.len() - 1];
        let proportional = points.iter().map(|p| (p.0, ms * p.0 / k)).filter(|p| p.1 > 0.5 * least);
        let grey = RGBColor(120, 120, 120);
        chart.draw_series(DashedLineSeries::new(proportional, 5, 4, grey.stroke_width(1)))?;
        chart.draw_series([Text::new("slope 1", (k * 0.2, ms * 0.1), font)])?;
        area.present()?;
    }
    Ok(text)
}
