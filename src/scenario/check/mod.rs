//! What no single key can tell: keys that do not go together, and runs that do not fit in memory.

mod beat;
mod expect;

pub use beat::{CAUSES, CONTROLS};

use crate::scenario::{
    Change, Lane, LaneSpec, Lookup, ModelKind, Present, Scenario, Setting, TransformForm, memory,
};

/// What does not go together, in one sentence.
pub struct Fault {
    /// The list of tables in which it stands, and the number of its item from 0 on, where it does.
    pub item: Option<(&'static str, usize)>,
    /// The sentence.
    pub what: String,
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self { item: None, what }
    }
}

impl Fault {
    /// What is wrong with an item of a list: its number stands before the sentence.
    fn of(list: &'static str, number: usize, what: &str) -> Self {
        Self { item: Some((list, number)), what: format!("{list} {}{what}", number + 1) }
    }
}

/// The first thing that is wrong on a machine with so many bytes of memory.
pub fn check(scenario: &Scenario, memory: u64) -> Result<(), Fault> {
    let specs = scenario.lane_specs();
    for spec in &specs {
        check_lane(scenario, spec)?;
    }
    if let Some(view) = &scenario.view {
        view.check(scenario.lanes.b.is_some())?;
    }
    for (number, expect) in scenario.expect.iter().enumerate() {
        let fault = |why: String| Fault::of("expect", number, &format!(" {why}"));
        expect::check(scenario, expect).map_err(fault)?;
    }
    for (number, beat) in scenario.beat.iter().enumerate() {
        let fault = |why: String| Fault::of("beat", number, &format!(" {why}"));
        beat::check(scenario, beat).map_err(fault)?;
    }
    for (number, change) in scenario.change.iter().enumerate() {
        if change.lane.is_some_and(|id| scenario.lane_table(id).is_none()) {
            let what = " is for lane b, but there is no [lanes.b]; add it";
            return Err(Fault::of("change", number, what));
        }
        let fault = |why: String| Fault::of("change", number, &format!(": {why}"));
        for spec in specs.iter().filter(|s| change.lane.is_none_or(|id| id == s.id)) {
            check_change(spec, change).map_err(fault)?;
        }
    }
    Ok(memory::check(&specs, memory)?)
}

/// What a timed change asks for that its lane can never do, whatever was switched before.
pub(super) fn check_change(spec: &LaneSpec, change: &Change) -> Result<(), String> {
    let mut lane = Present::from(spec);
    for setting in change.settings(false, false) {
        // Nothing learns in fixed codes, and what says that nothing does is no mistake.
        if matches!(setting, Setting::Learn { c: false, w: false, .. }) {
            continue;
        }
        // A lane whose W learns may be one whose W does not by then.
        lane.learn_w &= !matches!(setting, Setting::Learn { .. });
        if let Err(conflict) = lane.apply(setting)
            && conflict.is_for_good()
        {
            return Err(conflict.of_lane(spec.id));
        }
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
    if let Some(why) = spec.switches.conflict_with_data(spec.set) {
        return Err(format!("lanes.{lane}: {why}"));
    }
    if spec.kind == ModelKind::None {
        check_without_networks(spec)?;
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

/// What needs networks, for a lane without.
fn check_without_networks(spec: &LaneSpec) -> Result<(), String> {
    let lane = spec.id.name();
    let needs = if spec.fixed.is_some() {
        Some("fixed codes lie in a box, into which an encoder brings its outputs")
    } else if spec.factor().is_some() {
        Some("projected latents (lanes.*.factor) are made by layers that learn")
    } else if spec.switches.lookup == Lookup::Cosine {
        Some("lookup \"cosine\" brings encodings to length 1, which no decoder brings back")
    } else {
        None
    };
    if let Some(why) = needs {
        return Err(format!(
            "model.kind is \"none\", which lane {lane} cannot have: {why}; leave model.kind out"
        ));
    }
    let (numbers, tokens) = (spec.pixels(), spec.tokens);
    if numbers != tokens * spec.dim {
        let way_out = if numbers.is_multiple_of(tokens) {
            format!("use codebook.dim = {}", numbers / tokens)
        } else {
            format!("use a model.tokens that divides {numbers}")
        };
        return Err(format!(
            "model.kind is \"none\", so a token is a part of the sample itself, but {tokens} times the {} numbers of a code (codebook.dim of lane {lane}) are not the {numbers} of a {} sample; {way_out}",
            spec.dim,
            spec.set.name(),
        ));
    }
    Ok(())
}

/// Width of the latents that a lane's table asks for.
fn table_latent(scenario: &Scenario, lane: &Lane) -> usize {
    lane.codebook.as_ref().and_then(|c| c.dim).unwrap_or(scenario.codebook.dim)
}

#[cfg(test)]
mod tests {
    use crate::scenario::parse;

    fn refused(text: &str) -> String {
        parse(text, "x.toml", &[]).unwrap_err().to_string()
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
    fn without_networks_a_code_is_as_wide_as_a_token() {
        let none = |more: &str| refused(&format!("title='x'\n[model]\nkind='none'\n{more}\n"));
        assert!(none("[lanes.a]").contains("use codebook.dim = 64"));
        assert!(none("tokens=3\n[lanes.a]\n[train]\nbatch_tokens=3").contains("divides 64"));
        let plane = "[data]\nset='cloud'\n[codebook]\ndim=2\n[lanes.a]\n";
        for (own, words) in [
            ("preset='fsq'", "a box"),
            ("factor=1", "projected"),
            ("lookup='cosine'", "no decoder"),
        ] {
            let error = none(&format!("{plane}{own}"));
            assert!(error.contains(words) && error.contains("leave model.kind out"), "{error}");
        }
        let still = refused("title='x'\n[lanes.a]\ncloud_x=1.0\n");
        assert!(still.contains("data.set = \"cloud\""), "{still}");
        let moved = refused("title='x'\n[lanes.a]\n[[change]]\nstep=3\ncloud_scale=2.0\n");
        assert!(moved.contains("data.set = \"cloud\""), "{moved}");
        assert!(
            parse(&format!("title='x'\n[model]\nkind='none'\n{plane}cloud_x=1.0\n"), "x", &[])
                .is_ok()
        );
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
