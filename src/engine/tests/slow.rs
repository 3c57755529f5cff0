//! The numbers of slow motion add up to the step's own.

use crate::engine::Run;
use crate::engine::tests::{VQ_AND_SIMVQ, compute, floats, scenario};
use crate::record::token_step::TokenStep;
use crate::scenario::{LaneId, parse};

const SGD: &str = "title='x'\nsteps=60\n[model]\nkind='none'\n[data]\nset='cloud'\neval_tokens=64\n\
    drift=3.0\n[codebook]\nsize=16\ndim=2\ninit='normal'\n[train]\noptimizer='sgd'\nlr=0.8\n\
    batch_tokens=32\n[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n";

fn told(run: &mut Run, token: usize) -> Vec<TokenStep> {
    run.tell_next(token);
    run.step().unwrap();
    let told = run.take_told();
    assert!(run.take_told().is_empty());
    told
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() < 1e-5 * scale.max(1e-3)
}

#[test]
fn terms_of_a_token_are_its_part_of_the_batch_and_those_are_the_steps_own() {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, false).unwrap();
    (0..4).for_each(|_| run.step().unwrap());
    run.take_news().unwrap();
    let before: Vec<_> = run.lanes().iter().map(|l| floats(&l.codebook().effective())).collect();
    let all = told(&mut run, 17);
    let after: Vec<_> = run.lanes().iter().map(|l| floats(&l.codebook().effective())).collect();
    let (rows, _) = run.take_news().unwrap();
    assert_eq!(all.len(), 2);
    for (i, token) in all.iter().enumerate() {
        let row = rows.iter().find(|row| row.lane == token.lane).unwrap();
        assert_eq!((token.step, token.token, row.step), (5, 17, 5));
        assert!(close(token.batch.quantization, row.codebook_loss, row.codebook_loss), "{token:?}");
        assert!(close(token.batch.recon, row.recon_loss, row.recon_loss), "{token:?}");
        assert!(token.own.recon < token.batch.recon && token.own.quantization > 0.0);
        // |z-q|² of the token, over all numbers of the batch.
        let square = token.near[0].distance.powi(2) / (64.0 * 8.0);
        assert!(close(token.own.quantization, square, square), "{token:?}");
        assert_eq!(token.near[0].code, token.chosen.code);
        assert!(token.near.windows(2).all(|w| w[0].distance <= w[1].distance));
        for code in std::iter::once(&token.chosen).chain(&token.bystander) {
            let row = code.code * 8..code.code * 8 + 8;
            assert_eq!(
                (&code.before[..], &code.after[..]),
                (&before[i][row.clone()], &after[i][row])
            );
        }
        let share = (row.utilization_batch * 64.0).round() as usize;
        assert_eq!(token.codes_chosen, share);
        assert!(token.bystander.is_some() && token.z != token.z_after);
    }
    // To be told changes nothing.
    let mut plain = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, false).unwrap();
    (0..5).for_each(|_| plain.step().unwrap());
    assert_eq!(plain.take_news().unwrap().0[8..], rows[..]);
}

#[test]
fn a_step_of_sgd_is_the_pull_and_in_simvq_it_goes_through_w_and_b_to_all() {
    let mut run = Run::new(parse(SGD, "x", &[]).unwrap(), &compute(), 1, true).unwrap();
    for step in 0..12 {
        let c = floats(&run.lanes()[1].codebook().codes());
        let before = floats(&run.lanes()[1].codebook().effective());
        let all = told(&mut run, step);
        let [a, b] = [&all[0], &all[1]];
        assert_eq!((a.lane, b.lane), (LaneId::A, LaneId::B));
        // VQ: Δe_k = -η G_k for the chosen code, nothing for the one that nobody chose.
        for ((before, after), pull) in a.chosen.before.iter().zip(&a.chosen.after).zip(&a.pull) {
            assert!(close(f64::from(after - before), -0.8 * f64::from(*pull), 1.0), "{a:?}");
        }
        assert!(a.chosen.way() > 0.0 && a.pull_w.is_none() && a.pull_b.is_none());
        assert!(a.bystander.as_ref().is_none_or(|code| code.way() == 0.0));
        // SimVQ: Δe_j = -η(c_j CᵀG + ΣG), whether j was chosen or not.
        let after = floats(&run.lanes()[1].codebook().effective());
        let batch = {
            let lane = &run.lanes()[1];
            lane.data.batch(lane.spec.seed, lane.at(b.step), 32)
        };
        let mut pulls = vec![0.0_f64; 32];
        for x in batch.chunks_exact(2) {
            let away = |code: &[f32]| {
                (f64::from(code[0]) - f64::from(x[0])).powi(2)
                    + (f64::from(code[1]) - f64::from(x[1])).powi(2)
            };
            let (k, code) = before
                .chunks_exact(2)
                .enumerate()
                .min_by(|p, q| away(p.1).total_cmp(&away(q.1)))
                .unwrap();
            (0..2).for_each(|j| pulls[2 * k + j] += 2.0 * f64::from(code[j] - x[j]) / 64.0);
        }
        let own = &pulls[2 * b.chosen.code..2 * b.chosen.code + 2];
        assert!(own.iter().zip(&b.pull).all(|(g, pull)| close(*g, f64::from(*pull), 1.0)));
        let of_b = [0, 1].map(|j| pulls.iter().skip(j).step_by(2).sum::<f64>());
        let told_b = b.pull_b.as_ref().unwrap();
        assert!((0..2).all(|j| close(of_b[j], f64::from(told_b[j]), 1.0)));
        let mut of_w = [[0.0_f64; 2]; 2];
        for (c, g) in c.chunks_exact(2).zip(pulls.chunks_exact(2)) {
            for i in 0..2 {
                (0..2).for_each(|j| of_w[i][j] += f64::from(c[i]) * g[j]);
            }
        }
        let length = of_w.as_flattened().iter().map(|g| g * g).sum::<f64>().sqrt();
        assert!(close(b.pull_w.unwrap(), length, 1.0));
        let mut went = 0;
        for (k, c) in c.chunks_exact(2).enumerate() {
            for j in 0..2 {
                let through = f64::from(c[0]) * of_w[0][j] + f64::from(c[1]) * of_w[1][j] + of_b[j];
                let moved = f64::from(after[2 * k + j]) - f64::from(before[2 * k + j]);
                assert!(close(moved, -0.8 * through, 1.0), "{k}: {moved} {through}");
                went += u32::from(moved != 0.0);
            }
        }
        assert!(went > 28, "{went}");
        // The map shows the plane as it is.
        let map = b.on_map.as_ref().unwrap();
        assert_eq!([&map.z[0][..], &map.z[1][..]], [&b.z[..], &b.z_after[..]]);
        assert_eq!(
            map.chosen.map(|at| at.to_vec()),
            [b.chosen.before.clone(), b.chosen.after.clone()]
        );
        assert_eq!((map.near[0], map.near.len()), (map.chosen[0], 3));
        let length = own.iter().map(|g| g * g).sum::<f64>().sqrt();
        assert!((0..2).all(|j| close(f64::from(map.pulled[j]), -own[j] / length, 1.0)));
        let bystander = b.bystander.as_ref().unwrap();
        assert!(bystander.way() > 0.0 && b.near_after.distance.is_finite());
    }
}
