//! Files turned into pictures.

mod folders;
mod look;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::record::event::{Counts, Lookup};
use crate::watch::look::Looker;
use crate::watch::reader::{External, read};
use crate::watch::rules::plan;
use crate::watch::rules::wishes::Wishes;
use crate::watch::used::{self, Known};

const FILES: &str = "tests/reference/codebooks";

#[derive(Deserialize)]
struct Expected {
    series: BTreeMap<u64, Measured>,
    forms: Forms,
}

#[derive(Deserialize)]
struct Measured {
    used: usize,
    tokens: usize,
    perplexity: f64,
    quant_error: f64,
    counted_here: Vec<u32>,
}

#[derive(Deserialize)]
struct Forms {
    singular_values: Vec<f32>,
    counted_here: Vec<u32>,
}

fn expected() -> Expected {
    let text = std::fs::read_to_string(format!("{FILES}/expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn series_file(step: u64) -> PathBuf {
    Path::new(FILES).join(format!("series/codebook_{step:06}.safetensors"))
}

#[test]
fn a_series_looks_as_numpy_counts_it() {
    let mut looker = Looker::new(1);
    for (&step, measured) in &expected().series {
        let file = read(&series_file(step), &Wishes::default()).unwrap();
        let look = looker.look(step, file.clone());
        let counts = Counts::InFile { array: "usage".into() };
        assert_eq!((look.reading.counts, look.snapshot.step), (counts, step));
        let eval = look.row.eval.unwrap();
        assert_eq!((eval.usage.used, eval.usage.tokens), (measured.used, measured.tokens));
        assert!((look.row.perplexity_batch - measured.perplexity).abs() < 1e-9);
        assert!((eval.quant_error / measured.quant_error - 1.0).abs() < 1e-5, "{step}");
        assert!(look.row.loss.is_nan() && eval.recon_mse.is_nan());
        let lane = &look.snapshot.lanes[0];
        assert_eq!((lane.codes.len(), lane.latents.len(), lane.latent_stds.len()), (64, 256, 8));
        // Without counts in the file, its latents are counted.
        let counted = crate::watch::reader::counted(&file);
        assert_eq!(counted.get().unwrap().of_code, measured.counted_here);
    }
}

#[test]
fn a_matrix_has_the_singular_values_of_numpy() {
    let file = read(&Path::new(FILES).join("forms/simvq_12.npz"), &Wishes::default()).unwrap();
    let look = Looker::new(1).look(12, file);
    let (lane, forms) = (&look.snapshot.lanes[0], expected().forms);
    let pairs = lane.singular_values.iter().zip(&forms.singular_values);
    assert!(pairs.map(|(a, b)| (a - b).abs()).all(|error| error < 1e-5));
    assert_eq!(lane.window_counts, forms.counted_here);
    assert!(lane.learn_w && (1.0..8.0).contains(&lane.effective_rank_w));
}

/// Four codes on a cross, twice as far out along the first axis.
fn cross(scale: f32) -> External {
    External {
        step: None,
        is_step_inside: false,
        size: 4,
        dim: 2,
        codes: [2.0, 0.0, -2.0, 0.0, 0.0, 1.0, 0.0, -1.0].map(|x: f32| x * scale).into(),
        w: None,
        uses: used::of_values("usage", &[2.0, 1.0, 1.0, 0.0], false).unwrap(),
        latents: None,
        lookup: (Lookup::L2, plan::Known::Assumed),
        level: 0,
        levels: Vec::new(),
        tuples: None,
        broken: Vec::new(),
        notes: Vec::new(),
        array: "codebook".into(),
    }
}

#[test]
fn one_cross_looks_as_worked_out_by_hand() {
    let mut looker = Looker::new(3);
    let first = looker.look(10, cross(1.0));
    let lane = &first.snapshot.lanes[0];
    assert_eq!((first.snapshot.run, lane.movement.len(), lane.movement_steps), (3, 0, 0));
    // Variances 8/4 and 2/4 along the axes.
    assert!((lane.axes.explained[0] - 0.8).abs() < 1e-6);
    assert_eq!(lane.codes.iter().map(|p| p[0].abs()).collect::<Vec<_>>(), [2.0, 2.0, 0.0, 0.0]);
    // 2^1.5, as of one half and two quarters.
    assert!((first.row.perplexity_batch - 2.828_427_124_746_19).abs() < 1e-9);
    assert_eq!((first.row.utilization_window, first.row.window_tokens), (0.75, 4));
    // The same cross, grown and mirrored: axes keep their direction, each code went its own way.
    let second = looker.look(30, cross(-1.5));
    let lane = &second.snapshot.lanes[0];
    assert_eq!((lane.movement.as_slice(), lane.movement_steps), (&[5.0, 5.0, 2.5, 2.5][..], 20));
    assert_eq!(lane.codes[0][0], -1.5 * first.snapshot.lanes[0].codes[0][0]);
    // A file that tells nothing of use has no counts, rather than zeros.
    let silent = External { uses: Known::Nothing(Counts::Unknown), ..cross(1.0) };
    let look = looker.look(40, silent);
    assert_eq!(look.reading.counts, Counts::Unknown);
    assert!(!look.snapshot.lanes[0].knows_use() && look.row.eval.is_none());
    assert!(look.row.utilization_window.is_nan() && look.row.perplexity_batch.is_nan());
}
