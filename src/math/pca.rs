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

/// A view of codes and encodings on two axes that moves only when it must.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Middle of the view on the axes.
    pub centre: [f32; 2],
    /// Half its width.
    pub extent: f32,
    /// Half its height, at most as much.
    pub rise: f32,
}

/// How points lie in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// They are inside, and fill enough of it.
    Good,
    /// They reach out of it.
    TooNarrow,
    /// They reach out of it so far that little of them is left.
    FarTooNarrow,
    /// They fill little of it.
    TooWide,
}

/// What lies on two axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Points<'a> {
    /// Codes.
    pub codes: &'a [[f32; 2]],
    /// Encodings.
    pub encodings: &'a [[f32; 2]],
    /// Where they are known to go.
    pub way: &'a [[f32; 2]],
}

/// What points need of a view: on each axis the ends between which they lie.
type Ends = [[f32; 2]; 2];

impl View {
    /// The view at the start of training, in which the encodings of an untrained encoder grow to
    /// their usual size, about 1 a direction, so that axes stand still from the first picture on.
    pub const FIRST: Self = Self { centre: [0.0; 2], extent: 3.2, rise: 2.4 };

    /// Room left around the points of a new view.
    const MARGIN: f32 = 1.2;
    /// A view is too wide once its points fill less than this part of it.
    const LEAST_FILL: f32 = 0.35;
    /// And far too narrow once they reach so many times as far.
    const FAR: f32 = 4.0;

    /// `before` if the points fit and fill it, else a new view around them.
    pub fn of(points: Points<'_>, before: Option<Self>) -> Self {
        match before {
            Some(view) if view.fit(points) == Fit::Good => view,
            _ => Self::around(points).or(before).unwrap_or(Self::FIRST),
        }
    }

    /// A view around points; none where there are none.
    pub fn around(points: Points<'_>) -> Option<Self> {
        let ends = ends(points)?;
        let halves = ends.map(|[low, high]| (high - low) / 2.0);
        let half = halves[0].max(halves[1]).max(1e-6);
        Some(Self {
            centre: ends.map(|[low, high]| low + (high - low) / 2.0),
            extent: half * Self::MARGIN,
            // Flat clouds keep some room, as wide ones do.
            rise: (halves[1] * Self::MARGIN).clamp(0.5 * half, half * Self::MARGIN),
        })
    }

    /// How points lie in the view.
    pub fn fit(&self, points: Points<'_>) -> Fit {
        let Some(ends) = ends(points) else { return Fit::Good };
        let reach = [self.extent, self.rise];
        let far = |i: usize| {
            let [low, high] = ends[i].map(|end| (end - self.centre[i]).abs());
            low.max(high) / reach[i]
        };
        // Along the first axis alone: a flat cloud lies in a view that is less flat.
        let [low, high] = ends[0];
        let fill = (high - low).max(ends[1][1] - ends[1][0]) / (2.0 * self.extent);
        match far(0).max(far(1)) {
            far if far > Self::FAR => Fit::FarTooNarrow,
            far if far > 1.0 => Fit::TooNarrow,
            _ if fill < Self::LEAST_FILL => Fit::TooWide,
            _ => Fit::Good,
        }
    }
}

/// Between which ends points lie on each axis: nearly all encodings, and all codes unless they lie
/// far from where most of codes and encodings are; a few stragglers do not make the rest small.
fn ends(points: Points<'_>) -> Option<Ends> {
    let along = |points: &[[f32; 2]], i: usize| -> Vec<f32> {
        let finite = points.iter().filter(|p| p.iter().all(|x| x.is_finite()));
        finite.map(|p| p[i]).collect()
    };
    let mut all: Ends = [[f32::INFINITY, f32::NEG_INFINITY]; 2];
    for (i, [low, high]) in all.iter_mut().enumerate() {
        let mut encodings = along(points.encodings, i);
        if let Some([from, to]) = between(&mut encodings, 0.02) {
            (*low, *high) = (from, to);
        }
        for x in along(points.way, i) {
            (*low, *high) = (low.min(x), high.max(x));
        }
        let mut codes = along(points.codes, i);
        let (Some([most, least]), Some([from, to])) =
            (between(&mut codes, 0.0), between(&mut codes, 0.1))
        else {
            continue;
        };
        // Where most codes are, or the encodings, and half as much again on either side.
        let (inner_low, inner_high) = (low.min(from), high.max(to));
        let room = ((inner_high - inner_low) / 2.0).max(1e-6);
        *low = most.max(inner_low - room).min(inner_low);
        *high = least.min(inner_high + room).max(inner_high);
    }
    (all[0][0] <= all[0][1]).then_some(all)
}

