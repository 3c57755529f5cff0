//! A story as a lesson: which beat stands there, what training waits for, what was guessed and what
//! was true.
//!
//! Plain state without a window and without a clock of its own: whoever shows a run tells it what was
//! trained, what lanes train with and how many seconds have passed, and does what it asks for. Tour,
//! presenter and film are the same state in another [`Mode`].

pub mod answer;
pub mod condition;
pub mod figures;
mod guesses;
#[cfg(test)]
mod pace;
pub mod reading;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tests;
pub mod tour;

use std::collections::{BTreeMap, BTreeSet};

use crate::lesson::answer::{Answer, Draft};
use crate::record::event::{Event, EventKind};
use crate::scenario::{At, Beat, BeatKind, Flag, Guess, LaneId, Metric, Present, Scenario};

pub use guesses::Outcome;

/// Seconds that a film shows a question for, beside the time to read it, before it goes on.
const FILM_QUESTION: f64 = 3.0;

/// Seconds after which a key is about the beat that stands there, and not about the one before.
const SEEN: f64 = 0.3;

/// How a story is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Nobody answers: questions stand for a while and are then left to the run.
    Film,
    /// Training waits for guesses and for the time that a caption takes to read.
    #[default]
    Lecture,
    /// Training waits for nothing and asks nothing.
    Free,
    /// Training goes on to the next text and waits there, until whoever reads goes on.
    Tour,
}

impl Mode {
    /// The modes of the control, in its order; a tour has its own.
    pub const CHOSEN: [Self; 3] = [Self::Film, Self::Lecture, Self::Free];
}

/// What is known of a run at a moment.
pub struct Now<'a> {
    /// Steps trained.
    pub step: u64,
    /// What each lane trains with.
    pub lanes: [Option<Present<'a>>; 2],
    /// What happened so far.
    pub events: &'a [Event],
    /// Whether there is an input of the user's own.
    pub has_input: bool,
}

/// What became of a beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It was not reached.
    Ahead,
    /// It stands or stood there.
    Told,
    /// Its condition did not hold, or the run was beyond it before anybody looked.
    PassedOver,
}

/// What training waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For a guess.
    Guess,
    /// Until something is so.
    Done,
}

/// A lesson that goes on while a run does; by default one of nothing.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    beats: Vec<Beat>,
    steps: u64,
    mode: Mode,
    fates: Vec<Fate>,
    /// The beat that stands there.
    current: Option<usize>,
    /// Whether the current beat still waits for a guess or for what it asks to do.
    is_open: bool,
    /// Seconds that the current text has stood there, and those that reading it takes.
    read: f64,
    needed: f64,
    answers: BTreeMap<usize, Answer>,
    /// The guess that is being made for the question that stands there.
    draft: Draft,
    /// The newest beat whose comparison was put away.
    put_away: Option<usize>,
    /// Hands that were counted for the choices of a beat.
    hands: BTreeMap<usize, Vec<u32>>,
    /// Beats whose guess or hands were not handed out yet.
    news: BTreeSet<usize>,
    /// Values that questions are about, by lane, metric and step.
    values: BTreeMap<(LaneId, Metric, u64), f64>,
    /// Newest step whose rows were seen.
    seen: u64,
    /// Whether the run has steps behind it that nobody looked at.
    is_late: bool,
}

impl Lesson {
    /// The lesson of a scenario before its first step. Captions of timed changes are beats that say
    /// something.
    pub fn new(scenario: &Scenario, mode: Mode) -> Self {
        let mut beats = scenario.beat.clone();
        beats.extend(
            scenario.change.iter().filter_map(|change| {
                Some(Beat::say(At::Step(change.step), change.caption.clone()?))
            }),
        );
        Self {
            fates: vec![Fate::Ahead; beats.len()],
            beats,
            steps: scenario.steps,
            mode,
            current: None,
            is_open: false,
            read: 0.0,
            needed: 0.0,
            answers: BTreeMap::new(),
            draft: Draft::default(),
            put_away: None,
            hands: BTreeMap::new(),
            news: BTreeSet::new(),
            values: BTreeMap::new(),
            seen: 0,
            is_late: false,
        }
    }

