//! Cards and words that lie over the panes.

pub mod arrays;
pub mod building;
pub mod cards;
pub mod explain;
pub mod gallery;
pub mod lesson_link;
pub mod modal;
pub mod palette;
pub mod question;
pub mod shelf;
pub mod toast;
pub mod tour;
