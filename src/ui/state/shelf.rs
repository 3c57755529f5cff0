//! The list of saved runs, and the two lanes chosen of them.

use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::archive::pair::Side;
use crate::archive::shelf::{self, Entry};
use crate::ui::state::AppState;
use crate::words;

/// The shelf while it is open.
pub struct Shelf {
    /// Where the list comes from, which a thread reads.
    pub reading: Option<Receiver<(Vec<Entry>, Vec<String>)>>,
    /// Saved runs, the newest first.
    pub entries: Vec<Entry>,
    /// Runs that cannot be opened, in sentences.
    pub broken: Vec<String>,
    /// The lanes chosen for A and B.
    pub sides: [Option<Side>; 2],
    /// Why the chosen two cannot be looked at.
    pub refusal: Option<String>,
}

impl Shelf {
    /// A shelf whose list is read on a thread of its own.
    pub fn open(home: &std::path::Path) -> Self {
        let (sender, receiver) = channel();
        let home = home.to_path_buf();
        let reader = move || {
            sender.send(shelf::list(&home)).ok();
        };
        let is_started = std::thread::Builder::new().name("shelf".into()).spawn(reader).is_ok();
        let broken = if is_started {
            Vec::new()
        } else {
            vec![words!("notice-no-thread-could-be-started").into()]
        };
        Self {
            reading: is_started.then_some(receiver),
            entries: Vec::new(),
            broken,
            sides: [None, None],
            refusal: None,
        }
    }

    /// A shelf of a list that is there.
    #[cfg(test)]
    pub fn of(entries: Vec<Entry>, broken: Vec<String>) -> Self {
        Self { reading: None, entries, broken, sides: [None, None], refusal: None }
    }

    /// Takes the list once it is read.
    pub fn look(&mut self) {
        let Some(reading) = &self.reading else { return };
        match reading.try_recv() {
            Ok((entries, broken)) => {
                (self.entries, self.broken, self.reading) = (entries, broken, None);
            }
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => {
                self.broken = vec![words!("notice-the-list-could-not-be").into()];
                self.reading = None;
            }
        }
    }
}

impl AppState {
    /// Opens or closes the shelf; without a folder of runs it says why there is none.
    pub fn toggle_shelf(&mut self) {
        self.cards.shelf = match (&self.cards.shelf, &self.host.home) {
            (None, Some(home)) => Some(Shelf::open(home)),
            (None, None) => {
                self.run.notice = Some(words!("notice-runs-of-this-window-are").into());
                None
            }
            (Some(_), _) => None,
        };
    }
}
