//! Counts of codes gathered into columns of pixels.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::record::snapshot::LaneView;
use crate::record::usage::{CountedIn, Usage};
use crate::words;

/// Which counts the usage bars show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UsageSource {
    /// The sliding window of training tokens.
    Window,
    /// The full evaluation set.
    FullSet,
}

impl UsageSource {
    /// Counts of a lane, K, and what they are counts of.
    pub fn counts(self, view: &LaneView) -> (&[u32], Usage) {
        match self {
            Self::Window => (&view.window_counts, view.window),
            Self::FullSet => (&view.eval_counts, view.eval.map(|e| e.usage).unwrap_or_default()),
        }
    }

    /// The step of the counts, where it may be another one than that of the view.
    pub fn step(self, view: &LaneView) -> Option<u64> {
        match self {
            Self::Window => None,
            Self::FullSet => view.eval.map(|e| e.step),
        }
    }
}

/// How bars are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bars {
    /// Columns of pixels there are.
    pub width: usize,
    /// Most used first, or by index.
    pub is_sorted: bool,
    /// Which counts.
    pub source: UsageSource,
}

/// Counts of the codes under each column of pixels, or one code a column where there is room.
pub struct Columns {
    /// What they were made for.
    pub bars: Bars,
    /// Least, median and greatest count of each column.
    pub counts: Vec<[u32; 3]>,
    /// Codes in the order shown.
    codes: Vec<u32>,
}

impl Columns {
    /// Gathers the counts of all codes.
    pub fn new(counts: &[u32], bars: Bars) -> Self {
        let mut codes: Vec<u32> = (0..counts.len() as u32).collect();
        if bars.is_sorted {
            // One number a code, most used first and then by index: four times faster to sort.
            let key = |&code: &u32| u64::from(!counts[code as usize]) << 32 | u64::from(code);
            let mut keys: Vec<u64> = codes.iter().map(key).collect();
            keys.sort_unstable();
            codes = keys.into_iter().map(|key| key as u32).collect();
        }
        let number = counts.len().min(bars.width.max(1));
        let mut here = Vec::new();
        let column = |column: usize| {
            here.clear();
            let places = places(column, number, codes.len());
            here.extend(codes[places].iter().map(|&code| counts[code as usize]));
            here.sort_unstable();
            [here[0], here[here.len() / 2], here[here.len() - 1]]
        };
        Self { bars, counts: (0..number).map(column).collect(), codes }
    }

    /// The codes in the column at a share of the width.
    pub fn codes_at(&self, at: f32) -> &[u32] {
        let column = (at * self.counts.len() as f32) as usize;
        match (0.0..1.0).contains(&at) && column < self.counts.len() {
            true => &self.codes[places(column, self.counts.len(), self.codes.len())],
            false => &[],
        }
    }

    /// Columns beside each other without a single use, each run from where it begins to where it ends, as
    /// shares of the width.
    pub fn unused(&self) -> Vec<[f32; 2]> {
        let number = self.counts.len() as f32;
        let is_unused = |column: usize| self.counts.get(column).is_some_and(|c| c[2] == 0);
        let begins =
            |column: &usize| is_unused(*column) && (*column == 0 || !is_unused(column - 1));
        let run = |from: usize| {
            let to = (from..self.counts.len()).find(|column| !is_unused(*column));
            [from as f32 / number, to.unwrap_or(self.counts.len()) as f32 / number]
        };
        (0..self.counts.len()).filter(begins).map(run).collect()
    }

    /// Where the column of a code begins, as a share of the width.
    pub fn column_of(&self, code: usize) -> Option<f32> {
        let place = self.codes.iter().position(|&other| other as usize == code)?;
        let is_its =
            |column: &usize| places(*column, self.counts.len(), self.codes.len()).contains(&place);
        let column = (0..self.counts.len()).find(is_its)?;
        Some(column as f32 / self.counts.len() as f32)
    }

