//! The thread that looks at the folder of a run that another process trains.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::archive::{Archive, ArchiveError, Growing};
use crate::record::notice::Notice;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Origin, RunInfo, Saving, TrainerState, Update};
use crate::scenario::Pace;
use crate::session::follow::Wake;

/// Time between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// Looks in a row at which something is not whole before that is said: ten seconds.
const PATIENCE: u32 = 20;

/// Age of a save from which on it is asked whether anybody still writes.
const QUIET: Duration = Duration::from_secs(5);

/// Pictures that are read between two looks at what is new.
const PICTURES: usize = 8;

/// Rows in one message.
const ROWS: usize = 4096;

/// Messages that may wait for the window.
const UPDATES: usize = 64;

/// What the thread has to say.
pub enum News {
    /// For the window.
    Told(Update),
    /// The other process has let go of the run.
    Over,
}

/// When the newest save was seen, and how old it was then.
type Seen = Arc<Mutex<Option<(Instant, Duration)>>>;

/// The near end of the thread named "follower".
pub struct Reader {
    news: Receiver<News>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    seen: Seen,
    /// Dropped to end the thread.
    _stop: Sender<()>,
}

impl Reader {
    /// Starts the thread on a folder; `before` is called before each look at it.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn start(
        folder: &Path,
        before: impl FnMut() + Send + 'static,
        wake: Wake,
    ) -> std::io::Result<Self> {
        let (outbox, news) = bounded(UPDATES);
        let (stop, stopped) = bounded::<()>(0);
        let (slot, seen) = (Arc::new(ArcSwapOption::empty()), Seen::default());
        let follow = Follow {
            growing: Growing::new(folder),
            outbox,
            slot: slot.clone(),
            seen: seen.clone(),
            wake,
            run: 0,
            newest: None,
            saved: None,
            troubles: 0,
            was_locked: None,
        };
        // Not joined: a disk that does not answer keeps it, and nobody waits for that.
        std::thread::Builder::new()
            .name("follower".into())
            .spawn(move || follow.live(before, &stopped))?;
        Ok(Self { news, slot, seen, _stop: stop })
    }

    /// Everything so far.
    pub fn news(&self) -> impl Iterator<Item = News> + '_ {
        self.news.try_iter()
    }

    /// The newest picture, once.
    pub fn take_latest(&self) -> Option<Arc<Snapshot>> {
        self.slot.swap(None)
    }

    /// How old the newest save is.
    pub fn age(&self) -> Option<Duration> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.map(|(at, old)| old + at.elapsed())
    }
}

/// The far end.
struct Follow {
    growing: Growing,
    outbox: Sender<News>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    seen: Seen,
    wake: Wake,
    /// Counts how often the series began.
    run: u64,
    /// The newest picture.
    newest: Option<Arc<Snapshot>>,
    /// Step of the newest save, and when it was seen.
    saved: Option<(u64, Instant)>,
    /// Looks in a row at which something was not whole.
    troubles: u32,
    /// Whether another program on this machine was seen to have the run open; not asked yet.
    was_locked: Option<bool>,
}

/// The window is gone.
struct Gone;

impl Follow {
    fn live(mut self, mut before: impl FnMut(), stopped: &Receiver<()>) {
        if self.tell(Update::State(state(0.0))).is_err() {
            return;
        }
        loop {
            before();
            // What stands in a file must not end the thread without a word.
            let round = catch_unwind(AssertUnwindSafe(|| self.round()));
            let Ok(is_busy) = round.unwrap_or(Ok(false)) else { return };
            if self.is_over() {
                self.outbox.send(News::Over).ok();
                self.wake.call();
                return;
            }
            let pause = if is_busy { Duration::ZERO } else { LOOK };
            if stopped.recv_timeout(pause).is_err_and(|why| why.is_disconnected()) {
                return;
            }
        }
    }

    /// Looks once and hands out what is new; whether there are more pictures to read.
    fn round(&mut self) -> Result<bool, Gone> {
        let look = match self.growing.look() {
            Ok(look) => look,
            Err(error) => return self.waits(&error).map(|()| false),
        };
        let (is_saved, waits) = (look.is_saved, look.waits);
        if is_saved {
            self.note_age(look.begins);
        }
        if look.begins {
            self.begin()?;
        }
        for rows in look.rows.chunks(ROWS) {
            self.tell(Update::Rows(rows.to_vec()))?;
        }
        for event in look.events {
            self.tell(Update::Event(event))?;
        }
        // Those before it began stand in what it began with.
        for logged in look.logged.into_iter().filter(|_| !look.begins) {
            self.tell(Update::Logged(logged))?;
        }
        if is_saved {
            let rate = self.rate();
            self.tell(Update::State(state(rate)))?;
            self.say_saving()?;
        }
        let (is_busy, failed) = self.pictures()?;
        if is_saved && let Some((step, _)) = self.saved {
            log::debug!("handed out step {step}");
        }
        match waits.or(failed) {
            Some(error) => self.waits(&error)?,
            None => self.troubles = 0,
        }
        Ok(is_busy)
    }

