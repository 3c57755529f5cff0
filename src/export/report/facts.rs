//! What a report states: figures of the run's end, and who is ahead by which of them.

use serde_json::Value;

use crate::analysis::figures::full_set_step;
use crate::analysis::verdict::{Judge, Outcome, Verdict};
use crate::archive::{Archive, names};
use crate::export::ExportError;
use crate::export::plots::Story;
use crate::export::report::departure::Departure;
use crate::export::report::judged;
use crate::export::report::lane_end::LaneEnd;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::usage::Usage;
use crate::scenario::differences::{Difference, differences, settings};
use crate::scenario::hash::scenario_hash;
use crate::scenario::{LaneId, ModelKind, Scenario, demos, parse};
use crate::text::{count, per_code, percent, significant};
use crate::words;

/// Everything that a report states.
pub struct Facts<'a> {
    /// The run.
    pub archive: &'a Archive,
    /// All of its rows.
    pub story: Story<'a>,
    /// Its lanes at the end.
    pub lanes: Vec<LaneEnd>,
    /// What became of each expectation.
    pub verdicts: Vec<Verdict>,
    /// How the run left its story, if it did.
    pub departure: Departure,
    /// All settings; both columns are equal where there is one lane.
    pub settings: Vec<Difference>,
    /// Those in which the lanes differ.
    pub differences: Vec<Difference>,
}

impl<'a> Facts<'a> {
    /// The facts of a run whose last kept picture is `last`.
    ///
    /// # Errors
    /// `summary.json` is there and damaged.
    pub fn new(archive: &'a Archive, last: &Snapshot) -> Result<Self, ExportError> {
        let finals = finals(archive)?;
        let specs = archive.scenario.lane_specs();
        let ends = specs.iter().zip(&last.lanes);
        let lanes: Vec<LaneEnd> =
            ends.map(|(spec, view)| LaneEnd::new(archive, spec.clone(), view, &finals)).collect();
        let departure = Departure::of(archive);
        let mut judge = Judge::new(&archive.scenario);
        judge.leave_story(departure.after);
        archive.rows.iter().for_each(|row| judge.see(row));
        archive.events.iter().for_each(|event| judge.see_event(event));
        for lane in &lanes {
            if let Some(usage) = lane.counted {
                judge.see_final(lane.spec.id, usage.share());
            }
        }
        let (first, other) = (&specs[0], specs.last().unwrap_or(&specs[0]));
        Ok(Self {
            archive,
            story: Story::new(archive, u64::MAX),
            lanes,
            verdicts: judge.verdicts(),
            departure,
            settings: settings(&first.into(), &other.into()),
            differences: differences(&first.into(), &other.into()),
        })
    }

    /// Steps trained.
    pub fn steps(&self) -> u64 {
        self.archive.rows.last().map_or(0, |row| row.step)
    }

    /// Both lanes, where there are two.
    fn pair(&self) -> Option<[&LaneEnd; 2]> {
        match self.lanes.as_slice() {
            [a, b] => Some([a, b]),
            _ => None,
        }
    }

    /// Lanes in the order of a figure, the better first, where they differ in it.
    fn ranked(
        &self,
        figure: fn(&LaneEnd) -> Option<f64>,
        is_less_better: bool,
    ) -> Option<[&LaneEnd; 2]> {
        let [a, b] = self.pair()?;
        let (x, y) = (figure(a)?, figure(b)?);
        if x == y {
            return None;
        }
        Some(if (x < y) == is_less_better { [a, b] } else { [b, a] })
    }

    fn by_use(&self) -> Option<[&LaneEnd; 2]> {
        self.ranked(|lane| lane.judged().map(|u| u.share()), false)
    }

    fn by_error(&self) -> Option<[&LaneEnd; 2]> {
        self.ranked(LaneEnd::mse, true)
    }

    /// The lane with the larger share of codes in use.
    pub fn best_by_use(&self) -> Option<LaneId> {
        self.by_use().map(|[best, _]| best.spec.id)
    }

    /// The lane with the lower error.
    pub fn best_by_error(&self) -> Option<LaneId> {
        self.by_error().map(|[best, _]| best.spec.id)
    }

    /// The answer in one sentence.
    pub fn answer(&self) -> String {
        if let Some(lane) = self.lanes.iter().find(|lane| lane.view.diverged_at.is_some()) {
            let step = lane.view.diverged_at.unwrap_or_default();
            return words!(
                "report-diverged-at-step-its-loss",
                lane = lane.name(),
                step = count(step)
            );
        }
        let Some([a, b]) = self.pair() else {
            let name = self.lanes.first().map(LaneEnd::name).unwrap_or_default();
            return words!("report-one-lane-there-is-nothing", name = name);
        };
        match (self.by_use(), self.by_error()) {
            (Some([used, _]), Some([better, worse])) if used.spec.id == better.spec.id => words!(
                "report-used-more-of-its-codebook",
                better = better.name(),
                worse = worse.name()
            ),
            (Some([used, _]), Some([better, _])) => words!(
                "report-used-more-of-its-codebook-2",
                used = used.name(),
                better = better.name()
            ),
            (None, Some([better, worse])) => words!(
                "report-reconstructed-better-than-both-used",
                better = better.name(),
                worse = worse.name()
            ),
            (Some([used, other]), None) => {
                words!(
                    "report-used-more-of-its-codebook-3",
                    used = used.name(),
                    other = other.name()
                )
            }
            (None, None) => words!("report-and-came-out-equal", a = a.name(), b = b.name()),
        }
    }

