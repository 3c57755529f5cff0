//! What is kept from one start of the program to the next.

use serde::{Deserialize, Serialize};

use crate::figure::columns::UsageSource;
use crate::record::setting::BasisMode;
use crate::scenario::OnSwitch;
use crate::ui::layout::arrangement::Arrangement;

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
    /// Which panes are shown.
    pub arrangement: Arrangement,
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
            arrangement: Arrangement::default(),
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
