//! Indices of several codebooks that were chosen together: one tuple of codes for each token.

use std::collections::HashMap;

use crate::record::event::Tuples;
use crate::watch::array::Arrays;
use crate::watch::reader::role::Role;
use crate::watch::rules::name::is_named_indices;
use crate::watch::rules::plan::{Part, Plan};
use crate::watch::used::{PADDING, is_index};

/// The codes that tokens chose, level by level.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The array.
    pub array: String,
    /// A row a level: the indices of the same tokens in the same order.
    pub levels: Vec<Vec<f64>>,
}

/// Indices with an axis of levels, where the file holds them; an array whose name was only guessed to be one
/// of theirs, not `is_said`, holds nothing else.
///
/// # Errors
/// They are damaged, or too many.
pub fn read(arrays: &Arrays, plan: &Plan, is_said: bool) -> Result<Option<Chosen>, String> {
    let Some(tuples) = &plan.tuples else { return Ok(None) };
    let role = Role::of(arrays, &tuples.array)?;
    let values = role.numbers(Part::WHOLE)?;
    let is_guess = !is_said && !is_named_indices(&tuples.array);
    if is_guess && values.iter().any(|&x| x != PADDING && !is_index(x)) {
        return Ok(None);
    }
    let core = role.core();
    let (before, count) = (&core[..tuples.axis], core[tuples.axis]);
    let inner: usize = core[tuples.axis + 1..].iter().product();
    let outer: usize = before.iter().product();
    let level = |at: usize| -> Vec<f64> {
        let blocks = (0..outer).map(|block| (block * count + at) * inner);
        blocks.flat_map(|start| values[start..start + inner].iter().copied()).collect()
    };
    let levels = (0..count).map(level).collect();
    Ok(Some(Chosen { array: tuples.array.clone(), levels }))
}

impl Chosen {
    /// How many of the tuples are distinct, after each level; `sizes` are the numbers of codes. Tokens of
    /// which a level was left out, or has no index, are not counted; nothing where that is each of them.
    pub fn tuples(&self, sizes: impl Iterator<Item = usize>) -> Option<Tuples> {
        let tokens = self.levels.first().map_or(0, Vec::len);
        let whole: Vec<usize> =
            (0..tokens).filter(|&at| self.levels.iter().all(|level| is_index(level[at]))).collect();
        // Each token's tuple so far by a number of its own: that of the next level follows from it.
        let mut so_far = vec![0_u32; whole.len()];
        let mut distinct = Vec::new();
        for level in &self.levels {
            let mut numbers: HashMap<(u32, u64), u32> = HashMap::new();
            for (number, &at) in so_far.iter_mut().zip(&whole) {
                let next = numbers.len() as u32;
                *number = *numbers.entry((*number, level[at] as u64)).or_insert(next);
            }
            distinct.push(numbers.len());
        }
        let possible = sizes.map(|size| size as f64).product();
        let tokens = whole.len();
        (tokens > 0).then(|| Tuples { array: self.array.clone(), tokens, distinct, possible })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_are_counted_after_each_level() {
        let levels = vec![
            vec![0.0, 0.0, 1.0, 1.0, 0.0, 2.0],
            vec![3.0, 3.0, 3.0, 0.0, 1.0, -1.0],
            vec![0.0, 0.0, 0.0, 5.0, 5.0, 0.0],
        ];
        let chosen = Chosen { array: "indices".into(), levels };
        let tuples = chosen.tuples([4, 4, 8].into_iter()).unwrap();
        // The last token has no code of the second level.
        assert_eq!((tuples.tokens, tuples.distinct), (5, vec![2, 4, 4]));
        assert!((tuples.possible - 128.0).abs() < 1e-9);
    }
}
