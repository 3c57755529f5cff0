//! A run made of plain numbers, so that rendered panes do not depend on training.

use std::sync::Arc;

use crate::lesson::Mode;
use crate::record::counted::{ByRule, InUse, NEWEST};
use crate::record::event::{Event, EventKind};
use crate::record::judgement::Rule;
use crate::record::metric::Evaluation;
use crate::record::reason::Reason;
use crate::record::row::StepRow;
use crate::record::setting::BasisMode;
use crate::record::snapshot::{Axes, LaneFacts, LaneView, Pictures, Snapshot};
use crate::record::status::{Activity, DeviceLabel, RunInfo, TrainerState, Update};
use crate::record::usage::{CountedIn, Usage};
use crate::rng::{Purpose, Stream};
use crate::scenario::{At, Beat, LaneId, LaneSpec, Scenario, Switches, demos, parse};
use crate::session::train_to::Closely;
use crate::ui::AppState;
use crate::ui::state::host::{Renderer, Why};

/// Number of codes.
const K: usize = 512;

/// The collapse story at step 300, as numbers.
pub fn collapse() -> AppState {
    state(scenario())
}

/// The same with lane a alone.
pub fn one_lane() -> AppState {
    let mut scenario = scenario();
    scenario.lanes.b = None;
    scenario.expect.retain(|e| e.lane == LaneId::A && e.compared_with().is_none());
    // Its texts and questions are about both.
    scenario.beat.clear();
    scenario.expect.iter_mut().for_each(|e| e.caption = None);
    state(scenario)
}

/// Another story at the same step, with numbers of its sizes.
pub fn story(name: &str) -> AppState {
    let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
    let mut state = state(scenario);
    state.story.name = name.into();
    let lanes = state.run.specs.iter().map(sized).collect();
    state.run.take(Arc::new(Snapshot { run: 1, step: 300, lanes }));
    state
}

/// The view of a lane of another size; more than a few thousand codes are only counted.
fn sized(spec: &LaneSpec) -> LaneView {
    const MOST: usize = 2048;
    let mut lane = view(spec.id);
    let k = spec.size.min(MOST);
    let again = |i: usize| i % K;
    lane.codes = (0..k).map(|i| lane.codes[again(i)]).collect();
    lane.movement = (0..k).map(|i| lane.movement[again(i)]).collect();
    lane.ever_used = (0..k).map(|i| lane.ever_used[again(i)]).collect();
    lane.window_counts = (0..k).map(|i| lane.window_counts[again(i)]).collect();
    lane.eval_counts = lane.window_counts.clone();
    let of = |usage: Usage, tokens| Usage {
        size: spec.size,
        tokens,
        used: usage.used.min(spec.size),
        ..usage
    };
    lane.window = of(lane.window, spec.window_tokens);
    lane.batch = of(lane.batch, spec.batch_tokens);
    lane.eval = lane.eval.map(|e| Evaluation { usage: of(e.usage, spec.eval_tokens), ..e });
    (lane.learn_c, lane.learn_w, lane.switches) = (spec.learn_c, spec.learn_w, spec.switches);
    lane.has_fixed_codes = spec.fixed.is_some();
    lane.warms_up_until = (spec.warmup >= 300).then_some(spec.warmup);
    lane
}

