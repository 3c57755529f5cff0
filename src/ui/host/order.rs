//! What the command line asks of the window.

use std::path::PathBuf;
use std::time::Instant;

use crate::figure::look::Look;
use crate::record::watching::{Shown, Wishes};
use crate::scenario::{Link, Scenario};
use crate::session::ChosenDevice;
use crate::session::recorder::Budgets;
use crate::words::Language;

/// Where the window's pictures come from.
#[derive(Clone)]
pub enum Source {
    /// A training of its own, on this device.
    Train(ChosenDevice),
    /// Files that another program writes.
    Watch(Watch),
}

/// Files that another program writes, and what is said of their arrays.
#[derive(Clone)]
pub struct Watch {
    /// A folder or a file, or two that are shown beside each other.
    pub paths: Vec<PathBuf>,
    /// What the command line says of them.
    pub said: Shown,
    /// What was remembered beside the files of each.
    pub kept: Vec<Wishes>,
}

impl Watch {
    /// How they are shown: as the command line says, where it says nothing as the window was told of the
    /// first path before, and then as it is remembered beside the files.
    pub fn shown(&self, told: Option<&Wishes>) -> Shown {
        let kept = |at: usize| self.kept.get(at).or(self.kept.first()).cloned().unwrap_or_default();
        let Shown { a, b, is_all } = self.said.clone();
        let told = told.cloned().unwrap_or_default();
        // Of another path only what was said of that one.
        let told_of_b = if self.paths.len() > 1 { Wishes::default() } else { told.clone() };
        Shown { a: a.or(told).or(kept(0)), b: b.map(|b| b.or(told_of_b).or(kept(1))), is_all }
    }

    /// What is watched, in words.
    pub fn name(&self) -> String {
        let names: Vec<String> = self.paths.iter().map(|p| p.display().to_string()).collect();
        names.join(" | ")
    }
}

/// How a story is shown to a room.
#[derive(Clone, Default)]
pub struct Presenting {
    /// Stories that go round, if some do.
    pub round: Vec<String>,
    /// Whether the speaker's window opens with it.
    pub has_notes: bool,
}

/// What the window is asked to do.
#[derive(Clone)]
pub struct WindowOrder {
    /// The language that the command line asks for; the window's own without.
    pub language: Option<Language>,
    /// When the program started.
    pub started: Instant,
    /// Name or path of the scenario.
    pub story: String,
    /// The scenario.
    pub scenario: Scenario,
    /// The link that named the scenario, with a step and a view.
    pub link: Option<Link>,
    /// Where the pictures come from.
    pub source: Source,
    /// Whether there is a GPU that can draw.
    pub has_gpu: bool,
    /// "auto", "wgpu" or "glow".
    pub renderer: String,
    /// Where each run is saved in a folder of its own; `None` for nowhere.
    pub home: Option<PathBuf>,
    /// Whether that is the program's own folder, in which old runs make room for new ones.
    pub is_own_home: bool,
    /// Bytes that may be kept of a run.
    pub budgets: Budgets,
    /// The folder of the saved run that is opened instead of a new one.
    pub resume: Option<PathBuf>,
    /// Whether another process trains that run: it is followed.
    pub is_followed: bool,
    /// How the story is shown to a room, where it is.
    pub present: Option<Presenting>,
    /// Whether the tour is on from the start, and at which page, counted from 0; without one it is
    /// that at which it was left.
    pub tour: Option<Option<usize>>,
    /// Close after this step.
    pub exit_at: Option<u64>,
    /// Where to write what the window measured.
    pub report: Option<PathBuf>,
    /// Whether that file is replaced where it is there.
    pub is_forced: bool,
}

/// A moment of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// After so many steps.
    Step(u64),
    /// Where a beat of the story stands, before its answer; counted from 0.
    Beat(usize),
    /// Where a page of the tour stands; counted from 0.
    Page(usize),
}

/// What a picture is asked to show.
pub struct ShotOrder {
    /// Its language.
    pub language: Language,
    /// Name or path of the scenario.
    pub story: String,
    /// The scenario.
    pub scenario: Scenario,
    /// The link that named the scenario, with a view and what was set by hand.
    pub link: Option<Link>,
    /// Where the pictures come from.
    pub source: Source,
    /// The same story before what is asked of it was changed, where that run is to stand beside it.
    pub before: Option<Scenario>,
    /// The moment, where a training of its own is to be shown.
    pub at: Moment,
    /// Whether it is as a room sees it.
    pub is_presented: bool,
    /// Size, scale, theme and part of the window.
    pub look: Look,
    /// The picture.
    pub out: PathBuf,
    /// Whether it is replaced where it is there.
    pub is_forced: bool,
}
