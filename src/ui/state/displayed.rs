//! What the panes show of a run: one picture of it, the newest one or that of an earlier step.

use std::sync::Arc;

use crate::analysis::history::History;
use crate::lesson::figures::filled;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::differences::Present;
use crate::scenario::figures::Figure;
use crate::scenario::{LaneId, LaneSpec, Told};
use crate::ui::state::run_model::RunModel;
use crate::ui::state::stage::Stage;

/// The picture that is shown, and what it is of. Panes of pictures see no more of a run.
#[derive(Clone, Copy)]
pub struct Displayed<'a> {
    /// What is looked at.
    pub stage: Stage,
    /// What each lane was built from, in order.
    pub specs: &'a [LaneSpec],
    /// The picture.
    pub snapshot: Option<&'a Arc<Snapshot>>,
    /// Counts pictures, so that what is drawn from one is rebuilt only for the next.
    pub generation: u64,
    /// The step that is shown.
    pub step: u64,
    /// Whether it is the newest picture of a run that trains here, so that more of it can be asked for.
    pub is_live: bool,
}

impl RunModel {
    /// What the panes show.
    pub fn displayed(&self) -> Displayed<'_> {
        let stage = self.stage();
        Displayed {
            stage,
            specs: &self.specs,
            snapshot: self.snapshot.as_ref(),
            generation: self.generation,
            step: self.shown_step(),
            is_live: stage.has_controls() && !self.is_pinned,
        }
    }
}

impl<'a> Displayed<'a> {
    /// The view of a lane.
    pub fn lane(&self, id: LaneId) -> Option<&'a LaneView> {
        self.snapshot?.lanes.iter().find(|lane| lane.id == id)
    }

    /// What a lane was built from.
    pub fn spec(&self, id: LaneId) -> Option<&'a LaneSpec> {
        self.specs.iter().find(|spec| spec.id == id)
    }

    /// A lane's name before what is said of it, "A: "; a file alone is no lane.
    pub fn prefix(&self, id: LaneId, after: &str) -> String {
        match self.stage.terms().names_one_lane || self.specs.len() > 1 {
            true => format!("{}{after}", id.name().to_uppercase()),
            false => String::new(),
        }
    }

    /// A text of the story with its figures: those of the step that is shown, and those of the steps
    /// that it names.
    pub fn told(&self, text: &Told, history: &History) -> String {
        let value = |figure: Figure| {
            let series = history.lane(figure.lane).metric(figure.of.metric)?;
            let step = figure.step.unwrap_or(self.step);
            series.at(step).filter(|_| step <= self.step).map(|bucket| bucket.mean)
        };
        filled(text.spoken(), value, |id| Some(self.spec(id)?.size))
    }

    /// What a lane trains with at the step that is shown.
    pub fn present(&self, id: LaneId) -> Option<Present<'a>> {
        let mut present = Present::from(self.spec(id)?);
        if let Some(view) = self.lane(id) {
            (present.learn_c, present.learn_w, present.lr, present.beta) =
                (view.learn_c, view.learn_w, view.lr, view.beta);
            present.switches = view.switches;
        }
        Some(present)
    }
}
