//! Times of our own code, as JSON lines, for `benches/compare.py` and for the eye.
//!
//! ```text
//! cargo bench --bench speed -- nearest N K D [REPEATS] [DUMP_DIR]
//! cargo bench --bench speed -- adapter N K D NAME [REPEATS]
//! cargo bench --bench speed -- step K D N [STEPS] [DUMP_DIR]
//! cargo bench --bench speed -- frames K D N [FRAMES]
//! cargo bench --bench speed -- scrub K D N [MOVES]
//! cargo bench --bench speed -- recording K D N [ROUNDS [STEPS]]
//! cargo bench --bench speed -- scaling D N STEPS [FILE.svg]
//! ```
//!
//! Dumped are raw 32-bit numbers, so that a rival works on the same ones.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use burn::tensor::{Int, Tensor, TensorData};
use egui::{Context, Pos2, RawInput, Rect, Ui, vec2};
use egui_plot::{Plot, PlotPoints, Points};
use plotters::prelude::*;
use serde_json::json;

use vqscope::archive::Folder;
use vqscope::model::nearest;
use vqscope::rng::{Purpose, Stream};
use vqscope::scenario::parse;
use vqscope::train::recorder::{Budgets, Recorder};
use vqscope::train::snapshot::Update;
use vqscope::train::views::Freshness;
use vqscope::train::{Run, device};
use vqscope::ui::{AppState, theme, window};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // cargo adds "--bench" to the arguments.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let number = |i: usize| arguments.get(i).and_then(|a| a.parse::<usize>().ok());
    match (arguments.first().map(String::as_str), number(1), number(2), number(3)) {
        (Some("nearest"), Some(n), Some(k), Some(d)) => {
            search(n, k, d, number(4).unwrap_or(5), arguments.get(5).map(Path::new));
        }
        (Some("adapter"), Some(n), Some(k), Some(d)) if arguments.len() > 4 => {
            on_adapter(n, k, d, &arguments[4], number(5).unwrap_or(5));
        }
        (Some("step"), Some(k), Some(d), Some(n)) => {
            step(k, d, n, number(4).unwrap_or(50), arguments.get(5).map(Path::new));
        }
        (Some("scaling"), Some(d), Some(n), Some(steps)) => {
            let sizes = [1024, 4096, 16_384, 65_536, 262_144];
            let time = |k: usize| {
                print!("K {k}: ");
                (k as f64, step(k, d, n, steps, None))
            };
            let points: Vec<(f64, f64)> = sizes.into_iter().map(time).collect();
            if let Some(file) = arguments.get(4) {
                let picture = scaling(&points, d, n).expect("the plot can be drawn");
                std::fs::write(file, picture).expect("the file can be written to");
            }
        }
        (Some("frames"), Some(k), Some(d), Some(n)) => frames(k, d, n, number(4).unwrap_or(200)),
        (Some("scrub"), Some(k), Some(d), Some(n)) => scrub(k, d, n, number(4).unwrap_or(100)),
        (Some("recording"), Some(k), Some(d), Some(n)) => {
            recording(k, d, n, number(4).unwrap_or(10), number(5).unwrap_or(1000));
        }
        _ => println!(
            "scaling D N STEPS, scrub K D N [MOVES], recording K D N [ROUNDS [STEPS]], frames K D N [FRAMES], nearest N K D [REPEATS] [DUMP_DIR], adapter N K D NAME [REPEATS], or step K D N [STEPS] [DUMP_DIR]"
        ),
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn write(folder: &Path, name: &str, values: &[f32]) {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    std::fs::write(folder.join(name), bytes).expect("the folder can be written to");
}

/// Nearest code of `n` rows among `k` codes of `d` numbers, each kernel in turn.
fn search(n: usize, k: usize, d: usize, repeats: usize, dump: Option<&Path>) {
    let z = Stream::new(1, Purpose::Batch, 0).normal(n * d, 1.0);
    let codes = Stream::new(2, Purpose::Codes, 0).normal(k * d, 1.0);
    let kernel = nearest::fastest();
    let mut index = nearest::search(kernel, &z, &codes, d);
    let times = (0..repeats.max(1))
        .map(|_| {
            let start = Instant::now();
            index = nearest::search(kernel, &z, &codes, d);
            milliseconds(start)
        })
        .collect();
    if let Some(folder) = dump {
        write(folder, "z.f32", &z);
        write(folder, "codes.f32", &codes);
        let index: Vec<f32> = index.iter().map(|&i| i as f32).collect();
        write(folder, "index.f32", &index);
    }
    let ms = median(times);
    let gflops = 2.0 * (n * k * d) as f64 / ms / 1e6;
    println!("{}", json!({"kernel": kernel.name, "ms": ms, "gflops": gflops}));
}

/// VQ beside SimVQ, with or without what pictures need.
fn twins(k: usize, d: usize, n: usize, with_views: bool) -> Run {
    let text = format!(
        "title='speed'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
         [data]\neval_tokens=64\n[codebook]\nsize={k}\ndim={d}\n[lanes.a]\npreset='vq'\n\
         [lanes.b]\npreset='simvq'\n"
    );
    let scenario = parse(&text, "speed", &[]).expect("the scenario is sound");
    let choice = device::choose("cpu", &device::cpu_only()).expect("there is a CPU");
    let compute = choice.open().expect("the CPU opens");
    Run::new(scenario, &compute, 1, with_views).expect("the run is built")
}

/// Time from the wish to see another kept step to the frame that shows it, pictures of large
/// codebooks included, which here the window makes itself instead of the painter's thread.
fn scrub(k: usize, d: usize, n: usize, moves: usize) {
    let mut run = twins(k, d, n, true);
    let mut state = AppState::new("speed", run.scenario().clone());
    state.known.absorb(Update::Started(Box::new(run.info())));
    for _ in 0..4 {
        run.step().expect("the step trains");
        let frame = run.snapshot(Freshness::Kept).expect("there are views");
        let frame = Arc::new(frame.expect("there are views"));
        state.known.take(frame.clone());
        state.known.absorb(Update::Keyframe(frame));
    }
    let ctx = Context::default();
    theme::install(&ctx);
    let times = times(&ctx, moves, |ui, i| {
        state.pin(1 + (i as u64) % 3);
        window(ui, &mut state);
        0.0
    });
    let slowest = times.iter().copied().fold(0.0, f64::max);
    println!("{}", json!({"codes": k, "median_ms": median(times), "slowest_ms": slowest}));
}

/// Steps that one run trains before the next one has its turn: a shared machine is not equally fast
/// all the time, but seldom changes within so few.
const PIECE: usize = 25;

/// What keeping and saving everything costs, in percent, against training that has the axes of a
/// window and against bare training. Every round makes its runs anew: where their memory lies makes
/// them faster or slower by as much as is looked for here.
fn recording(k: usize, d: usize, n: usize, rounds: usize, steps: usize) {
    let steps = steps.max(PIECE).next_multiple_of(PIECE);
    let rounds: Vec<[f64; 3]> = (0..rounds).map(|r| recorded_round(k, d, n, steps, r)).collect();
    let cost = |base: usize| -> serde_json::Value {
        let mut costs: Vec<f64> =
            rounds.iter().map(|times| 100.0 * (times[2] / times[base] - 1.0)).collect();
        costs.sort_by(f64::total_cmp);
        json!({"median": median(costs.clone()), "least": costs[0], "most": costs[costs.len() - 1]})
    };
    let bare = median(rounds.iter().map(|times| times[0] / steps as f64).collect());
    println!(
        "{}",
        json!({
            "codes": k,
            "bare_step_ms": bare,
            "cost_percent": cost(1),
            "cost_percent_of_bare": cost(0),
        })
    );
}

/// Milliseconds of so many steps bare, with axes, and with everything kept; they take turns.
fn recorded_round(k: usize, d: usize, n: usize, steps: usize, round: usize) -> [f64; 3] {
    let mut runs = [false, true, true].map(|with_views| twins(k, d, n, with_views));
    let home = format!("vqscope-recording-{}-{round}", std::process::id());
    let home = std::env::temp_dir().join(home);
    let kept = &mut runs[2];
    Folder::prepare(&home, true, kept.scenario()).expect("the folder can be made");
    let folder = Folder::create(&home, "speed", &kept.info(), 1_000_000);
    let folder = folder.expect("the folder can be written to");
    let mut recorder =
        Recorder::new(Some(folder), Some(Budgets::default())).expect("a thread can be started");
    recorder.begin(kept).expect("the CPU gives its numbers");
    let mut last_turn = Instant::now();
    let mut train = |i: usize, steps: usize| {
        let run = &mut runs[i];
        let start = Instant::now();
        if i == 2 {
            // Saves by the clock are as many a step as if it trained alone.
            recorder.leave_out(start - last_turn);
        }
        for _ in 0..steps {
            run.step().expect("the step trains");
            if i == 2 {
                recorder.after_step(run).expect("the CPU gives its numbers");
            }
        }
        let (rows, events) = run.take_news().expect("the CPU gives its numbers");
        if i == 2 {
            recorder.news(&rows, &events);
            last_turn = Instant::now();
        }
        milliseconds(start)
    };
    // Half a piece more than one warms caches up, so that what is kept falls into the middle of a
    // piece and not to its end, where the next one would pay for its writing.
    for i in 0..3 {
        train(i, PIECE + PIECE / 2);
    }
    let mut times = [0.0; 3];
    for piece in 0..steps / PIECE {
        for turn in 0..3 {
            let i = (round + piece + turn) % 3;
            times[i] += train(i, PIECE);
        }
    }
    drop(recorder.finish());
    std::fs::remove_dir_all(&home).ok();
    times
}

/// Nearest code on the adapter whose name holds `name`: our kernels, and a matrix product with argmin
/// over tiles of 16 MB.
fn on_adapter(n: usize, k: usize, d: usize, name: &str, repeats: usize) {
    let choice = device::choose(name, &device::list()).expect("the adapter is there");
    let compute = choice.open().expect("the adapter opens");
    let tensor = |values: Vec<f32>, rows: usize| {
        Tensor::<2>::from_data(TensorData::new(values, [rows, d]), &compute.device)
    };
    let z = tensor(Stream::new(1, Purpose::Batch, 0).normal(n * d, 1.0), n);
    let codes = tensor(Stream::new(2, Purpose::Codes, 0).normal(k * d, 1.0), k);
    let read = |index: Tensor<1, Int>| {
        index.into_data().try_into_vec_as::<i32>().expect("indices are integers")
    };
    let kernels = || read(compute.search.nearest(z.clone(), codes.clone()));
    let product = || {
        let norms = codes.clone().square().sum_dim(1).transpose();
        let tile = ((1 << 22) / k).clamp(1, n);
        let tiles = (0..n).step_by(tile).map(|start| {
            let rows = z.clone().slice([start..(start + tile).min(n)]);
            let products = rows.matmul(codes.clone().transpose());
            (norms.clone() - products.mul_scalar(2.0)).argmin(1).squeeze_dim(1)
        });
        read(Tensor::cat(tiles.collect(), 0))
    };
    let timed = |search: &dyn Fn() -> Vec<i32>| {
        // The first one compiles.
        let index = search();
        let once = |_| {
            let start = Instant::now();
            std::hint::black_box(search());
            milliseconds(start)
        };
        (median((0..repeats.max(1)).map(once).collect()), index)
    };
    let ((ms, index), (product_ms, other)) = (timed(&kernels), timed(&product));
    let same = index.iter().zip(&other).filter(|(a, b)| a == b).count();
    println!(
        "{}",
        json!({
            "adapter": compute.label.name,
            "ms": ms,
            "gflops": 2.0 * (n * k * d) as f64 / ms / 1e6,
            "product_ms": product_ms,
            "same": same as f64 / n as f64,
        })
    );
}

/// CPU time of one frame of the window, layout and tessellation, with a new snapshot in every frame,
/// against one point a code in a plot of egui_plot.
fn frames(k: usize, d: usize, n: usize, count: usize) {
    let mut run = twins(k, d, n, true);
    let mut state = AppState::new("speed", run.scenario().clone());
    state.known.absorb(Update::Started(Box::new(run.info())));
    let mut snapshots = Vec::new();
    for _ in 0..2 {
        run.step().expect("the step trains");
        let (rows, _) = run.take_news().expect("the CPU gives its numbers");
        state.known.absorb(Update::Rows(rows));
        snapshots.push(
            run.snapshot(Freshness::Still).expect("there are views").expect("there are views"),
        );
    }
    let points: Vec<[f64; 2]> =
        snapshots[0].lanes[0].codes.iter().map(|c| c.map(f64::from)).collect();
    let ctx = Context::default();
    theme::install(&ctx);
    state.views.painter.start("painter", &ctx);
    state.views.use_painter.start("use painter", &ctx);
    let own = times(&ctx, count, |ui, i| {
        let start = Instant::now();
        // Copied outside of what is timed by the trainer; here the copy is not the window's either.
        let copied = Arc::new(snapshots[i % 2].clone());
        let copy = start.elapsed();
        state.known.take(copied);
        window(ui, &mut state);
        copy.as_secs_f64() * 1e3
    });
    let naive = times(&ctx, (count / 10).max(5), |ui, _| {
        Plot::new("naive").show(ui, |plot| {
            plot.points(Points::new("codes", PlotPoints::from(points.clone())).radius(2.0));
        });
        0.0
    });
    let quantile = |mut all: Vec<f64>, q: f64| {
        all.sort_by(f64::total_cmp);
        all[((all.len() - 1) as f64 * q) as usize]
    };
    println!(
        "{}",
        json!({
            "codes": k,
            "median_ms": quantile(own.clone(), 0.5),
            "p99_ms": quantile(own, 0.99),
            "naive_median_ms": quantile(naive, 0.5),
        })
    );
}

/// Milliseconds of each frame, less what `draw` returns.
fn times(ctx: &Context, count: usize, mut draw: impl FnMut(&mut Ui, usize) -> f64) -> Vec<f64> {
    let mut frame = |i: usize| {
        let size = Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0));
        let input = RawInput {
            screen_rect: Some(size),
            time: Some(i as f64 / 60.0),
            ..RawInput::default()
        };
        let start = Instant::now();
        let mut less = 0.0;
        let output = ctx.run_ui(input, |ui| less += draw(ui, i));
        std::hint::black_box(ctx.tessellate(output.shapes, 1.0));
        milliseconds(start) - less
    };
    // The first frames lay out text for the first time.
    (0..10).for_each(|i| {
        frame(i);
    });
    (10..10 + count).map(frame).collect()
}

