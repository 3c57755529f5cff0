//! The scenarios built into the program, so that `vqscope rescue` works anywhere.

use crate::scenario::{Scenario, parse};
use crate::words;

/// What a chapter is called, in the language that is spoken.
pub type Title = fn() -> &'static str;

macro_rules! demos {
    ($($chapter:expr => $($name:literal),*;)*) => {
        const DEMOS: &[(&str, &str)] =
            &[$($(($name, include_str!(concat!("../../demos/", $name, ".toml")))),*),*];

        /// The stories in the order of teaching, chapter by chapter.
        pub const CHAPTERS: &[(Title, &[&str])] = &[$(($chapter, &[$($name),*])),*];
    };
}

demos! {
    || words!("chapter-collapse") => "falls", "collapse", "rescue", "no_rescue", "cloud", "digits", "fashion", "bigger", "bigger_vq", "scale", "scale_max";
    || words!("chapter-other") => "both_learn", "revival", "ema", "fsq", "rotation", "warmup", "diagonal", "low_rank", "mlp", "features", "angle", "cvq", "entropy", "lfq";
    || words!("chapter-limits") => "calm", "simvq_fails", "beta";
}

/// The story that plays when none is named.
pub const FIRST: &str = "falls";

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
    all_once().iter().find(|(n, _)| *n == name).map(|(_, s)| s.title.spoken())
}

/// What one sees in a built-in scenario.
pub fn about(name: &str) -> Option<&'static str> {
    all_once().iter().find(|(n, _)| *n == name).map(|(_, s)| s.about.spoken())
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
    use crate::scenario::figures::{Figure, Piece, pieces};
    use crate::scenario::{End, Expect, ExpectStep, Guess};

    #[test]
    fn teaching_begins_with_the_story_that_plays_when_none_is_named() {
        assert_eq!(names().next(), Some(FIRST));
    }

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
                ("rescue", 0),
                ("no_rescue", 0),
                ("falls", 0),
                ("cloud", 0),
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
            &[("no_rescue", 600)],
        ),
    ];

    #[test]
    fn every_caption_is_carried_by_an_expectation_or_has_a_reason_why_not() {
        let mut reasons: Vec<(&str, u64)> =
            UNCARRIED.iter().flat_map(|(_, captions)| captions.iter().copied()).collect();
        for (name, scenario) in all_once() {
            let mut said: Vec<ExpectStep> = scenario.said_at().map(|(at, _)| at).collect();
            said.dedup();
            for at in said {
                let is_carried = scenario.expect.iter().any(|e| e.caption == Some(at));
                let reason = reasons
                    .iter()
                    .position(|(story, step)| story == name && at == ExpectStep::At(*step));
                match (is_carried, reason) {
                    (true, None) => {}
                    (false, Some(place)) => drop(reasons.swap_remove(place)),
                    (true, Some(_)) => {
                        panic!("{name}, caption {at:?}: carried and excused")
                    }
                    (false, None) => panic!(
                        "{name}, caption {at:?}: give it an [[expect]] with that caption, or a reason here"
                    ),
                }
            }
        }
        assert!(reasons.is_empty(), "no such captions: {reasons:?}");
    }

    #[test]
    fn every_question_of_a_story_is_about_something_that_is_expected() {
        for (name, scenario) in all_once() {
            for beat in scenario.beat.iter().filter(|beat| beat.of.is_some()) {
                let (of, until) = (beat.of.unwrap(), beat.until);
                let until = until.unwrap_or(ExpectStep::End(End::End));
                for lane in of.lanes(scenario) {
                    let is_it = |e: &&Expect| {
                        (e.lane, e.metric, e.step) == (lane, Some(of.metric), Some(until))
                    };
                    let expected: Vec<&Expect> = scenario.expect.iter().filter(is_it).collect();
                    assert!(!expected.is_empty(), "{name}: nothing is expected of {of} {until:?}");
                    // Whatever is expected is the truth of one choice alone.
                    let low = expected.iter().filter_map(|e| e.min).fold(f64::MIN, f64::max);
                    let high = expected.iter().filter_map(|e| e.max).fold(f64::MAX, f64::min);
                    let right = beat.choices.iter().filter(|choice| {
                        choice.min.is_none_or(|min| min <= low)
                            && choice.max.is_none_or(|max| high < max)
                    });
                    let is_choice = beat.guess == Some(Guess::Choice);
                    assert_eq!(right.count(), usize::from(is_choice), "{name}: {}", beat.text);
                }
            }
        }
    }

    #[test]
    fn every_figure_in_a_text_is_counted_at_its_step() {
        for (name, scenario) in all_once() {
            for beat in &scenario.beat {
                for text in [Some(&beat.text), beat.note.as_ref()].into_iter().flatten() {
                    for piece in pieces(text).unwrap() {
                        let Piece::Figure(Figure { of, lane, step: Some(step) }) = piece else {
                            continue;
                        };
                        let is_regular = step == scenario.steps
                            || step.is_multiple_of(scenario.train.eval_every);
                        let is_it =
                            |e: &Expect| e.lane == lane && e.step == Some(ExpectStep::At(step));
                        let is_counted = !of.metric.is_of_full_set()
                            || is_regular
                            || scenario.expect.iter().any(is_it);
                        assert!(is_counted, "{name}: {text} tells {of} of step {step}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_story_calls_codes_dead_that_were_never_in_use() {
        for (name, scenario) in all_once() {
            let texts = scenario.said_at().map(|(_, text)| &**text);
            let asked = scenario.beat.iter().map(|beat| &*beat.text);
            for text in texts.chain(asked).chain([&*scenario.title, &*scenario.about]) {
                // The name of a figure is no word of the story.
                let is_text = |piece: Piece<'_>| match piece {
                    Piece::Text(text) => text.to_string(),
                    _ => String::new(),
                };
                let said: String = pieces(text).unwrap().into_iter().map(is_text).collect();
                let mut words = said.split(|c: char| !c.is_alphabetic());
                let is_such = |word: &&str| ["dead", "die", "dies", "died"].contains(word);
                assert_eq!(words.find(is_such), None, "{name}: {text}");
            }
        }
    }
}
