//! What a turn of the trainer's loop begins with and ends with.

use std::fmt;
use std::path::PathBuf;

use crate::archive::{ArchiveError, FolderError};
use crate::engine::RunError;
use crate::engine::run::Run;
use crate::scenario::Scenario;
use crate::session::recorder::Recorder;
use crate::session::visit::Visit;
use crate::text::shown;

/// What a run begins with.
#[derive(Clone, Debug)]
pub enum Begin {
    /// A scenario, at step 0.
    Fresh(Box<Scenario>),
    /// A scenario, and the way to a step of it.
    Visit(Box<Visit>),
    /// The newest save in a folder.
    Resume(PathBuf),
    /// A step of the run that was saved in a folder.
    Fork {
        /// The folder.
        from: PathBuf,
        /// Steps trained.
        step: u64,
    },
}

impl fmt::Display for Begin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fresh(scenario) => write!(f, "{} from step 0", shown(&scenario.title)),
            Self::Visit(visit) => {
                write!(f, "{} to step {}", shown(&visit.scenario.title), visit.way.step)
            }
            Self::Resume(folder) => write!(f, "going on with {}", folder.display()),
            Self::Fork { from, step } => write!(f, "a fork of {} at step {step}", from.display()),
        }
    }
}

/// What became of the wish for a run.
pub(super) enum Built {
    /// It can train.
    Ready(Box<(Run, Recorder)>),
    /// It was left before it was there.
    Left(Next),
}

/// What a round of the loop ends with.
pub(super) enum Next {
    Begin(Begin),
    Shutdown,
}

/// Why a round of the loop broke off.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("a thread could not be started ({0}); close other programs and restart the run")]
    Thread(#[from] std::io::Error),
    #[error("the trainer stopped unexpectedly ({0})")]
    Panic(String),
}
