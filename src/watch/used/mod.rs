//! What the numbers of an array say of the use of codes: counts, moving averages, shares, flags, or
//! indices of chosen codes.
//!
//! Averages are never rounded. They are compared with a thousandth of the fair share, so that neither
//! a code chosen seldom is lost nor one that was chosen long ago is in use for ever. What a buffer
//! starts with is no use: where every code has the same number nothing was counted, and codes that
//! share the least number of all still hold what they started with, or what they were set to when
//! they took a dead code's place.

use crate::record::counted::{NEWEST, OF_AVERAGE, OF_BATCH};
use crate::record::event::Counts;
use crate::record::judgement::Rule;
use crate::record::usage::{CountedIn, MILLION, perplexity};

/// Part of the fair share above which an average is one of a code in use.
const IN_USE: f64 = 1e-3;

/// Whole numbers up to which bfloat16 tells each from the next.
const COMB: f64 = 256.0;

/// Indices beyond that of which some would be odd.
const FEW_LARGE: usize = 32;

/// The use of the codes of a book.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// How it was counted.
    pub counts: Counts,
    /// Uses of each code, K; averages and shares in millionths of their sum, at least 1 for a code in use.
    pub of_code: Vec<u32>,
    /// Codes in use.
    pub used: usize,
    /// exp of the entropy of use.
    pub perplexity: f64,
    /// Tokens counted, where their number is known.
    pub tokens: Option<usize>,
    /// Averages of which every code still has a rest of its start.
    pub is_young: bool,
    /// Indices beyond the last code.
    pub beyond: usize,
    /// Numbers among its indices that are none, and of how many.
    pub no_index: (usize, usize),
    /// Codes whose number is not finite, so that it is not known whether they are in use; they are not counted
    /// as such.
    pub unknown: usize,
    /// Whether every index beyond 256 is even, as bfloat16 leaves them.
    pub is_comb: bool,
    /// Codes in use by each rule that can be answered.
    pub by_rule: Vec<(Rule, usize)>,
}

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// The use of each code.
    Use(Box<Use>),
    /// Nothing, and why.
    Nothing(Counts),
}

impl Known {
    /// The use, where it is known.
    pub fn get(&self) -> Option<&Use> {
        match self {
            Self::Use(known) => Some(known),
            Self::Nothing(_) => None,
        }
    }

    /// How it was counted, or why not.
    pub fn counts(&self) -> &Counts {
        match self {
            Self::Use(known) => &known.counts,
            Self::Nothing(why) => why,
        }
    }
}

/// Whether an array says nothing: every code has the number that a buffer starts with.
pub fn is_untouched(values: &[f64]) -> bool {
    let Some(first) = values.first() else { return true };
    let is_same = values.iter().all(|x| x == first);
    is_same && (*first == 0.0 || *first == 1.0 || first.fract() != 0.0)
}

/// The use that `values`, one a code, say: counts where all are whole, else averages or shares. Of a code whose
/// number is not finite it is not known.
///
/// # Errors
/// A number that is no use, with the code that has it.
pub fn of_values(array: &str, values: &[f64], is_flags: bool) -> Result<Known, String> {
    for (code, &x) in values.iter().enumerate().filter(|(_, x)| x.is_finite()) {
        if !(x >= 0.0 && x.round() <= f64::from(u32::MAX)) {
            return Err(format!(
                "is {x} for code {code}; a count lies between 0 and {}, so start counting anew for each file",
                u32::MAX
            ));
        }
    }
    let finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    if finite.len() < values.len() {
        if finite.is_empty() {
            return Ok(Known::Nothing(Counts::NoNumber { array: array.into() }));
        }
        let mut known = of_values(array, &finite, is_flags)?;
        if let Known::Use(known) = &mut known {
            let mut of_finite = std::mem::take(&mut known.of_code).into_iter();
            let of = |x: &f64| if x.is_finite() { of_finite.next() } else { None }.unwrap_or(0);
            known.of_code = values.iter().map(of).collect();
            known.unknown = values.len() - finite.len();
        }
        return Ok(known);
    }
    let array = array.to_string();
    if is_flags {
        let of_code: Vec<u32> = values.iter().map(|&x| u32::from(x > 0.0)).collect();
        let used = of_code.iter().filter(|&&n| n > 0).count();
        return Ok(Known::Use(Box::new(Use {
            counts: Counts::Flags { array },
            used,
            perplexity: f64::NAN,
            tokens: None,
            is_young: false,
            beyond: 0,
            no_index: (0, 0),
            unknown: 0,
            is_comb: false,
            by_rule: vec![(Rule::Seen, used)],
            of_code,
        })));
    }
    if is_untouched(values) {
        let value = values.first().copied().unwrap_or(0.0);
        return Ok(Known::Nothing(Counts::Never { array, value }));
    }
    if values.iter().all(|x| x.fract() == 0.0) && !is_reset(values) {
        let of_code: Vec<u32> = values.iter().map(|&x| x as u32).collect();
        let counts = Counts::InFile { array };
        return Ok(Known::Use(Box::new(of_counts(counts, of_code, &[Rule::Seen]))));
    }
    Ok(Known::Use(Box::new(of_averages(array, values))))
}

