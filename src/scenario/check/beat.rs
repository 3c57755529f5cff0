//! Beats that cannot be meant, or that nobody could answer.

use crate::scenario::figures::{Piece, pieces};
use crate::scenario::nearest::nearest_word;
use crate::scenario::{
    At, Beat, BeatKind, Change, Choice, Condition, Edge, ExpectStep, Guess, LaneId, Metric,
    Scenario, Told,
};

/// Words of `show` beside `control:KEY` and `cause:NAME`.
pub const SHOWN: &[&str] = &[
    "maps",
    "map-a",
    "map-b",
    "usage-a",
    "usage-b",
    "recon",
    "curves",
    "numbers",
    "timeline",
    "codes:dead",
    "codes:chosen",
    "codes:moved",
];

/// What a `cause:` of `show` may name.
pub const CAUSES: &[&str] = &[
    "moved",
    "cells",
    "w",
    "slow",
    "pipeline",
    "place",
    "difference",
    "sentences",
    "inspector",
    "atlas",
];

/// What a `control:` of `show` may name.
pub const CONTROLS: &[&str] = &[
    "lr",
    "beta",
    "learn_c",
    "learn_w",
    "size",
    "dim",
    "update",
    "upkeep",
    "decay",
    "revive_below",
    "entropy",
    "estimator",
    "c_lr",
    "preset",
    "set",
];

/// Keys of a condition beside those of timed changes.
const COLD: [&str; 2] = ["size", "dim"];

/// What is wrong with a beat, for a sentence that begins with its number.
pub fn check(scenario: &Scenario, beat: &Beat) -> Result<(), String> {
    place(scenario, beat.at)?;
    for told in [Some(&beat.text), beat.note.as_ref()].into_iter().flatten() {
        figures(scenario, told)?;
    }
    beat.show.iter().try_for_each(|word| shown(word))?;
    for condition in [&beat.when, &beat.done].into_iter().flatten() {
        condition_holds_together(scenario, condition)?;
    }
    let is_question = matches!(beat.kind, BeatKind::Ask | BeatKind::Recall);
    if !is_question {
        let has_answer = beat.guess.is_some() || beat.of.is_some() || beat.until.is_some();
        if has_answer || !beat.choices.is_empty() || beat.low.is_some() || beat.high.is_some() {
            return Err("has keys of a question; give it kind = \"ask\" or take out guess, of, until, choices, low and high".into());
        }
    }
    match (beat.kind, &beat.done) {
        (BeatKind::Do, None) => {
            Err("waits for nothing; say with done = { lane = \"a\", learn_w = true } what for"
                .into())
        }
        (BeatKind::Say | BeatKind::Ask | BeatKind::Recall, Some(_)) => {
            Err("has done, which goes with kind = \"do\"".into())
        }
        _ if is_question => question(scenario, beat),
        _ => Ok(()),
    }
}

fn has_lane(scenario: &Scenario, lane: LaneId) -> Result<(), String> {
    match scenario.lane_table(lane) {
        Some(_) => Ok(()),
        None => Err("is about lane b, but there is no [lanes.b]; add it".into()),
    }
}

fn place(scenario: &Scenario, at: At) -> Result<(), String> {
    match at {
        At::Step(step) if step > scenario.steps => Err(format!(
            "is at step {step}, after the last step {}; move it or make steps larger",
            scenario.steps
        )),
        At::On { lane, .. } => has_lane(scenario, lane),
        At::Step(_) | At::Edge(_) => Ok(()),
    }
}

