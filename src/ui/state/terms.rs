//! What there is to show of what stands on the stage, and how it is said: a row of one table for each, so
//! that a pane asks the row for what it needs and never whether files of another program are looked at.

use crate::analysis::detect;
use crate::analysis::history::{LaneHistory, Series};
use crate::figure::columns::UsageSource;
use crate::record::judgement::Rule;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::count;
use crate::ui::state::stage::Stage;
use crate::words;

/// What a map that is not there yet waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The first step.
    FirstStep,
    /// The kernels of an adapter, compiled before it.
    Kernels,
    /// The first file of a watched folder.
    FirstFile,
    /// The first save of a run that another process trains.
    FirstSave,
}

/// What there is, words and series of what is looked at.
pub struct StageTerms {
    /// Whether it is known how it is trained: the method of a lane, its warm-up, the terms of its loss.
    pub has_methods: bool,
    /// Whether there is a full set, which is evaluated at steps of its own.
    pub has_full_set: bool,
    /// Whether single steps are known, which show the cause.
    pub has_steps: bool,
    /// Whether the window has a trainer, which stories, links and the tour need.
    pub has_trainer: bool,
    /// Whether the axes of the maps can be chosen.
    pub has_axes: bool,
    /// Whether the marks of a map mean the same whatever is shown.
    pub has_fixed_marks: bool,
    /// Whether a lane that is alone is called by its letter.
    pub names_one_lane: bool,
    /// Whether what the use of a lane says stands with its share.
    pub judges_shares: bool,
    /// Whether each value of the timeline is measured at one moment, and drawn as a dot.
    pub has_dots: bool,
    /// What a map waits for before the first picture.
    pub first: WaitsFor,
    /// Whether somebody can be sent a link to it, or why not.
    pub link: Result<(), &'static str>,
    /// What the upper chart of the timeline is called, with the tokens that are counted, where known.
    pub above_name: fn(Option<&str>) -> String,
    /// What stands there where nothing was counted by a meaning of "in use".
    pub no_curve: fn(Option<Rule>) -> Option<&'static str>,
    /// The lower chart of the timeline: errors, or perplexity where nothing is reconstructed.
    pub below: fn(&LaneHistory) -> &Series,
    /// What it is called.
    pub below_name: fn() -> &'static str,
    /// The ends of its axis while nothing was measured.
    pub below_ends: (f64, f64),
    /// The newest values of a lane on the timeline, as they are said: its letter, the share in use, and
    /// the value of the lower chart.
    pub newest: fn(LaneId, &str, &str) -> String,
    /// "lane A", or which file.
    pub lane: fn(LaneId) -> String,
    /// What W does to the codes of a lane, if anything.
    pub w: fn(&LaneView) -> String,
    /// As what is counted without a meaning of "in use" of one's own.
    pub counted: fn() -> &'static str,
    /// Why the use by a meaning of "in use" cannot be told.
    pub rule_not_told: fn(&LaneView, Rule) -> &'static str,
    /// So many tokens behind the bars.
    pub tokens: fn(UsageSource, u64) -> String,
    /// Why there are no bars.
    pub uncounted: fn(&LaneView) -> String,
    /// A code with its life, its uses and the tokens that they are among.
    pub uses: fn(usize, &str, &str, &str) -> String,
    /// Why no code has moved yet.
    pub unmoved: fn() -> &'static str,
    /// What the lines of births and deaths are of, and how it is worked out.
    pub turnover: [fn() -> &'static str; 2],
    /// What stands at the place of the device.
    pub device: fn() -> &'static str,
}

impl Stage {
    /// What there is, words and series of what is looked at.
    pub fn terms(self) -> &'static StageTerms {
        match self {
            Self::Live => &LIVE,
            Self::Following => &FOLLOWED,
            Self::Compare => &SAVED,
            Self::Watching => &FILES,
        }
    }
}

/// Of a run that trains here.
static LIVE: StageTerms = OWN;

/// Of a run that another process trains, whose pictures are as that one made them.
static FOLLOWED: StageTerms = StageTerms { first: WaitsFor::FirstSave, has_axes: false, ..OWN };

/// Of two saved runs.
static SAVED: StageTerms = StageTerms {
    link: Err("there is no link to saved runs side by side; go back to the live run"),
    ..OWN
};

