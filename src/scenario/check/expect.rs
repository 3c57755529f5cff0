//! Expectations that cannot be meant, or that nothing can meet.

use crate::scenario::{Expect, ExpectStep, Metric, Scenario};

/// What is wrong with an expectation, for a sentence that begins with its number.
pub fn check(scenario: &Scenario, expect: &Expect) -> Result<(), String> {
    if scenario.lane_table(expect.lane).is_none() {
        return Err("asks for lane b, but there is no [lanes.b]; add it or ask for lane a".into());
    }
    let is_there = |place: &ExpectStep| scenario.said_at().any(|(at, _)| at == *place);
    if let Some(place) = expect.caption.filter(|place| !is_there(place)) {
        let step = match place {
            ExpectStep::At(step) => format!("step {step}"),
            ExpectStep::End(_) => "the end".into(),
        };
        return Err(format!(
            "carries the caption of {step}, but nothing is said there; name the step of a caption or of a beat that says something, or leave it out"
        ));
    }
    match (expect.metric, expect.event) {
        (Some(_), Some(_)) => {
            Err("has a metric and an event; make two expectations of them".into())
        }
        (None, None) => Err("has neither a metric nor an event; give it one of them".into()),
        (Some(metric), None) => of_metric(scenario, expect, metric),
        (None, Some(_)) => of_event(scenario, expect),
    }
}

fn of_metric(scenario: &Scenario, expect: &Expect, metric: Metric) -> Result<(), String> {
    if expect.before.is_some() || expect.after.is_some() || expect.never {
        return Err(
            "has before, after or never, which go with an event; a metric has a step".into()
        );
    }
    let Some(step) = expect.step else {
        return Err("has no step; give it one, or \"end\" for the last".into());
    };
    if metric == Metric::FinalUtilization {
        let is_at_end = matches!(step, ExpectStep::End(_));
        if !is_at_end || scenario.data.final_tokens == 0 {
            return Err("asks for final_utilization, which is counted once; set its step to \"end\" and data.final_tokens to the number of tokens".into());
        }
    }
    let is_compared = of_other_lane(scenario, expect)?;
    match (expect.min, expect.max) {
        (None, None) if !is_compared => {
            return Err(
                "has neither min nor max; give it a bound, or less_than or more_than".into()
            );
        }
        (Some(min), Some(max)) if min > max => {
            return Err(format!("has min {min} above max {max}, which nothing can meet"));
        }
        _ => {}
    }
    match step {
        ExpectStep::At(step) if step > scenario.steps => {
            Err(late(&format!("is at step {step}, after the last step"), scenario))
        }
        _ => Ok(()),
    }
}

/// Whether the metric is compared with that of the other lane.
fn of_other_lane(scenario: &Scenario, expect: &Expect) -> Result<bool, String> {
    if expect.less_than.is_some() && expect.more_than.is_some() {
        return Err("has less_than and more_than; make two expectations of them".into());
    }
    let Some(other) = expect.compared_with() else {
        return match expect.times {
            Some(_) => Err("has times, which goes with less_than or more_than".into()),
            None => Ok(false),
        };
    };
    if other == expect.lane {
        return Err(format!("compares lane {0} with lane {0}; name the other one", other.name()));
    }
    if scenario.lane_table(other).is_none() {
        return Err("compares with lane b, but there is no [lanes.b]; add it".into());
    }
    Ok(true)
}

fn of_event(scenario: &Scenario, expect: &Expect) -> Result<(), String> {
    let is_bounded = expect.min.is_some() || expect.max.is_some() || expect.times.is_some();
    if expect.step.is_some() || is_bounded || expect.compared_with().is_some() {
        return Err(
            "has step or a bound, which go with a metric; an event has before and after".into()
        );
    }
    let last = scenario.lane(expect.lane).and_then(|l| l.steps).unwrap_or(scenario.steps);
    if let Some(after) = expect.after.filter(|&after| after >= last.min(scenario.steps)) {
        return Err(late(&format!("is after step {after}, but the last step is"), scenario));
    }
    if let Some(before) = expect.before.filter(|&before| before > scenario.steps) {
        return Err(late(&format!("is before step {before}, but the last step is"), scenario));
    }
    match (expect.after, expect.before) {
        (Some(after), Some(before)) if before <= after + 1 => Err(format!(
            "is after step {after} and before step {before}, and no step is between; move them apart"
        )),
        _ => Ok(()),
    }
}

