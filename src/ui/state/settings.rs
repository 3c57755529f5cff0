//! Settings: each method notes the wish in the draft, and sends what acts live.

use crate::record::setting::Setting;
use crate::record::status::Origin;
use crate::scenario::{
    CodeUpdate, DataSet, Estimator, Fixed, Init, Lane, LaneId, LaneSpec, Lanes, Lookup, Method,
    Pace, Preset, Scenario, Switches, TransformForm, Upkeep,
};
use crate::session::command::Command;
use crate::ui::state::AppState;
use crate::ui::state::marked::Target;

impl AppState {
    /// Learning rate from the next step on.
    pub fn set_lr(&mut self, lr: f64) {
        self.assign(lr, |s, v| s.train.lr = v, |l, v| l.train.get_or_insert_default().lr = v);
        self.push_setting(Setting::Lr(lr));
    }

    /// Commitment weight from the next step on.
    pub fn set_beta(&mut self, beta: f64) {
        self.assign(beta, |s, v| s.train.beta = v, |l, v| l.train.get_or_insert_default().beta = v);
        self.push_setting(Setting::Beta(beta));
    }

    /// Learning rate of C as a share of the lane's, from the next step on.
    pub fn set_c_lr(&mut self, c_lr: f64) {
        self.each_lane(|lane| lane.c_lr = Some(c_lr));
        self.push_setting(Setting::CodeRate(c_lr));
    }

    /// How C is updated, from the next step on.
    pub fn set_update(&mut self, update: CodeUpdate) {
        self.each_lane(|lane| lane.update = Some(update));
        self.push_setting(Setting::Update(update));
    }

    /// How codes are kept in use, from the next step on.
    pub fn set_upkeep(&mut self, upkeep: Upkeep) {
        self.each_lane(|lane| lane.upkeep = Some(upkeep));
        self.push_setting(Setting::Upkeep(upkeep));
    }

    /// What gradient the encoder gets, from the next step on.
    pub fn set_estimator(&mut self, estimator: Estimator) {
        self.each_lane(|lane| lane.estimator = Some(estimator));
        self.push_setting(Setting::Estimator(estimator));
    }

    /// Weight of the entropy penalty, from the next step on.
    pub fn set_entropy(&mut self, weight: f64) {
        self.each_lane(|lane| lane.entropy = Some(weight));
        self.push_setting(Setting::Entropy(weight));
    }

    /// How an encoding finds its code; needs a restart.
    pub fn set_lookup(&mut self, lookup: Lookup) {
        self.each_lane(|lane| lane.lookup = Some(lookup));
    }

    /// Width to which latents are projected before the lookup, 0 for none; needs a restart.
    pub fn set_factor(&mut self, dim: usize) {
        self.each_lane(|lane| lane.factor = Some(dim));
    }

    /// Steps without quantization; needs a restart.
    pub fn set_warmup(&mut self, steps: u64) {
        self.each_lane(|lane| lane.warmup = Some(steps));
    }

    /// The codes that nothing moves; needs a restart.
    pub fn set_fixed(&mut self, fixed: &Fixed) {
        self.each_lane(|lane| match fixed {
            Fixed::Levels(levels) => lane.levels = Some(levels.clone()),
            Fixed::Bits(bits) => lane.bits = Some(*bits),
        });
    }

    /// Rank of a low-rank W; needs a restart.
    pub fn set_rank(&mut self, rank: usize) {
        self.each_lane(|lane| lane.rank = Some(rank));
    }

    /// Form of W; needs a restart.
    pub fn set_transform(&mut self, form: TransformForm) {
        self.each_lane(|lane| lane.transform = Some(form));
    }

    /// Whether W has a bias; needs a restart.
    pub fn set_bias(&mut self, has_bias: bool) {
        self.each_lane(|lane| lane.bias = Some(has_bias));
    }

