//! A saved run, drawn as the window showed it at its kept steps.

use std::sync::Arc;

use image::RgbaImage;

use crate::archive::{Archive, ArchiveError};
use crate::export::{Close, ExportError, Stage, kept_steps};
use crate::figure::look::Look;
use crate::figure::panel::Panel;
use crate::record::event::EventKind;
use crate::record::status::{Activity, TrainerState, Update};
use crate::ui::host::canvas::Canvas;
use crate::ui::layout::panels;
use crate::ui::state::AppState;
use crate::ui::state::film::FilmAxes;
use crate::ui::state::run_model::RunModel;
use crate::words::spoken;

/// Size in points of a picture of what a room saw.
const ROOM: [u32; 2] = [1280, 720];

/// Draws the kept steps of a run; cheapest in rising order, because what was known before a step is
/// known after it.
struct Player<'a> {
    archive: &'a Archive,
    look: Look,
    canvas: Canvas,
    state: AppState,
    /// Rows and events that the window knows.
    told: [usize; 2],
    /// The step that it shows.
    step: u64,
    /// A step with what is looked at closely.
    close: Option<Close>,
}

/// Prepares to draw a run.
///
/// # Errors
/// There is nothing to draw with.
pub fn open<'a>(archive: &'a Archive, look: Look) -> Result<Box<dyn Stage + 'a>, String> {
    let mut state = AppState::new(&archive.manifest.story, archive.scenario.clone());
    // A pane that somebody asks for is there, whatever the story hides.
    if look.panel == Panel::Window {
        state.arrange();
    }
    // Whoever makes a film says in which language.
    state.host.asked_language = Some(spoken());
    let canvas = Canvas::new()?;
    let mut player = Player { archive, look, canvas, state, told: [0; 2], step: 0, close: None };
    player.begin();
    if look.is_for_slide {
        player.look = panels::fitted(&mut player.state, look)?;
    }
    Ok(Box::new(player))
}

impl Player<'_> {
    fn begin(&mut self) {
        self.state.run.absorb(Update::Started(Box::new(self.archive.info())));
        self.state.run.drawn = kept_steps::drawn(self.archive);
        self.told = [0; 2];
        self.step = 0;
    }

    /// Brings the window to what was known after a step.
    fn go_to(&mut self, step: u64) -> Result<(), ArchiveError> {
        if step < self.step {
            self.begin();
        }
        self.step = step;
        let Archive { rows, events, .. } = self.archive;
        let new_rows = &rows[self.told[0]..rows.partition_point(|row| row.step <= step)];
        let new_events = &events[self.told[1]..events.partition_point(|event| event.step <= step)];
        self.told[0] += new_rows.len();
        self.told[1] += new_events.len();
        let known = &mut self.state.run;
        known.absorb(Update::Rows(new_rows.to_vec()));
        // What was drawn is known from the beginning: it may have been drawn later, looking back.
        let new_events = new_events.iter().filter(|event| event.kind != EventKind::Pen);
        new_events.cloned().for_each(|event| known.absorb(Update::Event(event)));
        let mut snapshot = self.archive.keyframe(step)?;
        if let Some(close) = &self.close {
            known.absorb(Update::Told(close.told.clone()));
            if let Some(seen) = close.snapshot.as_ref().filter(|seen| seen.step == step) {
                let pairs = snapshot.lanes.iter_mut().zip(&seen.lanes);
                pairs.for_each(|(lane, own)| lane.close.clone_from(&own.close));
            }
        }
        if let Some(film) = &known.film {
            snapshot.lanes.iter_mut().for_each(|lane| film.widen(lane.id, &mut lane.axes));
        }
        let has_stopped = snapshot.lanes.iter().all(|lane| lane.diverged_at.is_some());
        known.take(Arc::new(snapshot));
        let last = rows.last().map_or(0, |row| row.step);
        let activity = if has_stopped {
            Activity::Diverged
        } else if step >= self.archive.scenario.steps {
            Activity::Ended
        } else if step >= last {
            Activity::Paused
        } else {
            Activity::Running
        };
        // A picture has no speed: it would depend on the clock.
        let pace = self.archive.scenario.pace;
        known.absorb(Update::State(TrainerState::without_speed(activity, pace)));
        if self.close.is_some() && self.state.closely().pinned.is_none() {
            self.state.pin_what_is_looked_at();
        }
        Ok(())
    }
}