/// The same with as many codes in each lane as the largest story has, and nearly as many in use.
pub fn many_codes() -> AppState {
    const MANY: usize = 262_144;
    let mut state = collapse();
    let mut lanes: Vec<LaneView> = [LaneId::A, LaneId::B].map(view).into();
    for lane in &mut lanes {
        let seed = lane.id.index() as u64;
        let values = Stream::new(seed, Purpose::Codes, 9).normal(2 * MANY, 1.1);
        let alive = if lane.id == LaneId::A { 995 } else { 254_386 };
        let spread = |code: usize| if lane.id == LaneId::A && code >= alive { 0.1 } else { 1.0 };
        let pairs = values.chunks(2).enumerate();
        lane.codes = pairs.map(|(i, p)| [p[0] * spread(i), p[1] * spread(i)]).collect();
        lane.window_counts =
            (0..MANY).map(|i| if i < alive { 1 + (90_000 / (i + 3)) as u32 } else { 0 }).collect();
        lane.ever_used = (0..MANY).map(|i| i < alive + 4096).collect();
        lane.eval_counts = lane.window_counts.clone();
        lane.movement = vec![0.01; MANY];
        lane.window = Usage { used: alive, tokens: 4_001_792, size: MANY, perplexity: 900.0 };
        lane.eval = lane
            .eval
            .map(|e| Evaluation { usage: Usage { used: alive / 80, size: MANY, ..e.usage }, ..e });
        lane.batch = Usage { used: alive / 10, tokens: 2048, size: MANY, perplexity: 90.0 };
    }
    state.run.take(Arc::new(Snapshot { run: 1, step: 300, lanes }));
    state
}

/// A page of the tour, counted from 0, with plain numbers in the place of its run.
pub fn tour(page: usize) -> AppState {
    let tour = crate::lesson::tour::tour();
    let target = &tour.pages[page];
    let chapter = &tour.chapters[target.chapter];
    let mut state = started(chapter.scenario.clone());
    state.story.name.clone_from(&chapter.story);
    let step = target.step(tour);
    let ids = chapter.scenario.lane_ids();
    let rows = (1..=step).flat_map(|step| ids.iter().map(move |&id| row(id, step)));
    state.run.absorb(Update::Rows(rows.collect()));
    let lanes = state.run.specs.iter().map(sized).collect();
    state.run.take(Arc::new(Snapshot { run: 1, step, lanes }));
    state.stand_on_page(page);
    state
}

fn scenario() -> Scenario {
    parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap()
}

/// What the story says in a lesson of a test.
const SAID: [(u64, &str); 4] = [
    (0, "Two copies of one autoencoder: same seed, same images."),
    (90, "In A only the codes that were chosen move, and a few codes serve all patches."),
    (240, "In B every code moves with W, chosen or not, so codes keep coming into use."),
    (600, "A code that is never chosen gets no gradient, so it is never chosen again."),
];

/// The same story with these beats in the place of its own, before its first step, told in a lecture.
pub fn lesson(beats: &str) -> AppState {
    let text = format!("{}\n{beats}", demos::text("collapse").unwrap());
    let mut scenario = parse(&text, "collapse", &[]).unwrap();
    let own = self::scenario().beat.len();
    scenario.beat.drain(..own);
    scenario.expect.iter_mut().for_each(|e| e.caption = None);
    let said = SAID.map(|(step, text)| Beat::say(At::Step(step), text.into()));
    scenario.beat.extend(said);
    let mut state = started(scenario);
    let views = [LaneId::A, LaneId::B].map(view).into();
    state.run.take(Arc::new(Snapshot { run: 1, step: 0, lanes: views }));
    state
}

/// Trains a lesson to its last step, on which `used` codes of A are in use.
pub fn trained(state: &mut AppState, used: usize) {
    let steps = state.running().steps;
    let rows = (1..=steps).flat_map(|step| [LaneId::A, LaneId::B].map(|id| row(id, step)));
    let mut rows: Vec<StepRow> = rows.collect();
    for row in rows.iter_mut().filter(|row| row.lane == LaneId::A && row.step == steps) {
        let usage = Usage { used, tokens: 20_480, size: K, perplexity: used as f64 };
        row.eval = Some(Evaluation { recon_mse: 0.004, ..Evaluation::nan(steps, usage) });
    }
    state.run.absorb(Update::Rows(rows));
    let mut views: Vec<LaneView> = [LaneId::A, LaneId::B].map(view).into();
    views[0].window.used = used;
    state.run.take(Arc::new(Snapshot { run: 1, step: steps, lanes: views }));
    let pace = state.running().pace;
    state.run.absorb(Update::State(TrainerState::without_speed(Activity::Ended, pace)));
}

