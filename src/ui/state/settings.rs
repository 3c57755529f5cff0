//! Settings: each method notes the wish in the draft, and sends what acts live.

use crate::record::setting::Setting;
use crate::record::status::Origin;
use crate::scenario::{
    DataSet, Fixed, Init, Lane, LaneId, Lookup, Preset, Scenario, TransformForm,
};
use crate::session::command::Command;
use crate::ui::state::AppState;
use crate::ui::state::marked::Target;

impl AppState {
    /// A setting that acts from the next step on, of the lanes that the controls act on; one with
    /// whose method it does not go stays as it is, as it does in the trainer.
    pub fn set(&mut self, setting: Setting) {
        let lane = match self.marked.target {
            Target::Both => None,
            Target::One(id) => Some(id),
        };
        self.draft.apply(lane, setting).ok();
        self.push_setting(lane, setting);
    }

    /// A setting that acts from the next step on, of all lanes.
    pub fn set_all(&mut self, setting: Setting) {
        self.draft.apply(None, setting).ok();
        self.push_setting(None, setting);
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
        self.each_lane(|lane| (lane.levels, lane.bits) = fixed.keys());
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
            self.return_from_tour();
            return self.find_story();
        }
        // Changes of another run cannot be undone in this one.
        self.undo = Default::default();
        let (scenario, log) = (info.scenario.clone(), info.origin.log().to_vec());
        if matches!(info.origin, Origin::Saved { .. }) {
            self.story.name = scenario.title.to_string();
            // Whoever goes on with the story that is shown sees it as it was arranged since.
            let is_other = self.story.scenario != scenario;
            self.story.scenario = scenario.clone();
            if is_other {
                self.arrange();
            }
        }
        self.draft = scenario;
        for logged in log {
            // What does not go with a lane leaves it as it is, as in the trainer.
            self.draft.apply(logged.lane, logged.setting).ok();
        }
        self.return_from_tour();
        self.find_story();
    }

    /// A named method, all switches of it. Where they are all switches that act live, they do;
    /// otherwise all of them wait for the restart together.
    pub fn set_preset(&mut self, preset: Preset) {
        let before = self.target_settings();
        self.each_lane(|lane| lane.set_preset(preset));
        if self.is_armed() {
            return;
        }
        let after = self.target_settings();
        let Some(first) = after.first() else { return };
        let lane = match self.marked.target {
            Target::Both => None,
            Target::One(id) => Some(id),
        };
        for (i, setting) in first.iter().enumerate() {
            if before.iter().zip(&after).any(|(old, new)| old[i] != new[i]) {
                self.push_setting(lane, *setting);
            }
        }
    }

    /// All settings that act live, of each lane that the controls act on.
    fn target_settings(&self) -> Vec<Vec<Setting>> {
        let on_switch = self.on_switch();
        let specs = self.target_lanes().into_iter().filter_map(|id| self.draft.lane(id));
        specs.map(|spec| spec.settings(on_switch)).collect()
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

    fn push_setting(&mut self, lane: Option<LaneId>, setting: Setting) {
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
                        lane.drop_empty();
                    }
                }
            }
            Target::One(id) => {
                if let Some(lane) = self.draft.lane_table_mut(id) {
                    own(lane, Some(value));
                    lane.drop_empty();
                }
            }
        }
    }
}

/// Whether a draft differs from what trains in something that needs a restart.
pub fn needs_restart(draft: &Scenario, running: &Scenario) -> bool {
    draft.needs_restart_from(running)
}
