//! k-means on the host, for codes that start on the data.

use crate::give_up;
use crate::model::nearest::nearest;
use crate::rng::Stream;

/// Rounds of Lloyd's algorithm; as many as vector-quantize-pytorch runs.
const ROUNDS: usize = 10;

/// `size` centres of `points` (rows of `dim` numbers) after ten rounds of Lloyd's algorithm.
///
/// The first centres are different points while there are enough, then points again; a centre
/// that loses all its points stays where it is. Where it is given up, they are any centres.
pub fn kmeans(points: &[f32], dim: usize, size: usize, stream: &mut Stream) -> Vec<f32> {
    let count = points.len() / dim;
    let point = |i: usize| &points[i * dim..(i + 1) * dim];
    let order = stream.choose(count, size);
    let mut centres: Vec<f32> =
        (0..size).flat_map(|i| point(order[i % order.len()] as usize)).copied().collect();
    for _ in 0..ROUNDS {
        if give_up::is_asked() {
            break;
        }
        let owner = nearest(points, &centres, dim);
        let mut sums = vec![0.0_f64; size * dim];
        let mut counts = vec![0_u32; size];
        for (i, &code) in owner.iter().enumerate() {
            let code = code as usize;
            counts[code] += 1;
            for (sum, &x) in sums[code * dim..(code + 1) * dim].iter_mut().zip(point(i)) {
                *sum += f64::from(x);
            }
        }
        for (code, &n) in counts.iter().enumerate().filter(|&(_, &n)| n > 0) {
            for k in code * dim..(code + 1) * dim {
                centres[k] = (sums[k] / f64::from(n)) as f32;
            }
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn finds_well_separated_clusters() {
        let mut points = Vec::new();
        let noise = Stream::new(3, Purpose::Kmeans, 0).normal(600, 0.01);
        for (i, e) in noise.chunks(2).enumerate() {
            let (x, y) = [(0.0, 0.0), (5.0, 0.0), (0.0, 5.0)][i % 3];
            points.extend([x + e[0], y + e[1]]);
        }
        let mut found = kmeans(&points, 2, 3, &mut Stream::new(5, Purpose::Kmeans, 0));
        found.iter_mut().for_each(|v| *v = v.round() + 0.0);
        let mut pairs: Vec<(i32, i32)> =
            found.chunks(2).map(|c| (c[0] as i32, c[1] as i32)).collect();
        pairs.sort_unstable();
        // Three different starting points may share a cluster; this seed's do not.
        assert_eq!(pairs, [(0, 0), (0, 5), (5, 0)]);
    }

    #[test]
    fn more_centres_than_points_repeat_points() {
        let centres = kmeans(&[1.0, 2.0], 1, 5, &mut Stream::new(5, Purpose::Kmeans, 0));
        assert_eq!(centres.len(), 5);
        assert!(centres.iter().all(|c| *c == 1.0 || *c == 2.0));
    }
}
