//! What the window knows of the run: everything the trainer handed out, as plain data.

use std::sync::Arc;
use std::time::Duration;

use crate::analysis::history::History;
use crate::lesson::{Lesson, Mode, Now};
use crate::record::event::{Fact, Reading};
use crate::record::pen::{Drawn, Stroke};
use crate::record::setting::Logged;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::status::{Activity, Failure, Origin, RunInfo, Saving, TrainerState, Update};
use crate::record::steer::Steering;
use crate::record::token_step::TokenStep;
use crate::record::watching::{Choices, Waits};
use crate::scenario::differences::Present;
use crate::scenario::{BeatKind, LaneId, LaneSpec, Pace, Scenario, Told};
use crate::text::{lines, sentence, shown};
use crate::ui::state::before::Before;
use crate::ui::state::film::FilmAxes;
use crate::ui::state::frames::FrameStore;
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::state::stage::Stage;

/// The newest state of the run and its history.
pub struct RunModel {
    /// What trains; `None` until the first run is built.
    pub info: Option<RunInfo>,
    /// What each lane was built from, in order.
    pub specs: Vec<LaneSpec>,
    /// Curves and marks.
    pub history: History,
    /// The picture that all panels show: the newest of this run, or the pinned one.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The newest picture of this run.
    pub live: Option<Arc<Snapshot>>,
    /// Kept pictures of earlier steps.
    pub frames: FrameStore,
    /// Whether the panels stay at the step that they show.
    pub is_pinned: bool,
    /// The step of watched files that was looked at when they were begun anew, until it is read again.
    pub(super) looked_at: Option<u64>,
    /// Settings made by hand in this run.
    pub log: Vec<Logged>,
    /// What the newest single step did with a token, in each lane that made it.
    pub told: Vec<TokenStep>,
    /// The stage of it that is shown.
    pub slow_stage: SlowStage,
    /// How the run is being saved.
    pub saving: Saving,
    /// Curves of the run that this one was forked from, and the step at which they part.
    pub parent: Option<(Box<History>, u64)>,
    /// The run before a restart with other settings, until it is put away.
    pub before: Option<Before>,
    /// Settings made by hand whose effect was put away.
    pub told_of: usize,
    /// Whether there is an input of the user's own.
    pub has_input: bool,
    /// Something that could not be done.
    pub notice: Option<String>,
    /// Counts pictures, so that what is drawn from one is rebuilt only for the next.
    pub generation: u64,
    /// What the trainer is doing.
    pub trainer: TrainerState,
    /// How old the newest of it is, where another process trains.
    pub age: Option<Duration>,
    /// Whether the picture is one of the run before, because the next one is still being built.
    pub is_building: bool,
    /// Why the trainer could not go on.
    pub failure: Option<Failure>,
    /// Whether these are two saved runs put side by side.
    pub is_saved_pair: bool,
    /// What the story says, asks and waits for in this run.
    pub lesson: Lesson,
    /// Steps after which the trainer waits, as it knows them.
    pub halts: Vec<u64>,
    /// What of the watched files of each lane can be chosen.
    pub choices: [Option<Choices>; 2],
    /// What the axes must hold, while pictures of a film are drawn.
    pub film: Option<Box<FilmAxes>>,
    /// What was drawn before a room.
    pub drawn: Drawn,
    /// What of it was drawn here and was not told by the trainer yet.
    pub drawn_here: Vec<Fact>,
    /// What is known of other programs' trainings that take commands, lane by lane.
    pub steering: [Option<Box<Steering>>; 2],
    /// What of somebody else's is being read.
    pub waits: Option<Waits>,
}

impl Default for RunModel {
    fn default() -> Self {
        let trainer = TrainerState::without_speed(Activity::WarmingUp, Pace::default());
        Self {
            info: None,
            specs: Vec::new(),
            history: History::default(),
            snapshot: None,
            live: None,
            frames: FrameStore::default(),
            is_pinned: false,
            looked_at: None,
            log: Vec::new(),
            told: Vec::new(),
            slow_stage: SlowStage::default(),
            saving: Saving::default(),
            parent: None,
            before: None,
            told_of: 0,
            has_input: false,
            notice: None,
            generation: 0,
            trainer,
            age: None,
            is_building: false,
            failure: None,
            is_saved_pair: false,
            lesson: Lesson::of_nothing(Mode::Free),
            halts: Vec::new(),
            choices: [None, None],
            film: None,
            drawn: Drawn::default(),
            drawn_here: Vec::new(),
            steering: [None, None],
            waits: None,
        }
    }
}

