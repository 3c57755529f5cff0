//! The same detectors over a series of files that another program writes.
//!
//! Files lie as far apart as their training likes, so that what must last does so for files in a row
//! and not for steps.

use std::collections::VecDeque;

use serde::Serialize;

use crate::analysis::detect;
use crate::analysis::detect::{FEW, FEW_CODES, GROWTH, MANY, NEARLY_ALL, NOT_ALL, few};
use crate::record::event::{Event, EventKind, Fact, Share};
use crate::record::judgement::FEW_TOKENS;
use crate::record::usage::sampling_ceiling;
use crate::scenario::LaneId;
use crate::words;

/// Files in a row in which a share of the codes must last.
pub const FILES: usize = 2;

/// Files before one within which encoder outputs must have grown.
pub const GROWTH_FILES: usize = 3;

/// Definition, threshold and window of a flag over files in one sentence; none for what is not raised
/// of them.
pub fn definition(kind: EventKind) -> Option<String> {
    let tokens = FEW_TOKENS;
    Some(match kind {
        EventKind::Collapse => words!(
            "detect-collapse-of-files",
            files = FILES,
            share = 100.0 * FEW,
            codes = FEW_CODES,
            tokens = tokens
        ),
        EventKind::Recovery => {
            words!("detect-recovery-of-files", files = FILES, share = 100.0 * MANY, tokens = tokens)
        }
        EventKind::Saturation => words!(
            "detect-saturation-of-files",
            files = FILES,
            share = 100.0 * NEARLY_ALL,
            tokens = tokens,
            again = 100.0 * NOT_ALL
        ),
        EventKind::Runaway => words!(
            "detect-runaway-of-files",
            growth = GROWTH,
            files = GROWTH_FILES,
            again = GROWTH / 2.0
        ),
        _ => return None,
    })
}

/// Definition of a flag that was raised, of a run or of a series of files.
pub fn definition_of(event: &Event) -> Option<String> {
    let is_of_files = match &event.fact {
        Some(Fact::Collapse(share) | Fact::Recovery(share) | Fact::Saturation(share)) => {
            share.of_files
        }
        Some(Fact::Runaway { of_files, .. }) => *of_files,
        _ => false,
    };
    if is_of_files { definition(event.kind) } else { detect::definition(event.kind) }
}

/// What a file tells of its codebook.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// Its step.
    pub step: u64,
    /// Uses of each code, K; empty where they are not known.
    pub of_code: &'a [u32],
    /// Tokens counted, where their number is known.
    pub tokens: Option<usize>,
    /// RMS norm of its encoder outputs, where it has some.
    pub norm: Option<f64>,
}

/// Codes that came into use since the file before, and codes that went out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Turnover {
    /// Into use.
    pub births: usize,
    /// Out of use.
    pub deaths: usize,
}

/// What is remembered of the files before.
#[derive(Clone, Debug, Default)]
pub struct OfFiles {
    /// Shares of the newest files in a row that were few.
    low: Vec<f64>,
    many: usize,
    all: usize,
    not_all: usize,
    is_collapsed: bool,
    is_saturated: bool,
    is_running_away: bool,
    /// Steps and norms of the newest files that have some.
    norms: VecDeque<(u64, f64)>,
    /// Whether each code was in use in the newest file that tells it; empty before the first.
    census: Vec<bool>,
}

impl OfFiles {
    /// Takes the next file of the series into account; the flags that it raises, and who came into use
    /// and went out of it, where this file and one before it tell.
    pub fn see(&mut self, file: &Seen<'_>) -> (Vec<Event>, Option<Turnover>) {
        let size = file.of_code.len();
        let is_enough = file.tokens.is_none_or(|n| n >= FEW_TOKENS.saturating_mul(size));
        let mut flags: Vec<Event> = self.see_use(file, is_enough).into_iter().collect();
        flags.extend(file.norm.and_then(|norm| self.see_norm(file.step, norm)));
        // Codes that few tokens did not come to are not gone.
        let turnover = if is_enough { self.turnover(file.of_code) } else { None };
        (flags, turnover)
    }

    fn see_use(&mut self, file: &Seen<'_>, is_enough: bool) -> Option<Event> {
        let size = file.of_code.len();
        if size < 2 || !is_enough {
            self.low.clear();
            (self.many, self.all, self.not_all) = (0, 0, 0);
            return None;
        }
        let used = file.of_code.iter().filter(|&&n| n > 0).count();
        let ceiling = file.tokens.map_or(1.0, |tokens| sampling_ceiling(size, tokens));
        let (share, least) = (used as f64 / size as f64 / ceiling, few(size));
        let lasts = |files: &mut usize, holds: bool| {
            *files = if holds { *files + 1 } else { 0 };
            *files >= FILES
        };
        match share < least {
            true => self.low.push(share),
            false => self.low.clear(),
        }
        let low = &self.low[self.low.len().saturating_sub(FILES)..];
        let is_low = low.len() == FILES && low.first().is_some_and(|&first| share <= first);
        let is_many = lasts(&mut self.many, share >= MANY.max(least));
        let is_all = lasts(&mut self.all, share >= NEARLY_ALL);
        if lasts(&mut self.not_all, share < NOT_ALL) {
            self.is_saturated = false;
        }
        let (fact, threshold): (fn(Share) -> Fact, _) = if is_low && !self.is_collapsed {
            self.is_collapsed = true;
            (Fact::Collapse, least)
        } else if is_many && self.is_collapsed {
            self.is_collapsed = false;
            (Fact::Recovery, MANY.max(least))
        } else if is_all && !self.is_saturated {
            self.is_saturated = true;
            (Fact::Saturation, NEARLY_ALL)
        } else {
            return None;
        };
        let (lane, steps) = (LaneId::A, FILES as u64);
        let share = Share { lane, steps, threshold, used, size, of_files: true };
        Some(Event::new(file.step, Some(lane), fact(share)))
    }

