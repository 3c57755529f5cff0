//! What of a file the user can choose, for a window that asks.

use crate::record::watching::{Candidate, Choices, Wishes};
use crate::scenario::LaneId;
use crate::text::shown;
use crate::watch::rules::name::{Name, is_named_tuples, is_named_use};
use crate::watch::rules::plan::{Listed, Plan};
use crate::watch::rules::{choose, codes};

/// Most arrays that are offered for one thing.
const MOST: usize = 40;

/// What can be chosen of these arrays, and why something must be where the rules leave it open.
pub fn of(listed: &[Listed], wishes: &Wishes, file: String) -> Choices {
    let plan = choose(listed, wishes);
    let (plan, why) = match plan {
        Ok(plan) => (Some(plan), None),
        Err(why) => (None, Some(why)),
    };
    let codes: Vec<&Listed> = codes::likely(listed).into_iter().take(MOST).collect();
    let usage = usage(listed, &codes, plan.as_ref());
    Choices {
        lane: LaneId::A,
        file,
        why,
        are_steps_open: false,
        steps: Vec::new(),
        codes: codes.into_iter().map(candidate).collect(),
        usage: usage.into_iter().map(candidate).collect(),
        taken: wishes.clone(),
        found: found(wishes, plan.as_ref()),
    }
}

fn candidate(array: &Listed) -> Candidate {
    Candidate { name: array.name.clone(), shape: array.shape_in_words() }
}

/// Arrays that may be of use: named so, or as long as one of the codes' axes.
fn usage<'a>(listed: &'a [Listed], codes: &[&Listed], plan: Option<&Plan>) -> Vec<&'a Listed> {
    let sizes: Vec<usize> = match plan {
        Some(plan) => plan.books.iter().map(|book| book.size).collect(),
        None => codes.iter().flat_map(|array| array.core().iter().copied()).collect(),
    };
    let is_of_use = |array: &&Listed| {
        let name = Name::new(&array.name);
        let has_length = array.core().last().is_some_and(|last| sizes.contains(last));
        let is_row = array.core().len() == 1 && has_length;
        !name.is_aside()
            && array.problem.is_none()
            && (is_row
                || is_named_use(&array.name)
                || !array.is_float && is_named_tuples(&array.name))
            && !array.core().is_empty()
    };
    let mut all: Vec<&Listed> = listed.iter().filter(is_of_use).collect();
    all.sort_by_key(|array| !is_named_use(&array.name));
    all.truncate(MOST);
    all
}

/// What the codebook that is drawn was found to be; of several no array is the one.
fn found(wishes: &Wishes, plan: Option<&Plan>) -> Wishes {
    let Some(plan) = plan else { return Wishes::default() };
    let Some(book) = plan.books.get(wishes.level.unwrap_or(0)) else { return Wishes::default() };
    let is_alone = plan.books.len() == 1;
    Wishes {
        codebook: is_alone.then(|| book.codes.clone()),
        usage: book.usage.first().filter(|_| is_alone).map(|(name, _)| name.clone()),
        lookup: Some(book.lookup),
        transpose: Some(book.is_turned),
        ..Wishes::default()
    }
}

/// The name of a file, as it can be shown.
pub fn file_name(path: &std::path::Path) -> String {
    shown(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, shape: &[usize]) -> Listed {
        let (name, shape) = (name.into(), shape.to_vec());
        Listed { name, shape, is_float: true, is_flags: false, problem: None }
    }

    #[test]
    fn what_looks_like_codes_is_offered_first_and_counts_of_its_length_with_it() {
        let arrays = [
            listed("head.weight", &[10, 40]),
            listed("things.table_b", &[300, 40]),
            listed("things.table_a", &[300, 40]),
            listed("things.n_seen", &[300]),
            listed("head.bias", &[10]),
            listed("optimizer.counts", &[300]),
        ];
        let choices = of(&arrays, &Wishes::default(), "c.pt".into());
        assert!(choices.why.as_ref().unwrap().contains("--codebook"), "{choices:?}");
        let names = |all: &[Candidate]| all.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&choices.codes), ["things.table_b", "things.table_a", "head.weight"]);
        assert_eq!(choices.codes[0].shape, "300 x 40");
        assert_eq!(names(&choices.usage), ["things.n_seen", "head.bias"]);
        // Once it is said, nothing is left open.
        let said = Wishes { codebook: Some("things.table_b".into()), ..Wishes::default() };
        let choices = of(&arrays, &said, "c.pt".into());
        assert_eq!(choices.why, None);
        let found = choices.found;
        assert_eq!(
            (found.codebook.as_deref(), found.transpose),
            (Some("things.table_b"), Some(false))
        );
        // What is found is nobody's word for files to come.
        assert_eq!(choices.taken, said);
        assert_eq!(names(&choices.usage), ["things.n_seen"]);
    }
}
