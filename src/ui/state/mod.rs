//! The state of the window: what is known of the run, what is asked for, what is remembered.
//!
//! Panels change the state through the methods here and never talk to the trainer: a method notes
//! the wish in the draft, which the next restart trains, and puts commands into the outbox, which
//! the shell empties once a frame.

pub mod frames;
pub mod known;
mod prefs;
pub mod screen;
mod settings;
#[cfg(test)]
mod tests;
mod undo;
pub mod way_out;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::archive::pair::Pair;
use crate::archive::shelf::{self, CutOff};
use crate::figure::panel::Panel;
use crate::machine;
use crate::record::setting::{BasisMode, Setting};
use crate::record::status::{Activity, Update};
use crate::scenario::{CodeUpdate, LaneId, OnSwitch, Pace, Scenario, Upkeep, demos, parse};
use crate::session::command::{Command, GoOn};
use crate::ui::cache::views::Views;
use crate::ui::input::links::Visiting;
use crate::ui::input::pictures::Pictures;
use crate::ui::overlays::shelf::Shelf;
use crate::ui::panes::playhead::{ForkWish, Playback, RATE};
use crate::ui::state::frames::Record;
use crate::ui::state::known::Known;
pub use crate::ui::state::prefs::{Prefs, Tab};
use crate::ui::state::settings::cold_part;
use crate::ui::state::undo::Undo;
use crate::ui::state::way_out::WayOut;

/// Which lanes a slider writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Both lanes.
    Both,
    /// One lane alone.
    One(LaneId),
}

/// What the shell tells the window about itself.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// "glow" or "wgpu", and why.
    pub renderer: String,
    /// Whether the shell clears the window with the panels' colour, so that nobody else must.
    pub has_background: bool,
    /// Where pictures are saved; empty for the folder in which the program was started.
    pub pictures: PathBuf,
    /// Bytes of checkpoints that may be kept of a run.
    pub checkpoint_room: u64,
    /// Memory of the machine in bytes; 0 where it is not known.
    pub machine_memory: u64,
    /// Memory of the process in bytes.
    pub memory_bytes: Option<u64>,
    /// Frames drawn per second while training; 0 where nothing measures it.
    pub frames_per_second: f64,
}

/// The state of the window.
pub struct AppState {
    /// What is known of the run.
    pub known: Known,
    /// Name of the story: a built-in one or a path.
    pub story: String,
    /// The story as it was read.
    pub original: Scenario,
    /// What the next restart trains.
    pub draft: Scenario,
    /// What is kept between starts.
    pub prefs: Prefs,
    /// The lane that the keys W and C act on.
    pub side: LaneId,
    /// The lanes that sliders act on.
    pub target: Target,
    /// Whether the list of keys is shown.
    pub is_help_open: bool,
    /// The part of the window that takes the room of the others.
    pub enlarged: Option<Panel>,
    /// Whether the gallery of stories is shown.
    pub is_gallery_open: bool,
    /// A recording that is being played back.
    pub playback: Option<Playback>,
    /// Recorded steps a second of a playback.
    pub playback_rate: f64,
    /// The part of the recording that is played in a loop.
    pub loop_range: Option<(u64, u64)>,
    /// Where a drag with Shift began.
    pub loop_anchor: Option<u64>,
    /// A fork that was asked for and takes long.
    pub fork_wish: Option<ForkWish>,
    /// The folder in which each run is saved.
    pub home: Option<PathBuf>,
    /// Whether that is the program's own folder, in which old runs make room for new ones.
    pub is_own_home: bool,
    /// A run whose window was closed without warning, as long as nobody has answered.
    pub cut_off: Option<CutOff>,
    /// Whether the card of a failure was closed without an answer.
    pub is_failure_closed: bool,
    /// The list of saved runs, while it is open.
    pub shelf: Option<Shelf>,
    /// The live run, while two saved ones are looked at in its place.
    pub aside: Option<Box<Known>>,
    /// The run whose settings the draft has taken over, or was restarted with.
    pub(super) followed: u64,
    /// What becomes of a divergence.
    pub(super) way_out: WayOut,
    /// What the shell tells.
    pub host: Host,
    /// Textures and meshes made from the newest picture.
    pub views: Views,
    /// Changes of the draft that can be undone.
    pub undo: Undo,
    /// A link's step that the run is on its way to.
    pub visiting: Option<Visiting>,
    /// Pictures that were asked for.
    pub pictures: Pictures,
    /// What was done last, for the status bar.
    pub said: Option<String>,
    outbox: Vec<Command>,
}

