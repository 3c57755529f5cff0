//! What tells a scenario from another one.

use sha2::{Digest as _, Sha256};

use crate::scenario::{Scenario, to_toml};
use crate::text::hex;

/// SHA-256 of the resolved scenario's text, in hexadecimal.
pub fn scenario_hash(scenario: &Scenario) -> String {
    hex(Sha256::digest(to_toml(scenario)))
}
