//! The axes of all pictures: where a value lies between two ends, and what stands beside it.
//!
//! Everything with an axis asks here, whether it is painted by the window, to pixels or to SVG, so that
//! the same numbers get the same bounds and the same marks everywhere.

mod marks;

pub use marks::Marks;

use crate::text::count;

/// How values are spread over an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithm; there is no 0.
    Log,
    /// By ln(1 + value), which has a 0: for counts.
    Log1p,
}

/// How a mark is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// With as many digits as tell neighbours apart.
    Number,
    /// A whole number.
    Count,
    /// A whole number in little room: 100 k.
    ShortCount,
    /// A percentage of 1.
    Share,
}

/// Numbers along one side of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The value at the left or lower end.
    pub low: f64,
    /// The value at the right or upper end.
    pub high: f64,
    /// What lies evenly.
    pub scale: Scale,
    /// How marks are written.
    pub unit: Unit,
}

/// A mark beside an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Its value.
    pub value: f64,
    /// What stands there.
    pub label: String,
}

/// Below this ratio of its ends a logarithmic axis begins and ends at multiples of a step: between 1, 2
/// and 5 times powers of ten there would be too much room.
const NARROW: f64 = 3.0;

impl Axis {
    /// An axis whose values lie evenly.
    pub fn linear(low: f64, high: f64) -> Self {
        Self { low, high, scale: Scale::Linear, unit: Unit::Number }
    }

    /// Whole numbers from 0 to `last`: steps, codes.
    pub fn numbers(last: f64) -> Self {
        Self { unit: Unit::Count, ..Self::linear(0.0, last.max(1.0)) }
    }

    /// Shares from 0 to 1.
    pub fn shares() -> Self {
        Self { unit: Unit::Share, ..Self::linear(0.0, 1.0) }
    }

    /// Counts from 0 to a round number that is not less than `most`.
    pub fn counts(most: u32, is_log: bool) -> Self {
        let most = f64::from(most.max(1));
        let step = nice_step(most, 4);
        let high = if is_log {
            10f64.powf((most + 1.0).log10().ceil())
        } else {
            (most / step).ceil() * step
        };
        let scale = if is_log { Scale::Log1p } else { Scale::Linear };
        Self { low: 0.0, high: high.round().max(1.0), scale, unit: Unit::ShortCount }
    }

    /// A logarithmic axis between round numbers around all values greater than 0, the least of which
    /// counts as `least`; `None` without any.
    pub fn log(values: impl IntoIterator<Item = f64>, least: f64) -> Option<Self> {
        let (low, high) = ends(values, least)?;
        let axis = |low, high| Self { scale: Scale::Log, ..Self::linear(low, high) };
        if high / low >= NARROW {
            return Some(axis(round_down(low), round_up(high)));
        }
        // All values alike still have a little room around them.
        let step = nice_step((high - low).max(0.02 * low), 4);
        let (down, up) = ((low / step).floor(), (high / step).ceil());
        let (down, up) = if down < up { (down, up) } else { (down - 1.0, up + 1.0) };
        Some(axis(tidy(down * step), tidy(up * step)))
    }

    /// The same between powers of ten.
    pub fn decades(values: impl IntoIterator<Item = f64>, least: f64) -> Option<Self> {
        let (low, high) = ends(values, least)?;
        // A line along the edge would be cut in half.
        let low = 10f64.powf((low.log10() - 0.1).floor());
        let high = 10f64.powf((high.log10() + 0.1).ceil());
        Some(Self { scale: Scale::Log, ..Self::linear(low, high) })
    }

