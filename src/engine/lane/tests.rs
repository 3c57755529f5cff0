//! Parts of a batch against the whole.

use crate::engine::Run;
use crate::engine::lane::*;
use crate::engine::tests::{compute, scenario};
use crate::scenario::Preset;

/// Samples of a batch that has no middle.
const BATCH: usize = 63;

/// A lane of `preset` after some steps, alone in its run or beside another one.
fn trained(preset: Preset, others: &str) -> Run {
    let own = if preset == Preset::VqFc { "factor=4\n" } else { "" };
    let text = format!("[lanes.a]\npreset='{}'\n{own}{others}", preset.name());
    let mut scenario = scenario(&text);
    scenario.train.batch_tokens = BATCH;
    let mut run = Run::new(scenario, &compute(), 1, false).unwrap();
    (0..10).for_each(|_| run.step().unwrap());
    run
}

#[test]
fn gradients_and_losses_of_two_halves_add_up_to_those_of_the_batch() {
    let floats = |t: &Tensor<2>| t.to_data().try_into_vec::<f32>().unwrap();
    for preset in Preset::ALL {
        let run = trained(preset, "");
        let lane = &run.lanes()[0];
        let x = lane.data.batch(5, lane.at(99), BATCH);
        let x = Tensor::from_data(TensorData::new(x, [BATCH, 64]), &lane.compute.device);
        let codes = lane.quantizes.then(|| lane.codebook.effective());
        let parts = lane.parts(x.clone());
        // An entropy penalty is no sum over tokens.
        let is_whole = matches!(preset, Preset::Entropy | Preset::Lfq);
        let sizes: Vec<usize> = parts.iter().map(|part| part.dims()[0]).collect();
        assert_eq!(sizes, if is_whole { vec![63] } else { vec![31, 32] }, "{preset:?}");
        let part = |x: Tensor<2>| {
            let share = x.dims()[0] as f64 / BATCH as f64;
            lane.part(x, codes.as_ref(), share)
        };
        let halves = parts.into_iter().map(part).reduce(Part::with).unwrap();
        let whole = lane.part(x, codes.as_ref(), 1.0);
        assert_eq!(floats(&halves.z), floats(&whole.z));
        let index = |part: &Part| {
            part.index.as_ref().map(|i| i.to_data().convert::<i32>().try_into_vec::<i32>().unwrap())
        };
        assert_eq!(index(&halves), index(&whole));
        let all = |part: Part| [part.nets, part.codebook, vec![Some(part.terms)]].concat();
        let (halves, whole) = (all(halves), all(whole));
        assert_eq!(halves.len(), whole.len());
        assert!(whole.iter().flatten().count() > 8, "{preset:?}");
        for (number, pair) in halves.iter().zip(&whole).enumerate() {
            let (Some(sum), Some(one)) = pair else {
                assert!(pair.0.is_none() && pair.1.is_none(), "{preset:?} {number}");
                continue;
            };
            let (sum, one) = (floats(sum), floats(one));
            let largest = one.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            for (a, b) in sum.iter().zip(&one) {
                assert!((a - b).abs() <= 2e-5 * largest, "{preset:?} {number}: {a} against {b}");
            }
        }
    }
}

#[test]
fn a_batch_is_halved_only_where_a_core_would_idle() {
    let parts = |run: &Run, batch: usize| {
        let lane = &run.lanes()[0];
        lane.parts(Tensor::zeros([batch, 64], &lane.compute.device)).len()
    };
    let alone = trained(Preset::Simvq, "");
    assert_eq!([1, 2, 63, 512].map(|batch| parts(&alone, batch)), [1, 2, 2, 2]);
    // The backend shares out what is larger than this.
    assert_eq!(parts(&alone, 4096), 1);
    assert_eq!(parts(&trained(Preset::Simvq, "[lanes.b]\n"), 512), 1);
}
