//! A run: one or two lanes trained in lock-step on the same batches.

mod pictures;

use burn::tensor::{Device, ExecutionError, Int, Tensor, TensorData};

use crate::engine::RunError;
use crate::engine::device::Compute;
use crate::engine::lane::{Batch, Lane};
use crate::engine::limits;
use crate::engine::parallel::{side_by_side, wake_pool};
use crate::engine::slow::Before;
use crate::engine::state::Misfit;
use crate::engine::views::Track;
use crate::record::event::{Event, EventKind, Fact};
use crate::record::row::StepRow;
use crate::record::setting::{BasisMode, Logged, Setting};
use crate::record::state::Schedule;
use crate::record::state::{LaneState, RunState};
use crate::record::status::{Origin, RunInfo};
use crate::record::token_step::TokenStep;
use crate::scenario::{LaneId, LaneSpec, Scenario};

/// The lanes, the step they are at, and what has not been handed out yet.
pub struct Run {
    number: u64,
    scenario: Scenario,
    compute: Compute,
    lanes: Vec<Lane>,
    step: u64,
    rows: Vec<StepRow>,
    events: Vec<Event>,
    schedule: Schedule,
    basis_mode: BasisMode,
    tracks: Option<Vec<Track>>,
    /// The token of the next step that is told of.
    asked: Option<usize>,
    /// What was asked for and not handed out yet.
    told: Vec<TokenStep>,
}

impl Run {
    /// Does what a log says was set by hand at this step; it acts at the next one.
    pub fn set_due(&mut self, log: &[Logged]) {
        let at = self.step_count();
        log.iter().filter(|l| l.step == at).for_each(|l| self.set(l.lane, l.setting));
    }

    /// Builds all lanes. `with_views` keeps what pictures need; series do not depend on it.
    ///
    /// # Errors
    /// A damaged image, a tensor too large for the adapter, what the device reports, or it is given up.
    pub fn new(
        scenario: Scenario,
        compute: &Compute,
        number: u64,
        with_views: bool,
    ) -> Result<Self, RunError> {
        let specs = scenario.lane_specs();
        limits::check(&specs, compute)?;
        let is_alone = specs.len() == 1;
        let lanes = specs
            .into_iter()
            .map(|spec| {
                RunError::if_given_up()?;
                Ok(Lane::new(spec, is_alone, compute)?)
            })
            .collect::<Result<Vec<_>, RunError>>()?;
        let tracks = lanes.iter().filter(|_| with_views).map(|lane| {
            RunError::if_given_up()?;
            Ok(Track::new(lane)?)
        });
        let tracks = tracks.collect::<Result<Vec<_>, RunError>>()?;
        let tracks = with_views.then_some(tracks);
        RunError::if_given_up()?;
        Ok(Self {
            number,
            scenario,
            compute: compute.clone(),
            lanes,
            step: 0,
            rows: Vec::new(),
            events: Vec::new(),
            schedule: Schedule::default(),
            basis_mode: BasisMode::Live,
            tracks,
            asked: None,
            told: Vec::new(),
        })
    }

    /// What the run trains.
    pub fn info(&self) -> RunInfo {
        RunInfo {
            run: self.number,
            scenario: self.scenario.clone(),
            eval_tokens: self.lanes.iter().map(|l| l.eval_samples() * l.spec.tokens).collect(),
            device: self.compute.label.clone(),
            origin: Origin::New,
        }
    }

    /// Steps trained.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// The scenario as resolved.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The lanes, in order.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// Whether any lane trains on.
    pub fn is_training(&self) -> bool {
        self.lanes.iter().any(|lane| lane.is_training(self.step))
    }

    /// Trains one step of every lane that goes on.
    ///
    /// # Errors
    /// What the device reports; or the step is given up, and the run cannot go on.
    pub fn step(&mut self) -> Result<(), RunError> {
        self.compute.adapter.before_step(self.step)?;
        let next = self.step + 1;
        if self.lanes.len() > 1 || self.lanes.iter().any(|l| l.is_halved(l.spec.batch_samples())) {
            wake_pool(self.compute.search);
        }
        self.timed_changes(next);
        self.ends_of_warm_ups(next);
        let batches = self.batches(next);
        let before = self.before_step(next)?;
        let mut lanes: Vec<_> = self.lanes.iter_mut().zip(batches).collect();
        side_by_side(self.compute.search, &mut lanes, |(lane, batch)| {
            if let Some(batch) = batch.take() {
                lane.step(next, batch);
            }
        });
        self.step = next;
        for (lane, before) in before {
            let basis = self.tracks.as_ref().map(|tracks| tracks[lane].basis());
            self.told.push(self.lanes[lane].after_step(before, basis)?);
        }
        let lanes: Vec<&LaneSpec> = self.lanes.iter().map(|lane| &lane.spec).collect();
        if self.schedule.take_step(next, &self.scenario, &lanes) {
            self.evaluate()?;
        } else if self.lanes.iter().any(Lane::is_flight_full) {
            self.read_back()?;
        }
        if self.tracks.is_some() {
            self.note_views()?;
        }
        RunError::if_given_up()
    }

