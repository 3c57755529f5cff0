//! What the window looks like, as a link carries it: everything on the screen that is neither a
//! setting of the run nor the theme, which is the reader's own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::Table;

use crate::figure::camera::Camera;
use crate::figure::columns::UsageSource;
use crate::figure::layers::Layers;
use crate::figure::panel::Panel;
use crate::record::event::EventKind;
use crate::record::judgement::Rule;
use crate::record::setting::BasisMode;
use crate::scenario::{LaneId, OnSwitch, Pace};
use crate::ui::layout::arrangement::{Arrangement, Part, SIDE};
use crate::ui::state::AppState;
use crate::ui::state::marked::Target;
use crate::ui::state::prefs::{Prefs, Tab};

/// A view of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screen {
    /// What the curve panel shows.
    pub tab: Tab,
    /// Which counts the bars show.
    pub bars: UsageSource,
    /// Whether bars are sorted by use.
    pub is_sorted: bool,
    /// Whether bars are logarithmic.
    pub is_log: bool,
    /// How the axes of the maps are chosen.
    pub axes: BasisMode,
    /// Steps trained when that was chosen: fixed axes are those of that step.
    pub axes_since: u64,
    /// What happens to C when a lane gets a W.
    pub on_switch: OnSwitch,
    /// Whether the panel of controls is shown.
    pub has_controls: bool,
    /// What "in use" means; without it as the window counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_by: Option<Rule>,
    /// Whether the panel of curves and numbers is shown.
    pub has_numbers: bool,
    /// Other panes that are not shown.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<Part>,
    /// The lane that the keys act on.
    pub side: LaneId,
    /// The one lane that sliders act on; without it both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings_of: Option<LaneId>,
    /// What the maps show beside their marks.
    pub layers: Layers,
    /// Zoom and shift of both maps.
    pub cameras: [Camera; 2],
    /// The panel that takes the room of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enlarged: Option<Panel>,
    /// The pinned step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<u64>,
    /// Steps per second that are asked for.
    pub pace: Pace,
    /// The beat of the story at which a lesson begins, counted from 0; none where it is no lesson.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beat: Option<usize>,
}

impl Default for Screen {
    fn default() -> Self {
        let prefs = Prefs::default();
        Self {
            tab: prefs.tab,
            bars: prefs.usage_source,
            is_sorted: prefs.is_usage_sorted,
            is_log: prefs.is_usage_log,
            axes: prefs.basis,
            axes_since: 0,
            on_switch: prefs.on_switch,
            has_controls: true,
            counted_by: None,
            has_numbers: true,
            hidden: BTreeSet::new(),
            side: LaneId::A,
            settings_of: None,
            layers: Layers::default(),
            cameras: Default::default(),
            enlarged: None,
            pinned: None,
            pace: Pace::default(),
            beat: None,
        }
    }
}

impl Screen {
    /// What is not as usual, for a link.
    pub fn to_table(&self) -> Table {
        let table =
            |screen: &Self| Table::try_from(screen).expect("a view has only types that TOML knows");
        let (mut own, usual) = (table(self), table(&Self::default()));
        own.retain(|key, value| usual.get(key) != Some(value));
        own
    }

    /// The view of a link.
    ///
    /// # Errors
    /// A sentence that names the key.
    pub fn from_table(table: &Table) -> Result<Self, String> {
        let why = |what: &str| {
            format!(
                "the link's view cannot be shown ({what}); open it with the version that made it"
            )
        };
        let screen: Self = table.clone().try_into().map_err(|e: toml::de::Error| {
            why(&e.message().lines().collect::<Vec<_>>().join(" "))
        })?;
        if !screen.cameras.iter().all(Camera::is_sound) {
            return Err(why("cameras is not a zoom and a place"));
        }
        if screen.pace.per_second().is_some_and(|pace| !(pace > 0.0 && pace.is_finite())) {
            return Err(why("pace is not a number above 0"));
        }
        Ok(screen)
    }
}

impl Screen {
    /// Which panes it shows.
    fn arrangement(&self) -> Arrangement {
        let mut all = Arrangement {
            hidden: self.hidden.clone(),
            enlarged: self.enlarged,
            ..Arrangement::default()
        };
        if !self.has_controls {
            all.show(Part::Controls, false);
        }
        if !self.has_numbers {
            SIDE.into_iter().for_each(|part| all.show(part, false));
        }
        all
    }
}

impl AppState {
    /// The panes that are hidden, but for those that have a word of their own in a view.
    fn hidden_alone(&self) -> BTreeSet<Part> {
        let shown = &self.prefs.arrangement;
        let has_side = shown.shows_any(&SIDE);
        let is_alone =
            |part: &&Part| **part != Part::Controls && (has_side || !SIDE.contains(part));
        shown.hidden.iter().filter(is_alone).copied().collect()
    }

