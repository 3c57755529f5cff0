//! Why codes live and die, in sentences that are computed from the present numbers.

use crate::analysis::history::{History, LaneHistory};
use crate::record::life::Life;
use crate::record::snapshot::LaneView;
use crate::record::usage::CountedIn;
use crate::scenario::LaneId;
use crate::text::{count, percent, significant};
use crate::words;

/// Share of the tokens whose codes are counted as those that do the work.
const WORK: f64 = 0.8;

/// What there is to see where a sentence speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A code.
    Code(LaneId, usize),
    /// How reconstructions differ.
    Difference,
    /// The step at which something was changed.
    Step(u64),
    /// The curves of the run before.
    Before,
}

/// A sentence, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// It.
    pub text: String,
    /// What to look at.
    pub shown: Shown,
}

impl Sentence {
    /// Whether it says what came of something that was changed by hand, in this run or before it.
    pub fn is_of_a_change(&self) -> bool {
        matches!(self.shown, Shown::Step(_) | Shown::Before)
    }
}

/// What there is to say of lanes side by side: a code that stands still, who does the work, and what
/// it is worth. At most three, and none of what is not known.
pub fn sentences(lanes: &[LaneView]) -> Vec<Sentence> {
    let quantized: Vec<&LaneView> =
        lanes.iter().filter(|lane| lane.warms_up_until.is_none() && lane.knows_use()).collect();
    let by_use = |a: &&&LaneView, b: &&&LaneView| a.window.share().total_cmp(&b.window.share());
    let Some(least) = quantized.iter().min_by(by_use) else { return Vec::new() };
    // Codes stand still where no W moves all of them.
    let alone = quantized.iter().find(|lane| !lane.learn_w).unwrap_or(least);
    let other = quantized.iter().find(|lane| lane.id != alone.id).copied();
    [still(alone, other), work(least), price(lanes)].into_iter().flatten().collect()
}

/// The name of a lane.
fn name(view: &LaneView) -> String {
    view.id.name().to_uppercase()
}

/// The code that was chosen longest ago of those that are not in use: what it did, and what the code
/// of the same number did in the other lane.
fn still(lane: &LaneView, other: Option<&LaneView>) -> Option<Sentence> {
    if lane.has_fixed_codes || lane.movement.len() != lane.codes.len() {
        return None;
    }
    let code = longest_idle(lane)?;
    let (moved, steps) = (lane.movement[code], lane.movement_steps);
    let (number, way) = (count(code as u64), significant(f64::from(moved)));
    let mut text = match lane.steps_since_chosen(code) {
        Some(since) => words!(
            "why-fell-out",
            code = number,
            lane = name(lane),
            since = count(since),
            steps = count(steps),
            way = way
        ),
        None => words!(
            "why-never-chosen",
            code = number,
            lane = name(lane),
            steps = count(steps),
            way = way
        ),
    };
    if let Some(other) = other
        && let Some(&there) = other.movement.get(code)
        && other.movement_steps == steps
    {
        let (lane, way) = (name(other), significant(f64::from(there)));
        text += &match other.learn_w {
            true => words!("why-moved-there-with-w", lane = lane, way = way),
            false => words!("why-moved-there", lane = lane, way = way),
        };
    }
    Some(Sentence { text, shown: Shown::Code(lane.id, code) })
}

/// The code that is out of use for longest: of those that were in use, the one that was chosen longest
/// ago, because it tells more than one that never was; one of the others without.
fn longest_idle(lane: &LaneView) -> Option<usize> {
    let (mut fell, mut never, mut other) = (None, None, None);
    for code in 0..lane.codes.len() {
        let life = lane.life(code);
        if !life.is_idle() {
            continue;
        }
        let since = lane.since_chosen.get(code).copied().unwrap_or(f32::INFINITY);
        if since.is_finite() && fell.is_none_or(|(_, longest)| since > longest) {
            fell = Some((code, since));
        }
        if life == Life::Never {
            never = never.or(Some(code));
        }
        other = other.or(Some(code));
    }
    fell.map(|(code, _)| code).or(never).or(other)
}

