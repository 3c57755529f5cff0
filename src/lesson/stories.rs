//! What the built-in stories tell: figures are inserted and not typed, and each figure that a story
//! states of its run is held by an expectation.

use toml::Value;

use crate::lesson::{Now, condition};
use crate::scenario::figures::{Figure, Piece, pieces};
use crate::scenario::{
    At, Beat, BeatKind, Change, Condition, Edge, Expect, ExpectStep, Fixed, LaneSpec, Present,
    Scenario, Told, demos, parse,
};

fn all() -> impl Iterator<Item = (&'static str, Scenario)> {
    demos::names().map(|name| (name, parse(demos::text(name).unwrap(), name, &[]).unwrap()))
}

/// Values of settings that a text proposes and no lane of the story has.
const PROPOSED: [(&str, f64); 1] = [("calm", 8.0)];

/// All numbers of a table.
fn flatten(value: &Value, all: &mut Vec<f64>) {
    match value {
        Value::Integer(i) => all.push(*i as f64),
        Value::Float(x) => all.push(*x),
        Value::Array(list) => list.iter().for_each(|value| flatten(value, all)),
        Value::Table(table) => table.iter().for_each(|(_, value)| flatten(value, all)),
        _ => {}
    }
}

fn numbers_of(scenario: &Scenario) -> Vec<f64> {
    let bare = Scenario { beat: Vec::new(), expect: Vec::new(), ..scenario.clone() };
    let mut all = Vec::new();
    flatten(&Value::try_from(bare).unwrap(), &mut all);
    all
}

/// Steps that something of a story is about.
fn steps(scenario: &Scenario) -> Vec<f64> {
    let mut all = Vec::new();
    let mut add = |step: Option<ExpectStep>| {
        if let Some(ExpectStep::At(step)) = step {
            all.push(step as f64);
        }
    };
    for beat in &scenario.beat {
        add(beat.until);
        if let At::Step(step) = beat.at {
            add(Some(ExpectStep::At(step)));
        }
        let told = [Some(&beat.text), beat.note.as_ref()].into_iter().flatten();
        for text in told.flat_map(both) {
            for piece in pieces(text).unwrap() {
                if let Piece::Figure(figure) = piece {
                    add(figure.step.map(ExpectStep::At));
                }
            }
        }
    }
    scenario.expect.iter().for_each(|expect| add(expect.step));
    all
}

/// Numbers that a text may name: steps of the story, values of its settings, as they are, as they are
/// left out or as they are asked for, and how these compare.
fn known(name: &str, scenario: &Scenario) -> Vec<f64> {
    let mut all = numbers_of(scenario);
    all.extend(numbers_of(&parse("title='x'\n[lanes.a]\n", "x", &[]).unwrap()));
    all.extend(steps(scenario));
    let asked = scenario.beat.iter().flat_map(|beat| beat.done.iter().chain(&beat.when));
    let asked: Vec<&Condition> = asked.collect();
    asked.iter().for_each(|asked| flatten(&Value::try_from(asked).unwrap(), &mut all));
    let specs = scenario.lane_specs();
    for spec in &specs {
        all.extend([spec.size, spec.dim, spec.dim * spec.dim].map(|n| n as f64));
        all.extend(spec.set.sample_size().map(|side| side as f64));
        all.extend([spec.warmup as f64, spec.window_tokens as f64 / spec.size as f64]);
        match &spec.fixed {
            Some(Fixed::Levels(levels)) => all.extend(levels.iter().map(|&level| level as f64)),
            Some(Fixed::Bits(bits)) => all.push(*bits as f64),
            None => {}
        }
    }
    if let [a, b] = &specs[..] {
        let ratios = |of: fn(&LaneSpec) -> f64| [of(a) / of(b), of(b) / of(a)];
        all.extend(ratios(|spec| spec.size as f64));
        all.extend(ratios(|spec| spec.std));
        // More codes are so many bits more.
        all.extend(ratios(|spec| spec.size as f64).map(f64::log2));
    }
    all.extend(PROPOSED.iter().filter(|(story, _)| *story == name).map(|(_, value)| value));
    all
}

/// Numbers that are typed into a text.
fn typed(text: &str) -> Vec<f64> {
    let pieces = pieces(text).unwrap();
    let texts = pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(*text),
        _ => None,
    });
    let mut all = Vec::new();
    for text in texts {
        let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let parts = text.split(|c: char| !is_of_number(c));
        let parts = parts.map(|part| part.trim_matches(['.', ',']).replace(',', ""));
        all.extend(parts.filter(|part| !part.is_empty()).map(|part| part.parse::<f64>().unwrap()));
    }
    all
}

