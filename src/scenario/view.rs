//! How the window shows a story: which panes stand there, and which one takes the room of the others.

use serde::{Deserialize, Serialize};

/// Parts of the window that can be hidden.
pub const PARTS: &[&str] = &["controls", "maps", "bars", "recon", "curves", "numbers", "timeline"];

/// Panels that can take the room of the others.
pub const ENLARGED: &[&str] =
    &["maps", "map-a", "map-b", "usage-a", "usage-b", "recon", "curves", "numbers", "timeline"];

/// The arrangement of panes that a story asks for; a run does not depend on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct View {
    /// Parts that are not shown, of [`PARTS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// The panel that takes the room of the others, of [`ENLARGED`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enlarged: Option<String>,
}

impl View {
    /// What is wrong with it in a run that has a lane b, or has none.
    pub(super) fn check(&self, has_b: bool) -> Result<(), String> {
        match self.enlarged.as_deref() {
            Some(panel) if panel.ends_with("-b") && !has_b => Err(format!(
                "view.enlarged is {panel}, but there is no [lanes.b]; add it, or enlarge another panel"
            )),
            _ => Ok(()),
        }
    }
}