    /// The lesson of no story, before there is one.
    pub fn of_nothing(mode: Mode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// The lesson of a run that may have steps behind it, which nobody looked at: what it asked about
    /// there is over.
    pub fn late(scenario: &Scenario, mode: Mode) -> Self {
        Self { is_late: true, ..Self::new(scenario, mode) }
    }

    /// Passes over what stood before `step`, but for the last text there.
    fn leave_behind(&mut self, step: u64) {
        self.is_late = false;
        let (beats, steps) = (&self.beats, self.steps);
        let before = |i: &usize| beats[*i].at.trained(steps).is_some_and(|at| at < step);
        let is_text = |i: &usize| beats[*i].kind == BeatKind::Say;
        let place = |i: usize| beats[i].at.trained(steps);
        let last = (0..beats.len()).filter(before).filter(is_text).map(place).max();
        // Of several there, conditions choose.
        for i in (0..beats.len()).filter(before) {
            if self.answers.contains_key(&i) {
                continue;
            }
            if !is_text(&i) || last != Some(place(i)) {
                self.fates[i] = Fate::PassedOver;
            }
        }
    }

    /// How it is told.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Tells it in another way from here on.
    pub fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
        if mode == Mode::Free {
            self.is_open = false;
        }
    }

    /// The number of the beat that stands there, and the beat.
    pub fn current(&self) -> Option<(usize, &Beat)> {
        self.current.map(|number| (number, &self.beats[number]))
    }

    /// All beats: those of the file in its order, then captions of timed changes.
    pub fn beats(&self) -> &[Beat] {
        &self.beats
    }

    /// Has a beat stand there for good, with all before it told, as a picture of it shows it.
    pub fn stand_at(&mut self, number: usize) {
        self.mode = Mode::Lecture;
        self.is_late = false;
        let place = |i: usize| (self.beats[i].at.trained(self.steps).unwrap_or(0), i);
        for i in 0..self.beats.len() {
            self.fates[i] = match self.beats[i].kind {
                BeatKind::Say if place(i) <= place(number) => Fate::Told,
                _ => Fate::PassedOver,
            };
        }
        let beat = &self.beats[number];
        self.fates[number] = Fate::Told;
        self.current = Some(number);
        self.is_open = beat.kind != BeatKind::Say;
        self.draft = Draft::of(beat);
        (self.read, self.needed) = (0.0, f64::INFINITY);
    }

    /// Has the lesson begin at a beat, with all before it told or passed over.
    pub fn begin_at(&mut self, number: usize) {
        self.is_late = false;
        let place = |i: usize| (self.beats[i].at.trained(self.steps).unwrap_or(0), i);
        for i in 0..self.beats.len() {
            let beat = &self.beats[i];
            self.fates[i] = match beat.kind {
                _ if place(i) >= place(number) => Fate::Ahead,
                BeatKind::Say if beat.when.is_none() => Fate::Told,
                _ => Fate::PassedOver,
            };
        }
        (self.current, self.is_open) = (None, false);
    }

    /// Goes back to a step: what stands after it is ahead again, what was guessed before it stays and is
    /// handed out for the run that goes on from there.
    pub fn rewind(&mut self, step: u64) {
        let place = |i: usize| self.beats[i].at.trained(self.steps);
        let is_later = |i: usize| place(i).is_none_or(|at| at > step);
        let told = || (0..self.beats.len()).filter(|&i| !is_later(i) && self.was_told(i));
        let newest = told().map(place).max();
        // Of several texts there, conditions choose again.
        let is_chosen = |i: usize| self.beats[i].when.is_some() && Some(place(i)) == newest;
        let is_again = |i: &usize| is_later(*i) || is_chosen(*i);
        let last = told().filter(|i| !is_again(i)).max_by_key(|&i| (place(i), i));
        let again: Vec<usize> = (0..self.beats.len()).filter(is_again).collect();
        for i in again {
            self.fates[i] = Fate::Ahead;
            self.answers.remove(&i);
            self.hands.remove(&i);
            if self.current == Some(i) {
                (self.current, self.is_open) = (last, false);
                self.read = self.needed;
            }
        }
        self.news = self.answers.keys().chain(self.hands.keys()).copied().collect();
        self.values.retain(|(.., at), _| *at <= step);
        self.seen = self.seen.min(step);
        self.put_away = None;
    }

