//! What is followed: the files of one or two trainings, and these themselves where they take commands.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, select};

use crate::record::event::Event;
use crate::record::status::Update;
use crate::record::steer::Ask;
use crate::record::watching::Shown;
use crate::scenario::LaneId;
use crate::watch::follow::layer::{Layer, System};
use crate::watch::follow::sides::Sides;
use crate::watch::follow::take::Take;
use crate::watch::steer::Hand;

/// Time between two looks at the folder.
const INTERVAL: Duration = Duration::from_millis(500);

/// Time between two looks at the answers of a training that was asked for something.
const ANSWER: Duration = Duration::from_millis(50);

/// Files, and a hand on the switch of each training that writes them.
pub struct Followed {
    paths: Vec<PathBuf>,
    layer: Arc<dyn Layer>,
    sides: Sides,
    /// One for each path, in the order of the lanes.
    hands: Vec<Hand>,
}

/// What comes after the wishes of the window.
pub enum Next {
    /// A round of the files.
    Round,
    /// The window is gone.
    Gone,
}

impl Followed {
    /// Nothing is looked at yet. `window` is the name under which commands are given.
    pub fn new(paths: &[PathBuf], shown: &Shown, window: &str) -> Self {
        Self::through(Arc::new(System), paths, shown, window)
    }

    /// The same of files that are reached through a layer.
    pub fn through(layer: Arc<dyn Layer>, paths: &[PathBuf], shown: &Shown, window: &str) -> Self {
        let mut places: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        // Two codebooks of one training have one hand.
        places.dedup();
        let hands = places.into_iter().map(|path| Hand::new(path, window)).collect();
        let sides = Sides::through(&layer, paths, shown, 1);
        Self { paths: paths.into(), layer, sides, hands }
    }

    /// Sentences about what could not be read.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        self.sides.reports()
    }

    /// When what is shown was written.
    pub fn written(&self) -> Option<SystemTime> {
        self.sides.written()
    }

    /// A round of the files, as of [`Sides::round`], and a look at the trainings.
    pub fn round(&mut self, patience: u32, is_wanted: &dyn Fn() -> bool, take: Take<'_>) -> bool {
        let mut begins = false;
        let is_whole = self.sides.round(patience, is_wanted, &mut |update| {
            begins |= matches!(update, Update::Started(_));
            take(update)
        });
        is_whole && self.look(begins, take)
    }

    /// Hands out what the trainings said since the last look; all marks where the series began `anew`.
    fn look(&mut self, anew: bool, take: Take<'_>) -> bool {
        let mut lanes = [LaneId::A, LaneId::B].into_iter().take(self.hands.len());
        lanes.all(|lane| {
            let mut is_new = false;
            self.act(lane, &mut |hand| is_new = hand.look());
            self.tell(lane, is_new, anew, take)
        })
    }

    /// Does something with the hand on a lane's training, which reads and writes files.
    fn act(&mut self, lane: LaneId, act: &mut dyn FnMut(&mut Hand)) {
        let at = lane.index();
        if let (Some(path), Some(hand)) = (self.paths.get(at), self.hands.get_mut(at)) {
            self.layer.touch(path, &mut || act(hand));
        }
    }

    fn tell(&mut self, lane: LaneId, is_new: bool, anew: bool, take: Take<'_>) -> bool {
        let of = (self.hands.len() > 1).then_some(lane);
        let Some(hand) = self.hands.get_mut(lane.index()) else { return true };
        if is_new && !take(Update::Steering(lane, hand.steering().map(Box::new))) {
            return false;
        }
        hand.marks(anew).into_iter().all(|mark| take(Update::Event(Event { lane: of, ..mark })))
    }

    /// Does what the window asks of the training that is shown as a lane.
    fn ask(&mut self, lane: LaneId, ask: Ask, take: Take<'_>) -> bool {
        let mut ask = Some(ask);
        self.act(lane, &mut |hand| ask.take().into_iter().for_each(|ask| hand.ask(ask)));
        self.tell(lane, true, false, take)
    }

    /// Does what the window wishes until the next round of the files, which comes at once where the last
    /// one was broken off for a wish.
    pub fn obey(
        &mut self,
        wishes: &Receiver<Shown>,
        asks: &Receiver<(LaneId, Ask)>,
        was_whole: bool,
        take: Take<'_>,
    ) -> Next {
        let round = Instant::now() + if was_whole { INTERVAL } else { Duration::ZERO };
        loop {
            let left = round.saturating_duration_since(Instant::now());
            let waits = self.hands.iter().any(Hand::waits);
            let is_wanted = select! {
                recv(wishes) -> wished => match wished {
                    // The newest of several wishes counts.
                    Ok(first) => {
                        let shown = wishes.try_iter().last().unwrap_or(first);
                        let run = self.sides.run() + 1;
                        self.sides = Sides::through(&self.layer, &self.paths, &shown, run);
                        return Next::Round;
                    }
                    Err(_) => false,
                },
                recv(asks) -> asked => match asked {
                    Ok((lane, ask)) => self.ask(lane, ask, take),
                    Err(_) => false,
                },
                default(if waits { left.min(ANSWER) } else { left }) => {
                    if left.is_zero() {
                        // The window is gone where nobody takes an update.
                        return if was_whole { Next::Round } else { Next::Gone };
                    }
                    self.look(false, take)
                }
            };
            if !is_wanted {
                return Next::Gone;
            }
        }
    }
}

impl Drop for Followed {
    /// Gives control back.
    fn drop(&mut self) {
        self.hands.iter_mut().for_each(Hand::give);
    }
}
