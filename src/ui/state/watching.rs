//! Files of another program: which of their codebooks are shown, and what the user says of them.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::record::event::Reading;
use crate::record::watching::{Candidate, Choices, Shown, Wishes};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::ui::state::AppState;
use crate::ui::state::run_model::RunModel;
use crate::words;

/// Most paths of which is kept what was said of their files; the oldest go first.
const MOST: usize = 200;

/// What is watched.
#[derive(Clone, Debug, Default)]
pub struct Watching {
    /// The canonical path of the first files.
    place: String,
    /// Whether the second lane has files of its own.
    is_pair: bool,
    /// How they are shown.
    shown: Shown,
    /// What was asked of the files of each lane and need not be asked again.
    asked: [Option<Choices>; 2],
}

/// What was said of the files of a path, as it is kept from one start to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldOf {
    /// The canonical path.
    pub place: String,
    /// What was said.
    pub wishes: Wishes,
}

/// What is chosen on the card that asks for arrays, until it is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct ArraysDraft {
    /// What there is to choose.
    pub choices: Choices,
    /// What is chosen.
    pub wishes: Wishes,
}

impl ArraysDraft {
    /// What is taken now; where nothing is, the array that looks most like codes, and the last number that
    /// every name has of its own.
    pub fn new(choices: Choices) -> Self {
        let mut wishes = choices.taken.clone();
        if choices.are_steps_open && wishes.step_from.is_none() {
            // What changes last is what counts.
            let number = choices.steps.iter().rfind(|number| number.is_own);
            wishes.step_from = number.or(choices.steps.last()).map(|number| number.which);
        }
        if choices.why.is_some() && wishes.codebook.is_none() {
            wishes.codebook = choices.codes.first().map(|array| array.name.clone());
        }
        Self { choices, wishes }
    }

    /// The array of codes that is chosen, or found where none is.
    pub fn codes(&self) -> Option<&Candidate> {
        let name = self.wishes.codebook.as_ref().or(self.choices.found.codebook.as_ref())?;
        self.choices.codes.iter().find(|array| array.name == *name)
    }
}

/// A path as it is compared with others.
fn canonical(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    whole.to_string_lossy().into_owned()
}

impl Watching {
    /// Nothing is said of these files yet.
    pub fn new(paths: &[PathBuf]) -> Self {
        let place = paths.first().map_or(String::new(), |path| canonical(path));
        Self { place, is_pair: paths.len() > 1, ..Self::default() }
    }
}

impl RunModel {
    /// Goes back to the step of watched files that was looked at, once it is read again.
    pub fn look_where_it_was(&mut self) {
        let Some(step) = self.looked_at else { return };
        if self.frames.at(step).is_some_and(|frame| frame.step == step) {
            self.pin(step);
        } else if self.frames.after(step).is_some() {
            // Its file is gone.
            self.looked_at = None;
        }
    }
}

impl AppState {
    /// What was said of the watched files at an earlier start.
    pub fn told_of_files(&self) -> Option<&Wishes> {
        let told = self.prefs.told_of_files.iter();
        told.rev().find(|told| told.place == self.watching.place).map(|told| &told.wishes)
    }

    /// How the watched files are shown.
    pub fn files_shown(&self) -> Shown {
        self.watching.shown.clone()
    }

    /// Notes how they are shown from the start.
    pub fn show_files_as(&mut self, shown: Shown) {
        self.watching.shown = shown;
    }

    /// Whether every codebook of the files has a small map.
    pub fn are_all_levels_shown(&self) -> bool {
        self.watching.shown.is_all && self.watching.shown.b.is_none()
    }

    /// Reads the files in another way from now on.
    fn read_files(&mut self, shown: Shown) {
        if shown == self.watching.shown {
            return;
        }
        self.watching.shown = shown.clone();
        self.ask(Command::Read(Box::new(shown)));
    }

    /// What was read of the file that a lane shows.
    fn reading_of(&self, id: LaneId) -> Option<&Reading> {
        self.run.reading(id)
    }

    /// Shows another of several codebooks in a lane; none takes lane b away where it is of the same files.
    pub fn show_level(&mut self, id: LaneId, level: Option<usize>) {
        let mut shown = self.files_shown();
        shown.is_all = false;
        match (id, level) {
            (LaneId::A, level) => shown.a = shown.a.at(level.unwrap_or(0)),
            (LaneId::B, Some(level)) => {
                let of = shown.b.take().unwrap_or_else(|| shown.a.clone());
                shown.b = Some(of.at(level));
            }
            (LaneId::B, None) if self.watching.is_pair => return,
            (LaneId::B, None) => shown.b = None,
        }
        self.read_files(shown);
    }

    /// The number of a file's codebooks where there are several; said where it has one. While files are read
    /// anew nothing is known of them.
    fn several(&mut self, levels: Option<usize>) -> Option<usize> {
        let levels = levels?;
        if levels < 2 {
            self.toast = Some(words!("levels-only-one").into());
        }
        (levels > 1).then_some(levels)
    }

    /// Shows the codebook after or before the one of a lane. Lane b of the same files comes with the first
    /// one and goes after the last.
    pub fn next_level(&mut self, id: LaneId, is_forward: bool) {
        let own = self.reading_of(id).or_else(|| self.reading_of(LaneId::A));
        let Some(levels) = self.several(own.map(|reading| reading.levels)) else { return };
        let Shown { a, b, .. } = &self.watching.shown;
        let now = |wishes: &Wishes| wishes.level.unwrap_or(0).min(levels - 1);
        let (of_a, of_b) = (now(a), b.as_ref().map(now));
        // Beside a codebook of the same file stand the others, and none.
        let is_other = |level: &usize| self.watching.is_pair || *level != of_a;
        let ring: Vec<Option<usize>> = match id {
            LaneId::A => (0..levels).map(Some).collect(),
            LaneId::B => {
                let none = (!self.watching.is_pair).then_some(None);
                none.into_iter().chain((0..levels).filter(is_other).map(Some)).collect()
            }
        };
        let own = if id == LaneId::A { Some(of_a) } else { of_b };
        let at = ring.iter().position(|level| *level == own).unwrap_or(0);
        let step = if is_forward { 1 } else { ring.len() - 1 };
        let level = ring[(at + step) % ring.len()];
        self.show_level(id, level);
    }