fn late(what: &str, scenario: &Scenario) -> String {
    format!(
        "{what} {}; take it out or make steps larger (--steps trains fewer steps and leaves the scenario as it is)",
        scenario.steps
    )
}

#[cfg(test)]
mod tests {
    use crate::scenario::{Flag, LaneId, parse};

    fn read(lines: &str) -> Result<crate::scenario::Scenario, String> {
        let text = format!("title='x'\nsteps=50\n[lanes.a]\n[[expect]]\nlane='a'\n{lines}\n");
        parse(&text, "x.toml", &[]).map_err(|e| e.to_string())
    }

    #[test]
    fn an_event_has_its_own_keys() {
        let scenario = read("event='collapse'\nbefore=30\nafter=0\nnever=true").unwrap();
        let expect = &scenario.expect[0];
        assert_eq!(expect.event, Some(Flag::Collapse));
        assert_eq!((expect.before, expect.after, expect.never), (Some(30), Some(0), true));
        // What is written reads back as the same.
        let again = parse(&crate::scenario::to_toml(&scenario), "x", &[]).unwrap();
        assert_eq!(again, scenario);
        assert!(!read("event='recovery'").unwrap().expect[0].never);
    }

    #[test]
    fn a_metric_may_be_compared_with_the_other_lane() {
        let text = "title='x'\nsteps=50\n[lanes.a]\n[lanes.b]\n[[change]]\nstep=7\ncaption='look'\n[[expect]]\nlane='b'\nmetric='psnr'\nstep='end'\nmore_than='a'\ntimes=1.5\ncaption=7\n";
        let scenario = parse(text, "x.toml", &[]).unwrap();
        let expect = &scenario.expect[0];
        assert_eq!((expect.compared_with(), expect.times), (Some(LaneId::A), Some(1.5)));
        assert_eq!(parse(&crate::scenario::to_toml(&scenario), "x", &[]).unwrap(), scenario);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_line() {
        for (lines, words) in [
            ("", "neither a metric nor an event"),
            ("event='collapse'\nmetric='psnr'\nstep=3\nmin=1", "a metric and an event"),
            ("event='collapse'\nstep=3", "go with a metric"),
            ("event='collapse'\nmin=3", "go with a metric"),
            ("metric='psnr'\nmin=3", "has no step"),
            ("metric='psnr'\nstep=3\nmin=3\nbefore=4", "go with an event"),
            ("metric='psnr'\nstep=3\nmin=3\nnever=true", "go with an event"),
            ("event='collapse'\nbefore=51", "last step is 50"),
            ("event='collapse'\nafter=50", "last step is 50"),
            ("event='collapse'\nafter=20\nbefore=21", "no step is between"),
            ("metric='psnr'\nstep=51\nmin=1", "after the last step 50"),
            ("metric='psnr'\nstep=3\nmin=1\ncaption=7", "carries the caption of step 7"),
            ("metric='psnr'\nstep=3", "neither min nor max"),
            ("metric='psnr'\nstep=3\nless_than='b'", "no [lanes.b]"),
            ("metric='psnr'\nstep=3\nmore_than='a'", "lane a with lane a"),
            ("metric='psnr'\nstep=3\nless_than='b'\nmore_than='b'", "two expectations"),
            ("metric='psnr'\nstep=3\nmin=1\ntimes=2", "goes with less_than"),
            ("event='collapse'\nless_than='b'", "go with a metric"),
        ] {
            let error = read(lines).unwrap_err();
            assert!(error.contains(words), "{lines}: {error}");
            assert!(error.starts_with("x.toml line 4: expect 1 "), "{error}");
        }
        // Of several the one that is meant.
        let error = read("event='collapse'\n[[expect]] # second\nlane='a'").unwrap_err();
        assert!(error.starts_with("x.toml line 7: expect 2 "), "{error}");
        for (lines, words) in [
            ("event='boom'", "expect.event must be one of \"collapse\""),
            ("event='collapse'\nnever='yes'", "expect.never must be true or false"),
            ("event='collapse'\nbefore=0", "expect.before must be a whole number from 1"),
            ("event='collapse'\nbefor=3", "did you mean expect.before"),
            ("metric='psnr'\nstep=3\nless_than='c'", "expect.less_than must be one of \"a\""),
            ("metric='psnr'\nstep=3\ntimes=0", "expect.times must be a number greater than 0"),
        ] {
            let error = read(lines).unwrap_err();
            assert!(error.contains(words) && error.contains("x.toml line "), "{lines}: {error}");
        }
    }
}
