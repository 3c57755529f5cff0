//! A story before a room: what the presenter has switched on.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::lesson::{Mode, Waiting};
use crate::record::event::Fact;
use crate::record::pen::Stroke;
use crate::record::snapshot::Snapshot;
use crate::scenario::{BeatKind, Guess, demos};
use crate::session::command::{Command, DrawnInto};
use crate::ui::state::AppState;
use crate::words;

/// Seconds for which the end of a story stands before the next one begins by itself.
const END: f64 = 12.0;

/// What the pointer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// It draws.
    Pen,
    /// It is a dot that a room can see.
    Dot,
}

/// Digits that are being typed, and what for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Entry {
    /// None.
    #[default]
    None,
    /// For the beat to go to.
    GoTo(String),
    /// For a guess.
    Number(String),
    /// For the hands of a choice.
    Hands(usize, String),
}

impl Entry {
    /// The digits.
    pub fn digits(&mut self) -> Option<&mut String> {
        match self {
            Self::None => None,
            Self::GoTo(digits) | Self::Number(digits) | Self::Hands(_, digits) => Some(digits),
        }
    }
}

/// What a stroke is drawn into: the step that was shown when it began, and its picture.
#[derive(Clone, Debug)]
struct DrawnOn {
    step: u64,
    picture: Option<Arc<Snapshot>>,
}

/// Where the speaker's notes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notes {
    /// Nowhere.
    None,
    /// In a window of their own, for the other screen.
    Window,
    /// Below what the room sees, where there is one screen.
    Below,
}

impl Notes {
    /// The next place, for the key that goes through them.
    pub fn next(self) -> Self {
        match self {
            Self::None => Self::Window,
            Self::Window => Self::Below,
            Self::Below => Self::None,
        }
    }
}

/// What the presenter has switched on.
#[derive(Clone, Debug)]
pub struct Presenter {
    /// Whether the screen is black.
    pub is_black: bool,
    /// What the pointer does.
    pub tool: Option<Tool>,
    /// The stroke that is being drawn, in shares of the window.
    pub pen: Vec<[f32; 2]>,
    /// What that stroke is drawn into.
    into: Option<DrawnOn>,
    /// Digits that are being typed.
    pub entry: Entry,
    /// Whether all beats are shown.
    pub is_overview: bool,
    /// Where the speaker's notes are.
    pub notes: Notes,
    /// Where the picture is enlarged, in shares of the window.
    pub zoom: Option<[f32; 2]>,
    /// Brightness for bad projectors, -0.6 to 0.6.
    pub brightness: f32,
    /// Contrast for bad projectors: by how much more than as it is colours lie apart, -0.4 to 1.
    pub contrast: f32,
    /// Seconds since it began.
    pub elapsed: f64,
    /// Minutes that there are.
    pub minutes: f64,
    /// Seconds since the pointer moved.
    pub idle: f64,
    /// Stories that go round by themselves.
    pub round: VecDeque<String>,
    /// Seconds for which the end of a story has stood there.
    ended: f64,
}

impl Default for Presenter {
    fn default() -> Self {
        Self {
            is_black: false,
            tool: None,
            pen: Vec::new(),
            into: None,
            entry: Entry::None,
            is_overview: false,
            notes: Notes::None,
            zoom: None,
            brightness: 0.0,
            contrast: 0.0,
            elapsed: 0.0,
            minutes: 20.0,
            idle: 0.0,
            round: VecDeque::new(),
            ended: 0.0,
        }
    }
}

/// How the time that is left goes with what is left to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// In time.
    InTime,
    /// Hurry.
    Hurry,
    /// There is time to slow down.
    SlowDown,
}

impl Presenter {
    /// How the share of the beats that lie behind goes with the share of the time that has passed.
    pub fn pacing(&self, behind: f64) -> Pacing {
        let passed = self.elapsed / (60.0 * self.minutes).max(1.0);
        match passed - behind {
            late if late > 0.1 => Pacing::Hurry,
            late if late < -0.25 => Pacing::SlowDown,
            _ => Pacing::InTime,
        }
    }

    /// Seconds that are left; less than 0 once they are over.
    pub fn left(&self) -> f64 {
        60.0 * self.minutes - self.elapsed
    }
}

impl AppState {
    /// The presenter, while a story is shown to a room.
    pub fn presenter(&self) -> Option<&Presenter> {
        self.presenter.as_deref()
    }

    /// The same, to switch something.
    pub fn presenter_mut(&mut self) -> Option<&mut Presenter> {
        self.presenter.as_deref_mut()
    }