/// Of any run that this program trained.
const OWN: StageTerms = StageTerms {
    has_methods: true,
    has_full_set: true,
    has_steps: true,
    has_trainer: true,
    has_axes: true,
    has_fixed_marks: true,
    names_one_lane: true,
    judges_shares: true,
    has_dots: false,
    first: WaitsFor::FirstStep,
    link: Ok(()),
    above_name: |tokens| match tokens {
        Some(tokens) => words!("timeline-above-utilization-training-tokens-a", tokens = tokens),
        // How many are counted is not known before the lanes are.
        None => words!("timeline-above-utilization").into(),
    },
    no_curve: |_| None,
    below: |lane| &lane.recon_mse,
    below_name: || words!("timeline-below-mse-on-the-full"),
    below_ends: (0.001, 0.1),
    newest: |lane, used, mse| {
        words!("spoken-newest", lane = lane.name().to_uppercase(), used = used, mse = mse)
    },
    lane: |id| words!("spoken-lane", lane = id.name().to_uppercase()),
    w: of_w,
    counted: || words!("counted-by-the-window"),
    rule_not_told: |view, rule| match rule {
        _ if view.warms_up_until.is_some() => words!("counted-no-quantization"),
        Rule::Newest | Rule::Average | Rule::Batch if view.by_rule.is_none() => {
            words!("counted-not-saved")
        }
        _ => words!("counted-not-yet"),
    },
    tokens: |source, tokens| match source {
        UsageSource::Window => words!("usage-last-training-tokens", tokens = count(tokens)),
        UsageSource::FullSet => words!("usage-full-set-of-tokens", tokens = count(tokens)),
    },
    uncounted: |view| match view.warms_up_until {
        Some(last) => words!("usage-no-quantization-until-step", last = count(last)),
        None => words!("usage-counted-after-the-first-step").into(),
    },
    uses: |code, life, uses, tokens| {
        words!(
            "map-code-of-the-last-training",
            code = code,
            life = life,
            uses = uses,
            tokens = tokens
        )
    },
    unmoved: || words!("movement-takes-two-points"),
    turnover: [|| words!("events-codes-born-solid-died-dashed"), detect::turnover],
    device: || words!("status-the-device-that-trains-and"),
};

/// Of files of another program.
static FILES: StageTerms = StageTerms {
    has_methods: false,
    has_full_set: false,
    has_steps: false,
    has_trainer: false,
    has_axes: false,
    has_fixed_marks: false,
    names_one_lane: false,
    // The caption says it, as the tokens of a file are not always those of a window.
    judges_shares: false,
    has_dots: true,
    first: WaitsFor::FirstFile,
    link: Err("there is no link to files of another program; pass them on instead"),
    above_name: |_| words!("timeline-above-utilization-as-counted-in").into(),
    no_curve: |rule| match rule {
        Some(_) => Some(words!("watched-rule-not-told")),
        None => Some(words!("watched-no-counts")),
    },
    below: |lane| &lane.perplexity_batch,
    below_name: || words!("timeline-below-their-perplexity-log-scale"),
    below_ends: (1.0, 10.0),
    newest: |_, used, perplexity| {
        words!("spoken-newest-of-a-file", used = used, perplexity = perplexity)
    },
    lane: |_| words!("spoken-the-file").into(),
    w: |lane| {
        let w = match lane.learn_w {
            true => of_w(lane),
            false => words!("spectrum-no-w-in-this-file").into(),
        };
        if lane.latent_stds.is_empty() { words!("spectrum-no-latents", w = w) } else { w }
    },
    counted: || words!("counted-by-the-file"),
    rule_not_told: |_, _| words!("watched-rule-not-told"),
    tokens: |_, tokens| words!("usage-tokens-counted", tokens = count(tokens)),
    uncounted: |_| words!("watched-no-counts").into(),
    uses: |code, life, uses, tokens| {
        words!("map-code-of-tokens", code = code, life = life, uses = uses, tokens = tokens)
    },
    unmoved: || words!("movement-movement-takes-two-files"),
    turnover: [
        || words!("events-codes-born-since-the-file-before"),
        || words!("detect-turnover-of-files"),
    ],
    device: || words!("status-the-files-and-who-writes"),
};

/// What there is to say of a lane's W.
fn of_w(lane: &LaneView) -> String {
    if !lane.singular_values.is_empty() {
        let d = lane.singular_values.len();
        words!(
            "spectrum-effective-rank-of-w-of",
            rank = format_args!("{:.1}", lane.effective_rank_w),
            d = d
        )
    } else if lane.has_fixed_codes {
        words!("spectrum-fixed-codes-no-w").into()
    } else if lane.learn_w {
        words!("spectrum-a-perceptron-in-the-place").into()
    } else {
        words!("spectrum-w-is-fixed-at-the").into()
    }
}