/// The window on a run that has just been built.
fn started(scenario: Scenario) -> AppState {
    let mut state = AppState::new("collapse", scenario.clone());
    state.set_mode(Mode::Lecture);
    let device = DeviceLabel { name: "CPU (burn-flex)".into(), reason: Reason::AskedFor };
    let origin = Default::default();
    let eval_tokens = vec![20_480; 2];
    state.run.absorb(Update::Started(Box::new(RunInfo {
        run: 1,
        scenario,
        eval_tokens,
        device,
        origin,
    })));
    let pace = state.running().pace;
    state.run.absorb(Update::State(TrainerState::without_speed(Activity::Waiting, pace)));
    state.host.machine_memory = 16_000_000_000;
    state.take_commands();
    state
}

fn state(scenario: Scenario) -> AppState {
    let mut state = AppState::new("collapse", scenario.clone());
    let device = DeviceLabel { name: "CPU (burn-flex)".into(), reason: Reason::NoAdapter };
    let info = RunInfo {
        run: 1,
        scenario: scenario.clone(),
        eval_tokens: vec![20_480; 2],
        device,
        origin: Default::default(),
    };
    state.run.absorb(Update::Started(Box::new(info)));
    let lanes = scenario.lane_ids();
    let own = rows().into_iter().filter(|r| lanes.contains(&r.lane)).collect();
    state.run.absorb(Update::Rows(own));
    state.run.absorb(Update::Event(Event::said(
        150,
        Some(LaneId::A),
        EventKind::Change,
        "A: learning rate 0.003",
    )));
    state.run.absorb(Update::State(TrainerState {
        activity: Activity::Running,
        pace: scenario.pace,
        steps_per_second: 60.0,
        seconds_per_step: Some(0.002),
    }));
    let views = lanes.iter().map(|&id| view(id)).collect();
    state.run.take(Arc::new(Snapshot { run: 1, step: 300, lanes: views }));
    state.host.renderer = Some(Renderer { name: "glow".into(), reason: Why::NoGpu });
    state.host.memory_bytes = Some(123_000_000);
    state.host.machine_memory = 16_000_000_000;
    state
}

/// Rows of 300 steps of both lanes.
pub fn rows() -> Vec<StepRow> {
    (1..=300).flat_map(|step| [LaneId::A, LaneId::B].map(|id| row(id, step))).collect()
}

/// Share of codes in use after `step` steps.
fn share(id: LaneId, step: u64) -> f64 {
    match id {
        LaneId::A => 0.033 + 0.02 * (-(step as f64) / 20.0).exp(),
        LaneId::B => 0.98 / (1.0 + (-(step as f64 - 200.0) / 40.0).exp()),
    }
}

fn row(id: LaneId, step: u64) -> StepRow {
    let falls = (-(step as f64) / 60.0).exp();
    let floor = if id == LaneId::A { 0.0069 } else { 0.0041 };
    let turnover = |deaths: usize| {
        let count = if id == LaneId::A { [2, 9] } else { [120, 14] };
        step.is_multiple_of(100).then_some(count[deaths])
    };
    let wave = 1.0 + 0.08 * (step as f64 * 0.7).sin();
    StepRow {
        step,
        lane: id,
        loss: (floor + 0.2 * falls) * 1.5 * wave,
        recon_loss: (floor + 0.2 * falls) * wave,
        codebook_loss: (0.02 + 0.1 * falls) * wave,
        entropy_loss: 0.0,
        // As everywhere the same number.
        commitment_loss: (0.02 + 0.1 * falls) * wave,
        utilization_batch: share(id, step) * 0.6,
        utilization_window: share(id, step),
        window_tokens: (512 * step as usize).min(20_480),
        perplexity_batch: 10.0,
        births_100: turnover(0),
        deaths_100: turnover(1),
        batch_tokens: 512,
        codes: 512,
        utilization_newest: Some(share(id, step).sqrt().min(1.0)),
        newest_tokens: Some((512 * step as usize).min(NEWEST)),
        utilization_average: Some(share(id, step) * 0.7),
        utilization_fair: Some(share(id, step) * 0.6),
        eval: (step == 1 || step.is_multiple_of(60)).then(|| evaluation(id, step)),
    }
}