    /// What was done last, or else what could not be done, in one sentence.
    pub fn said(&self) -> Option<&str> {
        self.toast.as_deref().or(self.run.notice.as_deref())
    }

    /// Shows the story to a room, or leaves that.
    pub fn present(&mut self, is_shown: bool) {
        let went_round = self.presenter().is_some_and(|presenter| !presenter.round.is_empty());
        self.presenter = is_shown.then(Box::default);
        if went_round && !is_shown {
            self.set_mode(self.prefs.mode);
        }
    }

    /// Shows stories to a room one after the other, over and over, with nobody at the keys.
    pub fn present_round(&mut self, stories: &[String]) {
        self.present(true);
        // Not what the user prefers: that stays as it is kept.
        self.run.lesson.set_mode(Mode::Film);
        self.ask(Command::Tell(Mode::Film));
        if let Some(presenter) = self.presenter_mut() {
            presenter.round = stories.iter().cloned().collect();
            // The first one is on already.
            presenter.round.rotate_left(1.min(stories.len()));
        }
    }

    /// Lets so many seconds pass; at the end of a story that goes round the next one begins.
    pub fn pass_presenting(&mut self, seconds: f64, has_moved: bool) {
        let is_over = self.is_end_shown();
        let Some(presenter) = self.presenter_mut() else { return };
        presenter.elapsed += seconds;
        presenter.idle = if has_moved { 0.0 } else { presenter.idle + seconds };
        presenter.ended = if is_over { presenter.ended + seconds } else { 0.0 };
        if presenter.ended < END || presenter.round.is_empty() {
            return;
        }
        presenter.ended = 0.0;
        let next = presenter.round[0].clone();
        presenter.round.rotate_left(1);
        if demos::text(&next).is_some() {
            self.load(&next);
        }
    }

    /// Types a digit while something is asked; false where nothing is typed.
    pub fn type_digit(&mut self, digit: char) -> bool {
        let lesson = &self.run.lesson;
        let waits_for_number = lesson.waits() == Some(Waiting::Guess)
            && lesson.current().is_some_and(|(_, beat)| beat.guess == Some(Guess::Number));
        let Some(presenter) = self.presenter_mut() else { return false };
        if presenter.entry == Entry::None && waits_for_number {
            presenter.entry = Entry::Number(String::new());
        }
        let Some(digits) = presenter.entry.digits() else { return false };
        if digits.len() < 12 {
            digits.push(digit);
        }
        true
    }

    /// Takes what was typed; false where nothing was.
    pub fn enter_digits(&mut self) -> bool {
        let Some(presenter) = self.presenter_mut() else { return false };
        match std::mem::take(&mut presenter.entry) {
            Entry::None => return false,
            Entry::GoTo(digits) => {
                if let Some(number) = digits.parse::<usize>().ok().and_then(|n| n.checked_sub(1)) {
                    self.go_to_beat(number);
                }
            }
            Entry::Number(digits) => {
                let lesson = &mut self.run.lesson;
                let of = lesson.current().and_then(|(_, beat)| beat.of);
                if let (Ok(typed), Some(of)) = (digits.parse::<f64>(), of) {
                    // Shares are spoken of in percent.
                    let scale = if of.metric.is_share() { 100.0 } else { 1.0 };
                    lesson.guess(crate::lesson::answer::Answer::Number(typed / scale));
                }
            }
            Entry::Hands(choice, digits) => {
                if let Ok(hands) = digits.parse() {
                    self.run.lesson.count_hands(choice, hands);
                }
                let choices = self.run.lesson.current().map_or(0, |(_, beat)| beat.choices.len());
                let next = (choice + 1 < choices).then(|| Entry::Hands(choice + 1, String::new()));
                if let (Some(next), Some(presenter)) = (next, self.presenter_mut()) {
                    presenter.entry = next;
                }
            }
        }
        true
    }

    /// Begins a stroke: the picture stands still to be drawn into, while training goes on.
    pub fn begin_stroke(&mut self) {
        if self.run.is_running() && !self.run.is_pinned {
            self.pin(self.run.step());
        }
        let into = self.drawn_into();
        if let Some(presenter) = self.presenter_mut() {
            presenter.into = Some(into);
        }
    }

    /// Adds a stroke to the step that was shown when it began, and keeps both in the run.
    pub fn draw(&mut self, stroke: Stroke) {
        let begun = self.presenter_mut().and_then(|presenter| presenter.into.take());
        let DrawnOn { step, picture } = begun.unwrap_or_else(|| self.drawn_into());
        self.note_drawn(Fact::Drawn { step, stroke: Some(stroke) }, picture);
    }