/// The numbers between which all lie but for a share at either end.
fn between(numbers: &mut [f32], share: f32) -> Option<[f32; 2]> {
    let last = numbers.len().checked_sub(1)?;
    let skipped = (share * last as f32) as usize;
    let low = *numbers.select_nth_unstable_by(skipped, f32::total_cmp).1;
    let high = *numbers.select_nth_unstable_by(last - skipped, f32::total_cmp).1;
    Some([low, high])
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
        let of =
            |codes: &[[f32; 2]], before| View::of(Points { codes, ..Points::default() }, before);
        let view = of(&[[-1.0, 0.0], [1.0, 0.5]], None);
        assert_eq!(view.centre, [0.0, 0.25]);
        assert!((view.extent - 1.2).abs() < 1e-6 && (view.rise - 0.5).abs() < 1e-6, "{view:?}");
        assert_eq!(of(&[[-0.8, 0.0], [1.1, 0.4]], Some(view)), view);
        assert_ne!(of(&[[-0.8, 0.0], [1.3, 0.4]], Some(view)), view);
        assert_ne!(of(&[[-0.1, 0.0], [0.1, 0.1]], Some(view)), view);
        assert_eq!(of(&[[f32::NAN, 0.0]], Some(view)), view);
        assert_eq!(of(&[], None), View::FIRST);
        // Out of the lower edge alone.
        let fit = |codes: &[[f32; 2]]| view.fit(Points { codes, ..Points::default() });
        assert_eq!(fit(&[[-0.9, -0.6], [0.9, 0.4]]), Fit::TooNarrow);
        assert_eq!(fit(&[[-9.0, 0.0], [0.9, 0.4]]), Fit::FarTooNarrow);
        // Where they are known to go is looked at from the start.
        let points = Points { codes: &[[0.0, 0.0]], way: &[[7.0, 1.0]], ..Points::default() };
        assert!(View::around(points).unwrap().centre[0] > 3.0);
    }

    #[test]
    fn a_straggler_does_not_make_the_rest_small_and_a_runaway_is_followed() {
        let cloud = |scale: f32| -> Vec<[f32; 2]> {
            let x = Stream::new(3, Purpose::Codes, 0).normal(1000, 1.0);
            x.chunks(2).map(|p| [scale * p[0], scale * p[1]]).collect()
        };
        let around = |codes: &[[f32; 2]], encodings: &[[f32; 2]]| {
            View::around(Points { codes, encodings, way: &[] })
        };
        let (encodings, mut codes) = (cloud(1.0), cloud(0.01));
        codes[7] = [400.0, 0.0];
        let view = around(&codes, &encodings).unwrap();
        assert!((2.0..9.0).contains(&view.extent), "{view:?}");
        // The same where most codes went away, and where encodings alone did.
        let view = around(&cloud(50.0), &encodings).unwrap();
        assert!(view.extent > 100.0, "{view:?}");
        assert!(around(&codes, &cloud(50.0)).unwrap().extent > 80.0);
        // The largest numbers there are have a middle.
        let view = around(&[[f32::MAX, 0.0], [f32::MAX / 2.0, 0.0]], &[]).unwrap();
        assert!(view.centre[0].is_finite() && view.extent.is_finite(), "{view:?}");
    }
}
