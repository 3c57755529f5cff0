//! What panes say and draw otherwise of files of another program than of a run that this program trained:
//! a row of one table each, so that a pane that only says it in other words asks for the words.

use crate::analysis::detect;
use crate::analysis::history::{LaneHistory, Series};
use crate::figure::columns::UsageSource;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::count;
use crate::ui::state::stage::Stage;
use crate::words;

/// Words and series of what is looked at.
pub struct StageTerms {
    /// Whether there is a full set, which is evaluated at steps of its own.
    pub has_full_set: bool,
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
    /// As what is counted without a meaning of "in use" of one's own.
    pub counted: fn() -> &'static str,
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
    /// The words and series of what is looked at.
    pub fn terms(self) -> &'static StageTerms {
        if self.has_losses() { &OWN } else { &FILES }
    }
}

/// Of a run that this program trained.
static OWN: StageTerms = StageTerms {
    has_full_set: true,
    below: |lane| &lane.recon_mse,
    below_name: || words!("timeline-below-mse-on-the-full"),
    below_ends: (0.001, 0.1),
    newest: |lane, used, mse| {
        words!("spoken-newest", lane = lane.name().to_uppercase(), used = used, mse = mse)
    },
    lane: |id| words!("spoken-lane", lane = id.name().to_uppercase()),
    counted: || words!("counted-by-the-window"),
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
    has_full_set: false,
    below: |lane| &lane.perplexity_batch,
    below_name: || words!("timeline-below-their-perplexity-log-scale"),
    below_ends: (1.0, 10.0),
    newest: |_, used, perplexity| {
        words!("spoken-newest-of-a-file", used = used, perplexity = perplexity)
    },
    lane: |_| words!("spoken-the-file").into(),
    counted: || words!("counted-by-the-file"),
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
