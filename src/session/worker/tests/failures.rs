//! A device that fails: one sentence that is true, and the run goes on where the user wants it.

use crate::engine::device::pretended::{Failing, pretended};
use crate::record::reason::Reason;
use crate::record::setting::Logged;
use crate::record::status::{Failure, RunInfo, WayOn};
use crate::session::command::GoOn;
use crate::session::worker::tests::*;

/// A run that does not come to its end.
fn long() -> Scenario {
    Scenario { steps: 100_000, pace: Pace::LADDER[5], ..scenario(VQ_AND_SIMVQ) }
}

/// A run on a device that fails after so many steps.
fn failing(begin: Begin, home: Option<&Place>, after: u64, by_panic: bool) -> Start {
    Start {
        pace: Pace::LADDER[5],
        begin,
        mode: crate::lesson::Mode::Free,
        choice: pretended(Failing { after, by_panic }),
        is_playing: true,
        home: home.map(|home| home.0.clone()),
        makes_room: false,
        budgets: Default::default(),
        after_run: 0,
    }
}

/// The folder of a run that was left after 60 steps.
fn left(home: &Place) -> PathBuf {
    let begin = Begin::Fresh(Box::new(long()));
    let start = failing(begin, Some(home), u64::MAX, true);
    let mut w = Watched::start(Start { is_playing: false, ..start });
    (0..60).for_each(|_| w.send(Command::StepOnce));
    w.until("all steps", |w| w.last_step() == 60);
    w.folder()
}

/// Rows of so many steps of a run that nothing happens to but what is set by hand.
fn plain(steps: u64, log: &[Logged]) -> Vec<String> {
    let mut run = Run::new(long(), &choice().open().unwrap(), 1, true).unwrap();
    for _ in 0..steps {
        run.set_due(log);
        run.step().unwrap();
    }
    run.take_news().unwrap().0.iter().map(metrics_line).collect()
}

impl Watched {
    /// Waits until a failure is told.
    fn failure(&mut self) -> Failure {
        let failures = |w: &Self| -> Vec<Failure> {
            let of = |u: &Update| match u {
                Update::Failed(failure) => Some(failure.clone()),
                _ => None,
            };
            w.updates.iter().filter_map(of).collect()
        };
        self.until("the failure is told", |w| !failures(w).is_empty());
        failures(self).remove(0)
    }

    /// Goes on with a run whose device failed, and forgets the rows before.
    fn goes_on(&mut self, on: GoOn) {
        self.rows.clear();
        self.send(Command::GoOn(on));
    }

    /// The newest run.
    fn info(&self) -> &RunInfo {
        let started = self.updates.iter().rev().find_map(|u| match u {
            Update::Started(info) => Some(info),
            _ => None,
        });
        started.unwrap()
    }

    fn logged(&self) -> Vec<Logged> {
        let of = |u: &Update| if let Update::Logged(logged) = u { Some(*logged) } else { None };
        self.updates.iter().filter_map(of).collect()
    }
}

#[test]
fn the_run_goes_on_from_its_save_on_the_device_that_the_user_chooses() {
    // An error that is read back is the same to the user as a panic.
    for (by_panic, why, on) in
        [(true, "the adapter is gone", GoOn::Cpu), (false, "out of memory", GoOn::Anew)]
    {
        let home = Place::new(&format!("fails-{by_panic}"));
        let folder = left(&home);
        let begin = Begin::Resume(folder.clone());
        let mut w = Watched::start(failing(begin, Some(&home), 100, by_panic));
        let failure = w.failure();
        // Nothing goes on before somebody says so.
        assert_eq!(w.runs(), 1);
        let step = Archive::open(&folder).unwrap().manifest.step;
        assert!((60..=100).contains(&step));
        assert_eq!(
            failure.sentence,
            format!(
                "Pretended 9 failed after step 100 ({why}); the run can go on from step {step}"
            )
        );
        let way_on = WayOn { device: "Pretended 9".into(), step: Some(step), lost: 0 };
        assert_eq!(failure.way_on, Some(way_on));
        w.goes_on(on);
        w.until("it trains on", |w| w.last_step() >= 120);
        let device = &w.info().device;
        let expected = match on {
            GoOn::Cpu => ("CPU (burn-flex)", Reason::Failed("Pretended 9".into())),
            GoOn::Anew => ("Pretended 9", Reason::OpenedAnew),
        };
        assert_eq!((device.name.as_str(), device.reason.clone()), expected);
        assert_eq!((w.runs(), w.folder()), (2, folder));
        assert!(w.lines() == plain(w.last_step(), &[]), "the run went another way");
    }
}