/// Training steps of one SimVQ lane: photo patches, 64-128-d and back, Adam.
fn step(k: usize, d: usize, n: usize, steps: usize, dump: Option<&Path>) -> f64 {
    let text = format!(
        "title='speed'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
         [data]\neval_tokens=64\n[codebook]\nsize={k}\ndim={d}\n[lanes.a]\npreset='simvq'\n"
    );
    let scenario = parse(&text, "speed", &[]).expect("the scenario is sound");
    let choice = device::choose("cpu", &device::cpu_only()).expect("there is a CPU");
    let compute = choice.open().expect("the CPU opens");
    let mut run = Run::new(scenario, &compute, 1, false).expect("the run is built");
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
        let (rows, _) = run.take_news().expect("the CPU gives its numbers");
        times.push(milliseconds(start));
        loss = rows.last().map_or(f64::NAN, |row| row.loss);
    }
    let ms = median(times);
    println!("{}", json!({"ms": ms, "loss": loss, "steps": steps}));
    ms
}

/// Time of a step over the number of codes, both logarithmic, beside a line of slope 1, as SVG.
fn scaling(
    points: &[(f64, f64)],
    d: usize,
    n: usize,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (720, 440)).into_drawing_area();
        area.fill(&WHITE)?;
        let least = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        let most = points.iter().map(|p| p.1).fold(0.0, f64::max);
        let across = (700.0..400_000.0).log_scale();
        let up = (0.5 * least..4.0 * most).log_scale();
        let font = ("IBM Plex Sans, Helvetica, Arial, sans-serif", 15);
        let caption = format!("A SimVQ training step, d {d}, N {n}, CPU");
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
