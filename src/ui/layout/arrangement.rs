//! Which panes the window shows, as data: a table that is kept between starts and that a link holds.

use std::collections::BTreeSet;

use egui::Vec2;
use serde::{Deserialize, Serialize};

use crate::figure::panel::Panel;
use crate::scenario::View;
use crate::ui::state::stage::Stage;
use crate::words;

/// What stands at the right of the window.
pub const SIDE: [Part; 2] = [Part::Curves, Part::Numbers];

/// Whether a window has room for one side alone.
pub fn is_narrow(size: Vec2) -> bool {
    size.x < BOTH_SIDES
}

/// Width from which on controls and numbers both stand beside the maps.
pub const BOTH_SIDES: f32 = 1180.0;

/// A part of the window that can be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    /// What can be set.
    Controls,
    /// Code maps of the lanes.
    Maps,
    /// Usage bars of the lanes.
    Bars,
    /// Inputs and reconstructions.
    Recon,
    /// The tabs of curves.
    Curves,
    /// The table of numbers.
    Numbers,
    /// Utilization and error over all steps.
    Timeline,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 7] = [
        Self::Controls,
        Self::Maps,
        Self::Bars,
        Self::Recon,
        Self::Curves,
        Self::Numbers,
        Self::Timeline,
    ];

    /// Its word in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Controls => "controls",
            Self::Maps => "maps",
            Self::Bars => "bars",
            Self::Recon => "recon",
            Self::Curves => "curves",
            Self::Numbers => "numbers",
            Self::Timeline => "timeline",
        }
    }

    /// What is said when it was hidden.
    pub fn hidden(self) -> &'static str {
        match self {
            Self::Controls => words!("notice-hidden-controls"),
            Self::Maps => words!("notice-hidden-maps"),
            Self::Bars => words!("notice-hidden-bars"),
            Self::Recon => words!("notice-hidden-recon"),
            Self::Curves => words!("notice-hidden-curves"),
            Self::Numbers => words!("notice-hidden-numbers"),
            Self::Timeline => words!("notice-hidden-timeline"),
        }
    }

    /// The part that a panel lies in.
    pub fn of(panel: Panel) -> Option<Self> {
        match panel {
            Panel::Window => None,
            Panel::Map(_) | Panel::Maps => Some(Self::Maps),
            Panel::Usage(_) => Some(Self::Bars),
            Panel::Recon => Some(Self::Recon),
            Panel::Curves => Some(Self::Curves),
            Panel::Numbers => Some(Self::Numbers),
            Panel::Timeline => Some(Self::Timeline),
        }
    }
}

impl From<Part> for String {
    fn from(part: Part) -> Self {
        part.name().into()
    }
}

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|part| part.name() == word);
        found.ok_or_else(|| {
            let word: String = word.chars().take(100).collect();
            let likeness = |part: &Self| strsim::jaro_winkler(part.name(), &word);
            let near = Self::ALL
                .into_iter()
                .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
                .map_or("", Self::name);
            format!("there is no pane {word}; did you mean {near}?")
        })
    }
}

/// Which panes are shown, and which one takes the room of the others: what a scenario, a link and the
/// kept preferences hold as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Arrangement {
    /// Parts that are not shown.
    pub hidden: BTreeSet<Part>,
    /// The panel that takes the room of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enlarged: Option<Panel>,
    /// At which side the text of the tour stands, while it is on.
    #[serde(skip)]
    pub tour: Option<TourSide>,
}

/// A side of the window that the text of the tour takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TourSide {
    /// In the place of the controls.
    Left,
    /// In the place of curves and numbers.
    Right,
}

impl From<&View> for Arrangement {
    /// The arrangement that a story asks for, whose words were read with the scenario.
    fn from(view: &View) -> Self {
        let hidden = view.hidden.iter().filter_map(|word| Part::try_from(word.clone()).ok());
        let enlarged = view.enlarged.as_ref().and_then(|word| Panel::parse(word).ok());
        Self { hidden: hidden.collect(), enlarged, tour: None }
    }
}

impl Arrangement {
    /// The arrangement of what is looked at: the work window, or without what there is not. Nothing
    /// can be set while saved runs or files of another program are looked at, and files hold no
    /// reconstructions.
    pub fn on(&self, stage: Stage) -> Self {
        let mut own = self.clone();
        own.hidden.extend(missing(stage));
        own
    }

