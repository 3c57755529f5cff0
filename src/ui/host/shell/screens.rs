//! Which screen the room sees, and which one the speaker has.

use eframe::Frame;
use egui::{Context, Pos2, Rect, Vec2, ViewportBuilder, ViewportCommand, ViewportId, pos2, vec2};

use crate::ui::state::AppState;
use crate::ui::state::presenter::Notes;
use crate::words;

/// Size of the speaker's window, and how far it lies from the corner of its screen.
const SIZE: Vec2 = vec2(1080.0, 700.0);
const MARGIN: f32 = 40.0;

/// The speaker's window and where both are.
#[derive(Default)]
pub struct Screens {
    /// Where the speaker's window was put, while it is there: in points, where there is a screen for it.
    speaker: Option<Option<Pos2>>,
    /// Whether the room's window was brought to a screen of its own here, which is undone.
    is_brought: bool,
}

impl Screens {
    /// Draws the speaker's own window while it is asked for. Where there are two screens the room has the
    /// whole of one, and the speaker's window lies on the other.
    pub fn show(&mut self, ctx: &Context, frame: &Frame, state: &mut AppState) {
        if state.presenter().is_none_or(|presenter| presenter.notes != Notes::Window) {
            if self.close(state.presenter().is_some()) {
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
            }
            return;
        }
        let place = match self.speaker {
            Some(place) => place,
            None => self.settle(ctx, frame),
        };
        self.speaker = Some(place);
        let mut builder = ViewportBuilder::default()
            .with_title(words!("present-speaker-window"))
            .with_inner_size(SIZE);
        if let Some(place) = place {
            builder = builder.with_position(place);
        }
        ctx.show_viewport_immediate(ViewportId::from_hash_of("speaker"), builder, |ui, _class| {
            crate::ui::speaker::show(ui, state);
            // Whoever speaks may have this window before the other one.
            crate::ui::speaker::keys(ui, state);
            if ui.input(|i| i.viewport().close_requested())
                && let Some(presenter) = state.presenter_mut()
            {
                presenter.notes = Notes::None;
            }
        });
    }

    /// Closes the speaker's window; whether the room's leaves the screen that it was brought to. While a
    /// story is shown to a room it stays there.
    fn close(&mut self, is_presenting: bool) -> bool {
        self.speaker = None;
        !is_presenting && std::mem::take(&mut self.is_brought)
    }

    /// Brings the room's window to its screen, and finds the place of the speaker's; none where there is
    /// one screen.
    fn settle(&mut self, ctx: &Context, frame: &Frame) -> Option<Pos2> {
        let window = frame.winit_window()?;
        let rects: Vec<Rect> = window
            .available_monitors()
            .map(|monitor| {
                let (at, size) = (monitor.position(), monitor.size());
                let at = pos2(at.x as f32, at.y as f32);
                Rect::from_min_size(at, vec2(size.width as f32, size.height as f32))
            })
            .collect();
        let of = |monitor: Option<_>| {
            let monitor = monitor?;
            window.available_monitors().position(|other| other == monitor)
        };
        let now = of(window.current_monitor())?;
        let is_full = window.fullscreen().is_some();
        let [room, speaker] = apart(&rects, now, of(window.primary_monitor()), is_full)?;
        log::debug!("of {} screens the room has {room}, the speaker {speaker}", rects.len());
        if !is_full {
            ctx.send_viewport_cmd(ViewportCommand::SetMonitor(room));
            self.is_brought = true;
        }
        // The system counts in its pixels.
        Some(rects[speaker].min / ctx.pixels_per_point() + Vec2::splat(MARGIN))
    }
}

/// The screens of the room and of the speaker, of several. A window that fills its screen stays there,
/// as does one that was moved to another than the speaker's first; all else goes to the first screen that
/// is not the speaker's. Screens that show the same are one.
fn apart(
    screens: &[Rect],
    now: usize,
    primary: Option<usize>,
    is_full: bool,
) -> Option<[usize; 2]> {
    let are_apart = |a: usize, b: usize| screens[a] != screens[b];
    let others = |of: usize| (0..screens.len()).find(|&other| are_apart(of, other));
    let own = primary.unwrap_or(0);
    let room = if is_full || are_apart(now, own) { now } else { others(own)? };
    let speaker = if are_apart(own, room) { own } else { others(room)? };
    Some([room, speaker])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(x: f32) -> Rect {
        Rect::from_min_size(pos2(x, 0.0), vec2(1280.0, 720.0))
    }

    #[test]
    fn room_and_speaker_have_different_screens() {
        let two = [screen(0.0), screen(1280.0)];
        // On the laptop, its own screen the first or the second one.
        assert_eq!(apart(&two, 0, Some(0), false), Some([1, 0]));
        assert_eq!(apart(&two, 1, Some(1), false), Some([0, 1]));
        // Moved to the projector already.
        assert_eq!(apart(&two, 1, Some(0), false), Some([1, 0]));
        // Full screen on the laptop, as somebody wants it.
        assert_eq!(apart(&two, 0, Some(0), true), Some([0, 1]));
        // No screen is said to be the first one.
        assert_eq!(apart(&two, 0, None, false), Some([1, 0]));
        assert_eq!(apart(&two, 1, None, true), Some([1, 0]));
    }

    #[test]
    fn the_room_keeps_its_screen_until_nothing_is_shown_to_it() {
        let mut screens = Screens { speaker: Some(None), is_brought: true };
        assert!(!screens.close(true), "the speaker's window alone was closed");
        assert!(screens.speaker.is_none() && screens.close(false));
        assert!(!screens.close(false), "it was left already");
        // What fills its screen by itself is left as it is.
        assert!(!Screens { speaker: Some(None), is_brought: false }.close(false));
    }

    #[test]
    fn one_screen_or_two_that_show_the_same_are_left_as_they_are() {
        assert_eq!(apart(&[screen(0.0)], 0, Some(0), false), None);
        assert_eq!(apart(&[screen(0.0), screen(0.0)], 1, Some(0), false), None);
        assert_eq!(apart(&[screen(0.0), screen(0.0)], 0, Some(0), true), None);
    }
}
