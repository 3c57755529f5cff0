//! Two axes through a codebook that stay still between pictures.

use crate::math::eigen;

/// Two orthonormal axes in d dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// The axes, d numbers each.
    pub axes: [Vec<f64>; 2],
    /// Share of the variance of the fitted points along each axis, 0 to 1.
    pub explained: [f64; 2],
}

impl Basis {
    /// The two directions of most variance of `points` (rows of `dim` numbers).
    pub fn fit(points: &[f32], dim: usize) -> Self {
        Self::of(&Moments::of(points, dim))
    }

    /// The two directions of most variance of points with these moments.
    ///
    /// Pearson 1901: eigenvectors of the covariance. The largest component of each axis is
    /// positive. With one dimension, or without variance, the missing axis explains 0.
    pub fn of(moments: &Moments) -> Self {
        let dim = moments.mean.len();
        let (values, vectors) = eigen::symmetric(&moments.covariance(), dim);
        let total: f64 = values.iter().map(|v| v.max(0.0)).sum();
        let axis = |i: usize| -> Vec<f64> {
            let mut axis =
                vectors.get(i * dim..(i + 1) * dim).map_or(vec![0.0; dim], <[f64]>::to_vec);
            let largest =
                axis.iter().copied().fold(0.0, |m: f64, x| if x.abs() > m.abs() { x } else { m });
            if largest < 0.0 {
                axis.iter_mut().for_each(|x| *x = -*x);
            }
            axis
        };
        let share = |i: usize| match values.get(i) {
            Some(v) if total > 0.0 => v.max(0.0) / total,
            _ => 0.0,
        };
        Self { axes: [axis(0), axis(1)], explained: [share(0), share(1)] }
    }

    /// The axes of the plane itself, for points of two numbers with these moments.
    pub fn coordinates(moments: &Moments) -> Self {
        let variance = |i: usize| moments.scatter.get(3 * i).copied().unwrap_or(0.0);
        let total = variance(0) + variance(1);
        let share = |i: usize| if total > 0.0 { variance(i) / total } else { 0.0 };
        Self { axes: [vec![1.0, 0.0], vec![0.0, 1.0]], explained: [share(0), share(1)] }
    }

    /// The same plane with the axes turned (or mirrored) so that they lie as close as possible to
    /// `before`: the orthogonal Procrustes solution in the plane (Schönemann 1966).
    ///
    /// Without it, an axis may flip its sign, and two axes of nearly equal variance may change
    /// places, from one picture to the next. The shares of variance are those along the turned
    /// axes. A basis of another width is left as it is.
    pub fn aligned_with(self, before: &Self) -> Self {
        if before.axes[0].len() != self.axes[0].len() {
            return self;
        }
        let dot = |i: usize, j: usize| -> f64 {
            before.axes[i].iter().zip(&self.axes[j]).map(|(a, b)| a * b).sum()
        };
        let m = [[dot(0, 0), dot(0, 1)], [dot(1, 0), dot(1, 1)]];
        // Best rotation [[c,-s],[s,c]] and best reflection [[c,s],[s,-c]].
        let turn = (m[0][0] + m[1][1], m[1][0] - m[0][1]);
        let mirror = (m[0][0] - m[1][1], m[1][0] + m[0][1]);
        let (turn_score, mirror_score) = (turn.0.hypot(turn.1), mirror.0.hypot(mirror.1));
        let (c, s, sign, score) = if turn_score >= mirror_score {
            (turn.0, turn.1, -1.0, turn_score)
        } else {
            (mirror.0, mirror.1, 1.0, mirror_score)
        };
        if score <= 0.0 || !score.is_finite() {
            return self;
        }
        let (c, s) = (c / score, s / score);
        let r = [[c, sign * s], [s, -sign * c]];
        let mixed = |i: usize| -> Vec<f64> {
            self.axes[0].iter().zip(&self.axes[1]).map(|(x, y)| r[i][0] * x + r[i][1] * y).collect()
        };
        let share =
            |i: usize| r[i][0].powi(2) * self.explained[0] + r[i][1].powi(2) * self.explained[1];
        Self { axes: [mixed(0), mixed(1)], explained: [share(0), share(1)] }
    }

    /// Coordinates of `points` (rows of d numbers) on the axes.
    pub fn project(&self, points: &[f32]) -> Vec<[f32; 2]> {
        let dim = self.axes[0].len();
        let along = |axis: &[f64], row: &[f32]| -> f32 {
            axis.iter().zip(row).map(|(a, &x)| a * f64::from(x)).sum::<f64>() as f32
        };
        points
            .chunks_exact(dim)
            .map(|row| [along(&self.axes[0], row), along(&self.axes[1], row)])
            .collect()
    }
}