    /// Takes over what a run that was forked or gone on with trains, as if it had been chosen here.
    pub fn follow_run(&mut self) {
        let Some(info) = &self.run.info else { return };
        if self.comparison.is_some() || self.followed == info.run {
            return;
        }
        self.followed = info.run;
        if info.origin == Origin::New {
            return;
        }
        // Changes of another run cannot be undone in this one.
        self.undo = Default::default();
        let (scenario, log) = (info.scenario.clone(), info.origin.log().to_vec());
        if matches!(info.origin, Origin::Saved { .. }) {
            self.story.name.clone_from(&scenario.title);
            self.story.scenario = scenario.clone();
        }
        self.draft = scenario;
        for logged in log {
            for id in self.draft.lane_ids() {
                if logged.lane.is_none_or(|only| only == id)
                    && let Some(lane) = self.draft.lane_table_mut(id)
                {
                    write(lane, logged.setting);
                }
            }
        }
    }

    /// A named method, all switches of it. Where they are all switches that act live, they do;
    /// otherwise all of them wait for the restart together.
    pub fn set_preset(&mut self, preset: Preset) {
        let ids = self.target_lanes();
        let tables = ids.iter().filter_map(|id| self.draft.lane_table(*id));
        let before: Vec<Method> = tables.map(Lane::method).collect();
        self.each_lane(|lane| lane.set_preset(preset));
        if self.is_armed() {
            return;
        }
        let on_switch = self.on_switch();
        let settings = |m: &Method| {
            [
                Setting::Learn { c: m.learn_c, w: m.learn_w, on_switch },
                Setting::CodeRate(m.switches.c_lr),
                Setting::Update(m.switches.update),
                Setting::Upkeep(m.switches.upkeep),
                Setting::Entropy(m.switches.entropy),
                Setting::Estimator(m.switches.estimator),
            ]
        };
        let known: Vec<_> = before.iter().map(settings).collect();
        for (i, setting) in settings(&preset.method()).into_iter().enumerate() {
            if known.iter().any(|old| old[i] != setting) {
                self.push_setting(setting);
            }
        }
    }

    /// Changes the draft's table of each lane that the controls act on; a lane with whose method the
    /// change does not go stays as it is, as it does in the trainer.
    fn each_lane(&mut self, change: impl Fn(&mut Lane)) {
        for id in self.target_lanes() {
            if let Some(lane) = self.draft.lane_table_mut(id) {
                let before = lane.clone();
                change(lane);
                if lane.method().conflict().is_some() && before.method().conflict().is_none() {
                    *lane = before;
                }
            }
        }
    }

    /// The lanes that the controls act on.
    pub fn target_lanes(&self) -> Vec<LaneId> {
        match self.marked.target {
            Target::Both => self.draft.lane_ids(),
            Target::One(id) => vec![id],
        }
    }

    fn push_setting(&mut self, setting: Setting) {
        let lane = match self.marked.target {
            Target::Both => None,
            Target::One(id) => Some(id),
        };
        // A dragged slider sends many values between two frames; only the newest matters.
        let is_same = |c: &Command| match c {
            Command::Set { lane: l, setting: s } => {
                *l == lane && std::mem::discriminant(s) == std::mem::discriminant(&setting)
            }
            _ => false,
        };
        self.outbox.retain(|c| !is_same(c));
        self.outbox.push(Command::Set { lane, setting });
    }

    /// K; needs a restart.
    pub fn set_size(&mut self, size: usize) {
        self.assign(
            size,
            |s, v| s.codebook.size = v,
            |l, v| l.codebook.get_or_insert_default().size = v,
        );
    }

    /// d; needs a restart.
    pub fn set_dim(&mut self, dim: usize) {
        self.assign(
            dim,
            |s, v| s.codebook.dim = v,
            |l, v| l.codebook.get_or_insert_default().dim = v,
        );
    }

    /// Initial C; needs a restart. Written to each lane, because a lane's preset stands above what
    /// the lanes share.
    pub fn set_init(&mut self, init: Init) {
        self.each_lane(|lane| lane.codebook.get_or_insert_default().init = Some(init));
    }

    /// Standard deviation of a normal initial C; needs a restart.
    pub fn set_std(&mut self, std: f64) {
        self.assign(
            std,
            |s, v| s.codebook.std = Some(v),
            |l, v| l.codebook.get_or_insert_default().std = v,
        );
    }

