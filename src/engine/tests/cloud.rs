//! Codes without networks: gradients, error and bias held against numbers computed here.

use crate::data::At;
use crate::engine::Run;
use crate::engine::lane::Lane;
use crate::engine::tests::{compute, floats};
use crate::engine::views::Freshness;
use crate::record::row::StepRow;
use crate::record::setting::Setting;
use crate::scenario::{LaneId, Scenario, demos, parse};

fn scenario(more: &str, lanes: &str) -> Scenario {
    let text = format!(
        "title='x'\nsteps=60\n[model]\nkind='none'\n[data]\nset='cloud'\neval_tokens=256\n{more}\n\
        [codebook]\nsize=8\ndim=2\ninit='normal'\n[train]\noptimizer='sgd'\nlr=0.5\nbatch_tokens=64\n\
        eval_every=20\n{lanes}"
    );
    parse(&text, "x", &[]).unwrap()
}

/// Values of a lane's weights by name.
fn weights(lane: &Lane) -> Vec<(String, Vec<f64>)> {
    let of = |(name, t)| (name, floats(&t).into_iter().map(f64::from).collect());
    lane.parameters().into_iter().map(of).collect()
}

/// The value of one of them.
fn weight<'a>(all: &'a [(String, Vec<f64>)], name: &str) -> Option<&'a [f64]> {
    all.iter().find(|(own, _)| own == name).map(|(_, values)| values.as_slice())
}

/// E = C·W + b in 64 bits.
fn effective(all: &[(String, Vec<f64>)]) -> Vec<[f64; 2]> {
    let codes = weight(all, "codes").unwrap();
    let w = weight(all, "transform.0.weight").unwrap_or(&[1.0, 0.0, 0.0, 1.0]);
    let b = weight(all, "transform.0.bias").unwrap_or(&[0.0, 0.0]);
    let row = |c: &[f64]| [0, 1].map(|j| c[0] * w[j] + c[1] * w[2 + j] + b[j]);
    codes.chunks_exact(2).map(row).collect()
}

