//! What is kept of a run while it trains: keyframes, checkpoints, saves.
//!
//! Which steps are kept depends on steps, sizes and events alone. Only how often the run is saved
//! depends on the clock, and a later save replaces an earlier one.

mod keeper;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::archive::{Asleep, Cadence, Folder, FolderError, Kept, Manifest, Saver, Task};
use crate::engine::views::Freshness;
use crate::engine::{Run, RunError};
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::session::recorder::keeper::Keeper;

/// Steps between two keyframes before any thinning.
pub const KEYFRAME_STEPS: u64 = 25;

/// Steps within which the next value of the same control is one drag with the value before: the
/// picture before the drag is kept, and none on the way.
const DRAG_STEPS: u64 = 25;

/// Steps between two checkpoints of a small model before any thinning.
const CHECKPOINT_STEPS: u64 = 200;

/// Bytes of a checkpoint above which they are made less often, so that a step of a large model does
/// not wait for its copies.
const SMALL_CHECKPOINT: u64 = 4 << 20;

/// Least time between two saves, unless somebody wants it otherwise.
pub const SAVE_INTERVAL: Duration = Duration::from_secs(2);

/// Times its own cost that a save waits, so that saving takes at most so small a part of the time.
const SAVE_SHARE: u32 = 25;

/// Age of the newest kept picture from which on a save brings one of its own step along, for whoever
/// follows the run: a slow run, or a long one whose pictures lie far apart, keeps one seldom.
const OLD_PICTURE: Duration = Duration::from_secs(5);

/// Bytes that may be kept of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Of keyframes.
    pub keyframes: u64,
    /// Of checkpoints.
    pub checkpoints: u64,
}

impl Budgets {
    /// Megabytes of keyframes and of checkpoints.
    pub fn of_megabytes(keyframes: u64, checkpoints: u64) -> Self {
        Self { keyframes: keyframes << 20, checkpoints: checkpoints << 20 }
    }
}

impl Default for Budgets {
    fn default() -> Self {
        Self { keyframes: 256 << 20, checkpoints: 2 << 30 }
    }
}

/// Decides what is kept and hands it to the saver.
pub struct Recorder {
    keyframes: Cadence,
    checkpoints: Option<Cadence>,
    budgets: Option<Budgets>,
    /// The newest setting made by hand.
    by_hand: Option<Logged>,
    /// Step of the keyframe that is there only because the run was left at it.
    left: Option<u64>,
    keeper: Keeper,
    /// When the newest picture was made.
    pictured: Instant,
    old_picture: Duration,
    saved: Instant,
    save_interval: Duration,
    /// What a save cost this thread.
    own_cost: Duration,
}

impl Recorder {
    /// A recorder that writes into `folder`, or one that keeps pictures alone; without budgets it
    /// writes tables and keeps nothing.
    ///
    /// # Errors
    /// The operating system refuses the saver's thread.
    pub fn new(folder: Option<Folder>, budgets: Option<Budgets>) -> std::io::Result<Self> {
        Self::going_on(folder, budgets, &[])
    }

    /// A recorder of a run that has steps behind it: it keeps what `folder` does, and goes on as if
    /// the run had never been left. `events` are those handed out before.
    ///
    /// # Errors
    /// The operating system refuses the saver's thread.
    pub fn going_on(
        mut folder: Option<Folder>,
        budgets: Option<Budgets>,
        events: &[Event],
    ) -> std::io::Result<Self> {
        let (mut recorder, gone) =
            Self::after(folder.as_ref().map(Folder::manifest), budgets, events);
        if let (Some(folder), Some(_)) = (&mut folder, budgets) {
            folder.forget(&gone[0], &gone[1]);
        }
        if let Some(folder) = folder {
            recorder.keeper = Keeper::Saver(Saver::start(folder)?);
        }
        Ok(recorder)
    }

    /// A recorder of a saved run that is looked at: nothing is written until it goes on, and then it
    /// keeps what its folder does.
    pub fn looking(run: Asleep, budgets: Budgets, events: &[Event]) -> Self {
        let (mut recorder, gone) = Self::after(Some(run.manifest()), Some(budgets), events);
        recorder.keeper = Keeper::Asleep { run: Box::new(run), gone, waiting: Vec::new() };
        recorder
    }

