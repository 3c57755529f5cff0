//! Pictures of the window that were asked for.

use std::sync::mpsc::{Receiver, Sender, channel};

use crate::ui::state::AppState;

/// What became of pictures that were asked for.
pub struct Pictures {
    sender: Sender<Result<String, String>>,
    receiver: Receiver<Result<String, String>>,
}

impl Default for Pictures {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

impl Pictures {
    /// Where it is told what became of one.
    pub fn sender(&self) -> Sender<Result<String, String>> {
        self.sender.clone()
    }
}

impl AppState {
    /// Says what became of pictures.
    pub fn take_pictures(&mut self) {
        let all: Vec<_> = self.pictures.receiver.try_iter().collect();
        for outcome in all {
            match outcome {
                Ok(said) => self.toast = Some(said),
                Err(why) => self.run.notice = Some(why),
            }
        }
    }
}
