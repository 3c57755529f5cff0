//! Every size of the window: type, space, corners, lines. Panes take theirs from here and type no
//! number of points for them; `tests/it/tokens.rs` finds who does.
//!
//! The scale of type is a value, because a room reads other sizes than a desk does; space, corners
//! and lines are the same for both.

use egui::{Context, Id, Ui};

/// A scale of type, in points.
#[derive(Debug, PartialEq)]
pub struct Tokens {
    /// Labels of axes, units, notes.
    pub small: f32,
    /// Names, controls, sentences.
    pub body: f32,
    /// The story's caption, titles of parts.
    pub title: f32,
    /// How many codes of a lane are in use, titles of cards.
    pub headline: f32,
    /// The share of the codes in use, where there is little room.
    pub figure: f32,
    /// The same where there is enough.
    pub number: f32,
}

/// For somebody who sits before the screen.
pub static WINDOW: Tokens =
    Tokens { small: 12.0, body: 14.0, title: 16.0, headline: 20.0, figure: 28.0, number: 40.0 };

/// For a room: nothing is smaller than what the last row reads.
pub static PRESENTER: Tokens =
    Tokens { small: 24.0, body: 24.0, title: 28.0, headline: 32.0, figure: 40.0, number: 64.0 };

/// Space between things, in points.
pub mod space {
    /// Between a sign and its word.
    pub const XS: f32 = 4.0;
    /// Between controls, and between parts of the window.
    pub const S: f32 = 8.0;
    /// From an edge to what lies inside.
    pub const M: f32 = 12.0;
    /// Between groups, and around a card.
    pub const L: f32 = 16.0;
    /// Between parts of a card.
    pub const XL: f32 = 24.0;
}

/// Corners, in points.
pub mod radius {
    /// Of canvases and marks.
    pub const SMALL: f32 = 2.0;
    /// Of controls.
    pub const CONTROL: f32 = 4.0;
    /// Of cards.
    pub const CARD: f32 = 6.0;
}

/// Weights of lines, in points.
pub mod line {
    /// Borders, grids, ticks.
    pub const HAIR: f32 = 1.0;
    /// Curves of second rank, and what is marked.
    pub const THIN: f32 = 1.5;
    /// Curves.
    pub const CURVE: f32 = 2.0;
    /// A stroke of the pen before a room.
    pub const PEN: f32 = 4.0;
    /// The ring around what has the focus.
    pub const FOCUS: f32 = 2.0;
}

/// The scale of type in use.
pub fn tokens(ui: &Ui) -> &'static Tokens {
    of(ui.ctx())
}

/// The same of a context.
pub fn of(ctx: &Context) -> &'static Tokens {
    ctx.data(|data| data.get_temp::<&'static Tokens>(key())).unwrap_or(&WINDOW)
}

/// Whether the scale is that for a room.
pub fn is_room(ui: &Ui) -> bool {
    *tokens(ui) == PRESENTER
}

/// Puts a scale of type into use; the styles of controls follow with
/// [`theme::set_type`](crate::ui::widgets::theme::set_type).
pub fn put(ctx: &Context, tokens: &'static Tokens) {
    ctx.data_mut(|data| data.insert_temp(key(), tokens));
}

fn key() -> Id {
    Id::unique("scale-of-type")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_too_small_to_read_and_each_rank_is_larger_than_the_one_before() {
        for (tokens, least) in [(&WINDOW, 12.0), (&PRESENTER, 24.0)] {
            let Tokens { small, body, title, headline, figure, number } = *tokens;
            let scale = [small, body, title, headline, figure, number];
            assert!(scale[0] >= least && scale.is_sorted(), "{tokens:?}");
        }
        assert!(PRESENTER.number >= 64.0);
    }

    #[test]
    fn the_scale_that_was_put_is_the_one_in_use() {
        let ctx = Context::default();
        assert_eq!(of(&ctx), &WINDOW);
        put(&ctx, &PRESENTER);
        assert_eq!(of(&ctx), &PRESENTER);
    }
}