    /// A recorder that goes on where `saved` ends, and keeps it nowhere; also the steps of the
    /// keyframes and of the checkpoints that no longer count.
    fn after(
        saved: Option<&Manifest>,
        budgets: Option<Budgets>,
        events: &[Event],
    ) -> (Self, [Vec<u64>; 2]) {
        let room = budgets.unwrap_or_default();
        let mut keyframes = Cadence::new(KEYFRAME_STEPS, room.keyframes);
        let (mut checkpoints, mut by_hand, mut left) = (None, None, None);
        let mut gone = [Vec::new(), Vec::new()];
        protect(&mut keyframes, events);
        if let (Some(saved), Some(_)) = (saved, budgets) {
            (by_hand, left) = (saved.log.last().copied(), saved.left);
            let marks = saved.log.iter().map(|logged| logged.step);
            let marks = marks.chain(saved.forked_from.iter().map(|parent| parent.step));
            marks.for_each(|step| keyframes.protect(step));
            // What came after the newest save comes again.
            let last = saved.newest.as_ref().map_or(u64::MAX, |newest| newest.step);
            let pictures = saved.keyframes.iter().filter(|kept| Some(kept.step) != left);
            gone[0] = refill(&mut keyframes, pictures.collect(), last);
            if let Some(first) = saved.checkpoints.iter().min_by_key(|kept| kept.step) {
                let cadence = checkpoints.insert(checkpoint_cadence(first.size(), room));
                gone[1] = refill(cadence, saved.checkpoints.iter().collect(), last);
            }
        }
        let recorder = Self {
            keyframes,
            checkpoints,
            budgets,
            by_hand,
            left,
            keeper: Keeper::None,
            pictured: Instant::now(),
            old_picture: OLD_PICTURE,
            saved: Instant::now(),
            save_interval: SAVE_INTERVAL,
            own_cost: Duration::ZERO,
        };
        (recorder, gone)
    }

    /// Saves with another least time in between.
    pub fn saving_every(self, save_interval: Duration) -> Self {
        Self { save_interval, ..self }
    }

    /// Brings a picture along with a save where the newest one is older than this.
    #[cfg(test)]
    pub fn picturing_after(self, old_picture: Duration) -> Self {
        Self { old_picture, ..self }
    }

    /// Leaves time out of the account in which the run did not train, because others had their turn.
    pub fn leave_out(&mut self, time: Duration) {
        self.saved += time;
    }

    /// Keeps and saves the state before the first step.
    ///
    /// # Errors
    /// What the device reports.
    pub fn begin(&mut self, run: &mut Run) -> Result<Option<Arc<Snapshot>>, RunError> {
        let kept = self.after_step(run)?;
        self.save(run, false)?;
        Ok(kept)
    }

    /// Looks at the run after a step; gives the keyframe if one was made.
    ///
    /// # Errors
    /// What the device reports.
    pub fn after_step(&mut self, run: &mut Run) -> Result<Option<Arc<Snapshot>>, RunError> {
        let Some(budgets) = self.budgets else { return Ok(None) };
        let step = run.step_count();
        let is_last = step == run.scenario().steps;
        let kept = if self.keyframes.is_due(step) || is_last || self.is_at_change(run) {
            self.keyframe(run, Freshness::Kept)?
        } else {
            None
        };
        if self.keeps() {
            if self.checkpoints.as_ref().is_none_or(|c| c.is_due(step)) {
                self.checkpoint(run, budgets)?;
            }
            let saver_cost = match &self.keeper {
                Keeper::Saver(saver) => saver.cost(),
                _ => Duration::ZERO,
            };
            let interval = self.save_interval.max(SAVE_SHARE * (self.own_cost + saver_cost));
            if self.saved.elapsed() >= interval {
                self.save(run, false)?;
            }
        }
        Ok(kept)
    }

    /// Whether the story changes something after this step.
    fn is_at_change(&self, run: &Run) -> bool {
        let step = run.step_count();
        let changes = &run.scenario().change;
        changes.iter().any(|c| c.step.max(1) == step + 1 || c.step.max(1) == step)
    }

