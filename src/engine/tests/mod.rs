//! The engine as a whole: what is frozen, what a switch leaves alone, and the trainer thread.

mod cloud;
mod flags;
mod motion;
mod slow;

use burn::tensor::Tensor;

use crate::engine::device;
use crate::engine::device::Compute;
use crate::engine::views::Freshness;
use crate::engine::{Run, RunError};
use crate::give_up::{self, Question};
use crate::record::event::EventKind;
use crate::record::row::StepRow;
use crate::record::setting::{BasisMode, Setting};
use crate::record::snapshot::Snapshot;
use crate::scenario::{CodeUpdate, LaneId, OnSwitch, Preset, Scenario, Upkeep, demos, parse};

pub(crate) fn choice() -> device::Choice {
    device::choose("cpu", &device::cpu_only()).unwrap()
}

pub(crate) fn compute() -> Compute {
    choice().open().unwrap()
}

pub(crate) fn scenario(lanes: &str) -> Scenario {
    let text = format!(
        "title='x'\nsteps=300\n[codebook]\nsize=64\ndim=8\n[train]\nbatch_tokens=64\neval_every=50\n[data]\neval_tokens=512\n{lanes}"
    );
    parse(&text, "x", &[]).unwrap()
}

pub(crate) const VQ_AND_SIMVQ: &str = "[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n";

fn floats(t: &Tensor<2>) -> Vec<f32> {
    t.to_data().try_into_vec().unwrap()
}

#[test]
fn frozen_codes_are_bit_identical_after_100_steps() {
    let mut run = Run::new(
        scenario(
            "[lanes.a]\nlearn_c=false\nlearn_w=true\n[lanes.b]\nlearn_c=false\nlearn_w=false\n",
        ),
        &compute(),
        1,
        false,
    )
    .unwrap();
    let codes =
        |run: &Run| run.lanes().iter().map(|l| floats(&l.codebook().codes())).collect::<Vec<_>>();
    let (before, w) = (codes(&run), floats(&run.lanes()[0].codebook().w().unwrap()));
    (0..100).for_each(|_| run.step().unwrap());
    assert!(
        codes(&run)
            .iter()
            .flatten()
            .zip(before.iter().flatten())
            .all(|(a, b)| a.to_bits() == b.to_bits())
    );
    // W moved: a run in which nothing trains would pass as well.
    assert_ne!(floats(&run.lanes()[0].codebook().w().unwrap()), w);
}

#[test]
fn all_four_cells_train() {
    for (c, w) in [(true, false), (false, true), (true, true), (false, false)] {
        let mut run = Run::new(
            scenario(&format!("[lanes.a]\nlearn_c={c}\nlearn_w={w}\n")),
            &compute(),
            1,
            false,
        )
        .unwrap();
        (0..60).for_each(|_| run.step().unwrap());
        let (rows, _) = run.take_news().unwrap();
        assert!(rows[59].recon_loss < 0.5 * rows[0].recon_loss, "{c} {w}: {rows:?}");
    }
}

#[test]
fn every_preset_trains_and_fixed_codes_bring_their_number() {
    for preset in Preset::ALL {
        let own = match preset {
            Preset::VqFc => "factor=4\n",
            Preset::VqWarmup => "warmup=30\n",
            _ => "",
        };
        let text = format!("[lanes.a]\npreset='{}'\n{own}[lanes.b]\n", preset.name());
        let mut run = Run::new(scenario(&text), &compute(), 1, true).unwrap();
        (0..60).for_each(|_| run.step().unwrap());
        let view = run.snapshot(Freshness::Still).unwrap().unwrap().lanes.remove(0);
        let (rows, _) = run.take_news().unwrap();
        let own: Vec<_> = rows.iter().filter(|r| r.lane == LaneId::A).collect();
        assert!(own[59].recon_loss < 0.6 * own[0].recon_loss, "{preset:?}");
        let size = if preset.method().fixed.is_some() { 512 } else { 64 };
        assert_eq!(view.codes.len(), size, "{preset:?}");
    }
}