    /// What the window looks like now.
    pub fn screen(&self) -> Screen {
        let (known, shown) = (&self.run, &self.prefs.arrangement);
        let views = |events: &[crate::record::event::Event]| {
            events.iter().rfind(|e| e.kind == EventKind::View).map_or(0, |e| e.step)
        };
        Screen {
            tab: self.prefs.tab,
            bars: self.prefs.usage_source,
            is_sorted: self.prefs.is_usage_sorted,
            is_log: self.prefs.is_usage_log,
            axes: self.prefs.basis,
            axes_since: views(&known.history.events),
            on_switch: self.prefs.on_switch,
            counted_by: self.prefs.counted_by,
            has_controls: shown.shows(Part::Controls),
            has_numbers: shown.shows_any(&SIDE),
            hidden: self.hidden_alone(),
            side: self.marked.side,
            settings_of: match self.marked.target {
                Target::Both => None,
                Target::One(id) => Some(id),
            },
            layers: self.prefs.layers,
            cameras: self.panes.map.cameras,
            enlarged: shown.enlarged,
            pinned: known.is_pinned.then(|| known.shown_step()),
            pace: known.trainer.pace,
            beat: None,
        }
    }

    /// Shows a view; its pinned step is pinned when the run gets there.
    pub fn show(&mut self, screen: &Screen) {
        let has_lane = |id: &LaneId| self.draft.lane_table(*id).is_some();
        let (side, one) = (Some(screen.side).filter(has_lane), screen.settings_of.filter(has_lane));
        // Theme, scale and motion are the reader's own.
        self.prefs = Prefs {
            tab: screen.tab,
            usage_source: screen.bars,
            is_usage_sorted: screen.is_sorted,
            is_usage_log: screen.is_log,
            basis: screen.axes,
            on_switch: screen.on_switch,
            counted_by: screen.counted_by,
            layers: screen.layers,
            arrangement: screen.arrangement(),
            ..self.prefs.clone()
        };
        self.marked.side = side.unwrap_or(LaneId::A);
        self.marked.target = one.map_or(Target::Both, Target::One);
        self.panes.map.cameras = screen.cameras;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusual() -> Screen {
        Screen {
            tab: Tab::Movement,
            bars: UsageSource::FullSet,
            is_sorted: false,
            is_log: false,
            axes: BasisMode::Fixed,
            axes_since: 120,
            on_switch: OnSwitch::Keep,
            counted_by: Some(Rule::Average),
            has_controls: false,
            has_numbers: false,
            hidden: [Part::Recon, Part::Timeline].into(),
            side: LaneId::B,
            settings_of: Some(LaneId::B),
            layers: Layers { moved: true, cells: true, w: true, slow: true, ..Layers::default() },
            cameras: [Camera { zoom: 3.1, middle: [0.1, -0.7] }, Camera::default()],
            enlarged: Some(Panel::Map(LaneId::B)),
            pinned: Some(40),
            pace: Pace::LADDER[5],
            beat: Some(3),
        }
    }

    #[test]
    fn every_part_of_a_view_goes_around_and_the_usual_one_is_empty() {
        let table = unusual().to_table();
        assert_eq!(table.len(), 19, "{table:?}");
        let text = toml::to_string(&table).unwrap();
        assert!(text.contains("zoom = 3.1\n"), "{text}");
        assert_eq!(Screen::from_table(&toml::from_str(&text).unwrap()).unwrap(), unusual());
        assert!(Screen::default().to_table().is_empty());
    }

    #[test]
    fn a_view_that_cannot_be_shown_is_refused() {
        for bad in [
            "tab='Nothing'",
            "colour='red'",
            "pace=-1.0",
            "pinned=-3",
            "enlarged='map-c'",
            "hidden=['map']",
            "cameras=[{zoom=nan,middle=[0.0,0.0]},{zoom=1.0,middle=[0.0,0.0]}]",
            "cameras=[{zoom=0.0,middle=[0.0,0.0]},{zoom=1.0,middle=[0.0,0.0]}]",
        ] {
            let why = Screen::from_table(&toml::from_str(bad).unwrap()).unwrap_err();
            assert!(why.contains("the link's view") && !why.contains('\n'), "{bad}: {why}");
        }
    }

    #[test]
    fn the_window_takes_a_view_and_gives_it_back() {
        let mut state = crate::ui::fixture::collapse();
        state.prefs.theme = egui::ThemePreference::Dark;
        state.show(&unusual());
        assert_eq!(state.prefs.theme, egui::ThemePreference::Dark);
        // Since when, pace and pin are the run's, which is not there yet.
        let run = |s: Screen| Screen {
            axes_since: 0,
            pinned: None,
            pace: Pace::default(),
            beat: None,
            ..s
        };
        assert_eq!(run(state.screen()), run(unusual()));
        // A run of one lane has no lane b to mark.
        let mut state = crate::ui::fixture::one_lane();
        state.show(&unusual());
        assert_eq!((state.marked.side, state.marked.target), (LaneId::A, Target::Both));
    }
}
