//! What is kept from one start of the program to the next.

use serde::{Deserialize, Serialize};

use crate::figure::columns::UsageSource;
use crate::figure::layers::Layers;
use crate::lesson::Mode;
use crate::record::judgement::Rule;
use crate::record::setting::BasisMode;
use crate::scenario::OnSwitch;
use crate::ui::layout::arrangement::{Arrangement, Part};
use crate::ui::state::scale;
use crate::ui::state::watching::ToldOf;
use crate::words::Language;

/// What is kept from one start of the program to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Light, dark, or as the system says.
    pub theme: egui::ThemePreference,
    /// Whether the contrast is high.
    pub has_high_contrast: bool,
    /// The language that was chosen; none for the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What "in use" means; without it as the window counts, or the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_by: Option<Rule>,
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
    /// What the maps show beside their marks.
    pub layers: Layers,
    /// Which panes are shown.
    pub arrangement: Arrangement,
    /// How stories are told.
    pub mode: Mode,
    /// How large everything is.
    pub scale: f32,
    /// Whether things move on their way.
    pub motion: Motion,
    /// How far the tour was read.
    pub tour: TourPrefs,
    /// What was said of files of other programs, the newest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told_of_files: Vec<ToldOf>,
}

/// What is kept of the tour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TourPrefs {
    /// The page at which it was left, counted from 0.
    pub page: usize,
    /// Whether the line that offers it was closed, or the tour opened.
    pub is_offer_closed: bool,
}

/// Whether what opens, closes and scrolls is seen on its way there; training moves whatever this says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Motion {
    /// As the system says.
    #[default]
    System,
    /// Everything is there at once.
    Reduced,
    /// It is.
    Full,
}

impl Motion {
    /// Whether motion is reduced where the system asks for it, or not.
    pub fn is_reduced(self, system: bool) -> bool {
        match self {
            Self::System => system,
            Self::Reduced => true,
            Self::Full => false,
        }
    }
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            theme: egui::ThemePreference::System,
            has_high_contrast: false,
            language: None,
            counted_by: None,
            tab: Tab::Losses,
            usage_source: UsageSource::Window,
            is_usage_sorted: true,
            is_usage_log: true,
            basis: BasisMode::Live,
            on_switch: OnSwitch::Fresh,
            layers: Layers::default(),
            arrangement: Arrangement::default(),
            mode: Mode::Lecture,
            scale: scale::USUAL,
            motion: Motion::System,
            tour: TourPrefs::default(),
            told_of_files: Vec::new(),
        }
    }
}

/// What bars count, and how they stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counting {
    /// Which counts they show.
    pub source: UsageSource,
    /// Whether they are sorted by use.
    pub is_sorted: bool,
    /// Whether they are logarithmic.
    pub is_log: bool,
}

/// Two switches that stood in the place of the arrangement until it came.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct OldSwitches {
    has_controls: bool,
    has_numbers: bool,
}

impl Default for OldSwitches {
    fn default() -> Self {
        Self { has_controls: true, has_numbers: true }
    }
}

impl Prefs {
    /// What bars count, and how they stand.
    pub fn counting(&self) -> Counting {
        Counting {
            source: self.usage_source,
            is_sorted: self.is_usage_sorted,
            is_log: self.is_usage_log,
        }
    }

    /// Chooses what bars count, and how they stand.
    pub fn count(&mut self, counting: Counting) {
        let Counting { source, is_sorted, is_log } = counting;
        (self.usage_source, self.is_usage_sorted, self.is_usage_log) = (source, is_sorted, is_log);
    }

    /// The same with the view of others: what is shown and how, but for what is the reader's own.
    pub fn with_view_of(&self, other: &Self) -> Self {
        Self {
            counted_by: other.counted_by,
            tab: other.tab,
            usage_source: other.usage_source,
            is_usage_sorted: other.is_usage_sorted,
            is_usage_log: other.is_usage_log,
            basis: other.basis,
            on_switch: other.on_switch,
            layers: other.layers,
            arrangement: other.arrangement.clone(),
            ..self.clone()
        }
    }

    /// The same with what was hidden when it was kept by an earlier version.
    pub fn with(mut self, old: OldSwitches) -> Self {
        if !old.has_controls {
            self.arrangement.show(Part::Controls, false);
        }
        if !old.has_numbers {
            self.arrangement.show(Part::Curves, false);
            self.arrangement.show(Part::Numbers, false);
        }
        self
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
    /// Every codebook of a watched file, over all files.
    Levels,
}

impl Tab {
    /// All tabs by their names in the tour.
    const NAMES: [(&str, Self); 6] = [
        ("losses", Self::Losses),
        ("spectrum", Self::Spectrum),
        ("movement", Self::Movement),
        ("use", Self::UseMap),
        ("events", Self::Events),
        ("levels", Self::Levels),
    ];

    /// The tab of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, tab)| *tab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_language_is_kept() {
        let chosen = Prefs { language: Some(Language::Ja), ..Prefs::default() };
        let kept = toml::to_string(&chosen).unwrap();
        assert_eq!(toml::from_str::<Prefs>(&kept).unwrap(), chosen);
        let of_system = toml::to_string(&Prefs::default()).unwrap();
        assert!(!of_system.contains("language"), "{of_system}");
    }

    #[test]
    fn a_chosen_meaning_is_kept() {
        let chosen = Prefs { counted_by: Some(Rule::Average), ..Prefs::default() };
        let kept = toml::to_string(&chosen).unwrap();
        assert_eq!(toml::from_str::<Prefs>(&kept).unwrap(), chosen);
        assert!(!toml::to_string(&Prefs::default()).unwrap().contains("counted_by"));
    }

    #[test]
    fn what_an_earlier_version_kept_hidden_stays_hidden() {
        let kept = "has_controls = false\nhas_numbers = true\nis_usage_log = false";
        let prefs: Prefs = toml::from_str(kept).unwrap();
        let prefs = prefs.with(toml::from_str(kept).unwrap());
        assert!(!prefs.is_usage_log && !prefs.arrangement.shows(Part::Controls));
        assert!(prefs.arrangement.shows_any(&[Part::Curves]));
        // What this version keeps knows nothing of the old switches.
        let again = toml::to_string(&prefs).unwrap();
        let read: Prefs = toml::from_str(&again).unwrap();
        assert_eq!(read.with(toml::from_str(&again).unwrap()), prefs);
    }
}
