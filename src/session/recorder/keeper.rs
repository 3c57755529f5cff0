//! Where what is kept of a run goes: to the saver's thread, or nowhere.

use crate::archive::{Asleep, Folder, FolderError, Saver, Task};

/// Where what is kept goes.
pub enum Keeper {
    /// Nowhere.
    None,
    /// To the saver's thread.
    Saver(Saver),
    /// Nowhere yet: the run is looked at. Once it goes on, what no longer counts is let go of, and
    /// what was handed out meanwhile is written first.
    Asleep { run: Box<Asleep>, gone: [Vec<u64>; 2], waiting: Vec<Task> },
    /// The run went on, and its folder could not be opened.
    Failed(FolderError),
}

impl Keeper {
    /// Hands something to the saver.
    pub fn send(&mut self, task: Task) {
        self.write_on();
        if let Self::Saver(saver) = self {
            // A saver that failed takes nothing; whoever owns the run asks `has_failed`.
            saver.send(task);
        }
    }

    /// Writes the run from here on, although it may not go on: somebody has drawn into it.
    pub fn write_on(&mut self) {
        if matches!(self, Self::Asleep { .. }) {
            self.wake();
        }
    }

    /// The run goes on: its folder is written from here on.
    fn wake(&mut self) {
        let Self::Asleep { run, gone, waiting } = std::mem::replace(self, Self::None) else {
            return;
        };
        let place = run.path().to_path_buf();
        let woken = run.wake().and_then(|mut folder| {
            folder.forget(&gone[0], &gone[1]);
            Saver::start(folder).map_err(|error| FolderError::Write { place, error })
        });
        *self = match woken {
            Ok(saver) => {
                waiting.into_iter().for_each(|task| {
                    saver.send(task);
                });
                Self::Saver(saver)
            }
            Err(error) => Self::Failed(error),
        };
    }

    /// Whether something could not be written; [`Self::finish`] says why.
    pub fn has_failed(&self) -> bool {
        match self {
            Self::Saver(saver) => saver.has_failed(),
            Self::Failed(_) => true,
            Self::None | Self::Asleep { .. } => false,
        }
    }

    /// Waits for the saver and gives its folder back; a run that was only looked at has none.
    ///
    /// # Errors
    /// Something could not be written.
    pub fn finish(self) -> Result<Option<Folder>, FolderError> {
        match self {
            Self::Saver(saver) => saver.finish().map(Some),
            Self::Failed(error) => Err(error),
            Self::None | Self::Asleep { .. } => Ok(None),
        }
    }
}
