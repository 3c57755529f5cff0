//! Texts that fit into the room there is.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align2, Color32, FontId, Galley, Id, Painter, Pos2, Rect, Sense, Stroke, Ui, Vec2, pos2, vec2,
};

use crate::palette::Palette;
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::theme::{self, palette};
use crate::ui::widgets::tokens::{Tokens, line as weight, space, tokens};
use crate::words;

/// A line of text in the first of some sizes in which it fits into a width, if there is one.
pub fn fitting(
    painter: &Painter,
    text: &str,
    sizes: &[f32],
    width: f32,
    color: Color32,
) -> Option<Arc<Galley>> {
    let layout = |size| painter.layout_no_wrap(text.into(), theme::font(size), color);
    sizes.iter().copied().map(layout).find(|galley| galley.size().x <= width)
}

/// Paints the first wording that fits into a width, the last one if none does; where it is.
pub fn first_that_fits(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    width: f32,
    font: FontId,
    color: Color32,
    wordings: &[String],
) -> Rect {
    let layout = |text: &String| painter.layout_no_wrap(text.clone(), font.clone(), color);
    let letters = Letters::of(painter, &font);
    let fitting = wordings
        .iter()
        .filter(|text| letters.least(text) <= width)
        .map(layout)
        .find(|galley| galley.size().x <= width);
    let Some(galley) = fitting.or_else(|| wordings.last().map(layout)) else {
        return Rect::from_min_size(at, Vec2::ZERO);
    };
    let place = anchor.anchor_size(at, galley.size());
    painter.galley(place.min, galley, color);
    place
}

/// Widths of the letters of a font in points, by which a text that is too long is known before it is laid
/// out, which takes longer than everything else that is done with it.
#[derive(Clone)]
struct Letters(Arc<[f32; 128]>);

impl Letters {
    /// What pairs of letters take from their widths at most.
    const KERNING: f32 = 0.9;

    fn of(painter: &Painter, font: &FontId) -> Self {
        let ctx = painter.ctx();
        let id = Id::unique(("letters", font));
        if let Some(known) = ctx.data(|data| data.get_temp(id)) {
            return known;
        }
        let letters = ctx.fonts_mut(|fonts| {
            std::array::from_fn(|i| match char::from(i as u8) {
                letter if letter.is_ascii_graphic() || letter == ' ' => {
                    fonts.glyph_width(font, letter)
                }
                _ => 0.0,
            })
        });
        let letters = Self(Arc::new(letters));
        ctx.data_mut(|data| data.insert_temp(id, letters.clone()));
        letters
    }

    /// The least width that a text has; signs that are not of ASCII are not counted.
    fn least(&self, text: &str) -> f32 {
        let widths = text.chars().filter_map(|letter| self.0.get(letter as usize));
        Self::KERNING * widths.sum::<f32>()
    }
}

/// A mark that says when a setting acts: a disc at the next step, a ring at the next restart.
pub fn tag(ui: &mut Ui, is_live: bool) {
    let p = palette(ui);
    let hint = match is_live {
        true => words!("fields-acts-at-the-next-step"),
        false => words!("fields-acts-at-the-next-restart"),
    };
    let size = vec2(space::M, space::M);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    act_mark(ui.painter(), rect.center(), is_live, p);
    response.on_hover_text(hint);
}

/// The mark itself.
pub fn act_mark(painter: &Painter, at: Pos2, is_live: bool, p: &Palette) {
    let radius = space::XS;
    if is_live {
        painter.circle_filled(at, radius - 0.5, p.live);
    } else {
        painter.circle_stroke(at, radius - 1.0, Stroke::new(weight::THIN, p.restart));
    }
}

/// A line of text that ends in "…" where it is longer than the room.
pub fn one_line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let text = readable(ui, text, &font).into_owned();
    let mut job = LayoutJob::simple_singleline(text, font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}

/// A bold line over a smaller one, at the left of a place.
pub fn two_lines(ui: &Ui, rect: Rect, [upper, lower]: [(String, Color32); 2]) {
    let Tokens { small, body, .. } = *tokens(ui);
    let line = |(text, color): &(String, Color32), font: FontId| {
        (one_line(ui, text, font, *color, rect.width()), *color)
    };
    // Smaller rather than cut off.
    let mut first = line(&upper, theme::bold(body));
    if first.0.elided {
        first = line(&upper, theme::bold(small));
    }
    let galleys = [first, line(&lower, theme::font(small))];
    let height: f32 = galleys.iter().map(|(galley, _)| galley.size().y).sum();
    let mut y = rect.center().y - height / 2.0;
    for (galley, color) in galleys {
        let next = y + galley.size().y;
        ui.painter().galley(pos2(rect.left(), y), galley, color);
        y = next;
    }
}

/// A part of the bar: what it says, and what stands under the pointer.
pub struct Part {
    /// What it says.
    pub text: String,
    /// In which colour.
    pub color: Color32,
    /// What stands under the pointer; nothing where it is empty.
    pub hint: String,
}

impl Part {
    /// A part in a colour.
    pub fn new(text: impl Into<String>, color: Color32, hint: impl Into<String>) -> Self {
        Self { text: text.into(), color, hint: hint.into() }
    }
}

#[cfg(test)]
mod tests {
    use egui::{Context, RawInput};

    use super::*;
    use crate::words::{ENGLISH, JAPANESE};

    #[test]
    fn no_text_is_narrower_than_what_it_is_left_out_by() {
        for scale in [1.0, 1.5, 2.0] {
            let ctx = Context::default();
            theme::install(&ctx);
            ctx.set_pixels_per_point(scale);
            // The scale holds from the second frame on.
            for frame in 0..2 {
                let _ = ctx.run_ui(RawInput::default(), |ui| {
                    let fonts =
                        [11.0, 13.0, 24.0].map(|size| [theme::font(size), theme::bold(size)]);
                    for font in fonts.into_iter().flatten().filter(|_| frame == 1) {
                        let letters = Letters::of(ui.painter(), &font);
                        let texts = ENGLISH.lines().chain(JAPANESE.lines());
                        for text in texts.filter_map(|line| Some(line.split_once(" = ")?.1)) {
                            let layout = |font| {
                                ui.painter().layout_no_wrap(text.into(), font, Color32::WHITE)
                            };
                            let (least, width) =
                                (letters.least(text), layout(font.clone()).size().x);
                            assert!(least <= width, "{text} in {font:?}: {least} > {width}");
                            // Of letters alone it is not far below.
                            assert!(
                                !text.is_ascii() || least > 0.8 * width,
                                "{text}: {least}, {width}"
                            );
                        }
                    }
                });
            }
        }
    }
}
