use super::*;
use crate::ui::fixture;

fn lanes() -> Vec<LaneView> {
    fixture::collapse().run.live.unwrap().lanes.clone()
}

#[test]
fn a_code_that_stands_still_is_told_beside_its_twin() {
    let mut lanes = lanes();
    let codes = lanes[0].codes.len();
    lanes[0].since_chosen = vec![0.0; codes];
    // Codes 20 and 21 fell out of use, 21 longer ago; from 29 on none was ever in use.
    (lanes[0].since_chosen[20], lanes[0].since_chosen[21]) = (40.0, 212.0);
    lanes[0].since_chosen[29..].fill(f32::INFINITY);
    (lanes[0].movement[21], lanes[1].movement[21]) = (0.0, 0.31);
    let all = sentences(&lanes);
    assert_eq!(all.len(), 3);
    assert_eq!(
        all[0].text,
        "Code 21 of A: not chosen for 212 steps, moved 0 in 10. B's moved 0.310, because W moved."
    );
    assert_eq!(all[0].shown, Shown::Code(LaneId::A, 21));
    // Where none fell out of use it is one that never was in use.
    lanes[0].since_chosen[17..].fill(f32::INFINITY);
    lanes[1].learn_w = false;
    let all = sentences(&lanes);
    assert!(all[0].text.starts_with("Code 29 of A: never chosen, moved "), "{}", all[0].text);
    assert!(!all[0].text.contains("because W"), "{}", all[0].text);
}

#[test]
fn those_that_work_are_counted() {
    let mut lanes = lanes();
    let lane = &mut lanes[0];
    lane.window_counts.fill(0);
    lane.window_counts[..4].copy_from_slice(&[500, 200, 200, 100]);
    (lane.window.tokens, lane.window.size, lane.window.used) = (1000, 500, 4);
    let text = work(lane).unwrap().text;
    assert_eq!(
        text,
        "3 of A's 500 codes serve 80 % of its tokens, code 0 alone 50 % (fair share: <1 %)."
    );
}

#[test]
fn the_fewest_codes_that_serve_a_share_are_counted_as_sorting_would() {
    for counts in [vec![5, 5, 5, 5], vec![9, 1, 0, 0, 3], vec![1], vec![7, 7, 2, 2, 2, 1, 1]] {
        let total: u32 = counts.iter().sum();
        for share in [0.1, 0.5, 0.8, 1.0] {
            let wanted = share * f64::from(total);
            let mut sorted = counts.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let mut served = 0.0;
            let naive = sorted.iter().take_while(|uses| {
                let goes_on = served < wanted;
                served += f64::from(**uses);
                goes_on
            });
            assert_eq!(few(&counts, wanted), naive.count(), "{counts:?} {share}");
        }
    }
    assert_eq!(few(&[0, 0], 0.0), 0);
}

#[test]
fn the_lower_error_is_named_whichever_it_is() {
    let mut lanes = lanes();
    let set = |view: &mut LaneView, mse: f64| view.facts.eval.as_mut().unwrap().recon_mse = mse;
    set(&mut lanes[0], 0.004);
    set(&mut lanes[1], 0.005);
    let told = price(&lanes).unwrap();
    assert_eq!(told.text, "A reconstructs better than B: MSE 0.00400 against 0.00500, 20 % less.");
    assert_eq!(told.shown, Shown::Difference);
    lanes[1].facts.eval = None;
    assert_eq!(price(&lanes), None);
    // Nothing is said of what is not known.
    lanes.iter_mut().for_each(|lane| lane.window_counts.clear());
    assert_eq!(sentences(&lanes), []);
}

/// A run of which one lane is known at steps 60 and 120.
fn history(used: [f64; 2], mse: [f64; 2]) -> History {
    let mut history = History::default();
    let lane = &mut history.lanes[0];
    for (i, step) in [60, 120].into_iter().enumerate() {
        lane.utilization_window.push(step, used[i]);
        lane.recon_mse.push(step, mse[i]);
    }
    history.step = 120;
    history
}

#[test]
fn what_a_change_brought_is_measured_from_its_step_to_now() {
    let history = history([0.03, 0.91], [0.008, 0.005]);
    let told = of_change("A: W learns", 60, 120, &history).unwrap();
    assert_eq!(
        told.text,
        "A: W learns (step 60). In 60 steps since: A 3 % → 91 %, MSE 0.00800 → 0.00500."
    );
    assert_eq!(told.shown, Shown::Step(60));
    // Before an evaluation has seen it nothing is known of it.
    assert_eq!(of_change("A: W learns", 60, 119, &history), None);
}

#[test]
fn another_start_is_held_against_the_run_before_at_the_same_step() {
    let (before, now) =
        (history([0.03, 0.04], [0.008, 0.007]), history([0.5, 0.6], [0.004, 0.003]));
    let told = of_restart("K 512 → 64", 300, &before, &now).unwrap();
    assert_eq!(
        told.text,
        "K 512 → 64, from the start. At step 120: A 4 % → 60 %, MSE 0.00700 → 0.00300."
    );
    assert_eq!(of_restart("K", 300, &History::default(), &now), None);
}