impl RunModel {
    /// What is looked at.
    pub fn stage(&self) -> Stage {
        match self.trainer.activity {
            _ if self.is_saved_pair => Stage::Compare,
            Activity::Watching => Stage::Watching,
            Activity::Following => Stage::Following,
            _ => Stage::Live,
        }
    }

    /// Whether something can be set at the left of the window: of a run that trains here, or of another
    /// program's training that takes commands.
    pub fn has_controls(&self) -> bool {
        self.stage().has_controls() || self.is_steered()
    }

    /// Whether another program's training takes commands here.
    pub fn is_steered(&self) -> bool {
        self.steering.iter().any(Option::is_some)
    }

    /// What trains, once it is built.
    pub fn scenario(&self) -> Option<&Scenario> {
        self.info.as_ref().map(|info| &info.scenario)
    }

    /// Takes a message of the trainer's lossless way.
    ///
    /// What it tells may come from files, other programs and drivers: from here on it can be shown.
    pub fn absorb(&mut self, update: Update) {
        match update {
            Update::Started(mut info) => {
                info.device.name = shown(&info.device.name);
                info.device.reason = std::mem::take(&mut info.device.reason).map(sentence);
                self.specs = info.scenario.lane_specs();
                let before = self.info.as_ref().map(|i| i.run);
                let mut history = std::mem::take(&mut self.history);
                let (_, budget) = self.frames.bytes();
                let frames = std::mem::replace(&mut self.frames, FrameStore::new(budget));
                self.parent = None;
                let before_it = self.before.take();
                // Files that are shown in another way are no restart with other settings.
                if let (Origin::New, Some(old)) = (&info.origin, &self.info)
                    && self.stage().terms().has_trainer
                {
                    let curves = std::mem::take(&mut history);
                    let (old, new) = (&old.scenario, &info.scenario);
                    self.before = Before::of(old, new, curves, before_it);
                }
                self.told_of = info.origin.log().len();
                if matches!(info.origin, Origin::Saved { .. }) {
                    self.frames = FrameStore::of_saved(budget);
                }
                if matches!(info.origin, Origin::New | Origin::Saved { .. }) {
                    // The speed of another model says nothing of this one's.
                    self.trainer.seconds_per_step = None;
                }
                if let Origin::Fork { run, step, .. } = info.origin
                    && Some(run) == before
                {
                    self.parent = Some((Box::new(history), step));
                    self.frames = frames.until(step);
                }
                self.log = info.origin.log().to_vec();
                self.told.clear();
                let mode = self.lesson.mode();
                self.lesson = match info.origin {
                    Origin::New => Lesson::new(&info.scenario, mode),
                    Origin::Saved { .. } | Origin::Fork { .. } => {
                        Lesson::late(&info.scenario, mode)
                    }
                };
                self.halts = Lesson::new(&info.scenario, mode).halts();
                (self.drawn, self.drawn_here) = Default::default();
                // A fork begins with the picture that is there.
                self.is_building = !matches!(info.origin, Origin::Fork { .. });
                self.info = Some(*info);
                self.failure = None;
                if self.is_pinned && !self.stage().terms().has_trainer {
                    self.looked_at = Some(self.shown_step());
                }
                self.is_pinned = false;
            }
            Update::Rows(rows) => {
                self.lesson.take_rows(&rows);
                rows.iter().for_each(|row| self.history.push_row(row));
            }
            Update::Event(mut event) => {
                event.text = lines(&event.text);
                self.frames.protect(&event);
                self.lesson.restore(&event);
                self.take_drawn(event.fact.as_ref());
                self.history.push_event(event);
            }
            Update::Keyframe(frame) => {
                // Of two lanes the later one may bring more to the step that is looked at.
                let shown = self.snapshot.as_ref().filter(|_| self.is_pinned);
                if shown.is_some_and(|shown| (shown.run, shown.step) == (frame.run, frame.step)) {
                    self.show(frame.clone());
                }
                self.frames.keep(frame);
            }
            Update::Logged(logged) => self.log.push(logged),
            Update::Told(told) => self.told = told,
            Update::Saving(mut saving) => {
                saving.failure = saving.failure.as_deref().map(sentence);
                self.saving = saving;
            }
            Update::Choices(choices) => {
                let id = choices.lane;
                self.choices[id.index()] = Some(*choices);
            }
            Update::Notice(notice) => self.notice = Some(sentence(notice.sentence())),
            Update::State(state) => {
                let is_warming_up = state.activity == Activity::WarmingUp;
                let begins = is_warming_up && self.trainer.activity != Activity::WarmingUp;
                self.is_building = begins || (is_warming_up && self.is_building);
                self.trainer = state;
            }
            Update::Steering(lane, steering) => self.steering[lane.index()] = steering,
            Update::Failed(mut failure) => {
                failure.sentence = sentence(&failure.sentence);
                self.is_building = false;
                self.failure = Some(failure);
            }
        }
    }

