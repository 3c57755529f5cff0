//! What is written at each stage of one step: the numbers of one token, which are the step's own.

use crate::record::snapshot::LaneView;
use crate::record::token_step::{Near, TokenStep};
use crate::scenario::CodeUpdate;
use crate::text::{count, significant};
use crate::ui::state::slow_stage::SlowStage;
use crate::words;

/// Numbers of a vector that are written, where there is room.
pub const FEW: usize = 2;

/// What acts on the codes of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// Nothing.
    None,
    /// The gradient of the chosen codes, each of its own.
    OnC,
    /// That of W, which all codes share.
    OnW,
    /// Both.
    OnBoth,
    /// No gradient: the mean of the encodings that chose a code.
    Mean,
}

impl Pull {
    /// Of a lane.
    pub fn of(view: &LaneView) -> Self {
        match (view.learn_c, view.learn_w) {
            _ if view.has_fixed_codes => Self::None,
            (true, _) if view.switches.update == CodeUpdate::Ema => Self::Mean,
            (true, true) => Self::OnBoth,
            (true, false) => Self::OnC,
            (false, true) => Self::OnW,
            (false, false) => Self::None,
        }
    }

    /// Whether it reaches codes that no token chose.
    pub fn reaches_all(self) -> bool {
        matches!(self, Self::OnW | Self::OnBoth)
    }
}

/// What a stage is called.
pub fn name(stage: SlowStage, pull: Pull) -> &'static str {
    match (stage, pull) {
        (SlowStage::Encode, _) => words!("slow-stage-encode"),
        (SlowStage::Choose, _) => words!("slow-stage-choose"),
        (SlowStage::Loss, _) => words!("slow-stage-loss"),
        (SlowStage::Pull, Pull::OnC) => words!("slow-stage-pull-on-c"),
        (SlowStage::Pull, Pull::OnW) => words!("slow-stage-pull-on-w"),
        (SlowStage::Pull, Pull::OnBoth) => words!("slow-stage-pull-on-both"),
        (SlowStage::Pull, Pull::None | Pull::Mean) => words!("slow-stage-pull"),
        (SlowStage::After, _) => words!("slow-stage-after"),
    }
}

/// What there is to say of a stage, a line each; of the last one [`sides`] says the rest.
pub fn lines(stage: SlowStage, told: &TokenStep, view: &LaneView) -> Vec<String> {
    match stage {
        SlowStage::Encode => vec![words!(
            "slow-encoding",
            token = count(told.token as u64),
            z = vector(&told.z, FEW),
            length = significant(length(&told.z))
        )],
        SlowStage::Choose => {
            let (first, others) = told.near.split_at(1.min(told.near.len()));
            let listed = |near: &[Near]| {
                let near: Vec<String> = near.iter().map(code_at).collect();
                near.join(words!("list-separator"))
            };
            let all = count(view.codes.len() as u64);
            vec![
                words!("slow-nearest", first = listed(first)),
                words!("slow-nearest-then", others = listed(others)),
                words!(
                    "slow-chosen-by",
                    companions = told.companions,
                    chosen = count(told.codes_chosen as u64),
                    all = all
                ),
            ]
        }
        SlowStage::Loss => {
            let [own, batch] = [told.own, told.batch]
                .map(|terms| [terms.recon, terms.quantization].map(significant));
            vec![
                words!("slow-loss-of-the-token", recon = own[0], codebook = own[1]),
                words!("slow-loss-of-the-batch", recon = batch[0], codebook = batch[1]),
            ]
        }
        SlowStage::Pull => pulls(told, view),
        SlowStage::After => Vec::new(),
    }
}

/// What pulls, and on how many codes.
fn pulls(told: &TokenStep, view: &LaneView) -> Vec<String> {
    let (code, all) = (told.chosen.code, view.codes.len());
    let on_code =
        || words!("slow-pull-on-code", code = code, pull = significant(length(&told.pull)));
    let on_w = || match (told.pull_w, &told.pull_b) {
        (Some(w), Some(b)) => {
            words!("slow-pull-on-w-and-b", w = significant(w), b = significant(length(b)))
        }
        (Some(w), None) => words!("slow-pull-on-w", w = significant(w)),
        // What stands in the place of W is no matrix.
        (None, _) => on_code(),
    };
    let chosen = count(told.codes_chosen as u64);
    let still = count(all.saturating_sub(told.codes_chosen) as u64);
    let all = count(all as u64);
    let to_all = words!("slow-through-w", chosen = chosen, all = all);
    let others = words!("slow-not-pulled", still = still, all = all);
    match Pull::of(view) {
        Pull::None => vec![words!("slow-no-pull").into()],
        Pull::OnC => vec![on_code(), others],
        Pull::OnW => vec![on_w(), to_all],
        Pull::OnBoth => vec![on_code(), on_w(), to_all],
        Pull::Mean => {
            vec![words!("slow-mean", code = code, companions = told.companions), others]
        }
    }
}

/// Before and after the step, side by side: the encoding and the chosen code with so many of their numbers,
/// and the nearest code.
pub fn sides(told: &TokenStep, few: usize) -> [Vec<String>; 2] {
    let side = |name: &str, z: &[f32], code: &[f32], near: &Near| {
        let (z, code) = (vector(z, few), vector(code, few));
        vec![
            name.to_string(),
            format!("z = {z}"),
            format!("e{} = {code}", told.chosen.code),
            words!("slow-nearest", first = code_at(near)),
        ]
    };
    let chosen = &told.chosen;
    [
        side(words!("slow-before"), &told.z, &chosen.before, &told.near[0]),
        side(words!("slow-after"), &told.z_after, &chosen.after, &told.near_after),
    ]
}