    /// The number that lies evenly on the axis: the value itself or its logarithm, which for
    /// [`Scale::Log`] is that of base 10.
    pub fn even(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value,
            Scale::Log => value.max(1e-300).log10(),
            Scale::Log1p => value.max(0.0).ln_1p(),
        }
    }

    /// Both ends in numbers that lie evenly.
    pub fn even_ends(&self) -> [f64; 2] {
        [self.even(self.low), self.even(self.high)]
    }

    /// The value of a number that lies evenly.
    pub fn value(&self, even: f64) -> f64 {
        match self.scale {
            Scale::Linear => even,
            Scale::Log => 10f64.powf(even),
            Scale::Log1p => even.exp_m1(),
        }
    }

    /// Where a value lies: 0 at the lower end, 1 at the upper one, beyond them outside.
    pub fn place(&self, value: f64) -> f64 {
        let [low, high] = self.even_ends();
        (self.even(value) - low) / (high - low).max(f64::MIN_POSITIVE)
    }

    /// The value at a place.
    pub fn at(&self, place: f64) -> f64 {
        let [low, high] = self.even_ends();
        self.value(low + place * (high - low))
    }

    /// Round values between both ends, about `most` of them, the lowest first.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        // An axis without an end has no round values: what is not finite was measured, or forged.
        let is_log_of_nothing = self.scale == Scale::Log && self.low <= 0.0;
        if !(self.low.is_finite() && self.high.is_finite()) || is_log_of_nothing {
            return Vec::new();
        }
        match self.scale {
            Scale::Linear => self.multiples(most),
            Scale::Log => self.powers(most),
            Scale::Log1p => self.counts_up(most),
        }
    }

    /// Marks at the multiples of a step, short wherever they lie.
    pub fn marks(&self, step: f64) -> Marks {
        Marks::new(step, f64::midpoint(self.low, self.high), (self.high - self.low) / 2.0)
    }

    /// What stands at a value where marks lie about `step` apart.
    pub fn label(&self, value: f64, step: f64) -> String {
        match (self.unit, self.scale) {
            (Unit::Share, _) => {
                let digits = decimals(100.0 * step);
                format!("{:.digits$} %", 100.0 * value)
            }
            (Unit::ShortCount, _) => short_count(value),
            (Unit::Count, _) | (_, Scale::Log1p) => count(value.max(0.0).round() as u64),
            (Unit::Number, Scale::Log) => few_digits(value),
            (Unit::Number, Scale::Linear) => {
                let digits = decimals(step);
                // No "-0".
                format!("{:.digits$}", if value.abs() < step / 2.0 { 0.0 } else { value })
            }
        }
    }

    fn multiples(&self, most: usize) -> Vec<Tick> {
        let span = self.high - self.low;
        let step = match self.unit {
            Unit::Number => nice_step(span, most),
            Unit::Count | Unit::ShortCount => nice_step(span, most).max(1.0),
            // Quarters are rounder than fifths.
            Unit::Share => {
                let steps = [0.01, 0.02, 0.05, 0.1, 0.25];
                steps.into_iter().find(|step| span / step <= most as f64).unwrap_or(0.5)
            }
        };
        let slack = 1e-9 * step;
        let first = ((self.low - slack) / step).ceil() as i64;
        // So far from 0 that steps are lost in rounding there are no more than these.
        let last = (((self.high + slack) / step).floor() as i64).min(first.saturating_add(99));
        let tick = |i: i64| {
            let value = tidy(i as f64 * step);
            Tick { value, label: self.label(value, step) }
        };
        (first..=last).map(tick).collect()
    }

    /// Powers of ten, not all where they are many, 2 and 5 times them as well where they are few, and
    /// multiples of a step where even those are too few.
    fn powers(&self, most: usize) -> Vec<Tick> {
        let decades = (self.high / self.low).log10();
        let all = self.times_powers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 1);
        let ticks = if decades < 1.0 && all.len() <= most {
            all
        } else if 3.0 * decades <= most as f64 - 0.4 {
            self.times_powers(&[1.0, 2.0, 5.0], 1)
        } else {
            self.times_powers(&[1.0], (decades / most.max(1) as f64).ceil().max(1.0) as i32)
        };
        if ticks.len() > 2 || decades > 1.0 { ticks } else { self.multiples(most) }
    }

    /// Factors times each `stride`-th power of ten between both ends.
    fn times_powers(&self, factors: &[f64], stride: i32) -> Vec<Tick> {
        let slack = 1.0 + 1e-9;
        let power = |value: f64| value.log10().clamp(-330.0, 310.0);
        let powers = power(self.low).floor() as i32..=power(self.high).ceil() as i32;
        powers
            .filter(|p| p.rem_euclid(stride) == 0)
            .flat_map(|p| factors.iter().map(move |f| tidy(f * 10f64.powi(p))))
            .filter(|t| (self.low / slack..=self.high * slack).contains(t))
            .map(|value| Tick { value, label: self.label(value, value) })
            .collect()
    }

    /// 0 and powers of ten, from the highest one down.
    fn counts_up(&self, most: usize) -> Vec<Tick> {
        let powers = (self.high.log10().round() as i32).max(1);
        let stride = (powers as usize).div_ceil(most.max(1));
        // Beside 0 there is room for 1 where there is much room.
        let least = if most > powers as usize + 2 { 0 } else { 1 };
        let mut values: Vec<f64> =
            (least..=powers).rev().step_by(stride).map(|p| 10f64.powi(p)).collect();
        values.push(0.0);
        values.reverse();
        values.into_iter().map(|value| Tick { value, label: self.label(value, 1.0) }).collect()
    }
}

