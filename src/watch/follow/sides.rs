//! One series of files, or two beside each other as the lanes of one: two folders, two files, or two
//! codebooks of the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::status::{Activity, TrainerState, Update};
use crate::record::watching::{Choices, Shown};
use crate::scenario::LaneId;
use crate::watch::follow::folder::Folder;
use crate::watch::follow::layer::{Layer, System};
use crate::watch::follow::story::info;
use crate::watch::follow::take::Take;

/// Bytes of pictures of each side that are kept for the time when the series begins anew.
const KEPT: usize = 1 << 28;

/// What is watched.
pub struct Sides {
    paths: Vec<PathBuf>,
    folders: Vec<Folder>,
    series: Vec<Series>,
    /// Counts how often the series of both began.
    run: u64,
}

/// What one side told since its series began.
#[derive(Default)]
struct Series {
    /// K and d of its first file.
    shape: Option<[usize; 2]>,
    choices: Option<Box<Choices>>,
    /// Rows and events with their steps, in the order in which they came.
    told: Vec<(u64, Update)>,
    frames: BTreeMap<u64, Arc<Snapshot>>,
    /// How many of `told` were handed out.
    done: usize,
    /// Steps of pictures that were not handed out yet.
    fresh: BTreeSet<u64>,
    /// Whether it began anew since it was handed out.
    is_anew: bool,
}

impl Sides {
    /// Nothing is looked at yet: the files at the first path, and beside them those at the second or, where
    /// there is none, another codebook of the first. The series are numbered from `run` on.
    pub fn new(paths: &[PathBuf], shown: &Shown, run: u64) -> Self {
        Self::through(&(Arc::new(System) as Arc<dyn Layer>), paths, shown, run)
    }

    /// The same of files that are reached through a layer.
    pub fn through(layer: &Arc<dyn Layer>, paths: &[PathBuf], shown: &Shown, run: u64) -> Self {
        let Some(first) = paths.first() else {
            return Self { paths: Vec::new(), folders: Vec::new(), series: Vec::new(), run };
        };
        let mut both = vec![(first.clone(), shown.a.clone())];
        if paths.len() > 1 || shown.b.is_some() {
            let path = paths.get(1).unwrap_or(first);
            both.push((path.clone(), shown.b.clone().unwrap_or_default()));
        }
        // Beside another one there is no room for all.
        let is_all = shown.is_all && both.len() == 1;
        let (paths, folders): (Vec<PathBuf>, Vec<Folder>) = both
            .into_iter()
            .map(|(path, wishes)| {
                let folder = Folder::new(path.clone(), wishes).through(layer.clone());
                (path, folder.with_all(is_all).from_run(run))
            })
            .unzip();
        let series = folders.iter().map(|_| Series::default()).collect();
        Self { paths, folders, series, run }
    }

    /// The number of the present series.
    pub fn run(&self) -> u64 {
        self.folders.iter().map(Folder::run).max().unwrap_or(0).max(self.run)
    }

