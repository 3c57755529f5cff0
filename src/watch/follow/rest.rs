//! Which files have come to rest: what is still copied (`rsync --inplace`, a slow network) has the form of
//! a whole file before it is one, or is one of half an older file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::watch::follow::listing::Signature;

/// Age from which a file that is seen for the first time is not one that is being written.
const OLD: Duration = Duration::from_secs(10);

/// How many times as long a file that was seen to move may be unreadable before it is reported.
const LONGER: u32 = 5;

/// What is known of a file from the looks at its folder.
struct Known {
    signature: Signature,
    /// Looks in a row that found it unchanged.
    looks: u32,
    /// Whether it was seen to change.
    has_changed: bool,
    /// Whether it had just been written when it was seen for the first time.
    is_young: bool,
}

/// The files of a folder, by size and time.
#[derive(Default)]
pub struct Rest {
    files: BTreeMap<PathBuf, Known>,
}

impl Rest {
    /// Takes a look into account; `now` is what this machine's clock says.
    pub fn look(&mut self, listing: &BTreeMap<PathBuf, Signature>, now: SystemTime) {
        self.files.retain(|path, _| listing.contains_key(path));
        for (path, &signature) in listing {
            match self.files.get_mut(path) {
                Some(known) if known.signature == signature => {
                    known.looks = known.looks.saturating_add(1);
                }
                Some(known) => {
                    (known.signature, known.looks, known.has_changed) = (signature, 0, true);
                }
                None => {
                    let age = signature.1.and_then(|time| now.duration_since(time).ok());
                    let is_young = age.is_none_or(|age| age < OLD);
                    let known = Known { signature, looks: 0, has_changed: false, is_young };
                    self.files.insert(path.clone(), known);
                }
            }
        }
    }

    /// Whether a file can be read: what was seen to change is unchanged for `patience` looks, and what had
    /// just been written for one. Without patience everything can.
    pub fn is_quiet(&self, path: &Path, patience: u32) -> bool {
        self.files.get(path).is_none_or(|known| {
            let looks = match (known.has_changed, known.is_young) {
                (true, _) => patience,
                (false, true) => patience.min(1),
                (false, false) => 0,
            };
            known.looks >= looks
        })
    }

    /// Looks in a row for which a file may be unreadable before it is reported.
    pub fn patience(&self, path: &Path, patience: u32) -> u32 {
        let moves = |known: &Known| known.has_changed || known.is_young;
        let factor = if self.files.get(path).is_some_and(moves) { LONGER } else { 1 };
        patience.saturating_mul(factor)
    }
}