/// Least and greatest of all values that a logarithmic axis has.
fn ends(values: impl IntoIterator<Item = f64>, least: f64) -> Option<(f64, f64)> {
    let values = values.into_iter().filter(|v| v.is_finite() && *v > 0.0).map(|v| v.max(least));
    let ends = |(low, high): (f64, f64), v: f64| (low.min(v), high.max(v));
    let (low, high) = values.fold((f64::INFINITY, 0.0), ends);
    (low <= high).then_some((low, high))
}

/// The greatest of 1, 2 and 5 times a power of ten that is not greater.
fn round_down(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    tidy([5.0, 2.0].into_iter().map(|m| m * power).find(|&e| e <= value).unwrap_or(power))
}

/// The least of 1, 2 and 5 times a power of ten that is not less.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let up = [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(|&e| e >= value);
    tidy(up.unwrap_or(10.0 * power))
}

/// A round number without what rounding left of it.
fn tidy(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

/// Digits after the point that tell multiples of a step apart.
fn decimals(step: f64) -> usize {
    if step.is_normal() { (-step.log10() - 1e-9).ceil().clamp(0.0, 9.0) as usize } else { 0 }
}

/// A number on a logarithmic axis.
fn few_digits(value: f64) -> String {
    if !(1e-3..1e5).contains(&value) {
        // 2.5e-6, and 1e8 without a digit that says nothing.
        return format!("{:e}", tidy(value));
    }
    if value >= 1000.0 {
        return count(value.round() as u64);
    }
    let digits = (5.0 - value.log10().floor()) as usize;
    let text = format!("{value:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A count in little room.
fn short_count(value: f64) -> String {
    match value.max(0.0).round() as u64 {
        n @ 1_000_000.. => format!("{} M", count(n / 1_000_000)),
        n @ 100_000.. => format!("{} k", n / 1000),
        n => count(n),
    }
}

/// The step of an axis with about `most` marks over `span`: 1, 2 or 5 times a power of ten.
pub fn nice_step(span: f64, most: usize) -> f64 {
    if !span.is_finite() || span <= 0.0 {
        return 1.0;
    }
    round_up(span / most.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, most: usize) -> Vec<String> {
        axis.ticks(most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn an_axis_without_an_end_has_no_ticks() {
        for scale in [Scale::Linear, Scale::Log, Scale::Log1p] {
            for (low, high) in [
                (0.0, f64::INFINITY),
                (f64::NEG_INFINITY, 1.0),
                (f64::NAN, 1.0),
                (1e-12, f64::INFINITY),
                (f64::MIN_POSITIVE, f64::MAX),
                (0.0, f64::MAX),
                (5.0, 1.0),
                (-f64::MAX, f64::MAX),
            ] {
                let axis = Axis { scale, ..Axis::linear(low, high) };
                let ticks = axis.ticks(7);
                assert!(ticks.len() <= 110, "{axis:?}: {}", ticks.len());
                assert!(low.is_finite() && high.is_finite() || ticks.is_empty());
            }
        }
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(nice_step(1200.0, 6), 200.0);
        assert_eq!(nice_step(0.9, 4), 0.5);
        assert_eq!(nice_step(0.0, 4), 1.0);
        assert_eq!(nice_step(f64::NAN, 4), 1.0);
    }

    #[test]
    fn equal_ratios_lie_equally_far_apart_on_a_logarithmic_axis() {
        let axis = Axis::log([0.001, 1.0, 0.0, f64::NAN], 1e-9).unwrap();
        assert_eq!((axis.low, axis.high), (0.001, 1.0));
        let gaps = [0.001, 0.01, 0.1, 1.0].map(|v| axis.place(v));
        assert!((gaps[1] - gaps[0] - (gaps[3] - gaps[2])).abs() < 1e-12);
        assert_eq!(labels(axis, 7), ["0.001", "0.01", "0.1", "1"]);
        // Values far apart get few marks, in short.
        let far = Axis::log([2e-3, 4e18], 1e-9).unwrap();
        assert_eq!(labels(far, 7), ["1", "10,000", "1e8", "1e12", "1e16"]);
        assert!(Axis::log([0.0, f64::NAN], 1e-9).is_none());
    }

    #[test]
    fn ends_of_a_logarithmic_axis_are_round_and_around_all_values() {
        let ends = |values: [f64; 2]| {
            let axis = Axis::log(values, 1e-9).unwrap();
            [axis.low, axis.high]
        };
        assert_eq!(ends([0.0063, 0.134]), [0.005, 0.2]);
        assert_eq!(ends([3.1, 400.0]), [2.0, 500.0]);
        // Those that lie close together get finer ones, and all marks are round.
        assert_eq!(ends([0.00501, 0.00563]), [0.005, 0.0058]);
        let close = Axis::log([0.00501, 0.00563], 1e-9).unwrap();
        assert_eq!(labels(close, 5), ["0.005", "0.0052", "0.0054", "0.0056", "0.0058"]);
        let wide = Axis::log([0.0075, 0.018], 1e-9).unwrap();
        let marks = ["0.006", "0.007", "0.008", "0.009"];
        assert_eq!(labels(wide, 7)[1..5], marks);
        let [low, high] = ends([0.0042, 0.0042]);
        assert!(low <= 0.0042 && 0.0042 <= high && low < high, "{low} {high}");
        for power in -8..8 {
            for (from, times) in [(1.0, 1.0), (1.3, 1.1), (2.0, 2.5), (7.7, 2.9), (9.9, 300.0)] {
                let values = [from, from * times].map(|v| v * 10f64.powi(power));
                let axis = Axis::log(values, 1e-12).unwrap();
                let [low, high] = values.map(|v| axis.place(v));
                assert!(low > -1e-9 && high < 1.0 + 1e-9, "{values:?} {axis:?}");
                let ticks = axis.ticks(7);
                assert!((2..=12).contains(&ticks.len()), "{axis:?} {ticks:?}");
                assert!(ticks.windows(2).all(|t| t[0].label != t[1].label), "{ticks:?}");
            }
        }
    }

    #[test]
    fn decades_leave_room_beside_what_lies_at_a_power_of_ten() {
        let axis = Axis::decades([0.01, 0.5], 1e-9).unwrap();
        assert_eq!([axis.low, axis.high].map(tidy), [0.001, 1.0]);
        assert_eq!(axis.even_ends().map(f64::round), [-3.0, 0.0]);
        assert!(Axis::decades([], 1e-9).is_none());
    }

    #[test]
    fn an_axis_of_counts_reaches_over_the_highest_one() {
        let linear = Axis::counts(183, false);
        assert_eq!(
            (linear.high, labels(linear, 2)),
            (200.0, vec!["0".into(), "100".into(), "200".into()])
        );
        assert!(linear.place(183.0) <= 1.0);
        assert_eq!(labels(Axis::counts(400_000, false), 2), ["0", "200 k", "400 k"]);
        let log = Axis::counts(183, true);
        assert_eq!(log.high, 1000.0);
        assert_eq!(labels(log, 3), ["0", "10", "100", "1,000"]);
        assert_eq!(labels(log, 8), ["0", "1", "10", "100", "1,000"]);
        assert_eq!((log.place(0.0), log.place(1000.0)), (0.0, 1.0));
        assert_eq!(labels(Axis::counts(0, true), 3), ["0", "10"]);
        assert_eq!([1e4, 1e5, 1e7].map(short_count), ["10,000", "100 k", "10 M"]);
    }

    #[test]
    fn numbers_and_shares_are_written_as_such() {
        assert_eq!(
            labels(Axis::numbers(1200.0), 6),
            ["0", "200", "400", "600", "800", "1,000", "1,200"]
        );
        // Half a step is no step.
        assert_eq!(labels(Axis::numbers(2.0), 6), ["0", "1", "2"]);
        assert_eq!(labels(Axis::shares(), 5), ["0 %", "25 %", "50 %", "75 %", "100 %"]);
        assert_eq!(labels(Axis::shares(), 3), ["0 %", "50 %", "100 %"]);
        assert_eq!(labels(Axis::linear(-0.15, 0.32), 5), ["-0.1", "0.0", "0.1", "0.2", "0.3"]);
    }

    #[test]
    fn a_place_and_a_value_are_two_names_of_one_point() {
        for axis in
            [Axis::numbers(300.0), Axis::log([0.01, 7.0], 1e-9).unwrap(), Axis::counts(99, true)]
        {
            for place in [0.0, 0.3, 1.0] {
                assert!((axis.place(axis.at(place)) - place).abs() < 1e-9, "{axis:?}");
            }
        }
    }
}