    /// Asks for the numbers of one token of the next step's batch, in each lane that makes it.
    pub fn tell_next(&mut self, token: usize) {
        self.asked = Some(token);
    }

    /// What was told of steps since the last call.
    pub fn take_told(&mut self) -> Vec<TokenStep> {
        std::mem::take(&mut self.told)
    }

    /// The side before step `next` of what was asked for, with the numbers of the lanes.
    fn before_step(&mut self, next: u64) -> Result<Vec<(usize, Before)>, RunError> {
        let Some(token) = self.asked.take() else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for (i, lane) in self.lanes.iter().enumerate().filter(|(_, l)| l.is_training(self.step)) {
            let x = self.samples(lane, next, &lane.reader.device);
            all.extend(lane.before_step(next, &x, token)?.map(|before| (i, before)));
        }
        Ok(all)
    }

    /// The batch of step `next` for each lane that goes on, on the device.
    fn batches(&self, next: u64) -> Vec<Option<Batch>> {
        let mut newest: Option<(&Lane, Batch)> = None;
        let mut all = Vec::new();
        for lane in &self.lanes {
            if !lane.is_training(self.step) {
                all.push(None);
                continue;
            }
            // Twins see one and the same batch; it is drawn and uploaded once.
            let known = newest.take().filter(|(other, _)| other.sees_the_same(lane));
            let batch = match (lane.form(next), known) {
                (Some(form), Some((_, Batch::Places(places, _)))) => Batch::Places(places, form),
                (Some(form), _) => Batch::Places(self.places(lane, next), form),
                (None, Some((_, Batch::Samples(x)))) => Batch::Samples(x),
                (None, _) => Batch::Samples(self.samples(lane, next, &self.compute.device)),
            };
            newest = Some((lane, batch.clone()));
            all.push(Some(batch));
        }
        all
    }

    /// The samples of step `next` on a device, B x D.
    fn samples(&self, lane: &Lane, next: u64, device: &Device) -> Tensor<2> {
        let samples = lane.spec.batch_samples();
        let x = lane.data.batch(lane.spec.seed, lane.at(next), samples);
        let x = TensorData::new(x, [samples, lane.data.pixels()]);
        Tensor::from_data(x, device)
    }

    /// Where they lie among the set's pictures, 2·B numbers.
    fn places(&self, lane: &Lane, next: u64) -> Tensor<1, Int> {
        let samples = lane.spec.batch_samples();
        let places = lane.data.batch_in_row(lane.spec.seed, lane.at(next), samples);
        Tensor::from_data(TensorData::new(places, [2 * samples]), &self.compute.device)
    }

    /// Evaluates every lane now; the metrics join the rows of the newest step.
    ///
    /// # Errors
    /// What the device reports.
    pub fn evaluate(&mut self) -> Result<(), RunError> {
        self.read_back()?;
        let step = self.step;
        let evaluations = side_by_side(self.compute.search, &mut self.lanes, |lane| {
            let is_newest = lane.eval.is_none_or(|e| e.step < step);
            let is_due =
                step > 0 && is_newest && lane.diverged_at.is_none() && lane.is_training(step - 1);
            is_due.then(|| lane.evaluate(step)).transpose()
        });
        // One that only an end asked for is not seen by a run that goes on from here.
        let lanes: Vec<&LaneSpec> = self.lanes.iter().map(|lane| &lane.spec).collect();
        let is_due = self.schedule.is_evaluated(step, &self.scenario, &lanes);
        for (lane, evaluation) in self.lanes.iter_mut().zip(evaluations) {
            let (id, evaluation) = (lane.spec.id, evaluation?);
            if let (true, Some(e)) = (is_due, &evaluation) {
                self.events.extend(lane.detectors.see_norm(step, e.latent_norm));
                if let Some(mean) = lane.error_of_mean() {
                    self.events.extend(lane.detectors.see_error(step, e.recon_mse, mean));
                }
            }
            // Not yet handed out: rows leave only after an evaluation of their step.
            if let Some(row) = self.rows.iter_mut().rfind(|r| r.step == step && r.lane == id) {
                row.eval = row.eval.or(evaluation);
            }
        }
        Ok(())
    }

    /// Reads back what is in flight, and notes the flags that it raises.
    fn read_back(&mut self) -> Result<(), RunError> {
        for lane in &mut self.lanes {
            let (rows, flags) = lane.read_back()?;
            self.rows.extend(rows);
            self.events.extend(flags);
        }
        self.rows.sort_by_key(|row| (row.step, row.lane));
        Ok(())
    }