/// Whether whole numbers are those of averages of which nearly all codes were set to the same one: the
/// threshold of dead codes.
fn is_reset(values: &[f64]) -> bool {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let at_least = values.iter().filter(|&&x| x == least).count();
    least > 0.0 && at_least < values.len() && 4 * at_least >= 3 * values.len()
}

/// Use of counts of tokens.
pub fn of_counts(counts: Counts, of_code: Vec<u32>, rules: &[Rule]) -> Use {
    let tokens: usize = of_code.iter().map(|&n| n as usize).sum();
    let used = of_code.iter().filter(|&&n| n > 0).count();
    let (by_rule, perplexity) = (by_rule(&of_code, rules), perplexity(&of_code));
    Use {
        counts,
        used,
        perplexity,
        tokens: Some(tokens),
        is_young: false,
        beyond: 0,
        no_index: (0, 0),
        unknown: 0,
        is_comb: false,
        by_rule,
        of_code,
    }
}

/// Codes in use by rules that count tokens.
pub fn by_rule(of_code: &[u32], rules: &[Rule]) -> Vec<(Rule, usize)> {
    let tokens: f64 = of_code.iter().map(|&n| f64::from(n)).sum();
    let least = OF_BATCH * tokens / of_code.len().max(1) as f64;
    let used = |is: &dyn Fn(f64) -> bool| {
        of_code.iter().map(|&n| f64::from(n)).filter(|&n| n > 0.0 && is(n)).count()
    };
    rules
        .iter()
        .map(|&rule| match rule {
            Rule::Batch => (rule, used(&|n| n >= least)),
            _ => (rule, used(&|_| true)),
        })
        .collect()
}

impl Use {
    /// What the uses of each code are.
    pub fn counted_in(&self) -> CountedIn {
        match self.counts {
            Counts::Averages { .. } => CountedIn::Millionths,
            Counts::Flags { .. } => CountedIn::Flags,
            _ => CountedIn::Tokens,
        }
    }

    /// Takes the answers of another array to what this one does not tell.
    pub fn take_rules(&mut self, other: &Self) {
        for (rule, used) in &other.by_rule {
            if self.by_rule.iter().all(|(known, _)| known != rule) {
                self.by_rule.push((*rule, *used));
            }
        }
    }
}

/// Indices of a ring that are filled: not the zeros that it was made of, which look like code 0.
fn filled(indices: &[f64]) -> &[f64] {
    let Some(first) = indices.iter().position(|&x| x != 0.0) else { return &[] };
    let last = indices.iter().rposition(|&x| x != 0.0).unwrap_or(first);
    let inner = &indices[first..=last];
    let zeros = inner.iter().filter(|&&x| x == 0.0).count();
    // Chance alone would hardly draw a code so often in a row.
    let is_start = |run: usize| {
        let share = zeros as f64 / inner.len() as f64;
        run > 1 && share.powf(run as f64) < 1e-6
    };
    let start = if is_start(first) { first } else { 0 };
    let end = if is_start(indices.len() - 1 - last) { last + 1 } else { indices.len() };
    &indices[start..end]
}

/// Whether a number is an index: whole, and from 0.
pub fn is_index(x: f64) -> bool {
    x >= 0.0 && x.fract() == 0.0
}

/// What stands where no code was chosen.
pub const PADDING: f64 = -1.0;