fn figures(scenario: &Scenario, told: &Told) -> Result<(), String> {
    let found = pieces(told).map_err(|why| format!("has a text that {why}"))?;
    if let Some(ja) = told.ja() {
        let is_figure = |piece: &&Piece<'_>| !matches!(piece, Piece::Text(_));
        let all = pieces(ja).map_err(|why| format!("has a Japanese text that {why}"))?;
        let number = |pieces: &[Piece<'_>]| pieces.iter().filter(is_figure).count();
        let are_same = found.iter().filter(is_figure).all(|figure| all.contains(figure));
        if !are_same || number(&found) != number(&all) {
            return Err(
                "has other figures in Japanese than in English; put the same into both".into()
            );
        }
    }
    for piece in found {
        match piece {
            Piece::Text(_) => {}
            Piece::Codes(lane) => has_lane(scenario, lane)?,
            Piece::Figure(figure) => {
                has_lane(scenario, figure.lane)?;
                let Some(step) = figure.step else { continue };
                if step > scenario.steps {
                    return Err(format!(
                        "has a figure of step {step}, after the last step {}",
                        scenario.steps
                    ));
                }
            }
        }
    }
    Ok(())
}

fn shown(word: &str) -> Result<(), String> {
    let prefixed = [("control:", CONTROLS), ("cause:", CAUSES)];
    let found = prefixed
        .into_iter()
        .find_map(|(prefix, known)| Some((known, word.strip_prefix(prefix)?, prefix)));
    let (known, word, before) = found.unwrap_or((SHOWN, word, ""));
    if known.contains(&word) {
        return Ok(());
    }
    let nearest = nearest_word(word, known.iter().copied());
    Err(format!(
        "shows {}, which is not there; did you mean {before}{nearest}?",
        crate::text::shown(word)
    ))
}

impl Condition {
    /// The settings that it names, as those of a timed change; none where a value cannot be.
    pub fn change(&self) -> Option<Change> {
        let hot = self.settings.iter().filter(|(key, _)| !COLD.contains(&key.as_str()));
        let mut table: toml::Table = hot.map(|(k, v)| (k.clone(), v.clone())).collect();
        table.insert("step".into(), toml::Value::Integer(0));
        table.try_into().ok()
    }

    /// The value of a setting that only a restart changes.
    pub fn cold(&self, key: &str) -> Option<usize> {
        self.settings.get(key).and_then(toml::Value::as_integer).and_then(|n| n.try_into().ok())
    }
}

fn condition_holds_together(scenario: &Scenario, condition: &Condition) -> Result<(), String> {
    has_lane(scenario, condition.lane)?;
    let is_empty = condition.flag.is_none() && condition.input.is_none();
    if is_empty && condition.settings.is_empty() {
        return Err(
            "has a condition about nothing; give it a flag or a setting, such as learn_w = true"
                .into(),
        );
    }
    match condition.change() {
        Some(_) => Ok(()),
        None => Err("has a condition with a value that the setting cannot have".into()),
    }
}

fn question(scenario: &Scenario, beat: &Beat) -> Result<(), String> {
    let (Some(guess), Some(of)) = (beat.guess, beat.of) else {
        return Err("is a question without guess and of; say how it is answered and about what, such as guess = \"number\" and of = \"a.utilization\"".into());
    };
    let until = match beat.until {
        None | Some(ExpectStep::End(_)) => scenario.steps,
        Some(ExpectStep::At(step)) => step,
    };
    if until > scenario.steps {
        return Err(format!(
            "asks about step {until}, after the last step {}; move it or make steps larger",
            scenario.steps
        ));
    }
    if let Some(lane) = of.lane {
        has_lane(scenario, lane)?;
    } else if guess != Guess::Curve {
        return Err(format!("asks for {of} of no lane; write a.{of} or b.{of}"));
    }
    if of.metric == Metric::FinalUtilization
        && (until != scenario.steps || scenario.data.final_tokens == 0)
    {
        return Err("asks for final_utilization, which is counted once; set until to \"end\" and data.final_tokens to the number of tokens".into());
    }
    // A curve is drawn where the timeline shows it.
    let is_drawn =
        of.metric.is_share() && !matches!(of.metric, Metric::FinalUtilization | Metric::Moved);
    if guess == Guess::Curve && !is_drawn {
        return Err(format!(
            "asks for a curve of {of}; use utilization, utilization_window or utilization_batch"
        ));
    }
    let trained = beat.at.trained(scenario.steps);
    let is_ahead = trained.is_none_or(|trained| trained < until);
    match beat.kind {
        BeatKind::Ask if !is_ahead => {
            return Err(format!(
                "asks about step {until}, which is over by then; move it before, or make it a recall"
            ));
        }
        BeatKind::Recall if guess == Guess::Curve => {
            return Err("recalls a curve; use guess = \"choice\" or \"number\"".into());
        }
        BeatKind::Recall if beat.at != At::Edge(Edge::End) && is_ahead => {
            return Err(format!(
                "recalls step {until}, which is not over by then; move it to \"end\", or make it an ask"
            ));
        }
        _ => {}
    }
    if guess != Guess::Choice && !beat.choices.is_empty() {
        return Err("has choices, which go with guess = \"choice\"".into());
    }
    if guess == Guess::Choice {
        if beat.low.is_some() || beat.high.is_some() {
            return Err("has low or high, which go with a number or a curve".into());
        }
        return choices(&beat.choices);
    }
    let (low, high) = (beat.low.unwrap_or(0.0), beat.high.unwrap_or(1.0));
    if low < high {
        Ok(())
    } else {
        Err(format!("has low {low} and high {high}; low must be less than high"))
    }
}

/// Choices are two to four, and of any value one alone can be right.
fn choices(all: &[Choice]) -> Result<(), String> {
    if !(2..=4).contains(&all.len()) {
        return Err(format!("has {} choices; give it two to four", all.len()));
    }
    for (i, one) in all.iter().enumerate() {
        let bounds = |c: &Choice| (c.min.unwrap_or(f64::MIN), c.max.unwrap_or(f64::MAX));
        let (low, high) = bounds(one);
        if low >= high {
            return Err(format!(
                "has a choice {} that no value meets; min is less than max",
                i + 1
            ));
        }
        let crosses = |other: &Choice| {
            let (from, to) = bounds(other);
            low < to && from < high
        };
        if let Some(j) = all[..i].iter().position(crosses) {
            return Err(format!(
                "has choices {} and {} that are right for the same value; move their min and max apart",
                j + 1,
                i + 1
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::scenario::{At, BeatKind, Edge, Flag, Guess, LaneId, parse, to_toml};

    fn read(lines: &str) -> Result<crate::scenario::Scenario, String> {
        let text = format!("title='x'\nsteps=50\n[lanes.a]\n[[beat]]\n{lines}\n");
        parse(&text, "x.toml", &[]).map_err(|e| e.to_string())
    }

    const ASK: &str =
        "at='start'\nkind='ask'\ntext='how much?'\nguess='number'\nof='a.utilization'\n";

    #[test]
    fn beats_read_back_as_they_were_written() {
        let scenario = read(
            "at='start'\nkind='ask'\ntext={en='how much is in use at {a.codes} codes?',ja='{a.codes}個では？'}\n\
             note='wait'\nshow=['map-a','codes:dead','control:learn_w']\nguess='choice'\n\
             of='a.utilization'\nuntil='end'\n\
             choices=[{text='little',max=0.5},{text={en='much',ja='多い'},min=0.5}]\n\
             [[beat]]\nat={event='collapse',lane='a'}\nkind='do'\ntext='give it a W'\n\
             done={lane='a',learn_w=true,size=512}\nwhen={lane='a',flag='collapse',not=true}\n\
             [[beat]]\nat=7\nkind='say'\ntext='{a.utilization_window@7}'\n",
        )
        .unwrap();
        assert_eq!(parse(&to_toml(&scenario), "x", &[]).unwrap(), scenario);
        let [ask, act, say] = &scenario.beat[..] else { panic!("three beats") };
        assert_eq!((ask.at, ask.guess), (At::Edge(Edge::Start), Some(Guess::Choice)));
        assert_eq!((&*ask.choices[1].text, ask.choices[1].text.ja()), ("much", Some("多い")));
        assert_eq!(act.at, At::On { event: Flag::Collapse, lane: LaneId::A });
        let done = act.done.as_ref().unwrap();
        assert_eq!((done.change().unwrap().learn_w, done.cold("size")), (Some(true), Some(512)));
        assert!(act.when.as_ref().unwrap().not);
        assert_eq!((say.at.trained(50), say.kind), (Some(6), BeatKind::Say));
    }

    #[test]
    fn beats_that_cannot_be_meant_are_refused_by_their_line() {
        read(ASK).unwrap();
        for (lines, words) in [
            (ASK.replace("'a.utilization'", "'utilization'"), "write a.utilization or b."),
            (ASK.replace("'a.utilization'", "'b.utilization'"), "no [lanes.b]"),
            (ASK.replace("guess='number'\n", ""), "without guess and of"),
            (format!("{ASK}until=60"), "after the last step 50"),
            (format!("{ASK}low=2"), "low must be less than high"),
            (format!("{ASK}choices=[{{text='x'}}]"), "go with guess"),
            (format!("{ASK}done={{lane='a',learn_w=true}}"), "goes with kind = \"do\""),
            (format!("{ASK}show=['map-c']"), "did you mean map-"),
            (format!("{ASK}show=['control:lern_w']"), "did you mean control:learn_w?"),
            (format!("{ASK}when={{lane='a'}}"), "condition about nothing"),
            (ASK.replace("'start'", "'end'"), "over by then"),
            (ASK.replace("'ask'", "'recall'"), "not over by then"),
            (ASK.replace("'number'", "'choice'"), "has 0 choices"),
            (
                ASK.replace("'number'", "'choice'")
                    + "choices=[{text='x',max=1},{text='y',min=0.5}]",
                "choices 1 and 2",
            ),
            (
                ASK.replace("'number'", "'choice'")
                    + "choices=[{text='x',min=1,max=1},{text='y',min=2}]",
                "no value meets",
            ),
            (ASK.replace("'how much?'", "'how {a.much}?'"), "names no metric"),
            (
                ASK.replace("'how much?'", "{en='{a.psnr}',ja='いくつ'}"),
                "other figures in Japanese",
            ),
            ("at=3\nkind='say'\ntext='x'\nguess='curve'".into(), "keys of a question"),
            ("at=3\nkind='do'\ntext='x'".into(), "waits for nothing"),
            ("at=51\nkind='say'\ntext='x'".into(), "after the last step 50"),
        ] {
            let error = read(&lines).unwrap_err();
            assert!(error.contains(words), "{lines}: {error}");
            assert!(error.starts_with("x.toml line 4: beat 1 "), "{error}");
        }
        for (lines, words) in [
            ("at='begin'\nkind='say'\ntext='x'", "beat.at must be a whole number from 0"),
            ("at=1\nkind='tell'\ntext='x'", "beat.kind must be one of \"say\""),
            (
                &ASK.replace("a.utilization", "a.utilisation"),
                "beat.of names no metric of [[expect]]; did you mean a.utilization?",
            ),
            ("at=1\nkind='say'\ntxt='x'", "did you mean beat.text?"),
            ("at=1\nkind='say'\ntext={en='x'}", "beat.text must be a text in quotes, or {"),
            ("at=1\nkind='say'\ntext={en='x',ja='y',de='z'}", "there is no key beat.text.de"),
            ("at=1\nkind='say'\ntext='x'\nwhen={lane='a',lern_w=true}", "did you mean beat.when."),
            ("at=1\nkind='do'\ntext='x'\ndone={lane='a',learn_w=1}", "must be true or false"),
            ("at={event='boom',lane='a'}\nkind='say'\ntext='x'", "beat.at.event must be one of"),
        ] {
            let error = read(lines).unwrap_err();
            assert!(error.contains(words) && error.contains("x.toml line "), "{lines}: {error}");
        }
    }
}