/// How few codes, the most used ones, together have at least so many uses. No sorting: this is done for
/// a quarter of a million codes between two frames.
fn few(counts: &[u32], wanted: f64) -> usize {
    let most = counts.iter().copied().max().unwrap_or(0) as usize;
    let mut codes_by_uses = vec![0_usize; most + 1];
    counts.iter().for_each(|&uses| codes_by_uses[uses as usize] += 1);
    let (mut served, mut few) = (0.0, 0);
    for uses in (1..=most).rev() {
        let codes = codes_by_uses[uses];
        let missing = ((wanted - served) / uses as f64).ceil().max(0.0);
        if codes as f64 >= missing {
            return few + missing as usize;
        }
        (served, few) = (served + (codes * uses) as f64, few + codes);
    }
    few
}

/// Which codes do the work: how few of them serve most of the tokens.
fn work(lane: &LaneView) -> Option<Sentence> {
    // Of equals the first.
    let counts = lane.window_counts.iter().copied().enumerate().rev();
    let (code, most) = counts.max_by_key(|&(_, uses)| uses).filter(|(_, uses)| *uses > 0)?;
    // Flags tell who works, not how much.
    if lane.counted_in == CountedIn::Flags {
        return None;
    }
    let tokens = lane.counted_in.whole(&lane.window);
    let few = few(&lane.window_counts, WORK * tokens);
    let text = words!(
        "why-work",
        lane = name(lane),
        few = count(few as u64),
        codes = count(lane.window.size as u64),
        work = percent(WORK),
        code = count(code as u64),
        share = percent(f64::from(most) / tokens.max(1.0)),
        fair = percent(1.0 / lane.window.size.max(1) as f64)
    );
    Some(Sentence { text, shown: Shown::Code(lane.id, code) })
}

/// Which lane reconstructs better, and by how much.
fn price(lanes: &[LaneView]) -> Option<Sentence> {
    let [a, b] = lanes else { return None };
    let (x, y) = (a.eval?.recon_mse, b.eval?.recon_mse);
    if !(x > 0.0 && y > 0.0) {
        return None;
    }
    let (better, other, low, high) = if x <= y { (a, b, x, y) } else { (b, a, y, x) };
    let text = words!(
        "why-price",
        better = name(better),
        other = name(other),
        low = significant(low),
        high = significant(high),
        less = percent(1.0 - low / high)
    );
    Some(Sentence { text, shown: Shown::Difference })
}

/// Utilization and error of a lane at a step, or at the newest one before it.
fn figures(lane: &LaneHistory, step: u64) -> Option<(f64, f64)> {
    let used = lane.utilization_window.at(step)?.mean;
    Some((used, lane.recon_mse.at(step)?.mean))
}

/// "A 3 % → 91 %, MSE 0.00825 → 0.00545".
fn change(id: LaneId, from: (f64, f64), to: (f64, f64)) -> String {
    words!(
        "why-change-of-lane",
        lane = id.name().to_uppercase(),
        used = percent(from.0),
        now = percent(to.0),
        mse = significant(from.1),
        mse_now = significant(to.1)
    )
}

/// What came of something that was set by hand at a step of this run, from there to `now`: each lane's
/// utilization and error. None before an evaluation has seen it.
pub fn of_change(what: &str, step: u64, now: u64, history: &History) -> Option<Sentence> {
    let each = [LaneId::A, LaneId::B].into_iter().filter_map(|id| {
        let lane = history.lane(id);
        let newest = lane.recon_mse.buckets().iter().map(|b| b.last).filter(|l| *l <= now).max()?;
        (newest > step).then_some(())?;
        Some(change(id, figures(lane, step)?, figures(lane, now)?))
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() {
        return None;
    }
    let text = words!(
        "why-change",
        what = what,
        step = count(step),
        since = count(now - step),
        each = each.join(words!("why-between-lanes"))
    );
    Some(Sentence { text, shown: Shown::Step(step) })
}

/// What another setting from the first step on changed: the same step of the run before and of this
/// one. None where one of them has not come so far.
pub fn of_restart(what: &str, now: u64, before: &History, history: &History) -> Option<Sentence> {
    let step = now.min(before.step);
    let each = [LaneId::A, LaneId::B].into_iter().filter_map(|id| {
        let then = figures(before.lane(id), step)?;
        Some(change(id, then, figures(history.lane(id), step)?))
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() {
        return None;
    }
    let each = each.join(words!("why-between-lanes"));
    let text = words!("why-restart", what = what, step = count(step), each = each);
    Some(Sentence { text, shown: Shown::Before })
}

#[cfg(test)]
mod tests;