    /// Goes on although the text that stands there may not have been read.
    pub fn read_on(&mut self) {
        self.read = self.needed;
    }

    /// What training waits for.
    pub fn waits(&self) -> Option<Waiting> {
        let (_, beat) = self.current()?;
        match (self.mode, beat.kind) {
            (Mode::Free, _) => None,
            (_, BeatKind::Ask | BeatKind::Recall) if self.is_open => Some(Waiting::Guess),
            (_, BeatKind::Do) if self.is_open => Some(Waiting::Done),
            _ => None,
        }
    }

    /// Takes into account what has been trained. A beat that waits, and a text that is still being
    /// read, are followed by no other.
    pub fn look(&mut self, now: &Now<'_>) {
        if self.is_late {
            self.leave_behind(now.step);
        }
        if let (Some(Waiting::Done), Some(number)) = (self.waits(), self.current)
            && self.beats[number].done.as_ref().is_some_and(|c| condition::holds(c, now))
        {
            self.close();
        }
        while self.waits().is_none() && !self.is_being_read() {
            let Some(number) = self.next_reached(now) else { return };
            self.reach(number, now);
        }
    }

    /// The first beat that is reached and was not told yet, in the order of their steps.
    fn next_reached(&self, now: &Now<'_>) -> Option<usize> {
        let ahead = (0..self.beats.len()).filter(|&i| self.fates[i] == Fate::Ahead);
        let reached = ahead.filter_map(|i| {
            let at = match self.beats[i].at {
                At::On { event, lane } => raised(now.events, event, lane)?,
                at => at.trained(self.steps)?,
            };
            (at <= now.step).then_some((at, i))
        });
        reached.min().map(|(_, i)| i)
    }

    /// Whether a beat is told where it is reached now, and not passed over.
    fn is_told_now(&self, number: usize, now: &Now<'_>) -> bool {
        let beat = &self.beats[number];
        let is_meant = beat.when.as_ref().is_none_or(|when| condition::holds(when, now));
        let is_over = beat.kind == BeatKind::Ask && self.until(beat) <= now.step;
        let is_done = beat.done.as_ref().is_some_and(|done| condition::holds(done, now));
        let is_asked = self.mode != Mode::Free || beat.kind == BeatKind::Say;
        is_meant && !is_over && !is_done && is_asked
    }

    /// The beat that is told next if everything stays as it is now, of those that stand at a step.
    pub fn next_told(&self, now: &Now<'_>) -> Option<usize> {
        let ahead = |number: &usize| self.fates[*number] == Fate::Ahead;
        let mut rows = self.in_order().into_iter().map(|(number, _)| number).filter(ahead);
        rows.find(|&number| self.is_told_now(number, now))
    }

    fn reach(&mut self, number: usize, now: &Now<'_>) {
        if !self.is_told_now(number, now) {
            self.fates[number] = Fate::PassedOver;
            return;
        }
        let beat = &self.beats[number];
        self.fates[number] = Fate::Told;
        self.current = Some(number);
        self.is_open = beat.kind != BeatKind::Say && !self.answers.contains_key(&number);
        self.draft = Draft::of(beat);
        self.read = 0.0;
        self.needed = match self.mode {
            Mode::Tour => f64::INFINITY,
            _ => reading::seconds(beat.text.spoken()),
        };
    }

    /// Steps after which training must stop by itself, rising: where something waits, and where the
    /// next text would come before this one can have been read.
    pub fn halts(&self) -> Vec<u64> {
        if self.mode == Mode::Free {
            return Vec::new();
        }
        let is_reading = self.is_being_read() || self.mode == Mode::Tour;
        let ahead = (0..self.beats.len()).filter(|&i| self.fates[i] == Fate::Ahead);
        let mut halts: Vec<u64> = ahead
            .map(|i| &self.beats[i])
            .filter(|beat| beat.kind != BeatKind::Say || is_reading)
            .filter_map(|beat| beat.at.trained(self.steps))
            .filter(|&at| at < self.steps)
            .collect();
        halts.sort_unstable();
        halts.dedup();
        halts
    }