    /// Shows small maps of all codebooks of a file, or one large one again.
    pub fn toggle_all_levels(&mut self) {
        let levels = self.reading_of(LaneId::A).map(|reading| reading.levels);
        if self.several(levels).is_none() {
            return;
        }
        if self.watching.is_pair {
            self.toast = Some(words!("levels-all-of-one").into());
            return;
        }
        let mut shown = self.files_shown();
        shown.is_all = !self.are_all_levels_shown();
        if shown.is_all {
            shown.b = None;
        }
        self.read_files(shown);
    }

    /// Opens the card on which arrays are chosen.
    pub fn choose_arrays(&mut self) {
        let choices = self.run.choices.iter().flatten().next().cloned();
        self.cards.arrays = choices.map(ArraysDraft::new);
    }

    /// Asks for what the rules leave open, once. Who puts the question away finds it again where arrays are
    /// chosen.
    pub fn ask_for_arrays(&mut self) {
        let was_asked = |choices: &&Choices| {
            self.watching.asked[choices.lane.index()].as_ref() == Some(*choices)
        };
        let all = self.run.choices.iter().flatten();
        let open = all.filter(|choices| choices.are_open()).find(|one| !was_asked(one));
        let Some(choices) = open.cloned() else { return };
        self.watching.asked[choices.lane.index()] = Some(choices.clone());
        self.cards.arrays = Some(ArraysDraft::new(choices));
    }

    /// Takes what was chosen on the card, and keeps it for the next start.
    pub fn take_arrays(&mut self) {
        let Some(ArraysDraft { choices, wishes }) = self.cards.arrays.take() else { return };
        let mut shown = self.files_shown();
        let is_of_a = choices.lane == LaneId::A;
        if is_of_a || !self.watching.is_pair {
            let told = Wishes { level: None, ..wishes.clone() };
            self.keep_told(told.clone());
            if let Some(b) = &mut shown.b
                && !self.watching.is_pair
            {
                *b = Wishes { level: b.level, ..told };
            }
        }
        match (is_of_a, &mut shown.b) {
            (true, _) => shown.a = wishes,
            (false, Some(b)) => *b = wishes,
            (false, None) => {}
        }
        self.read_files(shown);
    }

    /// Keeps what was said of the files by their place.
    fn keep_told(&mut self, wishes: Wishes) {
        let all = &mut self.prefs.told_of_files;
        let place = self.watching.place.clone();
        all.retain(|told| told.place != place);
        if wishes != Wishes::default() {
            all.push(ToldOf { place, wishes });
        }
        let over = all.len().saturating_sub(MOST);
        all.drain(..over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> AppState {
        AppState::watching(&[PathBuf::from("somewhere")])
    }

    #[test]
    fn what_was_said_is_kept_by_its_place_and_the_oldest_goes() {
        let mut state = state();
        assert_eq!(state.told_of_files(), None);
        let wishes = Wishes { codebook: Some("a.b".into()), ..Wishes::default() };
        state.keep_told(wishes.clone());
        assert_eq!(state.told_of_files(), Some(&wishes));
        let other = AppState::watching(&[PathBuf::from("elsewhere")]);
        assert_eq!(AppState { prefs: state.prefs.clone(), ..other }.told_of_files(), None);
        for at in 0..MOST {
            state.watching.place = format!("place {at}");
            state.keep_told(wishes.clone());
        }
        assert_eq!(state.prefs.told_of_files.len(), MOST);
        assert_eq!(state.prefs.told_of_files[0].place, "place 0");
        // Nothing said is nothing kept.
        state.keep_told(Wishes::default());
        assert_eq!(state.told_of_files(), None);
    }

    fn choices(lane: LaneId) -> Choices {
        let codes =
            ["a", "b"].map(|name| Candidate { name: name.into(), shape: "8 x 2".into() }).into();
        let why = Some("holds two".into());
        let (file, usage, none) = ("x.pt".into(), Vec::new(), Wishes::default());
        let (are_steps_open, steps) = (false, Vec::new());
        let (taken, found) = (none.clone(), none);
        Choices { lane, file, why, are_steps_open, steps, codes, usage, taken, found }
    }

    #[test]
    fn a_question_that_was_put_away_is_found_again_and_not_asked_again() {
        let mut state = state();
        state.run.choices[0] = Some(choices(LaneId::A));
        state.ask_for_arrays();
        assert!(state.cards.arrays.take().is_some());
        state.ask_for_arrays();
        assert!(state.cards.arrays.is_none());
        // What is taken at once then is an answer.
        state.choose_arrays();
        state.take_arrays();
        assert_eq!(state.files_shown().a.codebook.as_deref(), Some("a"));
        // Another file is another question.
        let other = Choices { file: "y.pt".into(), ..choices(LaneId::A) };
        state.run.choices[0] = Some(other);
        state.ask_for_arrays();
        assert!(state.cards.arrays.is_some());
    }

    #[test]
    fn while_files_are_read_anew_nothing_is_said_of_their_codebooks() {
        let mut state = state();
        state.next_level(LaneId::A, true);
        state.toggle_all_levels();
        assert_eq!((state.toast.clone(), state.files_shown()), (None, Shown::default()));
    }
}
