//! What no single key can tell: keys that do not go together, and runs that do not fit in memory.

mod expect;

use std::sync::OnceLock;

use crate::scenario::{
    Change, CodeUpdate, Lane, LaneSpec, OnSwitch, Scenario, Switches, TransformForm, Upkeep,
};

/// The first thing that is wrong, in one sentence.
pub fn check(scenario: &Scenario) -> Result<(), String> {
    let specs = scenario.lane_specs();
    for spec in &specs {
        check_lane(scenario, spec)?;
    }
    for (number, expect) in scenario.expect.iter().enumerate() {
        expect::check(scenario, expect).map_err(|why| format!("expect {} {why}", number + 1))?;
    }
    for (number, change) in scenario.change.iter().enumerate() {
        if change.lane.is_some_and(|id| scenario.lane_table(id).is_none()) {
            return Err(format!(
                "change {} is for lane b, but there is no [lanes.b]; add it",
                number + 1
            ));
        }
        for spec in specs.iter().filter(|s| change.lane.is_none_or(|id| id == s.id)) {
            check_change(spec, change).map_err(|why| format!("change {}: {why}", number + 1))?;
        }
    }
    check_memory(&specs)
}

/// What a timed change asks for that its lane can never do, whatever was switched before.
pub(super) fn check_change(spec: &LaneSpec, change: &Change) -> Result<(), String> {
    let lane = spec.id.name();
    if let Some(fixed) = &spec.fixed {
        if change.learn_c == Some(true) || change.learn_w == Some(true) {
            return Err(format!(
                "lane {lane} has fixed codes, in which nothing can learn; leave learn_c and learn_w out"
            ));
        }
        let switches = Switches {
            entropy: change.entropy.unwrap_or(0.0),
            estimator: change.estimator.unwrap_or_default(),
            ..Switches::default()
        };
        if let Some(why) = switches.conflict_with_fixed(fixed) {
            return Err(format!("lane {lane}: {why}"));
        }
    }
    let keeps = change.learn_w == Some(true) && change.codebook == Some(OnSwitch::Keep);
    if keeps && !spec.switches.can_keep_codes(spec.dim) {
        return Err(format!(
            "a low-rank W cannot keep the codes of lane {lane} where they are; use codebook = \"fresh\""
        ));
    }
    Ok(())
}

fn check_lane(scenario: &Scenario, spec: &LaneSpec) -> Result<(), String> {
    let lane = spec.id.name();
    let table = scenario.lane_table(spec.id).cloned().unwrap_or_default();
    if table.levels.is_some() && table.bits.is_some() {
        return Err(format!(
            "lanes.{lane} has levels and bits, which are two different fixed sets of codes; leave one out"
        ));
    }
    if let Some(fixed) = &spec.fixed {
        let key = if table.bits.is_some() { "bits" } else { "levels" };
        if fixed.size() > 1 << 24 {
            return Err(format!(
                "lanes.{lane}.{key} make more than 16777216 codes, which is the most; use fewer or smaller {key}"
            ));
        }
        if spec.learn_c || spec.learn_w {
            return Err(format!(
                "lanes.{lane}.{key} are fixed codes, in which nothing can learn; set learn_c and learn_w to false, or use preset = \"fsq\" or \"lfq\""
            ));
        }
        if table.factor.is_some_and(|dim| dim > 0) {
            return Err(format!(
                "lanes.{lane}.factor does not go with fixed codes, whose width is given by {key}; leave it out"
            ));
        }
        if let Some(why) = spec.switches.conflict_with_fixed(fixed) {
            return Err(format!("lanes.{lane}: {why}"));
        }
    }
    if let Some(dim) = table.method().factor
        && spec.fixed.is_none()
        && dim >= table_latent(scenario, &table)
    {
        return Err(format!(
            "lanes.{lane}.factor is {dim}, but the latents themselves have only {} numbers (codebook.dim); use fewer, or 0 for no projection",
            table_latent(scenario, &table)
        ));
    }
    if let Some(why) = spec.switches.conflict(spec.learn_c, spec.learn_w) {
        return Err(format!("lanes.{lane}: {why}"));
    }
    if spec.switches.transform == TransformForm::LowRank && spec.switches.rank > spec.dim {
        return Err(format!(
            "lanes.{lane}.rank is {}, more than the width {} of a code; use {} at most",
            spec.switches.rank, spec.dim, spec.dim
        ));
    }
    if !spec.batch_tokens.is_multiple_of(spec.tokens) {
        return Err(format!(
            "train.batch_tokens is {} for lane {lane}, but a {} sample has {} tokens; use a multiple of {}",
            spec.batch_tokens,
            spec.set.name(),
            spec.tokens,
            spec.tokens
        ));
    }
    if spec.eval_tokens < spec.tokens {
        return Err(format!(
            "data.eval_tokens is {}, less than the {} tokens of one {} sample; use at least {}",
            spec.eval_tokens,
            spec.tokens,
            spec.set.name(),
            spec.tokens
        ));
    }
    Ok(())
}