    /// Keeps what all panels show now, before a setting is made by hand. While a control is dragged
    /// that is done once: the way back to a step in between is trained, from the settings alone.
    ///
    /// # Errors
    /// What the device reports.
    pub fn mark_setting(
        &mut self,
        run: &mut Run,
        logged: Logged,
    ) -> Result<Option<Arc<Snapshot>>, RunError> {
        self.keyframes.protect(logged.step);
        let before = self.by_hand.replace(logged);
        if before.is_some_and(|before| is_one_drag(&before, &logged)) {
            return Ok(None);
        }
        self.mark(run)
    }

    /// Keeps what all panels show now.
    ///
    /// # Errors
    /// What the device reports.
    pub fn mark(&mut self, run: &mut Run) -> Result<Option<Arc<Snapshot>>, RunError> {
        let step = run.step_count();
        self.keyframes.protect(step);
        if self.keyframes.at_or_before(step) == Some(step) {
            return Ok(None);
        }
        // Reconstructions of this very step, beside those that other kept pictures share: a run that
        // comes here without being marked keeps the same.
        self.keyframe(run, Freshness::Still)
    }

    /// Keeps a picture of this step or an earlier one that somebody has drawn into, unless that step has
    /// one.
    pub fn keep_drawn(&mut self, picture: &Arc<Snapshot>) -> Option<Arc<Snapshot>> {
        let step = picture.step;
        self.write_on();
        self.keyframes.protect(step);
        if self.keyframes.at_or_before(step) == Some(step) {
            return None;
        }
        let gone = self.keyframes.add(step, picture.bytes() as u64);
        // It counts from here on.
        self.left = self.left.filter(|&left| left != step);
        self.keeper.send(Task::Keyframe(picture.clone(), gone));
        Some(picture.clone())
    }

    /// Passes on what was handed out; what is around an event stays.
    pub fn news(&mut self, rows: &[StepRow], events: &[Event]) {
        protect(&mut self.keyframes, events);
        if let Keeper::Asleep { run, waiting, .. } = &mut self.keeper
            && rows.iter().all(|row| row.step <= run.manifest().step)
        {
            // What the save brought along is in the tables; to look from elsewhere is still to look.
            waiting.extend((!rows.is_empty()).then(|| Task::Rows(rows.to_vec())));
            waiting.extend((!events.is_empty()).then(|| Task::Events(events.to_vec())));
            return;
        }
        if !rows.is_empty() {
            self.keeper.send(Task::Rows(rows.to_vec()));
        }
        if !events.is_empty() {
            self.keeper.send(Task::Events(events.to_vec()));
        }
    }

    /// Passes on a setting made by hand.
    pub fn log(&mut self, logged: Logged) {
        self.keeper.send(Task::Log(logged));
    }

    /// Saves the run as it is now.
    ///
    /// # Errors
    /// What the device reports.
    pub fn save(&mut self, run: &mut Run, is_ended: bool) -> Result<(), RunError> {
        if self.keeps() {
            let start = Instant::now();
            let newest = Box::new(run.save()?);
            // What was only looked at goes on with its next step.
            let is_asleep = matches!(self.keeper, Keeper::Asleep { .. });
            if !is_asleep && self.pictured.elapsed() >= self.old_picture {
                self.picture_beside(run)?;
            }
            self.own_cost = start.elapsed();
            self.keeper.send(Task::Commit { newest, is_ended });
            self.saved = Instant::now();
        }
        Ok(())
    }

    /// Makes a picture of this step that is beside the budget, until the next one takes its place.
    fn picture_beside(&mut self, run: &mut Run) -> Result<(), RunError> {
        let step = run.step_count();
        let is_kept = self.keyframes.at_or_before(step) == Some(step);
        if !is_kept
            && self.left != Some(step)
            && let Some(snapshot) = run.snapshot(Freshness::Still)?
        {
            let gone = self.left.replace(step).into_iter().collect();
            self.keeper.send(Task::Left(Arc::new(snapshot), gone));
        }
        self.pictured = Instant::now();
        Ok(())
    }

    /// Saves the run where it is left, together with what all panels show there. The state is taken
    /// first, and the picture is beside the budget until the next one takes its place: a run that
    /// goes on from it keeps the same pictures as one that was never left.
    ///
    /// # Errors
    /// What the device reports.
    pub fn leave(&mut self, run: &mut Run, is_ended: bool) -> Result<(), RunError> {
        // A run that was looked at is left as it was.
        let is_asleep = matches!(self.keeper, Keeper::Asleep { .. });
        if self.keeps() && !is_asleep {
            let newest = Box::new(run.save()?);
            self.picture_beside(run)?;
            self.keeper.send(Task::Commit { newest, is_ended });
        }
        Ok(())
    }

