//! The step of a file, as its name or the folder that it is in says it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::record::watching::NameNumber;

/// Largest step, up to which 64-bit floats count in ones.
const LAST_STEP: u64 = 1 << 53;

/// Values of a number that are offered.
const NAMED: usize = 4;

/// A number in a name, and what stands before it.
#[derive(Clone, Debug, PartialEq)]
struct Number {
    /// Letters right before it, in small.
    before: String,
    value: u64,
}

/// Words before a number that is a step.
const STEPS: [&str; 7] = ["step", "steps", "iter", "iters", "iteration", "checkpoint", "ckpt"];

/// Words before or after a number that is none.
const OTHERS: [&str; 6] = ["of", "loss", "v", "val", "lr", "acc"];

/// Numbers of a name in order. The digits behind a decimal point belong to the number before it, which
/// is none of these.
fn numbers(name: &str) -> Vec<Number> {
    let bytes = name.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let is_fraction =
            at + 1 < bytes.len() && bytes[at] == b'.' && bytes[at + 1].is_ascii_digit();
        if is_fraction {
            at += 1;
            while at < bytes.len()
                && (bytes[at].is_ascii_digit() || matches!(bytes[at], b'e' | b'-'))
            {
                at += 1;
            }
            continue;
        }
        let letters = name[..start].trim_end_matches(|c: char| "=_- .".contains(c));
        let from = letters
            .rfind(|c: char| !c.is_alphabetic())
            .map_or(0, |at| at + letters[at..].chars().next().map_or(1, char::len_utf8));
        let before = letters[from..].to_lowercase();
        let Ok(mut value) = name[start..at].parse::<u64>() else { continue };
        // "100k" is a hundred thousand.
        let is_thousands = bytes.get(at).is_some_and(|b| matches!(b, b'k' | b'K'))
            && bytes.get(at + 1).is_none_or(|b| !b.is_ascii_alphanumeric());
        if is_thousands {
            value = value.saturating_mul(1000);
        }
        if value <= LAST_STEP {
            found.push(Number { before, value });
        }
    }
    found
}

/// The name of a file without its ending, or of a folder; nothing of a part's number.
fn name_of(path: &Path, is_folder: bool) -> String {
    let name = if is_folder { path.file_name() } else { path.file_stem() };
    let name = name.map_or(String::new(), |name| name.to_string_lossy().into_owned());
    match crate::watch::shards::whole(&name) {
        Some(whole) => whole.to_string(),
        None => name,
    }
}

/// The step that one name says by itself: the number after a word for it, or the only number that there
/// is.
fn certain(name: &str) -> Option<u64> {
    let all = numbers(name);
    let named: Vec<u64> =
        all.iter().filter(|n| STEPS.contains(&n.before.as_str())).map(|n| n.value).collect();
    match (&named[..], &all[..]) {
        ([step], _) => Some(*step),
        ([], [only]) if !OTHERS.contains(&only.before.as_str()) => Some(only.value),
        _ => None,
    }
}

/// The step that the path of a file says: its own name, else the nearest folder that does.
pub fn of_name(path: &Path) -> Option<u64> {
    certain(&name_of(path, false))
}

/// Names of the parts of a file's path below the folder, its own first.
fn parts(path: &Path) -> Vec<String> {
    let mut all: Vec<String> = vec![name_of(path, false)];
    all.extend(path.ancestors().skip(1).map(|folder| name_of(folder, true)));
    all.retain(|name| !name.is_empty());
    all
}

/// All numbers of a path below the folder, from left to right.
pub fn numbers_of(path: &Path) -> Vec<u64> {
    parts(path).iter().rev().flat_map(|part| numbers(part)).map(|number| number.value).collect()
}

/// The steps of the files of one folder, given by their paths below it: that of their numbers which the user
/// says (`which`, from 1); else each by itself where it can be, else by the one number that differs from file
/// to file, or the only one that is no two files' own.
pub fn of_names<'a>(
    paths: impl Iterator<Item = &'a Path>,
    which: Option<usize>,
) -> BTreeMap<&'a Path, u64> {
    let paths: Vec<&Path> = paths.collect();
    let said = |path: &Path| numbers_of(path).get(which?.checked_sub(1)?).copied();
    let by_itself = |path: &Path| parts(path).iter().find_map(|name| certain(name));
    let mut steps: BTreeMap<&Path, u64> = BTreeMap::new();
    for path in &paths {
        if let Some(step) = said(path).or_else(|| by_itself(path)) {
            steps.insert(*path, step);
        }
    }
    let open: Vec<&Path> = paths.iter().copied().filter(|path| !steps.contains_key(path)).collect();
    // Names of one make, whose numbers stand in the same places.
    let shape = |path: &Path| -> String {
        name_of(path, false).chars().filter(|c| !c.is_ascii_digit()).collect()
    };
    for path in &open {
        let alike: Vec<Vec<Number>> = paths
            .iter()
            .filter(|other| shape(other) == shape(path))
            .map(|other| numbers(&name_of(other, false)))
            .collect();
        let own = numbers(&name_of(path, false));
        let values = |at: usize| alike.iter().map(move |other| other.get(at).map(|n| n.value));
        let differs = |at: &usize| values(*at).any(|value| value != Some(own[*at].value));
        let tells_all = |at: &usize| values(*at).collect::<BTreeSet<_>>().len() == alike.len();
        let different: Vec<usize> = (0..own.len()).filter(differs).collect();
        let telling: Vec<usize> = different.iter().copied().filter(tells_all).collect();
        match (&different[..], &telling[..]) {
            // Where several differ no two files have the same step.
            ([only], _) | (_, [only]) => drop(steps.insert(*path, own[*only].value)),
            _ => {}
        }
    }
    steps
}