/// Number, mean and scatter of points: all that their axes depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Number of points.
    pub count: f64,
    /// Mean m, d numbers.
    pub mean: Vec<f64>,
    /// Σ(x-m)(x-m)ᵀ, d x d.
    pub scatter: Vec<f64>,
}

impl Moments {
    /// Those of `points` (rows of `dim` numbers).
    pub fn of(points: &[f32], dim: usize) -> Self {
        let count = (points.len() / dim).max(1) as f64;
        let mut mean = vec![0.0_f64; dim];
        for row in points.chunks_exact(dim) {
            mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x));
        }
        mean.iter_mut().for_each(|m| *m /= count);
        let scatter = scatter(points, &mean);
        Self { count, mean, scatter }
    }

    /// Those of these points and of others of the same width together (Chan et al. 1979).
    pub fn with(mut self, other: &Self) -> Self {
        let (count, dim) = (self.count + other.count, self.mean.len());
        let apart: Vec<f64> = other.mean.iter().zip(&self.mean).map(|(o, m)| o - m).collect();
        let weight = self.count * other.count / count;
        for (i, (sum, own)) in self.scatter.iter_mut().zip(&other.scatter).enumerate() {
            *sum += own + weight * apart[i / dim] * apart[i % dim];
        }
        for (m, apart) in self.mean.iter_mut().zip(&apart) {
            *m += apart * other.count / count;
        }
        self.count = count;
        self
    }

    /// Whether axes can be fitted.
    pub fn is_finite(&self) -> bool {
        self.mean.iter().chain(&self.scatter).all(|x| x.is_finite())
    }

    /// Covariance, divided by the number of points, d x d.
    fn covariance(&self) -> Vec<f64> {
        self.scatter.iter().map(|sum| sum / self.count).collect()
    }
}

/// Σ(x-m)(x-m)ᵀ over `points` (rows x of as many numbers as `centre`, m), d x d.
pub(crate) fn scatter(points: &[f32], centre: &[f64]) -> Vec<f64> {
    let dim = centre.len();
    let mut sums = vec![0.0_f64; dim * dim];
    // Four points at once, so that each sum is loaded and stored a quarter as often.
    let mut centred = vec![0.0_f64; 4 * dim];
    for rows in points.chunks(4 * dim) {
        centred.fill(0.0);
        for (own, row) in centred.chunks_exact_mut(dim).zip(rows.chunks_exact(dim)) {
            own.iter_mut().zip(row).zip(centre).for_each(|((c, &x), m)| *c = f64::from(x) - m);
        }
        let (a, rest) = centred.split_at(dim);
        let (b, rest) = rest.split_at(dim);
        let (c, d) = rest.split_at(dim);
        for (i, line) in sums.chunks_exact_mut(dim).enumerate() {
            for ((((sum, a_j), b_j), c_j), d_j) in line.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *sum += (a[i] * a_j + b[i] * b_j) + (c[i] * c_j + d[i] * d_j);
            }
        }
    }
    sums
}

/// Standard deviations of `points` (rows of `dim` numbers) along their principal axes, largest
/// first.
pub fn principal_stds(points: &[f32], dim: usize) -> Vec<f64> {
    let values = eigen::values(&Moments::of(points, dim).covariance(), dim);
    values.into_iter().map(|v| v.max(0.0).sqrt()).collect()
}

/// A square view that moves only when it must.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Middle of the view on the axes.
    pub centre: [f32; 2],
    /// Half its width.
    pub extent: f32,
}

impl View {
    /// Room left around the points of a new view.
    const MARGIN: f32 = 1.2;
    /// A view is kept until its points fill less than this part of it.
    const LEAST_FILL: f32 = 0.45;