#[test]
fn a_run_that_is_not_saved_starts_over_and_the_sentence_says_so() {
    let start = failing(Begin::Fresh(Box::new(long())), None, 20, false);
    let mut w = Watched::start(Start { is_playing: false, ..start });
    w.until("it is paused", |w| w.activity() == Some(Activity::Paused));
    w.send(Command::Set { lane: None, setting: Setting::Lr(0.01) });
    w.send(Command::Play);
    let failure = w.failure();
    assert_eq!(
        failure.sentence,
        "Pretended 9 failed after step 20 (out of memory); nothing of the run is saved, so that it can only start over from step 0, without the setting that was made by hand since"
    );
    assert_eq!(failure.way_on.map(|way| (way.step, way.lost)), Some((None, 1)));
    w.goes_on(GoOn::Cpu);
    w.until("it trains on", |w| w.last_step() >= 30);
    assert_eq!((w.runs(), w.info().origin.clone()), (2, Origin::New));
    assert!(w.lines() == plain(w.last_step(), &[]));
}

#[test]
fn where_the_saver_failed_the_run_goes_on_from_what_was_saved_before() {
    let home = Place::new("saver");
    let start = failing(Begin::Fresh(Box::new(long())), Some(&home), 200, true);
    let mut w = Watched::start(Start { is_playing: false, ..start });
    w.until("it is paused", |w| w.activity() == Some(Activity::Paused));
    let folder = w.folder();
    w.until("it is saved", |_| folder.join("run.toml").is_file());
    // Where a keyframe is to be written lies something else.
    let in_the_way = folder.join("keyframes/0000000025.part");
    std::fs::create_dir(&in_the_way).unwrap();
    let is_told = |u: &Update| matches!(u, Update::Saving(s) if s.failure.is_some());
    // At the latest when it no longer takes what waits, which is less than the steps until 200.
    while !w.updates.iter().any(is_told) {
        let next = w.last_step() + 1;
        assert!(next < 200, "the saver did not fail");
        w.send(Command::StepOnce);
        w.until("one step more", |w| w.last_step() == next);
    }
    w.send(Command::Play);
    let failure = w.failure();
    let step = Archive::open(&folder).unwrap().manifest.step;
    assert!(step < 25);
    assert_eq!(failure.way_on.and_then(|way| way.step), Some(step));
    std::fs::remove_dir(&in_the_way).unwrap();
    w.goes_on(GoOn::Cpu);
    w.until("it trains on", |w| w.last_step() >= 220);
    assert_eq!(w.folder(), folder);
    assert!(w.lines() == plain(w.last_step(), &[]));
}

#[test]
fn a_visit_comes_to_its_step_with_its_settings_whether_it_is_saved_or_not() {
    let log: Vec<Logged> = [5, 30]
        .map(|step| Logged { step, lane: None, setting: Setting::Lr(0.05 / step as f64) })
        .into();
    for is_saved in [false, true] {
        let home = Place::new(&format!("visit-{is_saved}"));
        let way = ReplayPlan { step: 40, log: log.clone(), ..ReplayPlan::default() };
        let begin = Begin::Visit(Box::new(Visit { scenario: long(), way }));
        let start = failing(begin, is_saved.then_some(&home), 20, true);
        let mut w = Watched::start(start);
        let way_on = w.failure().way_on.unwrap();
        // What it makes again is not lost.
        assert_eq!((way_on.step.is_some(), way_on.lost), (is_saved, 0));
        w.goes_on(GoOn::Anew);
        let is_there = |w: &Watched| w.last_step() == 40;
        w.until("it is there", |w| is_there(w) && w.activity() == Some(Activity::Paused));
        assert!(w.lines() == plain(40, &log));
        assert_eq!(w.logged().last(), log.last());
    }
}

#[test]
fn a_fork_whose_device_fails_on_the_way_is_made_all_the_same() {
    let home = Place::new("fork-fails");
    let from = left(&home);
    let begin = Begin::Fork { from: from.clone(), step: 50 };
    let mut w = Watched::start(failing(begin, Some(&home), 45, true));
    let failure = w.failure();
    assert_eq!(failure.way_on.map(|way| (way.step, way.lost)), Some((Some(50), 0)));
    w.goes_on(GoOn::Cpu);
    w.until("it waits at its step", |w| w.activity() == Some(Activity::Paused));
    assert!(matches!(w.info().origin, Origin::Fork { step: 50, .. }));
    assert_ne!(w.folder(), from);
    assert!(w.lines() == plain(50, &[]));
}

#[test]
fn a_restart_after_a_failure_opens_the_device_anew() {
    let mut w = Watched::start(failing(Begin::Fresh(Box::new(long())), None, 3, true));
    w.failure();
    w.send(Command::Restart(Box::new(long())));
    w.until("it trains", |w| w.runs() == 2 && w.last_step() >= 10);
    assert_eq!(w.info().device.reason, Reason::OpenedAnew);
}

#[test]
fn on_the_cpu_there_is_no_other_device_to_go_on_with() {
    let mut broken = long();
    broken.codebook.size = 0;
    let mut w = Watched::new(broken, true);
    let failure = w.failure();
    assert!(failure.sentence.contains("stopped unexpectedly"), "{}", failure.sentence);
    assert_eq!(failure.way_on, None);
    // An answer to a question that was not asked changes nothing.
    w.send(Command::GoOn(GoOn::Cpu));
    w.send(Command::Restart(Box::new(long())));
    w.until("the next run trains", |w| w.last_step() >= 1);
}
