//! Parts of a batch against the whole.

use crate::engine::Run;
use crate::engine::device;
use crate::engine::lane::autodiff::Part;
use crate::engine::lane::*;
use crate::engine::tests::{compute, compute as compute_on_host, scenario};
use crate::scenario::{DataSet, Estimator, OnSwitch, Preset};

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
        let codes = lane.quantizes.then(|| lane.codebook().effective());
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

type Learned = (String, usize, [Vec<f32>; 2], Vec<f32>);

/// Gradients that Adam has averaged so far and their squares, by name, and the values of the weights.
fn learned(lane: &mut Lane) -> Vec<Learned> {
    let floats = |t: &Tensor<2>| t.to_data().try_into_vec::<f32>().unwrap();
    let of = |(name, weight): (String, &mut Weight)| {
        let moments = weight.moments().map(|m| (m.0, [floats(&m.1), floats(&m.2)]));
        let (time, moments) = moments.unwrap_or_default();
        (name, time, moments, floats(&weight.value()))
    };
    lane.weights_mut().into_iter().map(of).collect()
}

#[test]
fn a_step_in_few_launches_is_the_step_by_autodiff() {
    let Some(adapter) = device::any_adapter() else { return };
    // On one that can do no more than every adapter can, too.
    let least = device::least_adapter().expect("there is an adapter");
    assert_eq!(least.buffer_limit, Some(128 << 20));
    let cases = [
        // No size is a multiple of a tile; K needs two workgroups of codes.
        ("vq", "", 57, 1, DataSet::Photos, [300, 6]),
        ("simvq", "", 57, 1, DataSet::Photos, [300, 6]),
        ("simvq", "bias=false", 57, 1, DataSet::Photos, [300, 6]),
        ("simvq", "learn_w=false", 57, 1, DataSet::Photos, [300, 6]),
        ("vq", "c_lr=0.25", 57, 4, DataSet::Photos, [300, 6]),
        ("simvq", "", 57, 1, DataSet::Digits, [300, 6]),
        // Sums in parts, and more tokens than a workgroup has units.
        ("simvq", "learn_c=true", 300, 1, DataSet::Photos, [300, 8]),
        ("simvq", "learn_c=true", 300, 1, DataSet::Photos, [300, 8]),
        // Codes with more numbers than a workgroup has units.
        ("vq", "", 140, 1, DataSet::Photos, [40, 260]),
    ];
    for (number, case) in cases.into_iter().enumerate() {
        let (preset, own, samples, tokens, set, [size, dim]) = case;
        let compute = if number % 2 == 0 { &adapter } else { &least };
        let mut scenario = scenario(&format!("[lanes.a]\npreset='{preset}'\n{own}\n"));
        scenario.train.batch_tokens = samples * tokens;
        (scenario.codebook.size, scenario.codebook.dim) = (size, dim);
        (scenario.model.tokens, scenario.data.set) = (Some(tokens), set);
        let spec = scenario.lane_specs().remove(0);
        let lane = |on: &Compute| Lane::new(spec.clone(), true, on).unwrap();
        let (mut few, mut autodiff) = (lane(compute), lane(compute));
        let mut host = lane(&compute_on_host());
        let samples = spec.batch_samples();
        for step in 1..=3 {
            let form = few.form(step).expect("the form is covered");
            let places = few.data.batch_in_row(spec.seed, few.at(step), samples);
            let places = TensorData::new(places, [2 * samples]);
            few.step(step, Batch::Places(Tensor::from_data(places, &compute.device), form));
            let x = autodiff.data.batch(spec.seed, autodiff.at(step), samples);
            let x = TensorData::new(x, [samples, spec.pixels()]);
            assert!(host.form(step).is_none());
            host.step(step, Batch::Samples(Tensor::from_data(x.clone(), &host.compute.device)));
            autodiff.step(step, Batch::Samples(Tensor::from_data(x, &compute.device)));
            let case = format!("{case:?} step {step}");
            let [ours, theirs, of_host] =
                [&mut few, &mut autodiff, &mut host].map(|l| l.read_back().unwrap().0);
            let terms = |rows: &[StepRow]| {
                let row = &rows[0];
                assert_eq!((rows.len(), row.step), (1, step));
                [row.loss, row.recon_loss, row.codebook_loss, row.commitment_loss]
            };
            for others in [&theirs, &of_host] {
                for (a, b) in terms(&ours).into_iter().zip(terms(others)) {
                    assert!((a - b).abs() <= 1e-5 * b.abs(), "{case}: {a} against {b}");
                }
            }
            assert_eq!(few.window.counts(), autodiff.window.counts(), "{case}");
            // Before values are read from the row, and the row is made anew from them.
            if step == 2 {
                continue;
            }
            let pairs = learned(&mut few).into_iter().zip(learned(&mut autodiff));
            for ((name, time, ours, value), (_, other_time, theirs, other_value)) in pairs {
                assert_eq!(time, other_time, "{case} {name}");
                for (ours, theirs) in ours.iter().zip(&theirs) {
                    assert_eq!(ours.len(), theirs.len(), "{case} {name}");
                    let most = theirs.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
                    for (a, b) in ours.iter().zip(theirs) {
                        assert!((a - b).abs() <= 1e-4 * most, "{case} {name}: {a} against {b}");
                    }
                }
                // Adam makes a whole step of the least gradient, whatever its sign.
                let lr = spec.lr as f32;
                let far =
                    value.iter().zip(&other_value).filter(|(a, b)| (*a - *b).abs() > 0.1 * lr);
                assert!(far.count() <= value.len() / 200, "{case} {name}");
            }
        }
        assert_eq!(learned(&mut few)[0].1, 3);
    }
}

