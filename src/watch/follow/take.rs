//! Who takes what is followed.

use crate::record::status::Update;

/// Takes an update; false where nobody wants another.
pub type Take<'a> = &'a mut dyn FnMut(Update) -> bool;