    /// The arrangement before a room, whatever is hidden in the work window: nothing is set there, no
    /// table is read from the last row, and a timeline is to be drawn into.
    pub fn before_a_room(is_drawn: bool, has_pictures: bool) -> Self {
        let mut own = Self::default();
        for part in [Part::Controls, Part::Curves, Part::Numbers] {
            own.show(part, false);
        }
        own.show(Part::Timeline, is_drawn);
        own.show(Part::Recon, has_pictures);
        own
    }

    /// What of it there is room for in a window of `size` points: in a narrow one controls go before
    /// curves and numbers.
    pub fn within(&self, size: Vec2) -> Self {
        let mut own = self.clone();
        if let Some(side) = own.tour {
            return own.beside_tour(side, is_narrow(size));
        }
        if is_narrow(size) && own.shows(Part::Controls) {
            SIDE.into_iter().for_each(|part| own.show(part, false));
        }
        own
    }

    /// What there is room for beside the text of the tour, which stands at the right of a narrow window
    /// with the pictures alone beside it.
    fn beside_tour(mut self, side: TourSide, is_narrow: bool) -> Self {
        let side = if is_narrow { TourSide::Right } else { side };
        self.tour = Some(side);
        if is_narrow || side == TourSide::Left {
            self.show(Part::Controls, false);
        }
        if side == TourSide::Right {
            SIDE.into_iter().for_each(|part| self.show(part, false));
        }
        self
    }

    /// Whether a part is shown.
    pub fn shows(&self, part: Part) -> bool {
        !self.hidden.contains(&part)
    }

    /// Whether any of some parts is shown.
    pub fn shows_any(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.shows(*part))
    }

    /// Shows or hides a part.
    pub fn show(&mut self, part: Part, is_shown: bool) {
        if is_shown {
            self.hidden.remove(&part);
        } else {
            self.hidden.insert(part);
        }
    }

    /// Shows all parts, none enlarged.
    pub fn show_all(&mut self) {
        *self = Self::default();
    }
}

/// The parts that a stage has nothing for.
fn missing(stage: Stage) -> &'static [Part] {
    match stage {
        Stage::Live => &[],
        Stage::Following | Stage::Compare => &[Part::Controls],
        Stage::Watching => &[Part::Controls, Part::Recon],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Arrangement, String> {
        toml::from_str(text).map_err(|error| error.message().to_string())
    }

    #[test]
    fn an_arrangement_goes_around_as_a_table() {
        let mut all = Arrangement::default();
        all.show(Part::Timeline, false);
        all.show(Part::Controls, false);
        all.enlarged = Some(Panel::Curves);
        let text = toml::to_string(&all).unwrap();
        assert_eq!(read(&text), Ok(all));
        assert_eq!(read(""), Ok(Arrangement::default()));
    }

    #[test]
    fn a_word_that_is_not_known_is_refused_with_the_nearest_one() {
        let why = read("hidden = ['timelin']").unwrap_err();
        assert!(why.contains("timelin; did you mean timeline?"), "{why}");
        assert!(read("hiden = []").unwrap_err().contains("hidden"));
        assert!(read("enlarged = 'map'").unwrap_err().contains("map-a"));
    }

    #[test]
    fn a_scenario_knows_the_words_of_the_window() {
        use crate::scenario::view::{ENLARGED, PARTS};
        assert_eq!(PARTS, Part::ALL.map(Part::name));
        let panels = Panel::ALL.into_iter().filter(|panel| *panel != Panel::Window);
        assert_eq!(ENLARGED, panels.map(Panel::name).collect::<Vec<_>>());
        let all = PARTS.iter().map(|word| (*word).to_string()).collect();
        let view = View { hidden: all, enlarged: Some("map-b".into()) };
        let own = Arrangement::from(&view);
        assert!(Part::ALL.iter().all(|part| !own.shows(*part)));
        assert_eq!(own.enlarged, Some(Panel::Map(crate::scenario::LaneId::B)));
    }

    #[test]
    fn what_a_stage_has_none_of_is_not_shown_and_not_forgotten() {
        let all = Arrangement::default();
        let shown = |stage| {
            let on = all.on(stage);
            Part::ALL.map(|part| on.shows(part))
        };
        assert!(shown(Stage::Live).iter().all(|is_shown| *is_shown));
        let of = |hidden: &[Part]| Part::ALL.map(|part| !hidden.contains(&part));
        assert_eq!(shown(Stage::Compare), of(&[Part::Controls]));
        assert_eq!(shown(Stage::Watching), of(&[Part::Controls, Part::Recon]));
    }
}
