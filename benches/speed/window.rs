//! Times of the window's frames.

use std::sync::Arc;
use std::time::Instant;

use egui::{Context, Pos2, RawInput, Rect, Ui, vec2};
use egui_plot::{Plot, PlotPoints, Points};
use serde_json::json;

use vqscope::engine::views::Freshness;
use vqscope::figure::camera::{Camera, Scale};
use vqscope::figure::cells;
use vqscope::figure::layers::Layers;
use vqscope::record::status::Update;
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
        0.0
    });
    let slowest = times.iter().copied().fold(0.0, f64::max);
    println!("{}", json!({"codes": k, "median_ms": median(times), "slowest_ms": slowest}));
}

/// CPU time of one frame of the window, layout and tessellation, with a new snapshot in every frame,
/// against one point a code in a plot of egui_plot.
pub fn frames(k: usize, d: usize, n: usize, count: usize) {
    let mut run = twins(k, d, n, true);
    let mut state = AppState::new("speed", run.scenario().clone());
    state.run.absorb(Update::Started(Box::new(run.info())));
    let mut snapshots = Vec::new();
    for _ in 0..2 {
        run.step().expect("the step trains");
        let (rows, _) = run.take_news().expect("the CPU gives its numbers");
        state.run.absorb(Update::Rows(rows));
        snapshots.push(
            run.snapshot(Freshness::Still).expect("there are views").expect("there are views"),
        );
    }
    let points: Vec<[f64; 2]> =
        snapshots[0].lanes[0].codes.iter().map(|c| c.map(f64::from)).collect();
    let ctx = Context::default();
    theme::install(&ctx);
    state.panes.start_painters(&ctx);
    let mut with = |layers: Layers, count: usize| {
        state.prefs.layers = layers;
        times(&ctx, count, |ui, i| {
            let start = Instant::now();
            // Copied outside of what is timed by the trainer; here the copy is not the window's either.
            let copied = Arc::new(snapshots[i % 2].clone());
            let copy = start.elapsed();
            state.run.take(copied);
            window(ui, &mut state);
            copy.as_secs_f64() * 1e3
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
    let layers: serde_json::Map<_, _> = layers
        .into_iter()
        .map(|(name, layers)| (name.to_string(), median(with(layers, count.div_ceil(4))).into()))
        .collect();
    // What the painter's thread takes for a map as large as the window's.
    let plot = Rect::from_min_size(Pos2::ZERO, vec2(400.0, 400.0));
    let view = &snapshots[1].lanes[1];
    let scale = Scale::new(plot, view.axes.reach(), &Camera::default());
    let start = Instant::now();
    let made = std::hint::black_box(cells::cells(view, &scale, 1.0));
    let (cells_ms, cell_pixels) = (milliseconds(start), made.map(|cells| cells.step));
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
            "layers_median_ms": layers,
            "cells_ms": cells_ms,
            "pixels_a_cell_point": cell_pixels,
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