#[test]
fn what_moves_codes_onto_encodings_ends_when_a_w_stands_between() {
    let mut run =
        Run::new(scenario("[lanes.a]\npreset='vq-revive'\n"), &compute(), 1, false).unwrap();
    (0..3).for_each(|_| run.step().unwrap());
    run.set(None, Setting::Learn { c: false, w: true, on_switch: OnSwitch::Keep });
    let switches = run.lanes()[0].switches;
    assert_eq!((switches.update, switches.upkeep), (CodeUpdate::Gradient, Upkeep::None));
    // And cannot be switched on there.
    run.set(None, Setting::Upkeep(Upkeep::Cvq));
    assert_eq!(run.lanes()[0].switches.upkeep, Upkeep::None);
    let before = floats(&run.lanes()[0].codebook().codes());
    (0..5).for_each(|_| run.step().unwrap());
    assert_eq!(floats(&run.lanes()[0].codebook().codes()), before);
}

#[test]
fn layers_of_equal_shape_start_equal_whatever_the_latents() {
    for own in ["preset='fsq'", "preset='lfq'", "preset='vq-fc'\nfactor=4", "preset='simvq-mlp'"] {
        let text = format!("[lanes.a]\n{own}\n[lanes.b]\n");
        let run = Run::new(scenario(&text), &compute(), 1, false).unwrap();
        let [a, b] = [0, 1].map(|i| &run.lanes()[i]);
        let first = |lane: &crate::engine::lane::Lane| lane.first_layers();
        assert_eq!(first(a), first(b), "{own}");
    }
}

#[test]
fn a_warm_up_trains_without_codes_and_then_starts_them_on_the_encodings() {
    let text = "[lanes.a]\npreset='vq-warmup'\nwarmup=20\n[lanes.b]\n";
    let mut run = Run::new(scenario(text), &compute(), 1, true).unwrap();
    let before = floats(&run.lanes()[0].codebook().codes());
    (0..20).for_each(|_| run.step().unwrap());
    let view = run.snapshot(Freshness::Still).unwrap().unwrap().lanes.remove(0);
    assert_eq!(view.warms_up_until, Some(20));
    assert_eq!((view.window.used, view.window.tokens), (0, 0));
    let eval = view.eval.unwrap();
    assert_eq!((eval.usage.used, eval.quant_error), (0, 0.0));
    let (rows, events) = run.take_news().unwrap();
    assert!(events.iter().all(|e| e.kind != EventKind::Change), "{events:?}");
    // Before the figures become others there is an evaluation, though none is due every 50 steps.
    assert!(rows[rows.len() - 1].eval.is_some());
    let [a, b] =
        [LaneId::A, LaneId::B].map(|id| rows.iter().rfind(|r| r.lane == id).copied().unwrap());
    assert!((a.utilization_batch, a.commitment_loss, a.codebook_loss) == (0.0, 0.0, 0.0));
    assert!(a.recon_loss < b.recon_loss, "nothing is lost without quantization");
    assert_eq!(floats(&run.lanes()[0].codebook().codes()), before);
    run.step().unwrap();
    let (rows, events) = run.take_news().unwrap();
    let begins = events.iter().find(|e| e.kind == EventKind::Change).unwrap();
    assert_eq!(
        (begins.step, begins.lane, &*begins.text),
        (20, Some(LaneId::A), "A: quantization begins")
    );
    let a = rows.iter().find(|r| r.lane == LaneId::A).unwrap();
    assert!(a.eval.is_some());
    // 64 codes that are k-means of the encodings: most are chosen at once.
    assert!(a.utilization_batch > 0.5 && a.loss > a.recon_loss, "{a:?}");
    assert_eq!(run.snapshot(Freshness::Still).unwrap().unwrap().lanes[0].warms_up_until, None);
}

#[test]
fn a_low_rank_w_cannot_keep_the_codes() {
    let text = "[lanes.a]\npreset='vq'\ntransform='low-rank'\nrank=2\n";
    let mut run = Run::new(scenario(text), &compute(), 1, false).unwrap();
    run.step().unwrap();
    run.set(None, Setting::Learn { c: false, w: true, on_switch: OnSwitch::Keep });
    assert_eq!(run.lanes()[0].codebook().learns(), (true, false));
    run.set(None, Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh });
    assert_eq!(run.lanes()[0].codebook().learns(), (false, true));
}

