//! Times of our own code, as JSON lines, for `benches/compare.py` and for the eye.
//!
//! ```text
//! cargo bench --bench speed -- nearest N K D [REPEATS] [DUMP_DIR]
//! cargo bench --bench speed -- step K D N [STEPS] [DUMP_DIR]
//! cargo bench --bench speed -- frames K D N [FRAMES]
//! cargo bench --bench speed -- scrub K D N [MOVES]
//! cargo bench --bench speed -- recording K D N [ROUNDS [STEPS]]
//! cargo bench --bench speed -- streaming K D N [ROUNDS [STEPS]]
//! cargo bench --bench speed -- launches K D N [STEPS]
//! cargo bench --bench speed -- ways K D N [STEPS]
//! cargo bench --bench speed -- scaling D N STEPS [FILE.svg]
//! ```
//!
//! `nearest`, `step`, `launches`, `ways` and `scaling` run on the CPU, or on what `--device gpu` or `--device NAME` names.
//! Dumped are raw 32-bit numbers, so that a rival works on the same ones.

// A program of its own, whose answers are what it prints.
#![allow(clippy::print_stderr, clippy::print_stdout)]

mod keeping;
mod launches;
mod search;
mod training;
mod ways;
mod window;

use std::path::Path;
use std::time::Instant;

use vqscope::engine::Run;
use vqscope::engine::device;
use vqscope::engine::device::Compute;
use vqscope::scenario::parse;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "nearest N K D [REPEATS] [DUMP_DIR], step K D N [STEPS] [DUMP_DIR], \
    frames K D N [FRAMES], scrub K D N [MOVES], recording K D N [ROUNDS [STEPS]], streaming K D N [ROUNDS [STEPS]], \
    launches K D N [STEPS], ways K D N [STEPS], or scaling D N STEPS [FILE.svg]; \
    --device NAME beside nearest, step, launches, ways and scaling";

fn main() {
    // cargo adds "--bench" to the arguments.
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let device = match arguments.iter().position(|a| a == "--device") {
        Some(at) if at + 1 < arguments.len() => arguments.drain(at..at + 2).nth(1),
        _ => None,
    };
    let device = device.as_deref().unwrap_or("cpu");
    let number = |i: usize| arguments.get(i).and_then(|a| a.parse::<usize>().ok());
    let path = |i: usize| arguments.get(i).map(Path::new);
    match (arguments.first().map(String::as_str), number(1), number(2), number(3)) {
        (Some("nearest"), Some(n), Some(k), Some(d)) => {
            let (repeats, dump) = (number(4).unwrap_or(5), path(5));
            if device == "cpu" {
                search::on_host(n, k, d, repeats, dump);
            } else {
                search::on_adapter(n, k, d, &open(device), repeats, dump);
            }
        }
        (Some("step"), Some(k), Some(d), Some(n)) => {
            training::step(k, d, n, number(4).unwrap_or(50), path(5), &open(device));
        }
        (Some("launches"), Some(k), Some(d), Some(n)) => {
            launches::count(k, d, n, number(4).unwrap_or(40), &open(device));
        }
        (Some("ways"), Some(k), Some(d), Some(n)) => {
            ways::measure(k, d, n, number(4).unwrap_or(100), &open(device));
        }
        (Some("scaling"), Some(d), Some(n), Some(steps)) => {
            training::scaling(d, n, steps, path(4), &open(device));
        }
        (Some("frames"), Some(k), Some(d), Some(n)) => {
            window::frames(k, d, n, number(4).unwrap_or(200));
        }
        (Some("scrub"), Some(k), Some(d), Some(n)) => {
            window::scrub(k, d, n, number(4).unwrap_or(100));
        }
        (Some("recording"), Some(k), Some(d), Some(n)) => {
            keeping::recording(k, d, n, number(4).unwrap_or(10), number(5).unwrap_or(1000));
        }
        (Some("streaming"), Some(k), Some(d), Some(n)) => {
            keeping::streaming(k, d, n, number(4).unwrap_or(10), number(5).unwrap_or(1000));
        }
        _ => println!("{USAGE}"),
    }
}

/// The device whose name holds `name`.
fn open(name: &str) -> Compute {
    let listed = if name == "cpu" { device::cpu_only() } else { device::list() };
    let choice = device::choose(name, &listed).expect("the device is there");
    choice.open().expect("the device opens")
}

/// VQ beside SimVQ on the CPU, with or without what pictures need.
fn twins(k: usize, d: usize, n: usize, with_views: bool) -> Run {
    let text = format!(
        "title='speed'\nsteps=1000000\n[train]\nbatch_tokens={n}\neval_every=1000000\n\
         [data]\neval_tokens=64\n[codebook]\nsize={k}\ndim={d}\n[lanes.a]\npreset='vq'\n\
         [lanes.b]\npreset='simvq'\n"
    );
    let scenario = parse(&text, "speed", &[]).expect("the scenario is sound");
    Run::new(scenario, &open("cpu"), 1, with_views).expect("the run is built")
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
