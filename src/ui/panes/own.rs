//! An input of the user's own: drawn with the pointer, or picked from the pictures, and what both
//! lanes make of it.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, CursorIcon, Rect, RichText, Role, Sense, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

use crate::record::close::OwnSample;
use crate::text::{count, significant};
use crate::ui::cache::texture::put;
use crate::ui::panes::topics::Topic;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Side of the canvas, and of what a lane makes of it.
const SIDE: f32 = 72.0;

/// How far the pen reaches, as a share of the width of a sample.
const PEN: f32 = 0.07;

/// What the lanes make of an input, and which one it is.
#[derive(Clone, Copy)]
pub struct OwnCtx<'a> {
    /// What is shown of the run.
    pub shown: Displayed<'a>,
    /// The input, grey, row by row.
    pub own: Option<&'a Arc<Vec<u8>>>,
    /// Height and width of a sample.
    pub size: [usize; 2],
}

/// The input and its textures.
#[derive(Default)]
pub struct OwnInput {
    /// Grey values of what is drawn, row by row.
    grey: Vec<u8>,
    input: Option<TextureHandle>,
    outputs: [Option<(u64, TextureHandle)>; 2],
}

impl OwnInput {
    /// Draws the canvas and what the lanes make of it.
    pub fn show(&mut self, ui: &mut Ui, ctx: OwnCtx<'_>, outbox: &mut Outbox) {
        let p = palette(ui);
        let OwnCtx { shown, own, size: [h, w] } = ctx;
        Topic::OwnInput.put(ui, ui.available_rect_before_wrap());
        ui.horizontal(|ui| {
            let title = RichText::new(words!("own-title")).font(theme::bold(tokens(ui).body));
            ui.label(title).on_hover_text(words!("own-hint"));
            let clear = RichText::new(words!("own-clear")).size(tokens(ui).small);
            if ui.button(clear).clicked() {
                self.grey = vec![0; h * w];
                outbox.ask(Wish::Own(None));
            }
        });
        // What was picked from the pictures, or was there for another set of samples.
        match own {
            Some(own) if own.len() == h * w && **own != self.grey => self.grey.clone_from(own),
            _ if self.grey.len() != h * w => self.grey = vec![0; h * w],
            _ => {}
        }
        let lanes: Vec<_> = shown.snapshot.iter().flat_map(|s| &s.lanes).collect();
        ui.horizontal(|ui| {
            self.canvas(ui, [w, h], own.is_some(), outbox);
            for view in lanes {
                let own = view.close.as_ref().and_then(|close| close.own.as_ref());
                let Some(own) = own else { continue };
                self.output(ui, view.id.index(), shown.generation, own, [w, h]);
                ui.vertical(|ui| {
                    let small = tokens(ui).small;
                    let name = view.id.name().to_uppercase();
                    let mse = words!("recon-mse", mse = significant(own.mse));
                    ui.label(
                        RichText::new(format!("{name} {mse}")).size(small).color(p.lane(view.id)),
                    );
                    if let Some(token) = own.tokens.first() {
                        for near in &token.near {
                            let text = words!(
                                "own-near",
                                code = count(near.code as u64),
                                distance = significant(near.distance)
                            );
                            let label = egui::Label::new(RichText::new(text).size(small));
                            let response = ui.add(label.sense(Sense::click()));
                            if response.hovered() {
                                outbox.ask(Wish::Hover((view.id, near.code)));
                            }
                            if response.clicked() {
                                outbox.ask(Wish::Pin(Some((view.id, near.code))));
                            }
                        }
                    }
                });
            }
        });
        if own.is_none() {
            let text = RichText::new(words!("own-draw-here")).size(tokens(ui).small);
            ui.label(text.color(p.weak));
        } else if !shown.is_live {
            let text = RichText::new(words!("own-live-only")).size(tokens(ui).small);
            ui.label(text.color(p.weak));
        }
    }

