//! What recording a run, and showing it, cost its training.

use std::time::Instant;

use serde_json::json;

use vqscope::archive::{Folder, Prepared};
use vqscope::engine::views::Freshness;
use vqscope::session::recorder::{Budgets, Recorder};

use crate::{median, milliseconds, twins};

/// Steps that one run trains before the next one has its turn: a shared machine is not equally fast
/// all the time, but seldom changes within so few.
const PIECE: usize = 25;

/// What keeping and saving everything costs, in percent, against training that has the axes of a
/// window and against bare training. Every round makes its runs anew: where their memory lies makes
/// them faster or slower by as much as is looked for here.
pub fn recording(k: usize, d: usize, n: usize, rounds: usize, steps: usize) {
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
    let prepared = Prepared::new(&home, true, kept.scenario()).expect("the folder can be made");
    let folder = Folder::create(prepared, "speed", &kept.info(), 1_000_000);
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

/// Pictures a second that a window asks for.
const PICTURES_A_SECOND: f64 = 60.0;

/// Speed of training that makes a picture for the window 60 times a second and drops it, as a share
/// of that of bare training; the two take turns, and every round makes its runs anew.
pub fn streaming(k: usize, d: usize, n: usize, rounds: usize, steps: usize) {
    let steps = steps.max(PIECE).next_multiple_of(PIECE);
    let mut shares: Vec<f64> = (0..rounds)
        .map(|round| {
            let mut runs = [false, true].map(|with_views| twins(k, d, n, with_views));
            let mut times = [0.0; 2];
            let mut pictures = 0.0;
            let mut last_turn = Instant::now();
            // The first piece warms caches up.
            for piece in 0..=steps / PIECE {
                for turn in 0..2 {
                    let i = (round + piece + turn) % 2;
                    let (run, start) = (&mut runs[i], Instant::now());
                    if i == 1 {
                        // Reconstructions are made as often a step as if it trained alone.
                        run.leave_out(start - last_turn);
                    }
                    for _ in 0..PIECE {
                        run.step().expect("the step trains");
                        let own = (times[i] + milliseconds(start)) / 1e3;
                        if i == 1 && own * PICTURES_A_SECOND >= pictures {
                            drop(run.snapshot(Freshness::Live).expect("the CPU gives its numbers"));
                            pictures = (own * PICTURES_A_SECOND).floor() + 1.0;
                        }
                    }
                    run.take_news().expect("the CPU gives its numbers");
                    if i == 1 {
                        last_turn = Instant::now();
                    }
                    if piece > 0 {
                        times[i] += milliseconds(start);
                    } else {
                        pictures = 0.0;
                    }
                }
            }
            times[0] / times[1]
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    let (least, most) = (shares[0], shares[shares.len() - 1]);
    println!("{}", json!({"codes": k, "share": median(shares), "least": least, "most": most}));
}