/// Squared distance to the nearest code, and which it is.
fn nearest(codes: &[[f64; 2]], x: [f64; 2]) -> (f64, usize) {
    let distance = |e: &[f64; 2]| (e[0] - x[0]).powi(2) + (e[1] - x[1]).powi(2);
    let all = codes.iter().enumerate().map(|(k, e)| (distance(e), k));
    all.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

fn points(flat: &[f32]) -> Vec<[f64; 2]> {
    flat.as_chunks::<2>().0.iter().map(|p| p.map(f64::from)).collect()
}

/// mean((q-x)²) over points and both numbers, each point at the code that it chose before.
fn loss(all: &[(String, Vec<f64>)], points: &[[f64; 2]], chosen: &[usize]) -> f64 {
    let codes = effective(all);
    let square =
        |(x, &k): (&[f64; 2], &usize)| (codes[k][0] - x[0]).powi(2) + (codes[k][1] - x[1]).powi(2);
    points.iter().zip(chosen).map(square).sum::<f64>() / (2 * points.len()) as f64
}

#[test]
fn a_step_of_sgd_takes_the_gradient_of_finite_differences_off_every_weight() {
    let lanes = "[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n";
    let mut run = Run::new(scenario("", lanes), &compute(), 1, false).unwrap();
    for step in 1..=3 {
        let before: Vec<_> = run.lanes().iter().map(weights).collect();
        let batches: Vec<Vec<[f64; 2]>> = run
            .lanes()
            .iter()
            .map(|lane| {
                let at = At { step, switches: &lane.switches };
                points(&lane.data.batch(lane.spec.seed, at, lane.spec.batch_samples()))
            })
            .collect();
        assert_eq!(batches[0], batches[1]);
        run.step().unwrap();
        for ((lane, before), batch) in run.lanes().iter().zip(before).zip(batches) {
            let codes = effective(&before);
            let chosen: Vec<usize> = batch.iter().map(|&x| nearest(&codes, x).1).collect();
            let after = weights(lane);
            let frozen = if lane.learns().1 { "codes" } else { "" };
            for (name, values) in &before {
                for (i, value) in values.iter().enumerate() {
                    let moved = |by: f64| {
                        let mut all = before.clone();
                        all.iter_mut().find(|(own, _)| own == name).unwrap().1[i] += by;
                        loss(&all, &batch, &chosen)
                    };
                    // The loss is a quadratic form of each weight: central differences are exact.
                    let gradient = if name == frozen { 0.0 } else { moved(0.5) - moved(-0.5) };
                    let expected = value - 0.5 * gradient;
                    let got = weight(&after, name).unwrap()[i];
                    assert!((got - expected).abs() < 1e-6, "{step} {name} {i}: {got} {expected}");
                }
            }
        }
    }
    // What was chosen moved: a step that does nothing would pass where no point chose a code.
    let (rows, _) = run.take_news().unwrap();
    assert!(rows.iter().all(|row| row.utilization_batch > 0.1));
}

#[test]
fn the_error_is_that_of_quantization_where_the_cloud_is_now() {
    let lanes = "[lanes.a]\n[lanes.b]\nupdate='ema'\n";
    let mut run = Run::new(scenario("drift=4.0", lanes), &compute(), 1, true).unwrap();
    (0..40).for_each(|_| run.step().unwrap());
    run.set(None, Setting::CloudX(1.5));
    run.step().unwrap();
    let snapshot = run.snapshot(Freshness::Still).unwrap().unwrap();
    let (rows, _) = run.take_news().unwrap();
    for (lane, view) in run.lanes().iter().zip(&snapshot.lanes) {
        let eval = rows.iter().rfind(|r| r.lane == view.id).unwrap().eval.unwrap();
        assert_eq!(eval.step, 41);
        let set = points(&floats(&lane.eval_at(41, usize::MAX)));
        let codes = effective(&weights(lane));
        let sum: f64 = set.iter().map(|&x| nearest(&codes, x).0).sum();
        assert!(
            (eval.recon_mse - sum / (2 * set.len()) as f64).abs() < 1e-6 * eval.recon_mse.max(1.0)
        );
        // Two thirds of the way, and moved from there by hand.
        let middle = set.iter().map(|x| x[0]).sum::<f64>() / set.len() as f64;
        assert!((middle - (4.0 * 41.0 / 60.0 + 1.5)).abs() < 0.2, "{middle}");
        // The map shows the plane as it is, and the way from its first step to its last.
        assert!(view.axes.are_coordinates && view.pictures.is_none());
        let [x, centre] = [view.latents[7][0], view.axes.centre[0]].map(f64::from);
        assert!((x + centre - set[7][0]).abs() < 1e-5);
        let (low, high) =
            (centre - f64::from(view.axes.extent), centre + f64::from(view.axes.extent));
        assert!(low < -1.0 && high > 5.0, "{low} {high}");
    }
    // The loss is the error of the batch, once.
    let last = &rows[rows.len() - 2..];
    assert!(last.iter().all(|r| (r.loss - r.recon_loss).abs() < 1e-6), "{last:?}");
    assert!((last[0].codebook_loss - last[0].recon_loss).abs() < 1e-6, "{last:?}");
}

/// Rows of a run to its end, with settings made on the way.
fn rows(scenario: Scenario, by_hand: &[(u64, Setting)]) -> Vec<StepRow> {
    let mut run = Run::new(scenario, &compute(), 1, false).unwrap();
    while run.step_count() < run.scenario().steps {
        let now = run.step_count();
        by_hand.iter().filter(|due| due.0 == now).for_each(|due| run.set(None, due.1));
        run.step().unwrap();
    }
    run.take_news().unwrap().0
}

#[test]
fn what_is_dragged_is_what_a_timed_change_does_and_nothing_else_sees_it() {
    let lanes = "[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n";
    let plain = scenario("drift=1.0", lanes);
    let dragged = [
        (20, Setting::CloudX(0.75)),
        (20, Setting::CloudAngle(30.0)),
        (31, Setting::CloudScale(2.0)),
    ];
    let by_hand = rows(plain.clone(), &dragged);
    let changes = "[[change]]\nstep=21\ncloud_x=0.75\ncloud_angle=30.0\n[[change]]\nstep=32\ncloud_scale=2.0\n";
    let timed = rows(scenario("drift=1.0", &format!("{lanes}{changes}")), &[]);
    let losses = |rows: &[StepRow]| rows.iter().map(|r| r.loss.to_bits()).collect::<Vec<_>>();
    assert_eq!(losses(&by_hand), losses(&timed));
    let still = rows(plain, &[]);
    assert_eq!(losses(&still)[..40], losses(&by_hand)[..40]);
    assert_ne!(losses(&still)[40..], losses(&by_hand)[40..]);
}

#[test]
fn a_saved_cloud_goes_on_where_it_was() {
    let lanes = "[lanes.a]\ncloud_y=0.5\n[lanes.b]\nlearn_c=false\nlearn_w=true\n";
    let new = || Run::new(scenario("drift=2.0", lanes), &compute(), 1, true).unwrap();
    let mut run = new();
    (0..23).for_each(|_| run.step().unwrap());
    run.set(Some(LaneId::B), Setting::CloudX(-1.0));
    let state = run.save().unwrap();
    assert!(state.lanes.iter().flat_map(|l| &l.parameters).all(|p| p.moments.is_none()));
    let mut again = new();
    again.restore(state).unwrap();
    let [one, other] = [&mut run, &mut again].map(|run| {
        (0..20).for_each(|_| run.step().unwrap());
        let views = run.snapshot(Freshness::Still).unwrap().unwrap().lanes;
        let codes: Vec<_> =
            views.into_iter().map(|view| (view.axes, view.codes, view.latents)).collect();
        (run.take_news().unwrap().0, codes)
    });
    assert_eq!(one, other);
}

#[test]
fn what_learns_nothing_is_no_error() {
    let lanes = "[lanes.a]\nlearn_c=false\nlearn_w=false\n[lanes.b]\nwarmup=5\n";
    let mut run = Run::new(scenario("", lanes), &compute(), 1, false).unwrap();
    let before = floats(&run.lanes()[0].codebook().codes());
    (0..8).for_each(|_| run.step().unwrap());
    assert_eq!(floats(&run.lanes()[0].codebook().codes()), before);
    let (rows, _) = run.take_news().unwrap();
    let of = |id| rows.iter().filter(move |row| row.lane == id);
    assert!(of(LaneId::A).all(|row| row.loss > 0.0));
    let losses: Vec<f64> = of(LaneId::B).map(|row| row.loss).collect();
    assert!(losses[..5].iter().all(|loss| *loss == 0.0) && losses[5] > 0.0, "{losses:?}");
}

/// Share of codes in use at the end of the story, with its cloud and lanes changed.
fn used(sets: &[&str]) -> Vec<f64> {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let story = parse(demos::text("cloud").unwrap(), "cloud", &sets).unwrap();
    let (last, lanes) = (story.steps, story.lane_ids().len());
    let rows = rows(story, &[]);
    let ends = rows[rows.len() - lanes..].iter();
    ends.map(|row| row.eval.filter(|eval| eval.step == last).unwrap().usage.share()).collect()
}

/// Shares that were measured with another program (VQ, SimVQ, SimVQ without bias): none of 4 units 0.97,
/// 1, 0.99; 4 units 0.38, 0.95, 0.44; 12 units 0.06, 0.51, 0.13.
#[test]
fn codes_follow_through_the_bias() {
    for (drift, wanted) in [
        ("0.0", [0.7..1.0, 0.98..1.01, 0.98..1.01]),
        ("4.0", [0.3..0.6, 0.9..1.01, 0.35..0.6]),
        ("12.0", [0.0..0.1, 0.45..0.8, 0.05..0.3]),
    ] {
        let drift = format!("data.drift={drift}");
        let with = used(&[&drift]);
        let without = used(&[&drift, "lanes.b.bias=false"]);
        let shares = [with[0], with[1], without[1]];
        let holds = shares.iter().zip(&wanted).all(|(share, wanted)| wanted.contains(share));
        assert!(holds, "{drift}: {shares:?}");
        assert_eq!(with[0], without[0]);
    }
}