impl AppState {
    /// A window on a scenario that has not started.
    pub fn new(story: &str, scenario: Scenario) -> Self {
        Self {
            known: Known::default(),
            story: story.into(),
            original: scenario.clone(),
            draft: scenario,
            prefs: Prefs::default(),
            side: LaneId::A,
            target: Target::Both,
            is_help_open: false,
            enlarged: None,
            is_gallery_open: false,
            playback: None,
            playback_rate: RATE,
            loop_range: None,
            loop_anchor: None,
            fork_wish: None,
            home: None,
            is_own_home: true,
            cut_off: None,
            is_failure_closed: false,
            shelf: None,
            aside: None,
            followed: 0,
            way_out: WayOut::default(),
            host: Host { machine_memory: machine::memory(), ..Host::default() },
            views: Views::default(),
            undo: Undo::default(),
            visiting: None,
            pictures: Pictures::default(),
            said: None,
            outbox: Vec::new(),
        }
    }

    /// Takes the commands that wait for the trainer.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.outbox)
    }

    /// Asks something of the trainer.
    pub fn ask(&mut self, command: Command) {
        self.outbox.push(command);
    }

    /// The scenario that trains, or the draft before the first run is built.
    pub fn running(&self) -> &Scenario {
        self.known.info.as_ref().map_or(&self.draft, |info| &info.scenario)
    }

    /// Play, or pause.
    pub fn toggle_play(&mut self) {
        // Nothing plays on before somebody says how.
        if self.known.failure.is_some() {
            self.is_failure_closed = false;
            return;
        }
        let is_running = self.known.is_running();
        self.outbox.push(if is_running { Command::Pause } else { Command::Play });
        // Shown at once; the trainer's own report follows.
        self.known.trainer.activity = if is_running { Activity::Paused } else { Activity::Running };
    }

    /// One step, then paused.
    pub fn step_once(&mut self) {
        if self.known.failure.is_some() {
            self.is_failure_closed = false;
            return;
        }
        self.known.trainer.activity = Activity::Paused;
        self.outbox.push(Command::StepOnce);
    }

    /// Shows the kept picture of a step, or of the nearest one before it, while training goes on.
    pub fn pin(&mut self, step: u64) {
        self.known.pin(step);
    }

    /// Goes back to a step of this run and stays there, paused, as a run of its own.
    pub fn fork(&mut self, step: u64) {
        (self.playback, self.visiting) = (None, None);
        self.outbox.push(Command::Fork { step });
    }

    /// Goes on with a saved run in the place of this one.
    pub fn resume(&mut self, folder: &Path) {
        (self.playback, self.visiting) = (None, None);
        self.back_to_live();
        self.outbox.push(Command::Resume(folder.into()));
        self.known.expect_run();
    }

    /// Says where the run goes on whose device failed.
    pub fn go_on(&mut self, on: GoOn) {
        let failure = self.known.failure.take();
        let Some(way_on) = failure.and_then(|failure| failure.way_on) else { return };
        self.playback = None;
        // Shown at once; the trainer's own report follows.
        self.known.trainer.activity = Activity::WarmingUp;
        self.outbox.push(Command::GoOn(on));
        // What goes on from a save is taken over from there.
        if way_on.step.is_some() {
            return;
        }
        if way_on.lost > 0 {
            self.draft = self.running().clone();
            self.undo = Undo::default();
        }
        // The way to a link's step has its own.
        if self.visiting.is_none() {
            self.outbox.push(Command::SetBasis(self.prefs.basis));
        }
    }

    /// Answers the question about a run that was cut off.
    pub fn answer_cut_off(&mut self, goes_on: bool) {
        let Some(run) = self.cut_off.take() else { return };
        if goes_on {
            self.resume(&run.path);
        } else if let Err(error) = shelf::dismiss(&run.path) {
            self.known.notice = Some(error.to_string());
        }
    }

    /// The live run, whatever is looked at.
    pub fn live_known(&mut self) -> &mut Known {
        self.aside.as_deref_mut().unwrap_or(&mut self.known)
    }

    /// Shows two saved lanes in the place of the live run, which waits.
    pub fn look_at(&mut self, pair: Pair) {
        self.back_to_live();
        if self.known.is_running() {
            self.toggle_play();
        }
        // As many pictures as of the live run.
        let record = Record::new(self.known.record.bytes().1);
        let mut known = Known { record, ..Known::default() };
        known.absorb(Update::Started(Box::new(pair.info)));
        known.specs = pair.specs;
        known.absorb(Update::Rows(pair.rows));
        pair.events.into_iter().for_each(|event| known.absorb(Update::Event(event)));
        let frames = pair.frames.into_iter().map(Arc::new);
        frames.for_each(|frame| known.absorb(Update::Keyframe(frame)));
        known.trainer.activity = Activity::Paused;
        known.is_building = false;
        known.pin(u64::MAX);
        // Textures and meshes are of another picture from here on.
        known.generation = self.known.generation + 1;
        self.aside = Some(Box::new(std::mem::replace(&mut self.known, known)));
    }

    /// Leaves the comparison of two saved runs.
    pub fn back_to_live(&mut self) {
        if let Some(live) = self.aside.take() {
            let generation = self.known.generation;
            self.known = *live;
            self.known.generation = generation + 1;
            self.playback = None;
            self.loop_range = None;
        }
    }

    /// Gives up what waits for an answer: a replay on its way, or a fork that was asked for.
    pub fn cancel(&mut self) {
        self.fork_wish = None;
        if matches!(self.known.trainer.activity, Activity::Replaying { .. }) {
            self.outbox.push(Command::Cancel);
        }
    }

    /// Steps per second from now on.
    pub fn set_pace(&mut self, pace: Pace) {
        self.known.trainer.pace = pace;
        self.outbox.push(Command::SetPace(pace));
    }

    /// Trains the story as it was written from step 0, with its own seed or the one after that of the
    /// run before. Settings made by hand leave the controls; Ctrl+Z brings them back there.
    pub fn restart_story(&mut self, with_next_seed: bool) {
        let mut story = self.original.clone();
        if with_next_seed {
            story.seed = self.running().seed.wrapping_add(1) & i64::MAX as u64;
        }
        let of_any_seed = |scenario: &Scenario| Scenario { seed: 0, ..scenario.clone() };
        if of_any_seed(&self.draft) != of_any_seed(&story) {
            self.said = Some(
                "the story starts anew as it was written; Ctrl+Z brings your settings back".into(),
            );
        }
        self.draft = story;
        self.leave_missing_lane();
        self.restart_as_set();
    }

    /// Whether the settings of the controls can train.
    ///
    /// # Errors
    /// Why not, in one sentence.
    pub fn check_draft(&self) -> Result<(), String> {
        self.draft.validate_with(self.host.machine_memory)
    }

    /// Trains the settings of the controls from step 0. A draft that cannot train is left alone; its
    /// panel says why.
    pub fn restart_as_set(&mut self) {
        if self.check_draft().is_err() {
            return;
        }
        (self.known.failure, self.visiting) = (None, None);
        self.outbox.push(Command::Restart(Box::new(self.draft.clone())));
        self.outbox.push(Command::SetBasis(self.prefs.basis));
        self.live_known().expect_run();
    }

    /// Loads a built-in story and starts it.
    pub fn load(&mut self, name: &str) {
        let Some(scenario) = demos::text(name).and_then(|text| parse(text, name, &[]).ok()) else {
            return;
        };
        self.story = name.into();
        self.original = scenario;
        self.back_to_the_story();
    }

    /// Forgets what was changed by hand and starts the story anew.
    pub fn back_to_the_story(&mut self) {
        self.draft = self.original.clone();
        self.undo = Undo::default();
        self.views.cameras = Default::default();
        self.leave_missing_lane();
        self.restart_as_set();
        self.set_pace(self.draft.pace);
    }

    /// Neither keys nor controls act on a lane that the draft does not have.
    fn leave_missing_lane(&mut self) {
        if self.draft.lanes.b.is_none() {
            self.side = LaneId::A;
            self.target = Target::Both;
        }
    }

    /// Whether anything was changed by hand.
    pub fn is_changed(&self) -> bool {
        self.draft != self.original
    }

    /// Whether nothing but the seed differs from the story.
    pub fn has_other_seed_alone(&self) -> bool {
        Scenario { seed: self.original.seed, ..self.draft.clone() } == self.original
    }

    /// Whether the draft differs from what trains in something that needs a restart.
    pub fn is_armed(&self) -> bool {
        cold_part(&self.draft) != cold_part(self.running())
    }

    /// How the axes of the maps are chosen.
    pub fn set_basis(&mut self, mode: BasisMode) {
        self.prefs.basis = mode;
        self.outbox.push(Command::SetBasis(mode));
    }

    /// What learns in a lane from the next step on.
    pub fn set_learn(&mut self, id: LaneId, learn_c: bool, learn_w: bool) {
        let on_switch = self.on_switch();
        let is_fixed = self.known.spec(id).is_some_and(|spec| spec.fixed.is_some());
        let Some(lane) = self.draft.lane_table_mut(id) else { return };
        // Nothing can learn in fixed codes, in those that train as in those that are asked for.
        if is_fixed || lane.method().fixed.is_some() {
            return;
        }
        (lane.learn_c, lane.learn_w) = (Some(learn_c), Some(learn_w));
        // As the trainer does: what moves codes onto encodings ends where C is not used as it is.
        if lane.method().switches.conflict(learn_c, learn_w).is_some() {
            (lane.update, lane.upkeep) = (Some(CodeUpdate::Gradient), Some(Upkeep::None));
        }
        let setting = Setting::Learn { c: learn_c, w: learn_w, on_switch };
        self.outbox.push(Command::Set { lane: Some(id), setting });
    }

    /// What a new W does with the codes: as chosen, but fresh ones where a W of low rank could not
    /// leave the old ones where they are.
    pub fn on_switch(&self) -> OnSwitch {
        if self.can_keep_codes() { self.prefs.on_switch } else { OnSwitch::Fresh }
    }

    /// Whether a new W can leave the codes of every lane where they are.
    pub fn can_keep_codes(&self) -> bool {
        self.known.specs.iter().all(|spec| spec.switches.can_keep_codes(spec.dim))
    }

    /// What learns in a lane now: as its newest view says, unless a switch is on its way.
    pub fn learns(&self, id: LaneId) -> Option<(bool, bool)> {
        let pending = self.outbox.iter().rev().find_map(|command| match command {
            Command::Set { lane, setting: Setting::Learn { c, w, .. } } if *lane == Some(id) => {
                Some((*c, *w))
            }
            _ => None,
        });
        let shown = self.known.live_lane(id).map(|view| (view.learn_c, view.learn_w));
        pending.or(shown).or_else(|| {
            self.draft.lane_table(id).map(|lane| {
                let method = lane.method();
                (method.learn_c, method.learn_w)
            })
        })
    }

    /// SimVQ becomes VQ, anything else becomes SimVQ.
    pub fn switch_method(&mut self) {
        match self.learns(self.side) {
            Some((false, true)) => self.set_learn(self.side, true, false),
            Some(_) => self.set_learn(self.side, false, true),
            None => {}
        }
    }

    /// W alone learns or is fixed.
    pub fn switch_w(&mut self) {
        if let Some((c, w)) = self.learns(self.side) {
            self.set_learn(self.side, c, !w);
        }
    }

    /// C alone learns or is frozen.
    pub fn switch_c(&mut self) {
        if let Some((c, w)) = self.learns(self.side) {
            self.set_learn(self.side, !c, w);
        }
    }

    /// The other lane, if there is one.
    pub fn change_side(&mut self) {
        if self.draft.lanes.b.is_some() {
            self.side = if self.side == LaneId::A { LaneId::B } else { LaneId::A };
        }
    }

    /// The lane whose values the sliders show.
    pub fn shown_lane(&self) -> LaneId {
        match self.target {
            Target::Both => LaneId::A,
            Target::One(id) => id,
        }
    }
}
