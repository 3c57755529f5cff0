//! Who moved in a step: what a viewer must see to understand why codes die.

use serde::{Deserialize, Serialize};

/// Share of the median way of the codes that were chosen in a step, above which a code has moved.
pub const LEAST_SHARE: f32 = 0.01;

/// Who moved in the newest step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Codes that moved.
    pub moved: usize,
    /// Codes that tokens of the step chose.
    pub chosen: usize,
    /// A code that went further than this has moved.
    pub least: f32,
}

/// Who moved, from how far each code went in a step (K) and how many steps ago it was chosen last (K):
/// a code moved that went further than 1 % of the median way of those that were chosen. None where no
/// code was chosen.
pub fn moved(movement: &[f32], since_chosen: &[f32]) -> Option<Moved> {
    let of_chosen = movement.iter().zip(since_chosen).filter(|(_, since)| **since == 0.0);
    let mut ways: Vec<f32> = of_chosen.map(|(way, _)| *way).collect();
    if ways.is_empty() {
        return None;
    }
    let middle = ways.len() / 2;
    let (_, median, _) = ways.select_nth_unstable_by(middle, f32::total_cmp);
    let least = LEAST_SHARE * *median;
    let moved = movement.iter().filter(|way| **way > least).count();
    Some(Moved { moved, chosen: ways.len(), least })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_was_chosen_or_nothing_can_move_nothing_moved() {
        assert_eq!(moved(&[1.0, 2.0], &[1.0, f32::INFINITY]), None);
        let fixed = moved(&[0.0, 0.0], &[0.0, 2.0]).unwrap();
        assert_eq!((fixed.moved, fixed.chosen), (0, 1));
    }
}