    /// Whether anything but tables is written, or will be once the run goes on.
    fn keeps(&self) -> bool {
        let is_kept = matches!(self.keeper, Keeper::Saver(_) | Keeper::Asleep { .. });
        is_kept && self.budgets.is_some()
    }

    /// Whether the saver has failed; [`Self::finish`] says why.
    pub fn has_failed(&self) -> bool {
        self.keeper.has_failed()
    }

    /// Step of the newest checkpoint.
    pub fn newest_checkpoint(&self) -> Option<u64> {
        self.checkpoints.as_ref().and_then(|c| c.at_or_before(u64::MAX))
    }

    /// Steps of the checkpoints, rising.
    pub fn checkpoint_steps(&self) -> Vec<u64> {
        self.checkpoints.iter().flat_map(Cadence::steps).collect()
    }

    /// Ends the saver, which has failed, and gives the reason; the run is recorded on without it.
    pub fn stop_saving(&mut self) -> Option<FolderError> {
        std::mem::replace(&mut self.keeper, Keeper::None).finish().err()
    }

    /// Waits for the saver and gives its folder back; a run that was only looked at has none.
    ///
    /// # Errors
    /// Something could not be written.
    pub fn finish(self) -> Result<Option<Folder>, FolderError> {
        self.keeper.finish()
    }

    /// Writes a run that is looked at from here on, although it may not go on: somebody has drawn into it.
    pub fn write_on(&mut self) {
        self.keeper.write_on();
    }

    fn keyframe(
        &mut self,
        run: &mut Run,
        freshness: Freshness,
    ) -> Result<Option<Arc<Snapshot>>, RunError> {
        let Some(snapshot) = run.snapshot(freshness)?.map(Arc::new) else {
            return Ok(None);
        };
        // All that is known by now, whoever was told: when that is depends on the clock.
        protect(&mut self.keyframes, run.untold());
        let mut gone = self.keyframes.add(snapshot.step, snapshot.bytes() as u64);
        gone.extend(self.left.take().filter(|&left| left != snapshot.step));
        self.pictured = Instant::now();
        self.keeper.send(Task::Keyframe(snapshot.clone(), gone));
        Ok(Some(snapshot))
    }

    fn checkpoint(&mut self, run: &mut Run, budgets: Budgets) -> Result<(), RunError> {
        let state = Box::new(run.save()?);
        let bytes = state.bytes() as u64;
        // How often depends on the size, which is known with the first.
        let cadence = self.checkpoints.get_or_insert_with(|| checkpoint_cadence(bytes, budgets));
        let gone = cadence.add(state.step, bytes);
        self.keeper.send(Task::Checkpoint(state, gone));
        Ok(())
    }
}

/// What is around events stays; captions and views change nothing.
fn protect(keyframes: &mut Cadence, events: &[Event]) {
    events.iter().filter_map(Event::kept_step).for_each(|step| keyframes.protect(step));
}

/// Puts what a folder keeps until step `last` into a cadence; gives the steps that go.
fn refill(cadence: &mut Cadence, mut kept: Vec<&Kept>, last: u64) -> Vec<u64> {
    kept.sort_by_key(|kept| kept.step);
    let (until, after): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.step <= last);
    let thinned = until.into_iter().flat_map(|kept| cadence.refill(kept.step, kept.size()));
    thinned.chain(after.iter().map(|kept| kept.step)).collect()
}

/// Whether a setting follows the one before as the values of a control that is dragged do.
fn is_one_drag(before: &Logged, now: &Logged) -> bool {
    let is_near = now.step.checked_sub(before.step).is_some_and(|steps| steps < DRAG_STEPS);
    let is_same = now.setting.is_of_one_control_with(before.setting);
    is_near && is_same && before.lane == now.lane
}

fn checkpoint_cadence(bytes: u64, budgets: Budgets) -> Cadence {
    let steps = CHECKPOINT_STEPS * bytes.div_ceil(SMALL_CHECKPOINT).max(1);
    Cadence::new(steps, budgets.checkpoints)
}
