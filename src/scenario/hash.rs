//! What tells a scenario from another one.

use sha2::{Digest as _, Sha256};

use crate::scenario::{Scenario, to_toml};

/// SHA-256 of the resolved scenario's text, in hexadecimal.
pub fn scenario_hash(scenario: &Scenario) -> String {
    Sha256::digest(to_toml(scenario).as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