    /// Whether the text that stands there takes longer to read than it has stood there.
    pub fn is_being_read(&self) -> bool {
        self.mode != Mode::Free && self.current.is_some() && self.read < self.needed
    }

    /// Lets so many seconds pass. Reading goes on while training waits.
    pub fn pass(&mut self, seconds: f64) {
        self.read += seconds.max(0.0);
        let is_left = self.mode == Mode::Film && self.read >= self.needed + FILM_QUESTION;
        match (is_left, self.waits()) {
            (true, Some(Waiting::Guess)) => self.guess(Answer::Left),
            (true, Some(Waiting::Done)) => self.skip(),
            _ => {}
        }
    }

    /// Whether the next beat that says something is reached while this one is still being read.
    pub fn holds_back(&self, now: &Now<'_>) -> bool {
        self.waits().is_none()
            && self.is_being_read()
            && self
                .next_reached(now)
                .is_some_and(|i| self.beats[i].at.trained(self.steps).is_some())
    }

    /// The beat that stands there waits no longer, and nobody has to read it any more; a page of a
    /// tour stays until somebody goes on.
    fn close(&mut self) {
        self.is_open = false;
        if self.mode != Mode::Tour {
            self.read = self.needed;
        }
    }

    /// Whether everything that the run shows would give an answer away: a question about what was
    /// seen waits.
    pub fn covers_everything(&self) -> bool {
        self.waits() == Some(Waiting::Guess)
            && self.current().is_some_and(|(_, beat)| beat.kind == BeatKind::Recall)
    }

    /// Whether what other runs of the story came to must not be seen: a question waits.
    pub fn covers_others(&self) -> bool {
        self.waits() == Some(Waiting::Guess)
    }

    /// Whether the question that waits is answered by drawing a curve.
    pub fn is_drawn(&self) -> bool {
        let is_curve = |(_, beat): (usize, &Beat)| beat.guess == Some(Guess::Curve);
        self.waits() == Some(Waiting::Guess) && self.current().is_some_and(is_curve)
    }

    /// The beats that can be told apart on a timeline, with the steps at which they stand.
    pub fn places(&self) -> impl Iterator<Item = (usize, u64, &Beat)> {
        let steps = self.steps;
        self.beats
            .iter()
            .enumerate()
            .filter_map(move |(i, beat)| Some((i, beat.at.trained(steps)?, beat)))
    }

    /// All beats that stand at a step, in the order of telling: their numbers and steps.
    pub fn in_order(&self) -> Vec<(usize, u64)> {
        let mut all: Vec<(usize, u64)> = self.places().map(|(i, at, _)| (i, at)).collect();
        all.sort_by_key(|&(number, at)| (at, number));
        all
    }

    /// Whether the beat that stands there has stood so long that nobody means the one before it.
    pub fn has_stood(&self) -> bool {
        self.read > SEEN
    }

    /// Whether every beat that stands at a step was told or passed over.
    pub fn is_told_out(&self) -> bool {
        self.places().all(|(number, ..)| self.fates[number] != Fate::Ahead)
    }

    /// How much of the story lies behind, 0 to 1: the share of the beats that stand at a step which were
    /// told or passed over.
    pub fn share_behind(&self) -> f64 {
        let is_behind = |(number, ..): &(usize, u64, &Beat)| self.fates[*number] != Fate::Ahead;
        let behind = self.places().filter(is_behind).count();
        behind as f64 / self.places().count().max(1) as f64
    }

    /// Whether a beat was told.
    pub fn was_told(&self, number: usize) -> bool {
        self.fates.get(number) == Some(&Fate::Told)
    }
}

/// The step at which a flag of a lane was first raised.
fn raised(events: &[Event], flag: Flag, lane: LaneId) -> Option<u64> {
    let is_it = |e: &&Event| e.kind == EventKind::from(flag) && e.lane == Some(lane);
    events.iter().find(is_it).map(|event| event.step)
}
