//! The scenarios built into the program, so that `vqscope rescue` works anywhere.

use crate::scenario::{Scenario, parse};

macro_rules! demos {
    ($($chapter:literal: $($name:literal),*;)*) => {
        const DEMOS: &[(&str, &str)] =
            &[$($(($name, include_str!(concat!("../../demos/", $name, ".toml")))),*),*];

        /// The stories in the order of teaching, chapter by chapter.
        pub const CHAPTERS: &[(&str, &[&str])] = &[$(($chapter, &[$($name),*])),*];
    };
}

demos! {
    "Collapse and its cure": "collapse", "rescue", "no_rescue", "digits", "fashion", "bigger", "bigger_vq", "scale", "scale_max";
    "Other remedies": "both_learn", "revival", "ema", "fsq", "rotation", "falls", "warmup", "diagonal", "low_rank", "mlp", "features", "angle", "cvq", "entropy", "lfq";
    "Where nothing collapses, and where SimVQ does": "calm", "simvq_fails", "beta";
}

/// The story that plays when none is named.
pub const FIRST: &str = "collapse";

/// Names of the built-in scenarios.
pub fn names() -> impl Iterator<Item = &'static str> {
    DEMOS.iter().map(|(name, _)| *name)
}

/// The text of a built-in scenario.
pub fn text(name: &str) -> Option<&'static str> {
    DEMOS.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// The title of a built-in scenario.
pub fn title(name: &str) -> Option<&'static str> {
    all_once().iter().find(|(n, _)| *n == name).map(|(_, s)| &*s.title)
}

/// What one sees in a built-in scenario.
pub fn about(name: &str) -> Option<&'static str> {
    all_once().iter().find(|(n, _)| *n == name).map(|(_, s)| &*s.about)
}

fn all_once() -> &'static [(&'static str, Scenario)] {
    static ALL: std::sync::OnceLock<Vec<(&'static str, Scenario)>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        DEMOS
            .iter()
            .filter_map(|(name, text)| Some((*name, parse(text, name, &[]).ok()?)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demo_reads_and_says_what_it_shows() {
        assert_eq!(all_once().len(), DEMOS.len());
        for (name, text) in DEMOS {
            let scenario = parse(text, name, &[]).unwrap();
            assert!(!scenario.title.is_empty() && scenario.about.len() > 40, "{name}");
            for id in scenario.lane_ids() {
                assert!(
                    scenario.expect.iter().any(|e| e.lane == id),
                    "{name} expects nothing of {id:?}"
                );
            }
        }
    }

    /// Why a caption has no expectation that carries it.
    const UNCARRIED: &[(&str, &[(&str, u64)])] = &[
        (
            "it names what the lanes are and on what they train, which are settings",
            &[
                ("collapse", 0),
                ("digits", 0),
                ("fashion", 0),
                ("bigger", 0),
                ("bigger_vq", 0),
                ("scale", 0),
                ("scale_max", 0),
                ("both_learn", 0),
                ("revival", 0),
                ("ema", 0),
                ("fsq", 0),
                ("rotation", 0),
                ("warmup", 0),
                ("diagonal", 0),
                ("low_rank", 0),
                ("mlp", 0),
                ("features", 0),
                ("angle", 0),
                ("cvq", 0),
                ("entropy", 0),
                ("lfq", 0),
                ("calm", 0),
                ("simvq_fails", 0),
                ("beta", 0),
            ],
        ),
        (
            "it says what the story changes at its step, which the change itself does",
            &[("rescue", 600), ("no_rescue", 600)],
        ),
        ("it divides the tokens of the full set by the number of codes", &[("bigger", 300)]),
    ];

    #[test]
    fn every_caption_is_carried_by_an_expectation_or_has_a_reason_why_not() {
        let mut reasons: Vec<(&str, u64)> =
            UNCARRIED.iter().flat_map(|(_, captions)| captions.iter().copied()).collect();
        for (name, scenario) in all_once() {
            for change in scenario.change.iter().filter(|c| c.caption.is_some()) {
                let is_carried = scenario.expect.iter().any(|e| e.caption == Some(change.step));
                let reason = reasons.iter().position(|r| *r == (*name, change.step));
                match (is_carried, reason) {
                    (true, None) => {}
                    (false, Some(place)) => drop(reasons.swap_remove(place)),
                    (true, Some(_)) => {
                        panic!("{name}, caption {}: carried and excused", change.step)
                    }
                    (false, None) => panic!(
                        "{name}, caption {}: give it an [[expect]] with caption = {0}, or a reason here",
                        change.step
                    ),
                }
            }
        }
        assert!(reasons.is_empty(), "no such captions: {reasons:?}");
    }

    #[test]
    fn no_story_calls_codes_dead_that_were_never_in_use() {
        for (name, scenario) in all_once() {
            let captions = scenario.change.iter().filter_map(|c| c.caption.as_deref());
            for text in captions.chain([&*scenario.title, &*scenario.about]) {
                let mut words = text.split(|c: char| !c.is_alphabetic());
                let is_such = |word: &&str| ["dead", "die", "dies", "died"].contains(word);
                assert_eq!(words.find(is_such), None, "{name}: {text}");
            }
        }
    }
}