impl Stage for Player<'_> {
    fn keep_axes(&mut self, steps: &[u64]) -> Result<(), ExportError> {
        let Archive { rows, events, .. } = self.archive;
        let last = steps.iter().copied().max().unwrap_or(0);
        let mut whole = RunModel::default();
        whole.absorb(Update::Started(Box::new(self.archive.info())));
        whole.absorb(Update::Rows(rows[..rows.partition_point(|row| row.step <= last)].to_vec()));
        let events = events.iter().filter(|event| event.step <= last);
        events.cloned().for_each(|event| whole.absorb(Update::Event(event)));
        let mut film = FilmAxes::new(whole.history);
        for &step in steps {
            film.add(&self.archive.keyframe(step)?);
        }
        self.state.run.film = Some(Box::new(film));
        Ok(())
    }

    fn frame(&mut self, step: u64) -> Result<RgbaImage, ExportError> {
        self.go_to(step)?;
        Ok(self.canvas.take(&mut self.state, &self.look)?)
    }

    fn beat(&mut self, step: u64, number: usize) -> Result<RgbaImage, ExportError> {
        self.go_to(step)?;
        let (lesson, activity) = (self.state.run.lesson.clone(), self.state.run.trainer.activity);
        self.state.run.lesson.stand_at(number);
        self.state.run.trainer.activity = Activity::Waiting;
        let picture = self.canvas.take(&mut self.state, &self.look);
        (self.state.run.lesson, self.state.run.trainer.activity) = (lesson, activity);
        Ok(picture?)
    }

    fn look_closely(&mut self, close: Close) {
        self.close = Some(close);
    }

    fn show_before(&mut self, updates: Vec<Update>) {
        updates.into_iter().for_each(|update| self.state.run.absorb(update));
        // The saved one is what follows it, as after a restart.
        self.begin();
    }

    fn room(&mut self, step: u64) -> Result<RgbaImage, ExportError> {
        self.go_to(step)?;
        self.state.present(true);
        let look = Look { size: ROOM, scale: 1.0, panel: Panel::Window, ..self.look };
        let picture = self.canvas.take(&mut self.state, &look);
        self.state.present(false);
        Ok(picture?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tests::saved_in;
    use crate::record::event::{Event, Fact};
    use crate::record::pen::{Over, Stroke};
    use crate::scenario::LaneId;

    #[test]
    fn axes_stand_still_over_a_film_whose_pictures_have_one_size() {
        let place = tempfile::tempdir().unwrap();
        let archive = saved_in(place.path());
        let (steps, mut moved) = ([25, 100], Vec::new());
        for panel in Panel::ALL.into_iter().filter(|panel| *panel != Panel::Window) {
            let look = Look::new("1280x720", 1.0, "light", Ok(panel)).unwrap();
            let mut stage = open(&archive, Look { is_for_slide: true, ..look }).unwrap();
            // The marks of the axes stand left of the plots, which lie below heads and names.
            let marks = |stage: &mut dyn Stage| {
                steps.map(|step| {
                    let picture = stage.frame(step).unwrap();
                    let (width, height) = picture.dimensions();
                    assert_eq!(width, 1280, "{panel:?}");
                    let (top, left) = (height * 45 / 100, 1280 * 36 / 1272);
                    let margin = image::imageops::crop_imm(&picture, 0, top, left, height - top);
                    // Steps stand below the curves, and above what explains them.
                    let rows = if panel == Panel::Curves { height * 4 / 100 } else { 0 };
                    let from = height * 84 / 100;
                    let below = image::imageops::crop_imm(&picture, 0, from, 1280, rows);
                    (height, margin.to_image(), below.to_image())
                })
            };
            let [first, last] = marks(&mut *stage);
            let moves = first != last;
            stage.keep_axes(&steps).unwrap();
            let [first, last] = marks(&mut *stage);
            assert!(first == last, "{panel:?} at steps 25 and 100");
            moved.extend(moves.then_some(panel));
        }
        assert!(moved.contains(&Panel::Curves), "without a film the axes of {moved:?} move");
    }

    #[test]
    fn what_was_drawn_is_in_pictures_of_the_window_and_of_the_room_at_its_step_alone() {
        let place = tempfile::tempdir().unwrap();
        let mut archive = saved_in(place.path());
        let look = Look::new("1280x720", 1.0, "light", Ok(Panel::Window)).unwrap();
        let pictures = |archive: &Archive| -> Vec<RgbaImage> {
            let mut stage = open(archive, look).unwrap();
            let windows = [50, 75].map(|step| stage.frame(step).unwrap());
            let rooms = [50, 75].map(|step| stage.room(step).unwrap());
            windows.into_iter().chain(rooms).collect()
        };
        let before = pictures(&archive);
        // Drawn at the end, looking back at a step near the kept one.
        for over in [Over::Map(LaneId::B), Over::Room] {
            let stroke = Some(Stroke::new(over, &[[0.1, 0.1], [0.4, 0.3]]));
            archive.events.push(Event::new(100, None, Fact::Drawn { step: 51, stroke }));
        }
        let after = pictures(&archive);
        let changed: Vec<bool> = before.iter().zip(&after).map(|(a, b)| a != b).collect();
        assert_eq!(changed, [true, false, true, false]);
        let drawn = kept_steps::drawn(&archive);
        assert_eq!((drawn.steps(), drawn.at(50).count()), (vec![50], 2));
    }
}
