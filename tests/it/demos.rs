//! Every demo headless: its expectations hold, and would not without what it shows.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use vqscope::engine::device;
use vqscope::headless;
use vqscope::headless::{Ending, Order};
use vqscope::lesson::figures::said;
use vqscope::lesson::tour::tour;
use vqscope::scenario::{
    DataSet, Estimator, Expect, ExpectStep, Init, LaneId, Lookup, Metric, OnSwitch, Preset,
    Scenario, TransformForm, Upkeep, demos, parse,
};

use crate::Folder;

fn train(name: &str, scenario: Scenario) -> Ending {
    trained(name, scenario).0
}

/// How a run ends, and what it answers to the questions of its story, a sentence each.
fn trained(name: &str, scenario: Scenario) -> (Ending, Vec<String>) {
    let folder = Folder::new(name);
    let asked = scenario.clone();
    let choice = device::choose("cpu", &device::cpu_only()).unwrap();
    let order = Order {
        keeps: false,
        no_final_count: true,
        ..Order::new(name, scenario, &folder.0, choice)
    };
    let ending = headless::run(order, &Arc::new(AtomicBool::new(false))).unwrap();
    (ending, answers(&asked, &folder.read("metrics.csv")))
}

/// What a table of metrics answers to the questions of a story.
fn answers(scenario: &Scenario, table: &str) -> Vec<String> {
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let at = |name: &str| names.iter().position(|own| *own == name);
    let mut all = Vec::new();
    for beat in &scenario.beat {
        let Some(of) = beat.of else { continue };
        let until = match beat.until {
            Some(ExpectStep::At(step)) => step,
            _ => scenario.steps,
        };
        for lane in of.lanes(scenario) {
            let is_it = |row: &&Vec<&str>| {
                row[at("step").unwrap()] == until.to_string()
                    && row[at("lane").unwrap()] == lane.name()
            };
            let row = rows.iter().find(is_it);
            let value = row.and_then(|row| row[at(of.metric.name())?].parse::<f64>().ok());
            let Some(value) = value else { continue };
            // As the sentence has it that compares a guess.
            let right = beat.choices.iter().find(|choice| choice.holds(value));
            let right = right.map_or(String::new(), |choice| choice.text.to_string());
            all.push(format!("{right} {}", said(of.metric, value)));
        }
    }
    all
}

/// The demo holds as it is, and fails with its one change undone.
fn check(name: &str, undo: impl FnOnce(&mut Scenario)) {
    let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
    let mut undone = scenario.clone();
    let (ending, answers) = trained(name, scenario.clone());
    assert_eq!(ending, Ending::Held, "{name}");
    assert!(!answers.is_empty(), "{name} asks nothing");
    undo(&mut undone);
    assert_ne!(scenario, undone, "{name}: nothing was undone");
    let (ending, others) = trained(&format!("{name}-undone"), undone);
    assert_eq!(ending, Ending::Failed, "{name} without its change");
    assert_ne!(answers, others, "{name}: its questions are not about its change");
}

/// Lane a learns W over frozen codes, like lane b.
fn simvq_in_a(s: &mut Scenario) {
    (s.lanes.a.learn_c, s.lanes.a.learn_w) = (Some(false), Some(true));
}

#[test]
fn collapse() {
    check("collapse", simvq_in_a);
}

#[test]
fn collapse_needs_w_in_b() {
    let mut scenario = parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap();
    let b = scenario.lanes.b.as_mut().unwrap();
    (b.learn_c, b.learn_w) = (Some(true), Some(false));
    assert_eq!(train("collapse-b", scenario), Ending::Failed);
}

#[test]
fn falls() {
    check("falls", |s| s.lanes.a.codebook.as_mut().unwrap().init = Some(Init::Uniform));
}

/// Whoever opens the program with another seed sees the codes fall out of use as well.
#[test]
fn the_first_story_falls_on_seeds_0_to_4() {
    let name = demos::FIRST;
    let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
    let is_of_a = |e: &&Expect| (e.lane, e.metric) == (LaneId::A, Some(Metric::Utilization));
    for step in [1, 60, 120] {
        let is_then = |e: &Expect| e.step == Some(ExpectStep::At(step));
        assert!(scenario.expect.iter().filter(is_of_a).any(is_then), "step {step}");
    }
    for seed in 0..5 {
        let folder = Folder::new(&format!("{name}-{seed}"));
        let scenario = Scenario { seed, ..scenario.clone() };
        let choice = device::choose("cpu", &device::cpu_only()).unwrap();
        let order = Order {
            keeps: false,
            steps: Some(120),
            ..Order::new(name, scenario, &folder.0, choice)
        };
        let ending = headless::run(order, &Arc::new(AtomicBool::new(false))).unwrap();
        assert_eq!(ending, Ending::Held, "seed {seed}");
        let summary = folder.read("summary.json");
        assert!(summary.contains("\"held\"") && summary.contains("not_reached"), "{summary}");
    }
}

#[test]
fn rescue() {
    check("rescue", |s| s.change.retain(|c| c.learn_w.is_none()));
}

#[test]
fn no_rescue() {
    check("no_rescue", |s| {
        s.change
            .iter_mut()
            .filter(|c| c.codebook == Some(OnSwitch::Keep))
            .for_each(|c| c.codebook = None);
    });
}