    /// What was compared.
    pub fn compared(&self) -> String {
        let spec = &self.lanes[0].spec;
        let data = spec.set.words();
        let book =
            words!("report-codes-of-numbers", size = count(spec.size as u64), dim = spec.dim);
        let steps = count(self.steps());
        let is_bare = spec.kind == ModelKind::None;
        let Some([a, b]) = self.pair() else {
            if is_bare {
                return words!(
                    "report-one-codebook-trained-on",
                    book = book,
                    data = data,
                    steps = steps
                );
            }
            return words!(
                "report-one-autoencoder-with-trained-on",
                book = book,
                data = data,
                steps = steps
            );
        };
        let differ: Vec<&str> = self.differences.iter().map(|d| d.setting).collect();
        let is_equal = |key: &str| self.differences.iter().all(|d| d.key != key);
        let alike = if ["seed", "data.set", "train.batch_tokens"].into_iter().all(is_equal) {
            words!("report-from-the-same-seed-and")
        } else {
            words!("report-side-by-side")
        };
        let books = if ["codebook.size", "codebook.dim"].into_iter().all(is_equal) {
            words!("report-each-has", book = book)
        } else {
            let (k, d) = (count(b.spec.size as u64), b.spec.dim);
            words!("report-a-has-b-has-of", book = book, k = k, d = d)
        };
        let what = match differ.as_slice() {
            [] => words!("report-they-began-alike").into(),
            [one] => words!("report-they-differ-in-one-setting", one = one),
            all => {
                let (number, names) = (all.len(), all.join(words!("list-semicolon")));
                words!("report-they-differ-in-settings-all", number = number, names = names)
            }
        };
        let later =
            if self.story.is_changed() { words!("report-but-for-what-was-changed") } else { "" };
        words!(
            "report-two-autoencoders-trained-of-for",
            models = if is_bare {
                words!("report-codebooks-without-networks")
            } else {
                words!("report-autoencoders")
            },
            alike = alike,
            data = data,
            steps = steps,
            a = a.name(),
            b = b.name(),
            books = books,
            what = what,
            later = later
        )
    }

    /// What the use of each lane says.
    pub fn judgements(&self) -> String {
        let of = |lane: &LaneEnd| Some(judged::sentence(&lane.letter(), &lane.judged()?));
        let all: Vec<String> = self.lanes.iter().filter_map(of).collect();
        match all.is_empty() {
            true => words!("report-codes-in-use-were-not").into(),
            false => all.join(words!("reading-space")),
        }
    }

    /// Who used how many codes.
    pub fn use_of_codes(&self) -> String {
        let of = |lane: &LaneEnd, usage: Usage| {
            words!(
                "report-used-of-codes",
                lane = lane.letter(),
                used = count(usage.used as u64),
                size = count(usage.size as u64),
                share = percent(usage.share())
            )
        };
        let counted: Vec<(&LaneEnd, Usage)> =
            self.lanes.iter().filter_map(|lane| Some((lane, lane.judged()?))).collect();
        let Some(&(_, usage)) = counted.first() else {
            return words!("report-codes-in-use-were-not").into();
        };
        let all: Vec<String> = counted.iter().map(|(lane, usage)| of(lane, *usage)).collect();
        let of = self
            .evaluated_early()
            .map_or(String::new(), |step| words!("report-after", step = step));
        words!(
            "report-counted-on-held-out-tokens",
            all = all.join(words!("list-separator")),
            of = of,
            tokens = count(usage.tokens as u64),
            size = per_code(usage.tokens, usage.size),
            ceiling = percent(usage.ceiling())
        )
    }

    /// The step after which the full set was counted, where that is not the last one: a run that was
    /// stopped between two evaluations.
    pub fn evaluated_early(&self) -> Option<String> {
        let is_at_end = |lane: &LaneEnd| {
            let last = lane.spec.steps.map_or(self.steps(), |last| self.steps().min(last));
            let is_last = lane.view.eval.is_none_or(|e| e.step == last);
            is_last || lane.view.diverged_at.is_some()
        };
        if self.lanes.iter().all(is_at_end) {
            return None;
        }
        let views: Vec<LaneView> = self.lanes.iter().map(|lane| lane.view.clone()).collect();
        full_set_step(&views)
    }

