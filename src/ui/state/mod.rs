//! The state of the window: what is known of the run, what is asked for, what is remembered.
//!
//! Nothing here draws. A method notes the wish in the draft, which the next restart trains, and puts
//! commands into the outbox, which the shell empties once a frame.

pub mod before;
pub mod cards;
pub mod closely;
pub mod command;
pub mod comparison;
pub mod displayed;
pub(super) mod dropped;
pub mod film;
pub mod frames;
pub mod host;
mod learn;
mod lesson;
pub mod marked;
pub mod pictures;
pub mod playback;
pub mod prefs;
pub mod presenter;
pub mod run_model;
pub mod scale;
pub mod screen;
pub mod settings;
pub mod shelf;
pub mod slow_stage;
pub mod stage;
pub mod story;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod tour;
mod transport;
mod undo;
pub mod visiting;
pub mod watching;
pub mod way_out;
mod what_if;
pub mod why;
pub mod wish;

use std::path::{Path, PathBuf};

use crate::machine;
use crate::record::status::Activity;
use crate::scenario::{LaneId, Scenario};
use crate::session::command::Command;
use crate::text::shown;
use crate::ui::panes::{Panes, WindowCtx};
use crate::ui::state::cards::Cards;
use crate::ui::state::closely::Closely;
use crate::ui::state::comparison::Comparison;
use crate::ui::state::dropped::Dropped;
use crate::ui::state::host::Host;
use crate::ui::state::marked::Marked;
use crate::ui::state::pictures::Pictures;
use crate::ui::state::playback::Player;
use crate::ui::state::prefs::Prefs;
use crate::ui::state::presenter::Presenter;
use crate::ui::state::run_model::RunModel;
use crate::ui::state::story::{Replaced, Story};
use crate::ui::state::tour::{Returning, Touring};
use crate::ui::state::undo::Undo;
use crate::ui::state::visiting::Visiting;
use crate::ui::state::watching::Watching;
use crate::ui::state::what_if::Left;
use crate::ui::state::why::Why;
use crate::watch::follow;
use crate::words::Language;

/// The state of the window.
pub struct AppState {
    /// What is known of the run that the panes show.
    pub run: RunModel,
    /// Two saved runs side by side, while they are shown in the place of the live run.
    pub comparison: Option<Comparison>,
    /// The story as it was read.
    pub story: Story,
    /// What the next restart trains.
    pub draft: Scenario,
    /// What is kept between starts.
    pub prefs: Prefs,
    /// The lanes that keys and sliders act on.
    pub marked: Marked,
    /// What lies over the panes.
    pub cards: Cards,
    /// How the recording is played back.
    pub player: Player,
    /// What the shell tells.
    pub host: Host,
    /// The panes, each with what it keeps from one frame to the next.
    pub panes: Panes,
    /// A link's step that the run is on its way to.
    pub visiting: Option<Visiting>,
    /// What was done last, for the status bar.
    pub toast: Option<String>,
    /// The run whose settings the draft has taken over, or was restarted with.
    followed: u64,
    /// Changes of the draft that can be undone.
    undo: Undo,
    /// What is switched on while the story is shown to a room.
    presenter: Option<Box<Presenter>>,
    /// The arrangement of panes in whose place the story's stands.
    replaced: Option<Replaced>,
    /// What is pointed at and looked at closely.
    closely: Closely,
    /// The sentences under the heads.
    why: Why,
    /// The tour, while it is on.
    touring: Option<Box<Touring>>,
    /// The run of before the tour, while it is on its way back.
    returning: Option<Box<Returning>>,
    /// Where the story's own run was left, while another one stands in its place.
    left: Option<Left>,
    /// The run in whose place one comes that goes on by itself, although it begins paused.
    goes_on: Option<Option<u64>>,
    /// Pictures that were asked for.
    pictures: Pictures,
    /// Files of another program that are looked at.
    watching: Watching,
    /// Files that were dropped.
    dropped: Dropped,
    outbox: Vec<Command>,
}

impl AppState {
    /// A window on a scenario that has not started.
    pub fn new(story: &str, scenario: Scenario) -> Self {
        Self {
            run: RunModel::default(),
            comparison: None,
            story: Story { name: story.into(), scenario: scenario.clone() },
            draft: scenario,
            prefs: Prefs::default(),
            marked: Marked::default(),
            cards: Cards::default(),
            player: Player::default(),
            host: Host { machine_memory: machine::memory(), ..Host::default() },
            panes: Panes::default(),
            visiting: None,
            toast: None,
            followed: 0,
            undo: Undo::default(),
            presenter: None,
            replaced: None,
            closely: Closely::default(),
            why: Why::default(),
            touring: None,
            returning: None,
            left: None,
            goes_on: None,
            pictures: Pictures::default(),
            watching: Watching::default(),
            dropped: Dropped::default(),
            outbox: Vec::new(),
        }
    }

    /// A window on folders or files in which nothing is known yet: one, or two beside each other.
    pub fn watching(paths: &[PathBuf]) -> Self {
        // The numbers are those of the first file, once it is there.
        let all: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let scenario = follow::scenario(&all, [1, 1]);
        let names: Vec<String> =
            paths.iter().map(|path| shown(&path.display().to_string())).collect();
        let mut state = Self::new(&names.join(" | "), scenario);
        state.watching = Watching::new(paths);
        state.run.trainer.activity = Activity::Watching;
        state
    }

    /// The language of the window: what was asked for, what was chosen, or the system's.
    pub fn language(&self) -> Language {
        let chosen = self.host.asked_language.or(self.prefs.language);
        chosen.unwrap_or(self.host.system_language)
    }

    /// Chooses the language of the window, from now on.
    pub fn choose_language(&mut self, language: Language) {
        self.host.asked_language = None;
        self.prefs.language = Some(language);
    }

    /// Takes the commands that wait for the trainer.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.outbox)
    }

    /// Asks something of the trainer.
    pub fn ask(&mut self, command: Command) {
        self.outbox.push(command);
    }

    /// The scenario that trains, or the draft before the first run is built.
    pub fn running(&self) -> &Scenario {
        self.run.scenario().unwrap_or(&self.draft)
    }

    /// The panes, and what they are given from.
    pub fn panes(&mut self) -> (&mut Panes, WindowCtx<'_>) {
        let learns = [LaneId::A, LaneId::B].map(|id| self.learns(id));
        let (on_switch, layers) = (self.on_switch(), self.layers());
        let page = self.page_title();
        let are_dead_lit = self.lit_words().iter().any(|word| word == "codes:dead");
        let Self {
            run,
            story,
            draft,
            prefs,
            marked,
            player,
            host,
            panes,
            visiting,
            toast,
            closely,
            why,
            ..
        } = self;
        let ctx = WindowCtx {
            run,
            running: run.scenario().unwrap_or(draft),
            story,
            draft,
            marked: *marked,
            learns,
            on_switch,
            prefs,
            player,
            host,
            layers,
            are_dead_lit,
            closely,
            sentences: why.shown(),
            going_to: visiting.as_ref().map(|visiting| visiting.step),
            toast: toast.as_deref(),
            page,
        };
        (panes, ctx)
    }

    /// Forgets the changes that could be undone.
    pub fn forget_changes(&mut self) {
        self.undo = Undo::default();
    }

    /// Pictures of the window that were asked for.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}
