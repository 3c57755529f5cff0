//! The parts of the window that can be taken out of it, by name.

use serde::{Deserialize, Serialize};

use crate::scenario::LaneId;

/// A part of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Panel {
    /// All of it.
    Window,
    /// Heads and code maps of both lanes.
    Maps,
    /// Head and code map of a lane.
    Map(LaneId),
    /// Usage bars of a lane.
    Usage(LaneId),
    /// Inputs and reconstructions.
    Recon,
    /// The tabs of curves.
    Curves,
    /// The table of numbers.
    Numbers,
    /// Utilization and error over all steps.
    Timeline,
}

impl Panel {
    /// All parts, in the order of the list that a refusal prints.
    pub const ALL: [Self; 10] = [
        Self::Window,
        Self::Maps,
        Self::Map(LaneId::A),
        Self::Map(LaneId::B),
        Self::Usage(LaneId::A),
        Self::Usage(LaneId::B),
        Self::Recon,
        Self::Curves,
        Self::Numbers,
        Self::Timeline,
    ];

    /// The word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Maps => "maps",
            Self::Map(LaneId::A) => "map-a",
            Self::Map(LaneId::B) => "map-b",
            Self::Usage(LaneId::A) => "usage-a",
            Self::Usage(LaneId::B) => "usage-b",
            Self::Recon => "recon",
            Self::Curves => "curves",
            Self::Numbers => "numbers",
            Self::Timeline => "timeline",
        }
    }

    /// The lane that it shows, where it shows one.
    pub fn lane(self) -> Option<LaneId> {
        match self {
            Self::Map(id) | Self::Usage(id) => Some(id),
            _ => None,
        }
    }

    /// The part that a word names.
    ///
    /// # Errors
    /// A sentence with all names where there is no such part.
    pub fn parse(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|panel| panel.name() == word)
            .ok_or_else(|| format!("--panel {word} is not known; use {}", list(&Self::ALL)))
    }
}

impl From<Panel> for String {
    fn from(panel: Panel) -> Self {
        panel.name().into()
    }
}

impl TryFrom<String> for Panel {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word)
    }
}

/// "a, b or c".
pub fn list(panels: &[Panel]) -> String {
    let names: Vec<&str> = panels.iter().map(|panel| panel.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_string(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_others_are_refused_with_the_list() {
        for panel in Panel::ALL {
            assert_eq!(Panel::parse(panel.name()), Ok(panel));
        }
        let refusal = Panel::parse("mapp").unwrap_err();
        assert!(refusal.contains("map-a") && refusal.ends_with("numbers or timeline"), "{refusal}");
    }
}