    /// The codes under a place on the axis from 0 to 1, in words.
    pub fn describe(&self, at: f32, counted_in: CountedIn) -> Option<String> {
        let column = (at * self.counts.len() as f32) as usize;
        let [low, _, high] = *self.counts.get(column).filter(|_| (0.0..1.0).contains(&at))?;
        let here = &self.codes[places(column, self.counts.len(), self.codes.len())];
        let [low, most] = [low, high].map(|number| counted_in.words(number));
        Some(match (counted_in, here) {
            (CountedIn::Tokens, [code]) => words!("bars-code-uses", code = code, uses = most),
            (CountedIn::Tokens, _) => {
                words!("bars-codes-uses", codes = here.len(), low = low, high = most)
            }
            (CountedIn::Millionths, [code]) => {
                words!("bars-code-share", code = code, share = most)
            }
            (CountedIn::Millionths, _) => {
                words!("bars-codes-shares", codes = here.len(), low = low, high = most)
            }
            (CountedIn::Flags, [code]) if high > 0 => words!("bars-code-used", code = code),
            (CountedIn::Flags, [code]) => words!("bars-code-unused", code = code),
            (CountedIn::Flags, _) => words!("usage-codes", codes = here.len(), of = ""),
        })
    }
}

/// Range of places that a column shows.
fn places(column: usize, columns: usize, codes: usize) -> Range<usize> {
    let at = |c: usize| c * codes / columns;
    at(column)..at(column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(width: usize, is_sorted: bool) -> Bars {
        Bars { width, is_sorted, source: UsageSource::Window }
    }

    #[test]
    fn runs_of_codes_without_uses_are_found() {
        let unused = |counts: &[u32], width, is_sorted| {
            Columns::new(counts, bars(width, is_sorted)).unused()
        };
        let counts = [0, 0, 5, 0, 2, 1, 0, 0];
        assert_eq!(unused(&counts, 8, false), [[0.0, 0.25], [0.375, 0.5], [0.75, 1.0]]);
        assert_eq!(unused(&counts, 8, true), [[0.375, 1.0]]);
        // A column of several codes with a use among them is none.
        assert_eq!(unused(&counts, 4, false), [[0.0, 0.25], [0.75, 1.0]]);
        assert!(unused(&[3, 1], 9, true).is_empty());
    }

    #[test]
    fn columns_cover_all_codes_once() {
        for (codes, width) in [(5, 100), (100, 7), (512, 388), (1, 1)] {
            let counts: Vec<u32> = (0..codes).collect();
            let columns = Columns::new(&counts, bars(width, false));
            let number = columns.counts.len();
            let covered: Vec<usize> =
                (0..number).flat_map(|c| places(c, number, codes as usize)).collect();
            assert_eq!(covered, (0..codes as usize).collect::<Vec<_>>());
        }
    }

    #[test]
    fn sorted_bars_fall_and_name_their_codes() {
        let columns = Columns::new(&[0, 7, 3], bars(100, true));
        assert_eq!(columns.counts, [[7; 3], [3; 3], [0; 3]]);
        let said = |at| columns.describe(at, CountedIn::Tokens);
        assert_eq!(said(0.0).unwrap(), "code 1: 7 uses");
        assert_eq!(said(0.99).unwrap(), "code 0: 0 uses");
        assert!(said(1.0).is_none() && said(-0.1).is_none());
        let many = Columns::new(&[0, 7, 3, 9, 8, 2], bars(2, true));
        assert_eq!(many.counts, [[7, 8, 9], [0, 2, 3]]);
        assert_eq!(many.describe(0.1, CountedIn::Tokens).unwrap(), "3 codes: 7 to 9 uses");
        // Averages and flags tell no uses.
        let shares = Columns::new(&[0, 700_000, 300_000], bars(100, true));
        let said = |at| shares.describe(at, CountedIn::Millionths).unwrap();
        assert_eq!(
            (said(0.0), said(0.99)),
            ("code 1: 70 % of all use".into(), "code 0: 0 % of all use".into())
        );
        let flags = Columns::new(&[0, 1], bars(100, true));
        let said = |at| flags.describe(at, CountedIn::Flags).unwrap();
        assert_eq!((said(0.0), said(0.99)), ("code 1: in use".into(), "code 0: not in use".into()));
    }
}
