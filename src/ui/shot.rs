//! `vqscope shot`: the window drawn into a file, without a display.

use std::sync::Arc;

use crate::cli::{Refusal, ShotOrder};
use crate::export::{place, png};
use crate::train::film::film;
pub use crate::ui::canvas::Canvas;
use crate::ui::state::AppState;

/// Trains to a step and draws the window at that step into a PNG file.
///
/// # Errors
/// The file cannot be written, there is no adapter to draw with, or training fails.
pub fn run(order: ShotOrder) -> Result<(), Refusal> {
    // A picture may be taken anew.
    place::check(&order.out, &["png"], true).map_err(Refusal::bad_input)?;
    // Before minutes of training: is there anything to draw with?
    let canvas = Canvas::new().map_err(Refusal::bad_input)?;
    let (scenario, choice, at) = (order.scenario.clone(), order.choice, order.at);
    let trained = std::thread::Builder::new()
        .name("trainer".into())
        .spawn(move || film(&scenario, &choice, at))
        .map_err(Refusal::broken)?
        .join();
    let (updates, snapshot) = match trained {
        Ok(outcome) => outcome.map_err(Refusal::broken)?,
        Err(_) => {
            return Err(Refusal::broken(
                "the trainer stopped unexpectedly; please report the scenario",
            ));
        }
    };
    let mut state = AppState::new(&order.story, order.scenario);
    updates.into_iter().for_each(|update| state.known.absorb(update));
    state.known.take(Arc::new(snapshot));
    let picture = canvas.take(&mut state, &order.look).and_then(|image| png(&image));
    let png = picture.map_err(Refusal::broken)?;
    place::write(&order.out, &png, true).map_err(Refusal::bad_input)
}
