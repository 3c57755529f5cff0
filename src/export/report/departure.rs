//! Where a run left the story as it was written: its expectations and what it says about itself are
//! about the story, and a report must not hold them against another run.

use crate::analysis::verdict::{Outcome, Verdict, left_story_after};
use crate::archive::Archive;
use crate::record::event::{Event, EventKind};
use crate::scenario::differences::changed_keys;
use crate::scenario::{Scenario, demos, parse};
use crate::text::count;
use crate::words;

/// Keys that a run may set without being another story.
const FREE: [&str; 3] = ["seed", "steps", "pace"];

/// How a run is another one than its story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Departure {
    /// Keys in which it began with other settings than the built-in story of its title.
    pub keys: Vec<String>,
    /// Steps trained when a setting was first made by hand.
    pub after: Option<u64>,
    /// What was done there, as the log of events says it.
    what: Option<String>,
}

impl Departure {
    /// How the run of an archive left its story, if it did.
    pub fn of(archive: &Archive) -> Self {
        let after = left_story_after(&archive.manifest.story, &archive.manifest.log);
        let is_it = |e: &&Event| Some(e.step) == after && e.kind == EventKind::Change;
        let what = archive.events.iter().find(is_it).map(Event::sentence);
        Self { keys: changed_at_the_start(&archive.scenario), after, what }
    }

    /// Whether the run is another one than its story, from the start or from some step on.
    pub fn is_some(&self) -> bool {
        self.after.is_some() || !self.keys.is_empty()
    }

    /// How, in sentences; nothing for a run that is its story.
    pub fn sentence(&self) -> String {
        let began = match &self.keys[..] {
            [] => String::new(),
            keys => words!("report-it-began-with-other-settings", keys = keys.join(", ")),
        };
        let left = self.after.map_or(String::new(), |step| {
            let what = self.what.as_ref().map_or(String::new(), |what| format!(" ({what})"));
            words!("report-it-left-the-story-after", step = count(step), what = what)
        });
        format!("{began}{left}")
    }

    /// What of the story's expectations can be said of this run.
    pub fn holds(&self, verdicts: &[Verdict]) -> String {
        let number = |outcome| verdicts.iter().filter(|v| v.outcome() == outcome).count();
        let (held, failed) = (number(Outcome::Held), number(Outcome::Failed));
        let left = number(Outcome::LeftStory);
        let rest = match left {
            0 => String::new(),
            1 => words!("report-1-is-not-judged").into(),
            _ => words!("report-are-not-judged", left = left),
        };
        let decided = match (held, failed, self.keys.is_empty()) {
            (0, 0, _) => words!("report-none-was-decided-before").into(),
            (_, 0, true) => words!("report-held-before", held = held),
            (_, _, true) => words!("report-held-and-failed-before", held = held, failed = failed),
            (_, _, false) => words!("report-hold-for-this-run-as", held = held, failed = failed),
        };
        words!(
            "report-the-expectations-are-about-the",
            sentence = self.sentence(),
            verdicts = verdicts.len(),
            decided = decided,
            rest = rest
        )
    }
}

/// Keys in which a scenario differs from the built-in story that it says to be.
fn changed_at_the_start(scenario: &Scenario) -> Vec<String> {
    let is_it = |story: &Scenario| story.title == scenario.title;
    let stories = demos::names().filter_map(|name| parse(demos::text(name)?, name, &[]).ok());
    let Some(story) = stories.into_iter().find(is_it) else { return Vec::new() };
    let keys = changed_keys(&story, scenario).into_iter().map(|changed| changed.key);
    keys.filter(|key| !FREE.contains(&key.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::setting::{Logged, Setting};
    use crate::scenario::LaneId;

    #[test]
    fn a_story_with_another_seed_is_still_that_story() {
        let read = |sets: &[&str]| {
            let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
            changed_at_the_start(&parse(demos::text("rescue").unwrap(), "rescue", &sets).unwrap())
        };
        assert_eq!(read(&[]), [""; 0]);
        assert_eq!(read(&["seed=3", "steps=1300", "pace=5"]), [""; 0]);
        assert_eq!(read(&["seed=3", "train.lr=0.01"]), ["train.lr"]);
        let own = parse("title='my own'\n[lanes.a]\n", "x", &[]).unwrap();
        assert_eq!(changed_at_the_start(&own), [""; 0]);
    }

    #[test]
    fn a_run_that_was_changed_by_hand_is_told_from_its_story() {
        let place = tempfile::tempdir().unwrap();
        let mut archive = crate::archive::tests::saved_in(&place.path().join("run"));
        assert!(!Departure::of(&archive).is_some());
        let lane = Some(LaneId::A);
        archive.manifest.log = vec![Logged { step: 40, lane, setting: Setting::Lr(0.1) }];
        archive.events.push(Event::said(40, lane, EventKind::Change, "A: learning rate 0.1"));
        let departure = Departure::of(&archive);
        assert_eq!((departure.after, departure.is_some()), (Some(40), true));
        let told = departure.sentence();
        assert!(told.contains("after step 40") && told.contains("learning rate 0.1"), "{told}");
        let told = departure.holds(&[]);
        assert!(told.ends_with("none was decided before."), "{told}");
    }
}