    /// Who reconstructed better.
    pub fn reconstruction(&self) -> String {
        let psnr = |lane: &LaneEnd| lane.view.eval.map_or(f64::NAN, |e| e.psnr);
        if let Some([best, other]) = self.by_error() {
            let (x, y) = (best.mse().unwrap_or(f64::NAN), other.mse().unwrap_or(f64::NAN));
            return words!(
                "report-has-less-error-than-a",
                best = best.letter(),
                share = percent(1.0 - x / y),
                other = other.letter(),
                less = significant(x),
                more = significant(y),
                best_psnr = format_args!("{:.1}", psnr(best)),
                other_psnr = format_args!("{:.1}", psnr(other))
            );
        }
        match self.lanes[0].mse() {
            Some(mse) if self.lanes.len() == 2 => {
                words!("report-both-have-the-same-mean", mse = significant(mse))
            }
            Some(mse) => words!(
                "report-the-mean-squared-error-is",
                mse = significant(mse),
                lanes = format_args!("{:.1}", psnr(&self.lanes[0]))
            ),
            None => words!("report-the-error-was-not-measured").into(),
        }
    }

    /// Whether the expectations of the scenario hold.
    pub fn holds(&self) -> String {
        let number = |outcome| self.verdicts.iter().filter(|v| v.outcome() == outcome).count();
        let (held, failed) = (number(Outcome::Held), number(Outcome::Failed));
        let open = number(Outcome::NotReached);
        let all = self.verdicts.len();
        if all > 0 && self.departure.is_some() {
            return self.departure.holds(&self.verdicts);
        }
        let rest =
            if open > 0 { words!("report-were-not-reached", open = open) } else { String::new() };
        match (all, failed, open) {
            (0, ..) => words!("report-the-scenario-states-no-expectations").into(),
            (1, 0, 0) => words!("report-the-one-expectation-that-was").into(),
            (_, 0, 0) => words!("report-all-expectations-that-were-stated", all = all),
            (_, 0, _) => {
                words!("report-of-expectations-held-the-run", held = held, all = all, open = open)
            }
            _ => words!(
                "report-of-expectations-failed-held",
                failed = failed,
                all = all,
                held = held,
                rest = rest
            ),
        }
    }

    /// How far one run carries.
    pub fn reach(&self) -> String {
        words!("report-this-is-one-run-with", seed = self.archive.scenario.seed)
    }

    /// The command that trains the run again, and whether the page must bring the scenario along.
    pub fn command(&self) -> (String, bool) {
        let archive = self.archive;
        let manifest = &archive.manifest;
        let is_built_in = demos::text(&manifest.story)
            .and_then(|text| parse(text, &manifest.story, &[]).ok())
            .is_some_and(|scenario: Scenario| scenario_hash(&scenario) == manifest.scenario_sha256);
        let name = if is_built_in { manifest.story.as_str() } else { "scenario.toml" };
        let device = match manifest.device.as_str() {
            cpu if cpu.starts_with("CPU") => "cpu".into(),
            other => format!("\"{}\"", other.replace('"', "")),
        };
        let steps = match self.steps() {
            steps if steps == archive.scenario.steps => String::new(),
            steps => format!(" --steps {steps}"),
        };
        (format!("vqscope run {name} --out DIR --device {device}{steps}"), !is_built_in)
    }
}

/// Bytes of `summary.json` that are read at most.
const MOST_SUMMARY: u64 = 1 << 24;

/// `summary.json`, where the run has ended and did not go on from there.
fn finals(archive: &Archive) -> Result<Value, ExportError> {
    let place = archive.path.join(names::SUMMARY);
    let Some(bytes) = archive.file(names::SUMMARY, MOST_SUMMARY)? else { return Ok(Value::Null) };
    let finals: Value = serde_json::from_slice(&bytes).map_err(|e| {
        let name = place.display();
        ExportError::BadInput(format!(
            "{name} is damaged ({e}); remove it, and the report goes without the final count"
        ))
    })?;
    let saved = &archive.manifest;
    let is_of_this = finals["steps"] == saved.step;
    let is_of_this = is_of_this && finals["scenario_hash"] == saved.scenario_sha256;
    Ok(if is_of_this { finals } else { Value::Null })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_another_step_or_run_are_none_of_this_one() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run");
        let archive = crate::archive::tests::saved_in(&path);
        let last = archive.keyframe(100).unwrap();
        let hash = archive.manifest.scenario_sha256.as_str();
        let counted = |steps: u64, hash: &str| {
            let own = serde_json::json!({
                "final_utilization": 0.5, "final_tokens": 6400, "final_perplexity": 20.0,
            });
            let finals = serde_json::json!({
                "steps": steps, "scenario_hash": hash, "lanes": {"a": own},
            });
            std::fs::write(path.join(names::SUMMARY), finals.to_string()).unwrap();
            Facts::new(&archive, &last).unwrap().lanes[0].counted
        };
        assert_eq!(counted(100, hash).map(|u| (u.used, u.tokens)), Some((32, 6400)));
        assert_eq!(counted(60, hash), None);
        assert_eq!(counted(100, "other"), None);
    }
}
