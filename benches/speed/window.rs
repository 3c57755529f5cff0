//! Times of the window's frames.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Pos2, RawInput, Rect, Ui, vec2};
use egui_plot::{Plot, PlotPoints, Points};
use serde_json::json;

use vqscope::engine::views::Freshness;
use vqscope::figure::camera::{Camera, Scale};
use vqscope::figure::cells;
use vqscope::figure::layers::Layers;
use vqscope::platform::thread_time;
use vqscope::record::snapshot::Snapshot;
use vqscope::record::status::Update;
use vqscope::scenario::LaneId;
use vqscope::session::train_to::{Closely, look_closely};
use vqscope::ui::widgets::theme;
use vqscope::ui::{AppState, window};

use crate::{median, milliseconds, twins};

/// Time from the wish to see another kept step to the frame that shows it, pictures of large
/// codebooks included, which here the window makes itself instead of the painter's thread.
pub fn scrub(k: usize, d: usize, n: usize, moves: usize) {
    let mut run = twins(k, d, n, true);
    let mut state = AppState::new("speed", run.scenario().clone());
    state.run.absorb(Update::Started(Box::new(run.info())));
    for _ in 0..4 {
        run.step().expect("the step trains");
        let frame = run.snapshot(Freshness::Kept).expect("there are views");
        let frame = Arc::new(frame.expect("there are views"));
        state.run.take(frame.clone());
        state.run.absorb(Update::Keyframe(frame));
    }
    let ctx = Context::default();
    theme::install(&ctx);
    let times = times(&ctx, moves, |ui, i| {
        state.pin(1 + (i as u64) % 3);
        window(ui, &mut state);
        Spent::default()
    });
    let times = walls(&times);
    let slowest = times.iter().copied().fold(0.0, f64::max);
    println!("{}", json!({"codes": k, "median_ms": median(times), "slowest_ms": slowest}));
}

/// Time of one frame of the window, layout and tessellation, with a new snapshot in every frame, against
/// one point a code in a plot of egui_plot; and how much of it the window's thread was at work, where the
/// system tells, because its painters work beside it. Inspector, atlas and the lens of one step are
/// filled. At last how old what painters made is where it is shown, at 60 frames a second with all layers.
pub fn frames(k: usize, d: usize, n: usize, count: usize) {
    let mut run = twins(k, d, n, true);
    let mut state = AppState::new("speed", run.scenario().clone());
    state.run.absorb(Update::Started(Box::new(run.info())));
    let (mut snapshots, mut told) = (Vec::new(), Vec::new());
    let closely = Closely { atlas: true, code: true, told: true };
    for _ in 0..2 {
        run.tell_next(0);
        run.step().expect("the step trains");
        let (rows, _) = run.take_news().expect("the CPU gives its numbers");
        state.run.absorb(Update::Rows(rows));
        told.push(run.take_told());
        let seen = look_closely(&mut run, closely).expect("there are views");
        snapshots.push(seen.expect("there are views"));
    }
    state.run.take(Arc::new(snapshots[1].clone()));
    state.pin_what_is_looked_at();
    let points: Vec<[f64; 2]> =
        snapshots[0].lanes[0].codes.iter().map(|c| c.map(f64::from)).collect();
    let ctx = Context::default();
    theme::install(&ctx);
    state.panes.start_painters(&ctx);
    let mut with = |layers: Layers, count: usize| {
        state.prefs.layers = layers;
        times(&ctx, count, |ui, i| {
            let start = Spent::now();
            // Copied outside of what is timed by the trainer; here the copy is not the window's either.
            let copied = Arc::new(snapshots[i % 2].clone());
            let update = Update::Told(told[i % 2].clone());
            let copy = start.since();
            state.run.absorb(update);
            state.run.take(copied);
            window(ui, &mut state);
            copy
        })
    };
    let own = with(Layers::default(), count);
    // Each layer of the maps by itself, and all of them.
    let mut layers: Vec<(&str, Layers)> = Vec::new();
    let mut all = Layers::default();
    for (name, switch) in Layers::NAMES {
        let mut one = Layers::default();
        *switch(&mut one) = true;
        *switch(&mut all) = true;
        layers.push((name, one));
    }
    layers.push(("all", all));
    let (mut walls_of, mut cpus_of) = (serde_json::Map::new(), serde_json::Map::new());
    for (name, layers) in layers {
        let times = with(layers, count.div_ceil(4));
        walls_of.insert(name.to_string(), median(walls(&times)).into());
        cpus_of.insert(name.to_string(), median(cpus(&times)).into());
    }
    let [maps, made_cells] = ages(&ctx, &mut state, &snapshots, 120).map(|ages| {
        let most = ages.iter().copied().reduce(f64::max);
        json!({"median_ms": most.map(|_| median(ages)), "most_ms": most})
    });
    // What the painter's thread takes for a map as large as the window's.
    let plot = Rect::from_min_size(Pos2::ZERO, vec2(400.0, 400.0));
    let view = &snapshots[1].lanes[1];
    let scale = Scale::new(plot, view.axes.reach(), &Camera::default());
    let start = Spent::now();
    let made = std::hint::black_box(cells::cells(view, &scale, 1.0));
    let (cells, cell_pixels) = (start.since(), made.map(|cells| cells.step));
    let naive = times(&ctx, (count / 10).max(5), |ui, _| {
        Plot::new("naive").show(ui, |plot| {
            plot.points(Points::new("codes", PlotPoints::from(points.clone())).radius(2.0));
        });
        Spent::default()
    });
    let quantile = |mut all: Vec<f64>, q: f64| {
        all.sort_by(f64::total_cmp);
        all[((all.len() - 1) as f64 * q) as usize]
    };
    println!(
        "{}",
        json!({
            "codes": k,
            "median_ms": quantile(walls(&own), 0.5),
            "p99_ms": quantile(walls(&own), 0.99),
            "cpu_median_ms": median(cpus(&own)),
            "naive_median_ms": quantile(walls(&naive), 0.5),
            "layers_median_ms": walls_of,
            "layers_cpu_median_ms": cpus_of,
            "age_of_maps": maps,
            "age_of_cells": made_cells,
            "cells_ms": cells.wall,
            "cells_cpu_ms": cells.cpu,
            "pixels_a_cell_point": cell_pixels,
        })
    );
}

