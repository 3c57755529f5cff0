//! Numbers that no training makes, as a forged or broken run may have them, in every part of the window.

use super::*;
use crate::record::snapshot::LaneView;

/// A part of a view that takes a number.
type Put = fn(&mut LaneView, f32);

const PARTS: &[(&str, Put)] = &[
    ("codes", |lane, x| lane.codes.iter_mut().step_by(3).for_each(|c| c[0] = x)),
    ("movement", |lane, x| lane.movement.iter_mut().step_by(3).for_each(|m| *m = x)),
    ("latents", |lane, x| lane.latents.iter_mut().step_by(3).for_each(|z| z[1] = x)),
    ("singular values", |lane, x| lane.singular_values.iter_mut().for_each(|s| *s = x)),
    ("perplexity", |lane, x| lane.window.perplexity = f64::from(x)),
    ("the error", |lane, x| {
        if let Some(eval) = &mut lane.eval {
            (eval.recon_mse, eval.latent_norm) = (f64::from(x), f64::from(x));
        }
    }),
];

#[test]
fn no_number_makes_the_window_panic_or_take_all_memory() {
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Light);
    for (what, put) in PARTS {
        for x in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MAX, f32::MIN_POSITIVE, -0.0] {
            *harness.state_mut() = fixture::collapse();
            change_lane(harness.state_mut(), LaneId::A, |lane| put(lane, x));
            for tab in [Tab::Losses, Tab::Spectrum, Tab::Movement, Tab::UseMap, Tab::Events] {
                harness.state_mut().prefs.tab = tab;
                let taken = allocation_counter::measure(|| harness.run_steps(1));
                assert!(taken.bytes_max < 200_000_000, "{what} {x} on {tab:?}: {taken:?}");
            }
        }
    }
}
