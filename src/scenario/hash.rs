//! What tells a scenario from another one.

use sha2::{Digest as _, Sha256};

use crate::scenario::{Scenario, Told, to_toml};
use crate::text::hex;

/// SHA-256 of what a scenario trains, in hexadecimal: of the same one without its words, its beats,
/// what it expects and how it is shown.
pub fn training_hash(scenario: &Scenario) -> String {
    let mut silent = scenario.clone();
    (silent.title, silent.about) = (Told::default(), Told::default());
    (silent.beat, silent.expect, silent.view) = (Vec::new(), Vec::new(), None);
    for change in &mut silent.change {
        change.caption = None;
    }
    silent.change.retain(|change| !change.settings(false, false).is_empty());
    scenario_hash(&silent)
}

/// SHA-256 of the resolved scenario's text, in hexadecimal.
pub fn scenario_hash(scenario: &Scenario) -> String {
    hex(Sha256::digest(to_toml(scenario)))
}