/// A text in both of its languages.
fn both(text: &Told) -> impl Iterator<Item = &str> {
    [Some(&**text), text.ja()].into_iter().flatten()
}

#[test]
fn no_story_types_a_figure_of_its_run() {
    for (name, scenario) in all() {
        let known = known(name, &scenario);
        // One is a word: "one pixel", "length 1".
        let is_known = |number: f64| {
            number <= 1.0 && number.fract() == 0.0
                || known.iter().any(|known| (known - number).abs() <= 1e-9 * number)
        };
        let captions = scenario.change.iter().filter_map(|change| change.caption.as_ref());
        let beats = scenario.beat.iter();
        let told = beats.clone().flat_map(|beat| [Some(&beat.text), beat.note.as_ref()]);
        let told = told.flatten().chain(captions).chain([&scenario.title, &scenario.about]);
        for text in told.flat_map(both) {
            assert!(!text.contains(['%', '％']), "{name} types a share: {text}");
            for number in typed(text) {
                assert!(is_known(number), "{name} types {number}: {text}");
            }
        }
        for choice in beats.flat_map(|beat| &beat.choices) {
            for text in both(&choice.text) {
                // A share that is told is one for which the choice holds.
                let numbers = match text.split_once("分の") {
                    Some((below, above)) => {
                        let last = |text: &str| typed(text).pop();
                        let first = |text: &str| typed(text).first().copied();
                        let pair = last(below).zip(first(above));
                        assert!(pair.is_none_or(|(n, of)| choice.holds(of / n)), "{name}: {text}");
                        Vec::new()
                    }
                    None => typed(text),
                };
                assert!(numbers.into_iter().all(is_known), "{name} types a number: {text}");
            }
        }
    }
}

/// The step at which a beat stands.
fn step_of(beat: &Beat, scenario: &Scenario) -> u64 {
    match beat.at {
        At::Step(step) => step,
        At::Edge(Edge::Start) => 0,
        // A flag is up by the end.
        At::Edge(Edge::End) | At::On { .. } => scenario.steps,
    }
}

/// Whether a beat is told where nobody touches the story; one that waits for a flag may be.
fn is_told(beat: &Beat, scenario: &Scenario, specs: &[LaneSpec]) -> bool {
    let Some(when) = beat.when.as_ref().filter(|when| when.flag.is_none()) else { return true };
    let step = step_of(beat, scenario);
    let lane = |i: usize| {
        let spec = specs.get(i)?;
        let mut now = Present::from(spec);
        let is_now =
            |change: &&Change| change.step <= step && change.lane.is_none_or(|id| id == spec.id);
        for change in scenario.change.iter().filter(is_now) {
            for setting in change.settings(now.learn_c, now.learn_w) {
                now.apply(setting).ok();
            }
        }
        Some(now)
    };
    let now = Now { step, lanes: [lane(0), lane(1)], events: &[], has_input: false };
    condition::holds(when, &now)
}

#[test]
fn every_figure_that_a_story_states_of_its_run_is_expected() {
    let mut stated = 0;
    for (name, scenario) in all() {
        let specs = scenario.lane_specs();
        let says = scenario.beat.iter().filter(|beat| beat.kind == BeatKind::Say);
        for beat in says.filter(|beat| is_told(beat, &scenario, &specs)) {
            let step = step_of(beat, &scenario);
            for text in both(&beat.text) {
                for piece in pieces(text).unwrap() {
                    let Piece::Figure(Figure { of, lane, step: at }) = piece else { continue };
                    let at = at.unwrap_or(step);
                    let is_it = |expect: &&Expect| {
                        let expected = match expect.step {
                            Some(ExpectStep::At(step)) => Some(step),
                            Some(ExpectStep::End(_)) => Some(scenario.steps),
                            None => None,
                        };
                        let is_of = expect.lane == lane || expect.compared_with() == Some(lane);
                        is_of && expect.metric == Some(of.metric) && expected == Some(at)
                    };
                    let is_held = scenario.expect.iter().any(|expect| is_it(&expect));
                    assert!(is_held, "{name}: nothing is expected of {of} at step {at}: {text}");
                    stated += 1;
                }
            }
        }
    }
    assert!(stated > 300, "{stated} figures are stated");
}
