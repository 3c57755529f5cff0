//! One step as one token sees it: the numbers of slow motion.

use serde::{Deserialize, Serialize};

use crate::scenario::LaneId;

/// A code and how far it is from an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// The code.
    pub code: usize,
    /// Its distance |z-e|.
    pub distance: f64,
}

/// A code before and after a step, d numbers each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeMove {
    /// The code.
    pub code: usize,
    /// Where it was.
    pub before: Vec<f32>,
    /// Where it is.
    pub after: Vec<f32>,
}

impl CodeMove {
    /// How far it went.
    pub fn way(&self) -> f64 {
        let pairs = self.before.iter().zip(&self.after);
        pairs.map(|(a, b)| (f64::from(*b) - f64::from(*a)).powi(2)).sum::<f64>().sqrt()
    }
}

/// Parts of the loss without their weights: of one token, or of a whole batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Of mean((x̂-x)²); that of a token is a share of its sample's.
    pub recon: f64,
    /// Of mean((q-sg z)²), and of mean((sg q-z)²), which is the same number.
    pub quantization: f64,
}

/// Where it happens on the axes of the lane's map, before the step where nothing else is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnMap {
    /// The encoding, before and after.
    pub z: [[f32; 2]; 2],
    /// The nearest codes, nearest first.
    pub near: Vec<[f32; 2]>,
    /// The chosen code, before and after.
    pub chosen: [[f32; 2]; 2],
    /// The bystander, before and after.
    pub bystander: Option<[[f32; 2]; 2]>,
    /// Where the chosen code is pulled to, against the gradient: what lies in the plane of a way of
    /// length 1; nowhere where there is no pull.
    pub pulled: [f32; 2],
}

/// What one training step did with one token of its batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenStep {
    /// The lane.
    pub lane: LaneId,
    /// The step.
    pub step: u64,
    /// Which token of the batch.
    pub token: usize,
    /// Its encoding before the step, d numbers.
    pub z: Vec<f32>,
    /// The encoding of the same sample after the step.
    pub z_after: Vec<f32>,
    /// The codes nearest to it before the step, nearest first, at most three: it chose the first.
    pub near: Vec<Near>,
    /// The code nearest to the encoding after the step.
    pub near_after: Near,
    /// The token's part of the loss of the batch.
    pub own: Terms,
    /// The loss of the batch.
    pub batch: Terms,
    /// Tokens of the batch that chose the same code.
    pub companions: usize,
    /// Gradient of the codebook loss by the chosen row of E, d numbers: the pull of all that chose it.
    pub pull: Vec<f32>,
    /// Length of the gradient by W, where it learns: the root of its sum of squares.
    pub pull_w: Option<f64>,
    /// Gradient by b, the sum of the pulls on all codes, where it learns.
    pub pull_b: Option<Vec<f32>>,
    /// The chosen code.
    pub chosen: CodeMove,
    /// The nearest code that no token of the batch chose, where there is one.
    pub bystander: Option<CodeMove>,
    /// Codes that tokens of the batch chose.
    pub codes_chosen: usize,
    /// Where it happens on the map, for a run that has maps.
    pub on_map: Option<OnMap>,
}

/// The codes nearest to a point, nearest first; of equally near ones the first.
pub fn nearest(codes: &[f32], z: &[f32], most: usize) -> Vec<Near> {
    let distance = |code: &[f32]| -> f64 {
        code.iter().zip(z).map(|(e, z)| (f64::from(*e) - f64::from(*z)).powi(2)).sum::<f64>().sqrt()
    };
    let all = codes.chunks_exact(z.len().max(1)).map(distance).enumerate();
    let mut all: Vec<Near> = all.map(|(code, distance)| Near { code, distance }).collect();
    let by = |a: &Near, b: &Near| a.distance.total_cmp(&b.distance).then(a.code.cmp(&b.code));
    if all.len() > most {
        all.select_nth_unstable_by(most, by);
        all.truncate(most);
    }
    all.sort_by(by);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first() {
        let codes = [3.0, 0.0, 0.0, 1.0, 0.0, -1.0, 0.5, 0.0, 9.0, 9.0];
        let near = nearest(&codes, &[0.0, 0.0], 3);
        let found: Vec<_> = near.iter().map(|near| (near.code, near.distance)).collect();
        assert_eq!(found, [(3, 0.5), (1, 1.0), (2, 1.0)]);
        assert_eq!(nearest(&codes, &[9.0, 8.0], 9)[0], Near { code: 4, distance: 1.0 });
    }
}