    fn see_norm(&mut self, step: u64, norm: f64) -> Option<Event> {
        if !norm.is_finite() {
            return None;
        }
        let least = self.norms.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        self.norms.push_back((step, norm));
        if self.norms.len() > GROWTH_FILES {
            self.norms.pop_front();
        }
        let (since, least) = least?;
        let was_running = self.is_running_away;
        let growth = norm / least.max(f64::MIN_POSITIVE);
        self.is_running_away = growth >= if was_running { GROWTH / 2.0 } else { GROWTH };
        if was_running || !self.is_running_away {
            return None;
        }
        let lane = LaneId::A;
        let fact = Fact::Runaway { lane, norm, least, since, of_files: true };
        Some(Event::new(step, Some(lane), fact))
    }

    fn turnover(&mut self, of_code: &[u32]) -> Option<Turnover> {
        if of_code.is_empty() {
            return None;
        }
        let now: Vec<bool> = of_code.iter().map(|&n| n > 0).collect();
        let before = std::mem::replace(&mut self.census, now);
        if before.len() != self.census.len() {
            return None;
        }
        let count =
            |from: &[bool], to: &[bool]| from.iter().zip(to).filter(|(a, b)| !*a && **b).count();
        let (births, deaths) = (count(&before, &self.census), count(&self.census, &before));
        Some(Turnover { births, deaths })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Flags of files of 512 codes with so many in use each, by 100 tokens a code.
    fn flags(used: &[usize]) -> Vec<(u64, EventKind)> {
        let mut all = OfFiles::default();
        let mut found = Vec::new();
        for (at, &used) in used.iter().enumerate() {
            let of_code: Vec<u32> = (0..512).map(|code| u32::from(code < used)).collect();
            let step = 1000 * (at as u64 + 1);
            let tokens = Some(51_200);
            let (flags, _) = all.see(&Seen { step, of_code: &of_code, tokens, norm: None });
            found.extend(flags.into_iter().map(|event| (event.step, event.kind)));
        }
        found
    }

    #[test]
    fn what_lasts_for_two_files_is_flagged_once_an_episode() {
        use EventKind::{Collapse, Recovery, Saturation};
        assert_eq!(flags(&[20]), []);
        assert_eq!(flags(&[400, 20, 19, 10, 30]), [(3000, Collapse)]);
        // One that rises is none yet.
        assert_eq!(flags(&[10, 20, 30, 40]), []);
        assert_eq!(flags(&[20, 20, 300, 20, 300, 300]), [(2000, Collapse), (6000, Recovery)]);
        assert_eq!(flags(&[500, 512, 512, 450, 512]), [(2000, Saturation)]);
        assert_eq!(
            flags(&[500, 512, 300, 300, 512, 512]),
            [(2000, Saturation), (6000, Saturation)]
        );
    }

    #[test]
    fn few_tokens_and_single_codes_say_nothing() {
        let mut all = OfFiles::default();
        let of_code = [9, 0, 0, 0, 0, 0, 0, 0];
        let mut see = |step, tokens| {
            let seen = Seen { step, of_code: &of_code, tokens, norm: None };
            all.see(&seen).0.len()
        };
        assert_eq!(
            (see(1, Some(79)), see(2, Some(79)), see(3, Some(80)), see(4, Some(80))),
            (0, 0, 0, 1)
        );
        let mut one = OfFiles::default();
        let seen = |step| Seen { step, of_code: &[7], tokens: None, norm: None };
        assert!((1..9).all(|step| one.see(&seen(step)).0.is_empty()));
    }

    #[test]
    fn births_and_deaths_are_counted_from_file_to_file() {
        let mut all = OfFiles::default();
        let mut see =
            |of_code: &[u32]| all.see(&Seen { step: 1, of_code, tokens: None, norm: None }).1;
        assert_eq!(see(&[1, 0, 3, 0]), None);
        assert_eq!(see(&[0, 2, 3, 0]), Some(Turnover { births: 1, deaths: 1 }));
        // A file that does not tell is passed over.
        assert_eq!(see(&[]), None);
        assert_eq!(see(&[1, 2, 3, 4]), Some(Turnover { births: 2, deaths: 0 }));
        // Nor do fewer than ten tokens a code say anything: what they did not come to is not gone.
        let seen = |of_code: &'static [u32], tokens| Seen {
            step: 1,
            of_code,
            tokens: Some(tokens),
            norm: None,
        };
        assert_eq!(all.see(&seen(&[20, 19, 0, 0], 39)).1, None);
        let turnover = all.see(&seen(&[20, 10, 10, 0], 40)).1;
        assert_eq!(turnover, Some(Turnover { births: 0, deaths: 1 }));
    }

    #[test]
    fn outputs_that_grow_within_three_files_run_away() {
        let mut all = OfFiles::default();
        let mut see = |step, norm| {
            let seen = Seen { step, of_code: &[], tokens: None, norm: Some(norm) };
            all.see(&seen).0.first().map(|event| event.text.clone())
        };
        assert_eq!([see(1, 1.0), see(2, 5.0), see(3, 19.0)], [None, None, None]);
        let text = see(4, 25.0).unwrap();
        assert!(text.starts_with("The encoder runs away") && text.contains("25.0 times"), "{text}");
        assert_eq!((see(5, 300.0), see(6, 300.0)), (None, None));
    }
}
