//! Models that PyTorch has loaded: its forward pass against ours from the same file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{About, to_bytes};
use crate::archive::Arrays;
use crate::engine::Run;
use crate::engine::device::{choose, cpu_only};
use crate::record::state::Matrix;
use crate::scenario::parse;

/// What `tests/reference/load_model.py` found, all numbers of each array in a row.
#[derive(Deserialize)]
struct Found {
    z: Vec<f32>,
    index: Vec<i32>,
    x_hat: Vec<f32>,
}

const MODELS: &str = "tests/reference/models";

/// A run with the weights of a file in the place of its initial ones.
fn load(name: &str) -> (Run, Vec<u8>) {
    let text = std::fs::read_to_string(format!("{MODELS}/{name}.toml")).unwrap();
    let scenario = parse(&text, name, &[]).unwrap();
    let compute = choose("cpu", &cpu_only()).unwrap().open().unwrap();
    let mut run = Run::new(scenario, &compute, 1, false).unwrap();
    let path = format!("{MODELS}/{name}.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let (mut arrays, about) = Arrays::from_bytes::<About>(Path::new(&path), &bytes).unwrap();
    let mut state = run.save().unwrap();
    state.step = about.step;
    for lane in &mut state.lanes {
        // C comes from the file and not from the seed.
        lane.facts.drawn = None;
        for parameter in &mut lane.parameters {
            let name = format!("{}.{}", lane.facts.id.name(), parameter.name);
            let (shape, values) = arrays.take_f32(Path::new(&path), &name).unwrap().unwrap();
            parameter.value = Some(Matrix { shape: shape.try_into().unwrap(), values });
        }
    }
    run.restore(state).unwrap();
    (run, bytes)
}

#[test]
fn pytorch_and_the_program_make_the_same_of_a_saved_model() {
    let names = ["vq_simvq", "diagonal_low_rank", "mlp_factor", "cosine_fsq", "lfq_ema"];
    for name in names {
        let text = std::fs::read_to_string(format!("{MODELS}/{name}.json")).unwrap();
        let found: BTreeMap<String, Found> = serde_json::from_str(&text).unwrap();
        let (run, bytes) = load(name);
        assert_eq!(run.lanes().len(), found.len());
        for lane in run.lanes() {
            let expected = &found[lane.spec.id.name()];
            let (_, probe) = lane.model(run.step_count()).unwrap();
            assert_eq!(probe.index, expected.index, "{name} {:?}", lane.spec.id);
            for (ours, theirs) in [(&probe.z, &expected.z), (&probe.x_hat, &expected.x_hat)] {
                assert_eq!(ours.values.len(), theirs.len());
                let apart = ours.values.iter().zip(theirs).map(|(a, b)| (a - b).abs());
                let largest = apart.fold(0.0, f32::max);
                assert!(largest < 1e-5, "{name} {:?}: {largest}", lane.spec.id);
            }
        }
        // Nothing of the file was left out: the run writes the same numbers again.
        let again = to_bytes(&run).unwrap();
        let place = Path::new(name);
        let (mut before, _) = Arrays::from_bytes::<About>(place, &bytes).unwrap();
        let (mut after, about) = Arrays::from_bytes::<About>(place, &again).unwrap();
        assert_eq!(about.lanes.len(), 2);
        assert_eq!(before.size(), after.size());
        let weights = run.lanes()[1].parameters();
        for (own, _) in weights {
            let own = format!("b.{own}");
            assert_eq!(before.take_f32(place, &own).unwrap(), after.take_f32(place, &own).unwrap());
        }
    }
}