#[test]
fn what_reads_a_lane_between_steps_in_few_launches_sees_the_present() {
    let Some(compute) = device::any_adapter() else { return };
    let spec = scenario("[lanes.a]\npreset='vq'").lane_specs().remove(0);
    let mut lane = Lane::new(spec.clone(), true, &compute).unwrap();
    let floats = |t: Tensor<2>| t.to_data().try_into_vec::<f32>().unwrap();
    let samples = spec.batch_samples();
    let train = |lane: &mut Lane, step: u64| {
        let form = lane.form(step).expect("the form is covered");
        let places = lane.data.batch_in_row(spec.seed, lane.at(step), samples);
        let places = TensorData::new(places, [2 * samples]);
        lane.step(step, Batch::Places(Tensor::from_data(places, &compute.device), form));
    };
    let start = floats(lane.codebook().effective());
    train(&mut lane, 1);
    let first = floats(lane.codebook().effective());
    assert_eq!(floats(lane.past.newest().unwrap().clone()), start);
    train(&mut lane, 2);
    let second = floats(lane.codebook().effective());
    assert_eq!(floats(lane.past.newest().unwrap().clone()), first);
    assert!(start != first && first != second);
    // The same values once they are tensors of their own, and C is no longer as it was drawn.
    assert_eq!(floats(lane.codebook_mut().effective()), second);
    assert_eq!(lane.codebook().drawn(), None);
    let (rows, _) = lane.read_back().unwrap();
    assert_eq!(rows.iter().map(|row| row.step).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_switch_between_steps_in_few_launches_leaves_what_it_leaves_on_the_host() {
    let Some(adapter) = device::any_adapter() else { return };
    let spec = scenario("[lanes.a]\npreset='vq'").lane_specs().remove(0);
    let lane = |on: &Compute| Lane::new(spec.clone(), true, on).unwrap();
    let (mut few, mut host) = (lane(&adapter), lane(&compute()));
    let samples = spec.batch_samples();
    let switches = [
        (3, Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh }),
        (5, Setting::Learn { c: true, w: true, on_switch: OnSwitch::Fresh }),
        (7, Setting::Estimator(Estimator::Rotation)),
        (9, Setting::Estimator(Estimator::StraightThrough)),
        (10, Setting::Learn { c: true, w: false, on_switch: OnSwitch::Fresh }),
    ];
    for step in 1..=12 {
        for (_, setting) in switches.iter().filter(|(at, _)| *at == step) {
            assert!(few.set(*setting) && host.set(*setting));
        }
        assert_eq!(few.form(step).is_some(), !(7..9).contains(&step), "{step}");
        let batch = match few.form(step) {
            Some(form) => {
                let places = few.data.batch_in_row(spec.seed, few.at(step), samples);
                let places = TensorData::new(places, [2 * samples]);
                Batch::Places(Tensor::from_data(places, &adapter.device), form)
            }
            None => {
                let x = few.data.batch(spec.seed, few.at(step), samples);
                let x = TensorData::new(x, [samples, spec.pixels()]);
                Batch::Samples(Tensor::from_data(x, &adapter.device))
            }
        };
        few.step(step, batch);
        let x = host.data.batch(spec.seed, host.at(step), samples);
        let x = TensorData::new(x, [samples, spec.pixels()]);
        host.step(step, Batch::Samples(Tensor::from_data(x, &host.compute.device)));
    }
    // Read at once: the numbers of steps of both kinds come in the order of the steps.
    let [ours, theirs] = [&mut few, &mut host].map(|l| l.read_back().unwrap().0);
    let terms = |row: &StepRow| [row.loss, row.recon_loss, row.codebook_loss];
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.step, theirs.step);
        for (a, b) in terms(ours).into_iter().zip(terms(theirs)) {
            assert!((a - b).abs() <= 1e-3 * b.abs(), "step {}: {a} against {b}", ours.step);
        }
    }
    assert_eq!(ours.len(), 12);
    let times = |lane: &mut Lane| -> Vec<usize> {
        learned(lane).into_iter().map(|(_, time, ..)| time).collect()
    };
    assert_eq!(times(&mut few), times(&mut host));
}
