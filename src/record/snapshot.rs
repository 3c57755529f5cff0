//! What the trainer hands out: plain numbers, no tensor.
//!
//! Two ways lead out of the trainer thread. Pictures go through a latest-value slot of
//! [`Snapshot`]s, where a new one replaces the old one. Scalars and events go through a lossless
//! channel of [`Update`](crate::record::status::Update)s, because a curve may not lose points.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::record::close::Close;
use crate::record::counted::{ByRule, InUse};
use crate::record::judgement::Rule;
use crate::record::metric::Evaluation;
use crate::record::motion::Moved;
use crate::record::setting::BasisMode;
use crate::record::transform::TransformFacts;
use crate::record::usage::{CountedIn, Usage};
use crate::scenario::{LaneId, Switches};

/// The state of all lanes after one step.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Counts restarts, so that a late snapshot of an earlier run is recognized.
    pub run: u64,
    /// Steps trained.
    pub step: u64,
    /// One view a lane, in order.
    pub lanes: Vec<LaneView>,
}

impl Snapshot {
    /// Bytes of its arrays; reconstructions count where they were made at this very step, because
    /// snapshots in between share them.
    pub fn bytes(&self) -> usize {
        self.lanes.iter().map(LaneView::bytes).sum::<usize>() + size_of::<Self>()
    }
}

/// What the panels show of one lane: facts, which files keep whole, and arrays. It reads as its facts.
#[derive(Clone, Debug)]
pub struct LaneView {
    /// What is no array.
    pub facts: LaneFacts,
    /// Effective codes on the two axes, K x 2.
    pub codes: Vec<[f32; 2]>,
    /// Encoder outputs of the same held-out tokens at every step, at most 512 x 2.
    pub latents: Vec<[f32; 2]>,
    /// Uses of each code in the sliding window of training tokens, K ([`CountedIn`]); empty where nothing counts
    /// them.
    pub window_counts: Vec<u32>,
    /// Whether each code was ever in use since it is there, K; empty where that is not known: in
    /// saves of earlier versions, and in files of other programs.
    pub ever_used: Vec<bool>,
    /// Uses of each code on the evaluation set at the newest evaluation, K; empty before it.
    pub eval_counts: Vec<u32>,
    /// Distance that each effective code moved over the newest `movement_steps` steps, K.
    pub movement: Vec<f32>,
    /// How far each effective code went in the newest step, K; empty where that is not known.
    pub step_movement: Vec<f32>,
    /// How many steps ago each code was chosen last, K: 0 for the newest step, infinitely many where it
    /// never was; empty where that is not known.
    pub since_chosen: Vec<f32>,
    /// Where each code was `tail_steps` steps ago, on the same axes, K x 2; empty for large codebooks and
    /// before there is one.
    pub tails: Vec<[f32; 2]>,
    /// Squared distance of each effective code from the plane of the axes through the mean of the
    /// encodings, K; empty where that is not known, and where all lie in it.
    pub off_plane: Vec<f32>,
    /// Singular values of W, largest first; empty while W is fixed at the identity, and where a
    /// perceptron stands in its place.
    pub singular_values: Vec<f32>,
    /// Standard deviations of the encodings along their principal axes, largest first, at the
    /// newest point of the record.
    pub latent_stds: Vec<f32>,
    /// The same of the effective codes; empty in saves of earlier versions.
    pub code_stds: Vec<f32>,
    /// Reconstructions, made at fixed steps.
    pub pictures: Option<Arc<Pictures>>,
    /// What is looked at closely; never kept.
    pub close: Option<Arc<Close>>,
    /// Lengths of the codes, K, where nothing counts their use; never kept.
    pub code_norms: Vec<f32>,
    /// Every codebook of the file that this one is of, in order, where all are to be seen: their codes
    /// and counts on axes of their own; never kept.
    pub levels: Vec<Self>,
}

