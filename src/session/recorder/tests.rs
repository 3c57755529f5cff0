//! What is kept of a run that is dragged at, left and gone on with.

use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};

use crate::archive::{Archive, Kept, Prepared};
use crate::engine::tests::{VQ_AND_SIMVQ, compute, scenario};
use crate::record::setting::Setting;
use crate::scenario::LaneId;
use crate::session::recorder::*;

/// Steps between two read-backs.
const READ_BACK: u64 = 64;

/// Steps of the files in a folder of a run's folder.
fn files(place: &TempDir, kind: &str) -> Vec<u64> {
    let files = std::fs::read_dir(place.path().join(kind)).unwrap().flatten();
    let step = |file: PathBuf| file.file_stem()?.to_str()?.parse::<u64>().ok();
    let mut steps: Vec<u64> = files.filter_map(|file| step(file.path())).collect();
    steps.sort_unstable();
    steps
}

fn run() -> Run {
    let mut scenario = scenario(VQ_AND_SIMVQ);
    scenario.steps = 10_000;
    Run::new(scenario, &compute(), 1, true).unwrap()
}

/// Settings made by hand: one alone, a drag, and one more of another kind.
fn by_hand() -> Vec<Logged> {
    let at = |step, setting| Logged { step, lane: None, setting };
    let drag = (155..=174).map(|step| at(step, Setting::Lr(0.001 + 1e-5 * step as f64)));
    let mut all = vec![at(60, Setting::Beta(0.5))];
    all.extend(drag);
    all.push(at(176, Setting::Beta(1.0)));
    all
}

/// Trains to a step and records all of it; gives the steps of the pictures.
fn train(run: &mut Run, recorder: &mut Recorder, until: u64) -> Vec<u64> {
    let mut pictures = Vec::new();
    while run.step_count() < until {
        let step = run.step_count();
        for logged in by_hand().into_iter().filter(|logged| logged.step == step) {
            pictures.extend(recorder.mark_setting(run, logged).unwrap().map(|p| p.step));
            run.set(logged.lane, logged.setting);
            recorder.log(logged);
        }
        run.step().unwrap();
        pictures.extend(recorder.after_step(run).unwrap().map(|p| p.step));
        if run.step_count().is_multiple_of(READ_BACK) {
            let (rows, events) = run.take_news().unwrap();
            recorder.news(&rows, &events);
        }
    }
    pictures
}

/// Leaves a run as a program that ends does.
fn leave(mut run: Run, mut recorder: Recorder) {
    recorder.leave(&mut run, false).unwrap();
    let (rows, events) = run.take_news().unwrap();
    recorder.news(&rows, &events);
    recorder.finish().unwrap().unwrap().close().unwrap();
}

/// A new run in a folder, trained to a step and left.
fn begin(place: &TempDir, budgets: Budgets, until: u64) {
    let mut run = run();
    let prepared = Prepared::new(place.path(), false, run.scenario()).unwrap();
    let folder = Folder::create(prepared, "x", &run.info(), 10_000).unwrap();
    let mut recorder = Recorder::new(Some(folder), Some(budgets)).unwrap();
    recorder.begin(&mut run).unwrap();
    train(&mut run, &mut recorder, until);
    leave(run, recorder);
}

/// Goes on with the run in a folder to a step, and leaves it.
fn go_on(place: &TempDir, budgets: Budgets, until: u64) {
    let archive = Archive::open(place.path()).unwrap();
    let mut run = run();
    run.restore(archive.newest().unwrap()).unwrap();
    let folder = Folder::reopen(place.path(), archive.manifest, 10_000).unwrap();
    let events = &archive.events[..archive.before_save[1]];
    let mut recorder = Recorder::going_on(Some(folder), Some(budgets), events).unwrap();
    train(&mut run, &mut recorder, until);
    leave(run, recorder);
}

/// Steps of the keyframes and of the checkpoints that count.
fn kept(path: &Path) -> [Vec<u64>; 2] {
    let manifest = Archive::open(path).unwrap().manifest;
    [manifest.keyframes, manifest.checkpoints].map(|list| {
        let mut steps: Vec<u64> = list.iter().map(|kept| kept.step).collect();
        steps.sort_unstable();
        steps
    })
}

/// Room for the pictures of so many steps, and for two states at their end.
fn room_for(steps: u64) -> Budgets {
    let mut run = run();
    let mut recorder = Recorder::new(None, Some(Budgets::default())).unwrap();
    recorder.begin(&mut run).unwrap();
    train(&mut run, &mut recorder, steps);
    let checkpoints = 2 * run.save().unwrap().bytes() as u64;
    Budgets { keyframes: recorder.keyframes.bytes(), checkpoints }
}

#[test]
fn a_run_that_goes_on_keeps_the_same_steps_as_one_that_was_never_left() {
    let budgets = room_for(300);
    let (whole, left) = (tempdir().unwrap(), tempdir().unwrap());
    begin(&whole, budgets, 700);
    // Before there is anything to thin, near the drag, and long after.
    begin(&left, budgets, 137);
    for until in [173, 437, 611, 700] {
        go_on(&left, budgets, until);
    }
    let [pictures, states] = kept(whole.path());
    assert_eq!(kept(left.path()), [pictures.clone(), states.clone()]);
    assert!(pictures.len() >= 6 && pictures.len() < 700 / 25, "{pictures:?}");
    assert!([60, 155, 176].iter().all(|step| pictures.contains(step)), "{pictures:?}");
    assert!(states.len() >= 2 && states.len() < 1 + 700 / 200, "{states:?}");
    // Nothing else is left on the disk.
    for place in [&whole, &left] {
        assert_eq!(files(place, "keyframes"), pictures);
        assert_eq!(files(place, "checkpoints"), states);
    }
}

