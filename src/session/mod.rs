//! A run that is lived: the thread that trains it, what it may be asked, what is kept of it.

pub mod command;
pub mod drive;
pub mod feed;
pub mod follow;
pub mod model;
pub mod recorder;
pub mod train_to;
pub mod visit;
pub mod worker;

use crate::engine::device::Choice;

/// The device that a session trains on, chosen and not open yet: what the window carries from the
/// command line to the trainer without a look inside.
#[derive(Clone, Debug)]
pub struct ChosenDevice(pub Choice);