/// What of a lane's view is no array. A fact that earlier versions did not save has a default.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct LaneFacts {
    /// Which lane.
    pub id: LaneId,
    /// Step of this view; before the snapshot's where the lane diverged or ended.
    pub step: u64,
    /// Whether the codes are a fixed set that nothing moves (FSQ, LFQ).
    pub has_fixed_codes: bool,
    /// Whether C learns.
    pub learn_c: bool,
    /// Whether W and b learn.
    pub learn_w: bool,
    /// Last step of the warm-up without quantization that is going on.
    pub warms_up_until: Option<u64>,
    /// Learning rate now.
    pub lr: f64,
    /// Weight of the commitment loss now.
    pub beta: f64,
    /// All other switches of the method now.
    pub switches: Switches,
    /// The axes.
    pub axes: Axes,
    /// What the numbers of the uses of codes are.
    #[serde(default, skip_serializing_if = "CountedIn::is_tokens")]
    pub counted_in: CountedIn,
    /// Utilization of the newest batch.
    pub batch: Usage,
    /// Utilization of the sliding window of training tokens.
    pub window: Usage,
    /// The newest evaluation.
    pub eval: Option<Evaluation>,
    /// Codes in use by each meaning of the words; none in saves of earlier versions.
    #[serde(default)]
    pub by_rule: Option<ByRule>,
    /// Steps that `movement` spans; 0 before there is one.
    pub movement_steps: u64,
    /// Who moved in the newest step, where that is known.
    #[serde(default)]
    pub moved: Option<Moved>,
    /// Steps that the tails go back.
    #[serde(default)]
    pub tail_steps: u64,
    /// What W and b do, where they learn and W is a matrix.
    #[serde(default)]
    pub transform: Option<TransformFacts>,
    /// Effective rank of W; d while W is fixed at the identity.
    pub effective_rank_w: f32,
    /// First step whose loss was not a finite number; the lane stopped before it.
    pub diverged_at: Option<u64>,
}

impl Deref for LaneView {
    type Target = LaneFacts;

    fn deref(&self) -> &LaneFacts {
        &self.facts
    }
}

impl DerefMut for LaneView {
    fn deref_mut(&mut self) -> &mut LaneFacts {
        &mut self.facts
    }
}

impl LaneView {
    /// A lane of which nothing is known but its name and step.
    pub fn unknown(id: LaneId, step: u64) -> Self {
        Self {
            facts: LaneFacts {
                id,
                step,
                has_fixed_codes: false,
                learn_c: false,
                learn_w: false,
                warms_up_until: None,
                lr: f64::NAN,
                beta: f64::NAN,
                switches: Switches::default(),
                axes: Axes {
                    explained: [0.0; 2],
                    mode: BasisMode::Live,
                    step,
                    centre: [0.0; 2],
                    extent: 1.0,
                    are_coordinates: false,
                    rise: None,
                },
                counted_in: CountedIn::Tokens,
                batch: Usage::default(),
                window: Usage::default(),
                eval: None,
                by_rule: None,
                movement_steps: 0,
                moved: None,
                tail_steps: 0,
                transform: None,
                effective_rank_w: f32::NAN,
                diverged_at: None,
            },
            codes: Vec::new(),
            latents: Vec::new(),
            window_counts: Vec::new(),
            ever_used: Vec::new(),
            eval_counts: Vec::new(),
            movement: Vec::new(),
            step_movement: Vec::new(),
            since_chosen: Vec::new(),
            tails: Vec::new(),
            off_plane: Vec::new(),
            singular_values: Vec::new(),
            latent_stds: Vec::new(),
            code_stds: Vec::new(),
            pictures: None,
            close: None,
            code_norms: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Bytes of its arrays.
    fn bytes(&self) -> usize {
        let own = self.pictures.iter().filter(|p| p.step == self.step);
        let grey: usize = own.map(|p| p.bytes()).sum();
        8 * (self.codes.len() + self.latents.len() + self.tails.len())
            + 4 * (self.window_counts.len() + self.eval_counts.len() + self.code_norms.len())
            + 4 * NUMBERS.iter().map(|numbers| (numbers.of)(self).len()).sum::<usize>()
            + self.ever_used.len()
            + grey
            + self.levels.iter().map(Self::bytes).sum::<usize>()
    }

    /// Codes in use by a meaning of the words; none where nothing is counted yet, or cannot be told.
    pub fn in_use(&self, rule: Rule) -> Option<InUse> {
        if self.warms_up_until.is_some() {
            return None;
        }
        match (self.by_rule, rule) {
            (Some(by_rule), _) => by_rule.get(rule),
            // Earlier versions kept these two alone.
            (None, Rule::Seen) => self.eval.map(|eval| InUse::of(&eval.usage)),
            (None, Rule::Distinct) => Some(InUse::of(&self.batch)).filter(|b| b.tokens > Some(0)),
            (None, _) => None,
        }
    }

    /// Whether it is known which codes are in use; files of another program may not tell.
    pub fn knows_use(&self) -> bool {
        !self.window_counts.is_empty()
    }
}

/// How many numbers a list of a view has, where it has any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// One a code, K.
    Codes,
    /// One a dimension, d.
    Dims,
}

/// A list of numbers of a view, as files keep it.
pub struct Numbers {
    /// Its name.
    pub name: &'static str,
    /// How long it is.
    pub length: Length,
    /// Whether files of earlier versions lack it.
    pub is_added: bool,
    /// The numbers.
    pub of: fn(&LaneView) -> &[f32],
    /// Takes them.
    pub set: fn(&mut LaneView, Vec<f32>),
}

/// Makes the table of lists of numbers.
macro_rules! numbers {
    ($($name:ident: $length:ident, added: $is_added:literal;)*) => {
        /// Lists of numbers of a view: what files keep beside the maps and the counts.
        pub const NUMBERS: &[Numbers] = &[$(Numbers {
            name: stringify!($name),
            length: Length::$length,
            is_added: $is_added,
            of: |view| &view.$name,
            set: |view, numbers| view.$name = numbers,
        },)*];
    };
}

numbers! {
    movement: Codes, added: false;
    singular_values: Dims, added: false;
    latent_stds: Dims, added: false;
    code_stds: Dims, added: true;
    step_movement: Codes, added: true;
    since_chosen: Codes, added: true;
    off_plane: Codes, added: true;
}

/// Axes of a code map.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axes {
    /// Share of the variance along each axis, 0 to 1: of the effective codebook, or of the encodings
    /// where nothing moves the codes.
    pub explained: [f32; 2],
    /// How they were chosen.
    pub mode: BasisMode,
    /// Step whose codebook gave the axes.
    pub step: u64,
    /// Coordinates of the middle of the map, which is the origin of `codes` and `latents`.
    pub centre: [f32; 2],
    /// Half the width of the view around that middle; changes rarely.
    pub extent: f32,
    /// Whether they are the two numbers of each code themselves.
    #[serde(default)]
    pub are_coordinates: bool,
    /// Half its height, at most as much; saves of earlier versions have square views.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise: Option<f32>,
}