    /// `before` if the points fit and fill it, else a new view around them.
    pub fn of(points: impl Iterator<Item = [f32; 2]>, before: Option<Self>) -> Self {
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for p in points.filter(|p| p.iter().all(|x| x.is_finite())) {
            for i in 0..2 {
                low[i] = low[i].min(p[i]);
                high[i] = high[i].max(p[i]);
            }
        }
        if low[0] > high[0] {
            return before.unwrap_or(Self { centre: [0.0; 2], extent: 1.0 });
        }
        let half = ((high[0] - low[0]).max(high[1] - low[1]) / 2.0).max(1e-6);
        if let Some(view) = before {
            let fits = (0..2).all(|i| {
                low[i] >= view.centre[i] - view.extent && high[i] <= view.centre[i] + view.extent
            });
            if fits && half >= Self::LEAST_FILL * view.extent {
                return view;
            }
        }
        Self {
            centre: [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0],
            extent: half * Self::MARGIN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    fn cloud(stds: &[f32]) -> Vec<f32> {
        let dim = stds.len();
        let mut points = Stream::new(11, Purpose::Codes, 0).normal(500 * dim, 1.0);
        points.chunks_mut(dim).for_each(|p| p.iter_mut().zip(stds).for_each(|(x, s)| *x *= s));
        points
    }

    #[test]
    fn agrees_with_numpy_on_fixed_points() {
        // numpy.linalg.eigh(numpy.cov(points.T, bias=True)).
        let points =
            [1.0, 2.0, 0.5, -1.0, 0.0, 2.0, 3.0, 1.0, -1.0, 0.5, 0.25, 0.0, -2.0, -1.5, 1.0_f32];
        let basis = Basis::fit(&points, 3);
        for (axis, expected) in basis.axes.iter().zip(NUMPY_AXES) {
            assert!(axis.iter().zip(expected).all(|(a, e)| (a - e).abs() < 1e-9), "{basis:?}");
        }
        for (share, expected) in basis.explained.iter().zip(NUMPY_SHARES) {
            assert!((share - expected).abs() < 1e-9, "{basis:?}");
        }
    }

    const NUMPY_AXES: [[f64; 3]; 2] = [
        [0.804765709802, 0.444985757391, -0.392861079831],
        [-0.132730931831, 0.779977911449, 0.611569258046],
    ];
    const NUMPY_SHARES: [f64; 2] = [0.850624556634, 0.133754147531];

    #[test]
    fn axes_stay_still_when_signs_and_places_would_change() {
        let before = Basis::fit(&cloud(&[3.0, 2.0, 0.1, 0.1]), 4);
        // The second axis has grown over the first: plain PCA would swap them.
        let after = Basis::fit(&cloud(&[2.0, 3.0, 0.1, 0.1]), 4).aligned_with(&before);
        for (a, b) in after.axes.iter().zip(&before.axes) {
            let dot: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
            assert!(dot > 0.99, "{dot}");
        }
        assert!(after.explained[1] > after.explained[0]);
        let flipped =
            Basis { axes: before.axes.clone().map(|a| a.iter().map(|x| -x).collect()), ..before };
        let back = flipped.aligned_with(&before);
        assert!(back.axes[0].iter().zip(&before.axes[0]).all(|(x, y)| (x - y).abs() < 1e-12));
    }

    #[test]
    fn moments_of_two_clouds_together_are_those_of_all_points() {
        let (one, mut other) = (cloud(&[3.0, 2.0, 0.1]), cloud(&[0.5, 1.0, 4.0]));
        other.truncate(3 * 120);
        other.iter_mut().for_each(|x| *x += 5.0);
        let apart = Moments::of(&one, 3).with(&Moments::of(&other, 3));
        let whole = Moments::of(&[one, other].concat(), 3);
        assert_eq!(apart.count, 620.0);
        let close = |a: &[f64], b: &[f64], scale: f64| {
            a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9 * scale)
        };
        assert!(close(&apart.mean, &whole.mean, 1.0), "{apart:?} {whole:?}");
        assert!(close(&apart.scatter, &whole.scatter, 1e4), "{apart:?} {whole:?}");
        assert!(whole.is_finite() && !Moments::of(&[f32::NAN, 1.0], 2).is_finite());
    }

    #[test]
    fn standard_deviations_along_the_axes_are_those_of_the_cloud() {
        let stds = principal_stds(&cloud(&[0.5, 3.0, 1.0]), 3);
        for (got, drawn) in stds.iter().zip([3.0, 1.0, 0.5]) {
            // 500 points tell a standard deviation to about 3 %.
            assert!((got / drawn - 1.0).abs() < 0.1, "{stds:?}");
        }
    }

    #[test]
    fn one_dimension_and_no_variance_are_not_an_error() {
        let line = Basis::fit(&[1.0, 2.0, 3.0], 1);
        assert_eq!(line.explained, [1.0, 0.0]);
        assert_eq!(line.project(&[2.0]), [[2.0, 0.0]]);
        let point = Basis::fit(&[1.0, 2.0, 1.0, 2.0], 2);
        assert_eq!(point.explained, [0.0, 0.0]);
    }

    #[test]
    fn a_view_moves_only_when_it_must() {
        let view = View::of([[-1.0, 0.0], [1.0, 0.5]].into_iter(), None);
        assert_eq!(view.centre, [0.0, 0.25]);
        assert!((view.extent - 1.2).abs() < 1e-6);
        assert_eq!(View::of([[-0.8, 0.0], [1.1, 0.4]].into_iter(), Some(view)), view);
        assert_ne!(View::of([[-0.8, 0.0], [1.3, 0.4]].into_iter(), Some(view)), view);
        assert_ne!(View::of([[-0.1, 0.0], [0.1, 0.1]].into_iter(), Some(view)), view);
        assert_eq!(View::of([[f32::NAN, 0.0]].into_iter(), Some(view)), view);
    }
}
