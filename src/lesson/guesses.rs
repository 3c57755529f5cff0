//! What was guessed, what was true, and what came of it.

use crate::lesson::answer;
use crate::lesson::answer::{Answer, Curve, Draft};
use crate::lesson::{Fate, Lesson, Waiting};
use crate::record::event::{Event, Fact};
use crate::record::metric::value;
use crate::record::row::StepRow;
use crate::scenario::{Beat, BeatKind, ExpectStep, Guess, LaneId};

/// What came of the questions of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Guesses that were right.
    pub right: usize,
    /// Guesses whose truth is known.
    pub of: usize,
    /// The beat whose wrong guess was farthest off.
    pub surprise: Option<usize>,
}

impl Lesson {
    /// Takes a guess for the question that stands there.
    pub fn guess(&mut self, answer: Answer) {
        if let (Some(Waiting::Guess), Some(number)) = (self.waits(), self.current) {
            self.answers.insert(number, answer);
            self.news.insert(number);
            self.close();
        }
    }

    /// The guess that is being made.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Changes the guess that is being made, while one is asked for.
    pub fn draft_mut(&mut self) -> Option<&mut Draft> {
        (self.waits() == Some(Waiting::Guess)).then_some(&mut self.draft)
    }

    /// Takes the guess that was being made, if it is whole.
    pub fn guess_draft(&mut self) {
        let Some((_, beat)) = self.current() else { return };
        if let Some(answer) = self.draft.answer(beat) {
            self.guess(answer);
        }
    }

    /// Goes on without a guess, or without doing what is asked for.
    pub fn skip(&mut self) {
        self.close();
    }

    /// Counts hands for the choices of the question that stands there.
    pub fn count_hands(&mut self, choice: usize, hands: u32) {
        let Some((number, beat)) = self.current() else { return };
        let choices = beat.choices.len();
        if choice < choices {
            self.hands.entry(number).or_insert_with(|| vec![0; choices])[choice] = hands;
            if self.answers.contains_key(&number) {
                self.news.insert(number);
            }
        }
    }

    /// Guesses since the last call, with the hands that were counted, for whoever keeps them.
    pub fn take_guesses(&mut self) -> Vec<Fact> {
        let fact = |beat: usize| Fact::Guessed {
            beat,
            answer: self.answers.get(&beat).map(Answer::kept),
            hands: self.hands.get(&beat).cloned().unwrap_or_default(),
        };
        std::mem::take(&mut self.news).into_iter().map(fact).collect()
    }

    /// Takes back a guess that was kept; one that is not about a question of this story is left out.
    pub fn restore(&mut self, event: &Event) {
        let Some(Fact::Guessed { beat: number, answer, hands }) = &event.fact else { return };
        let Some(beat) = self.beats.get(*number) else { return };
        let fits = match (answer, beat.guess) {
            (Some(Answer::Choice(choice)), Some(Guess::Choice)) => *choice < beat.choices.len(),
            (Some(Answer::Number(_)), Some(Guess::Number)) => true,
            (Some(Answer::Curves(_)), Some(Guess::Curve)) => true,
            (Some(Answer::Left) | None, guess) => guess.is_some(),
            _ => false,
        };
        // What was guessed in this window stands as it was made.
        if !fits || self.answers.contains_key(number) {
            return;
        }
        if let Some(answer) = answer {
            self.answers.insert(*number, answer.clone());
            self.fates[*number] = Fate::Told;
        }
        if hands.len() == beat.choices.len() {
            self.hands.insert(*number, hands.clone());
        }
    }

    /// Hands for each choice of a beat.
    pub fn hands(&self, number: usize) -> Option<&[u32]> {
        self.hands.get(&number).map(Vec::as_slice)
    }

    /// The guess for a beat.
    pub fn answer(&self, number: usize) -> Option<&Answer> {
        self.answers.get(&number)
    }

    /// The last step that a question is about.
    pub fn until(&self, beat: &Beat) -> u64 {
        match beat.until {
            Some(ExpectStep::At(step)) => step,
            None | Some(ExpectStep::End(_)) => self.steps,
        }
    }