    /// Rows and events since the last call; reads back what is in flight.
    ///
    /// # Errors
    /// What the device reports.
    pub fn take_news(&mut self) -> Result<(Vec<StepRow>, Vec<Event>), RunError> {
        self.read_back()?;
        // A flag of a step is raised by what was trained, before anything that acts at the next one,
        // but it may be known later.
        self.events.sort_by_key(|e| (e.step, !e.kind.is_flag()));
        Ok((std::mem::take(&mut self.rows), std::mem::take(&mut self.events)))
    }

    /// Events that are known and were not handed out yet.
    pub fn untold(&self) -> &[Event] {
        &self.events
    }

    /// Applies a hot setting to one lane or to all; it acts at the next step.
    pub fn set(&mut self, only: Option<LaneId>, setting: Setting) {
        let (mut lanes, mut from) = (Vec::new(), Vec::new());
        for lane in self.lanes.iter_mut().filter(|l| only.is_none_or(|id| l.spec.id == id)) {
            let before = lane.present().of_kind(setting);
            if lane.set(setting) {
                lanes.push(lane.spec.id);
                from.push(before);
            }
        }
        if lanes.is_empty() {
            return;
        }
        self.schedule.note_change(self.step);
        let fact = Fact::Set { lanes, from, to: setting };
        self.events.push(Event::new(self.step, only, fact));
    }

    fn timed_changes(&mut self, next: u64) {
        let due: Vec<_> =
            self.scenario.change.iter().filter(|c| c.step.max(1) == next).cloned().collect();
        for change in due {
            for id in self.scenario.lane_ids() {
                if change.lane.is_some_and(|only| only != id) {
                    continue;
                }
                let (c, w) = self.lanes[id.index()].learns();
                for setting in change.settings(c, w) {
                    self.set(Some(id), setting);
                }
            }
            if let Some(caption) = change.caption {
                let (step, text) = (self.step, caption.to_string());
                let event = Event::said(step, change.lane, EventKind::Caption, text);
                self.events.push(event);
            }
        }
    }

    /// Notes the end of a warm-up: from step `next` on the lane quantizes, and its figures are others.
    fn ends_of_warm_ups(&mut self, next: u64) {
        let ends = |lane: &&Lane| lane.spec.warmup > 0 && lane.spec.warmup + 1 == next;
        for lane in self.lanes.iter().filter(ends).filter(|lane| lane.is_training(self.step)) {
            let id = lane.spec.id;
            self.events.push(Event::new(self.step, Some(id), Fact::Quantizes { lane: id }));
            self.schedule.note_change(self.step);
        }
    }

    /// Everything the run needs to go on from here, bit for bit on the CPU.
    ///
    /// # Errors
    /// What the device reports.
    pub fn save(&mut self) -> Result<RunState, RunError> {
        self.read_back()?;
        let mut lanes =
            self.lanes.iter_mut().map(Lane::save).collect::<Result<Vec<_>, ExecutionError>>()?;
        for (lane, track) in lanes.iter_mut().zip(self.tracks.iter().flatten()) {
            lane.track = Some(track.save());
        }
        Ok(RunState {
            step: self.step,
            basis_mode: self.basis_mode,
            schedule: self.schedule,
            rows: self.rows.clone(),
            events: self.events.clone(),
            lanes,
        })
    }

    /// Goes back to a saved state of the same scenario.
    ///
    /// # Errors
    /// The state is of another scenario, or what the device reports.
    pub fn restore(&mut self, state: RunState) -> Result<(), RunError> {
        let ids = |lanes: &[LaneState]| lanes.iter().map(|l| l.facts.id).collect::<Vec<_>>();
        if ids(&state.lanes) != self.scenario.lane_ids() {
            return Err(Misfit("it has other lanes".into()).into());
        }
        (self.step, self.basis_mode) = (state.step, state.basis_mode);
        self.schedule = state.schedule;
        (self.rows, self.events) = (state.rows, state.events);
        // Rows of an earlier version do not say over how many tokens and codes they count.
        for row in self.rows.iter_mut().filter(|row| row.codes == 0) {
            if let Some(lane) = self.lanes.iter().find(|lane| lane.spec.id == row.lane) {
                (row.batch_tokens, row.codes) = (lane.spec.batch_tokens, lane.spec.size);
            }
        }
        for (i, mut saved) in state.lanes.into_iter().enumerate() {
            let track = saved.track.take();
            self.lanes[i].restore(saved, state.step)?;
            if let (Some(tracks), Some(track)) = (&mut self.tracks, track) {
                tracks[i].restore(&self.lanes[i], track, state.step)?;
            }
        }
        Ok(())
    }

    /// Notes something that no step depends on, at the newest step.
    pub fn note(&mut self, fact: Fact) {
        self.events.push(Event::new(self.step, None, fact));
    }
}