    /// What would be drawn into now.
    fn drawn_into(&self) -> DrawnOn {
        let step = self.run.shown_step();
        let picture = self.run.snapshot.clone().filter(|picture| picture.step == step);
        DrawnOn { step, picture }
    }

    /// Wipes what is shown of what was drawn.
    pub fn wipe(&mut self) {
        let mut steps: Vec<u64> = self.run.strokes().map(|(step, _)| step).collect();
        steps.sort_unstable();
        steps.dedup();
        for step in steps {
            self.note_drawn(Fact::Drawn { step, stroke: None }, None);
        }
    }

    /// Takes what was drawn into a picture, and tells the trainer, which keeps both.
    pub(super) fn note_drawn(&mut self, fact: Fact, picture: Option<Arc<Snapshot>>) {
        if !self.run.stage().has_controls() {
            return;
        }
        self.run.draw(fact.clone());
        let fact = Box::new(fact);
        let Some(picture) = picture else { return self.ask(Command::Note(fact)) };
        self.run.frames.keep_drawn(&picture);
        self.ask(Command::Draw(fact, DrawnInto(picture)));
    }

    /// Goes to a beat of the story that was told, by its number in the order of telling.
    pub fn go_to_beat(&mut self, number: usize) {
        let lesson = &self.run.lesson;
        let place = lesson.in_order().get(number).map(|&(i, at)| (lesson.was_told(i), at));
        match place {
            Some((true, at)) => self.pin_event(at),
            Some((false, _)) => self.toast = Some(words!("present-not-there-yet").into()),
            None => self.toast = Some(words!("present-no-such-beat").into()),
        }
    }

    /// Whether the choices of the question that waits can be counted by hands.
    pub fn can_count_hands(&self) -> bool {
        let lesson = &self.run.lesson;
        lesson.waits() == Some(Waiting::Guess)
            && lesson.current().is_some_and(|(_, beat)| {
                beat.guess == Some(Guess::Choice) && beat.kind != BeatKind::Say
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::answer::Answer;
    use crate::ui::fixture;

    #[test]
    fn time_and_telling_make_the_pace() {
        let mut presenter = Presenter { minutes: 10.0, ..Presenter::default() };
        assert_eq!((presenter.pacing(0.0), presenter.left()), (Pacing::InTime, 600.0));
        presenter.elapsed = 300.0;
        assert_eq!(presenter.pacing(0.5), Pacing::InTime);
        assert_eq!(presenter.pacing(0.2), Pacing::Hurry);
        assert_eq!(presenter.pacing(0.9), Pacing::SlowDown);
    }

    #[test]
    fn digits_are_a_guess_hands_or_a_place() {
        let number =
            "[[beat]]\nat='start'\nkind='ask'\ntext='x'\nguess='number'\nof='a.utilization'\n";
        let mut state = fixture::lesson(number);
        state.tell(0.0);
        state.present(true);
        assert!("35".chars().all(|digit| state.type_digit(digit)));
        assert!(state.enter_digits());
        assert_eq!(state.run.lesson.answer(0), Some(&Answer::Number(0.35)));
        // Nothing is asked any more.
        assert!(!state.type_digit('3') && !state.enter_digits());
        let choice = "[[beat]]\nat='start'\nkind='ask'\ntext='x'\nguess='choice'\nof='a.utilization'\n\
            choices=[{text='y',max=0.5},{text='z',min=0.5}]\n";
        let mut state = fixture::lesson(choice);
        state.tell(0.0);
        state.present(true);
        assert!(state.can_count_hands());
        state.presenter_mut().unwrap().entry = Entry::Hands(0, String::new());
        for hands in ["12", "7"] {
            assert!(hands.chars().all(|digit| state.type_digit(digit)));
            assert!(state.enter_digits());
        }
        assert_eq!(state.run.lesson.hands(0), Some(&[12, 7][..]));
        assert_eq!(state.presenter().unwrap().entry, Entry::None);
    }

    #[test]
    fn stories_go_round_once_their_end_has_stood_there() {
        let mut state = fixture::lesson("");
        state.present_round(&["collapse".into(), "rescue".into()]);
        fixture::trained(&mut state, 17);
        for _ in 0..5 {
            state.run.lesson.read_on();
            state.tell(0.0);
        }
        state.pass_presenting(END - 1.0, false);
        assert_eq!(state.story.name, "collapse");
        state.pass_presenting(1.5, false);
        assert_eq!(state.story.name, "rescue");
        // Whoever leaves has stories told as before.
        assert_eq!((state.run.lesson.mode(), state.prefs.mode), (Mode::Film, Mode::Lecture));
        state.present(false);
        assert_eq!(state.run.lesson.mode(), Mode::Lecture);
    }
}
