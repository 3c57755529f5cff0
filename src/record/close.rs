//! What is looked at closely: one code, all codes in use as tiles, an input of the user's own.

use std::sync::Arc;

use crate::record::token_step::Near;
use crate::scenario::LaneId;

/// Most codes in use that are decoded: of more the most used.
pub const TILES: usize = 512;

/// What a window looks at closely. The trainer works it out beside the reconstructions, and nothing
/// of it is kept: it says nothing of a run that the run's own numbers do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaze {
    /// The code whose life is told, and its lane.
    pub code: Option<(LaneId, usize)>,
    /// Whether codes in use are decoded.
    pub atlas: bool,
    /// Whether it is told which code each token of the map chose.
    pub tokens: bool,
    /// A sample of the user's own, grey, row by row.
    pub own: Option<Arc<Vec<u8>>>,
}

/// What there is to see of it in a lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Close {
    /// Step after which it was worked out.
    pub step: u64,
    /// Height and width of a sample in pixels; 0 where samples make no pictures.
    pub size: [usize; 2],
    /// The code.
    pub code: Option<CodeLife>,
    /// Codes in use, most used first.
    pub atlas: Vec<Tile>,
    /// The code that each encoding of the map is quantized to, in their order, at most 512.
    pub tokens: Vec<u32>,
    /// What the lane makes of the user's own sample.
    pub own: Option<OwnSample>,
}

/// A code as the decoder shows it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The code.
    pub code: usize,
    /// The sample that the decoder makes of it, where all tokens of a sample are this code: grey, row
    /// by row.
    pub grey: Vec<u8>,
}

/// What became of a code, in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeLife {
    /// Itself, decoded.
    pub tile: Tile,
    /// The step that chose it first; none where that is not known or none did.
    pub first_chosen: Option<u64>,
    /// Whether that is known.
    pub knows_first: bool,
    /// Distance |z-e| to the nearest of the encodings that the map shows.
    pub distance: f64,
    /// The codes that the encodings nearest to it choose, and how many of them do, most first.
    pub rivals: Vec<(usize, usize)>,
    /// The samples of the encodings nearest to it, nearest first: grey, row by row.
    pub inputs: Vec<Vec<u8>>,
}

/// A sample of the user's own in a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnSample {
    /// The sample, grey, row by row.
    pub input: Arc<Vec<u8>>,
    /// What the lane makes of it.
    pub output: Vec<u8>,
    /// Mean square error a pixel, of pixels from 0 to 1.
    pub mse: f64,
    /// Its tokens.
    pub tokens: Vec<OwnToken>,
}

/// A token of it.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnToken {
    /// Where its encoding lies on the map of the lane, from the middle of it.
    pub at: [f32; 2],
    /// The three codes nearest to it, nearest first: it is quantized to the first.
    pub near: Vec<Near>,
}