    /// Takes what was drawn, unless that was done here.
    fn take_drawn(&mut self, fact: Option<&Fact>) {
        let Some(fact) = fact else { return };
        match self.drawn_here.iter().position(|here| here == fact) {
            Some(at) => drop(self.drawn_here.remove(at)),
            None => fact.draw_into(&mut self.drawn),
        }
    }

    /// Takes what is drawn here: it is there at once, and comes back from the trainer.
    pub fn draw(&mut self, fact: Fact) {
        fact.draw_into(&mut self.drawn);
        self.drawn_here.push(fact);
    }

    /// The strokes that the shown picture has, each with its step: where the picture of one is not kept
    /// any more, the kept one before it stands for it.
    pub fn strokes(&self) -> impl Iterator<Item = (u64, &Stroke)> {
        let shown = self.shown_step();
        self.drawn.shown(shown, move |step| {
            self.is_pinned && self.frames.at(step).is_some_and(|frame| frame.step == shown)
        })
    }

    /// Takes a picture; false if it is of another run or already known. While a step is pinned, the
    /// panels go on showing that one.
    pub fn take(&mut self, snapshot: Arc<Snapshot>) -> bool {
        let run = self.info.as_ref().map(|info| info.run);
        let is_new = self.live.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &snapshot));
        if run != Some(snapshot.run) || !is_new {
            return false;
        }
        if !self.is_pinned {
            self.show(snapshot.clone());
        }
        self.is_building = false;
        self.live = Some(snapshot);
        true
    }

    fn show(&mut self, snapshot: Arc<Snapshot>) {
        self.snapshot = Some(snapshot);
        self.generation += 1;
    }

    /// Shows the kept picture of a step, or of the nearest one before it, until [`Self::unpin`].
    pub fn pin(&mut self, step: u64) {
        self.looked_at = None;
        // The newest picture is no older than the newest kept one.
        let live = self.live.clone().filter(|live| live.step <= step);
        let Some(frame) = live.or_else(|| self.frames.at(step).cloned()) else { return };
        self.is_pinned = true;
        if self.snapshot.as_ref().is_none_or(|shown| !Arc::ptr_eq(shown, &frame)) {
            self.show(frame);
        }
    }

    /// Follows the run again.
    pub fn unpin(&mut self) {
        (self.is_pinned, self.looked_at) = (false, None);
        if let Some(live) = self.live.clone() {
            self.show(live);
        }
    }

    /// Notes that another run was asked for.
    pub fn expect_run(&mut self) {
        self.is_building = true;
        // Shown at once; the trainer's own report follows.
        self.trainer.activity = Activity::WarmingUp;
    }

    /// Steps trained, as the newest picture or row tells.
    pub fn step(&self) -> u64 {
        self.live.as_ref().map_or(0, |s| s.step).max(self.history.step)
    }

    /// The step that the panels show.
    pub fn shown_step(&self) -> u64 {
        match &self.snapshot {
            Some(snapshot) if self.is_pinned => snapshot.step,
            _ => self.step(),
        }
    }

    /// The newest view of a lane, whatever the panels show.
    pub fn live_lane(&self, id: LaneId) -> Option<&LaneView> {
        self.live.as_ref()?.lanes.iter().find(|lane| lane.id == id)
    }

    /// The view of a lane that the panels show.
    pub fn lane(&self, id: LaneId) -> Option<&LaneView> {
        self.snapshot.as_ref()?.lanes.iter().find(|lane| lane.id == id)
    }

    /// What was read of the watched file that each lane shows; none of a run that this program trained,
    /// which has many events.
    pub fn readings(&self) -> Option<[Option<&Reading>; 2]> {
        let (history, step) = (&self.history, self.shown_step());
        let read = || [LaneId::A, LaneId::B].map(|id| history.reading(id, step));
        (self.stage() == Stage::Watching).then(read)
    }

    /// The same of one lane.
    pub fn reading(&self, id: LaneId) -> Option<&Reading> {
        self.readings()?[id.index()]
    }

    /// A lane's name before what is said of it, "A: ", where several lanes are shown.
    pub fn prefix(&self, id: LaneId, after: &str) -> String {
        self.displayed().prefix(id, after)
    }

    /// What the axes of curves over steps are chosen for: what is known, or all of a film.
    pub fn history_of_axes(&self) -> &History {
        self.film.as_ref().map_or(&self.history, |film| &film.history)
    }

    /// What a lane was built from.
    pub fn spec(&self, id: LaneId) -> Option<&LaneSpec> {
        self.specs.iter().find(|spec| spec.id == id)
    }

    /// What a lane trains with, whatever the panels show.
    fn live_present(&self, id: LaneId) -> Option<Present<'_>> {
        let mut present = Present::from(self.spec(id)?);
        if let Some(view) = self.live_lane(id) {
            (present.learn_c, present.learn_w, present.lr, present.beta) =
                (view.learn_c, view.learn_w, view.lr, view.beta);
            present.switches = view.switches;
        }
        Some(present)
    }

    /// A text of the story with its figures: those of the step that is shown, and those of the steps
    /// that it names.
    pub fn told(&self, text: &Told) -> String {
        self.displayed().told(text, &self.history)
    }

    /// The text of the story that stands there at the step that is shown.
    pub fn caption(&self) -> Option<String> {
        let lesson = &self.lesson;
        if !self.is_pinned
            && let Some((_, beat)) = lesson.current()
        {
            return Some(self.told(&beat.text));
        }
        let shown = self.shown_step();
        let told = lesson.places().filter(|(number, at, beat)| {
            *at <= shown && beat.kind == BeatKind::Say && lesson.was_told(*number)
        });
        let last = told.max_by_key(|(number, at, _)| (*at, *number));
        last.map(|(_, _, beat)| self.told(&beat.text))
    }

    /// Tells the story as far as the run is, after so many seconds more; whether training must wait
    /// for it.
    pub fn tell(&mut self, seconds: f64) -> bool {
        let mut lesson = std::mem::take(&mut self.lesson);
        lesson.pass(seconds);
        let now = self.now();
        lesson.look(&now);
        let waits = lesson.waits().is_some() || lesson.holds_back(&now);
        self.lesson = lesson;
        waits
    }

    /// What is known of the run now, as its story sees it.
    fn now(&self) -> Now<'_> {
        Now {
            step: self.step(),
            lanes: [LaneId::A, LaneId::B].map(|id| self.live_present(id)),
            events: &self.history.events,
            has_input: self.has_input,
        }
    }

    /// The beat of the story that is told next if everything stays as it is.
    pub fn next_beat(&self) -> Option<usize> {
        self.lesson.next_told(&self.now())
    }

    /// Whether the device compiles kernels before the first step.
    pub fn compiles(&self) -> bool {
        self.info.as_ref().is_some_and(|info| info.device.compiles())
    }

    /// Whether the panes show the run before, because the next one is still being built.
    pub fn shows_run_before(&self) -> bool {
        !self.is_saved_pair && self.is_building && self.snapshot.is_some()
    }

    /// Whether a fork of the shown step is possible.
    pub fn can_fork(&self) -> bool {
        self.saving.folder.is_some() && self.failure.is_none()
    }

    /// Whether a new W can leave the codes of every lane where they are.
    pub fn can_keep_codes(&self) -> bool {
        self.specs.iter().all(|spec| spec.switches.can_keep_codes(spec.dim))
    }

    /// Whether the trainer trains now, as far as is known.
    pub fn is_running(&self) -> bool {
        matches!(self.trainer.activity, Activity::Running | Activity::WarmingUp)
            && self.failure.is_none()
    }
}
