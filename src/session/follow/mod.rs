//! A run that another process trains, followed by what it saves, and gone on with once that ends.
//!
//! A thread of its own looks at the folder, because a disk, or a machine that stands in for one, may
//! take its time: the window asks for what is there and never waits. Nothing is written. What is asked
//! of a trainer is refused with a sentence, but a fork, another run or a story begins here, on a trainer
//! of this process; as does the run itself once the other process has let go of it.

mod reader;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::mem::discriminant;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::record::notice::Notice;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Failure, Update};
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::session::worker::{Begin, Start, Trainer};
use reader::{News, Reader};

/// What is called after everything that is handed out.
type Call = Box<dyn Fn() + Send>;

/// What wakes the window, which may be gone before the thread that reads is.
#[derive(Clone)]
struct Wake(Arc<Mutex<Option<Call>>>);

impl Wake {
    fn call(&self) {
        if let Some(wake) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            wake();
        }
    }

    fn forget(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// The window's end of a run that is followed.
pub struct Follower {
    folder: PathBuf,
    wake: Wake,
    now: RefCell<Now>,
}

struct Now {
    stage: Stage,
    /// What a trainer here begins with.
    start: Start,
    /// What is said here.
    told: Vec<Update>,
    /// What holds for a trainer that takes over.
    later: Vec<Command>,
}

enum Stage {
    Following(Reader),
    Training(Box<Trainer>),
    /// No trainer could be started.
    Neither,
}

impl Follower {
    /// Follows the run in a folder; `start` says how a trainer begins here, whatever it begins with.
    /// `wake` is called after everything that is handed out.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn start(
        folder: PathBuf,
        start: Start,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::looking_after(folder, start, || (), wake)
    }

    /// As [`Self::start`]; `before` is called, on the thread that reads, before each look at the folder.
    fn looking_after(
        folder: PathBuf,
        start: Start,
        before: impl FnMut() + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let wake = Wake(Arc::new(Mutex::new(Some(Box::new(wake)))));
        let stage = Stage::Following(Reader::start(&folder, before, wake.clone())?);
        let now = Now { stage, start, told: Vec::new(), later: Vec::new() };
        Ok(Self { folder, wake, now: RefCell::new(now) })
    }

    /// Begins with a run of this process in the place of the one that is followed.
    fn train(&self, now: &mut Now, begin: Begin) {
        let is_playing = matches!(begin, Begin::Fresh(_) | Begin::Visit(_));
        let start = Start { begin, is_playing, ..now.start.clone() };
        let wake = self.wake.clone();
        match Trainer::start(start, move || wake.call()) {
            Ok(trainer) => {
                for command in now.later.drain(..) {
                    // It has just begun: there is room.
                    trainer.send(command);
                }
                now.stage = Stage::Training(Box::new(trainer));
            }
            Err(why) => {
                let sentence = no_trainer(&why);
                now.told.push(Update::Failed(Failure { sentence, way_on: None }));
                now.stage = Stage::Neither;
            }
        }
    }
}

/// The error where the operating system refuses a thread.
fn no_trainer(why: &std::io::Error) -> String {
    format!("no trainer could be started ({why}); close other programs")
}

impl Now {
    /// What a command means while another process trains: a run that begins here, or nothing.
    fn obey(&mut self, command: Command, folder: &Path) -> Option<Begin> {
        match command {
            Command::Restart(scenario) => return Some(Begin::Fresh(scenario)),
            Command::Visit(visit) => return Some(Begin::Visit(visit)),
            Command::Resume(other) => return Some(Begin::Resume(other)),
            Command::Fork { step } => return Some(Begin::Fork { from: folder.into(), step }),
            Command::SetPace(pace) => self.start.pace = pace,
            Command::Tell(mode) => self.start.mode = mode,
            Command::SetBasis(_) | Command::LookAt(_) | Command::Keep(_) => {
                self.later.retain(|other| discriminant(other) != discriminant(&command));
                self.later.push(command);
            }
            Command::Play
            | Command::StepOnce
            | Command::Set { .. }
            | Command::Note(_)
            | Command::Draw(..)
            | Command::GoOn(_) => self.told.push(Update::Notice(Notice::ReadOnly)),
            // What stops a run, or holds for one that trains here.
            Command::Pause
            | Command::Wait
            | Command::HaltAt(_)
            | Command::Read(_)
            | Command::Cancel
            | Command::Steer(..)
            | Command::Shutdown => {}
        }
        None
    }
}

impl Feed for Follower {
    fn send(&self, command: Command) -> bool {
        let now = &mut *self.now.borrow_mut();
        if let Stage::Training(trainer) = &now.stage {
            return trainer.send(command);
        }
        if let Some(begin) = now.obey(command, &self.folder) {
            self.train(now, begin);
        }
        if !now.told.is_empty() {
            self.wake.call();
        }
        true
    }

    fn updates(&self) -> Vec<Update> {
        let now = &mut *self.now.borrow_mut();
        let mut all = std::mem::take(&mut now.told);
        let mut is_over = false;
        match &now.stage {
            Stage::Training(trainer) => all.extend(trainer.updates()),
            Stage::Following(reader) => {
                for news in reader.news() {
                    match news {
                        News::Told(update) => all.push(update),
                        News::Over => is_over = true,
                    }
                }
            }
            Stage::Neither => {}
        }
        for update in &all {
            if let Update::Started(info) = update {
                now.start.after_run = info.run;
            }
        }
        if is_over {
            self.train(now, Begin::Resume(self.folder.clone()));
        }
        all
    }

    fn take_latest(&self) -> Option<Arc<Snapshot>> {
        match &self.now.borrow().stage {
            Stage::Training(trainer) => trainer.take_latest(),
            Stage::Following(reader) => reader.take_latest(),
            Stage::Neither => None,
        }
    }

    fn age(&self) -> Option<Duration> {
        match &self.now.borrow().stage {
            Stage::Following(reader) => reader.age(),
            Stage::Training(_) | Stage::Neither => None,
        }
    }
}

impl Drop for Follower {
    /// A trainer is waited for; the thread that reads is not, because a disk may keep it.
    fn drop(&mut self) {
        self.now.borrow_mut().stage = Stage::Neither;
        self.wake.forget();
    }
}