    /// Tokens a batch; needs a restart.
    pub fn set_batch_tokens(&mut self, tokens: usize) {
        self.assign(
            tokens,
            |s, v| s.train.batch_tokens = v,
            |l, v| l.train.get_or_insert_default().batch_tokens = v,
        );
    }

    /// Image set; needs a restart.
    pub fn set_data(&mut self, set: DataSet) {
        self.assign(set, |s, v| s.data.set = v, |l, v| l.data.get_or_insert_default().set = v);
    }

    /// Writes a value into the draft: to the key that both lanes share, or to one lane's own key.
    fn assign<T: Copy>(
        &mut self,
        value: T,
        shared: fn(&mut Scenario, T),
        own: fn(&mut Lane, Option<T>),
    ) {
        match self.marked.target {
            Target::Both => {
                shared(&mut self.draft, value);
                for id in self.draft.lane_ids() {
                    if let Some(lane) = self.draft.lane_table_mut(id) {
                        own(lane, None);
                        drop_empty(lane);
                    }
                }
            }
            Target::One(id) => {
                if let Some(lane) = self.draft.lane_table_mut(id) {
                    own(lane, Some(value));
                    drop_empty(lane);
                }
            }
        }
    }
}

/// Writes a hot setting into a lane's table.
fn write(lane: &mut Lane, setting: Setting) {
    match setting {
        Setting::Lr(lr) => lane.train.get_or_insert_default().lr = Some(lr),
        Setting::Beta(beta) => lane.train.get_or_insert_default().beta = Some(beta),
        Setting::Learn { c, w, .. } => (lane.learn_c, lane.learn_w) = (Some(c), Some(w)),
        Setting::CodeRate(c_lr) => lane.c_lr = Some(c_lr),
        Setting::Update(update) => lane.update = Some(update),
        Setting::Upkeep(upkeep) => lane.upkeep = Some(upkeep),
        Setting::Entropy(entropy) => lane.entropy = Some(entropy),
        Setting::Estimator(estimator) => lane.estimator = Some(estimator),
    }
}

/// A lane's table that overrides nothing is no table, so that equal drafts compare equal.
fn drop_empty(lane: &mut Lane) {
    lane.train = lane.train.take().filter(|t| *t != Default::default());
    lane.codebook = lane.codebook.take().filter(|c| *c != Default::default());
    lane.data = lane.data.take().filter(|d| *d != Default::default());
}

/// Whether a draft differs from what trains in something that needs a restart.
pub fn needs_restart(draft: &Scenario, running: &Scenario) -> bool {
    cold_part(draft) != cold_part(running)
}

/// What needs a restart: the scenario with everything that acts live set to one value, and its lanes
/// as they would be built.
pub(super) fn cold_part(scenario: &Scenario) -> (Scenario, Vec<LaneSpec>) {
    let mut cold = scenario.clone();
    cold.pace = Pace::default();
    cold.train.lr = 1.0;
    cold.train.beta = 1.0;
    for id in cold.lane_ids() {
        if let Some(lane) = cold.lane_table_mut(id) {
            (lane.learn_c, lane.learn_w, lane.c_lr) = (None, None, None);
            (lane.update, lane.upkeep, lane.estimator) = (None, None, None);
            lane.entropy = None;
            if let Some(train) = &mut lane.train {
                (train.lr, train.beta) = (None, None);
            }
        }
    }
    let usual = Switches::default();
    let neutral = |spec: LaneSpec| LaneSpec {
        learn_c: false,
        learn_w: false,
        switches: Switches {
            c_lr: usual.c_lr,
            update: usual.update,
            upkeep: usual.upkeep,
            entropy: usual.entropy,
            estimator: usual.estimator,
            ..spec.switches
        },
        ..spec
    };
    let specs = cold.lane_specs().into_iter().map(neutral).collect();
    // The tables say the same as the specs, in more ways than one.
    cold.lanes = Lanes { a: Lane::default(), b: None };
    (cold, specs)
}
