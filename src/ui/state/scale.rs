//! How large everything in the window is, in steps.

/// The scale of a first start.
pub const USUAL: f32 = 1.0;

/// The steps from the smallest to the largest.
pub const STEPS: [f32; 10] = [0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0];

/// The next larger step; the largest stays.
pub fn larger(scale: f32) -> f32 {
    let mut steps = STEPS.into_iter();
    steps.find(|step| *step > scale + 0.01).unwrap_or(STEPS[STEPS.len() - 1])
}

/// The next smaller step; the smallest stays.
pub fn smaller(scale: f32) -> f32 {
    let mut steps = STEPS.into_iter().rev();
    steps.find(|step| *step < scale - 0.01).unwrap_or(STEPS[0])
}

/// A scale that was kept, which somebody may have written by hand.
pub fn sound(kept: f32) -> f32 {
    if kept.is_finite() { kept.clamp(STEPS[0], STEPS[STEPS.len() - 1]) } else { USUAL }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_up_and_down_and_end() {
        let mut scale = USUAL;
        let up: Vec<f32> = (0..9)
            .map(|_| {
                scale = larger(scale);
                scale
            })
            .collect();
        assert_eq!(up, [1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.0, 3.0]);
        assert_eq!((smaller(1.1), smaller(1.3), smaller(0.75)), (1.0, 1.25, 0.75));
        assert_eq!([f32::NAN, 99.0, 1.3].map(sound), [1.0, 3.0, 1.3]);
    }
}
