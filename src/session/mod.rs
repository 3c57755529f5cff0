//! A run that is lived: the thread that trains it, what it may be asked, what is kept of it.

pub mod command;
pub mod feed;
pub mod recorder;
pub mod train_to;
pub mod visit;
pub mod worker;