#[test]
fn cloud() {
    check("cloud", |s| s.lanes.b.as_mut().unwrap().bias = Some(false));
}

#[test]
fn both_learn() {
    check("both_learn", simvq_in_a);
}

#[test]
fn digits() {
    check("digits", simvq_in_a);
}

#[test]
fn fashion() {
    assert_eq!(
        parse(demos::text("fashion").unwrap(), "fashion", &[]).unwrap().data.set,
        DataSet::Fashion
    );
    check("fashion", simvq_in_a);
}

#[test]
fn calm() {
    check("calm", |s| s.codebook.dim = 16);
}

#[test]
fn simvq_fails() {
    check("simvq_fails", |s| s.lanes.a.codebook = None);
}

#[test]
fn revival() {
    check("revival", |s| s.lanes.a.upkeep = Some(Upkeep::None));
}

#[test]
fn ema() {
    check("ema", |s| s.lanes.a.preset = Some(Preset::Simvq));
}

#[test]
fn rotation() {
    check("rotation", |s| s.lanes.a.estimator = Some(Estimator::StraightThrough));
}

#[test]
fn diagonal() {
    check("diagonal", |s| s.lanes.a.transform = None);
}

#[test]
fn fsq() {
    check("fsq", |s| s.lanes.a.preset = Some(Preset::Vq));
}

#[test]
fn warmup() {
    check("warmup", |s| s.lanes.b.as_mut().unwrap().warmup = Some(0));
}

#[test]
fn cvq() {
    check("cvq", |s| s.lanes.a.upkeep = Some(Upkeep::None));
}

#[test]
fn entropy() {
    check("entropy", |s| s.lanes.a.entropy = Some(0.0));
}

#[test]
fn lfq() {
    check("lfq", |s| s.lanes.a.preset = Some(Preset::Fsq));
}

#[test]
fn angle() {
    check("angle", |s| s.lanes.b.as_mut().unwrap().lookup = Some(Lookup::L2));
}

#[test]
fn features() {
    check("features", |s| s.lanes.a.preset = Some(Preset::Simvq));
}

#[test]
fn mlp() {
    check("mlp", |s| s.lanes.a.transform = Some(TransformForm::Full));
}

#[test]
fn low_rank() {
    check("low_rank", |s| s.lanes.a.rank = Some(5));
}

#[test]
fn bigger() {
    check("bigger", |s| s.lanes.b.as_mut().unwrap().codebook.as_mut().unwrap().size = Some(64));
}

#[test]
fn bigger_vq() {
    check("bigger_vq", |s| s.lanes.b.as_mut().unwrap().preset = Some(Preset::Simvq));
}

/// A few steps of the demos that take minutes: they train, and nothing is claimed of their end.
#[test]
fn large_demos_train_and_claim_nothing_before_their_end() {
    for name in ["scale", "scale_max"] {
        let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
        assert!(scenario.data.final_tokens > 1_000_000);
        let folder = Folder::new(name);
        let choice = device::choose("cpu", &device::cpu_only()).unwrap();
        let order = Order { steps: Some(2), ..Order::new(name, scenario, &folder.0, choice) };
        assert_eq!(headless::run(order, &Arc::new(AtomicBool::new(false))).unwrap(), Ending::Held);
        let summary = folder.read("summary.json");
        assert!(summary.contains("\"final_utilization\": null"), "{summary}");
        assert!(summary.contains("not_reached"), "{summary}");
    }
}

/// Records the small pictures of the gallery anew: minutes, and only after a demo has changed.
#[test]
#[ignore = "writes assets/gallery.json"]
fn thumbnails() {
    let choice = device::choose("cpu", &device::cpu_only()).unwrap();
    let compute = choice.open().unwrap();
    let all: std::collections::BTreeMap<_, _> = demos::names()
        .map(|name| {
            let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
            // What is there and still true is kept.
            let known = vqscope::gallery::thumbnail(name).cloned();
            let hash = vqscope::scenario::hash::training_hash(&scenario);
            let picture = known.filter(|p| p.scenario == hash);
            (
                name,
                picture.unwrap_or_else(|| vqscope::gallery::record(&scenario, &compute).unwrap()),
            )
        })
        .collect();
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/gallery.json");
    // A line a story.
    let lines: Vec<String> = all
        .iter()
        .map(|(name, picture)| format!("\"{name}\":{}", serde_json::to_string(picture).unwrap()))
        .collect();
    std::fs::write(place, format!("{{\n{}\n}}\n", lines.join(",\n"))).unwrap();
}

#[test]
fn beta() {
    check("beta", |s| s.train.beta = 0.25);
}

#[test]
fn what_the_tour_states_holds() {
    assert!(!tour().chapters.is_empty());
    for (number, chapter) in tour().chapters.iter().enumerate() {
        // Whoever restarts a chapter with another seed reads the same texts.
        for seed in 0..3 {
            let scenario = Scenario { seed, ..chapter.scenario.clone() };
            let ending = train(&format!("tour-{number}-{seed}"), scenario);
            let place = format!("chapter {}, {}, seed {seed}", number + 1, chapter.story);
            assert_eq!(ending, Ending::Held, "{place}");
        }
    }
}
