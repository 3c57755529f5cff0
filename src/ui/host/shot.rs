//! `vqscope shot`: the window drawn into a file, without a display.

use std::path::PathBuf;
use std::sync::Arc;

use crate::exit::Refusal;
use crate::figure::look::png;
use crate::figure::panel::Panel;
use crate::files::output;
use crate::lesson::tour::tour;
use crate::record::event::EventKind;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Update};
use crate::record::watching::Shown;
use crate::scenario::{At, Flag, LaneId, Link, Scenario};
use crate::session::ChosenDevice;
use crate::session::train_to::{Closely, train_to};
use crate::session::visit::{ReplayPlan, Visit};
pub use crate::ui::host::canvas::Canvas;
use crate::ui::host::order::{Moment, ShotOrder, Source};
use crate::ui::layout::panels;
use crate::ui::state::AppState;
use crate::ui::state::slow_stage::SlowStage;
use crate::watch::follow::Followed;

/// Trains to a step and draws the window at that step into a PNG file.
///
/// # Errors
/// The file cannot be written, there is no adapter to draw with, or training fails.
pub fn run(order: ShotOrder) -> Result<(), Refusal> {
    output::check(&order.out, &["png"], order.is_forced).map_err(Refusal::bad_input)?;
    // Before minutes of training: is there anything to draw with?
    let canvas = Canvas::new().map_err(Refusal::bad_input)?;
    let mut state = match order.source {
        Source::Train(choice) => {
            // Before minutes of training, as well: is the panel there?
            let layers = order.look.layers;
            let closely =
                Closely { atlas: layers.atlas, code: layers.inspector, told: layers.slow };
            let prepare = |state: &mut AppState| {
                // A pane that somebody asks for is there, whatever the story hides; a link has its own.
                if order.look.panel == Panel::Window && order.link.is_none() {
                    state.arrange();
                }
                panels::check(state, &order.look).map_err(Refusal::bad_input)
            };
            let scenarios = (order.scenario, order.before);
            trained(
                &order.story,
                scenarios,
                order.link.as_ref(),
                choice,
                (order.at, closely),
                prepare,
            )?
        }
        Source::Watch(watch) => watched(&watch.paths, watch.shown(None))?,
    };
    state.present(order.is_presented);
    state.host.asked_language = Some(order.language);
    let picture = canvas.take(&mut state, &order.look).and_then(|image| png(&image));
    let png = picture.map_err(Refusal::broken)?;
    output::write(&order.out, &png, order.is_forced).map_err(Refusal::bad_input)
}