    /// The canvas: a drag draws in white, with the other button in black.
    fn canvas(&mut self, ui: &mut Ui, [w, h]: [usize; 2], is_used: bool, outbox: &mut Outbox) {
        let p = palette(ui);
        let size = vec2(SIDE, SIDE * h as f32 / w.max(1) as f32);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        let response = response.on_hover_cursor(CursorIcon::Crosshair);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words!("own-canvas")));
        if let Some(at) = response.interact_pointer_pos() {
            let black = ui.input(|i| i.pointer.secondary_down());
            let from = at - response.drag_delta();
            let before = self.grey.clone();
            for i in 0..=8_u8 {
                let at = from.lerp(at, f32::from(i) / 8.0);
                let x = (at.x - rect.left()) / rect.width() * w as f32;
                let y = (at.y - rect.top()) / rect.height() * h as f32;
                stroke(&mut self.grey, [w, h], [x, y], !black);
            }
            if before != self.grey || !is_used {
                outbox.ask(Wish::Own(Some(self.grey.clone())));
            }
        }
        let image = ColorImage::from_gray([w, h], &self.grey);
        put(&mut self.input, ui.ctx(), "own-input", image, TextureOptions::NEAREST);
        if let Some(texture) = &self.input {
            ui.painter().image(texture.id(), rect, whole(), Color32::WHITE);
        }
        let frame = Stroke::new(line::HAIR, p.weak);
        ui.painter().rect_stroke(rect, radius::SMALL, frame, StrokeKind::Outside);
        theme::focus_ring(ui, &response);
    }

    /// What a lane makes of it.
    fn output(
        &mut self,
        ui: &mut Ui,
        lane: usize,
        generation: u64,
        own: &OwnSample,
        [w, h]: [usize; 2],
    ) {
        if own.output.len() != w * h {
            return;
        }
        let known = &mut self.outputs[lane];
        if known.as_ref().is_none_or(|(of, _)| *of != generation) {
            let image = ColorImage::from_gray([w, h], &own.output);
            let mut texture = known.take().map(|(_, texture)| texture);
            let name = format!("own-output-{lane}");
            put(&mut texture, ui.ctx(), &name, image, TextureOptions::NEAREST);
            *known = texture.map(|texture| (generation, texture));
        }
        let size = vec2(0.7 * SIDE, 0.7 * SIDE * h as f32 / w.max(1) as f32);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words!("own-output")));
        if let Some((_, texture)) = known {
            ui.painter().image(texture.id(), rect, whole(), Color32::WHITE);
        }
        ui.add_space(space::XS);
    }
}

fn whole() -> Rect {
    Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0))
}

/// A touch of the pen at a place in pixels: white or black, softer to its edge.
fn stroke(grey: &mut [u8], [w, h]: [usize; 2], [x, y]: [f32; 2], is_white: bool) {
    let reach = (PEN * w as f32).max(0.6);
    for (i, pixel) in grey.iter_mut().enumerate().take(w * h) {
        let (px, py) = ((i % w) as f32 + 0.5, (i / w) as f32 + 0.5);
        let far = (px - x).hypot(py - y) / reach;
        let ink = (1.5 - far).clamp(0.0, 1.0);
        let (old, new) = (f32::from(*pixel), if is_white { 255.0 } else { 0.0 });
        let mixed = if is_white { old.max(new * ink) } else { old * (1.0 - ink) };
        *pixel = mixed.round() as u8;
    }
}

/// A sample of a picture, cut out of it: the one at a place of its grid.
pub fn cut(
    picture: &[u8],
    width: usize,
    [down, across]: [usize; 2],
    sample: usize,
) -> Option<Vec<u8>> {
    let height = picture.len() / width.max(1);
    let (h, w) = (height.checked_div(down)?, width.checked_div(across)?);
    let (y0, x0) = (sample / across * h, sample % across * w);
    let row = |y: usize| picture.get((y0 + y) * width + x0..(y0 + y) * width + x0 + w);
    let rows: Option<Vec<&[u8]>> = (0..h).map(row).collect();
    rows.map(|rows| rows.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pen_draws_where_it_is_and_takes_away_again() {
        let mut grey = vec![0; 64];
        stroke(&mut grey, [8, 8], [2.5, 3.5], true);
        assert_eq!(grey[3 * 8 + 2], 255);
        assert!(grey[0] == 0 && grey[7 * 8 + 7] == 0);
        stroke(&mut grey, [8, 8], [2.5, 3.5], false);
        assert_eq!(grey[3 * 8 + 2], 0);
    }

    #[test]
    fn a_sample_is_cut_out_of_its_picture() {
        // Two by two samples of two by two pixels.
        let picture: Vec<u8> = (0..16).collect();
        assert_eq!(cut(&picture, 4, [2, 2], 0), Some(vec![0, 1, 4, 5]));
        assert_eq!(cut(&picture, 4, [2, 2], 3), Some(vec![10, 11, 14, 15]));
        assert_eq!(cut(&picture, 4, [0, 2], 0), None);
        assert_eq!(cut(&picture, 4, [2, 2], 9), None);
    }
}