fn evaluation(id: LaneId, step: u64) -> Evaluation {
    let used = (share(id, step) * K as f64).round() as usize;
    let mse = row_floor(id) + 0.2 * (-(step as f64) / 60.0).exp();
    let usage = Usage { used, tokens: 20_480, size: K, perplexity: used as f64 * 0.4 };
    Evaluation {
        recon_mse: mse,
        psnr: -10.0 * mse.log10(),
        quant_error: 0.12,
        latent_norm: 1.5,
        effective_rank_w: if id == LaneId::A { 16.0 } else { 5.2 },
        effective_rank_e: if id == LaneId::A { 6.1 } else { 4.8 },
        dimensions_90_e: 3.0,
        dimensions_99_e: if id == LaneId::A { 11.0 } else { 5.0 },
        moved: if id == LaneId::A { 0.04 } else { 1.0 },
        ..Evaluation::nan(step, usage)
    }
}

/// Use by each meaning of the words, where the window has seen so many codes.
fn by_rule(id: LaneId, used: usize) -> ByRule {
    let found = |used: usize, tokens| Some(InUse { used, tokens });
    let newest = if id == LaneId::A { 93 } else { 488 };
    ByRule::default()
        .with(Rule::Seen, found(used, Some(20_480)))
        .with(Rule::Newest, found(newest, Some(NEWEST)))
        .with(Rule::Average, found(used * 7 / 10, None))
        .with(Rule::Batch, found(used * 6 / 10, Some(512)))
        .with(Rule::Distinct, found(used * 6 / 10, Some(512)))
}

fn row_floor(id: LaneId) -> f64 {
    if id == LaneId::A { 0.0069 } else { 0.0041 }
}

fn view(id: LaneId) -> LaneView {
    let used = (share(id, 300) * K as f64).round() as usize;
    let spread = if id == LaneId::A { 0.15 } else { 1.2 };
    let mut normal = Stream::new(9, Purpose::Codes, id.index() as u64);
    let mut pairs = |n: usize, x: f32, y: f32| -> Vec<[f32; 2]> {
        normal.normal(2 * n, 1.0).chunks(2).map(|p| [p[0] * x, p[1] * y]).collect()
    };
    let latents = pairs(512, 1.5, 0.7);
    let mut codes = pairs(K, spread, spread * 0.5);
    if id == LaneId::A {
        // The codes in use stand on the data, the rest in a clump at the origin.
        codes.iter_mut().take(used).zip(&latents).for_each(|(code, latent)| *code = *latent);
    }
    let counts: Vec<u32> = (0..K)
        .map(|i| if i < used { (20_480 / used) as u32 * 3 / (1 + i as u32 / 8) } else { 0 })
        .collect();
    let singular_values = match id {
        LaneId::A => Vec::new(),
        LaneId::B => (0..16).map(|i| 4.1 * (-(i as f32) / 2.5).exp()).collect(),
    };
    let facts = LaneFacts {
        id,
        step: 300,
        has_fixed_codes: false,
        learn_c: id == LaneId::A,
        learn_w: id == LaneId::B,
        warms_up_until: None,
        lr: 0.003,
        beta: 0.25,
        switches: Switches::default(),
        axes: Axes {
            explained: [0.43, 0.12],
            mode: BasisMode::Live,
            step: 300,
            centre: [0.2, -0.1],
            extent: 5.0,
            rise: Some(2.8),
            are_coordinates: false,
        },
        counted_in: CountedIn::Tokens,
        batch: Usage { used: used * 6 / 10, tokens: 512, size: K, perplexity: used as f64 * 0.3 },
        window: Usage { used, tokens: 20_480, size: K, perplexity: used as f64 * 0.4 },
        eval: Some(evaluation(id, 300)),
        by_rule: Some(by_rule(id, used)),
        movement_steps: 10,
        moved: None,
        tail_steps: 0,
        transform: None,
        effective_rank_w: if id == LaneId::A { 16.0 } else { 5.2 },
        diverged_at: None,
    };
    LaneView {
        facts,
        codes,
        latents,
        window_counts: counts.clone(),
        // A dozen codes fell out of use.
        ever_used: (0..K).map(|i| i < used + 12).collect(),
        eval_counts: counts,
        movement: (0..K)
            .map(|i| if id == LaneId::B || i < used { 0.05 / (1.0 + i as f32 / 90.0) } else { 0.0 })
            .collect(),
        step_movement: Vec::new(),
        since_chosen: Vec::new(),
        tails: Vec::new(),
        off_plane: Vec::new(),
        singular_values,
        latent_stds: (0..16)
            .map(|i| if id == LaneId::A { 1.2 } else { 1.9 } * (-(i as f32) / 3.0).exp())
            .collect(),
        code_stds: (0..16)
            .map(|i| if id == LaneId::A { 0.3 } else { 1.5 } * (-(i as f32) / 4.0).exp())
            .collect(),
        pictures: Some(Arc::new(pictures(id))),
        close: None,
        code_norms: Vec::new(),
        levels: Vec::new(),
    }
}

