//! Cards that lie over the window: one at a time, which takes the keys and the pointer.

use egui::{Context, Frame, Id, Key, Modal, Modifiers, Ui};

use crate::record::status::Activity;
use crate::ui::state::AppState;
use crate::ui::widgets::tokens::space;

/// What lies over the window, the more urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Why the trainer could not go on.
    Failure,
    /// How far a way back is.
    Replay,
    /// A run that was cut off is offered.
    CutOff,
    /// A lane diverged.
    Diverged,
    /// A long way back is announced.
    Fork,
    /// All stories.
    Gallery,
    /// Saved runs.
    Shelf,
    /// A link to the present beat.
    LessonLink,
    /// Which arrays of a watched file are meant.
    Arrays,
}

impl Card {
    /// The key that opens the card closes it as well.
    fn own_key(self) -> Option<Key> {
        match self {
            Self::Gallery => Some(Key::G),
            Self::Shelf => Some(Key::O),
            Self::LessonLink => Some(Key::Q),
            Self::Arrays => Some(Key::J),
            _ => None,
        }
    }

    /// Whether a click beside the card closes it; one that asks for an answer waits for it.
    fn closes_beside(self) -> bool {
        matches!(self, Self::Gallery | Self::Shelf | Self::Diverged | Self::LessonLink)
    }
}

impl AppState {
    /// The card that lies over the window.
    pub fn card(&self) -> Option<Card> {
        let is_replaying = matches!(self.run.trainer.activity, Activity::Replaying { .. });
        let all = [
            (Card::Failure, self.run.failure.is_some() && !self.cards.is_failure_closed),
            (Card::Replay, is_replaying),
            (Card::CutOff, self.cards.cut_off.is_some()),
            (Card::Diverged, self.diverged().is_some()),
            (Card::Fork, self.cards.fork_wish.is_some()),
            (Card::Gallery, self.cards.is_gallery_open),
            (Card::Shelf, self.cards.shelf.is_some()),
            (Card::LessonLink, self.cards.lesson_link.is_some()),
            (Card::Arrays, self.cards.arrays.is_some()),
        ];
        all.into_iter().find(|(_, is_open)| *is_open).map(|(card, _)| card)
    }

    /// Closes a card without doing what it offers: what Esc means.
    pub fn close_card(&mut self, card: Card) {
        match card {
            Card::Failure => self.cards.is_failure_closed = true,
            Card::Replay | Card::Fork => self.cancel(),
            Card::CutOff => self.answer_cut_off(false),
            Card::Diverged => self.close_divergence(),
            Card::Gallery => self.cards.is_gallery_open = false,
            Card::Shelf => self.cards.shelf = None,
            Card::LessonLink => self.cards.lesson_link = None,
            Card::Arrays => self.cards.arrays = None,
        }
    }
}

/// Acts on a key while a card is open; true if nothing else may. A press that closed a card closes
/// nothing more.
pub fn takes(ctx: &Context, state: &mut AppState, key: Key, modifiers: Modifiers) -> bool {
    let Some(card) = state.card() else { return false };
    let is_plain = modifiers.is_none();
    if is_plain && (key == Key::Escape || card.own_key() == Some(key)) {
        state.close_card(card);
        ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    }
    true
}

/// Draws a card while it is the one that lies over the window.
pub fn show(
    ui: &Ui,
    state: &mut AppState,
    card: Card,
    width: f32,
    content: impl FnOnce(&mut Ui, &mut AppState),
) {
    if state.card() != Some(card) {
        return;
    }
    let margin = if matches!(card, Card::Failure | Card::Diverged) { space::XL } else { space::L };
    let frame = Frame::window(ui.style()).inner_margin(margin);
    let modal = Modal::new(Id::unique(("card", card as u8))).frame(frame);
    let response = modal.show(ui.ctx(), |ui| {
        ui.set_width(width);
        content(ui, state);
    });
    if card.closes_beside() && response.backdrop_response.clicked() && state.card() == Some(card) {
        state.close_card(card);
    }
}