    /// Reads the newest picture, and some of those before it; whether there are more, and why one is
    /// not whole.
    fn pictures(&mut self) -> Result<(bool, Option<ArchiveError>), Gone> {
        let (run, mut failed) = (self.run, None);
        let growing = &mut self.growing;
        let due = growing.due();
        let last = growing.archive().and_then(|archive| archive.keyframe_steps().last().copied());
        let known = self.newest.as_ref().map(|newest| newest.step);
        if let Some(last) = last.filter(|&last| known != Some(last)) {
            match growing.picture(last) {
                Ok(picture) => self.newest = Some(Arc::new(Snapshot { run, ..picture })),
                Err(error) => failed = Some(error),
            }
        }
        let mut read = Vec::new();
        for &step in &due {
            if read.len() == PICTURES {
                break;
            }
            match self.newest.clone().filter(|newest| newest.step == step) {
                Some(newest) => read.push(newest),
                None => match growing.picture(step) {
                    Ok(picture) => read.push(Arc::new(Snapshot { run, ..picture })),
                    Err(error) => failed = Some(error),
                },
            }
        }
        // Those that are not whole are tried again at the next look.
        let is_busy = read.len() == PICTURES;
        let newest = self.newest.clone().filter(|newest| known != Some(newest.step));
        if newest.is_some() {
            self.slot.store(newest);
        }
        for picture in read {
            self.tell(Update::Keyframe(picture))?;
        }
        self.wake.call();
        Ok((is_busy, failed))
    }

    /// Says what the series is.
    fn begin(&mut self) -> Result<(), Gone> {
        self.run += 1;
        (self.newest, self.saved) = (None, None);
        let run = self.run;
        let Some(archive) = self.growing.archive() else { return Ok(()) };
        let log = archive.manifest.log.clone();
        let info = RunInfo { run, origin: Origin::Saved { log }, ..archive.info() };
        self.tell(Update::Started(Box::new(info)))
    }

    fn say_saving(&mut self) -> Result<(), Gone> {
        let Some(Archive { path, manifest, .. }) = self.growing.archive() else {
            return Ok(());
        };
        let mut checkpoints: Vec<u64> = manifest.checkpoints.iter().map(|k| k.step).collect();
        checkpoints.sort_unstable();
        let saving = Saving { folder: Some(path.clone()), failure: None, checkpoints };
        self.tell(Update::Saving(saving))
    }

    /// Steps a second between the two newest saves.
    fn rate(&mut self) -> f64 {
        let step = self.growing.archive().map_or(0, |archive| archive.manifest.step);
        let now = Instant::now();
        let before = self.saved.replace((step, now));
        let since = before.map(|(before, at)| (step.saturating_sub(before), now - at));
        since.map_or(0.0, |(steps, took)| steps as f64 / took.as_secs_f64().max(1e-3))
    }

    /// A save is as old as it was not seen; one that was there before, as its file's time says.
    fn note_age(&mut self, is_first: bool) {
        let old = if is_first { self.growing.age() } else { Duration::ZERO };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), old));
    }

    /// Notes that something is not whole, and says so once it has been for long.
    fn waits(&mut self, error: &ArchiveError) -> Result<(), Gone> {
        self.troubles += 1;
        log::debug!("waits: {error}");
        let is_before = matches!(error, ArchiveError::NoRun(_)) && self.run == 0;
        if self.troubles == PATIENCE && !is_before {
            self.tell(Update::Notice(Notice::Error(error.to_string())))?;
        }
        Ok(())
    }

    /// Whether nobody writes the run any more: it was closed, or whoever had it open on this machine is
    /// gone. Of one that is trained elsewhere only the first can be known.
    fn is_over(&mut self) -> bool {
        let Some(archive) = self.growing.archive() else { return false };
        let is_open = archive.manifest.is_open;
        let is_quiet = self.saved.is_some_and(|(_, at)| at.elapsed() >= QUIET);
        if is_open && !is_quiet && self.was_locked.is_some() {
            return false;
        }
        // Asked seldom: while it is asked, nobody can begin to write.
        let Ok(is_locked) = self.growing.is_locked() else { return false };
        let was_locked = *self.was_locked.get_or_insert(is_locked);
        self.was_locked = Some(was_locked || is_locked);
        !is_locked && (!is_open || (was_locked && is_quiet))
    }

    fn tell(&self, update: Update) -> Result<(), Gone> {
        let told = self.outbox.send(News::Told(update)).map_err(|_gone| Gone);
        self.wake.call();
        told
    }
}

/// What another process does, and how fast.
fn state(rate: f64) -> TrainerState {
    TrainerState {
        steps_per_second: rate,
        ..TrainerState::without_speed(Activity::Following, Pace::default())
    }
}