/// Width of the latents that a lane's table asks for.
fn table_latent(scenario: &Scenario, lane: &Lane) -> usize {
    lane.codebook.as_ref().and_then(|c| c.dim).unwrap_or(scenario.codebook.dim)
}

/// Bytes that the lanes need at their peak, from their sizes alone.
///
/// Counted are parameters with value, gradient and two moments, the effective codebook and its
/// copies for search and pictures, the activations of one batch, and the evaluation set.
pub fn memory_estimate(specs: &[LaneSpec]) -> u64 {
    let lane = |s: &LaneSpec| -> u64 {
        let (pixels, latent) = (s.pixels() as u64, (s.tokens * s.latent) as u64);
        let (hidden, codes) = (s.hidden as u64, (s.size as u64).saturating_mul(s.dim as u64));
        let nets = 2 * (pixels * hidden + hidden * latent) + (s.dim * s.dim) as u64;
        let samples = (s.batch_tokens / s.tokens) as u64;
        let batch = samples * (6 * pixels + 8 * hidden + 12 * latent);
        // Four of C where it learns (value, gradient, moments), four of E (device, search,
        // pictures and their predecessor), two of sums where codes are averages or kept in use, and
        // counts.
        let has_averages =
            s.switches.update == CodeUpdate::Ema || s.switches.upkeep != Upkeep::None;
        let copies = if s.learn_c { 8 } else { 5 } + if has_averages { 2 } else { 0 };
        // Four of N x K and their gradients where each encoding weighs all codes, and E's hidden layer
        // where a perceptron makes it.
        let weighed = if s.switches.entropy > 0.0 {
            (s.batch_tokens as u64).saturating_mul(8 * s.size as u64)
        } else {
            0
        };
        let is_bent = s.learn_w && s.switches.transform == TransformForm::Mlp;
        let copies = copies + if is_bent { 8 } else { 0 };
        let codebook =
            codes.saturating_mul(copies).saturating_add(weighed).saturating_add(8 * s.size as u64);
        let eval = (s.eval_tokens as u64 / s.tokens as u64) * pixels;
        let window = s.window_tokens as u64 + s.batch_tokens as u64 * 257;
        4 * (4 * nets + batch + eval + window).saturating_add(codebook)
    };
    specs.iter().map(lane).fold(0, u64::saturating_add)
}

fn check_memory(specs: &[LaneSpec]) -> Result<(), String> {
    // Asked once: the window checks its draft in every frame.
    static LIMIT: OnceLock<u64> = OnceLock::new();
    refuse_above(memory_estimate(specs), *LIMIT.get_or_init(memory_limit), specs)
}

/// Memory of the machine or of the container, in bytes; 0 where the system does not tell.
fn memory_limit() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let total = system.total_memory();
    system.cgroup_limits().map_or(total, |c| c.total_memory.min(total))
}