#[test]
fn a_switch_leaves_encoder_and_decoder_alone() {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, false).unwrap();
    (0..20).for_each(|_| run.step().unwrap());
    let encode = |run: &Run| {
        let lane = &run.lanes()[0];
        floats(&lane.encode(lane.eval_at(20, 16)))
    };
    let before = encode(&run);
    run.set(Some(LaneId::A), Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh });
    assert_eq!(encode(&run), before);
    assert_eq!(run.lanes()[0].codebook().learns(), (false, true));
    // Logged with the step at which it acts.
    let (_, events) = run.take_news().unwrap();
    let change = events.iter().find(|e| e.kind == EventKind::Change).unwrap();
    assert_eq!((change.step, change.lane), (20, Some(LaneId::A)));
    assert!(change.text.contains("SimVQ") && change.text.contains("fresh"), "{}", change.text);
}

#[test]
fn pictures_do_not_change_the_series() {
    let series = |with_views: bool, every: u64| -> Vec<StepRow> {
        let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, with_views).unwrap();
        let mut rows = Vec::new();
        for step in 1..=60 {
            run.step().unwrap();
            if step % every == 0 {
                run.snapshot(Freshness::Still).unwrap();
                rows.extend(run.take_news().unwrap().0);
            }
        }
        rows
    };
    let plain = series(false, 60);
    assert_eq!(plain.len(), 120);
    assert_eq!(plain, series(true, 1));
    assert_eq!(plain, series(true, 20));
}

#[test]
fn the_picture_of_a_step_does_not_depend_on_earlier_ones() {
    let picture = |every: u64| -> Snapshot {
        let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
        let mut last = None;
        for step in 1..=47 {
            run.step().unwrap();
            if step % every == 0 || step == 47 {
                last = run.snapshot(Freshness::Still).unwrap();
            }
        }
        last.unwrap()
    };
    let (often, once) = (picture(1), picture(47));
    for (a, b) in often.lanes.iter().zip(&once.lanes) {
        assert_eq!(a.codes, b.codes);
        assert_eq!(a.axes, b.axes);
        assert_eq!(a.movement, b.movement);
        assert_eq!(a.pictures.as_ref().unwrap().outputs, b.pictures.as_ref().unwrap().outputs);
    }
}

#[test]
fn axes_of_the_first_stories_stand_still_from_the_first_picture_on() {
    // The one that opens the program, and the one after it.
    for name in [demos::FIRST, "collapse"] {
        let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
        let mut run = Run::new(scenario, &compute(), 1, true).unwrap();
        let view = |run: &mut Run| {
            let snapshot = run.snapshot(Freshness::Live).unwrap().unwrap();
            snapshot.lanes.iter().map(|l| (l.axes.centre, l.axes.reach())).collect::<Vec<_>>()
        };
        let first = view(&mut run);
        assert_eq!(first[0], first[1], "{name}: both lanes are seen alike");
        for step in 1..=200 {
            run.step().unwrap();
            if step % 25 == 0 {
                assert_eq!(view(&mut run), first, "{name}, step {step}");
            }
        }
    }
}

#[test]
fn shared_axes_are_the_same_in_both_lanes() {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
    (0..10).for_each(|_| run.step().unwrap());
    run.set_basis(BasisMode::Shared).unwrap();
    let snapshot = run.snapshot(Freshness::Still).unwrap().unwrap();
    let [a, b] = [&snapshot.lanes[0].axes, &snapshot.lanes[1].axes];
    assert_eq!((a.centre, a.reach()), (b.centre, b.reach()));
    run.set_basis(BasisMode::Fixed).unwrap();
    (0..20).for_each(|_| run.step().unwrap());
    let later = run.snapshot(Freshness::Still).unwrap().unwrap();
    assert_eq!(later.lanes[0].axes.step, 10);
}

#[test]
fn a_run_that_is_given_up_while_it_is_built_or_in_its_first_step_is_none() {
    let yes = Question::new(|| true);
    let new = || Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true);
    assert!(matches!(give_up::within(&yes, new), Err(RunError::GivenUp)));
    let mut run = new().unwrap();
    assert!(matches!(give_up::within(&yes, || run.step()), Err(RunError::GivenUp)));
}
