//! Marks of an axis in numbers short enough for the room beside it, however small, large or far from
//! 0 they are.

use crate::figure::axis::Tick;
use crate::text::significant;
use crate::words;

/// Digits that a mark may have.
const MOST_DIGITS: i32 = 3;

/// The marks of a part of an axis: multiples of a step, written in units of a power of ten, and from a
/// point near them where they lie far from 0.
pub struct Marks {
    step: f64,
    first: i64,
    last: i64,
    /// The multiple from which the others are written.
    origin: i64,
    /// Exponent of the unit.
    power: i32,
}

impl Marks {
    /// Multiples of `step` within `half` of `middle`.
    pub fn new(step: f64, middle: f64, half: f64) -> Self {
        let first = ((middle - half) / step).ceil() as i64;
        // A view so far from the origin that steps are lost in rounding gets no more than these.
        let last = (((middle + half) / step).floor() as i64).min(first.saturating_add(19));
        let magnitude = |i: i64| (i.unsigned_abs() as f64 * step).log10().floor() as i32;
        let largest = magnitude(first).max(magnitude(last));
        let finest = step.log10().floor() as i32;
        // As they are, if that is short.
        let is_plain = finest >= 1 - MOST_DIGITS
            && largest < MOST_DIGITS
            && largest.max(0) - finest.min(0) < MOST_DIGITS;
        let is_far = largest - finest >= MOST_DIGITS;
        let origin = if is_far { (middle / step).round() as i64 } else { 0 };
        Self { step, first, last, origin, power: if is_plain { 0 } else { finest } }
    }

    /// Each mark's value and what stands at it.
    pub fn ticks(&self) -> impl Iterator<Item = Tick> {
        let decimals = match self.power {
            0 => (-self.step.log10().floor()).max(0.0) as usize,
            _ => 0,
        };
        (self.first..=self.last).map(move |i| {
            let from = (i - self.origin) as f64 * self.step / 10f64.powi(self.power);
            // No "-0".
            let from = if i == self.origin { 0.0 } else { from };
            Tick { value: i as f64 * self.step, label: format!("{from:.decimals$}") }
        })
    }

    /// What the numbers are, for the name of the axis: nothing, or ", in 1e-7 from 0.2".
    pub fn unit(&self) -> String {
        let power = format!("1e{}", self.power);
        let from = significant(self.origin as f64 * self.step);
        match (self.power != 0, self.origin != 0) {
            (false, false) => String::new(),
            (true, false) => words!("axis-in", power = power),
            (false, true) => words!("axis-from", from = from),
            (true, true) => words!("axis-in-from", power = power, from = from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(step: f64, middle: f64, half: f64) -> (Vec<String>, String) {
        let marks = Marks::new(step, middle, half);
        (marks.ticks().map(|tick| tick.label).collect(), marks.unit())
    }

    #[test]
    fn marks_are_short_wherever_they_lie() {
        let (usual, unit) = texts(2.0, 0.2, 3.4);
        assert_eq!(
            (usual.as_slice(), unit.as_str()),
            (["-2", "0", "2"].map(String::from).as_slice(), "")
        );
        let (fine, unit) = texts(0.05, 0.0, 0.1);
        assert_eq!((fine[0].as_str(), unit.as_str()), ("-0.10", ""));
        // All codes at one point, far from 0 for its size.
        let (point, unit) = texts(5e-7, 0.2, 1.2e-6);
        assert_eq!(
            (point.as_slice(), unit.as_str()),
            (["-10", "-5", "0", "5", "10"].map(String::from).as_slice(), ", in 1e-7 from 0.200")
        );
        // Near 0, and large.
        assert_eq!(texts(5e-7, 0.0, 1.2e-6).1, ", in 1e-7");
        assert_eq!(
            texts(5e5, 0.0, 1.2e6),
            (["-10", "-5", "0", "5", "10"].map(String::from).into(), ", in 1e5".into())
        );
        for power in -30..30 {
            let step = 2.0 * 10f64.powi(power);
            for middle in [0.0, 0.3, -7.0, 1e4] {
                let (all, _) = texts(step, middle, 4.0 * step);
                assert!(
                    all.len() <= 20 && all.iter().all(|text| text.len() <= 5),
                    "{step} {middle} {all:?}"
                );
            }
        }
    }
}
