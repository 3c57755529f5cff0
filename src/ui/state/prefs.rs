//! What is kept from one start of the program to the next.

use serde::{Deserialize, Serialize};

use crate::scenario::OnSwitch;
use crate::train::command::BasisMode;
use crate::train::snapshot::{LaneView, Usage};

/// What is kept from one start of the program to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Light, dark, or as the system says.
    pub theme: egui::ThemePreference,
    /// What the curve panel shows.
    pub tab: Tab,
    /// Which counts the bars show.
    pub usage_source: UsageSource,
    /// Whether bars are sorted by use.
    pub is_usage_sorted: bool,
    /// Whether bars are logarithmic.
    pub is_usage_log: bool,
    /// How the axes of the maps are chosen.
    pub basis: BasisMode,
    /// What happens to C when a lane gets a W.
    pub on_switch: OnSwitch,
    /// Whether the panel of controls is shown.
    pub has_controls: bool,
    /// Whether the panel of curves and numbers is shown.
    pub has_numbers: bool,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            theme: egui::ThemePreference::System,
            tab: Tab::Losses,
            usage_source: UsageSource::Window,
            is_usage_sorted: true,
            is_usage_log: true,
            basis: BasisMode::Live,
            on_switch: OnSwitch::Fresh,
            has_controls: true,
            has_numbers: true,
        }
    }
}

/// Tabs of the curve panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// Loss terms over steps.
    Losses,
    /// Singular values of W.
    Spectrum,
    /// How far each code moved.
    Movement,
    /// Use of every code as a square.
    UseMap,
    /// Births and deaths of codes, and the log.
    Events,
}

/// Which counts the usage bars show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UsageSource {
    /// The sliding window of training tokens.
    Window,
    /// The full evaluation set.
    FullSet,
}

impl UsageSource {
    /// Counts of a lane, K, and what they are counts of.
    pub fn counts(self, view: &LaneView) -> (&[u32], Usage) {
        match self {
            Self::Window => (&view.window_counts, view.window),
            Self::FullSet => (&view.eval_counts, view.eval.map(|e| e.usage).unwrap_or_default()),
        }
    }

    /// The step of the counts, where it may be another one than that of the view.
    pub fn step(self, view: &LaneView) -> Option<u64> {
        match self {
            Self::Window => None,
            Self::FullSet => view.eval.map(|e| e.step),
        }
    }
}