    /// Sentences about what could not be read.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().flat_map(Folder::reports)
    }

    /// When what is shown was written: of two series the one that is behind.
    pub fn written(&self) -> Option<SystemTime> {
        self.folders.iter().filter_map(Folder::written).min()
    }

    /// Looks once and hands out what is new, in the order of steps, as of [`Folder::round`]; false where
    /// nobody takes it, or it `is_wanted` no more while two series are read.
    pub fn round(&mut self, patience: u32, is_wanted: &dyn Fn() -> bool, take: Take<'_>) -> bool {
        if let [only] = &mut self.folders[..] {
            return only.round(patience, take);
        }
        let lanes = [LaneId::A, LaneId::B];
        for ((folder, series), id) in self.folders.iter_mut().zip(&mut self.series).zip(lanes) {
            folder.round(patience, &mut |update| {
                series.absorb(update, id);
                is_wanted()
            });
            if !is_wanted() {
                return false;
            }
        }
        self.hand_out(take)
    }

    fn hand_out(&mut self, take: Take<'_>) -> bool {
        if self.series.iter().any(|series| series.is_anew) && !self.begin(take) {
            return false;
        }
        let mut steps = BTreeSet::new();
        let mut told: Vec<(u64, Update)> = Vec::new();
        for series in &mut self.series {
            told.extend(series.told[series.done..].iter().cloned());
            series.done = series.told.len();
            steps.append(&mut series.fresh);
        }
        // Pictures of later steps that were handed out show the slower of two trainings as it was known then.
        if let Some(&first) = steps.first() {
            let known = self.series.iter().flat_map(|series| series.frames.range(first..));
            steps.extend(known.map(|(step, _)| *step));
        }
        // Those of a comes first at the same step.
        told.sort_by_key(|(step, _)| *step);
        let mut told = told.into_iter().peekable();
        for step in steps {
            while let Some((_, update)) = told.next_if(|(of, _)| *of <= step) {
                if !take(update) {
                    return false;
                }
            }
            if !take(Update::Keyframe(Arc::new(self.both(step)))) {
                return false;
            }
        }
        told.all(|(_, update)| take(update))
    }

    /// Begins the series of both anew, from what each told so far.
    fn begin(&mut self, take: Take<'_>) -> bool {
        self.run += 1;
        for series in &mut self.series {
            series.is_anew = false;
            series.done = 0;
            series.fresh = series.frames.keys().copied().collect();
        }
        let shape = self.series.iter().find_map(|series| series.shape).unwrap_or([1, 1]);
        let paths: Vec<_> = self.paths.iter().map(PathBuf::as_path).collect();
        let info = info(&paths, shape, self.run);
        let state = TrainerState::without_speed(Activity::Watching, info.scenario.pace);
        let choices: Vec<_> = self.series.iter().filter_map(|s| s.choices.clone()).collect();
        take(Update::Started(Box::new(info)))
            && take(Update::State(state))
            && choices.into_iter().all(|choices| take(Update::Choices(choices)))
    }

    /// Both lanes at a step: each as its newest file until then shows it.
    fn both(&self, step: u64) -> Snapshot {
        let newest = |series: &Series| -> Option<LaneView> {
            let (_, frame) = series.frames.range(..=step).next_back()?;
            frame.lanes.first().cloned()
        };
        Snapshot { run: self.run, step, lanes: self.series.iter().filter_map(newest).collect() }
    }
}

impl Series {
    /// Takes what a folder tells, as of the lane `id`.
    fn absorb(&mut self, update: Update, id: LaneId) {
        match update {
            Update::Started(info) => {
                let codebook = &info.scenario.codebook;
                let shape = Some([codebook.size, codebook.dim]).filter(|shape| *shape != [1, 1]);
                *self = Self { shape, is_anew: true, ..Self::default() };
            }
            Update::Rows(mut rows) => {
                rows.iter_mut().for_each(|row| row.lane = id);
                let step = rows.first().map_or(0, |row| row.step);
                self.told.push((step, Update::Rows(rows)));
            }
            Update::Event(mut event) => {
                event.lane = event.lane.or(Some(LaneId::A));
                if let Some(event) = event.beside(LaneId::A, id) {
                    self.told.push((event.step, Update::Event(event)));
                }
            }
            Update::Keyframe(frame) => {
                let mut frame = (*frame).clone();
                frame.lanes.iter_mut().for_each(|lane| lane.facts.id = id);
                self.fresh.insert(frame.step);
                self.frames.insert(frame.step, Arc::new(frame));
                self.forget();
            }
            Update::Choices(mut choices) => {
                choices.lane = id;
                self.is_anew |= choices.are_open();
                self.choices = Some(choices);
            }
            _ => {}
        }
    }

    /// Keeps so many pictures as there is room for, the newest.
    fn forget(&mut self) {
        let mut bytes: usize = self.frames.values().map(|frame| frame.bytes()).sum();
        while bytes > KEPT && self.frames.len() > 1 {
            let Some((_, frame)) = self.frames.pop_first() else { return };
            bytes -= frame.bytes();
        }
    }
}