fn refuse_above(need: u64, limit: u64, specs: &[LaneSpec]) -> Result<(), String> {
    if limit == 0 || need <= limit / 10 * 8 {
        return Ok(());
    }
    let largest = specs.iter().map(|s| s.size).max().unwrap_or(0);
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    let way_out = match largest_that_fits(specs, limit / 10 * 8) {
        Some(size) => {
            format!("the largest codebook.size that fits is about {size} (now {largest})")
        }
        None => format!(
            "make codebook.size (now {largest}), codebook.dim, model.hidden or train.batch_tokens smaller"
        ),
    };
    Err(format!(
        "this run would need about {:.1} GB of memory and this machine has {:.1} GB; {way_out}",
        gigabytes(need),
        gigabytes(limit)
    ))
}

/// The largest power of two of codes with which the lanes fit into `room` bytes; none if what does
/// not fit is something else.
fn largest_that_fits(specs: &[LaneSpec], room: u64) -> Option<usize> {
    let fits = |size: usize| {
        let smaller: Vec<LaneSpec> =
            specs.iter().map(|s| LaneSpec { size: s.size.min(size), ..s.clone() }).collect();
        memory_estimate(&smaller) <= room
    };
    (0..=24).rev().map(|bits| 1 << bits).find(|&size| fits(size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    fn refused(text: &str) -> String {
        parse(text, "x.toml", &[]).unwrap_err().to_string()
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused_with_an_estimate() {
        let error = refused("title='x'\n[codebook]\nsize=16777216\ndim=512\n[lanes.a]\n");
        assert!(error.contains("GB") && error.contains("codebook.size"), "{error}");
        let specs = parse("title='x'\n[lanes.a]\n", "x", &[]).unwrap().lane_specs();
        assert!(error.contains("the largest codebook.size that fits is about"), "{error}");
        assert!(refuse_above(100, 100, &specs).is_err() && refuse_above(80, 100, &specs).is_ok());
        // A twin at K 512 stays far below 200 MB.
        assert!(memory_estimate(&specs) < 50_000_000);
    }

    #[test]
    fn keys_that_do_not_go_together_are_named() {
        let error =
            refused("title='x'\n[data]\nset='digits'\n[train]\nbatch_tokens=510\n[lanes.a]\n");
        assert!(error.contains("multiple of 4"), "{error}");
        let error =
            refused("title='x'\n[lanes.a]\n[[expect]]\nlane='b'\nmetric='psnr'\nstep=3\nmin=1\n");
        assert!(error.contains("no [lanes.b]"), "{error}");
        let error = refused(
            "title='x'\nsteps=5\n[lanes.a]\n[[expect]]\nlane='a'\nmetric='psnr'\nstep=6\nmin=1\n",
        );
        assert!(error.contains("after the last step 5"), "{error}");
    }

    #[test]
    fn combinations_that_make_no_sense_are_refused_with_the_reason() {
        let lane = |own: &str| refused(&format!("title='x'\n[lanes.a]\n{own}\n"));
        for (own, words) in [
            ("preset='fsq'\nlookup='cosine'", "length 1"),
            ("preset='fsq'\nestimator='rotation'", "codes that learn"),
            ("preset='fsq'\nentropy=0.1", "no entropy penalty"),
            ("preset='lfq'\nlearn_w=true", "nothing can learn"),
            ("preset='lfq'\nfactor=4", "factor"),
            ("preset='lfq'\nbits=24\nlevels=[2,2]", "leave one out"),
            ("factor=16", "only 16 numbers"),
            ("learn_w=true\ntransform='low-rank'\nrank=17", "more than the width 16"),
            ("preset='simvq'\nupkeep='revive'", "upkeep moves codes"),
        ] {
            let error = lane(own);
            assert!(error.contains(words), "{own}: {error}");
        }
        let change = |own: &str, change: &str| {
            refused(&format!("title='x'\n[lanes.a]\n{own}\n[[change]]\nstep=5\n{change}\n"))
        };
        assert!(change("preset='fsq'", "learn_w=true").contains("change 1: lane a has fixed"));
        let error = change("transform='low-rank'", "learn_w=true\ncodebook='keep'");
        assert!(error.contains("use codebook = \"fresh\""), "{error}");
    }
}
