//! Who moved in a step, held against the weights before and after it.

use crate::engine::Run;
use crate::engine::tests::{VQ_AND_SIMVQ, compute, floats, scenario};
use crate::engine::views::Freshness;
use crate::record::moves::Motion;
use crate::record::setting::Setting;
use crate::record::snapshot::LaneView;
use crate::scenario::{LaneId, OnSwitch, parse};

/// E of all lanes.
fn codes(run: &Run) -> Vec<Vec<f32>> {
    run.lanes().iter().map(|lane| floats(&lane.codebook().effective())).collect()
}

fn views(run: &mut Run) -> Vec<LaneView> {
    run.snapshot(Freshness::Still).unwrap().unwrap().lanes
}

#[test]
fn vq_moves_what_was_chosen_and_what_has_momentum_and_simvq_moves_all() {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
    assert!(views(&mut run).iter().all(|view| view.moved.is_none()));
    // A chosen code, one that was chosen five steps ago, one that never was.
    let (mut carried, mut never) = (0, 0);
    for _ in 0..80 {
        let before = codes(&run);
        run.step().unwrap();
        let after = codes(&run);
        for ((view, before), after) in views(&mut run).iter().zip(before).zip(after) {
            let pairs = before.chunks_exact(8).zip(after.chunks_exact(8));
            let ways = pairs.map(|(a, b)| {
                a.iter().zip(b).map(|(a, b)| f64::from(b - a).powi(2)).sum::<f64>().sqrt()
            });
            let moved = view.moved.unwrap();
            assert_eq!(moved.chosen, view.batch.used);
            let mut far: Vec<f64> = Vec::new();
            for (code, way) in ways.enumerate() {
                let got = f64::from(view.step_movement[code]);
                assert!((got - way).abs() < 1e-6 + 1e-4 * way, "{code}: {got} {way}");
                let since = view.steps_since_chosen(code);
                far.extend((since == Some(0)).then_some(way));
                match (view.motion(code).unwrap(), since) {
                    (Motion::Shared, _) => assert_eq!(view.id, LaneId::B),
                    (Motion::Carried, since) => {
                        assert_eq!(view.id, LaneId::A);
                        carried += u32::from(since == Some(5));
                    }
                    (Motion::Still, None) => never += 1,
                    (Motion::Chosen, since) => assert_eq!(since, Some(0)),
                    (Motion::Still, Some(_)) => {}
                }
                if view.id == LaneId::A && since.is_none() {
                    assert_eq!(view.step_movement[code], 0.0, "{code} was never chosen");
                }
            }
            far.sort_by(f64::total_cmp);
            let median = far[far.len() / 2];
            assert!((f64::from(moved.least) / median - 0.01).abs() < 1e-4, "{moved:?} {median}");
            // W may leave one where it is, which is as likely as any other point.
            assert!(view.id == LaneId::A || moved.moved >= 60, "{moved:?}");
        }
    }
    assert!(carried > 0 && never > 0, "{carried} {never}");
    let views = views(&mut run);
    let [a, b] = [&views[0], &views[1]].map(|view| view.moved.unwrap().moved);
    assert!(a < b, "{a} {b}");
    // Evaluations note the same.
    let (rows, _) = run.take_news().unwrap();
    let shares = rows.iter().filter_map(|row| Some((row.lane, row.eval?.moved)));
    let shares: Vec<(LaneId, f64)> = shares.collect();
    assert!(
        shares.iter().all(|(lane, share)| (*lane == LaneId::B) == (*share > 0.9)),
        "{shares:?}"
    );
}