/// Numbers of the names of files of one folder of which one may be the step, for whoever asks the user: those
/// that every file without a step has, if it has any, and that differ among them. Of these files' paths below
/// the folder.
pub fn choices<'a>(open: impl Iterator<Item = &'a Path>) -> Vec<NameNumber> {
    let all: Vec<Vec<u64>> = open.map(numbers_of).filter(|all| !all.is_empty()).collect();
    let least = all.iter().map(Vec::len).min().unwrap_or(0);
    let of = |at: usize| {
        let values: Vec<u64> = all.iter().map(|numbers| numbers[at]).collect();
        let distinct: BTreeSet<u64> = values.iter().copied().collect();
        let is_own = distinct.len() == values.len();
        (distinct.len() > 1).then(|| NameNumber {
            which: at + 1,
            values: distinct.iter().copied().take(NAMED).collect(),
            is_own,
        })
    };
    (0..least).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_after_a_word_for_it_is_the_step() {
        for (name, step) in [
            ("step=001200-loss=0.0345.ckpt", Some(1200)),
            ("epoch=3-step=1200.ckpt", Some(1200)),
            ("model-00001-of-00002.safetensors", None),
            ("codebook_000100.npz", Some(100)),
            ("codebook_1000_v2.npz", None),
            ("vq-20261128-154501.pt", None),
            ("k1024d16_000500.npz", None),
            ("best.pt", None),
            ("vq2-epoch7.pt", None),
            ("step-12-final.safetensors", Some(12)),
            ("コード_000700.npz", Some(700)),
            ("x99999999999999999999.npy", None),
            ("100k.pth", Some(100_000)),
        ] {
            assert_eq!(of_name(Path::new(name)), step, "{name}");
        }
    }

    #[test]
    fn among_several_numbers_the_one_that_differs_is_the_step() {
        let steps = |names: &[&str]| -> Vec<Option<u64>> {
            let found = of_names(names.iter().map(Path::new), None);
            names.iter().map(|name| found.get(Path::new(name)).copied()).collect()
        };
        assert_eq!(steps(&["k1024d16_000500.npz", "k1024d16_001000.npz"]), [Some(500), Some(1000)]);
        assert_eq!(
            steps(&["vq-20261128-154501.pt", "vq-20261128-160000.pt"]),
            [Some(154_501), Some(160_000)]
        );
        assert_eq!(
            steps(&["codebook_1000_v2.npz", "codebook_2000_v2.npz"]),
            [Some(1000), Some(2000)]
        );
        // Both differ, or there is only one file.
        assert_eq!(steps(&["a1_2.npz", "a3_4.npz"]), [None, None]);
        assert_eq!(steps(&["a1_2.npz"]), [None]);
        // Where an epoch has two files, its number is no step.
        let epochs = ["epoch3_100.pt", "epoch3_200.pt", "epoch4_300.pt"];
        assert_eq!(steps(&epochs), [Some(100), Some(200), Some(300)]);
        // The folder of a step.
        assert_eq!(
            steps(&["checkpoint-500/model.safetensors", "100k/dac/weights.pth"]),
            [Some(500), Some(100_000)]
        );
        assert_eq!(steps(&["checkpoint-500/model-00001-of-00002.safetensors"]), [Some(500)]);
    }

    #[test]
    fn the_user_says_which_number_is_the_step_where_nothing_does() {
        let names = ["run7/a1_2.npz", "run7/a3_4.npz", "run7/best.npz"].map(Path::new);
        let of = |which| of_names(names.into_iter(), which).into_values().collect::<Vec<_>>();
        assert_eq!(of(Some(3)), [2, 4, 7]);
        assert_eq!(of(Some(2)), [1, 3, 7]);
        // There is no fourth, nor one before the first.
        assert_eq!((of(Some(4)), of(Some(0))), (of(None), of(None)));
        let open = ["a1_2_9.npz", "a3_4_9.npz", "a3_6_9.npz"].map(Path::new);
        let number =
            |which, values: &[u64], is_own| NameNumber { which, values: values.into(), is_own };
        assert_eq!(
            choices(open.into_iter()),
            [number(1, &[1, 3], false), number(2, &[2, 4, 6], true)]
        );
        let with_best = ["best.pt", "a1_2.pt", "a3_2.pt"].map(Path::new);
        assert_eq!(choices(with_best.into_iter()), [number(1, &[1, 3], true)]);
        assert_eq!(choices(["best.pt", "a1_2.pt"].map(Path::new).into_iter()), []);
    }
}
