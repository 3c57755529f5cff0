//! Lengths of codes as a histogram: what a codebook without counts still tells. Codes that were never
//! chosen keep the length that they began with, so that they stand apart.

use crate::figure::axis::Axis;

/// How many codes have which length.
#[derive(Clone, Debug, PartialEq)]
pub struct Norms {
    /// Lengths, from the left end to the right one.
    pub axis: Axis,
    /// Codes in each of equal parts of the axis.
    pub bins: Vec<u32>,
    /// Codes whose length is no finite number.
    pub broken: usize,
    /// The mean length.
    pub mean: f64,
    /// The least and the greatest length.
    pub ends: [f64; 2],
}

impl Norms {
    /// The lengths of codes in so many parts; none where none is finite.
    pub fn new(norms: &[f32], parts: usize) -> Option<Self> {
        let finite: Vec<f64> =
            norms.iter().map(|&norm| f64::from(norm)).filter(|norm| norm.is_finite()).collect();
        let low = finite.iter().copied().fold(f64::INFINITY, f64::min);
        let high = finite.iter().copied().fold(0.0, f64::max);
        if finite.is_empty() {
            return None;
        }
        // Lengths that are all alike stand in the middle of something.
        let is_one = high - low <= 1e-3 * high;
        let axis = match is_one {
            true => Axis::linear(0.0, if high > 0.0 { 2.0 * high } else { 1.0 }),
            false => Axis::linear(low, high),
        };
        let parts = parts.max(1);
        let mut bins = vec![0_u32; parts];
        for norm in &finite {
            let at = (axis.place(*norm) * parts as f64) as usize;
            bins[at.min(parts - 1)] += 1;
        }
        Some(Self {
            axis,
            bins,
            broken: norms.len() - finite.len(),
            mean: finite.iter().sum::<f64>() / finite.len() as f64,
            ends: [low, high],
        })
    }

    /// Lengths between which the codes of a part lie.
    pub fn part(&self, at: usize) -> [f64; 2] {
        let width = (self.axis.high - self.axis.low) / self.bins.len() as f64;
        [at, at + 1].map(|at| self.axis.low + at as f64 * width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finite_length_is_in_one_part_and_the_others_are_counted() {
        let norms = [1.0, 1.0, 1.4, 2.0, f32::NAN, f32::INFINITY, 3.0];
        let found = Norms::new(&norms, 4).unwrap();
        assert_eq!(found.bins, [3, 0, 1, 1]);
        assert_eq!((found.broken, found.ends), (2, [1.0, 3.0]));
        assert!((found.mean - 1.68).abs() < 1e-6);
        assert_eq!(found.part(2), [2.0, 2.5]);
        // All of one length, and all zero.
        assert_eq!(Norms::new(&[1.0; 5], 3).unwrap().bins, [0, 5, 0]);
        assert_eq!(Norms::new(&[0.0; 5], 3).unwrap().bins, [5, 0, 0]);
        assert_eq!(Norms::new(&[f32::NAN], 3), None);
    }
}