/// Rings and stripes; the reconstruction has fewer shades.
fn pictures(id: LaneId) -> Pictures {
    let shades = if id == LaneId::A { 48 } else { 16 };
    let used = (share(id, 300) * K as f64).round() as u32;
    let image = |n: usize, shades: usize| -> Vec<u8> {
        (0..64 * 64)
            .map(|i| {
                let (x, y) = ((i % 64) as f32 - 32.0, (i / 64) as f32 - 32.0);
                let wave = (x.hypot(y) * (0.1 + 0.04 * n as f32) + x * 0.05).sin();
                let grey = (127.0 + 120.0 * wave) as usize;
                (grey / shades * shades) as u8
            })
            .collect()
    };
    Pictures {
        step: 300,
        width: 64,
        height: 64,
        inputs: Arc::new((0..12).map(|n| image(n, 1)).collect()),
        outputs: (0..12).map(|n| image(n, shades)).collect(),
        grid: [8, 8],
        indices: (0..12).map(|n| (0..64).map(|i| (n * i * 7) % used).collect()).collect(),
    }
}

/// A built-in story, trained to a step with settings of its own.
pub fn played(name: &str, sets: &[&str], step: u64) -> AppState {
    closely(name, sets, step, Closely::default())
}

/// The same, with codes looked at closely.
pub fn closely(name: &str, sets: &[&str], step: u64, closely: Closely) -> AppState {
    use crate::session::train_to::train_to;
    use crate::session::visit::{ReplayPlan, Visit};

    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let scenario = parse(demos::text(name).unwrap(), name, &sets).unwrap();
    let mut state = AppState::new(name, scenario.clone());
    let way = ReplayPlan { step, ..ReplayPlan::default() };
    let choice = crate::engine::tests::choice();
    let (updates, snapshot) = train_to(Visit { scenario, way }, &choice, closely).unwrap();
    updates.into_iter().for_each(|update| state.run.absorb(update));
    state.run.take(Arc::new(snapshot));
    state.pin_what_is_looked_at();
    state.host.machine_memory = 16_000_000_000;
    state
}

/// A built-in story at a step that was made by itself, with what it did to a token.
pub fn told(name: &str, step: u64) -> AppState {
    closely(name, &[], step, Closely { told: true, ..Closely::default() })
}