/// Use of indices of chosen codes, the newest last; those beyond the last code are left out, as numbers are
/// that are no indices. Where these are more than half nothing is known. A ring may still hold zeros that
/// nothing was written over; elsewhere a zero is code 0.
pub fn of_indices(array: &str, indices: &[f64], size: usize, is_ring: bool) -> Known {
    let indices = if is_ring { filled(indices) } else { indices };
    if indices.is_empty() {
        return Known::Nothing(Counts::Never { array: array.into(), value: 0.0 });
    }
    let of = indices.len();
    let none = indices.iter().filter(|&&x| x != PADDING && !is_index(x)).count();
    if 2 * none > of {
        return Known::Nothing(Counts::NoIndices { array: array.into(), n: none, of });
    }
    let mut of_code = vec![0_u32; size];
    let mut newest = vec![false; size];
    let (mut beyond, mut large, mut odd) = (0, 0_usize, 0_usize);
    for (at, &x) in indices.iter().enumerate() {
        if !is_index(x) {
            continue;
        }
        if x > COMB {
            large += 1;
            odd += usize::from(x % 2.0 == 1.0);
        }
        if x >= size as f64 {
            beyond += 1;
            continue;
        }
        of_code[x as usize] = of_code[x as usize].saturating_add(1);
        if at + NEWEST >= indices.len() {
            newest[x as usize] = true;
        }
    }
    let counts = Counts::Indices { array: array.into(), count: of - none };
    let mut known = of_counts(counts, of_code, &[]);
    known.by_rule.push((Rule::Newest, newest.iter().filter(|&&is_used| is_used).count()));
    known.beyond = beyond;
    known.no_index = (none, of);
    known.is_comb = large >= FEW_LARGE && odd == 0;
    Known::Use(Box::new(known))
}

/// Use of moving averages of the counts of batches, or of shares.
fn of_averages(array: String, values: &[f64]) -> Use {
    let size = values.len();
    let sum: f64 = values.iter().sum();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let at_least = values.iter().filter(|&&x| x == least).count();
    // Only numbers that nothing was added to are the same to the last bit.
    let is_start = least > 0.0 && (at_least > 1 || is_power(least));
    let start = if is_start && least < 1.0 { least } else { 0.0 };
    let floor = IN_USE * (sum - start * size as f64) / size as f64;
    let threshold = replaced(values, least);
    let is_used = |x: f64| x - start > floor && !(is_start && x == least) && Some(x) != threshold;
    let at_threshold = values.iter().filter(|&&x| Some(x) == threshold).count();
    let replaced = at_threshold + if is_start && least >= 1.0 { at_least } else { 0 };
    let weights: Vec<f64> =
        values.iter().map(|&x| if is_used(x) { x - start } else { 0.0 }).collect();
    let mass: f64 = weights.iter().sum();
    let share = |x: f64| if mass > 0.0 { x / mass } else { 0.0 };
    let entropy: f64 =
        weights.iter().filter(|&&x| x > 0.0).map(|&x| -share(x) * share(x).ln()).sum();
    let of_code: Vec<u32> = weights
        .iter()
        .map(|&x| match share(x) * MILLION {
            _ if x <= 0.0 => 0,
            // 1 is as much or less, 2 is more.
            millionths if millionths <= 1.0 => 1,
            millionths => millionths.round().max(2.0) as u32,
        })
        .collect();
    let used = of_code.iter().filter(|&&n| n > 0).count();
    let fair = mass / size as f64;
    let by_average = weights.iter().filter(|&&x| x > 0.0 && x >= OF_AVERAGE * fair).count();
    Use {
        counts: Counts::Averages { array, replaced },
        of_code,
        used,
        perplexity: entropy.exp(),
        tokens: None,
        is_young: start > 0.0,
        beyond: 0,
        no_index: (0, 0),
        unknown: 0,
        is_comb: false,
        by_rule: vec![(Rule::Average, by_average)],
    }
}

/// Codes whose moving average of the counts of batches of so many tokens is at least 8 % of the fair
/// share.
pub fn above_average(averages: &[f64], tokens: usize) -> usize {
    let least = OF_AVERAGE * tokens as f64 / averages.len().max(1) as f64;
    averages.iter().filter(|&&x| x > 0.0 && x >= least).count()
}

/// Whether a number is what is left of 1 after so many steps of a usual decay.
fn is_power(x: f64) -> bool {
    [0.8, 0.9, 0.95, 0.98, 0.99].iter().any(|decay: &f64| {
        let steps = (x.ln() / decay.ln()).round();
        (1.0..=2000.0).contains(&steps) && (decay.powf(steps) / x - 1.0).abs() < 1e-5
    })
}

/// The number that codes hold which took the place of dead ones: a whole one that several share, among
/// averages of which most are shared by none.
fn replaced(values: &[f64], least: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|&x| x > 0.0 && x != least).collect();
    sorted.sort_by(f64::total_cmp);
    let shared: Vec<(f64, usize)> =
        sorted.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
    let alone = shared.iter().filter(|(_, times)| *times == 1).count();
    let (value, times) = shared.iter().max_by_key(|(_, times)| *times).copied()?;
    let others = sorted.len() - times;
    (times > 1 && value.fract() == 0.0 && 4 * alone >= 3 * others && others > 0).then_some(value)
}

#[cfg(test)]
mod tests;
