//! How far codes moved, as a curve from the fastest to the slowest.

/// A code that moved less did not move: below the rounding of a code's coordinates.
pub const FLOOR: f64 = 1e-6;

/// Points of a curve.
const POINTS: usize = 400;

/// The codes of a lane from the fastest to the slowest.
#[derive(Clone, Debug, PartialEq)]
pub struct Movements {
    /// Share of the codes that moved at least so far, and log10 of how far, at most about 400 points:
    /// the first axis is a share, so that lanes of any K compare.
    pub points: Vec<[f64; 2]>,
    /// Share of the codes that moved.
    pub share: f64,
}

impl Movements {
    /// Of distances, K.
    pub fn new(movement: &[f32]) -> Self {
        let mut sorted = movement.to_vec();
        // Equal numbers are alike.
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let stride = sorted.len().div_ceil(POINTS).max(1);
        let n = sorted.len() as f64;
        let at = |i: usize| [(i as f64 + 0.5) / n, f64::from(sorted[i]).max(FLOOR).log10()];
        let last = sorted.len().checked_sub(1);
        let points = (0..sorted.len()).step_by(stride).chain(last).map(at).collect();
        let moved = movement.iter().filter(|&&m| f64::from(m) > FLOOR).count();
        Self { points, share: moved as f64 / movement.len().max(1) as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_from_the_fastest_to_the_slowest() {
        let made = Movements::new(&[0.0, 0.1, 10.0, 1e-9]);
        let heights: Vec<f64> = made.points.iter().map(|point| point[1]).collect();
        assert_eq!(heights, [1.0, f64::from(0.1_f32).log10(), -6.0, -6.0, -6.0]);
        assert_eq!((made.points[1][0], made.share), (0.375, 0.5));
        let large: Vec<f32> = (0..100_000_u32).map(|i| i as f32).collect();
        let made = Movements::new(&large);
        assert!(
            made.points.len() <= POINTS + 1 && made.points.windows(2).all(|w| w[0][1] >= w[1][1])
        );
        assert_eq!(Movements::new(&[]), Movements { points: Vec::new(), share: 0.0 });
    }
}
