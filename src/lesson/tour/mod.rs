//! The tour: pages on live runs, from what a codebook is to what one would choose.
//!
//! `assets/tour.toml` is a list of chapters. A chapter is a run: a built-in story with other settings,
//! its own title and its own pages. A page is a beat with a title, the terms that it explains and what
//! of the window it opens, so that it says, asks, waits and counts as beats of stories do.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::{Table, Value};

use crate::scenario::{Scenario, ScenarioError, Told, demos, parse};

/// The tour as it is written.
pub const TEXT: &str = include_str!("../../../assets/tour.toml");

/// What errors call it.
const NAME: &str = "assets/tour.toml";

/// A tour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tour {
    /// Its runs, in order.
    pub chapters: Vec<Chapter>,
    /// Its pages, in order, those of all chapters.
    pub pages: Vec<Page>,
}

/// A run of a tour, with its pages as beats.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// The built-in story whose settings it has.
    pub story: String,
    /// What trains and is told.
    pub scenario: Scenario,
}

/// A page of a tour.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What it is about.
    pub title: Told,
    /// The chapter whose run it stands in.
    pub chapter: usize,
    /// The beats of that run which are its text: one, or one for each of two states of things.
    pub beats: Range<usize>,
    /// Terms that it explains, by the keys of the help.
    pub terms: Vec<String>,
    /// Layers of the maps that it shows, by their names.
    pub layers: Vec<String>,
    /// The tab of the curves that it opens, by its name.
    pub tab: Option<String>,
}

impl Page {
    /// Steps trained where it stands.
    pub fn step(&self, tour: &Tour) -> u64 {
        let scenario = &tour.chapters[self.chapter].scenario;
        scenario.beat[self.beats.start].at.trained(scenario.steps).unwrap_or(0)
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    chapter: Vec<Run>,
}

/// A chapter as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    story: String,
    title: Value,
    about: Value,
    #[serde(default)]
    set: Vec<String>,
    page: Vec<Table>,
    #[serde(default)]
    expect: Vec<Value>,
}

/// Keys of a page beside those of a beat.
#[derive(Deserialize)]
struct Own {
    title: Told,
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    layers: Vec<String>,
    #[serde(default)]
    tab: Option<String>,
    /// The text where its condition does not hold.
    #[serde(default)]
    otherwise: Option<Value>,
}

/// Keys that a beat does not know.
const OWN: [&str; 5] = ["title", "terms", "layers", "tab", "otherwise"];

impl Tour {
    /// A tour from its text; `name` is what errors call it.
    ///
    /// # Errors
    /// A sentence that names the chapter, the page and the key, as of scenario files.
    pub fn parse(text: &str, name: &str) -> Result<Self, ScenarioError> {
        let file: File = toml::from_str(text).map_err(|error: toml::de::Error| {
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
            ScenarioError::Told(format!("{name} line {line}: {message}; mend the line"))
        })?;
        let mut tour = Self::default();
        for (number, run) in file.chapter.into_iter().enumerate() {
            let place = format!("{name}, chapter {}", number + 1);
            tour.add(run, &place)?;
        }
        Ok(tour)
    }

    fn add(&mut self, run: Run, place: &str) -> Result<(), ScenarioError> {
        let wrong = |what: String| ScenarioError::Told(format!("{place}: {what}"));
        let Some(text) = demos::text(&run.story) else {
            let all: Vec<&str> = demos::names().collect();
            return Err(wrong(format!(
                "there is no story {}; use one of {}",
                crate::text::shown(&run.story),
                all.join(", ")
            )));
        };
        let mut table: Table = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        table.insert("title".into(), run.title);
        table.insert("about".into(), run.about);
        table.remove("change");
        let mut beats: Vec<Value> = Vec::new();
        for (number, page) in run.page.into_iter().enumerate() {
            let first = beats.len();
            let own = Table::try_into::<Own>(page.clone())
                .map_err(|error| wrong(format!("page {}: {}", number + 1, error.message())))?;
            let mut beat = page;
            beat.retain(|key, _| !OWN.contains(&key));
            let other = own.otherwise.map(|text| opposite(&beat, text)).transpose();
            let other = other.map_err(|what| wrong(format!("page {}: {what}", number + 1)))?;
            beats.extend([Some(beat), other].into_iter().flatten().map(Value::Table));
            let chapter = self.chapters.len();
            let Own { title, terms, layers, tab, .. } = own;
            let beats = first..beats.len();
            self.pages.push(Page { title, chapter, beats, terms, layers, tab });
        }
        table.insert("beat".into(), Value::Array(beats));
        table.insert("expect".into(), Value::Array(run.expect));
        let text = toml::to_string(&table).map_err(|error| wrong(error.to_string()))?;
        let scenario = parse(&text, place, &run.set)?;
        if scenario.beat.iter().any(|beat| beat.at.trained(scenario.steps).is_none()) {
            return Err(wrong(
                "a page stands at an event; give it a step, \"start\" or \"end\"".into(),
            ));
        }
        self.chapters.push(Chapter { story: run.story, scenario });
        Ok(())
    }

    /// The page that a beat of a chapter belongs to.
    pub fn page_of(&self, chapter: usize, beat: usize) -> Option<usize> {
        self.pages.iter().position(|page| page.chapter == chapter && page.beats.contains(&beat))
    }
}

/// The same beat with another text, for where its condition does not hold.
fn opposite(beat: &Table, text: Value) -> Result<Table, String> {
    let Some(Value::Table(when)) = beat.get("when") else {
        return Err("otherwise goes with when; give the page a condition".into());
    };
    let mut when = when.clone();
    match when.remove("not") {
        Some(Value::Boolean(true)) => {}
        _ => drop(when.insert("not".into(), Value::Boolean(true))),
    }
    let kept = ["at", "show", "note"].into_iter();
    let mut other: Table =
        kept.filter_map(|key| Some((key.to_string(), beat.get(key)?.clone()))).collect();
    other.insert("kind".into(), Value::String("say".into()));
    other.insert("when".into(), Value::Table(when));
    other.insert("text".into(), text);
    Ok(other)
}

/// The tour of the program.
pub fn tour() -> &'static Tour {
    static TOUR: LazyLock<Tour> = LazyLock::new(|| match Tour::parse(TEXT, NAME) {
        Ok(tour) => tour,
        // A test reads it; a program without its tour is one without pages.
        Err(error) => {
            log::error!("{error}");
            Tour::default()
        }
    });
    &TOUR
}