/// How far the chosen code and another one went, and how many times longer arrows are, where some are drawn.
pub fn went(told: &TokenStep, times: Option<f32>) -> String {
    let other = told.bystander.as_ref().map_or("–".into(), |code| significant(code.way()));
    let way = significant(told.chosen.way());
    match times.map(|times| significant(f64::from(times))) {
        Some(times) => words!("slow-code-went", way = way, times = times, other = other),
        None => words!("slow-code-went-that-far", way = way, other = other),
    }
}

fn code_at(near: &Near) -> String {
    words!("slow-code-at", code = near.code, distance = significant(near.distance))
}

/// The length of a vector.
fn length(vector: &[f32]) -> f64 {
    vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt()
}

/// The first numbers of a vector.
fn vector(vector: &[f32], few: usize) -> String {
    let mut shown: Vec<String> =
        vector.iter().take(few).map(|x| significant(f64::from(*x))).collect();
    if vector.len() > few {
        shown.push("…".into());
    }
    format!("({})", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::fixture;
    use crate::words::{Language, within};

    /// Whether each number stands in the lines.
    fn holds(lines: &[String], numbers: &[String]) {
        for number in numbers {
            let is_there = lines.iter().any(|line| line.contains(number.as_str()));
            assert!(is_there, "no {number} in {lines:#?}");
        }
    }

    #[test]
    fn what_is_written_at_each_stage_are_the_numbers_of_the_step() {
        let state = fixture::told("cloud", 150);
        for language in Language::ALL {
            for id in [LaneId::A, LaneId::B] {
                let told = state.run.told.iter().find(|told| told.lane == id).unwrap();
                within(language, || of_lane(told, state.run.lane(id).unwrap()));
            }
        }
    }

    fn of_lane(told: &TokenStep, view: &LaneView) {
        let number = |x: f64| significant(x);
        let at = |stage| lines(stage, told, view);
        let all = |of: &[f32]| of.iter().map(|x| significant(f64::from(*x))).collect::<Vec<_>>();
        holds(&at(SlowStage::Encode), &all(&told.z));
        assert_eq!(told.near.len(), 3);
        let near = |near: &Near| [near.code.to_string(), number(near.distance)];
        let nearest: Vec<String> = told.near.iter().flat_map(near).collect();
        holds(&at(SlowStage::Choose), &nearest);
        holds(&at(SlowStage::Choose), &[told.companions, told.codes_chosen].map(|n| n.to_string()));
        for (terms, line) in [(told.own, 0), (told.batch, 1)] {
            let terms = [terms.recon, terms.quantization].map(number);
            holds(&at(SlowStage::Loss)[line..=line], &terms);
        }
        let (pulled, codes) = (at(SlowStage::Pull), view.codes.len());
        let root = |g: &[f32]| g.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
        match view.id {
            LaneId::A => {
                assert_eq!(Pull::of(view), Pull::OnC);
                let still = codes - told.codes_chosen;
                assert!(still > 0);
                holds(&pulled, &[number(root(&told.pull)), told.chosen.code.to_string()]);
                holds(&pulled[1..], &[still.to_string(), codes.to_string()]);
            }
            LaneId::B => {
                assert_eq!(Pull::of(view), Pull::OnW);
                let b = told.pull_b.as_ref().unwrap();
                holds(&pulled[..1], &[number(told.pull_w.unwrap()), number(root(b))]);
                holds(&pulled[1..], &[told.codes_chosen.to_string(), codes.to_string()]);
            }
        }
        assert_eq!(Pull::of(view).reaches_all(), view.id == LaneId::B);
        let [before, after] = sides(told, FEW);
        for (side, z, code, near) in [
            (before, &told.z, &told.chosen.before, &told.near[0]),
            (after, &told.z_after, &told.chosen.after, &told.near_after),
        ] {
            holds(&side[1..2], &all(z));
            holds(&side[2..3], &all(code));
            holds(&side[3..], &[near.code.to_string(), number(near.distance)]);
        }
        let other = told.bystander.as_ref().unwrap();
        let ways = [number(told.chosen.way()), number(other.way())];
        holds(&[went(told, Some(16.0))], &[&ways[..], &["16.0".into()]].concat());
        holds(&[went(told, None)], &ways);
        // In A nothing moves what nobody chose, in B it goes as far as all.
        assert_eq!(other.way() > 0.0, view.id == LaneId::B);
    }

    #[test]
    fn what_acts_on_the_codes_is_said_of_every_method() {
        let mut state = fixture::told("cloud", 150);
        let told = state.run.told.remove(0);
        let mut view = state.run.lane(LaneId::A).unwrap().clone();
        let mut pull_of = |learn_c, learn_w, update, has_fixed_codes| {
            view.facts.learn_c = learn_c;
            view.facts.learn_w = learn_w;
            view.facts.switches.update = update;
            view.facts.has_fixed_codes = has_fixed_codes;
            (Pull::of(&view), lines(SlowStage::Pull, &told, &view))
        };
        let (gradient, ema) = (CodeUpdate::Gradient, CodeUpdate::Ema);
        for (pull, at_most, found) in [
            (Pull::OnC, 2, pull_of(true, false, gradient, false)),
            (Pull::OnBoth, 3, pull_of(true, true, gradient, false)),
            (Pull::Mean, 2, pull_of(true, false, ema, false)),
            (Pull::None, 1, pull_of(false, false, gradient, false)),
            (Pull::None, 1, pull_of(true, false, gradient, true)),
        ] {
            assert_eq!((found.0, found.1.len()), (pull, at_most), "{:?}", found.1);
        }
        assert!(pull_of(true, false, ema, false).1[0].contains("mean"));
    }
}