    /// Takes rows of a run into account, in the order of their steps.
    pub fn take_rows(&mut self, rows: &[StepRow]) {
        for row in rows {
            self.seen = self.seen.max(row.step);
            for beat in &self.beats {
                let Some(of) = beat.of else { continue };
                if of.lane.is_some_and(|lane| lane != row.lane) || self.until(beat) != row.step {
                    continue;
                }
                if let Some(value) = value(of.metric, row) {
                    self.values.insert((row.lane, of.metric, row.step), value);
                }
            }
        }
    }

    /// The true value for a question and a lane, once it is trained.
    pub fn truth(&self, number: usize, lane: LaneId) -> Option<f64> {
        let beat = self.beats.get(number)?;
        self.values.get(&(lane, beat.of?.metric, self.until(beat))).copied()
    }

    /// Whether a question was guessed whose truth is not known yet: its guess stands beside what
    /// happens.
    pub fn open_guess(&self) -> Option<(usize, &Beat, &Answer)> {
        self.answers.iter().rev().find_map(|(&number, answer)| {
            let beat = &self.beats[number];
            (beat.kind == BeatKind::Ask && self.seen < self.until(beat))
                .then_some((number, beat, answer))
        })
    }

    /// The newest question that was guessed and whose truth is known, with its sentence.
    pub fn newest_truth(&self) -> Option<(usize, String)> {
        let known = |number: &usize| {
            let beat = &self.beats[*number];
            beat.of.is_some() && self.seen >= self.until(beat)
        };
        let newest = self
            .answers
            .keys()
            .copied()
            .filter(known)
            .max_by_key(|&number| (self.until(&self.beats[number]), number))?;
        let is_open = self.put_away != Some(newest);
        self.compared(newest).filter(|_| is_open).map(|sentence| (newest, sentence))
    }

    /// Puts the newest comparison away.
    pub fn put_away(&mut self) {
        self.put_away = self.newest_truth().map(|(number, _)| number);
    }

    /// The sentence that compares a guess with what is true.
    pub fn compared(&self, number: usize) -> Option<String> {
        let beat = self.beats.get(number)?;
        let of = beat.of?;
        let lanes = [LaneId::A, LaneId::B].into_iter();
        let lanes = lanes.filter(|&lane| of.lane.is_none_or(|only| only == lane));
        let truths: Vec<(LaneId, f64)> =
            lanes.filter_map(|lane| Some((lane, self.truth(number, lane)?))).collect();
        answer::compare(beat, self.answer(number)?, &truths)
    }

    /// Whether a guess was right, once the truth is known.
    pub fn is_right(&self, number: usize) -> Option<bool> {
        let beat = self.beats.get(number)?;
        let lanes = match beat.of?.lane {
            Some(lane) => vec![lane],
            None => vec![LaneId::A, LaneId::B],
        };
        let truths: Vec<(LaneId, f64)> =
            lanes.into_iter().filter_map(|lane| Some((lane, self.truth(number, lane)?))).collect();
        answer::is_right(beat, self.answer(number)?, &truths)
    }

    /// The curve that was drawn for a beat and a lane.
    pub fn curve(&self, number: usize, lane: LaneId) -> Option<&Curve> {
        match self.answers.get(&number)? {
            Answer::Curves(curves) => curves.iter().find(|curve| curve.lane == lane),
            Answer::Choice(_) | Answer::Number(_) | Answer::Left => None,
        }
    }

    /// What came of all questions: the number of those that were right and of those that were
    /// guessed, and the one whose guess was farthest off.
    pub fn result(&self) -> Outcome {
        let known =
            self.answers.keys().filter_map(|&number| Some((number, self.is_right(number)?)));
        let known: Vec<(usize, bool)> = known.collect();
        let off = |number: usize| self.off_by(number).unwrap_or(0.0);
        let surprise = known
            .iter()
            .filter(|(_, is_right)| !is_right)
            .map(|&(number, _)| number)
            .max_by(|&a, &b| off(a).total_cmp(&off(b)));
        let right = known.iter().filter(|(_, is_right)| *is_right).count();
        Outcome { right, of: known.len(), surprise }
    }

    /// How far a guess was off, as a share of what could have been guessed.
    fn off_by(&self, number: usize) -> Option<f64> {
        let beat = self.beats.get(number)?;
        let lane = beat.of?.lane.unwrap_or(LaneId::A);
        answer::off_by(beat, self.answers.get(&number)?, lane, self.truth(number, lane)?)
    }
}