impl Axes {
    /// Half the width and half the height of the view.
    pub fn reach(&self) -> [f32; 2] {
        [self.extent, self.rise.unwrap_or(self.extent)]
    }
}

/// Inputs and reconstructions, grey, row by row, 0 to 255.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    /// Step after which they were made.
    pub step: u64,
    /// Width of one picture in pixels.
    pub width: usize,
    /// Height of one picture in pixels.
    pub height: usize,
    /// One input each.
    pub inputs: Arc<Vec<Vec<u8>>>,
    /// Its reconstruction.
    pub outputs: Vec<Vec<u8>>,
    /// Samples down and across a picture.
    pub grid: [usize; 2],
    /// The codes of each picture, sample by sample row by row, the tokens of a sample side by side;
    /// empty in saves of earlier versions, and while nothing is quantized.
    pub indices: Vec<Vec<u32>>,
}

impl Pictures {
    /// Bytes of what is not shared with other pictures.
    fn bytes(&self) -> usize {
        let indices: usize = self.indices.iter().map(Vec::len).sum();
        self.outputs.iter().map(Vec::len).sum::<usize>() + 4 * indices
    }

    /// Tokens that a sample becomes.
    pub fn tokens(&self) -> usize {
        let [down, across] = self.grid;
        self.indices.first().map_or(0, |indices| indices.len() / (down * across).max(1))
    }

    /// All codes in one row with their shape: pictures, samples down, across, tokens a sample.
    pub fn all_indices(&self) -> Option<([usize; 4], Vec<u32>)> {
        let [down, across] = self.grid;
        let shape = [self.indices.len(), down, across, self.tokens()];
        (!self.indices.is_empty()).then(|| (shape, self.indices.concat()))
    }

    /// The same pictures with codes as [`Self::all_indices`] gives them, where there are some.
    pub fn with_indices(mut self, all: Option<(Vec<usize>, Vec<u32>)>) -> Self {
        if let Some((shape, indices)) = all
            && let [_, down, across, tokens] = shape[..]
            && let each = down.saturating_mul(across).saturating_mul(tokens)
            && each > 0
        {
            self.grid = [down, across];
            self.indices = indices.chunks(each).map(<[u32]>::to_vec).collect();
        }
        self
    }
}