#[test]
fn without_momentum_what_moved_was_chosen() {
    let text = "title='x'\nsteps=50\n[model]\nkind='none'\n[data]\nset='cloud'\neval_tokens=64\ndrift=2.0\n\
        [codebook]\nsize=32\ndim=2\n[train]\noptimizer='sgd'\nlr=1.0\nbatch_tokens=16\n[lanes.a]\n";
    let mut run = Run::new(parse(text, "x", &[]).unwrap(), &compute(), 1, true).unwrap();
    let mut before = Vec::new();
    for step in 1..=20 {
        before.push(codes(&run).remove(0));
        run.step().unwrap();
        let view = views(&mut run).remove(0);
        let moved = view.moved.unwrap();
        assert_eq!(moved.chosen, view.batch.used);
        for code in 0..32 {
            let is_chosen = view.steps_since_chosen(code) == Some(0);
            assert_eq!(is_chosen, view.step_movement[code] > 0.0, "{step} {code}");
            let wanted = if is_chosen { Motion::Chosen } else { Motion::Still };
            let went_far = view.step_movement[code] > moved.least;
            assert!(view.motion(code) == Some(wanted) || !went_far, "{step} {code}");
        }
        // Tails begin where the codes were some steps ago.
        let tail = usize::try_from(view.tail_steps).unwrap();
        assert_eq!(tail, if step > 1 { 8.min(step) } else { 0 });
        if tail > 0 {
            let then = &before[step - tail];
            for (at, code) in view.tails.iter().zip(then.chunks_exact(2)) {
                let there = [0, 1].map(|i| at[i] + view.axes.centre[i]);
                assert!((0..2).all(|i| (there[i] - code[i]).abs() < 1e-5), "{there:?} {code:?}");
            }
        }
    }
}

#[test]
fn codes_that_are_replaced_have_not_moved_and_a_saved_run_knows_the_last_uses() {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
    (0..30).for_each(|_| run.step().unwrap());
    let since = views(&mut run).remove(0).since_chosen;
    let state = run.save().unwrap();
    let mut again = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
    again.restore(state).unwrap();
    let view = views(&mut again).remove(0);
    assert_eq!(view.since_chosen, since);
    // It would take the step before it to say who moved.
    assert!(view.moved.is_none() && view.tails.is_empty());
    let next = [&mut run, &mut again].map(|run| {
        run.step().unwrap();
        let view = views(run).remove(0);
        (view.moved, view.step_movement, view.since_chosen)
    });
    assert_eq!(next[0], next[1]);
    run.set(Some(LaneId::A), Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh });
    assert!(views(&mut run).remove(0).moved.is_none());
    run.step().unwrap();
    assert!(views(&mut run).remove(0).moved.unwrap().moved >= 60);
}

#[test]
fn the_distance_from_the_plane_of_the_map_is_what_is_left_of_all_dimensions() {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
    (0..30).for_each(|_| run.step().unwrap());
    let views = views(&mut run);
    let state = run.save().unwrap();
    for ((lane, view), saved) in run.lanes().iter().zip(&views).zip(&state.lanes) {
        let axes = &saved.track.as_ref().unwrap().facts.axes;
        let codes = floats(&lane.codebook().effective());
        let latents = floats(&lane.encode(lane.eval_at(30, 512)));
        let mean = |i: usize| {
            latents.iter().skip(i).step_by(8).map(|x| f64::from(*x)).sum::<f64>() / 512.0
        };
        let mean: Vec<f64> = (0..8).map(mean).collect();
        for (code, got) in codes.chunks_exact(8).zip(&view.off_plane) {
            let away: Vec<f64> = code.iter().zip(&mean).map(|(e, m)| f64::from(*e) - m).collect();
            let along = |axis: &[f64]| axis.iter().zip(&away).map(|(a, x)| a * x).sum::<f64>();
            let all: f64 = away.iter().map(|x| x * x).sum();
            let left = all - along(&axes[0]).powi(2) - along(&axes[1]).powi(2);
            assert!((left - f64::from(*got)).abs() < 1e-4 * (1.0 + all), "{left} {got}");
        }
        assert!(view.off_plane.len() == 64 && view.off_plane.iter().any(|off| *off > 1e-3));
    }
}