/// How old the maps and cells are that painters made, in each of so many frames, 60 a second and each with
/// a new snapshot: milliseconds since that came which they show.
fn ages(
    ctx: &Context,
    state: &mut AppState,
    snapshots: &[Snapshot],
    count: usize,
) -> [Vec<f64>; 2] {
    let mut came = std::collections::HashMap::new();
    let mut ages = [Vec::new(), Vec::new()];
    times(ctx, count, |ui, i| {
        let start = Instant::now();
        state.run.take(Arc::new(snapshots[i % snapshots.len()].clone()));
        came.insert(state.run.generation, start);
        window(ui, state);
        let map = &state.panes.map;
        for lane in [LaneId::A, LaneId::B] {
            let maps = map.painter.newest(lane).map(|made| made.look.generation);
            let cells = map.layers.cells.newest(lane).map(|made| made.look.generation);
            for (ages, made) in ages.iter_mut().zip([maps, cells]) {
                ages.extend(made.and_then(|made| Some(milliseconds(*came.get(&made)?))));
            }
        }
        std::thread::sleep(Duration::from_secs_f64(1.0 / 60.0).saturating_sub(start.elapsed()));
        Spent::default()
    });
    ages
}

/// Milliseconds by the clock, and of them those in which this thread was at work; those by the clock where
/// no system tells.
#[derive(Clone, Copy, Default)]
struct Spent {
    wall: f64,
    cpu: f64,
}

/// A moment from which on time is counted.
struct Since(Instant, Option<Duration>);

impl Spent {
    fn now() -> Since {
        Since(Instant::now(), thread_time())
    }
}

impl Since {
    fn since(&self) -> Spent {
        let wall = milliseconds(self.0);
        let cpu = self.1.zip(thread_time()).map(|(from, to)| (to - from).as_secs_f64() * 1e3);
        Spent { wall, cpu: cpu.unwrap_or(wall) }
    }
}

fn walls(times: &[Spent]) -> Vec<f64> {
    times.iter().map(|spent| spent.wall).collect()
}

fn cpus(times: &[Spent]) -> Vec<f64> {
    times.iter().map(|spent| spent.cpu).collect()
}

/// What each frame took, less what `draw` returns.
fn times(ctx: &Context, count: usize, mut draw: impl FnMut(&mut Ui, usize) -> Spent) -> Vec<Spent> {
    let mut frame = |i: usize| {
        let size = Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0));
        let input = RawInput {
            screen_rect: Some(size),
            time: Some(i as f64 / 60.0),
            ..RawInput::default()
        };
        let start = Spent::now();
        let mut less = Spent::default();
        // A window may draw a frame twice.
        let output = ctx.run_ui(input, |ui| {
            let copied = draw(ui, i);
            (less.wall, less.cpu) = (less.wall + copied.wall, less.cpu + copied.cpu);
        });
        std::hint::black_box(ctx.tessellate(output.shapes, 1.0));
        let all = start.since();
        Spent { wall: all.wall - less.wall, cpu: all.cpu - less.cpu }
    };
    // The first frames lay out text for the first time.
    (0..10).for_each(|i| {
        frame(i);
    });
    (10..10 + count).map(frame).collect()
}