/// The window after so many steps, as a link shows it if there is one.
fn trained(
    story: &str,
    (scenario, before): (Scenario, Option<Scenario>),
    link: Option<&Link>,
    device: ChosenDevice,
    (at, closely): (Moment, Closely),
    prepare: impl Fn(&mut AppState) -> Result<(), Refusal>,
) -> Result<AppState, Refusal> {
    let beat = match at {
        Moment::Step(_) | Moment::Page(_) => None,
        Moment::Beat(number) => scenario.beat.get(number).map(|beat| (number, beat.at)),
    };
    let page = match at {
        Moment::Page(page) => Some(page),
        Moment::Step(_) | Moment::Beat(_) => None,
    };
    let at = match (at, beat) {
        (Moment::Step(step), _) => step,
        (Moment::Page(page), _) => tour().pages[page].step(tour()),
        (Moment::Beat(_), Some((_, At::On { event, lane }))) => {
            let way = ReplayPlan { step: scenario.steps, ..ReplayPlan::default() };
            let whole = Visit { scenario: scenario.clone(), way };
            raised(trainer(whole, device.clone(), Closely::default())?.0, event, lane)?
        }
        (Moment::Beat(_), beat) => {
            beat.and_then(|(_, at)| at.trained(scenario.steps)).unwrap_or(scenario.steps)
        }
    };
    let mut state = AppState::new(story, scenario.clone());
    let mut visit = match link {
        Some(link) => state.enter(link).map_err(Refusal::bad_input)?,
        None => Visit { scenario, way: ReplayPlan::default() },
    };
    // Before minutes of training.
    if before.as_ref().is_some_and(|before| at == 0 || *before == visit.scenario) {
        return Err(nothing_changed());
    }
    visit.way.step = at;
    prepare(&mut state)?;
    let pace = state.run.trainer.pace;
    let is_compared = before.is_some();
    if let Some(scenario) = before {
        let way = ReplayPlan { step: at, ..ReplayPlan::default() };
        let (updates, _) = trainer(Visit { scenario, way }, device.clone(), Closely::default())?;
        updates.into_iter().for_each(|update| state.run.absorb(update));
    }
    let (updates, snapshot) = trainer(visit, device, closely)?;
    updates.into_iter().for_each(|update| state.run.absorb(update));
    if is_compared && state.run.before.is_none() {
        return Err(nothing_changed());
    }
    state.run.take(Arc::new(snapshot));
    state.pin_what_is_looked_at();
    // Nobody goes through the stages of a picture: the last one has most of them.
    state.run.slow_stage = if closely.told { SlowStage::After } else { SlowStage::default() };
    state.arrive();
    if link.is_some() {
        // The view of a link names the pace that the window showed.
        state.run.trainer.pace = pace;
    }
    if let Some((number, _)) = beat {
        state.run.lesson.stand_at(number);
        state.run.trainer.activity = Activity::Waiting;
    }
    if let Some(page) = page {
        state.stand_on_page(page);
    }
    Ok(state)
}

/// What a training to a step hands out, and the picture at its end.
fn trainer(
    visit: Visit,
    device: ChosenDevice,
    closely: Closely,
) -> Result<(Vec<Update>, Snapshot), Refusal> {
    let trained = std::thread::Builder::new()
        .name("trainer".into())
        .spawn(move || train_to(visit, &device.0, closely))
        .map_err(Refusal::broken)?
        .join();
    match trained {
        Ok(outcome) => outcome.map_err(Refusal::from),
        Err(_) => {
            Err(Refusal::broken("the trainer stopped unexpectedly; please report the scenario"))
        }
    }
}

/// The step at which a flag of a lane was raised.
fn raised(updates: Vec<Update>, flag: Flag, lane: LaneId) -> Result<u64, Refusal> {
    let raised = updates.into_iter().find_map(|update| match update {
        Update::Event(event) if event.kind == EventKind::from(flag) && event.lane == Some(lane) => {
            Some(event.step)
        }
        _ => None,
    });
    raised.ok_or_else(|| {
        let why = "the beat stands where a flag is raised, which this run does not raise; choose another beat with --beat";
        Refusal::bad_input(why)
    })
}

/// The window on the files as they are now; what cannot be read is said in it, unless nothing can.
pub(crate) fn watched(paths: &[PathBuf], shown: Shown) -> Result<AppState, Refusal> {
    let mut state = AppState::watching(paths);
    let mut followed = Followed::new(paths, &shown, "");
    state.show_files_as(shown);
    followed.round(0, &|| true, &mut |update| {
        if let Update::Keyframe(snapshot) = &update {
            state.run.take(snapshot.clone());
        }
        // Nobody can press anything in a picture.
        if !matches!(update, Update::Steering(..)) {
            state.run.absorb(update);
        }
        true
    });
    if state.run.snapshot.is_some() {
        return Ok(state);
    }
    let nothing = format!(
        "{} holds no file of arrays (.safetensors, .npz, .npy, .pt, .pth, .ckpt, .bin); name the folder in which codebooks are saved",
        state.story.name
    );
    Err(Refusal::bad_input(followed.reports().next().map_or(nothing, Into::into)))
}

/// The error of a run before that is no other one.
fn nothing_changed() -> Refusal {
    Refusal::bad_input(
        "--cause before shows what a setting of a lane changes, and --set changes none; name one with --set, and a step after 0",
    )
}