#[test]
fn the_picture_of_the_step_where_a_run_is_left_goes_when_there_is_a_next_one() {
    let place = tempdir().unwrap();
    begin(&place, Budgets::default(), 33);
    assert_eq!(kept(place.path())[0], [0, 25, 33]);
    // Looked at, and left where it was.
    go_on(&place, Budgets::default(), 33);
    assert_eq!(kept(place.path())[0], [0, 25, 33]);
    go_on(&place, Budgets::default(), 41);
    assert_eq!(kept(place.path())[0], [0, 25, 41]);
    go_on(&place, Budgets::default(), 55);
    assert_eq!(kept(place.path())[0], [0, 25, 50, 55]);
    assert_eq!(files(&place, "keyframes"), [0, 25, 50, 55]);
    let archive = Archive::open(place.path()).unwrap();
    assert_eq!(archive.manifest.left, Some(55));
    assert!(archive.keyframe_steps().iter().all(|&step| archive.keyframe(step).is_ok()));
}

#[test]
fn a_smaller_room_holds_for_what_was_kept_before() {
    let place = tempdir().unwrap();
    begin(&place, Budgets::default(), 450);
    let before = kept(place.path());
    let budgets = room_for(100);
    go_on(&place, budgets, 460);
    let [pictures, states] = kept(place.path());
    assert!(pictures.len() < before[0].len() && states.len() < before[1].len(), "{pictures:?}");
    assert_eq!((files(&place, "keyframes"), files(&place, "checkpoints")), (pictures, states));
    let manifest = Archive::open(place.path()).unwrap().manifest;
    let inside = manifest.keyframes.iter().filter(|kept| Some(kept.step) != manifest.left);
    assert!(inside.map(Kept::size).sum::<u64>() <= budgets.keyframes);
}

#[test]
fn a_drag_has_one_picture_and_every_value_is_logged() {
    let place = tempdir().unwrap();
    let mut run = run();
    let prepared = Prepared::new(place.path(), false, run.scenario()).unwrap();
    let folder = Folder::create(prepared, "x", &run.info(), 10_000).unwrap();
    let mut recorder = Recorder::new(Some(folder), Some(Budgets::default())).unwrap();
    let pictures = train(&mut run, &mut recorder, 180);
    assert_eq!(pictures, [25, 50, 60, 75, 100, 125, 150, 155, 175, 176]);
    leave(run, recorder);
    assert_eq!(Archive::open(place.path()).unwrap().manifest.log, by_hand());
}

#[test]
fn another_lane_another_control_and_a_later_time_are_no_drag() {
    let first = Logged { step: 100, lane: None, setting: Setting::Lr(0.1) };
    let next = |step, lane, setting| is_one_drag(&first, &Logged { step, lane, setting });
    assert!(next(100, None, Setting::Lr(0.2)) && next(124, None, Setting::Lr(0.2)));
    assert!(!next(125, None, Setting::Lr(0.2)) && !next(99, None, Setting::Lr(0.2)));
    assert!(!next(101, Some(LaneId::A), Setting::Lr(0.2)));
    assert!(!next(101, None, Setting::Beta(0.2)));
}

#[test]
fn a_recorder_without_its_saver_goes_on_where_it_was() {
    let place = tempdir().unwrap();
    let mut run = run();
    let prepared = Prepared::new(place.path(), false, run.scenario()).unwrap();
    let folder = Folder::create(prepared, "x", &run.info(), 10_000).unwrap();
    let mut recorder = Recorder::new(Some(folder), Some(room_for(100))).unwrap();
    recorder.begin(&mut run).unwrap();
    train(&mut run, &mut recorder, 300);
    let stride = recorder.keyframes.stride();
    assert!(stride > KEYFRAME_STEPS && recorder.stop_saving().is_none());
    assert_eq!((recorder.keyframes.stride(), recorder.newest_checkpoint()), (stride, Some(200)));
    assert!(!recorder.has_failed() && recorder.finish().unwrap().is_none());
}

#[test]
fn kept_reconstructions_are_of_their_step_or_say_of_which() {
    let place = tempdir().unwrap();
    let mut run = run();
    let prepared = Prepared::new(place.path(), false, run.scenario()).unwrap();
    let folder = Folder::create(prepared, "x", &run.info(), 10_000).unwrap();
    let mut recorder = Recorder::new(Some(folder), Some(Budgets::default())).unwrap();
    recorder.begin(&mut run).unwrap();
    train(&mut run, &mut recorder, 290);
    leave(run, recorder);
    let archive = Archive::open(place.path()).unwrap();
    let made: Vec<(u64, u64)> = archive
        .keyframe_steps()
        .into_iter()
        .map(|step| {
            let lanes = archive.keyframe(step).unwrap().lanes;
            let steps = lanes.iter().map(|lane| lane.pictures.as_ref().unwrap().step);
            let steps: Vec<u64> = steps.collect();
            assert_eq!(steps[0], steps[1]);
            (step, steps[0])
        })
        .collect();
    // Each of the first hundred steps; the marks at 60, 155 and 176 and the end at 290 their own;
    // the first ones after a change never those of before; in between the newest.
    let expected = [
        (0, 0),
        (25, 25),
        (50, 50),
        (60, 60),
        (75, 75),
        (100, 100),
        (125, 100),
        (150, 100),
        (155, 155),
        (175, 175),
        (176, 176),
        (200, 200),
        (225, 200),
        (250, 200),
        (275, 200),
        (290, 290),
    ];
    assert_eq!(made, expected);
}
