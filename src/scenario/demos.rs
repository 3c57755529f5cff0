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
    all_once().iter().find(|(n, _)| *n == name).map(|(_, s)| s.title.as_str())
}

/// What one sees in a built-in scenario.
pub fn about(name: &str) -> Option<&'static str> {
    all_once().iter().find(|(n, _)| *n == name).map(|(_, s)| s.about.as_str())
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
}
